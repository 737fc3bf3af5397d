# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from fractions import Fraction

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import payload, statics
from ..tools.sections import MAX_SECTIONS
from .cement_axle_regulation import RATINGS, rating_key

# Fields of which the geometry of each kind is made; all must be above zero but
# those that may honestly be nothing.
_NEEDED = {
    "solo": ("wheelbase", "front_tare", "rear_tare"),
    "saddle": (
        "wheelbase",
        "front_tare",
        "rear_tare",
        "bogie_distance",
        "bogie_tare",
    ),
    "drawbar": (
        "wheelbase",
        "front_tare",
        "rear_tare",
        "trailer_wheelbase",
        "trailer_front_tare",
        "trailer_rear_tare",
    ),
}
_TARES = {
    "solo": ("front_tare", "rear_tare"),
    "saddle": ("front_tare", "rear_tare", "kingpin_tare", "bogie_tare"),
    "drawbar": ("front_tare", "rear_tare", "trailer_front_tare", "trailer_rear_tare"),
}


def to_mm(metres: float) -> int:
    return round((metres or 0.0) * 1000)


def to_kg(tonnes: float) -> int:
    return round((tonnes or 0.0) * 1000)


class CementVehicleType(models.Model):
    """The geometry of a vehicle, from which its axle loads follow."""

    _name = "cement.vehicle.type"
    _inherit = ["cement.vehicle.type", "cement.remembered"]

    kind = fields.Selection(
        [
            ("solo", "Solo truck"),
            ("saddle", "Tractor and semitrailer"),
            ("drawbar", "Truck and trailer"),
        ],
        help="Empty: axle loads of this vehicle are not reckoned.",
    )
    wheelbase = fields.Float(
        string="Wheelbase, m",
        digits=(16, 3),
        help="From the front axle to the middle of the drive axles.",
    )
    front_tare = fields.Float(
        string="Empty, front axle, t",
        digits=(16, 3),
        help="Of a tractor: without the semitrailer.",
    )
    rear_tare = fields.Float(string="Empty, rear axles, t", digits=(16, 3))
    fifth_wheel_lead = fields.Float(
        string="Fifth wheel ahead, m",
        digits=(16, 3),
        help="Ahead of the middle of the drive axles.",
    )
    kingpin_tare = fields.Float(
        string="Empty trailer on the kingpin, t", digits=(16, 3)
    )
    bogie_tare = fields.Float(string="Empty trailer on the bogie, t", digits=(16, 3))
    bogie_distance = fields.Float(
        string="Kingpin to bogie, m",
        digits=(16, 3),
        help="From the kingpin to the middle of the bogie, all axles down.",
    )
    kingpin_limit = fields.Float(
        string="Maker's limit of the kingpin, t", digits=(16, 3)
    )
    bogie_limit = fields.Float(string="Maker's limit of the bogie, t", digits=(16, 3))
    payload_place = fields.Float(
        string="Centre of the load, m",
        digits=(16, 3),
        help="Behind the kingpin; of a solo truck behind the front axle.",
    )
    payload_place_min = fields.Float(
        string="Foremost, m",
        digits=(16, 3),
        help="How far forward the load can be put; 0 for a silo, whose place is fixed.",
    )
    payload_place_max = fields.Float(string="Rearmost, m", digits=(16, 3))
    trailer_wheelbase = fields.Float(digits=(16, 3), string="Trailer wheelbase, m")
    trailer_front_tare = fields.Float(
        digits=(16, 3), string="Empty trailer, front axle, t"
    )
    trailer_rear_tare = fields.Float(
        digits=(16, 3), string="Empty trailer, rear axles, t"
    )
    trailer_payload_place = fields.Float(
        string="Centre of the trailer's load, m",
        digits=(16, 3),
        help="Behind the front axle of the trailer.",
    )
    truck_share = fields.Float(
        string="Share of the load on the truck, %", digits=(16, 1), default=40.0
    )
    section_ids = fields.One2many("cement.vehicle.section", "vehicle_type_id")
    is_law_known = fields.Boolean(
        string="Axle loads are reckoned", compute="_compute_is_law_known", store=True
    )
    # a trial in the form: nothing of it is kept
    trial_payload = fields.Float(
        string="Trial load, t",
        digits=(16, 3),
        store=False,
        default=0.0,
        help="0 = the payload of the vehicle.",
    )
    trial_rating = fields.Selection(RATINGS, string="Road for", store=False)
    trial_fill = fields.Selection(
        [
            ("best", "As the axles like best"),
            ("even", "Evenly"),
            ("front", "From the front"),
            ("rear", "From the rear"),
        ],
        string="Sections filled",
        store=False,
        default="best",
    )
    trial_result = fields.Html(compute="_compute_trial_result", sanitize=False)

    @api.depends("kind", "axle_ids", "transport")
    def _compute_is_law_known(self):
        for vehicle in self:
            vehicle.is_law_known = bool(
                vehicle.kind and vehicle.axle_ids and vehicle.transport == "road"
            )

    def _prepare_statics(self) -> statics.Vehicle | None:
        """Return the vehicle as the kernel has it; ``None`` when not described.

        :raises GeometryError: when the description cannot be true.
        """
        self.ensure_one()
        if not self.kind or not self.axle_ids or self.transport != "road":
            return None
        return statics.Vehicle(
            key=self.id,
            geometry=self._prepare_geometry(),
            axles=tuple(self._prepare_axles()),
            payload_kg=to_kg(self.payload),
            kingpin_limit_kg=to_kg(self.kingpin_limit),
            bogie_limit_kg=to_kg(self.bogie_limit),
            sections=tuple(self._prepare_sections()),
        )

    def _prepare_sections(self):
        """Yield the sections from the front; a train of two bodies has none."""
        if self.kind == "drawbar":
            return
        for section in self.section_ids.sorted("place"):
            # a row of the form that is not filled in yet
            if section.capacity > 0:
                yield statics.Section(to_mm(section.place), to_kg(section.capacity))

    def _prepare_geometry(self) -> statics.Geometry:
        truck = statics.Solo(
            front_tare_kg=to_kg(self.front_tare),
            rear_tare_kg=to_kg(self.rear_tare),
            wheelbase_mm=to_mm(self.wheelbase),
            payload_mm=to_mm(self.payload_place),
        )
        if self.kind == "solo":
            return truck
        if self.kind == "drawbar":
            return statics.Drawbar(
                truck=truck,
                trailer=statics.Solo(
                    front_tare_kg=to_kg(self.trailer_front_tare),
                    rear_tare_kg=to_kg(self.trailer_rear_tare),
                    wheelbase_mm=to_mm(self.trailer_wheelbase),
                    payload_mm=to_mm(self.trailer_payload_place),
                ),
                truck_share=Fraction(round(self.truck_share * 10), 1000),
            )
        return statics.Saddle(
            front_tare_kg=to_kg(self.front_tare),
            rear_tare_kg=to_kg(self.rear_tare),
            wheelbase_mm=to_mm(self.wheelbase),
            lead_mm=to_mm(self.fifth_wheel_lead),
            kingpin_tare_kg=to_kg(self.kingpin_tare),
            bogie_tare_kg=to_kg(self.bogie_tare),
            bogie_mm=to_mm(self.bogie_distance),
            payload_mm=to_mm(self.payload_place),
        )

    def _prepare_axles(self):
        position = 0
        for number, axle in enumerate(self.axle_ids.sorted("sequence"), start=1):
            position += to_mm(axle.spacing_before) if number > 1 else 0
            yield statics.Axle(
                number=number,
                position_mm=position,
                support=axle.support,
                tyres=axle.tyres,
                air=axle.suspension == "air",
                lift=axle.is_lift,
                drive=axle.is_drive,
            )

    def _get_place_bounds(self) -> tuple[int, int] | None:
        """Return between which places the load may be put, mm."""
        self.ensure_one()
        if self.section_ids:
            return None
        least, most = to_mm(self.payload_place_min), to_mm(self.payload_place_max)
        return (least, most) if most > least else None

    @api.constrains(
        "kind",
        "transport",
        "axle_ids",
        "tare",
        "wheelbase",
        "front_tare",
        "rear_tare",
        "fifth_wheel_lead",
        "kingpin_tare",
        "bogie_tare",
        "bogie_distance",
        "payload_place",
        "payload_place_min",
        "payload_place_max",
        "trailer_wheelbase",
        "trailer_front_tare",
        "trailer_rear_tare",
        "trailer_payload_place",
        "truck_share",
        "section_ids",
    )
    def _check_geometry(self):
        for vehicle in self:
            problem = vehicle._get_geometry_problem()
            if problem:
                raise ValidationError(
                    self.env._(
                        "%(vehicle)s: %(problem)s",
                        vehicle=vehicle.name,
                        problem=problem,
                    )
                )

    def _get_geometry_problem(self) -> str:
        """Return what is wrong with the description; empty when it can be true."""
        self.ensure_one()
        if not self.kind or self.transport != "road":
            return ""
        labels = {
            name: field["string"]
            for name, field in self.fields_get(allfields=_NEEDED[self.kind]).items()
        }
        missing = [labels[name] for name in _NEEDED[self.kind] if self[name] <= 0]
        if missing:
            return self.env._(
                "fill in what the axle loads are reckoned from: %(fields)s.",
                fields=", ".join(missing),
            )
        if not self.axle_ids:
            return self.env._("add the axles, from the front.")
        try:
            vehicle = self._prepare_statics()
            vehicle.raised()
        except statics.GeometryError as error:
            return self._get_geometry_texts().get(error.code, str(error))
        if abs(vehicle.tare_kg - to_kg(self.tare)) > 1:
            return self.env._(
                "the empty masses of the supports sum to %(sum)s t, the tare is "
                "%(tare)s t.",
                sum=float(vehicle.tare_kg) / 1000,
                tare=self.tare,
            )
        return self._get_place_problem()

    def _get_place_problem(self) -> str:
        """Return what is wrong with the places of the load; a load outside of its
        supports would lift an axle off the road."""
        self.ensure_one()
        beams = [
            (
                "bogie_distance" if self.kind == "saddle" else "wheelbase",
                ["payload_place"],
            )
        ]
        if self._get_place_bounds():
            beams[0][1].extend(["payload_place_min", "payload_place_max"])
        if self.kind == "drawbar":
            beams.append(("trailer_wheelbase", ["trailer_payload_place"]))
        for beam, names in beams:
            for name in names:
                if 0 <= to_mm(self[name]) <= to_mm(self[beam]):
                    continue
                return self.env._(
                    "“%(place)s” (%(value)s) must lie between 0 and “%(beam)s” "
                    "(%(most)s).",
                    place=self._fields[name]._description_string(self.env),
                    value=self[name],
                    beam=self._fields[beam]._description_string(self.env),
                    most=self[beam],
                )
        return self._get_section_problem()

    def _get_section_problem(self) -> str:
        """Return what is wrong with the sections."""
        self.ensure_one()
        if not self.section_ids:
            return ""
        if self.kind == "drawbar":
            return self.env._(
                "sections are for one body: a truck with a trailer has two."
            )
        if len(self.section_ids) > MAX_SECTIONS:
            return self.env._("at most %(most)s sections.", most=MAX_SECTIONS)
        beam = "bogie_distance" if self.kind == "saddle" else "wheelbase"
        for section in self.section_ids:
            if not 0 <= to_mm(section.place) <= to_mm(self[beam]):
                return self.env._(
                    "the centre of a section (%(value)s) must lie between 0 and "
                    "“%(beam)s” (%(most)s).",
                    value=section.place,
                    beam=self._fields[beam]._description_string(self.env),
                    most=self[beam],
                )
        return ""

    @api.model
    def _get_geometry_texts(self) -> dict[str, str]:
        return {
            "length": self.env._("a length cannot be right."),
            "mass": self.env._("a mass is below zero."),
            "support": self.env._(
                "each support needs its axles: front and rear, and the bogie or the "
                "trailer's."
            ),
            "order": self.env._("each axle must stand behind the one before."),
            "lift": self.env._(
                "not all axles of a support can be lifted, and none of the front."
            ),
            "share": self.env._("the share of the truck lies between 0 and 100 %."),
        }

    # === Trial ===

    @api.depends(
        "kind",
        "transport",
        "tare",
        "payload",
        "axle_ids.sequence",
        "axle_ids.spacing_before",
        "axle_ids.tyres",
        "axle_ids.support",
        "axle_ids.suspension",
        "axle_ids.is_lift",
        "wheelbase",
        "front_tare",
        "rear_tare",
        "fifth_wheel_lead",
        "kingpin_tare",
        "bogie_tare",
        "bogie_distance",
        "kingpin_limit",
        "bogie_limit",
        "payload_place",
        "payload_place_min",
        "payload_place_max",
        "trailer_wheelbase",
        "trailer_front_tare",
        "trailer_rear_tare",
        "trailer_payload_place",
        "truck_share",
        "section_ids.place",
        "section_ids.capacity",
        "trial_payload",
        "trial_rating",
        "trial_fill",
    )
    def _compute_trial_result(self):
        for vehicle in self:
            problem = vehicle._get_geometry_problem()
            described = None if problem else vehicle._prepare_statics()
            if described is None:
                vehicle.trial_result = (
                    Markup("<p class='text-danger'>%s</p>") % problem if problem else ""
                )
                continue
            vehicle.trial_result = vehicle._render_trial(described)

    def _render_trial(self, described) -> Markup:
        """Return the axle loads of the trial load as a table."""
        kg = to_kg(self.trial_payload) or to_kg(self.payload)
        law = self.env["cement.axle.law"]
        rating = rating_key(self.trial_rating or "10")
        piece = law._make_piece(None, "regional", rating)
        regulation = law._get_regulation_on(fields.Date.context_today(self))
        ways = payload.frames(described)
        fill = ()
        if described.sections and self.trial_fill in ("even", "front", "rear"):
            fill = statics.fill_sections(described.sections, kg, self.trial_fill)
        verdict = payload.check_mass(ways, regulation, [(piece, ())], kg, fill=fill)
        answer = payload.most_of(ways, regulation, [(piece, ())])
        frame = next(way for way in ways if way.lifted == verdict.lifted)
        laden = frame.vehicle
        if verdict.fill:
            laden = laden.with_fill(verdict.fill)
        return self.env["ir.qweb"]._render(
            "cement_logistics_axle.trial_table",
            {
                "rows": law._describe_rows(frame.vehicle, verdict.rows),
                "axles": [
                    (law._describe_axles(frame.vehicle, (axle.number,)), load / 1000)
                    for axle, load in zip(
                        frame.vehicle.axles,
                        statics.to_kg(laden.axle_loads(kg)),
                        strict=True,
                    )
                ],
                "payload": kg / 1000,
                "gross": float(described.tare_kg + kg) / 1000,
                "most": answer.kg / 1000,
                "why": law._describe_limit(frame.vehicle, answer.limit),
                "missing": verdict.missing and law._describe_missing(verdict.missing),
                "tonnes": law._format_tonnes,
                "lifted": verdict.lifted,
                "sections": law._describe_fill(verdict.fill),
            },
        )


