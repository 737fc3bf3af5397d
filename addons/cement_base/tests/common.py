# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""Factories for the tests of all addons of the suite; they need no demo data."""

from datetime import timedelta
from itertools import count

from odoo import Command, fields
from odoo.exceptions import AccessError

from odoo.addons.base.tests.common import BaseCommon

from ..tools import stations

# Invented requisites are numbered through; each process begins at the same number.
_numbers = count(1)


def make_inn(number: int) -> str:
    """Return a valid company INN (10 digits) made of *number*."""
    body = f"77{number:07d}"[:9]
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + str(rest % 11 % 10)


def make_person_inn(number: int) -> str:
    """Return a valid personal INN (12 digits) made of *number*."""
    body = f"77{number:08d}"[:10]
    for weights in (
        (7, 2, 4, 10, 3, 5, 9, 4, 6, 8),
        (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8),
    ):
        rest = sum(int(d) * weight for d, weight in zip(body, weights, strict=True))
        body += str(rest % 11 % 10)
    return body


def make_ogrn(number: int) -> str:
    """Return a valid company OGRN (13 digits) made of *number*."""
    body = f"1267700{number:05d}"[:12]
    return body + str(int(body) % 11 % 10)


def make_esr(number: int) -> str:
    """Return a valid ESR station code made of *number*."""
    body = f"{number:05d}"[-5:]
    return body + str(stations.esr_check_digit(body))


