# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Dialects, dirt and attacks; and the round trip writer -> reader."""

import io
import os
import time
from datetime import datetime
from decimal import Decimal
from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..tools.commerceml import records
from ..tools.commerceml.orders import Encoding, PartyKind
from ..tools.commerceml.reader import Limits, ReadError, read
from ..tools.commerceml.values import (
    clean_line,
    clean_text,
    money,
    parse_bool,
    parse_decimal,
    parse_moment,
    split_item_id,
)
from ..tools.commerceml.writer import write_orders
from .kernel import GUID, NOW, KernelCase, make_order, orders, shared_sample

NAMESPACES = (
    "",
    ' xmlns="urn:1C.ru:commerceml_2"',
    ' xmlns="urn:1C.ru:commerceml_210"',
    ' xmlns="urn:1C.ru:commerceml_3"',
)
G1 = "aaaaaaaa-0000-4000-8000-000000000001"
G2 = "aaaaaaaa-0000-4000-8000-000000000002"
G3 = "aaaaaaaa-0000-4000-8000-000000000003"


def cml(body: str, attributes: str = "", declared: str = "UTF-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n<КоммерческаяИнформация'
        f' ВерсияСхемы="2.07" ДатаФормирования="2026-02-03T10:15:00"{attributes}>'
        f"{body}</КоммерческаяИнформация>"
    )


def items(data: bytes | str, kind: type, **limits) -> list:
    if isinstance(data, str):
        data = data.encode()
    return [r for r in read(data, Limits(**limits)) if isinstance(r, kind)]


def resident_size(case: KernelCase) -> int:
    """Return the memory of this process in bytes."""
    path = Path("/proc/self/statm")
    if not path.exists():
        case.skipTest("the memory of a process is read from /proc")
    return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class TestRoundTrip(KernelCase):
    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(orders(), max_size=3, unique_by=lambda doc: doc.number),
        st.sampled_from(Encoding),
    )
    def test_what_is_written_is_read(self, batch, encoding):
        body = write_orders(batch, generated_at=NOW, encoding=encoding)
        head, *docs = list(read(body))
        self.assertEqual(head.schema_version, "2.07")
        self.assertEqual(head.generated_at, NOW)
        self.assertEqual(len(docs), len(batch))
        for order, doc in zip(batch, docs, strict=True):
            self.check(order, doc)

    def check(self, order, doc):
        self.assertEqual(doc.issues, ())
        self.assertTrue(doc.is_order)
        self.assertEqual(doc.guid, order.guid)
        self.assertEqual(doc.number, order.number)
        self.assertEqual(doc.moment, order.moment)
        self.assertEqual(doc.total, money(order.total))
        self.assertEqual(doc.currency, order.currency)
        self.assertEqual(doc.comment, clean_text(order.comment, 3000))
        self.assertEqual(doc.cancelled, order.cancelled)
        party = doc.parties[0]
        self.assertEqual(party.is_company, order.counterparty.kind == PartyKind.COMPANY)
        self.assertEqual(party.name, clean_line(order.counterparty.name, 255))
        self.assertEqual((party.inn, party.kpp), self.numbers(order))
        vat = {tax.rate: tax.amount for tax in doc.taxes}
        self.assertEqual(vat, order.vat_by_rate())
        self.assertEqual(len(doc.lines), len(order.lines))
        for sent, got in zip(order.lines, doc.lines, strict=True):
            self.assertEqual(got.guid, sent.guid)
            self.assertEqual(got.variant_guid, sent.variant_guid)
            self.assertEqual(got.name, clean_line(sent.name, 255))
            self.assertEqual(got.quantity, sent.quantity)
            self.assertEqual(got.price, money(sent.price))
            self.assertEqual(got.total, money(sent.total))
            self.assertEqual(got.vat_rate, sent.vat_rate)
            self.assertEqual(got.unit.code, sent.unit.code)
            self.assertEqual(got.kind, "Услуга" if sent.is_service else "Товар")

    def numbers(self, order):
        return order.counterparty.inn, order.counterparty.kpp


