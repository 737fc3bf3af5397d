# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Orders that one may complain about, and files honest and hostile."""

from odoo.addons.cement_portal.tests.common import CementPortalCommon
from odoo.addons.cement_portal.tests.samples import make_photo


class CementServiceCommon(CementPortalCommon):
    """On top of ``CementPortalCommon``: ``order`` of the owner, ``buyer_order`` of
    the buyer, ``other_order`` of the foreign client, ``manager``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_manager("claims-manager")
        cls.client.cement_manager_id = cls.manager
        cls.order = cls._create_order()
        cls.buyer_order = cls._create_order(10.0, cls.buyer)
        cls.other_order = cls.other_cart._confirm("portal_desktop").sudo()
        cls.orders = cls.order | cls.buyer_order
        cls.orders.user_id = cls.manager
        cls.other_order.user_id = cls.manager
        cls.jpeg = make_photo()

    @classmethod
    def _submit(cls, user=None, files=(), **vals):
        """Make a claim as *user* (default: the owner), in the user's rights."""
        claims = cls.portal_env(user or cls.owner)["cement.claim"]
        vals = {
            "order_id": cls.order.id,
            "kind": "late",
            "description": "The vehicle came five hours late.",
            **vals,
        }
        return claims._submit(vals, list(files))

    @classmethod
    def _inside(cls, claim):
        """Return *claim* as the manager has it."""
        return cls.env(user=cls.manager)["cement.claim"].browse(claim.id)
