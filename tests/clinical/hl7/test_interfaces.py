"""The interface monitor: which line lives, what failed on it, and what a person may do about it."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from lightwell.clinical import interfaces_http
from lightwell.clinical.hl7.text import encode, show
from lightwell.core.actors import ROLES, Permission
from lightwell.core.errors import InvalidRequest
from tests.mllp import Line, adt, code
from tests.region import Region, Server, running_server, wait_for


@dataclass
class House:
    """A running server, and a person of hospital A who runs its lines."""

    server: Server
    region: Region

    def __call__(self, method: str, path: str, token: str = "", **more: Any) -> Any:
        """Ask for something that is there, and return what comes."""
        answer = self.ask(method, path, token, **more)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def ask(self, method: str, path: str, token: str = "", **more: Any) -> httpx.Response:
        """Ask for something."""
        headers = {"Authorization": f"Bearer {token or self.region.token_a}"}
        return httpx.request(method, f"{self.server.url}/api/interfaces{path}", headers=headers, timeout=30, **more)

    def source(self, label: str) -> dict[str, Any]:
        """Return the line of a source."""
        return next(item for item in self("GET", "")["sources"] if item["source"]["label"] == label)

    def failed(self, control_id: str) -> dict[str, Any]:
        """Wait until a message has failed, and return it."""

        def found() -> list[dict[str, Any]]:
            return [item for item in self("GET", "/messages/in") if item["control_id"] == control_id]

        assert wait_for(lambda: bool(found()), 20)
        return found()[0]


@pytest.fixture(scope="module")
def house() -> Generator[House]:
    """A server to which HIS sends for hospital A."""
    with running_server() as (server, region):
        made = House(server, region)
        terms = {"organisation_id": region.a, "label": "HIS", "sending_application": "HIS", "network": "127.0.0.0/8"}
        made("POST", "/sources", json=terms)
        with Line(server.hl7_port) as line:
            assert wait_for(lambda: code(line.send(adt("FIRST", "FIRST"))) == "AA")
        yield made


def send(house: House, *messages: bytes) -> list[str]:
    with Line(house.server.hl7_port) as line:
        return [code(line.send(raw)) for raw in messages]


def test_a_line_tells_what_came_over_it_and_when_last(house: House) -> None:
    before = house.source("HIS")["flow"]
    send(house, *(adt(f"FLOW{number}", "FLOW", "A08") for number in range(3)))
    flow = house.source("HIS")["flow"]
    assert [flow[name] - before[name] for name in ("minute", "hour", "day")] == [3, 3, 3]
    assert (len(flow["series"]), sum(flow["series"])) == (30, flow["hour"])
    assert flow["last_kind"] == "ADT^A08"
    assert flow["last_at"] > before["last_at"]


def test_the_ports_are_those_that_systems_can_send_to(house: House) -> None:
    told = house("GET", "")
    assert (told["port"], told["tls_port"]) == (house.server.hl7_port, -1)


def test_a_failed_message_is_read_corrected_and_applied(house: House) -> None:
    send(house, adt("FIX", "FIX", pid_7="not a date", name="張^葉東"))
    trouble = house.failed("FIX")
    shown = house("GET", f"/messages/in/{trouble['id']}")
    assert "expected YYYY" in shown["about"]["reason"]
    assert shown["text"]["text"].split("\n")[2] == "PID|||FIX^^^MR||張^葉東||not a date|M"
    assert shown["answer"]["text"].split("\n")[1].startswith("MSA|AA|FIX")
    corrected = shown["text"]["text"].replace("not a date", "19800101")
    house("POST", f"/messages/in/{trouble['id']}/correct", json={"text": corrected})
    find = "SELECT count(*) FROM clinical.patient_identifier WHERE value = 'FIX'"
    assert wait_for(lambda: house.server.query(find) == [(1,)], 20)
    assert trouble["id"] not in [item["id"] for item in house("GET", "/messages/in")], "it waits for nobody any more"
    seen = "SELECT detail FROM core.audit WHERE action = 'message.seen'"
    assert {"message": trouble["id"]} in [row[0] for row in house.server.query(seen)]


def test_a_correction_that_cannot_be_applied_is_told_and_the_message_waits_still(house: House) -> None:
    send(house, adt("WRONG", "WRONG", pid_7="nothing"))
    trouble = house.failed("WRONG")
    for text in ("PID|1", "MSH|^~\\&|HIS", "MSH|^~\\&|HIS|A|||||ADT^A01|1|P|2.5||||||ASCII\nPID|1||7||张"):
        answer = house.ask("POST", f"/messages/in/{trouble['id']}/correct", json={"text": text})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), text
    assert house.failed("WRONG")["id"] == trouble["id"]


def test_many_are_applied_again_or_set_aside_at_once(house: House) -> None:
    send(house, *(adt(f"MANY{number}", f"MANY{number}", pid_7="no") for number in range(4)))
    numbers = [house.failed(f"MANY{number}")["id"] for number in range(4)]
    before = house.source("HIS")["flow"]["failed"]
    assert house("POST", "/messages/in/replay", json={"numbers": numbers[:2]}) == {"count": 2}
    assert house("POST", "/messages/in/dismiss", json={"numbers": numbers[2:]}) == {"count": 2}
    assert wait_for(lambda: house.failed("MANY0")["tries"] == 1 and house.failed("MANY1")["tries"] == 1, 20)
    assert house.source("HIS")["flow"]["failed"] == before - 2
    assert house.ask("POST", "/messages/in/replay", json={"numbers": numbers[2:]}).status_code == 404
    page = house("GET", f"/messages/in?limit=1&before={numbers[1]}")
    assert [item["id"] for item in page] == [numbers[0]]


def test_a_line_is_added_changed_and_removed(house: House) -> None:
    terms = {"organisation_id": house.region.a, "label": "RIS", "sending_application": "RIS"}
    number = house("POST", "/sources", json=terms)["id"]
    house("PUT", f"/sources/{number}", json=terms | {"charset": "GB 18030-2000", "is_enhanced": True})
    changed = house.source("RIS")["source"]
    assert changed["charset"] == "GB 18030-2000"
    assert changed["issuer"] == "urn:lightwell:source:RIS", "whoever gives numbers has a name also when none is said"
    house("PUT", f"/sources/{number}", json=terms | {"label": "RIS 2"})
    assert house.source("RIS 2")["source"]["issuer"] == "urn:lightwell:source:RIS", "its patients are known by that"
    assert house.ask("POST", "/sources", json=terms).status_code == 409
    again = house.ask(
        "PUT", f"/sources/{number}", json=terms | {"sending_application": "HIS", "network": "127.0.0.0/8"}
    )
    assert again.status_code == 409
    house("DELETE", f"/sources/{number}")
    assert house.ask("DELETE", f"/sources/{number}").status_code == 404


def test_what_is_refused_is_sent_again_when_its_line_is_put_right(house: House) -> None:
    terms = {
        "organisation_id": house.region.a,
        "label": "self",
        "host": "127.0.0.1",
        "port": house.server.hl7_port,
        "receiving_application": "SELF",
        "kinds": ["ORU^R01"],
    }
    number = house("POST", "/destinations", json=terms)["id"]
    _write_report(house, "r1")

    def flow() -> dict[str, Any]:
        return next(item for item in house("GET", "")["destinations"] if item["destination"]["id"] == number)["flow"]

    assert wait_for(lambda: flow()["failed"] == 1, 20), "nobody here is called LIGHTWELL"
    [trouble] = house("GET", f"/messages/out?line={number}")
    assert trouble["reason"] == "AR 204 unknown key identifier (MSH-3)"
    ours = {
        "organisation_id": house.region.b,
        "label": "LW",
        "sending_application": "LIGHTWELL",
        "network": "127.0.0.0/8",
    }
    house("POST", "/sources", house.region.token_b, json=ours)
    shown = house("GET", f"/messages/out/{trouble['id']}")
    assert shown["answer"]["text"].split("\n")[1].startswith("MSA|AR|")

    def is_sent_again() -> bool:
        house.ask("POST", "/messages/out/replay", json={"numbers": [trouble["id"]]})
        return wait_for(lambda: flow()["failed"] == 0 and flow()["day"] == 1, 5)

    assert wait_for(is_sent_again, 20)
    _write_report(house, "r2")
    assert wait_for(lambda: flow()["day"] == 2, 20)
    house("PUT", f"/destinations/{number}", json=terms | {"port": 1})
    _write_report(house, "r3")
    assert wait_for(lambda: "line failed" in flow()["trouble"] and flow()["waiting"] == 1, 20)
    refused = house.ask("DELETE", f"/destinations/{number}")
    assert (refused.status_code, "1 messages wait for it" in refused.text) == (409, True)
    [left] = house("GET", "/messages/out")
    assert (left["state"], left["is_superseded"]) == ("waiting", False)
    assert house.ask("POST", "/messages/out/replay", json={"numbers": [left["id"]]}).status_code == 404
    assert house("POST", "/messages/out/dismiss", json={"numbers": [left["id"]]}) == {"count": 1}
    house("DELETE", f"/destinations/{number}")


def test_two_people_correct_the_same_message_and_one_text_is_applied(house: House) -> None:
    send(house, adt("TWO", "TWO", pid_7="no"))
    trouble = house.failed("TWO")
    text = house("GET", f"/messages/in/{trouble['id']}")["text"]["text"]

    def correct(day: str) -> int:
        corrected = {"text": text.replace("||no|", f"||{day}|")}
        return house.ask("POST", f"/messages/in/{trouble['id']}/correct", json=corrected).status_code

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(correct, ("19800101", "19900101"))) == [200, 409]
    made = "SELECT count(*) FROM clinical.hl7_message WHERE edited_from = %s"
    assert house.server.query(made, trouble["id"]) == [(1,)]


def test_a_refused_message_is_corrected_and_sent(house: House) -> None:
    terms = {"organisation_id": house.region.a, "label": "self", "host": "127.0.0.1", "port": house.server.hl7_port}
    terms |= {"receiving_application": "SELF2", "kinds": ["ORU^R01"], "sending_application": "NOBODY"}
    number = house("POST", "/destinations", json=terms)["id"]
    _write_report(house, "r4")
    assert wait_for(lambda: bool(house("GET", f"/messages/out?line={number}")), 20)
    [trouble] = house("GET", f"/messages/out?line={number}")
    text = house("GET", f"/messages/out/{trouble['id']}")["text"]["text"].replace("|NOBODY|", "|HIS|")
    assert house.ask("POST", f"/messages/out/{trouble['id']}/correct", json={"text": "PID|1"}).status_code == 400
    cut = {"text": text.replace("CT", "C\x1cT")}
    assert house.ask("POST", f"/messages/out/{trouble['id']}/correct", json=cut).status_code == 400
    house("POST", f"/messages/out/{trouble['id']}/correct", json={"text": text})
    sent = "SELECT state FROM clinical.hl7_outgoing WHERE edited_from = %s"
    assert wait_for(lambda: house.server.query(sent, trouble["id"]) == [("sent",)], 20)
    assert trouble["id"] not in [item["id"] for item in house("GET", f"/messages/out?line={number}")]
    assert wait_for(lambda: house.ask("DELETE", f"/destinations/{number}").is_success, 20), "what came back is told too"


def _write_report(house: House, key: str) -> None:
    headers = {"Authorization": f"Bearer {house.region.token_a}"}
    made = {"resourceType": "DiagnosticReport", "id": key, "status": "final", "code": {"text": "CT"}}
    patient = {"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:x", "value": "P"}]}
    subject = {"subject": {"reference": "Patient/p"}, "conclusion": "正常"}
    for resource in (patient, made | subject):
        path = f"{house.server.url}/fhir/{resource['resourceType']}/{resource['id']}?organisation=a"
        assert httpx.put(path, json=resource, headers=headers, timeout=30).is_success


@pytest.mark.hazard("H-04")
def test_another_hospital_sees_and_does_nothing(house: House) -> None:
    send(house, adt("SECRET", "SECRET", pid_7="no"))
    trouble, token = house.failed("SECRET"), house.region.token_b
    number = house.source("HIS")["source"]["id"]
    assert "HIS" not in [item["source"]["label"] for item in house("GET", "", token)["sources"]]
    assert house("GET", "/messages/in", token) == []
    terms = {"organisation_id": house.region.a, "label": "x", "sending_application": "x"}
    asked = [
        house.ask("GET", f"/messages/in/{trouble['id']}", token),
        house.ask("POST", "/messages/in/replay", token, json={"numbers": [trouble["id"]]}),
        house.ask("POST", f"/messages/in/{trouble['id']}/correct", token, json={"text": "MSH|^~\\&|HIS"}),
        house.ask("DELETE", f"/sources/{number}", token),
        house.ask("PUT", f"/sources/{number}", token, json=terms | {"organisation_id": house.region.b}),
        house.ask("POST", "/sources", token, json=terms),
    ]
    assert [answer.status_code for answer in asked] == [404, 404, 404, 404, 404, 403]
    assert not any("SECRET" in answer.text for answer in asked)


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    "terms",
    [
        {"network": "127.0.0.1/32"},
        {"network": "127.0.0.1/32", "sending_application": "*"},
        {"sending_facility": "A", "network": "0.0.0.0/0"},
        {"network": "127.0.0.0/8", "certificate_sha256": "ab" * 32},
    ],
)
def test_another_hospital_does_not_take_a_feed_by_describing_it_more_exactly(
    house: House, terms: dict[str, str]
) -> None:
    token, own = house.region.token_b, {"organisation_id": house.region.b, "label": "x", "sending_application": "HIS"}
    refused = house.ask("POST", "/sources", token, json=own | terms)
    assert (refused.status_code, refused.json()["code"]) == (409, "caller_taken")
    assert "甲" not in refused.text
    number = house("POST", "/sources", token, json=own | {"sending_application": "B", "network": "192.0.2.1"})["id"]
    changed = house.ask("PUT", f"/sources/{number}", token, json=own | terms)
    assert (changed.status_code, changed.json()["code"]) == (409, "caller_taken")
    house("PUT", f"/sources/{number}", token, json=own | terms | {"network": "192.0.2.1"})
    house("DELETE", f"/sources/{number}", token)


@pytest.mark.hazard("H-04")
def test_another_hospital_does_nothing_about_what_goes_out(house: House) -> None:
    terms = {"organisation_id": house.region.a, "label": "away", "host": "127.0.0.1", "port": 1}
    terms |= {"receiving_application": "AWAY", "kinds": ["ORU^R01"]}
    number = house("POST", "/destinations", json=terms)["id"]
    _write_report(house, "r5")
    assert wait_for(lambda: any(item["tries"] for item in house("GET", f"/messages/out?line={number}")), 20)
    [trouble] = house("GET", f"/messages/out?line={number}")
    token, path = house.region.token_b, f"/messages/out/{trouble['id']}"
    assert house("GET", "/messages/out", token) == house("GET", f"/messages/out?line={number}", token) == []
    assert house("GET", "", token)["destinations"] == []
    asked = [
        house.ask("GET", path, token),
        house.ask("POST", "/messages/out/replay", token, json={"numbers": [trouble["id"]]}),
        house.ask("POST", "/messages/out/dismiss", token, json={"numbers": [trouble["id"]]}),
        house.ask("POST", f"{path}/correct", token, json={"text": "MSH|^~\\&|HIS"}),
        house.ask("DELETE", f"/destinations/{number}", token),
        house.ask("PUT", f"/destinations/{number}", token, json=terms | {"organisation_id": house.region.b}),
        house.ask("POST", "/destinations", token, json=terms),
    ]
    assert [answer.status_code for answer in asked] == [404, 404, 404, 404, 404, 404, 403]
    house("POST", "/messages/out/dismiss", json={"numbers": [trouble["id"]]})
    house("DELETE", f"/destinations/{number}")


def test_only_who_settles_the_record_sees_messages_and_lines() -> None:
    assert {row.permission for row in interfaces_http.ENDPOINTS} == {Permission.RECORD_RESOLVE}
    assert [role for role, held in ROLES.items() if Permission.RECORD_RESOLVE in held] == ["engineer", "administrator"]


def test_what_cannot_be_read_is_shown_with_why() -> None:
    raw = b"MSH|^~\\&|HIS|A|||||ADT^A01|1|P|2.5||||||UNICODE UTF-8\rPID|1||7||\xff\xff\xe5\xbc\xa0\r"
    shown = show(raw, "UNICODE UTF-8")
    assert shown.fault.startswith("expected")
    assert "\N{REPLACEMENT CHARACTER}" in shown.text


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_what_is_shown_goes_back_to_its_bytes(charset: str) -> None:
    raw = adt("1", "1", name="張^葉東").decode().encode(charset)
    shown = show(raw, "GB18030")
    assert encode(shown.text, raw, "GB18030") == raw
    with pytest.raises(InvalidRequest):
        encode("hello", raw, "GB18030")
    with pytest.raises(InvalidRequest, match="stands for some that cannot be told"):
        encode(shown.text.replace("張", "\N{REPLACEMENT CHARACTER}"), raw, "GB18030")
