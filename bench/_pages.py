# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Pages of the portal beside core's list of orders, over HTTP.

One database of 400 counterparties and 100,000 orders is made without the portal addon,
where `/my/orders` is core's page; its copy gets the addon. Both are served at once by
the same command, and the same members ask for the pages in turn. Seconds are the
server's own, queries too: Odoo writes both beside each request into its log.
"""

import json
import re
import statistics
import subprocess
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import _database

CORE, PORTAL = "bench_pages_core", "bench_pages"
PARTNERS, ORDERS = 400, 100_000
SMALL, LARGE = 10, 1000
PORT = 8493
# the parameter that says which drafts an earlier run made
KEPT = "bench.pages"
# method, path, …, status, …, queries, seconds in SQL, seconds outside
_LOG = re.compile(r'"(?:GET|POST) (\S+) HTTP[^"]*" (\d+) \S+ (\d+) ([\d.]+) ([\d.]+)')


def _insert_copies(env, table, template_id, changes, source):
    """Insert copies of one row: *changes* are SQL expressions over *source*."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND table_schema = 'public' AND column_name <> 'id'",
        [table],
    )
    columns = [name for (name,) in env.cr.fetchall()]
    values = ", ".join(changes.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, {source} "
        f"WHERE t.id = %s",
        [template_id],
    )


def fill(env, build, prepare_rows):
    """Make the clients and their orders; commits at the end."""
    from odoo import Command

    user, client, lines, sites = build(env)
    theirs = env(user=user)
    cart = theirs["cement.cart"]._create_draft(theirs["res.partner"].browse(client.id))
    cart._add_rows(prepare_rows(lines, sites, 1, False))
    order = cart._confirm("portal_desktop").sudo().with_env(env)
    line = order.order_line
    agreement, specification = order.agreement_id, line.specification_line_id
    # the others, small and large, are copies of the first
    partners = env["res.partner"].create(
        [
            {"name": f"Client {number}", "is_company": True, "is_counterparty": True}
            for number in range(PARTNERS - 1)
        ]
    )
    small, large = partners[0], partners[1]
    people = {}
    for name, partner in (("small", small), ("large", large)):
        contract = agreement.copy({"partner_id": partner.id, "code": f"B-{name}"})
        site = env["cement.site"].create(
            {"name": f"Site of {name}", "partner_id": partner.id, "city": "Уфа"}
        )
        count = SMALL if name == "small" else LARGE
        products = lines["bulk"].product_id
        own = env["cement.specification"].create(
            {
                "name": f"B-{name}",
                "agreement_id": contract.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": products[index % len(products)].id,
                            "plant_id": specification.plant_id.id,
                            "delivery_method_id": specification.delivery_method_id.id,
                            "price_unit": 5000 + index,
                        }
                    )
                    for index in range(count)
                ],
            }
        )
        own.action_activate()
        person = user.copy({"login": name, "password": name, "name": name})
        person.partner_id.parent_id = partner
        env["cement.member"].create(
            {"user_id": person.id, "partner_id": partner.id, "role": "owner"}
        )
        mine = env(user=person)
        draft = mine["cement.cart"]._create_draft(
            mine["res.partner"].browse(partner.id)
        )
        report = draft._add_rows(
            [
                {
                    "specification_line_id": own.line_ids[index].id,
                    "quantity": 25,
                    "day": order.requested_date,
                    "site_id": site.id,
                }
                for index in range(count)
            ]
        )
        if report["errors"]:
            raise SystemExit(report["errors"][:3])
        people[name] = {"partner": partner, "cart": draft.id}
    env.flush_all()
    env.cr.execute(
        "CREATE TABLE bench_order AS SELECT n, 0 AS id, "
        "CASE WHEN n <= %s THEN %s WHEN n <= %s THEN %s "
        "ELSE (%s::int[])[1 + n %% %s] END AS partner_id "
        "FROM generate_series(1, %s) n",
        [
            SMALL,
            small.id,
            SMALL + LARGE,
            large.id,
            partners[2:].ids,
            len(partners) - 2,
            ORDERS,
        ],
    )
    shift = "now() - b.n * interval '5 minutes'"
    _insert_copies(
        env,
        "sale_order",
        order.id,
        {
            "name": "'B' || lpad(b.n::text, 7, '0')",
            "partner_id": "b.partner_id",
            "partner_invoice_id": "b.partner_id",
            "partner_shipping_id": "b.partner_id",
            "counterparty_id": "b.partner_id",
            "consignee_id": "b.partner_id",
            "cement_cart_id": "NULL",
            "access_token": "NULL",
            "date_order": shift,
            "create_date": shift,
            "cement_state": "(ARRAY['new', 'processing', 'shipping', 'closed'])"
            "[1 + b.n %% 4]",
        },
        "bench_order b",
    )
    env.cr.execute(
        "UPDATE bench_order b SET id = o.id FROM sale_order o "
        "WHERE o.name = 'B' || lpad(b.n::text, 7, '0')"
    )
    _insert_copies(
        env,
        "sale_order_line",
        line.id,
        {
            "order_id": "b.id",
            "order_partner_id": "b.partner_id",
            "cart_line_id": "NULL",
        },
        "bench_order b",
    )
    env.cr.execute("DROP TABLE bench_order")
    return {name: person["cart"] for name, person in people.items()}


