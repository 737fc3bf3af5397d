# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CementCommon


@tagged("post_install", "-at_install")
class TestVatRate(CementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates = cls.env["cement.vat.rate"]
        cls.partner = cls._create_counterparty()
        cls.agreement = cls._create_agreement(cls.partner)

    def test_law_of_2026(self):
        """20 % until the last day of 2025, 22 % from the first of 2026."""
        before = self.rates._get_rate("standard", date(2025, 12, 31))
        after = self.rates._get_rate("standard", date(2026, 1, 1))
        self.assertEqual(before.rate, 20)
        self.assertEqual(after.rate, 22)
        self.assertEqual(self.rates._get_rate("reduced", date(2026, 1, 1)).rate, 10)
        self.assertFalse(self.rates._get_rate("standard", date(1990, 1, 1)))

    def test_prices_follow_the_day(self):
        net = self._create_specification(self.agreement).line_ids
        gross = self._create_specification(
            self.agreement, [{"price_unit": 6000}], price_include_vat=True
        ).line_ids
        lines = net | gross
        old = lines._get_prices(date(2025, 12, 31))
        new = lines._get_prices(date(2026, 1, 1))
        self.assertEqual(old[net.id], (5000.0, 6000.0))
        self.assertEqual(new[net.id], (5000.0, 6100.0))
        self.assertEqual(old[gross.id], (5000.0, 6000.0))
        self.assertEqual(new[gross.id], (4918.03, 6000.0))

    def test_prices_in_few_queries(self):
        lines = self._create_specification(
            self.agreement, [{"price_unit": 100 + n} for n in range(40)]
        ).line_ids
        self.env.flush_all()
        self.env.invalidate_all()
        lines = lines.browse(lines.ids)
        with self.assertQueryCount(10):
            lines._get_prices(self.today)

    def test_unsaved_lines_have_their_own_prices(self):
        specification = self._create_specification(self.agreement)
        first = specification.line_ids.new({"price_unit": 100})
        second = specification.line_ids.new({"price_unit": 200})
        self.assertEqual((first | second).mapped("price_excl"), [100, 200])

    def test_categories(self):
        zero = self._create_product(vat_category="zero")
        line = self._create_specification(
            self.agreement, [{"product_id": zero.id}]
        ).line_ids
        self.assertEqual((line.price_excl, line.price_incl), (5000.0, 5000.0))

    def test_overlap_is_refused(self):
        with self.assertRaises(ValidationError):
            self.rates.create(
                {
                    "name": "VAT 25 %",
                    "category": "standard",
                    "rate": 25,
                    "date_from": date(2030, 1, 1),
                    "source": "test",
                }
            )
        self.rates._get_rate("standard", date(2029, 1, 1)).date_to = date(2029, 12, 31)
        rate = self.rates.create(
            {
                "name": "VAT 25 %",
                "category": "standard",
                "rate": 25,
                "date_from": date(2030, 1, 1),
                "source": "test",
            }
        )
        self.assertEqual(self.rates._get_rate("standard", date(2030, 1, 1)), rate)

    def test_taxes(self):
        rate = self.rates._get_rate("standard", date(2026, 3, 1))
        tax = rate._get_tax(self.supplier, price_include=False)
        self.assertEqual(tax.amount, 22)
        self.assertEqual(tax.company_id, self.supplier)
        self.assertFalse(tax.price_include)
        self.assertEqual(tax.cement_vat_rate_id, rate)
        # found again, one for each company and way
        self.assertEqual(rate._get_tax(self.supplier, price_include=False), tax)
        included = rate._get_tax(self.supplier, price_include=True)
        self.assertTrue(included.price_include)
        other = rate._get_tax(self.supplier2, price_include=False)
        self.assertEqual(len(tax | included | other), 3)
        # a manager without any right on taxes gets them too
        manager = self._create_internal_user(
            "vat_manager", "cement_base.group_sales_manager"
        )
        self.assertEqual(rate.with_user(manager)._get_tax(self.supplier, False), tax)

    def test_no_rate_in_force(self):
        with self.assertRaises(UserError):
            self.rates.browse()._get_tax(self.supplier, False)

    def test_company_without_country(self):
        company = self.env["res.company"].create({"name": "Nowhere"})
        company.country_id = False
        company.account_fiscal_country_id = False
        with self.assertRaises(UserError):
            self.rates._get_rate("standard", self.today)._get_tax(company, False)
