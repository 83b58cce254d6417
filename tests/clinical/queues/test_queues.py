"""Patients check in, are called in order and each once, come back when they were passed, and are not named to all."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from lightwell.clinical.queues.masking import full_name, masked_name
from tests.mllp import Line, adt, code, message
from tests.region import PASSWORD, Region, Server, running_server, wait_for


@dataclass
class Clinic:
    """A running server, and a queue of hospital A."""

    server: Server
    region: Region
    queue: int = 0

    def __call__(self, method: str, path: str, **more: Any) -> Any:
        """Ask for something that is there, and return what comes."""
        answer = self.ask(method, path, **more)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def ask(self, method: str, path: str, token: str = "", **more: Any) -> httpx.Response:
        """Ask for something."""
        headers = {"Authorization": f"Bearer {token or self.region.token_a}"}
        return httpx.request(method, f"{self.server.url}{path}", headers=headers, timeout=30, **more)

    def open(self, name: str, code: str = "") -> None:
        """Open a queue and go on with that."""
        body = {"organisation_id": self.region.a, "name": name, "prefix": "A", "code": code}
        self.queue = self("POST", "/api/queues", json=body)["id"]

    def arrive(self, key: str, family: str = "张", given: str = "小三") -> None:
        """Have somebody come to the counter."""
        patient = {"resourceType": "Patient", "id": key, "name": [{"family": family, "given": [given]}]}
        assert self.ask("PUT", f"/fhir/Patient/{key}", json=patient).is_success
        self("POST", f"/api/queues/{self.queue}/tickets", json={"patient": key})

    def next(self, room: str = "3") -> str | None:
        """Call the next one."""
        return self("POST", f"/api/queues/{self.queue}/next", json={"room": room})["number"]

    def places(self) -> list[dict[str, Any]]:
        """Return who is in the queue."""
        return self("GET", f"/api/queues/{self.queue}")["places"]

    def do(self, number: str, what: str, **body: str) -> httpx.Response:
        """Do something about somebody."""
        [ticket] = [item["id"] for item in self.places() if item["number"] == number]
        return self.ask("POST", f"/api/tickets/{ticket}/{what}", json=body)

    def numbers(self, state: str) -> list[str]:
        """Return the numbers in a state, in their order."""
        return [item["number"] for item in self.places() if item["state"] == state]


@pytest.fixture(scope="module")
def clinic() -> Generator[Clinic]:
    """A server with two hospitals."""
    with running_server() as (server, region):
        yield Clinic(server, region)


def test_who_comes_first_is_called_first_and_who_was_passed_comes_back_behind_two(clinic: Clinic) -> None:
    clinic.open("order")
    for number in range(5):
        clinic.arrive(f"o{number}")
    assert clinic.numbers("waiting") == ["A001", "A002", "A003", "A004", "A005"]
    assert clinic.next() == "A001"
    assert clinic.do("A001", "pass").is_success
    assert clinic.next("4") == "A002"
    assert clinic.do("A001", "return").is_success
    assert clinic.numbers("waiting") == ["A003", "A004", "A001", "A005"]
    assert clinic.do("A002", "call").is_success
    [called] = [item for item in clinic.places() if item["state"] == "called"]
    assert (called["number"], called["room"], called["calls"]) == ("A002", "4", 2)
    assert clinic.do("A002", "done").is_success
    assert clinic.do("A005", "leave").is_success
    assert [clinic.next() for _ in range(4)] == ["A003", "A004", "A001", None]


def test_what_cannot_be_done_is_told_and_changes_nothing(clinic: Clinic) -> None:
    clinic.open("refused")
    clinic.arrive("r1")
    for what in ("pass", "return", "done"):
        assert clinic.do("A001", what).status_code == 409
    assert clinic.do("A001", "eat").status_code == 400
    assert clinic.numbers("waiting") == ["A001"]
    body = {"patient": "nobody"}
    assert clinic.ask("POST", f"/api/queues/{clinic.queue}/tickets", json=body).status_code == 404
    assert clinic.ask("POST", "/api/queues/99999/next", json={"room": "3"}).status_code == 404


def test_many_rooms_that_call_at_once_get_everybody_once(clinic: Clinic) -> None:
    clinic.open("race")
    keys = [f"x{number}" for number in range(12)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(clinic.arrive, keys))
        assert clinic.numbers("waiting") == [f"A{number:03}" for number in range(1, 13)]
        called = list(threads.map(lambda room: clinic.next(str(room)), range(12)))
    assert sorted(filter(None, called)) == [f"A{number:03}" for number in range(1, 13)]


def test_who_checks_in_twice_keeps_their_number(clinic: Clinic) -> None:
    clinic.open("twice")
    clinic.arrive("t1")
    again = clinic("POST", f"/api/queues/{clinic.queue}/tickets", json={"patient": "t1"})
    assert (again, clinic.numbers("waiting")) == ({"number": "A001", "is_new": False}, ["A001"])


def test_who_waits_at_midnight_goes_on_waiting_and_nobody_gets_their_number(clinic: Clinic) -> None:
    clinic.open("midnight")
    for key in ("m1", "m2"):
        clinic.arrive(key)
    late = "UPDATE clinical.ticket SET day = day - 1, arrived_at = arrived_at - interval '1 hour' WHERE queue_id = %s"
    clinic.server.query(late, clinic.queue)
    clinic.arrive("m3")
    assert clinic.numbers("waiting") == ["A001", "A002", "A003"]
    assert clinic.next() == "A001"
    assert [one["waiting"] for one in clinic("GET", "/api/queues") if one["id"] == clinic.queue] == [2]
    clinic.server.query(late.replace("1 hour", "1 day"), clinic.queue)
    assert clinic.places() == [], "whoever came the day before at this time has gone home"


def test_who_comes_later_does_not_overtake_who_was_passed_and_came_back(clinic: Clinic) -> None:
    clinic.open("overtaken")
    clinic.arrive("v1")
    clinic.arrive("v2")
    clinic.next()
    clinic.do("A001", "pass")
    clinic.do("A001", "return")
    clinic.arrive("v3")
    assert clinic.numbers("waiting") == ["A002", "A001", "A003"]


def test_a_room_says_which_it_is_and_calls_nobody_away_from_another(clinic: Clinic) -> None:
    clinic.open("rooms")
    clinic.arrive("w1")
    assert clinic.ask("POST", f"/api/queues/{clinic.queue}/next", json={"room": ""}).status_code == 400
    assert clinic.next("3") == "A001"
    refused = clinic.do("A001", "call", room="4")
    assert (refused.status_code, clinic.places()[0]["room"]) == (409, "3")
    assert clinic.do("A001", "call", room="3").is_success


def now() -> str:
    """Return the moment as messages write it."""
    return datetime.now(timezone(timedelta(hours=8))).strftime("%Y%m%d%H%M%S")


def came(control_id: str, number: str, event: str = "A04", **fields: str) -> bytes:
    """Return what tells that an outpatient has come just now, or has gone."""
    return adt(control_id, number, event, pv1_2="O", **{"at": now()} | fields)


def test_who_is_registered_by_a_message_waits_until_that_is_called_off(clinic: Clinic) -> None:
    added = clinic.server.run("hl7", "source", "add", "HIS", "--organisation", "a", "--network", "127.0.0.0/8")
    assert added.returncode == 0, added.stderr
    clinic.open("cardiology", code="CARD")
    with Line(clinic.server.hl7_port) as line:
        assert wait_for(lambda: code(line.send(adt("Q0", "Q0", "A08"))) == "AA")
        line.send(came("Q1", "Q1", pv1_10="CARD", pv1_19="V1"))
        assert wait_for(lambda: clinic.numbers("waiting") == ["A001"], 20)
        line.send(came("Q2", "Q2", pv1_3="CARD", pv1_19="V2"))
        assert wait_for(lambda: clinic.numbers("waiting") == ["A001", "A002"], 20)
        line.send(came("Q3", "Q1", pv1_10="CARD", pv1_19="V1"))
        line.send(came("Q3b", "Q3", pv1_10="CARD", pv1_19="V3"))
        assert wait_for(lambda: clinic.numbers("waiting") == ["A001", "A002", "A003"], 20)
        line.send(came("Q3c", "Q3", "A03", pv1_10="CARD", pv1_19="V3"))
        line.send(came("Q4", "Q1", "A11", pv1_10="CARD", pv1_19="V1"))
        assert wait_for(lambda: clinic.numbers("waiting") == ["A002"], 20)
    assert [item["name"] for item in clinic.places()] == ["张三"]


def test_who_came_on_another_day_is_not_waited_for_today(clinic: Clinic) -> None:
    clinic.server.run("hl7", "source", "add", "HIS", "--organisation", "a", "--network", "127.0.0.0/8")
    clinic.open("late", code="LATE")
    with Line(clinic.server.hl7_port) as line:
        assert wait_for(lambda: code(line.send(adt("L0", "L0", "A08"))) == "AA")
        line.send(came("L1", "L1", at="20261101083000", pv1_10="LATE", pv1_19="L1"))
        yesterday = datetime.now(timezone(timedelta(hours=8))).replace(hour=12) - timedelta(days=1)
        line.send(came("L4", "L4", at=f"{yesterday:%Y%m%d%H%M%S}", pv1_10="LATE", pv1_19="L4"))
        line.send(came("L2", "L2", at="", pv1_10="LATE", pv1_19="L2"))
        line.send(came("L3", "L3", pv1_10="LATE", pv1_19="L3"))
        assert wait_for(lambda: clinic.numbers("waiting") == ["A001"], 20)
        visits = "SELECT count(*) FROM clinical.hl7_message WHERE control_id ~ '^L[1-4]$' AND state = 'done'"
        assert wait_for(lambda: clinic.server.query(visits) == [(4,)], 20)
    [place] = clinic.places()
    assert clinic("GET", "/fhir/Patient?identifier=L3")["entry"][0]["resource"]["id"] == place["patient_id"]


def test_one_patient_has_one_number_whoever_tells_of_them_and_is_done_once(clinic: Clinic) -> None:
    clinic.server.run("hl7", "source", "add", "HIS", "--organisation", "a", "--network", "127.0.0.0/8")
    clinic.open("once", code="ONCE")
    visit = {"pv1_10": "ONCE", "pv1_19": "V7"}
    with Line(clinic.server.hl7_port) as line:
        assert wait_for(lambda: code(line.send(adt("N0", "N1", "A08"))) == "AA")
        assert wait_for(lambda: bool(clinic("GET", "/fhir/Patient?identifier=N1").get("entry")), 20)
        key = clinic("GET", "/fhir/Patient?identifier=N1")["entry"][0]["resource"]["id"]
        clinic("POST", f"/api/queues/{clinic.queue}/tickets", json={"patient": key})
        line.send(came("N2", "N1", **visit))
        visits = "SELECT encounter_id <> '' FROM clinical.ticket WHERE patient_id = %s"
        assert wait_for(lambda: clinic.server.query(visits, key) == [(True,)], 20)
        clinic.next()
        clinic.do("A001", "done")
        line.send(came("N3", "N1", **visit))
        line.send(came("N4", "N2", pv1_10="ONCE", pv1_19="V8"))
        assert wait_for(lambda: clinic.numbers("waiting") == ["A002"], 20)
    assert clinic.server.query(visits, key) == [(True,)]


def test_whose_appointment_says_they_have_come_waits_until_it_is_called_off(clinic: Clinic) -> None:
    def siu(control_id: str, event: str, status: str, days_ago: int = 0, end: str = "1230") -> bytes:
        day = f"{datetime.now(timezone(timedelta(hours=8))) - timedelta(days=days_ago):%Y%m%d}"
        head = ["MSH", "^~\\&", "HIS", "A", "", "", now(), "", f"SIU^{event}", control_id, "P", "2.5"]
        sch = ["SCH", f"AP-{days_ago}", *[""] * 9, f"^^30^{day}1200^{end and day + end}", *[""] * 13, status]
        return message(head, sch, ["PID", "1", "", f"S{days_ago + 1}^^^MR", "", "王^五"], ["AIS", "1", "", "ECHO"])

    clinic.server.run("hl7", "source", "add", "HIS", "--organisation", "a", "--network", "127.0.0.0/8")
    clinic.open("echo", code="ECHO")
    with Line(clinic.server.hl7_port) as line:
        assert wait_for(lambda: code(line.send(siu("S1", "S12", "Booked"))) == "AA")
        line.send(siu("S0", "S14", "Arrived", days_ago=1))  # a system that tells again of yesterday's
        line.send(siu("S9", "S14", "Arrived", days_ago=2, end=""))
        line.send(siu("S2", "S14", "Arrived"))
        done = "SELECT count(*) FROM clinical.hl7_message WHERE control_id IN ('S0', 'S9') AND state = 'done'"
        assert wait_for(lambda: clinic.server.query(done) == [(2,)], 20)
        assert wait_for(lambda: clinic.numbers("waiting") == ["A001"], 20)
        line.send(siu("S3", "S15", "Cancelled"))
        assert wait_for(lambda: clinic.numbers("waiting") == [], 20)
        line.send(siu("S4", "S14", "Arrived"))
        line.send(came("S5", "S1", pv1_10="ECHO", pv1_19="E1"))
        assert wait_for(lambda: clinic.numbers("waiting") == ["A002"], 20)
        line.send(came("S6", "S1", "A03", pv1_10="ECHO", pv1_19="E1"))
        assert wait_for(lambda: clinic.numbers("waiting") == [], 20), "the visit is over for which they came"


def test_a_locked_session_sees_the_board_and_nothing_else(clinic: Clinic) -> None:
    clinic.open("locked")
    clinic.arrive("locked-1")
    board, queue = f"/api/queues/{clinic.queue}/board", f"/api/queues/{clinic.queue}"
    with httpx.Client(base_url=clinic.server.url, headers={"X-Lightwell": "1"}, timeout=30) as page:
        assert page.get(board).status_code == 401
        page.post("/api/session", json={"username": "user-a", "password": PASSWORD})
        assert page.post("/api/session/lock").status_code == 204
        assert [one["number"] for one in page.get(board).json()["waiting"]] == ["A001"]
        assert [page.get(path).status_code for path in (queue, "/api/queues", "/fhir/Patient")] == [423] * 3


@pytest.mark.hazard("H-04")
def test_the_board_names_nobody_and_another_hospital_sees_nothing(clinic: Clinic) -> None:
    clinic.open("board")
    clinic.arrive("b1", "欧阳", "明月")
    clinic.arrive("b2", "Smith", "John")
    clinic.next("7")
    text = clinic.ask("GET", f"/api/queues/{clinic.queue}/board").text
    board = clinic("GET", f"/api/queues/{clinic.queue}/board")
    assert [(item["number"], item["name"], item["room"]) for item in board["called"]] == [("A001", "欧*", "7")]
    assert [(item["number"], item["name"]) for item in board["waiting"]] == [("A002", "S*")]
    assert not [word for word in ("明月", "阳", "mith", "John", "b1") if word in text]
    for path in ("", "/board"):
        assert clinic.ask("GET", f"/api/queues/{clinic.queue}{path}", clinic.region.token_b).status_code == 404
    room = {"room": "3"}
    assert clinic.ask("POST", f"/api/queues/{clinic.queue}/next", clinic.region.token_b, json=room).status_code == 404
    ticket = clinic.places()[0]["id"]
    assert clinic.ask("POST", f"/api/tickets/{ticket}/call", clinic.region.token_b, json={}).status_code == 404


def test_who_sees_the_names_is_in_the_audit_trail_and_screens_are_told(clinic: Clinic) -> None:
    clinic.open("told")
    clinic.arrive("z1")
    clinic.next("9")
    clinic.places()
    assert clinic.server.query("SELECT count(*) FROM core.audit WHERE subject = 'patient/z1' AND action = 'read'")[0][0]
    told = "SELECT payload FROM core.event WHERE name = 'TicketCalled' ORDER BY id DESC LIMIT 1"
    [(payload,)] = clinic.server.query(told)
    assert (payload["number"], payload["room"], payload["calls"]) == ("A001", "9", 1)
    assert "z1" not in str(payload)


@pytest.mark.parametrize(
    ("name", "full", "masked"),
    [
        ([{"family": "张", "given": ["三"]}], "张三", "张*"),
        ([{"text": "张三"}], "张三", "张*"),
        ([{"family": "Smith", "given": ["John"]}], "Smith John", "S*"),
        ([], "", "*"),
    ],
)
def test_a_name_is_masked_after_its_first_sign(name: list[dict[str, Any]], full: str, masked: str) -> None:
    assert (full_name({"name": name}), masked_name({"name": name})) == (full, masked)


@pytest.mark.hazard("H-37")
def test_a_number_goes_along_with_a_merge_and_back(clinic: Clinic) -> None:
    clinic.open("merged")
    clinic.arrive("one-a")
    clinic.arrive("one-b")
    clinic.open("merged elsewhere")
    clinic.arrive("one-b")
    both = {"survivor": "one-a", "retired": "one-b"}

    def waits() -> list[tuple[str, str]]:
        statement = (
            """SELECT patient_id, state FROM clinical.ticket WHERE patient_id IN ('one-a', 'one-b') ORDER BY id"""
        )
        return clinic.server.query(statement)

    number = clinic("POST", "/api/identity/merges", json=both)["id"]
    assert waits() == [("one-a", "waiting"), ("one-b", "left"), ("one-a", "waiting")]
    again = clinic("POST", f"/api/queues/{clinic.queue}/tickets", json={"patient": "one-a"})
    assert (again["number"], again["is_new"]) == ("A001", False)
    clinic("POST", f"/api/identity/merges/{number}/undo")
    assert waits() == [("one-a", "waiting"), ("one-b", "left"), ("one-b", "waiting")]


@pytest.mark.hazard("H-37")
def test_a_number_of_weeks_ago_that_nobody_closed_takes_no_place_from_the_one_of_today(clinic: Clinic) -> None:
    clinic.open("merged late")
    clinic.arrive("late-a")
    age = "UPDATE clinical.ticket SET day = day - 21, arrived_at = arrived_at - interval '21 days' WHERE queue_id = %s"
    clinic.server.query(age, clinic.queue)
    clinic.arrive("late-b")
    clinic("POST", "/api/identity/merges", json={"survivor": "late-a", "retired": "late-b"})
    assert [(item["patient_id"], item["state"]) for item in clinic.places()] == [("late-a", "waiting")]


@pytest.mark.hazard("H-37")
def test_whose_record_was_given_up_waits_under_the_one_that_counts(clinic: Clinic) -> None:
    clinic.open("given up")
    clinic.arrive("stays")
    assert clinic.ask("PUT", "/fhir/Patient/goes", json={"resourceType": "Patient", "id": "goes"}).is_success
    clinic("POST", "/api/identity/merges", json={"survivor": "stays", "retired": "goes"})
    given = clinic("POST", f"/api/queues/{clinic.queue}/tickets", json={"patient": "goes"})
    assert given == {"number": "A001", "is_new": False}
    assert [item["patient_id"] for item in clinic.places()] == ["stays"]
