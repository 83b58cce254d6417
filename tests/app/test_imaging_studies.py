"""A study of the archive is an ImagingStudy of the record, with its patient, whatever it says of who that is."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lightwell.app.imaged_patients import described, id_of_unnamed, is_still_of
from lightwell.app.imaging_studies import imaging_study
from lightwell.archive.model import SeriesRow, StudyRow
from lightwell.clinical.numbers import Number
from lightwell.core.settings import Settings
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.fhir.validation import validate_value
from tests.clinical.fhir.conftest import Client, client_of
from tests.journeys.images import Image, images, send
from tests.mllp import Line, adt, code
from tests.region import Region, Server, running_server, wait_for

ISSUER = (0x00100021, b"LO", b"HOSP")
SYSTEM = "urn:lightwell:issuer:HOSP"
PROVISIONAL = {"system": "urn:lightwell:patient", "code": "provisional"}


@pytest.fixture(scope="module")
def house() -> Generator[tuple[Server, Region]]:
    """A server of two hospitals whose studies fall quiet after a second."""
    with running_server(study_quiet_s=1) as pair:
        yield pair


@pytest.fixture(scope="module")
def a(house: tuple[Server, Region]) -> Client:
    return client_of(house[0], house[1].token_a)


@pytest.fixture(scope="module")
def b(house: tuple[Server, Region]) -> Client:
    return client_of(house[0], house[1].token_b)


def found(client: Client, study: str) -> list[Resource]:
    answer = client("GET", f"/ImagingStudy?identifier=urn:oid:{study}")
    return [entry["resource"] for entry in answer.json().get("entry", ())]


def recorded(client: Client, study: str, is_there: Callable[[Resource], bool] = lambda _: True) -> Resource:
    """Return the one ImagingStudy of a study as soon as it is as it should be."""
    assert wait_for(lambda: any(map(is_there, found(client, study))), 20), found(client, study)
    [resource] = found(client, study)
    return resource


def patient(client: Client, study: Resource) -> Resource:
    return client("GET", f"/{study['subject']['reference']}").json()


def sent(server: Server, wanted: Sequence[Image], **further: Any) -> str:
    assert set(send(server, *wanted, **further)) == {0}
    return wanted[0].study


def create(client: Client, **values: Any) -> Resource:
    answer = client("POST", "/Patient", json={"resourceType": "Patient", "active": True, **values})
    assert answer.status_code == 201, answer.text
    return answer.json()


def identified(value: str) -> dict[str, Any]:
    return {"identifier": [{"system": SYSTEM, "value": value}]}


def test_a_real_study_is_found_with_its_patient_and_its_address(
    house: tuple[Server, Region], a: Client, b: Client, shared_data: Path
) -> None:
    server, region = house
    file = (shared_data / "dicom/syntaxes/CTImage.dcm").read_bytes()
    answer = a(
        "POST",
        f"{server.url}/dicom-web/studies",
        content=b"--part\r\nContent-Type: application/dicom\r\n\r\n" + file + b"\r\n--part--",
        headers={"Content-Type": 'multipart/related; type="application/dicom"; boundary=part'},
    )
    assert answer.status_code == 200, answer.text
    [study] = server.get("/dicom-web/studies", region.token_a).json()
    uid = study["0020000D"]["Value"][0]
    resource = recorded(a, uid)
    assert resource["status"] == "available"
    assert (resource["numberOfSeries"], resource["numberOfInstances"]) == (1, 1)
    assert resource["series"][0]["modality"]["code"] == resource["modality"][0]["code"] == "CT"
    [endpoint] = resource["contained"]
    assert endpoint["connectionType"]["code"] == "dicom-wado-rs"
    assert endpoint["address"].endswith("/dicom-web")
    whose = patient(a, resource)
    assert whose["meta"]["tag"] == [PROVISIONAL]
    assert whose["identifier"][0]["value"] == study["00100020"]["Value"][0]
    assert found(b, uid) == []


@pytest.mark.hazard("H-01")
def test_who_is_known_by_issuer_and_number_is_whose_images_they_are(house: tuple[Server, Region], a: Client) -> None:
    known, other = create(a, **identified("K1")), create(a, identifier=[{"system": "urn:other", "value": "K2"}])
    first = sent(house[0], images(1, 8001, patient_id="K1", further=(ISSUER,)))
    second = sent(house[0], images(1, 8002, patient_id="K2", further=(ISSUER,)))
    assert recorded(a, first)["subject"]["reference"] == f"Patient/{known['id']}"
    assert recorded(a, second)["subject"]["reference"] != f"Patient/{other['id']}"


def test_what_comes_later_changes_the_same_resource(house: tuple[Server, Region], a: Client) -> None:
    image, more = images(2, 8003, patient_id="L1")
    study = sent(house[0], [image])
    assert recorded(a, study)["meta"]["versionId"] == "1"
    sent(house[0], [more])
    after = recorded(a, study, lambda resource: resource["numberOfInstances"] == 2)
    assert after["meta"]["versionId"] == "2"
    assert len(a("GET", f"/Patient/{after['subject']['reference'].split('/')[1]}/_history").json()["entry"]) == 1


@pytest.mark.hazard("H-01")
def test_studies_without_a_patient_id_are_of_a_patient_each(house: tuple[Server, Region], a: Client) -> None:
    one, other = (sent(house[0], images(1, branch, patient_id="", name=b"")) for branch in (8004, 8005))
    patients = [recorded(a, study)["subject"]["reference"] for study in (one, other)]
    assert len(set(patients)) == 2


@pytest.mark.hazard("H-01")
def test_a_number_is_not_believed_whose_images_are_of_somebody_else(house: tuple[Server, Region], a: Client) -> None:
    known = create(a, name=[{"text": "李华"}], birthDate="1949-12-31", gender="male", **identified("M1"))
    born = (0x00100030, b"DA", b"19950505")
    study = sent(house[0], images(1, 8006, patient_id="M1", name=b"Wang^Fang", further=(born, ISSUER)))
    whose = patient(a, recorded(a, study))
    assert whose["id"] != known["id"]
    assert (whose["meta"]["tag"], whose["birthDate"]) == ([PROVISIONAL], "1995-05-05")


@pytest.mark.hazard("H-37")
def test_who_was_provisional_becomes_known_by_a_merge_and_stays_so(house: tuple[Server, Region], a: Client) -> None:
    image, more = images(2, 8007, patient_id="N1")
    study = sent(house[0], [image])
    known, provisional = create(a, name=[{"text": "李华"}]), patient(a, recorded(a, study))
    two = {"survivor": known["id"], "retired": provisional["id"]}
    answer = a("POST", f"{house[0].url}/api/identity/merges", json=two)
    assert answer.status_code == 200, answer.text
    whose = f"Patient/{known['id']}"
    assert recorded(a, study)["subject"]["reference"] == whose
    sent(house[0], [more])
    assert recorded(a, study, lambda item: item["numberOfInstances"] == 2)["subject"]["reference"] == whose
    undone = a("POST", f"{house[0].url}/api/identity/merges/{answer.json()['id']}/undo")
    assert undone.status_code == 204, undone.text
    assert recorded(a, study)["subject"]["reference"] == f"Patient/{provisional['id']}"


@pytest.mark.hazard("H-01")
def test_a_second_study_is_of_whom_the_first_was_merged_with(house: tuple[Server, Region], a: Client) -> None:
    """Also where that record says no number of its own: the number stays with the record that was given up."""
    first = sent(house[0], images(1, 8010, patient_id="R1"))
    known, provisional = create(a, name=[{"text": "李华"}]), patient(a, recorded(a, first))
    two = {"survivor": known["id"], "retired": provisional["id"]}
    assert a("POST", f"{house[0].url}/api/identity/merges", json=two).status_code == 200
    second = sent(house[0], images(1, 8011, patient_id="R1"))
    assert recorded(a, second)["subject"]["reference"] == f"Patient/{known['id']}"
    assert "identifier" not in a("GET", f"/Patient/{known['id']}").json()


@pytest.mark.hazard("H-01")
def test_a_study_stays_with_whom_a_person_gave_it_to_when_messages_come_from_more_systems(
    house: tuple[Server, Region], a: Client
) -> None:
    """Images that leave out the issuer are of the hospital's one other system: which that is says nothing of them."""
    (given, more), (merged, further) = images(2, 8012, patient_id="S1"), images(2, 8013, patient_id="S2")
    known, studies = create(a, name=[{"text": "李华"}]), [sent(house[0], [image]) for image in (given, merged)]
    one, other = (recorded(a, study) for study in studies)
    two = {"survivor": known["id"], "retired": patient(a, other)["id"]}
    assert a("POST", f"{house[0].url}/api/identity/merges", json=two).status_code == 200
    whose = {"reference": f"Patient/{known['id']}"}
    assert a("PUT", f"/ImagingStudy/{one['id']}", json=one | {"subject": whose}).status_code == 200
    added = house[0].run("hl7", "source", "add", "--organisation", "a", "LIS")
    assert added.returncode == 0, added.stderr
    sent(house[0], [more, further])
    for study in studies:
        after = recorded(a, study, lambda resource: resource["numberOfInstances"] == 2)
        assert after["subject"]["reference"] == whose["reference"]


