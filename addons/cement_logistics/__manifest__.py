# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Logistics",
    "summary": "Shipments: vehicle, waybill, mass, the way to the site, delivery",
    "version": "19.0.1.0.1",
    "category": "Inventory/Delivery",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_portal", "queue_job", "web_leaflet_lib"],
    "data": [
        "security/ir.model.access.csv",
        "security/cement_logistics_security.xml",
        "data/mail_template_data.xml",
        "data/queue_job_data.xml",
        "data/mail_activity_data.xml",
        "data/cement_today_tile_data.xml",
        "report/delivery_confirmation.xml",
        "views/cement_driver_views.xml",
        "views/cement_shipment_link_views.xml",
        "views/cement_delivery_confirmation_views.xml",
        "views/stock_picking_views.xml",
        "views/res_config_settings_views.xml",
        "views/shipment_list_templates.xml",
        "views/shipment_templates.xml",
        "views/tracking_templates.xml",
        "views/order_templates.xml",
        "views/home_templates.xml",
        # menus last: they name the actions of the files above
        "views/cement_logistics_menus.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "cement_logistics/static/src/scss/*.scss",
            "cement_logistics/static/src/map/*.js",
            "cement_logistics/static/src/interactions/*.js",
        ],
        # fetched by pages with a map only
        "cement_logistics.assets_map": [
            "web_leaflet_lib/static/lib/leaflet/leaflet.css",
            "web_leaflet_lib/static/lib/leaflet_markercluster/MarkerCluster.css",
            "web_leaflet_lib/static/lib/leaflet/leaflet.js",
            "web_leaflet_lib/static/lib/leaflet_markercluster/leaflet.markercluster.js",
        ],
        "web.assets_backend": [
            "cement_logistics/static/src/scss/shipments.scss",
            "cement_logistics/static/src/map/*.js",
            "cement_logistics/static/src/backend/*",
        ],
        "web.assets_tests": [
            "cement_logistics/static/tests/tours/*.js",
        ],
    },
    "demo": [
        "demo/cement_logistics_demo.xml",
    ],
    "post_init_hook": "post_init_hook",
}
