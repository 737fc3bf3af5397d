# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Every rule of section 1.4.1 of the 1C sheet, on the bytes that are sent."""

from datetime import date, datetime, timezone
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ..tools.commerceml.orders import Encoding, PartyKind, Unit, Warehouse
from ..tools.commerceml.rules import Profile, validate_order
from ..tools.commerceml.values import clean_line
from ..tools.commerceml.writer import OrderRuleError, write_orders
from .kernel import (
    GUID,
    ITEM,
    NOW,
    XSD_210,
    KernelCase,
    make_line,
    make_order,
    make_party,
    orders,
)


def written(*docs, **options) -> etree._Element:
    return etree.fromstring(write_orders(docs, generated_at=NOW, **options))


class TestWriterRules(KernelCase):
    def codes(self, doc, **profile) -> set[str]:
        return {problem.code for problem in validate_order(doc, Profile(**profile))}

    def assertRefused(self, code: str, doc, **profile) -> None:
        self.assertIn(code, self.codes(doc, **profile))
        with self.assertRaises(OrderRuleError):
            write_orders([doc], generated_at=NOW, profile=Profile(**profile))

    def test_the_plain_order_has_no_problem(self):
        self.assertEqual(validate_order(make_order()), [])

    def test_body_begins_with_the_declaration(self):
        body = write_orders([make_order()], generated_at=NOW)
        self.assertTrue(body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>'))

    def test_no_namespace(self):
        body = write_orders([make_order()], generated_at=NOW)
        self.assertNotIn(b"xmlns", body)

    def test_no_orders_give_the_bare_root(self):
        root = written()
        self.assertEqual(root.tag, "КоммерческаяИнформация")
        self.assertEqual(len(root), 0)
        self.assertEqual(root.get("ДатаФормирования"), "2026-02-03T10:15:00")
        self.assertEqual(root.get("ВерсияСхемы"), "2.07")

    def test_operation_is_an_order_in_every_document(self):
        root = written(make_order(), make_order(number="P0001235"))
        self.assertEqual(
            root.xpath("Документ/ХозОперация/text()"), ["Заказ товара"] * 2
        )

    def test_currency_is_never_empty(self):
        self.assertEqual(written(make_order()).findtext("Документ/Валюта"), "RUB")
        for currency in ("", "РУБ", "RU", "RUBL"):
            self.assertRefused("currency_bad", make_order(currency=currency))

    def test_number_has_at_most_eleven_characters(self):
        self.assertEqual(self.codes(make_order(number="12345678901")), set())
        self.assertRefused("number_too_long", make_order(number="P12345678901"))
        self.assertRefused("number_empty", make_order(number=""))
        self.assertRefused("number_empty", make_order(number=" P1"))

    def test_a_number_is_not_repeated_in_a_batch(self):
        with self.assertRaises(OrderRuleError):
            write_orders([make_order(), make_order()], generated_at=NOW)

    def test_local_date_and_time_without_zone(self):
        root = written(make_order())
        self.assertEqual(root.findtext("Документ/Дата"), "2026-02-03")
        self.assertEqual(root.findtext("Документ/Время"), "10:12:44")
        aware = datetime(2026, 2, 3, tzinfo=timezone.utc)
        self.assertRefused("moment_has_zone", make_order(moment=aware))

    def test_warehouse_whole_or_not_at_all(self):
        self.assertIsNone(written(make_order()).find("Документ/Склады"))
        whole = Warehouse(guid=GUID, name="Склад", address="Завод", contact="+7")
        root = written(make_order(warehouse=whole))
        node = root.find("Документ/Склады/Склад")
        for path in (
            "Ид",
            "Наименование",
            "Адрес/АдресноеПоле/Тип",
            "Адрес/АдресноеПоле/Значение",
            "Контакты/Контакт/Тип",
            "Контакты/Контакт/Значение",
        ):
            self.assertTrue(node.findtext(path), path)
        for hole in ("name", "address", "contact"):
            values = {"name": "С", "address": "А", "contact": "К", hole: " "}
            broken = make_order(warehouse=Warehouse(guid=GUID, **values))
            self.assertRefused("warehouse_incomplete", broken)

    def test_one_counterparty(self):
        self.assertEqual(len(written(make_order()).findall(".//Контрагент")), 1)

    def test_official_name_for_companies_only(self):
        node = written(make_order()).find(".//Контрагент")
        self.assertIsNotNone(node.find("ОфициальноеНаименование"))
        self.assertIsNone(node.find("ПолноеНаименование"))
        for kind in (PartyKind.ENTREPRENEUR, PartyKind.PERSON):
            party = make_party(kind=kind, inn="500100732259", kpp="")
            node = written(make_order(counterparty=party)).find(".//Контрагент")
            self.assertIsNone(node.find("ОфициальноеНаименование"))
            self.assertIsNotNone(node.find("ПолноеНаименование"))
            self.assertEqual(node.findtext("ИНН"), "500100732259")

    def test_counterparty_needs_a_name(self):
        party = make_party(name=" \x0b")
        self.assertRefused("party_name_empty", make_order(counterparty=party))

    def test_inn_and_kpp_as_the_lookup_of_1c_wants_them(self):
        for changes, code in (
            ({"inn": ""}, "inn_missing"),
            ({"inn": "500100732259"}, "inn_bad"),  # an ИП dressed as a company
            ({"inn": "77070838"}, "inn_bad"),
            ({"inn": "77070838９3"}, "inn_bad"),
            ({"kpp": "7707010010"}, "kpp_bad"),
            (
                {"kind": PartyKind.ENTREPRENEUR, "inn": "500100732259"},
                "kpp_of_person",
            ),
        ):
            doc = make_order(counterparty=make_party(**changes))
            self.assertRefused(code, doc)
        by_name = make_order(counterparty=make_party(inn="", kpp=""))
        self.assertEqual(self.codes(by_name, require_inn=False), set())

    def test_a_foreign_counterparty_keeps_its_own_numbers(self):
        party = make_party(inn="181310839110", kpp="", foreign=True)
        doc = make_order(counterparty=party)
        self.assertEqual(validate_order(doc), [])

    def test_address_has_a_representation_and_no_parts(self):
        node = written(make_order()).find(".//Контрагент/Адрес")
        self.assertEqual(node.findtext("Представление")[:6], "140000")
        self.assertEqual(len(node), 1)
        party = make_party(address="")
        self.assertIsNone(
            written(make_order(counterparty=party)).find(".//Контрагент/Адрес")
        )

    def test_ship_date_only_when_the_order_leaves_whole(self):
        day = date(2026, 2, 5)
        parts = written(make_order(ship_date=day, leaves_in_parts=True))
        self.assertNotIn("Дата отгрузки", parts.xpath("//Наименование/text()"))
        whole = written(make_order(ship_date=day, leaves_in_parts=False))
        self.assertIn("Дата отгрузки", whole.xpath("//Наименование/text()"))
        # «с» may be typed in Latin: it means the same to a reader.
        for name in ("Дата отгрузки", "дата  отгрузки", "Дата oтгрузки"):
            doc = make_order(requisites=((name, "2026-02-05"),))
            self.assertRefused("ship_date_forbids_parts", doc)

    def test_own_requisites_are_not_written_twice(self):
        doc = make_order(requisites=(("отменён", "true"),))
        self.assertRefused("requisite_reserved", doc)
        self.assertRefused("requisite_unnamed", make_order(requisites=(("", "x"),)))

    def test_cancelled_and_status_requisites(self):
        root = written(make_order(cancelled=True, payment_method="Безналичная"))
        pairs = dict(
            zip(
                root.xpath("Документ/ЗначенияРеквизитов/*/Наименование/text()"),
                root.xpath("Документ/ЗначенияРеквизитов/*/Значение/text()"),
                strict=True,
            )
        )
        self.assertEqual(pairs["Отменен"], "true")
        self.assertEqual(pairs["Статус заказа"], "Отправлен поставщику")
        self.assertEqual(pairs["Метод оплаты"], "Безналичная")

    def test_item_identifier(self):
        self.assertEqual(written(make_order()).findtext(".//Товар/Ид"), ITEM)
        variant = make_order(lines=(make_line(variant_guid=GUID),))
        self.assertEqual(written(variant).findtext(".//Товар/Ид"), f"{ITEM}#{GUID}")
        for changes, code in (
            ({"variant_guid": ITEM.upper()}, "item_is_own_variant"),
            ({"guid": ""}, "item_guid_bad"),
            ({"guid": "ORDER_DELIVERY"}, "item_guid_bad"),
            ({"guid": f"{ITEM}#{ITEM}"}, "item_guid_bad"),
            ({"variant_guid": "x"}, "item_guid_bad"),
            ({"name": ""}, "item_name_empty"),
        ):
            self.assertRefused(code, make_order(lines=(make_line(**changes),)))

    def test_kind_of_item_is_in_its_requisites(self):
        root = written(make_order(lines=(make_line(), make_line(is_service=True))))
        self.assertEqual(
            root.xpath("//Товар/ЗначенияРеквизитов/*/Наименование/text()"),
            ["ТипНоменклатуры"] * 2,
        )
        self.assertEqual(
            root.xpath("//Товар/ЗначенияРеквизитов/*/Значение/text()"),
            ["Товар", "Услуга"],
        )

    def test_unit_coefficient_and_vat_in_every_line(self):
        piece = Unit(code="796", name="шт")
        zero = Decimal(0)
        second = make_line(unit=piece, vat_rate="0", vat_amount=zero)
        root = written(make_order(lines=(make_line(), second, make_line())))
        rows = [
            (
                row.find("БазоваяЕдиница").get("Код"),
                row.findtext("Единица"),
                row.findtext("Коэффициент"),
                row.findtext("СтавкиНалогов/СтавкаНалога/Наименование"),
                row.findtext("СтавкиНалогов/СтавкаНалога/Ставка"),
            )
            for row in root.iter("Товар")
        ]
        tonne = ("168", "168", "1", "НДС", "22")
        self.assertEqual(rows, [tonne, ("796", "796", "1", "НДС", "0"), tonne])

    def test_unit_code_fits_its_field(self):
        for code in ("", "т", "16", "16800", " 168", "168 "):
            line = make_line(unit=Unit(code=code, name="т"))
            self.assertRefused("unit_code_bad", make_order(lines=(line,)))

    def test_vat_rate_is_one_the_release_knows(self):
        doc = make_order()
        self.assertEqual(doc.lines[0].vat_rate, "22")
        old = frozenset({"0", "10", "18", "20"})
        self.assertRefused("vat_rate_unknown", doc, vat_rates=old)
        line = make_line(vat_rate="22%")
        self.assertRefused("vat_rate_unknown", make_order(lines=(line,)))

    def test_vat_of_the_document_says_whether_prices_hold_it(self):
        tax = written(make_order()).find("Документ/Налоги/Налог")
        self.assertEqual(
            [child.text for child in tax], ["НДС", "true", "30250.00", "22"]
        )
        line = make_line(total=Decimal("167750"), vat_amount=Decimal("36905"))
        net = make_order(lines=(line,), vat_included=False, total=Decimal("204655.00"))
        tax = written(net).find("Документ/Налоги/Налог")
        self.assertEqual(tax.findtext("УчтеноВСумме"), "false")
        self.assertEqual(written(net).findtext("Документ/Сумма"), "204655.00")

    def test_no_discounts_travel(self):
        self.assertIsNone(written(make_order()).find(".//Скидки"))

    def test_sums_have_two_digits_and_no_exponent(self):
        line = make_line(
            quantity=Decimal("1E+3"), price=Decimal("1E+2"), total=Decimal("1E+5")
        )
        root = written(make_order(lines=(line,), total=Decimal("1E+5")))
        self.assertEqual(root.findtext("Документ/Сумма"), "100000.00")
        self.assertEqual(root.findtext(".//Товар/ЦенаЗаЕдиницу"), "100.00")
        self.assertEqual(root.findtext(".//Товар/Количество"), "1000.000")

    def test_numbers_that_would_choke_1c(self):
        for changes, code in (
            ({"quantity": Decimal(0)}, "quantity_bad"),
            ({"quantity": Decimal(-1)}, "quantity_bad"),
            ({"quantity": Decimal("NaN")}, "quantity_bad"),
            ({"quantity": Decimal("27.5001")}, "quantity_too_fine"),
            ({"price": Decimal("Infinity")}, "sum_bad"),
            ({"price": Decimal("-1")}, "sum_bad"),
            ({"total": Decimal("1E+16")}, "sum_bad"),
            ({"vat_amount": Decimal("-0.01")}, "sum_bad"),
            ({"total": Decimal("167000.00")}, "line_sum_mismatch"),
            ({"coefficient": Decimal(0)}, "coefficient_bad"),
        ):
            doc = make_order(lines=(make_line(**changes),), total=Decimal("167750"))
            self.assertRefused(code, doc)
        self.assertRefused("total_mismatch", make_order(total=Decimal("167749.98")))
        self.assertRefused("rate_bad", make_order(rate=Decimal(0)))
        self.assertRefused("no_lines", make_order(lines=(), total=Decimal(0)))

    def test_texts_are_cut_to_the_limits_of_the_schema(self):
        doc = make_order(
            comment="к" * 4000,
            counterparty=make_party(name="и" * 300, address="а" * 300),
            lines=(make_line(name="т" * 300),),
        )
        root = written(doc)
        self.assertEqual(len(root.findtext("Документ/Комментарий")), 3000)
        self.assertEqual(len(root.findtext(".//Контрагент/Наименование")), 255)
        self.assertEqual(len(root.findtext(".//Адрес/Представление")), 255)
        self.assertEqual(len(root.findtext(".//Товар/Наименование")), 255)

    def test_illegal_characters_are_left_out(self):
        doc = make_order(comment="в\x00о\x0bд\ufffeа\r\n2")
        self.assertEqual(written(doc).findtext("Документ/Комментарий"), "вода\n2")

    def test_encodings(self):
        doc = make_order(comment="цемент № 5 – 😀")
        for encoding, head, codec in (
            (Encoding.UTF8, b'<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
            (Encoding.UTF8_BOM, b"\xef\xbb\xbf<?xml", "utf-8"),
            (
                Encoding.CP1251,
                b'<?xml version="1.0" encoding="windows-1251"?>',
                "cp1251",
            ),
        ):
            body = write_orders([doc], generated_at=NOW, encoding=encoding)
            self.assertTrue(body.startswith(head), encoding)
            self.assertIn("Комментарий".encode(codec), body)
            root = etree.fromstring(body)
            self.assertEqual(root.findtext("Документ/Комментарий"), "цемент № 5 – 😀")

    def test_identifiers_fit_the_schema(self):
        self.assertRefused("identifier_bad", make_order(guid="x" * 41))
        self.assertRefused("identifier_bad", make_order(guid=""))


class TestWriterSchema(KernelCase):
    def schema(self) -> etree.XMLSchema:
        if not XSD_210.exists():
            self.skipTest("no CommerceML 2.10 XSD beside the checkout")
        return etree.XMLSchema(etree.parse(str(XSD_210)))

    def assertValid(self, schema: etree.XMLSchema, body: bytes) -> None:
        head = "<КоммерческаяИнформация ".encode()
        marked = head + b'xmlns="urn:1C.ru:commerceml_2" '
        tree = etree.fromstring(body.replace(head, marked, 1))
        self.assertTrue(schema.validate(tree), schema.error_log)

    def test_empty_and_plain_batches_are_valid(self):
        schema = self.schema()
        self.assertValid(schema, write_orders([], generated_at=NOW))
        person = make_party(kind=PartyKind.PERSON, inn="500100732259", kpp="")
        batch = [make_order(), make_order(number="P2", counterparty=person)]
        self.assertValid(schema, write_orders(batch, generated_at=NOW))

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(orders(), max_size=3, unique_by=lambda doc: doc.number))
    def test_every_batch_is_valid(self, batch):
        self.assertValid(self.schema(), write_orders(batch, generated_at=NOW))

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(orders())
    def test_generated_orders_keep_the_rules(self, doc):
        self.assertEqual(validate_order(doc), [])
        self.assertEqual(
            written(doc).findtext(".//Контрагент/Наименование"),
            clean_line(doc.counterparty.name, 255),
        )
