# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""An order on its way to 1C, as plain values (1C sheet, sections 1.4 and 1.4.1)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from .values import money


class PartyKind(str, Enum):
    """Whom the counterparty is: decides which name elements may be sent."""

    COMPANY = "company"
    ENTREPRENEUR = "entrepreneur"
    PERSON = "person"


class Encoding(str, Enum):
    """Encodings a backend may be switched to (1C sheet 1.4)."""

    UTF8 = "utf-8"
    UTF8_BOM = "utf-8-sig"
    CP1251 = "windows-1251"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Unit of measure: ``code`` is the ОКЕИ code, 168 for a tonne."""

    code: str
    name: str
    full_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparty:
    """The contract party; 1C reads the first one of a document only."""

    guid: str
    name: str
    kind: PartyKind = PartyKind.COMPANY
    full_name: str = ""
    inn: str = ""
    kpp: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """Sent whole or not at all: a missing child fails the whole batch in 1C."""

    guid: str
    name: str
    address: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One item; ``total`` holds or leaves out VAT as the document says."""

    guid: str
    name: str
    unit: Unit
    quantity: Decimal
    price: Decimal
    total: Decimal
    vat_rate: str
    vat_amount: Decimal
    article: str = ""
    variant_guid: str = ""
    coefficient: Decimal = Decimal(1)
    is_service: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDoc:
    """One order. ``moment`` is local time without zone; ``total`` includes VAT.

    ``leaves_in_parts``: the cargo may leave in several vehicles, so the requisite
    «Дата отгрузки» must not be sent (it sets НеОтгружатьЧастями).
    """

    guid: str
    number: str
    moment: datetime
    counterparty: Counterparty
    lines: tuple[OrderLine, ...]
    total: Decimal
    currency: str = "RUB"
    rate: Decimal = Decimal(1)
    vat_included: bool = True
    comment: str = ""
    status: str = ""
    payment_method: str = ""
    cancelled: bool = False
    ship_date: date | None = None
    leaves_in_parts: bool = True
    warehouse: Warehouse | None = None
    requisites: tuple[tuple[str, str], ...] = field(default=())

    @property
    def lines_total(self) -> Decimal:
        """Sum of the lines with VAT, each rounded to kopecks first."""
        total = sum((money(line.total) for line in self.lines), Decimal(0))
        if not self.vat_included:
            total += sum((money(line.vat_amount) for line in self.lines), Decimal(0))
        return total

    def vat_by_rate(self) -> dict[str, Decimal]:
        """Return VAT of the document by rate text, in order of appearance."""
        result: dict[str, Decimal] = {}
        for line in self.lines:
            vat = money(line.vat_amount)
            result[line.vat_rate] = result.get(line.vat_rate, Decimal(0)) + vat
        return result
