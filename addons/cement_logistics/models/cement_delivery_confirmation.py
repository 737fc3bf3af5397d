# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import base64
import re
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from odoo.addons.cement_base.tools import roles
from odoo.addons.cement_sale.tools.table_import import parse_quantity

from ..tools import lifecycle, photos, weighing

_KEY = re.compile(r"[0-9A-Za-z-]{16,64}")
NAME_LIMIT = 100
NOTE_LIMIT = 1000
# The client's scales may show more than ours, but not that much.
MOST = 1.1
# Phones run ahead of the server by minutes.
CLOCK_SLACK = timedelta(minutes=15)
LONGEST_WAY = timedelta(days=60)


class CementDeliveryConfirmation(models.Model):
    """The client's receipt for one shipment: who took how much, when, signed."""

    _name = "cement.delivery.confirmation"
    _description = "Delivery confirmation"
    _order = "id desc"
    _rec_name = "picking_id"

    picking_id = fields.Many2one(
        "stock.picking",
        string="Shipment",
        required=True,
        ondelete="restrict",
        readonly=True,
    )
    client_key = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        help="Made by the phone: sending twice confirms once.",
    )
    receiver_name = fields.Char(string="Received by", required=True, readonly=True)
    sent_mass = fields.Float(string="Sent, t", digits=(16, 3), readonly=True)
    is_sent_by_order = fields.Boolean(
        string="Sent by the order",
        readonly=True,
        help="Nobody had weighed the goods and their transfer was open: what was "
        "ordered is taken for sent.",
    )
    accepted_mass = fields.Float(string="Accepted, t", digits=(16, 3), readonly=True)
    shortage_mass = fields.Float(string="Shortage, t", digits=(16, 3), readonly=True)
    tolerance_mass = fields.Float(string="Tolerance, t", digits=(16, 3), readonly=True)
    is_beyond_tolerance = fields.Boolean(string="Above tolerance", readonly=True)
    arrived_date = fields.Datetime(string="Arrived", readonly=True)
    unloaded_date = fields.Datetime(string="Unloaded", readonly=True)
    hours_on_site = fields.Float(
        string="Time on site, h", compute="_compute_hours_on_site", store=True
    )
    note = fields.Text(string="Remark", readonly=True)
    signature = fields.Binary(attachment=True, readonly=True)
    photo_ids = fields.Many2many("ir.attachment", string="Photos", readonly=True)
    document_id = fields.Many2one(
        "ir.attachment", string="Printed form", readonly=True, ondelete="set null"
    )
    sent_date = fields.Datetime(string="Sent on", readonly=True, copy=False)
    user_id = fields.Many2one("res.users", string="Signed in as", readonly=True)
    link_id = fields.Many2one(
        "cement.shipment.link", string="By link", readonly=True, ondelete="set null"
    )

    _picking_uniq = models.UniqueIndex(
        "(picking_id)", "This delivery is confirmed already."
    )
    _key_uniq = models.UniqueIndex("(client_key)", "This confirmation came already.")

    @api.depends("arrived_date", "unloaded_date")
    def _compute_hours_on_site(self):
        for record in self:
            record.hours_on_site = (
                (record.unloaded_date - record.arrived_date).total_seconds() / 3600
                if record.arrived_date and record.unloaded_date
                else 0.0
            )

    # === Confirming ===

    @api.model
    def _submit(self, shipment_sudo, vals: dict, signature: bytes, files, link=None):
        """Confirm the delivery of a shipment; access is checked by the caller.

        :param vals: as typed: ``key``, ``receiver``, ``mass`` (t), ``arrived`` and
            ``unloaded`` (``2026-11-21T14:05Z``, UTC), ``note``.
        :param signature: PNG of the pad.
        :param files: bytes of the photos.
        :return: the confirmation, as superuser.
        :raises UserError: saying what to mend; nothing is stored then.
        """
        shipment_sudo.ensure_one()
        # before the shipment is locked: drawing takes its time
        drawn = self._redraw_signature(signature)
        pictures = self._redraw_photos(files)
        key = vals.get("key")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise UserError(self.env._("Reload the page and confirm again."))
        try:
            # two phones, or one phone twice, at the same moment
            shipment_sudo.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("The shipment is being changed. Try again in a minute.")
            ) from error
        made = shipment_sudo.confirmation_ids[:1]
        if made:
            if made.client_key == key:
                return made
            raise UserError(
                self.env._(
                    "%(name)s has confirmed this delivery already.",
                    name=made.receiver_name,
                )
            )
        if not shipment_sudo._can_confirm():
            raise UserError(
                self.env._("The goods have not left the plant: nothing to confirm yet.")
            )
        if shipment_sudo._is_far_from_site() and not vals.get("is_here"):
            raise UserError(
                self.env._(
                    "By the tracker the vehicle is still far from the site. If the "
                    "goods are here all the same, open the page anew and tick the box "
                    "that says so."
                )
            )
        sent = shipment_sudo.shipment_mass
        accepted = self._parse_mass(vals.get("mass"), sent)
        arrived, unloaded = self._parse_times(vals, shipment_sudo)
        tolerance = weighing.tolerance(
            sent, shipment_sudo._get_shortage_tolerance_percent()
        )
        missing = weighing.shortage(sent, accepted)
        record = self.sudo().create(
            {
                "picking_id": shipment_sudo.id,
                "client_key": key,
                "receiver_name": self._parse_name(vals.get("receiver")),
                "sent_mass": sent,
                "is_sent_by_order": shipment_sudo._is_mass_by_order(),
                "accepted_mass": accepted,
                "shortage_mass": missing,
                "tolerance_mass": tolerance,
                "is_beyond_tolerance": weighing.kilograms(missing)
                > weighing.kilograms(tolerance),
                "arrived_date": arrived,
                "unloaded_date": unloaded,
                "note": self._clean(vals.get("note"), NOTE_LIMIT) or False,
                "signature": drawn,
                "user_id": self.env.uid if not self.env.user._is_public() else False,
                "link_id": link.id if link else False,
            }
        )
        record._attach_photos(pictures)
        record._after_submit()
        return record

    def _after_submit(self):
        """Move the shipment on, tell of a shortage, have the form printed."""
        self.ensure_one()
        shipment = self.picking_id
        shipment._cement_set_shipment_state(
            lifecycle.ARRIVED, "client", date=self.arrived_date, is_estimated=False
        )
        if not shipment.arrived_date or shipment.arrived_date > self.arrived_date:
            shipment.arrived_date = self.arrived_date
        shipment._cement_set_shipment_state(
            lifecycle.DONE, "client", date=self.unloaded_date, note=self.receiver_name
        )
        shipment._cement_announce_shipments()
        shipment._cement_on_confirmation(self)
        if self.is_beyond_tolerance:
            shipment._cement_on_shortage(self.shortage_mass, self.tolerance_mass)
        self.with_delay(
            description=f"Delivery confirmation {shipment.name}"
        )._print_and_send()

    # === Reading what was typed ===

    @api.model
    def _clean(self, value, limit) -> str:
        text = value.replace("\x00", "").strip() if isinstance(value, str) else ""
        return text[:limit]

    @api.model
    def _parse_name(self, value) -> str:
        name = " ".join(self._clean(value, NAME_LIMIT).split())
        if len(name) < 2:
            raise UserError(self.env._("Write who has received the goods."))
        return name

    @api.model
    def _parse_mass(self, value, sent) -> float:
        text = self._clean(str(value or ""), 30)
        fmt = self.env["cement.portal.shell"]._get_formats()
        try:
            mass = float(parse_quantity(text))
        except ValueError:
            raise UserError(
                self.env._("Write how many tonnes were accepted.")
            ) from None
        if not 0 <= weighing.kilograms(mass) <= weighing.kilograms(sent * MOST):
            raise UserError(
                self.env._(
                    "%(mass)s does not fit: %(sent)s were sent.",
                    mass=fmt.mass(mass),
                    sent=fmt.mass(sent),
                )
            )
        return round(mass, 3)

    @api.model
    def _parse_times(self, vals, shipment) -> tuple[datetime, datetime]:
        """Return arrival and end of unloading in UTC, within the way's time."""
        now = fields.Datetime.now()
        unloaded = self._parse_moment(vals.get("unloaded")) or now
        arrived = (
            self._parse_moment(vals.get("arrived")) or shipment.arrived_date or unloaded
        )
        if unloaded > now + CLOCK_SLACK:
            raise UserError(self.env._("The end of unloading lies in the future."))
        unloaded = min(unloaded, now)
        arrived = min(arrived, now)
        if arrived > unloaded:
            raise UserError(
                self.env._("The vehicle cannot be unloaded before it has arrived.")
            )
        left = shipment._get_left_date() or now - LONGEST_WAY
        if arrived < left - CLOCK_SLACK:
            raise UserError(
                self.env._("The vehicle cannot arrive before it has left the plant.")
            )
        return arrived, unloaded

    @api.model
    def _parse_moment(self, value):
        """Return a moment as the browser sends it, in UTC: the page has told it how
        far the clock of the site is ahead."""
        text = self._clean(value, 24)
        if not text:
            return None
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%MZ")
        except ValueError:
            raise UserError(
                self.env._("This is no time: %(text)s", text=text)
            ) from None

    # === Pictures ===

    @api.model
    def _redraw_signature(self, content) -> bytes:
        try:
            drawn = photos.redraw_signature(content)
        except photos.PictureError as error:
            raise UserError(self.env._("Sign with your finger in the box.")) from error
        return base64.b64encode(drawn)

    @api.model
    def _redraw_photos(self, files) -> list[bytes]:
        files = list(files)
        if len(files) > photos.MAX_PHOTOS:
            raise UserError(
                self.env._("At most %(limit)s photos.", limit=photos.MAX_PHOTOS)
            )
        drawn = []
        for number, content in enumerate(files, start=1):
            try:
                drawn.append(photos.redraw_photo(content))
            except photos.PictureError as error:
                raise UserError(
                    self.env._(
                        "Photo %(number)s is no picture that can be opened, or too big "
                        "(8 MB at most): take it again.",
                        number=number,
                    )
                ) from error
        return drawn

    def _attach_photos(self, pictures):
        """Keep the photos with the shipment; people of the client see them there."""
        self.ensure_one()
        if not pictures:
            return
        lang = self.picking_id.counterparty_id.lang or self.env.lang
        name = self.with_context(lang=lang).env._("Unloading")
        records = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{name} {number}.jpg",
                    "raw": content,
                    "mimetype": "image/jpeg",
                    "res_model": "stock.picking",
                    "res_id": self.picking_id.id,
                    "cement_shared": True,
                    "cement_kind": "photo",
                    "cement_date": fields.Date.context_today(self),
                }
                for number, content in enumerate(pictures, start=1)
            ]
        )
        self.photo_ids = [fields.Command.set(records.ids)]

    # === Printed form ===

    def _print_and_send(self):
        """Print the form, share it with the client and send it (a queued job).

        Doing it twice prints and sends once.
        """
        self.ensure_one()
        if self.sent_date:
            return
        document = self._print()
        self.sent_date = fields.Datetime.now()
        template = self.env.ref(
            "cement_logistics.mail_template_delivery_confirmation",
            raise_if_not_found=False,
        )
        if template:
            template.send_mail(
                self.id, email_values={"attachment_ids": [(4, document.id)]}
            )

    def _print(self):
        """Return the printed form, kept with the shipment."""
        self.ensure_one()
        if not self.document_id:
            lang = self.picking_id.counterparty_id.lang or self.env.lang
            report = self.env["ir.actions.report"].with_context(lang=lang)
            content, _kind = report._render_qweb_pdf(
                "cement_logistics.action_report_delivery", self.ids
            )
            self.document_id = self.env["ir.attachment"].create(
                {
                    "name": self.with_context(lang=lang)._get_document_name(),
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": "stock.picking",
                    "res_id": self.picking_id.id,
                    "cement_shared": True,
                    "cement_kind": "delivery",
                    "cement_date": fields.Date.context_today(self),
                }
            )
        return self.document_id

    def _get_document_name(self) -> str:
        self.ensure_one()
        number = (self.picking_id.name or "").replace("/", "-")
        return self.env._("Delivery confirmation %(number)s", number=number) + ".pdf"

    def _get_recipients(self) -> str:
        """Return the addresses of who ordered and of the manager."""
        self.ensure_one()
        order = self.picking_id.sale_id
        emails = [order.ordered_by_id.email, order.user_id.email]
        return ", ".join(dict.fromkeys(email for email in emails if email))

    def _prepare_receipt(self) -> dict:
        """Return what pages show of the confirmation."""
        self.ensure_one()
        return {
            "name": self.receiver_name,
            "date": self.create_date,
            "arrived": self.arrived_date,
            "unloaded": self.unloaded_date,
            "hours": self.hours_on_site,
            "accepted": self.accepted_mass,
            "sent": self.sent_mass,
            "is_by_order": self.is_sent_by_order,
            "shortage": self.shortage_mass,
            "is_beyond": self.is_beyond_tolerance,
            "note": self.note or "",
            "photos": len(self.photo_ids),
        }