class CementVehicleAxle(models.Model):
    _name = "cement.vehicle.axle"
    _inherit = ["cement.vehicle.axle", "cement.remembered"]

    support = fields.Selection(
        [
            ("front", "Front"),
            ("rear", "Rear of truck or tractor"),
            ("bogie", "Bogie of the semitrailer"),
            ("trailer_front", "Front of the trailer"),
            ("trailer_rear", "Rear of the trailer"),
        ],
        required=True,
        default="front",
    )
    tyres = fields.Selection(
        selection_add=[("eight", "Eight wheels and more")],
        ondelete={"eight": "set default"},
    )
    suspension = fields.Selection(
        [("spring", "Springs"), ("air", "Air or equivalent")],
        required=True,
        default="spring",
    )
    is_lift = fields.Boolean(string="Lift axle")
    tare_load = fields.Float(
        string="Empty, t",
        digits=(16, 3),
        compute="_compute_tare_load",
        help="What the axle bears of the empty vehicle, all axles down.",
    )

    @api.depends(
        "vehicle_type_id.axle_ids",
        "vehicle_type_id.kind",
        "vehicle_type_id.front_tare",
        "vehicle_type_id.rear_tare",
        "vehicle_type_id.kingpin_tare",
        "vehicle_type_id.bogie_tare",
        "support",
    )
    def _compute_tare_load(self):
        self.tare_load = 0.0
        for vehicle in self.vehicle_type_id:
            if vehicle._get_geometry_problem():
                continue
            described = vehicle._prepare_statics()
            if described is None:
                continue
            loads = described.axle_loads(0)
            for axle, load in zip(
                vehicle.axle_ids.sorted("sequence"), loads, strict=True
            ):
                axle.tare_load = float(load) / 1000


class CementVehicleSection(models.Model):
    """A part of the body that is filled by itself: a silo of three cones."""

    _name = "cement.vehicle.section"
    _inherit = ["cement.remembered"]
    _description = "Section of a vehicle body"
    _order = "vehicle_type_id, place, id"

    vehicle_type_id = fields.Many2one(
        "cement.vehicle.type", required=True, index=True, ondelete="cascade"
    )
    place = fields.Float(
        string="Centre, m",
        digits=(16, 3),
        required=True,
        help="Behind the kingpin; of a solo truck behind the front axle.",
    )
    capacity = fields.Float(string="Holds, t", digits=(16, 3), required=True)

    _capacity_positive = models.Constraint(
        "CHECK(capacity > 0)", "A section must hold something."
    )
