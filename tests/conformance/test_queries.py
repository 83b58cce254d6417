"""Programs of others search by C-FIND: every level and kind of matching, names in the character set asked for."""

import subprocess
from collections.abc import Generator

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.sop_class import (
    PatientRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelFind,
)

from tests.conftest import peer_program
from tests.journeys.images import Image, send
from tests.region import Region, Server, running_server

_ROOT = "1.2.826.0.1.3680043.9.9999.8200"
_PENDING = {0xFF00, 0xFF01}
_IMPLICIT, _EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"


def _image(study: int, name: str, patient: str, instance: int = 1) -> Image:
    uid = f"{_ROOT}.{study}"
    return Image(f"{uid}.1.{instance}", uid, f"{uid}.1", name.encode("gb18030"), patient, b"GB18030")


_IMAGES = [
    _image(1, "Zhang^San=张^三", "P1"),
    _image(2, "Zhang^San=张^三", "P1"),
    _image(3, "Wang^XiaoDong=王^小东", "P2", 1),
    _image(3, "Wang^XiaoDong=王^小东", "P2", 2),
]


@pytest.fixture(scope="module")
def node() -> Generator[Server]:
    """A server of its own, whose studies are known."""
    with running_server() as (server, _):
        assert set(send(server, *_IMAGES)) == {0}
        yield server


def _find(server: Server, level: str, **keys: str) -> tuple[list[Dataset], list[int]]:
    """Return the matches and the statuses."""
    answers = _ask(server, level, **keys)
    return [item for status, item in answers if status.Status in _PENDING], [status.Status for status, _ in answers]


def _ask(
    server: Server,
    level: str,
    *,
    model: str = StudyRootQueryRetrieveInformationModelFind,
    calling: str = "CT_A",
    syntax: str = _EXPLICIT,
    charset: str = "",
    **keys: str,
) -> list[tuple[Dataset, Dataset]]:
    wanted = Dataset()
    if charset:
        wanted.SpecificCharacterSet = charset
    wanted.QueryRetrieveLevel = level
    for name, value in keys.items():
        setattr(wanted, name, value)
    ae = AE(calling)
    ae.add_requested_context(model, syntax)
    association = ae.associate("127.0.0.1", server.dicom_port, ae_title="LIGHTWELL")
    assert association.is_established
    answers = list(association.send_c_find(wanted, model))
    association.release()
    return answers


@pytest.mark.peer
def test_findscu_lists_studies(node: Server) -> None:
    program = peer_program("findscu")
    keys = ["0008,0052=STUDY", "0010,0010=Zhang*", "0020,000d", "0020,1208"]
    arguments = [argument for key in keys for argument in ("-k", key)]
    command = [program, "-S", "-v", "-aet", "CT_A", "-aec", "LIGHTWELL", *arguments, "127.0.0.1", str(node.dicom_port)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, errors="replace", timeout=60)
    text = said.stdout + said.stderr
    assert f"[{_ROOT}.1" in text
    assert f"[{_ROOT}.2" in text
    assert f"[{_ROOT}.3" not in text


@pytest.mark.parametrize("syntax", [_IMPLICIT, _EXPLICIT])
@pytest.mark.parametrize("charset", ["GB18030", "ISO_IR 192"])
def test_a_chinese_name_is_found_and_said_in_the_askers_character_set(node: Server, charset: str, syntax: str) -> None:
    found, statuses = _find(node, "STUDY", charset=charset, syntax=syntax, PatientName="*=张^三", StudyInstanceUID="")
    assert statuses == [0xFF00, 0xFF00, 0x0000]
    assert {item.StudyInstanceUID for item in found} == {f"{_ROOT}.1", f"{_ROOT}.2"}
    assert {item.SpecificCharacterSet for item in found} == {charset}
    assert {str(item.PatientName) for item in found} == {"Zhang^San=张^三"}


@pytest.mark.parametrize("charset", ["GB18030", "GBK", "ISO_IR 192"])
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Wang^XiaoDong=王^小东", 1),
        ("=王^小东", 1),
        ("=王*", 1),
        ("Wang^XiaoDong=*", 1),
        ("Wang^*=王^*", 1),
        ("Wang^XiaoDong=张^三", 0),
        ("Zhang^San=王^小东", 0),
    ],
)
def test_every_group_of_a_name_must_match(node: Server, charset: str, name: str, number: int) -> None:
    found, statuses = _find(node, "STUDY", charset=charset, PatientName=name)
    assert (len(found), statuses[-1]) == (number, 0)
    for item in found:
        again, _ = _find(node, "STUDY", charset=charset, PatientName=str(item.PatientName))
        assert len(again) == number, "what our own answer says finds it again"


def test_a_character_set_that_cannot_say_it_gives_way_to_utf8(node: Server) -> None:
    found, _ = _find(node, "STUDY", charset="ISO_IR 100", PatientName="Wang*")
    assert found[0].SpecificCharacterSet == "ISO_IR 192"
    assert str(found[0].PatientName) == "Wang^XiaoDong=王^小东"


