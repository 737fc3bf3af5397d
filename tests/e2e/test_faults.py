# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Twice, at once, and half way: what must never double or lose an order."""

import re
import threading
import time
from datetime import date, timedelta

from . import seed
from .stack import Person


def _draft(stack, line_id, quantities, login=seed.OWNER, name="e2e"):
    """Make a draft of *login* and return its id."""
    day = date.today() + timedelta(days=10)
    with stack.environment() as env:
        user = env["res.users"].search([("login", "=", login)])
        partner = env["res.partner"].browse(stack.seed.partner_id)
        cart = env(user=user)["cement.cart"]._create_draft(partner, name)
        report = cart._add_rows(
            [
                {
                    "specification_line_id": line_id,
                    "quantity": quantity,
                    "day": day + timedelta(days=index % 20),
                    "site_id": stack.seed.site_id,
                }
                for index, quantity in enumerate(quantities)
            ]
        )
        assert not report["errors"], report
        return cart.id


def _confirm(person, cart_id):
    return person.post(
        f"/my/carts/{cart_id}/confirm", f"/my/carts/{cart_id}", {}, timeout=300
    )


def _orders(stack, cart_id):
    with stack.environment() as env:
        cart = env["cement.cart"].browse(cart_id)
        return cart.state, [
            (order.name, order.state, order.load_mass) for order in cart.order_ids
        ]


def _at_once(*calls):
    """Run the calls at the same moment and return their answers."""
    gate = threading.Barrier(len(calls))
    answers = [None] * len(calls)

    def run(index, call):
        gate.wait()
        answers[index] = call()

    threads = [
        threading.Thread(target=run, args=(index, call))
        for index, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_members_take_the_last_tonnes(stack):
    """25 t are left, each asks for 20: one gets them, the other is told why."""
    carts = [
        _draft(stack, stack.seed.scarce_id, [20], login)
        for login in (seed.OWNER, seed.BUYER)
    ]
    people = [Person(stack, seed.OWNER), Person(stack, seed.BUYER)]
    answers = _at_once(
        *(
            lambda person=person, cart=cart: _confirm(person, cart)
            for person, cart in zip(people, carts, strict=True)
        )
    )
    assert all(answer.status_code == 200 for answer in answers)
    states = [_orders(stack, cart) for cart in carts]
    confirmed = [orders for state, orders in states if state == "confirmed"]
    drafts = [orders for state, orders in states if state == "draft"]
    assert len(confirmed) == 1 and len(confirmed[0]) == 1
    assert drafts == [[]]
    loser = next(answer for answer in answers if not answer.url.endswith("/done"))
    assert re.search(r"\b5\s*[тt]\b", loser.text), "the other is not told what is left"
    with stack.environment() as env:
        line = env["cement.specification.line"].browse(stack.seed.scarce_id)
        assert line.volume_ordered == 20
        assert line.volume_remaining == 5


def test_pressed_twice_makes_one_set(stack):
    """Two presses at once and a third later give one set of orders."""
    cart = _draft(stack, stack.seed.line_id, [70])
    person, again = Person(stack, seed.OWNER), Person(stack, seed.OWNER)
    answers = _at_once(lambda: _confirm(person, cart), lambda: _confirm(again, cart))
    assert [answer.status_code for answer in answers] == [200, 200]
    state, orders = _orders(stack, cart)
    assert state == "confirmed"
    assert round(sum(mass for _name, _state, mass in orders), 3) == 70
    person.get(f"/my/carts/{cart}/done")
    assert _orders(stack, cart) == (state, orders)


def test_killed_half_way_leaves_a_draft(stack):
    """The server dies while a large request becomes orders: the draft stays as it
    was, no order and no tonne is left behind, and the next press goes through."""
    cart = _draft(stack, stack.seed.line_id, [25] * 80, name="half way")
    before = _totals(stack)
    person = Person(stack, seed.OWNER)
    person.get(f"/my/carts/{cart}")

    def press():
        try:
            _confirm(person, cart)
        except Exception as error:  # noqa: BLE001  the connection breaks, as it must
            return error

    thread = threading.Thread(target=press)
    thread.start()
    _wait_until_busy(stack)
    stack.kill()
    thread.join()
    stack.start()
    assert _orders(stack, cart) == ("draft", [])
    assert _totals(stack) == before
    answer = _confirm(Person(stack, seed.OWNER), cart)
    assert answer.url.endswith("/done")
    state, orders = _orders(stack, cart)
    assert state == "confirmed"
    assert len(orders) == 80
    assert {order_state for _name, order_state, _mass in orders} == {"sale"}


def _totals(stack):
    with stack.environment() as env:
        line = env["cement.specification.line"].browse(stack.seed.line_id)
        return (
            env["sale.order"].search_count([]),
            env["stock.picking"].search_count([]),
            line.volume_ordered,
        )


def _wait_until_busy(stack, seconds=60):
    """Wait until the transaction of the server has taken order numbers.

    A sequence moves outside of transactions, so it is seen from here.
    """
    limit = time.monotonic() + seconds
    first = _last_number(stack)
    while time.monotonic() < limit:
        if _last_number(stack) != first:
            time.sleep(0.5)
            return
        time.sleep(0.05)
    raise AssertionError(f"the request did not begin: {stack.tail()}")


def _last_number(stack):
    with stack.environment() as env:
        sequence = env.ref("cement_sale.sequence_order")
        env.cr.execute(
            f"SELECT last_value, is_called FROM ir_sequence_{sequence.id:03d}"  # noqa: S608
        )
        return env.cr.fetchone()
