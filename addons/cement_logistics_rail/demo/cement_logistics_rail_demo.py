# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Wagons of the demo orders, brought in as reports bring them in.

Every trip here went through the reader, the checks and the status tree, so what
the screens show is what a real report would make of it.
"""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cement_sale.tools import lifecycle

from ..tools import codes, moscow

_ORIGIN = "814208"
_WAY = ("810006", "813602", "812908", "811905")
_KM = 980
# More orders by rail than the demo of sales has: recipe, days ago, days to shipment.
_ORDERS = (("zhbi_rail", 12, 6), ("wagon_agro", 11, 6))
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
_LOAD = "Погрузка на подъездных путях (11)"
_GO = "Отправление вагона со станции (2)"
_TRAIN = "Включение вагона в поезд (4)"
_COME = "Прибытие поезда и расформирование (8)"
_LEFT_BEHIND = "Бросание поезда (92)"
_FAULTY = "Перевод в неисправные (53)"
# Hours before now, index of the station on the way (-1: the client's), operation.
_BEGIN = (
    (132, None, _LOAD),
    (120, None, _GO),
    (108, 0, _GO),
    (92, 1, _GO),
)
_TALES = {
    "moving": (*_BEGIN, (40, 2, _TRAIN), (3, 3, _GO)),
    "near": (*_BEGIN, (40, 3, _GO), (2, 3, _TRAIN)),
    "late": (*_BEGIN, (70, 2, _TRAIN), (4, 2, _GO)),
    "lost": (*_BEGIN, (60, 2, _GO)),
    "abandoned": (*_BEGIN, (52, 2, _LEFT_BEHIND)),
    "faulty": (*_BEGIN, (66, 1, _FAULTY)),
    "idle": (*_BEGIN, (74, 3, _GO), (58, -1, _COME)),
    "done": (*_BEGIN, (74, 3, _GO), (58, -1, _COME)),
}
_LEFT = {None: _KM, 0: 940, 1: 780, 2: 520, 3: 310, -1: 0}
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
            self._tell(shipment, "done", shipment.date_done + timedelta(hours=132))
        wagons = []
        for shipment, story in zip(left - old, _STORIES, strict=False):
            number += 1
            self._paper(shipment, number)
            wagons.append((shipment, story))
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

    def _tell(self, shipment, story, now):
        """Bring in the reports of a trip that is over."""
        for hours, *_rest in _TALES[story][-2:]:
            moment = now - timedelta(hours=hours - 1)
            self._receive([self._row(shipment, story, now, hours)], moment)
        # unloaded since: the wagon is gone from the next report
        trip = self.env["cement.wagon.trip"].search(
            [("wagon_number", "=", shipment.wagon_number), ("is_current", "=", True)]
        )
        if not trip.picking_id:
            trip._tie([(trip.id, shipment.id, "waybill")])
        unloaded = now - timedelta(hours=38)
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

    def _report(self, wagons, now):
        """Bring in the reports of the last days about the wagons under way."""
        for ago in (131, 119, 107, 91, 73, 65, 57, 51, 39, 3, 1):
            rows = []
            for shipment, story in wagons:
                steps = [step[0] for step in _TALES[story] if step[0] > ago]
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
        steps = {step[0]: step for step in _TALES[story]}
        _hours, place, operation = steps[hours]
        station = shipment.site_id.station_id.esr_code
        start = moscow.from_utc(now - timedelta(hours=132))
        departed = start + timedelta(hours=12)
        moment = moscow.from_utc(now - timedelta(hours=hours))
        due = moscow.from_utc(now) + timedelta(days=_DUE_DAYS.get(story, 3))
        code = {None: _ORIGIN, -1: station}.get(place)
        code = code or _WAY[place]
        loading = operation == _LOAD
        arrived = f"{moment:%d.%m.%Y %H:%M}" if operation == _COME else ""
        in_train = operation in (_GO, _TRAIN)
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
            str(_LEFT[place]),
            str(_KM),
        )

    def _get_station(self, code):
        station = self.env["cement.station"].search([("esr_code", "=", code)])
        return f"{station.name.upper()} ({code})"