class StockPicking(models.Model):
    _inherit = "stock.picking"

    confirmation_ids = fields.One2many(
        "cement.delivery.confirmation", "picking_id", string="Delivery confirmation"
    )

    def _can_confirm(self) -> bool:
        """Whether the client may confirm the delivery now."""
        self.ensure_one()
        return (
            self.shipment_state in (*lifecycle.UNDER_WAY, lifecycle.DONE)
            and not self.confirmation_ids
        )

    def _is_mass_by_order(self) -> bool:
        """Whether nothing but the order says how much has left."""
        self.ensure_one()
        return not self.net_mass and self.state != "done"

    def _get_left_date(self):
        """Return when the goods left the plant, as far as anybody knows."""
        self.ensure_one()
        if self.state == "done" and self.date_done:
            return self.date_done
        left = self.shipment_event_ids.filtered(
            lambda event: event.state == lifecycle.LEFT and not event.is_estimated
        )
        return left[:1].date

    def _get_shortage_tolerance_percent(self) -> float:
        """Return what may be missing, %: the least of the products', else the
        company's."""
        self.ensure_one()
        own = [
            product.shortage_tolerance
            for product in self.move_ids.product_id
            if product.shortage_tolerance
        ]
        return min(own) if own else self.company_id.cement_shortage_tolerance

    def _confirm_as_member(self, vals, signature, files):
        """Confirm the delivery on behalf of the current user.

        :raises AccessError: when the role only looks on.
        """
        self.ensure_one()
        shipment_sudo = self._shipment_sudo()
        user = self.env.user
        if not user._is_internal() and not user._cement_can(
            roles.ORDER, shipment_sudo.counterparty_id
        ):
            raise AccessError(
                self.env._("Your role does not include confirming deliveries.")
            )
        return self.env["cement.delivery.confirmation"]._submit(
            shipment_sudo, vals, signature, files
        )
