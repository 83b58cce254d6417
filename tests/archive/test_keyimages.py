"""Key images: what documents of others point at, what counts of it, and what people choose here."""

from collections.abc import Generator
from io import BytesIO
from itertools import count
from typing import Any

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from lightwell.archive.keyobject import KeyObject, parse
from lightwell.standards.dicom.errors import DataSetError
from tests.archive.notes import KO, MANIFEST, OF_INTEREST, REJECTED, choose, code_of, file_of, note, store
from tests.journeys.images import Image, data_set_of, find, images, send, values
from tests.region import PASSWORD, Region, Server, running_server

_STUDIES = count(8600)
_WHOLE = data_set_of(file_of(note("1.2.3", [("1.2.3.4", [1])], text="x")))


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own."""
    with running_server() as pair:
        yield pair


@pytest.fixture
def study(node: tuple[Server, Region]) -> list[Image]:
    """A study of three images of hospital A."""
    wanted = images(3, next(_STUDIES))
    assert set(send(node[0], *wanted)) == {0}
    return wanted


def _shown(node: tuple[Server, Region], image: Image, token: str = "") -> dict[str, Any]:
    answer = node[0].get(f"/api/studies/{image.study}/key-images", token or node[1].token_a)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _uids(listed: list[dict[str, Any]]) -> list[str]:
    return [item["sop_instance_uid"] for item in listed]


def _documents(node: tuple[Server, Region], image: Image) -> list[pydicom.Dataset]:
    """Fetch every document of a study by WADO-RS, as a PACS would."""
    found = find(node[0], node[1].token_a, f"{image.study_address}/instances", SOPClassUID=KO)
    places = zip(values(found, "0020000E"), values(found, "00080018"), strict=True)
    paths = [f"{image.study_address}/series/{series}/instances/{uid}" for series, uid in places]
    files = [node[0].get(path, node[1].token_a, Accept="application/dicom").content for path in paths]
    read = [pydicom.dcmread(BytesIO(content)) for content in files]
    return sorted(read, key=lambda document: int(document.InstanceNumber))


# -- what others point at ---------------------------------------------------------------------------------------------


def test_a_study_without_documents_has_no_key_images(node: tuple[Server, Region], study: list[Image]) -> None:
    assert _shown(node, study[0]) == {"images": [], "rejected": [], "absent": 0, "unreadable": 0}


def test_title_and_text_of_a_document_are_told(node: tuple[Server, Region], study: list[Image]) -> None:
    said = note(study[0].study, [(study[1].uid, [])], Code("113003", "DCM", "For Surgery"), "右肺上叶结节")
    store(node[0], node[1].token_a, file_of(said))
    (shown,) = _shown(node, study[0])["images"]
    assert shown["sop_instance_uid"] == study[1].uid
    assert shown["frame"] is None
    (why,) = shown["why"]
    assert (why["code"], why["meaning"], why["text"], why["is_mine"]) == (
        "113003",
        "For Surgery",
        "右肺上叶结节",
        False,
    )


@pytest.mark.parametrize(
    ("name", "read"), [("Wang^Wei=王^伟", "王伟"), ("Smith^John^^Dr.", "Smith John Dr."), ("王医生^", "王医生")]
)
def test_who_chose_is_told_as_it_is_read(node: tuple[Server, Region], study: list[Image], name: str, read: str) -> None:
    said = note(study[0].study, [(study[0].uid, [])])
    observer = Dataset()
    observer.RelationshipType, observer.ValueType, observer.PersonName = "HAS OBS CONTEXT", "PNAME", name
    observer.ConceptNameCodeSequence = code_of(Code("121008", "DCM", "Person Observer Name"))
    said.ContentSequence.append(observer)
    store(node[0], node[1].token_a, file_of(said))
    (shown,) = _shown(node, study[0])["images"]
    assert [why["observer"] for why in shown["why"]] == [read]


def test_frames_are_told_and_those_that_are_not_there_are_absent(node: tuple[Server, Region]) -> None:
    (image,) = images(1, next(_STUDIES), pixels=bytes(512 * 3), further=((0x00280008, b"IS", b"3"),))
    assert send(node[0], image) == [0]
    store(node[0], node[1].token_a, file_of(note(image.study, [(image.uid, [2, 3]), (image.uid, [9])])))
    shown = _shown(node, image)
    assert [item["frame"] for item in shown["images"]] == [2, 3]
    assert shown["absent"] == 1


@pytest.mark.hazard("H-15")
@pytest.mark.parametrize("title", ["113001", "113037", "113038", "113039"])
def test_a_rejected_image_is_never_key(node: tuple[Server, Region], study: list[Image], title: str) -> None:
    uid = study[0].uid
    for code in (OF_INTEREST, Code(title, "DCM", "Rejected")):
        store(node[0], node[1].token_a, file_of(note(study[0].study, [(uid, [])], code)))
    shown = _shown(node, study[0])
    assert (_uids(shown["images"]), _uids(shown["rejected"])) == ([], [uid])


@pytest.mark.parametrize("title", [MANIFEST, Code("113010", "DCM", "Quality Issue")])
def test_lists_and_notes_on_quality_choose_nothing(
    node: tuple[Server, Region], study: list[Image], title: Code
) -> None:
    store(node[0], node[1].token_a, file_of(note(study[0].study, [(study[0].uid, [])], title)))
    shown = _shown(node, study[0])
    assert (shown["images"], shown["rejected"]) == ([], [])


def test_a_document_that_is_rejected_counts_no_longer(node: tuple[Server, Region], study: list[Image]) -> None:
    said = note(study[0].study, [(study[0].uid, [])])
    store(node[0], node[1].token_a, file_of(said))
    assert len(_shown(node, study[0])["images"]) == 1
    rejecting = note(study[0].study, [(str(said.SOPInstanceUID), [])], REJECTED, kind=KO)
    store(node[0], node[1].token_a, file_of(rejecting))
    assert _shown(node, study[0]) == {"images": [], "rejected": [], "absent": 0, "unreadable": 0}


def test_images_that_nobody_has_are_absent(node: tuple[Server, Region], study: list[Image]) -> None:
    store(node[0], node[1].token_a, file_of(note(study[0].study, [("1.2.3.4", []), (study[0].uid, [])])))
    shown = _shown(node, study[0])
    assert (_uids(shown["images"]), shown["absent"]) == ([study[0].uid], 1)


@pytest.mark.hazard("H-04")
def test_a_document_cannot_show_an_image_of_another_hospital(node: tuple[Server, Region]) -> None:
    mine, theirs = images(2, next(_STUDIES))  # one study, whose images lie in two hospitals
    assert send(node[0], mine) == [0]
    assert send(node[0], theirs, calling="CT_B") == [0]
    store(node[0], node[1].token_a, file_of(note(mine.study, [(theirs.uid, [])])))
    assert _shown(node, mine) == {"images": [], "rejected": [], "absent": 1, "unreadable": 0}
    assert _shown(node, mine, node[1].token_b) == {"images": [], "rejected": [], "absent": 0, "unreadable": 0}


@pytest.mark.parametrize("how", ["no content", "no references", "cut sequence", "bytes for a sequence"])
def test_a_broken_document_is_counted_and_hides_no_other(
    node: tuple[Server, Region], study: list[Image], how: str
) -> None:
    store(node[0], node[1].token_a, file_of(note(study[0].study, [(study[0].uid, [])])))
    said = note(study[0].study, [(study[1].uid, [])])
    if how == "no content":
        del said.ContentSequence
    elif how == "no references":
        del said.ContentSequence[0].ReferencedSOPSequence
    elif how == "cut sequence":  # an item of no end
        said.ContentSequence = []
        said.add_new(0x0040A731, "OB", b"\xfe\xff\x00\xe0\xff\xff\0\0\1")
    content = file_of(said)
    if how == "bytes for a sequence":
        content = content.replace(b"\x40\x00\x30\xa7SQ", b"\x40\x00\x30\xa7OB")
    store(node[0], node[1].token_a, content)
    shown = _shown(node, study[0])
    assert (_uids(shown["images"]), shown["unreadable"]) == ([study[0].uid], 1)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_the_bytes_only_one_error_comes(data: st.DataObject) -> None:
    whole = bytearray(_WHOLE)
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    try:
        said = parse(BytesIO(bytes(whole[:cut])), is_explicit=True, is_little_endian=True)
    except DataSetError:
        return
    assert isinstance(said, KeyObject)


# -- what people choose here ------------------------------------------------------------------------------------------


def test_what_is_chosen_is_a_document_that_others_read(node: tuple[Server, Region], study: list[Image]) -> None:
    server, region = node
    for image in study[:2]:
        assert choose(server, region.token_a, image).status_code == 204
    shown = _shown(node, study[0])["images"]
    assert _uids(shown) == [image.uid for image in study[:2]]
    assert all(item["why"][0]["is_mine"] for item in shown)
    assert {item["why"][0]["observer"] for item in shown} == {"user-a"}
    first, last = _documents(node, study[0])
    assert first.SeriesInstanceUID == last.SeriesInstanceUID
    assert (last.SOPClassUID, last.Modality, last.PatientID) == (KO, "KO", "P0001")
    assert last.ConceptNameCodeSequence[0].CodeValue == "113000"
    assert last.ContentTemplateSequence[0].TemplateIdentifier == "2010"
    pointed = [item.ReferencedSOPSequence[0] for item in last.ContentSequence if item.ValueType == "IMAGE"]
    assert [item.ReferencedSOPInstanceUID for item in pointed] == [image.uid for image in study[:2]]
    (evidence,) = last.CurrentRequestedProcedureEvidenceSequence
    assert evidence.StudyInstanceUID == study[0].study
    listed = evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence
    assert {item.ReferencedSOPInstanceUID for item in listed} == {image.uid for image in study[:2]}


def test_what_is_taken_back_is_superseded_and_nothing_is_deleted(
    node: tuple[Server, Region], study: list[Image]
) -> None:
    server, region = node
    for image, is_key, still in ((0, True, 1), (1, True, 2), (0, False, 1), (1, False, 0), (2, True, 1)):
        assert choose(server, region.token_a, study[image], is_key=is_key).status_code == 204
        assert len(_shown(node, study[0])["images"]) == still
    documents = _documents(node, study[0])
    assert [int(document.InstanceNumber) for document in documents] == [1, 2, 3, 4, 5]
    withdrawn = documents[3]
    assert withdrawn.ConceptNameCodeSequence[0].CodeValue == "113001"
    assert withdrawn.ContentSequence[0].ConceptNameCodeSequence[0].CodeValue == "113011"
    (rejected,) = [item.ReferencedSOPSequence[0] for item in withdrawn.ContentSequence if item.ValueType == "COMPOSITE"]
    assert rejected.ReferencedSOPInstanceUID == documents[2].SOPInstanceUID
    assert _uids(_shown(node, study[0])["images"]) == [study[2].uid]


def test_choosing_twice_makes_one_document(node: tuple[Server, Region], study: list[Image]) -> None:
    for is_key in (True, True, False, False):
        assert choose(node[0], node[1].token_a, study[0], is_key=is_key).status_code == 204
    assert len(_documents(node, study[0])) == 2


def test_frames_are_chosen_one_by_one(node: tuple[Server, Region]) -> None:
    (image,) = images(1, next(_STUDIES), pixels=bytes(512 * 3), further=((0x00280008, b"IS", b"3"),))
    assert send(node[0], image) == [0]
    for frame, is_key in ((3, True), (1, True), (3, False)):
        assert choose(node[0], node[1].token_a, image, frame=frame, is_key=is_key).status_code == 204
    assert [item["frame"] for item in _shown(node, image)["images"]] == [1]
    assert choose(node[0], node[1].token_a, image, frame=4).status_code == 400


def test_a_choice_of_ones_own_leaves_those_of_others(node: tuple[Server, Region], study: list[Image]) -> None:
    store(node[0], node[1].token_a, file_of(note(study[0].study, [(study[0].uid, [])])))
    for is_key in (True, False):
        assert choose(node[0], node[1].token_a, study[0], is_key=is_key).status_code == 204
    (shown,) = _shown(node, study[0])["images"]
    assert [why["is_mine"] for why in shown["why"]] == [False]


def test_who_may_only_read_chooses_nothing(node: tuple[Server, Region], study: list[Image]) -> None:
    server, _ = node
    made = server.run("user", "create", "only-reads", "--organisation", "a", "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    token = server.run("token", "create", "--user", "only-reads").stdout.split()[-1]
    assert choose(server, token, study[0]).status_code == 403
    assert _shown(node, study[0], token)["images"] == []


@pytest.mark.hazard("H-04")
def test_another_hospital_can_neither_see_nor_choose(node: tuple[Server, Region], study: list[Image]) -> None:
    server, region = node
    assert choose(server, region.token_b, study[0]).status_code == 404
    server.query(
        "INSERT INTO core.access_grant (organisation_id, subject_organisation_id, kind, resource, purpose, granted_by,"
        " until) VALUES (%s, %s, 'study', %s, 'treatment', 'test', now() + interval '1 hour')",
        *(region.a, region.b, study[0].study),
    )
    assert choose(server, region.token_b, study[0]).status_code == 403
    assert choose(server, region.token_a, study[0]).status_code == 204
    assert _uids(_shown(node, study[0], region.token_b)["images"]) == [study[0].uid]


def test_looking_and_choosing_are_in_the_audit_trail(node: tuple[Server, Region], study: list[Image]) -> None:
    choose(node[0], node[1].token_a, study[0])
    choose(node[0], node[1].token_a, study[0], is_key=False)
    actions = {row[0] for row in node[0].query("SELECT action FROM core.audit WHERE screen = 'key images'")}
    assert {"keyimage.chosen", "keyimage.withdrawn"} <= actions


@pytest.mark.hazard("H-09")
def test_no_value_of_a_patient_is_in_the_log(node: tuple[Server, Region]) -> None:
    (image,) = images(1, next(_STUDIES), name=b"Nobody^" + b"Longest" * 12, patient_id="NOBODY" * 12)
    assert send(node[0], image) == [0]
    assert choose(node[0], node[1].token_a, image).status_code == 204
    assert _uids(_shown(node, image)["images"]) == [image.uid]
    assert "nobody" not in node[0].log().lower()
