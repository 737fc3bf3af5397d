# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Axle loads",
    "summary": "Legal payload by road, region, season and day",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_logistics"],
    "data": [
        "security/ir.model.access.csv",
        "security/cement_logistics_axle_security.xml",
        # before the act: it is looked at when it comes
        "data/mail_activity_type_data.xml",
        "data/cement_axle_regulation_data.xml",
        "data/cement_season_data.xml",
        "data/ir_cron_data.xml",
        "data/cement_season_example_data.xml",
        "data/cement_vehicle_type_data.xml",
        "report/cement_axle_check_report.xml",
        "wizard/cement_season_views.xml",
        "views/cement_axle_regulation_views.xml",
        "views/cement_season_views.xml",
        "views/cement_axle_check_views.xml",
        "views/cement_vehicle_type_views.xml",
        "views/cement_route_views.xml",
        "views/site_templates.xml",
        # menus last: they name the actions of the files above
        "views/cement_logistics_axle_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "cement_logistics_axle/static/src/calendar/*",
        ],
        "web.assets_frontend": [
            "cement_logistics_axle/static/src/scss/*.scss",
        ],
        "web.assets_tests": [
            "cement_logistics_axle/static/tests/tours/*.js",
        ],
    },
    "demo": [
        "demo/cement_logistics_axle_demo.xml",
    ],
}
