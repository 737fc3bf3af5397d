# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class UomUom(models.Model):
    _inherit = "uom.uom"

    okei_code = fields.Char(
        string="OKEI code",
        size=4,
        index="btree_not_null",
        help="Code of the unit in the all-Russian classifier: 168 for a tonne. 1C "
        "knows units by it.",
    )

    _okei_code_uniq = models.UniqueIndex(
        "(okei_code) WHERE okei_code IS NOT NULL",
        "Another unit of measure has this OKEI code already.",
    )
