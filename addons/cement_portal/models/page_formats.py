# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime, timedelta
from functools import cached_property

from odoo import fields

from odoo.addons.cement_base.tools import zones

from ..tools import formats


class PageFormats:
    """The pure formats of `tools/formats` in the words of the person, in its zone or
    in that of a delivery.

    Templates know it as ``fmt``.

    :param clock: whose clock the page goes by, see `cement_base.tools.zones`; the
        person's by default.
    """

    def __init__(self, env, clock=None):
        self._env = env
        self._clock = clock

    # once a page, when it is asked for the first time: every page has the formats,
    # not every page a figure; and translating costs more than the rest of a figure

    @cached_property
    def _lang(self):
        return self._env["res.lang"]._get_data(code=self._env.lang or "en_US")

    @cached_property
    def _point(self) -> str:
        return self._lang.decimal_point or "."

    @cached_property
    def _date(self) -> str:
        return self._lang.date_format or "%d.%m.%Y"

    @cached_property
    def _zone(self) -> str:
        if self._clock:
            return self._clock.zone
        return self._env.context.get("tz") or self._env.user.tz or zones.MOSCOW

    @cached_property
    def _tonnes(self) -> str:
        text = self._env._("%(number)s t", number="{}")
        return text.replace(" ", formats.THIN)

    # === Numbers ===

    def number(self, value, digits=2, *, trim=False) -> str:
        """``1 284,50``"""
        return formats.number(value, digits, point=self._point, trim=trim)

    def tonnes(self, value) -> str:
        """``1 284,50 т``: for columns, always with two decimals."""
        return self._with_unit(formats.tonnes(value, point=self._point))

    def mass(self, value) -> str:
        """``25,8 т``: for sentences, as short as it gets."""
        return self._with_unit(formats.number(value, 3, point=self._point, trim=True))

    def _with_unit(self, text: str) -> str:
        return self._tonnes.replace("{}", text)

    @property
    def unit(self) -> str:
        """The sign of the tonne: ``т``"""
        return self._with_unit("").strip(formats.THIN)

    def input(self, value) -> str:
        """The number as it stands in an input field: ``25,8``."""
        text = formats.number(value, 3, point=self._point, trim=True)
        return text.replace(formats.THIN, "").replace(formats.MINUS, "-")

    def money(self, value, currency=None) -> str:
        """``280 000,00 ₽``"""
        currency = currency or self._env.company.currency_id
        sign, before = currency._get_cement_sign()
        return formats.money(value, sign, point=self._point, before=before)

    # === Days ===

    def day(self, value) -> str:
        """``07.10.2020``; a dash when there is none. Of a moment: the day that it
        was in the zone of the person."""
        if isinstance(value, datetime):
            value = self._local(value)
        return value.strftime(self._date) if value else formats.NO_VALUE

    def short_day(self, value) -> str:
        """``07.10``"""
        return value.strftime("%d.%m") if value else formats.NO_VALUE

    def iso(self, value) -> str:
        """``2020-10-07``, as date fields of a form want it."""
        return fields.Date.to_string(value) if value else ""

    def weekday(self, value) -> str:
        """``Пн``"""
        return self.weekday_name(value.weekday()) if value else ""

    def weekday_name(self, index: int) -> str:
        """``Пн`` for 0."""
        return (
            self._env._("Mon"),
            self._env._("Tue"),
            self._env._("Wed"),
            self._env._("Thu"),
            self._env._("Fri"),
            self._env._("Sat"),
            self._env._("Sun"),
        )[index]

    def shift(self, value, days):
        """Return the day *days* later (earlier when below zero)."""
        return value + timedelta(days)

    def today(self):
        """Return the present day of the person."""
        return self._local(fields.Datetime.now()).date()

    def _local(self, moment):
        return zones.local(moment, self._zone)

    def moment(self, value, clock=None) -> str:
        """``07.10.2020 14:05`` by the clock of the page.

        :param clock: another one by which this moment is told; then it is named:
            ``07.10.2020 16:05 МСК+2``, unless the page goes by it all over.
        """
        if not value:
            return formats.NO_VALUE
        zone = clock.zone if clock else self._zone
        text = zones.local(value, zone).strftime(f"{self._date} %H:%M")
        if not clock or clock == self._clock:
            return text
        return f"{text}{formats.NBSP}{self.zone(value, zone)}"

    def window(self, start, stop) -> str:
        """``07.10.2020 14:00–17:00`` by the clock of the page."""
        return formats.window(
            self._local(start) if start else None,
            self._local(stop) if stop else None,
            self._date,
        )

    def zone(self, moment=None, zone=None) -> str:
        """``МСК+2``: how the clock of the page, or that in *zone*, is called."""
        moment = moment or fields.Datetime.now()
        minutes = zones.offset(moment, zone or self._zone)
        return zones.sign(minutes, self._env._("MSK"))

    @property
    def utc_offset(self) -> int:
        """By how many minutes the clock of the page is ahead of UTC."""
        return zones.offset(fields.Datetime.now(), self._zone)

    @property
    def clock_text(self) -> str:
        """``Время площадки: МСК+2``; empty when the page goes by the person's."""
        if not self._clock:
            return ""
        return {
            zones.RAIL: self._env._("Time of the railway: %(zone)s", zone=self.zone()),
            zones.SITE: self._env._("Time of the site: %(zone)s", zone=self.zone()),
            zones.PLANT: self._env._("Time of the plant: %(zone)s", zone=self.zone()),
        }[self._clock.kind]

    def ago(self, value) -> str:
        """``2 ч назад``; the date when it was more than a week ago."""
        if not value:
            return formats.NO_VALUE
        moment = self._local(value)
        kind, count = formats.since(moment, self._local(fields.Datetime.now()))
        return {
            "now": self._env._("just now"),
            "minutes": self._env._("%(count)s min ago", count=count),
            "hours": self._env._("%(count)s h ago", count=count),
            "yesterday": self._env._("yesterday"),
            "days": self._env._("%(count)s d ago", count=count),
            "date": moment.strftime(self._date),
        }[kind]

    # === Words ===

    def count(self, value, forms: str) -> str:
        """``3 машины``: *value* with the fitting one of the forms ``one|many``
        (two or, in a language that needs them, three)."""
        value = int(value or 0)
        word = formats.plural(value, forms.split("|"))
        return f"{formats.number(value, 0)}{formats.THIN}{word}"

    def vehicles(self, value) -> str:
        return self.count(value, self._env._("vehicle|vehicles"))

    def lines(self, value) -> str:
        return self.count(value, self._env._("line|lines"))

    def days(self, value) -> str:
        return self.count(value, self._env._("day|days"))

    def hint(self, load) -> str:
        """Return what would fill the vehicle of a cart's plan; empty when nothing
        would."""
        hint = load["hint"]
        if hint["mass"] <= 0:
            return ""
        mass = self.mass(hint["mass"])
        if hint["kind"] == "add_packages":
            mass = f"{self.packages(hint['packages'])} ({mass})"
        if load["transport"] == "rail":
            return self._env._("%(mass)s more to a full wagon", mass=mass)
        return self._env._("%(mass)s more to a full vehicle", mass=mass)

    def packages(self, value) -> str:
        return self.count(value, self._env._("package|packages"))

    def orders(self, value) -> str:
        return self.count(value, self._env._("order|orders"))

    @property
    def tonne(self) -> str:
        """``т``"""
        return self.unit

    def file_size(self, size) -> str:
        """``1,2 МБ``"""
        if (size or 0) < 1024 * 1024:
            kilobytes = max(1, round((size or 0) / 1024))
            unit = self._env._("KB")
            return f"{formats.number(kilobytes, 0)}{formats.THIN}{unit}"
        text = formats.number(size / 1024**2, 1, point=self._point, trim=True)
        unit = self._env._("MB")
        return f"{text}{formats.THIN}{unit}"
