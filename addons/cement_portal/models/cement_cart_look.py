# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, models, tools
from odoo.tools.lru import LRU

# looks kept by one server process
MAX_LOOKS = 200
# a look that is larger is not kept: a cart of a thousand vehicles is asked for once
MAX_SIZE = 300_000
# stands for the token that each session has of its own
TOKEN_MARK = "cement-csrf-token"


class CementCart(models.Model):
    """The drawn parts of the cart's page, kept while nothing that they show changed.

    Only a look: :meth:`_confirm` plans anew under lock and knows nothing of it.
    """

    _inherit = "cement.cart"

    @api.model
    @tools.ormcache(cache="templates")
    def _get_looks(self) -> LRU:
        """Return what this process remembers; forgotten with the templates."""
        return LRU(MAX_LOOKS)

    def _get_look_key(self, page: int) -> tuple:
        return self.env.cr.dbname, self.id, self.env.uid, page

    def _recall_look(self, page: int, stamp: str) -> dict | None:
        """Return the parts drawn before, ``None`` when they are not those of now."""
        kept = self._get_looks().get(self._get_look_key(page))
        return kept[1] if kept and kept[0] == stamp else None

    def _keep_look(self, page: int, stamp: str, look: dict):
        """Remember the drawn parts of a page of this cart.

        :param stamp: see `_get_plan_stamp`, taken before they were drawn.
        """
        size = sum(len(part) for part in look.values() if isinstance(part, str))
        if size <= MAX_SIZE:
            self._get_looks()[self._get_look_key(page)] = (stamp, look)
