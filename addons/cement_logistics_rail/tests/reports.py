# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Dislocation reports written for tests, in every dialect the reader knows.

A fact is what happened to one wagon; a writer puts facts down as its dialect does,
with all the dialect's oddities; the reader must give the facts back.
"""

import io
import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from odoo.addons.cement_base.tools.stations import esr_check_digit

from ..tools import codes
from ..tools.reader import HeadingMap

DATA = Path(__file__).parents[1] / "data" / "cement_report_heading_data.xml"
FORMED = datetime(2026, 8, 3, 2, 32)


def load_headings() -> HeadingMap:
    """Return the headings that the addon ships."""
    records = []
    for node in ET.parse(DATA).getroot().iter("record"):
        values = {item.get("name"): item.text or "" for item in node}
        records.append(
            (
                values["heading"],
                values["field"],
                values.get("unit", ""),
                values.get("dialect", ""),
                int(values.get("sequence", 10)),
            )
        )
    return HeadingMap.build(records)


HEADINGS = load_headings()


def wagon(serial: int) -> str:
    """Return a wagon number with its check digit."""
    first = f"{93_00000 + serial:07d}"
    return f"{first}{codes.wagon_check_digit(first)}"


def esr(five: int) -> str:
    """Return a station code with its check digit."""
    text = f"{five:05d}"
    return f"{text}{esr_check_digit(text)}"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a report says of one wagon, in the reader's terms."""

    wagon: str
    waybill: str
    uno: str
    trip_start: datetime
    departed: datetime
    arrived: datetime | None
    origin: tuple[str, str]  # code, name
    destination: tuple[str, str]
    station: tuple[str, str]
    operation: tuple[str, str, str]  # code, mnemonic, name
    operation_time: datetime
    km_left: int
    km_total: int
    idle_minutes: int
    train_index: str
    train_number: str
    loaded: bool
    cargo: tuple[str, str]
    mass_kg: int
    consignee_okpo: str
    consignee_name: str
    due_date: date
    container: str


def make_facts(count: int, moment: datetime = FORMED) -> list[Fact]:
    """Return facts of *count* wagons that differ from each other."""
    origin, end = (esr(81190), "ОРЕНБУРГ"), (esr(98570), "МЫС АСТАФЬЕВА (ЭКСП.)")
    return [
        Fact(
            wagon=wagon(index),
            waybill=f"ЭХ{100000 + index:06d}",
            uno=f"{10_000_000 + index:012d}",
            trip_start=moment - timedelta(days=5, minutes=index % 700),
            departed=moment - timedelta(days=4, minutes=index % 700),
            arrived=None,
            origin=origin,
            destination=end,
            station=(esr(80000 + index % 300), f"СТАНЦИЯ {index % 300}"),
            operation=("2", "ОТПР", "Отправление вагона со станции"),
            operation_time=moment - timedelta(hours=3, minutes=index % 600),
            km_left=100 + index % 3000,
            km_total=4000,
            idle_minutes=index % 3000,
            train_index=f"{esr(80000)}{index % 900 + 1:03d}{esr(98570)}",
            train_number=str(2000 + index % 900),
            loaded=True,
            cargo=(esr(28101), "ЦЕМЕНТ"),
            mass_kg=60_000 + index % 9000,
            consignee_okpo=str(1126022 + index % 20),
            consignee_name=f"Получатель {index % 20}",
            due_date=(moment + timedelta(days=3)).date(),
            container=f"TKRU{1000000 + index}",
        )
        for index in range(count)
    ]


