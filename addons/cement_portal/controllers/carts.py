# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.cement_base.tools import roles

from ..models.cement_cart_look import TOKEN_MARK
from .main import CementPortal

# what a table file may weigh; read before it is unpacked
MAX_UPLOAD = 5 * 1024 * 1024
# taken from the wire, so that a file too large meets a sentence and not a
# broken connection
MAX_REQUEST = 64 * 1024 * 1024
# errors of an import that the page lists
MAX_ERRORS = 500
# headings not understood that the page lists
MAX_HEADINGS = 20
# lines that come back after «undo»
MAX_UNDO = 2_000


class CementCarts(CementPortal):
    """Drafts of the member and what they become."""

    def _get_cart(self, cart_id):
        """Return a cart that the person may see.

        A cart of another counterparty for which the person acts takes the person
        there: the page and the shell must speak of the same company.

        :raises NotFound: for another's cart, or none.
        """
        cart = self._browse("cement.cart", cart_id)
        # sudo: the counterparty of a cart that the person may see
        partner = cart.sudo().partner_id
        if partner != self._get_partner():
            request.env.user._cement_switch_partner(partner.id)
        self._require(roles.ORDER)
        return cart

    # === List ===

    @route("/my/carts", type="http", auth="user", website=True, readonly=True)
    def cement_carts(self, **_kwargs):
        partner = self._require(roles.ORDER)
        values = self._prepare_cement_values(
            "carts", **request.env["cement.cart"]._get_drafts(partner)
        )
        return request.render("cement_portal.carts", values)

    @route("/my/carts/new", type="http", auth="user", methods=["POST"], website=True)
    def cement_cart_new(self, name="", **_kwargs):
        partner = self._require(roles.ORDER)
        cart = request.env["cement.cart"]._create_draft(partner, self._as_text(name))
        return request.redirect(f"/my/carts/{cart.id}")

    @route(
        "/my/carts/<int:cart_id>/duplicate",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def cement_cart_duplicate(self, cart_id, **_kwargs):
        cart = self._get_cart(cart_id)
        copy = cart._duplicate(
            request.env._("%(name)s (copy)", name=cart.sudo().name[:90])
        )
        self._flash(request.env._("This is the copy. The original is untouched."))
        return request.redirect(f"/my/carts/{copy.id}")

    @route(
        "/my/cement/repeat_last",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def cement_repeat_last(self, **_kwargs):
        partner = self._require(roles.ORDER)
        try:
            cart, report = request.env["cement.cart"]._repeat_last(partner)
        except UserError as error:
            self._flash(str(error), "info")
            return request.redirect("/my/catalog")
        self._flash_report(report)
        return request.redirect(f"/my/carts/{cart.id}")

    @route(
        "/my/carts/<int:cart_id>/repeat",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def cement_cart_repeat(self, cart_id, **_kwargs):
        """Put all that a request became into a new cart."""
        cart = self._get_cart(cart_id)
        try:
            copy, report = cart._repeat()
        except UserError as error:
            self._flash(str(error), "info")
            return request.redirect(f"/my/carts/{cart.id}")
        self._flash_report(report)
        return request.redirect(f"/my/carts/{copy.id}")

    def _flash_report(self, report: dict):
        """Tell what was added, what goes by another line than before, and what was
        not added and why."""
        notes = report["notes"][:5]
        if not report["errors"]:
            added = request.env._("Lines added: %(count)s.", count=report["added"])
            self._flash("\n".join([added, *notes]), "warning" if notes else "success")
            return
        reasons = "\n".join(
            [*(error["reason"] for error in report["errors"][:5]), *notes]
        )
        self._flash(
            request.env._(
                "Lines added: %(count)s. Left out: %(left)s.",
                count=report["added"],
                left=len(report["errors"]),
            )
            + "\n"
            + reasons,
            "warning",
        )

    @route(
        "/my/cement/cart/discard",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_discard(self, cart_id=None, **_kwargs):
        """Throw a draft away; the answer is what «undo» sends back."""
        return self._get_cart(cart_id)._discard_for_undo()

    @route(
        "/my/cement/cart/restore",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_restore(self, name="", rows=None, **_kwargs):
        partner = self._require(roles.ORDER)
        cart = request.env["cement.cart"]._restore(
            partner, self._as_text(name), self._as_rows(rows)
        )
        return {"cart_id": cart.id}

    @staticmethod
    def _as_rows(rows, limit: int = MAX_UNDO) -> list[dict]:
        """Return rows as they came from outside, the senseless ones left out."""
        if not isinstance(rows, list):
            return []
        return [row for row in rows[:limit] if isinstance(row, dict)]

    # === One cart ===

    @route(
        "/my/carts/<int:cart_id>",
        type="http",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart(self, cart_id, page=1, **_kwargs):
        # not readonly: the count of vehicles is kept for the mini-cart
        cart = self._get_cart(cart_id)
        if cart.state != "draft":
            return request.redirect(f"/my/carts/{cart.id}/done")
        look = self._get_look(cart, self._as_id(page) or 1, cart._get_first_page)
        values = self._prepare_cement_values("cart", cart=cart, **look)
        response = request.render("cement_portal.cart_page", values)
        # the button "back" after ordering must ask again: from a cache it would show
        # a cart that is no more
        response.headers["Cache-Control"] = "no-store"
        return response

    @route(
        "/my/carts/<int:cart_id>/confirm",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def cement_cart_confirm(self, cart_id, version=None, **_kwargs):
        """Turn the cart into orders: twice pressed, once made."""
        cart = self._get_cart(cart_id)
        seen = str(version or "")
        # a senseless version is nobody's page: refused as one that is out of date
        is_number = seen.isascii() and seen.isdigit() and len(seen) < 10
        number = int(seen) if is_number else -1
        try:
            with request.env.cr.savepoint():
                cart._confirm(self._channel(), number if seen else None)
        except UserError as error:
            self._flash(str(error), "danger")
            return request.redirect(f"/my/carts/{cart.id}#findings")
        return request.redirect(f"/my/carts/{cart.id}/done")

    @route(
        "/my/carts/<int:cart_id>/done",
        type="http",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_done(self, cart_id, **_kwargs):
        # not readonly: coming from another company's link switches the person
        cart = self._get_cart(cart_id)
        if cart.state == "draft":
            return request.redirect(f"/my/carts/{cart.id}")
        values = self._prepare_cement_values("carts", cart=cart, **cart._get_result())
        return request.render("cement_portal.cart_done", values)

    def _get_look(self, cart, page: int, get_values) -> dict:
        """Return the drawn parts of the page of a cart: those of an earlier look while
        nothing that they show has changed.

        :param get_values: ``page -> values`` of the parts, asked when they are drawn.
        """
        stamp = cart._get_plan_stamp()
        look = cart._recall_look(page, stamp)
        if look is None:
            values = {**get_values(page), "csrf_token": TOKEN_MARK}
            look = {
                "page_number": values["asked"]["page"],
                "is_planned": bool(values["plan"]),
                **{
                    part: self._render_fragment(f"cement_portal.cart_{part}", values)
                    for part in ("asked", "plan", "bar")
                },
            }
            # what a long cart opens with is drawn at once and asked for once
            if look["is_planned"]:
                cart._keep_look(page, stamp, look)
        token = request.csrf_token()
        return {**look, "bar": look["bar"].replace(TOKEN_MARK, token)}

    # === Changes without a new page ===

    def _answer(self, cart, page=1, **more) -> dict:
        """Return the parts of the page as they are after a change."""
        look = self._get_look(cart, self._as_id(page) or 1, cart._get_page)
        return {
            "version": cart.version,
            "asked": look["asked"],
            "plan": look["plan"],
            "bar": look["bar"],
            "mini": self._render_fragment(
                "cement_portal.mini_cart", {"mini": cart._prepare_mini()}
            ),
            **more,
        }

    @route(
        "/my/cement/cart/view",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_view(self, cart_id=None, page=1, **_kwargs):
        return self._answer(self._get_cart(cart_id), page)

    @route(
        "/my/cement/cart/line",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_line(self, cart_id=None, line_id=None, page=1, **changes):
        """Change quantity, day, site or unloading of a line."""
        cart = self._get_cart(cart_id)
        allowed = self._get_line_fields()
        cart._update_line(
            line_id, {name: changes[name] for name in allowed & changes.keys()}
        )
        return self._answer(cart, page)

    @staticmethod
    def _get_line_fields() -> set[str]:
        """Return what of a line the page may change; addons add theirs."""
        return {"quantity", "day", "site_id", "unloading_way_id", "vehicle_type_id"}

    @route(
        "/my/cement/cart/remove",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_remove(self, cart_id=None, line_ids=None, page=1, **_kwargs):
        """Take lines out; ``undo`` are the rows that bring them back."""
        cart = self._get_cart(cart_id)
        rows = cart._remove_lines(self._as_ids(line_ids))
        return self._answer(cart, page, undo=rows)

    @route(
        "/my/cement/cart/add",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_add(self, cart_id=None, rows=None, page=1, **_kwargs):
        cart = self._get_cart(cart_id)
        report = cart._add_rows(self._as_rows(rows))
        return self._answer(cart, page, errors=report["errors"])

    @route(
        "/my/cement/cart/spread",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_spread(
        self, cart_id=None, line_id=None, parts=None, page=1, **_kwargs
    ):
        """Part a line over days."""
        cart = self._get_cart(cart_id)
        cart._spread_line(
            line_id,
            [
                {"day": part.get("day"), "quantity": part.get("quantity")}
                for part in self._as_rows(parts, 60)
            ],
        )
        return self._answer(cart, page)

    @route(
        "/my/cement/cart/options",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_options(self, cart_id=None, page=1, name=None, **options):
        """Change filling, own number, comment or name of the cart."""
        cart = self._get_cart(cart_id)
        if isinstance(name, str):
            cart._rename(self._as_text(name))
        texts = {
            key: self._as_text(options[key], 1000)
            for key in ("strategy", "client_ref", "note")
            if key in options
        }
        if "is_favourite" in options:
            texts["is_favourite"] = bool(options["is_favourite"])
        if texts:
            cart._set_options(**texts)
        return self._answer(cart, page)

    @route(
        "/my/cement/cart/prices",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_prices(self, cart_id=None, page=1, **_kwargs):
        """Take note of prices that changed since the lines were added."""
        cart = self._get_cart(cart_id)
        cart._accept_prices()
        return self._answer(cart, page)

    @route(
        "/my/cement/cart/group",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_group(self, cart_id=None, index=0, **_kwargs):
        """Return the vehicles of a group that was not drawn at once."""
        cart = self._get_cart(cart_id)
        index = index if isinstance(index, int) else 0
        group = cart._get_group(index)
        if not group:
            raise NotFound()
        return self._render_fragment(
            "cement_portal.cart_loads",
            {"group": group, "currency": cart._get_currency()},
        )

    # === Grid ===

    @route(
        "/my/carts/<int:cart_id>/grid",
        type="http",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_grid(self, cart_id, line=None, start=None, **_kwargs):
        # not readonly: see cement_cart_done
        cart = self._get_cart(cart_id)
        if cart.state != "draft":
            return request.redirect(f"/my/carts/{cart.id}/done")
        values = self._prepare_cement_values(
            "grid",
            cart=cart,
            grid=cart._get_grid(self._as_id(line), cart._parse_grid_start(start)),
        )
        return request.render("cement_portal.cart_grid", values)

    @route(
        "/my/cement/cart/cells",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=False,
    )
    def cement_cart_cells(
        self, cart_id=None, line_id=None, cells=None, start=None, **_kwargs
    ):
        """Set cells of the grid; answers with the grid as it is then."""
        cart = self._get_cart(cart_id)
        line_id = self._as_id(line_id)
        report = cart._set_grid_cells(line_id, self._as_rows(cells))
        grid = cart._get_grid(line_id, cart._parse_grid_start(start))
        return {
            **report,
            "grid": self._render_fragment(
                "cement_portal.cart_grid_table", {"cart": cart, "grid": grid}
            ),
            "mini": self._render_fragment(
                "cement_portal.mini_cart", {"mini": cart._prepare_mini(plan=True)}
            ),
        }

    # === Import ===

    @route(
        "/my/carts/<int:cart_id>/import",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=False,
    )
    def cement_cart_import(self, cart_id, **_kwargs):
        # not readonly: see cement_cart_done
        cart = self._get_cart(cart_id)
        report = request.session.get("cement_import") or {}
        if report.get("cart_id") == cart.id:
            request.session.pop("cement_import")
        else:
            report = {}
        values = self._prepare_cement_values("import", cart=cart, report=report)
        return request.render("cement_portal.cart_import", values)

    @route(
        "/my/carts/<int:cart_id>/import",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def cement_cart_import_post(self, cart_id, text="", file=None, **_kwargs):
        cart = self._get_cart(cart_id)
        try:
            data = self._read_upload(file) if file else self._as_text(text, MAX_UPLOAD)
            with request.env.cr.savepoint():
                report = cart._import_table(data)
        except UserError as error:
            report = {"added": 0, "errors": [], "refused": str(error)}
        request.session["cement_import"] = {
            "cart_id": cart.id,
            "added": report["added"],
            "refused": report.get("refused", ""),
            "errors": report["errors"][:MAX_ERRORS],
            "error_count": len(report["errors"]),
            "blank": report.get("blank", 0),
            "unknown": report.get("unknown", [])[:MAX_HEADINGS],
            "text": self._as_text(text, 20_000) if report["errors"] else "",
        }
        return request.redirect(f"/my/carts/{cart.id}/import")

    @staticmethod
    def _read_upload(file) -> bytes:
        """Return the content of an uploaded file that is not too large.

        :raises UserError: before a byte of a larger one is read.
        """
        size = file.seek(0, 2)
        file.seek(0)
        if size > MAX_UPLOAD:
            raise UserError(
                request.env._(
                    "The file has %(size)s MB, at most %(limit)s MB are taken. Leave "
                    "pictures and other sheets out, or part the table.",
                    size=round(size / 1024 / 1024),
                    limit=MAX_UPLOAD // 1024 // 1024,
                )
            )
        return file.read()

    @route(
        "/my/carts/template.xlsx", type="http", auth="user", website=True, readonly=True
    )
    def cement_cart_template(self, **_kwargs):
        """Serve a table with the person's own lines, ready to be filled in."""
        partner = self._require(roles.ORDER)
        carts = request.env["cement.cart"]
        return self._send_workbook(
            request.env._("request.xlsx"),
            lambda target: carts._write_template(partner, target),
        )
