# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models

from odoo.addons.cement_sale.tools import lifecycle

from ..tools.commerceml.records import Document
from ..tools.commerceml.values import fold_name, parse_bool


class CementConnectorStatusMap(models.Model):
    """What a requisite of a document of 1C says about the state of an order.

    The standard module sends no status at all, only facts: posted, paid in full,
    shipped in full, marked for deletion. Extensions of clients add words of their
    own. Both are read by these rows.
    """

    _name = "cement.connector.status.map"
    _description = "Status of 1C"
    _order = "backend_id, sequence, id"

    backend_id = fields.Many2one(
        "cement.connector.backend",
        index=True,
        ondelete="cascade",
        help="Empty: holds for every 1C database.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    requisite = fields.Char(
        required=True, help="Name of the requisite in the file, e.g. «Проведен»."
    )
    operator = fields.Selection(
        [("true", "is true"), ("filled", "is filled"), ("equals", "equals")],
        required=True,
        default="equals",
    )
    value = fields.Char()
    also_filled = fields.Char(
        string="And also filled",
        help="Another requisite that must be filled for the row to hold.",
    )
    cement_state = fields.Selection(
        selection="_selection_cement_state", string="Order status", required=True
    )
    date_requisite = fields.Char(
        string="Date from", help="Requisite that says since when it is so."
    )

    _value_needed = models.Constraint(
        "CHECK(operator != 'equals' OR value IS NOT NULL)",
        "Enter the text that the requisite must equal.",
    )

    @api.model
    def _selection_cement_state(self):
        return self.env["sale.order"]._selection_cement_state()

    @api.depends("requisite", "operator", "value")
    def _compute_display_name(self):
        operators = dict(self._fields["operator"]._description_selection(self.env))
        for row in self:
            words = (row.requisite, operators.get(row.operator), row.value)
            row.display_name = " ".join(filter(None, words))

    @api.model
    def _get_rows(self, backend):
        """Return the rows that hold for a backend."""
        return self.search([("backend_id", "in", (backend.id, False))])

    def _matches(self, document: Document) -> bool:
        self.ensure_one()
        if self.also_filled and not document.requisite(self.also_filled):
            return False
        text = document.requisite(self.requisite)
        if self.operator == "filled":
            return bool(text)
        if self.operator == "true":
            return parse_bool(text)
        return bool(text) and fold_name(text) == fold_name(self.value)

    def _get_state(self, document: Document):
        """Return the row that says most: the furthest state among those that hold.

        An empty recordset means that the document says nothing about the state.
        """
        matching = self.filtered(lambda row: row._matches(document))
        return matching.sorted(
            lambda row: (-lifecycle.STEPS[row.cement_state], row.sequence)
        )[:1]

    def _get_unknown_texts(self, document: Document) -> list[str]:
        """Return the status texts of a document that no row knows."""
        known = {
            (fold_name(row.requisite), fold_name(row.value))
            for row in self
            if row.operator == "equals"
        }
        names = {row.requisite for row in self if row.operator == "equals"}
        unknown = []
        for name in sorted(names):
            text = document.requisite(name)
            if text and (fold_name(name), fold_name(text)) not in known:
                unknown.append(f"{name}: {text}")
        return unknown
