# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

# ОКЕИ codes of the units Odoo brings; 1C names units by these codes only.
OKEI_CODES = {
    "uom.product_uom_ton": "168",
    "uom.product_uom_kgm": "166",
    "uom.product_uom_gram": "163",
    "uom.product_uom_unit": "796",
    "uom.product_uom_dozen": "641",
    "uom.product_uom_litre": "112",
    "uom.product_uom_cubic_meter": "113",
    "uom.product_uom_meter": "006",
    "uom.product_uom_km": "008",
    "uom.product_uom_hour": "356",
    "uom.product_uom_day": "359",
}


def post_init_hook(env):
    """Give the units of Odoo their ОКЕИ codes, where nobody set others."""
    for xmlid, code in OKEI_CODES.items():
        uom = env.ref(xmlid, raise_if_not_found=False)
        if uom and not uom.okei_code:
            uom.okei_code = code
