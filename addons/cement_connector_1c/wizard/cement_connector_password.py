# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import secrets

from odoo import api, fields, models


class CementConnectorPassword(models.TransientModel):
    """A new password, shown once beside the other settings of the exchange node."""

    _name = "cement.connector.password"
    _description = "New password for 1C"

    backend_id = fields.Many2one(
        "cement.connector.backend", required=True, ondelete="cascade"
    )
    url = fields.Char(related="backend_id.url")
    login = fields.Char(related="backend_id.login")
    password = fields.Char(
        readonly=True, required=True, default=lambda self: self._make_password()
    )

    @api.model
    def _make_password(self) -> str:
        """Return a password that survives being typed from a sheet of paper."""
        letters = "abcdefghjkmnpqrstuvwxyz23456789"
        return "-".join(
            "".join(secrets.choice(letters) for _n in range(5)) for _part in range(4)
        )

    def _get_action(self) -> dict:
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("New password for 1C"),
        }

    def action_apply(self):
        """Keep the hash of the password; the old one stops working."""
        self.ensure_one()
        self.backend_id.secret = self.password
        self.unlink()
        return {"type": "ir.actions.act_window_close"}
