# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Whose clock hours are told by, and how that clock is called.

Moments are stored in UTC. A delivery is told by the clock of the site, a pick-up by
that of the plant, the railway by Moscow's: the same moment reads alike everywhere.
"""

from datetime import datetime
from typing import Final, NamedTuple

import pytz

MOSCOW: Final = "Europe/Moscow"

SITE: Final = "site"
PLANT: Final = "plant"
RAIL: Final = "rail"

# Regions of Russia (ISO 3166-2) whose clock is not Moscow's. Of those that lie in
# several zones the one in which most people live.
_REGIONS: Final = {
    region: zone
    for zone, regions in {
        "Europe/Kaliningrad": "KGD",
        "Europe/Samara": "SAM UD",
        "Europe/Astrakhan": "AST",
        "Europe/Saratov": "SAR",
        "Europe/Ulyanovsk": "ULY",
        "Asia/Yekaterinburg": "BA CHE KGN KHM ORE PER SVE TYU YAN",
        "Asia/Omsk": "OMS",
        "Asia/Barnaul": "AL ALT",
        "Asia/Novosibirsk": "NVS",
        "Asia/Tomsk": "TOM",
        "Asia/Novokuznetsk": "KEM",
        "Asia/Krasnoyarsk": "KK KYA TY",
        "Asia/Irkutsk": "BU IRK",
        "Asia/Chita": "ZAB",
        "Asia/Yakutsk": "AMU SA",
        "Asia/Vladivostok": "KHA PRI YEV",
        "Asia/Magadan": "MAG",
        "Asia/Sakhalin": "SAK",
        "Asia/Kamchatka": "KAM",
        "Asia/Anadyr": "CHU",
    }.items()
    for region in regions.split()
}
_COUNTRIES: Final = {
    "AM": "Asia/Yerevan",
    "AZ": "Asia/Baku",
    "BY": "Europe/Minsk",
    "GE": "Asia/Tbilisi",
    "KG": "Asia/Bishkek",
    "KZ": "Asia/Almaty",
    "TJ": "Asia/Dushanbe",
    "TM": "Asia/Ashgabat",
    "UZ": "Asia/Tashkent",
}


class Clock(NamedTuple):
    """Whose clock (``site``, ``plant``, ``rail``) and the zone that it shows."""

    kind: str
    zone: str


def of_region(country: str | None, region: str | None) -> str | None:
    """Return the zone of a region; ``None`` where that is not known.

    :param country: ISO code, ``RU``.
    :param region: ISO 3166-2 code without the country, ``SVE``.
    """
    if country == "RU" and region:
        return _REGIONS.get(region, MOSCOW)
    return _COUNTRIES.get(country or "")


def choose(*, is_rail: bool, is_pickup: bool, site: str | None, plant: str | None):
    """Return the :class:`Clock` by which the hours of a delivery are told.

    :param site: the zone of the site, where it is known.
    :param plant: the zone of the plant.
    """
    if is_rail:
        return Clock(RAIL, MOSCOW)
    if site and not is_pickup:
        return Clock(SITE, site)
    return Clock(PLANT, plant or MOSCOW)


def local(moment: datetime, zone: str) -> datetime:
    """Return naive UTC *moment* as the clock in *zone* shows it, naive too."""
    return (
        pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).replace(tzinfo=None)
    )


def offset(moment: datetime, zone: str) -> int:
    """Return by how many minutes the clock in *zone* is ahead of UTC then."""
    return round((local(moment, zone) - moment).total_seconds() / 60)


def sign(minutes: int, moscow: str) -> str:
    """Return how people call a clock *minutes* ahead of UTC: ``МСК+2``.

    Where the hours of Russia end, or between whole hours: ``UTC+5:30``.

    :param moscow: the name of Moscow's time, ``МСК``.
    """
    hours, rest = divmod(abs(minutes), 60)
    if not rest and 2 <= minutes // 60 <= 12:
        ahead = minutes // 60 - 3
        return f"{moscow}{_signed(ahead)}" if ahead else moscow
    before = "\N{MINUS SIGN}" if minutes < 0 else "+"
    return f"UTC{before}{hours}:{rest:02d}" if rest else f"UTC{before}{hours}"


def _signed(hours: int) -> str:
    return f"+{hours}" if hours > 0 else f"\N{MINUS SIGN}{-hours}"
