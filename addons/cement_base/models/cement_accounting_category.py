# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementAccountingCategory(models.Model):
    """What the books keep apart: cement, dry mixes, crushed stone.

    Goods of two categories never share an order, because the accounting system
    would make two orders of it (F137).
    """

    _name = "cement.accounting.category"
    _description = "Accounting category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is an accounting category with this code already."
    )
