"""Measurements from a page to a report and back: what counts, what is refused, and who may."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.archive.measurements import marks
from tests.archive.measurements.marks import every_kind, keep, mark, place, shown, space
from tests.archive.notes import KO, REJECTED, file_of, note, store
from tests.archive.presentations import states
from tests.archive.presentations.states import presented
from tests.journeys.images import Image, find, images, send, values
from tests.region import PASSWORD, Region, Server, running_server


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own."""
    with running_server() as pair:
        yield pair


@pytest.fixture
def image(node: tuple[Server, Region]) -> Image:
    """An image of hospital A that says how large its pixels are."""
    return marks.study_of(node[0], marks.SPACING)[0]


def _saved(node: tuple[Server, Region], image: Image, *wanted: dict[str, Any]) -> str:
    answer = keep(node[0], node[1].token_a, image, list(wanted))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["sop_instance_uid"])


def _refused(node: tuple[Server, Region], image: Image, wanted: dict[str, Any]) -> tuple[int, str, str]:
    answer = keep(node[0], node[1].token_a, image, [wanted])
    said = answer.json()
    assert shown(node[0], node[1].token_a, image)["sets"] == []
    return answer.status_code, said["code"], said["detail"]


def test_a_study_in_which_nobody_measured_has_no_sets(node: tuple[Server, Region], image: Image) -> None:
    assert shown(node[0], node[1].token_a, image) == {"sets": [], "unreadable": 0}


def test_each_kind_comes_back_as_it_was_filed(node: tuple[Server, Region], image: Image) -> None:
    wanted = every_kind(image)
    uid = _saved(node, image, *wanted)
    found = shown(node[0], node[1].token_a, image)
    (only,) = found["sets"]
    assert only["measurements"] == wanted
    assert (found["unreadable"], only["sop_instance_uid"], only["maker"], only["is_mine"]) == (0, uid, "user-a", True)
    assert only["made_at"][:4].isdigit()
    assert only["made_at"].endswith("+00:00")


def test_points_in_space_come_back_as_they_were_filed(node: tuple[Server, Region], image: Image) -> None:
    square = [(0.0, 0.0, 1.0), (3.0, 0.0, 5.0), (3.0, 4.0, 5.0), (0.0, 4.0, 1.0)]
    wanted = [
        mark("length", space(image, (1.5, 2.5, -3.0), (4.5, 6.5, -3.0)), 1, length=(5.0, "mm")),
        mark("freehand", space(image, *square), 2, area=(20.0, "mm2")),
        mark("ellipse", space(image, (-2, 0, 1), (2, 0, 1), (0, -1, 1), (0, 1, 1)), 3, area=(6.2831853, "mm2")),
        mark("probe", place(image, (2.5, 2.5)), 4, value=(7.0, "1")),
    ]
    _saved(node, image, *wanted)
    assert shown(node[0], node[1].token_a, image)["sets"][0]["measurements"] == wanted


def test_the_newest_set_of_a_reader_counts_and_none_is_deleted(node: tuple[Server, Region], image: Image) -> None:
    first, second = every_kind(image)[:2]
    uids = [_saved(node, image, first), _saved(node, image, first, second), _saved(node, image, second)]
    (only,) = shown(node[0], node[1].token_a, image)["sets"]
    assert (only["sop_instance_uid"], only["measurements"]) == (uids[2], [second])
    found = find(node[0], node[1].token_a, f"{image.study_address}/instances", Modality="SR")
    assert {*values(found, "00080018")} == {*uids}
    assert len({*values(found, "0020000E")}) == 1
    assert sorted(values(found, "00200013")) == [1, 2, 3]


