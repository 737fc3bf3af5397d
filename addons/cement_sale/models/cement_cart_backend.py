# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# more vehicles than a person looks through on one screen
_PREVIEW_LOADS = 60

# what only the confirmation itself may say
_MADE_BY_CONFIRMATION = {
    "state",
    "channel",
    "confirmed_at",
    "confirmed_by_id",
    "version",
}


class CementCart(models.Model):
    """What managers see and may change in the backend."""

    _inherit = "cement.cart"

    plan_html = fields.Html(
        string="What it becomes",
        compute="_compute_plan_html",
        sanitize=False,
        help="Vehicles, their filling and cost, as saved.",
    )
    mass_text = fields.Char(compute="_compute_mass_text")
    override_count = fields.Integer(compute="_compute_override_count")

    def _compute_plan_html(self):
        for cart in self:
            origin = cart._origin
            cart.plan_html = (
                origin._render_plan() if origin and origin.state == "draft" else False
            )

    @api.depends("mass")
    @api.depends_context("lang")
    def _compute_mass_text(self):
        for cart in self:
            cart.mass_text = self.env["cement.order.gate"]._format_tonnes(cart.mass)

    def _compute_override_count(self):
        for cart in self:
            cart.override_count = len(cart.override_ids)

    def _render_plan(self):
        """Return the plan as HTML, the same figures as on the client's page."""
        self.ensure_one()
        if not self.line_ids:
            return False
        view = self._get_plan_view()
        return self.env["ir.qweb"]._render(
            "cement_sale.cart_plan_preview",
            {
                "plan": view,
                "limit": _PREVIEW_LOADS,
                "tonnes": self.env["cement.order.gate"]._format_tonnes,
            },
        )

    def _log_lifted(self, findings, reason):
        """Write down which blocks of the request were lifted."""
        self.ensure_one()
        service = self.env["cement.order.gate"]
        # sudo: nobody may write the log by hand, the caller checked the right
        self.env["cement.gate.override"].sudo().create(
            [
                {
                    "cart_id": self.id,
                    **service._prepare_override_vals(finding, reason),
                }
                for finding in findings
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse requests that claim to be confirmed."""
        for vals in vals_list:
            self._check_made_by_confirmation(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override to keep confirmed requests as they were ordered, and to count
        the changes made in the backend."""
        self._check_made_by_confirmation(vals)
        if {"line_ids", "partner_id", "strategy"} & vals.keys():
            self.check_access("write")
            self._check_draft()
            result = super().write(vals)
            if not self.env.su:
                # members' changes count themselves
                self.sudo()._touch()
            return result
        return super().write(vals)

    @api.model
    def _check_made_by_confirmation(self, vals):
        if self.env.su:
            return
        forged = {
            name
            for name in _MADE_BY_CONFIRMATION & vals.keys()
            # a form sends what it was given as defaults
            if vals[name] not in (False, None, 0, "draft")
        }
        if forged:
            raise AccessError(self.env._("A request is confirmed by its button only."))

    def _check_draft(self):
        if not self.env.su and any(cart.state != "draft" for cart in self):
            raise UserError(
                self.env._(
                    "The request is not a draft any more: change its orders instead."
                )
            )


class CementCartLine(models.Model):
    _inherit = "cement.cart.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Override to let nobody add to a confirmed request."""
        lines = super().create(vals_list)
        lines.cart_id._check_draft()
        return lines

    def write(self, vals):
        """Override to let nobody change what was ordered."""
        # who may not write at all learns nothing of the request
        self.check_access("write")
        self.cart_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ordered(self):
        self.cart_id._check_draft()
