# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

{
    "name": "Cement Portal: Dispatch",
    "summary": "Plant calendar, promised days, change requests, slots and passes",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_logistics"],
    "external_dependencies": {"python": ["qrcode"]},
    "data": [
        "security/cement_logistics_dispatch_groups.xml",
        "security/ir.model.access.csv",
        "security/cement_logistics_dispatch_security.xml",
        "data/ir_sequence_data.xml",
        "data/ir_cron_data.xml",
        "data/cement_change_rule_data.xml",
        "data/cement_today_tile_data.xml",
        "report/report_templates.xml",
        "views/cement_plant_views.xml",
        "views/cement_loading_views.xml",
        "views/cement_change_request_views.xml",
        "views/sale_order_views.xml",
        "views/stock_picking_views.xml",
        "views/cart_templates.xml",
        "views/order_templates.xml",
        "views/change_templates.xml",
        "views/pickup_templates.xml",
        "views/gate_templates.xml",
        "views/res_config_settings_views.xml",
        # menus last: they name the actions of the files above
        "views/cement_logistics_dispatch_menus.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "cement_logistics_dispatch/static/src/scss/*.scss",
            "cement_logistics_dispatch/static/src/interactions/*.js",
        ],
        "web.assets_backend": [
            "cement_logistics_dispatch/static/src/board/*",
        ],
        "web.assets_tests": [
            "cement_logistics_dispatch/static/tests/tours/*.js",
        ],
    },
    "demo": ["demo/cement_logistics_dispatch_demo.xml"],
}
