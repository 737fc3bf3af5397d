# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from collections.abc import Iterable

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date, get_lang

from ..tools import findings as fnd
from ..tools import gate


class CementOrderGate(models.AbstractModel):
    """The one service that says what blocks an order or deserves a word.

    Portal, backend, repeat, file import, API and 1C all come here.  Checks are
    methods named by :meth:`_get_checks`; addons extend the list.
    """

    _name = "cement.order.gate"
    _description = "Order gate"

    @api.model
    def _get_checks(self) -> list[str]:
        """Return the names of the checks, each ``(context) -> findings``."""
        return [
            "_check_quantity",
            "_check_terms",
            "_check_days",
            "_check_sites",
            "_check_volume",
            "_check_loads",
            "_check_prices",
        ]

    @api.model
    def _run(self, context: gate.GateContext) -> list[fnd.Finding]:
        """Return the findings of every check, blocks first."""
        found: list[fnd.Finding] = []
        for name in self._get_checks():
            found.extend(getattr(self, name)(context))
        return fnd.by_severity(found)

    @api.model
    def _get_day_findings(self, order, day) -> list[fnd.Finding]:
        """Return what speaks against shipping *order*, as it stands, on *day*.

        For whoever promises or proposes a day that is not written yet.  Addons whose
        answer depends on the day extend it.
        """
        return []

    @api.model
    def _get_day_blocks(self, order, day) -> list[fnd.Finding]:
        """Return those that block the day, less what was lifted."""
        # sudo: the caller has checked who asks
        order_sudo = order.sudo()
        return [
            finding
            for finding in self._get_day_findings(order_sudo, day)
            if finding.severity == fnd.BLOCK
            and not order_sudo._get_overrides()._covers(finding)
        ]

    @api.model
    def _check_quantity(self, context):
        return gate.check_quantity(context.demands)

    @api.model
    def _check_terms(self, context):
        return gate.check_terms(context.demands)

    @api.model
    def _check_days(self, context):
        return gate.check_days(context.demands)

    @api.model
    def _check_sites(self, context):
        return gate.check_sites(context.demands)

    @api.model
    def _check_volume(self, context):
        return gate.check_volume(context.demands)

    @api.model
    def _check_loads(self, context):
        return [
            *gate.check_loads(context.loads),
            *gate.check_fill(context.loads, self._get_least_fill()),
        ]

    @api.model
    def _check_prices(self, context):
        return gate.check_prices(context.demands)

    @api.model
    def _get_least_fill(self) -> float:
        """Share of the capacity below which a vehicle deserves a word."""
        return 0.6

    # === Texts ===

    @api.model
    def _get_liftable_codes(self) -> set[str]:
        """Return the blocks that a person with the right may lift.

        The rest are contradictions that no right resolves.
        """
        return {
            "agreement_not_valid",
            "specification_not_valid",
            "volume_exceeded",
            "cutoff_passed",
            "site_closed",
            "site_unloading",
            "vehicle_site",
            "min_lot",
        }

    @api.model
    def _get_day_codes(self) -> set[str]:
        """Return the blocks that speak of the day of shipment only.

        They do not stand in the way of a correction to an order under way.
        """
        return {"day_missing", "day_past", "cutoff_passed"}

    @api.model
    def _describe(self, finding: fnd.Finding) -> dict:
        """Return *finding* in words: what is wrong and what would help."""
        params = {
            name: self._format_param(name, value)
            for name, value in finding.params.items()
        }
        message, remedy = self._get_texts(params)[finding.code]
        return {
            "code": finding.code,
            "severity": finding.severity,
            "message": message,
            "remedy": remedy,
            "keys": list(finding.keys),
            "liftable": finding.code in self._get_liftable_codes(),
        }

    @api.model
    def _describe_all(self, findings: Iterable[fnd.Finding]) -> list[dict]:
        return [self._describe(finding) for finding in findings]

    @api.model
    def _prepare_override_vals(self, finding: fnd.Finding, reason: str) -> dict:
        """Return the values of the log entry of a lifted block."""
        return {
            "code": finding.code,
            "message": self._describe(finding)["message"],
            "details": fnd.snapshot(finding),
            "reason": reason,
            "user_id": self.env.uid,
        }

    @api.model
    def _raise_blocked(self, findings: Iterable[fnd.Finding]):
        """Refuse with every block in words.

        :raises UserError: always, when there is a block among *findings*.
        """
        blocks = [
            self._describe(finding)
            for finding in findings
            if finding.severity == fnd.BLOCK
        ]
        if blocks:
            raise UserError(
                "\n".join(
                    f"{block['message']} {block['remedy']}".strip() for block in blocks
                )
            )

    @api.model
    def _format_param(self, name, value):
        if value is None or value is False:
            return "…"
        if hasattr(value, "year"):
            return format_date(self.env, value)
        if isinstance(value, float):
            return self._format_number(value, 2 if name in ("seen", "now") else 3)
        return value

    @api.model
    def _format_number(self, value: float, digits: int) -> str:
        language = self.env["res.lang"]._lang_get(get_lang(self.env).code)
        text = language.format(f"%.{digits}f", value, grouping=True)
        point = language.decimal_point
        if digits != 2 and point in text:
            text = text.rstrip("0").rstrip(point)
        return text

    @api.model
    def _format_tonnes(self, value: float, digits: int = 3) -> str:
        """Return *value* with its unit, as it stands on the screens."""
        return self.env._(
            "%(mass)s\u202ft", mass=self._format_number(value or 0.0, digits)
        )

    @api.model
    def _get_texts(self, p: dict) -> dict[str, tuple[str, str]]:
        """Return ``{code: (what is wrong, what to do)}`` for the values *p*.

        Missing values read as an empty text, so that each text can name what its
        own code carries.
        """
        p = _Blank(p)
        return {
            "quantity_not_positive": (
                self.env._(
                    "%(label)s: the quantity must be above zero.", label=p["label"]
                ),
                self.env._("Enter tonnes or remove the line."),
            ),
            "quantity_absurd": (
                self.env._(
                    "%(label)s: more than %(limit)s t in one line.",
                    label=p["label"],
                    limit=p["limit"],
                ),
                self.env._("Check the quantity: is it in tonnes?"),
            ),
            "line_not_allowed": (
                self.env._(
                    "%(label)s: you may not order by this contract.", label=p["label"]
                ),
                self.env._("Ask the owner of your company's account for access."),
            ),
            "agreement_not_valid": (
                self.env._(
                    "%(label)s: contract %(number)s is not in force on this day "
                    "(until %(until)s).",
                    label=p["label"],
                    number=p["number"],
                    until=p["until"],
                ),
                self.env._(
                    "Choose another day or ask your manager to prolong the contract."
                ),
            ),
            "specification_not_valid": (
                self.env._(
                    "%(label)s: specification %(number)s is in force from %(since)s "
                    "to %(until)s only.",
                    label=p["label"],
                    number=p["number"],
                    since=p["since"],
                    until=p["until"],
                ),
                self.env._(
                    "Choose another day or ask your manager for a new specification."
                ),
            ),
            "volume_exceeded": (
                self.env._(
                    "%(label)s: %(asked)s t asked for, %(left)s t left by "
                    "specification %(number)s.",
                    label=p["label"],
                    asked=p["asked"],
                    left=p["left"],
                    number=p["number"],
                ),
                self.env._(
                    "Order %(over)s t less or ask your manager to extend the volume.",
                    over=p["over"],
                ),
            ),
            "day_missing": (
                self.env._("%(label)s: no day is chosen.", label=p["label"]),
                self.env._("Choose the day of shipment."),
            ),
            "day_past": (
                self.env._(
                    "%(label)s: %(day)s is past.", label=p["label"], day=p["day"]
                ),
                self.env._("The first possible day is %(first)s.", first=p["first"]),
            ),
            "cutoff_passed": (
                self.env._(
                    "%(label)s: the plant takes no more orders for %(day)s (for the "
                    "next day it does until %(hour)s).",
                    label=p["label"],
                    day=p["day"],
                    hour=p["hour"],
                ),
                self.env._("The first possible day is %(first)s.", first=p["first"]),
            ),
            "lead_time": (
                self.env._(
                    "%(label)s is made to order and takes %(days)s days.",
                    label=p["label"],
                    days=p["days"],
                ),
                self.env._(
                    "The plant may promise a later day, from %(first)s.",
                    first=p["first"],
                ),
            ),
            "site_missing": (
                self.env._("%(label)s: no site is chosen.", label=p["label"]),
                self.env._("Choose the address or the station."),
            ),
            "site_not_allowed": (
                self.env._(
                    "%(label)s: the site “%(site)s” cannot be used.",
                    label=p["label"],
                    site=p["site"],
                ),
                self.env._("Choose one of your own sites."),
            ),
            "site_method": (
                self.env._(
                    "%(label)s: the site “%(site)s” cannot be reached by this delivery "
                    "method.",
                    label=p["label"],
                    site=p["site"],
                ),
                self.env._(
                    "Wagons go to stations, trucks to addresses: choose another site."
                ),
            ),
            "site_closed": (
                self.env._(
                    "%(label)s: the site “%(site)s” takes no deliveries on %(day)s.",
                    label=p["label"],
                    site=p["site"],
                    day=p["day"],
                ),
                self.env._("Choose another day or change the access days of the site."),
            ),
            "site_unloading": (
                self.env._(
                    "%(label)s: “%(unloading)s” is not possible at the site "
                    "“%(site)s”.",
                    label=p["label"],
                    unloading=p["unloading"],
                    site=p["site"],
                ),
                self.env._("Choose another way of unloading."),
            ),
            "price_changed": (
                self.env._(
                    "%(label)s: the price has changed from %(seen)s to %(now)s per "
                    "tonne since you added it.",
                    label=p["label"],
                    seen=p["seen"],
                    now=p["now"],
                ),
                self.env._("The new price holds when you confirm."),
            ),
            "order_price": (
                self.env._(
                    "%(label)s: the price is %(now)s per tonne now, the order has "
                    "%(seen)s.",
                    label=p["label"],
                    seen=p["seen"],
                    now=p["now"],
                ),
                self.env._(
                    "With more tonnes the whole order costs the new price. Agree with "
                    "it, or order the rest separately."
                ),
            ),
            "vehicle_site": (
                self.env._(
                    "%(vehicle)s (%(gross)s t gross) cannot enter the site “%(site)s”.",
                    vehicle=p["vehicle"],
                    gross=p["gross"],
                    site=p["site"],
                ),
                self.env._("Choose a smaller vehicle or another site."),
            ),
            "vehicle_overload": (
                self.env._(
                    "Vehicle %(index)s (%(vehicle)s): %(mass)s t, but it may carry "
                    "%(limit)s t only.",
                    index=p["index"],
                    vehicle=p["vehicle"],
                    mass=p["mass"],
                    limit=p["limit"],
                ),
                self.env._("Order less or add a vehicle."),
            ),
            "min_lot": (
                self.env._(
                    "Vehicle %(index)s (%(vehicle)s) carries %(mass)s t, the minimum "
                    "lot is %(least)s t.",
                    index=p["index"],
                    vehicle=p["vehicle"],
                    mass=p["mass"],
                    least=p["least"],
                ),
                self.env._(
                    "Order so much that every vehicle carries %(least)s t or more.",
                    least=p["least"],
                ),
            ),
            "poor_fill": (
                self.env._(
                    "Vehicle %(index)s (%(vehicle)s) goes with %(mass)s t only.",
                    index=p["index"],
                    vehicle=p["vehicle"],
                    mass=p["mass"],
                ),
                self.env._("%(free)s t more would fill it.", free=p["free"]),
            ),
            **self._get_planner_texts(p),
        }

    @api.model
    def _get_planner_texts(self, p: dict) -> dict[str, tuple[str, str]]:
        """Texts of what the load planner could not place."""
        return {
            "non_positive_mass": (
                self.env._(
                    "%(label)s: the quantity must be above zero.", label=p["label"]
                ),
                self.env._("Enter tonnes or remove the line."),
            ),
            "absurd_mass": (
                self.env._("%(label)s: the quantity is too large.", label=p["label"]),
                self.env._("Check the quantity: is it in tonnes?"),
            ),
            "unit_mass_missing": (
                self.env._(
                    "%(label)s: the mass of a package is not known.", label=p["label"]
                ),
                self.env._("Tell your manager: the product card is not complete."),
            ),
            "not_whole_packages": (
                self.env._(
                    "%(label)s travels in whole packages of %(unit)s t.",
                    label=p["label"],
                    unit=p["unit"],
                ),
                self.env._(
                    "Order %(lower)s t or %(upper)s t.",
                    lower=p["lower"],
                    upper=p["upper"],
                ),
            ),
            "no_vehicle": (
                self.env._("%(label)s: no vehicle fits.", label=p["label"]),
                self.env._(
                    "Choose another way of unloading, another vehicle or another site."
                ),
            ),
            "package_too_heavy": (
                self.env._(
                    "%(label)s: one package is too heavy for a vehicle.",
                    label=p["label"],
                ),
                self.env._("Tell your manager: the product card may be wrong."),
            ),
            "preferred_vehicle_unfit": (
                self.env._(
                    "%(label)s: the vehicle you wished does not fit, another one was "
                    "taken.",
                    label=p["label"],
                ),
                "",
            ),
        }


class _Blank(dict):
    """Values for texts, of which each names only some."""

    def __missing__(self, key):
        return ""
