"""What 1C keeps and how it takes orders in (1C sheet, sections 1.4 and 1.4.1).

A small infobase in a JSON file: customers' orders found by the number of the site,
counterparties found by ИНН and КПП, goods found by identifier. Its mistakes are
those of the original: units and VAT leak from line to line, an unknown VAT rate
becomes 0, a long number is cut and never found again.
"""

import copy
import json
import os
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

NUMBER_LENGTH = 11
KNOWN_RATES = {"0", "10", "18", "20", "22"}
AWAITING = "ОжидаетсяСогласование"
OPERATION = "заказ товара"


class Refusal(Exception):
    """«Возврат Ложь»: the batch stops, orders before this one stay."""


class Crash(Exception):
    """An exception inside 1C: the whole transaction is rolled back."""


@dataclass
class Result:
    """How a batch went."""

    created: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def ok(self) -> bool:
        return not self.error


@dataclass
class Faults:
    """Failures to play, by the number of the order."""

    crash_on: set[str] = field(default_factory=set)
    refuse_on: set[str] = field(default_factory=set)


class Infobase:
    """Orders, counterparties and goods, kept between runs."""

    def __init__(self, path: Path | None = None, faults: Faults | None = None) -> None:
        self.path = path
        self.faults = faults or Faults()
        self.complaints: list[str] = []
        self.data: dict = {"orders": {}, "parties": {}, "items": {}, "last_number": 0}
        if path and path.exists():
            self.data = json.loads(path.read_text("utf-8"))

    def save(self) -> None:
        """Write the state so that a kill leaves the old file or the new one."""
        if self.path:
            fresh = self.path.with_suffix(".new")
            fresh.write_text(json.dumps(self.data, ensure_ascii=False, indent=1))
            os.replace(fresh, self.path)

    @property
    def orders(self) -> dict[str, dict]:
        return self.data["orders"]

    # --- taking orders in -----------------------------------------------------------

    def load(self, text: str) -> Result:
        """Load the answer of ``query``: one transaction for the whole batch."""
        result = Result()
        before = copy.deepcopy(self.data)
        try:
            root = ET.fromstring(text)
        except ET.ParseError as error:
            result.error = f"XML не читается: {error}"
            return result
        if root.tag != "КоммерческаяИнформация":
            self.complaints.append(f"корень с пространством имён: {root.tag}")
        leak: dict = {}
        try:
            for node in root:
                if node.tag.rpartition("}")[2] == "Документ":
                    self._load_order(node, leak, result)
        except Crash as error:
            self.data = before
            result = Result(error=f"исключение, пакет отменён: {error}")
        except Refusal as error:
            result.error = f"отказ: {error}"
        return result

    def _load_order(self, node: ET.Element, leak: dict, result: Result) -> None:
        number = _text(node, "Номер")
        if number in self.faults.crash_on:
            raise Crash(f"заказ {number} (так задано)")
        if number in self.faults.refuse_on:
            raise Refusal(f"заказ {number} (так задано)")
        if _text(node, "ХозОперация").lower() != OPERATION:
            raise Refusal(f"ХозОперация: {_text(node, 'ХозОперация')!r}")
        if not _text(node, "Валюта"):
            raise Refusal(f"заказ {number}: нет валюты")
        self._check_stores(node)
        values = {
            "site_number": number,
            "date": _text(node, "Дата"),
            "time": _text(node, "Время"),
            "currency": _text(node, "Валюта"),
            "sum": _text(node, "Сумма"),
            "party": self._party(node),
            "comment": _text(node, "Комментарий"),
            "lines": self._lines(node, leak),
            "whole": "Дата отгрузки" in _requisites(node),
        }
        if _requisites(node).get("Отменен", "").lower() == "true":
            for line in values["lines"]:
                line["cancelled"] = True
        # The column of the search is String(11): what is longer is cut there and
        # never equals the stored number.
        known = self.orders.get(number) if len(number) <= NUMBER_LENGTH else None
        if len(number) > NUMBER_LENGTH:
            self.complaints.append(f"номер длиннее 11 знаков: {number}")
        if known is None:
            self._create(number, values)
            result.created.append(number)
        elif known["state"] != AWAITING or not any(
            not line.get("cancelled") for line in known["lines"]
        ):
            result.skipped.append(number)
        else:
            known.update(values, version=known["version"] + 1)
            result.rewritten.append(number)

    def _create(self, number: str, values: dict) -> None:
        self.data["last_number"] += 1
        key = number
        while key in self.orders:  # a duplicate, which is the point
            key += "'"
        self.orders[key] = values | {
            "guid": str(uuid.uuid4()),
            "number": f"УТ-{self.data['last_number']:08d}",
            "state": AWAITING,
            "posted": False,
            "deleted": False,
            "paid": None,
            "shipped": None,
            "version": 1,
            "pushed": 0,
        }

    def _check_stores(self, node: ET.Element) -> None:
        paths = (
            "Ид",
            "Наименование",
            "Адрес/АдресноеПоле/Тип",
            "Адрес/АдресноеПоле/Значение",
            "Контакты/Контакт/Тип",
            "Контакты/Контакт/Значение",
        )
        for store in node.findall("Склады/Склад"):
            for path in paths:
                if store.find(path) is None:
                    raise Crash(f"склад без {path}")

    def _party(self, node: ET.Element) -> str:
        parties = node.findall("Контрагенты/Контрагент")
        if not parties:
            raise Crash("нет контрагента")
        if len(parties) > 1:
            self.complaints.append("контрагентов несколько, читается первый")
        party = parties[0]
        name = _text(party, "Наименование")
        if not name:
            raise Crash("контрагент без наименования")
        inn, kpp = _text(party, "ИНН"), _text(party, "КПП")
        company = party.find("ОфициальноеНаименование") is not None
        if company and len(inn) == 12:
            self.complaints.append(f"ИП {name} пришёл как юрлицо: будет дубль")
        if not company and len(inn) == 10:
            self.complaints.append(f"юрлицо {name} пришло как физлицо: будет дубль")
        if party.find("Адрес") is not None and not _text(party, "Адрес/Представление"):
            raise Crash("адрес без представления")
        key = f"{'Ю' if company else 'Ф'}|{inn}|{kpp if company else ''}|"
        key += "" if inn else name
        known = self.data["parties"]
        known.setdefault(key, {"name": name, "inn": inn, "kpp": kpp, "orders": 0})
        known[key]["orders"] += 1
        return key

    def _lines(self, node: ET.Element, leak: dict) -> list[dict]:
        lines = []
        for row in node.findall("Товары/Товар"):
            lines.append(self._line(row, leak))
        if not lines:
            self.complaints.append(f"заказ {_text(node, 'Номер')} без строк")
        return lines

    def _line(self, row: ET.Element, leak: dict) -> dict:
        ident, _sep, variant = _text(row, "Ид").partition("#")
        if variant and variant == ident:
            self.complaints.append(f"guid#guid: лишняя характеристика {ident}")
        for part in filter(None, (ident, variant)):
            try:
                uuid.UUID(part)
            except ValueError:
                raise Crash(f"Ид номенклатуры не GUID: {part!r}") from None
        self._units(row, leak)
        quantity = Decimal(_text(row, "Количество") or "0")
        if not quantity:
            raise Crash("строка без количества")
        total = Decimal(_text(row, "Сумма") or "0")
        price = Decimal(_text(row, "ЦенаЗаЕдиницу") or total / quantity)
        kind = _requisites(row).get("ТипНоменклатуры")
        if kind not in ("Товар", "Услуга"):
            self.complaints.append(f"ТипНоменклатуры: {kind!r}")
        items = self.data["items"]
        if ident not in items:
            items[ident] = {
                "article": _text(row, "Артикул"),
                "name": _text(row, "Наименование"),
                "born": "заказ",  # a Номенклатура that nobody in 1C made
            }
        return {
            "item": ident,
            "variant": variant,
            "name": _text(row, "Наименование"),
            "quantity": str(quantity),
            "price": str(price),
            "sum": str(total),
            "unit": leak["unit"],
            "factor": leak["factor"],
            "vat": leak["vat"],
            "cancelled": False,
        }

    def _units(self, row: ET.Element, leak: dict) -> None:
        """Read unit, coefficient and VAT into variables nobody resets (the bug)."""
        base = row.find("БазоваяЕдиница")
        for name, value in (
            (
                "unit",
                _text(row, "Единица") or (base.get("Код") if base is not None else ""),
            ),
            ("factor", _text(row, "Коэффициент")),
            ("vat", self._rate(row)),
        ):
            if value:
                leak[name] = value
            else:
                self.complaints.append(f"в строке нет {name}: возьмётся из прошлой")
                leak.setdefault(name, "")
        if len(leak["unit"]) > 4:
            raise Crash(f"код единицы длиннее 4: {leak['unit']!r}")

    def _rate(self, row: ET.Element) -> str:
        rates = row.findall("СтавкиНалогов/СтавкаНалога")
        rates += row.findall("Налоги/Налог")
        for rate in rates:
            if _text(rate, "Наименование") == "НДС":
                text = _text(rate, "Ставка").removesuffix(".00")
                if text in KNOWN_RATES:
                    return text
                if text.lower() not in ("без ндс", "без налога"):
                    self.complaints.append(f"ставка {text!r} станет 0")
                return "0"
        return ""

    # --- life of an order in 1C -----------------------------------------------------

    def find(self, number: str) -> dict:
        return self.orders[number]

    def advance(self, order: dict, moment: str) -> bool:
        """Move an order one step on: posted, paid, shipped. Tell if it moved."""
        number = order["number"].partition("-")[2]
        if not order["posted"]:
            order.update(posted=True, state="ГотовКОбеспечению")
        elif not order["paid"]:
            order.update(
                paid={"number": f"ПБ-{number}", "date": moment},
                state="ГотовКОтгрузке",
            )
        elif not order["shipped"]:
            order.update(
                shipped={"number": f"РТ-{number}", "date": moment}, state="Закрыт"
            )
        else:
            return False
        order["version"] += 1
        return True

    def changed(self) -> list[dict]:
        """Return the orders whose state the site does not know yet."""
        return [o for o in self.orders.values() if o["version"] > o["pushed"]]

    def mark_pushed(self, orders: list[dict]) -> None:
        """Remember what the site has taken."""
        for order in orders:
            order["pushed"] = order["version"]


def _text(node: ET.Element, path: str) -> str:
    return (node.findtext(path) or "").strip()


def _requisites(node: ET.Element) -> dict[str, str]:
    rows = node.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
    return {_text(row, "Наименование"): _text(row, "Значение") for row in rows}
