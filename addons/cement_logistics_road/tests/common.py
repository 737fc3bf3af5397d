# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import fields

from odoo.addons.cement_sale.tests.common import CementSaleCommon

from ..tools.door import Position
from .kernel import Service, Standin

PLANT = (56.42, 61.93)
SITE = (56.87, 60.54)


class Clock:
    """The clock of the stand-in, moved by the test."""

    def __init__(self):
        self.now = fields.Datetime.now().timestamp()

    def __call__(self):
        return self.now


class RoadCommon(CementSaleCommon):
    """``shipment``: 20 t by road from the plant to the site, with driver and plate;
    ``provider``: by hand of the tests (kind push, switched on)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatcher = cls._create_internal_user(
            "dispatcher", "cement_base.group_dispatcher"
        )
        cls.plant.write(
            {"latitude": PLANT[0], "longitude": PLANT[1], "fence_radius": 700}
        )
        cls.site.write({"latitude": SITE[0], "longitude": SITE[1]})
        cls.driver = cls._create_driver("Ivan", "+7 (900) 000-12-00")
        cls.shipment = cls._create_shipment(cls.driver, "А123ВС 196")
        providers = cls.env["cement.tracking.provider"]
        providers.search([]).state = "off"
        cls.provider = providers.create(
            {
                "name": "Trackers",
                "kind": "push",
                "state": "on",
                "user_id": cls.dispatcher.id,
                "sequence": 1,
            }
        )
        cls.unit = cls.env["cement.tracking.unit"].create(
            {
                "provider_id": cls.provider.id,
                "ext_id": "8671",
                # typed with Latin letters and another spacing
                "plate": "a 123 bc196",
            }
        )
        cls.now = fields.Datetime.now().replace(microsecond=0)

    @classmethod
    def _create_driver(cls, name="Ivan", phone="+79000001200", **vals):
        return cls.env["cement.driver"].create({"name": name, "phone": phone, **vals})

    @classmethod
    def _create_shipment(cls, driver=None, plate="А123ВС 196"):
        picking = cls._create_order().picking_ids
        picking.ensure_one()
        picking.write({"driver_id": driver.id if driver else False})
        picking.vehicle_plate = plate
        return picking

    @classmethod
    def _load(cls, picking=None):
        """Begin the loading and return the trip that is followed."""
        picking = picking or cls.shipment
        picking._cement_set_shipment_state("loading", "dispatcher")
        trip = cls._get_trip(picking)
        trip.started_at = cls.now - timedelta(hours=12)
        return trip

    @classmethod
    def _get_trip(cls, picking):
        return cls.env["cement.tracked.object"].search(
            [("picking_id", "=", picking.id)], order="id desc", limit=1
        )

    @classmethod
    def _at(cls, share, minutes, **vals):
        """Return a position after that share of the way, so many minutes from now."""
        return Position(
            **{
                "ext_id": "8671",
                "at": cls.now + timedelta(minutes=minutes),
                "latitude": PLANT[0] + (SITE[0] - PLANT[0]) * share,
                "longitude": PLANT[1] + (SITE[1] - PLANT[1]) * share,
                "accuracy": 50.0,
                "place": f"km {round(share * 100)}",
                **vals,
            }
        )

    @classmethod
    def _drive(cls, rows, provider=None):
        """Send the positions ``(share of the way, minutes from now)``."""
        return (provider or cls.provider)._take_positions(
            [cls._at(share, minutes) for share, minutes in rows]
        )


class MovizorCommon(RoadCommon):
    """``movizor``: a provider that asks the stand-in; its clock stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.state = "off"
        cls.clock = Clock()
        cls.service = Service(clock=cls.clock, consent_after=60, per_second=1000)
        cls.standin = Standin(cls.service, slow=3).start()
        cls.addClassCleanup(cls.standin.stop)
        cls.movizor = cls.env["cement.tracking.provider"].create(
            {
                "name": "Movizor",
                "kind": "movizor",
                "address": cls.standin.url,
                "allow_local": True,
                "project": "cement",
                "secret": "demo-key",
                "state": "on",
                "per_second": 1000,
                "user_id": cls.dispatcher.id,
            }
        )

    def setUp(self):
        super().setUp()
        # the ledger is written with a cursor of its own
        self.registry_enter_test_mode()
        self.standin.set_mode("ok")
        self.standin.requests.clear()
        # each test moves it on; too far ahead, and positions are of the future
        self.clock.__init__()
        self.service.__init__(clock=self.clock, consent_after=60, per_second=1000)

    def _asked(self):
        return [method for method, _params in self.standin.requests]

    def _follow(self, picking=None):
        """Begin the loading, ask for the consent and let it come."""
        trip = self._load(picking)
        self.movizor._poll()
        self.clock.now += 61
        self.movizor.next_state_at = False
        self.movizor._poll()
        return trip
