"""What a client may ask for: everything else is refused with what was expected, and nothing is kept of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.clinical.fhir.conftest import Client, client_of
from tests.clinical.subscriptions.conftest import create, end, subscription
from tests.region import Region, Server

HERE = "http://127.0.0.1:9/hook"
ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]}


def without(resource: dict[str, Any], *path: str) -> dict[str, Any]:
    """Return a resource with something that it has to have said to be absent (R4 2.1.0.3)."""
    *above, name = path
    if above:
        return resource | {above[0]: without(resource[above[0]], name)}
    rest = {key: value for key, value in resource.items() if key != name}
    return rest | {f"_{name}": ABSENT}


@pytest.mark.parametrize(
    ("asked", "where", "expected"),
    [
        (subscription(HERE, "Nothing?code=1"), "criteria", "a search of one type"),
        (subscription(HERE, "Observation?nothing=1"), "criteria", "search parameter of Observation"),
        (subscription(HERE, "Observation?date=soon"), "criteria", "expected"),
        (subscription(HERE, "Observation?code=1&_sort=date"), "criteria", "conditions only"),
        (subscription(HERE, "Observation?_include=Observation:patient"), "criteria", "conditions only"),
        (subscription(HERE, type="email"), "channel.type", "rest-hook or websocket"),
        (subscription(HERE, payload="application/fhir+xml"), "channel.payload", "application/fhir+json"),
        (subscription(None), "channel.endpoint", "expected an address"),
        (subscription("ftp://127.0.0.1/x"), "channel.endpoint", "expected an address"),
        (subscription("http://me:secret@127.0.0.1/x"), "channel.endpoint", "without user"),
        (subscription("http://169.254.169.254/latest"), "channel.endpoint", "LIGHTWELL_SUBSCRIPTION_TARGETS"),
        (subscription("http://[::1]:8080/"), "channel.endpoint", "LIGHTWELL_SUBSCRIPTION_TARGETS"),
        (subscription(HERE, header=["Host: elsewhere"]), "channel.header", "expected headers"),
        (subscription(HERE, header=["A: b\r\nC: d"]), "channel.header", "expected headers"),
        (subscription(HERE, header=["Authorization: ***x", "nothing"]), "channel.header", "expected headers"),
        (subscription(HERE, header=["Authorization: ***"]), "channel.header", "anew"),
        (subscription(HERE, header=["Host: ***"]), "channel.header", "anew"),
        (subscription(HERE, header=["A: b\r\nC: d\r\nE: ***"]), "channel.header", "expected headers"),
        (subscription(HERE, header=["A: b", None], _header=[None, ABSENT]), "channel.header", "expected headers"),
        (subscription(HERE, "Patient?name=%00a"), "criteria", "character 0"),
        (without(subscription(HERE), "criteria"), "criteria", "a search of one type"),
        (without(subscription(HERE), "channel", "type"), "channel.type", "rest-hook or websocket"),
        (without(subscription(HERE), "status"), "status", "requested"),
        (subscription(HERE) | {"end": "2020-01-01T00:00:00Z"}, "end", "still to come"),
        (subscription(HERE) | {"status": "active"}, "status", "requested"),
        (subscription(HERE) | {"status": "error"}, "status", "requested"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_was_expected(
    client_a: Client, asked: dict[str, Any], where: str, expected: str
) -> None:
    answer = client_a("POST", "/Subscription", json=asked)
    assert answer.status_code == 422, answer.text
    [issue] = answer.json()["issue"]
    assert issue["expression"] == [f"Subscription.{where}"]
    assert expected in issue["diagnostics"]
    assert "secret" not in answer.text
    assert client_a("GET", "/Subscription?_summary=count").json()["total"] == 0


def test_every_reason_is_named_at_once(client_a: Client) -> None:
    asked = subscription("nowhere", "Nothing", payload="text/plain")
    issues = client_a("POST", "/Subscription", json=asked).json()["issue"]
    assert [one["expression"][0].partition(".")[2] for one in issues] == [
        "criteria",
        "channel.endpoint",
        "channel.payload",
    ]


def test_all_of_a_type_may_be_asked_for_and_a_patch_turns_it_off(client_a: Client) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = create(client_a, subscription(HERE, "Observation") | {"end": later})
    off = [{"op": "replace", "path": "/status", "value": "off"}]
    headers = {"Content-Type": "application/json-patch+json"}
    answer = client_a("PATCH", f"/Subscription/{made['id']}", json=off, headers=headers)
    assert answer.json()["status"] == "off"
    end(client_a, made)


def test_a_transaction_that_holds_a_wrong_one_writes_nothing(client_a: Client) -> None:
    patient = {"resourceType": "Patient", "identifier": [{"value": "with-a-wrong-subscription"}]}
    entries = [
        {"request": {"method": "POST", "url": item["resourceType"]}, "resource": item}
        for item in (patient, subscription("http://10.0.0.1/"))
    ]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    assert client_a("POST", "", json=bundle).status_code == 422
    found = client_a("GET", "/Patient?identifier=with-a-wrong-subscription&_summary=count")
    assert found.json()["total"] == 0


def test_whoever_may_only_write_the_record_subscribes_nobody(house: tuple[Server, Region]) -> None:
    server, region = house
    server.query("UPDATE core.membership SET role = 'clinician' WHERE organisation_id = %s", region.b)
    clinician = client_of(server, region.token_b)
    try:
        answer = clinician("POST", "/Subscription", json=subscription(HERE))
        assert answer.status_code == 403
        assert "record.resolve" in answer.text
        assert clinician("POST", "/Patient", json={"resourceType": "Patient"}).status_code == 201
    finally:
        server.query("UPDATE core.membership SET role = 'administrator' WHERE organisation_id = %s", region.b)


def test_the_server_says_where_its_websocket_is(client_a: Client, house: tuple[Server, Region]) -> None:
    [rest] = client_a("GET", "/metadata").json()["rest"]
    [line] = [one for one in rest["extension"] if one["url"].endswith("/capabilitystatement-websocket")]
    assert line["valueUri"] == f"ws://127.0.0.1:{house[0].http_port}/fhir/ws"


@pytest.mark.hazard("H-04")
def test_a_secret_goes_to_the_machine_that_it_was_written_for_only(client_a: Client) -> None:
    made = create(client_a, subscription(HERE, header=["Authorization: Bearer secret"]))
    address = f"/Subscription/{made['id']}"
    again = made | {"status": "requested"}
    elsewhere = again | {"channel": made["channel"] | {"endpoint": "http://127.0.0.2:9/hook"}}
    beside = again | {"channel": made["channel"] | {"endpoint": "http://127.0.0.1:9/other"}}
    assert made["channel"]["header"] == ["Authorization: ***"]
    refused = client_a("PUT", address, json=elsewhere)
    assert (refused.status_code, "anew" in refused.text, "secret" in refused.text) == (422, True, False)
    assert client_a("PUT", address, json=beside).status_code == 200
    end(client_a, made)
