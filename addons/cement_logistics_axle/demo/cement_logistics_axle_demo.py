# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Orders of the demo regions: one in force today, the spring of the next year, and a
site to which 25 t do not go in one vehicle now."""

from datetime import date, timedelta

from odoo import Command, api, fields, models

_HEAT = {"kind": "heat", "hour_from": 10.0, "hour_to": 22.0, "temperature": 32.0}
_SIX = {"limit_single": 6.0, "limit_double": 5.0, "limit_triple": 4.0}
# Region, number, day of issue, issuer, confirmed, rules (from, until: month and day).
_SPRING = (
    (
        "sve",
        "114-п",
        (2, 26),
        "Правительство Свердловской области",
        True,
        (
            ((4, 15), (5, 24), _SIX),
            ((5, 25), (8, 31), _HEAT),
        ),
    ),
    (
        "per",
        "СЭД-41-01-03-18",
        (2, 19),
        "Министерство транспорта Пермского края",
        True,
        (
            (
                (4, 2),
                (5, 1),
                {
                    "pavement": "gravel",
                    "limit_single": 5.0,
                    "limit_double": 4.0,
                    "limit_triple": 3.0,
                },
            ),
            ((4, 7), (5, 6), {"pavement": "asphalt", **_SIX}),
            ((6, 1), (8, 31), _HEAT),
        ),
    ),
    (
        "che",
        "по прошлому году",
        None,
        "Министерство дорожного хозяйства Челябинской области",
        False,
        (((4, 15), (5, 14), {"limit_single": 6.0}),),
    ),
    (
        "sam",
        "по прошлому году",
        None,
        "Министерство транспорта Самарской области",
        False,
        (((4, 1), (4, 30), _SIX),),
    ),
)
_REGIONS = ("sve", "per", "che", "sam")


class CementLogisticsAxleDemo(models.AbstractModel):
    """Makes the demo of axle loads; called by the demo data only."""

    _name = "cement.logistics.axle.demo"
    _description = "Demo of axle loads"

    @api.model
    def _load(self):
        """Make roads, orders, a site, a cart and checks of shipments."""
        today = fields.Date.context_today(self)
        self._make_roads()
        self._make_spring(today.year + 1)
        section = self._make_autumn(today)
        site = self._make_site(section)
        self._make_cart(site, today)
        self._check_shipments()

    @api.model
    def _state(self, code):
        return self.env.ref(f"base.state_ru_{code}")

    @api.model
    def _make_roads(self):
        self.env["cement.road.rating"].create(
            [
                {
                    "state_id": self._state(code).id,
                    "road_class": road_class,
                    "rating": "11.5" if road_class == "regional" else "10",
                    "note": "Демонстрация",
                }
                for code in _REGIONS
                for road_class in ("regional", "local")
            ]
        )

    @api.model
    def _make_spring(self, year):
        for code, name, issued, issuer, confirmed, rules in _SPRING:
            order = self.env["cement.season.order"].create(
                {
                    "name": name,
                    "date": date(year, *issued) if issued else False,
                    "issuer": issuer,
                    "state_id": self._state(code).id,
                    "year": year,
                    "source": "Выдуман для демонстрации.",
                    "rule_ids": [
                        Command.create(
                            {
                                "date_from": date(year, *start),
                                "date_to": date(year, *end),
                                **vals,
                            }
                        )
                        for start, end, vals in rules
                    ],
                }
            )
            if confirmed:
                order.action_confirm()

    @api.model
    def _make_autumn(self, today):
        """Make an order that holds today: late autumn on one local road."""
        start = max(today - timedelta(5), date(today.year, 1, 1))
        end = min(today + timedelta(25), date(today.year, 12, 31))
        section = self.env["cement.road.section"].create(
            {
                "name": "подъезд к пос. Камский",
                "state_id": self._state("per").id,
                "road_class": "local",
                "pavement": "asphalt",
            }
        )
        self.env["cement.season.order"].create(
            {
                "name": "87",
                "date": start - timedelta(12),
                "issuer": "Администрация Добрянского округа",
                "state_id": self._state("per").id,
                "year": today.year,
                "source": "Выдуман для демонстрации.",
                "rule_ids": [
                    Command.create(
                        {
                            "date_from": start,
                            "date_to": end,
                            "road_class": "local",
                            "section_id": section.id,
                            "note": "Осенняя распутица",
                            **_SIX,
                        }
                    )
                ],
            }
        ).action_confirm()
        return section

    @api.model
    def _make_site(self, section):
        """Make a site of the first demo client behind the closed road."""
        like = self.env.ref("cement_base.site_sb_rbu")
        perm = self._state("per").id
        return self.env["cement.site"].create(
            {
                "name": "Посёлок «Камский», вторая очередь",
                "partner_id": like.partner_id.id,
                "street": "ул. Набережная, уч. 14",
                "city": "пос. Камский",
                "zip": "618740",
                "state_id": perm,
                "contact_name": "Прораб Олег Седых",
                "contact_phone": "+7 900 000-00-14",
                "unloading_way_ids": [
                    Command.set(self.env.ref("cement_base.unloading_pneumatic").ids)
                ],
                "route_piece_ids": [
                    Command.create(
                        {"state_id": self._state("sve").id, "road_class": "regional"}
                    ),
                    Command.create({"state_id": perm, "road_class": "federal"}),
                    Command.create(
                        {
                            "state_id": perm,
                            "road_class": "local",
                            "section_id": section.id,
                            "rating": "11.5",
                        }
                    ),
                ],
            }
        )

    @api.model
    def _make_cart(self, site, today):
        """Make the draft that shows four vehicles instead of one."""
        user = self.env.ref("cement_base.user_partner")
        env = self.env(user=user, context={"lang": "ru_RU", "tz": "Europe/Moscow"})
        cart = env["cement.cart"]._create_draft(
            site.partner_id.with_env(env), "Камский: весовое ограничение"
        )
        report = cart._add_rows(
            [
                {
                    "specification_line_id": self.env.ref(
                        "cement_base.specification_sb_1_line_4"
                    ).id,
                    "quantity": 25.0,
                    "day": today + timedelta(7),
                    "site_id": site.id,
                    "unloading_way_id": self.env.ref(
                        "cement_base.unloading_pneumatic"
                    ).id,
                }
            ]
        )
        if report["errors"]:
            raise ValueError(report["errors"])

    @api.model
    def _check_shipments(self):
        """Keep the evidence of the latest shipments by road."""
        pickings = self.env["stock.picking"].search(
            [
                ("is_cement", "=", True),
                ("picking_type_code", "=", "outgoing"),
                ("transport", "=", "road"),
                ("state", "=", "done"),
            ],
            order="date_done desc",
            limit=8,
        )
        dispatcher = self.env.ref("cement_base.user_dispatcher")
        # in the name of the person who stands at the scales
        pickings.with_user(dispatcher)._record_axle_checks()
