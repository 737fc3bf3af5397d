# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: Logistics and Service",
    "summary": "A shortage at the client's scales begins a claim, with the photos",
    "version": "19.0.1.0.0",
    "category": "Inventory/Delivery",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_logistics", "cement_service"],
    "data": [
        "views/cement_claim_views.xml",
    ],
    "demo": [
        "demo/cement_logistics_service_demo.xml",
    ],
    "auto_install": True,
}
