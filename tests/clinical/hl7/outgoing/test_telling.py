"""What a system reads in a message is what happened: which dose it was, that it was corrected, which file it is."""

import base64
from decimal import Decimal
from typing import Any

import pytest

from lightwell.clinical.hl7.outgoing import operating
from lightwell.core.actors import house
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.ack import Reason
from tests.clinical.hl7.outgoing.conftest import PATIENT, Hospital, report
from tests.mllp_listener import refuse

SUBJECT = {"reference": "Patient/p"}
PDF = base64.b64encode(b"%PDF-1.4").decode()


def dose(key: str, hour: int, status: str = "completed", order: str = "order") -> Resource:
    """Return what was given of an order."""
    return {
        "resourceType": "MedicationAdministration",
        "id": key,
        "status": status,
        "subject": SUBJECT,
        "request": {"reference": f"MedicationRequest/{order}"},
        "medicationCodeableConcept": {"text": "吗啡"},
        "effectiveDateTime": f"2026-11-26T{hour:02}:00:00+08:00",
        "dosage": {"dose": {"value": Decimal(5), "unit": "mg"}},
    }


def document(key: str, status: str = "current", **attachment: Any) -> Resource:
    """Return a document of one file."""
    content = [{"attachment": {"contentType": "application/pdf", **attachment}}]
    return {"resourceType": "DocumentReference", "id": key, "status": status, "subject": SUBJECT, "content": content}


async def test_each_dose_is_told_apart_and_known_again_when_it_is_corrected(hospital: Hospital) -> None:
    number = {"value": "PL1", "type": {"coding": [{"code": "PLAC"}]}}
    order = {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": SUBJECT}
    drug = {"medicationCodeableConcept": {"text": "吗啡"}}
    await hospital.write(
        PATIENT | {"id": "p"}, *(order | drug | {"id": key, "identifier": [number]} for key in ("order", "another"))
    )
    for given in (dose("d1", 8), dose("d2", 12), dose("d1", 9), dose("d3", 8, order="another"), dose("d4", 16)):
        await hospital.write(given)
    await hospital.write(dose("d2", 12, "entered-in-error"))
    await hospital.send()
    told = [(message["RXA"][2].text, message["RXA"][21].text) for message in hospital.told()]
    assert told == [("1", "A"), ("2", "A"), ("1", "U"), ("1", "A"), ("3", "A"), ("2", "D")]
    assert {message["ORC"][2].text for message in hospital.told()} == {"PL1"}


async def test_a_dose_that_was_refused_keeps_its_count_and_is_no_update_of_what_nobody_has(hospital: Hospital) -> None:
    hospital.listener.acts = [refuse(Reason.UNKNOWN_KEY_IDENTIFIER)]
    await hospital.write(PATIENT | {"id": "p"}, dose("e1", 8, order="o-e"))
    await hospital.write(dose("e2", 9, order="o-e"))
    await hospital.send()
    [number] = await hospital.numbers("failed")
    async with hospital.node.machines.transactions.begin(house(hospital.region.a)) as tx:
        await operating.resend(tx, number)
    await hospital.send()
    assert [(message["RXA"][2].text, message["RXA"][21].text) for message in hospital.told()] == [
        ("1", "A"),
        ("2", "A"),
        ("1", "A"),
    ]


async def test_a_document_that_is_edited_is_no_second_one(hospital: Hospital) -> None:
    await hospital.write(PATIENT | {"id": "p"}, document("m1", data=PDF))
    await hospital.write(document("m1", data=PDF, title="x"))
    await hospital.write(document("m1", "entered-in-error"))
    await hospital.send()
    messages = hospital.told()
    assert [message["MSH"][9].encoded for message in messages] == [
        "MDM^T02^MDM_T02",
        "MDM^T08^MDM_T02",
        "MDM^T11^MDM_T01",
    ]
    assert {message["TXA"][12].text for message in messages} == {"m1"}


async def test_a_file_that_is_kept_here_goes_with_its_bytes(hospital: Hospital) -> None:
    kept = {"resourceType": "Binary", "id": "file", "contentType": "application/pdf", "data": PDF}
    url = f"{hospital.sender._base_url}/Binary/file"
    patient, finding, made = report("f1")
    await hospital.write(PATIENT | {"id": "p"}, kept, document("f2", url="Binary/file"))
    await hospital.write(patient, finding, made | {"presentedForm": [{"contentType": "application/pdf", "url": url}]})
    await hospital.send()
    obx = [message.all("OBX")[-1] for message in hospital.told()]
    assert [(item[2].text, item[5].encoded) for item in obx] == [("ED", f"^AP^PDF^Base64^{PDF}")] * 2


@pytest.mark.parametrize("attachment", [{"url": "Binary/nowhere"}, {"url": "file.pdf"}])
async def test_a_link_that_nobody_can_open_goes_to_the_operator(hospital: Hospital, attachment: dict[str, str]) -> None:
    await hospital.write(PATIENT | {"id": "p"}, document(f"g{len(str(attachment))}", **attachment))
    await hospital.send()
    [(state, reason, _)] = await hospital.states()
    assert (state, reason.startswith("expected a file that is kept in this record")) == ("failed", True)


async def test_a_link_to_another_house_stays_a_link(hospital: Hospital) -> None:
    await hospital.write(PATIENT | {"id": "p"}, document("g1", url="https://files.example/1.pdf"))
    await hospital.send()
    [message] = hospital.told()
    assert (message["OBX"][2].text, message["OBX"][5].text) == ("RP", "https://files.example/1.pdf")


async def test_a_document_without_content_is_told_as_such(hospital: Hospital) -> None:
    await hospital.write(PATIENT | {"id": "p"}, document("g2", title="content was not sent"))
    await hospital.write(document("g2", data=PDF))
    await hospital.send()
    events = [(message["MSH"][9].encoded, len(message.all("OBX"))) for message in hospital.told()]
    assert events == [("MDM^T01^MDM_T01", 0), ("MDM^T08^MDM_T02", 1)]
