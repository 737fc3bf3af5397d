# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import csv
import io
import itertools
from datetime import datetime
from operator import itemgetter

from psycopg2 import errors, sql

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import codes, eta, figures, moscow, trips

REMARKS_MAX = 500  # rows kept of one file; the counter goes on

UNKNOWN_CODE = "?"  # operation without code, mnemonic or name
_OPERATION_COLUMNS = (
    "wagon_id",
    "trip_id",
    "date",
    "code_id",
    "station_id",
    "train_index",
    "train_number",
    "distance_left",
    "received_at",
    "import_id",
    "row_number",
)
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
# Written by a report; what is not here (shipment, remarks) a report leaves alone.
_TRIP_COLUMNS = (
    "is_current",
    "is_open",
    "state",
    "state_since",
    "load",
    "waybill",
    "first_waybill",
    "uno",
    "dispatch_ref",
    "consignee_okpo",
    "consignee_name",
    "cargo_code",
    "cargo_name",
    "mass",
    "origin_id",
    "destination_id",
    "first_destination_id",
    "started_at",
    "railway_date",
    "departed_at",
    "arrived_at",
    "unloaded_at",
    "is_unload_estimated",
    "due_date",
    "distance_total",
    "distance_left",
    "distance_known",
    "last_operation_at",
    "operation_code_id",
    "operation_mnemonic",
    "station_id",
    "road_code",
    "train_index",
    "train_number",
    "idle_minutes",
    "idle_since",
    "idle_days",
    "demurrage_at",
    "idle_money",
    "eta_at",
    "eta_first_at",
    "eta_error_hours",
    "eta_source",
    "import_id",
    "source_id",
    "row_digest",
    "lost_since",
    "is_lost",
    "is_faulty",
    "is_abandoned",
    "is_idle",
    "is_late",
    "late_days",
    "trouble",
    "write_uid",
    "write_date",
)
_NEW_TRIP_COLUMNS = ("wagon_id", "wagon_number", "currency_id", "create_uid")
_LOADED = {True: "loaded", False: "empty", None: None}
_IS_LOADED = {value: key for key, value in _LOADED.items()}


_pick_trip = itemgetter(*_TRIP_COLUMNS)


