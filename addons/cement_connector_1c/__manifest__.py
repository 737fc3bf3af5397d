{
    "name": "Cement Portal: 1C connector",
    "summary": "Orders to 1C, statuses and goods back (CommerceML)",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "AGPL-3",
    "author": "Cement Portal",
    "depends": [],
    "installable": False,
}
