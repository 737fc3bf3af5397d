# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models


class CementLawMixin(models.AbstractModel):
    """What the law is made of: whoever changes it makes it be read anew."""

    _name = "cement.law.mixin"
    _description = "Part of the law of the road"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["cement.axle.law"]._forget()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env["cement.axle.law"]._forget()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["cement.axle.law"]._forget()
        return result