_LETTERS = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"
_names = st.text("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ -", min_size=1, max_size=20).map(
    lambda text: " ".join(("С" + text).split()).strip(" -")
)
_stations = st.tuples(st.integers(1000, 99_999).map(esr), _names)
_moments = st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@st.composite
def facts(draw) -> Fact:
    """Draw a fact."""
    return Fact(
        wagon=draw(st.integers(0, 69_999).map(wagon)),
        waybill="Э"
        + draw(st.sampled_from(_LETTERS))
        + f"{draw(st.integers(1, 999_999)):06d}",
        uno=f"{draw(st.integers(1, 999_999_999_999)):012d}",
        trip_start=draw(_moments),
        departed=draw(_moments),
        arrived=draw(st.none() | _moments),
        origin=draw(_stations),
        destination=draw(_stations),
        station=draw(_stations),
        operation=draw(
            st.sampled_from(
                [
                    ("2", "ОТПР", "Отправление"),
                    ("21", "ВЫГ2", "Выгрузка вагона на подъездных путях"),
                    ("53", "РМНТ", "Перевод в неисправные"),
                    ("92", "БРОС", "Бросание поезда"),
                ]
            )
        ),
        operation_time=draw(_moments),
        km_left=draw(st.integers(0, 12_000)),
        km_total=draw(st.integers(1, 12_000)),
        idle_minutes=draw(st.integers(0, 2_000_000)),
        train_index=draw(
            st.integers(10**13, 10**15 - 1).map(lambda number: f"{number:015d}")
        ),
        train_number=draw(st.integers(1, 9999).map(str)),
        loaded=draw(st.booleans()),
        cargo=(draw(st.sampled_from([esr(28101), esr(28104), esr(23239)])), "ЦЕМЕНТ"),
        mass_kg=draw(st.integers(1_000, 79_900)),
        consignee_okpo=str(draw(st.integers(1, 99_999_999))),
        consignee_name=draw(_names),
        due_date=draw(st.dates(date(2015, 1, 1), date(2035, 12, 31))),
        container="TKRU" + str(draw(st.integers(1_000_000, 9_999_999))),
    )


# --- what a dialect can say ----------------------------------------------------------


def expected(fact: Fact, names: set[str]) -> dict:
    """Return the reader's values of *fact* that a dialect with *names* can tell."""
    values = {
        "wagon": fact.wagon,
        "waybill": fact.waybill,
        "uno": fact.uno,
        "trip_start": fact.trip_start,
        "departed": fact.departed,
        "arrived": fact.arrived,
        "origin_code": fact.origin[0],
        "origin_name": fact.origin[1],
        "destination_code": fact.destination[0],
        "destination_name": fact.destination[1],
        "station_code": fact.station[0],
        "station_name": fact.station[1],
        "operation_code": fact.operation[0],
        "operation_mnemonic": fact.operation[1],
        "operation_name": fact.operation[2],
        "operation_time": fact.operation_time,
        "km_left": float(fact.km_left),
        "km_total": float(fact.km_total),
        "idle_minutes": fact.idle_minutes,
        "train_index": fact.train_index,
        "train_number": fact.train_number,
        "loaded": fact.loaded,
        "cargo_code": fact.cargo[0],
        "cargo_name": fact.cargo[1],
        "mass_t": round(fact.mass_kg / 1000, 3),
        "consignee_okpo": fact.consignee_okpo,
        "consignee_name": fact.consignee_name,
        "due_date": fact.due_date,
        "container": fact.container,
    }
    return {name: values[name] for name in names}


def actual(row, names: set[str]) -> dict:
    """Return the same of a row that was read."""
    return {name: getattr(row, name) for name in names}


def _russian(moment: datetime | None) -> str:
    return moment.strftime("%d.%m.%Y %H:%M") if moment else ""


def _coded(pair: tuple[str, str]) -> str:
    return f"{pair[1]} ({pair[0]})"


def _dhm(minutes: int) -> str:
    return f"{minutes // 1440}:{minutes // 60 % 24:02d}:{minutes % 60:02d}"


# --- xlsx ---------------------------------------------------------------------------


