"""The medical record over FHIR's REST: how many requests a second, with sign-in, audit and row-level security on.

* a mix of 10 % creates, 60 % reads, 25 % updates, 5 % deletes by 16 clients, at one node and at two of one database,
* searches of a record of a million resources (``--quick``: 50,000): of a patient and a code, the newest first, names,
  references followed,
* transactions of 80 resources, into the same record, which is filled below the API by the code that makes the keys.

Clients, server and PostgreSQL share the machine; durable means that PostgreSQL has synced before the answer.
"""

import argparse
import json
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from bench.c_store import claim
from bench.record_filling import fill
from bench.web import Client
from tests.region import Region, Server, running_server

_JSON = "application/fhir+json"
_CLIENTS = 16
_PER_PATIENT = 40
_ROUNDS = 20
_CODES = ("8867-4", "8310-5", "9279-1", "2708-6", "85354-9")
_SURNAMES = "王李张刘陈杨赵黄周吴"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明"
Work = Callable[[random.Random, Client, list[str]], bool]


def _patient(rng: random.Random) -> dict[str, Any]:
    name = rng.choice(_SURNAMES) + rng.choice(_GIVEN) + rng.choice(_GIVEN)
    return {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:lightwell:issuer:HIS", "value": str(rng.randrange(10**9))}],
        "name": [{"text": name, "family": name[0], "given": [name[1:]]}],
        "gender": rng.choice(("male", "female")),
        "birthDate": f"{rng.randrange(1930, 2025)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        "telecom": [{"system": "phone", "value": f"1{rng.randrange(10**10):010}"}],
    }


def _observation(rng: random.Random, patient: str) -> dict[str, Any]:
    day = f"2026-{rng.randrange(1, 12):02}-{rng.randrange(1, 29):02}T{rng.randrange(24):02}:00:00+08:00"
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": rng.choice(_CODES)}]},
        "subject": {"reference": patient},
        "effectiveDateTime": day,
        "valueQuantity": {"value": rng.randrange(30, 200), "system": "http://unitsofmeasure.org", "code": "/min"},
    }


def _entry(resource: dict[str, Any], full_url: str = "") -> dict[str, Any]:
    named = {"fullUrl": full_url} if full_url else {}
    return {**named, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}


def _family(rng: random.Random, observations: int) -> list[dict[str, Any]]:
    """Return a patient and what was observed of them."""
    address = f"urn:uuid:{rng.randrange(1 << 32):08x}-2fa1-11d2-883f-{rng.randrange(1 << 48):012x}"
    return [_entry(_patient(rng), address), *(_entry(_observation(rng, address)) for _ in range(observations))]


def known_family(rng: random.Random, identifier: str) -> list[dict[str, Any]]:
    """Return a patient of an ID and what was observed of them, as they are kept."""
    own = [_observation(rng, f"Patient/{identifier}") for _ in range(_PER_PATIENT - 1)]
    return [_patient(rng) | {"id": identifier}, *(one | {"id": f"{identifier[:13]}-{n}"} for n, one in enumerate(own))]


def _post(client: Client, entries: list[dict[str, Any]]) -> list[str]:
    """Do a transaction and return the IDs of its patients."""
    bundle = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
    status, body = client.send("POST", "/fhir", bundle, _JSON)
    assert status == 200, body[:300]
    places = (entry["response"]["location"].split("/") for entry in json.loads(body)["entry"])
    return [place[1] for place in places if place[0] == "Patient"]


def _client(server: Server, region: Region) -> Client:
    return Client(server.url, {"Authorization": f"Bearer {region.token_a}", "Accept": _JSON})


def _at_once(
    nodes: Sequence[Server], region: Region, work: Work, given: list[str], seconds: float
) -> tuple[float, float]:
    """Let sixteen clients work at nodes in turn for a while; return requests a second and the 99th percentile in ms."""
    taken: list[float] = []
    end = time.perf_counter() + seconds

    def go(number: int) -> None:
        node = nodes[number % len(nodes)]
        rng, client, own = random.Random(number), _client(node, region), given[number::_CLIENTS]
        mine: list[float] = []
        while (began := time.perf_counter()) < end:
            assert work(rng, client, own)
            mine.append(time.perf_counter() - began)
        taken.extend(mine)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken) / seconds, sorted(taken)[int(len(taken) * 0.99)] * 1000


