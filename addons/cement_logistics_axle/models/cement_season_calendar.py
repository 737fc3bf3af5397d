# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, timedelta

from odoo import api, fields, models

from ..tools import payload


class CementSeasonCalendar(models.AbstractModel):
    """The year as the plant reads it: what may be loaded for which region when."""

    _name = "cement.season.calendar"
    _description = "Calendar of legal payloads"

    @api.model
    @api.readonly
    def get_options(self) -> dict:
        """Return what may be chosen on the page."""
        self.env["cement.season.order"].check_access("read")
        vehicles = self.env["cement.vehicle.type"].search([("is_law_known", "=", True)])
        years = self.env["cement.season.order"]._read_group([], ["year"])
        today = fields.Date.context_today(self)
        classes = self.env["cement.route.piece"]._fields["road_class"]
        return {
            "vehicles": [{"id": row.id, "name": row.name} for row in vehicles],
            "years": sorted(
                {today.year, today.year + 1} | {year for (year,) in years if year}
            ),
            "year": today.year + (today.month > 6),
            "classes": [
                {"id": key, "name": name}
                for key, name in classes._description_selection(self.env)
            ],
            "pavements": [
                {"id": key, "name": name}
                for key, name in self.env["cement.route.piece"]
                ._fields["pavement"]
                ._description_selection(self.env)
            ],
            "goods": [
                {"id": row.id, "name": row.name}
                for row in self.env["cement.season.exemption"].search([])
            ],
        }

    @api.model
    @api.readonly
    def get_year(
        self,
        vehicle_type_id: int,
        year: int,
        road_class: str,
        exemption_id=None,
        pavement=None,
    ) -> dict:
        """Return regions by weeks with the least payload of each week.

        :param exemption_id: the kind of goods, when they may be exempt.
        :param pavement: ``None`` when not known: then the strictest rule holds.
        :return: ``weeks`` and ``rows``: a region with its ``cells`` (kilograms, and
            which of the ``spans`` decides) and ``spans`` (days with equal payload,
            in words); ``is_strictest`` when some of them hold only because the
            pavement was not chosen.
        """
        self.env["cement.season.order"].check_access("read")
        law_model = self.env["cement.axle.law"]
        law = law_model._read_law()
        expected = law_model._read_law(True)
        start, end = date(int(year), 1, 1), date(int(year), 12, 31)
        weeks = self._get_weeks(start, end)
        found = []
        if vehicle_type_id in law.vehicles:
            for region in self._get_regions(start, end):
                asked = (
                    vehicle_type_id,
                    (
                        law_model._make_piece(
                            region.id, road_class, pavement=pavement or None
                        ),
                    ),
                    start,
                    end,
                    exemption_id or None,
                )
                found.append(
                    (region, list(law.spans(*asked)), list(expected.spans(*asked)))
                )
        law_model._prefetch_rules(
            [
                span.answer.limit
                for _region, spans, awaited in found
                for span in (*spans, *awaited)
            ]
        )
        rows = [
            self._prepare_row(
                region, weeks, spans, awaited, law.vehicles[vehicle_type_id]
            )
            for region, spans, awaited in found
        ]
        return {
            "weeks": [
                {
                    "number": first.isocalendar().week,
                    "month": first.month,
                    "label": f"{first:%d.%m} – {last:%d.%m}",
                    "start": first.isoformat(),
                    "end": last.isoformat(),
                }
                for first, last in weeks
            ],
            "rows": rows,
            "normal": max((row["normal"] for row in rows), default=0),
            "is_strictest": any(
                span["hint"] and not span["unknown"]
                for row in rows
                for span in row["spans"]
            ),
        }

    @api.model
    def _get_weeks(self, start, end) -> list[tuple[date, date]]:
        """Return the weeks of the year, cut at its ends."""
        weeks = []
        while start <= end:
            last = min(start + timedelta(6 - start.weekday()), end)
            weeks.append((start, last))
            start = last + timedelta(1)
        return weeks

    @api.model
    def _get_regions(self, start, end):
        """Return the regions of plants, sites and orders, by name."""
        rules = self.env["cement.season.rule"]._read_group(
            [
                ("date_from", "<=", end),
                ("date_to", ">=", start),
                ("order_id.active", "=", True),
                ("order_id.is_example", "=", False),
            ],
            [],
            ["state_id:recordset"],
        )
        # sudo: regions of sites tell nothing of the clients
        sites = (
            self.env["cement.site"].sudo()._read_group([], [], ["state_id:recordset"])
        )
        plants = (
            self.env["cement.plant"].sudo()._read_group([], [], ["state_id:recordset"])
        )
        return (rules[0][0] | sites[0][0] | plants[0][0]).sorted("name")

    @api.model
    def _prepare_row(self, region, weeks, spans, expected, vehicle) -> dict:
        told = [self._prepare_span(span, vehicle) for span in spans]
        awaited = [
            {**self._prepare_span(span, vehicle), "expected": True}
            for span in expected
            if any(
                span.answer.kg != other.answer.kg
                for other in spans
                if other.date_from <= span.date_to and span.date_from <= other.date_to
            )
        ]
        cells = []
        for first, last in weeks:
            place, span = min(
                (
                    (number, span)
                    for number, span in enumerate(spans)
                    if span.date_from <= last and first <= span.date_to
                ),
                key=lambda item: item[1].answer.kg,
            )
            least = min(
                other.answer.kg
                for other in expected
                if other.date_from <= last and first <= other.date_to
            )
            cells.append(
                {
                    "kg": span.answer.kg,
                    "span": place,
                    "expected": least if least < span.answer.kg else None,
                }
            )
        normal = max(span.answer.kg for span in spans)
        return {
            "id": region.id,
            "name": region.name,
            "cells": cells,
            "spans": [*told, *awaited],
            "normal": normal,
        }

    @api.model
    def _prepare_span(self, span, vehicle) -> dict:
        law = self.env["cement.axle.law"]
        return {
            "from": span.date_from.strftime("%d.%m.%Y"),
            "to": span.date_to.strftime("%d.%m.%Y"),
            "start": span.date_from.isoformat(),
            "end": span.date_to.isoformat(),
            "kg": span.answer.kg,
            "mass": law._format_kg(span.answer.kg),
            "why": law._describe_limit(vehicle, span.answer.limit, with_act=True),
            "hint": self._get_missing_hint(span.answer)
            or self._get_pavement_hint(span.answer.limit),
            "unknown": bool(span.answer.missing),
            "order_id": self._get_order_id(span.answer.limit),
            "expected": False,
        }

    @api.model
    def _get_missing_hint(self, answer) -> str:
        """Return that the number is not the law's, when it is not."""
        if not answer.missing:
            return ""
        return self.env._(
            "Not what the law allows: %(why)s.",
            why=self.env["cement.axle.law"]._describe_missing(answer.missing),
        )

    @api.model
    def _get_pavement_hint(self, limit) -> str:
        """Return why the strictest rule counts, when it does for want of a pavement."""
        if limit.source != payload.BY_ORDER or limit.piece.pavement:
            return ""
        rule = self.env["cement.season.rule"].browse(limit.rule)
        if not rule.pavement:
            return ""
        names = dict(rule._fields["pavement"]._description_selection(self.env))
        return self.env._(
            "The order says so of roads with “%(pavement)s” only. The pavement is not "
            "chosen, so the strictest rule counts: choose yours above.",
            pavement=names[rule.pavement],
        )

    @api.model
    def _get_order_id(self, limit) -> int | None:
        if limit.source != payload.BY_ORDER:
            return None
        return self.env["cement.season.rule"].browse(limit.rule).order_id.id
