# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
import json
import zipfile
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from psycopg2.extensions import TransactionRollbackError

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import trips as kernel
from .common import (
    DESTINATION,
    MIDDLE,
    ORIGIN,
    OTHER,
    RailCommon,
    make_csv,
    make_wagon,
)

_COLLISION = "The attachment collides with an existing file."  # as core says it
_LOGGER = "odoo.addons.cement_logistics_rail.models.cement_dislocation_import"
ARRIVED = {
    "station": f"КЛИЕНТСКАЯ ({DESTINATION})",
    "operation": "Прибытие (8)",
    "left": 0,
    "train": "",
}


@tagged("post_install", "-at_install")
class TestImport(RailCommon):
    """A report becomes wagons, trips and operations."""

    def test_first_report(self):
        record = self._receive([self._row(1), self._row(2)])
        self.assertEqual(record.state, "accepted", record.reason)
        self.assertEqual((record.row_count, record.new_count), (2, 2))
        self.assertEqual(record.operation_count, 2)
        self.assertEqual(record.dialect, "lk_wagon")
        self.assertIn("Номер вагона", record.matched_headings)
        trip = self._trip(1)
        self.assertEqual(trip.state, "moving")
        self.assertEqual(trip.origin_id.esr_code, ORIGIN)
        self.assertEqual(trip.station_id.esr_code, MIDDLE)
        self.assertEqual(trip.destination_id, self.station)
        self.assertEqual(trip.mass, 69.5)
        self.assertEqual(trip.distance_left, 600)
        self.assertEqual(trip.operation_code_id.code, "2")
        self.assertEqual(trip.wagon_id.trip_id, trip)
        self.assertEqual(trip.wagon_id.kind_code, "93")
        self.assertTrue(trip.eta_at)
        self.assertTrue(trip.eta_error_hours)

    def test_moscow_time_is_stored_as_utc(self):
        row = self._row(1)
        self._receive([row])
        trip = self._trip(1)
        self.assertEqual(
            trip.last_operation_at, row["operation_at"] - timedelta(hours=3)
        )
        self.assertTrue(
            trip.operation_moscow.startswith(f"{row['operation_at']:%d.%m.%Y %H:%M}")
        )

    def test_railway_day_begins_at_eighteen(self):
        start = (self.now - timedelta(days=2)).replace(hour=19, minute=30)
        departed = start + timedelta(hours=3)
        self._receive([self._row(1, started=start, departed=departed)])
        trip = self._trip(1)
        self.assertEqual(trip.railway_date, start.date() + timedelta(days=1))
        self.assertEqual(trip.started_at, start - timedelta(hours=3))
        self.assertEqual(trip.departed_at, departed - timedelta(hours=3))

    def test_same_content_is_known(self):
        data = make_csv([self._row(1)], self.now)
        first = self.imports._receive(data, "a.csv")
        second = self.imports._receive(data, "b.csv")
        self.assertEqual(second.state, "duplicate")
        self.assertEqual(second.original_id, first)
        self.assertEqual(self.env["cement.wagon.operation"].search_count([]), 1)

    def test_same_message_is_one_record(self):
        data = make_csv([self._row(1)], self.now)
        first = self.imports._receive(data, "a.csv", external_key="mail:1")
        self.assertEqual(
            self.imports._receive(data, "a.csv", external_key="mail:1"), first
        )

    def test_unchanged_rows_are_not_written(self):
        rows = [self._row(1), self._row(2)]
        first = self._receive(rows, self.now - timedelta(minutes=40))
        record = self._receive(rows, self.now - timedelta(minutes=1))
        self.assertEqual((record.changed_count, record.unchanged_count), (0, 2))
        self.assertEqual(self._trip(1).import_id, first)
        slice_ = self.imports._get_slice()
        self.assertEqual(slice_["formed_at"], record.formed_at)
        self.assertFalse(slice_["is_stale"])

    def test_history_grows(self):
        self._receive([self._row(1, hours_ago=5)], self.now - timedelta(hours=4))
        self._receive([self._row(1, hours_ago=1, left=300)])
        trip = self._trip(1)
        self.assertEqual(len(trip.operation_ids), 2)
        self.assertEqual(trip.distance_left, 300)

    def test_two_operations_in_one_minute(self):
        moment = self.now - timedelta(hours=1)
        self._receive(
            [
                self._row(1, operation_at=moment),
                self._row(1, operation_at=moment, operation="Включение в поезд (4)"),
            ]
        )
        self.assertEqual(len(self._trip(1).operation_ids), 2)

    def test_late_operation_is_history_only(self):
        self._receive([self._row(1, hours_ago=2, left=300)])
        record = self._receive(
            [self._row(1, hours_ago=6, left=500, station=f"ДРУГАЯ ({OTHER})")],
            self.now,
        )
        self.assertEqual(record.state, "accepted")
        trip = self._trip(1)
        self.assertEqual(trip.distance_left, 300)
        self.assertEqual(trip.station_id.esr_code, MIDDLE)
        self.assertEqual(len(trip.operation_ids), 2)

    def test_sticky_arrival(self):
        arrived = self.now - timedelta(hours=3)
        self._receive(
            [self._row(1, hours_ago=3, arrived=arrived, **ARRIVED)],
            self.now - timedelta(hours=2),
        )
        trip = self._trip(1)
        self.assertEqual(trip.state, "arrived")
        # the next report forgets the arrival
        self._receive([self._row(1, hours_ago=2, **ARRIVED)])
        self.assertEqual(trip.state, "arrived")
        self.assertEqual(trip.arrived_at, arrived - timedelta(hours=3))

    def test_arrival_by_hand_stays(self):
        self._receive([self._row(1, hours_ago=5)], self.now - timedelta(hours=4))
        trip = self._trip(1)
        moment = trip.last_operation_at + timedelta(hours=1)
        trip.with_user(self.dispatcher)._set_arrival(moment)
        self._receive(
            [
                self._row(
                    1, hours_ago=1, arrived=self.now - timedelta(hours=1), **ARRIVED
                )
            ]
        )
        self.assertEqual(trip.arrived_at, moment)

    def test_destination_of_another_code_at_the_same_place(self):
        group = self.env["cement.station.group"].create({"name": "Port"})
        other = self._create_station("Port station", OTHER)
        (other | self.station).group_id = group
        self._receive(
            [
                self._row(
                    1,
                    station=f"ПОРТ ({OTHER})",
                    operation="Прибытие (8)",
                    train="",
                    left=0,
                )
            ]
        )
        self.assertIn(self._trip(1).state, ("candidate", "arrived"))

    def test_no_distance_is_no_arrival(self):
        self._receive([self._row(1, left="", total="")])
        trip = self._trip(1)
        self.assertFalse(trip.distance_known)
        self.assertEqual(trip.state, "moving")
        self.assertEqual(trip.eta_source, "no_km")

    def test_readdressing_keeps_the_first_waybill(self):
        self._receive(
            [self._row(1, hours_ago=5, waybill="ЭЦ111111")],
            self.now - timedelta(hours=4),
        )
        self._receive(
            [
                self._row(
                    1,
                    hours_ago=1,
                    waybill="ЭЦ222222",
                    destination=f"ДРУГАЯ ({OTHER})",
                )
            ]
        )
        trip = self._trip(1)
        self.assertEqual(len(trip.wagon_id.trip_ids), 1)
        self.assertEqual(trip.first_waybill, "ЭЦ111111")
        self.assertEqual(trip.waybill, "ЭЦ222222")
        self.assertEqual(trip.destination_id.esr_code, OTHER)
        self.assertEqual(trip.first_destination_id, self.station)
        self.assertIn("Readdressed", str(trip.message_ids.mapped("body")))

    def test_latin_letters_in_the_waybill(self):
        self._receive([self._row(1, waybill="ЭX077532")])
        self.assertEqual(self._trip(1).waybill, "ЭХ077532")

    def test_unknown_operation_is_other(self):
        record = self._receive([self._row(1, operation="Нечто новое (87)")])
        self.assertEqual(record.state, "accepted")
        code = self._trip(1).operation_code_id
        self.assertEqual((code.code, code.stage), ("87", "other"))
        self.assertFalse(code.is_confirmed)

    def test_faulty_wagon(self):
        self._receive([self._row(1, operation="Перевод в неисправные (53)")])
        trip = self._trip(1)
        self.assertTrue(trip.is_faulty)
        self.assertGreaterEqual(trip.trouble, 3000)
        self.assertIn("Moved to faulty", str(trip.message_ids.mapped("body")))

    def test_forgotten_wagon_is_not_under_way(self):
        self._receive(
            [
                self._row(1, hours_ago=24 * 800, operation="Неисправные (53)"),
                self._row(2),
            ]
        )
        self.assertFalse(self._trip(1).is_open)
        self.assertTrue(self._trip(2).is_open)

    def test_written_off_wagon_is_hidden(self):
        self._receive([self._row(1, operation="Списание (72)"), self._row(2)])
        self.assertFalse(self._trip(1).is_open)

    def test_abandoned_train(self):
        self._receive([self._row(1, operation="Бросание поезда (92)")])
        trip = self._trip(1)
        self.assertEqual(trip.state, "abandoned")
        self.assertTrue(trip.is_abandoned)

    def test_wagon_that_vanishes_is_lost(self):
        rows = [self._row(serial) for serial in range(1, 12)]
        self._receive(rows, self.now - timedelta(hours=1))
        record = self._receive(rows[1:])
        self.assertEqual((record.state, record.lost_count), ("accepted", 1))
        trip = self._trip(1)
        self.assertTrue(trip.is_lost)
        self.assertEqual(trip.state, "lost")
        self.assertEqual(self.trips.search([("is_open", "=", True)], limit=1), trip)
        # and found again
        self._receive([self._row(1, hours_ago=0), *rows[1:]], self.now)
        self.assertFalse(trip.is_lost)
        self.assertEqual(trip.state, "moving")

    def test_row_that_cannot_be_taken_is_not_a_lost_wagon(self):
        rows = [self._row(serial) for serial in range(1, 12)]
        self._receive(rows, self.now - timedelta(hours=1))
        record = self._receive([{**rows[0], "operation_at": None}, *rows[1:]])
        self.assertEqual((record.refused_count, record.lost_count), (1, 0))
        self.assertFalse(self._trip(1).is_lost)

    def test_lost_for_too_long_is_forgotten(self):
        rows = [self._row(serial) for serial in range(1, 12)]
        self._receive(rows, self.now - timedelta(hours=1))
        self._receive(rows[1:])
        trip = self._trip(1)
        trip.lost_since -= timedelta(days=8)
        self.trips._cron_refresh()
        self.assertFalse(trip.is_open)

    def test_arrived_and_gone_was_unloaded(self):
        rows = [self._row(serial) for serial in range(2, 12)]
        here = self._row(
            1, hours_ago=5, arrived=self.now - timedelta(hours=5), **ARRIVED
        )
        self._receive([here, *rows], self.now - timedelta(hours=4))
        self._receive(rows, self.now - timedelta(hours=3))
        trip = self._trip(1)
        self.assertEqual(trip.state, "arrived")
        self._receive(rows)
        self.assertEqual(trip.state, "unloaded")
        self.assertTrue(trip.is_unload_estimated)
        self.assertFalse(trip.is_open)

    def test_other_source_does_not_lose_wagons(self):
        sources = self.env["cement.dislocation.source"].create(
            [{"name": "One"}, {"name": "Two"}]
        )
        rows = [self._row(serial) for serial in range(1, 12)]
        self._receive(rows, self.now - timedelta(hours=1), source=sources[0])
        record = self._receive([self._row(50)], source=sources[1])
        self.assertEqual((record.state, record.lost_count), ("accepted", 0))
        self.assertFalse(self._trip(1).is_lost)

    def test_wagon_comes_back_for_a_new_trip(self):
        past = self.now - timedelta(days=20)
        self._receive(
            [
                self._row(
                    1,
                    operation_at=past,
                    started=past - timedelta(days=3),
                    departed=past - timedelta(days=3),
                    arrived=past,
                    waybill="ЭЦ111111",
                    **ARRIVED,
                )
            ],
            past + timedelta(minutes=1),
        )
        self._receive([self._row(1, waybill="ЭЦ222222")])
        wagon = self._trip(1).wagon_id
        self.assertEqual(len(wagon.trip_ids), 2)
        before = wagon.trip_ids.filtered(lambda trip: not trip.is_current)
        self.assertEqual(before.state, "unloaded")
        self.assertTrue(before.is_unload_estimated)
        self.assertEqual(wagon.trip_id.waybill, "ЭЦ222222")

    def test_operation_of_the_future(self):
        """One wrong year does not make all true rows after it older news."""
        typo = self.now.replace(year=2062, day=1)
        record = self._receive(
            [self._row(1, operation_at=typo), self._row(2)],
            self.now - timedelta(hours=1),
        )
        self.assertEqual((record.state, record.refused_count), ("accepted", 1))
        self.assertIn("lies in the future", record.row_ids.reason)
        self.assertIn("2062", record.row_ids.reason)
        self.assertFalse(self._trip(1))
        self._receive([self._row(1, left=100), self._row(2)])
        self.assertEqual(self._trip(1).distance_left, 100)

    def test_old_report_without_its_moment(self):
        """Yesterday's file knows nothing of what is missing in it."""
        rows = [self._row(serial, hours_ago=6) for serial in range(2, 8)]
        self._receive([self._row(1, hours_ago=2), *rows], self.now - timedelta(hours=1))
        old = [{**row, "left": 700} for row in rows]
        record = self.imports._receive(make_csv(old), "old.csv")
        self.assertEqual((record.state, record.lost_count), ("accepted", 0))
        self.assertFalse(self._trip(1).is_lost)
        # of one that knows the newest operation the same is true again
        news = [self._row(serial, hours_ago=1) for serial in range(3, 8)]
        record = self.imports._receive(make_csv([rows[0], *news]), "new.csv")
        self.assertEqual((record.state, record.lost_count), ("accepted", 1))
        self.assertTrue(self._trip(1).is_lost)

    def test_file_cut_within_its_last_row(self):
        rows = [self._row(serial) for serial in range(1, 4)]
        whole = make_csv(rows, self.now)
        record = self.imports._receive(whole[:-8], "cut.csv")
        self.assertEqual(record.state, "accepted")
        self.assertEqual(record.row_ids.wagon_number, make_wagon(3))
        self.assertIn("the file ends within", record.row_ids.reason)

    def test_whole_file_is_not_cut(self):
        whole = make_csv([self._row(1), self._row(2)], self.now)
        self.assertFalse(self.imports._receive(whole, "a.csv").row_ids)

    def test_file_that_another_process_writes(self):
        """The very same report twice at the same moment."""
        attachments = type(self.env["ir.attachment"])
        create = attachments.create
        calls = []

        def collide(records, vals_list):
            calls.append(1)
            if len(calls) == 1:
                raise UserError(_COLLISION)
            return create(records, vals_list)

        with patch.object(attachments, "create", collide):
            record = self._receive([self._row(1)])
        self.assertEqual(record.state, "accepted")
        self.assertTrue(record.attachment_id)

    def test_lost_wagon_comes_back_with_the_same_row(self):
        rows = [self._row(serial) for serial in range(1, 12)]
        self._receive(rows, self.now - timedelta(hours=2))
        self._receive(rows[1:], self.now - timedelta(hours=1))
        trip = self._trip(1)
        self.assertTrue(trip.is_lost)
        self._receive(rows)
        self.assertFalse(trip.is_lost)
        self.assertEqual(trip.state, "moving")

    def test_wrong_check_digit_is_a_remark(self):
        number = make_wagon(1)
        wrong = number[:7] + str((int(number[7]) + 1) % 10)
        record = self._receive([{**self._row(1), "wagon": wrong}, self._row(2)])
        self.assertEqual(record.state, "accepted")
        self.assertEqual(record.refused_count, 1)
        self.assertEqual(record.row_ids.wagon_number, wrong)
        self.assertIn("check digit", record.row_ids.reason)
        self.assertTrue(record.row_ids.raw)
        self.assertFalse(self.trips.search([("wagon_number", "=", wrong)]))

    def test_row_of_the_report_is_shown(self):
        self._receive([self._row(1)])
        operation = self._trip(1).operation_ids
        self.assertIn("ЦЕМЕНТ", operation.row_html)
        self.assertEqual(operation.action_show_row()["res_id"], operation.id)

    def test_coordinates_are_learnt_once(self):
        moment = self.now - timedelta(hours=1)
        row = {
            "NOM_VAG": make_wagon(1),
            "DATE_OP": f"{moment:%Y-%m-%dT%H:%M:00}",
            "KOP_VMD": "2",
            "STAN_OP": MIDDLE,
            "NAIM_STAN_OP": "Средняя",
            "COORDS": [55.5, 61.25],
        }
        data = json.dumps({"data": [row]})
        record = self._receive(data.encode())
        self.assertEqual(record.state, "accepted", record.reason)
        station = self._trip(1).station_id
        self.assertEqual((station.latitude, station.longitude), (55.5, 61.25))
        self.assertEqual(station.position_source, "feed")
        station.write({"latitude": 50.0, "longitude": 60.0})
        self.assertEqual(station.position_source, "person")
        self._receive(data.replace("55.5", "57.5").encode())
        self.assertEqual(station.latitude, 50.0)


