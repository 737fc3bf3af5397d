# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import formatLang

from ..tools import lifecycle
from ..tools.findings import BLOCK

# what of a line the gate looks at
_GATED = {"product_id", "product_uom_qty", "product_uom_id", "specification_line_id"}

# The gate and the life cycle write these as superuser, after their checks: a
# forged call cannot, whatever its context says.
_WRITTEN_BY_CHECKS = {
    "cement_state",
    "cement_state_date",
    "is_cement",
    "cement_cart_id",
    "load_index",
    "channel",
    "manager_reason",
    # decides which of the client's people see the order
    "ordered_by_id",
}
# Of a line by specification these follow from what was agreed.
_AGREED_MONEY = ("price_unit", "discount", "tax_ids")


class SaleOrder(models.Model):
    """What the boards of managers need, and what they may not write by hand."""

    _inherit = "sale.order"

    cement_state = fields.Selection(group_expand="_group_expand_cement_state")
    user_id = fields.Many2one(group_expand="_group_expand_user_id")
    due_date = fields.Date(
        string="Day of shipment",
        compute="_compute_due_date",
        store=True,
        index="btree_not_null",
        help="The promised day, before a promise the requested one.",
    )
    load_text = fields.Char(string="Load", compute="_compute_load_text")
    override_count = fields.Integer(compute="_compute_override_count")

    @api.depends("promised_date", "requested_date")
    def _compute_due_date(self):
        for order in self:
            order.due_date = order.promised_date or order.requested_date

    @api.depends("load_mass")
    @api.depends_context("lang")
    def _compute_load_text(self):
        for order in self:
            order.load_text = self.env["cement.order.gate"]._format_tonnes(
                order.load_mass
            )

    @api.depends("override_ids")
    def _compute_override_count(self):
        for order in self:
            order.override_count = len(order.override_ids)

    @api.model
    def _group_expand_cement_state(self, _values, _domain):
        """Show every step of the way as a column, but not where it ends."""
        return list(lifecycle.UNDER_WAY)

    @api.model
    def _group_expand_user_id(self, users, _domain):
        """On the assignment board show the managers without orders as well."""
        if not self.env.context.get("cement_assignment_board"):
            return users
        profiles = self.env["cement.manager.profile"].search(
            [("user_id.active", "=", True)]
        )
        return users | profiles.user_id

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale`: see :meth:`_check_written_by_checks`."""
        for vals in vals_list:
            # a form sends the empty values it was given
            self._check_written_by_checks(
                {
                    name
                    for name, value in vals.items()
                    if value and (name, value) != ("cement_state", lifecycle.NEW)
                }
            )
        return super().create(vals_list)

    def write(self, vals):
        """Override of `sale` to keep what only checks may write, and to note who
        handed an order over."""
        self._check_written_by_checks(vals.keys())
        if vals.get("state") == "sale":
            self._check_confirmed_by_gate()
        if vals.get("state") == "cancel":
            self._check_cancelled_by_life_cycle()
        if "user_id" in vals and not self.env.su:
            self._note_handed_over(vals["user_id"])
        return super().write(vals)

    @api.model
    def _check_written_by_checks(self, names):
        """Refuse to write by hand what the gate and the life cycle decide.

        :raises AccessError: no button of ours gets here.
        """
        if not self.env.su and _WRITTEN_BY_CHECKS & set(names):
            raise AccessError(
                self.env._(
                    "Status, channel, author and vehicle number are not set by hand."
                )
            )

    def _check_confirmed_by_gate(self):
        """Refuse a confirmation that went past the gate, which confirms as
        superuser.

        :raises AccessError: when somebody writes the state itself.
        """
        if not self.env.su and any(
            order.is_cement and order.state != "sale" for order in self
        ):
            raise AccessError(
                self.env._("Orders by specification are confirmed by the button only.")
            )

    def _check_cancelled_by_life_cycle(self):
        """Refuse to write the state itself: the client would go on seeing an order
        under way.

        :raises AccessError: no button of ours gets here.
        """
        if not self.env.su and any(
            order.is_cement
            and order.state == "sale"
            and order.cement_state != lifecycle.CANCELLED
            for order in self
        ):
            raise AccessError(
                self.env._("Orders by specification are cancelled by the button only.")
            )

    def _note_handed_over(self, user_id):
        """Say on the order why it has this manager now."""
        changed = self.filtered(
            lambda order: order.is_cement and order.user_id.id != user_id
        )
        if changed:
            # sudo: the reason is never typed, it is written here
            changed.sudo().write(
                {
                    "manager_reason": self.env._(
                        "handed over by %(user)s", user=self.env.user.name
                    )
                }
            )

    def action_view_cement_cart(self):
        """Open the request behind the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cement.cart",
            "res_id": self.cement_cart_id.id,
            "view_mode": "form",
        }

    def _check_backend_change(self):
        """Let confirmed orders changed in the backend through the gate as well.

        Days are left out: the promise is the plant's, and an order under way may
        be corrected after its day. A person with the right to lift blocks passes,
        and it is kept who and what.

        :raises UserError: naming every block.
        """
        confirmed = self.filtered(
            lambda order: order.is_cement and order.state == "sale"
        )
        if not confirmed or self.env.su:
            return
        service = self.env["cement.order.gate"]
        about_days = service._get_day_codes()
        findings = [
            finding
            for finding in confirmed._get_gate_findings()
            if finding.severity == BLOCK and finding.code not in about_days
        ]
        if not findings:
            return
        if not self.env.user.has_group("cement_base.group_gate_override"):
            service._raise_blocked(findings)
        confirmed._log_lifted(findings, self.env._("changed in the backend"))

    def _log_lifted(self, findings, reason):
        """Write down which blocks of these orders were lifted."""
        service = self.env["cement.order.gate"]
        # sudo: nobody may write the log by hand, the caller checked the right
        self.env["cement.gate.override"].sudo().create(
            [
                {
                    "order_id": order.id,
                    **service._prepare_override_vals(finding, reason),
                }
                for finding in findings
                for order in self
                if not finding.keys or set(finding.keys) & set(order.order_line.ids)
            ]
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.constrains("specification_line_id", "product_id")
    def _check_specification_product(self):
        for line in self:
            agreed = line.specification_line_id
            if agreed and line.product_id != agreed.product_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not what the specification line names "
                        "(%(agreed)s).",
                        product=line.product_id.display_name,
                        agreed=agreed.product_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `sale` to let lines added to a confirmed order meet the
        gate."""
        lines = super().create(vals_list)
        lines._check_agreed_money({})
        lines._check_backend_change()
        return lines

    def write(self, vals):
        """Override of `sale` to let changed lines of a confirmed order meet the
        gate, and to keep what was agreed."""
        before = {}
        is_about_money = any(name in vals for name in _AGREED_MONEY)
        if is_about_money and not self.env.su:
            before = {line.id: line._get_money() for line in self}
        ordered = self.filtered(lambda line: line.state == "sale")
        result = super().write(vals)
        if "specification_line_id" in vals:
            # what was ordered keeps its price, but not that of another line
            ordered.filtered("specification_line_id")._take_agreed_price()
        if is_about_money:
            self._check_agreed_money(before)
        if _GATED & vals.keys():
            self._check_backend_change()
        return result

    def _get_money(self) -> dict:
        self.ensure_one()
        return {
            "price": round(self.price_unit, 4),
            "discount": self.discount,
            "taxes": frozenset(self.tax_ids.ids),
            "agreed": self.specification_line_id,
        }

    def _is_money_by_hand(self, old: dict | None) -> bool:
        """Whether the line has other money than was agreed, and had not before.

        :param old: what it had, see :meth:`_get_money`.
        """
        self.ensure_one()
        new = self._get_money()
        same = old or {}
        return (
            (self._has_other_price() and same.get("price") != new["price"])
            or (bool(new["discount"]) and same.get("discount") != new["discount"])
            or (
                bool(old)
                and old["agreed"] == new["agreed"]
                and old["taxes"] != new["taxes"]
            )
        )

    def _check_agreed_money(self, before: dict):
        """Keep price, discount and VAT of lines by specification as agreed.

        A person with the right to lift blocks may set others, and it is kept who
        and what.

        :param before: what the lines had, by id; they may have it still.
        :raises AccessError: when somebody else sets others.
        """
        if self.env.su:
            return
        changed = self.filtered(
            lambda line: line.specification_line_id
            and line._is_money_by_hand(before.get(line.id))
        )
        if not changed:
            return
        if not self.env.user.has_group("cement_base.group_gate_override"):
            raise AccessError(
                self.env._(
                    "Price, discount and VAT of an order follow from the "
                    "specification. Change the specification, or ask a person who "
                    "may lift blocks."
                )
            )

        def price_text(price, line):
            return formatLang(self.env, price, currency_obj=line.currency_id)

        for line in changed:
            old = before.get(line.id)
            line.order_id._message_log(
                body=self.env._(
                    "%(product)s: price set by hand to %(new)s, discount %(discount)s "
                    "%% (before: %(old)s)",
                    product=line.product_id.display_name,
                    new=price_text(line.price_unit, line),
                    discount=f"{line.discount:g}",
                    old=formatLang(
                        self.env, old["price"], currency_obj=line.currency_id
                    )
                    if old
                    else "–",
                )
            )

    def _check_backend_change(self):
        if self.env.su:
            return
        lines = self.filtered(
            lambda line: line.specification_line_id and line.state == "sale"
        )
        if lines:
            lines.specification_line_id.sudo()._lock_volumes()
            lines.order_id._check_backend_change()
