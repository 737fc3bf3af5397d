# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The trucks of the demo's shipments, followed by a stand-in for Movizor.

``bin/demo`` starts the stand-in (tests/movizor). It lets a phone begin its way where
its last two digits say, so each driver's number is made to fit the place of the truck.
"""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cement_base.tools import tokens
from odoo.addons.cement_logistics.tools import lifecycle

from ..tools import geo, movizor

_STAND_IN = "http://127.0.0.1:8791/api_2/{project}/{method}/"
_PUSH_TOKEN = "demo-push-token"  # noqa: S105 of the demo
# Where the plants of the demo are, and their grounds in metres.
_PLANTS = {
    "kamensk": (56.4150, 61.9330, 900),
    "terminal": (58.0420, 56.1180, 600),
    "gornorechensk": (55.0600, 60.1090, 900),
    "privolzhsk": (53.1470, 48.4730, 900),
}
# Trucks of the own fleet with a tracker: unit and plate.
_UNITS = (("867100417", "А 417 КМ 196"), ("867100735", "Н 735 УВ 196"))
_WAITING = (
    ("Ершов Николай Львович", "+7 912 000-61", "Т 604 АВ 196", ""),
    ("Носов Кирилл Денисович", "+7 912 000-62", "У 350 ЕК 159", "error_exists"),
)
_EXISTS = "Номер отслеживается другой компанией"
_POINTS = 14


class CementLogisticsRoadDemo(models.AbstractModel):
    """Puts the demo's trucks on the road; called by the demo data only."""

    _name = "cement.logistics.road.demo"
    _description = "Demo trucks"

    @api.model
    def _load(self):
        """Give the plants their places and follow the trucks under way."""
        self = self.with_context(lang="ru_RU")
        for name, (latitude, longitude, radius) in _PLANTS.items():
            self.env.ref(f"cement_base.plant_{name}").write(
                {
                    "latitude": latitude,
                    "longitude": longitude,
                    "fence_radius": radius,
                }
            )
        provider = self._make_providers()
        pickings = self.env["stock.picking"].search(
            [
                ("is_cement", "=", True),
                ("transport", "=", "road"),
                ("is_pickup", "=", False),
                ("shipment_state", "in", lifecycle.UNDER_WAY),
            ],
            order="id",
        )
        for number, picking in enumerate(pickings.filtered("site_id.latitude")):
            if picking.plant_id._get_fence():
                self._follow(provider, picking, number)
        self._load_waiting(provider)
        provider._mark_silent(fields.Datetime.now())

    def _make_providers(self):
        """Return Movizor as the stand-in plays it."""
        dispatcher = self.env.ref("cement_base.user_dispatcher")
        push = self.env.ref("cement_logistics_road.provider_push")
        push.write(
            {
                "name": "Трекеры своего парка",
                "state": "on",
                "user_id": dispatcher.id,
                "token_digest": tokens.digest(_PUSH_TOKEN),
            }
        )
        self.env["cement.tracking.unit"].create(
            [
                {"provider_id": push.id, "ext_id": ext_id, "plate": plate}
                for ext_id, plate in _UNITS
            ]
        )
        provider = self.env.ref("cement_logistics_road.provider_movizor")
        provider.write(
            {
                "name": "Movizor",
                "address": _STAND_IN,
                "allow_local": True,
                "project": "cement",
                "secret": "demo-key",
                "state": "on",
                "user_id": dispatcher.id,
                # the stand-in lets time pass faster than it does
                "poll_interval": 1,
                "state_interval": 1,
                "max_speed": 1000,
                "dwell_minutes": 2,
                "stay_minutes": 3,
            }
        )
        return provider

    def _follow(self, provider, picking, number):
        """Follow one truck that is under way, with the positions it left behind."""
        now = fields.Datetime.now()
        plant, site = picking.plant_id._get_fence(), picking.site_id._get_fence()
        place = (picking.latitude, picking.longitude)
        if not geo.is_place(*place):
            place = plant.centre
        length = geo.haversine(plant.centre, site.centre)
        gone = 1 - geo.haversine(place, site.centre) / length
        share = min(99, max(1, round(gone * 100)))
        driver = self._get_driver(picking, f"+7 912 000-{40 + number}-{share:02d}")
        started = now - timedelta(hours=8)
        steps = picking.shipment_event_ids.filtered(
            lambda event: event.state == lifecycle.LEFT
        )
        left = steps[:1].date or started
        trip = self.env["cement.tracked.object"].create(
            {
                "picking_id": picking.id,
                "provider_id": provider.id,
                "ext_id": movizor.phone(driver.phone),
                "driver_id": driver.id,
                "plate": picking.vehicle_plate,
                "phase": "live",
                "status": "ok",
                "status_at": left,
                "started_at": left - timedelta(minutes=50),
                "asked_at": left - timedelta(minutes=50),
                "given_at": left - timedelta(minutes=31),
                "last_at": picking.position_date or now,
                "distance_total": round(length / 1000 * provider.road_factor, 1),
            }
        )
        until = picking.position_date or now - timedelta(minutes=3)
        self.env["cement.tracking.position"].create(
            [
                {
                    "object_id": trip.id,
                    "date": left + (until - left) * (point / _POINTS),
                    "latitude": plant.latitude
                    + (place[0] - plant.latitude) * point / _POINTS,
                    "longitude": plant.longitude
                    + (place[1] - plant.longitude) * point / _POINTS,
                    "accuracy": (350, 790, 530, 1200)[point % 4],
                    "place": picking.position_text if point == _POINTS else False,
                }
                for point in range(_POINTS + 1)
            ]
        )
        # the dispatcher is told by the first poll, in the language of people
        trip.slip_level = trip._get_slip_level() or trip.slip_level

    def _get_driver(self, picking, phone):
        """Return a driver of this shipment alone: a phone follows one truck."""
        shared = self.env["stock.picking"].search_count(
            [
                ("driver_id", "=", picking.driver_id.id),
                ("id", "!=", picking.id),
                ("shipment_state", "in", (lifecycle.LOADING, *lifecycle.UNDER_WAY)),
            ]
        )
        driver = picking.driver_id
        if not driver or shared:
            driver = driver.copy({"name": driver.name or "Новиков Илья Романович"})
            # not by the shipment's own writing, which would follow it at once
            self.env.cr.execute(
                "UPDATE stock_picking SET driver_id = %s WHERE id = %s",
                (driver.id, picking.id),
            )
            picking.invalidate_recordset(["driver_id"])
        driver.write(
            {
                "phone": phone,
                "tracking_consent": "given",
                "tracking_consent_date": fields.Date.today() - timedelta(days=60),
                "tracking_consent_note": "Согласие в деле перевозчика",
            }
        )
        return driver

    def _load_waiting(self, provider):
        """Two trucks are being loaded: one leaves soon, one cannot be followed."""
        pickings = self.env["stock.picking"].search(
            [
                ("is_cement", "=", True),
                ("transport", "=", "road"),
                ("is_pickup", "=", False),
                ("shipment_state", "=", lifecycle.LOADING),
                ("plant_id.latitude", "!=", 0),
                ("site_id.latitude", "!=", 0),
            ],
            order="id",
            limit=len(_WAITING),
        )
        for picking, (name, phone, plate, status) in zip(
            pickings, _WAITING, strict=False
        ):
            driver = self.env["cement.driver"].create(
                {"name": name, "phone": f"{phone}-00"}
            )
            picking.write({"driver_id": driver.id, "vehicle_plate": plate})
            trip = picking.tracked_object_id
            if status and trip:
                now = fields.Datetime.now()
                trip.write(
                    {
                        "tries": 3,
                        "error": _EXISTS,
                        "next_try_at": now + timedelta(days=30),
                        "status": status,
                        "status_at": now,
                        "status_text": _EXISTS,
                    }
                )
