"""Programs of others find series by what was requested: C-FIND and QIDO-RS with keys inside a sequence."""

import struct
import subprocess
from collections.abc import Generator

import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pynetdicom import AE
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind as Find
from requests import Session

from tests.conftest import peer_program, stable_id
from tests.journeys.images import Image, element, send, values
from tests.journeys.images import find as search
from tests.region import Region, Server, running_server

_ROOT = "1.2.826.0.1.3680043.9.9999.8250"
_SYNTAXES = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"]
_STEP, _PROCEDURE = "ScheduledProcedureStepID", "RequestedProcedureID"
_SERIES = "/dicom-web/series"
_LARGE = 3000


def _items(*requests: tuple[str, str]) -> bytes:
    """Write the items of a Request Attributes Sequence."""
    written = b""
    for step, procedure in requests:
        item = element(0x00400009, b"SH", step.encode("gb18030")) + element(0x00401001, b"SH", procedure.encode())
        written += struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item
    return written


def _image(number: int, *requests: tuple[str, str], time: str = "083000") -> Image:
    study = f"{_ROOT}.{number}"
    further = (
        (0x00400244, b"DA", b"20261123"),
        (0x00400245, b"TM", time.encode()),
        (0x00400275, b"SQ", _items(*requests)),
    )
    return Image(f"{study}.1.1", study, f"{study}.1", b"Li^Si", f"R{number}", b"GB18030", further=further)