def test_an_empty_list_withdraws_and_what_is_measured_then_counts_again(
    node: tuple[Server, Region], image: Image
) -> None:
    first = every_kind(image)[0]
    for _ in range(2):
        _saved(node, image, first)
        assert len(shown(node[0], node[1].token_a, image)["sets"]) == 1
        answer = keep(node[0], node[1].token_a, image, [])
        assert answer.json()["sop_instance_uid"]
        assert shown(node[0], node[1].token_a, image)["sets"] == []
    again = keep(node[0], node[1].token_a, image, [])
    assert again.json() == {"sop_instance_uid": None}
    key_images = node[0].get(f"/api/studies/{image.study}/key-images", node[1].token_a).json()
    assert key_images == {"images": [], "rejected": [], "absent": 0, "unreadable": 0}


@pytest.mark.hazard("H-31")
def test_a_page_replaces_no_set_that_it_did_not_begin_with(node: tuple[Server, Region], image: Image) -> None:
    server, region = node
    first, second = every_kind(image)[:2]

    def save(wanted: list[dict[str, Any]], based_on: str | None) -> tuple[int, str | None]:
        answer = keep(server, region.token_a, image, wanted, based_on=based_on)
        return answer.status_code, answer.json().get("sop_instance_uid", answer.json().get("code"))

    status, uid = save([first], None)
    assert status == 200
    for wanted, stale in (([second], None), ([], None), ([second], "2.25.1")):
        assert save(wanted, stale) == (409, "measurements_changed")
    assert shown(server, region.token_a, image)["sets"][0]["measurements"] == [first]
    status, uid = save([first, second], uid)
    assert status == 200
    assert save([], uid)[0] == 200
    assert save([second], uid) == (409, "measurements_changed")
    assert save([second], None)[0] == 200


def test_of_pages_that_save_at_the_same_moment_one_is_told(node: tuple[Server, Region], image: Image) -> None:
    sets = [[one] for one in every_kind(image)[:4]]

    def save(wanted: list[dict[str, Any]]) -> int:
        return keep(node[0], node[1].token_a, image, wanted, based_on=None).status_code

    with ThreadPoolExecutor() as pool:
        statuses = list(pool.map(save, sets))
    assert sorted(statuses) == [200, 409, 409, 409]
    (kept,) = (wanted for wanted, status in zip(sets, statuses, strict=True) if status == 200)
    assert shown(node[0], node[1].token_a, image)["sets"][0]["measurements"] == kept


def test_what_was_drawn_of_measurements_goes_with_them(node: tuple[Server, Region], image: Image) -> None:
    server, region = node

    def labels() -> list[str]:
        return sorted(one["label"] for one in states.shown(server, region.token_a, image)["presentations"])

    states.keep(server, region.token_a, image, presented(image), label="LUNG")
    for _ in range(2):
        for number in (1, 2):
            _saved(node, image, *every_kind(image)[:number])
            assert labels() == ["LUNG"]
            states.keep(server, region.token_a, image, presented(image), label="MEASUREMENTS")
            assert labels() == ["LUNG", "MEASUREMENTS"]
        _saved(node, image)
        assert labels() == ["LUNG"]
    assert all(one["is_mine"] for one in states.shown(server, region.token_a, image)["presentations"])


def test_a_set_that_another_system_rejects_counts_no_longer(node: tuple[Server, Region], image: Image) -> None:
    uid = _saved(node, image, every_kind(image)[0])
    rejecting = note(image.study, [(uid, [])], REJECTED, kind="1.2.840.10008.5.1.4.1.1.88.33")
    store(node[0], node[1].token_a, file_of(rejecting))
    assert shown(node[0], node[1].token_a, image)["sets"] == []


def test_a_document_that_may_reject_something_and_cannot_be_read_is_counted(
    node: tuple[Server, Region], image: Image
) -> None:
    uid = _saved(node, image, every_kind(image)[0])
    states.keep(node[0], node[1].token_a, image, presented(image))
    rejecting = note(image.study, [(uid, [])], REJECTED, kind="1.2.840.10008.5.1.4.1.1.88.33")
    store(node[0], node[1].token_a, file_of(rejecting).replace(b"\x40\x00\x30\xa7SQ", b"\x40\x00\x30\xa7OB"))
    assert shown(node[0], node[1].token_a, image)["unreadable"] == 1
    assert states.shown(node[0], node[1].token_a, image)["unreadable"] == 1


