# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import logging
import uuid
from decimal import Decimal

from odoo import api, models
from odoo.tools import format_date

from ..tools.commerceml.orders import (
    Counterparty,
    OrderDoc,
    OrderLine,
    PartyKind,
    Unit,
)
from ..tools.commerceml.rules import Problem
from ..tools.commerceml.values import money

_logger = logging.getLogger(__name__)

NO_VAT = "Без НДС"
_KINDS = {
    "company": PartyKind.COMPANY,
    "sole": PartyKind.ENTREPRENEUR,
    "person": PartyKind.PERSON,
}


class CementConnectorOrderMapper(models.AbstractModel):
    """Orders as the documents 1C takes. It only reads."""

    _name = "cement.connector.order.mapper"
    _description = "Orders as documents of 1C"

    @api.model
    def _prepare_docs(self, backend, offers) -> dict[int, OrderDoc | None]:
        """Return the documents by order id, in a handful of queries for all.

        An order that cannot be put into words gives None: it must not hold the
        others back.
        """
        orders = offers.order_id
        products = orders.order_line.product_id
        bindings = self.env["cement.connector.binding"]
        facts = {
            "database": self.env["ir.config_parameter"].get_param("database.uuid"),
            "partners": bindings._get_guids(backend, "partner", orders.counterparty_id),
            "variants": bindings._get_guids(backend, "variant", products),
            "items": bindings._get_guids(backend, "product", products.product_tmpl_id),
        }
        docs: dict[int, OrderDoc | None] = {}
        for offer in offers:
            try:
                doc = self._prepare_doc(backend, offer, facts)
            except (ArithmeticError, LookupError, TypeError, ValueError):
                _logger.exception("1C exchange: order %s", offer.order_id.id)
                doc = None
            docs[offer.order_id.id] = doc
        return docs

    @api.model
    def _prepare_doc(self, backend, offer, facts) -> OrderDoc:
        order = offer.order_id
        included = self._is_vat_included(order)
        return OrderDoc(
            guid=offer.guid,
            number=order.name or "",
            moment=backend._to_local(order.date_order).replace(microsecond=0),
            counterparty=self._prepare_party(order, facts),
            lines=tuple(
                self._prepare_line(line, included, facts)
                for line in self._get_lines(order)
            ),
            total=self._decimal(order.amount_total, 2),
            currency=order.currency_id.name or "",
            rate=self._get_rate(order),
            vat_included=included,
            comment=self._prepare_comment(order),
            status=backend.order_status_text or "",
            cancelled=order.cement_state == "cancelled" or order.state == "cancel",
        )

    @api.model
    def _get_lines(self, order):
        return order.order_line.filtered(
            lambda line: not line.display_type and line.product_uom_qty
        )

    @api.model
    def _is_vat_included(self, order) -> bool:
        """Prices hold VAT unless every line says that they do not."""
        taxes = order.order_line.tax_ids
        return not taxes or any(taxes.mapped("price_include"))

    @api.model
    def _get_rate(self, order) -> Decimal:
        """Return roubles (the company's currency) for one unit of the order's."""
        rate = order.currency_rate or 1.0
        return self._decimal(1.0 / rate, 4)

    @api.model
    def _prepare_party(self, order, facts) -> Counterparty:
        partner = order.counterparty_id
        inn = (partner.vat or "").strip()
        fallback = "sole" if len(inn) == 12 else "company"
        kind = _KINDS[partner.legal_form or fallback]
        is_company = kind is PartyKind.COMPANY
        return Counterparty(
            guid=facts["partners"].get(partner.id)
            or self._own_guid(facts, "res.partner", partner.id),
            name=partner.name or "",
            full_name=partner.full_name or partner.name or "",
            kind=kind,
            inn=inn,
            kpp=(partner.kpp or "").strip() if is_company else "",
            address=self._get_address(order),
            foreign=bool(partner.country_id) and partner.country_id.code != "RU",
        )

    @api.model
    def _get_address(self, order) -> str:
        """Return the delivery address: 1C takes it from the counterparty."""
        place = order.site_id.address_line
        if place and not order.delivery_method_id.is_pickup:
            return place
        partner = order.counterparty_id
        parts = (partner.zip, partner.city, partner.street, partner.street2)
        return ", ".join(filter(None, parts))

    @api.model
    def _prepare_line(self, line, included: bool, facts) -> OrderLine:
        product = line.product_id
        quantity = self._decimal(
            line.product_uom_id._compute_quantity(
                line.product_uom_qty, product.uom_id, round=False
            ),
            3,
        )
        total = self._decimal(line.price_total if included else line.price_subtotal, 2)
        return OrderLine(
            guid=self._get_item_guid(product, facts),
            variant_guid=self._get_variant_guid(product, facts),
            article=product.default_code or "",
            name=product.with_context(display_default_code=False).display_name,
            unit=Unit(
                code=product.uom_id.okei_code or "",
                name=product.uom_id.name or "",
            ),
            quantity=quantity,
            price=self._get_price(line, included, quantity, total),
            total=total,
            vat_rate=self._get_vat_text(line),
            vat_amount=self._decimal(line.price_tax, 2),
            is_service=product.type == "service",
        )

    @api.model
    def _get_price(self, line, included: bool, quantity: Decimal, total) -> Decimal:
        """Return the price a unit as agreed, where the document speaks of the same
        unit and the same VAT; otherwise what the sum of the line gives."""
        taxes = line.tax_ids
        same_vat = not taxes or included == any(taxes.mapped("price_include"))
        same_unit = line.product_uom_id == line.product_id.uom_id
        if same_unit and same_vat and not line.discount:
            return self._decimal(line.price_unit, 2)
        return money(total / quantity) if quantity else Decimal(0)

    @api.model
    def _get_item_guid(self, product, facts) -> str:
        variant = facts["variants"].get(product.id)
        if variant:
            return variant.partition("#")[0]
        template = product.product_tmpl_id
        return facts["items"].get(template.id) or self._own_guid(
            facts, "product.template", template.id
        )

    @api.model
    def _get_variant_guid(self, product, facts) -> str:
        return facts["variants"].get(product.id, "").partition("#")[2]

    @api.model
    def _get_vat_text(self, line) -> str:
        """Return the rate as 1C matches it: a text."""
        tax = line.tax_ids[:1]
        if not tax or tax.cement_vat_rate_id.category == "none":
            return NO_VAT
        rate = tax.cement_vat_rate_id.rate if tax.cement_vat_rate_id else tax.amount
        return f"{rate:g}"

    @api.model
    def _prepare_comment(self, order) -> str:
        """Return what the accountant should know and no field of 1C takes."""
        day = order.promised_date or order.requested_date
        load = ""
        if order.load_mass:
            load = self.env._("%(mass)s t", mass=f"{order.load_mass:g}")
        vehicle = ", ".join(filter(None, (order.vehicle_type_id.name, load)))
        consignee = order.consignee_id or order.partner_shipping_id
        pairs = [
            (self.env._("Contract"), order.agreement_id.code),
            (self.env._("Delivery"), order.delivery_method_id.name),
            (self.env._("Day"), format_date(self.env, day) if day else ""),
            (self.env._("Vehicle"), vehicle),
            (self.env._("Site"), order.site_id.display_name),
            (
                self.env._("Consignee"),
                consignee.name if consignee != order.counterparty_id else "",
            ),
            (self.env._("Unloading"), order.unloading_way_id.name),
            (self.env._("Client's number"), order.client_order_ref),
        ]
        return "; ".join(f"{title}: {text}" for title, text in pairs if text)

    @api.model
    def _own_guid(self, facts, model: str, record_id: int) -> str:
        """Return a stable identifier of a record that 1C has not named yet."""
        name = f"{facts['database']}:{model}:{record_id}"
        return str(uuid.uuid5(uuid.NAMESPACE_URL, name))

    @api.model
    def _decimal(self, value: float, digits: int) -> Decimal:
        """Return a float of the database as the decimal that was meant."""
        return Decimal(f"{value:.{digits}f}")

    # === What only the portal can know ===

    @api.model
    def _get_own_problems(self, order, doc: OrderDoc) -> list[Problem]:
        """Return what the rules of a document cannot see.

        An item that is neither linked nor has an article would be born anew in 1C.
        """
        bindings = self.env["cement.connector.binding"].search(
            [
                ("kind", "in", ("product", "variant")),
                ("guid", "in", [line.guid for line in doc.lines]),
            ]
        )
        linked = {binding.guid for binding in bindings}
        return [
            Problem("item_unknown", f"line {number}", line.name)
            for number, line in enumerate(doc.lines, start=1)
            if not line.article and line.guid not in linked and not line.variant_guid
        ]

    @api.model
    def _describe(self, problem: Problem) -> str:
        """Return a broken rule in words: what is wrong and what to do."""
        text = self._get_problem_texts().get(problem.code, problem.code)
        where = problem.where.replace("line", self.env._("line"))
        where = "" if where in ("order", "counterparty", "requisites") else f"{where}: "
        value = f" ({problem.value})" if problem.value else ""
        return f"{where}{text}{value}"

    @api.model
    def _get_problem_texts(self) -> dict[str, str]:
        return {
            "identifier_bad": self.env._("The identifier is empty or too long."),
            "number_empty": self.env._("The order has no number."),
            "number_too_long": self.env._(
                "The number is longer than 11 characters: 1C would never find the "
                "order again."
            ),
            "moment_has_zone": self.env._("The date carries a time zone."),
            "currency_bad": self.env._("The currency code must have three letters."),
            "rate_bad": self.env._("The currency rate is not positive."),
            "no_lines": self.env._("The order has no goods."),
            "total_mismatch": self.env._(
                "The sum of the lines is not the sum of the order."
            ),
            "party_name_empty": self.env._("The counterparty has no name."),
            "inn_missing": self.env._(
                "The counterparty has no INN: 1C would create a new one. Enter it."
            ),
            "inn_bad": self.env._(
                "The INN does not fit the legal form: 10 digits for a company, 12 for "
                "a sole proprietor or a person."
            ),
            "kpp_bad": self.env._("The KPP must have nine characters."),
            "kpp_of_person": self.env._("Only a company has a KPP: remove it."),
            "requisite_unnamed": self.env._("A requisite has no name."),
            "ship_date_forbids_parts": self.env._(
                "The ship date would forbid partial shipment."
            ),
            "requisite_reserved": self.env._("A requisite is written twice."),
            "warehouse_incomplete": self.env._(
                "The warehouse lacks name, address or contact."
            ),
            "item_guid_bad": self.env._("The identifier of the item is no GUID."),
            "item_is_own_variant": self.env._("The item is its own characteristic."),
            "item_name_empty": self.env._("The item has no name."),
            "item_unknown": self.env._(
                "The item is not linked with 1C and has no article: 1C would create a "
                "new one. Enter the article or send the catalogue from 1C."
            ),
            "unit_code_bad": self.env._(
                "The unit of measure has no OKEI code. Enter it in the unit."
            ),
            "coefficient_bad": self.env._(
                "The coefficient of the unit is not positive."
            ),
            "vat_rate_unknown": self.env._(
                "This release of 1C does not know the VAT rate and would read it as 0. "
                "Update 1C, then add the rate to the settings of the exchange."
            ),
            "quantity_bad": self.env._("The quantity is not positive."),
            "quantity_too_fine": self.env._("The quantity has more than three digits."),
            "sum_bad": self.env._("A sum is negative or too large."),
            "line_sum_mismatch": self.env._(
                "Price times quantity is not the sum of the line."
            ),
        }
