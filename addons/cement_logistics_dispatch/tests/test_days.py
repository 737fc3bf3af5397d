# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cement_sale.tools.findings import BLOCK, Finding

from .common import CementDispatchCommon


@tagged("post_install", "-at_install")
class TestDays(CementDispatchCommon):
    """Calendar, capacity, promised day, board."""

    def _close(self, day=None):
        self.env["cement.plant.day"].create(
            {"plant_id": self.plant.id, "date": day or self.day, "reason": "Repair"}
        )

    def _find(self, cart, code):
        return next((f for f in cart._get_findings() if f["code"] == code), None)

    # === Gate ===

    def test_no_data_no_limit(self):
        self.point.unlink()
        cart = self._create_cart([(self.line_bulk, 900.0)])
        codes = self.codes(cart._get_findings())
        self.assertNotIn("plant_full", codes)
        self.assertNotIn("plant_closed", codes)

    def test_closed_day_blocks_and_names_the_first_open_one(self):
        self._close()
        self._close(self.day + timedelta(days=1))
        cart = self._create_cart()
        finding = self._find(cart, "plant_closed")
        self.assertEqual(finding["severity"], "block")
        self.assertIn(
            (self.day + timedelta(days=2)).strftime("%m/%d/%Y"), finding["remedy"]
        )
        with self.assertRaisesRegex(UserError, "does not work"):
            cart._confirm("portal_desktop")

    def test_closed_day_by_setting(self):
        self._close()
        self.plant.calendar_check = "warn"
        cart = self._create_cart()
        self.assertEqual(self._find(cart, "plant_closed")["severity"], "warn")
        self.plant.calendar_check = "none"
        self.assertFalse(self._find(cart, "plant_closed"))

    def test_full_day_warns_and_names_the_first_day_with_room(self):
        # four vehicles fit the two hours of the point
        for _number in range(4):
            self._create_order(20.0)
        cart = self._create_cart()
        finding = self._find(cart, "plant_full")
        self.assertEqual(finding["severity"], "warn")
        self.assertIn(
            (self.day + timedelta(days=1)).strftime("%m/%d/%Y"), finding["remedy"]
        )
        self.plant.capacity_check = "block"
        with self.assertRaisesRegex(UserError, "is taken"):
            cart._confirm("portal_desktop")

    def test_more_than_any_day_takes(self):
        cart = self._create_cart([(self.line_bulk, 200.0)])
        finding = self._find(cart, "plant_full")
        self.assertIn("spread over several", finding["remedy"])

    def test_other_forms_are_not_counted(self):
        for _number in range(4):
            self._create_order(20.0)
        cart = self._create_cart([(self.line_pallet, 15.0)])
        self.assertFalse(self._find(cart, "plant_full"))

    def test_cancelled_and_held_orders_give_room(self):
        orders = [self._create_order(20.0) for _number in range(4)]
        orders[0]._cement_set_state("cancelled", "manager")
        self.assertFalse(self._find(self._create_cart(), "plant_full"))

    def test_lifted_block_stays_lifted_when_the_first_day_moves(self):
        self._close()
        cart = self._create_cart().sudo()
        self.env.user.group_ids += self.env.ref("cement_base.group_gate_override")
        finding = next(f for f in cart._plan().findings if f.code == "plant_closed")
        cart.with_env(self.env)._log_lifted([finding], "Agreed by phone")
        self._close(self.day + timedelta(days=1))
        self.assertNotIn("plant_closed", self.codes(cart._plan().findings))

    def test_backend_correction_of_an_order_on_a_closed_day(self):
        order = self._create_order(20.0)
        self._close()
        manager_order = order.with_user(self.manager)
        manager_order.order_line.product_uom_qty = 19.0
        self.assertEqual(order.load_mass, 19.0)

    def test_queries_do_not_grow_with_lines(self):
        small = self._create_cart([(self.line_bulk, 5.0)] * 3)
        large = self._create_cart([(self.line_bulk, 5.0)] * 60)
        for cart in (small, large):
            cart._get_findings()
        few = self.count_queries(small._get_findings)
        many = self.count_queries(large._get_findings)
        self.assertLessEqual(many, few + 2)

    # === Promise ===

    def test_propose_and_accept(self):
        orders = self.env["sale.order"]
        for _number in range(5):
            orders |= self._create_order(20.0)
        orders.with_user(self.dispatcher).action_propose_days()
        days = sorted(orders.mapped("proposed_date"))
        self.assertEqual(days, [self.day] * 4 + [self.day + timedelta(days=1)])
        self.assertFalse(any(orders.mapped("promised_date")))
        orders.with_user(self.dispatcher).action_accept_proposed()
        self.assertEqual(sorted(orders.mapped("promised_date")), days)
        self.assertFalse(any(orders.mapped("proposed_date")))

    def test_proposal_whose_day_is_taken_is_not_promised(self):
        asked = self._create_order(20.0)
        asked.with_user(self.dispatcher).action_propose_days()
        self.assertEqual(asked.proposed_date, self.day)
        for _number in range(4):
            self._create_order(20.0)._promise(self.day)
        answer = asked.with_user(self.dispatcher).action_accept_proposed()
        self.assertFalse(asked.promised_date)
        self.assertEqual(asked.proposed_date, self.day + timedelta(days=1))
        self.assertIn(asked.name, answer["params"]["message"])
        self.assertFalse(asked.with_user(self.dispatcher).action_accept_proposed())
        self.assertEqual(asked.promised_date, self.day + timedelta(days=1))

    def test_proposals_are_accepted_one_by_one(self):
        orders = self.env["sale.order"]
        for _number in range(5):
            orders |= self._create_order(20.0)
        orders.with_user(self.dispatcher).action_propose_days()
        first = orders.filtered(lambda order: order.proposed_date == self.day)
        # what others only wish for takes nothing from a proposal, nor from the board
        for order in first[:3]:
            self.assertFalse(order.with_user(self.dispatcher).action_accept_proposed())
        answer = self._board().move_order(first[3].id, self.day.isoformat())
        self.assertFalse(answer["ask"])
        self.assertEqual(first.mapped("promised_date"), [self.day] * 4)
        answer = self._board().move_order((orders - first).id, self.day.isoformat())
        self.assertIn("is taken", answer["ask"])

    def test_proposal_of_a_closed_or_past_day_is_not_promised(self):
        order = self._create_order(20.0)
        for day in (self.day, self.today - timedelta(days=1)):
            order.proposed_date = day
            self._close(day)
            order.with_user(self.dispatcher).action_accept_proposed()
            self.assertFalse(order.promised_date)
            self.assertGreater(order.proposed_date, self.day)

    def test_client_gets_window_with_the_promise(self):
        self.env["cement.plant.shift"].create(
            {
                "name": "Day",
                "plant_id": self.plant.id,
                "hour_from": 7,
                "hour_to": 19,
                "saturday": True,
                "sunday": True,
            }
        )
        order = self._create_order(20.0)
        order._promise(self.day)
        picking = order.picking_ids
        self.assertEqual(picking._get_promised_text(), "07:00–19:00")
        order.write({"desired_from": 9.0, "desired_to": 12.5})
        self.assertEqual(picking._get_promised_text(), "09:00–12:30")
        self.assertEqual(picking.promised_from.date(), self.day)
        page = (
            self.portal_env(self.owner)["sale.order"].browse(order.id)._portal_state()
        )
        self.assertEqual(page["promised_window"], "09:00–12:30")
        order.promised_date = False
        self.assertFalse(picking.promised_from)

    def test_wished_hours_are_those_of_the_site(self):
        self.plant.tz = "Europe/Moscow"
        order = self._create_order(20.0)
        order.site_id.tz = "Asia/Yekaterinburg"
        order.write({"desired_from": 9.0, "desired_to": 12.0})
        order._promise(self.day)
        picking = order.picking_ids
        # without any hours it is the day of the site, all of it
        order.write({"desired_from": 0.0, "desired_to": 0.0})
        self.assertEqual(picking._get_promised_text(), "")
        order.write({"desired_from": 9.0, "desired_to": 12.0})
        # nine o'clock there is seven in Moscow and four in UTC
        self.assertEqual((picking.promised_from.hour, picking.promised_to.hour), (4, 7))
        self.assertEqual(picking._get_promised_text(), "09:00–12:00")
        # hours that were moved to another day name it
        picking.promised_from += timedelta(days=1)
        picking.promised_to += timedelta(days=1)
        moved = self.day + timedelta(days=1)
        self.assertEqual(picking._get_promised_text(), f"{moved:%d.%m} 09:00–12:00")
        # the plant's last hour has gone by when the wished one comes
        self.env["cement.plant.shift"].create(
            {
                "name": "Day",
                "plant_id": self.plant.id,
                "hour_from": 7,
                "hour_to": 19,
                "saturday": True,
                "sunday": True,
            }
        )
        order.site_id.tz = "Europe/Kaliningrad"
        order.write({"desired_from": 18.5, "desired_to": 0.0})
        self.assertEqual(picking._get_promised_text(), "18:30–24:00")

    def test_plant_promises_at_once(self):
        self.plant.promise_mode = "auto"
        order = self._create_order(20.0)
        self.assertEqual(order.promised_date, self.day)

    def test_plant_proposes_at_once(self):
        self.plant.promise_mode = "propose"
        order = self._create_order(20.0)
        self.assertEqual(order.proposed_date, self.day)
        self.assertFalse(order.promised_date)

    def test_client_changes_the_day(self):
        self.plant.promise_mode = "auto"
        order = self._create_order(20.0)
        later = self.day + timedelta(days=3)
        member = self.portal_env(self.owner)["sale.order"].browse(order.id)
        member._cement_edit({"requested_date": later.isoformat()})
        self.assertEqual(order.promised_date, later)

    def test_members_do_not_promise(self):
        order = self._create_order(20.0)
        member = self.portal_env(self.owner)["sale.order"].browse(order.id)
        for action in ("action_propose_days", "action_accept_proposed"):
            with self.assertRaises(AccessError):
                getattr(member, action)()

    # === Board ===

    def _board(self):
        return self.env["cement.dispatch.board"].with_user(self.dispatcher)

    def _cell(self, day=None):
        board = self._board().get_board((day or self.day).isoformat(), 2, self.plant.id)
        return board["plants"][0]["cells"][0], board["plants"][0]

    def test_board_shows_load_and_marks_overload(self):
        orders = self.env["sale.order"]
        for _number in range(5):
            orders |= self._create_order(20.0)
        cell, plant = self._cell()
        self.assertEqual(len(plant["waiting"]), 5)
        orders._promise(self.day)
        cell, plant = self._cell()
        self.assertEqual(
            (cell["tonnes"], cell["vehicles"], cell["capacity_vehicles"]), (100.0, 5, 4)
        )
        self.assertEqual((cell["tone"], cell["word"]), ("over", "Over capacity"))
        self.assertEqual(len(cell["orders"]), 5)
        self._board().move_order(
            orders[0].id, (self.day + timedelta(days=1)).isoformat()
        )
        cell, plant = self._cell()
        self.assertEqual((cell["vehicles"], cell["tone"]), (4, "warn"))
        self.assertEqual(plant["cells"][1]["vehicles"], 1)
        self.assertIn("Promised day", orders[0].message_ids[0].body)

    def test_board_of_a_closed_day(self):
        self._close()
        self.assertEqual(self._cell()[0]["tone"], "closed")

    def test_board_refuses(self):
        order = self._create_order(20.0)
        board = self._board()
        with self.assertRaisesRegex(UserError, "past"):
            board.move_order(order.id, "2020-01-01")
        order.write({"is_on_hold": True})
        with self.assertRaisesRegex(UserError, "on hold"):
            board.move_order(order.id, self.day.isoformat())
        member = self.env["cement.dispatch.board"].with_user(self.owner)
        with self.assertRaises(AccessError):
            member.get_board()
        with self.assertRaises(AccessError):
            member.move_order(order.id, self.day.isoformat())

    def test_board_takes_no_nonsense(self):
        order = self._create_order(20.0)
        board = self._board()
        for day in ("x", 5, "2026-13-01", ["2026-11-30"], "9999-12-31", "٢٠٢٦-١١-٣٠"):
            with self.subTest(day), self.assertRaises(UserError):
                board.move_order(order.id, day)
        for order_id in (None, "x", [order.id], 2**40, -1):
            with self.subTest(order_id), self.assertRaises(UserError):
                board.move_order(order_id, self.day.isoformat())
        self.assertFalse(order.promised_date)
        self.assertFalse(board.get_board("0001-01-01", "x", "y")["plants"])
        board.propose(["x", order.id, None])
        self.assertTrue(order.proposed_date)
        board.accept("x")
        self.assertFalse(order.promised_date)

    def test_board_asks_before_a_doubtful_day(self):
        order = self._create_order(20.0)
        for _number in range(4):
            self._create_order(20.0)._promise(self.day)
        closed = self.day + timedelta(days=1)
        self._close(closed)
        far = self.today + timedelta(days=self.plant.promise_horizon + 1)
        board = self._board()
        for day, words in (
            (self.day, "is taken"),
            (closed, "does not work"),
            (far, "further ahead"),
        ):
            with self.subTest(words):
                answer = board.move_order(order.id, day.isoformat())
                self.assertIn(words, answer["ask"])
                self.assertFalse(order.promised_date)
                answer = board.move_order(order.id, day.isoformat(), True)
                self.assertFalse(answer["ask"])
                self.assertEqual(order.promised_date, day)
                self.assertIn(words, order.message_ids[0].body)
                board.move_order(order.id, False)
                self.assertFalse(order.promised_date)
        free = self.day + timedelta(days=2)
        self.assertFalse(board.move_order(order.id, free.isoformat())["ask"])
        self.assertEqual(order.promised_date, free)

    def _bar(self, *days):
        """Have the gate stop every order on *days*."""

        def get(_gate, order, day):
            params = {"label": order.name, "site": "Yard", "day": day}
            return [Finding("site_closed", BLOCK, params)] if day in days else []

        self.patch(self.registry["cement.order.gate"], "_get_day_findings", get)

    def test_board_asks_and_marks_what_the_gate_stops_that_day(self):
        order = self._create_order(20.0)
        self._bar(self.day)
        (card,) = self._cell()[1]["waiting"]
        self.assertIn("takes no deliveries", card["barred"])
        answer = self._board().move_order(order.id, self.day.isoformat())
        self.assertIn("takes no deliveries", answer["ask"])
        self.assertFalse(order.promised_date)
        self._board().move_order(order.id, self.day.isoformat(), True)
        self.assertEqual(order.promised_date, self.day)
        self.assertIn("takes no deliveries", order.message_ids[0].body)
        later = self.day + timedelta(days=1)
        self.assertFalse(self._board().move_order(order.id, later.isoformat())["ask"])
        (card,) = self._cell(later)[0]["orders"]
        self.assertFalse(card["barred"])

    def test_days_that_the_gate_bars_are_passed_over(self):
        self._bar(self.day, self.day + timedelta(days=1))
        free = self.day + timedelta(days=2)
        for mode, field in (("auto", "promised_date"), ("propose", "proposed_date")):
            with self.subTest(mode):
                self.plant.promise_mode = mode
                self.assertEqual(self._create_order(20.0)[field], free)

    def test_proposal_that_the_gate_bars_meanwhile_is_not_promised(self):
        order = self._create_order(20.0)
        order.proposed_date = self.day
        self._bar(self.day)
        answer = order.with_user(self.dispatcher).action_accept_proposed()
        self.assertIn(order.name, answer["params"]["message"])
        self.assertFalse(order.promised_date)
        self.assertEqual(order.proposed_date, self.day + timedelta(days=1))

    def test_day_promised_by_word_of_a_person(self):
        order = self._create_pickup()
        entry = self._book(order, self._create_slot())
        answering = self._inside(order)
        with self.assertRaises(AccessError):
            order.with_user(self.owner)._cement_promise_day(self.day)
        with self.assertRaisesRegex(UserError, "past"):
            answering._cement_promise_day(self.today - timedelta(days=1))
        later = self.day + timedelta(days=2)
        answering._cement_promise_day(later)
        self.assertEqual((order.promised_date, entry.state), (later, "cancelled"))
        self.assertIn("Promised day", order.message_ids[0].body)
        order.is_on_hold = True
        with self.assertRaisesRegex(UserError, "on hold"):
            answering._cement_promise_day(self.day)
        self.assertEqual(order.promised_date, later)

    def test_day_of_a_shipment_is_a_promise(self):
        order = self._create_pickup()
        entry = self._book(order, self._create_slot())
        picking, later = order.picking_ids, self.day + timedelta(days=2)
        clerk = self._create_internal_user("clerk", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            picking.with_user(clerk)._cement_promise_day(later)
        self.assertEqual((order.promised_date, entry.state), (self.day, "booked"))
        picking.with_user(self.dispatcher).shipment_day = later
        self.assertEqual((order.promised_date, entry.state), (later, "cancelled"))
        order.is_on_hold = True
        with self.assertRaisesRegex(UserError, "on hold"):
            picking.with_user(self.dispatcher)._cement_promise_day(self.day)

    def test_board_is_of_the_own_companies(self):
        order = self._create_order(20.0)
        stranger = self._create_internal_user(
            "disp2", "cement_base.group_dispatcher", companies=self.supplier2
        )
        board = self.env["cement.dispatch.board"].with_user(stranger)
        board = board.with_context(allowed_company_ids=self.supplier2.ids)
        self.assertNotIn(
            self.plant.id, [plant["id"] for plant in board.get_board()["plants"]]
        )
        with self.assertRaises(UserError):
            board.move_order(order.id, self.day.isoformat())

    # === Data ===

    def test_dispatcher_keeps_the_calendar_only(self):
        plant = self.plant.with_user(self.dispatcher)
        plant.write({"shift_ids": [Command.create({"name": "Night"})]})
        with self.assertRaises(AccessError):
            plant.cutoff_hour = 3
        with self.assertRaises(AccessError):
            plant.company_id = self.supplier2

    def test_senseless_hours(self):
        for vals in ({"hour_from": 20, "hour_to": 8}, {"hour_to": 25}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.env["cement.plant.shift"].create(
                    {"name": "x", "plant_id": self.plant.id, **vals}
                )
        with self.assertRaises(ValidationError):
            self._create_point(has_slots=True, vehicles_per_hour=0)
