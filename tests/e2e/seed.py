# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""What the end-to-end tests need: one plant, one client, a door for 1C."""

from dataclasses import dataclass
from datetime import timedelta

from odoo import Command, fields

ONEC_LOGIN = "onec"
ONEC_PASSWORD = "stand-in only"  # noqa: S105
OWNER = "owner@example.com"
BUYER = "buyer@example.com"


@dataclass
class Seed:
    """Ids of what was planted."""

    partner_id: int
    line_id: int
    scarce_id: int
    site_id: int
    backend_url: str


def plant(env) -> Seed:
    """Fill the database and return the ids of what matters."""
    today = fields.Date.today()
    company = _company(env)
    works = env["cement.plant"].create(
        {"name": "Завод", "code": "E2E", "company_id": company.id, "cutoff_hour": 24}
    )
    # a company made in a test run may come without a warehouse of its own
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", company.id)], limit=1
    ) or env["stock.warehouse"].create(
        {"name": "Склад", "code": "E2E", "company_id": company.id}
    )
    warehouse.plant_id = works
    cement = _product(env, "ЦЕМ I 42,5Н навал", "CEM-I-425")
    scarce = _product(env, "ЦЕМ II 32,5Н навал", "CEM-II-325")
    partner = env["res.partner"].create(
        {
            "name": "ООО «Бетон Сквозной»",
            "is_company": True,
            "is_counterparty": True,
            "legal_form": "company",
            "vat": "7707083893",
            "kpp": "770701001",
            "country_id": env.ref("base.ru").id,
            "lang": "ru_RU",
        }
    )
    site = env["cement.site"].create(
        {
            "name": "Объект Северный",
            "partner_id": partner.id,
            "city": "Уфа",
            "street": "ул. Заводская, 1",
        }
    )
    agreement = env["agreement"].create(
        {
            "code": "E2E-1",
            "name": "Договор поставки",
            "partner_id": partner.id,
            "company_id": company.id,
            "currency_id": env.ref("base.RUB").id,
            "end_date": today + timedelta(days=365),
        }
    )
    common = {
        "plant_id": works.id,
        "delivery_method_id": env.ref("cement_base.method_road_delivery").id,
        "price_unit": 5000,
    }
    specification = env["cement.specification"].create(
        {
            "name": "1",
            "agreement_id": agreement.id,
            "date_start": today - timedelta(days=30),
            "date_end": today + timedelta(days=200),
            "line_ids": [
                Command.create({**common, "product_id": cement.id}),
                Command.create(
                    {**common, "product_id": scarce.id, "volume_agreed": 25}
                ),
            ],
        }
    )
    specification.action_activate()
    for login, role in ((OWNER, "owner"), (BUYER, "privileged")):
        _member(env, partner, login, role)
    return Seed(
        partner_id=partner.id,
        line_id=specification.line_ids[0].id,
        scarce_id=specification.line_ids[1].id,
        site_id=site.id,
        backend_url=_backend(env, company),
    )


def _company(env):
    rub = env.ref("base.RUB")
    rub.active = True
    company = env["res.company"].create(
        {
            "name": "ООО «Завод Сквозной»",
            "currency_id": rub.id,
            "country_id": env.ref("base.ru").id,
        }
    )
    env.user.company_ids += company
    return company


def _product(env, name, code):
    return env["product.product"].create(
        {
            "name": name,
            "default_code": code,
            "type": "consu",
            "is_storable": True,
            "uom_id": env.ref("uom.product_uom_ton").id,
            "is_cement_cargo": True,
            "cargo_form_id": env.ref("cement_base.form_bulk").id,
            "accounting_category_id": env.ref("cement_base.accounting_cement").id,
        }
    )


def _member(env, partner, login, role):
    member = (
        env["cement.member"]
        .with_context(no_reset_password=True)
        ._invite(partner, login, login.split("@")[0], role)
    )
    member.user_id.write({"password": login, "lang": "ru_RU"})


def _backend(env, company) -> str:
    """Open the door for the stand-in and return its path."""
    backend = env["cement.connector.backend"].create(
        {
            "name": "1С",
            "company_id": company.id,
            "login": ONEC_LOGIN,
            "secret": ONEC_PASSWORD,
        }
    )
    backend.action_enable()
    return f"/1c/exchange/{backend.token}"
