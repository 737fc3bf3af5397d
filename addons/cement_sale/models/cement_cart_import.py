# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_compare

from ..tools import table_import
from ..tools.gate import ABSURD_KG

MAX_CART_LINES = 20_000


class CementCart(models.Model):
    """Ways into a cart: catalogue, pasted table, file, grid."""

    _inherit = "cement.cart"

    # === Rows ===

    def _add_rows(self, rows: list[dict]) -> dict:
        """Add rows and say of each that could not be added why.

        :param rows: values as of :meth:`cement.cart.line._prepare_copy_row`, and
            ``number``, what the person calls the row.  ``specification_line_id``
            and ``site_id`` are ids as they came from outside: they count only when
            they are the counterparty's and the member may use them.
        :return: ``{"added": n, "errors": [{"row": number, "reason": text}],
            "line_ids": [...]}``.
        """
        cart_sudo = self._editable_sudo()
        agreed = self._get_own_lines([row.get("specification_line_id") for row in rows])
        sites = self._get_own_sites([row.get("site_id") for row in rows])
        ways = self._get_known("cement.unloading.way", rows, "unloading_way_id")
        vehicles = self._get_known("cement.vehicle.type", rows, "vehicle_type_id")
        known = (agreed, sites, ways, vehicles)
        vals_list, errors = [], []
        for index, row in enumerate(rows, start=1):
            try:
                vals_list.append(cart_sudo._prepare_line_vals(row, *known))
            except UserError as error:
                errors.append({"row": row.get("number", index), "reason": str(error)})
        self._check_room(len(vals_list))
        lines = self.env["cement.cart.line"].sudo().create(vals_list)
        if lines:
            cart_sudo._touch()
        return {"added": len(lines), "errors": errors, "line_ids": lines.ids}

    def _check_room(self, count):
        # sudo: counts the lines of the own cart
        if len(self.sudo().line_ids) + count > MAX_CART_LINES:
            raise UserError(
                self.env._(
                    "A request holds %(limit)s lines at most. Begin another one.",
                    limit=MAX_CART_LINES,
                )
            )

    def _prepare_line_vals(self, row, agreed, sites, ways, vehicles) -> dict:
        """Return the values of one line.

        :raises UserError: saying what is wrong with the row.
        """
        line = agreed.get(_as_id(row.get("specification_line_id")))
        if not line:
            raise UserError(
                self.env._("this specification line is not among those you may order.")
            )
        site_id = _as_id(row.get("site_id")) or line.site_id.id
        if site_id and site_id not in sites and site_id != line.site_id.id:
            raise UserError(self.env._("this site is not among yours."))
        if line.site_id and site_id != line.site_id.id:
            raise UserError(
                self.env._(
                    "the specification names the site “%(site)s” only.",
                    site=line.site_id.name,
                )
            )
        if not site_id:
            site_id = self._get_default_site(line, sites)
        return {
            "cart_id": self.id,
            "specification_line_id": line.id,
            "quantity": self._parse_quantity(row.get("quantity")),
            "day": self._parse_day(row.get("day")),
            "site_id": site_id,
            "unloading_way_id": _known_id(row.get("unloading_way_id"), ways),
            "vehicle_type_id": _known_id(row.get("vehicle_type_id"), vehicles),
            "note": table_import.clean_text(row.get("note"), 200),
            "price_seen": line.price_unit,
        }

    @api.model
    def _get_default_site(self, line, sites):
        """Return the only site that fits, or none: a choice is the person's."""
        if line.delivery_method_id.is_pickup:
            return False
        fitting = [
            site.id
            for site in sites.values()
            if site._fits_method(line.delivery_method_id)
        ]
        return fitting[0] if len(fitting) == 1 else False

    @api.model
    def _parse_quantity(self, value) -> float:
        try:
            quantity = table_import.parse_quantity(value)
        except ValueError:
            raise UserError(
                self.env._("“%(value)s” is not a quantity.", value=str(value)[:50])
            ) from None
        if quantity <= 0:
            raise UserError(self.env._("the quantity must be above zero."))
        if quantity > Decimal(ABSURD_KG) / 1000:
            raise UserError(
                self.env._(
                    "%(value)s t is too much for one line: is it in tonnes?",
                    value=str(value)[:50],
                )
            )
        if quantity != round(quantity, 3):
            raise UserError(self.env._("the quantity is finer than a kilogram."))
        return float(quantity)

    @api.model
    def _parse_day(self, value) -> date | bool:
        try:
            day = table_import.parse_day(value)
        except ValueError:
            raise UserError(
                self.env._("“%(value)s” is not a date.", value=str(value)[:50])
            ) from None
        if day and day.year not in range(2000, 2100):
            raise UserError(
                self.env._("“%(value)s” is not a date.", value=str(value)[:50])
            )
        return day or False

    # === What the member may use ===

    def _get_own_lines(self, ids) -> dict:
        """Return ``{id: specification line}`` of those the member may order."""
        lines = self.env["cement.specification.line"].search(
            Domain("id", "in", [_as_id(value) for value in ids if _as_id(value)])
            & Domain("commercial_partner_id", "=", self.sudo().partner_id.id)
        )
        # sudo: facts of the plant behind the line; the search above was not
        return {line.id: line.sudo() for line in lines}

    def _get_own_sites(self, _ids) -> dict:
        """Return ``{id: site}`` of all sites of the member, of which there are few."""
        sites = self.env["cement.site"].search(
            [("partner_id", "=", self.sudo().partner_id.id)]
        )
        return {site.id: site.sudo() for site in sites}

    @api.model
    def _get_known(self, model, rows, name) -> set[int]:
        ids = {_as_id(row.get(name)) for row in rows} - {0}
        return set(self.env[model].sudo().search([("id", "in", list(ids))]).ids)

    # === Changing lines ===

    def _update_line(self, line_id, changes: dict):
        """Change quantity, day, site, unloading or wished vehicle of a line."""
        cart_sudo = self._editable_sudo()
        line_sudo = cart_sudo._get_line(line_id)
        row = {**line_sudo._prepare_copy_row(), **changes}
        agreed = self._get_own_lines([row["specification_line_id"]])
        vals = cart_sudo._prepare_line_vals(
            row,
            agreed,
            self._get_own_sites([row["site_id"]]),
            self._get_known("cement.unloading.way", [row], "unloading_way_id"),
            self._get_known("cement.vehicle.type", [row], "vehicle_type_id"),
        )
        for name in ("cart_id", "price_seen", "specification_line_id"):
            del vals[name]
        line_sudo.write(vals)
        cart_sudo._touch()

    def _remove_lines(self, line_ids):
        """Take lines out; returns their rows, for «undo»."""
        cart_sudo = self._editable_sudo()
        wanted = {_as_id(line_id) for line_id in line_ids}
        lines = cart_sudo.line_ids.filtered(lambda line: line.id in wanted)
        rows = [line._prepare_copy_row() for line in lines]
        lines.unlink()
        cart_sudo._touch()
        return rows

    def _accept_prices(self):
        """Take note of the present prices; the hint goes away."""
        cart_sudo = self._editable_sudo()
        for line in cart_sudo.line_ids:
            line.price_seen = line.specification_line_id.price_unit
        cart_sudo._touch()

    def _get_line(self, line_id):
        line = self.line_ids.filtered(lambda line: line.id == _as_id(line_id))
        if not line:
            raise UserError(self.env._("This line is not in the request any more."))
        return line

    def _spread_line(self, line_id, parts: list[dict]):
        """Part a line over days: ``[{"day": …, "quantity": …}, …]`` (F39, F40)."""
        cart_sudo = self._editable_sudo()
        line_sudo = cart_sudo._get_line(line_id)
        base = line_sudo._prepare_copy_row()
        rows = [{**base, **part} for part in parts if part.get("quantity")]
        if not rows:
            raise UserError(self.env._("Enter tonnes for at least one day."))
        # whoever catches the refusal finds the line as it was
        with self.env.cr.savepoint():
            report = self._add_rows(rows)
            if report["errors"]:
                raise UserError(
                    "\n".join(error["reason"] for error in report["errors"])
                )
            line_sudo.unlink()
        return report

    # === Tables ===

    def _import_table(self, data) -> dict:
        """Add the lines of a table: pasted text, or bytes of a csv or xlsx file.

        Good rows are added, every bad one is reported with its number and reason.

        :return: see :meth:`_add_rows`; ``blank``, the count of rows without a
            quantity, which were passed over; ``unknown``, the headings of columns
            that were not understood.
        :raises UserError: when the whole cannot be read; nothing is changed then.
        """
        self._editable_sudo()
        headings = self.env["cement.table.heading"]._get_headings()
        try:
            table = table_import.read_table(data, headings)
        except table_import.TableError as error:
            raise UserError(self._get_table_error(error)) from error
        index = self._get_import_index()
        rows, errors, blank = [], [], 0
        for row in table:
            if row.values.get("quantity") in (None, ""):
                # of a prepared table people fill in some rows only
                blank += 1
                continue
            try:
                rows.append(self._match_row(row, index))
            except UserError as error:
                errors.append({"row": row.number, "reason": str(error)})
        report = self._add_rows(rows)
        report["errors"] = sorted(
            errors + report["errors"], key=lambda error: error["row"]
        )
        report["blank"] = blank
        report["unknown"] = list(table.unknown)
        return report

    @api.model
    def _get_table_error(self, error) -> str:
        return {
            "too_big": self.env._(
                "The file is larger than %s MB.", error.params.get("limit")
            ),
            "bomb": self.env._("The file unpacks to too much data and was not read."),
            "not_a_table": self.env._(
                "This is not a table that can be read. Save it as xlsx or csv, or copy "
                "and paste the cells."
            ),
            "too_many_rows": self.env._(
                "More than %s rows: part the table.", error.params.get("limit")
            ),
            "empty": self.env._("There are no rows in the table."),
        }.get(error.code, self.env._("The table cannot be read."))

    def _get_import_index(self) -> dict:
        """Return the member's lines and sites by what people call them."""
        today = fields.Date.context_today(self)
        specification_line = self.env["cement.specification.line"]
        lines = specification_line.search(
            specification_line._get_orderable_domain(today)
            & Domain("commercial_partner_id", "=", self.sudo().partner_id.id)
        ).sudo()
        by_name: dict[str, list] = {}
        for line in lines:
            for text in (
                line.product_id.default_code,
                line.product_id.name,
                f"{line.specification_id.name}/{line.sequence}",
                str(line.id),
            ):
                key = table_import.fold(text)
                if key and line not in by_name.setdefault(key, []):
                    by_name[key].append(line)
        sites: dict[str, int] = {}
        for site in self._get_own_sites([]).values():
            for text in (site.name, site.address_line, site.station_id.esr_code):
                if text:
                    sites.setdefault(table_import.fold(text), site.id)
        return {"lines": by_name, "sites": sites}

    def _match_row(self, row, index) -> dict:
        """Return the row of a table as a row of the cart.

        :raises UserError: saying what was not found.
        """
        values = row.values
        site = values.get("site")
        site_id = index["sites"].get(table_import.fold(site)) if site else None
        if site and not site_id:
            raise UserError(
                self.env._("site “%(site)s” is not found.", site=str(site)[:80])
            )
        name = values.get("specification_line") or values.get("article")
        if isinstance(name, float) and name.is_integer():
            # a workbook keeps every number as a float
            name = int(name)
        candidates = index["lines"].get(table_import.fold(name), [])
        if not candidates:
            raise UserError(
                self.env._(
                    "“%(name)s” is not found in your specifications.",
                    name=str(name or "")[:80],
                )
            )
        return {
            "number": row.number,
            "specification_line_id": self._choose_line(candidates, site_id).id,
            "quantity": values.get("quantity"),
            "day": values.get("day"),
            "site_id": site_id,
            "note": values.get("note"),
        }

    @api.model
    def _choose_line(self, candidates, site_id):
        """Return the line meant among those of one name.

        The site narrows them; what is left must be one, for a guess would order at
        another's price.
        """
        if site_id and len(candidates) > 1:
            site = self.env["cement.site"].sudo().browse(site_id)
            candidates = [
                line
                for line in candidates
                if line.site_id == site
                or (not line.site_id and site._fits_method(line.delivery_method_id))
            ]
            exact = [line for line in candidates if line.site_id == site]
            candidates = exact or candidates
        if len(candidates) != 1:
            raise UserError(
                self.env._(
                    "several specification lines fit (%(lines)s): name one as "
                    "“number/position”, or take it from the table with your lines.",
                    # numbers of two contracts may be alike
                    lines=", ".join(
                        list(
                            dict.fromkeys(
                                f"{line.specification_id.name}/{line.sequence}"
                                for line in candidates
                            )
                        )[:5]
                    )
                    or "—",
                )
            )
        return candidates[0]

    # === Grid ===

    def _set_grid_cell(self, specification_line_id, site_id, day, quantity):
        """Make the tonnes of one line, site and day equal to *quantity*.

        Several lines of the cell become one; an empty cell has none.
        """
        cart_sudo = self._editable_sudo()
        parsed_day = self._parse_day(day)
        wanted = (
            self._parse_quantity(quantity) if quantity not in ("", None, 0) else 0.0
        )
        cell = cart_sudo.line_ids.filtered(
            lambda line: line.specification_line_id.id == _as_id(specification_line_id)
            and line.site_id.id == _as_id(site_id)
            and (line.day or False) == parsed_day
        )
        if not wanted:
            cell.unlink()
        elif cell:
            (cell - cell[0]).unlink()
            if float_compare(cell[0].quantity, wanted, precision_digits=3):
                cell[0].quantity = wanted
        else:
            report = self._add_rows(
                [
                    {
                        "specification_line_id": specification_line_id,
                        "site_id": site_id,
                        "day": parsed_day,
                        "quantity": wanted,
                    }
                ]
            )
            if report["errors"]:
                raise UserError(report["errors"][0]["reason"])
            return
        cart_sudo._touch()


def _as_id(value) -> int:
    """Return an id as it came from outside, 0 when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return 0
    try:
        number = int(value)
    except ValueError:
        return 0
    return number if 0 < number < 2**31 else 0


def _known_id(value, known: set[int]):
    number = _as_id(value)
    return number if number in known else False
