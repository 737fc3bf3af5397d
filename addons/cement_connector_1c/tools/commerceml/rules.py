# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What 1C would choke on: one order that breaks a rule can fail a whole batch.

An order with a problem is never put into a batch; it waits in quarantine until a
human mends it. Rules and their sources: 1C sheet, section 1.4.1, and the limits of
the CommerceML 2.10 schema in section 1.7.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .orders import Counterparty, OrderDoc, OrderLine, PartyKind, Warehouse
from .values import clean_line, fold_name, is_guid, money

NUMBER_MAX = 11  # String(11) in the search table of 1C: longer is never found again
ID_MAX = 40  # ИдентификаторГлобальныйТип
CURRENCY_LENGTH = 3
SUM_MAX = Decimal(10) ** 16  # 18 digits, two of them after the point
QUANTITY_STEP = Decimal("0.001")
UNIT_CODE_MIN, UNIT_CODE_MAX = 3, 4  # ЕдиницаТип
CENT = Decimal("0.01")

SHIP_DATE = "Дата отгрузки"
# Written by us from fields of the document, so not free to be sent twice.
OWN_REQUISITES = ("Статус заказа", "Отменен", "Метод оплаты", SHIP_DATE)

_KPP = re.compile(r"\d{4}[0-9A-Z]{2}\d{3}")
_INN_LENGTH = {PartyKind.COMPANY: 10, PartyKind.ENTREPRENEUR: 12, PartyKind.PERSON: 12}


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: a stable code, where it is, and the offending value."""

    code: str
    where: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.code} {self.value}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the 1C on the other side can take; settings of the backend.

    ``vat_rates``: texts of rates its release knows; it reads any other as 0 without
    a word. ``require_inn``: it looks counterparties up by ИНН (and КПП).
    """

    vat_rates: frozenset[str] = frozenset({"0", "10", "18", "20", "22", "Без НДС"})
    require_inn: bool = True


DEFAULT_PROFILE = Profile()


def validate_order(doc: OrderDoc, profile: Profile = DEFAULT_PROFILE) -> list[Problem]:
    """Return the broken rules of one order; an empty list means it may be sent."""
    problems = [
        *_head(doc),
        *_party(doc.counterparty, profile),
        *_requisites(doc),
    ]
    if doc.warehouse is not None:
        problems += _warehouse(doc.warehouse)
    for index, line in enumerate(doc.lines, start=1):
        problems += _line(line, f"line {index}", profile)
    return problems


def _head(doc: OrderDoc) -> Iterator[Problem]:
    yield from _identifier(doc.guid, "order")
    number = clean_line(doc.number)
    if not number or number != doc.number:
        yield Problem("number_empty", "order", doc.number)
    elif len(number) > NUMBER_MAX:
        yield Problem("number_too_long", "order", doc.number)
    if doc.moment.tzinfo is not None:
        yield Problem("moment_has_zone", "order", doc.moment.isoformat())
    currency = doc.currency
    if not (currency.isascii() and currency.isalnum() and len(currency) == 3):
        yield Problem("currency_bad", "order", doc.currency)
    if not doc.rate.is_finite() or doc.rate <= 0:
        yield Problem("rate_bad", "order", str(doc.rate))
    if not doc.lines:
        yield Problem("no_lines", "order")
    yield from _sum(doc.total, "order")
    # A kopeck a line is what rounding may cost; more means the sums disagree.
    finite = all(n.is_finite() for line in doc.lines for n in _amounts(line))
    if not finite or not doc.total.is_finite():
        return
    if abs(doc.lines_total - money(doc.total)) > CENT * len(doc.lines):
        yield Problem("total_mismatch", "order", f"{doc.lines_total} / {doc.total}")


