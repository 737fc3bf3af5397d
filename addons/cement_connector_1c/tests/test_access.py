# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import OneCCommon, cml

MODELS = (
    "cement.connector.backend",
    "cement.connector.session",
    "cement.connector.binding",
    "cement.connector.status.map",
    "cement.connector.offer",
    "cement.connector.reservation",
    "cement.connector.attempt",
    "cement.exchange.request",
    "cement.exchange.record",
    "cement.exchange.line",
    "cement.connector.password",
)
SECRETS = ("token", "url", "login", "secret")


@tagged("post_install", "-at_install")
class TestAccess(OneCCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_internal_user(
            "onec-user", "cement_connector_1c.group_exchange_user"
        )
        cls.manager = cls._create_internal_user(
            "onec-manager", "cement_connector_1c.group_exchange_manager"
        )
        cls.stranger = cls._create_internal_user(
            "onec-stranger", "cement_base.group_sales_manager"
        )
        companies = cls.supplier | cls.supplier2
        for user in (cls.user, cls.manager, cls.stranger):
            user.write({"company_ids": companies.ids, "company_id": cls.supplier.id})

    def test_outsiders_have_no_access_at_all(self):
        order = self._create_order()
        self.query()
        for user in (self.owner, self.stranger, self.env.ref("base.public_user")):
            env = self.env(user=user, su=False)
            for model in MODELS:
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(
                        env[model].has_access(operation), (user.login, model, operation)
                    )
        attachment = self.last_record().fragment_ids
        for user in (self.owner, self.stranger):
            with self.assertRaises(AccessError):
                attachment.with_user(user).read(["raw"])
        with self.assertRaises(AccessError):
            order.with_user(self.owner).read(["onec_offer_ids"])

    def test_a_member_who_confirms_needs_no_right(self):
        order = self._create_order(user=self.owner)
        self.assertEqual(order.onec_offer_ids.state, "pending")

    def test_the_user_reads_and_offers_again(self):
        self._create_order()
        self.query()
        env = self.env(user=self.user)
        for model in ("record", "line", "request"):
            env[f"cement.exchange.{model}"].search([]).read()
        record = self.last_record().with_user(self.user)
        self.assertTrue(record.fragment_ids.raw)
        offer = env["cement.connector.offer"].search([], limit=1)
        offer.action_release()
        self.assertEqual(offer.state, "pending")
        with self.assertRaises(AccessError):
            offer.state = "confirmed"
        with self.assertRaises(AccessError):
            env["cement.connector.backend"].browse(self.backend.id).name = "x"
        with self.assertRaises(AccessError):
            record.write({"state": "done"})
        with self.assertRaises(AccessError):
            record.unlink()
        with self.assertRaises(AccessError):
            record.action_process_again()

    def test_the_manager_processes_a_file_again(self):
        operation = "<ХозОперация>Заказ товара</ХозОперация>"
        self.send(cml(f"<Документ><Номер>?</Номер>{operation}</Документ>"))
        record = self.last_record()
        self.assertEqual(record.failed_count, 1)
        record.with_user(self.manager).action_process_again()
        self.assertEqual((record.failed_count, record.state), (1, "partial"))

    def test_secrets_are_for_the_manager(self):
        backend = self.backend.with_user(self.user)
        for name in SECRETS:
            with self.assertRaises(AccessError):
                backend.read([name])
        self.backend.with_user(self.manager).read(list(SECRETS))
        with self.assertRaises(AccessError):
            self.backend.with_user(self.manager).read(["secret_hash"])
        session = self.env["cement.connector.session"].search([], limit=1)
        with self.assertRaises(AccessError):
            session.with_user(self.manager).read(["token_digest"])

    def test_the_manager_sets_a_password(self):
        backend = self.backend.with_user(self.manager)
        action = backend.action_new_password()
        wizard = self.env["cement.connector.password"].browse(action["res_id"])
        password = wizard.password
        wizard.with_user(self.manager).action_apply()
        self.assertFalse(wizard.exists())
        self.login(credentials=(backend.login, password))

    def test_another_company_sees_nothing(self):
        self._create_order()
        self.query()
        self.user.write(
            {"company_id": self.supplier2.id, "company_ids": self.supplier2.ids}
        )
        env = self.env(
            user=self.user, context={"allowed_company_ids": self.supplier2.ids}
        )
        for model in (
            "cement.connector.backend",
            "cement.connector.offer",
            "cement.exchange.record",
            "cement.exchange.request",
            "cement.connector.session",
        ):
            self.assertFalse(env[model].search([]), model)

    def test_board_of_the_accountant(self):
        self._create_order()
        self.query()
        record = self.last_record()
        record.state = "failed"
        books = self._create_internal_user("books", "cement_base.group_accountant")
        elsewhere = self._create_internal_user(
            "books2",
            "cement_base.group_accountant",
            companies=self.env["res.company"].create({"name": "Elsewhere"}),
        )
        for user, seen in ((books, True), (elsewhere, False)):
            tile = (
                self.env["cement.today.tile"]
                .with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
                .search([], limit=1)
            )
            self.assertEqual(tile.code, "exchange_errors")
            action = tile.action_open()
            found = tile.env[action["res_model"]].search(action["domain"])
            self.assertEqual((tile.count, record.id in found.ids), (len(found), seen))
            self.assertEqual(record.name in str(tile.rows_html), seen)
        tiles = self.env["cement.today.tile"].with_user(self.stranger).search([])
        self.assertNotIn("exchange_errors", tiles.mapped("code"))

    def test_the_door_is_not_callable_from_outside(self):
        for model in ("door", "importer", "order.mapper"):
            name = f"cement.connector.{model}"
            public = [
                attribute
                for parent in type(self.env[name]).mro()
                if parent.__module__.startswith("odoo.addons.cement_connector_1c")
                for attribute, value in vars(parent).items()
                if callable(value) and not attribute.startswith("_")
            ]
            self.assertFalse(public, name)