@pytest.mark.hazard("H-31")
@pytest.mark.parametrize(
    ("kind", "points", "wrong"),
    [
        ("length", [(1, 1), (13, 9)], {"length": (14.42, "mm")}),  # in pixels
        ("length", [(1, 1), (13, 9)], {"length": (5.03, "mm")}),  # 0.6 % off
        ("angle", [(8, 4), (4, 4), (4, 8)], {"angle": (91.0, "deg")}),
        ("cobb", [(0, 0), (8, 0), (0, 4), (8, 8)], {"angle": (26.6, "deg")}),  # as if pixels were square
        ("ellipse", [(2, 8), (14, 8), (8, 5), (8, 11)], {"area": (28.27, "mm2")}),
        ("rectangle", [(2, 2), (10, 2), (10, 6), (2, 6)], {"area": (32.0, "mm2")}),
        ("freehand", [(0, 0), (8, 0), (8, 4)], {"area": (4.0, "mm2")}),
        ("bidirectional", [(0, 0), (16, 0), (4, 2), (4, 6)], {"length": (4.0, "mm"), "short_axis": (1.0, "mm")}),
    ],
)
def test_a_value_that_does_not_come_of_its_points_is_refused(
    node: tuple[Server, Region], image: Image, kind: str, points: list[Any], wrong: dict[str, Any]
) -> None:
    status, code, detail = _refused(node, image, mark(kind, place(image, *points), **wrong))
    assert (status, code) == (400, "measurement_mismatch")
    assert "expected" in detail
    assert "came" in detail


@pytest.mark.hazard("H-31")
def test_no_mm_without_spacing_but_pixels(node: tuple[Server, Region]) -> None:
    bare = marks.study_of(node[0])[0]
    where = place(bare, (0, 0), (3, 4))
    assert _refused(node, bare, mark("length", where, length=(5.0, "mm")))[:2] == (400, "no_spacing")
    _saved(node, bare, mark("length", where, length=(5.0, "{pixels}")))
    (only,) = shown(node[0], node[1].token_a, bare)["sets"]
    assert only["measurements"][0]["values"] == [{"quantity": "length", "value": 5.0, "unit": "{pixels}"}]


def test_spacing_at_the_detector_and_of_ultrasound_count_where_the_image_has_no_other(
    node: tuple[Server, Region],
) -> None:
    at_detector = marks.study_of(node[0], (0x00181164, b"DS", b"2\\2"))[0]
    _saved(node, at_detector, mark("length", place(at_detector, (0, 0), (3, 4)), length=(10.0, "mm")))
    region = marks.ultrasound_region((0, 0, 7, 7), 0.1)
    sound = marks.study_of(node[0], (0x00186011, b"SQ", region))[0]
    _saved(node, sound, mark("length", place(sound, (0, 0), (3, 4)), length=(5.0, "mm")))
    outside = mark("length", place(sound, (0, 0), (3, 12)), length=(12.37, "mm"))
    answer = keep(node[0], node[1].token_a, sound, [outside])
    assert (answer.status_code, answer.json()["code"]) == (400, "no_spacing")


@pytest.mark.hazard("H-31")
@pytest.mark.parametrize(("calibration", "is_at_detector"), [((), True), (((0x00280A02, b"CS", b"FIDUCIAL"),), False)])
def test_what_holds_at_the_detector_only_is_said_to_whoever_reads_it(
    node: tuple[Server, Region], calibration: tuple[tuple[int, bytes, bytes], ...], *, is_at_detector: bool
) -> None:
    imager = (0x00181164, b"DS", b"0.5\\0.25")
    chest = marks.study_of(node[0], marks.SPACING, imager, *calibration)[0]
    length = mark("length", place(chest, (1, 1), (13, 9)), 1, length=(5.0, "mm"))
    probe = mark("probe", place(chest, (3.5, 3.5)), 2, value=(40.0, "1"))
    _saved(node, chest, length, probe)
    (only,) = shown(node[0], node[1].token_a, chest)["sets"]
    assert [one["is_at_detector"] for one in only["measurements"]] == [is_at_detector, False]


