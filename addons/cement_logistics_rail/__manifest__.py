# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Rail",
    "summary": "Wagons on the way: dislocation reports, idle days, arrival, demurrage",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_logistics"],
    "data": [
        "security/ir.model.access.csv",
        "security/cement_logistics_rail_security.xml",
        "data/cement_railway_data.xml",
        "data/cement_wagon_operation_code_data.xml",
        "data/cement_report_heading_data.xml",
        "data/cement_rail_settings_data.xml",
        "data/mail_activity_type_data.xml",
        "data/ir_cron_rail_data.xml",
        "data/ir_cron_source_data.xml",
        "data/cement_today_tile_data.xml",
        "views/cement_wagon_views.xml",
        "views/cement_wagon_trip_views.xml",
        "views/cement_dislocation_import_views.xml",
        "views/cement_rail_vocabulary_views.xml",
        "views/cement_dislocation_source_views.xml",
        # menus last: they name the actions of the files above
        "views/cement_logistics_rail_menus.xml",
        "views/cement_dislocation_source_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "cement_logistics_rail/static/src/map/*",
            "cement_logistics_rail/static/src/slice/*",
        ],
    },
    "demo": [
        "demo/cement_logistics_rail_demo.xml",
        "demo/cement_rail_provider_demo.xml",
    ],
}
