# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What happens to the demo's wagons, in hours before now.

The plant loads, lets the wagon out, the railway takes it; from there the tales part.
"""

from typing import NamedTuple

LOADED, LEFT, DEPARTED = 150, 144, 140
# of a trip that is over
UNLOADED = 40
_LOAD = "Погрузка на подъездных путях (11)"
GO = "Отправление вагона со станции (2)"
TRAIN = "Включение вагона в поезд (4)"
COME = "Прибытие поезда и расформирование (8)"
_LEFT_BEHIND = "Бросание поезда (92)"
_FAULTY = "Перевод в неисправные (53)"
KM = 980
CLIENT = -1


class Step(NamedTuple):
    """An operation: hours before now, place on the way (none: the plant's station,
    ``CLIENT``: the client's), what it was."""

    hours: int
    place: int | None
    operation: str


KM_LEFT = {None: KM, 0: 940, 1: 780, 2: 520, 3: 310, CLIENT: 0}
_BEGIN = (
    Step(LOADED, None, _LOAD),
    Step(DEPARTED, None, GO),
    Step(118, 0, GO),
    Step(92, 1, GO),
)
TALES = {
    "moving": (*_BEGIN, Step(40, 2, TRAIN), Step(3, 3, GO)),
    "near": (*_BEGIN, Step(40, 3, GO), Step(2, 3, TRAIN)),
    "late": (*_BEGIN, Step(70, 2, TRAIN), Step(4, 2, GO)),
    "lost": (*_BEGIN, Step(60, 2, GO)),
    "abandoned": (*_BEGIN, Step(52, 2, _LEFT_BEHIND)),
    "faulty": (*_BEGIN, Step(66, 1, _FAULTY)),
    "idle": (*_BEGIN, Step(74, 3, GO), Step(58, CLIENT, COME)),
    "done": (*_BEGIN, Step(74, 3, GO), Step(58, CLIENT, COME)),
}


def is_loading(step: Step) -> bool:
    return step.operation == _LOAD
