"""Rest-hooks as the other machine sees them (R4 2.46.7.1): told of each change that fits, in order, at least once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clinical.fhir.conftest import Client, client_of
from tests.clinical.subscriptions.conftest import HERE, create, end, observation, subscription
from tests.clinical.subscriptions.listener import Listener, Told, listening
from tests.region import Region, Server, running_server, wait_for

JSON = "application/fhir+json"
WARD = {"coding": [{"system": "http://loinc.org", "code": "8310-5"}]}


def test_a_change_that_fits_is_told_by_an_empty_post_with_the_headers_asked_for(
    client_a: Client, listener: Listener
) -> None:
    asked = subscription(listener.url, header=["Authorization: Bearer secret", "X-Ward: 7"])
    made = create(client_a, asked)
    assert made["status"] == "active"
    create(client_a, observation(code=WARD))
    create(client_a, observation())
    assert wait_for(lambda: bool(listener.told))
    end(client_a, made)
    [told] = listener.told
    assert (told.method, told.path, told.body) == ("POST", "/hook", b"")
    assert (told.headers["authorization"], told.headers["x-ward"]) == ("Bearer secret", "7")


def test_with_a_payload_the_resource_is_put_under_its_name(client_a: Client, listener: Listener) -> None:
    made = create(client_a, subscription(listener.url, payload=JSON))
    seen = create(client_a, observation(valueInteger=70))
    changed = client_a("PUT", f"/Observation/{seen['id']}", json=seen | {"valueInteger": 71}).json()
    assert wait_for(lambda: any(json.loads(told.body) == changed for told in listener.told))
    end(client_a, made)
    assert {(told.method, told.path) for told in listener.told} == {("PUT", f"/hook/Observation/{seen['id']}")}
    assert {told.headers["content-type"] for told in listener.told} == {JSON}


def test_whose_data_went_out_is_in_the_audit_trail(
    house: tuple[Server, Region], client_a: Client, listener: Listener
) -> None:
    made = create(client_a, subscription(listener.url, payload=JSON))
    patient = create(client_a, {"resourceType": "Patient"})["id"]
    create(client_a, observation(subject={"reference": f"Patient/{patient}"}))
    assert wait_for(lambda: bool(listener.told))
    end(client_a, made)
    trail = "SELECT actor_name, action FROM core.audit WHERE subject = %s AND screen = 'subscription'"
    assert house[0].query(trail, f"patient/{patient}") == [("user-a", "read")]


@pytest.mark.hazard("H-04")
def test_nothing_of_another_hospital_is_told(client_a: Client, client_b: Client, listener: Listener) -> None:
    made = create(client_a, subscription(listener.url, payload=JSON))
    own = create(client_b, subscription(f"{listener.url}/b", payload=JSON))
    create(client_b, observation())
    assert wait_for(lambda: bool(listener.told))
    here = create(client_a, observation())
    assert wait_for(lambda: f"/hook/Observation/{here['id']}" in listener.paths())
    end(client_a, made)
    end(client_b, own)
    assert len([path for path in listener.paths() if not path.startswith("/hook/b/")]) == 1


def test_a_deletion_and_what_no_longer_fits_is_not_told(client_a: Client, listener: Listener) -> None:
    made = create(client_a, subscription(listener.url, payload=JSON))
    first = create(client_a, observation())
    assert wait_for(lambda: len(listener.told) == 1)
    assert client_a("PUT", f"/Observation/{first['id']}", json=first | {"code": WARD}).status_code == 200
    assert client_a("DELETE", f"/Observation/{first['id']}").status_code == 204
    last = create(client_a, observation())
    assert wait_for(lambda: f"/hook/Observation/{last['id']}" in listener.paths())
    end(client_a, made)
    assert len(listener.told) == 2


def test_criteria_go_over_references_as_searches_do(client_a: Client, listener: Listener) -> None:
    made = create(client_a, subscription(listener.url, "Observation?subject:Patient.gender=female", payload=JSON))
    named = [create(client_a, {"resourceType": "Patient", "gender": one})["id"] for one in ("male", "female")]
    made_of = [create(client_a, observation(subject={"reference": f"Patient/{one}"}))["id"] for one in named]
    assert wait_for(lambda: bool(listener.told))
    end(client_a, made)
    assert listener.paths() == [f"/hook/Observation/{made_of[1]}"]


def test_many_changes_at_once_are_each_told_and_those_of_one_writer_in_order(
    client_a: Client, listener: Listener
) -> None:
    made = create(client_a, subscription(listener.url, payload=JSON))

    def write(writer: int) -> list[str]:
        return [create(client_a, observation(valueInteger=writer))["id"] for _ in range(25)]

    with ThreadPoolExecutor(8) as threads:
        written = list(threads.map(write, range(8)))
    entry = {"request": {"method": "POST", "url": "Observation"}, "resource": observation(valueInteger=8)}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry] * 100}
    answer = client_a("POST", "", json=bundle).json()["entry"]
    written.append([one["response"]["location"].split("/")[1] for one in answer])
    every = {one for own in written for one in own}
    told = lambda: [path.rpartition("/")[2] for path in listener.paths()]  # noqa: E731
    assert wait_for(lambda: set(told()) >= every, 60)
    end(client_a, made)
    places = {identifier: place for place, identifier in enumerate(told())}
    assert len(places) == 300
    for own in written:
        assert [places[one] for one in own] == sorted(places[one] for one in own)


def test_one_machine_that_is_slow_keeps_nobody_else_waiting(client_a: Client, listener: Listener) -> None:
    gate = threading.Event()

    def wait(_: Told) -> int:
        gate.wait(8)
        return 204

    with listening() as slow:
        slow.answer = wait
        made = [create(client_a, subscription(one.url)) for one in (slow, listener)]
        create(client_a, observation())
        assert wait_for(lambda: bool(listener.told))
        assert slow.told == []
        gate.set()
        assert wait_for(lambda: bool(slow.told))
        for one in made:
            end(client_a, one)


def test_slow_machines_of_one_hospital_leave_room_for_those_of_others(
    client_a: Client, client_b: Client, listener: Listener
) -> None:
    gate = threading.Event()

    def wait(_: Told) -> int:
        gate.wait(8)
        return 204

    with listening() as slow:
        slow.answer = wait
        made = [create(client_a, subscription(f"{slow.url}/{number}")) for number in range(12)]
        own = create(client_b, subscription(listener.url))
        create(client_a, observation())
        create(client_b, observation())
        assert wait_for(lambda: bool(listener.told), 6)
        assert slow.told == []
        gate.set()
        assert wait_for(lambda: len(slow.told) == 12)
        end(client_b, own)
        for one in made:
            end(client_a, one)


def test_a_machine_that_refuses_gets_it_again_and_in_order(client_a: Client, listener: Listener) -> None:
    answers = iter([503, 500, 302])
    listener.answer = lambda _: next(answers, 200)
    listener.elsewhere = f"{listener.url}/elsewhere"
    made = create(client_a, subscription(listener.url, payload=JSON))
    ids = [create(client_a, observation())["id"] for _ in range(2)]
    assert wait_for(lambda: len(listener.told) >= 5, 30)
    end(client_a, made)
    assert listener.paths() == [f"/hook/Observation/{one}" for one in [ids[0]] * 4 + [ids[1]]]


def test_a_machine_that_was_gone_is_told_when_it_is_back(client_a: Client) -> None:
    with listening() as before:
        port = before.port
    made = create(client_a, subscription(before.url, payload=JSON))
    ids = [create(client_a, observation())["id"] for _ in range(3)]
    with listening(port) as back:
        assert wait_for(lambda: len(back.told) == 3, 30)
    end(client_a, made)
    assert back.paths() == [f"/hook/Observation/{one}" for one in ids]


def test_a_subscription_that_was_turned_off_is_told_nothing(client_a: Client, listener: Listener) -> None:
    made = create(client_a, subscription(listener.url, payload=JSON))
    other = create(client_a, subscription(f"{listener.url}/other", payload=JSON))
    off = client_a("PUT", f"/Subscription/{made['id']}", json=made | {"status": "off"})
    assert (off.status_code, off.json()["status"]) == (200, "off")
    create(client_a, observation())
    assert wait_for(lambda: bool(listener.told))
    again = client_a("PUT", f"/Subscription/{made['id']}", json=made | {"status": "requested"})
    assert again.json()["status"] == "active"
    last = create(client_a, observation())["id"]
    assert wait_for(lambda: f"/hook/Observation/{last}" in listener.paths())
    end(client_a, made)
    end(client_a, other)
    assert [path.startswith("/hook/other") for path in listener.paths()].count(False) == 1


def test_the_secrets_of_headers_are_never_shown_and_stay_when_it_is_written_again(
    client_a: Client, listener: Listener
) -> None:
    made = create(client_a, subscription(listener.url, header=["Authorization: Bearer secret", "X-A: b"]))
    assert made["channel"]["header"] == ["Authorization: ***", "X-A: ***"]
    address = f"/Subscription/{made['id']}"
    shown = made["channel"] | {"header": ["Authorization: ***", "X-A: c"]}
    again = made | {"status": "requested", "channel": shown}
    assert client_a("PUT", address, json=again).status_code == 200
    create(client_a, observation())
    assert wait_for(lambda: bool(listener.told))
    assert "secret" not in client_a("GET", f"{address}/_history").text
    end(client_a, made)
    told = listener.told[0].headers
    assert (told["authorization"], told["x-a"]) == ("Bearer secret", "c")


@pytest.mark.timeout(120)
def test_nothing_is_lost_when_the_server_dies_in_the_middle() -> None:
    gate = threading.Event()
    with running_server(subscription_targets=HERE) as (server, region), listening() as listener:
        listener.answer = lambda _: 204 if gate.is_set() else (gate.wait(3), 503)[1]
        client = client_of(server, region.token_a)
        create(client, subscription(listener.url, payload=JSON))
        ids = [create(client, observation())["id"] for _ in range(20)]
        server.kill()
        gate.set()
        server.start()
        ids += [create(client, observation())["id"] for _ in range(5)]
        names = [f"/hook/Observation/{one}" for one in ids]
        assert wait_for(lambda: set(listener.paths()) >= set(names), 60)
        first = [listener.paths().index(name) for name in names]
        assert first == sorted(first)