@pytest.mark.parametrize(
    ("level", "keys", "number"),
    [
        ("STUDY", {"PatientName": "zs*"}, 2),
        ("STUDY", {"PatientID": "P1", "StudyInstanceUID": f"{_ROOT}.1\\{_ROOT}.3"}, 1),
        ("STUDY", {"StudyDate": "20260101-"}, 3),
        ("STUDY", {"StudyDate": "-20260101"}, 0),
        ("STUDY", {"ModalitiesInStudy": "CT"}, 3),
        ("STUDY", {"ModalitiesInStudy": "C*"}, 3),
        ("STUDY", {"ModalitiesInStudy": "M*"}, 0),
        ("STUDY", {"PatientName": ""}, 3),
        ("SERIES", {"StudyInstanceUID": f"{_ROOT}.3", "Modality": ""}, 1),
        ("SERIES", {"PatientID": "P1", "SeriesInstanceUID": ""}, 2),
        ("IMAGE", {"StudyInstanceUID": f"{_ROOT}.3", "SOPInstanceUID": ""}, 2),
        ("IMAGE", {"SOPInstanceUID": f"{_ROOT}.3.1.2"}, 1),
    ],
    ids=str,
)
def test_matches_are_as_the_standard_says(node: Server, level: str, keys: dict[str, str], number: int) -> None:
    found, statuses = _find(node, level, **keys)
    assert len(found) == number
    assert statuses[-1] == 0
    assert {item.QueryRetrieveLevel for item in found} <= {level}
    assert {item.RetrieveAETitle for item in found} <= {"LIGHTWELL"}


def test_a_patient_with_two_studies_is_one_patient(node: Server) -> None:
    model = PatientRootQueryRetrieveInformationModelFind
    found, _ = _find(node, "PATIENT", model=model, PatientName="", PatientID="")
    assert sorted(item.PatientID for item in found) == ["P1", "P2"]


def test_counts_are_answered_and_what_is_empty_is_said_to_be(node: Server) -> None:
    keys = {"NumberOfStudyRelatedInstances": "", "NumberOfStudyRelatedSeries": "", "StudyDescription": ""}
    (found,), statuses = _find(node, "STUDY", PatientID="P2", **keys)
    assert statuses == [0xFF00, 0]
    assert (found.NumberOfStudyRelatedInstances, found.NumberOfStudyRelatedSeries) == (2, 1)
    assert found.StudyDescription == ""
    assert "PatientName" not in found


@pytest.mark.parametrize(
    ("level", "keyword"),
    [
        ("STUDY", "MilitaryRank"),
        ("STUDY", "BodyPartExamined"),
        ("STUDY", "SOPClassesInStudy"),
        ("IMAGE", "SliceThickness"),
        ("SERIES", "RequestedProcedureID"),
    ],
)
def test_what_is_not_known_for_sure_is_not_said_to_be_empty(node: Server, level: str, keyword: str) -> None:
    found, statuses = _find(node, level, PatientID="P1", **{keyword: ""})
    assert found
    assert set(statuses[:-1]) == {0xFF01}
    assert not any(keyword in item for item in found)


def test_a_patient_is_said_with_how_much_there_is_of_it_and_nothing_of_one_study(node: Server) -> None:
    names = ("Studies", "Series", "Instances")
    keys = {f"NumberOfPatientRelated{name}": "" for name in names} | {"StudyDate": ""}
    model = PatientRootQueryRetrieveInformationModelFind
    found, statuses = _find(node, "PATIENT", model=model, PatientID="", **keys)
    told = {item.PatientID: [int(item[f"NumberOfPatientRelated{name}"].value) for name in names] for item in found}
    assert told == {"P1": [2, 2, 2], "P2": [1, 1, 2]}
    assert set(statuses[:-1]) == {0xFF01}
    assert not any("StudyDate" in item for item in found)


@pytest.mark.parametrize(
    ("keys", "offending", "comment"),
    [
        ({"level": "WARD"}, 0x00080052, "expected Query/Retrieve Level STUDY, SERIES, IMAGE"),
        ({"level": ""}, 0x00080052, "expected Query/Retrieve Level STUDY, SERIES, IMAGE"),
        ({"level": "PATIENT"}, 0x00080052, "expected Query/Retrieve Level STUDY, SERIES, IMAGE"),
        ({"level": "STUDY", "StudyDate": "20260201-20260101"}, 0x00080020, "StudyDate: this cannot be its value"),
        (
            {"level": "STUDY", "StudyInstanceUID": "1.2.x"},
            0x0020000D,
            "StudyInstanceUID: this cannot be its value",
        ),
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore")
def test_a_query_that_cannot_be_is_refused(node: Server, keys: dict[str, str], offending: int, comment: str) -> None:
    (answer,) = _ask(node, **keys)
    assert answer[0].Status == 0xA900
    assert answer[0].OffendingElement == offending
    assert answer[0].ErrorComment == comment


@pytest.mark.hazard("H-04")
def test_another_hospital_finds_nothing(node: Server) -> None:
    for level in ("STUDY", "SERIES", "IMAGE"):
        found, statuses = _find(node, level, calling="CT_B", PatientName="*")
        assert (found, statuses) == ([], [0])


def test_a_search_is_in_the_audit_trail(node: Server, region: Region) -> None:
    del region
    _find(node, "STUDY", PatientID="P2")
    rows = node.query("SELECT actor_name FROM core.audit WHERE screen = 'C-FIND'")
    assert ("CT_A",) in rows
