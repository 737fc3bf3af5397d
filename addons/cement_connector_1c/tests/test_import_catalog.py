# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import io
import zipfile
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import GUIDS, OneCCommon, cml
from .kernel import shared_sample

IMPORTER = "odoo.addons.cement_connector_1c.models.cement_connector_importer"
PRICE_TYPE = "aaaaaaaa-0001-4c3e-9d60-000000000001"
OTHER_TYPE = "aaaaaaaa-0002-4c3e-9d60-000000000001"
STORE = "bbbbbbbb-0001-4c3e-9d60-000000000001"
GROUP = "cccccccc-0001-4c3e-9d60-000000000001"
SUBGROUP = "cccccccc-0002-4c3e-9d60-000000000001"


def item(guid=GUIDS[0], article="ЦЕМ-1", name="Цемент", unit="168", more=""):
    return (
        f"<Товар><Ид>{guid}</Ид><Артикул>{article}</Артикул><Наименование>{name}"
        f'</Наименование><БазоваяЕдиница Код="{unit}">т </БазоваяЕдиница>{more}</Товар>'
    )


def vat(rate):
    return (
        "<СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование>"
        f"<Ставка>{rate}</Ставка></СтавкаНалога></СтавкиНалогов>"
    )


def catalogue(*items, full=False, classifier=""):
    flag = "false" if full else "true"
    return cml(
        f"{classifier}<Каталог СодержитТолькоИзменения='{flag}'><Ид>k</Ид><Товары>"
        f"{''.join(items)}</Товары></Каталог>"
    )


def offer(guid=GUIDS[0], prices=((PRICE_TYPE, "6100"),), more=""):
    rows = "".join(
        f"<Цена><ИдТипаЦены>{kind}</ИдТипаЦены><ЦенаЗаЕдиницу>{value}</ЦенаЗаЕдиницу>"
        "<Валюта>RUB</Валюта></Цена>"
        for kind, value in prices
    )
    prices_xml = f"<Цены>{rows}</Цены>" if rows else ""
    return f"<Предложение><Ид>{guid}</Ид>{prices_xml}{more}</Предложение>"


def offers(*rows, types=(PRICE_TYPE,), included="true", stores=True):
    kinds = "".join(
        f"<ТипЦены><Ид>{kind}</Ид><Наименование>Цена {n}</Наименование><Валюта>RUB"
        f"</Валюта><Налог><Наименование>НДС</Наименование><УчтеноВСумме>{included}"
        "</УчтеноВСумме></Налог></ТипЦены>"
        for n, kind in enumerate(types)
    )
    store = (
        f"<Склады><Склад><Ид>{STORE}</Ид><Наименование>Главный</Наименование></Склад>"
        "</Склады>"
        if stores
        else ""
    )
    return cml(
        f"<ПакетПредложений><Ид>k#</Ид><ТипыЦен>{kinds}</ТипыЦен>{store}<Предложения>"
        f"{''.join(rows)}</Предложения></ПакетПредложений>"
    )


class CatalogCommon(OneCCommon):
    def goods(self, *items, **options) -> str:
        return self.send(catalogue(*items, **options), "catalog", "import0_1.xml")

    def prices(self, *rows, **options) -> str:
        return self.send(offers(*rows, **options), "catalog", "offers0_1.xml")

    def binding(self, guid=GUIDS[0], kind="product"):
        return self.env["cement.connector.binding"].search(
            [
                ("backend_id", "=", self.backend.id),
                ("kind", "=", kind),
                ("guid", "=", guid),
            ]
        )

    def template(self, guid=GUIDS[0]):
        return self.binding(guid)._get_record()