@pytest.mark.hazard("H-31")
def test_of_ultrasound_with_regions_nothing_else_is_mm(node: tuple[Server, Region]) -> None:
    region = marks.ultrasound_region((0, 0, 7, 7), 0.1)
    sound = marks.study_of(node[0], marks.SPACING, (0x00186011, b"SQ", region))[0]
    _saved(node, sound, mark("length", place(sound, (0, 0), (3, 4)), length=(5.0, "mm")))
    outside = mark("length", place(sound, (8, 8), (12, 8)), length=(1.0, "mm"))
    answer = keep(node[0], node[1].token_a, sound, [outside])
    assert (answer.status_code, answer.json()["code"]) == (400, "no_spacing")


_ODD: dict[str, Callable[[Image], dict[str, Any]]] = {
    "neither place nor space": lambda image: mark("probe", place(image, (1, 1))) | {"place": None},
    "place and space": lambda image: mark("probe", place(image, (1, 1))) | {"space": space(image, (1, 1, 1))},
    "too few points": lambda image: mark("length", place(image, (1, 1)), length=(1.0, "mm")),
    "too many points": lambda image: mark("probe", place(image, (1, 1), (2, 2))),
    "no value of a length": lambda image: mark("length", place(image, (1, 1), (2, 2))),
    "a value that the kind has not": lambda image: mark("arrow", place(image, (1, 1), (2, 2)), length=(1.0, "mm")),
    "a length in degrees": lambda image: mark("length", place(image, (1, 1), (2, 2)), length=(1.0, "deg")),
    "an unknown kind": lambda image: mark("spline", place(image, (1, 1))),
    "an unknown quantity": lambda image: mark("probe", place(image, (1, 1)), weight=(1.0, "kg")),
    "frame 2 of one": lambda image: mark("probe", place(image, (1, 1), frame=2)),
    "frame 0": lambda image: mark("probe", place(image, (1, 1), frame=0)),
    "no UID": lambda image: mark("probe", place(image, (1, 1))) | {"uid": "x"},
    "a name of two lines": lambda image: mark("probe", place(image, (1, 1)), name="a\nb"),
    "a point too far away": lambda image: mark("probe", place(image, (1e9, 1))),
    "pixels in space": lambda image: mark("length", space(image, (0, 0, 0), (0, 0, 1)), length=(1.0, "{pixels}")),
    "another frame of reference": lambda image: mark("probe", space(image, (0, 0, 0), frame_of_reference="1.2.3")),
}


@pytest.mark.hazard("H-31")
@pytest.mark.parametrize("how", list(_ODD))
def test_what_cannot_be_a_measurement_is_refused(node: tuple[Server, Region], image: Image, how: str) -> None:
    assert _refused(node, image, _ODD[how](image))[:2] == (400, "invalid_request")


def test_the_same_tracking_identifier_twice_is_refused(node: tuple[Server, Region], image: Image) -> None:
    twice = [every_kind(image)[0]] * 2
    assert keep(node[0], node[1].token_a, image, twice).status_code == 400


def test_an_image_or_series_that_is_not_there_is_not_found(node: tuple[Server, Region], image: Image) -> None:
    where = place(image, (1, 1))
    for part, wrong in (("sop_instance_uid", "1.2.3"), ("series_instance_uid", "1.2.3")):
        assert _refused(node, image, mark("probe", where | {part: wrong}))[0] == 404
    assert _refused(node, image, mark("probe", space(image, (1, 1, 1)) | {"series_instance_uid": "1.2.3"}))[0] == 404


