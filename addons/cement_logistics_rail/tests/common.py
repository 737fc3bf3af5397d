# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import UTC, datetime, timedelta

from odoo.addons.cement_base.tests.common import make_esr
from odoo.addons.cement_sale.tests.common import CementSaleCommon

from ..tools.codes import wagon_check_digit

HEADINGS = {
    "wagon": "Номер вагона",
    "waybill": "Номер накладной",
    "kind": "Род вагона",
    "started": "Дата и время начала рейса",
    "origin": "Станция отправления",
    "destination": "Станция назначения",
    "okpo": "Грузополучатель (ОКПО)",
    "consignee": "Грузополучатель",
    "cargo": "Наименование груза",
    "mass": "Вес груза (кг)",
    "operation_at": "Дата и время операции",
    "station": "Станция операции",
    "operation": "Операция с вагоном",
    "loaded": "Тип парка (П/Г)",
    "train": "Индекс поезда",
    "due": "Нормативный срок доставки",
    "departed": "Дата и время отправления",
    "arrived": "Дата и время прибытия",
    "left": "Расстояние оставшееся (км)",
    "total": "Расстояние общее (км)",
}
# Stations of the tests: made up, with right check digits.
ORIGIN = make_esr(81420)
MIDDLE = make_esr(80210)
DESTINATION = make_esr(78450)
OTHER = make_esr(76310)


def make_wagon(serial: int, prefix: str = "93") -> str:
    """Return a wagon number with the right check digit."""
    first = f"{prefix}{serial:05d}"
    return first + str(wagon_check_digit(first))


def make_row(wagon, moment=None, **values) -> dict:
    """Return a loaded wagon on its way; *values* override."""
    moment = moment or datetime(2026, 8, 1, 8, 37)
    row = {
        "wagon": wagon,
        "waybill": f"ЭЦ{int(wagon[2:7]) % 1000000:06d}",
        "kind": "93",
        "started": moment.replace(hour=9, minute=0) - timedelta(days=2),
        "departed": moment.replace(hour=11, minute=0) - timedelta(days=2),
        "origin": f"ЗАВОДСКАЯ ({ORIGIN})",
        "destination": f"КЛИЕНТСКАЯ ({DESTINATION})",
        "cargo": "ЦЕМЕНТ (281014)",
        "mass": 69500,
        "operation_at": moment,
        "station": f"СРЕДНЯЯ ({MIDDLE})",
        "operation": "Отправление вагона со станции в составе поезда (2)",
        "loaded": "Груженый",
        "train": f"{ORIGIN}178{DESTINATION}",
        "due": (moment + timedelta(days=5)).date(),
        "left": 600,
        "total": 1200,
    }
    row.update(values)
    return row


def make_csv(rows, formed_at=None, headings=None) -> bytes:
    """Return a report as the cabinet's table saved as csv."""
    headings = headings or HEADINGS
    lines = []
    if formed_at:
        lines = [
            "Личный кабинет",
            f"Дислокация вагонов;{formed_at:%d.%m.%Y %H:%M}",
        ]
    lines.append(";".join(headings.values()))
    lines += [";".join(_cell(row.get(name)) for name in headings) for row in rows]
    return "\r\n".join(lines).encode("cp1251")


def _cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if hasattr(value, "strftime"):
        return f"{value:%d.%m.%Y}"
    return str(value)


def moscow_now() -> datetime:
    """Return the present moment as reports write it."""
    return (datetime.now(UTC) + timedelta(hours=3)).replace(
        second=0, microsecond=0, tzinfo=None
    )


class RailCommon(CementSaleCommon):
    """A client that gets cement by rail.

    Class attributes: ``now`` (Moscow), ``station``, ``rail_site``, ``rail_line``,
    ``dispatcher`` (user), ``tariff`` (confirmed: 50 an hour after a day, 100 after
    three), ``imports`` (reports as the dispatcher's program has them).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = moscow_now()
        cls.station = cls._create_station("Client station", DESTINATION)
        cls.rail_site = cls._create_site(cls.client, "Siding", station=cls.station)
        cls.rail_line = cls._create_specification(
            cls.agreement, [{"delivery_method_id": cls.rail_delivery.id}]
        ).line_ids
        cls.dispatcher = cls._create_internal_user(
            "dispatcher@rail", "cement_base.group_dispatcher"
        )
        cls.tariff = cls.env.ref("cement_logistics_rail.demurrage_tariff_default")
        cls.tariff.is_confirmed = True
        cls.imports = cls.env["cement.dislocation.import"]
        cls.trips = cls.env["cement.wagon.trip"]

    @classmethod
    def _create_shipments(cls, count=1, user=None):
        """Return *count* shipments of a wagon each, as superuser."""
        cart = cls._create_cart(
            [
                {
                    "specification_line_id": cls.rail_line.id,
                    "quantity": 60.0 * count,
                    "site_id": cls.rail_site.id,
                }
            ],
            user,
        )
        orders = cart._confirm("portal_desktop").sudo().with_env(cls.env)
        pickings = orders.picking_ids
        assert len(pickings) >= count, (len(pickings), count)
        pickings.scheduled_date = datetime.now()
        return pickings[:count]

    @classmethod
    def _receive(cls, rows, formed_at=None, name="report.csv", **kwargs):
        """Take in a report of *rows*, formed a minute ago unless told otherwise."""
        formed_at = formed_at or cls.now - timedelta(minutes=1)
        data = rows if isinstance(rows, bytes) else make_csv(rows, formed_at)
        record = cls.imports._receive(data, name, **kwargs)
        cls.env.flush_all()
        return record

    @classmethod
    def _row(cls, serial, hours_ago=2, **values):
        """Return a row of wagon *serial*, its last operation some hours ago.

        All rows of a test are of one trip, also around midnight.
        """
        start = (cls.now - timedelta(days=3)).replace(hour=9, minute=0)
        values.setdefault("started", start)
        values.setdefault("departed", start + timedelta(hours=2))
        return make_row(
            make_wagon(serial), cls.now - timedelta(hours=hours_ago), **values
        )

    @classmethod
    def _trip(cls, serial):
        return cls.trips.search(
            [("wagon_number", "=", make_wagon(serial)), ("is_current", "=", True)]
        )
