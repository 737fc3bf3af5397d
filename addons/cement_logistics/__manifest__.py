# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Logistics",
    "summary": "Shipments: vehicle, waybill, mass, the way to the site, delivery",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_portal", "web_leaflet_lib"],
    "data": [
        "security/ir.model.access.csv",
        "views/cement_driver_views.xml",
        "views/shipment_list_templates.xml",
        "views/shipment_templates.xml",
        # menus last: they name the actions of the files above
        "views/cement_logistics_menus.xml",
    ],
}
