# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Reports as the cabinet, an operator and history 601 write them.

Strings for numbers, kilograms with leading zeros, kopecks, three formats of dates in
one row, and a Latin X in waybills: the oddities of live reports.
"""

import html
import io
import zipfile
from datetime import datetime, timedelta

from .scenario import Wagon, moscow_now

HEADINGS = (
    "Номер вагона",
    "Номер накладной",
    "Род вагона",
    "Дата и время начала рейса",
    "Станция отправления",
    "Станция назначения",
    "Грузополучатель (ОКПО)",
    "Наименование груза",
    "Вес груза (кг)",
    "Дата и время операции",
    "Станция операции",
    "Операция с вагоном",
    "Мнемокод операции",
    "Тип парка",
    "Тип парка (П/Г)",
    "Индекс поезда",
    "Номер поезда",
    "Нормативный срок доставки",
    "Дата и время отправления",
    "Дата и время прибытия",
    "Расстояние оставшееся (км)",
    "Расстояние общее (км)",
    "Время простоя под последней операцией (сутки:часы:минуты)",
)


def created_at(moment: datetime | None = None) -> str:
    """Return when a report was formed, as the cabinet writes it."""
    return f"{moment or moscow_now():%d.%m.%Y %H:%M}"


def fields(wagon: Wagon, now: datetime) -> dict[str, object]:
    """Return a wagon under the railway's own names."""
    way = wagon.stations
    idle = max(0, int((now - wagon.operation_at) / timedelta(minutes=1)))
    running = wagon.state == "way" and wagon.operation[0] == 2
    return {
        "NOM_VAG": wagon.number,
        "ROD_VAG_UCH": "93",
        "KOD_SOB": "20",
        "DATE_NACH": wagon.start.isoformat(timespec="milliseconds"),
        "STAN_NACH": way[0].code,
        "NAIM_STAN_NACH": way[0].name,
        "STAN_NAZN": way[-1].code,
        "NAIM_STAN_NAZN": way[-1].name,
        "GRUZPOL_OKPO": wagon.okpo.zfill(8) if wagon.okpo else None,
        "NAIM_GRUZPOL_OKPO": wagon.consignee or None,
        # an empty wagon keeps the weight of its last load
        "VES_GRZ": f"{wagon.mass_kg:010d}",
        "DATE_OP": wagon.operation_at.isoformat(timespec="milliseconds"),
        "STAN_OP": wagon.station.code,
        "NAIM_STAN_OP": wagon.station.name,
        "KOP_VMD": f"{wagon.operation[0]:02d}",
        "MNAIM_KOP_VMD": wagon.operation[1],
        "NAIM_KOP_VMD": wagon.operation[2],
        "PPV_POR": "0" if wagon.loaded else "1",
        "PPV_GRUJ": "1" if wagon.loaded else "0",
        "PPV_NRP": "1" if wagon.state == "faulty" else "0",
        "PPV_RP": "0" if wagon.state == "faulty" else "1",
        "INDEX_POEZD": f"{way[0].code}178{way[-1].code}" if running else None,
        "NOM_POEZD": "2178" if running else None,
        "NOM_NAK": wagon.waybill.replace("Х", "X"),
        "DATE_DOSTAV": (wagon.due or wagon.start + timedelta(days=5))
        .date()
        .isoformat(),
        "RASST_OB": f"{wagon.km_total:010d}",
        "RASST_STAN_NAZN": f"{wagon.km_left:010d}",
        "PROST_DN": str(idle // 1440),
        "PROST_CH": str(idle // 60 % 24),
        "PROST_MIN": str(idle % 60),
        "DATE_OTPR": wagon.departed.isoformat() if wagon.departed else None,
        "DATE_PRIB": created_at(wagon.arrived) if wagon.arrived else None,
        "TARIF": "0000018318500",
        "KOD_GRZ_UCH": "421034" if wagon.back else "281014",
        "NAIM_KOD_GRZ_UCH": "ВАГОН ПОРОЖНИЙ" if wagon.back else "ЦЕМЕНТ",
        "COORDS": [wagon.station.latitude, wagon.station.longitude],
    }


def report(wagons: list[Wagon], now: datetime | None = None) -> dict:
    """Return the body of a report that is done: head and rows of strings."""
    now = now or moscow_now()
    rows = [fields(wagon, now) for wagon in wagons]
    head = list(rows[0]) if rows else ["NOM_VAG"]
    return {
        "status": "done",
        "created_at": created_at(now),
        "data": {
            "data": {
                "head": head,
                "body": [[row[name] for name in head] for row in rows],
            }
        },
    }


def history(wagon: Wagon) -> dict:
    """Return history 601 of one wagon."""
    way = wagon.stations
    return {
        "data": {
            "wagon": wagon.number,
            "operations": [
                {
                    "DATE_OP": f"{item['at']:%Y-%m-%d %H:%M:%S}",
                    "STAN_OP": item["station"].code,
                    "NAIM_STAN_OP": item["station"].name,
                    "KOP_VMD": f"{item['operation'][0]:02d}",
                    "MNAIM_KOP_VMD": item["operation"][1],
                    "STAN_NACH": way[0].code,
                    "STAN_NAZN": way[-1].code,
                    "NOM_NAK": wagon.waybill.replace("Х", "X"),
                    "DATE_NACH": wagon.start.isoformat(),
                }
                for item in wagon.history
            ],
        }
    }


def table(wagons: list[Wagon], now: datetime | None = None) -> list[list[str]]:
    """Return heading and rows of the table that a person downloads."""
    now = now or moscow_now()
    rows = [list(HEADINGS)]
    for wagon in wagons:
        values = fields(wagon, now)
        idle = f"{values['PROST_DN']}:{values['PROST_CH']}:{values['PROST_MIN']}"
        rows.append(
            [
                wagon.number,
                str(values["NOM_NAK"]),
                "ЦМВ",
                created_at(wagon.start),
                _coded(values, "STAN_NACH"),
                _coded(values, "STAN_NAZN"),
                wagon.okpo,
                f"{values['NAIM_KOD_GRZ_UCH']} ({values['KOD_GRZ_UCH']})",
                str(wagon.mass_kg),
                created_at(wagon.operation_at),
                _coded(values, "STAN_OP"),
                f"{wagon.operation[2]} ({wagon.operation[0]})",
                wagon.operation[1],
                "Нерабочий" if wagon.state == "faulty" else "Рабочий",
                "Груженый" if wagon.loaded else "Порожний",
                str(values["INDEX_POEZD"] or ""),
                str(values["NOM_POEZD"] or ""),
                f"{wagon.start + timedelta(days=5):%d.%m.%Y}",
                created_at(wagon.departed) if wagon.departed else "",
                created_at(wagon.arrived) if wagon.arrived else "",
                str(wagon.km_left),
                str(wagon.km_total),
                idle,
            ]
        )
    return rows


def _coded(values: dict, name: str) -> str:
    return f"{values['NAIM_' + name]} ({values[name]})"


def csv_report(wagons: list[Wagon]) -> bytes:
    """Return the table as an operator's csv: semicolons, cp1251."""
    lines = [";".join(row) for row in table(wagons)]
    return "\r\n".join(lines).encode("cp1251", "replace")


def xlsx_report(wagons: list[Wagon], now: datetime | None = None) -> bytes:
    """Return the table as the cabinet's workbook: three rows above the headings."""
    rows = [
        ["Личный кабинет"],
        ["Дислокация вагонов"],
        [created_at(now)],
        *table(wagons, now),
    ]
    body = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{_letters(column)}{number}" t="inlineStr"><is><t>'
            f"{html.escape(cell)}</t></is></c>"
            for column, cell in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
        )
    return stream.getvalue()


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    f'ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Дислокация" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}
