# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""A 1C database on the other side, reached through the door without HTTP."""

from odoo.addons.cement_sale.tests.common import CementSaleCommon

from ..tools import protocol
from ..tools.door import Body, Call, Reply
from .kernel import REPOSITORY

LOGIN, PASSWORD = "1c-test", "secret-of-1c"
ROOT = '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация>'
END = "</КоммерческаяИнформация>"
GUIDS = [f"c1a5e0de-{n:04d}-4c3e-9d60-000000000001" for n in range(10)]


def cml(body: str) -> bytes:
    """Return a CommerceML file with this body."""
    return f"{ROOT}{body}{END}".encode()


class OneCCommon(CementSaleCommon):
    """Class attribute on top of ``CementSaleCommon``: ``backend``, switched on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # other databases of 1C, of the demo or of a developer, stay out of it
        cls.env["cement.connector.backend"].search([]).action_disable()
        cls.backend = cls._create_backend()
        cls.client.write({"kpp": "770701001", "legal_form": "company"})

    @classmethod
    def _create_backend(cls, **vals):
        return cls.env["cement.connector.backend"].create(
            {
                "name": "UT",
                "company_id": cls.supplier.id,
                "login": LOGIN,
                "secret": PASSWORD,
                "state": "enabled",
                "import_seconds": 1,
                **vals,
            }
        )

    # === The client's side ===

    def call(self, kind: str, mode: str, token: str = "", **values) -> Reply:
        """Send one request through the door."""
        values["body"] = Body(values.get("body", b""))
        call = Call(type=kind, mode=mode, session_token=token, **values)
        return self.env["cement.connector.door"]._serve(call)

    def login(self, kind: str = "sale", credentials=(LOGIN, PASSWORD), **values) -> str:
        """Open a session and return its token."""
        reply = self.call(kind, "checkauth", credentials=credentials, **values)
        self.assertEqual(reply.status, 200, reply.text)
        return protocol.parse_answer(reply.text).lines[1]

    def query(self, token: str | None = None) -> tuple[str, str]:
        """Pull the orders; return the token of the session and the XML."""
        token = token or self.login()
        reply = self.call("sale", "query", token)
        return token, reply.content.decode(reply.charset)

    def send(self, data: bytes, kind: str = "sale", name: str = "orders-1.xml") -> str:
        """Send a file whole, ask for its import and return the answer."""
        token = self.login(kind)
        answer = self.call(kind, "file", token, filename=name, body=data).text
        self.assertEqual(answer, "success")
        return self.import_file(token, kind, name)

    def import_file(self, token: str, kind: str, name: str) -> str:
        """Ask for the import until it is over."""
        for _n in range(100):
            answer = self.call(kind, "import", token, filename=name).text
            if not answer.startswith("progress"):
                return answer
        raise AssertionError("the import never ends")

    def last_record(self):
        """Return the newest exchange."""
        return self.env["cement.exchange.record"].search(
            [("backend_id", "=", self.backend.id)], order="id desc", limit=1
        )

    def numbers(self, xml: str) -> list[str]:
        """Return the numbers of the orders in a batch."""
        return [part.partition("<")[0] for part in xml.split("<Номер>")[1:]]

    def push(self, order, **requisites) -> str:
        """Send what 1C says about one order; ``_`` in names stands for a blank."""
        return self.send(self.status_file(order, **requisites))

    def status_file(self, order, guid: str = GUIDS[9], total=None, **requisites):
        """Return a status file about one order."""
        rows = "".join(
            f"<ЗначениеРеквизита><Наименование>{name.replace('_', ' ')}</Наименование>"
            f"<Значение>{value}</Значение></ЗначениеРеквизита>"
            for name, value in requisites.items()
        )
        total = f"{order.amount_total:.2f}" if total is None else total
        return cml(
            f"<Документ><Ид>{guid}</Ид><Номер>{order.name}</Номер>"
            "<Дата>2026-02-03</Дата><ХозОперация>Заказ товара</ХозОперация>"
            f"<Сумма>{total}</Сумма><ЗначенияРеквизитов>{rows}</ЗначенияРеквизитов>"
            "</Документ>"
        )


__all__ = [
    "END",
    "GUIDS",
    "LOGIN",
    "PASSWORD",
    "REPOSITORY",
    "ROOT",
    "OneCCommon",
    "cml",
]
