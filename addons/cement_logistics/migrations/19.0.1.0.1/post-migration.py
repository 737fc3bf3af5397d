# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The expected arrival is in no index any more; Odoo leaves the old one in place."""


def migrate(cr, version):
    cr.execute("DROP INDEX IF EXISTS stock_picking__eta_date_index")
