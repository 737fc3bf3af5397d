# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import station_table

_BATCH = 2000


class CementStationImport(models.TransientModel):
    """Takes coordinates and names of stations from a table."""

    _name = "cement.station.import"
    _description = "Import of stations"

    file = fields.Binary(required=True)
    filename = fields.Char()
    only_known = fields.Boolean(
        string="Only stations that are known already",
        default=True,
        help="Fill the coordinates of known stations in, add no new ones.",
    )
    result = fields.Text(readonly=True)

    def action_import(self):
        """Take the table over and show what became of it.

        :raises UserError: when it is no table of stations.
        """
        self.ensure_one()
        if not self.env.user.has_group("cement_base.group_dispatcher"):
            raise AccessError(self.env._("Only a dispatcher may import stations."))
        try:
            table = station_table.read(base64.b64decode(self.file or b""))
        except station_table.TableError as error:
            texts = {
                "empty": self.env._("The file is empty."),
                "too_big": self.env._("The file is too big for a table of stations."),
                "no_columns": self.env._(
                    "Columns with the ESR code, latitude and longitude are needed; "
                    "found: %(found)s",
                    found=error.detail or "-",
                ),
            }
            raise UserError(texts[error.code]) from error
        self.result = self._describe(table, *self._take(table))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _take(self, table):
        """Write the stations of the table; return how many came, changed, stayed."""
        station_model = self.env["cement.station"].with_context(
            active_test=False, cement_position_source="table"
        )
        known = {station.esr_code: station for station in station_model.search([])}
        roads = self.env["cement.railway"]._get_names_by_prefix()
        created, changed, kept = [], 0, 0
        for row in table.stations.values():
            station = known.get(row.code)
            if not station:
                created.append(
                    {
                        "name": row.name or row.code,
                        "esr_code": row.code,
                        "latitude": row.latitude,
                        "longitude": row.longitude,
                        "railway": roads.get(row.code[:2], False),
                        "position_source": "table",
                    }
                )
            elif station.position_source == "person" or (
                (station.latitude or station.longitude) and not station.position_source
            ):
                # what a person wrote stays; coordinates without a source are a
                # person's as well: they are older than this column
                kept += 1
            elif (station.latitude, station.longitude) != (
                row.latitude,
                row.longitude,
            ):
                station.write({"latitude": row.latitude, "longitude": row.longitude})
                changed += 1
        if self.only_known:
            created = []
        for start in range(0, len(created), _BATCH):
            station_model.create(created[start : start + _BATCH])
        return len(created), changed, kept

    @api.model
    def _describe(self, table, created, changed, kept) -> str:
        lines = [
            self.env._("Rows read: %(count)s", count=table.rows),
            self.env._("Stations added: %(count)s", count=created),
            self.env._("Coordinates changed: %(count)s", count=changed),
            self.env._("Kept as a person wrote them: %(count)s", count=kept),
            self.env._("Same code again, left out: %(count)s", count=table.doubles),
            self.env._(
                "Rows without a code or coordinates: %(count)s", count=table.refused
            ),
        ]
        if table.doubtful:
            lines.append(
                self.env._(
                    "Check digit does not fit (taken all the same): %(codes)s",
                    codes=", ".join(table.doubtful[:20])
                    + (" …" if len(table.doubtful) > 20 else ""),
                )
            )
        return "\n".join(lines)