class CementDislocationImport(models.Model):
    """Writing what a report says: a fixed number of statements, however many rows."""

    _inherit = "cement.dislocation.import"

    def _apply(self, book, rows, present, settings):
        """Write the rows of the report that differ from what is known.

        :param rows: the parsed rows: those whose content is new.
        :param present: all wagons of the report, unchanged ones included.
        """
        self.env.flush_all()
        usable = [row for row in rows if row.usable]
        places = _Places(self.env, usable)
        kinds = _Codes(self.env, usable)
        rules = self._get_trip_rules(settings, kinds, places)
        is_snapshot = book.kind == "snapshot"
        gone = self._get_active_wagons() - present if is_snapshot else set()
        known = self._load_states(
            {row.wagon for row in usable} | gone, places=places, kinds=kinds
        )
        states = {wagon: item.state for wagon, item in known.items()}
        changes = trips.advance(states, usable, rules)
        absent = []
        formed_at = book.formed_at or moscow.from_utc(self.formed_at)
        if gone:
            absent = trips.missing(
                {wagon: states[wagon] for wagon in gone if wagon in states},
                present,
                formed_at,
                rules,
            )
        writer = _Writer(self, known, places, kinds, settings, rules, formed_at)
        writer.put(changes, usable, absent)
        self.env.invalidate_all(flush=False)
        places.learn()
        self._note_rows(book, rows)
        trip_ids = writer.trip_ids
        matched = self.env["cement.wagon.trip"]._match_shipments(writer.unmatched_ids)
        self.env["cement.wagon.trip"].browse(trip_ids)._push_to_shipments(
            writer.milestones
        )
        writer.announce()
        self.write(
            {
                "new_count": writer.new_count,
                "changed_count": writer.changed_count,
                "unchanged_count": len(book.unchanged),
                "operation_count": writer.operation_count,
                "refused_count": sum(not row.usable for row in rows),
                "lost_count": len(absent),
                "matched_count": matched,
            }
        )

    def _get_trip_rules(self, settings, kinds, places):
        return trips.Rules(
            stages=kinds.stages,
            mnemonics=kinds.mnemonic_stages,
            aliases=places.aliases,
            idle_minutes=settings.idle_hours * 60,
            lost_days=settings.lost_days,
            excluded_codes=kinds.excluded,
            max_age_days=settings.max_age_days,
        )

    @api.model
    def _load_states(self, wagons, places, kinds) -> dict:
        """Return what is known of these wagons, by number, in one query."""
        if not wagons:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT wagon.name, wagon.id, trip.id, trip.arrival_locked, %s
                  FROM cement_wagon wagon
             LEFT JOIN cement_wagon_trip trip
                    ON trip.wagon_id = wagon.id AND trip.is_current IS TRUE
                 WHERE wagon.name = ANY(%s)
                """,
                SQL(", ").join(SQL.identifier("trip", name) for name in _TRIP_COLUMNS),
                list(wagons),
            )
        )
        return {
            values[0]: _Known(values, places, kinds)
            for values in self.env.cr.fetchall()
        }

    def _note_rows(self, book, rows):
        """Keep what is wrong with rows, with their cells; the first hundreds only."""
        notes = []
        for row in rows:
            if row.usable and not row.problems:
                continue
            notes.append(
                {
                    "import_id": self.id,
                    "row_number": row.number,
                    "wagon_number": row.wagon,
                    "outcome": "remark" if row.usable else "refused",
                    "reason": self._describe_problems(row),
                    "raw": book.raw(row.number),
                }
            )
            if len(notes) >= REMARKS_MAX:
                break
        self.env["cement.dislocation.row"].create(notes)

    def _describe_problems(self, row) -> str:
        texts = {
            "bad_wagon": self.env._("no wagon number"),
            "no_wagon": self.env._("no wagon number"),
            "wagon_check": self.env._("check digit of the wagon does not fit"),
            "station_check": self.env._("check digit of the station does not fit"),
            "bad_date": self.env._("no date"),
            "bad_number": self.env._("no number"),
            "mass_range": self.env._("mass cannot be"),
            "no_time": self.env._("no time of the operation"),
            "clipped": self.env._("too long, cut"),
            "waybill_form": self.env._("unusual waybill number"),
            "duplicate_row": self.env._("the row is there twice"),
        }
        found = [
            " ".join(filter(None, (texts.get(item.code, item.code), item.value)))
            for item in row.problems
        ]
        return "; ".join(found) or self.env._("no time of the operation")


class _Known:
    """The present state of one wagon: the kernel's, and the columns behind it."""

    __slots__ = ("record", "state", "trip_id", "values", "wagon_id")

    def __init__(self, values, places, kinds):
        self.wagon_id = values[1]
        self.trip_id = values[2]
        self.values = values[4:]  # as in _TRIP_COLUMNS
        self.record = dict(zip(_TRIP_COLUMNS, self.values, strict=True))
        self.state = self._get_state(values, places, kinds) if values[2] else None

    def _get_state(self, values, places, kinds):
        record = self.record
        from_utc = moscow.from_utc
        return trips.State(
            id=values[2],
            wagon=values[0],
            waybill=record["waybill"],
            first_waybill=record["first_waybill"],
            uno=record["uno"],
            dispatch_id=record["dispatch_ref"],
            origin_code=places.code_of(record["origin_id"]),
            destination_code=places.code_of(record["destination_id"]),
            trip_start=from_utc(record["started_at"]),
            departed=from_utc(record["departed_at"]),
            arrived=from_utc(record["arrived_at"]),
            due_date=record["due_date"],
            loaded=_IS_LOADED[record["load"]],
            cargo_code=record["cargo_code"],
            mass_t=float(record["mass"]) if record["mass"] else None,
            consignee_okpo=record["consignee_okpo"],
            status=record["state"],
            status_since=from_utc(record["state_since"]),
            operation_time=from_utc(record["last_operation_at"]),
            operation_code=kinds.code_of(record["operation_code_id"]),
            operation_mnemonic=record["operation_mnemonic"],
            station_code=places.code_of(record["station_id"]),
            road_code=record["road_code"],
            km_left=record["distance_left"] if record["distance_known"] else None,
            km_total=record["distance_total"] or None,
            idle_minutes=record["idle_minutes"],
            train_index=record["train_index"],
            train_number=record["train_number"],
            unloaded_at=from_utc(record["unloaded_at"]),
            unload_estimated=bool(record["is_unload_estimated"]),
            lost_since=from_utc(record["lost_since"]),
            finished=not record["is_open"],
            arrived_locked=bool(values[3]),
        )


