"""A hospital's whole record leaves as files of one resource a line, as it was at one moment."""

import json
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.clinical.fhir.conftest import Client
from tests.clinical.fhir.test_interactions import create, patient
from tests.region import Region, Server, wait_for

ASYNC = {"Prefer": "respond-async"}


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'lw_app'"


def order(client: Client, path: str) -> str:
    answer = client("GET", path, headers=ASYNC)
    assert answer.status_code == 202, answer.text
    return answer.headers["content-location"].partition("/fhir")[2]


def manifest(client: Client, path: str) -> dict[str, Any]:
    address = order(client, path)
    assert wait_for(lambda: client("GET", address).status_code == 200)
    return client("GET", address).json()


@contextmanager
def held_up(server: Server) -> Generator[None]:
    """Let whoever writes the record come no further than that, until the block ends."""
    place = str(server.settings.data_dir / "postgres-socket")
    with psycopg.connect(host=place, port=5432, user="postgres", dbname="lightwell") as connection:
        connection.execute("LOCK TABLE core.audit IN SHARE MODE")
        yield


def lines(client: Client, told: dict[str, Any], type_name: str) -> dict[str, Any]:
    address = next(item["url"] for item in told["output"] if item["type"] == type_name)
    answer = client("GET", address.partition("/fhir")[2])
    assert answer.headers["content-type"] == "application/fhir+ndjson"
    resources = [json.loads(line) for line in answer.text.splitlines()]
    return {item["id"]: item for item in resources}


def test_every_resource_is_exported_as_it_was_at_the_moment_of_the_order(a: Client) -> None:
    kept, changed, gone = (create(a, patient()) for _ in range(3))
    told = manifest(a, "/$export?_type=Patient,Basic")
    a("PUT", f"/Patient/{changed['id']}", json=changed | {"gender": "male"})
    a("DELETE", f"/Patient/{gone['id']}")
    later = create(a, patient())
    found = lines(a, told, "Patient")
    assert [found[item["id"]] for item in (kept, changed, gone)] == [kept, changed, gone]
    assert later["id"] not in found


def test_what_changed_since_is_exported_alone(a: Client) -> None:
    before = create(a, patient())
    after = create(a, patient())
    found = lines(a, manifest(a, f"/Patient/$export?_since={after['meta']['lastUpdated']}"), "Patient")
    assert after["id"] in found
    assert before["id"] not in found


def test_what_is_being_written_when_the_order_comes_is_waited_for(a: Client, house: tuple[Server, Region]) -> None:
    server = house[0]
    with ThreadPoolExecutor(1) as other:
        with held_up(server):
            writing = other.submit(create, a, patient())
            assert wait_for(lambda: server.query(WAITING)[0][0] > 0)
            address = order(a, "/$export?_type=Patient")
            early = a("GET", address)
            assert (early.status_code, early.headers["retry-after"]) == (202, "1")
        late = writing.result()
    assert wait_for(lambda: a("GET", address).status_code == 200)
    told = a("GET", address).json()
    assert late["meta"]["lastUpdated"] < told["transactionTime"]
    assert lines(a, told, "Patient")[late["id"]] == late


def test_more_than_a_page_is_exported_once_each(a: Client) -> None:
    entry = {
        "resource": {"resourceType": "Basic", "code": {"text": "x"}},
        "request": {"method": "POST", "url": "Basic"},
    }
    answer = a("POST", "", json={"resourceType": "Bundle", "type": "transaction", "entry": [entry] * 1201})
    assert answer.status_code == 200
    told = manifest(a, "/$export?_type=Basic")
    address = told["output"][0]["url"].partition("/fhir")[2]
    ids = [json.loads(line)["id"] for line in a("GET", address).text.splitlines()]
    assert len(ids) == len(set(ids)) >= 1201


def test_a_hospital_exports_nothing_of_another(a: Client, b: Client) -> None:
    mine = create(a, patient())
    told = manifest(a, "/$export?_type=Patient")
    address = told["output"][0]["url"].partition("/fhir")[2]
    assert mine["id"] in a("GET", address).text
    assert mine["id"] not in b("GET", address).text


def test_an_order_says_what_is_wrong_with_it(a: Client) -> None:
    assert a("GET", "/$export").status_code == 400
    assert a("GET", "/$export?_outputFormat=text/csv", headers=ASYNC).status_code == 400
    assert a("GET", "/$export?_type=Nonsense", headers=ASYNC).status_code == 404
    assert a("GET", "/$export?_since=yesterday", headers=ASYNC).status_code == 400


def test_the_audit_trail_names_every_patient_whose_data_left(a: Client, house: tuple[Server, Region]) -> None:
    before, owner = create(a, patient()), create(a, patient())
    create(a, {"resourceType": "Basic", "code": {"text": "x"}, "subject": {"reference": f"Patient/{owner['id']}"}})
    told = manifest(a, f"/$export?_type=Basic&_since={owner['meta']['lastUpdated']}")
    lines(a, told, "Basic")
    trail = "SELECT action FROM core.audit WHERE purpose = 'export' AND subject = %s"
    assert house[0].query(trail, f"patient/{owner['id']}") == [("read",)]
    assert house[0].query(trail, f"patient/{before['id']}") == []