@tagged("post_install", "-at_install")
class TestRefusal(RailCommon):
    """What is no good report ends in a record with the reason, and touches nothing."""

    def _check_refused(self, record, code):
        self.assertEqual(record.state, "refused")
        self.assertEqual(record.reason_code, code)
        self.assertTrue(record.reason)
        self.assertNotEqual(record.reason, code)
        self.assertFalse(self.trips.search_count([]))
        self.assertFalse(self.env["cement.wagon"].search_count([]))

    def test_empty(self):
        self._check_refused(self._receive(b""), "empty")

    def test_table_of_something_else(self):
        record = self._receive("Товар;Цена\nЦемент;5000\n".encode())
        self._check_refused(record, "no_wagon_heading")
        self.assertIn("Товар", record.reason)

    def test_headings_only(self):
        self._check_refused(self._receive(make_csv([])), "no_rows")

    def test_random_bytes(self):
        record = self._receive(bytes(range(256)) * 50, name="x.xlsx")
        self.assertEqual(record.state, "refused")
        self.assertTrue(record.attachment_id, "the file is kept")

    def test_truncated_xlsx(self):
        record = self._receive(b"PK\x03\x04" + b"\x00" * 500, name="x.xlsx")
        self._check_refused(record, "broken")

    def test_zip_bomb(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (300 << 20))
        self._check_refused(self._receive(packed.getvalue(), name="b.xlsx"), "bomb")

    def test_too_big_is_not_kept(self):
        settings = self.env["cement.rail.settings"]._get()
        settings.file_max = 1
        record = self._receive(b"x" * (1 << 20) + b"y")
        self._check_refused(record, "too_big")
        self.assertFalse(record.attachment_id)
        self.assertEqual(record.size, (1 << 20) + 1)

    def test_older_than_the_last(self):
        self._receive([self._row(1)])
        record = self._receive(
            [self._row(1, hours_ago=9)], self.now - timedelta(hours=8)
        )
        self.assertEqual(record.state, "refused")
        self.assertEqual(record.reason_code, "older_than_last")

    def test_half_a_file(self):
        rows = [self._row(serial) for serial in range(1, 11)]
        self._receive(rows, self.now - timedelta(hours=1))
        record = self._receive(rows[:5])
        self.assertEqual((record.state, record.reason_code), ("refused", "rows_lost"))
        self.assertIn("5", record.reason)
        self.assertFalse(self.trips.search([("is_lost", "=", True)]))

    def test_unknown_consignee(self):
        self.client.okpo = "01126022"
        rows = [self._row(1, okpo="99999999", consignee="ЧУЖОЙ")]
        record = self._receive(rows)
        self._check_refused(record, "unknown_consignee")
        self.assertIn("99999999", record.reason)
        # without the leading zero it is the same
        record = self._receive([self._row(1, okpo="1126022")], self.now)
        self.assertEqual(record.state, "accepted", record.reason)

    def test_accepted_nevertheless(self):
        rows = [self._row(serial) for serial in range(1, 11)]
        self._receive(rows, self.now - timedelta(hours=1))
        record = self._receive(rows[:5])
        self.assertEqual(record.state, "refused")
        mine = record.with_user(self.dispatcher)
        self.assertTrue(mine.can_accept)
        with self.assertRaises(UserError):
            mine._accept(" ")
        wizard = self.env["cement.dislocation.accept"].with_user(self.dispatcher)
        wizard.create(
            {"import_id": record.id, "reason": "Half has gone to the port"}
        ).action_confirm()
        self.assertEqual(record.state, "accepted")
        self.assertEqual(record.accepted_by_id, self.dispatcher)
        self.assertEqual(record.lost_count, 5)

    def test_only_dispatchers_accept(self):
        rows = [self._row(serial) for serial in range(1, 11)]
        self._receive(rows, self.now - timedelta(hours=1))
        record = self._receive(rows[:5])
        manager = self._create_manager()
        with self.assertRaises(AccessError):
            record.with_user(manager)._accept("I want it")

    def test_unreadable_is_never_accepted(self):
        record = self._receive(b"nothing of the kind")
        self.assertFalse(record.with_user(self.dispatcher).can_accept)
        with self.assertRaises(UserError):
            record.with_user(self.dispatcher)._accept("All the same")

    def test_read_again_with_new_headings(self):
        data = make_csv([self._row(1)], self.now).replace(
            "Номер вагона".encode("cp1251"), "Экипаж".encode("cp1251")
        )
        record = self._receive(data)
        self.assertEqual(record.reason_code, "no_wagon_heading")
        self.env["cement.report.heading"].create(
            {"heading": "Экипаж", "field": "wagon"}
        )
        record.with_user(self.dispatcher).action_retry()
        self.assertEqual(record.state, "accepted", record.reason)
        self.assertTrue(self._trip(1))

    @mute_logger(_LOGGER)
    def test_an_error_writes_nothing(self):
        with patch.object(kernel, "advance", side_effect=ValueError("boom")):
            record = self._receive([self._row(1)])
        self._check_refused(record, "internal")

    @mute_logger(_LOGGER)
    def test_an_error_at_the_end_leaves_nothing_half_written(self):
        with patch.object(
            type(self.trips), "_match_shipments", side_effect=ValueError("boom")
        ):
            record = self._receive([self._row(1)])
        self._check_refused(record, "internal")
        self.assertFalse(self.env["cement.wagon.operation"].search_count([]))

    def test_two_at_once(self):
        with self.registry.cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                ["cement.dislocation.import"],
            )
            record = self._receive([self._row(1)])
            self.assertEqual(record.state, "draft")
            self.assertTrue(record.warning)
            with self.assertRaises(UserError):
                record.state = "refused"
                record.action_retry()
            record.state = "draft"

    def test_what_another_import_wrote_first_is_read_again(self):
        model = type(self.imports)
        for error in (psycopg2.IntegrityError, TransactionRollbackError):
            with patch.object(model, "_read_and_apply", side_effect=error):
                record = self._receive([self._row(1)], name=error.__name__)
            self.assertEqual(record.state, "draft")
        record._process_waiting()
        self.assertEqual(record.state, "accepted", record.reason)

    @mute_logger(_LOGGER)
    def test_what_never_fits_is_given_up(self):
        model = type(self.imports)
        with patch.object(
            model, "_read_and_apply", side_effect=psycopg2.IntegrityError
        ):
            record = self._receive([self._row(1)])
            for _attempt in range(25):
                if record.state == "draft":
                    record._process_waiting()
        self._check_refused(record, "internal")

    def test_speaks_to_the_dispatcher(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.dispatcher.lang = "ru_RU"
        self.env["cement.rail.settings"]._get().dispatcher_id = self.dispatcher
        imports = self.imports.with_user(SUPERUSER_ID).with_context(lang="en_US")
        record = imports._receive(b"", "empty.csv")
        self.assertEqual(record.env.context["lang"], "ru_RU")

    def test_waiting_report_is_taken_in_later(self):
        with patch.object(type(self.imports), "_lock", return_value=False):
            record = self._receive([self._row(1)])
        self.assertEqual(record.state, "draft")
        with patch.object(type(self.env["ir.cron"]), "_commit_progress") as commit:
            self.imports._cron_process_waiting()
        commit.assert_called_once()
        self.assertEqual(record.state, "accepted")
        self.assertTrue(self._trip(1))


@tagged("post_install", "-at_install")
class TestImportBudget(RailCommon):
    """Statements of an import do not grow with its rows."""

    def _count(self, rows, formed_at):
        data = make_csv(rows, formed_at)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        record = self.imports._receive(data, "report.csv")
        self.env.flush_all()
        self.assertEqual(record.state, "accepted", record.reason)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow(self):
        self._receive(
            [self._row(serial, hours_ago=9) for serial in range(200)],
            self.now - timedelta(hours=8),
        )
        few = self._count(
            [
                self._row(serial, hours_ago=9 if serial > 5 else 5, left=500)
                for serial in range(200)
            ],
            self.now - timedelta(hours=4),
        )
        many = self._count(
            [self._row(serial, hours_ago=1, left=400) for serial in range(200)],
            self.now - timedelta(minutes=1),
        )
        self.assertLessEqual(many, few + 3)
        self.assertLess(many, 120)
