"""Searching by QIDO-RS: every attribute, every level, names as people type them, and queries that cannot be."""

import asyncio
from collections.abc import Generator

import httpx
import pytest

from lightwell import archive
from lightwell.app.node import open_node
from tests.conftest import stable_id
from tests.journeys.images import Image, find, send, values
from tests.region import Region, Server, running_server

_ROOT = "1.2.826.0.1.3680043.9.9999.8100"
_STUDIES = "/dicom-web/studies"


def _image(number: int, name: str, **attributes: str) -> Image:
    further = tuple(
        (int(tag.removeprefix("t"), 16), vr.encode(), value.encode("gb18030"))
        for tag, (vr, value) in ((key, text.split(":", 1)) for key, text in attributes.items())
    )
    study = f"{_ROOT}.{number}"
    return Image(
        f"{study}.1.1", study, f"{study}.1", name.encode("gb18030"), f"PID-{number:04}", b"GB18030", further=further
    )


_IMAGES = {
    "zhang": _image(1, "张^三", t00081030="LO:胸部CT 100%_平扫", t00080030="TM:083015"),
    "wang": _image(2, "Wang^XiaoDong=王^小东", t00080030="TM:101530.123", t00100030="DA:19661224"),
    "shan": _image(3, "单^雄信", t00100040="CS:M"),
    "mmt": _image(4, "买买提·吐尔逊", t00080090="PN:Li^Wei=李^伟"),
    "smith": _image(
        5, "Smith^John^Q", t00080080="LO:OFFIS", t0008103E="LO:axial 5mm", t00200011="IS:7", t00180015="CS:CHEST"
    ),
}


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own, whose studies are known."""
    with running_server() as (server, region):
        assert set(send(server, *_IMAGES.values())) == {0}
        yield server, region


def _names(node: tuple[Server, Region], path: str = _STUDIES, **query: str) -> set[str]:
    found = set(values(find(node[0], node[1].token_a, path, **query), "0020000D"))
    return {name for name, image in _IMAGES.items() if image.study in found}


def _get(node: tuple[Server, Region], query: str, path: str = _STUDIES, **headers: str) -> httpx.Response:
    return node[0].get(f"{path}?{query}", node[1].token_a, **headers)


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("zs", {"zhang"}),
        ("zhangsan", {"zhang"}),
        ("Zhang San", {"zhang"}),
        ("zhangs", {"zhang"}),
        ("三", {"zhang"}),
        ("张", {"zhang"}),
        ("shanxiong", {"shan"}),
        ("sxx", {"shan"}),
        ("dxx", set()),
        ("wxd", {"wang"}),
        ("xiaodong", {"wang"}),
        ("小东", {"wang"}),
        ("mmttex", {"mmt"}),
        ("吐尔逊", {"mmt"}),
        ("smith john", {"smith"}),
        ("pid-0005", {"smith"}),
    ],
)
def test_what_people_type_finds_the_patient(node: tuple[Server, Region], typed: str, who: set[str]) -> None:
    assert _names(node, search=typed) == who


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ({"PatientName": "张^三"}, {"zhang"}),
        ({"PatientName": "zs*"}, {"zhang"}),
        ({"PatientName": "*dong*"}, {"wang"}),
        ({"PatientName": "W*g^X*"}, {"wang"}),
        ({"PatientName": "Sm?th^John^Q"}, {"smith"}),
        ({"PatientName": "Sm?th"}, set()),
        ({"PatientName": "john smith", "fuzzymatching": "true"}, {"smith"}),
        ({"00100010": "王*"}, {"wang"}),
        ({"PatientName": "Wang^XiaoDong=王^小东"}, {"wang"}),
        ({"PatientName": "=王^小东"}, {"wang"}),
        ({"PatientName": "=王*"}, {"wang"}),
        ({"PatientName": "Wang^XiaoDong=*"}, {"wang"}),
        ({"PatientName": "Wang^XiaoDong=张*"}, set()),
        ({"PatientName": "*=*"}, set(_IMAGES)),
        ({"PatientName": "Wang=王", "fuzzymatching": "true"}, {"wang"}),
        ({"PatientID": "PID-0003"}, {"shan"}),
        ({"PatientID": "PID-000?"}, set(_IMAGES)),
        ({"PatientID": "*4"}, {"mmt"}),
        ({"StudyDescription": "*100%_平*"}, {"zhang"}),
        ({"StudyDescription": "*100?x*"}, set()),
        ({"StudyTime": "0830"}, {"zhang"}),
        ({"StudyTime": "083015-101530"}, {"zhang", "wang"}),
        ({"StudyTime": "1015-"}, {"wang"}),
        ({"PatientBirthDate": "19660101-19661231"}, {"wang"}),
        ({"PatientBirthDate": "-19661231"}, {"wang"}),
        ({"PatientSex": "M"}, {"shan"}),
        ({"ReferringPhysicianName": "李*"}, {"mmt"}),
        ({"ReferringPhysicianName": "Li^Wei=李^伟"}, {"mmt"}),
        ({"ReferringPhysicianName": "Li^Wei=王*"}, set()),
        ({"ModalitiesInStudy": "MR\\CT"}, set(_IMAGES)),
        ({"ModalitiesInStudy": "MR"}, set()),
        ({"ModalitiesInStudy": "C*"}, set(_IMAGES)),
        ({"ModalitiesInStudy": "MR\\?T"}, set(_IMAGES)),
        ({"ModalitiesInStudy": "C"}, set()),
        ({"ModalitiesInStudy": "?"}, set()),
        ({"StudyDate": "20261123"}, set(_IMAGES)),
        ({"StudyDate": "20261124-"}, set()),
        ({"StudyInstanceUID": f"{_ROOT}.1,{_ROOT}.2"}, {"zhang", "wang"}),
        ({"PatientName": "*", "PatientID": ""}, set(_IMAGES)),
    ],
    ids=stable_id,
)
def test_studies_are_matched_as_the_standard_says(
    node: tuple[Server, Region], query: dict[str, str], who: set[str]
) -> None:
    assert _names(node, **query) == who


@pytest.mark.parametrize(
    ("path", "query", "who"),
    [
        ("/dicom-web/series", {"SeriesDescription": "axial*"}, {"smith"}),
        ("/dicom-web/series", {"SeriesNumber": "7"}, {"smith"}),
        ("/dicom-web/series", {"BodyPartExamined": "chest", "Modality": "CT"}, {"smith"}),
        ("/dicom-web/series", {"PatientName": "zs*"}, {"zhang"}),
        ("/dicom-web/instances", {"SOPInstanceUID": _IMAGES["wang"].uid}, {"wang"}),
        ("/dicom-web/instances", {"PatientID": "PID-0004", "InstanceNumber": "1"}, {"mmt"}),
        (f"/dicom-web/studies/{_ROOT}.3/instances", {}, {"shan"}),
        (f"/dicom-web/studies/{_ROOT}.3/series/{_ROOT}.3.1/instances", {}, {"shan"}),
        (f"/dicom-web/studies/{_ROOT}.3/series", {"Modality": "MR"}, set()),
    ],
    ids=stable_id,
)
def test_series_and_instances_are_found_at_their_levels(
    node: tuple[Server, Region], path: str, query: dict[str, str], who: set[str]
) -> None:
    assert _names(node, path, **query) == who


def test_below_no_study_what_is_found_says_whose_it_is(node: tuple[Server, Region]) -> None:
    (found,) = find(node[0], node[1].token_a, "/dicom-web/instances", SOPInstanceUID=_IMAGES["wang"].uid)
    assert values([found], "00100020") == ["PID-0002"]
    assert values([found], "00080060") == ["CT"]


def test_pages_do_not_overlap_and_say_that_there_is_more(node: tuple[Server, Region]) -> None:
    seen: list[str] = []
    for offset in range(0, 5, 2):
        answer = _get(node, f"limit=2&offset={offset}")
        seen += values(answer.json(), "0020000D")
        assert ("Warning" in answer.headers) == (offset < 4)
    assert len(seen) == len(set(seen)) == 5


def test_what_is_found_says_where_it_is_and_whose(node: tuple[Server, Region]) -> None:
    server, region = node
    image = _IMAGES["smith"]
    for level, address in (
        ("studies", image.study_address),
        ("series", image.series_address),
        ("instances", image.address),
    ):
        (found,) = find(server, region.token_a, f"/dicom-web/{level}", StudyInstanceUID=image.study)
        assert values([found], "00081190") == [server.url + address]
        assert values([found], "00080056") == ["ONLINE"]
        assert values([found], "00091001") == ["甲医院"]
        assert values([found], "00080080") == ["OFFIS"]


def test_what_shall_be_told_of_images_is_told(node: tuple[Server, Region]) -> None:
    path = f"/dicom-web/studies/{_ROOT}.5/instances"
    plain, more, every = (
        _get(node, query, path).json()[0]
        for query in ("", "includefield=00280101,PatientName&includefield=SliceLocation", "includefield=all")
    )
    assert values([plain], "00280010") + values([plain], "00280100") == [16, 16]
    assert "00280101" not in plain
    assert more["00280101"]["Value"] == [12]
    assert more["00100010"]["Value"] == [{"Alphabetic": "Smith^John^Q"}]
    assert set(every) > set(more)


def test_a_field_that_is_not_told_is_named(node: tuple[Server, Region]) -> None:
    for query, named in (("includefield=PatientAge", "00101010"), ("includefield=Nonsense%0d", "Nonsense")):
        assert named in _get(node, query).headers["Warning"]
    assert "Warning" not in _get(node, "includefield=all,StudyDescription,00081190").headers


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("APPLICATION/DICOM+JSON", 200),
        ("application/json", 200),
        ("application/dicom+json; q=0", 406),
        ("text/html, */*; q=0.1", 200),
    ],
)
def test_the_form_of_an_answer_is_negotiated(node: tuple[Server, Region], accept: str, status: int) -> None:
    assert _get(node, "", Accept=accept).status_code == status
    assert "Warning" not in _get(node, "accept=application/dicom%2Bjson", Accept="text/html").headers


def test_the_oldest_may_come_first(node: tuple[Server, Region]) -> None:
    newest = values(_get(node, "order=newest").json(), "0020000D")
    oldest = values(_get(node, "order=oldest").json(), "0020000D")
    assert len(newest) == 5
    assert oldest == newest[::-1] == values(_get(node, "order=oldest&limit=3").json(), "0020000D") + newest[1::-1]
    assert values(_get(node, "order=oldest&search=pid").json(), "0020000D") == oldest


def test_what_cannot_be_searched_by_is_named_and_ignored(node: tuple[Server, Region]) -> None:
    answer = _get(node, "BloodGroup=A&SeriesNumber=1")
    assert len(answer.json()) == 5
    assert "BloodGroup, SeriesNumber" in answer.headers["Warning"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("病人=1", "??"),
        ("%E7%97%85%E4%BA%BA=1", "??"),
        ("%0d%0aSet-Cookie:%20x=1", "SetCookiex"),
        ("%ff=1", "?"),
        ("00400275=1", "00400275"),
        ("00400275.00400009.0008=1", "00400275.00400009.0008"),
        ("&".join(f"Nothing{n}=1" for n in range(3000)), "Nothing19, and others"),
    ],
    ids=["hanzi", "escaped hanzi", "a header", "no UTF-8", "a sequence", "too deep", "3000 of them"],
)
def test_a_name_that_nobody_knows_is_ignored_and_said(node: tuple[Server, Region], query: str, named: str) -> None:
    answer = _get(node, query)
    assert (answer.status_code, len(answer.json())) == (200, 5)
    assert named in answer.headers["Warning"]
    assert "Set-Cookie" not in answer.headers
    assert len(answer.headers["Warning"]) < 2000


@pytest.mark.parametrize(
    "query",
    [
        "00400275.00400009=" + "x" * 2000,
        "RequestAttributesSequence.RequestedProcedureID=%00",
        "PerformedProcedureStepStartDate=20269999",
        "PerformedProcedureStepStartDate=20261124-20261123",
        "PerformedProcedureStepStartTime=25",
        "SeriesNumber=1e3",
    ],
)
def test_a_query_for_series_that_cannot_be_is_refused(node: tuple[Server, Region], query: str) -> None:
    answer = _get(node, query, "/dicom-web/series")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "query",
    [
        "StudyDate=yesterday",
        "StudyTime=12-11",
        "StudyDate=20261399",
        "StudyDate=20261124-20261123",
        "StudyTime=9999",
        "StudyInstanceUID=..",
        "PatientName=" + "x" * 2000,
        "PatientName=%00",
        "limit=0",
        "order=name",
        "limit=x",
        "offset=-1",
        "offset=99999999999999999999",
    ],
)
def test_a_query_that_cannot_be_is_refused(node: tuple[Server, Region], query: str) -> None:
    answer = _get(node, query)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_request"


def test_another_form_than_json_is_refused(node: tuple[Server, Region]) -> None:
    answer = _get(node, "", Accept='multipart/related; type="application/dicom+xml"')
    assert answer.status_code == 406


@pytest.mark.parametrize("path", ["/1.2.3/series", f"/{_ROOT}.1/series/1.2.3/instances"])
def test_a_study_that_is_not_there_is_not_found(node: tuple[Server, Region], path: str) -> None:
    assert _get(node, "", _STUDIES + path).status_code == 404


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize("path", ["/dicom-web/studies", "/dicom-web/series", "/dicom-web/instances"])
@pytest.mark.parametrize("query", [{}, {"search": "zs"}, {"PatientName": "*n*"}, {"PatientID": "PID-0001"}], ids=str)
def test_another_hospital_finds_nothing(node: tuple[Server, Region], path: str, query: dict[str, str]) -> None:
    assert find(node[0], node[1].token_b, path, **query) == []


def test_studies_from_before_get_the_keys_of_today(node: tuple[Server, Region]) -> None:
    server, _ = node
    server.query("DELETE FROM archive.study_key")
    server.query("UPDATE archive.study SET key_version = 0")
    assert _names(node, search="zs") == set()

    async def renew() -> list[int]:
        async with open_node(server.settings) as opened:
            return [await archive.rekey(opened.machines) for _ in range(2)]

    assert asyncio.run(renew()) == [len(_IMAGES), 0]
    assert _names(node, search="zs") == {"zhang"}
