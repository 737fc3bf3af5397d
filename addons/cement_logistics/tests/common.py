# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Shipments of a client, of its buyer and of a foreign client."""

import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import fields

from odoo.addons.cement_portal.tests.common import CementPortalCommon


def make_signature(ink=True) -> bytes:
    image = Image.new("RGBA", (300, 120), (255, 255, 255, 0))
    if ink:
        ImageDraw.Draw(image).line([(10, 90), (120, 20), (280, 80)], "navy", 4)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


class CementLogisticsCommon(CementPortalCommon):
    """On top of ``CementPortalCommon``: ``order`` of the owner with ``shipment``,
    ``buyer_shipment`` of the buyer, ``other_shipment`` of the foreign client,
    ``dispatcher``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.stock_move_email_validation = False
        cls.dispatcher = cls._create_internal_user(
            "dispatcher", "cement_base.group_dispatcher"
        )
        cls.order = cls._create_order()
        cls.shipment = cls.order.picking_ids
        cls.buyer_order = cls._create_order(10.0, cls.buyer)
        cls.buyer_shipment = cls.buyer_order.picking_ids
        cls.other_order = cls.other_cart._confirm("portal_desktop").sudo()
        cls.other_shipment = cls.other_order.with_env(cls.env).picking_ids
        cls.now = fields.Datetime.now()

    @classmethod
    def _leave(cls, shipment=None, **vals):
        """Let a shipment leave the plant as it was weighed."""
        shipment = shipment or cls.shipment
        shipment.write(
            {
                "vehicle_plate": "A 123 BC 96",
                "waybill_number": "WB-1",
                "gross_mass": 15.0 + shipment.ordered_mass,
                "tare_mass": 15.0,
                **vals,
            }
        )
        shipment.action_cement_leave()
        assert shipment.state == "done", shipment.state
        shipment.date_done = cls.now - timedelta(hours=6)
        return shipment

    @classmethod
    def _place(cls, shipment=None, latitude=56.8, longitude=60.6, **vals):
        shipment = shipment or cls.shipment
        shipment._cement_update_positions(
            {
                shipment.id: {
                    "latitude": latitude,
                    "longitude": longitude,
                    "position_date": cls.now,
                    **vals,
                }
            }
        )

    @classmethod
    def _confirm(cls, shipment=None, files=(), **vals):
        """Confirm the delivery as the foreman does."""
        shipment = shipment or cls.shipment
        return cls.env["cement.delivery.confirmation"]._submit(
            shipment,
            {
                "key": f"test-key-{shipment.id:016d}",
                "receiver": "I. Foreman",
                "mass": str(shipment.shipment_mass),
                "arrived": f"{cls.now - timedelta(hours=1):%Y-%m-%dT%H:%M}Z",
                "unloaded": f"{cls.now:%Y-%m-%dT%H:%M}Z",
                **vals,
            },
            make_signature(),
            list(files),
        )

    def as_user(self, user, shipment=None):
        """Return the shipment in the rights of a portal user."""
        shipment = shipment or self.shipment
        return self.portal_env(user)["stock.picking"].browse(shipment.id)
