# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    cement_vat_rate_id = fields.Many2one(
        "cement.vat.rate",
        string="Dated VAT rate",
        index="btree_not_null",
        copy=False,
        help="The dated rate that this tax carries out in its company.",
    )
