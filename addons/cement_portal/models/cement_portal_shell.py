# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_base.tools import roles

from ..tools import colours
from .page_formats import PageFormats

# how many entries the bottom bar of a phone holds before «More»
PHONE_ENTRIES = 4


class CementPortalShell(models.AbstractModel):
    """What surrounds every page: navigation, company switch, mini-cart, manager.

    Floors above add their entries by overriding :meth:`_get_cement_nav` and
    :meth:`_prepare_home_blocks`.
    """

    _name = "cement.portal.shell"
    _description = "Shell of the client's pages"

    @api.model
    def _get_formats(self) -> PageFormats:
        """Return the formats of figures for the current language and zone."""
        return PageFormats(self.env)

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
        nav = sorted(self._get_cement_nav(partner), key=lambda entry: entry["sequence"])
        by_rank = sorted(
            (entry for entry in nav if entry.get("phone")),
            key=lambda entry: entry["phone"],
        )
        phone = by_rank[:PHONE_ENTRIES]
        return {
            "user": user,
            "partner": self._prepare_partner(partner),
            "partners": self._get_partners(),
            "nav": nav,
            "nav_phone": phone,
            "nav_more": [entry for entry in nav if entry not in phone],
            "mini": self._get_mini_cart(partner),
            "manager": self._get_manager(partner),
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
    def _prepare_partner(self, partner) -> dict | None:
        if not partner:
            return None
        # sudo: name and INN of a counterparty for which the person acts
        partner_sudo = partner.sudo()
        return {
            "id": partner.id,
            "name": partner_sudo.name,
            "vat": partner_sudo.vat or "",
            "kpp": partner_sudo.kpp or "",
        }

    @api.model
    def _get_partners(self) -> list[dict]:
        """Return the counterparties for which the current user may act."""
        ids = [scope.partner_id for scope in self.env.user._cement_scopes()]
        return [
            self._prepare_partner(partner)
            for partner in self.env["res.partner"].browse(ids)
        ]

    # === Mini-cart ===

    @api.model
    def _get_mini_cart(self, partner) -> dict | None:
        """Return tonnes and vehicles of the cart touched last, or ``None`` when
        the current user does not order."""
        if not partner or not self._can(roles.ORDER, partner):
            return None
        cart = self.env["cement.cart"]._get_open(partner)
        return cart._prepare_mini() if cart else {"id": 0, "lines": 0}

    # === Manager ===

    @api.model
    def _get_manager(self, partner) -> dict | None:
        """Return the contacts of the manager who looks after *partner*."""
        manager = self._get_manager_user(partner)
        if not manager:
            return None
        contact = manager.partner_id
        return {
            "name": manager.name,
            "function": contact.function or "",
            "phone": contact.phone or "",
            "email": contact.email or "",
        }

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
