# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CementDispatchCommon

INSIDE_ONLY = (
    "cement.plant.shift",
    "cement.plant.day",
    "cement.loading.point",
    "cement.loading.slot",
    "cement.gate.scan",
    "cement.change.rule",
)
GUARDED = ("cement.change.request", "cement.loading.pass")


@tagged("post_install", "-at_install")
class TestAccess(CementDispatchCommon):
    """Every model by every role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_pickup()
        cls.slot = cls._create_slot(places=5)
        cls.entry = cls._book(cls.order, cls.slot)
        cls.request = cls._ask(cls.order).sudo()
        cls.own_order = cls._create_pickup(user=cls.buyer)
        cls.own_entry = cls._book(cls.own_order, cls.slot, cls.buyer)
        cls.own_request = cls._ask(cls.own_order, cls.buyer).sudo()
        cls.env["cement.plant.shift"].create({"name": "x", "plant_id": cls.plant.id})
        other_agreement = cls._create_agreement(cls.client, code="D-9")
        cls.limited = cls._create_member(
            cls.client, "privileged", agreements=other_agreement, login="limited@x.com"
        ).user_id

    def _visible(self, user, model):
        return self.portal_env(user)[model].search([])

    def test_who_sees_requests_and_passes(self):
        for model, record, own in (
            ("cement.change.request", self.request, self.own_request),
            ("cement.loading.pass", self.entry, self.own_entry),
        ):
            for user, seen in (
                (self.owner, {record.id, own.id}),
                (self.privileged, {record.id, own.id}),
                (self.viewer, {record.id, own.id}),
                (self.accountant, {record.id, own.id}),
                (self.buyer, {own.id}),
                (self.limited, set()),
                (self.stranger, set()),
                (self.nobody, set()),
            ):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(set(self._visible(user, model).ids), seen)

    def test_members_write_nothing(self):
        for model in GUARDED:
            for user in (self.owner, self.buyer, self.viewer):
                records = self._visible(user, model)
                for do in (
                    lambda records=records: records.write({"state": "accepted"}),
                    lambda records=records: records.unlink(),
                    lambda records=records: records.create({}),
                ):
                    with self.subTest(model=model), self.assertRaises(AccessError):
                        do()

    def test_members_do_not_see_secrets(self):
        entry = self._visible(self.owner, "cement.loading.pass")[:1]
        for name in (
            "secret",
            "driver_name",
            "driver_phone",
            "attorney_number",
            "attorney_date",
            "attorney_until",
            "attorney_file_id",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                entry.read([name])
            with self.subTest(group_by=name), self.assertRaises(AccessError):
                entry.formatted_read_group([], [name], ["__count"])

    def test_members_do_not_enter_the_plant(self):
        for model in INSIDE_ONLY:
            for user in (self.owner, self.stranger, self.nobody):
                with self.subTest(model=model), self.assertRaises(AccessError):
                    self.portal_env(user)[model].search([])

    def test_plant_shows_members_no_people(self):
        plant = self.portal_env(self.owner)["cement.plant"].browse(self.plant.id)
        for name in ("dispatcher_ids", "point_ids", "shift_ids", "day_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                plant.read([name])

    def test_roles_inside(self):
        accountant = self._create_internal_user("acc", "cement_base.group_accountant")
        with self.assertRaises(AccessError):
            self.env["cement.change.request"].with_user(accountant).search([])
        manager = self._inside(self.entry, self.manager)
        manager.read(["name"])
        with self.assertRaises(AccessError):
            manager.write({"note": "x"})
        with self.assertRaises(AccessError):
            manager.action_cancel()
        dispatcher = self._inside(self.entry)
        dispatcher.write({"note": "x"})
        with self.assertRaises(AccessError):
            dispatcher.write({"state": "left"})
        with self.assertRaises(AccessError):
            self.env["cement.gate.scan"].with_user(self.dispatcher).create({})
        dispatcher.action_cancel()
        self.assertEqual(self.entry.state, "cancelled")

    def test_other_companies(self):
        stranger = self._create_internal_user(
            "disp2", "cement_base.group_dispatcher", companies=self.supplier2
        )
        context = {"allowed_company_ids": self.supplier2.ids}
        for model in (*GUARDED, "cement.loading.point", "cement.loading.slot"):
            with self.subTest(model):
                records = self.env[model].with_user(stranger).with_context(**context)
                found = records.search([]).filtered(
                    lambda record: record.company_id == self.supplier
                )
                self.assertFalse(found)

    def test_answers_are_for_orders_that_may_be_read(self):
        stranger = self._create_internal_user(
            "disp3", "cement_base.group_dispatcher", companies=self.supplier2
        )
        order = self._create_pickup()
        order.proposed_date = self.day
        foreign = order.with_user(stranger).with_context(
            allowed_company_ids=self.supplier2.ids
        )
        board = foreign.env["cement.dispatch.board"]
        for do in (
            foreign.action_propose_days,
            foreign.action_accept_proposed,
            foreign.action_release_hold,
            lambda: board.propose(order.ids),
            lambda: board.accept(order.ids),
        ):
            with self.assertRaises(AccessError):
                do()
        with self.assertRaises(UserError):
            board.move_order(order.id, self.day.isoformat())
        self.assertFalse(order.promised_date)
        self._inside(order).action_accept_proposed()
        self.assertEqual(order.promised_date, self.day)

    def test_who_may_ask_and_withdraw(self):
        for user in (self.viewer, self.accountant, self.buyer, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._ask(self.order, user, kind="hold")
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.request.with_env(self.portal_env(user)).sudo(False)._withdraw()
        self.assertEqual(self.request.state, "new")
        self._ask(self.order, self.privileged, kind="hold")
        self.own_request.with_env(self.portal_env(self.buyer)).sudo(False)._withdraw()
        self.assertEqual(self.own_request.state, "withdrawn")