class TestCatalogue(KernelCase):
    BODY = f"""
    <Классификатор><Ид>{G1.upper()}</Ид><Наименование>Основной</Наименование>
      <Владелец><Ид>x</Ид><Наименование>АО «Цемент»</Наименование></Владелец>
      <Группы><Группа><Ид>{G1}</Ид><Наименование>Цемент</Наименование>
        <Группы><Группа><Ид>{G2}</Ид><Наименование>Навал</Наименование></Группа></Группы>
      </Группа></Группы>
      <Свойства><Свойство><Ид>{G3}</Ид><Наименование>Марка</Наименование>
        <ТипЗначений>Справочник</ТипЗначений><ВариантыЗначений><Справочник>
        <ИдЗначения>{G1}</ИдЗначения><Значение>М500</Значение></Справочник>
        </ВариантыЗначений></Свойство></Свойства>
    </Классификатор>
    <Каталог СодержитТолькоИзменения="true"><Ид>{G2}</Ид>
      <ИдКлассификатора>{G1}</ИдКлассификатора><Наименование>Товары</Наименование>
      <Товары><Товар><Ид>{G3.upper()}</Ид><Штрихкод>4600000000000</Штрихкод>
        <Артикул> ЦЕМ-42.5 </Артикул><Наименование>Цемент  ЦЕМ II</Наименование>
        <БазоваяЕдиница Код="168 " НаименованиеПолное="Тонна (1000 кг)">т
          </БазоваяЕдиница>
        <Группы><Ид>{G2}</Ид></Группы><Описание>Строка 1
строка 2</Описание>
        <ЗначенияСвойств><ЗначенияСвойства><Ид>{G3}</Ид><Значение>{G1}</Значение>
        </ЗначенияСвойства></ЗначенияСвойств>
        <СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование>
          <Ставка>22</Ставка></СтавкаНалога></СтавкиНалогов>
        <ЗначенияРеквизитов>
          <ЗначениеРеквизита><Наименование>ТипНоменклатуры</Наименование>
            <Значение>Товар</Значение></ЗначениеРеквизита>
          <ЗначениеРеквизита><Наименование>Вес</Наименование>
            <Значение>1 000,5</Значение></ЗначениеРеквизита>
        </ЗначенияРеквизитов></Товар>
      <Товар Статус="Удален"><Ид>{G1}</Ид><Наименование>Старый</Наименование>
        <БазоваяЕдиница>796 </БазоваяЕдиница></Товар>
      <Товар><Ид>{G2}#{G2}</Ид><Наименование>Мешок</Наименование>
        <ПометкаУдаления>true</ПометкаУдаления>
        <БазоваяЕдиница><Код>796</Код><НаименованиеКраткое>шт</НаименованиеКраткое>
        </БазоваяЕдиница></Товар>
      </Товары></Каталог>"""

    def test_every_namespace_reads_alike(self):
        answers = [list(read(cml(self.BODY, ns).encode()))[1:] for ns in NAMESPACES]
        for answer in answers[1:]:
            self.assertEqual(answer, answers[0])

    def test_classifier(self):
        groups = items(cml(self.BODY), records.Group)
        self.assertEqual(
            [(g.guid, g.name, g.parent_guid) for g in groups],
            [(G1, "Цемент", ""), (G2, "Навал", G1)],
        )
        (prop,) = items(cml(self.BODY), records.Property)
        self.assertEqual((prop.name, prop.values), ("Марка", ((G1, "М500"),)))
        classifier, catalogue = items(cml(self.BODY), records.Section)
        self.assertEqual((classifier.guid, classifier.name), (G1, "Основной"))
        self.assertTrue(catalogue.only_changes)
        self.assertEqual(catalogue.classifier_guid, G1)

    def test_products(self):
        cement, old, sack = items(cml(self.BODY), records.Product)
        self.assertEqual(cement.guid, G3)
        self.assertEqual(cement.name, "Цемент ЦЕМ II")
        self.assertEqual(cement.article, "ЦЕМ-42.5")
        self.assertEqual(cement.unit.code, "168")
        self.assertEqual(cement.unit.name, "т")
        self.assertEqual(cement.vat_rate, "22")
        self.assertEqual(cement.weight, Decimal("1000.5"))
        self.assertEqual(cement.kind, "Товар")
        self.assertEqual(cement.description, "Строка 1\nстрока 2")
        self.assertEqual(cement.group_guids, (G2,))
        self.assertEqual(cement.properties, ((G3, (G1,)),))
        self.assertFalse(cement.deleted)
        self.assertTrue(old.deleted)
        self.assertEqual(old.unit.code, "796")
        self.assertTrue(sack.deleted)
        self.assertEqual((sack.guid, sack.variant_guid), (G2, ""))
        self.assertEqual((sack.unit.code, sack.unit.name), ("796", "шт"))

    def test_what_was_dealt_with_is_passed_by(self):
        data = cml(self.BODY).encode()
        whole = list(read(data))
        for skip in range(len(whole) + 2):
            found = list(read(data, skip=skip))
            self.assertEqual(len(found), len(whole))
            self.assertEqual(found[skip:], whole[skip:])
            for one, other in zip(found, whole, strict=True):
                self.assertIn(one, (None, other))

    def test_a_second_portion_without_classifier(self):
        body = f"<Каталог><Ид>{G2}</Ид><Товары><Товар><Ид>{G3}</Ид></Товар></Товары>"
        data = cml(body + "</Каталог>")
        self.assertEqual(len(items(data, records.Product)), 1)
        self.assertIsNone(items(data, records.Section)[0].only_changes)


