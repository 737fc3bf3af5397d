# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import unittest
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.cement_logistics_axle.tools import changes

from .common import CementAxleCommon
from .vehicles import rule


class TestChanges(unittest.TestCase):
    def test_rules(self):
        one, heat = rule(key=1), rule(key=2, kind="heat")
        other = rule(key=1, single_kg=7_000)
        self.assertEqual(changes.changed_rules([one, heat], [one]), ())
        self.assertEqual(set(changes.changed_rules([one], [other])), {one, other})
        self.assertEqual(changes.changed_rules([], [one]), (one,))

    def test_changes(self):
        fine, less = changes.Said("ok", 25_800), changes.Said("ok", 20_000)
        block, worse = changes.Said("block", 7_420), changes.Said("block", 5_000)
        found = changes.changes(
            {"a": fine, "b": fine, "c": block, "d": block, "e": block},
            {"a": less, "b": block, "c": worse, "d": block, "e": fine, "f": block},
        )
        self.assertEqual([one.key for one in found], ["c", "b", "e"])


class TaleCommon(CementAxleCommon):
    def _order(self, tonnes=25.0, day=None):
        order = self._create_quotation(
            tonnes,
            vehicle_type_id=self.silo.id,
            delivery_method_id=self.road_delivery.id,
            plant_id=self.plant.id,
            site_id=self.site.id,
        )
        order.sudo()._cement_confirm_checked()
        if day:
            order.promised_date = day
        return order


@tagged("post_install", "-at_install")
class TestSeasonTold(TaleCommon):
    """Orders taken before the order of the region are looked at again (F37)."""

    def test_confirmed_after_the_order(self):
        order = self._order()
        light = self._order(5.0)
        other_day = self._order(day=self.day + timedelta(60))
        shipped = self._order()
        shipped.sudo()._cement_set_state("shipped", "onec")
        season = self._create_season(confirm=False)
        self.assertFalse(season.activity_ids)
        season.with_user(self.dispatcher).action_confirm()
        activity = season.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.user_id.has_group("cement_base.group_dispatcher"))
        self.assertIn("112-од", activity.summary)
        self.assertIn(order.name, activity.note)
        self.assertIn("7.42", activity.note)
        for absent in (light, other_day, shipped):
            self.assertNotIn(absent.name, activity.note)

    def test_one_dispatcher_of_two_companies(self):
        """One list for one person, whosever the orders are."""
        everyone = self.env["res.users"].search(
            [("all_group_ids", "in", self.env.ref("cement_base.group_dispatcher").ids)]
        )
        group = self.env.ref("cement_base.group_dispatcher")
        (everyone - self.dispatcher).write({"group_ids": [(3, group.id)]})
        other = self._order()
        order = self._order()
        self.env.flush_all()
        # an order of the second supplier by the same road
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s",
            (self.supplier2.id, other.id),
        )
        other.invalidate_recordset()
        season = self._create_season()
        activity = season.activity_ids
        self.assertEqual(activity.user_id, self.dispatcher)
        for one in (order, other):
            self.assertEqual(activity.note.count(one.name), 1)
        self.assertNotIn("<hr", activity.note)

    def test_nobody_is_touched(self):
        self._order(5.0)
        self.assertFalse(self._create_season().activity_ids)

    def test_changed_and_taken_back(self):
        order = self._order()
        season = self._create_season()
        season.activity_ids.unlink()
        season.with_user(self.dispatcher).rule_ids.limit_single = 5.5
        self.assertEqual(len(season.activity_ids), 1)
        season.note = "Only words"
        season.with_user(self.dispatcher).action_unconfirm()
        activity = season.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.note.count(order.name), 2)
        self.assertIn("within the limits", activity.note)

    def test_in_the_form(self):
        """One list, though lines and order are written in one go."""
        order = self._order()
        season = self._create_season(start=self.day + timedelta(30), days=5)
        with Form(season.with_user(self.dispatcher)) as form:
            form.note = "More days"
            with form.rule_ids.new() as line:
                line.date_from = self.day
                line.date_to = self.day + timedelta(1)
                line.limit_single = 6.0
        activity = season.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.note.count(order.name), 1)
        season.activity_ids.unlink()
        season.rule_ids.filtered(lambda one: one.date_from == self.day).unlink()
        self.assertIn(order.name, season.activity_ids.note)

    def test_archived(self):
        order = self._order()
        season = self._create_season()
        season.activity_ids.unlink()
        season.active = False
        self.assertIn(order.name, season.activity_ids.note)

    def test_confirmed_orders_are_kept(self):
        season = self._create_season().with_user(self.dispatcher)
        with self.assertRaisesRegex(UserError, "112-од"):
            season.unlink()
        season.action_unconfirm()
        season.was_confirmed = False
        with self.assertRaisesRegex(UserError, "112-од"):
            season.unlink()
        season.active = False
        draft = self._create_season(confirm=False).with_user(self.dispatcher)
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_a_copy_may_be_deleted(self):
        copy = self._create_season().copy()
        self.assertFalse(copy.was_confirmed)
        copy.with_user(self.dispatcher).unlink()


