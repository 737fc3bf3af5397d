# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, timedelta

from odoo.addons.cement_base.tests.common import make_esr

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
