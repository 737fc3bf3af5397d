# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import base64
import io
from datetime import date

from lxml import etree
from openpyxl import Workbook
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CementAxleCommon


@tagged("post_install", "-at_install")
class TestSeasonOrders(CementAxleCommon):
    """Orders of the regions: entered, imported, copied, refused (F37)."""

    def _order(self, **rule):
        return self._create_season(start=date(2027, 4, 1), days=29, **rule)

    def test_entered_in_the_form(self):
        form = Form(
            self.env["cement.season.order"]
            .with_user(self.dispatcher)
            .with_context(default_year=2027)
        )
        form.name = "15-п"
        form.state_id = self.perm
        with form.rule_ids.new() as rule:
            rule.date_from = date(2027, 4, 15)
            rule.date_to = date(2027, 5, 24)
            rule.limit_single = 6.0
        order = form.save()
        self.assertEqual(order.status, "unconfirmed")
        self.assertEqual(self._reason(day=date(2027, 4, 20)).kg, 25_800)
        order.action_confirm()
        # one number for every axle: 6 t on the front axle, 18 t on the bogie
        reason = self._reason(day=date(2027, 4, 20))
        self.assertEqual(reason.kg, 7_428)
        self.assertEqual(
            order.rule_ids.exemption_ids, order.rule_ids._default_exemption_ids()
        )
        order.action_unconfirm()
        self.assertEqual(self._reason(day=date(2027, 4, 20)).kg, 25_800)

    def test_region_is_asked_for(self):
        """F37: what is left out is told in words, not by the database."""
        model = self.env["cement.season.order"]
        with self.assertRaisesRegex(ValidationError, "region"):
            model.create({"name": "15-п", "year": 2027})
        with self.assertRaisesRegex(ValidationError, "region"):
            model.create({"name": "15-п", "year": 2027, "state_id": False})
        region = model.with_context(default_state_id=self.perm.id)
        self.assertEqual(region.create({"name": "15-п"}).state_id, self.perm)

    def test_limits_that_are_not_named_are_blank(self):
        """A zero would read as “nothing may pass”."""
        view = self.env["cement.season.order"].get_view(view_type="form")
        arch = etree.fromstring(view["arch"])
        for name in ("limit_single", "limit_double", "limit_triple", "limit_gross"):
            [node] = arch.xpath(f"//field[@name='{name}']")
            self.assertEqual(node.get("widget"), "cement_optional_float")

    def test_bad_dates(self):
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            self._order(date_to=date(2027, 3, 1))
        with self.assertRaisesRegex(ValidationError, "within its own year"):
            self._order(date_to=date(2028, 1, 9))
        with self.assertRaisesRegex(ValidationError, "how much"):
            self._order(limit_single=0.0)
        with self.assertRaisesRegex(ValidationError, "single axle too"):
            self._order(limit_single=0.0, limit_double=5.0)
        with self.assertRaisesRegex(ValidationError, "leaves open"):
            self._order(is_open=True, limit_single=0.0)

    def test_kilograms_for_tonnes(self):
        """A limit that limits nothing is a slip of the pen."""
        for name, value in (
            ("limit_single", 6000.0),
            ("limit_single", 30.001),
            ("limit_single", 0.3),
            ("limit_double", 5000.0),
            ("limit_triple", 31.0),
            ("limit_gross", 15000.0),
            ("limit_gross", 100.5),
        ):
            with (
                self.subTest(name=name, value=value),
                self.assertRaises(ValidationError) as caught,
            ):
                self._order(**{"limit_single": 6.0, name: value})
            self.assertIn("tonnes, not kilograms", str(caught.exception))
        order = self._order(limit_single=0.5, limit_double=30.0, limit_gross=100.0)
        with self.assertRaises(ValidationError) as caught:
            order.rule_ids.limit_gross = 20_000.0
        self.assertIn("“Gross, t” cannot be 20,000", str(caught.exception))
        form = Form(order)
        with form.rule_ids.edit(0) as rule:
            rule.limit_single = 6000.0
        with self.assertRaises(ValidationError) as caught:
            form.save()
        self.assertIn("cannot be 6,000", str(caught.exception))

    def test_overlaps(self):
        self._order()
        with self.assertRaisesRegex(ValidationError, "two things"):
            self._order()
        # a guess beside the real one is no contradiction, until confirmed
        guess = self._order(confirm=False)
        with self.assertRaisesRegex(ValidationError, "two things"):
            guess.action_confirm()
            self.env.flush_all()
        guess.invalidate_recordset()
        # a section of its own, other roads, other days, another region
        section = self.env["cement.road.section"].create(
            {"name": "Пермь – Березники", "state_id": self.perm.id}
        )
        self._order(section_id=section.id)
        self._order(road_class="federal")
        self._create_season(start=date(2027, 5, 1), days=9)
        self._create_season(start=date(2027, 4, 1), state=self.sverdlovsk)
        with self.assertRaisesRegex(ValidationError, "region of the order"):
            self._create_season(
                start=date(2027, 6, 1), state=self.sverdlovsk, section_id=section.id
            )

    def test_examples_limit_nothing(self):
        example = self.env.ref("cement_logistics_axle.example_per_2021")
        self.assertTrue(example.is_example)
        with self.assertRaisesRegex(UserError, "example"):
            example.action_confirm()
        empty = self.env["cement.season.order"].create(
            {"name": "x", "state_id": self.perm.id, "year": 2027}
        )
        with self.assertRaisesRegex(UserError, "no rules"):
            empty.action_confirm()

    def test_copied_to_another_year(self):
        order = self._order()
        wizard = (
            self.env["cement.season.copy"]
            .with_user(self.dispatcher)
            .with_context(active_ids=order.ids)
            .create({"shift": 3})
        )
        self.assertEqual(wizard.year, 2028)
        wizard.action_copy()
        copy = self.env["cement.season.order"].search(
            [("state_id", "=", self.perm.id), ("year", "=", 2028)]
        )
        self.assertEqual(copy.status, "unconfirmed")
        self.assertEqual(
            (copy.rule_ids.date_from, copy.rule_ids.date_to),
            (date(2028, 4, 4), date(2028, 5, 3)),
        )
        self.assertEqual(copy.rule_ids.limit_triple, 4.0)
        wizard.shift = 300
        with self.assertRaisesRegex(UserError, "leave the year"):
            wizard.action_copy()

    def _import(self, **vals):
        wizard = (
            self.env["cement.season.import"]
            .with_user(self.dispatcher)
            .create({"year": 2027, **vals})
        )
        wizard.action_import()
        return wizard

    def test_pasted_table(self):
        """Bad lines are reported by number, the others are taken."""
        perm, sve = (
            state.with_context(lang="ru_RU").name
            for state in (self.perm, self.sverdlovsk)
        )
        wizard = self._import(
            status="confirmed",
            text="\n".join(
                (
                    "Регион\tУчасток\tДороги\tС\tПо\tОдиночная ось, т\tСдвоенная"
                    "\tСтроенная\tПриказ\tДата приказа",
                    f"{perm}\t\t\t10.04.2027\t09.05.2027\t5\t4\t3\t77-п\t01.03.2027",
                    f"{perm}\tПермь – Ильинский\tрегиональные\t17.04.2027\t16.05.2027"
                    "\t8,5\t\t\t77-п\t",
                    "Атлантида\t\t\t01.04.2027\t30.04.2027\t6\t\t\t1\t",
                    f"{sve}\t\t\t31.04.2027\t24.05.2027\t6\t\t\t15\t",
                    f"{sve}\t\t\t24.05.2027\t15.04.2027\t6\t\t\t15\t",
                    f"{sve}\t\t\t15.04.2027\t24.05.2027\tшесть\t\t\t15\t",
                    f"{sve}\t\tпроселочные\t15.04.2027\t24.05.2027\t6\t\t\t15\t",
                    f"{sve}\t\t\t15.04.2027\t24.05.2027\t6\t\t\t15\t",
                )
            ),
        )
        orders = wizard.imported_ids.sorted("name")
        self.assertEqual(orders.mapped("name"), ["15", "77-п"])
        self.assertEqual(orders.mapped("status"), ["confirmed"] * 2)
        self.assertEqual(len(orders[1].rule_ids), 2)
        self.assertEqual(orders[1].date, date(2027, 3, 1))
        self.assertEqual(orders[1].rule_ids.section_id.name, "Пермь – Ильинский")
        self.assertIn("Lines read: 8. Rules taken: 3, orders: 2.", wizard.result)
        for number in (4, 5, 6, 7, 8):
            self.assertIn(f"Line {number}:", wizard.result)
        for number in (2, 3, 9):
            self.assertNotIn(f"Line {number}:", wizard.result)
        self.assertEqual(self._reason(day=date(2027, 4, 12)).limit.kg, 5_000)

    def test_kilograms_in_a_table(self):
        perm = self.perm.with_context(lang="ru_RU").name
        wizard = self._import(
            text="\n".join(
                (
                    "Регион\tС\tПо\tОдиночная ось, т\tМасса",
                    f"{perm}\t01.04.2027\t10.04.2027\t6000\t",
                    f"{perm}\t11.04.2027\t20.04.2027\t6\t15 000",
                    f"{perm}\t21.04.2027\t30.04.2027\t6\t15",
                    f"{perm}\t01.05.2027\t10.05.2027\t-6\t",
                )
            ),
        )
        self.assertEqual(wizard.imported_ids.rule_ids.limit_gross, 15.0)
        self.assertRegex(wizard.result, "Line 2: .*6,000.*tonnes, not kilograms")
        self.assertRegex(wizard.result, "Line 3: .*15,000.*tonnes, not kilograms")
        self.assertIn("Line 5: ", wizard.result)

    def test_workbook(self):
        book = Workbook()
        book.active.append(["Регион", "С", "По", "Полная масса, т", "Номер приказа"])
        book.active.append(
            [
                self.perm.with_context(lang="ru_RU").name,
                date(2027, 4, 1),
                date(2027, 4, 30),
                14.999,
                "9",
            ]
        )
        stream = io.BytesIO()
        book.save(stream)
        wizard = self._import(
            file=base64.b64encode(stream.getvalue()), file_name="2027.xlsx"
        )
        self.assertEqual(wizard.imported_ids.rule_ids.limit_gross, 14.999)
        self.assertIn("2027.xlsx", wizard.imported_ids.source)

    def test_no_table(self):
        for vals in (
            {"text": ""},
            {"text": "привет"},
            {"text": "Регион\tС\tПо"},
            {"file": base64.b64encode(b"PK\x03\x04 broken")},
            {"file": base64.b64encode(b"\x00\x01\x02" * 50)},
        ):
            with self.assertRaises(UserError, msg=vals):
                self._import(**vals)

    def test_acts(self):
        act = self.env.ref("cement_logistics_axle.regulation_2060")
        self.assertGreater(act.unchecked_count, 50)
        self.assertEqual(len(act.axle_limit_ids), 91)
        air = self.env.ref("cement_logistics_axle.axle_2060_3_18_10_single_air")
        self.assertEqual((air.limit, air.status), (22.5, "unchecked"))
        before = act.unchecked_count
        air.status = "official"
        self.assertEqual(act.unchecked_count, before - 1)
        with self.assertRaisesRegex(ValidationError, "same day"):
            act.copy({"valid_from": "2026-01-01", "valid_to": False})

    def test_ratings(self):
        self.assertEqual(self.law._get_rating(self.perm.id, "regional"), 115)
        self.assertEqual(self.law._get_rating(self.sverdlovsk.id, "regional"), 100)
        self.assertEqual(self.law._get_rating(self.sverdlovsk.id, "federal"), 115)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["cement.road.rating"].create(
                {"state_id": self.perm.id, "road_class": "regional", "rating": "6"}
            )
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestVehicleGeometry(CementAxleCommon):
    """Vehicle types as the law knows them."""

    def test_seed_is_case_a(self):
        """The silo semitrailer of the seed is vector A of the reference."""
        vehicle = self.silo._prepare_statics()
        self.assertEqual(
            [round(float(load) / 1000, 2) for load in vehicle.axle_loads(0)],
            [5.57, 3.73, 1.63, 1.63, 1.63],
        )
        self.assertEqual(self.silo.axle_count, 5)
        self.assertEqual(
            [round(load, 2) for load in self.silo.axle_ids.mapped("tare_load")],
            [5.57, 3.73, 1.63, 1.63, 1.63],
        )
        for code in ("silo5", "silo3", "tipper6", "curtain5"):
            vehicle = self.env["cement.vehicle.type"].search([("code", "=", code)])
            self.assertTrue(vehicle.is_law_known, code)
            self.assertFalse(vehicle._get_geometry_problem(), code)

    def test_trial_in_the_form(self):
        with Form(self.silo) as form:
            form.trial_payload = 26.0
            form.trial_rating = "10"
            self.assertIn("11.32", form.trial_result)
            self.assertIn("21.48", form.trial_result)
            form.trial_rating = "11.5"
            self.assertIn("25.8", form.trial_result)
            form.payload_place = 4.2
            self.assertNotIn("11.32", form.trial_result)
            form.payload_place = 3.9

    def test_sections(self):
        self.silo.section_ids = [
            (0, 0, {"place": 1.9, "capacity": 9.0}),
            (0, 0, {"place": 3.9, "capacity": 9.0}),
            (0, 0, {"place": 5.9, "capacity": 9.0}),
        ]
        with Form(self.silo) as form:
            form.trial_payload = 9.0
            form.trial_fill = "rear"
            rear = form.trial_result
            form.trial_fill = "front"
            self.assertNotEqual(form.trial_result, rear)

    def test_refused(self):
        for vals, words in (
            ({"tare": 15.0}, "sum to"),
            ({"wheelbase": 0.0}, "Wheelbase"),
            ({"fifth_wheel_lead": 4.0}, "length"),
            ({"kingpin_tare": -1.6}, "below zero"),
            ({"axle_ids": [(5, 0, 0)]}, "add the axles"),
        ):
            with self.assertRaises(ValidationError) as caught:
                self.silo.write(vals)
            self.assertIn(words, str(caught.exception))
        axles = self.silo.axle_ids
        with self.assertRaises(ValidationError) as caught:
            axles[1:].unlink()
            self.silo._check_geometry()
        self.assertIn("support", str(caught.exception))
        with self.assertRaises(ValidationError) as caught:
            axles[1].is_lift = True
            self.silo._check_geometry()
        self.assertIn("lifted", str(caught.exception))

    def test_the_load_lies_between_kingpin_and_bogie(self):
        """Else an axle is reckoned to be lifted off the road."""
        for vehicle, vals in (
            (self.silo, {"payload_place": 39.0}),
            (self.silo, {"payload_place": 6.001}),
            (self.silo, {"payload_place": -0.5}),
            (self.tipper, {"payload_place_max": 40.0}),
            (self.tipper, {"payload_place_min": -4.0}),
            (
                self.env.ref("cement_base.vehicle_silo_solo"),
                {"payload_place": 30.8},
            ),
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(ValidationError, "must lie between"),
            ):
                vehicle.write(vals)
        self.silo.payload_place = 6.0
        self.silo.payload_place = 0.0
        with Form(self.silo) as form:
            form.payload_place = 39.0
            self.assertIn("must lie between", form.trial_result)
            form.payload_place = 3.9

    def test_vehicle_without_geometry(self):
        """Only counted axles: the gross mass of the act still holds."""
        bare = self.env["cement.vehicle.type"].create(
            {
                "name": "Bare",
                "code": "bare",
                "payload": 30.0,
                "tare": 15.0,
                "axle_count": 5,
            }
        )
        self.assertIsNone(self._reason(bare))
        reason = self.law._get_gross_reason(bare, self.day)
        self.assertEqual(reason.kg, 25_000)
        self.assertIn("40", self.law._describe_reason(reason))
        bare.axle_count = 0
        self.assertIsNone(self.law._get_gross_reason(bare, self.day))

    def test_solo_and_drawbar(self):
        train = self.env["cement.vehicle.type"].create(
            {
                "name": "Truck and trailer",
                "code": "drawbar",
                "payload": 25.0,
                "tare": 15.0,
                "kind": "drawbar",
                "wheelbase": 5.0,
                "front_tare": 5.0,
                "rear_tare": 5.0,
                "payload_place": 4.0,
                "trailer_wheelbase": 4.0,
                "trailer_front_tare": 2.5,
                "trailer_rear_tare": 2.5,
                "trailer_payload_place": 2.0,
                "truck_share": 45.0,
                "axle_ids": [
                    (0, 0, {"support": "front", "sequence": 1}),
                    (
                        0,
                        0,
                        {
                            "support": "rear",
                            "sequence": 2,
                            "spacing_before": 5.0,
                            "tyres": "twin",
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "support": "trailer_front",
                            "sequence": 3,
                            "spacing_before": 4.0,
                            "tyres": "twin",
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "support": "trailer_rear",
                            "sequence": 4,
                            "spacing_before": 4.0,
                            "tyres": "twin",
                        },
                    ),
                ],
            }
        )
        reason = self._reason(train)
        # rear axle: 5.0 + 0.45·0.8·P ≤ 11.5 t; gross 36 t binds first
        self.assertEqual((reason.kg, reason.limit.what), (18_055, "group"))
