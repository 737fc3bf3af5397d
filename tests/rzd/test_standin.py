# Copyright 2026 Cement Portal contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

"""The stand-in itself: it moves its wagons and answers as the cabinet does."""

import base64
import json
import urllib.error
import urllib.request

import pytest

from . import papers
from .scenario import Scenario, check_digit
from .server import Cabinet

_STANDING = ("idle", "faulty")


@pytest.fixture
def cabinet():
    server = Cabinet().start()
    yield server
    server.stop()


def ask(server, path, data=None, login="cement:demo"):
    request = urllib.request.Request(server.url + path, data=data)
    token = base64.b64encode(login.encode()).decode()
    request.add_header("Authorization", f"Basic {token}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def test_an_ordered_report_is_done_after_a_while(cabinet):
    key = json.loads(ask(cabinet, "/reports", b"{}"))["id"]
    assert json.loads(ask(cabinet, f"/reports/{key}"))["status"] == "processing"
    report = json.loads(ask(cabinet, f"/reports/{key}"))
    assert report["status"] == "done"
    table = report["data"]["data"]
    assert len(table["body"]) == len(cabinet.scenario.wagons)
    number = table["body"][0][table["head"].index("NOM_VAG")]
    assert check_digit(number[:7]) == int(number[7])


def test_a_wrong_login_is_refused(cabinet):
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask(cabinet, "/report.json", login="cement:wrong")
    assert caught.value.code == 401


def test_wagons_move_and_come_back():
    scenario = Scenario()
    standing = {w.number for w in scenario.wagons if w.state in _STANDING}
    places = {w.number: w.history[-1]["at"] for w in scenario.wagons}
    for _step in range(200):
        for wagon in scenario.advance():
            assert wagon.operation_at > places[wagon.number]
            places[wagon.number] = wagon.operation_at
            assert 0 <= wagon.km_left <= wagon.km_total
    assert standing == {w.number for w in scenario.wagons if w.state in _STANDING}
    assert {w.loaded for w in scenario.wagons} == {True, False}


def test_files(cabinet):
    assert ask(cabinet, "/report.xlsx")[:2] == b"PK"
    assert "Номер вагона" in ask(cabinet, "/report.csv").decode("cp1251")
    number = cabinet.scenario.wagons[0].number
    history = json.loads(ask(cabinet, f"/wagons/{number}/history"))
    assert history["data"]["wagon"] == number
    assert history["data"]["operations"]


def test_modes(cabinet):
    cabinet.mode = "500"
    with pytest.raises(urllib.error.HTTPError) as caught:
        ask(cabinet, "/report.json")
    assert caught.value.code == 500
    cabinet.mode = "nonsense"
    assert b"<html>" in ask(cabinet, "/report.json")


def test_fields_are_those_of_the_cabinet():
    row = papers.fields(Scenario().wagons[0], Scenario().wagons[0].operation_at)
    assert row["VES_GRZ"].startswith("0000")
    assert isinstance(row["COORDS"], list)


def test_an_order_may_name_its_wagons(cabinet):
    named = [
        {"number": "93014207", "waybill": "ЭЦ228901", "way": "south", "place": 2},
        {
            "number": "93099995",
            "waybill": "ЭЦ228902",
            "way": [
                ["814208", "НОВОТРОИЦК", 51.2, 58.3, 0],
                ["765425", "Л", 58, 56, 9],
            ],
        },
    ]
    body = json.dumps({"wagons": named}).encode()
    key = json.loads(ask(cabinet, "/reports", body))["id"]
    ask(cabinet, f"/reports/{key}")
    table = json.loads(ask(cabinet, f"/reports/{key}"))["data"]["data"]
    numbers = [row[0] for row in table["body"]]
    assert numbers == ["93014207", "93099995"]
    moved = {w.number for _step in range(9) for w in cabinet.scenario.advance()}
    assert moved <= set(numbers)
