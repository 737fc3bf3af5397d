# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Screenshots of the guides: walk the demo as its people do and photograph it.

A copy of new demo data is served on a port of its own and dropped at the end, so
that nothing of the walk stays. The walk also reports what a newcomer would
stumble over: errors in the console, requests to other hosts, pages wider than the
screen, words that were left in English.
"""

import argparse
import contextlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
SOURCE = "cement_shots"
COPY = "cement_shots_walk"
START_SECONDS = 180
MAX_BYTES = 200_000

DESK = {"viewport": {"width": 1440, "height": 900}}
BACK = {"viewport": {"width": 1600, "height": 900}}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": (
        "Mozilla/5.0 (Linux; Android 14; Pixel 5) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
    ),
}
# a full page is cut here: the rest of a list repeats itself
MAX_HEIGHT = {"desk": 1500, "phone": 1900, "backend": 900}

# words that are Latin in Russian too
LATIN = re.compile(
    r"(?<![\w@./#-])(?!(?:Excel|Ctrl|xlsx|csv|PDF|CEM|Odoo|ESR|VAT|INN|XML|CommerceML|"
    r"HTTP|HTTPS|URL|UUID|UTF|windows|English|RU|US|HOWO|MAN|Volvo|Scania|ID|API|JSON|"
    r"Enter|Tab|admin|partner|buyer|manager|M|A|B|H|R|N|II|III|IV|SHA|Basic)\b)"
    r"[A-Za-z][a-z]{2,}(?![\w@]|\.\w)"
)


# what a dispatcher opens
CARGO = (
    ("shipments", "cement_logistics.stock_picking_action_shipment"),
    ("shipments-map", "cement_logistics.action_cement_map"),
    ("shipments-board", "cement_logistics.stock_picking_action_board"),
    ("shipments-growth", "cement_logistics.stock_picking_action_growth"),
    ("rail-wagons", "cement_logistics_rail.cement_wagon_trip_action"),
    ("rail-map", "cement_logistics_rail.cement_rail_map_action"),
    ("rail-idle", "cement_logistics_rail.cement_wagon_idle_action"),
)

# === The server ===


class Server:
    """The suite on a copy of a database."""

    def __init__(self, source: str, name: str):
        self.source, self.name = source, name
        self.process: subprocess.Popen | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.files = Path(os.environ["STATE"]) / "data" / "filestore"
        self.log = Path(os.environ["STATE"]) / "log" / "screenshots.log"

    def __enter__(self) -> "Server":
        self._drop()
        _run("createdb", "-T", self.source, self.name)
        if (self.files / self.source).is_dir():
            shutil.copytree(self.files / self.source, self.files / self.name)
        self._quieten()
        self._start()
        return self

    def _quieten(self) -> None:
        """Let no job of the copy run and no letter leave."""
        self._sql(
            "UPDATE ir_cron SET active = false;UPDATE ir_mail_server SET active = false"
        )

    def _sql(self, statement: str) -> None:
        _run("psql", "-qAtX", "-d", self.name, "-c", statement)

    def _start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "odoo", "-d", self.name),
                    *("--db-filter", f"^{self.name}$", "-p", str(self.port)),
                    *("--http-interface", "127.0.0.1", "--max-cron-threads", "0"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        limit = time.monotonic() + START_SECONDS
        while time.monotonic() < limit and self.process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, OSError):
                if opener.open(f"{self.url}/web/login", timeout=120).status == 200:
                    return
            time.sleep(0.3)
        self.__exit__()
        sys.exit(f"the server did not start (log: {self.log})")

    def __exit__(self, *_details) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._drop()

    def _drop(self) -> None:
        _run("dropdb", "--if-exists", "--force", self.name, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.files / self.name, ignore_errors=True)


def _run(*command: str, **options) -> None:
    if subprocess.run(command, check=False, **options).returncode:
        sys.exit(f"failed: {' '.join(command)}")


# === The camera ===


@dataclass
class Camera:
    """A browser of one size, and what it noticed."""

    page: Page
    url: str
    folder: str
    wanted: re.Pattern
    notes: list[str] = field(default_factory=list)
    taken: int = 0

    def watch(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("request", self._on_request)
        self.page.on("response", self._on_response)

    def _note(self, text: str) -> None:
        path = self.page.url.replace(self.url, "")
        self.notes.append(f"{self.folder} {path}: {text}")

    def _on_console(self, message) -> None:
        if message.type == "error":
            self._note(f"console: {message.text[:300]}")

    def _on_request(self, request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", "about:")):
            self._note(f"outside: {request.url[:200]}")

    def _on_response(self, response) -> None:
        if response.status >= 400:
            self._note(f"{response.status}: {response.url.replace(self.url, '')}")

    # --- Moving about ---

    def sign_in(self, login: str, path: str = "/my") -> None:
        self.page.context.clear_cookies()
        self.go(f"/web/login?redirect={path}")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        with self.page.expect_navigation():
            self.page.click("form[action*='/web/login'] button[type=submit]")
        self.settle()

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is loaded any more and the page stands still."""
        self.page.wait_for_load_state("load")
        with contextlib.suppress(BrowserError):
            if "/odoo" in self.page.url:
                self.page.locator(".o_view_controller").first.wait_for(timeout=60_000)
            self.page.wait_for_load_state("networkidle", timeout=3_000)
        self.page.wait_for_timeout(500)

    def click(self, selector: str, nth: int = 0) -> None:
        self.page.locator(selector).locator("visible=true").nth(nth).click()
        self.settle()

    def press(self, selector: str) -> None:
        """Press what leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).locator("visible=true").first.click()
        self.settle()

    def wait_for_conversation(self) -> None:
        """The conversation of an order comes after the page."""
        with contextlib.suppress(BrowserError):
            self.page.locator(
                "#conversation .o-mail-Composer, #conversation .o-mail-Thread"
            ).first.wait_for(timeout=8_000)
            return
        self._note("the conversation does not come")

    def hide_messages(self) -> None:
        self.page.evaluate(
            "document.querySelectorAll('.cp-toast, .o_notification')"
            ".forEach(toast => toast.remove())"
        )

    # --- Photographs ---

    def shoot(self, name: str, *, full: bool = True, of: str | None = None) -> None:
        """Keep a photograph as ``images/FOLDER/NAME.png``.

        :param full: the whole page, else what the screen shows.
        :param of: selector of the only part wanted.
        """
        self.look(name)
        if not self.wanted.search(f"{self.folder}/{name}"):
            return
        if of:
            data = self.page.locator(of).locator("visible=true").first.screenshot()
        else:
            data = self._whole_page() if full else self._screen()
        target = IMAGES / self.folder / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_compress(data))
        self.taken += 1

    def _screen(self) -> bytes:
        return self.page.screenshot(animations="disabled")

    def _whole_page(self) -> bytes:
        """Photograph a screen as high as the page: bars stay at its edges."""
        size = self.page.viewport_size
        height = self.page.evaluate("document.documentElement.scrollHeight")
        height = max(size["height"], min(height, MAX_HEIGHT[self.folder]))
        self.page.set_viewport_size({"width": size["width"], "height": height})
        self.page.evaluate("window.scrollTo(0, 0)")
        self.page.wait_for_timeout(250)
        data = self._screen()
        self.page.set_viewport_size(size)
        return data

    def look(self, name: str) -> None:
        """Note what a newcomer would stumble over."""
        width = self.page.viewport_size["width"]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self._note(f"[{name}] page is {wide} px wide on a screen of {width}")
        words = self.page.evaluate(
            "[document.body.innerText, ...Array.from(document.querySelectorAll("
            "'[placeholder],[aria-label],[title]')).filter(el => el.offsetParent).map("
            "el => [el.placeholder, el.title, el.getAttribute('aria-label')]"
            ".filter(Boolean).join(' | '))].join('\\n')"
        )
        english = {
            line.strip()[:90] for line in words.splitlines() if LATIN.search(line)
        }
        for line in sorted(english):
            self._note(f"[{name}] English? {line}")


def _compress(data: bytes) -> bytes:
    """Return a PNG of a palette: half of the size and no eye sees it."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    for colours in (256, 128, 64):
        out = io.BytesIO()
        picture.quantize(
            colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        ).save(out, "PNG", optimize=True)
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()