def test_an_image_that_is_settled_to_be_of_another_study_takes_the_record_along(
    house: tuple[Server, Region], a: Client
) -> None:
    server = house[0]
    [image] = images(1, 8009, patient_id="Q1")
    before = sent(server, [image])
    assert recorded(a, before)["status"] == "available"
    other = replace(image, study=f"{image.study}.9", series=f"{image.series}.9", patient_id="Q2")
    after = sent(server, [other])
    assert wait_for(lambda: bool(a("GET", f"{server.url}/api/conflicts").json()))
    [conflict] = a("GET", f"{server.url}/api/conflicts").json()
    decision = {"numbers": [conflict["id"]], "keep": "arrived"}
    assert a("POST", f"{server.url}/api/conflicts/settle", json=decision).status_code == 204
    now = recorded(a, after)
    assert (now["status"], now["numberOfInstances"]) == ("available", 1)
    assert now["subject"]["identifier"]["value"] == "Q2"
    left = recorded(a, before, lambda item: item["status"] == "cancelled")
    assert "series" not in left
    assert not validate_value(left)


def test_who_a_message_describes_is_provisional_no_more(house: tuple[Server, Region], a: Client) -> None:
    study = sent(house[0], images(1, 8008, patient_id="O1", further=((0x00100021, b"LO", b"MR"),)))
    resource = recorded(a, study)
    whose = patient(a, resource)
    assert whose["meta"]["tag"] == [PROVISIONAL]
    added = house[0].run("hl7", "source", "add", "--organisation", "a", "HIS")
    assert added.returncode == 0, added.stderr
    with Line(house[0].hl7_port) as line:
        # The server reads every few seconds who may send.
        assert wait_for(lambda: code(line.send(adt("IMG1", "O1", "A28"))) == "AA", 20)

    def is_described() -> bool:
        return "tag" not in patient(a, resource)["meta"]

    assert wait_for(is_described, 20), patient(a, resource)
    assert patient(a, resource)["id"] == whose["id"]