class CementCommon(BaseCommon):
    """A supplier with a plant, a second supplier, and makers of everything else.

    Class attributes: ``supplier`` and ``supplier2`` (companies), ``plant`` and
    ``plant2`` (with ``warehouse`` and ``warehouse2``), ``cement`` (product, bulk),
    ``today``, ``rub``, and one attribute for each record of the vocabulary:
    ``road_delivery``, ``road_pickup``, ``rail_delivery``, ``rail_pickup``,
    ``form_bulk``, ``form_big_bag``, ``form_pallet``, ``form_bag``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.russia = cls.env.ref("base.ru")
        cls.rub = cls._enable_currency("RUB")
        cls.tonne = cls.env.ref("uom.product_uom_ton")
        cls.unit = cls.env.ref("uom.product_uom_unit")
        for code in ("road_delivery", "road_pickup", "rail_delivery", "rail_pickup"):
            setattr(cls, code, cls.env.ref(f"cement_base.method_{code}"))
        for code in ("bulk", "big_bag", "pallet", "bag"):
            setattr(cls, f"form_{code}", cls.env.ref(f"cement_base.form_{code}"))
        cls.supplier = cls._create_supplier("Supplier One")
        cls.supplier2 = cls._create_supplier("Supplier Two")
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": (cls.supplier | cls.supplier2).ids,
            }
        )
        cls.plant = cls._create_plant(cls.supplier)
        cls.warehouse = cls.plant.warehouse_ids
        cls.plant2 = cls._create_plant(cls.supplier2)
        cls.warehouse2 = cls.plant2.warehouse_ids
        cls.cement = cls._create_product()

    @classmethod
    def default_env_context(cls):
        # messages are compared in English, whatever the language of the database
        return {**super().default_env_context(), "lang": "en_US"}

    @classmethod
    def setup_main_company(cls, currency_code="RUB"):
        return super().setup_main_company(currency_code)

    # === Suppliers ===

    @classmethod
    def _create_supplier(cls, name, **vals):
        company = cls.env["res.company"].create(
            {
                "name": name,
                "currency_id": cls.rub.id,
                "country_id": cls.russia.id,
                **vals,
            }
        )
        cls.env.user.company_ids = [Command.link(company.id)]
        return company

    @classmethod
    def _create_plant(cls, company=None, **vals):
        """Create a plant; the warehouse that came with the company is its own."""
        company = company or cls.supplier
        number = next(_numbers)
        plant = cls.env["cement.plant"].create(
            {
                "name": f"Plant {number}",
                "code": f"P{number}",
                "company_id": company.id,
                **vals,
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", company.id), ("plant_id", "=", False)], limit=1
        ) or cls.env["stock.warehouse"].create(
            {
                "name": f"Warehouse {number}",
                "code": f"W{number}"[:5],
                "company_id": company.id,
            }
        )
        warehouse.plant_id = plant
        return plant

    @classmethod
    def _create_product(cls, kind="bulk", name=None, unit_mass=None, **vals):
        """Create a product of the cargo form *kind*.

        Bulk is kept in tonnes; packed goods in pieces of *unit_mass* tonnes
        (default 1.0 for a big bag, 1.5 for a pallet, 0.05 for a bag).
        """
        number = next(_numbers)
        masses = {"bulk": 0.0, "big_bag": 1.0, "pallet": 1.5, "bag": 0.05}
        unit_mass = masses[kind] if unit_mass is None else unit_mass
        uom = cls.tonne if kind == "bulk" else cls.unit
        template = cls.env["product.template"].create(
            {
                "name": name or f"Cement {kind} {number}",
                "default_code": f"C{number:05d}",
                "type": "consu",
                "is_storable": True,
                "is_cement_cargo": True,
                "uom_id": uom.id,
                "list_price": 6000.0 * (unit_mass or 1.0),
                "cargo_form_id": getattr(cls, f"form_{kind}").id,
                "unit_mass": unit_mass,
                "density": 1.2,
                "gost": "ГОСТ 31108-2020",
                "accounting_category_id": cls.env.ref(
                    "cement_base.accounting_cement"
                ).id,
                **vals,
            }
        )
        return template.product_variant_id

    # === Clients ===

    @classmethod
    def _create_counterparty(cls, name=None, inn=None, kpp=None, **vals):
        """Create a counterparty with valid requisites."""
        number = next(_numbers)
        return cls.env["res.partner"].create(
            {
                "name": name or f"Client {number}",
                "is_company": True,
                "is_counterparty": True,
                "legal_form": "company",
                "vat": inn or make_inn(number),
                "kpp": "770101001" if kpp is None else kpp,
                "country_id": cls.russia.id,
                **vals,
            }
        )

    @classmethod
    def _create_station(cls, name=None, code=None, **vals):
        number = next(_numbers)
        return cls.env["cement.station"].create(
            {
                "name": name or f"Station {number}",
                "esr_code": code or make_esr(20000 + number),
                **vals,
            }
        )

    @classmethod
    def _create_site(cls, partner, name=None, station=None, **vals):
        """Create a site of *partner*: an address, or a *station* when given."""
        number = next(_numbers)
        return cls.env["cement.site"].create(
            {
                "name": name or f"Site {number}",
                "partner_id": partner.id,
                "kind": "station" if station else "address",
                "station_id": station.id if station else False,
                "street": False if station else f"Lesnaya {number}",
                "city": False if station else "Perm",
                **vals,
            }
        )

    @classmethod
    def _create_agreement(cls, partner, company=None, code=None, **vals):
        """Create a contract of *partner* with *company* (default: the supplier)."""
        number = next(_numbers)
        return cls.env["agreement"].create(
            {
                "code": code or f"A-{number}",
                "name": f"Contract {number}",
                "partner_id": partner.id,
                "company_id": (company or cls.supplier).id,
                "currency_id": cls.rub.id,
                "start_date": cls.today - timedelta(days=365),
                "end_date": cls.today + timedelta(days=365),
                **vals,
            }
        )

    @classmethod
    def _prepare_specification_line(cls, agreement, vals):
        """Return the values of a line; *vals* wins over the defaults."""
        plant = cls.plant2 if agreement.company_id == cls.supplier2 else cls.plant
        return {
            "product_id": cls.cement.id,
            "plant_id": plant.id,
            "delivery_method_id": cls.road_delivery.id,
            "price_unit": 5000.0,
            **vals,
        }

    @classmethod
    def _create_specification(cls, agreement, lines=None, activate=True, **vals):
        """Create a specification to *agreement*.

        :param lines: values of the lines, each over the defaults of
            :meth:`_prepare_specification_line`; default: one line of bulk cement.
        """
        number = next(_numbers)
        specification = cls.env["cement.specification"].create(
            {
                "name": f"S-{number}",
                "agreement_id": agreement.id,
                "date_start": cls.today - timedelta(days=30),
                "date_end": cls.today + timedelta(days=180),
                "line_ids": [
                    Command.create(cls._prepare_specification_line(agreement, line))
                    for line in ([{}] if lines is None else lines)
                ],
                **vals,
            }
        )
        if activate:
            specification.action_activate()
        return specification

    # === People ===

    @classmethod
    def _create_portal_user(cls, login=None, partner=None, **vals):
        """Create a portal user; its password is its login. *partner*: the
        counterparty whose contact it is."""
        login = login or f"person{next(_numbers)}@example.com"
        contact = cls.env["res.partner"].create(
            {
                "name": vals.pop("name", login.split("@")[0]),
                "email": login if "@" in login else f"{login}@example.com",
                "parent_id": partner.id if partner else False,
            }
        )
        companies = partner.agreement_ids.company_id if partner else cls.supplier
        companies = companies or cls.supplier
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": login,
                    "password": login,
                    "partner_id": contact.id,
                    "company_id": companies[:1].id,
                    "company_ids": [Command.set(companies.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                    "tz": "Europe/Moscow",
                    **vals,
                }
            )
        )

    @classmethod
    def _create_member(
        cls, partner, role="owner", agreements=None, sites=None, login=None, user=None
    ):
        """Create a member of *partner* and, unless *user* is given, its user.

        :return: the membership; ``member.user_id`` is the user.
        """
        user = user or cls._create_portal_user(login, partner)
        return cls.env["cement.member"].create(
            {
                "user_id": user.id,
                "partner_id": partner.id,
                "role": role,
                "agreement_ids": [Command.set(agreements.ids if agreements else [])],
                "site_ids": [Command.set(sites.ids if sites else [])],
            }
        )

    @classmethod
    def _create_internal_user(cls, login, *groups, companies=None, **vals):
        """Create a user inside the company with the *groups* (full xmlids)."""
        companies = companies or (cls.supplier | cls.supplier2)
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login.capitalize(),
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "company_id": companies[:1].id,
                    "company_ids": [Command.set(companies.ids)],
                    "group_ids": [
                        Command.set(
                            [
                                cls.env.ref(xmlid).id
                                for xmlid in ("base.group_user", *groups)
                            ]
                        )
                    ],
                    **vals,
                }
            )
        )

    @classmethod
    def portal_env(cls, user):
        """Return an environment of *user* as a page of the portal has it: without
        the companies of the test."""
        return cls.env(user=user, context={"lang": "en_US", "tz": "Europe/Moscow"})

    def assert_notes_unguessed(self, record, user):
        """Write a note beneath *record*, which *user* reads: the user does not find it
        by its words, whatever the door."""
        record.message_post(
            body="down to 4900",
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        self.env.flush_all()
        records = self.portal_env(user)[record._name]
        own = [("id", "=", record.id)]
        self.assertEqual(records.search_count(own), 1)
        for name in ("message_ids", "website_message_ids"):
            found = [*own, (f"{name}.body", "ilike", "to 4900")]
            inside = self.env[record._name].search_count(found)
            self.assertEqual(inside, 1, "people inside search as ever")
            for run in (
                lambda found=found: records.search_count(found),
                lambda found=found: records.search(["!", *found[1:]]),
                lambda name=name: records.search(
                    [(name, "any", [("author_id", "!=", False)])]
                ),
                lambda found=found: records.formatted_read_group(
                    found, [], ["__count"]
                ),
                lambda name=name: records.formatted_read_group(
                    own, [name], ["__count"]
                ),
                lambda name=name: records.search(own, order=f"{name}.body"),
                lambda name=name: records.browse(record.id).read([name]),
            ):
                with self.assertRaises(AccessError, msg=name):
                    run()
            self.assertNotIn(name, records.fields_get())