class _Places:
    """The stations that a report names; those never heard of are added."""

    def __init__(self, env, rows):
        self.env = env
        self._rows = rows
        self._by_id = {}
        self._by_code = {}
        self._names = None
        self._load()
        self._name_codes()
        self._add_unknown()

    def _load(self):
        """Read all stations once: some thousand short rows."""
        self.env.cr.execute(
            """
            SELECT id, esr_code, group_id, latitude, longitude, position_source, name
              FROM cement_station
            """
        )
        for row in self.env.cr.fetchall():
            self._by_id[row[0]] = row
            self._by_code[row[1]] = row

    def _name_codes(self):
        """Give rows that name stations without code the code, where it is certain."""
        for row in self._rows:
            for part in ("origin", "destination", "station"):
                name = getattr(row, f"{part}_name")
                if name and not getattr(row, f"{part}_code"):
                    setattr(row, f"{part}_code", self._find_name(name))

    def _find_name(self, name):
        if self._names is None:
            self._names = {}
            for row in self._by_id.values():
                self._names.setdefault(_plain(row[6]), []).append(row[1])
        found = self._names.get(_plain(name), ())
        return found[0] if len(found) == 1 else None

    def _add_unknown(self):
        unknown = {}
        for row in self._rows:
            for code, name in (
                (row.origin_code, row.origin_name),
                (row.destination_code, row.destination_name),
                (row.station_code, row.station_name),
            ):
                if code and code not in self._by_code:
                    unknown[code] = unknown.get(code) or name
        unknown = {
            code: name
            for code, name in unknown.items()
            if len(code) == 6 and code.isdigit()
        }
        if not unknown:
            return
        roads = self.env["cement.railway"]._get_names_by_prefix()
        # sudo: a report may come by mail or from a folder, by whoever watches it
        stations = (
            self.env["cement.station"]
            .sudo()
            .create(
                [
                    {
                        "name": (name or code).capitalize(),
                        "esr_code": code,
                        "railway": codes.road_of(code, roads),
                    }
                    for code, name in unknown.items()
                ]
            )
        )
        self.env.flush_all()
        for station in stations:
            row = (station.id, station.esr_code, None, 0.0, 0.0, None, station.name)
            self._by_id[station.id] = self._by_code[station.esr_code] = row

    @property
    def aliases(self) -> dict[str, str]:
        return {row[1]: str(row[2]) for row in self._by_id.values() if row[2]}

    def id_of(self, code):
        row = self._by_code.get(code)
        return row[0] if row else None

    def code_of(self, station_id):
        row = self._by_id.get(station_id)
        return row[1] if row else None

    def learn(self):
        """Take the coordinates that the feed gives, where no person wrote any."""
        seen = {
            row.station_code: (row.latitude, row.longitude)
            for row in self._rows
            if row.latitude and row.longitude and row.station_code in self._by_code
        }
        for code, (latitude, longitude) in seen.items():
            row = self._by_code[code]
            if row[3] or row[4]:
                continue
            # sudo: see above. The loop ends once each station has its place.
            self.env["cement.station"].sudo().browse(row[0]).with_context(
                cement_position_source="feed"
            ).write({"latitude": latitude, "longitude": longitude})


