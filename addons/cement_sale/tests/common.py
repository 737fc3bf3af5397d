# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A client with a specification, an owner and a site, and makers of requests."""

from datetime import timedelta

from odoo import Command

from odoo.addons.cement_base.tests.common import CementCommon


class CementSaleCommon(CementCommon):
    """Class attributes on top of ``CementCommon``: ``client``, ``agreement``,
    ``site``, ``specification`` with ``line_bulk`` (1,000 t agreed, 5,000 a tonne),
    ``line_big_bag`` and ``line_pallet`` (not limited), ``owner`` (a portal user),
    ``day`` (five days from now)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the tests read messages as they are written in the code
        cls.env["res.lang"]._activate_lang("en_US")
        cls.day = cls.today + timedelta(days=5)
        cls.client = cls._create_counterparty("Concrete Works")
        cls.agreement = cls._create_agreement(cls.client, code="D-1")
        cls.site = cls._create_site(cls.client, "Site North")
        cls.big_bag = cls._create_product("big_bag")
        cls.pallet = cls._create_product("pallet")
        cls.specification = cls._create_specification(
            cls.agreement,
            [
                {"volume_agreed": 1000.0},
                {"product_id": cls.big_bag.id, "price_unit": 5500.0},
                {"product_id": cls.pallet.id, "price_unit": 5800.0},
            ],
        )
        cls.line_bulk, cls.line_big_bag, cls.line_pallet = cls.specification.line_ids
        cls.owner = cls._create_member(cls.client, "owner", login="own@x.com").user_id

    @classmethod
    def _create_cart(cls, rows=None, user=None, name="Request", partner=None):
        """Return a draft of *user* (default: the owner) in the user's environment.

        :param rows: ``(specification line, tonnes)`` or complete rows; default: 20 t
            of bulk cement to the site.
        """
        env = cls.portal_env(user or cls.owner)
        partner = env["res.partner"].browse((partner or cls.client).id)
        cart = env["cement.cart"]._create_draft(partner, name)
        rows = [(cls.line_bulk, 20.0)] if rows is None else rows
        report = cart._add_rows([cls._prepare_row(row) for row in rows])
        assert not report["errors"], report["errors"]
        return cart

    @classmethod
    def _prepare_row(cls, row):
        if isinstance(row, dict):
            return {"day": cls.day, "site_id": cls.site.id, **row}
        line, quantity = row
        return {
            "specification_line_id": line.id,
            "quantity": quantity,
            "day": cls.day,
            "site_id": cls.site.id,
        }

    @classmethod
    def _create_order(cls, mass=20.0, user=None, line=None):
        """Return the confirmed order of one vehicle, as superuser."""
        cart = cls._create_cart([(line or cls.line_bulk, mass)], user)
        return cart._confirm("portal_desktop").sudo().with_env(cls.env)

    @classmethod
    def _create_manager(cls, login="manager", *groups, **vals):
        return cls._create_internal_user(
            login, "cement_base.group_sales_manager", *groups, **vals
        )

    @classmethod
    def _create_quotation(cls, quantity=20.0, line=None, **vals):
        """Return a quotation that a manager made by hand, not confirmed."""
        line = line or cls.line_bulk
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "company_id": line.company_id.id,
                "warehouse_id": line.warehouse_id.id,
                "requested_date": cls.day,
                "site_id": cls.site.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "product_uom_qty": quantity,
                            "specification_line_id": line.id,
                        }
                    )
                ],
                **vals,
            }
        )

    @staticmethod
    def codes(findings):
        """Return the codes of *findings* (objects or descriptions)."""
        return [
            item["code"] if isinstance(item, dict) else item.code for item in findings
        ]