def workbook(
    rows: list[list], top: int = 3, first_sheet: bool = False, formed: str = ""
) -> bytes:
    """Return an xlsx with *rows* on its last sheet below *top* rows of a title."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        if first_sheet:
            book.add_worksheet("Параметры").write(0, 0, "Отчет слежения")
        sheet = book.add_worksheet("Отчет")
        titles = ["Личный кабинет", "Дислокация вагонов", formed or _russian(FORMED)]
        for index, title in enumerate(titles[:top]):
            sheet.write(index, 0, title)
        for index, row in enumerate(rows, start=top):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(index, column, cell, moment)
                elif isinstance(cell, str):
                    sheet.write_string(index, column, cell)
                elif cell is not None:
                    sheet.write(index, column, cell)
    return stream.getvalue()


LK_WAGON = {
    "wagon",
    "waybill",
    "uno",
    "trip_start",
    "departed",
    "arrived",
    "origin_code",
    "origin_name",
    "destination_code",
    "destination_name",
    "station_code",
    "station_name",
    "operation_code",
    "operation_mnemonic",
    "operation_name",
    "operation_time",
    "km_left",
    "km_total",
    "idle_minutes",
    "train_index",
    "train_number",
    "loaded",
    "cargo_code",
    "cargo_name",
    "mass_t",
    "consignee_okpo",
    "consignee_name",
    "due_date",
}
_LK_HEAD = [
    "Номер вагона",
    "Номер накладной",
    "Род вагона",
    "Дата и время начала рейса",
    "Дорога отправления",
    "Станция отправления",
    "Станция назначения",
    "Грузополучатель",
    "Грузополучатель (ОКПО)",
    "Наименование груза",
    "Код груза ГНГ",
    "Вес груза (кг)",
    "Ранее выгруженный груз",
    "Остаток пробега (км)",
    "Идентификатор накладной",
    "Дата и время операции",
    "Станция операции",
    "Дорога операции",
    "Операция с вагоном",
    "Мнемокод операции",
    "Тип парка",
    "Тип парка (П/Г)",
    "Индекс поезда",
    "Номер поезда",
    "Нормативный срок доставки",
    "Дата и время отправления",
    "Дата и время прибытия",
    "Расстояние пройденное (км)",
    "Расстояние оставшееся (км)",
    "Расстояние общее (км)",
    "Время простоя под последней операцией (сутки:часы:минуты)",
    "Время простоя под последней операцией (сутки)",
]


def lk_wagon_rows(items: list[Fact]) -> list[list]:
    """Return heading and rows of report 4664 as a person downloads it.

    Three formats of dates in a row, zeros lost, a Latin letter in the waybill.
    """
    rows: list[list] = [list(_LK_HEAD)]
    for fact in items:
        rows.append(
            [
                float(fact.wagon),
                fact.waybill.replace("Х", "X").replace("Т", "T"),
                "ЦМВ",
                _russian(fact.trip_start),
                "ЮЖНО-УРАЛЬСКАЯ",
                _coded(fact.origin),
                _coded(fact.destination),
                fact.consignee_name,
                "0" + fact.consignee_okpo,
                _coded((fact.cargo[0], fact.cargo[1])),
                "25232900",
                str(fact.mass_kg),
                "",
                "None",
                int(fact.uno),
                fact.operation_time,
                _coded(fact.station),
                "80",
                _coded((fact.operation[0], fact.operation[2])),
                fact.operation[1],
                "Рабочий",
                "Груженый" if fact.loaded else "Порожний",
                fact.train_index,
                fact.train_number,
                fact.due_date.isoformat(),
                fact.departed.isoformat(timespec="milliseconds"),
                _russian(fact.arrived),
                "",
                f"{fact.km_left:010d}",
                f"{fact.km_total:,}".replace(",", "\u00a0"),
                _dhm(fact.idle_minutes),
                str(fact.idle_minutes // 1440),
            ]
        )
    return rows


def lk_wagon_xlsx(items: list[Fact]) -> bytes:
    """Return report 4664 by hand."""
    return workbook(lk_wagon_rows(items), first_sheet=True)


LK_CONTAINER = (LK_WAGON - {"departed", "arrived"}) | {"container"}


def lk_container_xlsx(items: list[Fact]) -> bytes:
    """Return report 4664 by mail: containers, blank wagon where it is the same."""
    head = [
        "Номер контейнера",
        "Номер накладной",
        "Тип контейнера",
        "Дата и время начала рейса",
        "Станция отправления",
        "Станция назначения",
        "Грузополучатель (ОКПО)",
        "Грузополучатель (наим)",
        "Наименование груза",
        "Вес груза (кг)",
        "Станция операции",
        "Операция",
        "Мнемокод операции",
        "Дата и время операции",
        "Состояние контейнера",
        "Индекс поезда с наименованиями станций",
        "Номер поезда",
        "Номер вагона",
        "Нормативный срок доставки",
        "Расстояние общее",
        "Расстояние оставшееся",
        "Время простоя под последней операцией (сутки:часы:минуты)",
        "Идентификатор накладной",
        "Признак груж. рейса",
    ]
    rows: list[list] = [head]
    before = None
    for fact in items:
        rows.append(
            [
                fact.container,
                fact.waybill,
                "20",
                _russian(fact.trip_start),
                _coded(fact.origin),
                _coded(fact.destination),
                fact.consignee_okpo,
                fact.consignee_name,
                _coded(fact.cargo),
                fact.mass_kg,
                _coded(fact.station),
                _coded((fact.operation[0], fact.operation[2])),
                fact.operation[1],
                _russian(fact.operation_time),
                "Исправен",
                fact.train_index,
                fact.train_number,
                None if before == fact.wagon else fact.wagon,
                fact.due_date.strftime("%d.%m.%Y"),
                fact.km_total,
                fact.km_left,
                _dhm(fact.idle_minutes),
                fact.uno,
                "да" if fact.loaded else "нет",
            ]
        )
        before = fact.wagon
    return workbook(rows)


# --- JSON of the cabinet and of feeds -------------------------------------------------


GVC = LK_WAGON | {"container"}


def gvc(fact: Fact) -> dict:
    """Return a wagon under the railway's own names; all values are strings."""
    return {
        "NOM_VAG": fact.wagon,
        "KOD_SOB": "20",
        "DATE_NACH": fact.trip_start.isoformat(timespec="milliseconds"),
        "STAN_NACH": fact.origin[0],
        "NAIM_STAN_NACH": fact.origin[1],
        "STAN_NAZN": fact.destination[0],
        "NAIM_STAN_NAZN": fact.destination[1],
        "GRUZPOL_OKPO": fact.consignee_okpo.zfill(8),
        "NAIM_GRUZPOL_OKPO": fact.consignee_name,
        "VES_GRZ": f"{fact.mass_kg}",
        "DATE_OP": fact.operation_time.isoformat(timespec="milliseconds"),
        "DOR_RASCH": "80",
        "STAN_OP": fact.station[0],
        "NAIM_STAN_OP": fact.station[1],
        "KOP_VMD": fact.operation[0].zfill(2),
        "MNAIM_KOP_VMD": fact.operation[1],
        "NAIM_KOP_VMD": fact.operation[2],
        "PPV_POR": "0" if fact.loaded else "1",
        "PPV_GRUJ": "1" if fact.loaded else "0",
        "INDEX_POEZD": fact.train_index,
        "NOM_POEZD": fact.train_number,
        "NOM_KON1": fact.container,
        "NOM_NAK": fact.waybill,
        "UNO": fact.uno.lstrip("0"),
        "DATE_DOSTAV": fact.due_date.isoformat(),
        "RASST_OB": f"{fact.km_total:010d}",
        "RASST_STAN_NAZN": f"{fact.km_left:010d}",
        "PROST_DN": str(fact.idle_minutes // 1440),
        "PROST_CH": str(fact.idle_minutes // 60 % 24),
        "PROST_MIN": str(fact.idle_minutes % 60),
        "DATE_OTPR": fact.departed.isoformat(),
        "DATE_PRIB": _russian(fact.arrived) or None,
        "DATE_KON": None,
        "TARIF": "0000018318500",
        "KOD_GRZ_UCH": fact.cargo[0],
        "NAIM_KOD_GRZ_UCH": fact.cargo[1],
        "COORDS": [51.77, 55.1],
    }


def cabinet_json(items: list[Fact]) -> bytes:
    """Return what the page of the cabinet draws: head and body."""
    rows = [gvc(fact) for fact in items]
    head = list(rows[0])
    return json.dumps(
        {
            "status": "done",
            "created_at": "03.08.2026 02:32",
            "data": {
                "data": {
                    "head": head,
                    "body": [[row[name] for name in head] for row in rows],
                }
            },
        },
        ensure_ascii=False,
    ).encode()


def flat_json(items: list[Fact]) -> bytes:
    """Return a bare list of wagons, with a byte order mark."""
    return b"\xef\xbb\xbf" + json.dumps([gvc(fact) for fact in items]).encode()


def wagons_json(items: list[Fact]) -> bytes:
    """Return a feed with count (a string) and timestamp."""
    return json.dumps(
        {
            "count": str(len(items)),
            "timestamp": "2026-08-03T02:32:00",
            "wagons": [gvc(fact) for fact in items],
        }
    ).encode()


def spv_json(items: list[Fact]) -> bytes:
    """Return the answer of the provider's service."""
    return json.dumps(
        {
            "data": {
                "getReferenceSPV4664Response": {
                    "vagons": [gvc(fact) for fact in items],
                }
            }
        }
    ).encode()


def history_json(items: list[Fact]) -> bytes:
    """Return history 601 of the first wagon: each fact is an operation."""
    operations = []
    for fact in items:
        row = gvc(fact)
        del row["NOM_VAG"]
        row["DATE_OP"] = fact.operation_time.strftime("%Y-%m-%d %H:%M:%S")
        operations.append(row)
    return json.dumps(
        {"data": {"wagon": items[0].wagon, "operations": operations}}
    ).encode()


# --- XML, operators' tables -----------------------------------------------------------


XML = {
    "wagon",
    "origin_code",
    "destination_code",
    "station_code",
    "operation_code",
    "operation_time",
    "cargo_code",
    "mass_t",
    "consignee_okpo",
    "consignee_name",
}


def location_xml(items: list[Fact]) -> bytes:
    """Return the export of a tracking site."""
    root = ET.Element("data")
    for fact in items:
        node = ET.SubElement(root, "vagon")
        info = ET.SubElement(node, "vagon_info")
        ET.SubElement(info, "vagon_no").text = fact.wagon
        specifications = ET.SubElement(info, "vagon_specifications")
        ET.SubElement(specifications, "owner").text = 'ООО "Вагон"'
        position = ET.SubElement(node, "position")
        for name, code in (
            ("from_station", fact.origin[0]),
            ("to_station", fact.destination[0]),
        ):
            ET.SubElement(ET.SubElement(position, name), "station_code").text = code
        for name, value in (
            ("current_position_code", fact.station[0]),
            ("current_position_date", fact.operation_time.isoformat(sep=" ")),
            ("current_position_latitude", "51.5"),
            ("current_position_longitude", "55.25"),
            ("operation_asoup_code", fact.operation[0]),
            ("etsng_code", fact.cargo[0]),
            ("weight", str(fact.mass_kg)),
            ("gruz_receiver_okpo", fact.consignee_okpo),
            ("gruz_receiver_name", fact.consignee_name),
            ("broken", "0"),
        ):
            ET.SubElement(position, name).text = value
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


OPERATOR_A = {
    "wagon",
    "departed",
    "origin_code",
    "origin_name",
    "destination_code",
    "destination_name",
    "station_code",
    "station_name",
    "operation_name",
    "operation_time",
    "km_left",
    "train_index",
    "train_number",
    "cargo_code",
    "cargo_name",
    "mass_t",
}


def operator_a_xls(items: list[Fact]) -> bytes:
    """Return an operator's old workbook: tonnes, codes in columns of their own."""
    import xlwt

    head = [
        "Номер вагона",
        "Станция отправления",
        "Станция назначения",
        "Станция текущей дислокации",
        "Груз",
        "Расстояние осталось (от текущей станции)",
        "Дата и время отправления",
        "Дата и время последней операции",
        "Операция (полное наименование)",
        "Вес груза, тонны",
        "код ст. отправления (6 знаков)",
        "код ст. назначения (6 знаков)",
        "Станция текущей дислокации, код",
        "Груз, код",
        "Индекс поезда",
        "НРП (вагон в нерабочем парке)",
        "Номер поезда",
    ]
    book = xlwt.Workbook(encoding="cp1251")
    sheet = book.add_sheet("Дислокация")
    style = xlwt.easyxf(num_format_str="DD.MM.YYYY HH:MM")
    for column, heading in enumerate(head):
        sheet.write(0, column, heading)
    for index, fact in enumerate(items, start=1):
        cells = [
            int(fact.wagon),
            fact.origin[1],
            fact.destination[1],
            fact.station[1],
            fact.cargo[1],
            fact.km_left,
            fact.departed,
            fact.operation_time,
            fact.operation[2],
            fact.mass_kg / 1000,
            # the sheet makes numbers of codes: zeros are lost
            int(fact.origin[0]),
            int(fact.destination[0]),
            int(fact.station[0]),
            int(fact.cargo[0]),
            fact.train_index,
            "Нет",
            int(fact.train_number),
        ]
        for column, cell in enumerate(cells):
            if isinstance(cell, datetime):
                sheet.write(index, column, cell, style)
            else:
                sheet.write(index, column, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


OWNER_B = {"wagon", "station_name", "destination_name", "km_left", "operation_name"}


def owner_b_csv(items: list[Fact]) -> bytes:
    """Return an owner's csv in cp1251: «вес» is the capacity, no time of operation."""
    lines = [
        "вагон;г/п;вес;станция операции;назначение;осталось, [км];операция;собственник"
    ]
    for fact in items:
        lines.append(
            ";".join(
                [
                    fact.wagon,
                    "69,5",
                    "69,5",
                    fact.station[1],
                    fact.destination[1],
                    f"{fact.km_left},0",
                    fact.operation[2],
                    'ООО "Вагон"',
                ]
            )
        )
    return "\r\n".join(lines).encode("cp1251")


LESSOR_C = {
    "wagon",
    "operation_time",
    "operation_name",
    "station_name",
    "origin_name",
    "destination_name",
    "cargo_name",
    "loaded",
}


def lessor_c_csv(items: list[Fact]) -> bytes:
    """Return a lessor's csv in UTF-8 with a mark in front of the first heading."""
    lines = [
        "Дата отчета;Время отчета;Номер вагона;Дата совершения операции;"
        "Наименование операции;Станция операции;Станция отправления;"
        "Станция назначения;Наименование груза;Порожний/груженный;Рабочий/нерабочий"
    ]
    for fact in items:
        lines.append(
            ";".join(
                [
                    "03.08.2026",
                    "02:32",
                    fact.wagon,
                    _russian(fact.operation_time),
                    fact.operation[2],
                    fact.station[1],
                    fact.origin[1],
                    fact.destination[1],
                    fact.cargo[1],
                    "Груженный" if fact.loaded else "Порожний",
                    "Рабочий",
                ]
            )
        )
    return b"\xef\xbb\xbf" + "\n".join(lines).encode()


PLANT_D = {
    "wagon",
    "station_code",
    "station_name",
    "destination_code",
    "destination_name",
    "origin_code",
    "operation_name",
    "operation_time",
    "departed",
    "mass_t",
    "cargo_name",
    "train_index",
    "train_number",
}


def plant_d_csv(items: list[Fact]) -> bytes:
    """Return a plant's table with five-digit station codes, cp1251."""
    lines = [
        "Номер вагона;Код станции операции;Название станции операции;Номер поезда;"
        "Индекс поезда;Операция;Дата операции;Название груза;Вес груза;"
        "Код станции назначения;Название станции назначения;Код станции отправления;"
        "Дата приема груза к перевозке"
    ]
    for fact in items:
        lines.append(
            ";".join(
                [
                    fact.wagon,
                    fact.station[0][:5],
                    fact.station[1],
                    fact.train_number,
                    fact.train_index,
                    fact.operation[2],
                    _russian(fact.operation_time),
                    fact.cargo[1],
                    f"{fact.mass_kg}",
                    fact.destination[0][:5],
                    fact.destination[1],
                    fact.origin[0][:5],
                    _russian(fact.departed),
                ]
            )
        )
    return "\n".join(lines).encode("cp1251")


# writer, dialect, what it can tell
DIALECTS = {
    "lk_wagon_xlsx": (lk_wagon_xlsx, "lk_wagon", LK_WAGON),
    "lk_container_xlsx": (lk_container_xlsx, "lk_container", LK_CONTAINER),
    "cabinet_json": (cabinet_json, "gvc", GVC),
    "flat_json": (flat_json, "gvc", GVC),
    "wagons_json": (wagons_json, "gvc", GVC),
    "spv_json": (spv_json, "gvc", GVC),
    "location_xml": (location_xml, "xml_location", XML),
    "operator_a_xls": (operator_a_xls, "operator_a", OPERATOR_A),
    "owner_b_csv": (owner_b_csv, "owner_b", OWNER_B),
    "lessor_c_csv": (lessor_c_csv, "lessor_c", LESSOR_C),
    "plant_d_csv": (plant_d_csv, "plant_d", PLANT_D),
}
