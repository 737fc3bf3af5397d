"""Files as УТ writes them: statuses of orders, goods, prices and stock.

Facts: 1C sheet, sections 1.5 and 1.6. Schema 2.07 with its namespace, UTF-8 with a
BOM. Empty and false requisites are not written at all; the payment and shipment
blocks come only when the order is paid or shipped in full.
"""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

NAMESPACE = "urn:1C.ru:commerceml_2"
BOM = b"\xef\xbb\xbf"
CATALOGUE = "5f1d8f5e-1111-4d2b-9a53-0a1b2c3d4e5f"
PRICE_TYPE = "6a2e9a6f-2222-4e3c-8b64-1b2c3d4e5f60"
STORE = "7b3fab70-3333-4f4d-9c75-2c3d4e5f6071"
SELLER = ("8c40bc81-4444-405e-8d86-3d4e5f607182", "АО «Цемент»")


@dataclass(frozen=True)
class Item:
    """Goods as 1C knows them."""

    guid: str
    article: str
    name: str
    unit_code: str = "168"
    unit_name: str = "т"
    unit_full: str = "Тонна (1000 кг)"
    vat: str = "22"
    price: str = "6100.00"
    stock: str = "1200"


# The articles are those of the demo data: 1C and the portal know the same goods.
GOODS = (
    Item(
        "c1a5e0de-0001-4c3e-9d60-000000000001",
        "CEM1-425N-B",
        "Цемент ЦЕМ I 42,5Н, навалом",
        price="8950.00",
    ),
    Item(
        "c1a5e0de-0002-4c3e-9d60-000000000002",
        "CEM1-425N-M",
        "Цемент ЦЕМ I 42,5Н, МКР 1 т",
        unit_code="796",
        unit_name="шт",
        unit_full="Штука",
        price="9650.00",
        stock="310",
    ),
    Item(
        "c1a5e0de-0003-4c3e-9d60-000000000003",
        "CEM2B-325N-W",
        "Цемент ЦЕМ II/В-Ш 32,5Н, мешок 50 кг",
        unit_code="796",
        unit_name="шт",
        unit_full="Штука",
        price="470.00",
        stock="18400",
    ),
)