# === The walk ===

Scene = Callable[[Camera], None]
SCENES: list[tuple[str, Scene]] = []


def scene(folder: str) -> Callable[[Scene], Scene]:
    """Register a walk for the ``desk``, the ``phone`` or the ``backend``."""

    def register(walk: Scene) -> Scene:
        SCENES.append((folder, walk))
        return walk

    return register


def working_day(ahead: int) -> date:
    """Return the first working day at least *ahead* days from today."""
    day = date.today() + timedelta(ahead)
    while day.weekday() > 4:
        day += timedelta(1)
    return day


def iso(day: date) -> str:
    return day.isoformat()


def new_cart(camera: Camera, name: str) -> str:
    """Begin a cart and return its path."""
    camera.go("/my/carts")
    camera.click("[data-cp-dialog=cp-new-cart]")
    camera.page.fill("#cp-new-cart-name", name)
    camera.press("#cp-new-cart button[type=submit]")
    return camera.page.url.replace(camera.url, "").split("?")[0]


def add_from_catalogue(
    camera: Camera, product: str, text: str, tonnes: str, day: date
) -> None:
    """Enter tonnes and a day at the row of *product* with *text*, press «Добавить»."""
    camera.go(f"/my/catalog?search={product}")
    row = camera.page.locator("tr.cp-row").filter(has_text=text)
    row = row.filter(has=camera.page.locator(".cp-add-button")).first
    site = row.locator("select[data-cp-sites]")
    if site.count() and not site.input_value():
        site.select_option(index=1)
    row.locator("input[name=quantity]").fill(tonnes)
    row.locator("input[name=day]").fill(iso(day))
    row.locator(".cp-add-button").click()
    camera.settle()


