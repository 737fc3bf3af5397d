# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A client with people of every role, a foreign client, and requests by HTTP."""

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.cement_sale.tests.common import CementSaleCommon


class CementPortalCommon(CementSaleCommon):
    """On top of ``CementSaleCommon``: users ``buyer``, ``viewer``, ``accountant``,
    ``privileged`` of ``client``; ``stranger`` (owner of ``other_client``) with
    ``other_line``, ``other_site`` and ``other_cart``; ``nobody``, a portal user
    without a counterparty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("buyer", "viewer", "accountant", "privileged"):
            member = cls._create_member(cls.client, role, login=f"{role}@x.com")
            setattr(cls, role, member.user_id)
        cls.other_client = cls._create_counterparty("Foreign Works")
        cls.other_agreement = cls._create_agreement(cls.other_client, code="F-1")
        cls.other_site = cls._create_site(cls.other_client, "Foreign Site")
        cls.other_line = cls._create_specification(cls.other_agreement).line_ids
        cls.stranger = cls._create_member(
            cls.other_client, "owner", login="stranger@x.com"
        ).user_id
        cls.other_cart = cls._create_cart(
            [
                {
                    "specification_line_id": cls.other_line.id,
                    "quantity": 10.0,
                    "site_id": cls.other_site.id,
                }
            ],
            user=cls.stranger,
            partner=cls.other_client,
            name="Foreign Cart",
        )
        cls.nobody = cls._create_portal_user("nobody@x.com")

    def count_queries(self, run) -> int:
        """Return how many queries *run* makes with cold record caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run()
        return self.env.cr.sql_log_count - before


class CementPortalHttpCommon(CementPortalCommon, HttpCase):
    def login(self, user):
        self.authenticate(user.login, user.login)

    def assertPart(self, part, text, message=""):
        """Like assertIn, without the whole page in the failure."""
        self.assertTrue(part in text, f"{part!r} is not in the page. {message}")

    def assertNoPart(self, part, text, message=""):
        self.assertFalse(part in text, f"{part!r} is in the page. {message}")

    def rpc(self, route, **params):
        """Call a jsonrpc route of the portal and return its answer."""
        return self.make_jsonrpc_request(f"/my/cement/{route}", params)

    def rpc_error(self, route, **params) -> str:
        """Call a jsonrpc route that must refuse; return name and text of the error.

        The server must not have failed: only refusals are fine.
        """
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/my/cement/{route}",
                json={"jsonrpc": "2.0", "method": "call", "params": params},
            ).json()
        self.assertTrue("error" in answer, f"{route} was not refused")
        data = answer["error"]["data"]
        self.assertIn(
            data["name"].rpartition(".")[2],
            ("NotFound", "Forbidden", "UserError", "ValidationError", "AccessError"),
            data["message"],
        )
        return f"{data['name']}: {data['message']}"