def status_files(
    orders: list[dict], now: datetime, portion: int = 50
) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of ``orders-<uuid>_<N>.xml``."""
    run = uuid.uuid4()
    for index, start in enumerate(range(0, len(orders), portion), start=1):
        root = _root(now)
        for order in orders[start : start + portion]:
            _status(root, order)
        yield f"orders-{run}_{index}.xml", _bytes(root)


def _status(root: ET.Element, order: dict) -> None:
    doc = ET.SubElement(root, "Документ")
    _fields(
        doc,
        Ид=order["guid"],
        Номер=order["site_number"],
        Дата=order["date"],
        ХозОперация="Заказ товара",
        Роль="Продавец",
        Валюта="643",
        Курс="1",
        Сумма=order["sum"],
    )
    party = ET.SubElement(ET.SubElement(doc, "Контрагенты"), "Контрагент")
    kind, inn, kpp, _name = order["party"].split("|")
    official = "ОфициальноеНаименование" if kind == "Ю" else "ПолноеНаименование"
    _fields(party, Наименование="Покупатель", **{official: "Покупатель"})
    if len(inn) in (10, 12):
        _fields(party, ИНН=inn)
    if len(kpp) == 9:
        _fields(party, КПП=kpp)
    _fields(party, Роль="Покупатель")
    _fields(doc, Время=order["time"] or "00:00:00")
    lines = ET.SubElement(doc, "Товары")
    for line in order["lines"]:
        row = ET.SubElement(lines, "Товар")
        ident = "#".join(filter(None, (line["item"], line["variant"])))
        _fields(row, Ид=ident, Наименование=line["name"])
        unit = ET.SubElement(row, "БазоваяЕдиница", Код=line["unit"])
        unit.text = line["unit"]
        _fields(
            row,
            ЦенаЗаЕдиницу=line["price"],
            Количество=line["quantity"],
            Сумма=line["sum"],
            Единица=line["unit"],
            Коэффициент=line["factor"],
        )
    _requisites(doc, _status_requisites(order))


def _status_requisites(order: dict) -> dict[str, str]:
    values = {
        "Номер по 1С": order["number"],
        "Дата по 1С": f"{order['date']}T{order['time'] or '00:00:00'}",
        "ПометкаУдаления": "true" if order["deleted"] else "",
        "Проведен": "true" if order["posted"] else "",
    }
    if order["posted"] and order["paid"]:
        values["Номер оплаты по 1С"] = order["paid"]["number"]
        values["Дата оплаты по 1С"] = order["paid"]["date"]
    if order["shipped"]:
        values["Номер отгрузки по 1С"] = order["shipped"]["number"]
        values["Дата отгрузки по 1С"] = order["shipped"]["date"]
    # A client's own extension may add a text; the standard module never does.
    if order.get("status_text"):
        values["Статус заказа"] = order["status_text"]
    return {name: value for name, value in values.items() if value}


def goods_files(
    now: datetime, goods: tuple[Item, ...] = GOODS
) -> list[tuple[str, bytes]]:
    """Return ``import0_1.xml`` and ``offers0_1.xml`` of the goods."""
    return [
        ("import0_1.xml", _bytes(_import(now, goods))),
        ("offers0_1.xml", _bytes(_offers(now, goods))),
    ]


def _import(now: datetime, goods: tuple[Item, ...]) -> ET.Element:
    root = _root(now)
    classifier = ET.SubElement(root, "Классификатор")
    _fields(classifier, Ид=CATALOGUE, Наименование="Классификатор (Продукция)")
    _owner(classifier)
    group = ET.SubElement(ET.SubElement(classifier, "Группы"), "Группа")
    _fields(group, Ид=STORE, Наименование="Цемент")
    catalogue = ET.SubElement(root, "Каталог", СодержитТолькоИзменения="false")
    _fields(
        catalogue, Ид=CATALOGUE, ИдКлассификатора=CATALOGUE, Наименование="Продукция"
    )
    _owner(catalogue)
    rows = ET.SubElement(catalogue, "Товары")
    for item in goods:
        row = ET.SubElement(rows, "Товар")
        _fields(row, Ид=item.guid, Артикул=item.article, Наименование=item.name)
        _unit(row, item)
        _fields(ET.SubElement(row, "Группы"), Ид=STORE)
        rate = ET.SubElement(ET.SubElement(row, "СтавкиНалогов"), "СтавкаНалога")
        _fields(rate, Наименование="НДС", Ставка=item.vat)
        _requisites(
            row,
            {
                "ВидНоменклатуры": "Цемент",
                "ТипНоменклатуры": "Товар",
                "Полное наименование": item.name,
            },
        )
    return root


def _offers(now: datetime, goods: tuple[Item, ...]) -> ET.Element:
    root = _root(now)
    package = ET.SubElement(root, "ПакетПредложений", СодержитТолькоИзменения="false")
    _fields(
        package,
        Ид=f"{CATALOGUE}#",
        Наименование="Пакет предложений (Продукция)",
        ИдКаталога=CATALOGUE,
        ИдКлассификатора=CATALOGUE,
    )
    kind = ET.SubElement(ET.SubElement(package, "ТипыЦен"), "ТипЦены")
    _fields(kind, Ид=PRICE_TYPE, Наименование="Розничная", Валюта="RUB")
    tax = ET.SubElement(kind, "Налог")
    _fields(tax, Наименование="НДС", УчтеноВСумме="true", Акциз="false")
    store = ET.SubElement(ET.SubElement(package, "Склады"), "Склад")
    _fields(store, Ид=STORE, Наименование="Склад готовой продукции")
    rows = ET.SubElement(package, "Предложения")
    for item in goods:
        row = ET.SubElement(rows, "Предложение")
        _fields(row, Ид=item.guid, Артикул=item.article, Наименование=item.name)
        _unit(row, item)
        price = ET.SubElement(ET.SubElement(row, "Цены"), "Цена")
        _fields(
            price,
            Представление=f"{item.price} RUB за {item.unit_name}",
            ИдТипаЦены=PRICE_TYPE,
            ЦенаЗаЕдиницу=item.price,
            Валюта="RUB",
            Коэффициент="1",
        )
        _fields(row, Количество=item.stock)
        ET.SubElement(row, "Склад", ИдСклада=STORE, КоличествоНаСкладе=item.stock)
    return root


def _unit(row: ET.Element, item: Item) -> None:
    unit = ET.SubElement(
        row, "БазоваяЕдиница", Код=item.unit_code, НаименованиеПолное=item.unit_full
    )
    unit.text = f"{item.unit_name} "  # the blank is real
    factor = ET.SubElement(unit, "Пересчет")
    _fields(factor, Единица=item.unit_code, Коэффициент="1")


def _owner(parent: ET.Element) -> None:
    owner = ET.SubElement(parent, "Владелец")
    guid, name = SELLER
    _fields(owner, Ид=guid, Наименование=name, ПолноеНаименование=name)


def _root(now: datetime) -> ET.Element:
    return ET.Element(
        "КоммерческаяИнформация",
        xmlns=NAMESPACE,
        ВерсияСхемы="2.07",
        ДатаФормирования=now.strftime("%Y-%m-%dT%H:%M:%S"),
    )


def _fields(parent: ET.Element, **values: str) -> None:
    for name, value in values.items():
        ET.SubElement(parent, name).text = value


def _requisites(parent: ET.Element, values: dict[str, str]) -> None:
    rows = ET.SubElement(parent, "ЗначенияРеквизитов")
    for name, value in values.items():
        row = ET.SubElement(rows, "ЗначениеРеквизита")
        _fields(row, Наименование=name, Значение=value)


def _bytes(root: ET.Element) -> bytes:
    body = ET.tostring(root, encoding="utf-8", xml_declaration=False)
    return BOM + b'<?xml version="1.0" encoding="UTF-8"?>\n' + body
