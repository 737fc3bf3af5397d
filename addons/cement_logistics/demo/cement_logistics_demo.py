# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Trucks on the way with the demo orders, and what the delivered ones left behind.

Wagons have a demo of their own in the addon of the railway.
"""

import io
import math
import random
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import api, fields, models
from odoo.tools import file_open

from ..tools import lifecycle
from . import timeline

# Number of a plate, trailer, driver.
_FLEET = (
    ("А 417 КМ 196", "АР 2245 66", "Ковалёв Сергей Иванович", "+7 912 000-41-70"),
    ("В 038 ОТ 196", "АС 1180 66", "Мухин Олег Петрович", "+7 912 000-03-80"),
    ("Е 552 РХ 96", "АТ 6071 66", "Гарипов Ильдар Маратович", "+7 912 000-55-20"),
    ("К 901 СУ 159", "АУ 3317 59", "Лебедев Антон Юрьевич", "+7 912 000-90-10"),
    ("М 264 ТА 159", "АХ 4402 59", "Зуев Павел Андреевич", "+7 912 000-26-40"),
    ("Н 735 УВ 196", "АЕ 9128 66", "Шилов Денис Викторович", "+7 912 000-73-50"),
    ("О 118 ХЕ 74", "АК 5536 74", "Саитов Руслан Ринатович", "+7 912 000-11-80"),
)
# Login of who ordered, number among the loads of that person being loaded, state,
# hours since leaving, place (latitude, longitude, words), km left, hours to arrival,
# hours from now until the promised time ends.
_ON_ROAD = (
    ("partner", 0, lifecycle.DONE, 9.0, None, 0, -5.0, -4.0),
    (
        "partner",
        1,
        lifecycle.ARRIVED,
        4.2,
        (56.8702, 60.5405, "РБУ «Лесная», у весовой"),
        0,
        -0.4,
        1.0,
    ),
    (
        "partner",
        2,
        lifecycle.NEAR,
        2.6,
        (56.7570, 60.9310, "Косулино, Р-351"),
        34,
        0.8,
        1.5,
    ),
    (
        "partner",
        3,
        lifecycle.ON_WAY,
        1.4,
        (56.7620, 61.4040, "п. Белоярский, Р-351"),
        68,
        2.2,
        0.5,
    ),
    (
        "foreign",
        0,
        lifecycle.ON_WAY,
        5.0,
        (57.4290, 56.9440, "Кунгур, Е-22"),
        96,
        1.9,
        3.0,
    ),
    (
        "foreign",
        1,
        lifecycle.ON_WAY,
        3.1,
        (56.7950, 57.9010, "п. Ачит, Е-22"),
        241,
        4.3,
        4.0,
    ),
    ("foreign", 2, lifecycle.LEFT, 0.3, None, 0, None, 7.5),
)
# Ordered by, accepted of 25 t, receiver, remark.
_SHORT = ("partner", 0, 24.62, "Дмитриев А. В., мастер смены")
_RECEIVERS = (
    "Орлова Н. С., кладовщик",
    "Дмитриев А. В., мастер смены",
    "Тагиров Р. Ф., прораб",
)


class CementLogisticsDemo(models.AbstractModel):
    """Makes the demo shipments; called by the demo data only."""

    _name = "cement.logistics.demo"
    _description = "Demo shipments"

    @api.model
    def _load(self):
        """Put the shipments of the demo orders on their way."""
        # the same picture each time
        dice = random.Random(7)
        shipments = self.env["stock.picking"]
        shipments._cement_init_states()
        drivers = self._make_drivers()
        self._deliver_old()
        delivered = shipments.search(
            [("is_cement", "=", True), ("shipment_state", "=", lifecycle.DONE)],
            order="id",
        )
        self._paper(delivered, drivers, dice)
        self._confirm_old(delivered, dice)
        for truck, row in enumerate(_ON_ROAD):
            self._drive(row, drivers, dice, truck)
        self._begin_loading()
        self._share_certificates()
        # the demo prints and sends nothing by itself; forms are printed when asked for
        self.env["queue.job"].search(
            [("model_name", "=", "cement.delivery.confirmation")]
        ).button_cancelled()

    def _make_drivers(self):
        carrier = self.env["res.partner"].create(
            {"name": "ООО «Уралцементовоз»", "is_company": True}
        )
        return self.env["cement.driver"].create(
            [
                {"name": name, "phone": phone, "carrier_id": carrier.id}
                for _plate, _trailer, name, phone in _FLEET
            ]
        )

    def _deliver_old(self):
        """What left by road days ago has arrived, what is over was over then."""
        limit = fields.Datetime.now() - timedelta(days=2)
        shipments = self.env["stock.picking"].search(
            [
                ("is_cement", "=", True),
                ("transport", "=", "road"),
                ("shipment_state", "in", (lifecycle.LEFT, lifecycle.DONE)),
                ("date_done", "<", limit),
            ]
        )
        for shipment in shipments:
            steps = timeline.delivered(shipment.date_done)
            for step, at in steps[2:]:
                shipment._cement_set_shipment_state(step, "tracker", date=at)
            self._set_steps(shipment, steps)

    def _begin_loading(self):
        """Who is still under the spout has come there within the hour."""
        now = fields.Datetime.now()
        waiting = self.env["stock.picking"].search(
            [
                ("is_cement", "=", True),
                ("transport", "=", "road"),
                ("shipment_state", "=", lifecycle.LOADING),
            ],
            order="id DESC",
        )
        for number, shipment in enumerate(waiting):
            at = now - timedelta(minutes=min(10 + 12 * number, 50))
            self._set_steps(shipment, [(lifecycle.LOADING, at)])

    def _set_steps(self, shipment, steps):
        """Let *shipment* have taken these steps, each at its moment, and no other.

        Real steps are told as they happen; these are told afterwards.
        """
        shipment.shipment_event_ids.unlink()
        self.env["cement.shipment.event"].create(
            [
                {
                    "picking_id": shipment.id,
                    "state": step,
                    "date": at,
                    "source": "client"
                    if step == lifecycle.DONE
                    else "dispatcher"
                    if step in (lifecycle.LOADING, lifecycle.LEFT)
                    else "tracker",
                }
                for step, at in steps
            ]
        )
        moments = dict(steps)
        shipment.write(
            {
                "shipment_state_date": steps[-1][1],
                "arrived_date": moments.get(lifecycle.ARRIVED),
            }
        )

    def _paper(self, shipments, drivers, dice, truck=None):
        """Give shipments vehicle, waybill and masses, as the weighbridge does.

        :param truck: number in the fleet; thrown by *dice* when there is none.
        """
        for number, shipment in enumerate(shipments, start=1):
            place = dice.randrange(len(_FLEET)) if truck is None else truck
            day = shipment.shipment_day or fields.Date.context_today(self)
            vals = {
                "waybill_number": f"ТН-{day:%y%m}-{1200 + number}",
                "waybill_date": day,
                "seals": f"{450200 + 3 * number}, {450201 + 3 * number}",
            }
            if shipment.transport == "road":
                plate, trailer, _name, _phone = _FLEET[place]
                tare = round(14.2 + dice.randrange(60) / 50, 2)
                vals |= {
                    "vehicle_plate": plate,
                    "trailer_plate": trailer,
                    "driver_id": drivers[place].id,
                    "cement_carrier_id": drivers[place].carrier_id.id,
                    "tare_mass": tare,
                    "gross_mass": round(tare + shipment.shipment_mass, 3),
                }
            shipment.write(vals)

    def _confirm_old(self, shipments, dice):
        """Every second truck of the last weeks was confirmed at the site."""
        since = fields.Datetime.now() - timedelta(days=60)
        trucks = shipments.filtered(
            lambda picking: picking.transport == "road"
            and picking.arrived_date
            and picking.arrived_date > since
        )
        for number, shipment in enumerate(trucks):
            late = dice.choice((-2.0, -1.5, -0.5, -1.0, 0.7, 2.5))
            promised = shipment.arrived_date - timedelta(hours=late)
            shipment.write(
                {
                    "promised_from": promised - timedelta(hours=3),
                    "promised_to": promised,
                }
            )
            if number % 2 == 0:
                missing = dice.choice((0.0, 0.0, 0.0, 0.02, 0.06))
                if shipment.shipment_mass < 20:
                    missing = 0.0
                self._confirm(
                    shipment,
                    _RECEIVERS[number % len(_RECEIVERS)],
                    shipment.shipment_mass - missing,
                    shipment.arrived_date
                    + timedelta(minutes=dice.choice((40, 55, 70, 95, 180))),
                    number,
                )

    def _confirm(self, shipment, receiver, accepted, unloaded, number, photos=()):
        """Confirm a delivery as the foreman does, at an hour that is past."""
        receipt = self.env["cement.delivery.confirmation"]._submit(
            shipment,
            {
                "key": f"demo-confirmation-{shipment.id:06d}",
                "receiver": receiver,
                "mass": f"{accepted:.3f}",
                "arrived": f"{shipment.arrived_date:%Y-%m-%dT%H:%M}Z",
                "unloaded": f"{unloaded:%Y-%m-%dT%H:%M}Z",
            },
            self._draw_signature(number),
            photos,
        )
        # signed when the last of it was out, not when the demo is made
        self.env.cr.execute(
            "UPDATE cement_delivery_confirmation SET create_date = %s WHERE id = %s",
            (unloaded + timedelta(minutes=4), receipt.id),
        )
        receipt.invalidate_recordset(["create_date"])
        return receipt

    @api.model
    def _draw_signature(self, number) -> bytes:
        """Return a scribble as a finger leaves it."""
        image = Image.new("RGB", (640, 240), "white")
        pen = ImageDraw.Draw(image)
        points = [
            (
                60 + step * 5.2,
                120
                + 60 * math.sin(step / (3.2 + number % 4))
                + 26 * math.sin(step / 1.7 + number),
            )
            for step in range(100)
        ]
        pen.line(points, fill=(16, 36, 63), width=4, joint="curve")
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return stream.getvalue()

    def _drive(self, row, drivers, dice, truck):
        """Let one truck leave and come as far as *row* says."""
        login, number, state, hours, place, left, eta, promised = row
        shipment = self._find(login, number)
        if not shipment:
            return
        now = fields.Datetime.now()
        steps = timeline.under_way(state, now, hours, eta)
        gone = dict(steps)[lifecycle.LEFT]
        shipment._cement_set_shipment_state(
            lifecycle.LOADING, "dispatcher", date=steps[0][1]
        )
        self._paper(shipment, drivers, dice, truck)
        shipment.waybill_number = f"ТН-{now:%y%m}-{1400 + shipment.id % 100}"
        shipment.action_cement_leave()
        shipment.write(
            {
                "date_done": gone,
                "promised_from": now + timedelta(hours=promised - 3),
                "promised_to": now + timedelta(hours=promised),
            }
        )
        for step, at in steps[2:]:
            shipment._cement_set_shipment_state(step, "tracker", date=at)
        self._set_steps(shipment, steps)
        if place:
            latitude, longitude, words = place
            shipment._cement_update_positions(
                {
                    shipment.id: {
                        "latitude": latitude,
                        "longitude": longitude,
                        "position_text": words,
                        "position_date": now - timedelta(minutes=4 + dice.randrange(9)),
                        "position_accuracy": 60,
                        "distance_left": left,
                        "eta_date": now + timedelta(hours=eta) if eta > 0 else False,
                        "eta_source": "По трекеру, с учётом скорости за последний час"
                        if eta > 0
                        else False,
                    }
                }
            )
        if state == lifecycle.DONE:
            with file_open("cement_logistics/demo/unloading.jpg", "rb") as photo:
                content = photo.read()
            self._confirm(
                shipment,
                _SHORT[3],
                _SHORT[2],
                shipment.arrived_date + timedelta(minutes=65),
                3,
                [content],
            )

    @api.model
    def _find(self, login, number):
        """Return a load of *login* that stands under the spout: always the first,
        for those before it have left."""
        user = self.env.ref(f"cement_base.user_{login}")
        return self.env["stock.picking"].search(
            [
                ("ordered_by_id", "=", user.id),
                ("transport", "=", "road"),
                ("shipment_state", "=", lifecycle.LOADING),
            ],
            order="id",
            limit=1,
        )

    def _share_certificates(self):
        """The plant has shared the quality certificate with the last shipments."""
        shipments = self.env["stock.picking"].search(
            [("is_cement", "=", True), ("state", "=", "done")],
            order="id DESC",
            limit=14,
        )
        with file_open("cement_portal/demo/files/quality.pdf", "rb") as certificate:
            content = certificate.read()
        self.env["ir.attachment"].create(
            [
                {
                    "name": "Паспорт качества.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": "stock.picking",
                    "res_id": shipment.id,
                    "cement_shared": True,
                    "cement_kind": "quality",
                    "cement_date": shipment.shipment_day,
                }
                for shipment in shipments
            ]
        )
