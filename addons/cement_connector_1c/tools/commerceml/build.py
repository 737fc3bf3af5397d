# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""One element of a CommerceML file to its record (1C sheet, sections 1.5 and 1.6).

Elements are looked up by local name, because namespaces differ from release to
release. Each builder takes a finished element; nothing here touches the stream.
"""

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal

from lxml import etree

from .records import (
    BankAccount,
    Depot,
    Document,
    DocumentLine,
    Offer,
    Party,
    Price,
    PriceType,
    Product,
    Property,
    Requisites,
    Stock,
    Tax,
    UnitRef,
)
from .values import (
    clean_line,
    clean_text,
    fold_name,
    parse_bool,
    parse_decimal,
    parse_moment,
    parse_time,
    split_item_id,
)

Element = etree._Element


def local_name(tag: object) -> str:
    """Return the tag without its namespace; comments and the like give ''."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class Node:
    """Thin view of an element: children by local name, values by kind.

    ``issues`` is shared by the views below one record.
    """

    __slots__ = ("element", "issues", "_by_name")

    def __init__(self, element: Element, issues: list[str] | None = None) -> None:
        self.element = element
        self.issues = [] if issues is None else issues
        self._by_name: dict[str, list[Element]] = {}
        for child in element:
            name = local_name(child.tag)
            if name:
                self._by_name.setdefault(name, []).append(child)

    def all(self, *path: str) -> Iterator["Node"]:
        """Yield the descendants reached by the path of names."""
        name, *rest = path
        for child in self._by_name.get(name, ()):
            node = Node(child, self.issues)
            if rest:
                yield from node.all(*rest)
            else:
                yield node

    def first(self, *path: str) -> "Node | None":
        """Return the first descendant on the path, or None."""
        return next(self.all(*path), None)

    def has(self, name: str) -> bool:
        """Tell whether there is a child of the name."""
        return name in self._by_name

    def leaves(self) -> Iterator[tuple[str, str]]:
        """Yield name and text of the children that have no children."""
        for name, elements in self._by_name.items():
            for element in elements:
                if not len(element):
                    yield name, clean_line(element.text)

    def own_text(self) -> str:
        """Return the text of the element itself, on one line."""
        return clean_line(self.element.text)

    def text(self, *names: str) -> str:
        """Return the one-line text of the first filled child or attribute."""
        for name in names:
            for child in self._by_name.get(name, ()):
                value = clean_line(child.text)
                if value:
                    return value
            # Some releases write attributes where others write elements.
            value = clean_line(self.element.get(name))
            if value:
                return value
        return ""

    def block(self, name: str) -> str:
        """Return the text of a child with its line ends."""
        return next((clean_text(e.text) for e in self._by_name.get(name, ())), "")

    def number(self, name: str) -> Decimal | None:
        """Return the number of a child; what is no number becomes an issue."""
        raw = self.text(name)
        try:
            return parse_decimal(raw)
        except ValueError:
            self.issues.append(f"{name}: «{raw[:60]}»")
            return None

    def switch(self, name: str) -> bool | None:
        """Return the switch of a child, None when it is not written."""
        raw = self.text(name)
        return parse_bool(raw) if raw else None


def _deleted(node: Node) -> bool:
    if parse_bool(node.text("ПометкаУдаления")):
        return True
    return fold_name(node.element.get("Статус") or "") in {"удален", "deleted"}


def _requisites(node: Node, *path: str) -> Requisites:
    """Return name and value of each requisite; several values are several rows."""
    result: list[tuple[str, str]] = []
    for row in node.all(*path):
        name = row.text("Наименование", "Название")
        values = [value.own_text() for value in row.all("Значение")]
        for value in values or [clean_line(row.element.get("Значение"))]:
            if name:
                result.append((name, value))
    return tuple(result)


def _lookup(requisites: Requisites, name: str) -> str:
    key = fold_name(name)
    return next((value for n, value in requisites if fold_name(n) == key), "")


def _unit(node: Node) -> UnitRef:
    """Return the unit of an item in any of its shapes.

    ``<БазоваяЕдиница Код=…>т</…>``, the code itself as text (with a blank behind
    it), a nested object with Код and Наименование…, or Пересчет with a factor.
    """
    base = node.first("БазоваяЕдиница") or node.first("Единица")
    if base is None:
        return UnitRef(code=node.text("КодЕдиницыИзмерения"))
    text = base.own_text()
    code = base.text("Код") or (text if text.isdigit() else "")
    name = base.text("НаименованиеКраткое", "Наименование")
    factor = base.first("Пересчет")
    if factor is not None:
        code = code or factor.text("Единица")
    return UnitRef(
        code=code,
        name=name or ("" if text == code else text),
        full_name=base.text("НаименованиеПолное"),
        coefficient=factor.number("Коэффициент") if factor is not None else None,
    )


