# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementRailway(models.Model):
    """A railway as reports name it: a number, and the prefixes of its stations."""

    _name = "cement.railway"
    _description = "Railway"
    _order = "code, id"
    _rec_names_search = ["name", "code", "abbreviation"]

    code = fields.Char(required=True, help="Two digits, as reports write it.")
    name = fields.Char(required=True)
    abbreviation = fields.Char()
    esr_prefixes = fields.Char(
        string="ESR prefixes",
        help="First two digits of the codes of its stations, separated by commas.",
    )
    is_confirmed = fields.Boolean(
        string="Checked",
        help="Compared with an official list. What is not comes from general "
        "knowledge.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is a railway with this code already."
    )

    @api.model
    def _get_names_by_prefix(self) -> dict[str, str]:
        """Return the name of the railway by the first two digits of a station."""
        return {
            prefix.strip(): railway.name
            for railway in self.search([])
            for prefix in (railway.esr_prefixes or "").split(",")
            if prefix.strip()
        }