STUDY = StudyRow(
    study_instance_uid="1.2.3", patient_id=" A\t1\u0007 ", issuer_of_patient_id="", patient_name="\u0001 ^=王^小东",
    patient_birth_date="1980.1.1", patient_sex="?", study_date="20261332", study_time="99", study_description=" \n",
    study_id="", accession_number="\u0003", referring_physician_name="^^^", institution_name="",
    is_charset_repaired=False, id=1, organisation_id=1, modalities=["", "C T"], series_count=1, instance_count=1,
    organisation_name="", organisation_code="",
)  # fmt: skip
SERIES = SeriesRow(
    series_instance_uid="1.2_3", modality="", series_number=-5, series_description="\x00", series_date="20261126",
    series_time="0830", body_part_examined="", protocol_name="", station_name="", manufacturer="",
    performed_procedure_step_start_date="", performed_procedure_step_start_time="", scheduled_procedure_step_ids="",
    requested_procedure_ids="", id=1, instance_count=1,
)  # fmt: skip


NAMED = {"identifier": {"system": SYSTEM, "value": "1"}}
GIVEN = {"reference": "Patient/given"}
UNNAMED = {"reference": f"Patient/{id_of_unnamed(STUDY)}"}


@pytest.mark.hazard("H-01")
@pytest.mark.parametrize(
    ("number", "issuer", "subject"),
    [("1", "HOSP", NAMED), ("1", "", NAMED), ("2", "HOSP", GIVEN), ("", "", GIVEN), ("", "", UNNAMED)],
)
def test_a_study_stays_with_its_subject(number: str, issuer: str, subject: Resource) -> None:
    assert is_still_of(replace(STUDY, patient_id=number, issuer_of_patient_id=issuer), subject)


@pytest.mark.hazard("H-01")
@pytest.mark.parametrize(
    ("number", "issuer", "subject"),
    [("1", "ELSEWHERE", NAMED), ("2", "HOSP", NAMED), ("", "", NAMED), ("1", "HOSP", UNNAMED)],
)
def test_a_study_leaves_its_subject_when_its_images_name_another(number: str, issuer: str, subject: Resource) -> None:
    assert not is_still_of(replace(STUDY, patient_id=number, issuer_of_patient_id=issuer), subject)


@pytest.mark.parametrize(
    "text", ["", "1980", "1980031", "19800230", "1980.3.1", "1980-03-12", "1980W123", "198003121", "１９８００３１２"]
)
def test_what_is_no_day_is_no_day_of_birth(text: str) -> None:
    assert "birthDate" not in described(replace(STUDY, patient_birth_date=text), None)
    assert described(replace(STUDY, patient_birth_date="19800312"), None)["birthDate"] == "1980-03-12"


def test_whatever_a_study_says_becomes_valid_resources() -> None:
    zone = Settings().zone
    subject = {"reference": "Patient/1"}
    series = [SERIES, replace(SERIES, series_instance_uid="1.2.4")]
    resource = imaging_study(STUDY, series, subject, zone, "http://127.0.0.1/dicom-web")
    whose = described(STUDY, Number("urn:x", "A 1"))
    assert [*validate_value(resource), *validate_value(whose)] == []
    assert "started" not in resource
    assert [item["uid"] for item in resource["series"]] == ["1.2.4"]
    assert resource["series"][0]["started"].startswith("2026-11-26T08:30:00")
    assert [name["text"] for name in whose["name"]] == ["王小东"]
