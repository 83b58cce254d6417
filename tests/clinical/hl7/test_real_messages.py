"""The messages of shared data: every one is answered and kept; those of patients, orders and results are applied."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from lightwell.app import hl7
from lightwell.standards.hl7.charset import decode_message
from lightwell.standards.hl7.header import read_header
from tests.clinical.hl7.conftest import Sender, values_of
from tests.mllp import code

SHARED = Path(os.environ.get("LIGHTWELL_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "hl7"
FILES = sorted(SHARED.glob("*.hl7"))
pytestmark = pytest.mark.skipif(not FILES, reason="the messages of shared data are not here")


def named(raw: bytes, control_id: str) -> tuple[bytes, str]:
    """Return a message under a control ID of its own, and its kind: many of these share one."""
    text = decode_message(raw).text.replace("\n", "\r")
    header = read_header(text)
    fields = list(header.fields)
    fields[10] = control_id
    first, rest = "|".join([fields[0], *fields[2:]]), text.partition("\r")[2]
    return f"{first}\r{rest}".encode(), f"{header.message_code}^{header.trigger_event}"


# Why a message of the corpus is left to a person: what it lacks.
LEFT = {
    "ADT01-28": "belong to 2 patients",  # its PID-3 has the numbers of two others of these files
    "ORM-O01-04": "expected an order",  # nothing but ORC and a diet (ODS)
    "ORM-O01-05": "expected an order",  # the same
}


async def test_every_message_is_answered_and_kept(sender: Sender) -> None:
    messages = {path.stem: named(path.read_bytes(), path.stem) for path in FILES}
    answers = await sender.send(*(raw for raw, _ in messages.values()))
    codes = {code(answer) if answer else "not wanted" for answer in answers}
    await sender.apply()
    states = await sender.states()
    kept = await sender.rows("SELECT control_id, raw FROM clinical.hl7_message")
    assert dict(kept) == {name: raw for name, (raw, _) in messages.items()}
    assert codes <= {"AA", "AE", "CA", "CE", "not wanted"}
    for name, (_, kind) in messages.items():
        expected = "done" if kind in hl7.HANDLERS else "quarantined"
        assert states[name].startswith("failed" if name in LEFT else expected), states[name]
    assert all(words in states[name] for name, words in LEFT.items())


async def test_messages_as_they_are_are_answered_and_kept_too(sender: Sender) -> None:
    """Many have the control ID of another: those are kept aside, and their sender is told."""
    messages = [path.read_bytes() for path in FILES]
    answers = await sender.send(*messages)
    assert len(answers) == len(FILES)
    kept = {raw for (raw,) in await sender.rows("SELECT raw FROM clinical.hl7_message")}
    assert set(messages) <= kept


async def test_what_they_say_is_what_the_record_says(sender: Sender) -> None:
    """The resources of some of them, by the maps of the v2-to-FHIR guide."""
    [patient] = [item for item in await sender.resources("Patient") if "10006579" in values_of(item)]
    reports = [item for item in await sender.resources("DiagnosticReport") if "82503246" in values_of(item)]
    found = {item["id"]: item for item in await sender.resources("Observation")}
    assert (patient["name"][0]["family"], patient["birthDate"], patient["gender"]) == ("DUCK", "1924-10-10", "male")
    [report] = reports
    assert report["code"]["coding"] == [
        {"system": "http://loinc.org", "code": "24317-0", "display": "Hemogram and platelet count, automated"}
    ]
    assert (report["status"], report["subject"]["reference"]) == ("final", f"Patient/{patient['id']}")
    results = [found[item["reference"].removeprefix("Observation/")] for item in report["result"]]
    assert [item["code"]["coding"][0]["code"] for item in results] == [
        *("11156-7", "11273-0", "20509-6", "20570-8", "11125-2"),
    ]
    red = results[1]
    assert red["valueQuantity"] == {"value": Decimal("4.08"), "unit": "tera.l-1"}  # LAB-ORU-2 corrects it
    assert (red["status"], red["effectiveDateTime"]) == ("final", "2014-10-06T08:30:00+07:00")
    [head] = [item for item in await sender.resources("ServiceRequest") if item["code"].get("text") == "CT Head"]
    assert head["code"]["coding"][0]["code"] == "24725-4"
    assert {item["value"] for item in head["identifier"]} == {"1101", "1201"}
