"""FHIR R4: how long it takes to check a resource, beside fhir.resources, and to find what it is searched by.

A Patient of 1.8 KB and a Bundle of 100 entries, half patients and half blood pressures, in turn by each. Checked are
the bytes as they come from the network. ``--quick`` takes fewer rounds.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.patient import Patient

from bench.c_store import claim
from lightwell.standards.fhir.resource import decode_resource, encode_resource
from lightwell.standards.fhir.search.extracting import extract_values
from lightwell.standards.fhir.search.values import Place
from lightwell.standards.fhir.validation import validate_resource
from tests.standards.fhir.examples import example

_START = """
import time; began = time.perf_counter()
from lightwell.standards.fhir.structs import decoder_of
from lightwell.standards.fhir.validation import validate_resource
decoder_of("Patient"); print((time.perf_counter() - began) * 1000)
"""
_UUID = "urn:uuid:1b4e28ba-2fa1-11d2-883f-{:012}"


def _patient() -> bytes:
    """Return the official example without its narrative, which is a third of it."""
    patient = example("Patient", "example")
    patient.pop("text")
    return encode_resource(patient)


def _bundle() -> bytes:
    blood_pressure = example("Observation", "blood-pressure")
    blood_pressure.pop("text")
    resources = [decode_resource(_patient()), blood_pressure]
    entries = [
        {
            "fullUrl": _UUID.format(number),
            "resource": resources[number % 2],
            "request": {"method": "POST", "url": resources[number % 2]["resourceType"]},
        }
        for number in range(100)
    ]
    return encode_resource({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def _ours(raw: bytes) -> None:
    assert not validate_resource(raw)


def _in_turn(ways: list[Callable[[], object]], times: int, rounds: int) -> list[float]:
    """Return the microseconds of each way, medians of rounds in turn."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, measured in zip(ways, taken, strict=True):
            began = time.perf_counter()
            for _ in range(times):
                way()
            measured.append((time.perf_counter() - began) * 1e6 / times)
    return [statistics.median(values) for values in taken]


def checking(rounds: int) -> list[dict[str, Any]]:
    """Check a patient and a bundle by both."""
    patient, bundle = _patient(), _bundle()
    mine, theirs = _in_turn([lambda: _ours(patient), lambda: Patient.model_validate_json(patient)], 50, rounds)
    print(f"Patient of {len(patient)} bytes: ours {mine:.1f} us, fhir.resources {theirs:.1f} us")
    many, their_many = _in_turn([lambda: _ours(bundle), lambda: Bundle.model_validate_json(bundle)], 2, rounds)
    print(f"Bundle of {len(bundle)} bytes: ours {many / 1000:.2f} ms, fhir.resources {their_many / 1000:.2f} ms")
    return [
        claim("FHIR Patient validation, us beside 25", mine, 25, 1, smaller=True),
        claim("FHIR Patient validation, us beside fhir.resources", mine, theirs, 0.1, smaller=True),
        claim("FHIR Bundle of 100 validation, ms beside 3", many / 1000, 3, 1, smaller=True),
        claim(
            "FHIR Bundle of 100 validation, ms beside fhir.resources", many / 1000, their_many / 1000, 0.1, smaller=True
        ),
    ]


def indexing(rounds: int) -> None:
    """Print what it costs to find the index values, beside reading JSON alone."""
    place = Place("", UTC)
    for name, raw in (
        ("Patient", _patient()),
        ("Observation", encode_resource(example("Observation", "blood-pressure"))),
    ):
        resource = decode_resource(raw)
        ours, reading = _in_turn(
            [lambda r=resource: extract_values(r, place), lambda r=raw: json.loads(r)], 100, rounds
        )
        count = sum(map(len, extract_values(resource, place).values()))
        print(f"{name}: {count} index values in {ours:.1f} us; json.loads {reading:.1f} us")


def starting() -> dict[str, Any]:
    """Measure what a server pays before it can check its first resource."""
    command = [sys.executable, "-c", _START]
    runs = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(5)]
    print(f"import and first decoder: {statistics.median(runs):.0f} ms")
    return claim("FHIR import and first decoder, ms beside 300", statistics.median(runs), 300, 1, smaller=True)


def main() -> None:
    """Measure and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rounds = 5 if parser.parse_args().quick else 25
    indexing(rounds)
    print(json.dumps([*checking(rounds), starting()]))


if __name__ == "__main__":
    main()