class TestOffers(KernelCase):
    def package(self, offers: str, root: str = "ПакетПредложений") -> str:
        return cml(
            f"<{root} СодержитТолькоИзменения='false'><Ид>{G1}#</Ид>"
            f"<ИдКаталога>{G2}</ИдКаталога><ТипыЦен><ТипЦены><Ид>{G3}</Ид>"
            "<Наименование>Оптовая</Наименование><Валюта>RUB</Валюта><Налог>"
            "<Наименование>НДС</Наименование><УчтеноВСумме>true</УчтеноВСумме>"
            "</Налог></ТипЦены></ТипыЦен><Склады><Склад><Ид>s1</Ид>"
            "<Наименование>Завод</Наименование><Адрес><Представление>Ул. 1"
            "</Представление></Адрес></Склад></Склады>"
            f"<Предложения>{offers}</Предложения></{root}>"
        )

    def one(self, inner: str, root: str = "ПакетПредложений") -> records.Offer:
        data = self.package(f"<Предложение>{inner}</Предложение>", root)
        (offer,) = items(data, records.Offer)
        return offer

    def test_price_types_and_warehouses(self):
        data = self.package("")
        (kind,) = items(data, records.PriceType)
        self.assertEqual((kind.guid, kind.currency), (G3, "RUB"))
        self.assertTrue(kind.vat_included)
        (depot,) = items(data, records.Depot)
        self.assertEqual((depot.guid, depot.address), ("s1", "Ул. 1"))
        (section,) = items(data, records.Section)
        self.assertEqual(section.catalog_guid, G2)

    def test_prices(self):
        offer = self.one(
            f"<Ид>{G1}#{G2}</Ид><Цены><Цена><ИдТипаЦены>{G3}</ИдТипаЦены>"
            "<ЦенаЗаЕдиницу>6 100,50</ЦенаЗаЕдиницу><Валюта>RUB</Валюта>"
            "<Единица>т</Единица><Коэффициент>1</Коэффициент></Цена><Цена>"
            "<ИдТипаЦены>x</ИдТипаЦены><ЦенаЗаЕдиницу>дорого</ЦенаЗаЕдиницу></Цена>"
            "</Цены>"
        )
        self.assertEqual((offer.guid, offer.variant_guid), (G1, G2))
        (price,) = offer.prices
        self.assertEqual(price.value, Decimal("6100.50"))
        self.assertEqual(price.type_guid, G3)
        self.assertEqual(len(offer.issues), 1)

    def test_three_encodings_of_stock(self):
        plain = self.one(f"<Ид>{G1}</Ид><Количество>20</Количество>")
        self.assertEqual((plain.quantity, plain.stocks), (Decimal(20), ()))
        two = (("s1", Decimal(2)), ("s2", Decimal("3.5")))
        shapes = (
            '<Склад ИдСклада="s1" КоличествоНаСкладе="2"/>'
            '<Склад ИдСклада="s2" КоличествоНаСкладе="3,5"/>',
            '<Склады ИдСклада="s1" КоличествоНаСкладе="2"/>'
            '<Склады ИдСклада="s2" КоличествоНаСкладе="3.5"/>',
            "<Остатки><Остаток><Склад><Ид>s1</Ид><Количество>2</Количество></Склад>"
            "</Остаток><Остаток><Склад><Ид>s2</Ид><Количество>3.5</Количество>"
            "</Склад></Остаток></Остатки>",
        )
        for shape in shapes:
            offer = self.one(f"<Ид>{G1}</Ид>{shape}")
            got = tuple((s.depot_guid, s.quantity) for s in offer.stocks)
            self.assertEqual(got, two, shape)
            self.assertIsNone(offer.quantity)

    def test_stock_without_warehouse_in_rests(self):
        offer = self.one(
            f"<Ид>{G1}</Ид><Остатки><Остаток><Количество>7</Количество></Остаток>"
            "</Остатки>"
        )
        self.assertEqual(offer.stocks[0].quantity, Decimal(7))

    def test_package_of_changes(self):
        offer = self.one(
            f"<Ид>{G1}</Ид><ИдХарактеристики>{G2}</ИдХарактеристики>"
            "<КодЕдиницыИзмерения>168</КодЕдиницыИзмерения>"
            "<Количество>5</Количество>",
            root="ИзмененияПакетаПредложений",
        )
        self.assertEqual(offer.variant_guid, G2)
        self.assertEqual(offer.unit.code, "168")
        self.assertEqual(offer.quantity, Decimal(5))

    def test_absent_is_not_zero(self):
        offer = self.one(f"<Ид>{G1}</Ид>")
        self.assertIsNone(offer.quantity)
        self.assertEqual((offer.prices, offer.stocks), ((), ()))


