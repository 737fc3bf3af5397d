# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What can lie in one bin: the fullest content, or all the contents worth a look."""

from collections.abc import Callable, Iterator, Sequence

from .problem import Box, Content, Problem

# Steps spent on the fullest content of one bin. It is nearly always found, exactly,
# in far fewer; beyond, the best one so far will do.
_FULLEST_STEPS = 2_000
_FRACTION_BITS = 20


def most(problem: Problem, box: Box, kind: int, left: int, room: int, places: int):
    """Return how many of ``left`` packages of a kind fit what is free in a box."""
    if not box.accepts[kind]:
        return 0
    number = min(left, room // problem.sizes[kind])
    if problem.places[kind]:
        number = min(number, places // problem.places[kind])
    return number


def mass_from(problem: Problem, box: Box, left: Sequence[int]) -> list[int]:
    """Return for each kind the mass of it and of all later kinds that the box takes."""
    masses = [0] * (len(left) + 1)
    for i in range(len(left) - 1, -1, -1):
        own = left[i] * problem.sizes[i] if box.accepts[i] else 0
        masses[i] = masses[i + 1] + own
    return masses


def fullest_content(
    problem: Problem,
    box: Box,
    left: Sequence[int],
    lead: int | None,
    most_steps: int = _FULLEST_STEPS,
) -> tuple[Content, bool]:
    """Return (content, exact): the heaviest content for a box, with a ``lead`` in it.

    Kinds before the lead are taken to be used up. ``exact`` is False when the search
    stopped after ``most_steps``.
    """
    sizes, places_each = problem.sizes, problem.places
    kinds = [i for i in range(lead or 0, len(left)) if left[i] and box.accepts[i]]
    below = mass_from(problem, box, left)
    content = [0] * len(left)
    best, best_mass, steps = tuple(content), 0, 0

    def descend(position: int, room: int, places: int) -> bool:
        """Return True when nothing better can come."""
        nonlocal best, best_mass, steps
        steps += 1
        if box.capacity - room > best_mass:
            best, best_mass = tuple(content), box.capacity - room
        if best_mass == box.capacity or steps > most_steps:
            return True
        if position == len(kinds):
            return False
        i = kinds[position]
        if box.capacity - room + min(room, below[i]) <= best_mass:
            return False
        size, place = sizes[i], places_each[i]
        top = min(left[i], room // size)
        if place and top > places:
            top = places
        least = 1 if i == lead else 0
        # Of the last kind the most is the fullest.
        if position == len(kinds) - 1:
            least = max(least, top)
        for number in range(top, least - 1, -1):
            content[i] = number
            if descend(position + 1, room - number * size, places - number * place):
                return True
        content[i] = 0
        return False

    descend(0, box.capacity, box.places)
    return best, steps <= most_steps


def worthwhile_contents(
    problem: Problem,
    box: Box,
    left: Sequence[int],
    lead: int,
    worth: Sequence[int],
    floor: int,
    spend: Callable[[], None],
) -> Iterator[Content]:
    """Yield the contents with a ``lead``, worth ``floor`` or more, that are maximal.

    Maximal: no package that is left could be added. A packing whose bins are not
    maximal can be turned into one whose bins are, so no others need be looked at.
    ``worth`` is a non-negative integer for each kind. ``spend`` is called at each step
    and may raise to end it all.
    """
    sizes, places_each = problem.sizes, problem.places
    kinds = [i for i in range(lead, len(left)) if left[i] and box.accepts[i]]
    below = [0] * (len(kinds) + 1)
    for position in range(len(kinds) - 1, -1, -1):
        i = kinds[position]
        below[position] = below[position + 1] + left[i] * sizes[i]
    at_most = _worth_bounds(problem, left, kinds, worth)
    content = [0] * len(left)

    def descend(position, room, places, value, open_, placed):
        """Walk on from ``kinds[position]``.

        ``open_`` and ``placed`` are the lightest packages that were left behind: of
        the kinds that take no place, and of those that do.
        """
        spend()
        if value + at_most(position, room, places) < floor:
            return
        if room - below[position] >= open_:
            return
        if position == len(kinds):
            if room < placed or not places:
                yield tuple(content)
            return
        i = kinds[position]
        size, place = sizes[i], places_each[i]
        top = min(left[i], room // size)
        if place and top > places:
            top = places
        least = 1 if i == lead else 0
        # Of the last kind only the most can be maximal.
        if position == len(kinds) - 1:
            least = max(least, top)
        for number in range(top, least - 1, -1):
            content[i] = number
            lightest, lightest_placed = open_, placed
            if number < left[i]:
                if place:
                    lightest_placed = min(placed, size)
                else:
                    lightest = min(open_, size)
            yield from descend(
                position + 1,
                room - number * size,
                places - number * place,
                value + number * worth[i],
                lightest,
                lightest_placed,
            )
        content[i] = 0

    nothing = box.capacity + 1
    yield from descend(0, box.capacity, box.places, 0, nothing, nothing)


def _worth_bounds(problem: Problem, left, kinds, worth):
    """Return ``at_most(position, room, places)``: what kinds from there on can add.

    The least of three: all that is left of them, the room at the dearest kilogram,
    the places at the dearest place. Divisions are rounded up, so it is a bound.
    """
    count = len(kinds)
    total, per_kg, per_place = [0] * (count + 1), [0] * (count + 1), [0] * (count + 1)
    no_place_needed = [False] * (count + 1)
    for position in range(count - 1, -1, -1):
        i, after = kinds[position], position + 1
        total[position] = total[after] + left[i] * worth[i]
        density = -(-(worth[i] << _FRACTION_BITS) // problem.sizes[i])
        per_kg[position] = max(per_kg[after], density)
        per_place[position] = max(per_place[after], worth[i])
        no_place_needed[position] = no_place_needed[after] or not problem.places[i]

    def at_most(position: int, room: int, places: int) -> int:
        by_room = (room * per_kg[position] >> _FRACTION_BITS) + 1
        bound = min(total[position], by_room)
        if no_place_needed[position]:
            return bound
        return min(bound, places * per_place[position])

    return at_most
