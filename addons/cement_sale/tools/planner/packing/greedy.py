"""Fast packings that are usually the best one already."""

from collections.abc import Sequence

from .problem import Box, Content, Problem


def first_fit_decreasing(problem: Problem, boxes: Sequence[int], counts: Content):
    """Return (box index, content) bins, filling each from the heaviest kind down.

    Done bin by bin, which gives what first-fit decreasing gives; a content that can be
    had again is repeated at once, so the work grows with the number of different
    contents and not of packages.
    """
    bins, left = [], list(counts)
    while True:
        lead = next((i for i, n in enumerate(left) if n), None)
        if lead is None:
            return bins
        contents = [
            (b, _downward(problem, problem.boxes[b], left, lead))
            for b in boxes
            if _takes(problem, problem.boxes[b], lead)
        ]
        best = max(contents, key=lambda pair: problem.mass(pair[1]))
        take_repeatedly(bins, left, *best)


def take_repeatedly(bins: list, left: list[int], box: int, content: Content) -> None:
    """Put as many bins of this content as there are packages for, updating ``left``."""
    times = min(left[i] // n for i, n in enumerate(content) if n)
    bins.extend([(box, content)] * times)
    for i, n in enumerate(content):
        left[i] -= n * times


def _takes(problem: Problem, box: Box, kind: int) -> bool:
    return (
        box.accepts[kind]
        and problem.sizes[kind] <= box.capacity
        and problem.places[kind] <= box.places
    )


def _downward(problem: Problem, box: Box, left: Sequence[int], lead: int) -> Content:
    """Return the content that takes of each kind from ``lead`` on what still fits."""
    content = [0] * len(left)
    room, places = box.capacity, box.places
    for i in range(lead, len(left)):
        if not box.accepts[i]:
            continue
        number = min(left[i], room // problem.sizes[i])
        if problem.places[i]:
            number = min(number, places // problem.places[i])
        content[i] = number
        room -= number * problem.sizes[i]
        places -= number * problem.places[i]
    return tuple(content)
