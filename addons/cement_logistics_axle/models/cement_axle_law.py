# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date
from itertools import zip_longest

from odoo import api, fields, models, tools
from odoo.tools import get_lang

from ..tools import payload, regulation, season, statics
from ..tools.law import Law, Route
from ..tools.reasons import Change, LegalReason
from ..tools.sections import Fill
from .cement_axle_regulation import rating_key

# A change of the payload is told so many days before it comes.
NOTICE_DAYS = 60
# Answers remembered before the law is read anew: routes times days.
MAX_STATES = 50_000


class CementAxleLaw(models.AbstractModel):
    """The law of the road for the rest of the suite: acts, orders, vehicles and
    routes are gathered here and handed to the kernel."""

    _name = "cement.axle.law"
    _description = "Law of the road"

    # === What is remembered ===

    @api.model
    @tools.ormcache("with_expected")
    def _get_law(self, with_expected: bool = False) -> Law:
        """Return the law of all acts, orders and vehicles, kept until one changes.

        :param with_expected: take orders that nobody has confirmed for true.
        """
        # sudo: clients ask what may come to them; they see answers, not the records
        env = self.sudo().env
        acts = env["cement.axle.regulation"].search([("active", "=", True)])
        rules = env["cement.season.rule"].search(
            [
                ("order_id.active", "=", True),
                ("order_id.is_example", "=", False),
                *([] if with_expected else [("status", "=", "confirmed")]),
            ]
        )
        vehicles = {}
        for vehicle in env["cement.vehicle.type"].search([("is_law_known", "=", True)]):
            if not vehicle._get_geometry_problem():
                vehicles[vehicle.id] = vehicle
        return Law(
            [act._prepare_regulation() for act in acts],
            [rule._prepare_rule() for rule in rules],
            [vehicle._prepare_statics() for vehicle in vehicles.values()],
            {
                key: bounds
                for key, vehicle in vehicles.items()
                if (bounds := vehicle._get_place_bounds())
            },
        )

    @api.model
    def _read_law(self, with_expected: bool = False) -> Law:
        """Return the law; one that has answered too much is made anew."""
        law = self._get_law(with_expected)
        if law.remembered > MAX_STATES:
            law.forget()
        return law

    @api.model
    @tools.ormcache()
    def _get_ratings(self) -> dict[tuple[int, str], int]:
        # sudo: see _get_law
        return self.env["cement.road.rating"].sudo()._get_all()

    @api.model
    @tools.ormcache()
    def _get_thresholds(self) -> dict[int, tuple[float, float]]:
        """Return from which excess to warn and to block, by act."""
        # sudo: see _get_law
        acts = self.env["cement.axle.regulation"].sudo().search([("active", "=", True)])
        return {act.id: (act.warn_percent, act.block_percent) for act in acts}

    @api.model
    def _get_regulation_on(self, day: date) -> regulation.Regulation | None:
        return self._read_law().regulation(day)

    @api.model
    def _get_percents(self, day: date) -> tuple[float, float]:
        """Return from which excess to warn and to block on *day*."""
        act = self._get_regulation_on(day)
        return self._get_thresholds().get(act.key, (0.0, 10.0)) if act else (0.0, 10.0)

    @api.model
    def _get_vehicle(self, vehicle) -> statics.Vehicle | payload.Counted | None:
        """Return a vehicle type as the law judges it: with its axles, else by their
        number; ``None`` when neither is known."""
        described = self._read_law().vehicles.get(vehicle.id)
        if described is not None:
            return described
        # sudo: what vehicles there are is no secret
        vehicle_sudo = vehicle.sudo()
        if not vehicle_sudo.axle_count or vehicle_sudo.transport != "road":
            return None
        return payload.Counted(
            key=vehicle_sudo.id,
            count=vehicle_sudo.axle_count,
            tare_kg=round(vehicle_sudo.tare * 1000),
            payload_kg=round(vehicle_sudo.payload * 1000),
        )

    @api.model
    def _describe_missing(self, missing: str) -> str:
        """Return why the law has no answer."""
        if missing == payload.NO_ACT:
            return self.env._("no act on masses and axle loads is in force on this day")
        return self.env._(
            "the act in force on this day has no figures for this vehicle"
        )

    # === Routes ===

    @api.model
    def _make_piece(self, region, road_class="regional", rating=0, **where):
        """Return a piece of a route; an unknown rating is that of the region."""
        return season.Piece(
            region=region,
            road_class=road_class,
            rating=rating or self._get_rating(region, road_class),
            **where,
        )

    @api.model
    def _get_rating(self, region, road_class) -> int:
        ratings = self._get_ratings()
        return ratings.get((region or 0, road_class)) or ratings.get((0, road_class), 0)

    @api.model
    def _make_route(self, pieces) -> Route:
        """Return the records *pieces* as the kernel has them."""
        return tuple(
            self._make_piece(
                piece.state_id.id,
                piece.road_class,
                rating_key(piece.rating),
                zone=piece.zone_id.id or None,
                section=piece.section_id.id or None,
                pavement=piece.pavement or piece.section_id.pavement or None,
            )
            for piece in pieces
        )

    @api.model
    def _get_default_route(self, site, plant) -> Route:
        """Return the way from *plant* to *site*: as the dispatcher has set it at the
        site, else the regional roads of both regions.

        Where neither region is known there is no route, and only the act's limit
        of the gross mass holds.
        """
        # sudo: clients plan without seeing routes
        pieces = site.sudo().route_piece_ids
        if pieces:
            return self._make_route(pieces)
        regions = dict.fromkeys(
            region.id for region in (plant.sudo().state_id, site.sudo().state_id)
        )
        return tuple(self._make_piece(region) for region in regions if region)

    # === Answers ===

    @api.model
    def _get_reason(
        self, vehicle_id, route, day, exempt=None, notice=NOTICE_DAYS
    ) -> LegalReason | None:
        """Return the most that a vehicle may carry, and why; ``None`` when its axles
        are not described."""
        law = self._read_law()
        if vehicle_id not in law.vehicles:
            return None
        answer = law.answer(vehicle_id, route, day, exempt)
        change = law.next_change(vehicle_id, route, day, notice, exempt)
        return LegalReason(
            vehicle=vehicle_id,
            day=day,
            kg=answer.kg,
            normal_kg=law.normal(vehicle_id, route, day).kg,
            limit=answer.limit,
            change=(
                Change(change.date_from, change.answer.kg, change.answer.limit)
                if change
                else None
            ),
        )

    @api.model
    def _get_fill(self, vehicle_id, route, day, masses, exempt=None) -> Fill | None:
        """Return how to fill the sections of a vehicle, *masses* by product in kg.

        ``None`` when it has none, or when the products do not go into them, each in
        sections of its own.
        """
        law = self._read_law()
        if vehicle_id not in law.vehicles:
            return None
        return law.fill(vehicle_id, route, day, masses, exempt)

    @api.model
    def _get_gross_reason(
        self, vehicle, day, route=(), exempt=None
    ) -> LegalReason | None:
        """Return what the gross mass that act and orders allow leaves to a vehicle
        whose axles are only counted, or its sections hold; ``None`` when neither is
        known to bind."""
        found, normal_kg = [], None
        counted = self._get_vehicle(vehicle)
        if isinstance(counted, payload.Counted):
            law = self._read_law()
            answer = law.most(counted, route, day, exempt)
            normal_kg = law.most(counted, (), day).kg
            if answer.limit.what == payload.GROSS:
                found.append((answer.kg, answer.limit))
        room = sum(round(one.capacity * 1000) for one in vehicle.section_ids)
        if room:
            limit = payload.Limit(payload.SECTION, (), room, payload.BY_MAKER)
            found.append((room, limit))
        kg, limit = min(found, key=lambda pair: pair[0], default=(None, None))
        if kg is None or kg >= round(vehicle.payload * 1000):
            return None
        return LegalReason(
            vehicle=vehicle.id,
            day=day,
            kg=kg,
            normal_kg=kg if normal_kg is None else max(normal_kg, kg),
            limit=limit,
        )

    @api.model
    def _prepare_route_vals(self, site, plant) -> list[dict]:
        """Return the present route from *plant* to *site* as values of pieces."""
        if site.route_piece_ids:
            return [piece._prepare_copy_vals() for piece in site.route_piece_ids]
        regions = plant.state_id | site.state_id
        return [
            {"sequence": 10 * number, "state_id": region.id, "road_class": "regional"}
            for number, region in enumerate(regions, start=1)
        ]

    @api.model
    def _describe_route(self, route: Route) -> str:
        """Return the route in words, a line a piece."""
        classes = {
            season.FEDERAL: self.env._("federal roads"),
            season.REGIONAL: self.env._("regional roads"),
            season.LOCAL: self.env._("local roads"),
        }
        # sudo: names of regions and roads
        env = self.sudo().env
        lines = []
        for piece in route:
            section = env["cement.road.section"].browse(piece.section or [])
            zone = env["cement.road.zone"].browse(piece.zone or [])
            parts = [
                env["res.country.state"].browse(piece.region or []).name,
                zone.name,
                classes.get(piece.road_class),
                section.name,
                self.env._("for %(load)s", load=self._format_kg(piece.rating * 100))
                if piece.rating
                else self.env._("rating not known"),
            ]
            lines.append(", ".join(part for part in parts if part))
        return "\n".join(lines)

    # === Who is told ===

    @api.model
    def _get_person(self, group: str, companies=None):
        """Return who of *group* is to look at something: of those who are in it by
        name the first, else of those who are in it through another.

        :param companies: in one of which the person works; any when not said.
        """
        members = [("share", "=", False)]
        if companies:
            members.append(("company_ids", "in", companies.ids))
        # sudo: who works here is not for every job and guard to read
        users_sudo = self.env["res.users"].sudo()
        for name in ("group_ids", "all_group_ids"):
            user = users_sudo.search(
                [(name, "in", self.env.ref(group).ids), *members], order="id", limit=1
            )
            if user:
                return user
        return users_sudo.browse()

    # === Words ===

    @api.model
    def _format_tonnes(self, tonnes: float) -> str:
        """Return a mass as sentences have it: down to ten kilograms, never up."""
        cut = int(round(tonnes * 1000) // 10) / 100
        language = self.env["res.lang"]._lang_get(get_lang(self.env).code)
        text = language.format("%.2f", cut, grouping=True)
        point = language.decimal_point
        return self.env._("%(mass)s\u202ft", mass=text.rstrip("0").rstrip(point))

    @api.model
    def _format_kg(self, kg) -> str:
        return self._format_tonnes(int(kg) / 1000)

    @api.model
    def _describe_axles(self, vehicle: statics.Vehicle, numbers) -> str:
        """Return the axles in words: “axle 2 of the tractor”."""
        axles = [axle for axle in vehicle.axles if axle.number in numbers]
        first, last = axles[0], axles[-1]
        if first.support in ("bogie", "trailer_front", "trailer_rear"):
            if isinstance(vehicle.geometry, statics.Saddle):
                whose = self.env._("of the semitrailer")
            else:
                whose = self.env._("of the trailer")
        elif isinstance(vehicle.geometry, statics.Saddle):
            whose = self.env._("of the tractor")
        else:
            whose = self.env._("of the truck")
        if first is last:
            return self.env._(
                "axle %(number)s %(whose)s", number=first.number, whose=whose
            )
        return self.env._(
            "axles %(first)s–%(last)s %(whose)s",
            first=first.number,
            last=last.number,
            whose=whose,
        )

    @api.model
    def _describe_limit(
        self, vehicle: statics.Vehicle, limit: payload.Limit, with_act=False
    ) -> str:
        """Return what binds and by which rule, in a few words."""
        if limit.what == payload.PLATE:
            return self.env._("payload of the vehicle")
        if limit.what == payload.SECTION:
            if limit.axles:
                return self.env._(
                    "section %(number)s holds %(limit)s",
                    number=limit.axles[0],
                    limit=self._format_kg(limit.kg),
                )
            return self.env._(
                "the sections of the body hold %(limit)s",
                limit=self._format_kg(limit.kg),
            )
        if limit.what in (payload.KINGPIN, payload.BOGIE):
            return self.env._(
                "maker's limit of the semitrailer, %(limit)s",
                limit=self._format_kg(limit.kg),
            )
        what = (
            self.env._("gross mass with %(count)s axles", count=len(vehicle.axles))
            if limit.what == payload.GROSS
            else self._describe_axles(vehicle, limit.axles)
        )
        allowed = self._format_kg(limit.kg)
        if limit.source == payload.BY_ORDER:
            return self.env._(
                "%(rule)s: %(what)s, %(limit)s",
                rule=self._describe_rule(limit.rule),
                what=what,
                limit=allowed,
            )
        if limit.what != payload.GROSS and limit.piece:
            what = self.env._(
                "%(what)s, road for %(rating)s",
                what=what,
                rating=self._format_kg(limit.piece.rating * 100),
            )
        if with_act:
            act = self._get_regulation_on(fields.Date.context_today(self))
            return f"{what}: {allowed} ({act.name})" if act else f"{what}: {allowed}"
        return f"{what}: {allowed}"

    @api.model
    def _prefetch_rules(self, limits):
        """Read the orders behind *limits* in a query a table, before many of them
        are put into words."""
        # sudo: see _describe_rule
        rules = (
            self.env["cement.season.rule"]
            .sudo()
            .browse(
                {limit.rule for limit in limits if limit.source == payload.BY_ORDER}
            )
        )
        rules.fetch()
        for places in (
            rules.order_id,
            rules.state_id,
            rules.zone_id,
            rules.section_id,
        ):
            places.fetch()

    @api.model
    def _describe_rule(self, rule_id) -> str:
        """Return the order in words: region, kind, number and date."""
        # sudo: orders of the regions are public acts, their records are not
        rule = self.env["cement.season.rule"].sudo().browse(rule_id)
        parts = {
            "order": rule.order_id._get_label(),
            "region": (rule.zone_id or rule.section_id or rule.state_id).name,
        }
        if rule.date_from.month in (3, 4, 5, 6):
            return self.env._("spring limit, %(order)s, %(region)s", **parts)
        return self.env._("seasonal limit, %(order)s, %(region)s", **parts)

    @api.model
    def _describe_heat(self, rule_id) -> str:
        """Return when a heat rule keeps an overloaded vehicle off the road."""
        # sudo: see _describe_rule
        rule = self.env["cement.season.rule"].sudo().browse(rule_id)
        return self.env._(
            "Above %(temperature)s °C an overloaded vehicle may not go from "
            "%(start)s to %(end)s (%(order)s, %(region)s).",
            temperature=round(rule.temperature),
            start=f"{int(rule.hour_from)}:00",
            end=f"{int(rule.hour_to)}:00",
            order=rule.order_id._get_label(),
            region=rule.state_id.name,
        )

    @api.model
    def _describe_reason(self, reason: LegalReason) -> str:
        """Return what a load page says of its capacity."""
        vehicle = self._read_law().vehicles.get(reason.vehicle)
        if vehicle is None and reason.limit.what == payload.SECTION:
            return self._describe_limit(vehicle, reason.limit)
        if vehicle is None and reason.limit.source == payload.BY_ORDER:
            counted = self.env["cement.vehicle.type"].browse(reason.vehicle)
            return self._describe_limit(self._get_vehicle(counted), reason.limit)
        if vehicle is None:
            return self.env._(
                "gross mass allowed, %(limit)s", limit=self._format_kg(reason.limit.kg)
            )
        text = self._describe_limit(vehicle, reason.limit)
        if not reason.change:
            return text
        change = {
            "text": text,
            "mass": self._format_kg(reason.change.kg),
            "day": self._format_day(reason.change.day),
        }
        if reason.change.limit.source == payload.BY_ORDER:
            return self.env._(
                "%(text)s; %(mass)s from %(day)s: %(rule)s",
                rule=self._describe_rule(reason.change.limit.rule),
                **change,
            )
        return self.env._("%(text)s; %(mass)s from %(day)s", **change)

    @api.model
    def _describe_rows(self, vehicle: statics.Vehicle, rows) -> list[dict]:
        """Return limits against loads for tables, the worst first."""
        ordered = sorted(rows, key=lambda row: -row.excess_percent)
        return [
            {
                "what": self._describe_limit(vehicle, row.limit, with_act=True),
                "load": float(row.load) / 1000,
                "limit": row.limit.kg / 1000,
                "percent": payload.round_up_percent(row.excess_percent),
                "over": row.load > row.limit.kg,
            }
            for row in ordered
        ]

    @api.model
    def _describe_fill(self, masses, goods=()) -> list[dict]:
        """Return the sections from the front for tables: number, mass in tonnes and
        what lies there."""
        # sudo: names of the goods of the own order
        products = self.sudo().env["product.product"]
        return [
            {
                "section": number,
                "mass": mass / 1000,
                "goods": products.browse(key).name if isinstance(key, int) else "",
            }
            for number, (mass, key) in enumerate(
                zip_longest(masses, goods[: len(masses)]), start=1
            )
        ]

    @api.model
    def _format_fill(self, fill: Fill) -> str:
        """Return how the sections are filled as a sentence has it, from the front;
        with what, where there are several products."""
        several = len(set(fill.goods) - {None}) > 1
        parts = []
        for section in self._describe_fill(fill.masses, fill.goods):
            words = {
                "number": section["section"],
                "mass": self._format_tonnes(section["mass"]),
                "goods": section["goods"],
            }
            if not section["mass"]:
                parts.append(self.env._("section %(number)s – empty", **words))
            elif several and section["goods"]:
                parts.append(
                    self.env._("section %(number)s – %(mass)s (%(goods)s)", **words)
                )
            else:
                parts.append(self.env._("section %(number)s – %(mass)s", **words))
        return ", ".join(parts)

    @api.model
    def _format_day(self, day: date) -> str:
        language = self.env["res.lang"]._lang_get(get_lang(self.env).code)
        if day.year == fields.Date.context_today(self).year:
            return day.strftime("%d.%m")
        return day.strftime(language.date_format)

    @api.model
    def _get_advice_text(self, vehicle_id, route, day, exempt, others=()) -> str:
        """Return what would help to carry more: another vehicle, day or place."""
        law = self._read_law()
        if vehicle_id not in law.vehicles:
            return self.env._("Load less, or part the load.")
        advice = law.advice(vehicle_id, route, day, exempt, others)
        parts = []
        if advice.vehicle:
            key, most = advice.vehicle
            parts.append(
                self.env._(
                    "“%(vehicle)s” may carry %(mass)s",
                    # sudo: names of vehicle types are no secret
                    vehicle=self.env["cement.vehicle.type"].sudo().browse(key).name,
                    mass=self._format_kg(most),
                )
            )
        if advice.day:
            parts.append(
                self.env._(
                    "from %(day)s this vehicle may carry %(mass)s",
                    day=self._format_day(advice.day[0]),
                    mass=self._format_kg(advice.day[1]),
                )
            )
        if (
            advice.place
            and advice.place[1] > law.answer(vehicle_id, route, day, exempt).kg
        ):
            parts.append(
                self.env._(
                    "with the load's centre at %(place)s m it may carry %(mass)s",
                    place=self._format_number(advice.place[0] / 1000),
                    mass=self._format_kg(advice.place[1]),
                )
            )
        if not parts:
            return self.env._("Load less, or part the load.")
        text = "; ".join(parts)
        return self.env._("What would help: %(ways)s.", ways=text)

    @api.model
    def _format_number(self, value: float) -> str:
        language = self.env["res.lang"]._lang_get(get_lang(self.env).code)
        return language.format("%.2f", value, grouping=True)
