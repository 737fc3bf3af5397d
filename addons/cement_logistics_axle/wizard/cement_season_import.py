# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import base64
import binascii

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.sql import escape_psql

from odoo.addons.cement_sale.tools import table_import

# Headings as orders and their tables have them, folded (see table_import.fold).
HEADINGS = {
    "регион": "region",
    "область": "region",
    "субъект": "region",
    "region": "region",
    "зона": "zone",
    "район": "zone",
    "zone": "zone",
    "дорога": "section",
    "участок": "section",
    "дорога участок": "section",
    "section": "section",
    "класс": "road_class",
    "класс дороги": "road_class",
    "дороги": "road_class",
    "road class": "road_class",
    "покрытие": "pavement",
    "pavement": "pavement",
    "с": "date_from",
    "дата с": "date_from",
    "начало": "date_from",
    "from": "date_from",
    "по": "date_to",
    "дата по": "date_to",
    "окончание": "date_to",
    "until": "date_to",
    "to": "date_to",
    "одиночная": "limit_single",
    "одиночная ось": "limit_single",
    "одиночная ось т": "limit_single",
    "на ось": "limit_single",
    "на ось т": "limit_single",
    "single": "limit_single",
    "сдвоенная": "limit_double",
    "сдвоенная ось": "limit_double",
    "сдвоенная ось т": "limit_double",
    "double": "limit_double",
    "строенная": "limit_triple",
    "строенная ось": "limit_triple",
    "строенная ось т": "limit_triple",
    "triple": "limit_triple",
    "масса": "limit_gross",
    "полная масса": "limit_gross",
    "полная масса т": "limit_gross",
    "gross": "limit_gross",
    "приказ": "number",
    "номер": "number",
    "номер приказа": "number",
    "order": "number",
    "дата приказа": "date",
    "order date": "date",
    "примечание": "note",
    "note": "note",
    "источник": "source",
    "source": "source",
}
_CLASSES = {
    "": "nonfederal",
    "региональные и местные": "nonfederal",
    "региональные": "regional",
    "региональная": "regional",
    "межмуниципальные": "regional",
    "местные": "local",
    "местная": "local",
    "муниципальные": "local",
    "федеральные": "federal",
    "федеральная": "federal",
    "все": "all",
    "regional": "regional",
    "local": "local",
    "federal": "federal",
    "all": "all",
}
_PAVEMENTS = {
    "": False,
    "асфальт": "asphalt",
    "асфальтобетон": "asphalt",
    "капитальный": "asphalt",
    "гравий": "gravel",
    "переходный": "gravel",
    "щебень": "gravel",
    "грунт": "earth",
    "грунтовая": "earth",
    "asphalt": "asphalt",
    "gravel": "gravel",
    "earth": "earth",
}
_LIMITS = ("limit_single", "limit_double", "limit_triple", "limit_gross")
MAX_ERRORS = 50


