# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cement_base.tools import zones
from odoo.addons.cement_logistics.tools import lifecycle, weighing
from odoo.addons.cement_sale.tools.table_import import parse_quantity

from ..tools import passes, plates

GUARD_GROUPS = "cement_logistics_dispatch.group_gate_guard,cement_base.group_dispatcher"
# heavier than any road train: a slip of the finger
MAX_GROSS = 120.0
# passes in each list of the page
GATE_ROWS = 200
# an empty vehicle may weigh so much more than when it came: mud, fuel, the scales
EMPTY_SPARE = 0.1


class CementLoadingPass(models.Model):
    """What the guard does with a pass."""

    _inherit = "cement.loading.pass"

    @api.model
    def _check_guard(self):
        """Let guards and dispatchers work at the gate, and nobody else.

        :raises AccessError: for everybody else.
        """
        if not self.env.user.has_groups(GUARD_GROUPS):
            raise AccessError(self.env._("The gate is for guards and dispatchers."))

    @api.model
    def _gate_scan(self, text) -> dict:
        """Return what the gate shows of a scanned code, and log the scan."""
        self._check_guard()
        entry_sudo = self._find_at_gate_sudo(text) or self._find_by_plate_sudo(text)
        verdict = entry_sudo._judge() if entry_sudo else passes.UNKNOWN
        self._log_scan(
            entry_sudo,
            "scan",
            verdict,
            verdict not in passes.ENTERS and verdict != passes.INSIDE,
        )
        return self._gate_values(entry_sudo, verdict)

    @api.model
    def _find_at_gate_sudo(self, code):
        """Return the pass of a code, when it is for the gate of the guard."""
        return self._find_by_code_sudo(code).filtered_domain(self._get_gate_domain())

    @api.model
    def _get_gate_domain(self) -> list:
        """Return which passes the person has to do with: those of the own companies,
        and of the own plants for whom the plants name."""
        domain = [("company_id", "in", self.env.user.company_ids.ids)]
        # sudo: guards read plants through this page only
        plants = (
            self.env["cement.plant"]
            .sudo()
            .search([("gate_user_ids", "in", self.env.user.ids)])
        )
        if plants:
            domain.append(("plant_id", "in", plants.ids))
        return domain

    @api.model
    def _find_by_plate_sudo(self, text):
        """Return the pass of a typed number or plate, if it is the only one today."""
        text = text.strip() if isinstance(text, str) else ""
        if not 3 <= len(text) <= 20:
            return self.sudo().browse()
        # sudo: the guard was checked by the caller
        own = self._get_gate_domain()
        found = self.sudo().search([("name", "=", text.upper()), *own], limit=1)
        if found:
            return found
        try:
            plate = plates.normalise(text)
        except plates.PlateError:
            return self.sudo().browse()
        found = self.sudo().search(
            [
                *own,
                ("vehicle_plate", "=", plate),
                ("state", "in", (passes.BOOKED, passes.INSIDE)),
            ],
            order="start",
            limit=20,
        )
        here = found.filtered(
            lambda entry: entry.state == passes.INSIDE
            or entry.day == entry.plant_id._get_local_now().date()
        )
        return (here or found)[:1]

    @api.model
    def _find_verdict(self, code) -> str:
        entry_sudo = self._find_at_gate_sudo(code)
        return entry_sudo._judge() if entry_sudo else passes.UNKNOWN

    @api.model
    def _gate_values(self, entry_sudo, verdict) -> dict:
        text, tone = self._get_verdicts()[verdict]
        values = {
            "verdict": verdict,
            "text": text,
            "tone": tone,
            "entry": None,
            "can_enter": verdict in passes.ENTERS,
            "can_leave": False,
        }
        if entry_sudo:
            picking = entry_sudo.picking_id
            values |= {
                "entry": entry_sudo._portal_facts(),
                "can_leave": verdict == passes.INSIDE,
                "weighed": bool(picking.net_mass) or entry_sudo._is_settled(),
                "tare": picking.tare_mass,
                "gross": picking.gross_mass,
                "net": picking.net_mass,
                "driver": entry_sudo.driver_name or "",
                "phone": entry_sudo.driver_phone or "",
                "attorney": entry_sudo._get_attorney_text(),
                "warning": self._get_void_text()
                if verdict == passes.INSIDE and entry_sudo._is_void()
                else "",
                "advice": entry_sudo._get_early_text()
                if verdict == passes.EARLY
                else "",
            }
        return values

    @api.model
    def _gate_move(self, code, action, tare=None, gross=None) -> dict:
        """Let a vehicle in or out.

        To leave, the weighed goods leave the stock: the transfer is validated. What
        the law or the order forbids keeps the vehicle inside: the answer holds the
        reason in words, nothing is written, and a dispatcher gets an activity.

        :param action: ``enter`` or ``leave``.
        :param tare: tonnes, as typed; needed with *gross* to leave, unless the
            vehicle was weighed already.
        :return: see :meth:`_gate_values`; ``done`` or ``refused`` with the action,
            ``reason`` when more is to be said than the verdict.
        :raises UserError: when this is no pass, or the scales are silent.
        """
        self._check_guard()
        entry_sudo = self._find_at_gate_sudo(code)
        if not entry_sudo or action not in ("enter", "leave"):
            raise UserError(self.env._("This is not a pass of ours."))
        entry_sudo._lock()
        verdict = entry_sudo._judge()
        if action == "enter":
            if verdict not in passes.ENTERS:
                return self._gate_refuse(entry_sudo, action, verdict)
            entry_sudo.write(
                {"state": passes.INSIDE, "entered_at": fields.Datetime.now()}
            )
            entry_sudo.picking_id._cement_set_shipment_state(
                lifecycle.LOADING, "dispatcher", note=entry_sudo.name
            )
        else:
            if verdict != passes.INSIDE:
                return self._gate_refuse(entry_sudo, action, verdict)
            masses = entry_sudo._parse_scales(tare, gross)
            try:
                with self.env.cr.savepoint():
                    entry_sudo._let_out(masses)
            except UserError as error:
                entry_sudo._tell_dispatcher(
                    self.env._("Kept at the gate: %(name)s", name=entry_sudo.name),
                    str(error),
                    masses,
                )
                return self._gate_refuse(entry_sudo, action, verdict) | {
                    "reason": str(error)
                }
        self._log_scan(entry_sudo, action, verdict, False)
        entry_sudo._announce()
        now = entry_sudo.plant_id._get_local_now()
        return self._gate_values(entry_sudo, entry_sudo._judge()) | {
            "done": action,
            "done_at": f"{now:%H:%M}",
            "tone": "ok",
        }

    @api.model
    def _gate_refuse(self, entry_sudo, action, verdict) -> dict:
        """Log the refusal, which an error would roll back, and show the reason."""
        self._log_scan(entry_sudo, action, verdict, True)
        return self._gate_values(entry_sudo, verdict) | {"refused": action}

    def _is_settled(self) -> bool:
        """Whether the goods have left by the papers: nothing is left to weigh."""
        return self.picking_id.state == "done"

    def _is_void(self) -> bool:
        """Whether the shipment was cancelled: nothing may be aboard."""
        return not self._is_settled() and self.picking_id._is_cement_void()

    def _get_early_text(self) -> str:
        """Return what to do with a vehicle that came before its pass works."""
        self.ensure_one()
        start, _stop = self.slot_id._get_local()
        opens = start - timedelta(minutes=self.plant_id.gate_early_minutes)
        return self.env._(
            "It is %(now)s, the pass works from %(opens)s, its hour is %(hours)s. Let "
            "the vehicle in if there is room on the premises, else it waits outside.",
            now=f"{self.plant_id._get_local_now():%H:%M}",
            opens=f"{opens:%H:%M}",
            hours=self._get_signed_hours(),
        )

    def _get_void_text(self) -> str:
        return self.env._(
            "The shipment was cancelled: weigh the vehicle all the same, enter tare "
            "and gross in tonnes. It leaves empty."
        )

    def _parse_scales(self, tare, gross) -> dict:
        """Return the masses of the scales to write; nothing when they are known.

        :raises UserError: when the vehicle leaves without being weighed.
        """
        self.ensure_one()
        if self._is_settled() or (self.picking_id.net_mass and not (tare or gross)):
            return {}
        empty, full = self._parse_scale(tare), self._parse_scale(gross)
        if self._is_void():
            # what was not ordered any more must not be aboard
            if not 0 < empty <= MAX_GROSS or not 0 < full <= MAX_GROSS:
                raise UserError(self._get_void_text())
        elif not empty or not full or not 0 < empty < full <= MAX_GROSS:
            raise UserError(
                self.env._(
                    "Weigh the vehicle first: enter tare and gross in tonnes, the "
                    "gross above the tare."
                )
            )
        return {
            "tare_mass": empty,
            "gross_mass": full,
            "net_mass": weighing.net(full, empty),
        }

    def _let_out(self, masses):
        """Let the vehicle out with the goods (as superuser).

        :param masses: of the scales, as `_parse_scales` gives them.
        :raises UserError: when it may not leave with this load.
        """
        self.ensure_one()
        picking = self.picking_id.with_company(self.company_id)
        if self._is_void():
            self._check_empty(masses)
            self._tell_dispatcher(
                self.env._("Left without goods: %(name)s", name=self.name),
                self.env._("The shipment was cancelled while the vehicle was inside."),
            )
        elif picking.state != "done":
            picking.write(masses)
            picking._cement_check_load()
            rest = picking._cement_validate_at_gate()
            if rest:
                fmt = self.env["cement.portal.shell"]._get_formats()
                self._tell_dispatcher(
                    self.env._("Loaded less than ordered: %(name)s", name=self.name),
                    self.env._(
                        "%(mass)s stay as shipment %(rest)s: cancel it if no second "
                        "vehicle comes.",
                        mass=fmt.mass(rest._get_mass()),
                        rest=rest.name,
                    ),
                )
        self.write({"state": passes.LEFT, "left_at": fields.Datetime.now()})
        self.picking_id._cement_set_shipment_state(
            lifecycle.LEFT, "dispatcher", note=self.name
        )

    def _check_empty(self, masses):
        """Keep a vehicle inside that takes goods of a cancelled shipment along.

        :param masses: of the scales; nothing when the shipment has them.
        :raises UserError: when something is aboard.
        """
        net = masses["net_mass"] if masses else self.picking_id.net_mass
        if weighing.kilograms(net) > weighing.kilograms(EMPTY_SPARE):
            fmt = self.env["cement.portal.shell"]._get_formats()
            raise UserError(
                self.env._(
                    "The shipment was cancelled, but %(net)s are aboard: unload them, "
                    "or call the dispatcher.",
                    net=fmt.mass(net),
                )
            )

    def _tell_dispatcher(self, summary, note, masses=None):
        """Leave the dispatchers an activity on the shipment (as superuser)."""
        self.ensure_one()
        picking = self.picking_id
        if masses:
            fmt = self.env["cement.portal.shell"]._get_formats()
            note = self.env._(
                "%(note)s Scales: tare %(tare)s, gross %(gross)s, net %(net)s.",
                note=note,
                tare=fmt.mass(masses["tare_mass"]),
                gross=fmt.mass(masses["gross_mass"]),
                net=fmt.mass(masses["net_mass"]),
            )
        for user in self._get_dispatchers():
            same = picking.activity_ids.filtered(
                lambda activity: activity.user_id == user  # noqa: B023
                and activity.summary == summary
            )
            if same:
                # the guard tries again: the last word counts
                same[0].note = note
                continue
            picking.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=summary,
                note=note,
            )

    def _get_dispatchers(self):
        """Return who decides what a guard may not: the dispatchers of the plant, else
        one of the company, else the manager of the order."""
        self.ensure_one()
        return self.plant_id._get_dispatchers() or self.order_id.user_id

    def _parse_scale(self, value) -> float:
        try:
            return float(parse_quantity(str(value or "").strip()[:20] or "0"))
        except ValueError:
            return 0.0

    def _lock(self):
        """Hold the order, the pass and its shipment: two guards cannot let it in
        twice, and what is judged next is true."""
        self.ensure_one()
        self.order_id._cement_lock()
        self.flush_recordset()
        self.env.execute_query(
            SQL("SELECT id FROM cement_loading_pass WHERE id = %s FOR UPDATE", self.id)
        )
        self.env.execute_query(
            SQL(
                "SELECT id FROM stock_picking WHERE id = %s FOR NO KEY UPDATE",
                self.picking_id.id,
            )
        )
        self.invalidate_recordset()
        self.picking_id.invalidate_recordset()

    @api.model
    def _log_scan(self, entry_sudo, action, verdict, refused):
        # sudo: nobody writes the log by hand
        self.env["cement.gate.scan"].sudo().create(
            {
                "user_id": self.env.uid,
                "pass_id": entry_sudo.id,
                "action": action,
                "verdict": verdict,
                "is_refused": refused,
                "plate": entry_sudo.vehicle_plate,
            }
        )

    @api.model
    def _gate_page(self) -> dict:
        """Return what the page of the gate lists: who is inside, who is expected."""
        self._check_guard()
        # sudo: guards read passes through this page only
        entries_sudo = self.sudo()
        own = self._get_gate_domain()
        inside = entries_sudo.search(
            [*own, ("state", "=", passes.INSIDE)], order="start, id", limit=GATE_ROWS
        )
        # today by the clock of each plant
        plants_sudo = (
            self.env["cement.plant"]
            .sudo()
            .search([("company_id", "in", self.env.user.company_ids.ids)])
        )
        named = plants_sudo.filtered(lambda plant: self.env.user in plant.gate_user_ids)
        fmt = self.env["cement.portal.shell"]._get_formats
        today = Domain.OR(
            Domain("day", "=", day) & Domain("plant_id", "in", [p.id for p in plants])
            for day, plants in plants_sudo.grouped(
                lambda plant: plant._get_local_now().date()
            ).items()
        )
        domain = Domain.AND([own, Domain("state", "=", passes.BOOKED), today])
        expected = entries_sudo.search(domain, order="start, id", limit=GATE_ROWS)
        return {
            "inside": [entry._portal_facts(with_queue=False) for entry in inside],
            "expected": [entry._portal_facts(with_queue=False) for entry in expected],
            "expected_count": entries_sudo.search_count(domain),
            "guard": self.env.user.name,
            "clocks": [
                {
                    "plant": plant.name,
                    "now": f"{plant._get_local_now():%H:%M}",
                    "zone": fmt(
                        zones.Clock(zones.PLANT, plant.tz or zones.MOSCOW)
                    ).zone(fields.Datetime.now()),
                }
                for plant in named or plants_sudo
            ],
        }
