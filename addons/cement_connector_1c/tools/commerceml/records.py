# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the reader yields: one small value per element of interest.

Element paths: 1C sheet, sections 1.5 (documents) and 1.6 (catalogue, offers,
counterparties). Identifiers are lower case. Text that cannot be understood (a sum
that is no number) does not spoil the file: it is left out and named in ``issues``.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .values import fold_name, parse_bool, parse_moment

Requisites = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The root element: always the first record."""

    schema_version: str = ""
    generated_at: datetime | None = None
    namespace: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Start of Классификатор, Каталог, ПакетПредложений, Контрагенты and the like.

    ``only_changes`` of a catalogue: what is absent from the file is not deleted.
    """

    kind: str
    guid: str = ""
    name: str = ""
    catalog_guid: str = ""
    classifier_guid: str = ""
    only_changes: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Группа of a classifier; parents come before their children."""

    guid: str
    name: str
    parent_guid: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """Свойство with its list of values, by identifier."""

    guid: str
    name: str
    value_type: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRef:
    """Unit as found: the code may stand in the attribute, the text or a child."""

    code: str = ""
    name: str = ""
    full_name: str = ""
    coefficient: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Товар of a catalogue."""

    guid: str
    name: str
    variant_guid: str = ""
    article: str = ""
    barcode: str = ""
    full_name: str = ""
    unit: UnitRef = UnitRef()
    group_guids: tuple[str, ...] = ()
    description: str = ""
    vat_rate: str = ""
    kind: str = ""
    weight: Decimal | None = None
    manufacturer: str = ""
    pictures: tuple[str, ...] = ()
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    requisites: Requisites = ()
    version: str = ""
    deleted: bool = False
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceType:
    """ТипЦены; ``vat_included`` is None when the file does not say."""

    guid: str
    name: str
    currency: str = ""
    vat_included: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Склад of an offers file."""

    guid: str
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Цена of an offer."""

    type_guid: str
    value: Decimal
    currency: str = ""
    unit: str = ""
    coefficient: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Quantity at one warehouse, from any of the three encodings."""

    depot_guid: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Предложение; what a file does not carry is None or empty, not zero."""

    guid: str
    variant_guid: str = ""
    name: str = ""
    article: str = ""
    barcode: str = ""
    unit: UnitRef = UnitRef()
    prices: tuple[Price, ...] = ()
    quantity: Decimal | None = None
    stocks: tuple[Stock, ...] = ()
    characteristics: tuple[tuple[str, str], ...] = ()
    deleted: bool = False
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """РасчетныйСчет of a counterparty."""

    number: str
    bic: str = ""
    bank: str = ""
    corr_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Контрагент. The address is the Представление: its parts are often dirty."""

    guid: str
    name: str = ""
    official_name: str = ""
    full_name: str = ""
    inn: str = ""
    kpp: str = ""
    okpo: str = ""
    role: str = ""
    address: str = ""
    contacts: tuple[tuple[str, str], ...] = ()
    accounts: tuple[BankAccount, ...] = ()
    version: str = ""
    deleted: bool = False

    @property
    def is_company(self) -> bool:
        """Tell whether 1C holds it for a юрлицо."""
        return bool(self.official_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """Налог of a document or a line."""

    name: str
    rate: str = ""
    amount: Decimal | None = None
    included: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """Товар of a document."""

    guid: str
    name: str
    variant_guid: str = ""
    article: str = ""
    unit: UnitRef = UnitRef()
    quantity: Decimal | None = None
    price: Decimal | None = None
    total: Decimal | None = None
    coefficient: Decimal | None = None
    vat_rate: str = ""
    taxes: tuple[Tax, ...] = ()
    discounts: tuple[Decimal, ...] = ()
    kind: str = ""
    requisites: Requisites = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Документ: an order, and in the Bitrix 3.1 dialect shipments and payments.

    ``container`` numbers the Контейнер a document came in; 0 is none.
    """

    guid: str
    number: str
    operation: str
    moment: datetime | None = None
    role: str = ""
    currency: str = ""
    rate: Decimal | None = None
    total: Decimal | None = None
    comment: str = ""
    basis: str = ""
    parties: tuple[Party, ...] = ()
    taxes: tuple[Tax, ...] = ()
    lines: tuple[DocumentLine, ...] = ()
    requisites: Requisites = ()
    version: str = ""
    container: int = 0
    issues: tuple[str, ...] = ()
    folded: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def requisite(self, *names: str) -> str:
        """Return the first filled requisite or element among the spellings."""
        for name in names:
            value = self.folded.get(fold_name(name), "")
            if value:
                return value
        return ""

    def flag(self, *names: str) -> bool:
        """Return a switch; 1C writes only what is true, so absence is false."""
        return parse_bool(self.requisite(*names))

    def moment_of(self, *names: str) -> datetime | None:
        """Return a date requisite, None when empty, absent or not a date."""
        try:
            return parse_moment(self.requisite(*names))
        except ValueError:
            return None

    @property
    def is_order(self) -> bool:
        """Tell whether it is «Заказ товара» (compared without case, as 1C does)."""
        return fold_name(self.operation) == fold_name("Заказ товара")

    @property
    def number_1c(self) -> str:
        """Number of the document inside 1C."""
        return self.requisite("Номер по 1С", "Номер1С")

    @property
    def moment_1c(self) -> datetime | None:
        """Date of the document inside 1C."""
        return self.moment_of("Дата по 1С", "Дата1С")

    @property
    def posted(self) -> bool:
        """Проведен."""
        return self.flag("Проведен", "Проведён")

    @property
    def deleted(self) -> bool:
        """ПометкаУдаления, as requisite or element."""
        return self.flag("ПометкаУдаления", "Пометка удаления")

    @property
    def cancelled(self) -> bool:
        """Отменен: rarely true in practice (1C sheet 1.5)."""
        return self.flag("Отменен", "Отменён")

    @property
    def payment_number(self) -> str:
        """Document of the last payment; written only when paid in full."""
        return self.requisite("Номер оплаты по 1С")

    @property
    def payment_moment(self) -> datetime | None:
        """Date of the last payment; written only when paid in full."""
        return self.moment_of("Дата оплаты по 1С")

    @property
    def shipment_number(self) -> str:
        """Document of the last shipment; written only when shipped in full."""
        return self.requisite("Номер отгрузки по 1С")

    @property
    def shipment_moment(self) -> datetime | None:
        """Date of the last shipment; written only when shipped in full."""
        return self.moment_of("Дата отгрузки по 1С")

    @property
    def status(self) -> str:
        """Status text, in the dialects that carry one."""
        return self.requisite("Статус заказа", "Статуса заказа")

    @property
    def status_id(self) -> str:
        """Status identifier of the Bitrix dialect («Статуса заказа ИД»)."""
        return self.requisite("Статуса заказа ИД", "Статус заказа ИД")


Record = (
    Header
    | Section
    | Group
    | Property
    | Product
    | PriceType
    | Depot
    | Offer
    | Party
    | Document
)
