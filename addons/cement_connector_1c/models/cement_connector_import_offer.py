# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from decimal import Decimal

from odoo import Command, api, fields, models

from ..tools.commerceml import records
from .cement_connector_import_classifier import CURRENCY_CODES
from .cement_connector_importer import Outcome, RowError


class CementConnectorImporter(models.AbstractModel):
    """Offers: the recommended retail price, and stock where it is wanted.

    What an offer does not carry is left alone: prices and stock come in files of
    their own from some releases.
    """

    _inherit = "cement.connector.importer"

    @api.model
    def _import_offer_prepare(self, context, offers):
        self._cache_bindings(context, "product", [offer.guid for offer in offers])
        self._cache_bindings(
            context, "variant", [self._get_variant_key(offer) for offer in offers]
        )
        self._cache_bindings(
            context,
            "warehouse",
            {stock.depot_guid for offer in offers for stock in offer.stocks},
        )
        known = self.env["cement.connector.binding"].search(
            [("backend_id", "=", context.backend.id), ("kind", "=", "price_type")]
        )
        context.caches["price_type"] = {row.guid: row for row in known}

    @api.model
    def _get_variant_key(self, offer) -> str:
        return f"{offer.guid}#{offer.variant_guid}" if offer.variant_guid else ""

    @api.model
    def _import_offer(self, context, offer: records.Offer) -> Outcome:
        """Предложение of an item, or of a characteristic of it."""
        if not context.backend.import_catalog:
            return Outcome("skipped")
        binding = context.caches["product"].get(offer.guid)
        template = binding._get_record() if binding else None
        if not template:
            if not context.backend.create_products:
                return Outcome("skipped")
            raise RowError(
                self.env._(
                    "The item is not known here. Send the catalogue before the offers."
                )
            )
        changed = False
        product = template.product_variant_id
        if offer.variant_guid:
            product, changed = self._get_variant(context, offer, template)
        if context.backend.import_prices and offer.prices:
            changed |= self._set_price(context, offer, product)
        if context.backend.import_stock:
            changed |= self._set_stock(context, offer, product)
        return Outcome("updated" if changed else "unchanged", record=product)

    # === Characteristics ===

    @api.model
    def _get_variant(self, context, offer, template) -> tuple:
        """Return the variant of a characteristic, and whether it was made now."""
        key = self._get_variant_key(offer)
        binding = context.caches["variant"].get(key)
        product = binding._get_record() if binding else None
        if product:
            return product, False
        value = self._get_characteristic(offer)
        line = template.attribute_line_ids.filtered(
            lambda row: row.attribute_id == value.attribute_id
        )
        if not line:
            template.attribute_line_ids = [
                Command.create(
                    {
                        "attribute_id": value.attribute_id.id,
                        "value_ids": [Command.set(value.ids)],
                    }
                )
            ]
        elif value not in line.value_ids:
            line.value_ids = [Command.link(value.id)]
        combination = template.attribute_line_ids.product_template_value_ids.filtered(
            lambda ptav: ptav.product_attribute_value_id == value
        )
        product = template._get_variant_for_combination(combination)
        product = product or template._create_product_variant(combination)
        if not product:
            raise RowError(
                self.env._("The characteristic could not be made a variant.")
            )
        if not product.default_code:
            codes = template.product_variant_ids.mapped("default_code")
            product.default_code = offer.article or next(filter(None, codes), False)
        self._bind(context, "variant", key, product, name=offer.name)
        return product, True

    @api.model
    def _get_characteristic(self, offer):
        """Return the attribute value that stands for a characteristic of 1C."""
        attribute = self.env.ref("cement_connector_1c.attribute_characteristic")
        text = ", ".join(f"{name}: {value}" for name, value in offer.characteristics)
        name = text or offer.name or offer.variant_guid
        values = self.env["product.attribute.value"]
        return values.search(
            [("attribute_id", "=", attribute.id), ("name", "=", name)], limit=1
        ) or values.create({"attribute_id": attribute.id, "name": name})

    # === Prices ===

    @api.model
    def _set_price(self, context, offer, product) -> bool:
        """Set the recommended retail price; tell whether it has changed."""
        price = self._choose_price(context, offer)
        if price is None:
            return False
        value = self._get_price_value(context, price, product)
        template = product.product_tmpl_id
        own = product.product_template_attribute_value_ids
        currency = template.currency_id
        if not own:
            if currency.compare_amounts(template.list_price, value) == 0:
                return False
            template.list_price = value
            return True
        # a variant's price is the template's plus the extra of its characteristic
        if currency.is_zero(template.list_price):
            template.list_price = value
        extra = value - template.list_price
        if currency.compare_amounts(own[:1].price_extra, extra) == 0:
            return False
        own[:1].price_extra = extra
        return True

    @api.model
    def _choose_price(self, context, offer) -> records.Price | None:
        chosen = context.backend.price_type_id.guid
        if chosen:
            return next((p for p in offer.prices if p.type_guid == chosen), None)
        kinds = context.price_types or context.caches["price_type"]
        if len({price.type_guid for price in offer.prices}) == 1 and len(kinds) <= 1:
            return offer.prices[0]
        raise RowError(
            self.env._(
                "1C sends several price types. Choose the recommended retail price in "
                "the settings of the exchange."
            )
        )

    @api.model
    def _get_price_value(self, context, price: records.Price, product) -> float:
        """Return the price of one unit of the product with VAT, in the company's
        currency."""
        kind = context.price_types.get(price.type_guid)
        known = context.caches["price_type"].get(price.type_guid)
        info = (known.info or {}) if known else {}
        included = kind.vat_included if kind else info.get("vat_included")
        code = price.currency or (kind.currency if kind else info.get("currency", ""))
        value = price.value
        if price.coefficient:
            value /= price.coefficient  # a price of a package
        if included is False:
            value *= 1 + self._get_vat_share(context, product)
        if value < 0:
            raise RowError(self.env._("The price is negative."))
        currency = self._get_currency(context, code)
        company = context.backend.company_id
        day = fields.Date.context_today(self)
        return currency._convert(
            float(value), product.currency_id, company, day, round=True
        )

    @api.model
    def _get_vat_share(self, context, product) -> Decimal:
        day = fields.Date.context_today(self)
        rate = self.env["cement.vat.rate"]._get_rate(product.vat_category, day)
        return Decimal(str(rate.rate)) / 100 if rate else Decimal(0)

    @api.model
    def _get_currency(self, context, code: str):
        if not code:
            return context.backend.company_id.currency_id
        name = CURRENCY_CODES.get(code.lower(), code.upper())
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", name)], limit=1)
        )
        if not currency:
            raise RowError(self.env._("Unknown currency: %(code)s.", code=code[:20]))
        return currency

    # === Stock ===

    @api.model
    def _set_stock(self, context, offer, product) -> bool:
        """Set the stock of linked warehouses; tell whether any has changed."""
        if not product.is_storable:
            return False
        changed = False
        for warehouse, quantity in self._get_stock(context, offer).items():
            changed |= self._set_quantity(product, warehouse, float(quantity))
        return changed

    @api.model
    def _get_stock(self, context, offer) -> dict:
        """Return the quantity by warehouse, as far as warehouses are linked."""
        result: dict = {}
        for stock in offer.stocks:
            binding = context.caches["warehouse"].get(stock.depot_guid)
            warehouse = binding._get_record() if binding else None
            if not stock.depot_guid:
                warehouse = context.backend.warehouse_id
            if warehouse:
                result[warehouse] = result.get(warehouse, Decimal(0)) + stock.quantity
        if not offer.stocks and offer.quantity is not None:
            if context.backend.warehouse_id:
                result[context.backend.warehouse_id] = offer.quantity
        return result

    @api.model
    def _set_quantity(self, product, warehouse, quantity: float) -> bool:
        location = warehouse.lot_stock_id
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        present = sum(
            quants.search(
                [("product_id", "=", product.id), ("location_id", "=", location.id)]
            ).mapped("quantity")
        )
        if product.uom_id.compare(present, quantity) == 0:
            return False
        quants.create(
            {
                "product_id": product.id,
                "location_id": location.id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()
        return True
