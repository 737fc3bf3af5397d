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
        "views/cement_wagon_views.xml",
        # menus last: they name the actions of the files above
        "views/cement_logistics_rail_menus.xml",
    ],
}