@scene("desk")
def desk_public(camera: Camera) -> None:
    camera.go("/web/login")
    camera.shoot("login")
    camera.go("/cement/register")
    camera.shoot("register")


@scene("desk")
def desk_order(camera: Camera) -> None:
    page = camera.page
    camera.sign_in("partner")
    camera.shoot("home")
    camera.go("/my/catalog")
    camera.shoot("catalogue")
    camera.click("a[data-cp-card]")
    camera.shoot("product-card", full=False)
    page.keyboard.press("Escape")
    path = new_cart(camera, "Мост через Исеть")
    add_from_catalogue(camera, "навалом", "Лесная", "70", working_day(4))
    camera.shoot("catalogue-added", full=False)
    camera.go(path)
    camera.hide_messages()
    camera.click("[data-cp-spread]")
    if page.locator(".cp-spread-rows > *").count() < 2:
        camera.click("[data-cp-spread-add]")
    rows = page.locator(".cp-spread-rows > *")
    first, second = working_day(4), working_day(6)
    for row, (tonnes, day) in zip(
        (rows.nth(0), rows.nth(1)), (("30", first), ("40", second)), strict=True
    ):
        row.locator("input[type=date]").fill(iso(day))
        row.locator("input:not([type=date])").fill(tonnes)
    page.wait_for_timeout(300)
    camera.shoot("cart-spread", full=False)
    camera.click("dialog[open] button[type=submit]")
    camera.hide_messages()
    camera.shoot("cart")
    table = new_cart(camera, "Из таблицы")
    camera.go(f"{table}/import")
    page.fill(
        "#cp-import-text",
        "Артикул\tКоличество\tДата\tПункт доставки\n"
        f"MIX-M300-P\t6\t{working_day(5):%d.%m.%Y}\tЖК «Северный», секция 3\n"
        f"CEM1-425N-X\t20\t{working_day(5):%d.%m.%Y}\tРБУ «Лесная»\n"
        f"MIX-M300-P\tдесять\t{working_day(6):%d.%m.%Y}\tЖК «Северный», секция 3\n"
        "MIX-M300-P\t6\t31.02.2027\tЖК «Северный», секция 3\n",
    )
    camera.shoot("import")
    camera.press("#main section form[action$='/import'] button[type=submit]")
    camera.shoot("import-report")
    camera.go(f"{path}/grid")
    camera.shoot("grid")
    camera.go(path)
    camera.press(".cp-cartbar button[type=submit], .cp-cartbar .btn-primary")
    camera.shoot("cart-done")
    page.locator("table a[href*='/my/orders/']").first.click()
    camera.settle()
    camera.wait_for_conversation()
    camera.shoot("order-new")
    camera.click("[data-cp-dialog=cp-order-edit]")
    camera.shoot("order-edit", full=False)
    page.keyboard.press("Escape")
    camera.click(".cp-order-more > summary")
    camera.click("[data-cp-dialog=cp-order-replace]")
    camera.shoot("order-replace", full=False)
    page.keyboard.press("Escape")
    camera.click(".cp-order-more > summary")
    camera.click("[data-cp-dialog=cp-order-cancel]")
    camera.shoot("order-cancel", full=False)
    page.keyboard.press("Escape")
    camera.click("[data-cp-dialog=cp-order-repeat]")
    camera.shoot("order-repeat", full=False)


