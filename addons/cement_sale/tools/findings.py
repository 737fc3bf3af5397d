# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the order gate answers: findings, never a bare yes or no."""

import json
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Final

BLOCK: Final = "block"
WARN: Final = "warn"
INFO: Final = "info"

_ORDER: Final = {BLOCK: 0, WARN: 1, INFO: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that keeps an order from going through, or deserves a word.

    :param code: stable name of the check; translated texts hang on it.
    :param severity: ``block``, ``warn`` or ``info``.
    :param params: values for the text.
    :param keys: the demands (cart lines, order lines) it speaks of.
    """

    code: str
    severity: str = BLOCK
    params: dict = field(default_factory=dict, hash=False)
    keys: tuple[Hashable, ...] = ()


def is_blocked(findings: Iterable[Finding]) -> bool:
    """Whether any finding blocks."""
    return any(finding.severity == BLOCK for finding in findings)


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, blocks first, else in the order they came."""
    return sorted(findings, key=lambda finding: _ORDER[finding.severity])


# What makes a finding worse: parameter and whether more of it is worse.
_WORSE: Final[dict[str, tuple[str, bool]]] = {
    "volume_exceeded": ("over", True),
    "vehicle_site": ("gross", True),
    "min_lot": ("mass", False),
}
# What may differ between two findings of the same thing.
_INCIDENTAL: Final[dict[str, set[str]]] = {
    "volume_exceeded": {"over", "asked", "left"},
    "vehicle_site": {"gross", "vehicle", "index"},
    "min_lot": {"mass", "vehicle", "index"},
}
# The first day still possible moves on while the order waits.
_ALWAYS_INCIDENTAL: Final = frozenset({"first"})


def declare(code: str, worse: tuple[str, bool], incidental: Iterable[str]) -> None:
    """Tell how findings of *code* are compared with what was lifted before.

    For the checks of other addons, called once when they are loaded.

    :param worse: the parameter that says how bad it is, and whether more is worse.
    :param incidental: parameters that may differ between two findings of one thing.
    """
    _WORSE[code] = worse
    _INCIDENTAL[code] = set(incidental)


def snapshot(finding: Finding) -> str:
    """Return what *finding* said, to be kept with the lifting of it."""
    return json.dumps(finding.params, default=str, sort_keys=True)


def is_covered(finding: Finding, code: str, kept: str) -> bool:
    """Whether *finding* is the block that was lifted, and no worse now.

    :param code: code of the lifted block.
    :param kept: its :func:`snapshot` at the moment of lifting.

    A lifted overdraft of ten tonnes is no leave to take a hundred later.
    """
    if finding.code != code:
        return False
    try:
        before = json.loads(kept or "{}")
    except ValueError:
        return False
    now = json.loads(snapshot(finding))
    incidental = _INCIDENTAL.get(code, set()) | _ALWAYS_INCIDENTAL
    if any(
        now.get(name) != before.get(name)
        for name in (now.keys() | before.keys()) - incidental
    ):
        return False
    if code in _WORSE:
        name, more_is_worse = _WORSE[code]
        sign = 1 if more_is_worse else -1
        return sign * now[name] <= sign * before.get(name, float("-inf") * sign)
    return True
