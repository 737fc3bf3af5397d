# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""CommerceML bytes to records, lazily and safely (1C sheet, sections 1.5 to 1.7).

The file decides what it is by its content, never by its name. Nothing is validated
by schema: most real exports would fail. Hostile input ends in :class:`ReadError`:
no document type, no entities, no network, limits on size, depth, number of elements
and length of text; memory stays flat, because a finished element is dropped.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from . import build
from .build import Node, local_name
from .decode import ROOT, ReadError, Utf8Source
from .records import Group, Header, Record, Section
from .values import clean_line, parse_bool, parse_moment

__all__ = ["Limits", "ReadError", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost. The defaults let the largest real exports through."""

    total_bytes: int = 1 << 30
    depth: int = 64
    elements: int = 50_000_000
    record_elements: int = 200_000
    record_bytes: int = 8 << 20
    attributes: int = 64


DEFAULT_LIMITS = Limits()

# The outermost element of one of these names is one record.
_BUILDERS: dict[str, Callable[[Node], Record]] = {
    "Товар": build.product,
    "Предложение": build.offer,
    "Свойство": build.property_,
    "СвойствоНоменклатуры": build.property_,
    "ТипЦены": build.price_type,
    "Склад": build.depot,
    "Контрагент": build.party,
    "Документ": build.document,
}
# These become Section records as soon as their own fields are known.
_SECTIONS = frozenset(
    {
        "Классификатор",
        "Каталог",
        "ПакетПредложений",
        "ИзмененияПакетаПредложений",
        "Контрагенты",
        "Контейнер",
    }
)
# The start of one of these says that the fields of its parent are complete.
_LISTS = frozenset(
    {
        "Группы",
        "Свойства",
        "Товары",
        "Предложения",
        "ТипыЦен",
        "Склады",
        "Контрагент",
        "Документ",
    }
)
# Later records are read by these.
_NEVER_SKIPPED = frozenset({"ТипЦены"})
_FIELDS_MAX = 64
_FIELD_LENGTH_MAX = 4000


@dataclass(slots=True)
class _Frame:
    """An open element that is not (part of) a record."""

    name: str
    fields: dict[str, str] = field(default_factory=dict)
    announced: bool = False


def read(
    source: bytes | BinaryIO, limits: Limits = DEFAULT_LIMITS, skip: int = 0
) -> Iterator[Record | None]:
    """Yield the records of a file in its order, the :class:`Header` first.

    :param skip: how many records were dealt with before: they are passed by quickly
        and come as None, except those that say how to read the others
    :raises ReadError: while iterating, when the file is broken or hostile; what was
        yielded before stands
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    utf8 = Utf8Source(stream, limits.total_bytes)
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    walker = _Walker(utf8, limits, skip)
    try:
        for chunk in utf8.chunks():
            parser.feed(chunk)
            yield from walker.walk(parser.read_events())
        parser.close()
        yield from walker.walk(parser.read_events())
    except etree.XMLSyntaxError as error:
        raise ReadError("broken", f"not well-formed: {error.msg}") from error


class _Walker:
    """State of one pass over the events of the parser."""

    def __init__(self, source: Utf8Source, limits: Limits, skip: int) -> None:
        self.source = source
        self.skip = skip
        self.yielded = 0
        self.limits = limits
        self.frames: list[_Frame] = []
        self.depth = 0
        self.elements = 0
        self.container = 0
        # Depth and cost of the record that is open; depth 0 means none.
        self.record_depth = 0
        self.record_elements = 0
        self.record_begin = 0

    def walk(
        self, events: Iterator[tuple[str, build.Element]]
    ) -> Iterator[Record | None]:
        """Yield the records of the events."""
        for event, element in events:
            step = self._start if event == "start" else self._end
            for record in step(element):
                self.yielded += 1
                yield record

    def _start(self, element: build.Element) -> Iterator[Record]:
        self.depth += 1
        self.elements += 1
        self._check(element)
        if self.record_depth:
            return
        name = local_name(element.tag)
        if self.depth == 1:
            yield self._header(element, name)
        elif name in _LISTS:
            yield from self._announce()
        if name in _BUILDERS:
            self.record_depth = self.depth
            self.record_elements = 0
            self.record_begin = self.source.given
            return
        if name == "Контейнер":
            self.container += 1
        frame = _Frame(name)
        frame.fields.update(
            (key, clean_line(value, _FIELD_LENGTH_MAX))
            for key, value in element.attrib.items()
        )
        self.frames.append(frame)

    def _check(self, element: build.Element) -> None:
        limits = self.limits
        if self.depth > limits.depth:
            raise ReadError("too_deep", f"deeper than {limits.depth} elements")
        if self.elements > limits.elements:
            raise ReadError("too_many", f"more than {limits.elements} elements")
        if len(element.attrib) > limits.attributes:
            raise ReadError("too_many", "too many attributes on one element")
        if self.record_depth:
            self.record_elements += 1
            if self.record_elements > limits.record_elements:
                raise ReadError("too_many", "too many elements in one record")
            # Text, tails and attributes alike: what was read while it is open.
            if self.source.given - self.record_begin > limits.record_bytes:
                raise ReadError("too_long", "too much text in one record")

    def _header(self, element: build.Element, name: str) -> Header:
        if element.getroottree().docinfo.doctype:
            raise ReadError("doctype", "a document type declaration is not accepted")
        if name != ROOT:
            raise ReadError("not_commerceml", f"the root element is {name[:40]}")
        try:
            generated_at = parse_moment(element.get("ДатаФормирования"))
        except ValueError:
            generated_at = None
        return Header(
            schema_version=clean_line(element.get("ВерсияСхемы")),
            generated_at=generated_at,
            namespace=etree.QName(element).namespace or "",
            encoding=self.source.encoding,
        )

    def _end(self, element: build.Element) -> Iterator[Record | None]:
        depth, self.depth = self.depth, self.depth - 1
        if self.record_depth:
            if depth > self.record_depth:
                return
            self.record_depth = 0
            yield self._build(element)
        else:
            frame = self.frames.pop()
            yield from self._close(frame, element)
        _drop(element)

    def _build(self, element: build.Element) -> Record | None:
        name = local_name(element.tag)
        if self.yielded < self.skip and name not in _NEVER_SKIPPED:
            return None
        if name == "Документ":
            inside = any(frame.name == "Контейнер" for frame in self.frames)
            return build.document(Node(element), self.container if inside else 0)
        return _BUILDERS[name](Node(element))

    def _close(self, frame: _Frame, element: build.Element) -> Iterator[Record]:
        if not frame.announced:
            yield from _opening(frame, self.frames)
        # A leaf becomes a field of the element around it.
        parent = self.frames[-1] if self.frames else None
        if parent is not None and len(parent.fields) < _FIELDS_MAX:
            text = clean_line(element.text, _FIELD_LENGTH_MAX)
            if text:
                parent.fields.setdefault(frame.name, text)

    def _announce(self) -> Iterator[Record]:
        """Yield the group or section whose own fields are complete now."""
        frame = self.frames[-1]
        if not frame.announced and (frame.name in _SECTIONS or frame.name == "Группа"):
            frame.announced = True
            yield from _opening(frame, self.frames[:-1])


def _opening(frame: _Frame, above: list[_Frame]) -> Iterator[Record]:
    fields = frame.fields
    guid = fields.get("Ид", "").lower()
    if frame.name == "Группа":
        parent = next((f for f in reversed(above) if f.name == "Группа"), None)
        yield Group(
            guid=guid,
            name=fields.get("Наименование", ""),
            parent_guid=parent.fields.get("Ид", "").lower() if parent else "",
            deleted=parse_bool(fields.get("ПометкаУдаления")),
        )
    elif frame.name in _SECTIONS:
        changes = fields.get("СодержитТолькоИзменения")
        yield Section(
            kind=frame.name,
            guid=guid,
            name=fields.get("Наименование", ""),
            catalog_guid=fields.get("ИдКаталога", "").lower(),
            classifier_guid=fields.get("ИдКлассификатора", "").lower(),
            only_changes=None if changes is None else parse_bool(changes),
        )


def _drop(element: build.Element) -> None:
    """Free a finished element and all that stands before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is None:
        return
    while element.getprevious() is not None:
        del parent[0]
