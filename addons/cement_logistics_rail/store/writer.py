# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Turns the kernel's changes into rows of the database and writes them."""

from datetime import datetime
from typing import NamedTuple

from psycopg2 import errors

from odoo import fields
from odoo.tools import SQL

from ..tools import eta, figures, moscow, trip_columns, trips
from ..tools.reader.model import Row
from ..tools.trips import Change, State
from .copying import copy_columns, identifiers, take_ids, temporary_rows
from .known import Known

_IDLE_COLUMNS = (
    "trip_id",
    "wagon_id",
    "station_id",
    "date_from",
    "date_to",
    "kind",
    "days",
    "amount",
)
_ETA_COLUMNS = ("eta_at", "eta_first_at", "eta_error_hours", "eta_source")
# Figures and estimates are moments in Moscow's time until they are written.
_MOMENTS = frozenset({"idle_since", "demurrage_at", "eta_at"})


class _Trip(NamedTuple):
    """A trip to be written: the state it has now, and what was known of it."""

    id: int
    wagon_id: int
    state: State
    is_current: bool
    # the last row of the report about it; none when another trip has followed
    row: Row | None = None
    # none of a new trip
    known: Known | None = None


class Writer:
    """Writes what a report has changed.

    :param record: the report.
    :param known: of all wagons concerned, see ``load_known``.
    :param formed_at: moment of the report, Moscow's.
    """

    def __init__(
        self, record, known, places, kinds, vocabulary, settings, rules, formed_at
    ):
        self.record = record
        self.env = record.env
        self.cr = record.env.cr
        self.known = known
        self.places = places
        self.kinds = kinds
        self.vocabulary = vocabulary
        self.rules = rules
        self.now = fields.Datetime.now()
        self.now_moscow = moscow.from_utc(self.now)
        self.formed_at = formed_at or self.now_moscow
        self.tariffs = self.env["cement.demurrage.tariff"]._get_tariffs()
        self.profile = eta.Profile.load(settings.eta_profile or {})
        ruble = self.env.ref("base.RUB", raise_if_not_found=False)
        self.currency_id = ruble.id if ruble else self.env.company.currency_id.id
        # for the shipments and the conversations
        self.trip_ids: list[int] = []
        self.unmatched_ids: list[int] = []
        self.tied_ids: list[int] = []
        self.milestones: dict[int, dict] = {}
        self.events: list[tuple[int, trips.Event]] = []
        self.new_count = self.changed_count = self.operation_count = 0
        # what is to be written
        self._inserts: dict[int, _Trip] = {}
        self._updates: dict[int, _Trip] = {}
        self._operations: list[tuple] = []
        self._stays: list[tuple] = []
        self._has_late = False

    def put(self, changes: list[Change], rows: list[Row], absent: list[Change]):
        """Write all of it.

        :param rows: those of the report that the changes come from.
        :param absent: changes of wagons that the report does not name any more.
        """
        latest: dict[str, Row] = {}
        for row in rows:
            before = latest.get(row.wagon)
            if before is None or row.operation_time >= before.operation_time:
                latest[row.wagon] = row
        wagon_ids = self._write_wagons(changes, latest)
        self._collect(changes, latest, wagon_ids)
        for change in absent:
            known = self.known[change.wagon]
            trip_id = change.state.id
            self._updates[trip_id] = _Trip(
                trip_id, known.wagon_id, change.state, True, known=known
            )
            self._note(trip_id, change, known)
            for stay in change.idle:
                self._stays.append((stay, known.wagon_id, trip_id, change.state))
        self._write_trips()
        self._write_operations()
        self._write_stays()

    def _collect(self, changes, latest, wagon_ids):
        """Sort the changes by what is to be written."""
        final = {change.wagon: change for change in changes}
        new_ids = iter(
            take_ids(
                self.cr,
                "cement_wagon_trip",
                sum(change.is_new_trip for change in changes),
            )
        )
        newest: dict[str, int] = {}  # trips of wagons that this report began
        operations = self._operations
        for change in changes:
            wagon = change.wagon
            wagon_id = wagon_ids[wagon]
            known = self.known.get(wagon)
            is_current = final[wagon] is change
            row = latest.get(wagon)
            if change.is_new_trip:
                trip_id = next(new_ids)
                if change.previous is not None:
                    self._end(change, newest.get(wagon), wagon_id, known)
                newest[wagon] = trip_id
                self.new_count += 1
                self._inserts[trip_id] = _Trip(
                    trip_id, wagon_id, change.state, is_current, row
                )
            else:
                trip_id = change.state.id or newest.get(wagon)
                self.changed_count += 1
                # of two changes of one trip the last one holds
                if trip_id in self._inserts:
                    self._inserts[trip_id] = self._inserts[trip_id]._replace(
                        state=change.state, is_current=is_current
                    )
                else:
                    self._updates[trip_id] = _Trip(
                        trip_id, wagon_id, change.state, is_current, row, known
                    )
            self._note(trip_id, change, known)
            for taken in change.operations:
                operations.append((wagon_id, trip_id, taken))
            for taken in change.late:
                self._has_late = True
                operations.append((wagon_id, trip_id, taken))
            for stay in change.idle:
                self._stays.append((stay, wagon_id, trip_id, change.state))
        self._newest = {wagon_ids[wagon]: trip_id for wagon, trip_id in newest.items()}

    def _end(self, change, newest_id, wagon_id, known):
        """Note how the trip before the new one ended."""
        ended = change.previous
        trip_id = ended.id or newest_id
        if trip_id in self._inserts:
            # began and ended within this report
            self._inserts[trip_id] = self._inserts[trip_id]._replace(
                state=ended, is_current=False
            )
        else:
            self._updates[trip_id] = _Trip(trip_id, wagon_id, ended, False, known=known)
        for event in change.previous_events:
            self.events.append((trip_id, event))
            if event.kind == "unloaded":
                # between two reports: it was unloaded, by all we know
                self.milestones[trip_id] = {
                    "target": "done",
                    "date": moscow.to_utc(event.time),
                    "is_estimated": True,
                }
        for stay in change.previous_idle:
            self._stays.append((stay, wagon_id, trip_id, ended))

    def _note(self, trip_id, change, known):
        """Remember what happened for the shipment and for the conversation."""
        for event in change.events:
            self.events.append((trip_id, event))
        state = change.state
        target = figures.SHIPMENT_STATES.get(state.status)
        if state.departed and target is None:
            target = "on_way"
        before = known.state if known else None
        if target and (
            change.is_new_trip
            or before is None
            or before.status != state.status
            # what was only likely has been seen
            or before.unload_estimated != state.unload_estimated
        ):
            self.milestones[trip_id] = {
                "target": target,
                "date": _get_milestone_date(state, target),
                "is_estimated": target == "done" and state.unload_estimated,
            }

    # --- wagons ---

    def _write_wagons(self, changes, latest):
        """Add the wagons never seen before; return the ids of all by number."""
        ids = {wagon: known.wagon_id for wagon, known in self.known.items()}
        new = dict.fromkeys(
            change.wagon for change in changes if change.wagon not in ids
        )
        new_ids = take_ids(self.cr, "cement_wagon", len(new))
        ids.update(zip(new, new_ids, strict=True))
        rows = [latest[wagon] for wagon in new]
        columns = {
            "id": new_ids,
            "name": list(new),
            "kind_code": [row.wagon_kind for row in rows],
            "owner_name": [row.owner for row in rows],
        }
        alike = {"active": True, **self._get_stamp(), **self._get_birth()}
        columns.update((name, [value] * len(rows)) for name, value in alike.items())
        copy_columns(self.cr, "cement_wagon", columns)
        return ids

    # --- trips ---

    def _write_trips(self):
        inserts, updates = list(self._inserts.values()), list(self._updates.values())
        self.trip_ids = [*self._updates, *self._inserts]
        self.tied_ids = [
            trip.id for trip in updates if trip.known is not None and trip.known.is_tied
        ]
        self.unmatched_ids = [trip.id for trip in inserts] + [
            trip.id for trip in updates if trip.is_current and not trip.known.is_tied
        ]
        if updates:
            self._update_trips(updates)
        if inserts:
            self._insert_trips(inserts)

    def _insert_trips(self, inserts):
        columns = {
            "id": [trip.id for trip in inserts],
            "wagon_id": [trip.wagon_id for trip in inserts],
            "wagon_number": [trip.state.wagon for trip in inserts],
            "is_current": [trip.is_current for trip in inserts],
            **trip_columns.dump_states(
                [trip.state for trip in inserts], self.vocabulary
            ),
            **self._get_columns(inserts),
        }
        count = len(inserts)
        alike = {
            **self._get_source(),
            **self._get_stamp(),
            **self._get_birth(),
            "currency_id": self.currency_id,
        }
        columns.update((name, [value] * count) for name, value in alike.items())
        copy_columns(self.cr, "cement_wagon_trip", columns)
        self.cr.execute(
            """
            UPDATE cement_wagon wagon SET trip_id = new.trip_id
              FROM unnest(%s::int[], %s::int[]) AS new (wagon_id, trip_id)
             WHERE wagon.id = new.wagon_id
            """,
            [list(self._newest), list(self._newest.values())],
        )

    def _update_trips(self, updates):
        """Write what differs: columns in which no trip has changed are left alone,
        those that all trips have alike come as one value."""
        columns = {
            "is_current": [trip.is_current for trip in updates],
            **trip_columns.dump_states(
                [trip.state for trip in updates],
                self.vocabulary,
                [trip.known.state for trip in updates],
            ),
            **self._get_columns(updates),
        }
        changed = {"id": list(self._updates)}
        alike = {**self._get_source(), **self._get_stamp()}
        for name, values in columns.items():
            if values.count(values[0]) == len(values):
                alike[name] = values[0]
            else:
                changed[name] = values
        with temporary_rows(self.cr, "cement_wagon_trip", changed) as news:
            sets = [
                SQL("%s = news.%s", SQL.identifier(name), SQL.identifier(name))
                for name in changed
                if name != "id"
            ]
            sets += [
                SQL("%s = %s", SQL.identifier(name), value)
                for name, value in alike.items()
            ]
            self.cr.execute(
                SQL(
                    "UPDATE cement_wagon_trip trip SET %s FROM %s news "
                    "WHERE trip.id = news.id",
                    SQL(", ").join(sets),
                    news,
                )
            )

    def _get_source(self) -> dict:
        return {
            "import_id": self.record.id,
            "source_id": self.record.source_id.id or None,
        }

    def _get_stamp(self) -> dict:
        return {"write_uid": self.env.uid, "write_date": self.now}

    def _get_birth(self) -> dict:
        return {"create_uid": self.env.uid, "create_date": self.now}

    def _get_columns(self, items: list[_Trip]) -> dict[str, list]:
        """Return the columns that are no part of the kernel's state."""
        is_open = [self._is_open(trip) for trip in items]
        result = {
            "is_open": is_open,
            "row_digest": [_get_digest(trip) for trip in items],
            "consignee_name": [_get_name(trip, "consignee_name") for trip in items],
            "cargo_name": [_get_name(trip, "cargo_name") for trip in items],
            "operation_code_id": list(map(self._get_operation_code, items)),
            "first_destination_id": [
                (trip.known and trip.known.first_destination_id)
                or self.places.id_of(trip.state.destination_code)
                for trip in items
            ],
        }
        found = [
            figures.get_figures(trip.state, holds, self.now_moscow, self.tariffs)
            for trip, holds in zip(items, is_open, strict=True)
        ]
        result.update(
            zip(figures.Figures._fields, zip(*found, strict=True), strict=True)
        )
        found = [
            self._get_arrival(trip.state, trip.known, holds)
            for trip, holds in zip(items, is_open, strict=True)
        ]
        result.update(zip(_ETA_COLUMNS, zip(*found, strict=True), strict=True))
        for name in _MOMENTS:
            result[name] = list(map(moscow.to_utc, result[name]))
        return result

    def _is_open(self, trip) -> bool:
        state = trip.state
        return (
            trip.is_current
            and not state.finished
            and state.status != trips.WRITTEN_OFF
            and not trips.is_forgotten(state, self.formed_at, self.rules)
        )

    def _get_operation_code(self, trip):
        return (
            self.kinds.id_of_state(trip.state)
            or (trip.row and self.kinds.id_of(trip.row))
            or (trip.known and trip.known.operation_code_id)
        )

    def _get_arrival(self, state, known, is_open):
        """Return our own estimate of the arrival, as in ``_ETA_COLUMNS``; the first
        estimate in UTC, as it is kept."""
        first = known and known.eta_first_at
        if state.loaded is False or not is_open or not state.operation_time:
            return None, first, 0, None
        if state.arrived:
            return state.arrived, first, 0, "arrived"
        estimate = eta.estimate(
            self.profile,
            km_left=state.km_left,
            operation_time=state.operation_time,
            idle_minutes=state.idle_minutes,
            in_train=bool(state.train_index),
            arrived=False,
            now=self.formed_at,
        )
        if first is None and state.departed:
            first = moscow.to_utc(estimate.arrival)
        return estimate.arrival, first, estimate.error_hours, estimate.source

    # --- operations and stays ---

    def _write_operations(self):
        if not self._operations:
            return
        wagon_ids, trip_ids, rows = zip(*self._operations, strict=True)
        columns = {
            "wagon_id": wagon_ids,
            "trip_id": trip_ids,
            "date": [moscow.to_utc(row.operation_time) for row in rows],
            "code_id": list(map(self.kinds.id_of, rows)),
            "station_id": [self.places.id_of(row.station_code) for row in rows],
            "train_index": [row.train_index for row in rows],
            "train_number": [row.train_number for row in rows],
            "distance_left": [
                None if row.km_left is None else round(row.km_left) for row in rows
            ],
            "received_at": [self.now] * len(rows),
            "import_id": [self.record.id] * len(rows),
            "row_number": [row.number for row in rows],
        }
        if not self._has_late and self._copy_operations(columns):
            return
        with temporary_rows(self.cr, "cement_wagon_operation", columns) as news:
            names = identifiers(columns)
            self.cr.execute(
                SQL(
                    "INSERT INTO cement_wagon_operation (%s) SELECT %s FROM %s "
                    "ON CONFLICT DO NOTHING",
                    names,
                    names,
                    news,
                )
            )
            self.operation_count = self.cr.rowcount

    def _copy_operations(self, columns) -> bool:
        """Write operations of which each is news, as most reports bring them.

        :return: whether it was so; else nothing has been written.
        """
        try:
            with self.cr.savepoint(flush=False):
                copy_columns(self.cr, "cement_wagon_operation", columns)
        except errors.UniqueViolation:
            return False
        self.operation_count = len(self._operations)
        return True

    def _write_stays(self):
        if not self._stays:
            return
        rows = (self._get_stay(*item) for item in self._stays)
        # one stay a key: the last one knows its end
        rows = list({(row[0], row[5], row[3]): row for row in rows}.values())
        columns = dict(zip(_IDLE_COLUMNS, zip(*rows, strict=True), strict=True))
        with temporary_rows(self.cr, "cement_wagon_idle", columns) as news:
            self.cr.execute(
                SQL(
                    """
                    INSERT INTO cement_wagon_idle AS stay (
                           %s, currency_id, counterparty_id, company_id)
                    SELECT %s, %s, trip.counterparty_id, trip.company_id
                      FROM %s news
                      JOIN cement_wagon_trip trip ON trip.id = news.trip_id
               ON CONFLICT (trip_id, kind, date_from)
                 DO UPDATE SET date_to = EXCLUDED.date_to,
                               days = EXCLUDED.days, amount = EXCLUDED.amount
                    """,
                    identifiers(_IDLE_COLUMNS),
                    SQL(", ").join(
                        SQL.identifier("news", name) for name in _IDLE_COLUMNS
                    ),
                    self.currency_id,
                    news,
                )
            )

    def _get_stay(self, stay, wagon_id, trip_id, state):
        at_end = bool(state.arrived) and stay.begin >= state.arrived
        kind = "station" if at_end else "way"
        days, amount = figures.get_stay(
            stay.begin, stay.end or self.now_moscow, kind, self.tariffs
        )
        return (
            trip_id,
            wagon_id,
            self.places.id_of(stay.station_code),
            moscow.to_utc(stay.begin),
            moscow.to_utc(stay.end),
            kind,
            days,
            amount,
        )


def _get_digest(trip: _Trip) -> str | None:
    state = trip.state
    if not trip.is_current or state.lost_since or state.unload_estimated:
        return None  # a wagon that comes back with the same row is not "unchanged"
    if trip.row:
        return trip.row.digest.hex()
    return trip.known.row_digest if trip.known else None


def _get_name(trip: _Trip, name: str) -> str | None:
    return (trip.row and getattr(trip.row, name)) or (
        getattr(trip.known, name) if trip.known else None
    )


def _get_milestone_date(state: State, target: str) -> datetime:
    moment = {
        "arrived": state.arrived,
        "done": state.unloaded_at,
        "on_way": state.departed,
    }.get(target)
    return moscow.to_utc(moment or state.status_since or state.operation_time)
