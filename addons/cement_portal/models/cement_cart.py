# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cement_base.tools import roles

from ..tools import plan_folding
from .cement_specification_line import FirstDays

# lines on one page of the cart; vehicles are planned from all of them
PAGE_LINES = 40
# vehicles drawn at once; the groups after them open one by one
MAX_DRAWN = 40
# vehicles of one group drawn before «show all»
MAX_RUNS = 30
# lines up to which the page comes with its vehicles; a longer cart is shown first
# and planned by the page itself at once after that
PLANNED_AT_ONCE = 40
# carts small enough to be planned for the mini-cart alone
MINI_LINES = 80
# days of the grid: two weeks
GRID_DAYS = 14
MAX_CELLS = 2_000
MAX_PARTS = 60
MAX_DRAFTS = 200
# carts that the catalogue offers to add to, the one touched last first
MAX_TARGETS = 20
# sites and days of a cart that are named where it is chosen
MAX_NAMED = 3


class CementCart(models.Model):
    """The cart as the client's pages show it."""

    _inherit = "cement.cart"

    planned_version = fields.Integer(
        default=-1, copy=False, help="The version of which the vehicles were counted."
    )
    planned_vehicles = fields.Integer(copy=False)

    # === Mini-cart ===

    def _prepare_mini(self, *, plan=False) -> dict:
        """Return what the mini-cart shows of this cart.

        Vehicles are those counted when the cart was planned last; ``None`` when
        it was changed since.

        :param plan: count the vehicles now, unless the cart is a large one.
        """
        self.ensure_one()
        if plan and 0 < self.line_count <= MINI_LINES:
            self._remember_plan(len(self._plan().loads))
        is_fresh = self.planned_version == self.version
        return {
            "id": self.id,
            "name": self.name,
            "lines": self.line_count,
            "mass": self.mass,
            "vehicles": self.planned_vehicles if is_fresh else None,
        }

    @api.model
    def _read_mini(self, partner) -> dict | None:
        """Return :meth:`_prepare_mini` of the person's open cart (see
        :meth:`_get_open`) in one query, for the shell of every page."""
        self.flush_model(["name", "version", "state", "active", "write_date"])
        self.env["cement.cart.line"].flush_model(["cart_id", "quantity"])
        rows = self.env.execute_query(
            SQL(
                """SELECT c.id, c.name,
                          CASE WHEN c.planned_version = c.version
                               THEN c.planned_vehicles END,
                          t.lines, t.mass
                     FROM (SELECT * FROM cement_cart
                            WHERE partner_id = %s AND user_id = %s
                              AND state = 'draft' AND active
                            ORDER BY write_date DESC, id DESC LIMIT 1) c,
                  LATERAL (SELECT count(*) AS lines,
                                  COALESCE(sum(quantity), 0) AS mass
                             FROM cement_cart_line WHERE cart_id = c.id) t""",
                partner.id,
                self.env.uid,
            )
        )
        for row in rows:
            return dict(
                zip(("id", "name", "vehicles", "lines", "mass"), row, strict=True)
            )
        return None

    def _remember_plan(self, vehicles: int):
        """Keep the number of vehicles for the mini-cart of other pages."""
        self.ensure_one()
        if (self.planned_version, self.planned_vehicles) == (self.version, vehicles):
            return
        # no more than a cache: by hand, for `write` would date the cart anew, and
        # the cart touched last is the one that the catalogue adds to
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE cement_cart SET planned_version = version, "
                "planned_vehicles = %s WHERE id = %s",
                vehicles,
                self.id,
            )
        )
        self.invalidate_recordset(["planned_version", "planned_vehicles"])

    # === List of drafts ===

    @api.model
    def _get_drafts(self, partner) -> dict:
        """Return the drafts of the member, and of colleagues where the role sees
        them, newest first."""
        carts = self.search(
            Domain("partner_id", "=", partner.id) & Domain("state", "=", "draft"),
            limit=MAX_DRAFTS,
        )
        # sudo: names of colleagues, whose carts the member may see
        authors = {cart.id: cart.sudo().user_id for cart in carts}
        rows = [
            {
                **cart._prepare_mini(),
                "client_ref": cart.client_ref or "",
                "changed": cart.write_date,
                "author": authors[cart.id].name,
                "is_own": authors[cart.id] == self.env.user,
                "is_favourite": cart.is_favourite,
            }
            for cart in carts
        ]
        return {
            "own": [row for row in rows if row["is_own"]],
            "others": [row for row in rows if not row["is_own"]],
        }

    @api.model
    def _get_targets(self, partner, wanted="") -> dict:
        """Return the own drafts that the catalogue may add to.

        :param wanted: the id of one, or ``new``; by default the one touched last.
        :return: ``chosen`` (an id, or ``new``) and ``carts`` with what each holds:
            ``id``, ``name``, ``mass``, ``sites``, ``days``, ``more`` (whether there
            are other sites or days than those named).
        """
        own = (
            Domain("partner_id", "=", partner.id)
            & Domain("user_id", "=", self.env.uid)
            & Domain("state", "=", "draft")
        )
        carts = self.search(own, limit=MAX_TARGETS)
        number = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
        if number and number not in carts.ids:
            carts = self.search(own & Domain("id", "=", number)) + carts
        held: dict[int, dict[str, set]] = {
            cart.id: {"sites": set(), "days": set()} for cart in carts
        }
        visible = self.env["cement.site"].search([("partner_id", "=", partner.id)])
        # sudo: lines of the person's own carts
        for cart, site, day in (
            self.env["cement.cart.line"]
            .sudo()
            ._read_group(
                [("cart_id", "in", carts.ids)], ["cart_id", "site_id", "day:day"]
            )
        ):
            if site.id in visible.ids:
                held[cart.id]["sites"].add(site.name)
            if day:
                held[cart.id]["days"].add(day)
        chosen = number if number in carts.ids else carts[:1].id
        return {
            "chosen": "new" if wanted == "new" or not chosen else chosen,
            "carts": [
                {
                    "id": cart.id,
                    "name": cart.name,
                    "mass": cart.mass,
                    "more": any(
                        len(held[cart.id][key]) > MAX_NAMED for key in held[cart.id]
                    ),
                    **{
                        key: sorted(held[cart.id][key])[:MAX_NAMED]
                        for key in held[cart.id]
                    },
                }
                for cart in carts
            ],
        }

    @api.model
    def _get_target(self, partner, wanted=""):
        """Return the draft that the catalogue adds to.

        :param wanted: see :meth:`_get_targets`; ``new`` makes one.
        :raises UserError: when the one wanted is not the person's draft any more.
        """
        if wanted == "new":
            return self._create_draft(partner)
        if not wanted:
            return self._get_open(partner, create=True)
        cart = self.search(
            Domain(
                "id", "=", int(wanted) if wanted.isascii() and wanted.isdigit() else 0
            )
            & Domain("partner_id", "=", partner.id)
            & Domain("user_id", "=", self.env.uid)
            & Domain("state", "=", "draft")
        )
        if not cart:
            raise UserError(
                self.env._(
                    "The cart chosen here is no more: it was ordered or thrown away. "
                    "Choose another one, or a new one."
                )
            )
        return cart

    def _discard_for_undo(self) -> dict:
        """Throw the draft away and return what brings it back."""
        self.ensure_one()
        cart_sudo = self._editable_sudo()
        kept = {
            "name": cart_sudo.name,
            "rows": [line._prepare_copy_row() for line in cart_sudo.line_ids],
        }
        self._discard()
        return kept

    @api.model
    def _restore(self, partner, name, rows):
        """Make a draft of what :meth:`_discard_for_undo` returned."""
        cart = self._create_draft(partner, name)
        cart._add_rows(rows)
        return cart

    @api.model
    def _repeat_last(self, partner):
        """Make a draft of the last request of the member.

        :return: the cart and the report of :meth:`_add_rows`.
        :raises UserError: when nothing was ordered yet.
        """
        last = self.env["sale.order"].search(
            [
                ("counterparty_id", "=", partner.id),
                ("is_cement", "=", True),
                ("cement_cart_id", "!=", False),
            ],
            order="id desc",
            limit=1,
        )
        if not last:
            raise UserError(
                self.env._("There is nothing to repeat yet: this will be the first.")
            )
        return last.cement_cart_id._repeat(
            self.env._("Repeat of %(number)s", number=last.name)
        )

    def _repeat(self, name=None):
        """Make a draft of all that the request became: each site gets what it got,
        the days are left open. Orders that were cancelled count only where there are
        no others.

        :return: the cart and the report of :meth:`_add_from_orders`.
        :raises UserError: when nothing of it can be ordered today, saying why.
        """
        self.ensure_one()
        orders = self.env["sale.order"].search(
            [("cement_cart_id", "=", self.id)], order="load_index, id"
        )
        orders = orders.filtered(lambda order: order.state != "cancel") or orders
        if not orders:
            raise UserError(self.env._("There are no orders to repeat."))
        # sudo: name and client of the request whose orders the person sees
        source_sudo = self.sudo()
        cart = self._create_draft(
            source_sudo.partner_id,
            name or self.env._("Repeat: %(name)s", name=source_sudo.name),
        )
        report = cart._add_from_orders(orders)
        if not report["added"]:
            cart._discard()
            reasons = dict.fromkeys(error["reason"] for error in report["errors"])
            raise UserError("\n".join(list(reasons)[:5]))
        return cart, report

    # === The page ===

    def _get_page(self, page: int = 1) -> dict:
        """Return the whole page of the cart: what was asked and what it becomes."""
        self.ensure_one()
        view = self._get_plan_view()
        self._remember_plan(view["totals"]["vehicles"])
        marks = self._get_marks(view["findings"])
        return {
            "cart": self,
            "plan": view,
            "findings": view["findings"],
            "blocks": [f for f in view["findings"] if f["severity"] == "block"],
            "groups": self._fold_groups(view["groups"]),
            "asked": self._get_asked(page, marks),
        }

    def _get_first_page(self, page: int = 1) -> dict:
        """Return what the page opens with: all of it, or of a long cart what was
        asked alone; then ``plan`` is ``None`` and the page asks for the vehicles."""
        self.ensure_one()
        if self.line_count <= PLANNED_AT_ONCE:
            return self._get_page(page)
        return {
            "cart": self,
            "plan": None,
            "findings": [],
            "blocks": [],
            "groups": [],
            "asked": self._get_asked(page, {}),
        }

    @api.model
    def _fold_groups(self, groups: list[dict], most: int | None = MAX_RUNS) -> list:
        """Return the groups with runs of equal vehicles told once, and the first
        ones drawn.

        :param most: how many runs of one group are drawn at once; ``None``: all.
        """
        reasons = self._get_capacity_texts()
        drawn = 0
        folded = []
        for index, group in enumerate(groups):
            runs = plan_folding.fold(group["loads"])
            shown = runs[:most]
            is_open = drawn + len(shown) <= MAX_DRAWN or not index
            drawn += len(shown)
            folded.append(
                {
                    **group,
                    "index": index,
                    "runs": shown if is_open else [],
                    "is_open": is_open,
                    "has_more": is_open and len(shown) < len(runs),
                    "vehicles": len(group["loads"]),
                    "total": sum(load["total"] for load in group["loads"]),
                    "reasons": reasons,
                }
            )
        return folded

    def _get_group(self, index: int) -> dict | None:
        """Return one group of the plan with all its vehicles."""
        groups = self._get_plan_view()["groups"]
        if not 0 <= index < len(groups):
            return None
        folded = self._fold_groups([groups[index]], None)[0]
        return {**folded, "index": index}

    @api.model
    def _get_capacity_texts(self) -> dict[str, str]:
        """Return in words what limits a vehicle, by the code of the reason.

        Addons that know the law of the road add theirs.
        """
        return {
            "payload": self.env._("payload of the vehicle"),
            "site": self.env._("mass the site lets in"),
        }

    @api.model
    def _get_marks(self, findings: list[dict]) -> dict[int, list[dict]]:
        """Return the findings by the line they speak of."""
        marks: dict[int, list[dict]] = {}
        for finding in findings:
            for key in finding["keys"]:
                marks.setdefault(key, []).append(finding)
        return marks

    def _get_asked(self, page: int, marks: dict) -> dict:
        """Return the lines by site and day, a page of them."""
        cart_sudo = self._member_sudo()
        count = cart_sudo.line_count
        pages = -(-count // PAGE_LINES) or 1
        page = max(1, min(page, pages))
        shown = cart_sudo.env["cement.cart.line"].search(
            [("cart_id", "=", cart_sudo.id)],
            order="site_id NULLS FIRST, day NULLS LAST, sequence, id",
            limit=PAGE_LINES,
            offset=(page - 1) * PAGE_LINES,
        )
        choices = self.env["cement.site"]._get_choices(cart_sudo.partner_id)
        sites: dict[str, list] = {"road": [], "rail": []}
        for site in choices:
            sites[site["transport"]].append(site)
        ways = self._get_unloading_choices()
        groups: list[dict] = []
        opened = shown._get_open(self.env.user)
        for line in shown:
            site = line.site_id if line in opened else line.site_id.browse()
            if not groups or groups[-1]["key"] != (site.id, line.day):
                groups.append(
                    {
                        "key": (site.id, line.day),
                        "site": site.name or "",
                        "address": site.address_line or "",
                        "day": line.day,
                        "lines": [],
                    }
                )
            groups[-1]["lines"].append(
                line._prepare_asked(sites, ways, marks.get(line.id, []))
            )
        return {
            "groups": groups,
            "page": page,
            "pages": pages,
            "count": count,
            "mass": cart_sudo.mass,
            "first_day": self._get_first_day(),
            # once for all lines: the page fills the lists of choice from them
            "sites": choices,
            "ways": ways,
        }

    @api.model
    def _get_unloading_choices(self) -> list[dict]:
        # sudo: the vocabulary of unloading is the same for everybody
        ways = (
            self.env["cement.unloading.way"]
            .sudo()
            .search_fetch([], ["name", "code"], limit=100)
        )
        return [{"id": way.id, "name": way.name, "code": way.code} for way in ways]

    def _get_first_day(self) -> date:
        """Return the first day for which a plant of this cart takes orders."""
        self.env["cement.cart.line"].flush_model(["cart_id", "specification_line_id"])
        self.env["cement.specification.line"].flush_model(["plant_id"])
        self.env["cement.plant"].flush_model(["tz", "cutoff_hour"])
        plants = self.env.execute_query(
            SQL(
                """SELECT DISTINCT p.tz, p.cutoff_hour
                     FROM cement_cart_line l
                     JOIN cement_specification_line s
                       ON s.id = l.specification_line_id
                     JOIN cement_plant p ON p.id = s.plant_id
                    WHERE l.cart_id = %s""",
                self.id,
            )
        )
        if not plants:
            return fields.Date.context_today(self) + timedelta(1)
        first_days = FirstDays(fields.Datetime.now())
        return min(first_days.get(zone, hour or 0.0) for zone, hour in plants)

    # === Success page ===

    def _get_result(self) -> dict:
        """Return the orders that this request became."""
        orders = self.env["sale.order"].search(
            [("cement_cart_id", "=", self.id)], order="load_index"
        )
        # sudo: names of vehicles and products of the member's own orders
        return {
            "orders": orders.sudo(),
            "mass": sum(orders.mapped("load_mass")),
            "total": sum(orders.mapped("amount_total")),
        }

    # === Grid ===

    def _get_grid(self, line_id: int, start: date) -> dict:
        """Return the grid of one specification line: its sites by days."""
        self.ensure_one()
        cart_sudo = self._editable_sudo()
        choices = self._get_grid_choices()
        chosen = next((item for item in choices if item["id"] == line_id), None)
        chosen = chosen or self._choose_grid_line(choices)
        days = [start + timedelta(offset) for offset in range(GRID_DAYS)]
        if not chosen:
            return {"choices": [], "chosen": None, "days": days, "rows": []}
        cells: dict[tuple, float] = {}
        outside = 0.0
        for line in cart_sudo.line_ids:
            if line.specification_line_id.id != chosen["id"]:
                continue
            key = (line.site_id.id, line.day)
            cells[key] = cells.get(key, 0.0) + line.quantity
            if line.day not in days:
                outside += line.quantity
        rows = [
            {
                **site,
                "cells": [
                    {"day": day, "quantity": cells.get((site["id"], day), 0.0)}
                    for day in days
                ],
                "total": sum(cells.get((site["id"], day), 0.0) for day in days),
            }
            for site in self._get_grid_sites(chosen["id"])
        ]
        return {
            "choices": choices,
            "chosen": chosen,
            "days": days,
            "rows": rows,
            "outside": outside,
            "by_day": [
                sum(row["cells"][place]["quantity"] for row in rows)
                for place in range(len(days))
            ],
            "total": sum(row["total"] for row in rows),
            "first_day": self.env["cement.specification.line"]
            .browse(chosen["id"])
            .sudo()
            ._get_first_day(fields.Datetime.now()),
        }

    def _choose_grid_line(self, choices: list[dict]) -> dict | None:
        """Return the line that the cart holds already, else the first one."""
        used = set(self.sudo().line_ids.specification_line_id.ids)
        return next((item for item in choices if item["id"] in used), None) or (
            choices[0] if choices else None
        )

    def _get_grid_choices(self) -> list[dict]:
        line_model = self.env["cement.specification.line"]
        # sudo: the partner of the own cart
        partner = self.sudo().partner_id
        lines = line_model.search(line_model._get_catalogue_domain(partner), limit=500)
        # sudo: names of plants and methods behind the member's own lines
        return [
            {
                "id": line.id,
                "label": " · ".join(
                    filter(
                        None,
                        (
                            line.product_id.name,
                            line.plant_id.name,
                            line.delivery_method_id.name,
                            line.site_id.name,
                            line.specification_number,
                        ),
                    )
                ),
            }
            for line in lines.sudo()
        ]

    def _get_grid_sites(self, line_id: int) -> list[dict]:
        line = self.env["cement.specification.line"].browse(line_id)
        # sudo: the method of the member's own line
        method = line.sudo().delivery_method_id
        if method.is_pickup and not line.sudo().site_id:
            return [{"id": False, "name": self.env._("Pick-up"), "address": ""}]
        sites = self.env["cement.site"].search(line.sudo()._get_site_domain())
        return [
            {"id": site.id, "name": site.name, "address": site.address_line or ""}
            for site in sites
        ]

    def _set_grid_cells(self, line_id, cells: list[dict]) -> dict:
        """Make the tonnes of many cells equal to what was typed or pasted.

        :param cells: ``{"site_id", "day", "quantity"}``; an empty or zero quantity
            takes the lines of the cell out.
        :return: ``{"errors": [{"site_id", "day", "reason"}]}``; what is right is
            kept, whatever is wrong beside it.
        """
        cart_sudo = self._editable_sudo()
        if len(cells) > MAX_CELLS:
            raise UserError(
                self.env._("More than %(limit)s cells at once.", limit=MAX_CELLS)
            )
        present: dict[tuple, list] = {}
        for line in cart_sudo.line_ids:
            if line.specification_line_id.id == line_id:
                key = (line.site_id.id or 0, line.day or False)
                present.setdefault(key, []).append(line)
        errors, rows, spare = [], [], self.env["cement.cart.line"].sudo()
        cells = [{**cell, "site_id": _as_key(cell.get("site_id"))} for cell in cells]
        for cell in cells:
            try:
                day = self._parse_day(cell.get("day"))
                text = cell.get("quantity")
                quantity = (
                    0.0 if text in ("", None, 0, "0") else self._parse_quantity(text)
                )
            except UserError as error:
                errors.append({**self._cell_key(cell), "reason": str(error)})
                continue
            lines = present.get((cell.get("site_id") or 0, day), [])
            if not quantity:
                spare |= spare.union(*lines)
            elif lines:
                spare |= spare.union(*lines[1:])
                lines[0].quantity = quantity
            else:
                rows.append(
                    {
                        "specification_line_id": line_id,
                        "site_id": cell.get("site_id"),
                        "day": day,
                        "quantity": quantity,
                        "number": len(rows),
                        "cell": self._cell_key(cell),
                    }
                )
        spare.unlink()
        report = self._add_rows(rows) if rows else {"errors": []}
        errors += [
            {**rows[error["row"]]["cell"], "reason": error["reason"]}
            for error in report["errors"]
        ]
        cart_sudo._touch()
        return {"errors": errors}

    @api.model
    def _cell_key(self, cell: dict) -> dict:
        return {
            "site_id": cell.get("site_id") or 0,
            "day": str(cell.get("day") or "")[:10],
        }

    def _can_be_confirmed_by_me(self) -> bool:
        """Whether the current user may turn this draft into orders."""
        # sudo: the partner of a cart the user may read
        return self.env.user._cement_can(roles.ORDER, self.sudo().partner_id)


class CementCartLine(models.Model):
    _inherit = "cement.cart.line"

    def _prepare_asked(self, sites, ways, marks) -> dict:
        """Return the line as the left side of the cart shows it.

        Of a line outside the person's limits only what the person typed: it can be
        taken out.
        """
        self.ensure_one()
        if not self._get_open(self.env.user):
            return self._prepare_closed(marks)
        agreed = self.specification_line_id
        product = self.product_id
        method = agreed.delivery_method_id
        is_free = not agreed.site_id and not method.is_pickup
        fitting = set(self.site_id.unloading_way_ids.ids)
        unit_mass = product.unit_mass
        return {
            "id": self.id,
            "is_closed": False,
            "product": product.name,
            "article": product.default_code or "",
            "form": product.cargo_form_id.name or "",
            "specification": agreed.specification_id.name,
            "plant": agreed.plant_id.name,
            "method": method.name,
            "quantity": self.quantity,
            "packages": round(self.quantity / unit_mass, 3) if unit_mass else 0,
            "unit_mass": unit_mass,
            "day": self.day,
            "site_id": self.site_id.id,
            "transport": method.transport,
            "sites": sites[method.transport] if is_free else [],
            "site": self.site_id.name or "",
            "way": self.unloading_way_id.name or "",
            "unloading_id": self.unloading_way_id.id,
            "ways": []
            if method.is_pickup
            else [way for way in ways if not fitting or way["id"] in fitting],
            "marks": marks,
        }

    def _prepare_closed(self, marks) -> dict:
        return {
            "id": self.id,
            "is_closed": True,
            "product": self.env._("A line that is closed to you"),
            "quantity": self.quantity,
            "day": self.day,
            "site_id": False,
            "sites": [],
            "ways": [],
            "unit_mass": 0,
            "marks": marks,
        }


def _as_key(value) -> int:
    """Return the id of a cell's site as it came from outside; 0 for none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return 0
    try:
        return int(value)
    except ValueError:
        return 0
