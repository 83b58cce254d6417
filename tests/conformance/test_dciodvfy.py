"""dciodvfy, which knows what PS3.3 asks of each kind of object, finds no fault with the documents made here."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lightwell.archive.derived.making import maker
from lightwell.archive.keyobject import SOP_CLASS, Reference
from lightwell.archive.keyobject_writing import Chosen, write
from lightwell.archive.model import StudyRow
from lightwell.standards.dicom.part10 import file_meta
from tests.archive.notes import choose, store
from tests.conftest import peer_program
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, element, find, images, send, values
from tests.region import Region, Server

pytestmark = pytest.mark.peer
_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.7.3"
_BRANCH = 8280
_KNOWN = "Warning - Unrecognized defined term <99LIGHTWELL> for value 1 of attribute <Coding Scheme Designator>"
"""A designator that begins with 99 is private, as the standard allows (PS3.16 8.2)."""
_FURTHER = (
    (0x00080030, b"TM", b"101500"),
    (0x00100030, b"DA", b"19710610"),
    (0x00100040, b"CS", b"M"),
    (0x00200010, b"SH", b"S1"),
)

_STUDY = StudyRow(
    study_instance_uid="1.2.3",
    patient_id="P1",
    issuer_of_patient_id="",
    patient_name="Li^Donghua=李^东华",
    patient_birth_date="19710610",
    patient_sex="M",
    study_date="20261123",
    study_time="101500",
    study_description="",
    study_id="S1",
    accession_number="",
    referring_physician_name="",
    institution_name="",
    is_charset_repaired=False,
    id=1,
    organisation_id=1,
    modalities=["CT"],
    series_count=1,
    instance_count=1,
    organisation_name="",
    organisation_code="a",
)


def _faults(content: bytes, folder: Path) -> list[str]:
    """Return the errors and warnings that dciodvfy has."""
    file = folder / "document.dcm"
    file.write_bytes(content)
    said = subprocess.run([peer_program("dciodvfy"), str(file)], capture_output=True, text=True, check=False).stderr
    lines = said.splitlines()
    assert "KeyObjectSelectionDocument" in lines, said
    return [line for line in lines if line not in {"KeyObjectSelectionDocument", _KNOWN}]


def _film(branch: int) -> Image:
    """Return three frames in the study of that branch."""
    further = (*_FURTHER, (0x00280008, b"IS", b"3"))
    (image,) = images(1, branch, name=b"Li^Donghua", pixels=bytes(512 * 3), further=further)
    return replace(image, uid=f"{image.study}.2.1", series=f"{image.study}.2")


def _documents(server: Server, region: Region, image: Image) -> list[bytes]:
    """Fetch the documents of a study as files, in the order in which they were made."""
    found = find(server, region.token_a, f"{image.study_address}/instances", SOPClassUID=SOP_CLASS)
    rows = zip(values(found, "00200013"), values(found, "0020000E"), values(found, "00080018"), strict=True)
    paths = [f"{image.study_address}/series/{series}/instances/{uid}" for _, series, uid in sorted(rows)]
    return [server.get(path, region.token_a, Accept="application/dicom").content for path in paths]


def test_the_documents_of_a_choice_and_of_its_end_are_sound(server: Server, region: Region, tmp_path: Path) -> None:
    first, second = images(2, _BRANCH, name=b"Li^Donghua", further=_FURTHER)
    assert send(server, first, second) == [0, 0]
    film = _film(_BRANCH)
    kind = element(0x00080016, b"UI", _MULTI_FRAME.encode())
    content = film.data_set.replace(element(0x00080016, b"UI", CT.encode()), kind)
    store(server, region.token_a, file_meta(_MULTI_FRAME, film.uid, EXPLICIT_LITTLE) + content)
    wishes = [(first, {}), (second, {}), (film, {"frame": 3}), (film, {"frame": 1})]
    for is_key in (True, False):
        for image, frame in wishes:
            assert choose(server, region.token_a, image, is_key=is_key, **frame).status_code == 204
    documents = _documents(server, region, first)
    assert len(documents) == 8
    assert [_faults(document, tmp_path) for document in documents] == [[]] * 8


@pytest.mark.parametrize(
    "name",
    ["王医生", "user a", "Wang^Wei=王^伟", "a\\b", "a=b=c=d", "x" * 200, " ", "\n"],
    ids=["hanzi", "words", "a name already", "backslash", "equals signs", "long", "blank", "end of line"],
)
def test_whatever_an_account_is_called_its_documents_are_sound(tmp_path: Path, name: str) -> None:
    chosen = [Chosen("1.2.3.4", Reference(CT, "1.2.3.4.5"))]
    uid, content = write(_STUDY, maker(name, 1, 1, "1.2.3"), chosen, 1, datetime(2026, 11, 24, tzinfo=UTC))
    assert _faults(file_meta(SOP_CLASS, uid, EXPLICIT_LITTLE) + content, tmp_path) == []
