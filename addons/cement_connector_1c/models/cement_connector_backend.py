# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from odoo.addons.base.models.res_partner import _tz_get

from ..tools import secret
from ..tools.batch import BatchRules
from ..tools.commerceml.orders import Encoding
from ..tools.commerceml.rules import Profile

MEGABYTE = 1 << 20
KNOWN_VAT_RATES = "0, 10, 18, 20, 22, Без НДС"


class CementConnectorBackend(models.Model):
    """One exchange node of one 1C database: address, password, habits.

    1C is always the one who calls. What its node can take (encoding, rates of VAT,
    how it looks counterparties up) stands here, because it differs from release to
    release and the portal cannot ask.
    """

    _name = "cement.connector.backend"
    _description = "1C database"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("disabled", "Switched off"), ("enabled", "Switched on")],
        default="disabled",
        required=True,
        tracking=True,
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Supplier company",
        required=True,
        default=lambda self: self.env.company,
    )
    every_company = fields.Boolean(
        string="Orders of every company",
        help="One 1C database keeps the books of all supplier companies. The standard "
        "exchange node knows one organisation only, so this needs an extension there.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Is told about orders 1C does not take and rows that could not be read.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone of 1C",
        required=True,
        default="Europe/Moscow",
        help="1C sends and takes dates without a zone; they are read in this one.",
    )

    # --- the door ---
    token = fields.Char(
        string="Address key",
        default=lambda self: secret.new_token(),
        required=True,
        copy=False,
        groups="cement_connector_1c.group_exchange_manager",
    )
    url = fields.Char(
        string="Address for 1C",
        compute="_compute_url",
        groups="cement_connector_1c.group_exchange_manager",
    )
    login = fields.Char(
        required=True,
        copy=False,
        default="1c",
        groups="cement_connector_1c.group_exchange_manager",
    )
    secret_hash = fields.Char(copy=False, groups="base.group_system")
    secret = fields.Char(
        string="Password",
        compute="_compute_secret",
        inverse="_inverse_secret",
        groups="cement_connector_1c.group_exchange_manager",
        help="Only its hash is kept: enter a new one when it is lost.",
    )
    has_secret = fields.Boolean(
        compute="_compute_has_secret", compute_sudo=True, string="Password is set"
    )
    file_limit = fields.Integer(
        string="Portion, MB",
        default=10,
        required=True,
        help="1C cuts its files into portions of this size.",
    )
    file_max = fields.Integer(
        string="Largest file, MB",
        default=512,
        required=True,
        help="More than this is refused: the disk belongs to everybody.",
    )

    # --- orders to 1C ---
    encoding = fields.Selection(
        [
            (Encoding.UTF8.value, "UTF-8 (usual)"),
            (Encoding.UTF8_BOM.value, "UTF-8 with BOM"),
            (Encoding.CP1251.value, "Windows-1251 (old clients)"),
        ],
        default=Encoding.UTF8.value,
        required=True,
        help="Change it when 1C says that it cannot read the orders.",
    )
    batch_size = fields.Integer(default=100, required=True)
    batch_tries = fields.Integer(
        string="Tries together",
        default=3,
        required=True,
        help="A batch offered so many times without success is taken apart.",
    )
    single_tries = fields.Integer(
        string="Tries alone",
        default=3,
        required=True,
        help="An order offered alone so many times without success is put aside.",
    )
    vat_rates = fields.Char(
        string="VAT rates of this release",
        default=KNOWN_VAT_RATES,
        required=True,
        help="Rates that this release of 1C knows, with commas. Any other it would "
        "silently read as 0, so such an order is put aside.",
    )
    require_inn = fields.Boolean(
        string="Counterparties by INN",
        default=True,
        help="The node looks counterparties up by INN and KPP. Without INN it would "
        "create a new one.",
    )
    order_status_text = fields.Char(
        string="Status sent with a new order",
        translate=False,
        help="A text from the status table of the node; empty means not agreed.",
    )
    export_from = fields.Datetime(
        string="Orders since",
        default=fields.Datetime.now,
        help="Orders confirmed before are not handed over.",
    )

    # --- goods and statuses from 1C ---
    import_catalog = fields.Boolean(string="Take goods", default=True)
    create_products = fields.Boolean(
        string="Create goods",
        default=True,
        help="Otherwise only goods with the same article are updated.",
    )
    import_prices = fields.Boolean(
        string="Take prices",
        default=True,
        help="The recommended retail price; contract prices stay in specifications.",
    )
    price_type_id = fields.Many2one(
        "cement.connector.binding",
        string="Price type",
        domain="[('backend_id', '=', id), ('kind', '=', 'price_type')]",
        ondelete="set null",
        help="Which of the price types of 1C is the recommended retail price. Needed "
        "when it sends several.",
    )
    import_stock = fields.Boolean(
        string="Take stock",
        help="Sets the stock of the warehouses that are linked below.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Warehouse without a name",
        check_company=True,
        help="Stock that 1C sends without saying where it lies.",
    )
    import_delay = fields.Integer(
        string="Wait for import, s",
        default=60,
        required=True,
        help="Files nobody asked to import are processed after so many seconds: nodes "
        "that do not wait for the confirmation never ask.",
    )
    import_seconds = fields.Integer(
        string="Hold an answer, s",
        default=15,
        required=True,
        help="How long one request may work before it answers that it goes on. 1C "
        "waits for 180 seconds, proxies often for 60.",
    )
    keep_days = fields.Integer(
        string="Keep the log, days",
        default=90,
        required=True,
    )

    # --- how it goes ---
    # not stored: a login and the end of an import must not fight for one row
    last_login_at = fields.Datetime(string="Last call", compute="_compute_last")
    last_export_at = fields.Datetime(string="Orders taken", compute="_compute_last")
    last_import_at = fields.Datetime(string="Data received", compute="_compute_last")
    last_full_export_at = fields.Datetime(
        string="Last full catalogue",
        readonly=True,
        copy=False,
        help="Goods that were not in it are shown as missing, never removed.",
    )
    offer_ids = fields.One2many("cement.connector.offer", "backend_id")
    binding_ids = fields.One2many("cement.connector.binding", "backend_id")
    warehouse_binding_ids = fields.One2many(
        "cement.connector.binding",
        "backend_id",
        string="Warehouses of 1C",
        domain=[("kind", "=", "warehouse")],
    )
    record_ids = fields.One2many("cement.exchange.record", "backend_id")
    waiting_count = fields.Integer(compute="_compute_counts")
    quarantine_count = fields.Integer(compute="_compute_counts")
    error_count = fields.Integer(compute="_compute_counts")

    _token_uniq = models.UniqueIndex("(token)", "This address key is taken.")
    _login_uniq = models.UniqueIndex(
        "(login) WHERE active IS TRUE",
        "Another 1C database has this login: without the key in the address nobody "
        "could tell them apart.",
    )
    _positive_settings = models.Constraint(
        "CHECK(batch_size > 0 AND batch_tries > 0 AND single_tries > 0 "
        "AND file_limit BETWEEN 1 AND 200 AND file_max > 0 AND import_delay >= 0 "
        "AND import_seconds BETWEEN 1 AND 150 AND keep_days > 0)",
        "Sizes, tries and times must be positive; a portion has 1 to 200 MB, an "
        "answer is held for 150 seconds at most.",
    )

    @api.depends("token")
    def _creation_message(self):
        """Override of `mail`: see the specification of `cement_base`."""
        return self.env._("The connection was created.")

    def _compute_url(self):
        base = self.get_base_url()
        for backend in self:
            backend.url = f"{base}/1c/exchange/{backend.token}"

    def _compute_secret(self):
        self.secret = False

    def _inverse_secret(self):
        for backend in self:
            if backend.secret:
                # sudo: the hash is readable by nobody but the superuser
                backend.sudo().secret_hash = secret.hash_secret(backend.secret)

    @api.depends("secret_hash")
    def _compute_has_secret(self):
        for backend in self:
            backend.has_secret = bool(backend.secret_hash)

    def _compute_counts(self):
        offers = self._count_by_backend(
            "cement.connector.offer", Domain("state", "in", ("pending", "offered"))
        )
        aside = self._count_by_backend(
            "cement.connector.offer", Domain("state", "=", "quarantine")
        )
        errors = self._count_by_backend(
            "cement.exchange.record", Domain("state", "in", ("failed", "partial"))
        )
        for backend in self:
            backend.waiting_count = offers.get(backend, 0)
            backend.quarantine_count = aside.get(backend, 0)
            backend.error_count = errors.get(backend, 0)

    def _compute_last(self):
        logins = self._last_by_backend("cement.connector.session", "started_at")
        records = Domain("state", "in", ("done", "partial"))
        sent = records & Domain("direction", "=", "out")
        received = records & Domain("direction", "=", "in")
        model = "cement.exchange.record"
        exports = self._last_by_backend(model, "finished_at", sent)
        imports = self._last_by_backend(model, "finished_at", received)
        for backend in self:
            backend.last_login_at = logins.get(backend)
            backend.last_export_at = exports.get(backend)
            backend.last_import_at = imports.get(backend)

    def _last_by_backend(self, model: str, name: str, domain=Domain.TRUE) -> dict:
        return dict(
            self.env[model]._read_group(
                domain & Domain("backend_id", "in", self.ids),
                ["backend_id"],
                [f"{name}:max"],
            )
        )

    def _count_by_backend(self, model: str, domain: Domain) -> dict:
        return dict(
            self.env[model]._read_group(
                domain & Domain("backend_id", "in", self.ids),
                ["backend_id"],
                ["__count"],
            )
        )

    @api.constrains("login")
    def _check_login(self):
        for backend in self.sudo():
            if ":" in backend.login or backend.login != backend.login.strip():
                raise ValidationError(
                    self.env._("A login has no colon and no blanks around it.")
                )

    @api.constrains("state", "secret_hash")
    def _check_enabled(self):
        for backend in self.sudo():
            if backend.state == "enabled" and not backend.secret_hash:
                raise ValidationError(
                    self.env._("Set a password before switching the exchange on.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Override to switch on after the password is there: inverses run last."""
        states = [vals.get("state") for vals in vals_list]
        backends = super().create([{**vals, "state": "disabled"} for vals in vals_list])
        for backend, state in zip(backends, states, strict=True):
            if state == "enabled":
                backend.state = state
        return backends

    # === Actions ===

    def action_enable(self):
        """Let 1C in."""
        self.state = "enabled"

    def action_disable(self):
        """Let 1C in no more, its open sessions included."""
        self.state = "disabled"

    def action_new_password(self):
        """Make a password and show it once, with the other settings of the node."""
        self.ensure_one()
        wizard = self.env["cement.connector.password"].create({"backend_id": self.id})
        return wizard._get_action()

    def action_new_token(self):
        """Change the address: the old one stops working at once."""
        for backend in self:
            backend.token = secret.new_token()

    def action_view_offers(self):
        """Open the orders that wait or are put aside."""
        self.ensure_one()
        return self._get_window(
            "cement_connector_1c.cement_connector_offer_action",
            {"search_default_open": 1},
        )

    def action_view_records(self):
        """Open the exchanges."""
        self.ensure_one()
        return self._get_window("cement_connector_1c.cement_exchange_record_action", {})

    def action_view_bindings(self):
        """Open what is linked with 1C."""
        self.ensure_one()
        return self._get_window(
            "cement_connector_1c.cement_connector_binding_action", {}
        )

    def _get_window(self, xmlid: str, context: dict) -> dict:
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("backend_id", "=", self.id)]
        action["context"] = context
        return action

    # === For the kernel ===

    def _get_profile(self) -> Profile:
        """Return what the 1C of this backend can take."""
        self.ensure_one()
        rates = frozenset(
            filter(None, (rate.strip() for rate in self.vat_rates.split(",")))
        )
        return Profile(vat_rates=rates, require_inn=self.require_inn)

    def _get_batch_rules(self) -> BatchRules:
        """Return how orders are offered."""
        self.ensure_one()
        return BatchRules(
            size=self.batch_size,
            batch_tries=self.batch_tries,
            single_tries=self.single_tries,
        )

    def _to_local(self, moment: datetime) -> datetime:
        """Return a moment of the database as local time of 1C, without zone."""
        self.ensure_one()
        zone = pytz.timezone(self.tz)
        return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)

    def _to_utc(self, moment: datetime | None) -> datetime | bool:
        """Return local time of 1C as a moment of the database; None gives False."""
        self.ensure_one()
        if not moment:
            return False
        zone = pytz.timezone(self.tz)
        # an hour that a change of clocks skips or repeats is taken as winter time
        return (
            zone.localize(moment, is_dst=False)
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
        )

    @api.model
    def _get_for_order_domain(self, company) -> Domain:
        """Return the domain of the backends that take orders of a company."""
        return Domain("state", "=", "enabled") & (
            Domain("company_id", "=", company.id) | Domain("every_company", "=", True)
        )

    @api.model
    def _get_for_company(self, company):
        """Return the backend that takes the orders of a company, or none."""
        # sudo: whoever confirms an order need not see the connector
        backends_sudo = self.sudo().search(self._get_for_order_domain(company))
        own = backends_sudo.filtered(lambda backend: backend.company_id == company)
        return (own or backends_sudo)[:1]

    @api.model
    def _get_language(self) -> str:
        """Return the language of both sides of the exchange: Russian if installed."""
        installed = dict(self.env["res.lang"].get_installed())
        return "ru_RU" if "ru_RU" in installed else self.env.lang or "en_US"

    @api.model
    def _get_keepers(self):
        """Return all backends that keep a log, archived ones too."""
        return self.with_context(active_test=False).search([("keep_days", ">", 0)])

    def _warn(self, summary: str, note: str):
        """Tell the responsible user, once as long as the task is open."""
        self.ensure_one()
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
            ("summary", "=", summary),
        ]
        if self.env["mail.activity"].search_count(domain, limit=1):
            return
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=plaintext2html(note),
            user_id=self.user_id.id or self.env.uid,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.offer_ids or self.record_ids:
            raise UserError(
                self.env._("There were exchanges with this database: archive it.")
            )
