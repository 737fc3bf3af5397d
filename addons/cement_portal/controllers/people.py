# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.http import request, route

from odoo.addons.cement_base.tools import roles

from .main import CementPortal


class CementPeople(CementPortal):
    """The people of the counterparty, for its owners (F78, F194 to F197)."""

    @route("/my/people", type="http", auth="user", website=True, readonly=True)
    def cement_people(self, **_kwargs):
        partner = self._require(roles.PEOPLE)
        data = request.env["cement.member"]._portal_people(partner)
        return request.render(
            "cement_portal.people_page", self._prepare_cement_values("people", **data)
        )

    @route("/my/cement/people/invite", type="jsonrpc", auth="user", readonly=False)
    def cement_people_invite(
        self, email="", name="", role="", agreement_ids=(), site_ids=()
    ):
        """Give a person access by e-mail."""
        partner = self._get_partner()
        members = request.env["cement.member"]
        agreements, sites = members._portal_limits(
            partner, self._as_ids(agreement_ids), self._as_ids(site_ids)
        )
        members._invite(
            partner,
            self._as_text(email, 200),
            self._as_text(name, 100),
            self._as_text(role, 20),
            agreements,
            sites,
        )
        return self._people_answer(partner)

    @route(
        "/my/cement/people/<int:member_id>/access",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_people_access(self, member_id, role="", agreement_ids=(), site_ids=()):
        """Change role and limits of a person."""
        partner = self._get_partner()
        members = request.env["cement.member"]
        member = members._portal_find(partner, self._as_id(member_id))
        agreements, sites = members._portal_limits(
            partner, self._as_ids(agreement_ids), self._as_ids(site_ids)
        )
        member._set_access(self._as_text(role, 20), agreements, sites)
        return self._people_answer(partner)

    @route(
        "/my/cement/people/<int:member_id>/remove",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_people_remove(self, member_id):
        """Take the access away; `restore` gives it back."""
        partner = self._get_partner()
        request.env["cement.member"]._portal_find(
            partner, self._as_id(member_id)
        )._revoke()
        return self._people_answer(partner)

    @route(
        "/my/cement/people/<int:member_id>/restore",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_people_restore(self, member_id):
        """Undo a removal."""
        partner = self._get_partner()
        request.env["cement.member"]._portal_restore(partner, self._as_id(member_id))
        return self._people_answer(partner)

    @route(
        "/my/cement/people/<int:member_id>/resend",
        type="jsonrpc",
        auth="user",
        readonly=False,
    )
    def cement_people_resend(self, member_id):
        """Send the letter with the link once more."""
        partner = self._get_partner()
        request.env["cement.member"]._portal_find(
            partner, self._as_id(member_id)
        ).action_resend_invitation()
        return {"ok": True}

    def _people_answer(self, partner) -> dict:
        """Return the list after a change; empty when the person narrowed the own
        access and may not see it any more."""
        if not request.env.user._cement_can(roles.PEOPLE, partner):
            return {"redirect": "/my"}
        data = request.env["cement.member"]._portal_people(partner)
        return {"html": self._render_fragment("cement_portal.people_list", data)}
