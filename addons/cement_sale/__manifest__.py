# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Sales",
    "summary": "Requests, load planning, the order gate and the life cycle of "
    "orders by the vehicle",
    "version": "19.0.1.0.0",
    "category": "Sales",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_base"],
    "external_dependencies": {"python": ["openpyxl"]},
    "data": [
        "security/ir.model.access.csv",
        "security/cement_sale_security.xml",
        "data/decimal_precision_data.xml",
        "data/ir_sequence_data.xml",
        "data/cement_consolidation_rule_data.xml",
        "data/cement_table_heading_data.xml",
        "data/cement_today_tile_data.xml",
        "wizard/cement_gate_lift_views.xml",
        "views/cement_cart_templates.xml",
        "views/cement_cart_views.xml",
        "views/sale_order_views.xml",
        "views/cement_specification_line_views.xml",
        "views/cement_configuration_views.xml",
        "views/cement_today_tile_views.xml",
        "report/sale_report_views.xml",
        # menus last: they name the actions of the files above
        "views/cement_sale_menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["cement_sale/static/tests/tours/**/*"],
    },
    "demo": [
        "demo/cement_sale_demo.xml",
    ],
}
