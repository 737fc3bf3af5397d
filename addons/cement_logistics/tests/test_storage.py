# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.tests import TransactionCase, tagged

from odoo.addons.cement_logistics.models.stock_picking_lifecycle import (
    POSITION_FIELDS,
)


@tagged("post_install", "-at_install")
class TestStorage(TransactionCase):
    """A position is rewritten on its own page: it must touch no index."""

    def test_no_index_holds_what_trackers_write(self):
        self.env.cr.execute(
            """
            SELECT attribute.attname
              FROM pg_index index
              JOIN pg_attribute attribute
                ON attribute.attrelid = index.indrelid
               AND attribute.attnum = ANY(index.indkey)
             WHERE index.indrelid = 'stock_picking'::regclass
            """
        )
        indexed = {name for (name,) in self.env.cr.fetchall()}
        self.assertFalse(indexed & set(POSITION_FIELDS))

    def test_pages_keep_room(self):
        self.env.cr.execute(
            "SELECT reloptions FROM pg_class WHERE oid = 'stock_picking'::regclass"
        )
        self.assertIn("fillfactor=50", self.env.cr.fetchone()[0])
