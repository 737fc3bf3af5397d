# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementCargoForm(models.Model):
    """In what form the goods travel (вид тары)."""

    _name = "cement.cargo.form"
    _description = "Cargo form"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("bulk", "Bulk"),
            ("big_bag", "Big bags"),
            ("pallet", "Bags on pallets"),
            ("bag", "Loose bags"),
        ],
        required=True,
        help="How the load planner treats the goods: bulk is poured and takes a "
        "vehicle of its own, the rest travels in whole packages.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is a cargo form with this code already."
    )
