# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Passes to the loading: what their codes hold, and what the gate says of them."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

VALID: Final = "valid"
EARLY: Final = "early"
EXPIRED: Final = "expired"
WRONG_DAY: Final = "wrong_day"
INSIDE: Final = "inside"
USED: Final = "used"
CANCELLED: Final = "cancelled"
HELD: Final = "held"
CLOSED: Final = "closed"
UNKNOWN: Final = "unknown"
# the vehicle may come in
ENTERS: Final = frozenset({VALID, EARLY})

BOOKED: Final = "booked"
LEFT: Final = "left"

_CODE: Final = re.compile(r"([1-9][0-9]{0,9})-([0-9A-Za-z_-]{16,40})-([0-9a-f]{32})")
# a scanner types the whole address of the page, and a keyboard that is set to
# Russian types the same keys as Cyrillic letters
_RUSSIAN_KEYS: Final = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ.,",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>/?",
)


@dataclass(frozen=True, slots=True)
class Code:
    """What a code names: the pass and the secret that only its holder knows."""

    pass_id: int
    secret: str


def make_code(pass_id: int, secret: str, key: bytes) -> str:
    """Return the signed code of a pass."""
    return f"{pass_id}-{secret}-{_sign(pass_id, secret, key)}"


def read_code(text: object, key: bytes) -> Code | None:
    """Return what *text* (a code, or an address that ends with one) names.

    :return: ``None`` when it is no code of ours: nothing is looked up then.
    """
    if not isinstance(text, str) or len(text) > 500:
        return None
    for candidate in (text, text.translate(_RUSSIAN_KEYS)):
        tail = candidate.strip().split("?")[0].rstrip("/").rpartition("/")[2]
        match = _CODE.fullmatch(tail)
        if match:
            pass_id, secret, signature = match.groups()
            if hmac.compare_digest(signature, _sign(int(pass_id), secret, key)):
                return Code(int(pass_id), secret)
    return None


def _sign(pass_id: int, secret: str, key: bytes) -> str:
    message = f"{pass_id}-{secret}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:32]


def judge(
    state: str,
    now: datetime,
    start: datetime,
    stop: datetime,
    *,
    early: timedelta,
    grace: timedelta,
    is_held: bool = False,
    is_gone: bool = False,
    is_void: bool = False,
    is_off: bool = False,
) -> str:
    """Return what the gate says of a pass.

    :param state: ``booked``, ``inside``, ``left``, ``cancelled`` or ``expired``.
    :param now: the present moment; it, *start* and *stop* are of the plant's zone.
    :param early: how long before the slot the vehicle is in time.
    :param grace: how long after the slot the vehicle is still let in.
    :param is_gone: whether the goods have left already, by whatever way.
    :param is_void: whether the shipment or its order is cancelled.
    :param is_off: whether the plant does not work in the hour of the slot.
    """
    if state == CANCELLED:
        return CANCELLED
    if state == LEFT:
        return USED
    if state == INSIDE:
        # it stands on the premises, whatever the papers say: it must get out
        return INSIDE
    if state == EXPIRED:
        return EXPIRED
    if is_void:
        return CANCELLED
    if is_gone:
        return USED
    if now > stop + grace:
        return EXPIRED
    if is_held:
        return HELD
    if is_off:
        return CLOSED
    if now.date() < start.date() and now < start - early:
        return WRONG_DAY
    return EARLY if now < start - early else VALID


def queue_place(own: tuple, others: list[tuple]) -> int:
    """Return the place in the queue, 1 for who is next.

    Each: ``(moment of coming in or None, start of the slot, id)``. Who is inside
    stands before who is not; among equals the earlier comes first.
    """

    def rank(entry):
        entered, start, number = entry
        return (entered is None, entered or start, start, number)

    return 1 + sum(1 for other in others if rank(other) < rank(own))
