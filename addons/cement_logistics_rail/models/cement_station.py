# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo import api, fields, models


class CementStation(models.Model):
    _inherit = "cement.station"

    position_source = fields.Selection(
        [("person", "Person"), ("feed", "Report"), ("table", "Table of stations")],
        groups="base.group_user",
        help="Where the coordinates come from. What a person wrote is never "
        "overwritten.",
    )
    group_id = fields.Many2one(
        "cement.station.group",
        string="One place with",
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="Codes of one and the same place: the export park of a port and the "
        "station itself. A wagon at one of them is at all of them.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._note_position_source(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._note_position_source(vals)
        return super().write(vals)

    def _note_position_source(self, vals):
        """Remember that a person wrote the coordinates, unless a table or a report
        says that it did."""
        if vals.get("latitude") or vals.get("longitude"):
            source = self.env.context.get("cement_position_source", "person")
            vals.setdefault("position_source", source)


class CementStationGroup(models.Model):
    """Station codes that mean one place."""

    _name = "cement.station.group"
    _description = "Stations of one place"
    _order = "name, id"

    name = fields.Char(required=True)
    station_ids = fields.One2many("cement.station", "group_id", string="Stations")
