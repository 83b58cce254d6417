"""Presentation states from a page to an object and back: what holds, what is refused, and who may."""

import struct
from collections.abc import Callable, Generator
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset

from lightwell.archive.derived import making
from lightwell.archive.derived.parsing import Raw
from lightwell.archive.presentations.model import Area, seen
from lightwell.archive.presentations.reading import State, read
from lightwell.standards.dicom.errors import DataSetError
from tests.archive.measurements import marks
from tests.archive.notes import REJECTED, file_of, note, store
from tests.archive.presentations.states import everything, keep, presented, shown
from tests.journeys.images import SIDE, Image, data_set_of, find, send, values
from tests.region import Region, Server, running_server

_GREY_STATE = "1.2.840.10008.5.1.4.1.1.11.1"
_WINDOW = ((0x00281050, b"DS", b"50"), (0x00281051, b"DS", b"350"))
_RESCALE = ((0x00281052, b"DS", b"-1024"), (0x00281053, b"DS", b"1"))
_LOW = (0x00280004, b"CS", b"MONOCHROME1")


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own."""
    with running_server() as pair:
        yield pair


@pytest.fixture
def study(node: tuple[Server, Region]) -> list[Image]:
    """Images of hospital A that say how large their pixels are."""
    return marks.study_of(node[0], marks.SPACING, *_RESCALE)


def _saved(node: tuple[Server, Region], *images: dict[str, Any], of: Image, **values: str) -> dict[str, Any]:
    """File a state, and return it as it is shown."""
    answer = keep(node[0], node[1].token_a, of, *images, **values)
    assert answer.status_code == 200, answer.text
    (uid,) = answer.json()["sop_instance_uids"]
    found = shown(node[0], node[1].token_a, of)
    assert found["unreadable"] == 0
    return next(one for one in found["presentations"] if one["sop_instance_uid"] == uid)


def test_a_study_of_which_nobody_said_how_it_is_shown_has_no_states(
    node: tuple[Server, Region], study: list[Image]
) -> None:
    assert shown(node[0], node[1].token_a, study[0]) == {"presentations": [], "unreadable": 0}


def test_all_that_can_be_said_comes_back_as_it_was_filed(node: tuple[Server, Region], study: list[Image]) -> None:
    wanted = everything(study[0])
    found = _saved(node, wanted, of=study[0])
    assert found["images"] == [wanted]
    assert (found["label"], found["description"], found["maker"]) == ("LUNG", "肺窗", "user-a")
    assert found["is_mine"]
    assert found["made_at"].endswith("+00:00")


def test_each_image_of_a_state_has_its_own_window_part_and_marks(
    node: tuple[Server, Region], study: list[Image]
) -> None:
    first = presented(study[0], window={"center": 40.0, "width": 400.0})
    second = presented(
        study[1],
        window={"center": -600.0, "width": 1500.0},
        area={"top_left": [2, 2], "bottom_right": [9, 9]},
        texts=[{"text": "a", "anchor": [1, 1]}],
    )
    assert _saved(node, first, second, of=study[0])["images"] == [first, second]


def test_frames_are_shown_one_by_one(node: tuple[Server, Region]) -> None:
    film = marks.study_of(node[0], (0x00280008, b"IS", b"3"), number=1, pixels=bytes(512 * 3))[0]
    wanted = [presented(film, frame=frame, window={"center": frame, "width": 10.0}) for frame in (1, 3)]
    assert _saved(node, *wanted, of=film)["images"] == wanted


def test_the_window_of_the_image_is_written_where_none_is_named(node: tuple[Server, Region]) -> None:
    image = marks.study_of(node[0], *_WINDOW)[0]
    (found,) = _saved(node, presented(image), of=image)["images"]
    assert found["window"] == {"center": 50.0, "width": 350.0}


def _as_sent(node: tuple[Server, Region], study: list[Image], **changes: Any) -> dict[str, Any]:
    """Return the state of another maker, as it is shown; a change of None takes an attribute away."""
    _saved(node, presented(study[0], window={"center": 40.0, "width": 400.0}, is_inverted=True), of=study[0])
    said = marks.last_document(node[0], node[1].token_a, study[0], _GREY_STATE)
    said.SOPInstanceUID, said.SeriesInstanceUID = f"{said.SOPInstanceUID}.1", f"{said.SeriesInstanceUID}.1"
    for keyword, value in changes.items():
        holder = said.SoftcopyVOILUTSequence[0] if keyword in {"VOILUTFunction", "VOILUTSequence"} else said
        if value is None:
            delattr(holder, keyword)
        else:
            setattr(holder, keyword, value)
    if "VOILUTSequence" in changes:
        del said.SoftcopyVOILUTSequence[0].WindowCenter, said.SoftcopyVOILUTSequence[0].WindowWidth
    store(node[0], node[1].token_a, file_of(said))
    found = shown(node[0], node[1].token_a, study[0])
    assert found["unreadable"] == 0
    return next(one for one in found["presentations"] if one["sop_instance_uid"] == said.SOPInstanceUID)


def _lut() -> Dataset:
    item = Dataset()
    item.add_new(0x00283002, "US", [2, 0, 16])
    item.add_new(0x00283006, "OW", b"\0\0\xff\xff")
    return item


@pytest.mark.hazard("H-32")
def test_the_window_of_a_state_goes_by_its_own_rescale(node: tuple[Server, Region], study: list[Image]) -> None:
    found = _as_sent(node, study, RescaleIntercept=None, RescaleSlope=None, RescaleType=None)
    assert (found["images"][0]["window"], found["refusal"]) == ({"center": 40.0 - 1024, "width": 400.0}, "")
    exact = _as_sent(node, study, VOILUTFunction="LINEAR_EXACT")
    assert exact["images"][0]["window"] == {"center": 40.5, "width": 401.0}


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"VOILUTFunction": "SIGMOID"}, "function"),
        ({"VOILUTSequence": [_lut()]}, "table"),
        (
            {"ModalityLUTSequence": [_lut()], "RescaleIntercept": None, "RescaleSlope": None, "RescaleType": None},
            "table",
        ),
        ({"PresentationLUTSequence": [_lut()], "PresentationLUTShape": None}, "table"),
        ({"RescaleSlope": "-1"}, "rescale"),
    ],
)
def test_a_grey_that_cannot_be_shown_is_said_and_the_image_keeps_its_own(
    node: tuple[Server, Region], study: list[Image], changes: dict[str, Any], refusal: str
) -> None:
    found = _as_sent(node, study, **changes)
    (image,) = found["images"]
    assert (found["refusal"], image["window"], image["is_inverted"]) == (refusal, None, False)


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize("function", ["SIGMOID", "LINEAR_EXACT"])
def test_the_function_of_the_image_is_written_with_its_window(node: tuple[Server, Region], function: str) -> None:
    image = marks.study_of(node[0], *_WINDOW, (0x00281056, b"CS", function.encode()))[0]
    for window in (None, {"center": 40.0, "width": 0.5}):
        (found,) = _saved(node, presented(image, window=window), of=image)["images"]
        assert found["window"] == (window or {"center": 50.0, "width": 350.0})
        said = marks.last_document(node[0], node[1].token_a, image, _GREY_STATE)
        assert said.SoftcopyVOILUTSequence[0].VOILUTFunction == function


def test_a_step_is_written_as_the_narrowest_window(node: tuple[Server, Region], study: list[Image]) -> None:
    wanted = presented(study[0], window={"center": 40.0, "width": 0.5})
    assert _saved(node, wanted, of=study[0])["images"][0]["window"] == {"center": 40.0, "width": 1.0}


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize("first", [0, -2])
def test_the_table_that_an_image_is_seen_through_is_written(node: tuple[Server, Region], first: int) -> None:
    table = Dataset()
    table.add_new(0x00283002, "SS" if first < 0 else "US", [3, first, 16])
    table.add_new(0x00283006, "OW", struct.pack("<3H", 0, 9, 65535))
    content = making.written(table)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content
    image = marks.study_of(node[0], (0x00281052, b"DS", b"-2"), (0x00281053, b"DS", b"1"), (0x00283010, b"SQ", item))[0]
    assert _saved(node, presented(image), of=image)["refusal"] == "table"
    (told,) = marks.last_document(node[0], node[1].token_a, image, _GREY_STATE).SoftcopyVOILUTSequence
    (written,) = told.VOILUTSequence
    assert (list(written.LUTDescriptor), bytes(written.LUTData)) == ([3, first, 16], struct.pack("<3H", 0, 9, 65535))


@pytest.mark.parametrize("is_inverted", [True, False])
def test_inverted_is_other_than_the_image_says_itself(node: tuple[Server, Region], *, is_inverted: bool) -> None:
    image = marks.study_of(node[0], _LOW)[0]
    wanted = presented(image, is_inverted=is_inverted)
    assert _saved(node, wanted, of=image)["images"] == [wanted]
    said = marks.last_document(node[0], node[1].token_a, image, _GREY_STATE)
    assert said.PresentationLUTShape == ("IDENTITY" if is_inverted else "INVERSE")


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("is_flipped", [True, False])
def test_all_of_an_image_is_all_of_it_however_it_is_turned(
    node: tuple[Server, Region], study: list[Image], rotation_deg: int, *, is_flipped: bool
) -> None:
    wanted = presented(study[0], rotation_deg=rotation_deg, is_flipped=is_flipped)
    assert _saved(node, wanted, of=study[0])["images"] == [wanted]


@pytest.mark.parametrize(
    ("rotation_deg", "is_flipped", "expected"),
    [
        (0, False, ((1, 1), (4, 3))),
        (90, False, ((1, 3), (4, 1))),
        (180, False, ((4, 3), (1, 1))),
        (270, False, ((4, 1), (1, 3))),
        (0, True, ((4, 1), (1, 3))),
        (90, True, ((1, 1), (4, 3))),
    ],
)
def test_the_corners_are_those_that_are_seen(rotation_deg: int, expected: object, *, is_flipped: bool) -> None:
    """Of an image with 3 rows and 4 columns, turned clockwise and then mirrored."""
    assert seen(Area((1, 1), (4, 3)), rotation_deg, is_flipped=is_flipped) == expected


def test_states_stand_beside_each_other_the_newest_first(node: tuple[Server, Region], study: list[Image]) -> None:
    for label in ("A", "B", "C_1"):
        _saved(node, presented(study[0]), of=study[0], label=label, description="")
    found = shown(node[0], node[1].token_a, study[0])["presentations"]
    assert {one["label"] for one in found} == {"A", "B", "C_1"}
    rows = find(node[0], node[1].token_a, f"{study[0].study_address}/instances", Modality="PR")
    assert sorted(values(rows, "00200013")) == [1, 2, 3]
    rejecting = note(study[0].study, [(found[0]["sop_instance_uid"], [])], REJECTED, kind=_GREY_STATE)
    store(node[0], node[1].token_a, file_of(rejecting))
    assert len(shown(node[0], node[1].token_a, study[0])["presentations"]) == 2


_ODD: dict[str, Callable[[list[Image]], list[dict[str, Any]]]] = {
    "turned by 45": lambda study: [presented(study[0], rotation_deg=45)],
    "no width": lambda study: [presented(study[0], window={"center": 1, "width": 0})],
    "frame 2 of one": lambda study: [presented(study[0], frame=2)],
    "an image twice": lambda study: [presented(study[0]), presented(study[0])],
    "no images": lambda _: [],
    "a circle of one point": lambda study: [
        presented(study[0], graphics=[{"kind": "circle", "points": [[1, 1]], "is_filled": False}])
    ],
    "an open line filled": lambda study: [
        presented(study[0], graphics=[{"kind": "polyline", "points": [[1, 1], [2, 2], [3, 1]], "is_filled": True}])
    ],
    "an empty text": lambda study: [presented(study[0], texts=[{"text": "", "anchor": [1, 1]}])],
    "the last pixel before the first": lambda study: [
        presented(study[0], area={"top_left": [9, 1], "bottom_right": [1, 9]})
    ],
    "part of a pixel": lambda study: [presented(study[0], area={"top_left": [1.5, 1], "bottom_right": [9, 9]})],
}


@pytest.mark.parametrize("how", list(_ODD))
def test_what_cannot_be_shown_is_refused(node: tuple[Server, Region], study: list[Image], how: str) -> None:
    answer = keep(node[0], node[1].token_a, study[0], *_ODD[how](study))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert shown(node[0], node[1].token_a, study[0])["presentations"] == []


@pytest.mark.parametrize("label", ["", "lung", "肺窗", "A" * 17, " A"])
def test_a_label_that_is_no_code_string_is_refused(node: tuple[Server, Region], study: list[Image], label: str) -> None:
    assert keep(node[0], node[1].token_a, study[0], presented(study[0]), label=label).status_code == 400


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize("values", [{"rotation_deg": 90}, {"is_flipped": True}, {"is_inverted": True}])
def test_what_a_state_has_once_is_said_by_a_state_each_where_images_differ(
    node: tuple[Server, Region], study: list[Image], values: dict[str, Any]
) -> None:
    wanted = [presented(study[0]), presented(study[1], **values)]
    assert [one["images"] for one in _filed(node, study[0], *wanted)] == [[one] for one in wanted]


@pytest.mark.hazard("H-32")
def test_lines_on_series_of_different_rescale_and_shades_are_filed_as_a_state_for_each(
    node: tuple[Server, Region], study: list[Image]
) -> None:
    ways = ([*_RESCALE], [(0x00281052, b"DS", b"0"), (0x00281053, b"DS", b"2.5")], [*_RESCALE, _LOW])
    others = [
        Image(f"{study[0].uid}.{place}", study[0].study, f"{study[0].series}.{place}", further=(*marks.FURTHER, *way))
        for place, way in enumerate(ways)
    ]
    assert set(send(node[0], *others)) == {0}
    texts = [{"text": "12.5 mm", "anchor": [3.0, 4.0]}]
    wanted = [presented(one, window={"center": 40.0, "width": 400.0}, texts=texts) for one in (*study, *others)]
    found = _filed(node, study[0], *wanted, label="MEASUREMENTS")
    assert [one["images"] for one in found] == [wanted[:3], wanted[3:4], wanted[4:]]
    assert len({one["made_at"] for one in found}) == 1
    assert {one["refusal"] for one in found} == {""}
    said = [_fetched(node, study[0], one["sop_instance_uid"]) for one in found]
    assert [(one.RescaleSlope, one.RescaleIntercept, one.PresentationLUTShape) for one in said] == [
        (1, -1024, "IDENTITY"),
        (2.5, 0, "IDENTITY"),
        (1, -1024, "INVERSE"),
    ]


def _filed(
    node: tuple[Server, Region], image: Image, *images: dict[str, Any], label: str = "LUNG"
) -> list[dict[str, Any]]:
    """File how images of a study are shown, and return the states that it took as they are shown."""
    answer = keep(node[0], node[1].token_a, image, *images, label=label)
    assert answer.status_code == 200, answer.text
    found = {one["sop_instance_uid"]: one for one in shown(node[0], node[1].token_a, image)["presentations"]}
    return [found[uid] for uid in answer.json()["sop_instance_uids"]]


def _fetched(node: tuple[Server, Region], image: Image, uid: str) -> Dataset:
    (row,) = find(node[0], node[1].token_a, f"{image.study_address}/instances", SOPInstanceUID=uid)
    return dcmread(BytesIO(marks.fetched(node[0], node[1].token_a, image, *values([row], "0020000E"), uid)))


def test_what_takes_more_states_than_are_filed_at_once_is_refused_and_nothing_is_filed(
    node: tuple[Server, Region],
) -> None:
    slopes = [(*marks.FURTHER, (0x00281052, b"DS", b"0"), (0x00281053, b"DS", f"{n}".encode())) for n in range(1, 66)]
    first = marks.study_of(node[0], number=1)[0]
    others = [Image(f"{first.uid}.{n}", first.study, first.series, further=more) for n, more in enumerate(slopes)]
    assert set(send(node[0], *others)) == {0}
    answer = keep(node[0], node[1].token_a, first, *map(presented, others))
    assert (answer.status_code, answer.json()["code"]) == (400, "mixed_presentation")
    assert "at most 64 states at once, these take 65" in answer.json()["detail"]
    assert shown(node[0], node[1].token_a, first)["presentations"] == []


def test_an_image_that_is_not_there_is_not_found(node: tuple[Server, Region], study: list[Image]) -> None:
    wanted = presented(study[0]) | {"sop_instance_uid": "1.2.3"}
    assert keep(node[0], node[1].token_a, study[0], wanted).status_code == 404


@pytest.mark.hazard("H-04")
def test_another_hospital_can_neither_see_nor_file(node: tuple[Server, Region], study: list[Image]) -> None:
    _saved(node, presented(study[0]), of=study[0])
    assert keep(node[0], node[1].token_b, study[0], presented(study[0])).status_code == 404
    assert node[0].get(f"/api/studies/{study[0].study}/presentations", node[1].token_b).status_code == 404


def test_filing_is_in_the_audit_trail(node: tuple[Server, Region], study: list[Image]) -> None:
    _saved(node, presented(study[0]), of=study[0])
    rows = node[0].query("SELECT DISTINCT action FROM core.audit WHERE screen = 'presentations'")
    assert ("presentation.saved",) in rows


_PLACES = st.tuples(*(st.floats(-1000, 1000, width=32),) * 2)
_GRAPHICS = st.lists(
    st.builds(
        lambda points: {"kind": "polyline", "points": points, "is_filled": False},
        st.lists(_PLACES.map(list), min_size=2, max_size=9),
    ),
    max_size=4,
)
_WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=40)
_TEXTS = st.lists(st.builds(lambda text, anchor: {"text": text, "anchor": list(anchor)}, _WORDS, _PLACES), max_size=4)
_WINDOWS = st.builds(
    lambda center, width: {"center": center / 64, "width": width / 64},
    st.integers(-(10**6), 10**6),
    st.integers(64, 10**6),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_WINDOWS, _GRAPHICS, _TEXTS, st.integers(1, SIDE), st.integers(1, SIDE - 1))
def test_whatever_is_shown_comes_back(
    node: tuple[Server, Region],
    study: list[Image],
    window: dict[str, float],
    graphics: list[Any],
    texts: list[Any],
    right: int,
    bottom: int,
) -> None:
    area = {"top_left": [1, 1], "bottom_right": [right, bottom]}
    wanted = presented(study[0], window=window, graphics=graphics, texts=texts, area=area)
    assert _saved(node, wanted, of=study[0])["images"] == [wanted]


def test_a_broken_state_is_counted_and_hides_no_other(node: tuple[Server, Region], study: list[Image]) -> None:
    _saved(node, everything(study[0]), of=study[0])
    said = marks.last_document(node[0], node[1].token_a, study[0], _GREY_STATE)
    said.SOPInstanceUID, said.SeriesInstanceUID = f"{said.SOPInstanceUID}.1", f"{said.SeriesInstanceUID}.1"
    content = file_of(said).replace(b"\x08\x00\x15\x11SQ", b"\x08\x00\x15\x11OB")
    store(node[0], node[1].token_a, content)
    found = shown(node[0], node[1].token_a, study[0])
    assert (len(found["presentations"]), found["unreadable"]) == (1, 1)


def test_a_state_of_images_that_nobody_has_is_counted(node: tuple[Server, Region], study: list[Image]) -> None:
    _saved(node, presented(study[0]), of=study[0])
    said = marks.last_document(node[0], node[1].token_a, study[0], _GREY_STATE)
    said.SOPInstanceUID, said.SeriesInstanceUID = f"{said.SOPInstanceUID}.1", f"{said.SeriesInstanceUID}.1"
    said.ReferencedSeriesSequence[0].ReferencedImageSequence[0].ReferencedSOPInstanceUID = "1.2.3"
    store(node[0], node[1].token_a, file_of(said))
    found = shown(node[0], node[1].token_a, study[0])
    assert (len(found["presentations"]), found["unreadable"]) == (1, 1)


@pytest.mark.filterwarnings("ignore")
def test_whatever_the_bytes_only_one_error_comes(node: tuple[Server, Region], study: list[Image]) -> None:
    _saved(node, everything(study[0]), of=study[0])
    whole = data_set_of(file_of(marks.last_document(node[0], node[1].token_a, study[0], _GREY_STATE)))
    assert read(Raw(whole, is_explicit=True, is_little_endian=True)).label == "LUNG"

    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def only_one_error(data: st.DataObject) -> None:
        broken = bytearray(whole)
        for _ in range(data.draw(st.integers(0, 4))):
            broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(0, len(broken)))
        try:
            said = read(Raw(bytes(broken[:cut]), is_explicit=True, is_little_endian=True))
        except DataSetError:
            return
        assert isinstance(said, State)

    only_one_error()