@tagged("post_install", "-at_install")
class TestOwnRoute(TaleCommon):
    """The own route of an order leads to its site, not to another."""

    def setUp(self):
        super().setUp()
        self.far = self._create_site(self.client, "Far", state_id=self.sverdlovsk.id)
        self.order = self._order()
        self.order.action_own_route()
        self.order.picking_ids.action_own_route()

    def test_another_site(self):
        picking = self.order.picking_ids
        self.order.site_id = self.far
        self.assertFalse(self.order.route_piece_ids)
        self.assertFalse(picking.route_piece_ids)
        self.assertIn(self.sverdlovsk.name, self.order.route_text)
        self.assertIn(self.sverdlovsk.name, picking.route_text)
        for record in (self.order, picking):
            self.assertIn("own route was removed", record.message_ids[0].body)
            self.assertIn(self.perm.name, record.message_ids[0].body)
        activity = self.order.activity_ids.filtered(
            lambda one: "Own route removed" in (one.summary or "")
        )
        self.assertEqual(len(activity), 1)

    def test_another_plant(self):
        self.order.plant_id = self.plant2
        self.assertFalse(self.order.route_piece_ids)

    def test_the_same_site(self):
        self.order.site_id = self.site
        self.order.write({"site_id": self.site.id, "note": "x"})
        self.assertTrue(self.order.route_piece_ids)

    def test_route_and_site_at_once(self):
        pieces = [(5, 0, 0), (0, 0, {"state_id": self.sverdlovsk.id})]
        self.order.write({"site_id": self.far.id, "route_piece_ids": pieces})
        self.assertEqual(self.order.route_piece_ids.state_id, self.sverdlovsk)


@tagged("post_install", "-at_install")
class TestDoors(TaleCommon):
    """What belongs to one company is read there."""

    def _model(self, name, user):
        return (
            self.env[name]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def test_routes_of_another_company(self):
        order = self._order()
        order.action_own_route()
        order.picking_ids.action_own_route()
        stranger = self._create_internal_user(
            "axle-stranger", "cement_base.group_dispatcher", companies=self.supplier2
        )
        pieces = order.route_piece_ids | order.picking_ids.route_piece_ids
        mine = self._model("cement.route.piece", self.dispatcher)
        theirs = self._model("cement.route.piece", stranger)
        self.assertEqual(mine.search([("id", "in", pieces.ids)]), pieces)
        self.assertFalse(theirs.search([("id", "in", pieces.ids)]))
        with self.assertRaisesRegex(AccessError, "cement.route.piece"):
            theirs.browse(pieces[0].id).read(["note"])
        self.site.sudo().route_piece_ids = [(0, 0, {"state_id": self.perm.id})]
        self.assertTrue(theirs.search([("site_id", "=", self.site.id)]))

    def test_the_dialog_shows_own_checks_only(self):
        self.env["stock.quant"]._update_available_quantity(
            self.cement, self.warehouse.lot_stock_id, 1000.0
        )
        picking = self._order().picking_ids
        check = picking._record_axle_checks()
        stranger = self._create_internal_user(
            "axle-stranger", "cement_base.group_dispatcher", companies=self.supplier2
        )
        wizard = self._model("cement.axle.lift", stranger)
        with self.assertRaisesRegex(AccessError, "cement.axle.check"):
            wizard.create({"check_id": check.id}).read(
                ["payload", "worst", "legal_max", "result_html", "verdict"]
            )
        mine = self._model("cement.axle.lift", self.dispatcher)
        self.assertEqual(mine.create({"check_id": check.id}).payload, 25.0)

    def test_names_of_places_are_literal(self):
        zone = self.env["cement.road.zone"].create(
            {"name": "Северная", "state_id": self.perm.id}
        )
        perm = self.perm.with_context(lang="ru_RU").name
        lines = ["Регион\tЗона\tС\tПо\tОдиночная"]
        for number, name in enumerate(("%", "_еверная", "северная", "a\\b"), start=1):
            day = date(2027, 4, number).strftime("%d.%m.%Y")
            lines.append(f"{perm}\t{name}\t{day}\t{day}\t6")
        wizard = (
            self.env["cement.season.import"]
            .with_user(self.dispatcher)
            .create({"year": 2027, "text": "\n".join(lines)})
        )
        wizard.action_import()
        rules = wizard.imported_ids.rule_ids.sorted("date_from")
        self.assertEqual(
            rules.zone_id.mapped("name"), ["%", "_еверная", "Северная", "a\\b"]
        )
        self.assertEqual(rules[2].zone_id, zone)
        for one in (0, 1, 3):
            self.assertNotEqual(rules[one].zone_id, zone)
