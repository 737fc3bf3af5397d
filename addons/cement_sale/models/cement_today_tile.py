# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import lifecycle

_ROWS = 5
# states in which the goods have not left yet
_BEFORE_LEAVING = tuple(
    state
    for state in lifecycle.UNDER_WAY
    if lifecycle.STEPS[state] < lifecycle.STEPS[lifecycle.SHIPPED]
)


class CementTodayTile(models.Model):
    """One question of the board «Today»: how many, how much, which first.

    What a tile counts is code (:meth:`_get_questions`), so that it means the same
    to everybody; order, name and presence are data.
    """

    _name = "cement.today.tile"
    _description = "Tile of the board “Today”"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    hint = fields.Char(translate=True, help="What to do with what the tile shows.")
    code = fields.Char(required=True, help="Which question the tile answers.")
    kind = fields.Selection(
        [("work", "Work"), ("attention", "Attention"), ("blocked", "Blocked")],
        string="Meaning",
        required=True,
        default="work",
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

        An addon adds its question here and a record of this model beside it.
        """
        today = fields.Date.context_today(self)
        orders = Domain("is_cement", "=", True)
        confirmed = orders & Domain("state", "=", "sale")
        waiting = confirmed & Domain("cement_state", "in", _BEFORE_LEAVING)
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

    def _compute_figures(self):
        questions = self._get_questions()
        gate_service = self.env["cement.order.gate"]
        for tile in self:
            if tile.code not in questions:
                tile.count = tile.count_mine = 0
                tile.mass, tile.mass_text = 0.0, False
                continue
            (model, user_field, mass_field, _order), domain = questions[tile.code]
            aggregates = ["__count"] + ([f"{mass_field}:sum"] if mass_field else [])
            [(tile.count, *mass)] = self.env[model]._read_group(domain, [], aggregates)
            tile.mass = mass[0] if mass else 0.0
            tile.mass_text = (
                gate_service._format_tonnes(tile.mass, 1) if tile.mass else False
            )
            tile.count_mine = self.env[model].search_count(
                domain & Domain(user_field, "=", self.env.uid)
            )

    def _compute_rows_html(self):
        questions = self._get_questions()
        for tile in self:
            if tile.code not in questions:
                tile.rows_html = False
                continue
            (model, _user, _mass, order), domain = questions[tile.code]
            records = self.env[model].search(domain, limit=_ROWS, order=order)
            tile.rows_html = self.env["ir.qweb"]._render(
                "cement_sale.today_tile_rows",
                {
                    "records": records,
                    "today": fields.Date.context_today(self),
                    "tonnes": self.env["cement.order.gate"]._format_tonnes,
                },
            )

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
        xmlid = {
            "sale.order": "cement_sale.sale_order_action_cement",
            "cement.cart": "cement_sale.cement_cart_action",
            "cement.specification.line": "cement_base.cement_specification_line_action",
        }[model]
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["name"] = self.name
        action["display_name"] = self.name
        action["domain"] = list(domain)
        action["context"] = {}
        return action
