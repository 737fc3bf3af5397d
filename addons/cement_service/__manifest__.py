# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Service",
    "summary": "Claims of the client on an order: photos, answers, a life cycle",
    "version": "19.0.1.0.0",
    "category": "Sales",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_portal"],
    "data": [
        "security/ir.model.access.csv",
        "security/cement_service_security.xml",
        "data/ir_sequence_data.xml",
        "data/cement_claim_kind_data.xml",
        "views/cement_claim_kind_views.xml",
        "views/cement_claim_views.xml",
        "views/sale_order_views.xml",
        "views/claim_templates.xml",
        "views/order_templates.xml",
        # menus last: they name the actions of the files above
        "views/cement_service_menus.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "cement_service/static/src/scss/*.scss",
            "cement_service/static/src/interactions/*.js",
        ],
        "web.assets_tests": [
            "cement_service/static/tests/tours/*.js",
        ],
    },
    "demo": [
        "demo/cement_service_demo.xml",
    ],
}
