# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Claims on the demo orders, made as members make them."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import file_open

from odoo.addons.cement_sale.tools import lifecycle as order_lifecycle

from ..tools import lifecycle

_ARRIVED = (order_lifecycle.DELIVERED, order_lifecycle.CLOSED)
# Login, days ago, kind, mass, text, with a photo, states it went
# through, answer.
_CLAIMS = (
    (
        "partner",
        30,
        "shortage",
        "0,34",
        "На весах РБУ нетто 24,66 т вместо 25,00 т по накладной. Весы поверены "
        "в августе.",
        False,
        (lifecycle.IN_WORK, lifecycle.ACCEPTED, lifecycle.CLOSED),
        "Расхождение подтверждено контрольным взвешиванием. Корректировочный документ "
        "на 0,34 т отправлен в ЭДО, сумма зачтена в счёт следующей отгрузки.",
    ),
    (
        "privileged",
        5,
        "packaging",
        "1,5",
        "Два поддона пришли с порванной плёнкой, нижний ряд мешков подмочен. "
        "Водитель расписался в акте.",
        True,
        (lifecycle.IN_WORK,),
        "",
    ),
    (
        "multi",
        1,
        "late",
        "",
        "Машину ждали к 9:00, пришла в 14:20. Простой бригады пять часов, "
        "водитель не предупредил.",
        False,
        (),
        "",
    ),
)


class CementServiceDemo(models.AbstractModel):
    """Makes the demo claims; called by the demo data only."""

    _name = "cement.service.demo"
    _description = "Demo claims"

    @api.model
    def _load(self):
        """Make the claims and answer some of them."""
        for login, ago, kind, mass, text, with_photo, states, answer in _CLAIMS:
            user = self.env.ref(f"cement_base.user_{login}")
            orders = self.env["sale.order"].search(
                [
                    ("ordered_by_id", "=", user.id),
                    ("cement_state", "in", _ARRIVED),
                ],
                order="id DESC",
            )
            # the photo shows bags: an order that carries them
            order = (
                orders.filtered(
                    lambda order: with_photo  # noqa: B023
                    == ("bulk" not in order.order_line.product_id.mapped("cargo_kind"))
                )
                or orders
            )[:1]
            claims = self.env(user=user, context={"lang": "ru_RU"})["cement.claim"]
            claim = claims._submit(
                {
                    "order_id": order.id,
                    "kind": kind,
                    "mass": mass,
                    "description": text,
                },
                [("Поддон.jpg", self._read_photo())] if with_photo else [],
            )
            self._answer(claim.sudo().with_env(self.env), ago, states, answer)
        # the demo sends no letters
        self.env["mail.mail"].search([("model", "=", "cement.claim")]).cancel()

    @api.model
    def _read_photo(self) -> bytes:
        with file_open("cement_service/demo/pallet.jpg", "rb") as photo:
            return photo.read()

    def _answer(self, claim, ago, states, answer):
        """Take *claim* along *states*, as if made so many days ago."""
        made = fields.Datetime.now() - timedelta(days=ago)
        manager = claim.responsible_id or self.env.user
        claim = claim.with_user(manager).sudo()
        claim.write({"date": made, "resolution": answer})
        claim.message_ids.date = made
        for hours, state in enumerate(states, start=1):
            when = made + timedelta(hours=hours * 7)
            told = claim.message_ids
            claim.state = state
            claim[lifecycle.DATE_FIELDS[state]] = when
            (claim.message_ids - told).date = when
