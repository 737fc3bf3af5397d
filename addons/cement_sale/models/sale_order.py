# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from odoo.addons.cement_base.tools import roles

from .cement_cart import CHANNELS


class SaleOrder(models.Model):
    """An order of one vehicle, made from a request or by a manager."""

    _inherit = "sale.order"

    is_cement = fields.Boolean(
        string="By specification",
        compute="_compute_is_cement",
        store=True,
        index=True,
    )
    # stored copy: the portal's record rule compares it
    counterparty_id = fields.Many2one(
        "res.partner",
        compute="_compute_counterparty_id",
        store=True,
        precompute=True,
        index=True,
    )
    cement_cart_id = fields.Many2one(
        "cement.cart",
        string="Request",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    load_index = fields.Integer(
        string="Vehicle no.", copy=False, help="Place of the vehicle in the request."
    )
    agreement_id = fields.Many2one(
        "agreement", string="Contract", index="btree_not_null", ondelete="restrict"
    )
    plant_id = fields.Many2one(
        "cement.plant", index="btree_not_null", ondelete="restrict"
    )
    delivery_method_id = fields.Many2one("cement.delivery.method", ondelete="restrict")
    site_id = fields.Many2one(
        "cement.site",
        string="Site",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', counterparty_id)]",
    )
    region_id = fields.Many2one(
        related="site_id.state_id", string="Region of delivery", store=True
    )
    consignee_id = fields.Many2one("res.partner", string="Consignee")
    unloading_way_id = fields.Many2one("cement.unloading.way", string="Unloading")
    vehicle_type_id = fields.Many2one("cement.vehicle.type", string="Vehicle")
    load_capacity = fields.Float(
        string="May carry, t", digits=(16, 3), help="As planned for route and day."
    )
    load_mass = fields.Float(
        string="Load, t", digits=(16, 3), compute="_compute_load_mass", store=True
    )
    # stored: the client's list of orders is searched and sorted by it, and one
    # column bounded by the counterparty's index beats a join over all lines
    product_text = fields.Char(
        string="Products", compute="_compute_product_text", store=True
    )
    accounting_category_id = fields.Many2one("cement.accounting.category")
    requested_date = fields.Date(
        string="Requested day", index=True, tracking=True, help="What the client asked."
    )
    promised_date = fields.Date(
        string="Promised day",
        index="btree_not_null",
        tracking=True,
        copy=False,
        help="What the plant answered. The client sees both days.",
    )
    channel = fields.Selection(
        CHANNELS, index="btree_not_null", copy=False, readonly=True
    )
    ordered_by_id = fields.Many2one(
        "res.users", string="Ordered by", index="btree_not_null", copy=False
    )
    manager_reason = fields.Char(string="Why this manager", copy=False, readonly=True)
    favourite_user_ids = fields.Many2many(
        "res.users", "cement_order_favourite_rel", string="Favourite of", copy=False
    )
    override_ids = fields.One2many(
        "cement.gate.override",
        "order_id",
        string="Lifted blocks",
        groups="base.group_user",
    )

    _cement_load_uniq = models.UniqueIndex(
        "(cement_cart_id, load_index) WHERE cement_cart_id IS NOT NULL",
        "This vehicle of the request has an order already.",
    )
    # the order list of a counterparty and of one of its people, newest first
    _cement_counterparty_idx = models.Index(
        "(counterparty_id, id DESC) WHERE is_cement IS TRUE"
    )
    _cement_author_idx = models.Index(
        "(ordered_by_id, id DESC) WHERE is_cement IS TRUE"
    )

    @api.depends("order_line.specification_line_id")
    def _compute_is_cement(self):
        for order in self:
            order.is_cement = bool(order.order_line.specification_line_id)

    @api.depends("partner_id.commercial_partner_id")
    def _compute_counterparty_id(self):
        for order in self:
            order.counterparty_id = order.partner_id.commercial_partner_id

    @api.constrains("partner_id", "agreement_id", "site_id")
    def _check_one_counterparty(self):
        """Contract, site and buyer decide who sees the order: they must not name
        two clients. Of a quotation the gate says so, and clients do not see it."""
        for order in self:
            if not order.is_cement or order.state != "sale":
                continue
            owners = order.agreement_id.commercial_partner_id | order.site_id.partner_id
            if owners - order.counterparty_id:
                raise ValidationError(
                    self.env._(
                        "Contract and site of order %(order)s are not those of "
                        "%(client)s.",
                        order=order.name,
                        client=order.counterparty_id.name,
                    )
                )

    @api.depends("order_line.mass")
    def _compute_load_mass(self):
        for order in self:
            order.load_mass = sum(order.order_line.mapped("mass"))

    @api.depends("agreement_id")
    def _compute_currency_id(self):
        """Override of `sale`: the contract decides the currency."""
        by_contract = self.filtered("agreement_id")
        for order in by_contract:
            order.currency_id = order.agreement_id.currency_id
        return super(SaleOrder, self - by_contract)._compute_currency_id()

    @api.depends("order_line.product_id", "order_line.sequence")
    def _compute_product_text(self):
        """What the order carries, in the words in which it was ordered."""
        for order in self:
            lines = order.order_line.filtered("product_id").sorted("sequence")
            names = dict.fromkeys(lines.product_id.mapped("display_name"))
            order.product_text = ", ".join(names)

    @api.model
    def _next_cement_names(self, count: int) -> list[str]:
        """Return *count* new order numbers in one query.

        They are at most 11 characters long and never repeat: 1C finds an order by
        its number alone.
        """
        # sudo: members may not read sequences
        sequence = self.env.ref("cement_sale.sequence_order").sudo()
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in rows]

    # === Access of members ===

    def _member_sudo(self, capability=roles.SEE):
        """Return the orders as superuser after the member's right was checked.

        Roles without the right to change what colleagues ordered reach their own
        orders only, which the record rule has seen to.

        :raises AccessError: when an order is another's or the role is too low.
        """
        self.check_access("read")
        user = self.env.user
        # sudo: read access was checked above, the role is checked below
        orders_sudo = self.sudo()
        if user.has_group("cement_base.group_sales_manager") or self.env.su:
            return orders_sudo
        for order in orders_sudo:
            if not user._cement_can(capability, order.counterparty_id):
                raise AccessError(
                    self.env._("Your role does not allow this. Ask the owner.")
                )
            is_own = order.ordered_by_id == user
            if capability == roles.ORDER and not is_own:
                if not user._cement_can(roles.EDIT_ALL, order.counterparty_id):
                    raise AccessError(
                        self.env._("Only the person who ordered may change this order.")
                    )
        return orders_sudo

    def _toggle_favourite(self) -> bool:
        """Mark the order as a favourite of the current user, or take the mark off."""
        self.ensure_one()
        order_sudo = self._member_sudo()
        is_favourite = self.env.user in order_sudo.favourite_user_ids
        command = (3 if is_favourite else 4, self.env.uid)
        order_sudo.favourite_user_ids = [command]
        return not is_favourite

    # === Hooks for other addons ===

    def _cement_after_confirm(self):
        """Called once with the orders of a confirmed request, in its transaction.

        An addon that tells the outside about orders extends it.
        """
