# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CementCommon


@tagged("post_install", "-at_install")
class TestAccess(CementCommon):
    """What outsiders see, by model and by person.

    Client A has two contracts (two suppliers) with a specification each, a draft
    besides, two sites; client B has one of everything.
    """

    MODELS = (
        "agreement",
        "cement.specification",
        "cement.specification.line",
        "cement.site",
        "cement.member",
        "product.product",
        "product.template",
        "res.partner",
        "res.users",
    )
    # what nobody outside reads at all
    CLOSED = (
        "product.pricelist",
        "product.pricelist.item",
        "product.supplierinfo",
        "product.category",
        "res.partner.bank",
        "res.groups",
        "stock.quant",
        "stock.move",
        "stock.warehouse",
        "account.tax",
        "account.payment",
        "crm.team",
        "mail.activity",
        "mail.followers",
        "mail.tracking.value",
        "mail.mail",
        "ir.config_parameter",
        "ir.rule",
        "ir.model.access",
        "cement.vat.rate",
        "cement.manager.profile",
        "cement.member.invite",
        "cement.registration.refuse",
        "base.partner.merge.automatic.wizard",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a = cls._create_counterparty("Client A", comment="our remarks on A")
        cls.b = cls._create_counterparty("Client B", comment="our remarks on B")
        cls.a1 = cls._create_agreement(cls.a, credit_limit=777)
        cls.a2 = cls._create_agreement(cls.a, cls.supplier2)
        cls.b1 = cls._create_agreement(cls.b, credit_limit=888)
        cls.site_a1 = cls._create_site(cls.a, "A one")
        cls.site_a2 = cls._create_site(cls.a, "A two")
        cls.site_b = cls._create_site(cls.b, "B one")
        cls.product_a = cls._create_product(name="Cement of A")
        cls.product_a2 = cls._create_product(name="Cement of A, site two")
        cls.product_draft = cls._create_product(name="Cement of the draft")
        cls.product_b = cls._create_product(name="Cement of B")
        cls.spec_a1 = cls._create_specification(
            cls.a1,
            [
                {"product_id": cls.product_a.id, "price_unit": 5111},
                {
                    "product_id": cls.product_a2.id,
                    "price_unit": 5112,
                    "site_id": cls.site_a2.id,
                },
            ],
        )
        cls.spec_a2 = cls._create_specification(cls.a2, [{"price_unit": 5113}])
        cls.spec_draft = cls._create_specification(
            cls.a1,
            [{"product_id": cls.product_draft.id, "price_unit": 4999}],
            activate=False,
        )
        cls.spec_b = cls._create_specification(
            cls.b1, [{"product_id": cls.product_b.id, "price_unit": 6222}]
        )
        cls.members = {
            role: cls._create_member(cls.a, role)
            for role in ("owner", "privileged", "buyer", "accountant", "viewer")
        }
        cls.members["contract"] = cls._create_member(cls.a, "viewer", cls.a2)
        cls.members["site"] = cls._create_member(cls.a, "buyer", sites=cls.site_a1)
        cls.members["foreign"] = cls._create_member(cls.b, "owner")
        cls.users = {name: member.user_id for name, member in cls.members.items()}
        # a contact of A without a membership, as core's portal would have it
        cls.users["sibling"] = cls._create_portal_user("sibling@example.com", cls.a)
        cls.users["nobody"] = cls._create_portal_user("nobody@example.com")
        cls.users["public"] = cls.env.ref("base.public_user")
        cls.env.flush_all()

    def _expected(self, name):
        """Return {model: records} that the person *name* may read."""
        nothing = {model: self.env[model] for model in self.MODELS}
        user = self.users[name]
        nothing["res.users"] = user
        nothing["res.partner"] = user.partner_id
        if name in ("nobody", "public", "sibling"):
            return nothing
        member = self.members[name]
        if name == "foreign":
            seen = {
                "agreement": self.b1,
                "cement.specification": self.spec_b,
                "cement.specification.line": self.spec_b.line_ids,
                "cement.site": self.site_b,
                "product.product": self.product_b,
            }
        elif name == "contract":
            seen = {
                "agreement": self.a2,
                "cement.specification": self.spec_a2,
                "cement.specification.line": self.spec_a2.line_ids,
                "cement.site": self.site_a1 | self.site_a2,
                "product.product": self.cement,
            }
        elif name == "site":
            seen = {
                "agreement": self.a1 | self.a2,
                "cement.specification": self.spec_a1 | self.spec_a2,
                "cement.specification.line": self.spec_a1.line_ids[0]
                | self.spec_a2.line_ids,
                "cement.site": self.site_a1,
                "product.product": self.product_a | self.cement,
            }
        else:
            seen = {
                "agreement": self.a1 | self.a2,
                "cement.specification": self.spec_a1 | self.spec_a2,
                "cement.specification.line": (self.spec_a1 | self.spec_a2).line_ids,
                "cement.site": self.site_a1 | self.site_a2,
                "product.product": self.product_a | self.product_a2 | self.cement,
            }
        members = member
        if name == "owner":
            members = self.env["cement.member"].browse(
                [m.id for key, m in self.members.items() if key != "foreign"]
            )
        return {
            **nothing,
            **seen,
            "product.template": seen["product.product"].product_tmpl_id,
            "cement.member": members,
            "res.partner": user.partner_id | member.partner_id,
        }

    def _each_person(self):
        for name, user in self.users.items():
            with self.subTest(person=name):
                self.env.invalidate_all()
                yield name, self.portal_env(user), self._expected(name)

    # === Reading ===

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_search_and_read(self):
        for name, env, expected in self._each_person():
            for model, records in expected.items():
                if not env[model].has_access("read"):
                    self.assertEqual(name, "public", model)
                    self.assertFalse(records, model)
                    continue
                found = env[model].with_context(active_test=False).search([])
                self.assertEqual(set(found.ids), set(records.ids), model)
                hidden = self.env[model].search([]) - records
                for record in hidden[:5]:
                    with self.assertRaises(AccessError, msg=f"{model} {record}"):
                        env[model].browse(record.id).read(["display_name"])
                visible = env[model].browse(records.ids)
                visible.read(["display_name"])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_closed_models(self):
        for _name, env, _expected in self._each_person():
            for model in self.CLOSED:
                with self.assertRaises(AccessError, msg=model):
                    env[model].search_read([], limit=1)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_writing(self):
        for _name, env, expected in self._each_person():
            for model, records in expected.items():
                if model == "res.users":
                    continue  # core lets people change their own preferences
                record = env[model].browse(
                    (records or self.env[model].search([]))[:1].ids
                )
                with self.assertRaises(AccessError, msg=model):
                    record.write(
                        {"name": "x"} if "name" in record else {"role": "owner"}
                    )
                with self.assertRaises(AccessError, msg=model):
                    record.unlink()
                with self.assertRaises(AccessError, msg=model):
                    record.copy()
                with self.assertRaises(AccessError, msg=model):
                    env[model].create({})

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_own_user_is_no_door(self):
        """The own preferences do not hold what decides on rights."""
        env = self.portal_env(self.users["nobody"])
        for vals in (
            {"cement_current_partner_id": self.a.id},
            {"cement_member_ids": [(0, 0, {"partner_id": self.a.id, "role": "owner"})]},
            {"company_ids": [(4, self.supplier2.id)]},
            {"group_ids": [(4, self.env.ref("base.group_user").id)]},
        ):
            with self.assertRaises(AccessError, msg=vals):
                # not env.user, which is in superuser mode
                env["res.users"].browse(env.uid).write(vals)

    # === Clever searches ===

    def _assert_no_oracle(self, env, model, domain, hidden):
        """A search by hidden values answers nothing or is refused."""
        try:
            found = env[model].search(domain)
        except AccessError:
            return
        self.assertFalse(set(found.ids) & set(hidden.ids), (model, domain))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_clever_domains(self):
        hidden_lines = self.spec_b.line_ids | self.spec_draft.line_ids
        cases = (
            # model, domain that hits a hidden row, hidden records
            (
                "product.product",
                [("specification_line_ids.price_unit", "=", 6222)],
                self.env["product.product"].search([]),
            ),
            (
                "product.product",
                [("specification_line_ids.price_unit", "=", 4999)],
                self.env["product.product"].search([]),
            ),
            (
                "product.template",
                [("product_variant_ids.specification_line_ids.price_unit", ">", 6000)],
                self.env["product.template"].search([]),
            ),
            (
                "cement.specification.line",
                ["|", ("id", "!=", 0), ("price_unit", "=", 6222)],
                hidden_lines,
            ),
            (
                "cement.specification.line",
                ["!", ("commercial_partner_id", "=", self.a.id)],
                hidden_lines,
            ),
            (
                "cement.specification",
                [("line_ids.price_unit", "=", 6222)],
                self.env["cement.specification"].search([]),
            ),
            (
                "agreement",
                [("specification_ids.line_ids.price_unit", "=", 6222)],
                self.env["agreement"].search([]),
            ),
            (
                "agreement",
                [("credit_limit", "=", 888)],
                self.env["agreement"].search([]),
            ),
            (
                "agreement",
                [("credit_limit", "=", 777)],
                self.env["agreement"].search([]),
            ),
            ("res.partner", [("agreement_ids.credit_limit", "=", 888)], self.b),
            ("res.partner", [("parent_id", "child_of", self.b.id)], self.b.child_ids),
            ("res.partner", [("child_ids.parent_id", "=", self.b.id)], self.b),
            ("res.partner", [("comment", "ilike", "remarks")], self.a | self.b),
            (
                "res.partner",
                [("cement_site_ids.name", "=", "B one")],
                self.b,
            ),
            ("res.partner", [("user_ids.login", "ilike", "example")], self.b.child_ids),
            ("cement.site", [("partner_id.name", "=", "Client B")], self.site_b),
            (
                "cement.member",
                [("partner_id", "=", self.b.id)],
                self.members["foreign"],
            ),
        )
        for name, env, _expected in self._each_person():
            if name == "foreign":
                continue
            for model, domain, hidden in cases:
                self._assert_no_oracle(env, model, domain, hidden)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_stock_is_no_oracle(self):
        """The real stock cannot be found out by searching for it (F191)."""
        self.env["stock.quant"]._update_available_quantity(
            self.product_a, self.warehouse.lot_stock_id, 12345
        )
        self.product_a.display_stock_limit = 50
        env = self.portal_env(self.users["owner"])
        for model in ("product.product", "product.template"):
            fields = ["qty_available", "virtual_available"]
            if model == "product.product":
                fields.append("free_qty")
            for field in fields:
                with self.assertRaises(AccessError, msg=field):
                    env[model].search([(field, ">", 10000)])
                with self.assertRaises(AccessError, msg=field):
                    env[model].search([]).read([field])
        for field in ("standard_price", "seller_ids"):
            with self.assertRaises(AccessError, msg=field):
                env["product.product"].search([]).read([field])
        line = env["cement.specification.line"].browse(self.spec_a1.line_ids[0].id)
        self.assertEqual(line.display_stock, 50)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_hidden_fields(self):
        for name in ("owner", "viewer"):
            env = self.portal_env(self.users[name])
            for model, field in (
                ("agreement", "credit_limit"),
                ("cement.specification", "note"),
                ("res.partner", "comment"),
                ("res.partner", "registration_refusal"),
            ):
                with self.assertRaises(AccessError, msg=field):
                    env[model].search([]).read([field])
                with self.assertRaises(AccessError, msg=field):
                    env[model].search([], order=field)

    # === Other ways of reading ===

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_groups_and_names_and_export(self):
        for name, env, expected in self._each_person():
            if name == "public":
                continue
            lines = expected["cement.specification.line"]
            Line = env["cement.specification.line"]
            groups = Line.formatted_read_group(
                [], ["commercial_partner_id"], ["price_unit:max", "__count"]
            )
            self.assertEqual(sum(group["__count"] for group in groups), len(lines))
            prices = [group["price_unit:max"] for group in groups]
            self.assertEqual(
                max(prices, default=0), max(lines.mapped("price_unit"), default=0)
            )
            for model in ("cement.site", "agreement", "product.product"):
                found = env[model].name_search("", limit=None)
                self.assertEqual(
                    {record_id for record_id, _name in found}, set(expected[model].ids)
                )
            # lists in other records show only what may be seen
            partner = env["res.partner"].browse(expected["res.partner"].ids)
            self.assertLessEqual(
                set(partner.agreement_ids.ids), set(expected["agreement"].ids)
            )
            self.assertLessEqual(
                set(partner.cement_member_ids.ids), set(expected["cement.member"].ids)
            )
            self.assertLessEqual(
                set(partner.child_ids.ids), set(expected["res.partner"].ids)
            )
            hidden = self.env["cement.specification.line"].search([]) - lines
            with self.assertRaises(UserError):
                Line.browse(hidden.ids).export_data(["price_unit"])
            products = env["product.product"].browse(expected["product.product"].ids)
            self.assertLessEqual(
                set(products.specification_line_ids.ids),
                set(expected["cement.specification.line"].ids),
            )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_messages_and_attachments(self):
        """Conversations of managers and files of hidden records stay hidden."""
        message = self.spec_a1.message_post(
            body="we could go down to 4900", subtype_xmlid="mail.mt_comment"
        )
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": "secret.txt",
                    "raw": b"secret",
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for record in (self.spec_b, self.b1, self.b, self.spec_draft)
            ]
        )
        for name, env, _expected in self._each_person():
            self.assertFalse(
                env["mail.message"].search([("id", "=", message.id)]), name
            )
            with self.assertRaises(AccessError):
                env["mail.message"].browse(message.id).read(["body"])
            for file in files if name != "foreign" else files[3:]:
                with self.assertRaises(AccessError):
                    env["ir.attachment"].browse(file.id).read(["raw"])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_notes_cannot_be_guessed(self):
        """Whoever reads a document does not ask it what is written beneath."""
        viewer = self.users["viewer"]
        for record in (self.a1, self.spec_a1, self.site_a1, viewer.partner_id):
            self.assert_notes_unguessed(record, viewer)
        for path in ("message_ids.body", "partner_id.message_ids.body"):
            with self.assertRaises(AccessError):
                self.portal_env(viewer)["res.users"].search(
                    [("id", "=", viewer.id), (path, "ilike", "4900")]
                )

    def test_no_document_lists_its_messages_outside(self):
        """All documents with a conversation, those of other addons included."""
        env = self.portal_env(self.users["viewer"])
        thread = env.registry["mail.thread"]
        for model in env.registry.values():
            if not issubclass(model, thread) or model._name == "discuss.channel":
                continue
            access = env[model._name]._has_field_access(
                model._fields["message_ids"], "read"
            )
            self.assertFalse(access, model._name)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_private_methods_check_inside(self):
        """Public methods of the models refuse outsiders."""
        env = self.portal_env(self.users["owner"])
        specification = env["cement.specification"].browse(self.spec_a1.id)
        for method in ("action_close", "action_reopen"):
            with self.assertRaises(AccessError):
                getattr(specification, method)()
        with self.assertRaises(AccessError):
            env["cement.specification"].browse(self.spec_draft.id).action_activate()
        with self.assertRaises(AccessError):
            env["cement.member"].browse(
                self.members["foreign"].id
            ).action_resend_invitation()

    def test_pricelists_stay_closed_when_another_addon_opens_them(self):
        """Shop addons give portal users the pricelists; the guard takes them back."""
        self.env["ir.model.access"].create(
            [
                {
                    "name": model,
                    "model_id": self.env["ir.model"]._get(model).id,
                    "group_id": self.env.ref("base.group_portal").id,
                    "perm_read": True,
                }
                for model in (
                    "product.pricelist",
                    "product.pricelist.item",
                    "product.supplierinfo",
                    "res.partner.bank",
                )
            ]
        )
        self.env["product.pricelist"].create(
            {
                "name": "Secret",
                "item_ids": [(0, 0, {"compute_price": "fixed", "fixed_price": 61.5})],
            }
        )
        env = self.portal_env(self.users["owner"])
        for model in ("product.pricelist", "product.pricelist.item"):
            self.assertFalse(env[model].search([]))

    # === Inside ===

    def test_inside_people_are_not_limited(self):
        manager = self._create_internal_user(
            "manager", "cement_base.group_sales_manager"
        )
        env = self.env(user=manager)
        lines = env["cement.specification.line"].search([])
        self.assertLessEqual(
            set((self.spec_a1 | self.spec_b | self.spec_draft).line_ids.ids),
            set(lines.ids),
        )
        self.assertIn(self.b.id, env["res.partner"].search([]).ids)
        env["cement.specification"].browse(self.spec_b.id).action_close()
        clerk = self._create_internal_user("clerk")
        with self.assertRaises(AccessError):
            self.env(user=clerk)["cement.specification"].browse(
                self.spec_a1.id
            ).action_close()

    def test_query_count_of_the_catalogue(self):
        """Reading a page of lines costs the same at 10 and at 200 rows."""
        self._create_specification(
            self.a1, [{"price_unit": 1000 + number} for number in range(200)]
        )
        env = self.portal_env(self.users["owner"])
        fields = [
            "product_id",
            "plant_id",
            "delivery_method_id",
            "site_id",
            "price_incl",
            "terms_text",
            "volume_agreed",
        ]

        def count(limit):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            env["cement.specification.line"].search_read([], fields, limit=limit)
            return self.cr.sql_log_count - before

        count(10)
        self.assertEqual(count(10), count(200))
