# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Check digits of Russian company requisites.

INN comes from python-stdnum; the rest is written out here because the pinned
stdnum has no module for it.  Every checker answers ``True`` or ``False`` and
never raises: requisites typed by people and sent by 1C are hostile until read.
"""

import re

from stdnum.ru import inn as _inn

_DIGITS = re.compile(r"^\d+$")
# KPP: tax office (4 digits), reason of registration (2 digits or capital
# letters), serial number (3 digits).  Order of the tax service ММВ-7-6/435@.
_KPP = re.compile(r"^\d{4}[\dA-Z]{2}\d{3}$")
# Weights 7, 1, 3 repeated: instruction of the Bank of Russia on account keys.
_ACCOUNT_WEIGHTS = (7, 1, 3)


def clean(value: str | None) -> str:
    """Return *value* without blanks, dashes and invisible characters."""
    return re.sub(r"[\s\-\u00a0\u202f\u200b]", "", value or "")


def is_inn(value: str | None) -> bool:
    """Whether *value* is a valid INN (10 digits of a company, 12 of a person)."""
    value = clean(value)
    return bool(_DIGITS.match(value)) and value.isascii() and _inn.is_valid(value)


def is_kpp(value: str | None) -> bool:
    """Whether *value* has the form of a KPP (it carries no check digit)."""
    value = clean(value)
    return value.isascii() and bool(_KPP.match(value))


def is_ogrn(value: str | None) -> bool:
    """Whether *value* is a valid OGRN (13 digits) or OGRNIP (15 digits).

    The last digit is the rest of the number before it by 11 (OGRN) or by 13
    (OGRNIP), of which the last digit is taken.  Order of the Ministry of
    Finance 165n.
    """
    value = clean(value)
    if not (value.isascii() and _DIGITS.match(value)) or len(value) not in (13, 15):
        return False
    divisor = 11 if len(value) == 13 else 13
    return int(value[:-1]) % divisor % 10 == int(value[-1])


def is_bic(value: str | None) -> bool:
    """Whether *value* has the form of a Russian bank identification code."""
    value = clean(value)
    return value.isascii() and bool(_DIGITS.match(value)) and len(value) == 9


def is_account(account: str | None, bic: str | None) -> bool:
    """Whether the key of a 20-digit settlement *account* fits the bank's *bic*.

    The last three digits of the BIC stand before the account (for accounts at
    the Bank of Russia, BIC ending in 000 to 002: a zero and digits 5 and 6 of
    the BIC), each digit is weighed 7, 1, 3, and the sum must end in zero.
    """
    account, bic = clean(account), clean(bic)
    if not is_bic(bic) or not account.isascii():
        return False
    if not _DIGITS.match(account) or len(account) != 20:
        return False
    prefix = f"0{bic[4:6]}" if bic[6:] in ("000", "001", "002") else bic[6:]
    return (
        sum(
            int(digit) * _ACCOUNT_WEIGHTS[position % 3] % 10
            for position, digit in enumerate(prefix + account)
        )
        % 10
        == 0
    )


def is_company_inn(value: str | None) -> bool:
    """Whether *value* is the valid INN of a legal entity (10 digits)."""
    return len(clean(value)) == 10 and is_inn(value)
