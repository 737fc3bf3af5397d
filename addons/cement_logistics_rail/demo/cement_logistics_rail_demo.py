# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Wagons of the demo orders, brought in as reports bring them in.

Every trip here went through the reader, the checks and the status tree, so what
the screens show is what a real report would make of it.
"""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cement_logistics.tools import lifecycle as way
from odoo.addons.cement_sale.tools import lifecycle

from ..tools import codes, moscow
from . import tales

_ORIGIN = "814208"
_WAY = ("810006", "813602", "812908", "811905")
# More orders by rail than the demo of sales has: recipe, days ago, days to shipment.
_ORDERS = (("zhbi_rail", 12, 6), ("wagon_agro", 12, 6))
# What becomes of the wagons, one after the other: key of a story below.
_STORIES = ("idle", "moving", "lost", "late", "abandoned", "faulty", "near")
_HEADINGS = (
    "Номер вагона",
    "Номер накладной",
    "Род вагона",
    "Дата и время начала рейса",
    "Станция отправления",
    "Станция назначения",
    "Грузополучатель",
    "Наименование груза",
    "Вес груза (кг)",
    "Дата и время операции",
    "Станция операции",
    "Операция с вагоном",
    "Тип парка (П/Г)",
    "Индекс поезда",
    "Нормативный срок доставки",
    "Дата и время отправления",
    "Дата и время прибытия",
    "Расстояние оставшееся (км)",
    "Расстояние общее (км)",
)
_DUE_DAYS = {"late": -2, "faulty": -1, "idle": -1}


class CementLogisticsRailDemo(models.AbstractModel):
    """Makes the demo wagons; called by the demo data only."""

    _name = "cement.logistics.rail.demo"
    _description = "Demo wagons"

    @api.model
    def _load(self):
        """Make more orders by rail, and let their wagons travel."""
        self._make_orders()
        now = fields.Datetime.now()
        limit = now - timedelta(days=12)
        shipments = self.env["stock.picking"].search(
            [("is_cement", "=", True), ("transport", "=", "rail")], order="id"
        )
        left = shipments.filtered(lambda shipment: shipment.state == "done")
        old = left.filtered(lambda shipment: shipment.date_done < limit)
        number = 0
        for shipment in old:
            number += 1
            self._paper(shipment, number)
            self._tell(
                shipment, "done", shipment.date_done + timedelta(hours=tales.LEFT)
            )
        wagons = []
        for shipment, story in zip(left - old, _STORIES, strict=False):
            number += 1
            self._paper(shipment, number)
            wagons.append((shipment, story))
            left = now - timedelta(hours=tales.LEFT)
            shipment.date_done = left
            self._leave(shipment, left)
        self._report(wagons, now)
        self.env["cement.wagon.trip"]._cron_learn()
        self.env["cement.wagon.trip"]._cron_refresh()

    def _make_orders(self):
        """Confirm and ship a few orders by rail, as the demo of sales does."""
        sale = self.env["cement.sale.demo"]
        recipes = self._get_recipes()
        for recipe, ago, lead in _ORDERS:
            login, lines = recipes[recipe]
            orders = sale._confirm(login, recipe, lines, "portal_desktop")
            sale._turn_back(orders, ago, lead)
            sale._move(orders, ago, lead, lifecycle.SHIPPED)

    @api.model
    def _get_recipes(self):
        return {
            "zhbi_rail": ("foreign", [("zh_1_line_3", 207, "zh_rail")]),
            "wagon_agro": ("agro", [("ag_1_line_1", 134, "ag_rail")]),
        }

    def _paper(self, shipment, number):
        """Give the shipment its wagon and waybill, as the plant does."""
        first = f"93{14200 + number * 7:05d}"
        left = moscow.from_utc(shipment.date_done)
        shipment.write(
            {
                "wagon_number": shipment.wagon_number
                or first + str(codes.wagon_check_digit(first)),
                "waybill_number": shipment.waybill_number or f"ЭЦ{228900 + number}",
                "waybill_date": shipment.waybill_date or left.date(),
            }
        )

    def _leave(self, shipment, left):
        """Let the shipment have been loaded, then left the plant, at its moments."""
        loaded = left - timedelta(hours=tales.LOADED - tales.LEFT)
        shipment.shipment_event_ids.unlink()
        self.env["cement.shipment.event"].create(
            [
                {
                    "picking_id": shipment.id,
                    "state": state,
                    "date": at,
                    "source": "dispatcher",
                }
                for state, at in ((way.LOADING, loaded), (way.LEFT, left))
            ]
        )
        shipment.write(
            {
                "shipment_state": way.LEFT,
                "shipment_state_date": left,
                "arrived_date": False,
            }
        )

    def _tell(self, shipment, story, now):
        """Bring in the reports of a trip that is over."""
        self._leave(shipment, shipment.date_done)
        for hours, *_rest in tales.TALES[story][-2:]:
            moment = now - timedelta(hours=hours - 1)
            self._receive([self._row(shipment, story, now, hours)], moment)
        # unloaded since: the wagon is gone from the next report
        trip = self.env["cement.wagon.trip"].search(
            [("wagon_number", "=", shipment.wagon_number), ("is_current", "=", True)]
        )
        if not trip.picking_id:
            trip._tie([(trip.id, shipment.id, "waybill")])
        unloaded = now - timedelta(hours=tales.UNLOADED)
        trip.write(
            {
                "state": "unloaded",
                "state_since": unloaded,
                "unloaded_at": unloaded,
                "is_open": False,
            }
        )
        trip.idle_ids.write({"date_to": unloaded})
        trip.idle_ids._refresh_open()
        trip._refresh_figures()
        shipment._cement_set_shipment_state("done", "rail", date=unloaded)
        # the order was delivered when its wagon was
        shipment.sale_id.status_event_ids.filtered(
            lambda event: event.state == lifecycle.DELIVERED
        ).date = unloaded

    def _report(self, wagons, now):
        """Bring in the reports of the last days about the wagons under way."""
        for ago in (149, 139, 117, 91, 73, 65, 57, 51, 39, 3, 1):
            rows = []
            for shipment, story in wagons:
                steps = [step.hours for step in tales.TALES[story] if step.hours > ago]
                if not steps or (story == "lost" and ago < 10):
                    continue
                rows.append(self._row(shipment, story, now, min(steps)))
            if rows:
                moment = now - timedelta(hours=ago)
                self._receive(rows, moment if ago > 1 else now - timedelta(minutes=6))

    def _receive(self, rows, moment):
        local = moscow.from_utc(moment)
        lines = [
            "Личный кабинет",
            f"Дислокация вагонов;{local:%d.%m.%Y %H:%M}",
            ";".join(_HEADINGS),
            *(";".join(row) for row in rows),
        ]
        source = self.env.ref("cement_logistics_rail.source_cabinet")
        record = self.env["cement.dislocation.import"]._receive(
            "\r\n".join(lines).encode("cp1251"),
            f"Дислокация {local:%Y-%m-%d_%H%M}.csv",
            source=source,
        )
        if record.state == "refused":
            # half of the wagons of the old trips is gone by the next report
            record._process(record.attachment_id.raw, overruled=True)
            record.reason = False
        record.received_at = moment + timedelta(minutes=4)

    def _row(self, shipment, story, now, hours):
        """Return the cells of a wagon at its step of so many hours ago."""
        [step] = [step for step in tales.TALES[story] if step.hours == hours]
        place, operation = step.place, step.operation
        station = shipment.site_id.station_id.esr_code
        start = moscow.from_utc(now - timedelta(hours=tales.LOADED))
        departed = moscow.from_utc(now - timedelta(hours=tales.DEPARTED))
        moment = moscow.from_utc(now - timedelta(hours=hours))
        due = moscow.from_utc(now) + timedelta(days=_DUE_DAYS.get(story, 3))
        code = {None: _ORIGIN, tales.CLIENT: station}.get(place)
        code = code or _WAY[place]
        loading = tales.is_loading(step)
        arrived = f"{moment:%d.%m.%Y %H:%M}" if operation == tales.COME else ""
        in_train = operation in (tales.GO, tales.TRAIN)
        return (
            shipment.wagon_number,
            shipment.waybill_number,
            "93",
            f"{start:%d.%m.%Y %H:%M}",
            self._get_station(_ORIGIN),
            self._get_station(station),
            shipment.counterparty_id.name,
            "ПОРТЛАНДЦЕМЕНТ (281014)",
            str(round((shipment.shipment_mass or 69) * 1000)),
            f"{moment:%d.%m.%Y %H:%M}",
            self._get_station(code),
            operation,
            "Груженый",
            f"{_ORIGIN}178{station}" if in_train else "",
            f"{due:%d.%m.%Y}",
            "" if loading else f"{departed:%d.%m.%Y %H:%M}",
            arrived,
            str(tales.KM_LEFT[place]),
            str(tales.KM),
        )

    def _get_station(self, code):
        station = self.env["cement.station"].search([("esr_code", "=", code)])
        return f"{station.name.upper()} ({code})"