@scene("desk")
def desk_blocked(camera: Camera) -> None:
    camera.sign_in("partner")
    path = new_cart(camera, "Склад, впрок")
    add_from_catalogue(camera, "МКР", "Горнореченский", "500", working_day(4))
    camera.go(path)
    camera.shoot("cart-blocked")
    camera.go("/my/carts")
    camera.shoot("carts")


@scene("desk")
def desk_rest(camera: Camera) -> None:
    page = camera.page
    camera.sign_in("partner")
    camera.go("/my/orders")
    camera.shoot("orders")
    camera.go("/my/orders?status=finished")
    links = page.locator("td.cp-order-number a")
    if links.count():
        links.first.click()
        camera.settle()
        camera.wait_for_conversation()
        camera.shoot("order-closed")
    for path, name in (
        ("/my/people", "people"),
        ("/my/profile", "profile"),
        ("/my/documents", "documents"),
        ("/my/statistics", "statistics"),
        ("/my/claims", "claims"),
        ("/my/help", "help"),
        ("/my/search?search=цемент", "search"),
    ):
        camera.go(path)
        camera.shoot(name)
    camera.go("/my/people")
    camera.click("[data-cp-people-new]")
    page.fill("#cp-people-email", "novikova@stroybeton.example")
    page.fill("#cp-people-name", "Новикова Ольга")
    page.locator("input[name=agreement]").first.check()
    camera.shoot("people-invite", full=False)
    page.keyboard.press("Escape")
    camera.go("/my/claims")
    claims = page.locator("#main a[href*='/my/claims/']:not([href$='/new'])")
    if claims.count():
        claims.first.click()
        camera.settle()
        camera.wait_for_conversation()
        camera.shoot("claim")
    camera.go("/my/claims/new")
    camera.shoot("claim-new")
    camera.go("/my/profile")
    camera.click("[data-cp-site-edit]")
    camera.shoot("site-edit", full=False)


@scene("desk")
def desk_cargo(camera: Camera) -> None:
    camera.sign_in("partner")
    camera.go("/my/shipments")
    wait_for_map(camera)
    camera.shoot("shipments")
    open_shipment(camera, "/my/shipments?status=under_way")
    wait_for_map(camera)
    camera.shoot("shipment")


