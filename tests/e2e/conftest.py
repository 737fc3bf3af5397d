# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The stack, seeded once for all end-to-end tests."""

import os
import resource
import shutil

import pytest

from . import seed
from .browser import PHONE
from .stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """A running server on a database with one client and its contract."""
    import odoo.tools

    source = odoo.tools.config["db_name"]
    source = source[0] if isinstance(source, list) else source
    log = tmp_path_factory.mktemp("e2e") / "server.log"
    running = Stack(source, f"{source}_e2e", log)
    try:
        with running.environment() as env:
            running.seed = seed.plant(env)
        running.start()
        yield running
    finally:
        running.close()


@pytest.fixture
def page(stack):
    """A phone of 360 pixels that lets no request leave the machine."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        if os.environ.get("CEMENT_BROWSER") == "required":
            pytest.fail("Chromium is not there: the browser did not run")
        pytest.skip("Chromium is not there")
    from playwright.sync_api import sync_playwright

    _lift_memory_limit()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        context = browser.new_context(
            viewport=PHONE,
            locale="ru-RU",
            is_mobile=True,
            has_touch=True,
            user_agent=playwright.devices["Pixel 5"]["user_agent"],
        )
        page = context.new_page()
        page.outside = []
        page.on(
            "request",
            lambda request: page.outside.append(request.url)
            if not request.url.startswith((stack.url, "data:", "blob:"))
            else None,
        )
        yield page
        browser.close()


def _lift_memory_limit():
    """Odoo limits the address space of this process, which a browser outgrows
    before it has drawn anything; core's own tours lift it for theirs too."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
