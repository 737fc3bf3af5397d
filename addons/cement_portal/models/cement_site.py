# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import base64

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cement_base.models.cement_site import ACCESS_DAYS
from odoo.addons.cement_base.tools import roles

from ..tools import places

# Longest text taken from the page, by field.
_CONTACT_TEXTS = {"contact_name": 100, "contact_phone": 40, "note": 2_000}
_ADDRESS_TEXTS = {"name": 100, "street": 300, "city": 100, "zip": 10}
MAX_SITES = 500
STATIONS_SHOWN = 20


class CementSite(models.Model):
    """Sites as the client keeps them: contacts, hours, notes, new addresses."""

    _inherit = "cement.site"

    @api.model
    def _portal_check(self, partner):
        """Refuse those whose role does not answer for the sites of *partner*.

        :raises AccessError: for buyers, accountants and viewers.
        """
        user = self.env.user
        if self.env.su or user.has_group("cement_base.group_sales_manager"):
            return
        if not user._cement_can(roles.EDIT_ALL, partner):
            raise AccessError(
                self.env._("Sites are changed by the owner or a privileged colleague.")
            )

    def _portal_update(self, values: dict):
        """Change contact, hours, days and note of a site (F133, F168).

        :param values: ``contact_name``, ``contact_phone``, ``note``, ``hour_from``,
            ``hour_to`` (``08:30``), ``days`` (numbers of weekdays, Monday is 0).
        :raises UserError: naming what is not right.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: read access was checked; the role is checked on the next line
        site_sudo = self.sudo()
        self._portal_check(site_sudo.partner_id)
        vals = self._portal_contact_vals(values)
        changed = {
            name: value for name, value in vals.items() if site_sudo[name] != value
        }
        if not changed:
            return
        site_sudo.write(changed)
        labels = self.fields_get(changed, ["string"])
        site_sudo.message_post(
            body=self.env._(
                "Changed by the client: %(fields)s.",
                fields=", ".join(label["string"] for label in labels.values()),
            ),
            author_id=self.env.user.partner_id.id,
        )

    @api.model
    def _portal_create(self, partner, values: dict):
        """Create a site of *partner*: an address, or a station of the directory.

        The manager is told: routes, prices and restrictions have to be looked at.

        :param values: ``kind``, ``name``, ``street``, ``city``, ``zip``,
            ``state_id`` or ``station_id``, and those of :meth:`_portal_update`.
        :raises UserError: naming what is missing.
        """
        self._portal_check(partner)
        scope = self.env.user._cement_scope(partner)
        if scope and scope.site_ids:
            raise AccessError(
                self.env._(
                    "Your access is limited to some sites, so you cannot add one."
                )
            )
        if self.search_count([("partner_id", "=", partner.id)]) >= MAX_SITES:
            raise UserError(
                self.env._("There are too many sites already. Write to your manager.")
            )
        is_station = values.get("kind") == "station"
        vals = {
            "partner_id": partner.id,
            **(
                self._portal_station_vals(values)
                if is_station
                else self._portal_address_vals(values)
            ),
            **self._portal_contact_vals(values),
        }
        # sudo: the portal has no right to create sites; role and values are checked
        site_sudo = self.sudo().create(vals)
        site_sudo._portal_announce_new()
        return site_sudo.sudo(self.env.su)

    def _portal_announce_new(self):
        """Ask the manager to look at the new site."""
        self.ensure_one()
        manager = self.partner_id.cement_manager_id
        self.message_post(
            body=self.env._(
                "The client has added the site “%(site)s”: %(address)s. Check the way "
                "there and the restrictions.",
                site=self.name,
                address=self.address_line or "",
            ),
            author_id=self.env.user.partner_id.id,
            partner_ids=manager.partner_id.ids,
            subtype_xmlid="mail.mt_comment" if manager else "mail.mt_note",
        )

    # === Values from the page ===

    @api.model
    def _portal_texts(self, values, limits) -> dict:
        return {
            name: str(values.get(name) or "").replace("\x00", "").strip()[:limit]
            for name, limit in limits.items()
            if name in values
        }

    @api.model
    def _portal_contact_vals(self, values) -> dict:
        vals: dict = {
            name: text or False
            for name, text in self._portal_texts(values, _CONTACT_TEXTS).items()
        }
        if values.get("hour_from") or values.get("hour_to"):
            vals["access_hour_from"] = self._portal_hour(values.get("hour_from"), 0.0)
            vals["access_hour_to"] = self._portal_hour(values.get("hour_to"), 24.0)
            if vals["access_hour_from"] >= vals["access_hour_to"]:
                raise UserError(
                    self.env._("The site must open before it closes, within one day.")
                )
        vals.update(self._portal_place_vals(values))
        if isinstance(values.get("days"), list):
            days = {day for day in values["days"] if isinstance(day, int)}
            if not days & set(range(7)):
                raise UserError(self.env._("Choose at least one day of the week."))
            vals.update({name: index in days for index, name in enumerate(ACCESS_DAYS)})
        return vals

    @api.model
    def _portal_place_vals(self, values) -> dict:
        """Return point and photo, where the page sent them (B32)."""
        vals: dict = {}
        try:
            if isinstance(values.get("point"), str):
                point = places.read_point(values["point"][:60])
                vals["latitude"], vals["longitude"] = point or (0.0, 0.0)
            if values.get("photo") and isinstance(values["photo"], str):
                photo = places.read_photo(values["photo"])
                vals["image_1920"] = base64.b64encode(photo)
        except places.PlaceError as error:
            raise UserError(
                {
                    "too_big": self.env._("The photo is larger than 8 MB."),
                    "not_a_photo": self.env._(
                        "This is not a photo: send a JPEG, PNG or WebP."
                    ),
                    "not_a_point": self.env._(
                        "Give the point as two numbers: 56.8389, 60.6057."
                    ),
                }[error.code]
            ) from error
        return vals

    @api.model
    def _portal_hour(self, value, default: float) -> float:
        """Return ``08:30`` as 8.5."""
        if not value:
            return default
        hours, _colon, minutes = str(value)[:5].partition(":")
        if not (hours.isdecimal() and (minutes or "0").isdecimal()):
            raise UserError(self.env._("“%(value)s” is not a time.", value=value))
        hour = int(hours) + int(minutes or 0) / 60
        if hour > 24 or int(minutes or 0) > 59:
            raise UserError(self.env._("“%(value)s” is not a time.", value=value))
        return hour

    @api.model
    def _portal_address_vals(self, values) -> dict:
        vals = self._portal_texts(values, _ADDRESS_TEXTS)
        for name, message in (
            ("name", self.env._("Give the site a name.")),
            ("city", self.env._("Enter the town.")),
            ("street", self.env._("Enter the street and the house.")),
        ):
            if not vals.get(name):
                raise UserError(message)
        region = self._portal_region(values.get("state_id"))
        return {**vals, "kind": "address", "state_id": region.id}

    @api.model
    def _portal_region(self, value):
        regions = self._portal_regions()
        return regions.filtered(lambda region: str(region.id) == str(value))

    @api.model
    def _portal_regions(self):
        """Return the regions that an address may lie in."""
        return self.env["res.country.state"].search(
            [("country_id.code", "=", "RU")], order="name"
        )

    @api.model
    def _portal_station_vals(self, values) -> dict:
        text = str(values.get("station_id") or "")
        number = (
            int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        )
        station = self.env["cement.station"].search([("id", "=", number)])
        if not station:
            raise UserError(self.env._("Choose the station from the list."))
        name = self._portal_texts(values, {"name": 100}).get("name")
        return {
            "name": name or station.display_name,
            "kind": "station",
            "station_id": station.id,
        }

    @api.model
    def _portal_stations(self, text: str) -> list[dict]:
        """Return stations of the directory whose name or code begins with *text*,
        then those that hold it."""
        text = text.strip()
        if len(text) < 2:
            return []
        stations = self.env["cement.station"].search(
            ["|", ("name", "ilike", text), ("esr_code", "=like", f"{text}%")],
            limit=STATIONS_SHOWN * 5,
        )
        stations = stations.sorted(
            lambda station: (
                not (station.name or "").casefold().startswith(text.casefold()),
                station.name or "",
            )
        )
        return [
            {
                "id": station.id,
                "label": station.display_name,
                "railway": station.railway or "",
            }
            for station in stations[:STATIONS_SHOWN]
        ]

    def _portal_cards(self) -> list[dict]:
        """Return what the card of each site shows."""
        fmt = self.env["cement.portal.shell"]._get_formats()
        # sudo: facts of sites found with the person's rights; the consignee may be
        # a partner that clients do not read
        return [
            {
                "id": site.id,
                "name": site.name,
                "kind": site.kind,
                "address": site.address_line or "",
                "consignee": site.consignee_id.name or "",
                "contact_name": site.contact_name or "",
                "contact_phone": site.contact_phone or "",
                "hour_from": _clock(site.access_hour_from),
                "hour_to": _clock(site.access_hour_to),
                "is_round_the_clock": site.access_hour_from == 0
                and site.access_hour_to == 24,
                "days": [index for index, name in enumerate(ACCESS_DAYS) if site[name]],
                "unloadings": site.unloading_way_ids.mapped("name"),
                "silo": self.env._(
                    "%(height)s m",
                    height=fmt.number(site.silo_height, 1, trim=True),
                )
                if site.silo_height
                else "",
                "max_mass": site.max_vehicle_mass,
                "vehicles": site.vehicle_type_ids.mapped("name"),
                "note": site.note or "",
                "point": places.write_point(site.latitude, site.longitude),
                "has_photo": bool(site.image_1920),
                "photo_mark": site.write_date.timestamp() if site.write_date else 0,
            }
            # the size of a photo is enough to know that there is one
            for site in self.sudo().with_context(bin_size=True)
        ]


def _clock(hour: float) -> str:
    """Return 8.5 as ``08:30``."""
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