class CementSeasonImport(models.TransientModel):
    """Reads the orders of a year from a pasted table or a file.

    Lines that cannot be read are reported with their number; the lines beside them
    are taken. All lines of one region and number make one order.
    """

    _name = "cement.season.import"
    _description = "Import seasonal orders"

    year = fields.Integer(
        required=True,
        default=lambda self: self.env["cement.season.order"]._default_year(),
    )
    text = fields.Text(string="Pasted table")
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    status = fields.Selection(
        [("unconfirmed", "Not confirmed"), ("confirmed", "Confirmed")],
        required=True,
        default="unconfirmed",
        string="Take over as",
    )
    result = fields.Text(readonly=True)
    imported_ids = fields.Many2many("cement.season.order", readonly=True)

    def action_import(self):
        """Read the table, make the orders, say what could not be read."""
        self.ensure_one()
        rows = self._read_rows()
        errors, ready = [], {}
        regions = self._get_regions()
        for row in rows:
            try:
                key, vals = self._prepare_rule_vals(row, regions)
            except UserError as error:
                errors.append((row.number, str(error)))
                continue
            ready.setdefault(key, []).append((row, vals))
        orders = self.env["cement.season.order"]
        for (region_id, number), lines in ready.items():
            orders |= self._create_order(region_id, number, lines, errors)
        self.imported_ids = orders
        self.result = self._describe(len(rows), orders, sorted(errors))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open(self):
        """Open the imported orders."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported orders"),
            "res_model": "cement.season.order",
            "view_mode": "list,form",
            "domain": [("id", "in", self.imported_ids.ids)],
        }

    def _read_rows(self) -> list[table_import.TableRow]:
        """Return the rows of the file or of the pasted text.

        :raises UserError: when the whole cannot be read.
        """
        if self.file:
            try:
                data = base64.b64decode(self.file)
            except (binascii.Error, ValueError) as error:
                raise UserError(self.env._("The file cannot be read.")) from error
        else:
            data = (self.text or "").strip("\r\n")
        if not data:
            raise UserError(self.env._("Paste a table or choose a file."))
        try:
            return table_import.read_table(data, HEADINGS, key="date_from", default=())
        except table_import.TableError as error:
            raise UserError(self._get_table_texts(error)) from error

    def _get_table_texts(self, error) -> str:
        limit = error.params.get("limit")
        return {
            "too_big": self.env._("The file is larger than %(limit)s MB.", limit=limit),
            "bomb": self.env._("The file unpacks to more than can be read."),
            "too_many_rows": self.env._("More than %(limit)s lines.", limit=limit),
            "empty": self.env._("There are no lines below the headings."),
            "no_columns": self.env._(
                "No heading was recognised. The first line must name the columns: "
                "region, from, until, single axle…"
            ),
        }.get(
            error.code,
            self.env._("This is no table: paste cells, or choose an xlsx or csv file."),
        )

    @api.model
    def _get_regions(self) -> dict[str, int]:
        """Return the ids of the regions by their folded names."""
        states = self.env["res.country.state"].search([("country_id.code", "=", "RU")])
        regions = {}
        for state in states:
            for name in {state.name, state.with_context(lang="en_US").name}:
                regions[table_import.fold(name)] = state.id
        return regions

    def _prepare_rule_vals(self, row, regions) -> tuple[tuple, dict]:
        """Return (region, order number) and the values of the rule of *row*.

        :raises UserError: naming what is wrong.
        """
        values = row.values
        region_id = regions.get(table_import.fold(values.get("region")))
        if not region_id:
            raise UserError(
                self.env._(
                    "region “%(name)s” is not known", name=values.get("region") or ""
                )
            )
        try:
            start = table_import.parse_day(values.get("date_from"))
            end = table_import.parse_day(values.get("date_to"))
        except ValueError as error:
            raise UserError(
                self.env._("“%(value)s” is no date", value=error)
            ) from error
        if not start or not end:
            raise UserError(self.env._("a date is missing"))
        vals = {"date_from": start, "date_to": end, "note": values.get("note")}
        for name in _LIMITS:
            vals[name] = self._parse_limit(values.get(name))
        vals["road_class"] = self._parse_choice(values.get("road_class"), _CLASSES)
        vals["pavement"] = self._parse_choice(values.get("pavement"), _PAVEMENTS)
        number = table_import.clean_text(values.get("number"), 60) or self.env._("none")
        vals["zone_id"] = self._get_place("cement.road.zone", region_id, values, "zone")
        vals["section_id"] = self._get_place(
            "cement.road.section", region_id, values, "section"
        )
        return (region_id, number), vals

    @api.model
    def _parse_limit(self, value) -> float:
        if value in (None, "", "-", "–", "—"):
            return 0.0
        try:
            mass = float(table_import.parse_quantity(value))
        except ValueError:
            mass = -1.0
        if mass < 0:
            raise UserError(self.env._("“%(value)s” is no mass in tonnes", value=value))
        return mass

    @api.model
    def _parse_choice(self, value, choices):
        key = table_import.fold(value)
        if key not in choices:
            raise UserError(self.env._("“%(value)s” is not known", value=value))
        return choices[key]

    @api.model
    def _get_place(self, model, region_id, values, name) -> int | bool:
        """Return the zone or section of that name, made when it is new."""
        text = table_import.clean_text(values.get(name), 120)
        if not text:
            return False
        places = self.env[model].search(
            # a name is a name: its signs mean themselves
            [("state_id", "=", region_id), ("name", "=ilike", escape_psql(text))],
            limit=1,
        )
        if not places:
            places = self.env[model].create({"state_id": region_id, "name": text})
        return places.id

    def _create_order(self, region_id, number, lines, errors):
        """Return the order of *lines*, rule by rule, so that a bad one is reported
        and the others are kept."""
        first = lines[0][0].values
        orders = self.env["cement.season.order"]
        try:
            date = table_import.parse_day(first.get("date"))
        except ValueError:
            date = None
        order = orders.create(
            {
                "name": number,
                "date": date,
                "state_id": region_id,
                "year": self.year,
                "source": table_import.clean_text(first.get("source"), 500)
                or self.env._("Imported table %(name)s", name=self.file_name or ""),
            }
        )
        for row, vals in lines:
            try:
                with self.env.cr.savepoint():
                    order.rule_ids = [Command.create(vals)]
                    order.flush_recordset()
            except (ValidationError, UserError) as error:
                order.invalidate_recordset(["rule_ids"])
                errors.append((row.number, str(error)))
        if not order.rule_ids:
            order.unlink()
            return orders
        if self.status == "confirmed":
            try:
                with self.env.cr.savepoint():
                    order.action_confirm()
                    order.flush_recordset()
            except (ValidationError, UserError) as error:
                order.invalidate_recordset()
                errors.append((lines[0][0].number, str(error)))
        return order

    def _describe(self, count, orders, errors) -> str:
        taken = sum(len(order.rule_ids) for order in orders)
        head = self.env._(
            "Lines read: %(count)s. Rules taken: %(taken)s, orders: %(orders)s.",
            count=count,
            taken=taken,
            orders=len(orders),
        )
        lines = [
            self.env._("Line %(number)s: %(text)s", number=number, text=text)
            for number, text in errors[:MAX_ERRORS]
        ]
        if len(errors) > MAX_ERRORS:
            lines.append(
                self.env._("… and %(count)s more", count=len(errors) - MAX_ERRORS)
            )
        return "\n".join([head, *lines])