def test_who_may_only_read_files_nothing(node: tuple[Server, Region], image: Image) -> None:
    server, _ = node
    made = server.run("user", "create", "only-reads", "--organisation", "a", "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    token = server.run("token", "create", "--user", "only-reads").stdout.split()[-1]
    assert keep(server, token, image, every_kind(image)).status_code == 403
    assert shown(server, token, image)["sets"] == []


@pytest.mark.hazard("H-04")
def test_another_hospital_can_neither_see_nor_measure(node: tuple[Server, Region], image: Image) -> None:
    server, region = node
    _saved(node, image, every_kind(image)[0])
    assert keep(server, region.token_b, image, every_kind(image)).status_code == 404
    assert server.get(f"/api/studies/{image.study}/measurements", region.token_b).status_code == 404
    server.query(
        "INSERT INTO core.access_grant (organisation_id, subject_organisation_id, kind, resource, purpose, granted_by,"
        " until) VALUES (%s, %s, 'study', %s, 'treatment', 'test', now() + interval '1 hour')",
        *(region.a, region.b, image.study),
    )
    assert keep(server, region.token_b, image, every_kind(image)).status_code == 403
    (seen,) = shown(server, region.token_b, image)["sets"]
    assert (seen["is_mine"], len(seen["measurements"])) == (False, 1)


def test_looking_and_measuring_are_in_the_audit_trail(node: tuple[Server, Region], image: Image) -> None:
    _saved(node, image, every_kind(image)[0])
    keep(node[0], node[1].token_a, image, [])
    rows = node[0].query("SELECT DISTINCT action FROM core.audit WHERE screen = 'measurements'")
    assert {"measurement.saved", "measurement.withdrawn"} <= {row[0] for row in rows}


def test_withdrawing_is_a_document_that_others_read(node: tuple[Server, Region], image: Image) -> None:
    _saved(node, image, every_kind(image)[0])
    uid = keep(node[0], node[1].token_a, image, []).json()["sop_instance_uid"]
    found = find(node[0], node[1].token_a, f"{image.study_address}/instances", SOPClassUID=KO)
    assert values(found, "00080018") == [uid]


_PLACES = st.floats(-100, 100, width=32)
_NAMES = st.text(st.characters(categories=["L", "N", "P"]), max_size=40)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_measured_comes_back(node: tuple[Server, Region], image: Image, data: st.DataObject) -> None:
    wanted: list[dict[str, Any]] = []
    for number in range(data.draw(st.integers(1, 4))):
        name, value = data.draw(_NAMES), data.draw(st.floats(-1e6, 1e6))
        if data.draw(st.booleans()):
            points = [data.draw(st.tuples(_PLACES, _PLACES, _PLACES)) for _ in range(data.draw(st.integers(3, 9)))]
            wanted.append(mark("freehand", space(image, *points), number + 1, name, mean=(value, "1")))
        else:
            wanted.append(
                mark(
                    "probe", place(image, data.draw(st.tuples(_PLACES, _PLACES))), number + 1, name, value=(value, "1")
                )
            )
    _saved(node, image, *wanted)
    assert shown(node[0], node[1].token_a, image)["sets"][0]["measurements"] == wanted


@pytest.mark.hazard("H-31")
def test_what_two_hospitals_measured_in_one_study_is_never_mixed(node: tuple[Server, Region]) -> None:
    server, region = node
    mine, theirs = images(2, next(marks.STUDIES), further=(*marks.FURTHER, marks.SPACING))  # one study
    assert (send(server, mine), send(server, theirs, calling="CT_B")) == ([0], [0])
    for token, image in ((region.token_a, mine), (region.token_b, theirs)):
        assert keep(server, token, image, every_kind(image)[:1]).status_code == 200
    for token, image in ((region.token_a, mine), (region.token_b, theirs)):
        found = shown(server, token, image)
        (only,) = found["sets"]
        assert (only["is_mine"], found["unreadable"]) == (True, 0)
        assert [one["place"]["sop_instance_uid"] for one in only["measurements"]] == [image.uid]
    assert keep(server, region.token_a, mine, every_kind(theirs)[:1]).status_code == 404
