# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementClaimKind(models.Model):
    """What a claim is about, and what the client must say with it."""

    _name = "cement.claim.kind"
    _description = "Kind of claim"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Stays the same in every language; data exchange uses it."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    needs_mass = fields.Boolean(
        string="Mass required", help="The client must say how many tonnes it is about."
    )
    needs_photo = fields.Boolean(
        string="Photo required", help="The client must attach a photo or a PDF."
    )
    hint = fields.Text(
        translate=True, help="Shown in the form: what to write and to attach."
    )

    _code_uniq = models.UniqueIndex("(code)", "This code is taken by another kind.")
