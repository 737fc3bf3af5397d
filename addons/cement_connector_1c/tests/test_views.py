# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import Form, tagged

from .test_import_catalog import STORE, CatalogCommon, item, offer


@tagged("post_install", "-at_install")
class TestViews(CatalogCommon):
    """Every form opens with real data and its buttons lead somewhere."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order()
        self.query()
        self.goods(item())
        self.prices(offer(), offer("ffffffff-0000-4c3e-9d60-000000000001"))

    def test_the_form_of_a_database(self):
        with Form(self.backend) as form:
            form.batch_size = 7
            form.import_stock = True
            form.price_type_id = self.binding(
                "aaaaaaaa-0001-4c3e-9d60-000000000001", "price_type"
            )
            with form.warehouse_binding_ids.edit(0) as row:
                row.warehouse_id = self.warehouse
        self.assertEqual(self.backend.batch_size, 7)
        self.assertEqual(self.binding(STORE, "warehouse").res_id, self.warehouse.id)

    def test_the_counters_of_a_database(self):
        self.assertEqual(self.backend.waiting_count, 1)
        self.assertEqual(self.backend.error_count, 1)
        self.order.onec_offer_ids._put_aside("Reason")
        self.backend.invalidate_recordset()
        self.assertEqual(self.backend.quarantine_count, 1)

    def test_buttons_of_a_database(self):
        for name in ("offers", "records", "bindings"):
            action = getattr(self.backend, f"action_view_{name}")()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertTrue(found, name)
        self.backend.action_disable()
        self.backend.action_enable()
        before = self.backend.token
        self.backend.action_new_token()
        self.assertNotEqual(self.backend.token, before)

    def test_the_other_forms(self):
        for record in (
            self.order.onec_offer_ids,
            self.last_record(),
            self.binding(),
            self.order,
        ):
            Form(record)

    def test_rows_and_links_open_their_record(self):
        action = self.binding().action_open_record()
        self.assertEqual(action["res_model"], "product.template")
        row = self.env["cement.exchange.line"].search(
            [("record_id", "=", self.last_record().id)], limit=1
        )
        self.assertEqual(row.state, "failed")
        self.assertEqual(self.binding().record_name, self.template().display_name)
        self.assertEqual(self.binding().display_name, "Цемент")

    def test_the_status_table_is_edited_in_the_list(self):
        view = self.env.ref("cement_connector_1c.cement_connector_status_map_view_list")
        self.assertIn('editable="bottom"', view.arch)
        row = self.env.ref("cement_connector_1c.status_posted")
        self.assertIn("Проведен", row.display_name)
