# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cement_base.tools import roles, zones
from odoo.addons.cement_portal.tools import formats, uploads
from odoo.addons.cement_sale.tools.table_import import clean_text, parse_day

from ..tools import files, passes, plates

# how many days with free slots the page offers
SLOT_DAYS = 7
_PHONE = re.compile(r"\+?[0-9()\-\s]{5,25}")


class CementLoadingPass(models.Model):
    """The pass as the client books and sees it."""

    _inherit = "cement.loading.pass"

    # === Booking ===

    @api.model
    def _submit(self, picking, form: dict, upload=None):
        """Book a place for a shipment on behalf of a member.

        :param form: ``slot_id``, ``plate``, ``trailer``, ``driver``, ``phone``,
            ``attorney_number``, ``attorney_date``, ``attorney_until``, ``erase``.
        :param upload: name and bytes of the power of attorney.
        :raises UserError: saying what to mend; nothing is changed then.
        """
        picking_sudo = picking._member_pickup_sudo()
        vals = self._parse_form(form)
        attachment = self._parse_upload(upload)
        with self.env.cr.savepoint():
            entry_sudo = self._book(picking_sudo, form.get("slot_id") or 0, vals)
            if attachment:
                entry_sudo.attorney_file_id.unlink()
                entry_sudo.attorney_file_id = (
                    self.env["ir.attachment"]
                    .sudo()
                    .create(
                        {**attachment, "res_model": self._name, "res_id": entry_sudo.id}
                    )
                )
        return entry_sudo

    @api.model
    def _parse_form(self, form) -> dict:
        try:
            plate = plates.normalise(form.get("plate"))
            trailer = form.get("trailer")
            trailer = plates.normalise(trailer) if trailer else False
        except plates.PlateError:
            raise UserError(
                self.env._("This is not a plate: write it as А123ВС 196.")
            ) from None
        driver = clean_text(form.get("driver"), 100)
        if not driver:
            raise UserError(self.env._("Write the name of the driver."))
        phone = clean_text(form.get("phone"), 30)
        if phone and not _PHONE.fullmatch(phone):
            raise UserError(self.env._("The phone of the driver holds digits only."))
        vals = {
            "vehicle_plate": plate,
            "trailer_plate": trailer,
            "driver_name": driver,
            "driver_phone": phone or False,
            "attorney_number": clean_text(form.get("attorney_number"), 50) or False,
            "attorney_date": self._parse_date(form.get("attorney_date")),
            "attorney_until": self._parse_date(form.get("attorney_until")),
        }
        since, until = vals["attorney_date"], vals["attorney_until"]
        if since and until and since > until:
            raise UserError(
                self.env._("The power of attorney ends before it was given.")
            )
        if since and since > fields.Date.context_today(self):
            raise UserError(self.env._("The power of attorney is of a day to come."))
        return vals

    @api.model
    def _parse_date(self, value):
        try:
            return parse_day(value) or False
        except ValueError:
            raise UserError(
                self.env._("“%(value)s” is not a date.", value=str(value)[:30])
            ) from None

    @api.model
    def _parse_upload(self, upload) -> dict | None:
        if not upload:
            return None
        name, content = upload
        fault = uploads.find_fault(content, files.LIMITS)
        if fault:
            raise UserError(
                {
                    uploads.EMPTY: self.env._("The file is empty."),
                    uploads.TOO_BIG: self.env._("The file is larger than 5 MB."),
                    uploads.UNKNOWN: self.env._(
                        "A power of attorney is a PDF or a photo (JPEG, PNG)."
                    ),
                    uploads.DAMAGED: self.env._(
                        "The picture cannot be opened: take it again."
                    ),
                }[fault]
            )
        mimetype = uploads.sniff(content)
        return {
            "name": uploads.clean_name(name, mimetype),
            "raw": content,
            "mimetype": mimetype,
        }

    def _member_cancel(self):
        """Cancel a pass on behalf of a member."""
        if not self:
            # the button was pressed twice, or another person was faster
            raise UserError(self.env._("This pass was used or cancelled already."))
        self.ensure_one()
        # sudo: the right to the order is checked by the call
        entry_sudo = self.sudo()
        entry_sudo.picking_id.sudo(False)._member_pickup_sudo()
        entry_sudo.order_id._cement_lock()
        entry_sudo.invalidate_recordset()
        if entry_sudo.state != passes.BOOKED:
            raise UserError(self.env._("This pass was used or cancelled already."))
        entry_sudo._cancel_open()

    # === Pages ===

    @api.model
    def _portal_form(self, picking) -> dict:
        """Return what the page of a pick-up shows."""
        picking_sudo = picking._member_pickup_sudo(roles.SEE)
        order_sudo = picking_sudo.sale_id
        row = picking_sudo._portal_pickup_row()
        reason = order_sudo.sudo(False)._portal_role_reason()
        entry = picking_sudo.pass_id
        return {
            "fmt": picking_sudo._get_cement_formats(),
            "row": row,
            "order": order_sudo,
            "plant": picking_sudo.plant_id,
            "product": ", ".join(
                (picking_sudo.move_ids or order_sudo.order_line).product_id.mapped(
                    "name"
                )
            ),
            "days": self._get_slot_days(picking_sudo) if row["is_open"] else [],
            "entry": entry._portal_facts() if entry else None,
            "qr": entry._get_qr()
            if entry and entry.state in (passes.BOOKED, passes.INSIDE)
            else "",
            "code": entry._get_code() if entry else "",
            "queue": entry._get_queue() if entry else 0,
            "attorney": entry._get_attorney_text() if entry else "",
            "has_file": bool(entry.attorney_file_id),
            "known": entry._get_typed() if entry and not reason else {},
            "reason": reason,
        }

    @api.model
    def _get_slot_days(self, picking_sudo) -> list[dict]:
        """Return the next days with slots for the vehicle, with free places."""
        order_sudo = picking_sudo.sale_id
        points = (
            self.env["cement.loading.point"]
            .sudo()
            .search(
                [("plant_id", "=", order_sudo.plant_id.id), ("has_slots", "=", True)]
            )
            .filtered(lambda point: point._takes_order(order_sudo))
        )
        slots = (
            self.env["cement.loading.slot"]
            .sudo()
            .search(
                [
                    ("point_id", "in", points.ids),
                    ("start", ">", fields.Datetime.now()),
                    ("is_closed", "=", False),
                ],
                order="start, point_id",
            )
        )
        days = []
        for day, of_day in slots.grouped("day").items():
            days.append(
                {
                    "day": day,
                    "free": sum(of_day.mapped("free")),
                    "is_shown": False,
                    "slots": [
                        {
                            "id": slot.id,
                            "hours": slot._get_hours(),
                            "point": slot.point_id.name if len(points) > 1 else "",
                            "free": slot.free,
                            "is_mine": slot == picking_sudo.pass_id.slot_id
                            and picking_sudo.pass_id.state == passes.BOOKED,
                        }
                        for slot in of_day
                    ],
                }
            )
        days = sorted(days, key=lambda entry: entry["day"])[:SLOT_DAYS]
        # one day is open: that of the booking, else the first from the wished one on
        wanted = order_sudo.due_date
        shown = (
            next(
                (day for day in days if any(slot["is_mine"] for slot in day["slots"])),
                None,
            )
            or next(
                (
                    day
                    for day in days
                    if day["free"] and wanted and day["day"] >= wanted
                ),
                None,
            )
            or next((day for day in days if day["free"]), None)
        )
        if shown:
            shown["is_shown"] = True
        return days

    def _get_typed(self) -> dict:
        """Return what the client has typed before, for the form that moves it."""
        self.ensure_one()
        fmt = self.env["cement.portal.shell"]._get_formats()
        return {
            "trailer": plates.pretty(self.trailer_plate or ""),
            "driver": self.driver_name or "",
            "phone": self.driver_phone or "",
            "attorney_number": self.attorney_number or "",
            "attorney_date": fmt.iso(self.attorney_date),
            "attorney_until": fmt.iso(self.attorney_until),
        }

    def _get_signed_hours(self) -> str:
        """Return ``08:00–09:00 МСК+2``: a driver may come from another zone."""
        self.ensure_one()
        # sudo: the zone of the plant
        slot = self.slot_id.sudo()
        fmt = self.env["cement.portal.shell"]._get_formats(
            zones.Clock(zones.PLANT, slot.plant_id.tz or zones.MOSCOW)
        )
        return f"{slot._get_hours()}{formats.NBSP}{fmt.zone(slot.start)}"

    def _portal_row(self) -> dict:
        """Return the pass in short (as superuser)."""
        self.ensure_one()
        text, tone = self._get_verdicts()[self._judge()]
        is_quiet = self.state == passes.CANCELLED
        return {
            "number": self.name,
            "state": self.state,
            "day": self.day,
            "hours": self._get_signed_hours(),
            "point": self.point_id.name,
            "text": text,
            "tone": "muted" if is_quiet else tone,
            "url": f"/cement/pass/{self._get_code()}",
        }

    def _portal_facts(self, *, with_queue=True) -> dict:
        """Return what the pass says to whoever holds it: no name, no phone, no
        price, no client."""
        self.ensure_one()
        verdict = self._judge()
        text, tone = self._get_verdicts()[verdict]
        if self.state == passes.BOOKED and verdict == passes.WRONG_DAY:
            # before its day a pass is in order
            text, tone = self.env._("Booked"), "ok"
        picking = self.picking_id
        return {
            "id": self.id,
            "number": self.name,
            "state": self.state,
            "verdict": verdict,
            "text": text,
            "tone": tone,
            "plant": self.plant_id.name,
            "point": self.point_id.name,
            "day": self.day,
            "hours": self.slot_id._get_hours(),
            "signed_hours": self._get_signed_hours(),
            "plates": self._get_plates(),
            "product": ", ".join(picking.move_ids.product_id.mapped("name")),
            "mass": picking._get_mass(),
            "waybill": picking.waybill_number or "",
            "code": self._get_code(),
            "queue": self._get_queue() if with_queue else 0,
        }

    def _get_attorney_text(self) -> str:
        self.ensure_one()
        if not self.attorney_number:
            return ""
        fmt = self.env["cement.portal.shell"]._get_formats()
        text = self.env._("No. %(number)s", number=self.attorney_number)
        if self.attorney_date:
            text += " " + self.env._("of %(day)s", day=fmt.day(self.attorney_date))
        if self.attorney_until:
            text += ", " + self.env._(
                "valid until %(day)s", day=fmt.day(self.attorney_until)
            )
        return text

    # === Conversation ===

    @api.model
    def _portal_pickup_list(self, partner) -> list[dict]:
        """Return the pick-ups of *partner* that are open, as the person may see."""
        orders = self.env["sale.order"].search(
            [
                ("counterparty_id", "=", partner.id),
                ("is_cement", "=", True),
                ("state", "=", "sale"),
                ("delivery_method_id.is_pickup", "=", True),
                ("delivery_method_id.transport", "=", "road"),
                ("cement_state", "not in", ("closed", "cancelled")),
            ],
            order="due_date, id",
            limit=100,
        )
        rows = []
        # sudo: shipments of orders that were found with the person's rights
        for order in orders.sudo():
            for picking in order.picking_ids:
                if (
                    picking.picking_type_code == "outgoing"
                    and picking.state != "cancel"
                    and picking.shipment_state not in ("done", "cancelled")
                ):
                    rows.append(
                        {
                            **picking._portal_pickup_row(),
                            "order": order.name,
                            "order_url": f"/my/orders/{order.id}",
                            "product": ", ".join(
                                order.order_line.product_id.mapped("name")
                            ),
                            "plant": order.plant_id.name or "",
                            "day": order.due_date,
                        }
                    )
        return rows
