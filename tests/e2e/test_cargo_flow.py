# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""From the gate of the plant to the silo, with the page open on the phone."""

import re
import time
from datetime import date, timedelta

import pytest
import requests

from . import seed
from .browser import assert_no_sideways_scroll, sign_in
from .stack import Person

PLANT = (56.42, 61.93)
SITE = (56.87, 60.54)
UNIT = "8671"
PLATE = "А123ВС196"
TOKEN = "e2e-" + "t" * 32
# what comes by the bus is there at once; the page asks by itself after 30 s only
SOON = 15_000


@pytest.fixture
def shipment_id(stack) -> int:
    """A truck of 20 t that is being loaded, followed by a tracker that speaks by
    itself."""
    from odoo.addons.cement_base.tools import tokens

    with stack.environment() as env:
        line = env["cement.specification.line"].browse(stack.seed.line_id)
        line.plant_id.write({"latitude": PLANT[0], "longitude": PLANT[1]})
        env["cement.site"].browse(stack.seed.site_id).write(
            {"latitude": SITE[0], "longitude": SITE[1]}
        )
        provider = env["cement.tracking.provider"].create(
            {"name": "Трекеры", "kind": "push", "state": "on", "sequence": 1}
        )
        provider.token_digest = tokens.digest(TOKEN)
        env["cement.tracking.unit"].create(
            {"provider_id": provider.id, "ext_id": UNIT, "plate": PLATE}
        )
        picking = _order(env, stack.seed).picking_ids
        picking.write(
            {
                "vehicle_plate": PLATE,
                "driver_id": env["cement.driver"]
                .create({"name": "Иван", "phone": "+7 900 000-12-00"})
                .id,
            }
        )
        picking._cement_set_shipment_state("loading", "dispatcher")
        trip = env["cement.tracked.object"].search([("picking_id", "=", picking.id)])
        # the first message tells of an hour ago
        trip.started_at -= timedelta(hours=12)
        return picking.id


def _order(env, planted):
    user = env["res.users"].search([("login", "=", seed.OWNER)])
    as_owner = env(user=user.id, su=False)
    partner = as_owner["res.partner"].browse(planted.partner_id)
    cart = as_owner["cement.cart"]._create_draft(partner, "Рейс")
    report = cart._add_rows(
        [
            {
                "specification_line_id": planted.line_id,
                "quantity": 20,
                "day": date.today() + timedelta(days=5),
                "site_id": planted.site_id,
            }
        ]
    )
    assert not report["errors"], report["errors"]
    return cart._confirm("portal_mobile").sudo()


def _push(stack, *rows):
    """Send positions: share of the way, minutes from now."""
    now = time.time()
    answer = requests.post(
        f"{stack.url}/cement/tracking/push",
        json=[
            {
                "unit": UNIT,
                "pos": {
                    "y": PLANT[0] + (SITE[0] - PLANT[0]) * share,
                    "x": PLANT[1] + (SITE[1] - PLANT[1]) * share,
                    "t": int(now + minutes * 60),
                },
            }
            for share, minutes in rows
        ],
        headers={"X-Token": TOKEN},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == len(rows), answer.text


@pytest.mark.browser
def test_from_the_gate_to_the_silo(stack, page, shipment_id):
    """The open page follows the truck; the foreman follows it by a link alone."""
    with stack.environment() as env:
        labels = dict(env["stock.picking"]._selection_shipment_state())
    sign_in(page, stack.url, seed.OWNER)
    page.goto(f"{stack.url}/my/shipments/{shipment_id}")
    now = page.locator("#cp-ship-status [aria-current=step]")
    assert PLATE[:6] in page.locator("main").inner_text().replace(" ", "")
    assert "900 000-12-00" not in page.content()
    assert_no_sideways_scroll(page)
    page.evaluate("window.cementSamePage = true")

    _push(stack, (0.0, -90), (0.0, -85), (0.05, -80), (0.1, -70))
    _assert_state(stack, shipment_id, "on_way")
    now.get_by_text(labels["on_way"]).wait_for(timeout=SOON)

    share = Person(stack, seed.OWNER).call(f"/my/cement/shipment/{shipment_id}/link")
    link = re.search(r"/cement/track/[\w.-]+", str(share)).group(0)
    public = requests.get(
        stack.url + link, headers={"Accept-Language": "ru"}, timeout=60
    )
    assert public.status_code == 200
    assert labels["on_way"] in public.text
    for hidden in ("5 000", "5000", "Бетон Сквозной", "900 000", "E2E-1"):
        assert hidden not in public.text

    _push(stack, (0.6, -40), (1.0, -10), (1.0, -5), (1.0, -1))
    _assert_state(stack, shipment_id, "arrived", "unloading")
    now.get_by_text(re.compile(f"{labels['arrived']}|{labels['unloading']}")).wait_for(
        timeout=SOON
    )
    assert page.evaluate("window.cementSamePage"), "the page was loaded anew"
    assert not page.outside, page.outside


def _assert_state(stack, shipment_id, *states):
    with stack.environment() as env:
        picking = env["stock.picking"].browse(shipment_id)
        assert picking.shipment_state in states, picking.shipment_state