_IMAGES = {
    "chest": _image(1, ("SPS-1", "RP-1")),
    "two": _image(2, ("SPS-2", "RP-2"), ("SPS-3", "RP-3"), time="101500"),
    "hanzi": _image(3, ("步骤一", "RP-1")),
    "broken": Image(f"{_ROOT}.4.1.1", f"{_ROOT}.4", f"{_ROOT}.4.1", further=((0x00400275, b"SQ", b"\0\1\2\3\4\5"),)),
    "none": Image(f"{_ROOT}.5.1.1", f"{_ROOT}.5", f"{_ROOT}.5.1"),
    "many": _image(6, *((f"M{place:04}", f"N{place:04}") for place in range(_LARGE))),
}


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own, whose series are known."""
    with running_server() as (server, region):
        assert set(send(server, *_IMAGES.values())) == {0}
        yield server, region


def _who(uids: set[str]) -> set[str]:
    return {name for name, image in _IMAGES.items() if image.series in uids}


def _ask(
    server: Server, items: list[dict[str, str]], *, syntax: str = _SYNTAXES[0], calling: str = "CT_A", **keys: str
) -> tuple[list[Dataset], list[int]]:
    wanted = Dataset()
    wanted.QueryRetrieveLevel = "SERIES"
    wanted.SeriesInstanceUID = ""
    wanted.SpecificCharacterSet = "ISO_IR 192"
    whole: list[Dataset] = []
    for item in items:
        whole.append(Dataset())
        for name, value in item.items():
            setattr(whole[-1], name, value)
    wanted.RequestAttributesSequence = Sequence(whole)
    for name, value in keys.items():
        setattr(wanted, name, value)
    ae = AE(calling)
    ae.add_requested_context(Find, syntax)
    association = ae.associate("127.0.0.1", server.dicom_port, ae_title="LIGHTWELL")
    answers = list(association.send_c_find(wanted, Find))
    association.release()
    found = [item for status, item in answers if status.Status in {0xFF00, 0xFF01}]
    return found, [status.Status for status, _ in answers]


_ASKED = [
    ({_STEP: "SPS-1"}, {"chest"}),
    ({_PROCEDURE: "RP-1"}, {"chest", "hanzi"}),
    ({_STEP: "SPS-*"}, {"chest", "two"}),
    ({_STEP: "*-3"}, {"two"}),
    ({_STEP: "SPS-2", _PROCEDURE: "RP-2"}, {"two"}),
    ({_STEP: "SPS-2", _PROCEDURE: "RP-3"}, set[str]()),  # of two items, not of one
    ({_STEP: "步骤?"}, {"hanzi"}),
    ({_STEP: "SPS"}, set[str]()),
    ({_STEP: "SPS%"}, set[str]()),
    ({_STEP: "M0099"}, {"many"}),
]


@pytest.mark.parametrize("syntax", _SYNTAXES)
@pytest.mark.parametrize(("item", "who"), _ASKED, ids=stable_id)
def test_c_find_matches_one_item(node: tuple[Server, Region], item: dict[str, str], who: set[str], syntax: str) -> None:
    found, statuses = _ask(node[0], [item], syntax=syntax)
    assert _who({each.SeriesInstanceUID for each in found}) == who
    assert set(statuses) <= {0xFF00, 0}


@pytest.mark.parametrize("way", ["RequestAttributesSequence.{}", "00400275.{}"])
@pytest.mark.parametrize(("item", "who"), _ASKED, ids=stable_id)
def test_qido_matches_one_item(node: tuple[Server, Region], item: dict[str, str], who: set[str], way: str) -> None:
    tags = {_STEP: "00400009", _PROCEDURE: "00401001"}
    query = {way.format(tags[name] if way.startswith("0") else name): value for name, value in item.items()}
    assert _who(set(values(search(node[0], node[1].token_a, _SERIES, **query), "0020000E"))) == who


@pytest.mark.parametrize("items", [[], [{}], [{_STEP: "", _PROCEDURE: ""}]], ids=str)
@pytest.mark.parametrize("syntax", _SYNTAXES)
def test_universal_matching_returns_every_item(
    node: tuple[Server, Region], items: list[dict[str, str]], syntax: str
) -> None:
    found, statuses = _ask(node[0], items, syntax=syntax, StudyInstanceUID=_IMAGES["two"].study)
    assert statuses == [0xFF00, 0]
    pairs = [(item.ScheduledProcedureStepID, item.RequestedProcedureID) for item in found[0].RequestAttributesSequence]
    assert pairs == [("SPS-2", "RP-2"), ("SPS-3", "RP-3")]


def test_only_what_was_asked_for_is_returned_in_the_character_set_asked_for(node: tuple[Server, Region]) -> None:
    (found,), _ = _ask(node[0], [{_STEP: ""}], StudyInstanceUID=_IMAGES["hanzi"].study)
    (item,) = found.RequestAttributesSequence
    assert item.ScheduledProcedureStepID == "步骤一"
    assert _PROCEDURE not in item


@pytest.mark.parametrize("name", ["broken", "none"])
def test_a_series_without_requests_is_found_and_has_none(node: tuple[Server, Region], name: str) -> None:
    (found,), statuses = _ask(node[0], [{_STEP: ""}], StudyInstanceUID=_IMAGES[name].study)
    assert (len(found.RequestAttributesSequence), statuses) == (0, [0xFF00, 0])


def test_more_than_one_item_is_refused(node: tuple[Server, Region]) -> None:
    assert _ask(node[0], [{_STEP: "SPS-1"}, {_STEP: "SPS-2"}])[1] == [0xA900]


def test_a_key_inside_that_is_not_matched_by_is_told(node: tuple[Server, Region]) -> None:
    found, statuses = _ask(node[0], [{_STEP: "SPS-1", "ScheduledProcedureStepDescription": "CT"}])
    assert (len(found), statuses) == (1, [0xFF01, 0])


def test_when_the_series_was_begun_is_matched_and_returned(node: tuple[Server, Region]) -> None:
    keys = {"PerformedProcedureStepStartDate": "20261101-20261130", "PerformedProcedureStepStartTime": "1000-1100"}
    (found,), _ = _ask(node[0], [], **keys)
    assert _who({found.SeriesInstanceUID}) == {"two"}
    assert found.PerformedProcedureStepStartTime == "101500"
    assert _who(set(values(search(node[0], node[1].token_a, _SERIES, **keys), "0020000E"))) == {"two"}


@pytest.mark.peer
def test_findscu_finds_by_a_key_in_a_sequence(node: tuple[Server, Region]) -> None:
    program = peer_program("findscu")
    keys = ["0008,0052=SERIES", "0020,000e", "(0040,0275)[0].(0040,0009)=SPS-3", "(0040,0275)[0].(0040,1001)"]
    arguments = [argument for key in keys for argument in ("-k", key)]
    place = ["127.0.0.1", str(node[0].dicom_port)]
    command = [program, "-S", "-v", "-aet", "CT_A", "-aec", "LIGHTWELL", *arguments, *place]
    said = subprocess.run(command, check=True, capture_output=True, text=True, errors="replace", timeout=60)
    text = said.stdout + said.stderr
    assert f"[{_IMAGES['two'].series}" in text
    assert "[RP-3" in text
    assert f"[{_IMAGES['chest'].series}" not in text


def test_dicomweb_client_finds_by_a_key_in_a_sequence(node: tuple[Server, Region]) -> None:
    session = Session()
    session.headers["Authorization"] = f"Bearer {node[1].token_a}"
    client = DICOMwebClient(f"{node[0].url}/dicom-web", session=session)
    (found,) = client.search_for_series(search_filters={f"RequestAttributesSequence.{_STEP}": "SPS-3"})
    data_set = Dataset.from_json(found)
    assert _who({data_set.SeriesInstanceUID}) == {"two"}
    assert [item.RequestedProcedureID for item in data_set.RequestAttributesSequence] == ["RP-2", "RP-3"]
    assert data_set.RetrieveURL == f"{node[0].url}{_IMAGES['two'].series_address}"


@pytest.mark.hazard("H-04")
def test_another_hospital_finds_no_request(node: tuple[Server, Region]) -> None:
    assert _ask(node[0], [{_STEP: "SPS-1"}], calling="CT_B") == ([], [0])
    assert search(node[0], node[1].token_b, _SERIES, **{f"RequestAttributesSequence.{_STEP}": "SPS-1"}) == []


def test_at_study_level_it_is_named_and_ignored(node: tuple[Server, Region]) -> None:
    answer = node[0].get("/dicom-web/studies?00400275.00400009=SPS-1", node[1].token_a)
    assert len(answer.json()) == len(_IMAGES)
    assert "00400275.00400009" in answer.headers["Warning"]


def test_series_from_before_are_filled_by_reindex(node: tuple[Server, Region]) -> None:
    server, region = node
    kinds = "('scheduled_procedure_step_id', 'requested_procedure_id')"
    server.query(f"DELETE FROM archive.study_key WHERE kind IN {kinds}")  # noqa: S608 -- two words of this test
    emptied = "performed_procedure_step_start_time, scheduled_procedure_step_ids, requested_procedure_ids"
    server.query(f"UPDATE archive.series SET ({emptied}, attribute_version) = ('', '', '', 0)")  # noqa: S608
    query = {f"RequestAttributesSequence.{_STEP}": "SPS-3", "PerformedProcedureStepStartTime": "101500"}
    assert search(server, region.token_a, _SERIES, **query) == []
    assert server.run("archive", "reindex").returncode == 0
    assert _who(set(values(search(server, region.token_a, _SERIES, **query), "0020000E"))) == {"two"}
    assert server.query("SELECT count(*) FROM archive.series WHERE attribute_version = 0") == [(0,)]
