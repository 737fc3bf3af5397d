# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Why something cannot be done, told once for all that it stops."""

from collections.abc import Iterable, Mapping


def group(actions: Iterable[Mapping]) -> list[tuple[str, list[str]]]:
    """Return the reasons with the labels of what each of them stops, in the order
    of *actions*.

    :param actions: with ``label`` and ``reason``; those without a reason are
        possible and left out.
    """
    labels: dict[str, list[str]] = {}
    for action in actions:
        if action["reason"]:
            told = labels.setdefault(action["reason"], [])
            if action["label"] not in told:
                told.append(action["label"])
    return list(labels.items())
