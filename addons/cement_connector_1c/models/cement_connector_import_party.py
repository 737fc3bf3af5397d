# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models
from odoo.fields import Domain

from ..tools.commerceml import records
from .cement_connector_importer import Outcome, RowError


class CementConnectorImporter(models.AbstractModel):
    """Counterparties: only linked, never created or changed.

    Who may buy is decided at registration, by a manager; 1C tells which of its cards
    is which of our counterparties, so that an order names the right one.
    """

    _inherit = "cement.connector.importer"

    @api.model
    def _import_party_prepare(self, context, parties):
        self._cache_bindings(context, "partner", [party.guid for party in parties])
        numbers = {party.inn for party in parties if party.inn}
        found = self.env["res.partner"].search(
            Domain("vat", "in", list(numbers))
            & Domain("is_counterparty", "=", True)
            & Domain("parent_id", "=", False)
        )
        context.caches["inn"] = found.grouped("vat")

    @api.model
    def _import_party(self, context, party: records.Party) -> Outcome:
        """Контрагент by ИНН and КПП."""
        if not party.guid:
            raise RowError(self.env._("A counterparty without identifier."))
        known = context.caches["partner"].get(party.guid)
        if known and known._get_record():
            if known.name != party.name or known.is_deleted != party.deleted:
                known.write({"name": party.name, "is_deleted": party.deleted})
            return Outcome("unchanged", record=known._get_record())
        partners = context.caches["inn"].get(party.inn) if party.inn else None
        if not partners:
            return Outcome("skipped")
        exact = partners.filtered(lambda p: (p.kpp or "") == party.kpp)
        match = exact or partners
        if len(match) > 1:
            raise RowError(
                self.env._(
                    "INN %(inn)s belongs to several counterparties: KPP decides, and "
                    "%(kpp)s is none of theirs.",
                    inn=party.inn,
                    kpp=party.kpp or "–",
                )
            )
        self._bind(
            context,
            "partner",
            party.guid,
            match,
            name=party.name,
            is_deleted=party.deleted,
        )
        return Outcome("created", record=match)
