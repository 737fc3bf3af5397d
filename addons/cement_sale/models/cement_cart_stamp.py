# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from uuid import uuid4

from odoo import api, fields, models, tools
from odoo.tools import SQL


class CementCart(models.Model):
    """One query that tells whether a plan, once made, is still the plan.

    A row of PostgreSQL carries the number of the transaction that wrote it last, and
    lies at another place after each write: when the rows that a plan is made of are the
    same, so is the plan. What people see may be taken from an earlier look then; what
    is confirmed is always planned anew.
    """

    _inherit = "cement.cart"

    def _get_plan_stamp(self) -> str:
        """Return what changes whenever the plan of this cart could."""
        self.ensure_one()
        # what was not written yet has no number of its transaction
        self.env.flush_all()
        parts = self.env.execute_query(
            SQL("SELECT concat_ws('|', %s)", SQL(", ").join(self._get_stamp_parts()))
        )
        return "|".join([*self._get_stamp_words(), parts[0][0]])

    def _get_stamp_words(self) -> list[str]:
        """Return what the plan depends on beside rows: who looks, when, in what
        language, and the state of what Odoo itself remembers."""
        user = self.env.user
        # sudo: the partner of a cart that the person may see
        scope = user._cement_scope(self.sudo().partner_id)
        return [
            str(user.id),
            repr(scope),
            str(self.env.context.get("lang")),
            str(self.env.context.get("tz")),
            str(self.env.companies.ids),
            str(fields.Date.context_today(self)),
            self._get_memory_mark(),
            str(self._get_stamp_facts()),
        ]

    def _get_stamp_facts(self) -> tuple:
        """Return what of the cart itself counts; not its whole row, which also keeps
        what the last look has found."""
        # sudo: a cart that the person may see
        cart_sudo = self.sudo()
        return cart_sudo.version, cart_sudo.strategy, cart_sudo.state, cart_sudo.name

    @api.model
    @tools.ormcache()
    def _get_memory_mark(self) -> str:
        """Return a mark that is another one after caches were dropped: the law of the
        road, settings and rights are remembered there."""
        return uuid4().hex

    @api.model
    def _get_stamp_tables(self) -> list[str]:
        """Return the models of which every row counts: short vocabularies."""
        return [
            "cement.vehicle.type",
            "cement.consolidation.rule",
            "cement.vat.rate",
            "cement.delivery.method",
            "cement.unloading.way",
            "cement.cargo.form",
            "cement.plant",
            "stock.warehouse",
            "res.company",
        ]

    def _get_stamp_parts(self) -> list[SQL]:
        """Return scalar queries; each answers otherwise when what it looks at was
        written. Addons add what their own checks look at."""
        self.ensure_one()
        lines = SQL(
            "SELECT l.specification_line_id FROM cement_cart_line l "
            "WHERE l.cart_id = %s",
            self.id,
        )
        agreed = SQL("FROM cement_specification_line s WHERE s.id IN (%s)", lines)
        products = SQL("SELECT s.product_id %s", agreed)
        templates = SQL(
            "SELECT p.product_tmpl_id FROM product_product p WHERE p.id IN (%s)",
            products,
        )
        # sudo: the partner of a cart that the person may see
        partner_id = self.sudo().partner_id.id
        sites = SQL(
            "partner_id = %s OR id IN (SELECT l.site_id FROM cement_cart_line l "
            "WHERE l.cart_id = %s)",
            partner_id,
            self.id,
        )
        consignees = SQL(
            "id = %(partner)s OR id IN (SELECT s.consignee_id %(agreed)s) OR id IN "
            "(SELECT consignee_id FROM cement_site WHERE %(sites)s)",
            partner=partner_id,
            agreed=agreed,
            sites=sites,
        )
        return [
            *(
                self._stamp_of(self.env[name]._table)
                for name in self._get_stamp_tables()
            ),
            self._stamp_of("cement_cart_line", SQL("cart_id = %s", self.id)),
            self._stamp_of("cement_gate_override", SQL("cart_id = %s", self.id)),
            self._stamp_of("cement_specification_line", SQL("id IN (%s)", lines)),
            self._stamp_of(
                "cement_specification",
                SQL("id IN (SELECT s.specification_id %s)", agreed),
            ),
            self._stamp_of(
                "agreement", SQL("id IN (SELECT s.agreement_id %s)", agreed)
            ),
            self._stamp_of("product_product", SQL("id IN (%s)", products)),
            self._stamp_of("product_template", SQL("id IN (%s)", templates)),
            self._stamp_of("cement_site", sites),
            self._stamp_of("res_partner", consignees),
            self._get_first_days_part(agreed),
        ]

    def _get_first_days_part(self, agreed: SQL) -> SQL:
        """Return the day of each plant and whether its hour of closing has come: all
        that the clock does to a plan."""
        return SQL(
            """(SELECT string_agg(concat(p.id, '@',
                        (m.at AT TIME ZONE COALESCE(p.tz, 'UTC'))::date, '>',
                        extract(epoch FROM (m.at AT TIME ZONE
                            COALESCE(p.tz, 'UTC'))::time) >= 3600 * p.cutoff_hour),
                    ',' ORDER BY p.id)
                  FROM cement_plant p, (SELECT %s::timestamp AT TIME ZONE 'UTC' AS at) m
                 WHERE p.id IN (SELECT s.plant_id %s))""",
            fields.Datetime.now(),
            agreed,
        )

    @api.model
    def _stamp_of(self, table: str, where: SQL | None = None) -> SQL:
        """Return a scalar query that tells whether rows of *table* came, went or were
        written."""
        return SQL(
            "(SELECT concat(count(*), ':', sum(hashtextextended("
            "concat(t.xmin, t.ctid), t.id)::numeric)) FROM %s t WHERE %s)",
            SQL.identifier(table),
            where or SQL("TRUE"),
        )
