# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A request of a thousand lines becoming its orders, beside plain Odoo.

    bin/bench orders [--rounds 3] [--lines 1000] [--profile] [--only confirm|pages]
                     [--keep] [--addons cement_sale]

The second half measures the pages of the portal, see `_pages.py`. The first, in one and
the same run and database:

ours   a member confirms a request: plan, gate, one batched create, confirmation,
       volumes, history, message to the manager;
plain  the superuser creates the very same orders (customer, products, quantities,
       prices, taxes) with one `create` and confirms them with one `action_confirm`;
       for comparison once more with core's messages about each order switched off.

Two requests: bulk (every line becomes a vehicle and thus an order) and mixed (bulk,
big bags, pallets that share vehicles). The rounds alternate; medians are compared.
Exits 1 when ours takes more than 1.3 times as long.
"""

import argparse
import cProfile
import pstats
import statistics
import sys
import time
from datetime import date, timedelta

import _database
import _pages

LIMIT = 1.3
DATABASE = "bench_orders"


def build(env):
    """Make a client with specifications of bulk, big bags and pallets.

    :return: ``(user, client, lines by kind, sites)``.
    """
    from odoo import Command

    company = env.company
    company.country_id = env.ref("base.ru")
    tonne, unit = env.ref("uom.product_uom_ton"), env.ref("uom.product_uom_unit")
    plant = env["cement.plant"].create({"name": "Завод", "code": "B1"})
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", company.id)], limit=1
    )
    warehouse.plant_id = plant
    client = env["res.partner"].create(
        {
            "name": "Bench",
            "is_company": True,
            "is_counterparty": True,
            "vat": "7707083893",
            "country_id": env.ref("base.ru").id,
        }
    )
    agreement = env["agreement"].create(
        {
            "code": "B-1",
            "name": "B-1",
            "partner_id": client.id,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
        }
    )
    products = env["product.product"].create(
        [
            {
                "name": f"{kind} {number}",
                "is_storable": True,
                "is_cement_cargo": True,
                "uom_id": (tonne if kind == "bulk" else unit).id,
                "unit_mass": {"bulk": 0, "big_bag": 1.0, "pallet": 1.5}[kind],
                "cargo_form_id": env.ref(f"cement_base.form_{kind}").id,
                "accounting_category_id": env.ref("cement_base.accounting_cement").id,
            }
            for kind in ("bulk", "big_bag", "pallet")
            for number in range(5)
        ]
    )
    specification = env["cement.specification"].create(
        {
            "name": "B-S",
            "agreement_id": agreement.id,
            "line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "plant_id": plant.id,
                        "delivery_method_id": env.ref(
                            "cement_base.method_road_delivery"
                        ).id,
                        "price_unit": 5000 + 10 * index,
                        "volume_agreed": 1_000_000,
                    }
                )
                for index, product in enumerate(products)
            ],
        }
    )
    specification.action_activate()
    sites = env["cement.site"].create(
        [
            {"name": f"Site {number}", "partner_id": client.id, "city": "Уфа"}
            for number in range(10)
        ]
    )
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Bench",
                "login": "bench@example.com",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
    )
    env["cement.member"].create(
        {"user_id": user.id, "partner_id": client.id, "role": "owner"}
    )
    lines = specification.line_ids.grouped(lambda line: line.product_id.cargo_kind)
    return user, client, lines, sites


def prepare_rows(lines, sites, count, mixed):
    """Return *count* rows: tonnes to ten sites over thirty days."""
    first = date.today() + timedelta(days=5)
    rows = []
    for index in range(count):
        kind = ("bulk", "bulk", "big_bag", "pallet")[index % 4] if mixed else "bulk"
        rows.append(
            {
                "specification_line_id": lines[kind][index % 5].id,
                "quantity": {"bulk": 25.0, "big_bag": 4.0, "pallet": 4.5}[kind],
                "day": first + timedelta(days=index % 30),
                "site_id": sites[index // 30 % 10].id,
            }
        )
    return rows


def measure(env, work, profiler=None):
    """Return ``(seconds, queries, result)`` of *work*, flushed."""
    env.flush_all()
    env.invalidate_all()
    queries = env.cr.sql_log_count
    began = time.perf_counter()
    if profiler:
        profiler.enable()
    result = work()
    env.flush_all()
    if profiler:
        profiler.disable()
    return time.perf_counter() - began, env.cr.sql_log_count - queries, result


# ours writes one message a request instead of several an order
QUIET = {
    "mail_auto_subscribe_no_notify": True,
    "mail_create_nosubscribe": True,
    "tracking_disable": True,
}


def create_plain(env, template, quiet=False):
    """Create and confirm the same orders as plain Odoo would.

    :param quiet: without core's messages about each order.
    """
    if quiet:
        env = env(context={**env.context, **QUIET})
    orders = env["sale.order"].create(template)
    orders.action_confirm()
    return orders


def describe_plain(orders):
    """Return values for :func:`create_plain` from our *orders*."""
    from odoo import Command

    return [
        {
            "partner_id": order.partner_id.id,
            "warehouse_id": order.warehouse_id.id,
            "user_id": order.user_id.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "name": line.name,
                        "product_uom_qty": line.product_uom_qty,
                        "price_unit": line.price_unit,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                    }
                )
                for line in order.order_line
            ],
        }
        for order in orders
    ]


def prepare(registry, count):
    """Make what all rounds share and keep it: the client, a request of each sort,
    and orders enough for PostgreSQL to know its tables.

    :return: ``(user id, client id, {title: cart id})``.
    """
    with _database.committed(registry) as env:
        user, client, lines, sites = build(env)
        theirs = env(user=user)
        carts = {}
        for title, mixed in (("bulk", False), ("mixed", True)):
            cart = theirs["cement.cart"]._create_draft(
                theirs["res.partner"].browse(client.id), title
            )
            report = cart._add_rows(prepare_rows(lines, sites, count, mixed))
            if report["errors"]:
                raise SystemExit(report["errors"][:3])
            carts[title] = cart.id
        for _batch in range(5):
            seed = theirs["cement.cart"]._create_draft(
                theirs["res.partner"].browse(client.id)
            )
            seed._add_rows(prepare_rows(lines, sites, 100, True))
            seed._confirm("portal_desktop")
            env.flush_all()
    return user.id, client.id, carts


def run(registry, user_id, cart_id, name, template=None, profiler=None):
    """Do one of the works in a transaction of its own and forget it.

    :param name: ``ours``, ``plain``, ``quiet`` or ``plan``.
    :return: ``(seconds, queries, values for plain, number of orders)``.
    """
    _database.vacuum(DATABASE)
    with _database.rolled_back(registry) as env:
        cart = env(user=user_id)["cement.cart"].browse(cart_id)
        if name == "plan":
            return (*measure(env, cart._get_plan_view)[:2], None, 0)
        if name in ("plain", "quiet"):
            seconds, queries, orders = measure(
                env, lambda: create_plain(env, template, name == "quiet")
            )
            return seconds, queries, None, len(orders)
        seconds, queries, orders = measure(
            env, lambda: cart._confirm("portal_desktop"), profiler
        )
        return seconds, queries, describe_plain(orders.sudo()), len(orders)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--profile", action="store_true", help="where our time goes")
    parser.add_argument(
        "--only", choices=("confirm", "pages"), help="leave the other half out"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="measure the pages in the databases of an earlier run",
    )
    parser.add_argument(
        "--addons",
        default="cement_sale",
        help="what is installed for the confirmation (with commas); the addons of "
        "logistics hook into orders and transfers",
    )
    options = parser.parse_args()
    failed = False
    if options.only != "pages":
        failed |= compare_confirmation(options)
    if options.only != "confirm":
        failed |= _pages.compare(build, prepare_rows, keep=options.keep)
    return int(failed)


def compare_confirmation(options) -> bool:
    """Measure the confirmation and print; return whether it takes too long."""
    _database.new_database(DATABASE, options.addons)
    registry = _database.load(DATABASE)
    print(f"{date.today().isoformat()}, {_database.machine()}")
    user_id, _client_id, carts = prepare(registry, options.lines)
    failed = False
    for title, cart_id in carts.items():
        profiler = cProfile.Profile() if options.profile else None
        # the first run fills the caches of a running server and is not counted
        *_figures, template, orders = run(registry, user_id, cart_id, "ours")
        figures = {"ours": [], "plain": [], "quiet": [], "plan": []}
        for number in range(options.rounds):
            names = list(figures)
            for name in names if number % 2 == 0 else reversed(names):
                figures[name].append(
                    run(registry, user_id, cart_id, name, template, profiler)[:2]
                )
        seconds = {
            name: statistics.median(item[0] for item in items)
            for name, items in figures.items()
        }
        queries = {name: items[0][1] for name, items in figures.items()}
        ratio = seconds["ours"] / seconds["plain"]
        quiet = seconds["ours"] / seconds["quiet"]
        failed |= ratio > LIMIT
        print(
            f"{title}: {options.lines} lines -> {orders} orders: "
            f"ours {seconds['ours']:.2f} s ({queries['ours']} queries), "
            f"plain {seconds['plain']:.2f} s ({queries['plain']} queries), "
            f"{ratio:.2f} times (at most {LIMIT}); plain without "
            f"messages {seconds['quiet']:.2f} s ({queries['quiet']} queries), "
            f"{quiet:.2f} times; the page with the plan "
            f"{seconds['plan']:.2f} s ({queries['plan']} queries)"
        )
        if profiler:
            pstats.Stats(profiler).sort_stats("cumtime").print_stats(60)
    return failed


if __name__ == "__main__":
    sys.exit(main())
