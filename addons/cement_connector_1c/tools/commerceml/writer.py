# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Orders to the bytes that ``mode=query`` answers (1C sheet, section 1.4.1).

No namespace: without it 1C reads the document untyped and leniently. The order of
elements is that of the 2.10 schema, so with the namespace added it validates.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from lxml import etree

from .orders import Counterparty, Encoding, OrderDoc, OrderLine, PartyKind, Warehouse
from .rules import DEFAULT_PROFILE, SHIP_DATE, Problem, Profile, validate_order
from .values import (
    clean_line,
    clean_text,
    format_bool,
    format_money,
    format_quantity,
)

SCHEMA_VERSION = "2.07"  # what УТ, КА and ERP write themselves
OPERATION = "Заказ товара"
VAT = "НДС"
NAME_MAX = 255
COMMENT_MAX = 3000
VALUE_MAX = 1000

_DECLARED = {
    Encoding.UTF8: "UTF-8",
    Encoding.UTF8_BOM: "UTF-8",
    Encoding.CP1251: "windows-1251",
}


class OrderRuleError(ValueError):
    """An order that breaks a rule was about to be put into a batch."""

    def __init__(self, number: str, problems: list[Problem]) -> None:
        super().__init__(f"{number}: {'; '.join(map(str, problems))}")
        self.number = number
        self.problems = problems


def write_orders(
    orders: Iterable[OrderDoc],
    *,
    generated_at: datetime,
    encoding: Encoding = Encoding.UTF8,
    profile: Profile = DEFAULT_PROFILE,
) -> bytes:
    """Return the whole answer; no orders give the root element without Документ.

    :param generated_at: local time without zone
    :raises OrderRuleError: an order breaks a rule or repeats a number
    """
    root = etree.Element(
        "КоммерческаяИнформация",
        ВерсияСхемы=SCHEMA_VERSION,
        ДатаФормирования=generated_at.replace(microsecond=0, tzinfo=None).isoformat(),
    )
    seen: set[str] = set()
    for order in orders:
        problems = validate_order(order, profile)
        if order.number in seen:
            problems.append(Problem("number_repeated", "order", order.number))
        if problems:
            raise OrderRuleError(order.number, problems)
        seen.add(order.number)
        _order(root, order)
    return _serialize(root, Encoding(encoding))


def _serialize(root: etree._Element, encoding: Encoding) -> bytes:
    declared = _DECLARED[encoding]
    # The declaration is ours: lxml would quote it with apostrophes, and the client
    # compares the first five characters of the text.
    head = f'<?xml version="1.0" encoding="{declared}"?>\n'
    body = etree.tostring(root, encoding=declared, xml_declaration=False)
    bom = b"\xef\xbb\xbf" if encoding is Encoding.UTF8_BOM else b""
    return bom + head.encode("ascii") + body


def _add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, tag)
    element.text = text
    return element


def _order(root: etree._Element, order: OrderDoc) -> None:
    doc = _add(root, "Документ")
    _add(doc, "Ид", order.guid)
    _add(doc, "Номер", order.number)
    _add(doc, "Дата", order.moment.strftime("%Y-%m-%d"))
    _add(doc, "ХозОперация", OPERATION)
    _add(doc, "Роль", "Продавец")
    _add(doc, "Валюта", order.currency)
    _add(doc, "Курс", _plain(order.rate))
    _add(doc, "Сумма", format_money(order.total))
    _counterparty(_add(doc, "Контрагенты"), order.counterparty)
    _add(doc, "Время", order.moment.strftime("%H:%M:%S"))
    comment = clean_text(order.comment, COMMENT_MAX)
    if comment:
        _add(doc, "Комментарий", comment)
    _taxes(_add(doc, "Налоги"), order)
    if order.warehouse is not None:
        _warehouse(_add(doc, "Склады"), order.warehouse)
    lines = _add(doc, "Товары")
    for line in order.lines:
        _line(lines, line)
    _requisites(_add(doc, "ЗначенияРеквизитов"), _order_requisites(order))