class _Codes:
    """The operation codes that a report uses; unknown ones are added as other."""

    def __init__(self, env, rows):
        self.env = env
        self._by_code = {}
        self._codes = {}  # by id
        self._ids = {}  # by what names the operation in a row or a state
        self._by_mnemonic = {}
        for record in (
            env["cement.wagon.operation.code"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch([], ["code", "mnemonic", "stage", "is_excluded"])
        ):
            self._add(record)
        names = {}
        for row in rows:
            if self.id_of(row) is None:
                names.setdefault(self._get_key(row), row)
        if names:
            self._create(names)

    def _add(self, record):
        self._by_code[record.code] = record
        self._codes[record.id] = record.code
        if record.mnemonic:
            self._by_mnemonic.setdefault(record.mnemonic.upper(), record)

    @staticmethod
    def _get_key(row):
        name = (row.operation_name or "").strip()[:60]
        return (
            row.operation_code or row.operation_mnemonic or name or UNKNOWN_CODE
        ).upper()

    def _find(self, row):
        if row.operation_code:
            return self._by_code.get(row.operation_code)
        if row.operation_mnemonic:
            found = self._by_mnemonic.get(row.operation_mnemonic.upper())
            if found:
                return found
        return self._by_code.get(self._get_key(row))

    def _create(self, rows):
        # sudo: a report may come by mail or from a folder, by whoever watches it
        created = (
            self.env["cement.wagon.operation.code"]
            .sudo()
            .create(
                [
                    {
                        "code": key,
                        "mnemonic": row.operation_mnemonic,
                        "name": row.operation_name or row.operation_mnemonic or key,
                    }
                    for key, row in rows.items()
                ]
            )
        )
        self.env.flush_all()
        self._ids.clear()
        for record in created:
            self._add(record)

    @property
    def stages(self) -> dict[str, str]:
        return {code: record.stage for code, record in self._by_code.items()}

    @property
    def mnemonic_stages(self) -> dict[str, str]:
        return {code: record.stage for code, record in self._by_mnemonic.items()}

    @property
    def excluded(self) -> set[str]:
        return {code for code, record in self._by_code.items() if record.is_excluded}

    def id_of(self, row):
        key = (row.operation_code, row.operation_mnemonic, row.operation_name)
        if key not in self._ids:
            record = self._find(row)
            self._ids[key] = record.id if record else None
        return self._ids[key]

    def id_of_state(self, state):
        key = (state.operation_code, state.operation_mnemonic)
        if key not in self._ids:
            record = self._by_code.get(state.operation_code) or self._by_mnemonic.get(
                (state.operation_mnemonic or "").upper()
            )
            self._ids[key] = record.id if record else None
        return self._ids[key]

    def code_of(self, code_id):
        return self._codes.get(code_id)


class _Writer:
    """Turns the kernel's changes into rows and writes them."""

    def __init__(self, record, known, places, kinds, settings, rules, formed_at):
        self.record = record
        self.rules = rules
        self.env = record.env
        self.known = known
        self.places = places
        self.kinds = kinds
        self.settings = settings
        self.now = fields.Datetime.now()
        self.formed_at = formed_at or moscow.from_utc(self.now)
        self.tariffs = self.env["cement.demurrage.tariff"]._get_tariffs()
        self.profile = eta.Profile.load(settings.eta_profile or {})
        ruble = self.env.ref("base.RUB", raise_if_not_found=False)
        self.currency_id = ruble.id if ruble else self.env.company.currency_id.id
        self.trip_ids = []
        self.unmatched_ids = []
        self.milestones = {}
        self.events = []
        self.new_count = self.changed_count = self.operation_count = 0
        self.has_late = False

    def put(self, changes, rows, absent):
        latest = {}
        for row in rows:
            before = latest.get(row.wagon)
            if before is None or row.operation_time >= before.operation_time:
                latest[row.wagon] = row
        wagon_ids = self._write_wagons(changes, latest)
        updates, inserts, operations, idles, ended = [], [], [], [], []
        new_ids = self._get_new_ids(
            sum(change.is_new_trip for change in changes), "cement_wagon_trip"
        )
        last_new = {}
        final = {}
        for change in changes:
            final[change.wagon] = change
        for change in changes:
            wagon = change.wagon
            wagon_id = wagon_ids[wagon]
            known = self.known.get(wagon)
            if change.is_new_trip:
                trip_id = next(new_ids)
                if change.previous is not None:
                    previous_id = change.previous.id or last_new.get(wagon)
                    ended.append(
                        self._get_values(
                            previous_id, change.previous, known, None, current=False
                        )
                    )
                    for event in change.previous_events:
                        self.events.append((previous_id, event))
                        self._note_unloaded(previous_id, change.previous, event)
                    for stay in change.previous_idle:
                        idles.append(
                            self._get_stay(stay, wagon_id, previous_id, change.previous)
                        )
                last_new[wagon] = trip_id
                self.new_count += 1
            else:
                trip_id = change.state.id or last_new.get(wagon)
                self.changed_count += 1
            values = self._get_values(
                trip_id,
                change.state,
                None if change.is_new_trip else known,
                latest.get(wagon),
                current=final[wagon] is change,
            )
            if change.is_new_trip:
                values.update(
                    wagon_id=wagon_id,
                    wagon_number=wagon,
                    currency_id=self.currency_id,
                    create_uid=self.env.uid,
                )
                inserts.append(values)
            else:
                updates.append(values)
            self._note(trip_id, change, known)
            self.has_late |= bool(change.late)
            for row in itertools.chain(change.operations, change.late):
                operations.append(self._get_operation(row, wagon_id, trip_id))
            for stay in change.idle:
                idles.append(self._get_stay(stay, wagon_id, trip_id, change.state))
        for change in absent:
            known = self.known[change.wagon]
            values = self._get_values(
                change.state.id, change.state, known, None, current=True
            )
            updates.append(values)
            self._note(change.state.id, change, known)
        self._write_trips(updates, inserts, ended)
        if last_new:
            self._point_wagons(last_new, wagon_ids)
        self._write_operations(operations)
        self._write_stays(idles)

    # --- wagons ---

    def _write_wagons(self, changes, latest):
        """Add the wagons never seen, mend what a report knows better."""
        ids = {wagon: known.wagon_id for wagon, known in self.known.items()}
        new = []
        for change in changes:
            if change.wagon not in ids:
                ids[change.wagon] = 0
                new.append(change.wagon)
        for wagon, wagon_id in zip(
            new, self._get_new_ids(len(new), "cement_wagon"), strict=False
        ):
            ids[wagon] = wagon_id
        rows = []
        for wagon in new:
            row = latest.get(wagon)
            rows.append(
                (
                    ids[wagon],
                    wagon,
                    True,
                    row and row.wagon_kind,
                    row and row.owner,
                    self.env.uid,
                    self.now,
                    self.env.uid,
                    self.now,
                )
            )
        self._copy(
            "cement_wagon",
            (
                "id",
                "name",
                "active",
                "kind_code",
                "owner_name",
                "create_uid",
                "create_date",
                "write_uid",
                "write_date",
            ),
            rows,
        )
        return ids

    def _point_wagons(self, last_new, wagon_ids):
        """Let wagons point at their new trips."""
        self.env.cr.execute(
            """
            UPDATE cement_wagon wagon SET trip_id = new.trip_id
              FROM unnest(%s::int[], %s::int[]) AS new (wagon_id, trip_id)
             WHERE wagon.id = new.wagon_id
            """,
            [[wagon_ids[wagon] for wagon in last_new], list(last_new.values())],
        )

    # --- trips ---

    def _get_values(self, trip_id, state, known, row, current):
        """Return the columns of a trip in the state the kernel gave it."""
        utc = moscow.to_utc
        record = known.record if known else {}
        status = state.status
        is_open = (
            current
            and not state.finished
            and status != trips.WRITTEN_OFF
            and not trips.is_forgotten(state, self.formed_at, self.rules)
        )
        arrived = utc(state.arrived)
        values = {
            "id": trip_id,
            "is_current": current,
            "is_open": is_open,
            "state": status,
            "state_since": utc(state.status_since),
            "load": _LOADED[state.loaded],
            "waybill": state.waybill,
            "first_waybill": state.first_waybill or state.waybill,
            "uno": state.uno,
            "dispatch_ref": state.dispatch_id,
            "consignee_okpo": state.consignee_okpo,
            "consignee_name": (row and row.consignee_name)
            or record.get("consignee_name"),
            "cargo_code": state.cargo_code,
            "cargo_name": (row and row.cargo_name) or record.get("cargo_name"),
            "mass": state.mass_t or 0,
            "origin_id": self.places.id_of(state.origin_code),
            "destination_id": self.places.id_of(state.destination_code),
            "started_at": utc(state.trip_start),
            "railway_date": codes.railway_day(state.trip_start)
            if state.trip_start
            else None,
            "departed_at": utc(state.departed),
            "arrived_at": arrived,
            "unloaded_at": utc(state.unloaded_at),
            "is_unload_estimated": state.unload_estimated,
            "due_date": state.due_date,
            "distance_total": round(state.km_total or 0),
            "distance_left": round(state.km_left or 0),
            "distance_known": state.km_left is not None,
            "last_operation_at": utc(state.operation_time),
            "operation_code_id": self.kinds.id_of_state(state)
            or (row and self.kinds.id_of(row))
            or record.get("operation_code_id"),
            "operation_mnemonic": state.operation_mnemonic,
            "station_id": self.places.id_of(state.station_code),
            "road_code": state.road_code,
            "train_index": state.train_index,
            "train_number": state.train_number,
            "idle_minutes": state.idle_minutes or 0,
            "import_id": self.record.id,
            "source_id": self.record.source_id.id or None,
            "row_digest": row.digest.hex() if row else record.get("row_digest"),
            "lost_since": utc(state.lost_since),
            "write_uid": self.env.uid,
            "write_date": self.now,
        }
        if not current or state.finished:
            # a wagon that comes back with the same row is not "unchanged"
            values["row_digest"] = values["row_digest"] if current else None
        values["first_destination_id"] = (
            record.get("first_destination_id") or values["destination_id"]
        )
        values.update(
            figures.get_figures(
                figures.Facts(
                    state=status,
                    is_open=is_open,
                    is_loaded=state.loaded,
                    operation_at=values["last_operation_at"],
                    idle_minutes=state.idle_minutes or 0,
                    state_since=values["state_since"],
                    arrived_at=arrived,
                    unloaded_at=values["unloaded_at"],
                    lost_since=values["lost_since"],
                    due_date=state.due_date,
                    is_faulty=status == trips.FAULTY,
                ),
                self.now,
                self.tariffs,
            )
        )
        values.update(self._get_arrival(state, record, is_open, values))
        return values

    def _get_arrival(self, state, record, is_open, values):
        """Return our own estimate of the arrival."""
        blank = {
            "eta_at": None,
            "eta_first_at": record.get("eta_first_at"),
            "eta_error_hours": 0,
            "eta_source": None,
        }
        if state.loaded is False or not is_open or not state.operation_time:
            return blank
        if state.arrived:
            return {**blank, "eta_at": values["arrived_at"], "eta_source": "arrived"}
        estimate = eta.estimate(
            self.profile,
            km_left=state.km_left,
            operation_time=state.operation_time,
            idle_minutes=state.idle_minutes or 0,
            in_train=bool(state.train_index),
            arrived=False,
            now=self.formed_at,
        )
        when = moscow.to_utc(estimate.arrival)
        first = blank["eta_first_at"] or (when if state.departed else None)
        return {
            **blank,
            "eta_at": when,
            "eta_first_at": first,
            "eta_error_hours": estimate.error_hours,
            "eta_source": estimate.source,
        }

    def _write_trips(self, updates, inserts, ended):
        self.trip_ids = [values["id"] for values in (*updates, *inserts, *ended)]
        self.unmatched_ids = [values["id"] for values in inserts] + [
            values["id"] for values in updates if values["is_current"]
        ]
        created = {values["id"] for values in inserts}
        # a trip that began and ended within this report is written as ended
        ended_new = {v["id"]: v for v in ended if v["id"] in created}
        inserts = [{**v, **ended_new.get(v["id"], {})} for v in inserts]
        updates = [v for v in (*updates, *ended) if v["id"] not in created]
        if updates:
            self._update_trips(updates)
        self._copy(
            "cement_wagon_trip",
            ("id", *_NEW_TRIP_COLUMNS, "create_date", *_TRIP_COLUMNS),
            [
                (
                    values["id"],
                    *(values[name] for name in _NEW_TRIP_COLUMNS),
                    self.now,
                    *_pick_trip(values),
                )
                for values in inserts
            ],
        )

    def _update_trips(self, updates):
        """Write what differs: columns that no trip changes are left alone, those
        that all trips have alike come as one value."""
        # of two changes of one trip the last one holds
        rows = {values["id"]: values for values in updates}
        before = {
            known.trip_id: known.values
            for known in self.known.values()
            if known.trip_id in rows
        }
        old = list(zip(*(before[trip_id] for trip_id in rows), strict=True))
        new = list(zip(*map(_pick_trip, rows.values()), strict=True))
        changed, alike = {"id": list(rows)}, {}
        for name, was, values in zip(_TRIP_COLUMNS, old, new, strict=True):
            if was == values:
                continue
            if values.count(values[0]) == len(values):
                alike[name] = values[0]
            else:
                changed[name] = values
        self._copy_to_temporary(
            "cement_trip_news",
            "cement_wagon_trip",
            tuple(changed),
            list(zip(*changed.values(), strict=True)),
        )
        del changed["id"]
        sets = [
            SQL("%s = news.%s", SQL.identifier(name), SQL.identifier(name))
            for name in changed
        ]
        sets += [SQL("%s = %s", SQL.identifier(name), alike[name]) for name in alike]
        self.env.cr.execute(
            SQL(
                "UPDATE cement_wagon_trip trip SET %s FROM cement_trip_news news "
                "WHERE trip.id = news.id",
                SQL(", ").join(sets),
            )
        )
        self.env.cr.execute("DROP TABLE cement_trip_news")

    # --- operations and stays ---

    def _get_operation(self, row, wagon_id, trip_id):
        return (
            wagon_id,
            trip_id,
            moscow.to_utc(row.operation_time),
            self.kinds.id_of(row),
            self.places.id_of(row.station_code),
            row.train_index,
            row.train_number,
            None if row.km_left is None else round(row.km_left),
            self.now,
            self.record.id,
            row.number,
        )

    def _write_operations(self, rows):
        if not rows:
            return
        if not self.has_late and self._copy_operations(rows):
            return
        columns = SQL(", ").join(SQL.identifier(name) for name in _OPERATION_COLUMNS)
        self._copy_to_temporary(
            "cement_operation_news", "cement_wagon_operation", _OPERATION_COLUMNS, rows
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO cement_wagon_operation (%s) "
                "SELECT %s FROM cement_operation_news ON CONFLICT DO NOTHING",
                columns,
                columns,
            )
        )
        self.operation_count = self.env.cr.rowcount
        self.env.cr.execute("DROP TABLE cement_operation_news")

    def _copy_operations(self, rows) -> bool:
        """Write operations of which each is news, as most reports bring them.

        :return: whether it was so; else nothing has been written.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self._copy("cement_wagon_operation", _OPERATION_COLUMNS, rows)
        except errors.UniqueViolation:
            return False
        self.operation_count = len(rows)
        return True

    def _get_stay(self, stay, wagon_id, trip_id, state):
        at_end = bool(state.arrived) and stay.begin >= state.arrived
        begin, end = moscow.to_utc(stay.begin), moscow.to_utc(stay.end)
        kind = "station" if at_end else "way"
        days, amount = figures.get_stay(begin, end or self.now, kind, self.tariffs)
        return (
            trip_id,
            wagon_id,
            self.places.id_of(stay.station_code),
            begin,
            end,
            kind,
            days,
            amount,
        )

    def _write_stays(self, rows):
        if not rows:
            return
        # one stay a key: the last one knows its end
        rows = list({(row[0], row[5], row[3]): row for row in rows}.values())
        self._copy_to_temporary(
            "cement_idle_news", "cement_wagon_idle", _IDLE_COLUMNS, rows
        )
        self.env.cr.execute(
            """
            INSERT INTO cement_wagon_idle AS stay (
                   trip_id, wagon_id, station_id, date_from, date_to, kind,
                   days, amount, currency_id, counterparty_id, company_id)
            SELECT news.trip_id, news.wagon_id, news.station_id, news.date_from,
                   news.date_to, news.kind, news.days, news.amount, %s,
                   trip.counterparty_id, trip.company_id
              FROM cement_idle_news news
              JOIN cement_wagon_trip trip ON trip.id = news.trip_id
       ON CONFLICT (trip_id, kind, date_from)
         DO UPDATE SET date_to = COALESCE(EXCLUDED.date_to, stay.date_to),
                       days = EXCLUDED.days, amount = EXCLUDED.amount
            """,
            [self.currency_id],
        )
        self.env.cr.execute("DROP TABLE cement_idle_news")

    # --- events ---

    def _note(self, trip_id, change, known):
        """Remember what happened for the shipment and for the conversation."""
        for event in change.events:
            self.events.append((trip_id, event))
        target = figures.SHIPMENT_STATES.get(change.state.status)
        if change.state.departed and target is None:
            target = "on_way"
        before = known.record["state"] if known and known.state is not None else None
        if target and (change.is_new_trip or before != change.state.status):
            self.milestones[trip_id] = {
                "target": target,
                "date": _get_milestone_date(change.state, target),
                "is_estimated": target == "done" and change.state.unload_estimated,
            }

    def _note_unloaded(self, trip_id, state, event):
        """A trip that ended between two reports was unloaded, by all we know."""
        if event.kind == "unloaded":
            self.milestones[trip_id] = {
                "target": "done",
                "date": moscow.to_utc(event.time),
                "is_estimated": True,
            }

    def announce(self):
        """Write into the trips' conversations what a dispatcher should know."""
        self.env["cement.wagon.trip"]._log_events(self.events)

    # --- tools ---

    def _get_new_ids(self, count, table):
        """Return as many fresh ids of a table."""
        if not count:
            return iter(())
        self.env.cr.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) "
            "FROM generate_series(1, %s)",
            [table, count],
        )
        return iter([value for (value,) in self.env.cr.fetchall()])

    def _copy_to_temporary(self, name, table, columns, rows):
        """Make a temporary table *name* with *columns* of *table*, and fill it."""
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE %s AS SELECT %s FROM %s WITH NO DATA",
                SQL.identifier(name),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL.identifier(table),
            )
        )
        self._copy(name, columns, rows)

    def _copy(self, table, columns, rows):
        """Write rows by COPY: many times faster than INSERT."""
        if not rows:
            return
        # empty text becomes NULL too, as everywhere in Odoo
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        text.seek(0)
        self.env.cr.copy_expert(
            sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, columns)),
            ),
            text,
        )


def _get_milestone_date(state, target) -> datetime:
    moment = {
        "arrived": state.arrived,
        "done": state.unloaded_at,
        "on_way": state.departed,
    }.get(target)
    return moscow.to_utc(moment or state.status_since or state.operation_time)


def _plain(name) -> str:
    """Return a station's name as two spellings of it compare."""
    return " ".join((name or "").replace("Ё", "Е").replace("ё", "е").upper().split())
