# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""States of trips as columns of the database, and back, thousands at once.

A report changes thousands of trips. Object by object the conversion would cost more
than reading the file; here it goes column by column, a column in which nothing has
changed is left alone, and each distinct value is converted once.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from . import codes, moscow
from .trips import State


class Vocabulary(NamedTuple):
    """How the database names stations and operations: its ids, and their codes."""

    station_id: Callable[[str | None], int | None]
    station_code: Callable[[int | None], str | None]
    operation_code: Callable[[int | None], str | None]


class _Kind(NamedTuple):
    """A way to keep a value: from and to the database, given the vocabulary."""

    load: Callable | None = None
    dump: Callable | None = None


def _load_moment(vocabulary):
    return moscow.from_utc


def _dump_moment(vocabulary):
    return moscow.to_utc


_PLAIN: Final = _Kind()
_MOMENT: Final = _Kind(_load_moment, _dump_moment)
_STATION: Final = _Kind(lambda voc: voc.station_code, lambda voc: voc.station_id)
# the id of an operation is found by more than its code: the caller writes it
_OPERATION: Final = _Kind(lambda voc: voc.operation_code)
_LOADED: Final = {True: "loaded", False: "empty", None: None}
_IS_LOADED: Final = {value: key for key, value in _LOADED.items()}
_LOAD: Final = _Kind(lambda voc: _IS_LOADED.get, lambda voc: _LOADED.get)
# kept as 0 where it is not known
_FIGURE: Final = _Kind(lambda voc: _or_none, lambda voc: _or_zero)
_KILOMETRES: Final = _Kind(None, lambda voc: _whole)
_WHOLE: Final = _Kind(lambda voc: _or_none, lambda voc: _whole)
_FLAG: Final = _Kind(lambda voc: bool, lambda voc: bool)


def _or_none(value):
    return float(value) if value else None


def _or_zero(value):
    return value or 0


def _whole(value):
    return round(value or 0)


def _get_railway_day(value):
    return value and codes.railway_day(value)


# Field of the state: column of the trip, and how it is kept there.
_KEPT: Final[dict[str, tuple[str, _Kind]]] = {
    "waybill": ("waybill", _PLAIN),
    "first_waybill": ("first_waybill", _PLAIN),
    "uno": ("uno", _PLAIN),
    "dispatch_id": ("dispatch_ref", _PLAIN),
    "origin_code": ("origin_id", _STATION),
    "destination_code": ("destination_id", _STATION),
    "trip_start": ("started_at", _MOMENT),
    "departed": ("departed_at", _MOMENT),
    "arrived": ("arrived_at", _MOMENT),
    "due_date": ("due_date", _PLAIN),
    "loaded": ("load", _LOAD),
    "cargo_code": ("cargo_code", _PLAIN),
    "mass_t": ("mass", _FIGURE),
    "consignee_okpo": ("consignee_okpo", _PLAIN),
    "status": ("state", _PLAIN),
    "status_since": ("state_since", _MOMENT),
    "operation_time": ("last_operation_at", _MOMENT),
    "operation_code": ("operation_code_id", _OPERATION),
    "operation_mnemonic": ("operation_mnemonic", _PLAIN),
    "station_code": ("station_id", _STATION),
    "road_code": ("road_code", _PLAIN),
    "km_left": ("distance_left", _KILOMETRES),
    "km_total": ("distance_total", _WHOLE),
    "idle_minutes": ("idle_minutes", _Kind(None, lambda voc: _or_zero)),
    "train_index": ("train_index", _PLAIN),
    "train_number": ("train_number", _PLAIN),
    "unloaded_at": ("unloaded_at", _MOMENT),
    "unload_estimated": ("is_unload_estimated", _FLAG),
    "lost_since": ("lost_since", _MOMENT),
    "arrived_locked": ("arrival_locked", _FLAG),
}
FIELDS: Final = tuple(_KEPT)
# What is read of a trip, in the order of FIELDS; ``load_states`` takes it so.
COLUMNS: Final = tuple(column for column, _kind in _KEPT.values())
_WAYBILL: Final = FIELDS.index("waybill")
_FIRST: Final = FIELDS.index("first_waybill")
_get_values: Final = attrgetter(*FIELDS)


def load_states(
    wagons: Sequence[str],
    ids: Sequence[int],
    is_open: Sequence[bool],
    distance_known: Sequence[bool],
    columns: Iterable[Sequence],
    vocabulary: Vocabulary,
) -> list[State]:
    """Return the states of as many trips.

    :param columns: the values of each of :data:`COLUMNS`, trip by trip.
    """
    values = {"wagon": wagons, "id": ids}
    values["finished"] = [not value for value in is_open]
    for (name, (_column, kind)), column in zip(_KEPT.items(), columns, strict=True):
        values[name] = _convert(column, kind.load and kind.load(vocabulary))
    values["km_left"] = [
        value if known else None
        for value, known in zip(values["km_left"], distance_known, strict=True)
    ]
    return list(map(State, *(values[name] for name in State.__slots__)))


def dump_states(
    states: Sequence[State],
    vocabulary: Vocabulary,
    befores: Sequence[State] | None = None,
) -> dict[str, list]:
    """Return columns of trips by name, the id of the operation excepted.

    :param befores: the states in the database: columns alike there and here are
        left out.
    """
    new = list(zip(*map(_get_values, states), strict=True))
    # a trip that was first heard of under a forwarded waybill began with that
    new[_FIRST] = tuple(
        first or waybill
        for first, waybill in zip(new[_FIRST], new[_WAYBILL], strict=True)
    )
    old = (
        list(zip(*map(_get_values, befores), strict=True))
        if befores
        else [None] * len(new)
    )
    result = {}
    for (name, (column, kind)), values, known in zip(
        _KEPT.items(), new, old, strict=True
    ):
        if values == known or kind is _OPERATION:
            continue
        result[column] = _convert(values, kind.dump and kind.dump(vocabulary))
        if name == "km_left":
            # 0 km left is not the same as no word of it
            result["distance_known"] = [value is not None for value in values]
        elif name == "trip_start":
            result["railway_date"] = _convert(values, _get_railway_day)
    return result


def _convert(column: Sequence, function: Callable | None) -> list:
    """Return the converted values; none stays none where the function knows none."""
    if function is None:
        return list(column)
    distinct = set(column)
    if len(distinct) * 2 > len(column):
        return [function(value) for value in column]
    known = {value: function(value) for value in distinct}
    return [known[value] for value in column]
