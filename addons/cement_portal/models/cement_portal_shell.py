# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cement_base.tools import roles

from ..tools import colours
from .page_formats import PageFormats
from .row_reader import RowReader

# how many entries the bottom bar of a phone holds before «More»
PHONE_ENTRIES = 4
# who looks after a counterparty: its manager, else the leader of the first team
_MANAGER = """COALESCE({row}.cement_manager_id, {row}.user_id, (
    SELECT user_id FROM crm_team WHERE active AND user_id IS NOT NULL
     ORDER BY sequence, create_date DESC, id DESC LIMIT 1
))"""


class CementPortalShell(models.AbstractModel):
    """What surrounds every page: navigation, company switch, mini-cart, manager.

    Floors above add their entries by overriding :meth:`_get_cement_nav` and
    :meth:`_prepare_home_blocks`.
    """

    _name = "cement.portal.shell"
    _description = "Shell of the client's pages"

    @api.model
    def _get_formats(self, clock=None) -> PageFormats:
        """Return the formats of figures for the current language.

        :param clock: whose clock hours are told by; the person's by default.
        """
        return PageFormats(self.env, clock)

    @api.model
    def _get_accent(self) -> dict[str, str]:
        """Return the colours that follow from the company's settings."""
        return colours.accent_palette(self.env.company.sudo().primary_color)

    @api.model
    def _get_shell(self) -> dict | None:
        """Return what the shell shows, or ``None`` for the public."""
        user = self.env.user
        if user._is_public():
            return None
        partner = user._get_cement_partner()
        partners = self._read_partners()
        current = next((row for row in partners if row["id"] == partner.id), None)
        nav = sorted(self._get_cement_nav(partner), key=lambda entry: entry["sequence"])
        by_rank = sorted(
            (entry for entry in nav if entry.get("phone")),
            key=lambda entry: entry["phone"],
        )
        phone = by_rank[:PHONE_ENTRIES]
        return {
            "user": user,
            "partner": current,
            "partners": partners,
            "nav": nav,
            "nav_phone": phone,
            "nav_more": [entry for entry in nav if entry not in phone],
            "mini": self._get_mini_cart(partner),
            "manager": self._read_manager(current and current["manager_id"]),
        }

    @api.model
    def _can(self, capability: str, partner=None) -> bool:
        """Whether the current user has *capability* for *partner*."""
        return self.env.user._cement_can(capability, partner)

    # === Navigation ===

    @api.model
    def _get_cement_nav(self, partner) -> list[dict]:
        """Return the entries of the navigation that the current user may see.

        Each: ``key`` (the ``page_name`` of its page), ``label``, ``url``, ``icon``
        (name in `icons.svg`), ``sequence``, ``pages`` (more page names under it),
        and ``phone``: its rank in the bottom bar of a phone, if it wants a place.
        """
        can_order = self._can(roles.ORDER, partner)
        entries = [
            {
                "key": "home",
                "label": self.env._("Home"),
                "url": "/my",
                "icon": "home",
                "sequence": 10,
                "phone": 1,
            },
        ]
        if partner:
            entries.append(
                {
                    "key": "catalogue",
                    "label": self.env._("Order goods")
                    if can_order
                    else self.env._("Catalogue"),
                    "url": "/my/catalog",
                    "icon": "catalogue",
                    "sequence": 20,
                    "phone": 2,
                }
            )
        if can_order:
            entries.append(
                {
                    "key": "carts",
                    "label": self.env._("Carts"),
                    "url": "/my/carts",
                    "icon": "cart",
                    "sequence": 25,
                    "phone": 5,
                    "pages": ("cart", "grid", "import"),
                }
            )
        entries.append(
            {
                "key": "help",
                "label": self.env._("Help"),
                "url": "/my/help",
                "icon": "help",
                "sequence": 90,
            }
        )
        return entries

    # === Company switch ===

    @api.model
    def _read_partners(self) -> list[dict]:
        """Return the counterparties for which the current user may act: ``id``,
        ``name``, ``vat``, ``kpp`` and ``manager_id``, who looks after it."""
        ids = [scope.partner_id for scope in self.env.user._cement_scopes()]
        self.env["res.partner"].flush_model(["cement_manager_id", "user_id"])
        self.env["crm.team"].flush_model(["active", "user_id", "sequence"])
        reader = RowReader(self.env["res.partner"].browse(ids))
        reader.add("id", "name", "vat", "kpp")
        reader.add_sql("manager_id", _MANAGER)
        return [
            {**row, "vat": row["vat"] or "", "kpp": row["kpp"] or ""}
            for row in reader.fetch()
        ]

    # === Mini-cart ===

    @api.model
    def _get_mini_cart(self, partner) -> dict | None:
        """Return tonnes and vehicles of the cart touched last, or ``None`` when
        the current user does not order."""
        if not partner or not self._can(roles.ORDER, partner):
            return None
        mini = self.env["cement.cart"]._read_mini(partner)
        return mini or {"id": 0, "lines": 0}

    # === Manager ===

    @api.model
    def _read_manager(self, manager_id: int | None) -> dict | None:
        """Return the contacts of the user *manager_id*, who looks after the
        counterparty; portal users may not read other users, they see no more."""
        if not manager_id:
            return None
        names = ("name", "function", "phone", "email")
        self.env["res.partner"].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """SELECT p.name, p.function, p.phone, p.email
                     FROM res_users u JOIN res_partner p ON p.id = u.partner_id
                    WHERE u.id = %s AND NOT u.share""",
                manager_id,
            )
        )
        for row in rows:
            return {name: value or "" for name, value in zip(names, row, strict=True)}
        return None

    @api.model
    def _get_manager_user(self, partner):
        """Return the manager of *partner*, else the leader of the team, as
        superuser; empty when there is nobody."""
        # sudo: portal users may not read other users; they see the contacts only
        partner_sudo = partner.sudo()
        manager_sudo = (
            partner_sudo.cement_manager_id
            or partner_sudo.user_id
            or self.env["cement.manager.profile"].sudo()._get_leader()
        )
        return manager_sudo.filtered(lambda user: not user.share)

    # === Home ===

    @api.model
    def _prepare_home_blocks(self, partner) -> list[dict]:
        """Return blocks that other addons add to the home page.

        Each: ``sequence``, ``place`` (``top``: the first line of answers,
        ``main`` or ``side``), ``template`` and the ``values`` it is rendered with.
        """
        return []
