# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CementCommon


@tagged("post_install", "-at_install")
class TestSpecification(CementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._create_counterparty()
        cls.agreement = cls._create_agreement(
            cls.partner, prepayment_percent=50, deferral_days=14
        )

    def _day(self, days):
        return self.today + timedelta(days=days)

    def test_stored_copies(self):
        line = self._create_specification(self.agreement).line_ids
        self.assertEqual(line.commercial_partner_id, self.partner)
        self.assertEqual(line.agreement_id, self.agreement)
        self.assertEqual(line.company_id, self.supplier)
        self.assertEqual(line.currency_id, self.rub)
        self.assertEqual(line.state, "active")
        self.assertEqual(line.cargo_form_id, self.form_bulk)
        # a contract made with a contact belongs to the company all the same
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.partner.id}
        )
        agreement = self._create_agreement(contact)
        self.assertEqual(agreement.commercial_partner_id, self.partner)

    def test_validity(self):
        specification = self._create_specification(
            self.agreement,
            date_start=self.today,
            date_end=self._day(10),
        )
        line = specification.line_ids
        self.assertFalse(line._is_valid_on(self._day(-1)))
        self.assertTrue(line._is_valid_on(self.today))
        self.assertTrue(line._is_valid_on(self._day(10)))
        self.assertFalse(line._is_valid_on(self._day(11)))
        specification.action_close()
        self.assertFalse(line._is_valid_on(self.today))
        self.assertTrue(self.agreement._is_valid_on(self.today))
        self.assertFalse(self.agreement._is_valid_on(self._day(1000)))

    def test_orderable_domain_agrees(self):
        specification = self._create_specification(
            self.agreement, [{}, {}], date_start=self.today, date_end=self._day(10)
        )
        lines = specification.line_ids
        lines[1].date_end = self._day(2)
        for days in (-1, 0, 2, 3, 10, 11):
            day = self._day(days)
            self.assertEqual(
                lines.search(
                    lines._get_orderable_domain(day) & Domain("id", "in", lines.ids)
                ),
                lines.filtered(lambda line, day=day: line._is_valid_on(day)),
                days,
            )

    def test_own_dates_stay(self):
        """Prolonging a specification moves its lines, except those with dates of
        their own."""
        specification = self._create_specification(
            self.agreement, [{}, {"date_end": self._day(20)}], date_end=self._day(30)
        )
        follower, own = specification.line_ids
        self.assertEqual(follower.date_end, self._day(30))
        self.assertEqual(own.date_end, self._day(20))
        specification.date_end = self._day(60)
        self.assertEqual(follower.date_end, self._day(60))
        self.assertEqual(own.date_end, self._day(20))
        with Form(specification) as form:
            form.date_end = self._day(90)
        self.assertEqual(follower.date_end, self._day(90))
        self.assertEqual(own.date_end, self._day(20))

    def test_terms(self):
        specification = self._create_specification(self.agreement)
        self.assertEqual(specification.prepayment_percent, 50)
        self.assertEqual(
            specification.terms_text, "50 % prepayment, deferral of 14 days"
        )
        specification.write({"prepayment_percent": 100, "deferral_days": 0})
        self.assertEqual(specification.terms_text, "100 % prepayment")
        specification.prepayment_percent = 0
        self.assertEqual(specification.terms_text, "payment on shipment")
        # the contract is the default, not the master
        self.agreement.deferral_days = 30
        self.assertEqual(specification.deferral_days, 0)

    def test_activation_errors(self):
        site = self._create_site(self.partner)
        cases = (
            ({"product_id": self._create_product(cargo_form_id=False).id}, "no cargo"),
            (
                {"product_id": self._create_product("pallet", unit_mass=0.0).id},
                "mass of a package",
            ),
            (
                {
                    "delivery_method_id": self.rail_delivery.id,
                    "site_id": site.id,
                },
                "cannot be reached",
            ),
        )
        for vals, message in cases:
            draft = self._create_specification(self.agreement, [vals], activate=False)
            with self.assertRaisesRegex(ValidationError, message):
                draft.action_activate()
            self.assertEqual(draft.state, "draft")
        empty = self._create_specification(self.agreement, [], activate=False)
        with self.assertRaisesRegex(ValidationError, "no lines"):
            empty.action_activate()

    def test_line_added_in_force(self):
        specification = self._create_specification(self.agreement)
        bad = self._create_product("pallet", unit_mass=0.0)
        with self.assertRaisesRegex(ValidationError, "mass of a package"):
            self.env["cement.specification.line"].create(
                {
                    **self._prepare_specification_line(
                        self.agreement, {"product_id": bad.id}
                    ),
                    "specification_id": specification.id,
                }
            )

    def test_foreign_site(self):
        foreign = self._create_site(self._create_counterparty())
        with self.assertRaises(ValidationError):
            self._create_specification(self.agreement, [{"site_id": foreign.id}])

    def test_plant_of_another_company(self):
        with self.assertRaises(Exception) as caught:
            self._create_specification(
                self.agreement,
                [{"plant_id": self.plant2.id, "warehouse_id": self.warehouse2.id}],
            )
        self.assertIn("compan", str(caught.exception))

    def test_warehouse_follows_the_plant(self):
        other = self._create_plant(self.supplier)
        line = self._create_specification(self.agreement, [{}], activate=False).line_ids
        self.assertEqual(line.warehouse_id, self.warehouse)
        line.plant_id = other
        self.assertEqual(line.warehouse_id, other.warehouse_ids)

    def test_sql_constraints(self):
        specification = self._create_specification(self.agreement)
        for vals in (
            {"name": specification.name},
            {"date_start": self._day(5), "date_end": self._day(4)},
            {"prepayment_percent": 101},
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self._create_specification(self.agreement, activate=False, **vals)
        for vals in ({"price_unit": 0}, {"volume_agreed": -1}, {"min_lot": -1}):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self._create_specification(self.agreement, [vals], activate=False)

    def test_agreement_dates(self):
        with self.assertRaises(ValidationError):
            self.agreement.end_date = self.agreement.start_date - timedelta(days=1)

    def test_copy(self):
        specification = self._create_specification(self.agreement)
        copy = specification.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.name, f"{specification.name} (copy)")
        self.assertEqual(len(copy.line_ids), 1)

    def test_price_change_is_logged(self):
        specification = self._create_specification(self.agreement)
        specification.line_ids.price_unit = 5500
        body = specification.message_ids[:1].body
        self.assertRegex(body, r"5\D+000\D00.*→.*5\D+500\D00")

    def test_site_domain(self):
        address = self._create_site(self.partner)
        rail = self._create_site(self.partner, station=self._create_station())
        self._create_site(self._create_counterparty())
        lines = self._create_specification(
            self.agreement,
            [
                {},
                {"delivery_method_id": self.rail_delivery.id},
                {"delivery_method_id": self.road_pickup.id},
                {"site_id": address.id},
            ],
        ).line_ids
        sites = [
            self.env["cement.site"].search(line._get_site_domain()) for line in lines
        ]
        self.assertEqual(sites, [address, rail, address | rail, address])

    def test_smart_button(self):
        specification = self._create_specification(self.agreement)
        self.assertEqual(self.agreement.specification_count, 1)
        action = self.agreement.action_view_specifications()
        found = self.env["cement.specification"].search(action["domain"])
        self.assertEqual(found, specification)
