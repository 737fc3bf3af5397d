# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A dislocation report from its file to the pages, beside the bare reading of it.

    bin/bench rail [--rounds 5] [--wagons 5000] [--tied 1000] [--profile]
                   [--only import|operations] [--operations 1000000]

The first half, all in one run and one database: a report of 5,000 wagons with 45
columns comes in (read, checked, trips, operations, shipments, then the pages: list of
wagons, a wagon's page, the map). Beside it the time that the chosen library takes to
read the same file and nothing else, and openpyxl for comparison.

first      every wagon is new;
moved      the next report: every wagon has a new operation (at most 3 times);
unchanged  the report after: the same rows, formed later (at most 1.3 times).

The second half: pages of a wagon and of the map with few stored operations and with
1,000,000: the same number of queries, at most 1.2 times the time.
Exits 1 when a limit is passed.
"""

import argparse
import cProfile
import io
import pstats
import statistics
import sys
import time
from dataclasses import replace
from datetime import date, datetime, timedelta

import _database

LIMIT_CHANGED = 3.0
LIMIT_UNCHANGED = 1.3
LIMIT_STORED = 1.2
COLUMNS = 45
DATABASE = "bench_rail"
_SEEN = 200  # wagons whose pages are looked at


def make_file(reports, items, formed):
    """Return an xlsx of *items* with 45 columns, as the cabinet writes it."""
    rows = reports.lk_wagon_rows(items)
    more = COLUMNS - len(rows[0])
    rows[0] += [f"Прочее {number}" for number in range(more)]
    for index, row in enumerate(rows[1:]):
        row += [f"значение {(index + number) % 60}" for number in range(more)]
    return reports.workbook(rows, formed=f"{formed:%d.%m.%Y %H:%M}")


def read_bare(data):
    """Return the seconds that calamine takes for all cells of the file."""
    from python_calamine import CalamineWorkbook

    began = time.perf_counter()
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_name(book.sheet_names[-1]).to_python()
    seconds = time.perf_counter() - began
    assert len(rows[-1]) == COLUMNS
    return seconds


def read_openpyxl(data):
    """Return the same of openpyxl."""
    from openpyxl import load_workbook

    began = time.perf_counter()
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for _row in book.worksheets[-1].iter_rows(values_only=True):
        pass
    return time.perf_counter() - began


def tie_shipments(env, items, count):
    """Make as many shipments with the wagons' waybills, by copies of one.

    Orders as a client makes them would take minutes; what the report does to their
    shipments is the same.
    """
    from orders import build, prepare_rows

    user, client, lines, sites = build(env)
    theirs = env(user=user)
    cart = theirs["cement.cart"]._create_draft(theirs["res.partner"].browse(client.id))
    cart._add_rows(prepare_rows(lines, sites, 1, False))
    order = cart._confirm("portal_desktop").sudo()
    picking = order.picking_ids[:1]
    env.flush_all()
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = 'stock_picking' AND column_name NOT IN "
        "('id', 'name', 'wagon_number', 'waybill_number', 'transport', 'access_token')"
    )
    columns = ", ".join(f'"{name}"' for (name,) in env.cr.fetchall())
    env.cr.execute(
        f"""
        INSERT INTO stock_picking (name, wagon_number, waybill_number, transport,
                                   {columns})
        SELECT 'R/' || item.waybill, item.wagon, item.waybill, 'rail', {columns}
          FROM stock_picking,
               unnest(%s::varchar[], %s::varchar[]) AS item (wagon, waybill)
         WHERE stock_picking.id = %s
        """,
        [
            [item.wagon for item in items[:count]],
            [item.waybill for item in items[:count]],
            picking.id,
        ],
    )
    env.invalidate_all()
    return user.id, client.id


def move(items, moment):
    """Return the facts of the next report: each wagon has gone on."""
    return [
        replace(
            item,
            operation_time=moment - timedelta(minutes=5 + index % 50),
            station=items[(index + 7) % len(items)].station,
            km_left=max(0, item.km_left - 40),
            idle_minutes=0,
        )
        for index, item in enumerate(items)
    ]


def show_pages(env):
    """Build what the pages show: list, a wagon's page, the map."""
    trips = env["cement.wagon.trip"]
    found = trips.search([("is_open", "=", True)], limit=80)
    names = [
        "wagon_number",
        "state",
        "station_id",
        "destination_id",
        "distance_left",
        "idle_days",
        "eta_at",
        "trouble",
    ]
    found.web_read({name: {} for name in names})
    show_wagon(env, found[:1])
    show_map(env)


def show_wagon(env, trip):
    """Build the page of one wagon with the last of its history."""
    trip.web_read(
        {
            "wagon_number": {},
            "state": {},
            "operation_ids": {
                "fields": {"date": {}, "station_id": {}, "code_id": {}},
                "limit": 40,
            },
        }
    )


def show_map(env):
    """Build the points of the map."""
    trips = env["cement.wagon.trip"]
    if hasattr(trips, "get_map_points"):
        trips.get_map_points()
    else:
        trips.search_read(
            [("is_open", "=", True)], ["wagon_number", "station_id", "state"]
        )


def measure(env, work, profiler=None):
    """Return seconds and queries of *work*, flushed."""
    env.flush_all()
    env.invalidate_all()
    queries = env.cr.sql_log_count
    began = time.perf_counter()
    if profiler:
        profiler.enable()
    work()
    env.flush_all()
    if profiler:
        profiler.disable()
    return time.perf_counter() - began, env.cr.sql_log_count - queries


def take(env, data, name, profiler=None):
    """Take a report in and show the pages.

    :return: seconds and queries.
    """

    def work():
        record = env["cement.dislocation.import"]._receive(data, name)
        if record.state != "accepted":
            raise SystemExit(f"{name}: {record.state}, {record.reason}")
        env.flush_all()
        show_pages(env)

    return measure(env, work, profiler)


def prepare(registry, reports, options):
    """Make shipments and put the first report in for good.

    :return: the facts and files of the three reports.
    """
    now = datetime.now() + timedelta(hours=3)  # Moscow
    moments = [now - timedelta(minutes=minutes) for minutes in (50, 30, 10)]
    items = reports.make_facts(options.wagons, moments[0])
    moved = move(items, moments[1])
    files = {
        "first": make_file(reports, items, moments[0]),
        "moved": make_file(reports, moved, moments[1]),
        "unchanged": make_file(reports, moved, moments[2]),
    }
    with _database.committed(registry) as env:
        env["cement.rail.settings"]._get().check_consignees = False
        tie_shipments(env, items, options.tied)
    return files


def compare_import(registry, reports, options) -> bool:
    """Measure the way of a report and print; return whether a limit is passed."""
    files = prepare(registry, reports, options)
    size = len(files["first"]) / 1e6
    print(
        f"{options.wagons} wagons × {COLUMNS} columns, {size:.1f} MB, "
        f"{options.tied} of them shipments"
    )
    profiler = cProfile.Profile() if options.profile else None
    figures = {name: [] for name in (*files, "calamine", "openpyxl")}
    queries = {}
    for number in range(options.rounds + 1):
        with _database.rolled_back(registry) as env:
            figure = take(env, files["first"], "first")
        if number:  # the first run fills the caches of a running server
            figures["first"].append(figure[0])
            queries["first"] = figure[1]
    with _database.committed(registry) as env:
        take(env, files["first"], "first")
    for _round in range(options.rounds):
        _database.vacuum(DATABASE)
        figures["openpyxl"].append(read_openpyxl(files["moved"]))
        with _database.rolled_back(registry) as env:
            for name in ("moved", "unchanged"):
                figures["calamine"].append(read_bare(files[name]))
                seconds, queries[name] = take(
                    env, files[name], name, profiler if name == "moved" else None
                )
                figures[name].append(seconds)
    middle = {name: statistics.median(items) for name, items in figures.items()}
    bare = middle["calamine"]
    print(
        f"bare reading: calamine {bare:.3f} s, openpyxl {middle['openpyxl']:.3f} s "
        f"({middle['openpyxl'] / bare:.1f} times)"
    )
    failed = False
    for name, limit in (
        ("first", None),
        ("moved", LIMIT_CHANGED),
        ("unchanged", LIMIT_UNCHANGED),
    ):
        ratio = middle[name] / bare
        failed |= limit is not None and ratio > limit
        print(
            f"{name}: {middle[name]:.3f} s to the pages ({queries[name]} queries), "
            f"{ratio:.2f} times"
            + (f" (at most {limit})" if limit else " (every wagon is new)")
        )
    if profiler:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    return failed


def compare_stored(registry, reports, options) -> bool:
    """Measure the pages with few and with many operations stored; print."""
    moment = datetime.now() + timedelta(hours=3)
    items = reports.make_facts(options.wagons, moment)
    with _database.committed(registry) as env:
        env["cement.rail.settings"]._get().check_consignees = False
        record = env["cement.dislocation.import"]._receive(
            make_file(reports, items, moment), "stored.xlsx"
        )
        if record.state != "accepted":
            raise SystemExit(record.reason)
    with _database.committed(registry) as env:
        # the wagons that are looked at have a trip's history of forty operations
        env.cr.execute(
            """
            INSERT INTO cement_wagon_operation
                   (wagon_id, trip_id, date, code_id, station_id, distance_left)
            SELECT wagon_id, trip_id, date - step * interval '3 hours', code_id,
                   station_id, distance_left
              FROM cement_wagon_operation
        CROSS JOIN generate_series(1, 40) AS step
             WHERE trip_id IN (SELECT id FROM cement_wagon_trip WHERE is_open
                             ORDER BY trouble DESC, last_operation_at DESC, id DESC
                                LIMIT %s)
            """,
            [_SEEN],
        )
        env.cr.execute("SELECT count(*) FROM cement_wagon_operation")
        (before,) = env.cr.fetchone()
    few = measure_stored(registry, options)
    with _database.committed(registry) as env:
        add_past(env, options.operations - before)
    many = measure_stored(registry, options)
    failed = False
    for name in few:
        ratio = many[name][0] / few[name][0]
        same = few[name][1] == many[name][1]
        failed |= ratio > LIMIT_STORED or not same
        print(
            f"{name}: {few[name][0] * 1000:.1f} ms with {before} operations, "
            f"{many[name][0] * 1000:.1f} ms with {options.operations}: {ratio:.2f} "
            f"times (at most {LIMIT_STORED}), queries {few[name][1]} and "
            f"{many[name][1]}"
        )
    return failed


def add_past(env, count, length=50):
    """Add so many operations of trips that are over, fifty a trip."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = 'cement_wagon_trip' AND column_name NOT IN "
        "('id', 'is_current', 'is_open', 'picking_id', 'uno')"
    )
    columns = ", ".join(f'"{name}"' for (name,) in env.cr.fetchall())
    env.cr.execute(
        f"""
        INSERT INTO cement_wagon_trip (is_current, is_open, uno, {columns})
        SELECT false, false, 'past', {columns}
          FROM cement_wagon_trip
    CROSS JOIN generate_series(1, 1 + %s / (SELECT count(*) FROM cement_wagon_trip))
         WHERE is_open
         LIMIT %s
        """,
        [count // length, count // length],
    )
    env.cr.execute(
        """
        INSERT INTO cement_wagon_operation
               (wagon_id, trip_id, date, code_id, station_id, distance_left)
        SELECT trip.wagon_id, trip.id,
               trip.last_operation_at - interval '30 days'
               - trip.id * interval '1 minute' - step * interval '200 days',
               (SELECT min(id) FROM cement_wagon_operation_code), trip.station_id, 0
          FROM cement_wagon_trip trip
    CROSS JOIN generate_series(1, %s) AS step
         WHERE trip.uno = 'past'
        """,
        [length],
    )


def measure_stored(registry, options):
    """Return ``{page: (seconds, queries)}``."""
    _database.vacuum(DATABASE)
    result = {}
    with _database.rolled_back(registry) as env:
        trips = env["cement.wagon.trip"].search([("is_open", "=", True)], limit=_SEEN)
        pages = {
            "page of a wagon": lambda number: show_wagon(env, trips[number % _SEEN]),
            "map": lambda number: show_map(env),
        }
        for name, page in pages.items():
            # the first runs fill caches
            samples = [
                measure(env, lambda page=page, number=number: page(number))
                for number in range(60)
            ][10:]
            result[name] = (
                statistics.median(sample[0] for sample in samples),
                max(sample[1] for sample in samples),
            )
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--wagons", type=int, default=5000)
    parser.add_argument("--tied", type=int, default=1000)
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--profile", action="store_true", help="where our time goes")
    parser.add_argument("--only", choices=("import", "operations"))
    options = parser.parse_args()
    _database.new_database(DATABASE, "cement_logistics_rail")
    registry = _database.load(DATABASE)
    from odoo.addons.cement_logistics_rail.tests import reports

    print(f"{date.today().isoformat()}, {_database.machine()}")
    failed = False
    if options.only != "operations":
        failed |= compare_import(registry, reports, options)
    if options.only != "import":
        failed |= compare_stored(registry, reports, options)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