@scene("phone")
def phone_cargo(camera: Camera) -> None:
    camera.sign_in("partner")
    camera.shoot("shipments-home", full=False)
    camera.go("/my/shipments")
    wait_for_map(camera)
    camera.shoot("shipments")
    open_shipment(camera, "/my/shipments?status=under_way")
    wait_for_map(camera)
    camera.shoot("shipment")


def wait_for_map(camera: Camera) -> None:
    """The library of the map is loaded after the page."""
    with contextlib.suppress(BrowserError):
        camera.page.locator(".cp-mark").first.wait_for(timeout=10_000)


def open_shipment(camera: Camera, path: str) -> None:
    camera.go(path)
    camera.press("main a[href*='/my/shipments/']:not([href*='export'])")


@scene("phone")
def phone_order(camera: Camera) -> None:
    page = camera.page
    camera.sign_in("partner")
    camera.shoot("home")
    camera.go("/my/catalog")
    camera.shoot("catalogue")
    camera.click("a[data-cp-card]")
    camera.shoot("product-card", full=False)
    page.keyboard.press("Escape")
    path = new_cart(camera, "Мост, с телефона")
    add_from_catalogue(camera, "навалом", "Лесная", "70", working_day(4))
    camera.shoot("catalogue-added", full=False)
    camera.go(path)
    camera.hide_messages()
    camera.shoot("cart")
    camera.shoot("cart-top", full=False)
    camera.click("[data-cp-spread]")
    camera.shoot("cart-spread", full=False)
    page.keyboard.press("Escape")
    camera.go(f"{path}/grid")
    camera.shoot("grid", full=False)
    camera.go(path)
    camera.press(".cp-cartbar button[type=submit], .cp-cartbar .btn-primary")
    camera.shoot("cart-done")
    page.locator("table a[href*='/my/orders/']").first.click()
    camera.settle()
    camera.wait_for_conversation()
    camera.shoot("order")
    camera.click("[data-cp-dialog=cp-more]")
    camera.shoot("more", full=False)
    page.keyboard.press("Escape")
    for path, name in (
        ("/my/orders", "orders"),
        ("/my/people", "people"),
        ("/my/profile", "profile"),
        ("/my/documents", "documents"),
        ("/my/statistics", "statistics"),
        ("/my/carts", "carts"),
        ("/my/claims/new", "claim-new"),
        ("/my/help", "help"),
    ):
        camera.go(path)
        camera.shoot(name)


TODAY = "/odoo/action-cement_sale.cement_today_tile_action"
BACKEND = (
    ("today", "cement_sale.cement_today_tile_action"),
    ("orders", "cement_sale.sale_order_action_cement"),
    ("orders-board", "cement_sale.sale_order_action_cement?view_type=kanban"),
    ("requests", "cement_sale.cement_cart_action"),
    ("specifications", "cement_base.cement_specification_action"),
    ("specification-lines", "cement_base.cement_specification_line_action"),
    ("assignment", "cement_sale.sale_order_action_assignment"),
    ("registrations", "cement_base.res_partner_action_registration"),
    ("members", "cement_base.cement_member_action"),
    ("counterparties", "cement_base.res_partner_action_counterparty"),
    ("contracts", "cement_base.cement_agreement_action"),
    ("sites", "cement_base.cement_site_action"),
    ("overrides", "cement_sale.cement_gate_override_action"),
    ("online-share", "cement_sale.sale_report_action_online"),
    ("unmet", "cement_sale.sale_report_action_unmet"),
    ("claims", "cement_service.cement_claim_action"),
    ("as-client-log", "cement_portal.cement_impersonation_log_action"),
)

