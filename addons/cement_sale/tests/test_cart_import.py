# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
from datetime import timedelta

from openpyxl import Workbook

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CementSaleCommon


@tagged("post_install", "-at_install")
class TestCartImport(CementSaleCommon):
    """F127: an order from a table; bad rows are told, good ones are not lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cart = cls._create_cart([])
        cls.article = cls.cement.default_code

    def _import(self, *rows, heading="Артикул\tКоличество, т\tДата\tПункт доставки"):
        return self.cart._import_table("\n".join([heading, *rows]))

    def test_headings_that_are_not_understood_are_told(self):
        cart = self._create_cart([])
        day = self.day.strftime("%d.%m.%Y")
        report = cart._import_table(
            "Артикул\tКоличество\tДата\tПункт доставки\tМастер\t\n"
            f"{self.cement.default_code}\t5\t{day}\tSite North\tИванов\t"
        )
        self.assertEqual((report["added"], report["unknown"]), (1, ["Мастер"]))
        report = cart._import_table(f"{self.cement.default_code}\t5\t{day}")
        self.assertEqual(report["unknown"], [])

    def test_pasted_table(self):
        day = self.day.strftime("%d.%m.%Y")
        report = self._import(
            f"{self.article}\t27,5\t{day}\tSite North",
            f"{self.cement.name}\t1 010 т\t{day}\t",
            f"NO-SUCH\t5\t{day}\tSite North",
            f"{self.article}\t-5\t{day}\tSite North",
            f"{self.article}\t5\t{day}\tNowhere",
            f"{self.article}\t5\t31.02.2026\tSite North",
            f"{self.article}\tмного\t{day}\tSite North",
        )
        self.assertEqual(report["added"], 2)
        self.assertEqual([error["row"] for error in report["errors"]], [4, 5, 6, 7, 8])
        lines = self.cart.sudo().line_ids
        self.assertEqual(lines.mapped("quantity"), [27.5, 1010.0])
        self.assertEqual(lines.mapped("day"), [self.day] * 2)
        for error, word in zip(
            report["errors"],
            ("NO-SUCH", "zero", "Nowhere", "31.02", "много"),
            strict=True,
        ):
            self.assertIn(word, error["reason"])

    def test_workbook(self):
        book = Workbook()
        for row in (
            ["Заявка на поставку"],
            ["Артикул", "Кол-во", "Дата отгрузки"],
            [self.article, 25.8, self.day],
            [self.article, 10, (self.day - timedelta(1)).strftime("%d.%m.%Y")],
        ):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        report = self.cart._import_table(stream.getvalue())
        self.assertEqual(report["added"], 2, report)
        self.assertEqual(self.cart.sudo().line_ids[0].day, self.day)

    def test_line_by_number_and_position(self):
        name = self.specification.name
        self.line_pallet.sequence = 77
        report = self._import(
            f"{name}/77\t3", heading="Строка спецификации\tКоличество, т"
        )
        self.assertEqual(report["added"], 1, report)
        self.assertEqual(
            self.cart.sudo().line_ids.specification_line_id, self.line_pallet
        )

    def test_ambiguous_article(self):
        """A guess would order at another's price: the person must choose."""
        self._create_specification(self.agreement, [{"price_unit": 4000.0}])
        report = self._import(f"{self.article}\t5")
        self.assertEqual(report["added"], 0)
        self.assertIn("several", report["errors"][0]["reason"])

    def test_site_tells_lines_apart(self):
        second = self._create_site(self.client, "Site South")
        self.line_bulk.site_id = self.site
        line = self._create_specification(
            self.agreement, [{"site_id": second.id}]
        ).line_ids
        report = self._import(f"{self.article}\t5\t\tSite South")
        self.assertEqual(report["added"], 1, report)
        self.assertEqual(self.cart.sudo().line_ids.specification_line_id, line)

    def test_station_by_its_code(self):
        station = self._create_station()
        site = self._create_site(self.client, "Yard", station=station)
        self._create_specification(
            self.agreement,
            [
                {
                    "product_id": self.pallet.id,
                    "delivery_method_id": self.rail_delivery.id,
                }
            ],
        )
        report = self._import(f"{self.pallet.default_code}\t60\t\t{station.esr_code}")
        self.assertEqual(report["added"], 1, report)
        self.assertEqual(self.cart.sudo().line_ids.site_id, site)

    def test_foreign_articles_are_unknown(self):
        other = self._create_counterparty()
        secret = self._create_product(name="Secret blend")
        self._create_specification(
            self._create_agreement(other), [{"product_id": secret.id}]
        )
        report = self._import("Secret blend\t5", f"{secret.default_code}\t5")
        self.assertEqual((report["added"], len(report["errors"])), (0, 2))

    def test_unreadable_tables(self):
        for data in (
            b"x" * 20 * 1024 * 1024,
            b"PK\x03\x04broken",
            b"\x00\x01",
            "",
            "Артикул\tКоличество, т\n",
        ):
            with self.assertRaises(UserError) as caught:
                self.cart._import_table(data)
            self.assertTrue(str(caught.exception))
        self.assertFalse(self.cart.sudo().line_ids)

    def test_own_heading(self):
        self.env["cement.table.heading"].create(
            [
                {"name": "Марка цемента", "field_name": "article"},
                {"name": "Надо, тонн", "field_name": "quantity"},
            ]
        )
        report = self._import(f"8\t{self.article}", heading="Надо, тонн\tМарка цемента")
        self.assertEqual(report["added"], 1, report)

    def test_number_as_article(self):
        """A workbook keeps an article of digits as a number."""
        self.cement.default_code = "400500"
        book = Workbook()
        book.active.append(["Артикул", "Количество"])
        book.active.append([400500, 12])
        stream = io.BytesIO()
        book.save(stream)
        self.assertEqual(self.cart._import_table(stream.getvalue())["added"], 1)
