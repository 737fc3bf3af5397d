# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import base64
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DESTINATION, MIDDLE, OTHER, RailCommon, make_csv, make_wagon
from .test_import import ARRIVED


@tagged("post_install", "-at_install")
class TestShipment(RailCommon):
    """Trips find their shipments, and the shipments know where they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls._create_shipments()

    def test_by_waybill(self):
        # Latin letters, as people type them
        self.picking.waybill_number = "ЭХ077532".replace("Х", "X")
        record = self._receive([self._row(1, waybill="ЭХ077532"), self._row(2)])
        self.assertEqual(record.matched_count, 1)
        trip = self._trip(1)
        self.assertEqual((trip.picking_id, trip.matched_by), (self.picking, "waybill"))
        self.assertEqual(trip.counterparty_id, self.client)
        self.assertEqual(trip.sale_id, self.picking.sale_id)
        self.assertEqual(trip.company_id, self.picking.company_id)
        self.assertEqual(self.picking.wagon_number, make_wagon(1))
        self.assertFalse(self._trip(2).picking_id)

    def test_by_wagon_and_days(self):
        self.picking.wagon_number = make_wagon(1)
        self._receive([self._row(1, waybill="ЭХ077532")])
        self.assertEqual(self._trip(1).matched_by, "wagon")
        self.assertEqual(self.picking.waybill_number, "ЭХ077532")

    def test_old_shipment_of_the_same_wagon_is_another(self):
        self.picking.write(
            {
                "wagon_number": make_wagon(1),
                "scheduled_date": fields.Datetime.now() - timedelta(days=30),
            }
        )
        self._receive([self._row(1)])
        self.assertFalse(self._trip(1).picking_id)

    def test_position_and_state(self):
        self.picking.wagon_number = make_wagon(1)
        middle = self._create_station("Middle", MIDDLE)
        middle.write({"latitude": 55.0, "longitude": 61.5})
        self._receive([self._row(1)])
        trip = self._trip(1)
        self.assertEqual((self.picking.latitude, self.picking.longitude), (55.0, 61.5))
        self.assertEqual(self.picking.position_text, "Middle")
        self.assertEqual(self.picking.position_date, trip.last_operation_at)
        self.assertEqual(self.picking.distance_left, 600)
        self.assertEqual(self.picking.eta_date, trip.eta_at)
        self.assertEqual(self.picking.due_date, trip.due_date)
        self.assertEqual(self.picking.shipment_state, "on_way")
        event = self.picking.shipment_event_ids
        self.assertEqual(event[-1].source, "rail")

    def test_arrival_and_unloading(self):
        self.picking.wagon_number = make_wagon(1)
        others = [self._row(serial) for serial in range(2, 12)]
        # within an hour, not on its edge: the clock of the test goes on
        arrived = self.now - timedelta(hours=29, minutes=20)
        self._receive(
            [self._row(1, hours_ago=29, arrived=arrived, **ARRIVED), *others],
            self.now - timedelta(hours=1),
        )
        self.assertEqual(self.picking.shipment_state, "arrived")
        trip = self._trip(1)
        self.assertEqual(trip.idle_days, 1.2)
        self.assertEqual(trip.demurrage_at, trip.arrived_at + timedelta(hours=24))
        # six paid hours at 50
        self.assertEqual(trip.idle_money, 300.0)
        self.assertTrue(trip.is_idle)
        row = self._row(1, arrived=arrived, loaded="Порожний", **ARRIVED)
        self._receive([row, *others])
        self.assertEqual(self.picking.shipment_state, "done")
        done = self.picking.shipment_event_ids.filtered(lambda e: e.state == "done")
        self.assertFalse(done.is_estimated)

    def test_written_in_one_go(self):
        pickings = self._create_shipments(3)
        for serial, picking in enumerate(pickings, start=1):
            picking.wagon_number = make_wagon(serial)
        model = type(pickings)
        method = model._cement_update_positions
        with (
            patch.object(
                model, "_cement_update_positions", autospec=True, side_effect=method
            ) as update,
            patch.object(model, "_cement_announce_shipments") as announce,
        ):
            self._receive([self._row(serial) for serial in range(1, 4)])
        self.assertEqual(update.call_count, 1)
        # open pages of the partner are told at once
        self.assertTrue(announce.called)

    def test_suggestions_and_assignment(self):
        self._receive([self._row(1, waybill="ЭЦ999999")])
        trip = self._trip(1)
        self.assertFalse(trip.picking_id)
        unmatched = self.trips.search([("picking_id", "=", False)])
        self.assertIn(trip, unmatched)
        wizard = (
            self.env["cement.wagon.trip.assign"]
            .with_user(self.dispatcher)
            .create({"trip_id": trip.id})
        )
        self.assertIn(self.picking, wizard.suggestion_ids)
        self.assertIn("same station", wizard.suggestion_text)
        wizard.picking_id = self.picking
        wizard.action_assign()
        self.assertEqual((trip.picking_id, trip.matched_by), (self.picking, "person"))
        self.assertEqual(self.picking.wagon_number, trip.wagon_number)
        self.assertEqual(self.picking.shipment_state, "on_way")
        # and a later report leaves the tie alone
        self._receive([self._row(1, hours_ago=1, waybill="ЭЦ999999")], self.now)
        self.assertEqual(trip.picking_id, self.picking)
        trip.with_user(self.dispatcher)._assign(self.env["stock.picking"])
        self.assertFalse(trip.picking_id)

    def test_untied_for_good(self):
        """A person's word holds, and nothing of the foreign wagon stays behind."""
        order = self.picking.sale_id
        before = (self.picking.shipment_state, order.cement_state)
        self.picking.waybill_number = "ЭЦ777777"
        self._create_station("Middle", MIDDLE).write(
            {"latitude": 55.0, "longitude": 61.5}
        )
        row = self._row(1, waybill="ЭЦ777777")
        self._receive([row], self.now - timedelta(hours=1))
        trip = self._trip(1)
        self.assertEqual(trip.picking_id, self.picking)
        self.assertEqual(self.picking.shipment_state, "on_way")
        self.assertNotEqual(order.cement_state, before[1])
        self.picking.waybill_date = "2026-01-05"  # a person knows better
        trip.with_user(self.dispatcher)._assign(self.env["stock.picking"])
        self.assertFalse(trip.picking_id or trip.matched_by)
        self.assertEqual(
            (self.picking.shipment_state or "planned", order.cement_state),
            (before[0] or "planned", before[1]),
        )
        self.assertFalse(
            self.picking.shipment_event_ids.filtered(lambda e: e.source == "rail")
        )
        for name in (
            "wagon_number",
            "latitude",
            "longitude",
            "position_date",
            "position_text",
            "distance_left",
            "eta_date",
            "eta_source",
            "due_date",
        ):
            with self.subTest(name):
                self.assertFalse(self.picking[name])
        # what was there before the tie, and what a person wrote, stays
        self.assertEqual(self.picking.waybill_number, "ЭЦ777777")
        self.assertEqual(str(self.picking.waybill_date), "2026-01-05")
        self._receive([{**row, "left": 500}], self.now)
        self.assertFalse(trip.picking_id, "reports do not tie them again")
        trip.with_user(self.dispatcher).action_match()
        self.assertFalse(trip.picking_id)
        # but the person may think better of it
        trip.with_user(self.dispatcher)._assign(self.picking)
        self.assertEqual(trip.picking_id, self.picking)
        self.assertFalse(trip.refused_picking_ids)
        self.assertEqual(self.picking.wagon_number, make_wagon(1))

    def test_untied_of_what_is_known_otherwise(self):
        """What others have told of the shipment is not taken back."""
        self.picking.wagon_number = make_wagon(1)
        self._receive([self._row(1)], self.now - timedelta(hours=1))
        self.picking._cement_set_shipment_state("arrived", "client")
        self._trip(1).with_user(self.dispatcher)._assign(self.env["stock.picking"])
        self.assertEqual(self.picking.shipment_state, "arrived")
        self.assertTrue(self.picking.arrived_date)
        self.assertEqual(self.picking.wagon_number, make_wagon(1))

    def test_tied_to_another_shipment(self):
        """From one shipment to the other: the first is free of it."""
        self.picking.waybill_number = "ЭЦ777777"
        other = self._create_shipments(2) - self.picking
        self._receive([self._row(1, waybill="ЭЦ777777")])
        trip = self._trip(1)
        trip.with_user(self.dispatcher)._assign(other[:1])
        self.assertEqual(trip.picking_id, other[:1])
        self.assertEqual(other[:1].position_text, trip.station_id.name)
        self.assertFalse(self.picking.position_text or self.picking.wagon_number)

    def test_not_a_rail_shipment(self):
        self._receive([self._row(1)])
        road = self._create_order().picking_ids
        with self.assertRaises(UserError):
            self._trip(1).with_user(self.dispatcher)._assign(road)

    def test_manager_does_not_assign(self):
        self._receive([self._row(1)])
        manager = self._create_manager()
        trip = self._trip(1).with_user(manager)
        for method in ("_assign", "_transfer_from"):
            with self.assertRaises(AccessError):
                getattr(trip, method)(self.picking if method == "_assign" else trip)
        with self.assertRaises(AccessError):
            trip.action_match()
        with self.assertRaises(AccessError):
            trip.action_ignore()

    def test_readdressed_to_somebody_else(self):
        """What arrives elsewhere has not come to the client."""
        self.picking.wagon_number = make_wagon(1)
        self._receive([self._row(1, hours_ago=9)], self.now - timedelta(hours=8))
        there = {
            **ARRIVED,
            "station": f"ДРУГАЯ ({OTHER})",
            "destination": f"ДРУГАЯ ({OTHER})",
            "waybill": "ЭЦ000088",
        }
        self._receive(
            [self._row(1, hours_ago=5, destination=there["destination"])],
            self.now - timedelta(hours=4),
        )
        trip = self._trip(1)
        self.assertEqual(trip.picking_id, self.picking)
        self.assertIn(self.picking.name, trip.activity_ids.note)
        self.assertFalse(self.picking.eta_date)
        arrived = self.now - timedelta(hours=3)
        self._receive(
            [self._row(1, hours_ago=3, arrived=arrived, **there)],
            self.now - timedelta(hours=2),
        )
        self.assertEqual(trip.state, "arrived")
        self._receive(
            [self._row(1, hours_ago=1, arrived=arrived, loaded="Порожний", **there)]
        )
        self.assertEqual(trip.state, "unloaded")
        self.assertEqual(self.picking.shipment_state, "on_way")
        self.assertNotEqual(self.picking.sale_id.cement_state, "delivered")

    def test_readdressed_within_the_place_of_the_client(self):
        """Another station of the same place is the client's as well."""
        group = self.env["cement.station.group"].create({"name": "Port"})
        other = self._create_station("Port station", OTHER)
        (other | self.station).group_id = group
        self.picking.wagon_number = make_wagon(1)
        self._receive([self._row(1, hours_ago=9)], self.now - timedelta(hours=8))
        arrived = self.now - timedelta(hours=3)
        there = {**ARRIVED, "station": f"ПОРТ ({OTHER})"}
        self._receive(
            [
                self._row(
                    1,
                    hours_ago=3,
                    arrived=arrived,
                    destination=there["station"],
                    **there,
                )
            ]
        )
        self.assertEqual(self.picking.shipment_state, "arrived")
        self.assertFalse(self._trip(1).activity_ids)

    def test_arrival_by_hand_is_possible(self):
        self._receive([self._row(1)])
        trip = self._trip(1).with_user(self.dispatcher)
        now = fields.Datetime.now()
        for moment in (
            fields.Datetime.to_datetime("2020-01-01"),
            trip.departed_at - timedelta(minutes=1),
            now + timedelta(hours=2),
        ):
            with self.subTest(moment), self.assertRaises(UserError):
                trip._set_arrival(moment)
        trip._set_arrival(now - timedelta(minutes=1))
        self.assertEqual(trip.state, "arrived")
        self.assertTrue(trip.arrival_locked)

    def test_cargo_moved_to_another_wagon(self):
        self.picking.wagon_number = make_wagon(1)
        due = (self.now + timedelta(days=4)).date()
        self._receive(
            [self._row(1, hours_ago=6, due=due)], self.now - timedelta(hours=5)
        )
        self._receive(
            [
                self._row(1, hours_ago=4, due=due, operation="Неисправные (53)"),
                self._row(
                    2,
                    hours_ago=1,
                    due=due,
                    started=self.now - timedelta(hours=2),
                    departed=self.now - timedelta(hours=2),
                    origin=f"СРЕДНЯЯ ({MIDDLE})",
                    waybill="ЭЦ000077",
                ),
            ]
        )
        donor, trip = self._trip(1), self._trip(2)
        wizard = (
            self.env["cement.wagon.trip.assign"]
            .with_user(self.dispatcher)
            .create({"trip_id": trip.id})
        )
        self.assertEqual(wizard.donor_id, donor)
        wizard.action_transfer()
        self.assertEqual(trip.picking_id, self.picking)
        self.assertFalse(donor.picking_id)
        self.assertEqual(trip.transfer_trip_id, donor)
        self.assertEqual(self.picking.wagon_number, make_wagon(2))

    def test_demurrage_warning(self):
        self.picking.wagon_number = make_wagon(1)
        arrived = self.now - timedelta(hours=15)
        self._receive([self._row(1, hours_ago=15, arrived=arrived, **ARRIVED)])
        self.env["cement.rail.settings"]._get().dispatcher_id = self.dispatcher
        self.trips._cron_refresh()
        trip = self._trip(1)
        self.assertEqual(len(trip.activity_ids), 1)
        self.assertEqual(trip.activity_ids.user_id, self.dispatcher)
        self.assertIn(make_wagon(1), trip.activity_ids.note)
        self.trips._cron_refresh()
        self.assertEqual(len(trip.activity_ids), 1)

    def test_stale_warning(self):
        record = self._receive(
            [self._row(1, hours_ago=20)], self.now - timedelta(hours=19)
        )
        self.env["cement.rail.settings"]._get().dispatcher_id = self.dispatcher
        self.trips._cron_refresh()
        self.trips._cron_refresh()
        self.assertEqual(len(record.activity_ids), 1)
        self.assertTrue(self.trips.get_slice()["stale"])

    def test_idle_grows_with_the_clock(self):
        self._receive(
            [self._row(1, hours_ago=29, operation="Бросание поезда (92)")],
            self.now - timedelta(minutes=5),
        )
        trip = self._trip(1)
        self.assertEqual(trip.idle_days, 1.2)
        trip.idle_since -= timedelta(days=1)
        trip.last_operation_at -= timedelta(days=1)
        self.trips._cron_refresh()
        self.assertEqual(trip.idle_days, 2.2)
        self.assertFalse(trip.idle_money, "on the way the carrier waits")

    def test_late(self):
        due = (self.now - timedelta(days=3)).date()
        self._receive([self._row(1, due=due), self._row(2)])
        trip = self._trip(1)
        self.assertEqual((trip.is_late, trip.late_days), (True, 3))
        self.assertEqual(self.trips.search([], limit=1), trip, "troubles come first")

    def test_learn(self):
        start = self.now - timedelta(hours=50)
        for step, left in enumerate((1200, 800, 400)):
            moment = start + timedelta(hours=12 * step)
            self._receive(
                [
                    self._row(serial, operation_at=moment, left=left)
                    for serial in range(1, 4)
                ],
                moment + timedelta(minutes=30),
            )
        arrived = self.now - timedelta(hours=5)
        self._receive(
            [
                self._row(serial, operation_at=arrived, arrived=arrived, **ARRIVED)
                for serial in range(1, 4)
            ]
        )
        self.trips._cron_learn()
        settings = self.env["cement.rail.settings"]._get()
        self.assertTrue(settings.eta_profile["speeds"])
        self.assertEqual(settings.eta_trip_count, 3)
        self.assertTrue(settings.eta_error_hours)

    def test_map(self):
        middle = self._create_station("Middle", MIDDLE)
        middle.write({"latitude": 55.0, "longitude": 61.5})
        self._receive([self._row(1), self._row(2, station=f"ДРУГАЯ ({OTHER})")])
        data = self.trips.with_user(self.dispatcher).get_map_points()
        self.assertEqual([point["number"] for point in data["points"]], [make_wagon(1)])
        self.assertEqual(data["without_place"], 1)
        self.assertFalse(data["settings"]["tile_url"])
        self.assertIn("MSK", data["slice"]["text"])

    def test_stations_of_one_place_match(self):
        group = self.env["cement.station.group"].create({"name": "Port"})
        other = self._create_station("Port station", OTHER)
        (other | self.station).group_id = group
        self.picking.wagon_number = make_wagon(1)
        self._receive([self._row(1, destination=f"ПОРТ ({OTHER})")])
        self.assertEqual(self._trip(1).picking_id, self.picking)
        self.assertEqual(self.station.esr_code, DESTINATION)


