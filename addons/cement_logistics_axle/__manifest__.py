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
}
