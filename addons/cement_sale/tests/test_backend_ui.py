# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import HttpCase, tagged

from .common import CementSaleCommon

# the screen, and what is on it when it is drawn
_SCREENS = (
    ("cement_today_tile_action", "kanban", ".o_kanban_record a[name='action_open']"),
    ("sale_order_action_cement", "list", ".o_data_row .o_field_badge"),
    ("sale_order_action_cement", "kanban", ".o_kanban_group .o_kanban_record"),
    ("sale_order_action_cement", "calendar", ".o_calendar_renderer .fc-event"),
    ("sale_order_action_assignment", "kanban", ".o_kanban_group .o_kanban_record"),
    ("cement_cart_action", "list", ".o_data_row"),
    ("cement_cart_action", "kanban", ".o_kanban_record"),
    ("sale_report_action_online", "pivot", ".o_pivot td.o_pivot_cell_value"),
    ("sale_report_action_online", "graph", ".o_graph_canvas_container canvas"),
    ("cement_consolidation_rule_action", "list", ".o_data_row"),
    ("cement_table_heading_action", "list", ".o_group_header"),
    ("cement_gate_override_action", "list", ".o_list_view"),
    ("cement_today_tile_action_configuration", "list", ".o_data_row"),
)


@tagged("post_install", "-at_install")
class TestBackendUi(CementSaleCommon, HttpCase):
    """Every screen draws itself in a real browser, without an error."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_internal_user(
            "boss",
            "cement_base.group_cement_admin",
            companies=cls.supplier,
            lang="en_US",
        )
        cls.order = cls._create_order(20)
        cls.order.user_id = cls.boss
        # the calendar opens on the present week
        cls.order.promised_date = cls.today
        cls.cart = cls._create_cart([(cls.line_bulk, 45)])

    def _open(self, path, selector):
        self.browser_js(
            path,
            "console.log('test successful')",
            ready=f"document.querySelector({selector!r}) !== null",
            login="boss",
            timeout=60,
        )

    def test_screens(self):
        for name, view_type, selector in _SCREENS:
            with self.subTest(name=name, view=view_type):
                action = self.env.ref(f"cement_sale.{name}")
                self._open(
                    f"/odoo/action-{action.id}?view_type={view_type}", selector
                )

    def test_request_form(self):
        self._open(
            f"/odoo/cement-requests/{self.cart.id}", "button[name='action_confirm']"
        )

    def test_order_form(self):
        self._open(
            f"/odoo/cement-orders/{self.order.id}",
            ".o_statusbar_status button[data-value='reserve_allowed']",
        )

    def test_board_leads_to_the_orders(self):
        """A tile opens its list, a row its order."""
        self.start_tour(
            "/odoo/cement-today", "cement_sale_today_board", login="boss"
        )
