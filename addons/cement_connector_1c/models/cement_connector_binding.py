# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import hashlib

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

KINDS = [
    ("product", "Item"),
    ("variant", "Characteristic of an item"),
    ("partner", "Counterparty"),
    ("group", "Group of items"),
    ("warehouse", "Warehouse"),
    ("price_type", "Price type"),
    ("order", "Order"),
]
MODELS = {
    "product": "product.template",
    "variant": "product.product",
    "partner": "res.partner",
    "group": "product.category",
    "warehouse": "stock.warehouse",
    "order": "sale.order",
}


def payload_hash(value: object) -> str:
    """Return a short stable hash of what 1C sent about one object."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:32]


class CementConnectorBinding(models.Model):
    """Which object of 1C is which record here.

    The identifier of 1C is the only thing that never changes; names, articles and
    ИНН do. The hash of what was sent last lets a repeated import pass by.
    """

    _name = "cement.connector.binding"
    _description = "Link with 1C"
    _order = "backend_id, kind, name, id"

    backend_id = fields.Many2one(
        "cement.connector.backend", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, required=True)
    guid = fields.Char(string="Identifier in 1C", required=True)
    name = fields.Char(string="Name in 1C")
    res_model = fields.Char(compute="_compute_res_model", store=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model")
    record_name = fields.Char(compute="_compute_record_name")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_warehouse_id",
        inverse="_inverse_warehouse_id",
        string="Warehouse here",
    )
    payload_hash = fields.Char(readonly=True)
    info = fields.Json(readonly=True)
    is_deleted = fields.Boolean(string="Marked for deletion in 1C", readonly=True)
    seen_at = fields.Datetime(string="Last sent", readonly=True)
    is_missing = fields.Boolean(
        string="Not in the last full catalogue",
        compute="_compute_is_missing",
        search="_search_is_missing",
    )

    _guid_uniq = models.UniqueIndex(
        "(backend_id, kind, guid)", "This object of 1C is linked already."
    )
    _record_uniq = models.UniqueIndex(
        "(backend_id, kind, res_id) WHERE res_id IS NOT NULL AND res_id != 0",
        "This record is linked with another object of 1C already.",
    )

    @api.depends("kind")
    def _compute_res_model(self):
        for binding in self:
            binding.res_model = MODELS.get(binding.kind)

    @api.depends("name", "guid")
    def _compute_display_name(self):
        for binding in self:
            binding.display_name = binding.name or binding.guid

    def _compute_record_name(self):
        names: dict = {}
        for model, bindings in self.grouped("res_model").items():
            if model:
                ids = [res_id for res_id in bindings.mapped("res_id") if res_id]
                records = self.env[model].browse(ids).exists()
                names.update(
                    {(model, record.id): record.display_name for record in records}
                )
        for binding in self:
            binding.record_name = names.get((binding.res_model, binding.res_id))

    @api.depends("res_id", "kind")
    def _compute_warehouse_id(self):
        for binding in self:
            is_linked = binding.kind == "warehouse" and binding.res_id
            binding.warehouse_id = binding.res_id if is_linked else False

    def _inverse_warehouse_id(self):
        for binding in self.filtered(lambda b: b.kind == "warehouse"):
            binding.res_id = binding.warehouse_id.id

    @api.depends("seen_at", "backend_id.last_full_export_at")
    def _compute_is_missing(self):
        for binding in self:
            full = binding.backend_id.last_full_export_at
            binding.is_missing = bool(
                binding.kind == "product"
                and full
                and (not binding.seen_at or binding.seen_at < full)
            )

    @api.model
    def _search_is_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = Domain.FALSE
        backends = self.env["cement.connector.backend"].search(
            [("last_full_export_at", "!=", False)]
        )
        for backend in backends:
            missing |= (
                Domain("backend_id", "=", backend.id)
                & Domain("kind", "=", "product")
                & (
                    Domain("seen_at", "=", False)
                    | Domain("seen_at", "<", backend.last_full_export_at)
                )
            )
        wanted = set(value)
        if wanted >= {True, False}:
            return Domain.TRUE
        return missing if True in wanted else ~missing

    # === Lookups ===

    @api.model
    def _get_by_guid(self, backend, kind: str, guids) -> dict:
        """Return the bindings of identifiers, in one query."""
        found = self.search(
            [
                ("backend_id", "=", backend.id),
                ("kind", "=", kind),
                ("guid", "in", list({guid for guid in guids if guid})),
            ]
        )
        return {binding.guid: binding for binding in found}

    @api.model
    def _get_guids(self, backend, kind: str, records) -> dict:
        """Return identifiers by record id, in one query."""
        found = self.search(
            [
                ("backend_id", "=", backend.id),
                ("kind", "=", kind),
                ("res_id", "in", records.ids),
            ]
        )
        return {binding.res_id: binding.guid for binding in found}

    def _get_record(self):
        """Return the linked record, empty when it is gone or was never there."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return None
        return self.env[self.res_model].browse(self.res_id).exists() or None

    def _mark_seen(self, moment):
        """Remember that 1C has sent these objects now; one statement for all."""
        if not self:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE cement_connector_binding SET seen_at = %s WHERE id IN %s",
                moment,
                tuple(self.ids),
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["seen_at"])

    def action_open_record(self):
        """Open the linked record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_archive_products(self):
        """Take goods that 1C has deleted off sale; only a person decides that."""
        self.check_access("write")
        for binding in self.filtered(lambda b: b.kind == "product"):
            # sudo: the links are the manager's to judge, the goods behind them too
            product_sudo = binding.sudo()._get_record()
            if product_sudo:
                product_sudo.action_archive()
