# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from lxml import etree

from odoo.tests import Form, tagged

from .common import CementCommon


@tagged("post_install", "-at_install")
class TestViews(CementCommon):
    """Every screen opens for every role that has it in its menu."""

    GROUPS = (
        "cement_base.group_sales_manager",
        "cement_base.group_dispatcher",
        "cement_base.group_accountant",
        "cement_base.group_cement_admin",
    )

    def test_menus(self):
        root = self.env.ref("cement_base.menu_cement_root")
        for number, group in enumerate(self.GROUPS):
            user = self._create_internal_user(f"screen{number}", group)
            env = self.env(user=user)
            menus = env["ir.ui.menu"].search(
                [("id", "child_of", root.id), ("action", "!=", False)]
            )
            visible = env["ir.ui.menu"].browse(
                menus.ids and env["ir.ui.menu"]._visible_menu_ids() & set(menus.ids)
            )
            self.assertTrue(visible)
            for menu in visible:
                if "cement_base" not in (menu.get_external_id()[menu.id] or ""):
                    continue
                with self.subTest(group=group, menu=menu.name):
                    action = menu.action.sudo()
                    model = env[action.res_model]
                    views = [(view_id, mode) for view_id, mode in action.views if mode]
                    result = model.get_views(
                        [*views, (action.search_view_id.id, "search")]
                    )
                    arch = etree.fromstring(result["views"]["list"]["arch"])
                    fields = [node.get("name") for node in arch.findall("field")]
                    model.search_read([], fields, limit=3)

    def test_specification_form(self):
        manager = self._create_internal_user(
            "form_manager", "cement_base.group_sales_manager"
        )
        agreement = self._create_agreement(self._create_counterparty())
        env = self.env(user=manager)
        form = Form(env["cement.specification"])
        form.name = "77"
        form.agreement_id = agreement.with_env(env)
        with form.line_ids.new() as line:
            line.product_id = self.cement.with_env(env)
            line.plant_id = self.plant.with_env(env)
            line.delivery_method_id = self.road_delivery.with_env(env)
            line.price_unit = 5000
        specification = form.save()
        specification.action_activate()
        self.assertEqual(specification.line_ids.warehouse_id, self.warehouse)
        self.assertEqual(specification.line_ids.retail_price, 6000)

    def test_agreement_and_site_forms(self):
        manager = self._create_internal_user(
            "form_manager", "cement_base.group_sales_manager"
        )
        partner = self._create_counterparty()
        env = self.env(user=manager)
        form = Form(env["agreement"])
        form.code = "1"
        form.name = "Contract"
        form.partner_id = partner.with_env(env)
        form.company_id = self.supplier.with_env(env)
        form.credit_limit = 100
        self.assertEqual(form.save().commercial_partner_id, partner)
        form = Form(env["cement.site"])
        form.name = "Site"
        form.partner_id = partner.with_env(env)
        form.kind = "station"
        form.station_id = self._create_station().with_env(env)
        self.assertEqual(form.save().kind, "station")

    def test_invite_wizard(self):
        manager = self._create_internal_user(
            "form_manager", "cement_base.group_sales_manager"
        )
        partner = self._create_counterparty()
        env = self.env(user=manager)
        form = Form(
            env["cement.member.invite"].with_context(default_partner_id=partner.id)
        )
        form.name = "Ivan"
        form.email = "ivan@example.com"
        form.role = "owner"
        form.save().action_invite()
        self.assertEqual(partner.cement_member_ids.role, "owner")
        self.assertEqual(partner.cement_member_ids.invited_by_id, manager)