ADMIN = (
    ("vehicle-types", "cement_base.cement_vehicle_type_action"),
    ("vat-rates", "cement_base.cement_vat_rate_action"),
    ("consolidation-rules", "cement_sale.cement_consolidation_rule_action"),
    ("table-headings", "cement_sale.cement_table_heading_action"),
    ("plants", "cement_base.cement_plant_action"),
    ("managers", "cement_base.cement_manager_profile_action"),
    ("onec-backend", "cement_connector_1c.cement_connector_backend_action"),
    ("onec-offers", "cement_connector_1c.cement_connector_offer_action"),
    ("onec-records", "cement_connector_1c.cement_exchange_record_action"),
    ("onec-status-map", "cement_connector_1c.cement_connector_status_map_action"),
)


def unfold(camera: Camera) -> None:
    """Open the last groups of a grouped list when all of them are closed."""
    groups = camera.page.locator(".o_group_header")
    if groups.count() and not camera.page.locator(".o_data_row").count():
        for number in range(groups.count() - 1, -1, -1):
            groups.nth(number).click()
            camera.page.wait_for_timeout(400)


def open_first(camera: Camera, *texts: str) -> bool:
    """Open the first record of the list or the board that holds all the texts."""
    rows = camera.page.locator(
        ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
    ).locator("visible=true")
    for text in texts:
        rows = rows.filter(has_text=text)
    if not rows.count():
        camera._note(f"there is nothing to open {texts}")
        return False
    cell = rows.first.locator(
        "td.o_data_cell:not(.o_handle_cell):not(.o_boolean_favorite_cell)"
    )
    (cell.first if cell.count() else rows.first).click()
    camera.page.locator(".o_form_view").first.wait_for()
    camera.settle()
    return True


def step_to(camera: Camera, selector: str, text: str) -> None:
    """Go to the next record until the part of the page says *text*."""
    for _ in range(8):
        if camera.page.locator(selector, has_text=text).count():
            return
        camera.page.locator(".o_pager_next").first.click()
        camera.settle()


@scene("backend")
def backend_manager(camera: Camera) -> None:
    camera.sign_in("manager", TODAY)
    for name, action in BACKEND:
        camera.go(f"/odoo/action-{action}")
        unfold(camera)
        camera.shoot(name, full=False)
    for name, action, *texts in (
        ("request", "cement_sale.cement_cart_action", "Склад, впрок"),
        ("order", "cement_sale.sale_order_action_cement", "Стройбетон"),
        ("specification", "cement_base.cement_specification_action", "У-117", "14 дн."),
        ("counterparty", "cement_base.res_partner_action_counterparty", "Стройбетон"),
        ("registration", "cement_base.res_partner_action_registration"),
        ("site", "cement_base.cement_site_action", "Лесная, 40"),
        ("member", "cement_base.cement_member_action", "Щукин"),
        ("claim", "cement_service.cement_claim_action"),
    ):
        camera.go(f"/odoo/action-{action}")
        unfold(camera)
        if not open_first(camera, *texts):
            continue
        if name == "specification":
            step_to(camera, ".o_arrow_button_current", "Действует")
        camera.shoot(name, full=False)
        for tab, tab_name in (("plan", "request-plan"), ("cement", "order-transport")):
            link = camera.page.locator(f".o_notebook .nav-link[name={tab}]")
            if link.count():
                link.first.click()
                camera.page.wait_for_timeout(600)
                camera.shoot(tab_name, full=False)


@scene("backend")
def backend_dispatcher(camera: Camera) -> None:
    camera.sign_in("dispatcher", TODAY)
    for name, action in CARGO:
        camera.go(f"/odoo/action-{action}")
        unfold(camera)
        wait_for_map(camera)
        camera.shoot(name, full=False)
    for name, action, *texts in (
        # a truck that was weighed; a wagon that stands and costs
        ("shipment", "cement_logistics.stock_picking_action_shipment", "ТН-"),
        ("rail-wagon", "cement_logistics_rail.cement_wagon_trip_action", "Прибыл"),
    ):
        camera.go(f"/odoo/action-{action}")
        unfold(camera)
        if open_first(camera, *texts):
            camera.shoot(name, full=False)


