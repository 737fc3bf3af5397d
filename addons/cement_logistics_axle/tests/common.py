# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A client in Perm, whose roads are built for 11.5 t, and makers of orders."""

from datetime import timedelta

from odoo import Command

from odoo.addons.cement_sale.tests.common import CementSaleCommon


class CementAxleCommon(CementSaleCommon):
    """On top of ``CementSaleCommon``: ``perm`` and ``sverdlovsk`` (regions),
    ``silo``, ``tipper``, ``curtain`` (vehicle types), ``dispatcher``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.perm = cls.env.ref("base.state_ru_per")
        cls.sverdlovsk = cls.env.ref("base.state_ru_sve")
        cls.silo = cls.env.ref("cement_base.vehicle_silo_5")
        cls.tipper = cls.env.ref("cement_base.vehicle_tipper_6")
        cls.curtain = cls.env.ref("cement_base.vehicle_curtain_5")
        # whatever demo data or a former run has said of these regions
        cls.env["cement.road.rating"].search([("state_id", "!=", False)]).unlink()
        cls.env["cement.season.order"].search([]).active = False
        cls.env["cement.road.rating"].create(
            [
                {"state_id": cls.perm.id, "road_class": road, "rating": "11.5"}
                for road in ("regional", "local")
            ]
        )
        cls.plant.state_id = cls.perm
        cls.site.state_id = cls.perm
        cls.law = cls.env["cement.axle.law"]
        cls.dispatcher = cls._create_internal_user(
            "axle-dispatcher", "cement_base.group_dispatcher"
        )

    @classmethod
    def _create_season(cls, confirm=True, days=10, start=None, state=None, **rule):
        """Create the order of a region around ``day``; 6/5/4 t unless told else."""
        start = start or cls.day - timedelta(2)
        end = start + timedelta(days)
        if end.year != start.year:
            end = start.replace(month=12, day=31)
        order = cls.env["cement.season.order"].create(
            {
                "name": "112-од",
                "date": start - timedelta(20),
                "state_id": (state or cls.perm).id,
                "year": start.year,
                "rule_ids": [
                    Command.create(
                        {
                            "date_from": start,
                            "date_to": end,
                            **(
                                {
                                    "limit_single": 6.0,
                                    "limit_double": 5.0,
                                    "limit_triple": 4.0,
                                }
                                if not {"limit_single", "limit_gross"} & rule.keys()
                                and rule.get("kind") != "heat"
                                else {}
                            ),
                            **rule,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _reason(self, vehicle=None, day=None, site=None, plant=None):
        return self.law._get_reason(
            (vehicle or self.silo).id,
            self.law._get_default_route(site or self.site, plant or self.plant),
            day or self.day,
        )
