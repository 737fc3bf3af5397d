# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Railway station codes (ESR, тарифное руководство № 4)."""

import re

_CODE = re.compile(r"^\d{6}$")


def esr_check_digit(code5: str) -> int:
    """Return the check digit of a five-digit ESR code.

    Each digit is weighed by its place 1 to 5; the rest of the sum by 11 is the
    digit.  A rest of 10 is weighed again from 3; a second 10 counts as 0.

    :raises ValueError: when *code5* is not five digits.
    """
    if not re.fullmatch(r"\d{5}", code5, flags=re.ASCII):
        raise ValueError(f"five digits expected, got {code5!r}")
    for first_weight in (1, 3):
        rest = (
            sum(
                int(digit) * weight
                for weight, digit in enumerate(code5, start=first_weight)
            )
            % 11
        )
        if rest < 10:
            return rest
    return 0


def is_esr(code: str | None) -> bool:
    """Whether *code* is six digits with the right last digit.

    Published lists carry a few stations whose digit does not fit, so callers
    warn and do not refuse.
    """
    code = (code or "").strip()
    return (
        code.isascii()
        and bool(_CODE.match(code))
        and esr_check_digit(code[:5]) == int(code[5])
    )