class TestDocuments(KernelCase):
    def doc(self, inner: str, **kwargs) -> records.Document:
        body = (
            f"<Документ><Ид>{GUID}</Ид><Номер>P0001234</Номер><Дата>2026-02-03</Дата>"
            "<ХозОперация>Заказ товара</ХозОперация><Время>10:12:44</Время>"
            f"{inner}</Документ>"
        )
        (doc,) = items(cml(body, **kwargs), records.Document)
        return doc

    def requisites(self, **values) -> str:
        rows = "".join(
            f"<ЗначениеРеквизита><Наименование>{name.replace('_', ' ')}"
            f"</Наименование><Значение>{value}</Значение></ЗначениеРеквизита>"
            for name, value in values.items()
        )
        return f"<ЗначенияРеквизитов>{rows}</ЗначенияРеквизитов>"

    def test_status_push_of_the_standard_module(self):
        doc = self.doc(
            self.requisites(
                Номер_по_1С="УТ-000017",
                Дата_по_1С="2026-02-03T11:00:00",
                Проведен="true",
                Номер_оплаты_по_1С="П-5",
                Дата_оплаты_по_1С="2026-02-04T00:00:00",
                Номер_отгрузки_по_1С="Р-9",
                Дата_отгрузки_по_1С="2026-02-05T08:30:00",
            )
        )
        self.assertEqual(doc.number_1c, "УТ-000017")
        self.assertEqual(doc.moment_1c, datetime(2026, 2, 3, 11))
        self.assertTrue(doc.posted)
        self.assertEqual(doc.payment_number, "П-5")
        self.assertEqual(doc.shipment_moment, datetime(2026, 2, 5, 8, 30))
        self.assertEqual(doc.moment, datetime(2026, 2, 3, 10, 12, 44))

    def test_absence_is_false(self):
        doc = self.doc("")
        self.assertFalse(doc.posted)
        self.assertFalse(doc.deleted)
        self.assertFalse(doc.cancelled)
        self.assertEqual(doc.payment_number, "")
        self.assertIsNone(doc.shipment_moment)

    def test_empty_dates(self):
        for value in ("T", "", "0001-01-01T00:00:00", "0001-01-01", "вчера"):
            doc = self.doc(self.requisites(Дата_оплаты_по_1С=value))
            self.assertIsNone(doc.payment_moment, value)

    def test_latin_letters_in_requisite_names(self):
        doc = self.doc(self.requisites(**{"Номер по 1C": "УТ-1"}))
        self.assertEqual(doc.number_1c, "УТ-1")

    def test_bitrix_dialect_has_elements(self):
        doc = self.doc(
            "<Номер1С>УТ-2</Номер1С><Дата1С>2026-02-03T12:00:00</Дата1С>"
            "<НомерВерсии>AAA=</НомерВерсии><ПометкаУдаления>true</ПометкаУдаления>"
            "<Товары><Товар><Ид>x</Ид><Наименование>Цемент</Наименование>"
            "<Единица><Ид>168</Ид><Код>168</Код><НаименованиеКраткое>т"
            "</НаименованиеКраткое></Единица><Налоги><Налог><Наименование>НДС"
            "</Наименование><Ставка>22</Ставка></Налог></Налоги>"
            "<Количество>10</Количество></Товар></Товары>"
            + self.requisites(Статуса_заказа_ИД="F", Статус_заказа="Доставлен")
        )
        self.assertEqual(doc.number_1c, "УТ-2")
        self.assertEqual(doc.moment_1c, datetime(2026, 2, 3, 12))
        self.assertTrue(doc.deleted)
        self.assertEqual((doc.status_id, doc.status), ("F", "Доставлен"))
        (line,) = doc.lines
        self.assertEqual((line.unit.code, line.unit.name), ("168", "т"))
        self.assertEqual(line.vat_rate, "22")

    def test_containers_group_documents(self):
        one = "<Документ><Ид>1</Ид><ХозОперация>заказ товара</ХозОперация></Документ>"
        two = (
            "<Документ><Ид>2</Ид><ХозОперация>Отпуск товара</ХозОперация>"
            "<Основание>1</Основание></Документ>"
        )
        data = cml(
            f"<Контейнер>{one}{two}</Контейнер><Контейнер>{one}</Контейнер>{one}"
        )
        docs = items(data, records.Document)
        self.assertEqual([d.container for d in docs], [1, 1, 2, 0])
        self.assertEqual([d.is_order for d in docs], [True, False, True, True])
        self.assertEqual(docs[1].basis, "1")

    def test_an_empty_document_is_a_record_all_the_same(self):
        (doc,) = items(cml("<Документ/>"), records.Document)
        self.assertEqual((doc.guid, doc.number, doc.lines), ("", "", ()))

    def test_bad_numbers_are_named_and_nothing_else_is_lost(self):
        doc = self.doc("<Сумма>много</Сумма><Валюта>643</Валюта>")
        self.assertIsNone(doc.total)
        self.assertEqual(doc.currency, "643")
        self.assertEqual(len(doc.issues), 1)


