# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What reports name by code: stations and operations. What was never heard of is
added, so that no row is lost for a word."""

from ..tools import codes

UNKNOWN_CODE = "?"  # operation without code, mnemonic or name


class Places:
    """The stations that a report names."""

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
            if row.origin_code is None and row.origin_name:
                row.origin_code = self._find_name(row.origin_name)
            if row.destination_code is None and row.destination_name:
                row.destination_code = self._find_name(row.destination_name)
            if row.station_code is None and row.station_name:
                row.station_code = self._find_name(row.station_name)

    def _find_name(self, name):
        if self._names is None:
            self._names = {}
            for row in self._by_id.values():
                self._names.setdefault(_plain(row[6]), []).append(row[1])
        found = self._names.get(_plain(name), ())
        return found[0] if len(found) == 1 else None

    def _add_unknown(self):
        named = {}
        for row in self._rows:
            for code, name in (
                (row.origin_code, row.origin_name),
                (row.destination_code, row.destination_name),
                (row.station_code, row.station_name),
            ):
                if name or code not in named:
                    named[code] = name
        unknown = {
            code: name
            for code, name in named.items()
            if code
            and code not in self._by_code
            and len(code) == 6
            and code.isascii()
            and code.isdigit()
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
        """Code of a station to the name of the group it belongs to."""
        return {row[1]: str(row[2]) for row in self._by_id.values() if row[2]}

    def id_of(self, code: str | None) -> int | None:
        row = self._by_code.get(code)
        return row[0] if row else None

    def code_of(self, station_id: int | None) -> str | None:
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


class Codes:
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

    def id_of(self, row) -> int | None:
        """Return the id of the operation that a row names in any way."""
        key = (row.operation_code, row.operation_mnemonic, row.operation_name)
        if key not in self._ids:
            record = self._find(row)
            self._ids[key] = record.id if record else None
        return self._ids[key]

    def id_of_state(self, state) -> int | None:
        key = (state.operation_code, state.operation_mnemonic)
        if key not in self._ids:
            record = self._by_code.get(state.operation_code) or self._by_mnemonic.get(
                (state.operation_mnemonic or "").upper()
            )
            self._ids[key] = record.id if record else None
        return self._ids[key]

    def code_of(self, code_id: int | None) -> str | None:
        return self._codes.get(code_id)


def _plain(name) -> str:
    """Return a station's name as two spellings of it compare."""
    return " ".join((name or "").replace("Ё", "Е").replace("ё", "е").upper().split())
