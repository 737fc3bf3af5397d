# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Portal",
    "summary": "The wholesale client's own pages: catalogue by specification, carts "
    "that become vehicles, orders, people",
    "version": "19.0.1.0.0",
    "category": "Sales",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_sale", "portal"],
    "external_dependencies": {"python": ["openpyxl", "xlsxwriter"]},
    "data": [
        "security/ir.model.access.csv",
        "data/ir_config_parameter_data.xml",
        "data/mail_template_data.xml",
        "report/report_order.xml",
        "wizard/cement_impersonation_start_views.xml",
        "views/icon_templates.xml",
        "views/shell_templates.xml",
        "views/login_templates.xml",
        "views/home_templates.xml",
        "views/catalogue_templates.xml",
        "views/vehicle_templates.xml",
        "views/cart_templates.xml",
        "views/order_list_templates.xml",
        "views/order_templates.xml",
        "views/people_templates.xml",
        "views/profile_templates.xml",
        "views/documents_templates.xml",
        "views/statistics_templates.xml",
        "views/registration_templates.xml",
        "views/impersonation_templates.xml",
        "views/cement_impersonation_log_views.xml",
    ],
    "demo": ["demo/cement_portal_demo.xml"],
    "assets": {
        "web.assets_frontend": [
            "cement_portal/static/src/scss/*.scss",
            "cement_portal/static/src/interactions/*.js",
        ],
        "portal.assets_chatter_style": [
            "cement_portal/static/src/chatter/*.scss",
        ],
        "web.assets_tests": [
            "cement_portal/static/tests/tours/*.js",
        ],
    },
}