class TestParties(KernelCase):
    def test_counterparties_at_the_root(self):
        data = cml(
            "<Контрагенты СодержитТолькоИзменения='true'><Контрагент><Ид>A-1</Ид>"
            "<НомерВерсии>AAA=</НомерВерсии><ПометкаУдаления>false</ПометкаУдаления>"
            "<Наименование>Бетон</Наименование><ОфициальноеНаименование>ООО «Бетон»"
            "</ОфициальноеНаименование><Роль>Покупатель</Роль><ИНН>7707083893</ИНН>"
            "<КПП>7707010011</КПП><РасчетныеСчета><РасчетныйСчет><НомерСчета>4070"
            "</НомерСчета><Банк><БИК>044525225</БИК><Наименование>Банк</Наименование>"
            "</Банк></РасчетныйСчет></РасчетныеСчета><АдресРегистрации>"
            "<Представление>Москва</Представление></АдресРегистрации>"
            "</Контрагент></Контрагенты>"
        )
        (section,) = items(data, records.Section)
        self.assertEqual(section.kind, "Контрагенты")
        self.assertTrue(section.only_changes)
        (party,) = items(data, records.Party)
        self.assertEqual((party.guid, party.inn), ("a-1", "7707083893"))
        self.assertTrue(party.is_company)
        self.assertEqual(party.kpp, "7707010011")  # wrong length is not our loss
        self.assertEqual(party.accounts[0].bic, "044525225")
        self.assertEqual(party.address, "Москва")
        self.assertFalse(party.deleted)


