# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date, timedelta

from odoo import api, fields, models

MONTHS = 12
# Rows of the table: more vehicles than that are a list, not an answer.
MAX_VEHICLES = 4


class CementSite(models.Model):
    """What may come to a site in which month, for the client's page."""

    _inherit = "cement.site"

    def _portal_cards(self) -> list[dict]:
        """Override of `cement_portal`: with the table of the coming months."""
        cards = super()._portal_cards()
        # sudo: facts of sites found with the person's rights
        sites = {site.id: site for site in self.sudo()}
        plants = sites and next(iter(sites.values()))._get_plants_by_client(
            self.sudo().partner_id
        )
        return [
            {
                **card,
                "axle_months": sites[card["id"]]._get_axle_months(
                    plants.get(sites[card["id"]].partner_id.id)
                )
                if sites[card["id"]].kind == "address"
                else None,
            }
            for card in cards
        ]

    @api.model
    def _get_plants_by_client(self, partners) -> dict:
        """Return a plant that ships to each client by road, read in one query."""
        # sudo: the clients' own specifications
        groups = (
            self.env["cement.specification.line"]
            .sudo()
            ._read_group(
                [
                    ("commercial_partner_id", "in", partners.ids),
                    ("state", "=", "active"),
                    ("delivery_method_id.transport", "=", "road"),
                ],
                ["commercial_partner_id", "plant_id"],
            )
        )
        plants: dict = {}
        for partner, plant in groups:
            plants.setdefault(partner.id, plant)
        return plants

    def _get_axle_months(self, plant) -> dict | None:
        """Return vehicles by months with what each may carry at least; ``None`` when
        the region is not known or nothing changes through the year."""
        self.ensure_one()
        law_model = self.env["cement.axle.law"]
        route = law_model._get_default_route(self, plant or self.env["cement.plant"])
        law = law_model._read_law()
        vehicles = self.vehicle_type_ids or self.env["cement.vehicle.type"].search(
            [("is_law_known", "=", True)]
        )
        vehicles = vehicles.filtered(lambda row: row.id in law.vehicles)[:MAX_VEHICLES]
        if not route or not vehicles:
            return None
        start = fields.Date.context_today(self)
        months = [_month(start, number) for number in range(MONTHS)]
        months[0] = (start, months[0][1])
        rows, rules = [], {}
        for vehicle in vehicles:
            spans = list(law.spans(vehicle.id, route, start, months[-1][1]))
            cells = []
            for first, last in months:
                span = min(
                    (
                        span
                        for span in spans
                        if span.date_from <= last and first <= span.date_to
                    ),
                    key=lambda span: span.answer.kg,
                )
                limit = span.answer.limit
                if limit.source == "order":
                    rules[limit.rule] = law_model._describe_rule(limit.rule)
                cells.append(
                    {
                        "mass": law_model._format_kg(span.answer.kg),
                        "is_seasonal": limit.source == "order",
                    }
                )
            rows.append({"vehicle": vehicle.name, "cells": cells})
        # sudo: dates of public orders
        records = self.env["cement.season.rule"].sudo().browse(rules)
        return {
            "months": [first for first, _last in months],
            "rows": rows,
            "notes": [
                f"{record._get_dates_text()}: {rules[record.id]}" for record in records
            ],
        }


def _month(start: date, number: int) -> tuple[date, date]:
    """Return first and last day of the month *number* months after *start*'s."""
    months = start.year * 12 + start.month - 1 + number
    first = date(months // 12, months % 12 + 1, 1)
    months += 1
    return first, date(months // 12, months % 12 + 1, 1) - timedelta(1)
