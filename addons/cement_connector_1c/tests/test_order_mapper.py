# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime
from decimal import Decimal

from lxml import etree

from odoo.tests import tagged

from ..tools.commerceml.orders import PartyKind
from ..tools.commerceml.rules import validate_order
from ..tools.commerceml.writer import write_orders
from .common import GUIDS, OneCCommon
from .kernel import XSD_210


@tagged("post_install", "-at_install")
class TestOrderMapper(OneCCommon):
    def doc(self, order):
        docs = self.env["cement.connector.order.mapper"]._prepare_docs(
            self.backend, order.onec_offer_ids
        )
        doc = docs[order.id]
        self.assertEqual(validate_order(doc, self.backend._get_profile()), [])
        return doc

    def test_head(self):
        order = self._create_order()
        order.date_order = datetime(2026, 2, 3, 21, 30, 5)
        doc = self.doc(order)
        self.assertEqual(doc.number, order.name)
        self.assertLessEqual(len(doc.number), 11)
        # Moscow is three hours ahead: the order belongs to the next day there
        self.assertEqual(doc.moment, datetime(2026, 2, 4, 0, 30, 5))
        self.assertEqual(doc.currency, "RUB")
        self.assertEqual(doc.total, Decimal(f"{order.amount_total:.2f}"))
        self.assertIn(self.agreement.code, doc.comment)

    def test_line(self):
        order = self._create_order(20.5)
        line = order.order_line
        (sent,) = self.doc(order).lines
        self.assertEqual(sent.quantity, Decimal("20.500"))
        self.assertEqual(sent.unit.code, "168")
        self.assertEqual(sent.article, line.product_id.default_code)
        self.assertEqual(sent.vat_rate, "22")
        self.assertEqual(sent.price, Decimal(f"{line.price_unit:.2f}"))
        self.assertEqual(sent.vat_amount, Decimal(f"{line.price_tax:.2f}"))

    def test_prices_with_and_without_vat(self):
        for included in (True, False):
            specification = self._create_specification(
                self.agreement, price_include_vat=included
            )
            order = self._create_order(line=specification.line_ids)
            doc = self.doc(order)
            self.assertEqual(doc.vat_included, included)
            (sent,) = doc.lines
            total = order.amount_total if included else order.amount_untaxed
            self.assertEqual(sent.total, Decimal(f"{total:.2f}"))
            self.assertEqual(doc.lines_total, Decimal(f"{order.amount_total:.2f}"))

    def test_pieces(self):
        order = self._create_order(6.0, line=self.line_pallet)
        (sent,) = self.doc(order).lines
        self.assertEqual((sent.quantity, sent.unit.code), (Decimal("4.000"), "796"))

    def test_guid_of_1c_when_it_is_known(self):
        order = self._create_order()
        own = self.doc(order)
        self.assertEqual(self.doc(order), own)  # stable
        template = order.order_line.product_id.product_tmpl_id
        for kind, guid, record in (
            ("product", GUIDS[1], template),
            ("partner", GUIDS[2], self.client),
        ):
            self.env["cement.connector.binding"].create(
                {
                    "backend_id": self.backend.id,
                    "kind": kind,
                    "guid": guid,
                    "res_id": record.id,
                }
            )
        doc = self.doc(order)
        self.assertEqual(doc.lines[0].guid, GUIDS[1])
        self.assertEqual(doc.counterparty.guid, GUIDS[2])

    def test_a_characteristic_travels_behind_its_item(self):
        order = self._create_order()
        self.env["cement.connector.binding"].create(
            {
                "backend_id": self.backend.id,
                "kind": "variant",
                "guid": f"{GUIDS[1]}#{GUIDS[2]}",
                "res_id": order.order_line.product_id.id,
            }
        )
        (line,) = self.doc(order).lines
        self.assertEqual((line.guid, line.variant_guid), (GUIDS[1], GUIDS[2]))

    def test_a_sole_proprietor_is_no_company(self):
        order = self._create_order()
        self.client.write({"vat": "500100732259", "kpp": False, "legal_form": "sole"})
        doc = self.doc(order)
        self.assertEqual(doc.counterparty.kind, PartyKind.ENTREPRENEUR)
        self.assertEqual(doc.counterparty.kpp, "")

    def test_the_address_is_where_the_goods_go(self):
        order = self._create_order()
        self.site.write({"city": "Тула", "street": "Заводская, 1"})
        self.assertEqual(self.doc(order).counterparty.address, self.site.address_line)

    def test_valid_by_the_published_schema(self):
        if not XSD_210.exists():
            self.skipTest("no CommerceML 2.10 XSD beside the checkout")
        schema = etree.XMLSchema(etree.parse(str(XSD_210)))
        docs = [self.doc(self._create_order()) for _n in range(2)]
        body = write_orders(docs, generated_at=datetime(2026, 2, 3)).decode()
        body = body.replace(
            "<КоммерческаяИнформация ",
            '<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ',
            1,
        )
        self.assertTrue(
            schema.validate(etree.fromstring(body.encode())), schema.error_log
        )