@scene("backend")
def backend_as_client(camera: Camera) -> None:
    page = camera.page
    camera.sign_in("manager", TODAY)
    camera.go("/odoo/action-cement_base.res_partner_action_counterparty")
    if not open_first(camera, "Стройбетон"):
        return
    camera.click("button[name=action_see_as_client]")
    member = page.locator(".modal div[name=member_id] input")
    if member.count() and not member.first.input_value():
        member.first.click()
        page.wait_for_timeout(800)
        page.locator(".o-autocomplete--dropdown-item").first.click()
    page.locator(
        ".modal div[name=reason] input, .modal div[name=reason] textarea"
    ).first.fill("Клиент позвонил: не видит новую спецификацию")
    camera.shoot("as-client-reason", full=False)
    page.locator(".modal button[name=action_start]").click()
    page.wait_for_url("**/my**")
    camera.settle()
    camera.shoot("as-client", full=False)


@scene("backend")
def backend_lift(camera: Camera) -> None:
    camera.sign_in("admin", TODAY)
    camera.go("/odoo/action-cement_sale.cement_cart_action")
    if open_first(camera, "Склад, впрок"):
        camera.click("button[name=action_confirm]")
        camera.shoot("lift", full=False)


@scene("backend")
def backend_admin(camera: Camera) -> None:
    camera.sign_in("admin", TODAY)
    for name, action in ADMIN:
        camera.go(f"/odoo/action-{action}")
        unfold(camera)
        camera.shoot(name, full=False)
    for name, action in (
        ("vehicle-type", "cement_base.cement_vehicle_type_action"),
        ("onec-backend-form", "cement_connector_1c.cement_connector_backend_action"),
    ):
        camera.go(f"/odoo/action-{action}")
        if open_first(camera):
            camera.shoot(name, full=False)


# === From the command line ===


@contextlib.contextmanager
def served(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with Server(SOURCE, COPY) as server:
        yield server.url


def walk(url: str, wanted: re.Pattern, scenes: re.Pattern) -> tuple[int, list[str]]:
    """Walk the scenes and return how many photographs were taken, and the notes."""
    chromium = next(
        filter(
            None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
        ),
        None,
    )
    if not chromium:
        sys.exit("Chromium is not there: apt install chromium")
    taken, notes = 0, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--lang=ru-RU",
            ],
            # the language of the browser's own fields, of dates above all
            env={**os.environ, "LANGUAGE": "ru", "LANG": "ru_RU.UTF-8"},
        )
        for folder, part in SCENES:
            if not scenes.search(part.__name__):
                continue
            context = browser.new_context(
                locale="ru-RU",
                timezone_id="Europe/Moscow",
                **{"desk": DESK, "phone": PHONE, "backend": BACK}[folder],
            )
            # the first page of the back office compiles its assets
            context.set_default_timeout(90_000 if folder == "backend" else 30_000)
            camera = Camera(context.new_page(), url, folder, wanted)
            camera.watch()
            try:
                part(camera)
            except BrowserError as error:
                camera._note(f"STOPPED in {part.__name__}: {str(error)[:600]}")
                camera.page.screenshot(
                    path=Path(os.environ["STATE"]) / "log" / f"{part.__name__}.png"
                )
            taken += camera.taken
            notes += camera.notes
            context.close()
        browser.close()
    return taken, notes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--url", help="a running server of the demo: what the walk does stays there"
    )
    parser.add_argument("--only", default="", help="pattern of FOLDER/NAME to keep")
    parser.add_argument("--scene", default="", help="pattern of scenes to walk")
    options = parser.parse_args()
    # so that the server and its database go when the walk is ended from outside
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    with served(options.url) as url:
        taken, notes = walk(url, re.compile(options.only), re.compile(options.scene))
    for note in dict.fromkeys(notes):
        print(note)
    print(f"{taken} screenshots in {IMAGES}")
    return 1 if any("STOPPED" in note for note in notes) else 0


if __name__ == "__main__":
    sys.exit(main())
