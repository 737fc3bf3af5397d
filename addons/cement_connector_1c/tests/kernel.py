# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Shared by the tests of the kernel, which run with and without Odoo."""

import unittest
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from ..tools.commerceml.orders import (
    Counterparty,
    OrderDoc,
    OrderLine,
    PartyKind,
    Unit,
    Warehouse,
)
from ..tools.commerceml.values import money

try:
    from odoo.tests import BaseCase as KernelCase
except ImportError:
    KernelCase = unittest.TestCase

REPOSITORY = Path(__file__).resolve().parents[3]
SHARED = REPOSITORY.parent / "shared" / "samples" / "1c"
XSD_210 = SHARED / "carono+yii2-1c-exchange" / "files" / "doc" / "commerceML 2.10.xsd"

TONNE = Unit(code="168", name="т", full_name="Тонна (1000 кг)")
GUID = "1c9e2f0e-7f1b-4b57-9f5e-3d1f4c0a1234"
ITEM = "cbcf493f-55bc-11d9-848a-00112f43529a"
NOW = datetime(2026, 2, 3, 10, 15)


def shared_sample(case: unittest.TestCase, *parts: str) -> Path:
    """Return a shared sample file, or skip the test where there is none."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        case.skipTest(f"no shared samples beside the checkout: {'/'.join(parts)}")
    return path


def make_line(**changes) -> OrderLine:
    values = {
        "guid": ITEM,
        "name": "Цемент ЦЕМ II/А-Ш 42,5Н навал",
        "article": "ЦЕМ-II-42.5",
        "unit": TONNE,
        "quantity": Decimal("27.500"),
        "price": Decimal("6100.00"),
        "total": Decimal("167750.00"),
        "vat_rate": "22",
        "vat_amount": Decimal("30250.00"),
    }
    return OrderLine(**(values | changes))


def make_party(**changes) -> Counterparty:
    values = {
        "guid": "4141d5ec-e2a6-11db-95d9-505054503030",
        "name": 'ООО "Бетон"',
        "full_name": 'Общество с ограниченной ответственностью "Бетон"',
        "inn": "7707083893",
        "kpp": "770701001",
        "address": "140000, Московская обл, г Люберцы",
    }
    return Counterparty(**(values | changes))


def make_order(**changes) -> OrderDoc:
    values = {
        "guid": GUID,
        "number": "P0001234",
        "moment": datetime(2026, 2, 3, 10, 12, 44),
        "counterparty": make_party(),
        "lines": (make_line(),),
        "comment": "самовывоз, 2 цементовоза",
        "status": "Отправлен поставщику",
    }
    values |= changes
    if "total" not in values:
        lines_total = sum((money(line.total) for line in values["lines"]), Decimal(0))
        values["total"] = lines_total
    return OrderDoc(**values)


# --- generated orders -----------------------------------------------------------

_guids = st.uuids().map(str)
# Anything a person can type, with characters that XML forbids among it.
_texts = st.text(
    st.characters(codec="utf-8", include_characters="\x00\x0b\x1f\ufffe<>&\"'«№"),
    max_size=300,
)
_names = _texts.map(lambda text: f"Ц{text}")
_inn10 = st.from_regex(r"[0-9]{10}", fullmatch=True).filter(str.isascii)
_inn12 = st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii)
_cents = st.integers(0, 10**9).map(lambda n: Decimal(n) / 100)


@st.composite
def _parties(draw) -> Counterparty:
    kind = draw(st.sampled_from(PartyKind))
    company = kind is PartyKind.COMPANY
    return Counterparty(
        guid=draw(_guids),
        name=draw(_names),
        full_name=draw(_texts),
        kind=kind,
        inn=draw(_inn10 if company else _inn12),
        kpp="770701001" if company and draw(st.booleans()) else "",
        address=draw(_texts),
        phone=draw(st.sampled_from(["", "+7 495 000-00-00"])),
        email=draw(st.sampled_from(["", "snab@example.com"])),
    )


@st.composite
def _lines(draw) -> OrderLine:
    price = draw(_cents)
    quantity = Decimal(draw(st.integers(1, 10**7))) / 1000
    total = money(price * quantity)
    rate = draw(st.sampled_from(["0", "10", "20", "22", "Без НДС"]))
    percent = Decimal(rate) if rate.isdigit() else Decimal(0)
    return OrderLine(
        guid=draw(_guids),
        variant_guid=draw(st.one_of(st.just(""), _guids)),
        name=draw(_names),
        article=draw(_texts),
        unit=draw(st.sampled_from([TONNE, Unit(code="796", name="шт")])),
        quantity=quantity,
        price=price,
        total=total,
        vat_rate=rate,
        vat_amount=money(total * percent / (100 + percent)),
        is_service=draw(st.booleans()),
    )


@st.composite
def orders(draw) -> OrderDoc:
    """Orders that keep the rules, with whatever text people type."""
    lines = tuple(draw(st.lists(_lines(), min_size=1, max_size=4)))
    included = draw(st.booleans())
    total = sum((line.total for line in lines), Decimal(0))
    if not included:
        total += sum((line.vat_amount for line in lines), Decimal(0))
    moments = st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31))
    warehouse = Warehouse(guid=GUID, name="Склад", address="Завод", contact="+7")
    return OrderDoc(
        guid=draw(_guids),
        number=f"P{draw(st.integers(0, 9_999_999)):07d}",
        moment=draw(moments).replace(microsecond=0),
        counterparty=draw(_parties()),
        lines=lines,
        total=total,
        currency=draw(st.sampled_from(["RUB", "USD", "643"])),
        vat_included=included,
        comment=draw(_texts),
        cancelled=draw(st.booleans()),
        ship_date=draw(st.one_of(st.none(), st.just(date(2026, 2, 5)))),
        leaves_in_parts=draw(st.booleans()),
        warehouse=draw(st.one_of(st.none(), st.just(warehouse))),
    )