class TestEncodings(KernelCase):
    BODY = "<Документ><Номер>Ж-1</Номер></Документ>"

    def number(self, data: bytes) -> str:
        return items(data, records.Document)[0].number

    def test_bytes_are_trusted_more_than_the_declaration(self):
        for declared in ("UTF-8", "windows-1251", "utf-16", "nonsense"):
            text = cml(self.BODY, declared=declared)
            for codec in ("utf-8", "utf-8-sig", "cp1251", "utf-16", "koi8-r", "cp866"):
                self.assertEqual(self.number(text.encode(codec)), "Ж-1", codec)

    def test_crlf_and_bom(self):
        text = cml(self.BODY).replace("\n", "\r\n")
        self.assertEqual(self.number(text.encode("utf-8-sig")), "Ж-1")

    def test_no_declaration(self):
        text = cml(self.BODY).partition("\n")[2]
        self.assertEqual(self.number(text.encode()), "Ж-1")
        self.assertEqual(self.number(text.encode("cp1251")), "Ж-1")

    def test_illegal_characters_inside_are_dropped(self):
        text = cml("<Документ><Номер>Ж\x0b-\x001</Номер></Документ>")
        self.assertEqual(self.number(text.encode()), "Ж-1")

    def test_a_character_cut_at_the_end(self):
        data = cml(self.BODY).encode()
        for cut in range(1, 60):
            with self.assertRaises(ReadError):
                list(read(data[:-cut]))

    def test_a_character_broken_in_the_middle(self):
        data = cml(self.BODY).encode().replace("Ж".encode(), b"\xd0")
        with self.assertRaises(ReadError) as caught:
            list(read(data))
        self.assertEqual(caught.exception.code, "encoding")

    def test_a_source_that_gives_single_bytes(self):
        source = io.BytesIO(cml(self.BODY).encode())
        drip = SimpleNamespace(read=lambda size=-1: source.read(1))
        docs = list(read(drip))
        self.assertEqual(docs[-1].number, "Ж-1")


