# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models

from .cement_axle_regulation import RATINGS, STATUSES


class CementAxleMassLimit(models.Model):
    """Gross mass of a vehicle by its number of axles."""

    _name = "cement.axle.mass.limit"
    _description = "Limit of the gross mass"
    _inherit = ["cement.remembered"]
    _order = "regulation_id, kind, axle_count"

    regulation_id = fields.Many2one(
        "cement.axle.regulation", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("solo", "Single vehicle"), ("train", "Road train")], required=True
    )
    axle_count = fields.Integer(
        string="Axles",
        required=True,
        help="The greatest number means so many and more.",
    )
    limit = fields.Float(string="Gross, t", digits=(16, 3), required=True)
    status = fields.Selection(STATUSES, required=True, default="unchecked")
    source = fields.Char()

    _once = models.UniqueIndex(
        "(regulation_id, kind, axle_count)",
        "This number of axles has a limit already.",
    )
    _limit_positive = models.Constraint(
        'CHECK("limit" > 0 AND axle_count > 1)',
        "A limit must be above zero, for two axles or more.",
    )


class CementAxleLimit(models.Model):
    """A cell of the table of axle loads."""

    _name = "cement.axle.limit"
    _description = "Limit of an axle load"
    _inherit = ["cement.remembered"]
    _order = "regulation_id, group_size, tyres, spacing_to, rating, is_air"

    regulation_id = fields.Many2one(
        "cement.axle.regulation", required=True, index=True, ondelete="cascade"
    )
    group_size = fields.Selection(
        [
            ("1", "Single axle"),
            ("2", "Double axle"),
            ("3", "Triple axle"),
            ("4", "Four and more, and eight wheels (each axle)"),
        ],
        string="Group",
        required=True,
    )
    tyres = fields.Selection(
        [
            ("single", "Single tyres"),
            ("twin", "Twin tyres"),
            ("eight", "Eight wheels and more"),
        ],
        required=True,
    )
    spacing_to = fields.Float(
        string="Spacing up to, m",
        digits=(16, 2),
        help="Mean spacing of the axles, inclusive; 0 = any.",
    )
    rating = fields.Selection(RATINGS, string="Road for", required=True)
    is_air = fields.Boolean(
        string="Air suspension", help="Holds when every axle of the group has it."
    )
    limit = fields.Float(string="Limit, t", digits=(16, 3), required=True)
    status = fields.Selection(STATUSES, required=True, default="unchecked")
    source = fields.Char()

    _once = models.UniqueIndex(
        "(regulation_id, group_size, tyres, spacing_to, rating, is_air)",
        "This cell of the table is there already.",
    )
    _limit_positive = models.Constraint(
        'CHECK("limit" > 0 AND spacing_to >= 0)', "A limit must be above zero."
    )


class CementAxleFine(models.Model):
    """What an excess costs, for the eyes of people: nothing is reckoned from it."""

    _name = "cement.axle.fine"
    _description = "Fine for an overload"
    _order = "regulation_id, percent_from, who"

    regulation_id = fields.Many2one(
        "cement.axle.regulation", required=True, index=True, ondelete="cascade"
    )
    percent_from = fields.Float(string="Above, %", digits=(16, 1))
    percent_to = fields.Float(string="Up to, %", digits=(16, 1), help="0 = no end.")
    who = fields.Selection(
        [
            ("driver", "Driver"),
            ("official", "Official"),
            ("company", "Carrier company"),
            ("camera", "Owner, by camera"),
            ("shipper", "Shipper who loaded too much"),
        ],
        required=True,
    )
    amount_from = fields.Integer(string="From, ₽")
    amount_to = fields.Integer(string="To, ₽")
    article = fields.Char()
    note = fields.Char()
    status = fields.Selection(STATUSES, required=True, default="unchecked")
    source = fields.Char()
