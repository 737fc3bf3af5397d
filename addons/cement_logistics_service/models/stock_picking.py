# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _cement_on_shortage(self, shortage, tolerance):
        """Override of `cement_logistics` to begin a claim: the client finds it among
        the own ones, the manager in the list of new ones, with the photos."""
        super()._cement_on_shortage(shortage, tolerance)
        # sudo: whoever confirmed the delivery, by link too, makes no claims
        claims_sudo = self.env["cement.claim"].sudo()
        kind_sudo = (
            self.env["cement.claim.kind"]
            .sudo()
            .search([("code", "=", "shortage")], limit=1)
        )
        if not kind_sudo or claims_sudo.search_count([("picking_id", "=", self.id)]):
            return
        confirmation_sudo = self.sudo().confirmation_ids[:1]
        claim_sudo = claims_sudo.with_context(mail_create_nosubscribe=True).create(
            self.sudo()._prepare_shortage_claim_vals(
                kind_sudo, confirmation_sudo, shortage, tolerance
            )
        )
        photos = confirmation_sudo.photo_ids
        if photos:
            claim_sudo._attach_photos(
                [
                    {"name": photo.name, "raw": photo.raw, "mimetype": photo.mimetype}
                    for photo in photos
                ]
            )

    @api.model
    def _cement_claim_shortages(self):
        """Begin claims on the shortages that were confirmed before this addon."""
        confirmations = self.env["cement.delivery.confirmation"].search(
            [("is_beyond_tolerance", "=", True)]
        )
        for confirmation in confirmations:
            confirmation.picking_id._cement_on_shortage(
                confirmation.shortage_mass, confirmation.tolerance_mass
            )

    def _prepare_shortage_claim_vals(self, kind, confirmation, shortage, tolerance):
        self.ensure_one()
        order = self.sale_id
        # the words are the client's to read
        translated = self.with_context(lang=self.counterparty_id.lang or self.env.lang)
        fmt = translated.env["cement.portal.shell"]._get_formats()
        description = translated.env._(
            "Shortage of %(shortage)s at the delivery confirmation: sent %(sent)s, "
            "accepted %(accepted)s, tolerance %(tolerance)s. Vehicle %(vehicle)s, "
            "waybill %(waybill)s. Received by: %(receiver)s.",
            shortage=fmt.mass(shortage),
            sent=translated.env._(
                "%(mass)s by the order, not weighed",
                mass=fmt.mass(confirmation.sent_mass),
            )
            if confirmation.is_sent_by_order
            else fmt.mass(confirmation.sent_mass),
            accepted=fmt.mass(confirmation.accepted_mass),
            tolerance=fmt.mass(tolerance),
            vehicle=self.vehicle_text or "—",
            waybill=self.waybill_number or "—",
            receiver=confirmation.receiver_name,
        )
        if confirmation.note:
            description = f"{description}\n{confirmation.note}"
        return {
            "order_id": order.id,
            "picking_id": self.id,
            "kind_id": kind.id,
            "mass": shortage,
            "description": description,
            # a person of the client; by the link nobody is known
            "author_id": (
                confirmation.user_id.filtered("share") or order.ordered_by_id
            ).id,
        }

    def _portal_page_values(self):
        """Override of `cement_logistics` to name the claim on the page."""
        values = super()._portal_page_values()
        # sudo: only whether there is one; the page of the claim asks for the right
        claim_sudo = (
            self.env["cement.claim"]
            .sudo()
            .search([("picking_id", "=", self.id)], limit=1)
        )
        if claim_sudo:
            values["claim"] = {
                "number": claim_sudo.name,
                "url": f"/my/claims/{claim_sudo.id}",
            }
        return values
