# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.commerceml import records
from .cement_connector_importer import Outcome, RowError


class CementConnectorBackend(models.Model):
    _inherit = "cement.connector.backend"

    register_parties = fields.Boolean(
        string="Propose new counterparties",
        help="A counterparty that the portal does not know, with an INN and an "
        "e-mail in 1C, comes to the registrations that wait for a manager. Approved, "
        "its contact gets the invitation.",
    )


class CementConnectorImporter(models.AbstractModel):
    """The first connection of a partner begins in 1C (F146): its card becomes a
    registration, a manager approves it with one press."""

    _inherit = "cement.connector.importer"

    @api.model
    def _import_party(self, context, party: records.Party) -> Outcome:
        """Extend: a counterparty that nobody knows becomes a registration."""
        outcome = super()._import_party(context, party)
        email = _email(party)
        if (
            outcome.state != "skipped"
            or not context.backend.register_parties
            or party.deleted
            or not (party.inn and email)
        ):
            return outcome
        try:
            # whatever fails, nothing of the card is left half-written
            with self.env.cr.savepoint():
                partner = self.env["res.partner"]._cement_register(
                    {
                        "inn": party.inn,
                        "kpp": party.kpp if len(party.kpp) == 9 else "",
                        "name": party.name,
                        "full_name": party.official_name or party.full_name,
                        "email": email,
                        "phone": _phone(party),
                        "street": party.address,
                        "note": self.env._("Came from 1C."),
                    }
                )
        except UserError as error:
            raise RowError(str(error)) from error
        self._bind(context, "partner", party.guid, partner, name=party.name)
        return Outcome("created", record=partner)


def _email(party: records.Party) -> str:
    """Return the first contact that is an e-mail, by its looks: 1C names the kinds
    of contacts freely."""
    return next((value for _kind, value in party.contacts if "@" in value), "")


def _phone(party: records.Party) -> str:
    """Return the first contact that 1C calls a telephone."""
    return next(
        (value for kind, value in party.contacts if "телефон" in kind.casefold()), ""
    )