@tagged("post_install", "-at_install")
class TestPortal(RailCommon):
    """A partner sees the wagons of the own shipments, on their pages only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls._create_shipments()
        cls.picking.wagon_number = make_wagon(1)
        arrived = cls.now - timedelta(hours=29)
        cls._receive(
            [
                cls._row(1, hours_ago=29, arrived=arrived, **ARRIVED),
                cls._row(2, hours_ago=2),
            ]
        )
        cls.trip = cls._trip(1)

    def test_page(self):
        way = self.picking._portal_way()
        self.assertIn(make_wagon(1), way["label"])
        rows = dict(way["rows"])
        self.assertIn("MSK", rows["Time of the operation"])
        self.assertIn("1.2", rows["Idle"])
        self.assertIn("300", rows["Idle"])
        self.assertIn("Due by the carrier's rules", rows)
        self.assertIn("Data of", rows)
        self.assertEqual(len(way["events"]), 1)
        self.assertIn("MSK", way["events"][0]["when_text"])

    def test_page_on_the_way(self):
        self.picking.trip_ids.picking_id = False
        other = self._trip(2)
        other._assign(self.picking)
        rows = dict(self.picking._portal_way()["rows"])
        self.assertIn("±", rows["Our estimate"])
        self.assertIn("600", rows["Way"])

    def test_row(self):
        values = self.picking._portal_row_values()[self.picking.id]
        self.assertEqual(values["idle_days"], 1.2)
        self.assertEqual(values["extra"][0][0], "Idle")
        self.assertEqual(values["extra"][0][2], "block")

    def test_money_for_those_who_may_see_it(self):
        fmt = self.env["cement.portal.shell"]._get_formats()
        logist = self._create_member(self.client, "viewer", login="l@x.com").user_id
        for user, is_shown in (
            (self.owner, True),
            (logist, False),
            (self.env.ref("base.public_user"), False),
        ):
            with self.subTest(user.login):
                idle = self.trip.with_user(user).sudo()._portal_idle(fmt)
                self.assertIn("1.2", idle)
                self.assertEqual("300" in idle, is_shown)

    def test_money_by_confirmed_tariffs_only(self):
        """Nobody is told money by an example or by another currency."""
        self.tariff.is_confirmed = False
        self.trips._cron_refresh()
        self.assertEqual((self.trip.idle_money, self.trip.demurrage_at), (0, False))
        self.assertEqual(self.trip.idle_days, 1.2)
        euro = self.env.ref("base.EUR")
        self.tariff.currency_id = euro
        with self.assertRaises(ValidationError):
            self.tariff.is_confirmed = True
        self.env.cr.execute(
            "UPDATE cement_demurrage_tariff SET is_confirmed = TRUE, currency_id = %s",
            [euro.id],
        )
        self.env.invalidate_all()
        self.trips._cron_refresh()
        self.assertEqual(self.trip.idle_money, 0)

    def test_rows_cost_one_query_each_table(self):
        pickings = self._create_shipments(4)

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            records.mapped("transport")
            before = self.env.cr.sql_log_count
            records._portal_row_values()
            return self.env.cr.sql_log_count - before

        rows = []
        for serial, picking in enumerate(pickings, start=10):
            picking.wagon_number = make_wagon(serial)
            rows.append(self._row(serial))
        self._receive([self._row(2, hours_ago=2), *rows], self.now)
        count(pickings)
        self.assertEqual(count(pickings[:1]), count(pickings))

    def test_outsiders_have_no_right(self):
        foreign = self._create_counterparty("Foreign", inn="7707083893")
        stranger = self._create_member(foreign, "owner", login="s@x.com").user_id
        nobody = self._create_portal_user(
            "n@x.com", self.env["res.partner"].create({"name": "Nobody"})
        )
        models = (
            "cement.wagon",
            "cement.wagon.trip",
            "cement.wagon.operation",
            "cement.wagon.idle",
            "cement.dislocation.import",
            "cement.dislocation.row",
            "cement.dislocation.source",
            "cement.rail.settings",
            "cement.demurrage.tariff",
        )
        for user in (
            self.owner,
            stranger,
            nobody,
            self.env.ref("base.public_user"),
            self._create_internal_user("plain@x.com"),
        ):
            for model in models:
                records = self.env[model].with_user(user)
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(AccessError):
                        records.search([])
                    with self.assertRaises(AccessError):
                        records._read_group([], [], ["__count"])
                    with self.assertRaises(AccessError):
                        records.create({})

    def test_doors_of_methods(self):
        trips = self.trips.with_user(self.owner)
        for method in ("get_map_points", "get_slice", "action_match"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(trips, method)()
        trip = self.trip.with_user(self.owner)
        for method in ("action_ignore", "action_unignore"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(trip, method)()
        for model in (
            "cement.dislocation.upload",
            "cement.dislocation.accept",
            "cement.wagon.trip.assign",
            "cement.wagon.trip.arrival",
            "cement.station.import",
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.owner).create({})

    def test_files_of_reports(self):
        attachment = self.trip.import_id.attachment_id
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            attachment.with_user(self.owner).read(["raw"])
        with self.assertRaises(AccessError):
            attachment.with_user(self._create_manager()).read(["raw"])
        self.assertTrue(attachment.with_user(self.dispatcher).raw)

    def test_shipment_does_not_open_the_trip(self):
        picking = self.picking.with_user(self.owner)
        with self.assertRaises(AccessError):
            picking.read(["trip_ids"])
        self.assertFalse(
            self.portal_env(self.owner)["mail.message"].search(
                [("model", "=", "cement.wagon.trip")]
            )
        )

    def test_reports_are_written_by_the_program_only(self):
        record = self.trip.import_id.with_user(self.dispatcher)
        with self.assertRaises(AccessError):
            record.write({"state": "refused"})
        with self.assertRaises(AccessError):
            record.unlink()
        with self.assertRaises(AccessError):
            self.trip.operation_ids.with_user(self.dispatcher).write({"row_number": 1})
        trip = self.trip.with_user(self.dispatcher)
        for vals in ({"state": "lost"}, {"picking_id": False}, {"idle_money": 0}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                trip.write(vals)
        trip.action_ignore()
        self.assertTrue(trip.is_ignored)
        trip.message_post(body="Seen")

    def test_dispatcher_of_another_company(self):
        elsewhere = self._create_internal_user(
            "d2@rail",
            "cement_base.group_dispatcher",
            company_id=self.supplier2.id,
            company_ids=[fields.Command.set(self.supplier2.ids)],
        )
        trip = self.trip.with_user(elsewhere).with_context(
            allowed_company_ids=self.supplier2.ids
        )
        with self.assertRaises(AccessError):
            trip.action_match()
        with self.assertRaises(AccessError):
            trip.action_ignore()
        with self.assertRaises(AccessError):
            trip._set_arrival(fields.Datetime.now())
        wizard = trip.env["cement.wagon.trip.assign"].create({"trip_id": trip.id})
        with self.assertRaises(AccessError):
            wizard.read(["waybill"])

    def test_manager_reads_wagons_of_the_own_companies(self):
        manager = self._create_manager()
        self.assertTrue(self.trip.with_user(manager).read(["state"]))
        elsewhere = self._create_manager(
            "manager2",
            company_id=self.supplier2.id,
            company_ids=[fields.Command.set(self.supplier2.ids)],
        )
        trips = self.trips.with_user(elsewhere).with_context(
            allowed_company_ids=self.supplier2.ids
        )
        self.assertFalse(trips.search([("id", "=", self.trip.id)]))
        operations = trips.env["cement.wagon.operation"]
        self.assertFalse(operations.search([("trip_id", "=", self.trip.id)]))
        self.assertTrue(
            self.trip.operation_ids.with_user(manager).search(
                [("trip_id", "=", self.trip.id)]
            )
        )


@tagged("post_install", "-at_install")
class TestUpload(RailCommon):
    """Reports come in by hand, several at once."""

    def _upload(self, *files):
        attachments = (
            self.env["ir.attachment"]
            .with_user(self.dispatcher)
            .create(
                [
                    {
                        "name": name,
                        "raw": data,
                        "res_model": "cement.dislocation.upload",
                        "res_id": 0,
                    }
                    for name, data in files
                ]
            )
        )
        wizard = (
            self.env["cement.dislocation.upload"]
            .with_user(self.dispatcher)
            .create({"attachment_ids": [fields.Command.set(attachments.ids)]})
        )
        return wizard.action_upload()

    def test_one_file(self):
        action = self._upload(("a.csv", make_csv([self._row(1)], self.now)))
        record = self.imports.browse(action["res_id"])
        self.assertEqual(record.state, "accepted")
        self.assertEqual(record.user_id, self.dispatcher)

    def test_good_and_bad_together(self):
        action = self._upload(
            ("a.csv", make_csv([self._row(1)], self.now)), ("b.csv", b"nonsense")
        )
        records = self.imports.search(action["domain"], order="name")
        self.assertEqual(records.mapped("state"), ["accepted", "refused"])

    def test_no_file(self):
        with self.assertRaises(UserError):
            self._upload()


@tagged("post_install", "-at_install")
class TestStationImport(RailCommon):
    """Stations with coordinates from a table of OpenStreetMap."""

    def _import(self, text, **vals):
        wizard = (
            self.env["cement.station.import"]
            .with_user(self.dispatcher)
            .create({"file": base64.b64encode(text), "filename": "s.csv", **vals})
        )
        wizard.action_import()
        return wizard

    def test_import(self):
        rows = [
            '"esr";"status";"type";"osm_id";"lat";"lon";"name";"railway"',
            f'"{DESTINATION}";"0";"0";"1";"55.1";"61.1";"Client station";"halt"',
            f'"{DESTINATION}";"1";"0";"2";"55.2";"61.2";"Client station";"station"',
            f'"{OTHER}";"1";"0";"3";"56,5";"62,5";"Other";"station"',
            '"abc";"1";"0";"4";"1";"1";"None";"station"',
            '"045495";"1";"0";"5";"59";"30";"Doubtful";"station"',
        ]
        wizard = self._import("\n".join(rows).encode(), only_known=False)
        self.assertEqual((self.station.latitude, self.station.longitude), (55.2, 61.2))
        self.assertEqual(self.station.position_source, "table")
        other = self.env["cement.station"].search([("esr_code", "=", OTHER)])
        self.assertEqual((other.latitude, other.railway), (56.5, "Свердловская"))
        self.assertIn("Stations added: 2", wizard.result)
        self.assertIn("045495", wizard.result)

    def test_what_a_person_wrote_stays(self):
        self.station.write({"latitude": 50.0, "longitude": 60.0})
        text = f"esr,lat,lon,name\n{DESTINATION},55.1,61.1,X\n".encode()
        wizard = self._import(text)
        self.assertEqual(self.station.latitude, 50.0)
        self.assertIn("Kept as a person wrote them: 1", wizard.result)

    def test_no_table(self):
        for text in (b"", b"Price;Product\n1;2\n", b"\x00" * 50):
            with self.subTest(text=text), self.assertRaises(UserError):
                self._import(text)
