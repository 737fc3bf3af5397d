# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CementDispatchCommon


@tagged("post_install", "-at_install")
class TestHours(CementDispatchCommon):
    """Spread over days (F39, F40), wished hours, unloading (F41)."""

    def _row(self, **vals):
        return {
            "specification_line_id": self.line_bulk.id,
            "quantity": 20.0,
            **vals,
        }

    def test_thirty_on_monday_forty_two_days_later(self):
        """The words of the issue, end to end: cart, orders, shipments."""
        cart = self._create_cart([(self.line_bulk, 70.0)])
        line = cart.line_ids
        later = self.day + timedelta(days=2)
        cart._spread_line(
            line.id,
            [
                {"day": self.day.isoformat(), "quantity": "30"},
                {"day": later.isoformat(), "quantity": "40"},
            ],
        )
        orders = cart._confirm("portal_desktop").sudo()
        masses = {
            day: round(sum(of_day.mapped("load_mass")), 3)
            for day, of_day in orders.grouped("requested_date").items()
        }
        self.assertEqual(masses, {self.day: 30.0, later: 40.0})
        self.assertEqual(len(orders.picking_ids), len(orders))
        self.assertEqual(
            round(sum(picking._get_mass() for picking in orders.picking_ids), 3), 70.0
        )

    def test_repeat_by_weeks(self):
        cart = self._create_cart([self._row(desired_from=9.0)])
        cart._add_rows(
            [{**self._prepare_row(self._row()), "day": self.day + timedelta(2)}]
        )
        report = cart._repeat_weeks(3)
        self.assertEqual(report["added"], 6)
        days = sorted(cart.line_ids.mapped("day"))
        self.assertEqual(days[-1], self.day + timedelta(days=23))
        self.assertEqual(
            len(cart.line_ids.filtered(lambda line: line.desired_from == 9)), 4
        )
        for weeks in (0, 13, "x", None):
            with self.assertRaises(UserError):
                cart._repeat_weeks(weeks)

    def test_hours_from_the_cart_to_the_shipment(self):
        cart = self._create_cart([self._row(desired_from="08:00", desired_to="12:30")])
        view = cart._get_plan_view()
        self.assertEqual(view["groups"][0]["window"], "08:00–12:30")
        order = cart._confirm("portal_desktop").sudo()
        self.assertEqual((order.desired_from, order.desired_to), (8.0, 12.5))
        self.assertEqual(order.picking_ids.desired_text, "08:00–12:30")
        card = self.env["cement.dispatch.board"]._prepare_card(order)
        self.assertEqual(card["hours"], "08:00–12:30")

    def test_hours_part_vehicles(self):
        cart = self._create_cart(
            [
                self._row(quantity=10.0, desired_from="08:00", desired_to="10:00"),
                self._row(quantity=10.0, desired_from="14:00", desired_to="16:00"),
                self._row(quantity=5.0, desired_from="14:00", desired_to="16:00"),
            ]
        )
        orders = cart._confirm("portal_desktop").sudo()
        self.assertEqual(
            sorted((order.desired_from, order.load_mass) for order in orders),
            [(8.0, 10.0), (14.0, 15.0)],
        )

    def test_senseless_hours(self):
        cart = self._create_cart()
        for hours in (("12:00", "8:00"), ("25:00", ""), ("утро", "")):
            with self.assertRaises(UserError):
                cart._update_line(
                    cart.line_ids.id, {"desired_from": hours[0], "desired_to": hours[1]}
                )
        order = self._create_order()
        with self.assertRaises(ValidationError):
            order.write({"desired_from": 30.0})

    def test_order_is_edited_with_hours(self):
        order = self._create_order()
        member = self.portal_env(self.owner)["sale.order"].browse(order.id)
        member._cement_edit({"desired_from": "9:00", "desired_to": "11:00"})
        self.assertEqual(order.desired_text, "09:00–11:00")

    def test_copies_wish_the_same(self):
        cart = self._create_cart([self._row(desired_from="08:00")])
        self.assertEqual(cart._duplicate().line_ids.desired_from, 8.0)

    def test_only_vehicles_that_unload_so(self):
        """Side or rear unloading reaches the order and the shipment, and only a
        vehicle that can do it is planned (F41)."""
        side = self.env.ref("cement_base.unloading_side")
        rear = self.env.ref("cement_base.unloading_rear")
        vehicles = self.env["cement.vehicle.type"].search([("transport", "=", "road")])
        for way in (side, rear):
            cart = self._create_cart(
                [
                    self._row(
                        specification_line_id=self.line_pallet.id,
                        quantity=15.0,
                        unloading_way_id=way.id,
                    )
                ]
            )
            fitting = vehicles.browse(
                vehicle.id
                for vehicle in vehicles
                if not vehicle.unloading_way_ids or way in vehicle.unloading_way_ids
            )
            findings = cart._get_findings()
            if "no_vehicle" in self.codes(findings):
                self.assertFalse(
                    fitting.filtered(
                        lambda vehicle: self.form_pallet in vehicle.cargo_form_ids
                    )
                )
                continue
            order = cart._confirm("portal_desktop").sudo()
            self.assertEqual(order.unloading_way_id, way)
            self.assertIn(order.vehicle_type_id, fitting)
            self.assertEqual(order.picking_ids.unloading_way_id, way)

    def test_pneumatic_needs_a_silo_truck(self):
        pneumatic = self.env.ref("cement_base.unloading_pneumatic")
        cart = self._create_cart([self._row(unloading_way_id=pneumatic.id)])
        order = cart._confirm("portal_desktop").sudo()
        ways = order.vehicle_type_id.unloading_way_ids
        self.assertTrue(not ways or pneumatic in ways)
        self.assertEqual(order.unloading_way_id, pneumatic)
