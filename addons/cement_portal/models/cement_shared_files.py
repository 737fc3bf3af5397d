# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models


class CementSharedFiles(models.AbstractModel):
    """A record whose files a manager may share with the client."""

    _name = "cement.shared.files"
    _description = "Files shared with the client"

    shared_file_count = fields.Integer(
        compute="_compute_shared_file_count", groups="base.group_user"
    )

    def _compute_shared_file_count(self):
        counts = dict(
            self.env["ir.attachment"]._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("cement_shared", "=", True),
                ],
                ["res_id"],
                ["__count"],
            )
        )
        for record in self:
            record.shared_file_count = counts.get(record.id, 0)

    def action_view_shared_files(self):
        """Open the files of the record; a new one is shared from the start."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_portal.cement_shared_file_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        action["context"] = {
            "default_res_model": self._name,
            "default_res_id": self.id,
            "default_cement_shared": True,
            "default_cement_date": fields.Date.to_string(
                fields.Date.context_today(self)
            ),
            "default_type": "binary",
        }
        return action


class Agreement(models.Model):
    _name = "agreement"
    _inherit = ["agreement", "cement.shared.files"]


class CementSpecification(models.Model):
    _name = "cement.specification"
    _inherit = ["cement.specification", "cement.shared.files"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "cement.shared.files"]
