"""What can lie in one bin: the fullest content, or all the contents worth a look."""

from collections.abc import Callable, Iterator, Sequence

from .problem import Box, Content, Problem

# Steps spent on the fullest content of one bin. It is nearly always found, exactly,
# in far fewer; beyond, the best one so far will do.
_FULLEST_STEPS = 2_000


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


def fullest_content(problem: Problem, box: Box, left: Sequence[int], lead: int | None):
    """Return (content, exact): the heaviest content for a box, with a ``lead`` in it.

    Kinds before the lead are taken to be used up. ``exact`` is False when the search
    stopped at its limit.
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
        if best_mass == box.capacity or steps > _FULLEST_STEPS:
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
    return best, steps <= _FULLEST_STEPS


def worthwhile_contents(
    problem: Problem,
    box: Box,
    left: Sequence[int],
    lead: int,
    floor: int,
    spend: Callable[[], None],
) -> Iterator[Content]:
    """Yield the contents with a ``lead``, of ``floor`` kg or more, that are maximal.

    Maximal: no package that is left could be added. A packing whose bins are not
    maximal can be turned into one whose bins are, so no others need be looked at.
    ``spend`` is called at each step and may raise to end it all.
    """
    kinds = len(left)
    below = mass_from(problem, box, left)
    content = [0] * kinds

    def descend(i: int, room: int, places: int, open_: int, placed: int):
        """Walk on from kind ``i``.

        ``open_`` and ``placed`` are the lightest packages that were left behind: of
        the kinds that take no place, and of those that do.
        """
        spend()
        if box.capacity - room + below[i] < floor or room - below[i] >= open_:
            return
        if i == kinds:
            if room < placed or not places:
                yield tuple(content)
            return
        size, place = problem.sizes[i], problem.places[i]
        top = most(problem, box, i, left[i], room, places)
        least = 1 if i == lead else 0
        # Of the last kind only the most can be maximal.
        if i == kinds - 1:
            least = max(least, top)
        for number in range(top, least - 1, -1):
            content[i] = number
            lightest, lightest_placed = open_, placed
            if number < left[i] and box.accepts[i]:
                if place:
                    lightest_placed = min(placed, size)
                else:
                    lightest = min(open_, size)
            yield from descend(
                i + 1,
                room - number * size,
                places - number * place,
                lightest,
                lightest_placed,
            )
        content[i] = 0

    nothing = box.capacity + 1
    yield from descend(lead, box.capacity, box.places, nothing, nothing)
