# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementWagonOperationCode(models.Model):
    """What the railway can do with a wagon: code, mnemonic, stage of the trip."""

    _name = "cement.wagon.operation.code"
    _description = "Wagon operation code"
    _order = "code, id"
    _rec_names_search = ["name", "code", "mnemonic"]

    code = fields.Char(required=True, help="As reports write it, without zeros before.")
    mnemonic = fields.Char()
    name = fields.Char(required=True, translate=True)
    stage = fields.Selection(
        [
            ("loading", "Loading"),
            ("departed", "Departed"),
            ("moving", "On the way"),
            ("arrived", "Arrived"),
            ("unloading", "Unloading"),
            ("faulty", "Faulty"),
            ("repaired", "Out of repair"),
            ("readdress", "Readdressed"),
            ("abandoned", "Train abandoned"),
            ("raised", "Abandoned train goes on"),
            ("written_off", "Written off"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        help="What the operation means for the trip. Other changes nothing.",
    )
    is_excluded = fields.Boolean(
        string="Hide wagons",
        help="Wagons under this operation are not shown anywhere: written off.",
    )
    is_confirmed = fields.Boolean(
        string="Checked",
        help="Found in a report or in an official list. What is not comes from "
        "general knowledge or was met in a report for the first time.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is an operation with this code already."
    )