def _vat_rate(node: Node) -> str:
    rates = [
        *node.all("СтавкиНалогов", "СтавкаНалога"),
        *node.all("Налоги", "Налог"),
    ]
    for rate in rates:
        if fold_name(rate.text("Наименование")) in {fold_name("НДС"), ""}:
            value = rate.text("Ставка")
            if value:
                return value
    return ""


def product(node: Node) -> Product:
    """Товар of a catalogue."""
    guid, variant = split_item_id(node.text("Ид"))
    requisites = _requisites(node, "ЗначенияРеквизитов", "ЗначениеРеквизита")
    properties = tuple(
        (
            row.text("Ид").lower(),
            tuple(filter(None, (v.own_text() for v in row.all("Значение")))),
        )
        for row in node.all("ЗначенияСвойств", "ЗначенияСвойства")
    )
    maker = node.first("Изготовитель")
    weight = node.number("Вес")
    if weight is None and _lookup(requisites, "Вес"):
        weight = _loose_number(_lookup(requisites, "Вес"), "Вес", node.issues)
    return Product(
        guid=guid,
        variant_guid=variant,
        name=node.text("Наименование"),
        article=node.text("Артикул"),
        barcode=node.text("Штрихкод", "ШтрихКод"),
        full_name=_lookup(requisites, "Полное наименование"),
        unit=_unit(node),
        group_guids=tuple(
            filter(None, (g.own_text().lower() for g in node.all("Группы", "Ид")))
        ),
        description=node.block("Описание"),
        vat_rate=_vat_rate(node),
        kind=_lookup(requisites, "ТипНоменклатуры"),
        weight=weight,
        manufacturer=maker.text("Наименование") if maker else "",
        pictures=tuple(filter(None, (p.own_text() for p in node.all("Картинка")))),
        properties=properties,
        requisites=requisites,
        version=node.text("НомерВерсии"),
        deleted=_deleted(node),
        issues=tuple(node.issues),
    )


def _loose_number(raw: str, name: str, issues: list[str]) -> Decimal | None:
    try:
        return parse_decimal(raw)
    except ValueError:
        issues.append(f"{name}: «{raw[:60]}»")
        return None


def property_(node: Node) -> Property:
    """Свойство of a classifier."""
    values = [
        *node.all("ВариантыЗначений", "Справочник"),
        *node.all("ТипыЗначений", "ТипЗначений", "ВариантыЗначений", "ВариантЗначения"),
    ]
    return Property(
        guid=node.text("Ид").lower(),
        name=node.text("Наименование"),
        value_type=node.text("ТипЗначений"),
        values=tuple(
            (value.text("ИдЗначения", "Ид").lower(), value.text("Значение"))
            for value in values
        ),
    )


def price_type(node: Node) -> PriceType:
    """ТипЦены."""
    tax = node.first("Налог")
    return PriceType(
        guid=node.text("Ид").lower(),
        name=node.text("Наименование"),
        currency=node.text("Валюта"),
        vat_included=tax.switch("УчтеноВСумме") if tax else None,
    )


def depot(node: Node) -> Depot:
    """Склад of an offers file."""
    return Depot(
        guid=node.text("Ид").lower(),
        name=node.text("Наименование"),
        address=_address(node, "Адрес"),
    )


def _address(node: Node, *names: str) -> str:
    for name in names:
        place = node.first(name)
        if place is not None:
            text = place.text("Представление") or place.own_text()
            if text:
                return text
    return ""


def offer(node: Node) -> Offer:
    """Предложение of a package or of a package of changes."""
    guid, variant = split_item_id(node.text("Ид"))
    characteristics = tuple(
        (row.text("Наименование"), row.text("Значение"))
        for row in node.all("ХарактеристикиТовара", "ХарактеристикаТовара")
    )
    return Offer(
        guid=guid,
        variant_guid=variant or node.text("ИдХарактеристики").lower(),
        name=node.text("Наименование"),
        article=node.text("Артикул"),
        barcode=node.text("Штрихкод", "ШтрихКод"),
        unit=_unit(node),
        prices=tuple(_prices(node)),
        quantity=node.number("Количество"),
        stocks=tuple(_stocks(node)),
        characteristics=characteristics,
        deleted=_deleted(node),
        issues=tuple(node.issues),
    )


def _prices(node: Node) -> Iterator[Price]:
    for row in node.all("Цены", "Цена"):
        value = row.number("ЦенаЗаЕдиницу")
        if value is None:
            continue
        unit = row.first("Единица")
        yield Price(
            type_guid=row.text("ИдТипаЦены").lower(),
            value=value,
            currency=row.text("Валюта"),
            unit=(unit.own_text() or unit.text("Код")) if unit else "",
            coefficient=row.number("Коэффициент"),
        )


