# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""From the phone of a partner to 1C and back."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from . import seed
from .browser import assert_no_sideways_scroll, sign_in

CHECKOUT = Path(__file__).resolve().parents[2]


def _onec(stack, tmp_path, command, *options):
    """Run the stand-in as a process of its own and return its report."""
    run = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "tests.onec",
            command,
            "--url",
            stack.url + stack.seed.backend_url,
            "--login",
            seed.ONEC_LOGIN,
            "--state",
            str(tmp_path / "onec.json"),
            "--json",
            *options,
        ],
        cwd=CHECKOUT,
        env={**os.environ, "ONEC_PASSWORD": seed.ONEC_PASSWORD},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(run.stdout)


@pytest.mark.browser
def test_from_the_phone_to_1c_and_back(stack, page, tmp_path):
    """70 t ordered on a phone reach 1C once, and its answer the order page."""
    day = (date.today() + timedelta(days=5)).isoformat()
    sign_in(page, stack.url, seed.OWNER)
    page.goto(f"{stack.url}/my/catalog?search=CEM-I-425")
    row = page.locator(f"[data-line='{stack.seed.line_id}']").first
    sites = row.locator("select[data-cp-sites]")
    if sites.count():
        sites.select_option(str(stack.seed.site_id))
    row.locator("input[name=quantity]").fill("70")
    row.locator("input[name=day]").fill(day)
    row.locator("form[data-cp-add] button[type=submit]").click()
    page.wait_for_selector(".cp-toast")
    page.goto(stack.url + page.locator("#cp-mini").get_attribute("href"))
    confirm = page.locator("form[action$='/confirm'] button[type=submit]")
    confirm.first.wait_for()
    assert_no_sideways_scroll(page)
    confirm.first.click()
    page.wait_for_url("**/done")
    cart_id = int(page.url.rstrip("/").split("/")[-2])
    with stack.environment() as env:
        cart = env["cement.cart"].browse(cart_id)
        orders = cart.order_ids
        numbers = sorted(orders.mapped("name"))
        assert cart.channel == "portal_mobile"
        assert set(orders.mapped("channel")) == {"portal_mobile"}
        assert round(sum(orders.mapped("load_mass")), 3) == 70
        assert len(orders) == 3
        first_id = orders[0].id

    report = _onec(stack, tmp_path, "pull")
    assert set(numbers) <= set(report["created"])
    again = _onec(stack, tmp_path, "pull")
    assert not again["created"]
    assert not set(numbers) & set(again["rewritten"])

    page.goto(f"{stack.url}/my/orders/{first_id}")
    before = page.locator("main").inner_text()
    assert "ЦЕМ I 42,5Н" in before
    _onec(stack, tmp_path, "push-status", "--advance", "2")
    with stack.environment() as env:
        order = env["sale.order"].browse(first_id)
        assert order.cement_state not in ("new", "cancelled")
        label = dict(order._selection_cement_state())[order.cement_state]
    page.goto(f"{stack.url}/my/orders/{first_id}")
    assert label in page.locator("main").inner_text()
    assert_no_sideways_scroll(page)
    assert not page.outside, page.outside
