# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What a change of the orders of the regions does to orders that were taken before."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from .payload import BLOCK, OK, UNKNOWN, WARN
from .season import SPRING, Rule

_RANKS = {BLOCK: 0, UNKNOWN: 1, WARN: 2, OK: 3}


@dataclass(frozen=True, slots=True)
class Said:
    """What the law says of an order: a verdict, and the most it allows."""

    state: str
    most_kg: int


@dataclass(frozen=True, slots=True)
class Change:
    """An order of which the law says another thing than before."""

    key: Hashable
    before: Said
    now: Said


def changed_rules(before: Iterable[Rule], now: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules that came, went, or read otherwise, and limit a payload."""
    apart = frozenset(before) ^ frozenset(now)
    return tuple(
        sorted(
            (rule for rule in apart if rule.kind == SPRING),
            key=lambda rule: (rule.date_from, rule.date_to, str(rule.key)),
        )
    )


def changes(
    before: Mapping[Hashable, Said], now: Mapping[Hashable, Said]
) -> list[Change]:
    """Return what changed, the worst first.

    Of an order within the limits then and now the most is nobody's worry.
    """
    found = [
        Change(key, before[key], said)
        for key, said in now.items()
        if key in before
        and before[key] != said
        and {before[key].state, said.state} != {OK}
    ]
    return sorted(found, key=lambda one: (_RANKS[one.now.state], one.now.most_kg))
