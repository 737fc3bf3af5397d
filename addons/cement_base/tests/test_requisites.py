# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import requisites
from .common import make_inn, make_ogrn, make_person_inn

numbers = st.integers(min_value=0, max_value=10**7 - 1)
digits = st.sampled_from("0123456789")


class TestRequisites(BaseCase):
    def test_known(self):
        # published requisites of public bodies and examples of the instructions
        self.assertTrue(requisites.is_inn("7707083893"))
        self.assertTrue(requisites.is_inn("500100732259"))
        self.assertTrue(requisites.is_ogrn("1027700132195"))
        self.assertTrue(requisites.is_ogrn("304500116000157"))

    def test_forms(self):
        self.assertTrue(requisites.is_kpp("770101001"))
        self.assertTrue(requisites.is_kpp("7701AB001"))
        self.assertFalse(requisites.is_kpp("77010100"))
        self.assertFalse(requisites.is_kpp("77010100a"))
        self.assertTrue(requisites.is_bic("044525225"))
        self.assertFalse(requisites.is_bic("04452522"))
        self.assertTrue(requisites.is_company_inn("7707083893"))
        self.assertFalse(requisites.is_company_inn("500100732259"))

    def test_account_key(self):
        """The key is the 9th digit: of its ten values exactly one fits."""
        for bic in ("044525225", "044525000", "040173001"):
            fits = [
                key
                for key in range(10)
                if requisites.is_account(f"40702810{key}00000000001", bic)
            ]
            self.assertEqual(len(fits), 1, bic)
        self.assertFalse(requisites.is_account("40702810", "044525225"))
        self.assertFalse(requisites.is_account("4" * 20, "x"))
        self.assertFalse(requisites.is_account(None, None))

    def test_clean(self):
        self.assertEqual(requisites.clean(" 77-07\u00a0083\u200b893 "), "7707083893")
        self.assertEqual(requisites.clean(None), "")
        self.assertTrue(requisites.is_inn("77 0708 3893"))

    def test_foreign_digits(self):
        """Digits of other scripts are not digits of requisites."""
        self.assertFalse(requisites.is_inn("٧٧٠٧٠٨٣٨٩٣"))
        self.assertFalse(requisites.is_ogrn("１０２７７００１３２１９５"))

    @given(numbers)
    @settings(max_examples=200, deadline=None)
    def test_made_ones_are_valid(self, number):
        self.assertTrue(requisites.is_inn(make_inn(number)))
        self.assertTrue(requisites.is_inn(make_person_inn(number)))
        self.assertTrue(requisites.is_ogrn(make_ogrn(number % 10**5)))

    @given(numbers, st.integers(0, 9), digits)
    @settings(max_examples=200, deadline=None)
    def test_wrong_last_digit(self, number, _place, digit):
        """Any other check digit is refused."""
        for value, check in (
            (make_inn(number), requisites.is_inn),
            (make_ogrn(number % 10**5), requisites.is_ogrn),
        ):
            wrong = value[:-1] + digit
            self.assertEqual(check(wrong), wrong == value)

    @given(st.text(max_size=25), st.text(max_size=12))
    @settings(max_examples=300, deadline=None)
    def test_never_raises(self, text, other):
        for check in (
            requisites.is_inn,
            requisites.is_kpp,
            requisites.is_ogrn,
            requisites.is_bic,
        ):
            self.assertIn(check(text), (True, False))
        self.assertIn(requisites.is_account(text, other), (True, False))