def _stocks(node: Node) -> Iterator[Stock]:
    """Yield stock by warehouse: attributes of Склад or Склады, or Остатки."""
    rows = [
        *node.all("Склад"),
        *node.all("Склады"),
        *node.all("Склады", "Склад"),
        *node.all("Остатки", "Остаток", "Склад"),
        *node.all("Остатки", "Склад"),
    ]
    for row in rows:
        depot_guid = row.text("ИдСклада", "Ид").lower()
        for name in ("КоличествоНаСкладе", "Количество"):
            value = row.number(name) if depot_guid else None
            if value is not None:
                yield Stock(depot_guid=depot_guid, quantity=value)
                break
    for row in node.all("Остатки", "Остаток"):
        value = row.number("Количество")  # without a warehouse
        if value is not None:
            yield Stock(depot_guid="", quantity=value)


def party(node: Node) -> Party:
    """Контрагент, Владелец and the like."""
    contacts = tuple(
        (row.text("Тип", "КонтактВид"), row.text("Значение"))
        for row in node.all("Контакты", "Контакт")
        if row.text("Значение")
    )
    return Party(
        guid=node.text("Ид").lower(),
        name=node.text("Наименование"),
        official_name=node.text("ОфициальноеНаименование"),
        full_name=node.text("ПолноеНаименование"),
        inn=node.text("ИНН"),
        kpp=node.text("КПП"),
        okpo=node.text("КодПоОКПО", "ОКПО"),
        role=node.text("Роль"),
        address=_address(node, "Адрес", "АдресРегистрации", "ЮридическийАдрес"),
        contacts=contacts,
        accounts=tuple(_accounts(node)),
        version=node.text("НомерВерсии"),
        deleted=_deleted(node),
    )


def _accounts(node: Node) -> Iterator[BankAccount]:
    rows = [*node.all("РасчетныеСчета", "РасчетныйСчет"), *node.all("РасчетныйСчет")]
    for row in rows:
        number = row.text("НомерСчета", "Номер")
        bank = row.first("Банк")
        if number:
            yield BankAccount(
                number=number,
                bic=bank.text("БИК") if bank else "",
                bank=bank.text("Наименование") if bank else "",
                corr_account=bank.text("СчетКорреспондентский") if bank else "",
            )


def document(node: Node, container: int = 0) -> Document:
    """Документ of any operation, in any dialect."""
    requisites = _requisites(node, "ЗначенияРеквизитов", "ЗначениеРеквизита")
    folded: dict[str, str] = {}
    # Elements of the Bitrix dialect (Номер1С, Дата1С, ПометкаУдаления) answer to the
    # same names as requisites; requisites win.
    for name, value in [*requisites, *node.leaves()]:
        if value:
            folded.setdefault(fold_name(name), value)
    return Document(
        guid=node.text("Ид").lower(),
        number=node.text("Номер"),
        operation=node.text("ХозОперация"),
        moment=_moment(node),
        role=node.text("Роль"),
        currency=node.text("Валюта"),
        rate=node.number("Курс"),
        total=node.number("Сумма"),
        comment=node.block("Комментарий"),
        basis=node.text("Основание"),
        parties=tuple(party(row) for row in node.all("Контрагенты", "Контрагент")),
        taxes=tuple(_taxes(node)),
        lines=tuple(_line(row) for row in node.all("Товары", "Товар")),
        requisites=requisites,
        version=node.text("НомерВерсии"),
        container=container,
        issues=tuple(node.issues),
        folded=folded,
    )


def _moment(node: Node) -> datetime | None:
    try:
        moment = parse_moment(node.text("Дата"))
        at = parse_time(node.text("Время"))
    except ValueError:
        raw = " ".join((node.text("Дата"), node.text("Время")))
        node.issues.append(f"Дата: «{raw[:60]}»")
        return None
    if moment is not None and at is not None and moment.time() == time():
        moment = datetime.combine(moment.date(), at)
    return moment


def _taxes(node: Node) -> Iterator[Tax]:
    for row in node.all("Налоги", "Налог"):
        yield Tax(
            name=row.text("Наименование"),
            rate=row.text("Ставка"),
            amount=row.number("Сумма"),
            included=row.switch("УчтеноВСумме"),
        )


def _line(node: Node) -> DocumentLine:
    guid, variant = split_item_id(node.text("Ид"))
    requisites = _requisites(node, "ЗначенияРеквизитов", "ЗначениеРеквизита")
    discounts = (row.number("Сумма") for row in node.all("Скидки", "Скидка"))
    price = node.number("ЦенаЗаЕдиницу")
    return DocumentLine(
        guid=guid,
        variant_guid=variant,
        name=node.text("Наименование"),
        article=node.text("Артикул"),
        unit=_unit(node),
        quantity=node.number("Количество"),
        price=node.number("Цена") if price is None else price,
        total=node.number("Сумма"),
        coefficient=node.number("Коэффициент"),
        vat_rate=_vat_rate(node),
        taxes=tuple(_taxes(node)),
        discounts=tuple(value for value in discounts if value is not None),
        kind=_lookup(requisites, "ТипНоменклатуры"),
        requisites=requisites,
    )