def _counterparty(parent: etree._Element, party: Counterparty) -> None:
    node = _add(parent, "Контрагент")
    name = clean_line(party.name, NAME_MAX)
    full_name = clean_line(party.full_name, NAME_MAX) or name
    _add(node, "Ид", party.guid)
    _add(node, "Наименование", name)
    # Its mere presence makes a юрлицо in 1C; a person must not carry it.
    is_company = party.kind is PartyKind.COMPANY
    _add(
        node,
        "ОфициальноеНаименование" if is_company else "ПолноеНаименование",
        full_name,
    )
    if party.inn:
        _add(node, "ИНН", party.inn)
    if party.kpp:
        _add(node, "КПП", party.kpp)
    address = clean_line(party.address, NAME_MAX)
    if address:
        # No АдресноеПоле: with two of them 1C rebuilds the text from the parts.
        _add(_add(node, "Адрес"), "Представление", address)
    contacts = [("Телефон рабочий", party.phone), ("Почта", party.email)]
    contacts = [(kind, clean_line(text, NAME_MAX)) for kind, text in contacts if text]
    if contacts:
        parent = _add(node, "Контакты")
        for kind, text in contacts:
            _contact(parent, kind, text)
    _add(node, "Роль", "Покупатель")


def _contact(parent: etree._Element, kind: str, text: str) -> None:
    contact = _add(parent, "Контакт")
    _add(contact, "Тип", kind)
    _add(contact, "Значение", text)


def _warehouse(parent: etree._Element, warehouse: Warehouse) -> None:
    node = _add(parent, "Склад")
    address = clean_line(warehouse.address, NAME_MAX)
    _add(node, "Ид", warehouse.guid)
    _add(node, "Наименование", clean_line(warehouse.name, NAME_MAX))
    place = _add(node, "Адрес")
    _add(place, "Представление", address)
    part = _add(place, "АдресноеПоле")
    _add(part, "Тип", "Улица")
    _add(part, "Значение", address)
    _contact(_add(node, "Контакты"), "Прочее", clean_line(warehouse.contact, NAME_MAX))


def _taxes(parent: etree._Element, order: OrderDoc) -> None:
    for rate, amount in order.vat_by_rate().items():
        tax = _add(parent, "Налог")
        _add(tax, "Наименование", VAT)
        _add(tax, "УчтеноВСумме", format_bool(order.vat_included))
        _add(tax, "Сумма", format_money(amount))
        _add(tax, "Ставка", rate)


def _line(parent: etree._Element, line: OrderLine) -> None:
    """Write a line whole: 1C forgets to reset unit, coefficient and VAT between."""
    item = _add(parent, "Товар")
    variant = f"#{line.variant_guid}" if line.variant_guid else ""
    _add(item, "Ид", f"{line.guid}{variant}")
    article = clean_line(line.article, NAME_MAX)
    if article:
        _add(item, "Артикул", article)
    _add(item, "Наименование", clean_line(line.name, NAME_MAX))
    unit = _add(item, "БазоваяЕдиница", clean_line(line.unit.name, NAME_MAX))
    unit.set("Код", line.unit.code)
    full_name = clean_line(line.unit.full_name, NAME_MAX)
    unit.set("НаименованиеПолное", full_name or clean_line(line.unit.name, NAME_MAX))
    rate = _add(_add(item, "СтавкиНалогов"), "СтавкаНалога")
    _add(rate, "Наименование", VAT)
    _add(rate, "Ставка", line.vat_rate)
    kind = "Услуга" if line.is_service else "Товар"
    _requisites(_add(item, "ЗначенияРеквизитов"), [("ТипНоменклатуры", kind)])
    _add(item, "ЦенаЗаЕдиницу", format_money(line.price))
    _add(item, "Количество", format_quantity(line.quantity))
    _add(item, "Сумма", format_money(line.total))
    _add(item, "Единица", line.unit.code)
    _add(item, "Коэффициент", _plain(line.coefficient))


def _order_requisites(order: OrderDoc) -> list[tuple[str, str]]:
    result: list[tuple[str, str]] = []
    if order.status:
        result.append(("Статус заказа", order.status))
    result.append(("Отменен", format_bool(order.cancelled)))
    if order.payment_method:
        result.append(("Метод оплаты", order.payment_method))
    if order.ship_date and not order.leaves_in_parts:
        result.append((SHIP_DATE, order.ship_date.isoformat()))
    return result + list(order.requisites)


def _requisites(parent: etree._Element, pairs: Iterable[tuple[str, str]]) -> None:
    for name, value in pairs:
        node = _add(parent, "ЗначениеРеквизита")
        _add(node, "Наименование", clean_line(name, NAME_MAX))
        _add(node, "Значение", clean_text(value, VALUE_MAX))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
