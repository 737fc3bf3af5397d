# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from lxml import etree

from odoo.tests import tagged

from ..tools.commerceml.reader import read
from .common import GUIDS, OneCCommon


@tagged("post_install", "-at_install")
class TestOffer(OneCCommon):
    def offer(self, order):
        return order.onec_offer_ids

    def success(self, token):
        self.assertEqual(self.call("sale", "success", token).text, "success")

    # === Two phases ===

    def test_a_confirmed_order_waits(self):
        order = self._create_order()
        self.assertEqual(self.offer(order).state, "pending")
        self.assertEqual(self.offer(order).backend_id, self.backend)

    def test_orders_of_other_companies_have_their_own_database(self):
        line = self._create_specification(
            self._create_agreement(self.client, company_id=self.supplier2.id)
        ).line_ids
        order = self._create_order(line=line)
        self.assertFalse(self.offer(order))
        self.assertEqual(self.numbers(self.query()[1]), [])
        self.backend.every_company = True
        self.assertEqual(self.numbers(self.query()[1]), [order.name])

    def test_no_orders_give_the_bare_root(self):
        token, xml = self.query()
        self.assertEqual(xml[:5], "<?xml")
        self.assertNotIn("Документ", xml)
        self.success(token)

    def test_only_success_confirms(self):
        order = self._create_order()
        token, xml = self.query()
        self.assertEqual(self.numbers(xml), [order.name])
        self.assertEqual(self.offer(order).state, "offered")
        self.success(token)
        self.assertEqual(self.offer(order).state, "confirmed")
        self.assertEqual(self.numbers(self.query()[1]), [])

    def test_what_is_not_confirmed_is_offered_again(self):
        order = self._create_order()
        for _n in range(2):
            self.assertEqual(self.numbers(self.query()[1]), [order.name])

    def test_success_confirms_exactly_what_the_session_was_given(self):
        first = self._create_order()
        token, _xml = self.query()
        second = self._create_order()
        self.success(token)
        self.assertEqual(self.offer(first).state, "confirmed")
        self.assertEqual(self.offer(second).state, "pending")

    def test_success_of_a_session_that_queried_nothing(self):
        order = self._create_order()
        self.query()
        self.success(self.login())
        self.assertEqual(self.offer(order).state, "offered")

    def test_success_twice(self):
        order = self._create_order()
        token, _xml = self.query()
        self.success(token)
        at = self.offer(order).confirmed_at
        self.success(token)
        self.assertEqual(self.offer(order).confirmed_at, at)

    def test_two_sessions_at_once(self):
        order = self._create_order()
        one, _xml = self.query()
        two, _xml = self.query()
        self.success(one)
        self.assertEqual(self.offer(order).state, "confirmed")
        self.success(two)
        self.assertEqual(self.offer(order).state, "confirmed")

    def test_orders_confirmed_while_switched_off_are_collected(self):
        self.backend.action_disable()
        order = self._create_order()
        self.assertFalse(self.offer(order))
        self.backend.action_enable()
        self.backend.export_from = order.date_order - timedelta(hours=1)
        self.assertEqual(self.numbers(self.query()[1]), [order.name])

    def test_old_orders_are_not_collected(self):
        self.backend.action_disable()
        order = self._create_order()
        self.backend.action_enable()
        self.backend.export_from = order.date_order + timedelta(hours=1)
        self.assertEqual(self.numbers(self.query()[1]), [])

    # === Changes ===

    def test_an_order_changed_after_it_was_taken_goes_again(self):
        order = self._create_order()
        token, _xml = self.query()
        self.success(token)
        self.env["cement.connector.offer"]._touch_orders(order)
        self.assertEqual(self.offer(order).state, "pending")
        self.assertEqual(self.numbers(self.query()[1]), [order.name])

    def test_an_order_changed_between_query_and_success_goes_again(self):
        order = self._create_order()
        token, _xml = self.query()
        self.env["cement.connector.offer"]._touch_orders(order)
        self.success(token)
        self.assertEqual(self.offer(order).state, "pending")
        token, xml = self.query()
        self.assertEqual(self.numbers(xml), [order.name])
        self.success(token)
        self.assertEqual(self.offer(order).state, "confirmed")

    def test_an_edit_by_the_client_goes_again(self):
        order = self._create_order()
        token, _xml = self.query()
        self.success(token)
        env = self.portal_env(self.owner)
        quantities = {order.order_line.id: 21.0}
        env["sale.order"].browse(order.id)._cement_edit({"quantities": quantities})
        xml = self.query()[1]
        self.assertEqual(self.numbers(xml), [order.name])
        self.assertIn("<Количество>21.000</Количество>", xml)

    def test_an_edit_by_a_manager_goes_again(self):
        order = self._create_order()
        token, _xml = self.query()
        self.success(token)
        order.promised_date = self.day
        self.assertEqual(self.numbers(self.query()[1]), [])  # nothing 1C is told
        order.write({"order_line": [(1, order.order_line.id, {"product_uom_qty": 22})]})
        self.assertEqual(self.numbers(self.query()[1]), [order.name])

    def test_an_order_cancelled_before_1c_saw_it_is_not_sent(self):
        order = self._create_order()
        order._cement_set_state("cancelled", "portal")
        self.assertEqual(self.offer(order).state, "withdrawn")
        order.client_order_ref = "a word after the end"
        self.assertEqual(self.numbers(self.query()[1]), [])

    def test_an_order_cancelled_after_it_was_offered_is_sent_cancelled(self):
        order = self._create_order()
        token, _xml = self.query()
        order._cement_set_state("cancelled", "portal")
        self.success(token)
        _token, xml = self.query()
        (doc,) = list(read(xml.encode()))[1:]
        self.assertEqual(doc.number, order.name)
        self.assertTrue(doc.cancelled)

    def test_a_cancellation_that_came_from_1c_does_not_go_back(self):
        order = self._create_order()
        token, _xml = self.query()
        self.success(token)
        self.push(order, Отменен="true")
        self.assertEqual(order.cement_state, "cancelled")
        self.assertEqual(self.offer(order).state, "confirmed")

    # === Poison ===

    def test_an_order_that_breaks_a_rule_never_gets_into_a_batch(self):
        good, bad = self._create_order(), self._create_order()
        bad.name = "P00000000001"
        _token, xml = self.query()
        self.assertEqual(self.numbers(xml), [good.name])
        offer = self.offer(bad)
        self.assertEqual(offer.state, "quarantine")
        self.assertIn("11", offer.problems)
        self.assertIn(bad.name, self.backend.activity_ids.note)
        bad.name = "P0000001"
        offer.action_release()
        self.assertEqual(self.numbers(self.query()[1]), [good.name, "P0000001"])

    def test_rates_this_1c_does_not_know(self):
        order = self._create_order()
        self.backend.vat_rates = "0,10,18,20"
        self.assertEqual(self.numbers(self.query()[1]), [])
        self.assertEqual(self.offer(order).state, "quarantine")

    def test_an_item_that_would_be_born_anew_in_1c(self):
        order = self._create_order()
        order.order_line.product_id.default_code = False
        self.assertEqual(self.numbers(self.query()[1]), [])
        self.assertEqual(self.offer(order).state, "quarantine")
        self.env["cement.connector.binding"].create(
            {
                "backend_id": self.backend.id,
                "kind": "product",
                "guid": GUIDS[1],
                "res_id": order.order_line.product_id.product_tmpl_id.id,
            }
        )
        self.offer(order).action_release()
        self.assertIn(GUIDS[1], self.query()[1])

    def test_a_poison_order_is_found_and_the_others_go_on(self):
        orders = self.env["sale.order"].union(*(self._create_order() for _n in "1234"))
        names, poison = orders.mapped("name"), orders[1].name
        seen = []
        for _n in range(12):
            token, xml = self.query()
            batch = self.numbers(xml)
            seen.append(batch)
            if batch and poison not in batch:
                self.success(token)
            if not batch:
                break
        self.assertEqual(seen[:3], [names] * 3)
        self.assertEqual(seen[3:7], [[names[0]], [poison], [poison], [poison]])
        self.assertEqual(seen[7:], [names[2:], []])
        states = [self.offer(order).state for order in orders]
        self.assertEqual(states, ["confirmed", "quarantine", "confirmed", "confirmed"])
        self.assertTrue(self.backend.activity_ids)

    # === The record of it ===

    def test_a_batch_is_recorded_with_its_content(self):
        self._create_order()
        token, xml = self.query()
        record = self.last_record()
        self.assertEqual((record.direction, record.state), ("out", "offered"))
        self.assertEqual(record.fragment_ids.raw.decode(), xml)
        self.success(token)
        self.assertEqual(record.state, "done")

    def test_an_empty_batch_leaves_no_record(self):
        before = self.last_record()
        self.query()
        self.assertEqual(self.last_record(), before)

    def test_encodings(self):
        self._create_order()
        for encoding, codec, head in (
            ("utf-8", "utf-8", b"<?xml"),
            ("utf-8-sig", "utf-8", b"\xef\xbb\xbf<?xml"),
            ("windows-1251", "cp1251", b"<?xml"),
        ):
            self.backend.encoding = encoding
            reply = self.call("sale", "query", self.login())
            self.assertTrue(reply.content.startswith(head))
            self.assertIn("Контрагент".encode(codec), reply.content)
            self.assertEqual(
                reply.content_type,
                "text/plain; charset="
                + ("windows-1251" if codec == "cp1251" else "utf-8"),
            )
            etree.fromstring(reply.content)

    def test_queries_do_not_grow_with_orders(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.query(token)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        token = self.login()
        for _n in range(2):
            self._create_order()
        count()
        few = count()
        for _n in range(8):
            self._create_order()
        many = count()
        # a reservation and an offer are written for each order, in batches
        self.assertLessEqual(many, few + 12)
