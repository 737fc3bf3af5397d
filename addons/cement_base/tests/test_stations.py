# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools.stations import esr_check_digit, is_esr


class TestStations(BaseCase):
    def test_known(self):
        # Vinniki of the features list
        self.assertTrue(is_esr("790605"))
        self.assertFalse(is_esr("790604"))

    def test_malformed(self):
        for code in ("", None, "79060", "7906050", "79060a", "٧٩٠٦٠٥"):
            self.assertFalse(is_esr(code), code)
        with self.assertRaises(ValueError):
            esr_check_digit("7906")

    @given(st.integers(0, 99999))
    @settings(max_examples=300, deadline=None)
    def test_one_digit_fits(self, number):
        body = f"{number:05d}"
        fits = [digit for digit in "0123456789" if is_esr(body + digit)]
        self.assertEqual(fits, [str(esr_check_digit(body))])
