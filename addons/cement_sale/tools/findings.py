# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the order gate answers: findings, never a bare yes or no."""

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
