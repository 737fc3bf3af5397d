# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A sum in Russian words, as trade forms write it under the total."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_HUNDREDS: Final = (
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
)
_TENS: Final = (
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
)
_TEENS: Final = (
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
)
_ONES: Final = (
    "",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
)
_FEMININE: Final = {1: "одна", 2: "две"}
# forms for one, few and many, and whether the word is feminine
_CLASSES: Final = (
    (("рубль", "рубля", "рублей"), False),
    (("тысяча", "тысячи", "тысяч"), True),
    (("миллион", "миллиона", "миллионов"), False),
    (("миллиард", "миллиарда", "миллиардов"), False),
)
_KOPECKS: Final = ("копейка", "копейки", "копеек")
LIMIT: Final = 10**12


def roubles(amount) -> str:
    """Return *amount* as ``Двести восемьдесят тысяч рублей 00 копеек``.

    :raises ValueError: for negative sums and for a billion of thousands and more.
    """
    value = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole = int(value)
    if value < 0 or whole >= LIMIT:
        raise ValueError(amount)
    kopecks = int((value - whole) * 100)
    words = _whole(whole) or ["ноль", "рублей"]
    text = " ".join([*words, f"{kopecks:02d}", _form(kopecks, _KOPECKS)])
    return text[0].upper() + text[1:]


def _whole(number: int) -> list[str]:
    words: list[str] = []
    for index, (forms, feminine) in reversed(list(enumerate(_CLASSES))):
        triple = number // 1000**index % 1000
        if triple:
            words += [*_triple(triple, feminine), _form(triple, forms)]
        elif index == 0 and number:
            words.append(forms[2])
    return words


def _triple(number: int, feminine: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds]]
    if 10 <= rest < 20:
        words.append(_TEENS[rest - 10])
    else:
        tens, ones = divmod(rest, 10)
        words += [
            _TENS[tens],
            _FEMININE.get(ones, _ONES[ones]) if feminine else _ONES[ones],
        ]
    return [word for word in words if word]


def _form(number: int, forms: tuple[str, str, str]) -> str:
    rest = number % 100
    if 11 <= rest <= 14:
        return forms[2]
    rest %= 10
    if rest == 1:
        return forms[0]
    return forms[1] if 2 <= rest <= 4 else forms[2]
