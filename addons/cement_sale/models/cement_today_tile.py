# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import lifecycle

_ROWS = 5
# whose work comes first: the first group of the person decides
_AREA_GROUPS = {
    "sales": "cement_base.group_sales_manager",
    "dispatch": "cement_base.group_dispatcher",
    "finance": "cement_base.group_accountant",
}
# states in which the goods have not left yet
_BEFORE_LEAVING = tuple(
    state
    for state in lifecycle.UNDER_WAY
    if lifecycle.STEPS[state] < lifecycle.STEPS[lifecycle.SHIPPED]
)


class CementTodayTile(models.Model):
    """One question of the board «Today»: how many, how much, which first.

    What a tile counts is code (:meth:`_get_questions`), so that it means the same
    to everybody; order, name, presence and the groups that see it are data. The area
    of the person's own work comes first.
    """

    _name = "cement.today.tile"
    _description = "Tile of the board “Today”"
    _order = "area, sequence, id"

    name = fields.Char(required=True, translate=True)
    hint = fields.Char(translate=True, help="What to do with what the tile shows.")
    code = fields.Char(required=True, help="Which question the tile answers.")
    kind = fields.Selection(
        [("work", "Work"), ("attention", "Attention"), ("blocked", "Blocked")],
        string="Meaning",
        required=True,
        default="work",
    )
    area = fields.Selection(
        [("sales", "Sales"), ("dispatch", "Dispatch"), ("finance", "Settlements")],
        required=True,
        default="sales",
        help="People of this area see the tile before those of the others.",
    )
    group_ids = fields.Many2many(
        "res.groups", string="Shown to", help="Nobody named: to everybody."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    count = fields.Integer(compute="_compute_figures")
    mass = fields.Float(string="Mass, t", digits=(16, 1), compute="_compute_figures")
    mass_text = fields.Char(compute="_compute_figures")
    count_mine = fields.Integer(string="Mine", compute="_compute_figures")
    rows_html = fields.Html(compute="_compute_rows_html", sanitize=False)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is such a tile already.")

    @api.model
    def _get_questions(self) -> dict:
        """Return ``{code: (model, domain, manager field, mass field, order)}``.

        An addon adds its question here and a record of this model beside it. The
        manager and mass fields may be none.
        """
        today = fields.Date.context_today(self)
        orders = Domain("is_cement", "=", True)
        confirmed = orders & Domain("state", "=", "sale")
        waiting = self._get_waiting_domain()
        order = ("sale.order", "user_id", "load_mass", "due_date, id")
        return {
            "new": (
                order,
                confirmed & Domain("cement_state", "=", lifecycle.NEW),
            ),
            "blocked": (
                order,
                (orders & Domain("state", "in", ("draft", "sent")))
                | (
                    confirmed
                    & Domain(
                        "cement_state",
                        "in",
                        (lifecycle.RESERVE_REFUSED, lifecycle.RESERVE_PARTIAL),
                    )
                ),
            ),
            "late": (order, waiting & Domain("due_date", "<", today)),
            "promised_today": (order, waiting & Domain("due_date", "=", today)),
            "no_promise": (
                order,
                waiting
                & Domain("promised_date", "=", False)
                & Domain("requested_date", ">=", today)
                & Domain("requested_date", "<=", today + timedelta(days=3)),
            ),
            "unassigned": (order, waiting & Domain("user_id", "=", False)),
            "idle_carts": (
                (
                    "cement.cart",
                    "partner_id.cement_manager_id",
                    None,
                    "write_date desc, id",
                ),
                Domain("state", "=", "draft")
                & Domain("line_ids", "!=", False)
                & Domain("write_date", "<", today),
            ),
            "volume_ends": (
                (
                    "cement.specification.line",
                    "commercial_partner_id.cement_manager_id",
                    "volume_remaining",
                    "volume_share desc, id",
                ),
                Domain("state", "=", "active")
                & Domain("volume_agreed", ">", 0)
                & Domain("volume_share", ">=", 90.0),
            ),
        }

    @api.model
    def _get_waiting_domain(self) -> Domain:
        """Return the domain of confirmed orders whose goods have not left yet."""
        return (
            Domain("is_cement", "=", True)
            & Domain("state", "=", "sale")
            & Domain("cement_state", "in", _BEFORE_LEAVING)
        )

    @api.model
    def _get_actions(self) -> dict:
        """Return ``{model: XML id of the action}`` that opens what a tile counts."""
        return {
            "sale.order": "cement_sale.sale_order_action_cement",
            "cement.cart": "cement_sale.cement_cart_action",
            "cement.specification.line": (
                "cement_base.cement_specification_line_action"
            ),
        }

    @api.model
    def _get_areas(self) -> list:
        """Return the areas as the current person has them, their own ones first."""
        user = self.env.user
        return sorted(
            _AREA_GROUPS, key=lambda area: not user.has_group(_AREA_GROUPS[area])
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Override of `base`: areas are in the order of the person's own work."""
        if field_name != "area":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        area = self._field_to_sql(alias, field_name, query)
        return SQL(
            "ARRAY_POSITION(%s::varchar[], %s) %s", self._get_areas(), area, direction
        )

    def _get_readable_questions(self) -> dict:
        """Return the questions whose records the current person may read."""
        return {
            code: question
            for code, question in self._get_questions().items()
            if self.env[question[0][0]].has_access("read")
        }

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_figures(self):
        questions = self._get_readable_questions()
        for tile in self:
            tile.count = tile.count_mine = 0
            tile.mass, tile.mass_text = 0.0, False
            if tile.code not in questions:
                continue
            (model, user_field, mass_field, _order), domain = questions[tile.code]
            aggregates = ["__count"] + ([f"{mass_field}:sum"] if mass_field else [])
            [(tile.count, *mass)] = self.env[model]._read_group(domain, [], aggregates)
            tile.mass = mass[0] if mass else 0.0
            tile.mass_text = tile._prepare_remark()
            if tile.count and user_field:
                tile.count_mine = self.env[model].search_count(
                    domain & Domain(user_field, "=", self.env.uid)
                )

    def _prepare_remark(self):
        """Return what stands under the number: the mass, unless an addon knows
        better."""
        self.ensure_one()
        if not self.mass:
            return False
        return self.env["cement.order.gate"]._format_tonnes(self.mass, 1)

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_rows_html(self):
        questions = self._get_readable_questions()
        for tile in self:
            if tile.code not in questions:
                tile.rows_html = False
                continue
            (model, _user, _mass, order), domain = questions[tile.code]
            records = self.env[model]
            if tile.count:
                records = records.search(domain, limit=_ROWS, order=order)
            tile.rows_html = self.env["ir.qweb"]._render(
                "cement_sale.today_tile_rows",
                {"rows": [tile._prepare_row(record) for record in records]},
            )

    def _prepare_row(self, record) -> dict:
        """Return a row of the tile: ``name`` with ``url``, ``text``, ``value``,
        ``day``, ``is_late``; each may be absent."""
        tonnes = self.env["cement.order.gate"]._format_tonnes
        if record._name == "sale.order":
            due = record.due_date
            return {
                "name": record.name,
                "url": f"/odoo/cement-orders/{record.id}",
                "text": record.counterparty_id.name,
                "value": tonnes(record.load_mass, 1),
                "day": due,
                "is_late": bool(due) and due < fields.Date.context_today(self),
            }
        if record._name == "cement.cart":
            return {
                "name": record.name,
                "url": f"/odoo/cement-requests/{record.id}",
                "text": record.partner_id.name,
                "value": tonnes(record.mass, 1),
            }
        if record._name == "cement.specification.line":
            return {
                "text": record.display_name,
                "value": tonnes(record.volume_remaining, 1),
            }
        return {"text": record.display_name}

    def action_open(self):
        """Open everything that the tile counts."""
        self.ensure_one()
        (model, _user, _mass, _order), domain = self._get_questions()[self.code]
        return self._prepare_action(model, domain)

    def action_open_mine(self):
        """Open what the tile counts of the current manager's."""
        self.ensure_one()
        (model, user_field, _mass, _order), domain = self._get_questions()[self.code]
        return self._prepare_action(
            model, domain & Domain(user_field, "=", self.env.uid)
        )

    def _prepare_action(self, model, domain) -> dict:
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            self._get_actions()[model]
        )
        action["name"] = self.name
        action["display_name"] = self.name
        action["domain"] = list(domain)
        action["context"] = {}
        return action