class TestHostileInput(KernelCase):
    def refuse(self, data: bytes | str, *codes: str, **limits) -> None:
        data = data.encode() if isinstance(data, str) else data
        started = time.monotonic()
        with self.assertRaises(ReadError) as caught:
            for _record in read(data, Limits(**limits)):
                pass
        self.assertIn(caught.exception.code, codes)
        self.assertLess(time.monotonic() - started, 10)

    def with_doctype(self, doctype: str, body: str) -> str:
        return cml(body).replace("?>\n", f"?>\n{doctype}\n", 1)

    def test_billion_laughs(self):
        entities = '<!ENTITY a0 "ха">' + "".join(
            f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
        )
        doctype = f"<!DOCTYPE КоммерческаяИнформация [{entities}]>"
        body = "<Документ><Номер>&a11;</Номер></Документ>"
        self.refuse(self.with_doctype(doctype, body), "doctype")

    def test_external_entity(self):
        for url in ("file:///etc/passwd", "http://127.0.0.1:9/x"):
            doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]>'
            body = "<Документ><Номер>&e;</Номер></Документ>"
            self.refuse(self.with_doctype(doctype, body), "doctype")

    def test_doctype_behind_a_comment_that_names_the_root(self):
        doctype = (
            "<!-- КоммерческаяИнформация --><!DOCTYPE x [<!ENTITY e SYSTEM "
            '"file:///etc/passwd">]>'
        )
        body = "<Документ><Номер>&e;</Номер></Документ>"
        self.refuse(self.with_doctype(doctype, body), "doctype")

    def test_undeclared_entity(self):
        self.refuse(cml("<Документ><Номер>&e;</Номер></Документ>"), "broken")

    def test_deep_nesting(self):
        deep = "<Группы><Группа>" * 5000
        self.refuse(cml(f"<Классификатор>{deep}"), "too_deep", "broken")
        self.refuse(cml("<Документ>" + "<a>" * 100_000), "too_deep", "broken")

    def test_many_elements(self):
        self.refuse(cml("<Документ>" + "<a/>" * 300_000 + "</Документ>"), "too_many")
        self.refuse(cml("<a/>" * 2000), "too_many", elements=1000)

    def test_many_attributes(self):
        attributes = " ".join(f'a{n}="1"' for n in range(500))
        self.refuse(cml(f"<Документ {attributes}/>"), "too_many")

    def test_a_tag_without_end(self):
        """libxml2 takes the square of the attributes; the file is refused before."""
        began = time.perf_counter()
        for count in (5_000, 200_000):
            attributes = " ".join(f'a{n}="1"' for n in range(count))
            # a ">" in a value ends no tag, wherever the tag begins
            for before in ("", "<Ид>1</Ид>" * 6_500, "<!-- " + "x" * 65_300 + " -->"):
                for value in ("", 'b=">" ', "c='>' "):
                    body = f"{before}<Документ {value}{attributes}/>"
                    self.refuse(cml(body), "attributes")
        self.assertLess(time.perf_counter() - began, 5)

    def test_what_is_long_but_no_tag(self):
        long = "x" * 100_000
        for body in (
            f"<Товары><Товар><Ид>{G1}</Ид><Описание>{long}</Описание></Товар></Товары>",
            f"<Товары><Товар><Ид>{G1}</Ид><Описание>it's {long}</Описание>"
            "</Товар></Товары>",
            f'<Товары><!-- <a "{long} --><Товар><Ид>{G1}</Ид></Товар></Товары>',
            f"<Товары><Товар><Ид>{G1}</Ид><Описание><![CDATA[1 < 2 <a '{long}]]>"
            "</Описание></Товар></Товары>",
        ):
            body = f"<Каталог>{body}</Каталог>"
            self.assertEqual(len(items(cml(body), records.Product)), 1, body[:80])

    def test_huge_text(self):
        body = f"<Документ><Комментарий>{'x' * (12 << 20)}</Комментарий></Документ>"
        self.refuse(cml(body), "too_long", "broken")
        tails = ("x" * (1 << 20) + "<a/>") * 20
        self.refuse(cml(f"<Документ>{tails}</Документ>"), "too_long", "broken")

    def test_total_size(self):
        body = "<Документ/>" * 50_000
        self.refuse(cml(body), "too_big", total_bytes=100_000)
        self.refuse(cml(body), "too_big", total_bytes=100)

    def test_not_commerceml(self):
        self.refuse(b"", "empty")
        self.refuse(b"\xef\xbb\xbf", "not_commerceml", "empty")
        self.refuse(b"   \r\n", "empty")
        self.refuse(b"PK\x03\x04", "not_commerceml")
        self.refuse("<html><body>nginx</body></html>", "not_commerceml")
        self.refuse("<Каталог>КоммерческаяИнформация</Каталог>", "not_commerceml")
        self.refuse("<!-- КоммерческаяИнформация", "broken")

    @settings(max_examples=300, deadline=None)
    @given(st.binary(max_size=400), st.integers(0, 2000), st.booleans())
    def test_noise_ends_in_records_or_in_read_error(self, noise, place, insert):
        data = write_orders([make_order()], generated_at=NOW)
        place = min(place, len(data))
        rest = data[place:] if insert else data[place + len(noise) :]
        try:
            found = list(read(data[:place] + noise + rest))
        except ReadError as error:
            self.assertTrue(error.code)
        else:
            self.assertIsInstance(found[0], records.Header)

    def test_memory_stays_flat(self):
        offer = (
            f"<Предложение><Ид>{G1}</Ид><Наименование>Цемент</Наименование><Цены><Цена>"
            "<ИдТипаЦены>a</ИдТипаЦены><ЦенаЗаЕдиницу>1</ЦенаЗаЕдиницу></Цена></Цены>"
            "</Предложение>"
        ).encode() * 100
        head, tail = cml(
            "<ПакетПредложений><Предложения>|</Предложения></ПакетПредложений>"
        ).split("|")
        # 40 MB of offers that are made while they are read
        parts = chain(
            [head.encode()], repeat(offer, (40 << 20) // len(offer)), [tail.encode()]
        )
        endless = SimpleNamespace(read=lambda size=-1: next(parts, b""))
        before = peak = resident_size(self)
        count = 0
        for record in read(endless):
            count += isinstance(record, records.Offer)
            if count % 5000 == 0:
                peak = max(peak, resident_size(self))
        self.assertGreater(count, 100_000)
        self.assertLess(peak - before, 30 << 20)


class TestValues(KernelCase):
    def test_numbers(self):
        for text, value in (
            ("1 234,50", "1234.50"),
            ("1\u00a0234.5", "1234.5"),
            ("1\u202f234", "1234"),
            ("-5", "-5"),
            ("1E3", "1000"),
        ):
            self.assertEqual(parse_decimal(text), Decimal(value))
        self.assertIsNone(parse_decimal(" \u00a0"))
        for text in ("NaN", "Infinity", "1" * 41, "1e999999", "1.2.3", "шт"):
            with self.assertRaises(ValueError):
                parse_decimal(text)

    def test_dates(self):
        for text in (
            "2026-02-03T10:15:00",
            "2026-02-03 10:15:00",
            "03.02.2026 10:15:00",
            "20260203101500",
            "2026-02-03T10:15:00+03:00",
            "2026-02-03T10:15:00.000Z",
            "03.02.2026 10:15",
        ):
            self.assertEqual(parse_moment(text), datetime(2026, 2, 3, 10, 15), text)
        self.assertEqual(parse_moment("2026-02-03"), datetime(2026, 2, 3))
        for text in ("2026-02-30", "когда-нибудь", "2026"):
            with self.assertRaises(ValueError):
                parse_moment(text)

    def test_switches(self):
        for text in ("true", "1", "Да", " TRUE ", "истина"):
            self.assertTrue(parse_bool(text))
        for text in ("false", "0", "", None, "нет"):
            self.assertFalse(parse_bool(text))

    def test_item_identifiers(self):
        self.assertEqual(split_item_id("A#B"), ("a", "b"))
        self.assertEqual(split_item_id("A#A"), ("a", ""))
        self.assertEqual(split_item_id("A#"), ("a", ""))
        empty = "00000000-0000-0000-0000-000000000000"
        self.assertEqual(split_item_id(f"A#{empty}"), ("a", ""))


class TestSharedSamples(KernelCase):
    """Exports of others; they lie beside the checkout, where they are at all."""

    def count(self, kind: type, *parts: str) -> int:
        with shared_sample(self, *parts).open("rb") as source:
            return sum(isinstance(record, kind) for record in read(source))

    def test_trade_management_11(self):
        folder = ("carono+yii2-1c-exchange", "files", "xml")
        self.assertEqual(self.count(records.Product, *folder, "import.xml"), 2)
        self.assertEqual(self.count(records.Group, *folder, "import.xml"), 22)
        self.assertEqual(self.count(records.Offer, *folder, "offers.xml"), 5)
        self.assertEqual(self.count(records.Depot, *folder, "offers.xml"), 5)

    def test_orders_of_the_standard(self):
        folder = ("carono+yii2-1c-exchange", "files", "xml")
        for name in ("from.xml", "to.xml"):
            with shared_sample(self, *folder, name).open("rb") as source:
                head, doc = list(read(source))
            self.assertEqual(head.encoding, "windows-1251")
            self.assertEqual(len(doc.lines), 2)
            self.assertTrue(doc.is_order)

    def test_bitrix_module(self):
        folder = shared_sample(self, "gillbeits+commerceml", "example")
        counts = {}
        for path in folder.glob("*.xml"):
            with path.open("rb") as source:
                found = [r for r in read(source) if isinstance(r, records.Offer)]
            counts[path.name.partition("_")[0]] = found
        self.assertEqual(len(counts["prices"]), 978)
        self.assertEqual(len(counts["rests"]), 978)
        self.assertTrue(all(offer.prices for offer in counts["prices"]))
        self.assertTrue(all(offer.stocks for offer in counts["rests"]))

    def test_counterparties(self):
        path = ("ArgentCrusade+commerceml", "contractors-example.xml")
        self.assertEqual(self.count(records.Party, *path), 4)
