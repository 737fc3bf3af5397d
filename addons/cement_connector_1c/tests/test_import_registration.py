# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import tagged

from odoo.addons.cement_base.tests.common import make_inn

from .common import GUIDS, OneCCommon, cml


@tagged("post_install", "-at_install")
class TestImportRegistration(OneCCommon):
    """A card of 1C becomes a registration that a manager approves."""

    def _card(self, inn, email="boss@new.example", guid=GUIDS[7]):
        contact = (
            f"<Контакты><Контакт><Тип>Почта</Тип><Значение>{email}</Значение></Контакт>"
            "<Контакт><Тип>Телефон рабочий</Тип><Значение>+7 343 000-00-00</Значение>"
            "</Контакт></Контакты>"
            if email
            else ""
        )
        return cml(
            f"<Контрагенты><Контрагент><Ид>{guid}</Ид><Наименование>Новый бетон"
            f"</Наименование><ИНН>{inn}</ИНН><КПП>770701001</КПП>{contact}"
            "</Контрагент></Контрагенты>"
        )

    def _found(self, inn):
        return self.env["res.partner"].search(
            [("vat", "=", inn), ("parent_id", "=", False)]
        )

    def test_only_when_it_is_switched_on(self):
        inn = make_inn(777001)
        self.send(self._card(inn), "catalog", "contragents.xml")
        self.assertFalse(self._found(inn))

    def test_card_becomes_a_registration_once(self):
        self.backend.register_parties = True
        inn = make_inn(777002)
        for _time in range(2):
            self.send(self._card(inn), "catalog", "contragents.xml")
        partner = self._found(inn)
        self.assertEqual(len(partner), 1)
        self.assertEqual(partner.registration_state, "pending")
        self.assertFalse(partner.is_counterparty)
        self.assertEqual(partner.child_ids.email, "boss@new.example")
        partner.action_cement_approve()
        self.assertTrue(partner.is_counterparty)
        member = self.env["cement.member"].search([("partner_id", "=", partner.id)])
        self.assertEqual(member.role, "owner")
        self.assertEqual(member.user_id.login, "boss@new.example")
        self.send(self._card(inn), "catalog", "contragents.xml")
        self.assertEqual(self._found(inn), partner)

    def test_without_an_address_nothing_happens(self):
        self.backend.register_parties = True
        inn = make_inn(777003)
        self.send(self._card(inn, email=""), "catalog", "contragents.xml")
        self.assertFalse(self._found(inn))

    def test_wrong_inn_is_reported_and_leaves_nothing(self):
        self.backend.register_parties = True
        self.send(self._card("7707083894"), "catalog", "contragents.xml")
        self.assertFalse(self._found("7707083894"))