@tagged("post_install", "-at_install")
class TestImportCatalog(CatalogCommon):
    def test_a_new_item_is_created(self):
        self.assertEqual(self.goods(item(more=vat(10))), "success")
        product = self.template()
        self.assertEqual(product.name, "Цемент")
        self.assertEqual(product.default_code, "ЦЕМ-1")
        self.assertEqual(product.uom_id, self.tonne)
        self.assertEqual(product.vat_category, "reduced")
        self.assertTrue(product.is_storable)
        record = self.last_record()
        self.assertEqual((record.state, record.created_count), ("done", 1))

    def test_twice_changes_nothing(self):
        self.goods(item())
        product = self.template()
        before = product.write_date
        self.goods(item())
        record = self.last_record()
        self.assertEqual((record.created_count, record.unchanged_count), (0, 1))
        self.assertEqual(self.template(), product)
        self.assertEqual(product.write_date, before)

    def test_a_change_is_taken(self):
        self.goods(item())
        product = self.template()
        self.goods(item(name="Цемент М500", article="ЦЕМ-2"))
        self.assertEqual(self.template(), product)
        self.assertEqual((product.name, product.default_code), ("Цемент М500", "ЦЕМ-2"))
        self.assertEqual(self.last_record().updated_count, 1)

    def test_a_known_article_is_linked(self):
        ours = self.cement.product_tmpl_id
        self.goods(item(article=self.cement.default_code))
        self.assertEqual(self.template(), ours)
        self.assertEqual(ours.uom_id, self.tonne)

    def test_an_article_of_two_items_of_1c(self):
        article = self.cement.default_code
        self.goods(item(article=article), item(GUIDS[1], article=article))
        self.assertEqual(self.template(), self.cement.product_tmpl_id)
        other = self.template(GUIDS[1])
        self.assertNotEqual(other, self.template())
        self.assertEqual(other.default_code, article)
        self.assertEqual(self.last_record().warning_count, 1)

    def test_an_article_of_several_goods_here_is_not_guessed(self):
        article = self.cement.default_code
        self._create_product(name="Twin").default_code = article
        self.goods(item(article=article))
        self.assertFalse(self.binding())
        self.assertEqual(self.last_record().failed_count, 1)

    def test_many_goods_cost_few_queries_each(self):
        def count(amount):
            guids = [f"d1a5e0de-{n:04d}-4c3e-9d60-{amount:012d}" for n in range(amount)]
            items = [item(guid, f"Q{amount}-{n}") for n, guid in enumerate(guids)]
            before = self.env.cr.sql_log_count
            self.goods(*items)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLess(count(40) / 40, 20)

    def test_a_bad_row_loses_only_itself(self):
        answer = self.goods(
            item(GUIDS[0], "A-1"),
            item(GUIDS[1], "A-2", name=""),
            item(GUIDS[2], "A-3", unit="99999", name="Мешок").replace(">т <", "><"),
            "<Товар><Наименование>Без идентификатора</Наименование></Товар>",
            item(GUIDS[3], "A-4"),
        )
        self.assertTrue(self.template(GUIDS[0]))
        self.assertTrue(self.template(GUIDS[3]))
        self.assertFalse(self.binding(GUIDS[1]))
        self.assertFalse(self.binding(GUIDS[2]))
        record = self.last_record()
        self.assertEqual(record.state, "partial")
        self.assertEqual((record.created_count, record.failed_count), (2, 3))
        self.assertEqual(answer.split("\n")[0], "success")
        self.assertEqual(len(record.line_ids.filtered("message")), 3)
        self.assertTrue(self.backend.activity_ids)

    def test_a_row_is_taken_whole_or_not_at_all(self):
        importer = type(self.env["cement.connector.importer"])
        with (
            patch.object(importer, "_bind", side_effect=UserError("no")),
            patch.object(importer, "_is_plainly_new", return_value=False),
        ):
            self.goods(item(article="HALF"))
        self.assertEqual(self.last_record().failed_count, 1)
        self.assertFalse(self.env["product.template"].search([("name", "=", "Цемент")]))

    def test_a_bug_loses_only_its_row(self):
        importer = type(self.env["cement.connector.importer"])
        origin = importer._prepare_create_vals

        def broken(self, context, product):
            if product.article == "BAD":
                raise ZeroDivisionError
            return origin(self, context, product)

        with (
            patch.object(importer, "_prepare_create_vals", broken),
            mute_logger(IMPORTER),
        ):
            self.goods(item(article="BAD"), item(GUIDS[1], article="GOOD"))
        self.assertFalse(self.binding(GUIDS[0]))
        self.assertTrue(self.template(GUIDS[1]))

    def test_deletion_in_1c_removes_nothing_here(self):
        self.goods(item())
        deleted = "<ПометкаУдаления>true</ПометкаУдаления>"
        self.goods(item(more=deleted))
        self.assertTrue(self.template().active)
        self.assertTrue(self.binding().is_deleted)
        self.assertEqual(self.last_record().warning_count, 1)
        self.binding().action_archive_products()
        self.assertFalse(self.template().active)

    def test_a_full_catalogue_shows_what_is_missing(self):
        self.goods(item(), item(GUIDS[1], "A-2"), full=True)
        self.env.cr.execute(
            "UPDATE cement_connector_binding SET seen_at = seen_at - interval '1 day'"
        )
        self.env.invalidate_all()
        self.goods(item(GUIDS[1], "A-2"), full=True)
        missing = self.env["cement.connector.binding"].search(
            [("backend_id", "=", self.backend.id), ("is_missing", "=", True)]
        )
        self.assertEqual(missing, self.binding())
        self.assertTrue(self.template().active)

    def test_units(self):
        self.goods(item(GUIDS[0], "A-1", unit="796"), item(GUIDS[1], "A-2", unit="715"))
        self.assertEqual(self.template(GUIDS[0]).uom_id, self.unit)
        created = self.template(GUIDS[1]).uom_id
        self.assertEqual(created.okei_code, "715")

    def test_a_unit_of_known_goods_is_not_changed(self):
        self.goods(item(article=self.cement.default_code, unit="796"))
        self.assertEqual(self.cement.uom_id, self.tonne)
        self.assertEqual(self.last_record().warning_count, 1)

    def test_vat(self):
        for rate, category in (
            ("22", "standard"),
            ("20", "standard"),
            ("0", "zero"),
            ("Без НДС", "none"),
        ):
            self.goods(item(name=f"Цемент {rate}", more=vat(rate)))
            self.assertEqual(self.template().vat_category, category)

    def test_groups_become_categories(self):
        classifier = (
            f"<Классификатор><Ид>k</Ид><Группы><Группа><Ид>{GROUP}</Ид><Наименование>"
            f"Цемент 1С</Наименование><Группы><Группа><Ид>{SUBGROUP}</Ид><Наименование>"
            "Навал</Наименование></Группа></Группы></Группа></Группы></Классификатор>"
        )
        self.goods(classifier=classifier)
        # the second portion comes without the classifier
        self.goods(item(more=f"<Группы><Ид>{SUBGROUP}</Ид></Группы>"))
        category = self.template().categ_id
        self.assertEqual(category.name, "Навал")
        self.assertEqual(category.parent_id.name, "Цемент 1С")

    def test_goods_and_their_group_in_one_file(self):
        classifier = (
            f"<Классификатор><Ид>k</Ид><Группы><Группа><Ид>{GROUP}</Ид><Наименование>"
            "Цемент 1С</Наименование></Группа></Группы></Классификатор>"
        )
        group = f"<Группы><Ид>{GROUP}</Ид></Группы>"
        self.goods(item(more=group), classifier=classifier)
        self.assertEqual(self.template().categ_id.name, "Цемент 1С")

    def test_only_known_goods(self):
        self.backend.create_products = False
        self.goods(item(), item(GUIDS[1], article=self.cement.default_code))
        self.assertFalse(self.binding(GUIDS[0]))
        self.assertEqual(self.template(GUIDS[1]), self.cement.product_tmpl_id)
        self.assertEqual(self.last_record().skipped_count, 1)

    def test_a_big_file_is_taken_in_steps(self):
        items = [
            item(f"d1a5e0de-{n:04d}-4c3e-9d60-000000000001", f"B-{n}")
            for n in range(120)
        ]
        token = self.login("catalog")
        self.call(
            "catalog", "file", token, filename="import0_1.xml", body=catalogue(*items)
        )
        with patch(
            "odoo.addons.cement_connector_1c.models.cement_exchange_record"
            ".time.monotonic",
            side_effect=range(0, 10**6, 100),
        ):
            first = self.call("catalog", "import", token, filename="import0_1.xml").text
            self.assertTrue(first.startswith("progress\n"))
            self.assertEqual(
                self.import_file(token, "catalog", "import0_1.xml"), "success"
            )
        record = self.last_record()
        self.assertEqual(record.created_count, 120)

    def test_fragments_are_joined_in_their_order(self):
        data = catalogue(item(), item(GUIDS[1], "A-2"))
        token = self.login("catalog")
        for start in range(0, len(data), 37):
            self.call(
                "catalog",
                "file",
                token,
                filename="import0_1.xml",
                body=data[start : start + 37],
            )
        self.assertTrue(self.last_record().is_complete)
        self.assertEqual(self.import_file(token, "catalog", "import0_1.xml"), "success")
        self.assertEqual(self.last_record().fragment_ids.raw, data)
        self.assertEqual(self.last_record().created_count, 2)

    def test_an_aborted_session_leaves_no_trace_in_the_next(self):
        data = catalogue(item())
        token = self.login("catalog")
        self.call("catalog", "file", token, filename="import0_1.xml", body=data[:100])
        self.assertEqual(self.goods(item()), "success")

    def test_the_same_file_twice_in_a_session(self):
        token = self.login("catalog")
        for name in ("Цемент", "Цемент М500"):
            self.call(
                "catalog",
                "file",
                token,
                filename="import0_1.xml",
                body=catalogue(item(name=name)),
            )
            self.assertEqual(
                self.import_file(token, "catalog", "import0_1.xml"), "success"
            )
        self.assertEqual(self.template().name, "Цемент М500")

    def test_asked_again_after_it_is_done(self):
        token = self.login("catalog")
        self.call(
            "catalog", "file", token, filename="import0_1.xml", body=catalogue(item())
        )
        for _n in range(2):
            self.assertEqual(
                self.import_file(token, "catalog", "import0_1.xml"), "success"
            )
        self.assertEqual(self.last_record().created_count, 1)

    def test_broken_files(self):
        whole = catalogue(item(), item(GUIDS[1], "A-2"))
        for data in (
            whole[:-40],
            b"",
            b"<html><body>nginx</body></html>",
            whole.replace(b"<?xml", b"<!DOCTYPE a [<!ENTITY e 'x'>]><?xml"),
            b"\x00" * 100,
        ):
            answer = self.send(data, "catalog", "import0_1.xml")
            self.assertTrue(answer.startswith("failure\n"), data[:20])
            self.assertEqual(self.last_record().state, "failed")

    def test_an_archive_in_spite_of_zip_no(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("import0_1.xml", catalogue(item()))
        token = self.login("catalog")
        self.call("catalog", "file", token, filename="v8_1.zip", body=buffer.getvalue())
        self.assertEqual(self.import_file(token, "catalog", "import0_1.xml"), "success")
        self.assertTrue(self.template())

    def test_a_hostile_archive(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("import0_1.xml", b"\0" * (60 << 20))
        token = self.login("catalog")
        self.call("catalog", "file", token, filename="v8_1.zip", body=buffer.getvalue())
        answer = self.import_file(token, "catalog", "import0_1.xml")
        self.assertTrue(answer.startswith("failure\n"))


@tagged("post_install", "-at_install")
class TestImportOffers(CatalogCommon):
    def setUp(self):
        super().setUp()
        self.goods(item(), item(GUIDS[1], "A-2"))

    def price(self, guid=GUIDS[0]):
        return self.template(guid).list_price

    def test_prices(self):
        self.assertEqual(self.prices(offer()), "success")
        self.assertEqual(self.price(), 6100.0)
        self.prices(offer())
        self.assertEqual(self.last_record().unchanged_count, 1)

    def test_prices_without_vat_get_it(self):
        self.prices(offer(), included="false")
        self.assertAlmostEqual(self.price(), 7442.0, 2)

    def test_a_price_of_a_package(self):
        row = offer().replace("</Валюта>", "</Валюта><Коэффициент>2</Коэффициент>")
        self.prices(row)
        self.assertEqual(self.price(), 3050.0)

    def test_several_price_types_need_a_choice(self):
        both = ((PRICE_TYPE, "6100"), (OTHER_TYPE, "5900"))
        types = (PRICE_TYPE, OTHER_TYPE)
        answer = self.prices(offer(prices=both), types=types)
        self.assertTrue(answer.startswith("success\n"))
        self.assertEqual(self.last_record().failed_count, 1)
        self.backend.price_type_id = self.binding(OTHER_TYPE, "price_type")
        self.prices(offer(prices=both), types=types)
        self.assertEqual(self.price(), 5900.0)
        # a chosen type that an offer lacks leaves the price alone
        self.prices(offer(), types=types)
        self.assertEqual(self.price(), 5900.0)

    def test_an_offer_of_an_unknown_item(self):
        self.prices(offer(GUIDS[5]), offer())
        self.assertEqual(self.last_record().failed_count, 1)
        self.assertEqual(self.price(), 6100.0)

    def test_absent_prices_are_left_alone(self):
        self.prices(offer())
        self.prices(offer(prices=()))
        self.assertEqual(self.price(), 6100.0)

    def test_bad_prices(self):
        self.prices(offer(prices=((PRICE_TYPE, "дорого"),)), offer(GUIDS[1]))
        self.assertEqual(self.price(GUIDS[1]), 6100.0)
        self.assertEqual(self.last_record().warning_count, 1)
        self.prices(offer(prices=((PRICE_TYPE, "-5"),)))
        self.assertEqual(self.last_record().failed_count, 1)

    def test_stock_only_where_it_is_wanted_and_linked(self):
        stock = f'<Склад ИдСклада="{STORE}" КоличествоНаСкладе="120,5"/>'
        self.prices(offer(more=stock))
        product = self.template().product_variant_id
        self.assertEqual(product.qty_available, 0)
        self.backend.import_stock = True
        self.prices(offer(more=stock))
        self.assertEqual(product.qty_available, 0)  # not linked yet
        self.binding(STORE, "warehouse").warehouse_id = self.warehouse
        for quantity in ("120,5", "120,5", "90"):
            self.prices(offer(more=stock.replace("120,5", quantity)))
            product.invalidate_recordset()
            self.assertEqual(
                product.with_context(warehouse_id=self.warehouse.id).qty_available,
                float(quantity.replace(",", ".")),
            )

    def test_stock_without_a_warehouse(self):
        self.backend.write({"import_stock": True, "warehouse_id": self.warehouse.id})
        self.prices(offer(more="<Количество>7</Количество>"))
        self.assertEqual(self.template().product_variant_id.qty_available, 7)

    def test_a_warehouse_of_the_same_name_is_linked(self):
        self.warehouse.name = "Главный"
        self.prices(offer())
        self.assertEqual(self.binding(STORE, "warehouse").warehouse_id, self.warehouse)

    def test_characteristics_become_variants(self):
        rows = [
            offer(f"{GUIDS[0]}#{GUIDS[n]}", ((PRICE_TYPE, price),)).replace(
                "<Цены>", f"<Наименование>Цемент ({name})</Наименование><Цены>"
            )
            for n, name, price in ((6, "МКР", "6500"), (7, "мешок", "7000"))
        ]
        self.assertEqual(self.prices(*rows), "success")
        variants = self.template().product_variant_ids
        self.assertEqual(len(variants), 2)
        self.assertEqual(sorted(variants.mapped("lst_price")), [6500.0, 7000.0])
        self.assertEqual(variants.mapped("default_code"), ["ЦЕМ-1"] * 2)
        self.prices(*rows)
        self.assertEqual(self.last_record().unchanged_count, 2)
        self.assertEqual(len(self.template().product_variant_ids), 2)

    def test_changes_only_package(self):
        data = offers(offer()).replace(
            "ПакетПредложений".encode(), "ИзмененияПакетаПредложений".encode()
        )
        self.assertEqual(self.send(data, "catalog", "offers0_2.xml"), "success")
        self.assertEqual(self.price(), 6100.0)


@tagged("post_install", "-at_install")
class TestSharedExports(CatalogCommon):
    def send_sample(self, *parts: str) -> str:
        path = shared_sample(self, *parts)
        return self.send(path.read_bytes(), "catalog", path.name[:60])

    def test_trade_management_11(self):
        folder = ("carono+yii2-1c-exchange", "files", "xml")
        self.assertEqual(self.send_sample(*folder, "import.xml"), "success")
        record = self.last_record()
        self.assertEqual((record.created_count, record.failed_count), (24, 0))
        self.assertEqual(self.send_sample(*folder, "offers.xml"), "success")
        boots = self.template("bd72d910-55bc-11d9-848a-00112f43529a")
        self.assertEqual(boots.name, "Женские ботфорты коричневые")
        self.assertEqual(boots.uom_id.okei_code, "715")
        self.assertIn("Б-130001", boots.product_variant_ids.mapped("default_code"))
        self.assertIn(1719.0, boots.product_variant_ids.mapped("lst_price"))
        self.assertEqual(self.send_sample(*folder, "offers.xml"), "success")
        self.assertEqual(self.last_record().unchanged_count, 5)

    def test_prices_and_rests_of_the_bitrix_module(self):
        folder = ("gillbeits+commerceml", "example")
        self.send_sample(*folder, "import___b815e2db-7a65-4265-9241-5f0c4f0565a7.xml")
        self.assertEqual(self.last_record().failed_count, 0)
        self.assertEqual(self.last_record().created_count, 97)
        self.backend.create_products = False
        self.send_sample(*folder, "prices___d66a6b51-ce9c-4e7a-8c7c-25079721107f.xml")
        record = self.last_record()
        self.assertEqual((record.state, record.skipped_count), ("done", 978))

    def test_counterparties(self):
        self.client.write({"vat": False, "kpp": False})
        partner = self._create_counterparty("Алтай")
        partner.write({"country_id": self.env.ref("base.kz").id, "vat": "181310839110"})
        self.send_sample("ArgentCrusade+commerceml", "contractors-example.xml")
        binding = self.binding("4141d5ec-e2a6-11db-95d9-505054503030", "partner")
        self.assertEqual(binding._get_record(), partner)
        self.assertEqual(self.last_record().skipped_count, 3)
