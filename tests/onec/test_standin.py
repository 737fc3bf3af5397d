"""The stand-in itself: a lenient tester would make every site look right."""

import threading
import unittest
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.onec.client import Client, Settings
from tests.onec.infobase import Faults, Infobase
from tests.onec.papers import goods_files
from tests.onec.steps import fragments
from tests.onec.wire import Address, ExchangeError

TOKEN = "a" * 32
PLAIN = "text/plain; charset=utf-8"


def order_xml(number: str = "P0000001", line: str = "", head: str = "") -> str:
    line = line or (
        "<Товар><Ид>c1a5e0de-0001-4c3e-9d60-000000000001</Ид><Наименование>Цемент"
        '</Наименование><БазоваяЕдиница Код="168">т</БазоваяЕдиница><СтавкиНалогов>'
        "<СтавкаНалога><Наименование>НДС</Наименование><Ставка>22</Ставка>"
        "</СтавкаНалога></СтавкиНалогов><ЗначенияРеквизитов><ЗначениеРеквизита>"
        "<Наименование>ТипНоменклатуры</Наименование><Значение>Товар</Значение>"
        "</ЗначениеРеквизита></ЗначенияРеквизитов><ЦенаЗаЕдиницу>10</ЦенаЗаЕдиницу>"
        "<Количество>2</Количество><Сумма>20</Сумма><Единица>168</Единица>"
        "<Коэффициент>1</Коэффициент></Товар>"
    )
    head = head or "<ХозОперация>Заказ товара</ХозОперация><Валюта>RUB</Валюта>"
    return (
        f"<Документ><Номер>{number}</Номер><Дата>2026-02-03</Дата>{head}<Сумма>20"
        "</Сумма><Контрагенты><Контрагент><Наименование>Бетон</Наименование>"
        "<ОфициальноеНаименование>ООО Бетон</ОфициальноеНаименование>"
        "<ИНН>7707083893</ИНН></Контрагент></Контрагенты><Время>10:00:00</Время>"
        f"<Товары>{line}</Товары></Документ>"
    )


def batch(*orders: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация>'
        f"{''.join(orders)}</КоммерческаяИнформация>"
    )


class Site:
    """A site that answers by a script and remembers what it was sent."""

    def __init__(self) -> None:
        self.answers = {
            "checkauth": f"success\ncml_sid\n{TOKEN}\nsessid={TOKEN}",
            "init": "zip=no\nfile_limit=1000",
            "file": "success",
            "import": "success",
            "query": batch(),
            "success": "success",
        }
        self.kind = PLAIN
        self.seen: list[str] = []
        self.files: dict[str, bytes] = {}

    def answer(self, target: str, body: bytes) -> bytes:
        params = dict(parse_qsl(urlsplit(target).query))
        mode = params["mode"]
        self.seen.append(mode)
        if mode == "file":
            name = params["filename"]
            self.files[name] = self.files.get(name, b"") + body
        answer = self.answers[mode]
        if isinstance(answer, list):
            answer = answer.pop(0)
        return answer.encode()


