# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Cement Portal: 1C",
    "summary": "Hands orders over to 1C and takes statuses, goods and prices back "
    "(CommerceML, as UT and ERP speak it)",
    "version": "19.0.1.0.0",
    "category": "Sales",
    "author": "Cement Portal contributors",
    "website": "https://cement-portal.example",
    "license": "AGPL-3",
    "depends": ["cement_sale", "queue_job"],
    "external_dependencies": {"python": ["lxml"]},
    "data": [
        "security/cement_connector_1c_groups.xml",
        "security/ir.model.access.csv",
        "security/cement_connector_1c_security.xml",
        "data/queue_job_data.xml",
        "data/ir_cron_data.xml",
        "data/product_attribute_data.xml",
        "data/cement_connector_status_map_data.xml",
        "data/cement_today_tile_data.xml",
        "wizard/cement_connector_password_views.xml",
        "views/cement_connector_backend_views.xml",
        "views/cement_connector_offer_views.xml",
        "views/cement_connector_binding_views.xml",
        "views/cement_connector_status_map_views.xml",
        "views/cement_exchange_record_views.xml",
        "views/cement_exchange_request_views.xml",
        "views/sale_order_views.xml",
        "views/uom_uom_views.xml",
        # menus last: they name the actions of the files above
        "views/cement_connector_1c_menus.xml",
    ],
    "demo": [
        "demo/cement_connector_1c_demo.xml",
    ],
    "post_init_hook": "post_init_hook",
}
