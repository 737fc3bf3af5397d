# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CementLogisticsCommon


@tagged("post_install", "-at_install")
class TestBackend(CementLogisticsCommon):
    """What the dispatcher and the manager have."""

    def test_views_open(self):
        pickings = self.env["stock.picking"].with_user(self.dispatcher)
        for name in ("shipment", "board", "growth"):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                f"cement_logistics.stock_picking_action_{name}"
            )
            for view_id, view_type in action["views"]:
                arch = pickings.get_view(view_id, view_type)["arch"]
                self.assertIn("shipment_", arch, (name, view_type))

    def test_form_of_the_weighbridge(self):
        form = Form(
            self.shipment.with_user(self.dispatcher),
            view="cement_logistics.stock_picking_view_form_shipment",
        )
        form.vehicle_plate = "A 1"
        form.gross_mass = 34.9
        form.tare_mass = 15.0
        self.assertEqual(form.net_mass, 19.9)
        form.save()
        self.shipment.with_user(self.dispatcher).action_cement_leave()
        self.assertEqual(self.shipment.shipment_state, "left")

    def test_map_of_the_back_office(self):
        self._leave()
        self.assertFalse(self.env["stock.picking"].get_cement_map()["points"])
        self._place()
        data = self.env["stock.picking"].with_user(self.dispatcher).get_cement_map()
        self.assertEqual([point["id"] for point in data["points"]], self.shipment.ids)
        self.assertEqual(data["tiles"], "")
        self.env["ir.config_parameter"].set_param(
            "cement_logistics.tile_url", "javascript:alert(1)"
        )
        self.assertEqual(self.env["stock.picking"]._get_map_settings()["tile_url"], "")

    def test_search_filters(self):
        pickings = self.env["stock.picking"]
        self._leave()
        self.assertIn(
            self.shipment, pickings.search(pickings._get_no_position_domain())
        )
        self._place()
        self.assertNotIn(
            self.shipment, pickings.search(pickings._get_no_position_domain())
        )

    def test_manager_reads_only(self):
        manager = self._create_manager("reader")
        link = self.shipment.with_user(manager).link_ids.create
        self.assertTrue(self.shipment.with_user(manager).vehicle_text is False)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            link({"picking_id": self.shipment.id, "expiry_date": self.now})

    def test_receipts_of_another_company(self):
        """Signatures, links and steps are for those of the company who ship or sell."""
        self._leave()
        record = self._confirm()
        other = self._create_internal_user(
            "other-dispatcher",
            "cement_base.group_dispatcher",
            companies=self.supplier2,
        )
        clerk = self._create_internal_user("clerk")
        for model in (
            "cement.delivery.confirmation",
            "cement.shipment.event",
            "cement.shipment.link",
        ):
            found = self.env[model].with_user(other)
            found = found.with_context(allowed_company_ids=self.supplier2.ids)
            self.assertFalse(found.search([]), model)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                self.env[model].with_user(clerk).search([])
        seen = self.env[record._name].with_user(self.dispatcher).search([])
        self.assertIn(record, seen)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.shipment.with_user(self.dispatcher).shipment_event_ids.create(
                {
                    "picking_id": self.shipment.id,
                    "state": "done",
                    "date": self.now,
                    "source": "client",
                }
            )

    def test_withdraw_from_inside(self):
        owner = self.as_user(self.owner)
        link = owner.env["cement.shipment.link"]._make(owner)
        link.with_env(self.env(user=self.dispatcher)).action_withdraw()
        self.assertFalse(link.is_live)

    def test_shared_files(self):
        action = self.shipment.action_view_shared_files()
        self.assertEqual(action["context"]["default_res_model"], "stock.picking")
