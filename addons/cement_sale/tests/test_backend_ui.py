# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import json

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
    ("cement_gate_override_action", "list", ".o_list_renderer"),
    ("cement_today_tile_action_configuration", "list", ".o_data_row"),
)

_WALK = """
(async () => {
    const {services} = odoo.__WOWL_DEBUG__.root.env;
    const drawn = async (selector) => {
        for (let tries = 0; tries < 300; tries++) {
            if (document.querySelector(selector)) return;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`not drawn: ${selector}`);
    };
    for (const [action, viewType, selector] of %s) {
        await services.action.doAction(`cement_sale.${action}`, {
            viewType,
            clearBreadcrumbs: true,
        });
        await drawn(`.o_${viewType}_view ${selector}`);
    }
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


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
        """One after another in one browser, for its start costs the most."""
        self.browser_js(
            "/odoo/cement-today",
            _WALK % json.dumps(_SCREENS),
            ready="odoo.isReady === true",
            login="boss",
            timeout=180,
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
        self.start_tour("/odoo/cement-today", "cement_sale_today_board", login="boss")
