# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.payload import UNKNOWN


class CementAxleLift(models.TransientModel):
    """Shows an overload at the scales and asks a person with the right why the
    vehicle may go all the same."""

    _name = "cement.axle.lift"
    _description = "Let an overloaded vehicle go"

    check_id = fields.Many2one("cement.axle.check", required=True)
    # related fields obey the rights of the person: any check could be named
    result_html = fields.Html(related="check_id.result_html", related_sudo=False)
    verdict = fields.Selection(related="check_id.verdict", related_sudo=False)
    worst = fields.Char(related="check_id.worst", related_sudo=False)
    legal_max = fields.Float(related="check_id.legal_max", related_sudo=False)
    payload = fields.Float(related="check_id.payload", related_sudo=False)
    reason = fields.Text(help="Kept with the calculation for ever.")
    can_lift = fields.Boolean(compute="_compute_can_lift")

    def _compute_can_lift(self):
        self.can_lift = self._has_right()

    def _has_right(self) -> bool:
        return self.env.user.has_group("cement_base.group_gate_override")

    def action_lift(self):
        """Keep who lets the vehicle go and why, then let it go.

        :raises AccessError: without the right.
        :raises UserError: without a reason.
        """
        self.ensure_one()
        if not self._has_right():
            raise AccessError(self.env._("You may not let an overloaded vehicle go."))
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the vehicle may go."))
        picking = self.check_id.picking_id
        picking.check_access("write")
        check = picking._record_axle_checks(reason)
        words = {"worst": check.worst, "user": self.env.user.name, "reason": reason}
        picking.message_post(
            body=self.env._(
                "Not judged (%(worst)s), let go by %(user)s: %(reason)s", **words
            )
            if check.verdict == UNKNOWN
            else self.env._(
                "Overloaded by %(percent)s %% (%(worst)s), let go by %(user)s: "
                "%(reason)s",
                percent=check.excess_percent,
                **words,
            )
        )
        return picking.button_validate()