def serve(site: Site) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            size = int(self.headers.get("Content-Length") or 0)
            body = site.answer(self.path, self.rfile.read(size))
            self.send_response(200)
            self.send_header("Content-Type", site.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class TestStandIn(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        server = serve(self.site)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}/1c/exchange"

    def client(self, faults: Faults | None = None, **settings) -> Client:
        infobase = Infobase(faults=faults)
        return Client(self.url, "1c", "x", infobase, Settings(**settings))

    def test_a_plain_run(self):
        self.site.answers["query"] = batch(order_xml())
        client = self.client()
        result = client.pull()
        self.assertEqual(result.created, ["P0000001"])
        self.assertEqual(self.site.seen, ["checkauth", "query", "success"])
        self.assertEqual(client.complaints, [])
        self.assertEqual(client.pull().rewritten, ["P0000001"])

    def test_init_with_a_third_line_fails(self):
        for answer in ("zip=no\nfile_limit=1\n", "zip=no\nfile_limit=1\nx", "zip=no"):
            self.site.answers["init"] = answer
            with self.assertRaises(ExchangeError):
                self.client().push_catalog()

    def test_query_must_begin_with_the_declaration(self):
        for answer in ("<КоммерческаяИнформация/>", " <?xml", "failure\nx"):
            self.site.answers["query"] = answer
            with self.assertRaises(ExchangeError):
                self.client().pull()
        self.assertNotIn("success", self.site.seen)

    def test_an_empty_answer_fails(self):
        self.site.answers["query"] = ""
        with self.assertRaises(ExchangeError):
            self.client().pull()

    def test_complaints(self):
        self.site.kind = "text/html"
        client = self.client()
        client.pull()
        self.assertEqual(len([c for c in client.complaints if "charset" in c]), 3)
        self.site.kind = PLAIN
        for query, word in (
            (batch(order_xml("P00000000001")), "11"),
            (batch(order_xml(line="")), ""),
            (batch(order_xml().replace("7707083893", "770708389312")), "дубль"),
            (batch(order_xml().replace("<Ставка>22<", "<Ставка>23<")), "станет 0"),
            (batch(order_xml().replace("<Единица>168</Единица>", "")), ""),
            (batch(order_xml().replace("<Коэффициент>1</Коэффициент>", "")), "factor"),
        ):
            self.site.answers["query"] = query
            client = self.client()
            client.pull()
            text = " ".join(client.complaints)
            self.assertIn(word, text) if word else self.assertEqual(text, "")

    def test_units_leak_from_line_to_line(self):
        full = order_xml()
        bare = full.replace("<Коэффициент>1</Коэффициент>", "").replace(
            "P0000001", "P2"
        )
        first = full.replace("<Коэффициент>1<", "<Коэффициент>7<")
        self.site.answers["query"] = batch(first, bare)
        client = self.client()
        client.pull()
        self.assertEqual(client.infobase.find("P2")["lines"][0]["factor"], "7")

    def test_a_crash_rolls_everything_back(self):
        self.site.answers["query"] = batch(order_xml("P1"), order_xml("P2"))
        client = self.client(Faults(crash_on={"P2"}))
        self.assertFalse(client.pull().ok)
        self.assertEqual(client.infobase.orders, {})
        self.assertNotIn("success", self.site.seen)

    def test_a_refusal_leaves_what_came_before(self):
        payment = "<ХозОперация>Выплата безналичных денег</ХозОперация>"
        self.site.answers["query"] = batch(
            order_xml("P1"), order_xml("P2", head=payment)
        )
        client = self.client()
        self.assertFalse(client.pull().ok)
        self.assertEqual(list(client.infobase.orders), ["P1"])
        self.assertNotIn("success", self.site.seen)

    def test_files_are_cut_and_imported_with_patience(self):
        self.site.answers["import"] = ["progress\n1", "success", "failure\nx"]
        client = self.client()
        with self.assertRaises(ExchangeError):
            client.push_catalog()
        self.assertEqual(self.site.seen.count("import"), 3)
        sizes = {name: len(data) for name, data in self.site.files.items()}
        self.assertEqual(set(sizes), {"import0_1.xml", "offers0_1.xml"})
        self.assertGreater(self.site.seen.count("file"), 4)

    def test_no_import_when_the_node_does_not_wait(self):
        self.client(wait_for_import=False).push_catalog()
        self.assertNotIn("import", self.site.seen)

    def test_fragments_cut_characters(self):
        data = goods_files(datetime(2026, 2, 3))[0][1]
        parts = list(fragments(data, 101))
        self.assertEqual(b"".join(parts), data)
        broken = 0
        for part in parts:
            try:
                part.decode()
            except UnicodeDecodeError:
                broken += 1
        self.assertTrue(broken)

    def test_the_life_of_an_order(self):
        self.site.answers["query"] = [batch(order_xml()), batch(), batch(), batch()]
        client = self.client()
        told = [client.cycle()[1] for _n in range(4)]
        self.assertEqual(told, [0, 1, 1, 1])
        text = b"".join(self.site.files.values()).decode()
        self.assertIn("Проведен", text)
        self.assertIn("Номер отгрузки по 1С", text)

    def test_addresses(self):
        address = Address.parse("https://portal.example:8443\\1c\\exchange")
        self.assertTrue(address.secure)
        self.assertEqual((address.port, address.path), (8443, "1c/exchange"))
        self.assertEqual(Address.parse("portal").path, "bitrix/admin/1c_exchange.php")
        with self.assertRaises(ExchangeError):
            Address.parse("http://portal/1c?db=x")


if __name__ == "__main__":
    unittest.main()
