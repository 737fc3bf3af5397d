# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A plant with a calendar and loading points, and a client who picks up."""

from datetime import timedelta

from odoo import Command, fields

from odoo.addons.cement_logistics_dispatch.tools import passes
from odoo.addons.cement_portal.tests.common import CementPortalCommon


class CementDispatchCommon(CementPortalCommon):
    """On top of ``CementPortalCommon``: ``line_pickup`` (bulk, by road), ``point``
    (bulk, 2 vehicles an hour, slots of an hour from 8 to 10), ``dispatcher``,
    ``manager``, ``guard``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plant.tz = "UTC"
        cls.plant.promise_mode = "manual"
        cls.line_pickup = cls._create_specification(
            cls.agreement,
            [{"delivery_method_id": cls.road_pickup.id, "volume_agreed": 5000.0}],
        ).line_ids
        cls.point = cls._create_point(has_slots=True)
        cls.dispatcher = cls._create_internal_user(
            "dispatcher", "cement_base.group_dispatcher"
        )
        cls.manager = cls._create_manager("dispatch-manager")
        cls.guard = cls._create_guard("guard")

    @classmethod
    def _create_guard(cls, login, companies=None):
        """Return a guard without the back office."""
        xmlids = ("base.group_portal", "cement_logistics_dispatch.group_gate_guard")
        groups = [Command.set([cls.env.ref(xmlid).id for xmlid in xmlids])]
        return cls._create_internal_user(login, companies=companies, group_ids=groups)

    @classmethod
    def _create_point(cls, **vals):
        return cls.env["cement.loading.point"].create(
            {
                "name": "Silo 1",
                "plant_id": cls.plant.id,
                "cargo_form_ids": [Command.set(cls.form_bulk.ids)],
                "hour_from": 8,
                "hour_to": 10,
                "vehicles_per_hour": 2,
                **vals,
            }
        )

    @classmethod
    def _create_package_pickup(cls):
        """Return the order of ten tonnes in big bags that the client collects."""
        line = cls._create_specification(
            cls.agreement,
            [
                {
                    "product_id": cls.big_bag.id,
                    "delivery_method_id": cls.road_pickup.id,
                }
            ],
        ).line_ids
        cart = cls._create_cart(
            [{"specification_line_id": line.id, "quantity": 10.0, "site_id": False}]
        )
        return cart._confirm("portal_desktop").sudo().with_env(cls.env)

    @classmethod
    def _create_pickup(cls, mass=20.0, user=None):
        """Return the order of one vehicle that the client collects."""
        cart = cls._create_cart(
            [
                {
                    "specification_line_id": cls.line_pickup.id,
                    "quantity": mass,
                    "site_id": False,
                }
            ],
            user,
        )
        return cart._confirm("portal_desktop").sudo().with_env(cls.env)

    @classmethod
    def _create_slot(cls, start=None, places=1, point=None):
        """Return a slot of an hour; default: in five days at eight."""
        start = start or fields.Datetime.to_datetime(cls.day) + timedelta(hours=8)
        return cls.env["cement.loading.slot"].create(
            {
                "point_id": (point or cls.point).id,
                "day": start.date(),
                "start": start,
                "stop": start + timedelta(hours=1),
                "capacity": places,
            }
        )

    @classmethod
    def _form(cls, slot, **vals):
        return {
            "slot_id": slot.id,
            "plate": "a123bc196",
            "trailer": "",
            "driver": "Ivan Petrov",
            "phone": "+7 900 000-00-00",
            **vals,
        }

    @classmethod
    def _book(cls, order, slot, user=None, **vals):
        """Book *slot* for the shipment of *order* as *user* (default: the owner)."""
        env = cls.portal_env(user or cls.owner)
        picking = env["stock.picking"].browse(order.picking_ids[:1].id)
        entry = env["cement.loading.pass"]._submit(picking, cls._form(slot, **vals))
        return entry.with_env(cls.env)

    @classmethod
    def _book_now(cls, order):
        """Return a pass whose hour is the present one."""
        now = fields.Datetime.now().replace(microsecond=0)
        slot = cls._create_slot(now - timedelta(minutes=5))
        return cls._book(order, slot)

    @classmethod
    def _ask(cls, order, user=None, **vals):
        """Ask for a change as *user* (default: the owner)."""
        env = cls.portal_env(user or cls.owner)
        return env["cement.change.request"]._submit(
            env["sale.order"].browse(order.id),
            {
                "kind": "day",
                "day": fields.Date.to_string(cls.day + timedelta(days=2)),
                "reason": "The crane is late.",
                **vals,
            },
        )

    @classmethod
    def _inside(cls, record, user=None):
        """Return *record* as the dispatcher has it."""
        return record.with_env(cls.env).with_user(user or cls.dispatcher).sudo(False)

    def _gate(self, entry, action, **vals):
        """Let the vehicle in or out as the guard."""
        passes_model = self.env["cement.loading.pass"].with_user(self.guard)
        return passes_model._gate_move(entry._get_code(), action, **vals)

    def assertState(self, entry, state):
        self.assertEqual(entry.state, state)


BOOKED, INSIDE, LEFT = passes.BOOKED, passes.INSIDE, passes.LEFT
