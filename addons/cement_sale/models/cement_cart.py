# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.cement_base.tools import roles

from ..tools.table_import import clean_text

CHANNELS = [
    ("portal_desktop", "Portal, desktop"),
    ("portal_mobile", "Portal, phone"),
    ("manager", "Manager"),
    ("onec", "1C"),
    ("api", "API"),
]


class CementCart(models.Model):
    """A named draft of one member; confirmed, it stays as the request (заявка)
    behind its orders.

    Lines are light on purpose: no taxes, no prices, no procurement, so that a
    thousand of them stay quick.  What they become is planned on every look.
    """

    _name = "cement.cart"
    _description = "Request"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "write_date desc, id desc"

    name = fields.Char(required=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Counterparty",
        required=True,
        index=True,
        domain="[('is_counterparty', '=', True)]",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Author",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("cement.cart.line", "cart_id", copy=True)
    line_count = fields.Integer(compute="_compute_totals")
    mass = fields.Float(string="Mass, t", digits=(16, 3), compute="_compute_totals")
    order_ids = fields.One2many("sale.order", "cement_cart_id", string="Orders")
    order_count = fields.Integer(compute="_compute_order_count")
    strategy = fields.Selection(
        [("even", "Even loads"), ("full", "Full vehicles, the rest in the last")],
        string="Filling",
        required=True,
        default="even",
    )
    channel = fields.Selection(CHANNELS, readonly=True, copy=False)
    client_ref = fields.Char(string="Client's own number", copy=False)
    is_favourite = fields.Boolean(string="Favourite", copy=False)
    note = fields.Text(string="Comment")
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    version = fields.Integer(
        default=0, copy=False, help="Grows with every change; shows stale pages."
    )
    override_ids = fields.One2many(
        "cement.gate.override",
        "cart_id",
        string="Lifted blocks",
        groups="base.group_user",
    )
    active = fields.Boolean(default=True)

    # the drafts of a member, newest first
    _draft_idx = models.Index(
        "(partner_id, user_id, write_date DESC) WHERE state = 'draft'"
    )

    @api.depends("line_ids.quantity")
    def _compute_totals(self):
        totals = {
            cart: (count, mass)
            for cart, count, mass in self.env["cement.cart.line"]._read_group(
                [("cart_id", "in", self.ids)],
                ["cart_id"],
                ["__count", "quantity:sum"],
            )
        }
        for cart in self:
            cart.line_count, cart.mass = totals.get(cart._origin, (0, 0.0))

    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("cement_cart_id", "in", self.ids)], ["cement_cart_id"], ["__count"]
            )
        )
        for cart in self:
            cart.order_count = counts.get(cart, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if any(cart.state == "confirmed" for cart in self):
            raise UserError(
                self.env._("A confirmed request stays: it is the source of its orders.")
            )

    # === Access of members ===

    @api.model
    def _get_open(self, partner, *, create=False):
        """Return the draft of the current user for *partner* touched last.

        :param create: make an empty one when there is none.
        """
        cart = self.search(
            [
                ("partner_id", "=", partner.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "draft"),
            ],
            limit=1,
        )
        return cart or (self._create_draft(partner) if create else cart)

    @api.model
    def _create_draft(self, partner, name=None):
        """Make a draft for *partner*, in the name of the current user.

        :raises AccessError: when the user may not order for *partner*.
        """
        self._check_capability(partner, roles.ORDER)
        # sudo: members have no write access to the table, the right was checked
        return (
            self.sudo()
            .create(
                {
                    "name": clean_text(name, 100) or self._default_name(),
                    "partner_id": partner.id,
                    "user_id": self.env.uid,
                }
            )
            .sudo(self.env.su)
        )

    @api.model
    def _default_name(self) -> str:
        today = fields.Date.context_today(self)
        return self.env._("Request of %(day)s", day=today.strftime("%d.%m.%Y"))

    @api.model
    def _check_capability(self, partner, capability):
        """Refuse members without *capability*; people inside pass by their groups.

        :raises AccessError: when the current user lacks it.
        """
        user = self.env.user
        if self.env.su or user.has_group("cement_base.group_sales_manager"):
            return
        if not user._cement_can(capability, partner):
            raise AccessError(
                self.env._("Your role does not allow this. Ask the owner.")
            )

    def _member_sudo(self, capability=roles.ORDER):
        """Return the cart as superuser after the member's right was checked.

        :raises AccessError: when the cart is another's or the role is too low.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: read access was checked on the line above, for the partner only
        self._check_capability(self.sudo().partner_id, capability)
        # sudo: members have no write access to carts, their rights are checked
        return self.sudo()

    def _editable_sudo(self):
        """Return the cart as superuser when the member may change it now.

        :raises UserError: when it was confirmed meanwhile.
        """
        cart_sudo = self._member_sudo()
        if cart_sudo.state != "draft":
            raise UserError(
                self.env._(
                    "The request “%(name)s” is confirmed already. Its orders are under "
                    "“Orders”.",
                    name=cart_sudo.name,
                )
            )
        return cart_sudo

    def _touch(self):
        """Count a change, so that a page that is open elsewhere notices."""
        for cart in self:
            cart.version += 1

    # === Changes by the member ===

    def _rename(self, name):
        cart_sudo = self._editable_sudo()
        cart_sudo.name = clean_text(name, 100) or cart_sudo.name

    def _set_options(self, **options):
        """Change filling, own number, comment, favourite mark; ignore the rest."""
        cart_sudo = self._editable_sudo()
        vals = {
            name: clean_text(options[name], 1000)
            for name in ("client_ref", "note")
            if name in options
        }
        if "is_favourite" in options:
            vals["is_favourite"] = bool(options["is_favourite"])
        if options.get("strategy") in ("even", "full"):
            vals["strategy"] = options["strategy"]
        if vals:
            cart_sudo.write(vals)
            cart_sudo._touch()

    def _discard(self):
        """Throw the draft away."""
        self._editable_sudo().unlink()

    def _duplicate(self, name=None):
        """Return a draft with the same lines, in the name of the current user."""
        source_sudo = self._member_sudo()
        copy = self._create_draft(source_sudo.partner_id, name or source_sudo.name)
        copy._add_rows([line._prepare_copy_row() for line in source_sudo.line_ids])
        return copy

    # === Backend ===

    def action_view_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cement_sale.sale_order_action_cement"
        )
        action["domain"] = [("cement_cart_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_confirm(self):
        """Confirm in the backend, as a manager for the client."""
        # members confirm by the portal's own door, which knows their channel
        self.check_access("write")
        for cart in self:
            findings = cart._get_findings()
            blocks = [finding for finding in findings if finding["severity"] == "block"]
            if blocks:
                return cart._action_lift(blocks)
            cart._confirm("manager")
        return self.action_view_orders() if len(self) == 1 else True

    def action_cancel(self):
        self._check_no_orders()
        self.write({"state": "cancelled"})

    def _check_no_orders(self):
        if any(cart.order_ids for cart in self):
            raise UserError(
                self.env._("The request has orders: cancel them one by one.")
            )

    def _action_lift(self, blocks):
        """Return the dialog where a person with the right lifts the blocks."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "cement.gate.lift",
            "name": self.env._("The order is blocked"),
            "view_mode": "form",
            "target": "new",
            "context": {"default_cart_id": self.id},
        }

    @api.model
    def _get_member_domain(self, partner) -> Domain:
        """Return the domain of the carts shown to the current member."""
        return Domain("partner_id", "=", partner.id)
