# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime

from odoo.tests import tagged

from .common import GUIDS, OneCCommon, cml

NUMBER = {"Номер_по_1С": "УТ-00000017", "Дата_по_1С": "2026-02-03T11:00:00"}
POSTED = NUMBER | {"Проведен": "true"}
PAID = POSTED | {
    "Номер_оплаты_по_1С": "П-5",
    "Дата_оплаты_по_1С": "2026-02-04T00:00:00",
}
SHIPPED = PAID | {
    "Номер_отгрузки_по_1С": "Р-9",
    "Дата_отгрузки_по_1С": "2026-02-05T08:30:00",
}


@tagged("post_install", "-at_install")
class TestImportDocument(OneCCommon):
    def setUp(self):
        super().setUp()
        self.order = self._create_order()

    def row(self):
        return self.last_record().line_ids[-1]

    def test_the_way_of_an_order(self):
        for requisites, state in (
            (NUMBER, "processing"),
            (POSTED, "reserve_allowed"),
            (PAID, "reserve_allowed"),
            (SHIPPED, "shipped"),
        ):
            self.assertEqual(self.push(self.order, **requisites), "success")
            self.assertEqual(self.order.cement_state, state)
        self.assertEqual(self.order.onec_number, "УТ-00000017")
        self.assertEqual(self.order.onec_payment_number, "П-5")
        # Moscow time of 1C, kept in UTC
        self.assertEqual(self.order.onec_shipment_date, datetime(2026, 2, 5, 5, 30))
        events = self.order.status_event_ids.filtered(lambda e: e.source == "onec")
        self.assertEqual(
            events.mapped("state"), ["processing", "reserve_allowed", "shipped"]
        )
        shipped = events.filtered(lambda event: event.state == "shipped")
        self.assertEqual(shipped.date, datetime(2026, 2, 5, 5, 30))

    def test_twice_is_once(self):
        for _n in range(2):
            self.push(self.order, **POSTED)
        events = self.order.status_event_ids.filtered(lambda e: e.source == "onec")
        self.assertEqual(len(events), 1)
        self.assertEqual(self.last_record().unchanged_count, 1)

    def test_out_of_order_never_goes_back(self):
        self.push(self.order, **SHIPPED)
        self.push(self.order, **NUMBER)
        self.assertEqual(self.order.cement_state, "shipped")
        self.assertEqual(self.last_record().state, "done")

    def test_absence_means_no_more(self):
        self.push(self.order, **PAID)
        self.assertTrue(self.order.onec_posted)
        self.push(self.order, **NUMBER)
        self.assertFalse(self.order.onec_posted)
        self.assertFalse(self.order.onec_payment_number)

    def test_a_deletion_mark_cancels(self):
        self.push(self.order, **POSTED)
        self.push(self.order, ПометкаУдаления="true", **NUMBER)
        self.assertEqual(self.order.cement_state, "cancelled")

    def test_a_deletion_mark_on_goods_that_have_left(self):
        self.push(self.order, **SHIPPED)
        self.push(self.order, ПометкаУдаления="true", **NUMBER)
        self.assertEqual(self.order.cement_state, "shipped")
        self.assertEqual(self.row().state, "warning")

    def test_words_of_an_extension(self):
        for text, state in (
            ("Не согласован", "processing"),
            ("резерв РАЗРЕШЁН частично", "reserve_partial"),
            ("Комплектуется", "assembling"),
            ("В процессе отгрузки", "shipping"),
            ("Закрыт", "closed"),
        ):
            self.push(self.order, Статус_заказа=text, **NUMBER)
            self.assertEqual(self.order.cement_state, state)

    def test_an_unknown_word_is_reported(self):
        self.push(self.order, Статус_заказа="На Луне", **NUMBER)
        self.assertEqual(self.order.cement_state, "processing")
        self.assertIn("На Луне", self.row().message)
        self.env["cement.connector.status.map"].create(
            {
                "backend_id": self.backend.id,
                "requisite": "Статус заказа",
                "value": "На Луне",
                "cement_state": "delivered",
            }
        )
        self.push(self.order, Статус_заказа="На Луне", **NUMBER)
        self.assertEqual(self.order.cement_state, "delivered")

    def test_rows_of_another_database_do_not_hold(self):
        other = self._create_backend(login="other", company_id=self.supplier2.id)
        self.env["cement.connector.status.map"].create(
            {
                "backend_id": other.id,
                "requisite": "Проведен",
                "operator": "true",
                "cement_state": "closed",
            }
        )
        self.push(self.order, **POSTED)
        self.assertEqual(self.order.cement_state, "reserve_allowed")

    def test_an_unknown_number(self):
        stranger = self.order.copy()
        answer = self.push(stranger, **POSTED)
        self.assertTrue(answer.startswith("success\n"))
        self.assertEqual(stranger.cement_state, "new")
        self.assertEqual(self.row().state, "failed")

    def test_an_order_of_another_database_is_out_of_reach(self):
        other = self._create_backend(login="other", company_id=self.supplier2.id)
        self.order.onec_offer_ids.backend_id = other
        self.push(self.order, **SHIPPED)
        self.assertEqual(self.order.cement_state, "new")

    def test_a_sum_that_differs_is_reported(self):
        self.send(self.status_file(self.order, total="1.00", **POSTED))
        self.assertEqual(self.order.cement_state, "reserve_allowed")
        self.assertEqual(self.row().state, "warning")
        self.assertEqual(self.order.onec_amount, 1.0)

    def test_two_documents_with_one_number(self):
        self.push(self.order, **NUMBER)
        self.send(self.status_file(self.order, guid=GUIDS[8], **NUMBER))
        self.assertEqual(self.row().state, "warning")

    def test_empty_dates(self):
        self.push(self.order, **(NUMBER | {"Дата_по_1С": "T"}))
        self.assertFalse(self.order.onec_date)
        self.assertEqual(self.order.cement_state, "processing")

    def test_documents_of_the_new_bitrix_module(self):
        text = self.status_file(self.order, **SHIPPED).decode()
        head, _sep, rest = text.partition("<Документ>")
        body, _sep, tail = rest.partition("</Документ>")
        payment = (
            "<Документ><Ид>p</Ид><Номер>1</Номер><ХозОперация>Выплата безналичных "
            "денег</ХозОперация></Документ>"
        )
        container = f"<Контейнер><Документ>{body}</Документ>{payment}</Контейнер>"
        self.send((head + container + tail).encode())
        self.assertEqual(self.order.cement_state, "shipped")
        self.assertEqual(self.last_record().skipped_count, 1)

    def test_an_empty_document(self):
        answer = self.send(cml("<Документ/>"))
        self.assertTrue(answer.startswith("success"))

    def test_the_closing_row_is_off_until_wanted(self):
        row = self.env.ref("cement_connector_1c.status_paid_shipped")
        self.assertFalse(row.active)
        row.active = True
        self.push(self.order, **SHIPPED)
        self.assertEqual(self.order.cement_state, "closed")

    def test_processed_again_by_hand(self):
        self.push(self.order, Статус_заказа="На Луне", **NUMBER)
        record = self.last_record()
        self.env["cement.connector.status.map"].create(
            {
                "requisite": "Статус заказа",
                "value": "На Луне",
                "cement_state": "shipped",
            }
        )
        record.action_process_again()
        self.assertEqual(self.order.cement_state, "shipped")
        self.assertEqual(record.state, "done")
        self.assertEqual(record.warning_count, 0)
