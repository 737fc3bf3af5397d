# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from odoo.addons.cement_sale.tools import lifecycle

from ..tools.commerceml import records
from .cement_connector_importer import Outcome


class CementConnectorImporter(models.AbstractModel):
    """Orders as 1C sees them: facts about an order, and its way through its life.

    Messages come twice, late and out of order. States go forward only; what is older
    than what is known changes nothing.
    """

    _inherit = "cement.connector.importer"

    @api.model
    def _import_document_prepare(self, context, documents):
        numbers = {document.number for document in documents if document.number}
        offers = self.env["cement.connector.offer"].search(
            [
                ("backend_id", "=", context.backend.id),
                ("order_id.name", "in", list(numbers)),
            ]
        )
        context.caches["order_number"] = {
            offer.order_id.name: offer.order_id for offer in offers
        }
        self._cache_bindings(context, "order", [doc.guid for doc in documents])
        if "map" not in context.caches:
            rows = self.env["cement.connector.status.map"]._get_rows(context.backend)
            context.caches["map"] = {"rows": rows}

    @api.model
    def _import_document(self, context, document: records.Document) -> Outcome:
        """Документ «Заказ товара»; shipments and payments are counted and left."""
        if not document.is_order:
            return Outcome("skipped")
        order = context.caches["order_number"].get(document.number)
        if not order:
            return Outcome(
                "failed",
                name=document.number,
                keep=True,
                message=self.env._("No order with this number was given to this 1C."),
            )
        notes = self._note_facts(context, document, order)
        moved, more = self._move_order(context, document, order)
        notes += more
        state = "updated" if moved else "unchanged"
        return Outcome(
            "warning" if notes else state,
            name=document.number,
            record=order,
            keep=True,
            message="\n".join(notes),
        )

    @api.model
    def _note_facts(self, context, document, order) -> list[str]:
        """Write what 1C says about the order; return what deserves a word."""
        notes = []
        binding = context.caches["order"].get(document.guid)
        known = (
            self.env["cement.connector.binding"]
            ._get_guids(context.backend, "order", order)
            .get(order.id)
        )
        if document.guid and known and known != document.guid:
            notes.append(
                self.env._(
                    "1C has two documents with this number: %(one)s and %(other)s.",
                    one=known,
                    other=document.guid,
                )
            )
        elif document.guid and not binding:
            self._bind(context, "order", document.guid, order, name=document.number_1c)
        order.write(self._prepare_fact_vals(context, document, order))
        if document.total is not None and order.currency_id.compare_amounts(
            float(document.total), order.amount_total
        ):
            notes.append(
                self.env._(
                    "The sum differs: %(theirs)s in 1C, %(ours)s here.",
                    theirs=document.total,
                    ours=f"{order.amount_total:.2f}",
                )
            )
        return notes

    @api.model
    def _prepare_fact_vals(self, context, document, order) -> dict:
        """Return the fields of the order that 1C is the master of.

        An absent payment or shipment means that there is none (any more).
        """
        backend = context.backend
        vals = {
            "onec_number": document.number_1c or order.onec_number,
            "onec_date": backend._to_utc(document.moment_1c) or order.onec_date,
            "onec_posted": document.posted,
            "onec_payment_number": document.payment_number or False,
            "onec_payment_date": backend._to_utc(document.payment_moment),
            "onec_shipment_number": document.shipment_number or False,
            "onec_shipment_date": backend._to_utc(document.shipment_moment),
            "onec_synced_at": context.moment,
        }
        if document.total is not None:
            vals["onec_amount"] = float(document.total)
        return vals

    @api.model
    def _move_order(self, context, document, order) -> tuple[bool, list[str]]:
        """Move the order on; return whether it moved and what deserves a word."""
        rows = context.caches["map"]["rows"]
        notes = [
            self.env._(
                "Unknown status of 1C: %(text)s. Add it to the status table.", text=text
            )
            for text in rows._get_unknown_texts(document)
        ]
        row = rows._get_state(document)
        if not row or row.cement_state == order.cement_state:
            return False, notes
        target = row.cement_state
        if not lifecycle.can_move(order.cement_state, target):
            if target == lifecycle.CANCELLED and order.cement_state != target:
                labels = dict(order._selection_cement_state())
                notes.append(
                    self.env._(
                        "1C has cancelled the order, but in the status “%(status)s” it "
                        "cannot be cancelled here.",
                        status=labels.get(order.cement_state),
                    )
                )
            return False, notes
        moment = False
        if row.date_requisite:
            moment = context.backend._to_utc(document.moment_of(row.date_requisite))
        order._cement_set_state(
            target, "onec", date=moment or None, note=self._get_note(document)
        )
        return True, notes

    @api.model
    def _get_note(self, document) -> str | None:
        if not document.number_1c:
            return None
        return self.env._("1C document %(number)s", number=document.number_1c)