def _party(party: Counterparty, profile: Profile) -> Iterator[Problem]:
    yield from _identifier(party.guid, "counterparty")
    if not clean_line(party.name):
        yield Problem("party_name_empty", "counterparty")
    if party.foreign:
        if party.inn and not 10 <= len(party.inn) <= 12:
            yield Problem("inn_bad", "counterparty", party.inn)
        return
    if not party.inn:
        if profile.require_inn:
            yield Problem("inn_missing", "counterparty", party.name)
    elif not _digits(party.inn, _INN_LENGTH[party.kind]):
        # A company with 12 digits is an ИП: 1C would look among companies and
        # create a duplicate.
        yield Problem("inn_bad", "counterparty", party.inn)
    if party.kind is PartyKind.COMPANY:
        if party.kpp and not _KPP.fullmatch(party.kpp):
            yield Problem("kpp_bad", "counterparty", party.kpp)
    elif party.kpp:
        yield Problem("kpp_of_person", "counterparty", party.kpp)


def _requisites(doc: OrderDoc) -> Iterator[Problem]:
    own = {fold_name(name) for name in OWN_REQUISITES}
    for name, _value in doc.requisites:
        folded = fold_name(name)
        if not folded:
            yield Problem("requisite_unnamed", "requisites")
        elif folded == fold_name(SHIP_DATE) and doc.leaves_in_parts:
            yield Problem("ship_date_forbids_parts", "requisites", name)
        elif folded in own:
            yield Problem("requisite_reserved", "requisites", name)


def _warehouse(warehouse: Warehouse) -> Iterator[Problem]:
    yield from _identifier(warehouse.guid, "warehouse")
    for value in (warehouse.name, warehouse.address, warehouse.contact):
        if not clean_line(value):
            yield Problem("warehouse_incomplete", "warehouse", warehouse.name)
            return


def _line(line: OrderLine, where: str, profile: Profile) -> Iterator[Problem]:
    if not is_guid(line.guid):
        yield Problem("item_guid_bad", where, line.guid)
    if line.variant_guid and not is_guid(line.variant_guid):
        yield Problem("item_guid_bad", where, line.variant_guid)
    if line.variant_guid and line.variant_guid.lower() == line.guid.lower():
        yield Problem("item_is_own_variant", where, line.guid)
    if not clean_line(line.name):
        yield Problem("item_name_empty", where, line.guid)
    code = line.unit.code
    if not UNIT_CODE_MIN <= len(code) <= UNIT_CODE_MAX or code != clean_line(code):
        yield Problem("unit_code_bad", where, code)
    if not line.coefficient.is_finite() or line.coefficient <= 0:
        yield Problem("coefficient_bad", where, str(line.coefficient))
    if line.vat_rate not in profile.vat_rates:
        yield Problem("vat_rate_unknown", where, line.vat_rate)
    yield from _line_sums(line, where)


def _line_sums(line: OrderLine, where: str) -> Iterator[Problem]:
    broken = [
        *_quantity(line.quantity, where),
        *_sum(line.price, where),
        *_sum(line.total, where),
        *_sum(line.vat_amount, where),
    ]
    yield from broken
    if broken:
        return
    expected = money(line.price) * line.quantity
    # The price travels with two digits: half a kopeck a unit is lost at most.
    if abs(expected - line.total) > CENT * (line.quantity + 1) / 2:
        yield Problem("line_sum_mismatch", where, f"{expected} / {line.total}")


def _quantity(value: Decimal, where: str) -> Iterator[Problem]:
    if not value.is_finite() or not 0 < value < SUM_MAX:
        yield Problem("quantity_bad", where, str(value))
    elif value != value.quantize(QUANTITY_STEP):
        yield Problem("quantity_too_fine", where, str(value))


def _sum(value: Decimal, where: str) -> Iterator[Problem]:
    if not value.is_finite() or not 0 <= value < SUM_MAX:
        yield Problem("sum_bad", where, str(value))


def _identifier(value: str, where: str) -> Iterator[Problem]:
    if not value or len(value) > ID_MAX or value != clean_line(value):
        yield Problem("identifier_bad", where, value)


def _digits(value: str, length: int) -> bool:
    return len(value) == length and value.isascii() and value.isdigit()


def _amounts(line: OrderLine) -> tuple[Decimal, Decimal]:
    return line.total, line.vat_amount
