# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""People who do something at the same moment, on real and separate transactions.

What is made here is committed, so it is taken apart again in the end.
"""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name

from odoo.addons.cement_base.tests.common import make_inn

from ..models.cement_cart_confirm import CementCart

AGREED = 100.0
_SECONDS = 60


class ConcurrencyCase(BaseCase):
    """A client with two people and one line, committed: ``users``, ``client``,
    ``line``, ``site``, ``day``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls._env() as env:
            cls._make(env)

    @classmethod
    def tearDownClass(cls):
        with cls._env() as env:
            cls._unmake(env)
        super().tearDownClass()

    def tearDown(self):
        with self._env() as env:
            self._drop_requests(env)
        super().tearDown()

    # === What is committed ===

    @classmethod
    @contextmanager
    def _env(cls, uid=SUPERUSER_ID):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, uid, {"lang": "en_US", "tracking_disable": True})

    @classmethod
    def _make(cls, env):
        company = env.ref("base.main_company")
        cls.day = fields.Date.today() + timedelta(days=7)
        cls.country = company.country_id.id
        cls.old_taxes = (
            env["account.tax"].with_context(active_test=False).search([]).ids
        )
        company.country_id = env.ref("base.ru")
        plant = env["cement.plant"].create({"name": "Plant at once", "code": "AT1"})
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        product = env["product.product"].create(
            {
                "name": "Cement at once",
                "is_storable": True,
                "is_cement_cargo": True,
                "uom_id": env.ref("uom.product_uom_ton").id,
                "cargo_form_id": env.ref("cement_base.form_bulk").id,
                "accounting_category_id": env.ref("cement_base.accounting_cement").id,
            }
        )
        client = env["res.partner"].create(
            {
                "name": "Client at once",
                "is_company": True,
                "is_counterparty": True,
                "vat": make_inn(9_900_000),
                "country_id": env.ref("base.ru").id,
            }
        )
        agreement = env["agreement"].create(
            {
                "code": "AT-1",
                "name": "Contract at once",
                "partner_id": client.id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
            }
        )
        site = env["cement.site"].create(
            {"name": "Site at once", "partner_id": client.id, "city": "Perm"}
        )
        specification = env["cement.specification"].create(
            {
                "name": "AT-S1",
                "agreement_id": agreement.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "plant_id": plant.id,
                            "warehouse_id": warehouse.id,
                            "delivery_method_id": env.ref(
                                "cement_base.method_road_delivery"
                            ).id,
                            "price_unit": 5000.0,
                        }
                    )
                ],
            }
        )
        specification.action_activate()
        users = env["res.users"].with_context(no_reset_password=True)
        cls.users = []
        for number in (1, 2):
            user = users.create(
                {
                    "name": f"Person {number}",
                    "login": f"at-once-{number}@example.com",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(env.ref("base.group_portal").ids)],
                }
            )
            user.partner_id.parent_id = client
            env["cement.member"].create(
                {"user_id": user.id, "partner_id": client.id, "role": "owner"}
            )
            cls.users.append(user.id)
        cls.line, cls.site, cls.client = (
            specification.line_ids.id,
            site.id,
            client.id,
        )
        cls.made = [
            ("cement.specification", specification.ids),
            ("agreement", agreement.ids),
            ("cement.site", site.ids),
            ("cement.plant", plant.ids),
            ("product.template", product.product_tmpl_id.ids),
        ]

    @classmethod
    def _drop_requests(cls, env):
        carts = env["cement.cart"].search([("partner_id", "=", cls.client)])
        orders = carts.order_ids
        orders.picking_ids.action_cancel()
        orders.picking_ids.unlink()
        orders.filtered(lambda order: order.state != "cancel")._action_cancel()
        orders.unlink()
        carts.state = "cancelled"
        carts.unlink()

    @classmethod
    def _unmake(cls, env):
        for model, ids in cls.made:
            env[model].browse(ids).unlink()
        users = env["res.users"].browse(cls.users)
        partners = users.partner_id
        users.unlink()
        (partners | env["res.partner"].browse(cls.client)).unlink()
        env["account.tax"].search([("id", "not in", cls.old_taxes)]).unlink()
        env.ref("base.main_company").country_id = cls.country

    # === Doing things at once ===

    def _create_cart(self, mass, user=0):
        with self._env(self.users[user]) as env:
            cart = env["cement.cart"]._create_draft(
                env["res.partner"].browse(self.client)
            )
            report = cart._add_rows(
                [
                    {
                        "specification_line_id": self.line,
                        "quantity": mass,
                        "day": self.day,
                        "site_id": self.site,
                    }
                ]
            )
            self.assertFalse(report["errors"])
            return cart.id

    def _at_once(self, *works):
        """Run *works* (``(uid, function of env)``) at once as requests would be:
        in a transaction each, repeated when PostgreSQL asks for it.

        :return: what each returned, or the error it raised.
        """
        barrier = threading.Barrier(len(works))
        results = [None] * len(works)

        def run(index, uid, work):
            tries = 0

            def attempt(env):
                nonlocal tries
                tries += 1
                # both have a snapshot from before the other began
                env.cr.execute("SELECT 1")
                if tries == 1:
                    barrier.wait(_SECONDS)
                return work(env)

            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, uid, {"lang": "en_US"})
                    results[index] = retrying(partial(attempt, env), env)
            except Exception as error:  # pylint: disable=broad-except
                results[index] = error

        threads = [
            threading.Thread(target=run, args=(index, *work))
            for index, work in enumerate(works)
        ]
        create_orders = CementCart._create_orders

        def slow(cart, plan):
            orders = create_orders(cart, plan)
            time.sleep(0.3)
            return orders

        with (
            patch.object(CementCart, "_create_orders", slow),
            # a repeated transaction need not wait for seconds in a test
            patch("odoo.service.model.random.uniform", return_value=0.05),
        ):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(_SECONDS)
        self.assertFalse(any(thread.is_alive() for thread in threads))
        return results