class Server:
    """Odoo serving one database, its log kept to read the figures from."""

    def __init__(self, database, port):
        self.port = port
        self.log = f"/tmp/{database}.log"
        self.stream = open(self.log, "wb")  # noqa: SIM115  (closed with the server)
        self.process = subprocess.Popen(
            [
                _database.CHECKOUT / "bin" / "odoo",
                "-d",
                database,
                "-p",
                str(port),
                "--max-cron-threads=0",
            ],
            stdout=self.stream,
            stderr=subprocess.STDOUT,
        )
        for _try in range(120):
            try:
                self.open("/web/health")
                return
            except OSError:
                time.sleep(1)
        raise SystemExit(f"the server does not start: {self.log}")

    def open(self, path, opener=None, data=None, params=None):
        """Ask for a page; with *data* as a form, with *params* by JSON-RPC."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if params is not None:
            request.add_header("Content-Type", "application/json")
            call = {"jsonrpc": "2.0", "method": "call", "params": params}
            request.data = json.dumps(call).encode()
        elif data:
            request.data = urllib.parse.urlencode(data).encode()
        get = opener.open if opener else urllib.request.urlopen
        with get(request, timeout=120) as response:
            return response.read().decode()

    def login(self, login):
        opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        )
        page = self.open("/web/login", opener)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        self.open(
            "/web/login",
            opener,
            {"login": login, "password": login, "csrf_token": token},
        )
        return opener

    def read_figures(self, path, times):
        """Return ``(median seconds on the server, queries)`` of the last *times*
        requests for *path*."""
        self.stream.flush()
        lines = _LOG.findall(open(self.log, encoding="utf-8").read())
        rows = [row for row in lines if row[0] == path][-times:]
        seconds = statistics.median(float(row[3]) + float(row[4]) for row in rows)
        return seconds, int(rows[-1][2])

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.stream.close()


def make_databases(build, prepare_rows):
    """Make both databases; return the ids of the drafts by login."""
    _database.new_database(CORE, "cement_sale")
    registry = _database.load(CORE)
    with _database.committed(registry) as env:
        carts = fill(env, build, prepare_rows)
        env["ir.config_parameter"].set_param(KEPT, json.dumps(carts))
    _close_connections()
    _database.vacuum(CORE)
    _database.clone_database(CORE, PORTAL)
    _database.install(PORTAL, "cement_portal")
    _database.vacuum(PORTAL)
    return carts


def keep_databases():
    """Bring the databases of an earlier run up to date; return the ids of the drafts by
    login, ``None`` when there was no earlier run."""
    answer = subprocess.run(
        ["psql", "-qXAt", "-d", PORTAL, "-c"]
        + [f"SELECT value FROM ir_config_parameter WHERE key = '{KEPT}'"],
        capture_output=True,
        text=True,
    )
    if not answer.stdout.strip():
        return None
    for database in (CORE, PORTAL):
        _database.install(database, "cement_base", update=True)
    return json.loads(answer.stdout)


def _measure(servers, login, cart, times) -> dict:
    """Return ``{page: (seconds, queries, kB)}`` of one member.

    The pages take turns, core's among ours, so that what else the machine does meets
    all of them alike.
    """
    core, portal = servers
    pages = {
        "core": (core, "/my/orders", None),
        "orders": (portal, "/my/orders", None),
        "catalogue": (portal, "/my/catalog", None),
        "carts": (portal, "/my/carts", None),
        "cart": (portal, f"/my/carts/{cart}", None),
        # what a long cart asks for as soon as it is open
        "vehicles": (portal, "/my/cement/cart/view", {"cart_id": cart}),
    }
    openers = {server: server.login(login) for server in servers}
    sizes = {}
    for number in range(times + 2):
        for name, (server, path, params) in pages.items():
            page = server.open(path, openers[server], params=params)
            sizes[name] = len(page.encode()) / 1000
            if not number and 'name="password"' in page:
                raise SystemExit(f"{path} leads to the login")
    return {
        name: (*server.read_figures(path, times), sizes[name])
        for name, (server, path, _params) in pages.items()
    }


def compare(build, prepare_rows, times=25, keep=False):
    """Measure and print; return whether a page falls short.

    :param keep: measure in the databases of an earlier run, if there was one.
    """
    carts = (keep and keep_databases()) or make_databases(build, prepare_rows)
    core, pages = {}, {}
    servers = [Server(CORE, PORT), Server(PORTAL, PORT + 1)]
    try:
        for login in ("small", "large"):
            figures = _measure(servers, login, carts[login], times)
            core[login] = figures.pop("core")
            pages.update({(name, login): row for name, row in figures.items()})
    finally:
        for server in servers:
            server.stop()
    print(
        f"{PARTNERS} counterparties, {ORDERS} orders; seconds and queries on the server"
    )
    print(f"core /my/orders: {_both(core['small'], core['large'])}")
    failed = False
    for name in ("orders", "catalogue", "carts", "cart", "vehicles"):
        few, many = pages[name, "small"], pages[name, "large"]
        slow = few[0] > core["small"][0] or many[0] > core["large"][0]
        slow = slow and name != "vehicles"
        # a short cart comes with its vehicles, a long one asks for them
        unequal = few[1] != many[1] and name != "cart"
        failed |= slow or unequal
        notes = ["slower than core's"] * slow + ["queries follow the rows"] * unequal
        print(f"{name}: {_both(few, many)} {'; '.join(notes)}")
    return failed


def _both(few, many):
    return (
        f"{SMALL} rows {few[0]:.3f} s, {few[1]} queries, {few[2]:.0f} kB; "
        f"{LARGE} rows {many[0]:.3f} s, {many[1]} queries, {many[2]:.0f} kB"
    )


def _close_connections():
    """Let the database be copied."""
    from odoo import sql_db

    sql_db.close_all()
