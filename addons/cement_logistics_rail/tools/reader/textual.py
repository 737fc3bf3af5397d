# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Cells of reports that are text: csv, JSON in all its shapes, XML."""

import csv
import io
import json
import re
import time
from collections.abc import Iterator, Mapping
from datetime import datetime

from . import cells
from .model import HISTORY, SNAPSHOT, Grid, Limits, ReportError

_BRACKETS = 600_000
_ENDS_A_ROW = 4
_WRAPPERS = ("vagon_info", "vagon_specifications", "position")
_WAGON_KEYS = ("NOM_VAG", "nom_vag", "wagon", "wagon_number", "vagon_no", "number")
_FORMED_KEYS = ("created_at", "timestamp", "formed_at", "date", "report_date")


def decode(data: bytes) -> str:
    """Return the text of a csv or JSON file: a mark, UTF-8, else cp1251.

    :raises ReportError: it is no text.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise ReportError("not_a_report", detail="encoding") from error
    if b"\x00" in data[:100_000]:
        raise ReportError("not_a_report", detail="binary")
    for encoding in ("utf-8", "cp1251"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReportError("not_a_report", detail="encoding")


def read_csv(data: bytes, limits: Limits, deadline: float) -> Grid:
    """Return the cells of a csv; the separator is the mark most of the lines hold.

    :raises ReportError: no text, too much, or no table.
    """
    # counted before anything is copied; a quoted cell may hold a few line ends
    ends = max(data.count(b"\n"), data.count(b"\r"))
    if ends > (limits.rows + limits.heading_rows) * _ENDS_A_ROW:
        raise ReportError("too_many_rows", limit=limits.rows)
    text = decode(data)
    head = text[:20_000]
    delimiter = max(";\t,|", key=head.count)
    if not head.count(delimiter):
        raise ReportError("not_a_report", detail="text")
    reader = csv.reader(_lines(text, delimiter, limits), delimiter=delimiter)
    rows: list[list] = []
    try:
        for row in reader:
            if len(row) > limits.columns:
                raise ReportError("too_many_columns", limit=limits.columns)
            rows.append(row)
            if len(rows) > limits.rows + limits.heading_rows:
                raise ReportError("too_many_rows", limit=limits.rows)
            if len(rows) % 1000 == 0 and time.monotonic() > deadline:
                raise ReportError("too_slow", seconds=int(limits.seconds))
    except csv.Error as error:
        raise ReportError("broken", detail="csv") from error
    # a file that came as a whole ends with its line, or at least with all its cells
    is_cut = (
        len(rows) > 1
        and not text.endswith(("\n", "\r"))
        and len(rows[-1]) < len(rows[-2])
    )
    return Grid(rows=rows, is_cut=is_cut)


def _lines(text: str, delimiter: str, limits: Limits) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if line.count(delimiter) > limits.columns + 5:
            raise ReportError("too_many_columns", limit=limits.columns)
        yield line


def read_json(data: bytes, limits: Limits) -> Grid:
    """Return the cells of a JSON report: head and body, a list, wagons, history.

    :raises ReportError: broken, too much, or none of the known shapes.
    """
    if data.count(b"[") + data.count(b"{") > _BRACKETS:
        raise ReportError("bomb")
    try:
        value = json.loads(decode(data), parse_constant=lambda name: None)
    except RecursionError as error:
        raise ReportError("too_deep") from error
    except ValueError as error:
        raise ReportError("broken", detail="json") from error
    return _find(value, limits, 0, None)


def _find(value: object, limits: Limits, depth: int, formed: datetime | None) -> Grid:
    """Look for the rows in *value*, the wrappers of the known feeds being taken off."""
    if depth > limits.depth:
        raise ReportError("too_deep")
    if isinstance(value, list):
        return _of_objects(value, limits, formed)
    if not isinstance(value, Mapping):
        raise ReportError("not_a_report", detail="json")
    formed = _formed(value) or formed
    if isinstance(value.get("head"), list) and isinstance(value.get("body"), list):
        return _of_table(value["head"], value["body"], limits, formed)
    if isinstance(value.get("operations"), list):
        grid = _of_objects(_with_wagon(value), limits, formed)
        grid.kind = HISTORY
        return grid
    for name in ("wagons", "vagons", "vagon", "items", "rows"):
        if isinstance(value.get(name), list):
            return _of_objects(value[name], limits, formed)
    for name in ("data", "getReferenceSPV4664Response", "result", "response"):
        inner = value.get(name)
        if isinstance(inner, Mapping | list):
            return _find(inner, limits, depth + 1, formed)
    raise ReportError("not_a_report", detail="json")


def _with_wagon(value: Mapping) -> list:
    """Give the operations of a history the number of their wagon."""
    wagon = next(
        (
            value[key]
            for key in _WAGON_KEYS
            if isinstance(value.get(key), str | int) and value.get(key)
        ),
        None,
    )
    if isinstance(value.get("wagon"), Mapping):
        wagon = next(filter(None, map(value["wagon"].get, _WAGON_KEYS)), None)
    return [
        {"NOM_VAG": wagon, **operation}
        if isinstance(operation, Mapping) and wagon
        else operation
        for operation in value["operations"]
    ]


def _formed(value: Mapping) -> datetime | None:
    for key in _FORMED_KEYS:
        try:
            if found := cells.moment(value.get(key)):
                return found
        except ValueError:
            continue
    return None


def _of_table(head: list, body: list, limits: Limits, formed: datetime | None) -> Grid:
    _check_size(head, body, limits)
    rows = [
        row
        if isinstance(row, list)
        else [row.get(name) for name in head]
        if isinstance(row, Mapping)
        else []
        for row in body
    ]
    if any(len(row) > limits.columns for row in rows):
        raise ReportError("too_many_columns", limit=limits.columns)
    return Grid(
        rows=[list(map(str, head)), *rows],
        first_number=0,
        dialect="gvc",
        kind=SNAPSHOT,
        formed_at=formed,
        heading_row=0,
    )


def _of_objects(value: list, limits: Limits, formed: datetime | None) -> Grid:
    objects = [item for item in value if isinstance(item, Mapping)]
    if value and not objects:
        raise ReportError("not_a_report", detail="json")
    head: dict[str, int] = {}
    for item in objects:
        for name in item:
            head.setdefault(name, len(head))
        if len(head) > limits.columns:
            raise ReportError("too_many_columns", limit=limits.columns)
    names = list(head)
    _check_size(names, objects, limits)
    return Grid(
        rows=[names, *([item.get(name) for name in names] for item in objects)],
        first_number=0,
        dialect="gvc",
        formed_at=formed,
        heading_row=0,
    )


def _check_size(head: list, body: list, limits: Limits) -> None:
    if len(head) > limits.columns:
        raise ReportError("too_many_columns", limit=limits.columns)
    if len(body) > limits.rows:
        raise ReportError("too_many_rows", limit=limits.rows)


def read_xml(data: bytes, limits: Limits, deadline: float) -> Grid:
    """Return the cells of an XML export: each ``vagon`` is a row, its leaves cells.

    A document type is refused: entities are how XML bombs are made.

    :raises ReportError: broken, with a document type, too much, or no wagons.
    """
    from lxml import etree

    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise ReportError("bomb")
    head: dict[str, int] = {}
    rows: list[dict[str, str]] = []
    try:
        for _event, node in etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            tag=("{*}vagon", "{*}wagon"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ):
            if node.getroottree().docinfo.internalDTD is not None:
                raise ReportError("bomb")
            leaves = dict(_leaves(node, "", limits, 0))
            for name in leaves:
                head.setdefault(name, len(head))
            if len(head) > limits.columns:
                raise ReportError("too_many_columns", limit=limits.columns)
            rows.append(leaves)
            node.clear()
            if len(rows) > limits.rows:
                raise ReportError("too_many_rows", limit=limits.rows)
            if time.monotonic() > deadline:
                raise ReportError("too_slow", seconds=int(limits.seconds))
    except etree.XMLSyntaxError as error:
        raise ReportError("broken", detail="xml") from error
    if not rows:
        raise ReportError("not_a_report", detail="xml")
    names = list(head)
    return Grid(
        rows=[names, *([row.get(name) for name in names] for row in rows)],
        first_number=0,
        dialect="xml_location",
        heading_row=0,
    )


def _leaves(node, path: str, limits: Limits, depth: int) -> Iterator[tuple[str, str]]:
    if depth > limits.depth:
        raise ReportError("too_deep")
    for child in node:
        if not isinstance(child.tag, str):
            continue
        tag = child.tag.rpartition("}")[2]
        name = f"{path}/{tag}" if path else tag
        if len(child):
            inner = path if tag in _WRAPPERS else name
            yield from _leaves(child, inner, limits, depth + 1)
        else:
            yield name, child.text or ""
