# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Headings of reports are data: which text stands for which field, in which unit.

A heading that is known exactly is taken first, then a pattern with ``*``, then one
that begins with a known heading («Дата и время операции (МСК)»).
"""

import fnmatch
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..codes import cyrillic
from .model import Column

# A heading with this field is known and not read: nobody is told of it.
IGNORED = "ignored"
_CACHE = 5000


class Entry(NamedTuple):
    field: str
    unit: str
    dialect: str
    sequence: int


def fold(heading: object) -> str:
    """Return a heading as it is compared: lower case, letters, digits, one space."""
    text = str(heading or "").lower().replace("ё", "е")
    if re.search("[а-я]", text):
        text = cyrillic(text)
    return " ".join(re.findall(r"[0-9a-zа-я_*/]+", text.replace("/", " / "))).replace(
        " / ", "/"
    )


@dataclass(slots=True)
class HeadingMap:
    """Known headings, ready for matching; build it once."""

    exact: dict[str, list[Entry]] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern, list[Entry]]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    # changes with any of the records
    digest: bytes = b""
    # texts met before: the same headings come every hour
    cache: dict[str, tuple[list[Entry], bool]] = field(default_factory=dict)

    @classmethod
    def build(cls, records: Iterable[Sequence]) -> "HeadingMap":
        """Return the map of ``(heading, field, unit, dialect, sequence)`` records."""
        exact: dict[str, list[Entry]] = {}
        patterns: dict[str, list[Entry]] = {}
        content = hashlib.blake2b(digest_size=16)
        for name, field_name, unit, dialect, sequence in records:
            content.update(
                f"{name}\0{field_name}\0{unit}\0{dialect}\0{sequence}\0".encode()
            )
            folded = fold(name)
            if folded:
                target = patterns if "*" in folded else exact
                target.setdefault(folded, []).append(
                    Entry(field_name, unit or "", dialect or "", sequence or 0)
                )
        for entries in (*exact.values(), *patterns.values()):
            entries.sort(key=lambda entry: entry.sequence)
        return cls(
            digest=content.digest(),
            exact=exact,
            patterns=[
                (re.compile(fnmatch.translate(name)), entries)
                for name, entries in sorted(
                    patterns.items(), key=lambda item: -len(item[0])
                )
            ],
            prefixes=sorted(
                (name for name in exact if " " in name and len(name) > 9),
                key=len,
                reverse=True,
            ),
        )

    def find(self, heading: object) -> tuple[list[Entry], bool]:
        """Return what *heading* may stand for, and whether it was found exactly."""
        if heading in self.cache:
            return self.cache[heading]
        result = self._find(fold(heading))
        if len(self.cache) < _CACHE and isinstance(heading, str):
            self.cache[heading] = result
        return result

    def _find(self, folded: str) -> tuple[list[Entry], bool]:
        if not folded:
            return [], False
        if folded in self.exact:
            return self.exact[folded], True
        for pattern, entries in self.patterns:
            if pattern.match(folded):
                return entries, True
        for prefix in self.prefixes:
            if folded.startswith(prefix + " "):
                return self.exact[prefix], False
        return [], False

    def score(self, cells: Sequence) -> int:
        """Return how many cells are known headings; 0 without a wagon number."""
        if not any(
            entry.field == "wagon"
            for cell in cells
            if isinstance(cell, str) and 4 < len(cell) < 200
            for entry in self.find(cell)[0]
        ):
            return 0
        return sum(bool(self.find(cell)[0]) for cell in cells if isinstance(cell, str))

    def match(
        self, cells: Sequence, dialect: str = ""
    ) -> tuple[str, list[Column], list[str]]:
        """Return dialect, columns and unknown headings of a heading row.

        The dialect most of whose own headings are there decides what an ambiguous
        one means («вес» is the capacity in owners' reports).
        """
        found = {
            index: (str(cell).strip().strip("\ufeff"), *self.find(cell))
            for index, cell in enumerate(cells)
            if cell not in (None, "")
        }
        if not dialect:
            votes = Counter(
                name
                for _heading, entries, _exact in found.values()
                for name in {entry.dialect for entry in entries} - {""}
            )
            # a tie goes to the first by name: the same file reads the same twice
            dialect = min(votes, key=lambda name: (-votes[name], name), default="")
        columns: list[Column] = []
        unknown: list[str] = []
        exact_fields = {
            _choose(entries, dialect).field
            for _heading, entries, exact in found.values()
            if entries and exact
        }
        for index, (heading, entries, exact) in found.items():
            entry = _choose(entries, dialect) if entries else None
            if entry is None or (not exact and entry.field in exact_fields):
                unknown.append(heading)
                continue
            columns.append(Column(index, heading, entry.field, entry.unit, dialect))
        columns.sort(
            key=lambda column: (
                _choose(found[column.index][1], dialect).sequence,
                column.index,
            )
        )
        return dialect, columns, unknown


def _choose(entries: list[Entry], dialect: str) -> Entry:
    """Return the entry of the dialect, else the general one, else any."""
    for wanted in (dialect, ""):
        for entry in entries:
            if entry.dialect == wanted:
                return entry
    return entries[0]
