# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models

from ..tools.commerceml import records
from .cement_connector_binding import payload_hash
from .cement_connector_importer import Outcome, RowError

CURRENCY_CODES = {"643": "RUB", "руб": "RUB", "руб.": "RUB", "840": "USD", "978": "EUR"}


class CementConnectorImporter(models.AbstractModel):
    """Groups, price types and warehouses: what goods and offers refer to.

    They are kept between portions and files: only the first portion carries them.
    """

    _inherit = "cement.connector.importer"

    @api.model
    def _import_group(self, context, group: records.Group):
        """Группа as a product category, below the category of its parent."""
        if not group.guid or not group.name:
            raise RowError(self.env._("A group without identifier or name."))
        bindings = self._cache_bindings(
            context, "group", [group.guid, group.parent_guid]
        )
        binding = bindings.get(group.guid)
        parent = bindings.get(group.parent_guid)
        digest = payload_hash(group)
        category = binding._get_record() if binding else None
        if category and binding.payload_hash == digest:
            return Outcome("unchanged", record=category)
        vals = {"name": group.name}
        if parent and parent.res_id:
            vals["parent_id"] = parent.res_id
        if category:
            category.write(vals)
            state = "updated"
        else:
            category = self.env["product.category"].create(vals)
            state = "created"
        self._bind(
            context,
            "group",
            group.guid,
            category,
            name=group.name,
            payload_hash=digest,
            is_deleted=group.deleted,
        )
        return Outcome(state, record=category)

    @api.model
    def _import_price_type(self, context, price_type: records.PriceType):
        """ТипЦены: kept for the settings, where one of them is chosen."""
        if not price_type.guid:
            raise RowError(self.env._("A price type without identifier."))
        self._cache_bindings(context, "price_type", [price_type.guid])
        self._bind(
            context,
            "price_type",
            price_type.guid,
            None,
            name=price_type.name,
            info={
                "currency": price_type.currency,
                "vat_included": price_type.vat_included,
            },
        )
        return None

    @api.model
    def _import_depot(self, context, depot: records.Depot):
        """Склад: linked with a warehouse of the same name, else by a person."""
        if not depot.guid:
            raise RowError(self.env._("A warehouse without identifier."))
        known = self._cache_bindings(context, "warehouse", [depot.guid])
        if depot.guid in known:
            if known[depot.guid].name != depot.name:
                known[depot.guid].name = depot.name
            return None
        warehouse = self.env["stock.warehouse"].search(
            [
                ("name", "=ilike", depot.name),
                ("company_id", "=", context.backend.company_id.id),
            ],
            limit=2,
        )
        taken = self.env["cement.connector.binding"]._get_guids(
            context.backend, "warehouse", warehouse
        )
        free = warehouse.filtered(lambda w: w.id not in taken)
        match = free if len(warehouse) == 1 else free.browse()
        self._bind(context, "warehouse", depot.guid, match, name=depot.name)
        return None
