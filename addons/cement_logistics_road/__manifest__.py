# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Road",
    "summary": "Trucks followed from the plant to the silo: Movizor and trackers that "
    "push, fences, status by itself, arrival and delays",
    "version": "19.0.1.1.0",
    "category": "Inventory/Delivery",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_logistics"],
    "external_dependencies": {"python": ["openupgradelib"]},
    "data": [
        "security/ir.model.access.csv",
        "security/cement_logistics_road_security.xml",
        "data/cement_tracking_provider_data.xml",
        "data/ir_cron_data.xml",
        "data/mail_activity_type_data.xml",
        "wizard/cement_tracking_manual_views.xml",
        "views/cement_tracking_exchange_views.xml",
        "views/cement_tracked_object_views.xml",
        "views/cement_tracking_unit_views.xml",
        "views/cement_tracking_speed_views.xml",
        "views/cement_tracking_provider_views.xml",
        "views/cement_driver_views.xml",
        "views/cement_plant_views.xml",
        "views/cement_site_views.xml",
        "views/stock_picking_views.xml",
        # menus last: they name the actions of the files above
        "views/cement_logistics_road_menus.xml",
    ],
    "demo": [
        "demo/cement_logistics_road_demo.xml",
    ],
}