def _mix(rng: random.Random, client: Client, own: list[str]) -> bool:
    kind = rng.random()
    if kind < 0.1 or len(own) < 3:
        status, body = client.send("POST", "/fhir/Patient", json.dumps(_patient(rng)).encode(), _JSON)
        own.append(json.loads(body)["id"])
        return status == 201
    if kind < 0.7:
        return client.send("GET", f"/fhir/Patient/{rng.choice(own)}")[0] == 200
    if kind < 0.95:
        chosen = rng.choice(own)
        body = json.dumps(_patient(rng) | {"id": chosen}).encode()
        return client.send("PUT", f"/fhir/Patient/{chosen}", body, _JSON)[0] == 200
    gone = own.pop(rng.randrange(len(own)))
    return client.send("DELETE", f"/fhir/Patient/{gone}")[0] == 204


def _search(rng: random.Random, client: Client, own: list[str]) -> bool:
    patient, code = rng.choice(own), rng.choice(_CODES)
    queries = (
        f"Observation?patient={patient}&code=http://loinc.org|{code}&_sort=-date&_count=20",
        f"Observation?patient={patient}&_sort=-date&_count=20",
        f"Observation?patient={patient}&date=ge2026-06&_count=20",
        f"Patient?_id={patient}&_revinclude=Observation:patient",
        f"Patient?name=zhang{rng.choice('wfjl')}&_count=10",
        f"Patient?identifier=urn:lightwell:issuer:HIS|{rng.randrange(10**9)}",
        f"Observation?_id={patient}&_include=Observation:patient",
    )
    return client.send("GET", f"/fhir/{rng.choice(queries)}")[0] == 200


def _newest(client: Client) -> float:
    """Return how long the newest of a code in the whole hospital take, in ms."""
    taken: list[float] = []
    for code in _CODES * 3:
        began = time.perf_counter()
        assert client.send("GET", f"/fhir/Observation?code=http://loinc.org|{code}&_sort=-date&_count=20")[0] == 200
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)[len(taken) // 2]


def crud(seconds: float) -> list[dict[str, Any]]:
    """Measure the mix of reads and changes by one node, and by two nodes of one database: medians of three each."""
    found: list[dict[str, Any]] = []
    turns = [(_crud(1, seconds), _crud(2, seconds)) for _ in range(3)]
    for said, runs in zip(("one node", "two nodes"), zip(*turns, strict=True), strict=True):
        rate, last_ms = (statistics.median(figures) for figures in zip(*runs, strict=True))
        found += [
            claim(f"FHIR CRUD mix by 16 clients at {said}, requests/s beside 1200", rate, 1200, 1),
            claim(f"FHIR CRUD mix by 16 clients at {said}, p99 in ms beside 100", last_ms, 100, 1, smaller=True),
        ]
    return found


def _crud(count: int, seconds: float) -> tuple[float, float]:
    with running_server(workers=0) as (first, region), ExitStack() as stack:
        nodes = [first, *(stack.enter_context(first.beside()) for _ in range(count - 1))]
        client, rng = _client(first, region), random.Random(1)
        given = [key for _ in range(20) for key in _post(client, [_entry(_patient(rng)) for _ in range(50)])]
        first.query("ANALYZE")  # which PostgreSQL does by itself within a minute
        _at_once(nodes, region, _mix, given[:200], 2)
        del given[:200]  # some of them are deleted by now
        return _at_once(nodes, region, _mix, given, seconds)


def searching(resources: int, seconds: float) -> list[dict[str, Any]]:
    """Measure transactions into a record that is full, and searches of it."""
    with running_server(workers=0) as (server, region):
        client, rng = _client(server, region), random.Random(2)
        began = time.perf_counter()
        given = fill(server, region, known_family, resources // _PER_PATIENT)
        print(f"{resources} resources in {time.perf_counter() - began:.0f} s")
        rates: list[float] = []
        for _ in range(_ROUNDS):
            families = [_family(rng, _PER_PATIENT - 1) for _ in range(25)]
            bundles = [families[place] + families[place + 1] for place in range(0, 24, 2)] + [families[24]]
            began = time.perf_counter()
            given += [key for bundle in bundles for key in _post(client, bundle)]
            rates.append(25 * _PER_PATIENT / (time.perf_counter() - began))
        _at_once([server], region, _search, given, 2)
        rate, last_ms = _at_once([server], region, _search, given, seconds)
        newest_ms = _newest(client)
    print(f"search mix of {resources} resources: p99 {last_ms:.0f} ms")
    return [
        claim("FHIR transactions by one client, resources/s beside 3000", sorted(rates)[len(rates) // 2], 3000, 1),
        claim(f"FHIR search mix of {resources} resources by 16 clients, requests/s beside 400", rate, 400, 1),
        claim(f"the newest of a code among {resources} resources, ms beside 100", newest_ms, 100, 1, smaller=True),
    ]


def main() -> None:
    """Measure and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    is_quick = parser.parse_args().quick
    resources, seconds = (50_000, 8) if is_quick else (1_000_000, 30)
    print(json.dumps([*crud(seconds), *searching(resources, seconds)]))


if __name__ == "__main__":
    main()
