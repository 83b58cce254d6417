"""Cuts and views of whole series through the running server, and series that are no volume."""

import io
import struct
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray

from lightwell.standards.dicom.part10 import file_meta
from tests.archive.notes import store
from tests.journeys.images import CT, JPEG_2000, SIDE, Image, images, send
from tests.region import Region, Server, running_server

_STUDIES = count(8800)
_MONOCHROME = (0x00280004, b"CS", b"MONOCHROME2")
_SIGNED = (0x00280103, b"US", b"\1\0")
_AXIAL = b"1\\0\\0\\0\\1\\0"
_COUNT = 24


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own."""
    with running_server() as pair:
        yield pair


def _slices(offsets_mm: list[float], lean: float = 0.0, **other: Any) -> list[Image]:
    """Return axial images of 2 mm pixels: air, and bone on the patient's left in the upper half."""
    first = images(len(offsets_mm), next(_STUDIES))
    return [_slice(image, offset, lean, **other) for image, offset in zip(first, offsets_mm, strict=True)]


def _slice(image: Image, offset_mm: float, lean: float, **other: Any) -> Image:
    pixels = np.full((SIDE, SIDE), -1000, np.int16)
    if offset_mm >= _COUNT / 2:
        pixels[4:12, 10:14] = 1000
    place = f"-16\\{-16 + lean * offset_mm:.4f}\\{100 + offset_mm:.3f}".encode()
    said = {0x00200032: place, 0x00200037: _AXIAL, 0x00280030: b"2\\2", 0x00180050: b"9"} | other.get("said", {})
    further = (
        other.get("photometric", _MONOCHROME),
        _SIGNED,
        *((tag, b"DS", value) for tag, value in said.items() if value),
    )
    return Image(
        image.uid, image.study, image.series, pixels=pixels.tobytes(), further=(*further, *other.get("more", ()))
    )


@pytest.fixture(scope="module")
def series(node: tuple[Server, Region]) -> Image:
    """An image of an even series of 24 images, 1 mm apart, that were sent in another order."""
    wanted = _slices([float(place) for place in range(_COUNT)])
    order = np.random.default_rng(3).permutation(_COUNT)
    assert send(node[0], *(wanted[place] for place in order)) == [0] * _COUNT
    return wanted[0]


def _ask(node: tuple[Server, Region], image: Image, what: str, token: str = "", **headers: str) -> httpx.Response:
    address = image.series_address.replace("/dicom-web/", "/api/")
    return node[0].get(f"{address}/{what}", token or node[1].token_a, **{"Accept": "image/png", **headers})


def _seen(answer: httpx.Response) -> NDArray[Any]:
    assert answer.status_code == 200, answer.text
    return np.asarray(imagecodecs.imread(io.BytesIO(answer.content)))


def test_a_coronal_cut_shows_left_on_the_right_and_the_head_above(node: tuple[Server, Region], series: Image) -> None:
    answer = _ask(node, series, "reformatted?plane=coronal&window=0,1000&size=128")
    picture = _seen(answer)
    assert picture.shape == (96, 128)  # 24 mm high, 32 mm wide
    rows, columns = np.nonzero(picture > 200)
    assert rows.max() < 50
    assert columns.min() > 70
    assert answer.headers["lightwell-orientation"] == "R,L,H,F"
    assert answer.headers["lightwell-geometry"] == "even"
    assert float(answer.headers["lightwell-pixel-mm"]) == pytest.approx(0.25)
    assert answer.headers["lightwell-range-mm"] == "-16.00,14.00"
    assert answer.headers["cache-control"].startswith("private")


@pytest.mark.hazard("H-16")
def test_where_low_values_are_bright_they_are_so_in_cuts(node: tuple[Server, Region]) -> None:
    offsets = [float(place) for place in range(_COUNT)]
    light_low = (0x00280004, b"CS", b"MONOCHROME1")
    wanted = _slices(offsets, photometric=light_low)
    assert send(node[0], *wanted) == [0] * _COUNT
    picture = _seen(_ask(node, wanted[0], "reformatted?plane=coronal&window=0,1000&size=128"))
    rows, columns = np.nonzero(picture < 50)
    assert (rows.max() < 50, columns.min() > 70) == (True, True)  # the bone, which is dark
    mixed = _slices(offsets[:4])
    assert _refused(node, [*mixed[:3], _slice(mixed[3], 3.0, 0.0, photometric=light_low)]) == "not_of_shades"


@pytest.mark.hazard("H-16")
def test_where_low_values_are_bright_a_projection_from_outside_is_the_negative(
    node: tuple[Server, Region], series: Image
) -> None:
    light_low = _slices([float(place) for place in range(_COUNT)], photometric=(0x00280004, b"CS", b"MONOCHROME1"))
    assert send(node[0], *light_low) == [0] * _COUNT
    for preset, is_negative in (("mip", True), ("ct-bone", False)):
        positive, other = (_seen(_ask(node, one, f"volume?preset={preset}&size=96")) for one in (series, light_low[0]))
        assert np.array_equal(other, 255 - positive if is_negative else positive)
    assert np.ptp(positive) > 100


def test_a_sagittal_and_an_axial_cut_go_where_they_are_told_to(node: tuple[Server, Region], series: Image) -> None:
    bone = _seen(_ask(node, series, "reformatted?plane=sagittal&position_mm=7&window=0,1000"))
    air = _seen(_ask(node, series, "reformatted?plane=sagittal&position_mm=-7&window=0,1000"))
    assert (bone.max(), air.max()) == (255, 0)
    below, above = (
        _seen(_ask(node, series, f"reformatted?plane=axial&place={place}&window=0,1000")).max() for place in (0, 1)
    )
    assert (below, above) == (0, 255)
    slab = _seen(_ask(node, series, "reformatted?slab_mm=24&projection=average&window=0,2000"))
    assert 100 < slab.max() < 160


def test_a_series_is_seen_from_outside(node: tuple[Server, Region], series: Image) -> None:
    answer = _ask(node, series, "volume?size=96", Accept="image/jpeg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert _seen(answer).shape == (96, 96, 3)
    assert _seen(answer).max() > 100
    assert answer.headers["lightwell-orientation"] == "R,L,H,F"
    side = _ask(node, series, "volume?preset=ct-soft&azimuth=90&size=96")
    assert side.headers["lightwell-orientation"] == "A,P,H,F"
    assert _seen(_ask(node, series, "volume?preset=mip&size=512")).shape == (512, 512, 3)


def test_a_second_look_costs_nothing(node: tuple[Server, Region], series: Image) -> None:
    tag = _ask(node, series, "volume?size=64").headers["etag"]
    assert _ask(node, series, "volume?size=64", **{"If-None-Match": tag}).status_code == 304
    assert _ask(node, series, "volume?size=64&azimuth=5", **{"If-None-Match": tag}).status_code == 200


def test_many_who_ask_at_a_time_get_one_volume(node: tuple[Server, Region]) -> None:
    wanted = _slices([float(place) for place in range(6)])
    assert send(node[0], *wanted) == [0] * 6
    before = _volumes(node)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: _ask(node, wanted[0], "reformatted?plane=coronal"), range(8)))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert len(_volumes(node) - before) == 2
    assert {path.parent.stat().st_mode & 0o077 for path in _volumes(node)} == {0}


def _volumes(node: tuple[Server, Region]) -> set[Path]:
    return set((node[0].settings.spool / "volumes").glob("*/*.raw"))


@pytest.mark.hazard("H-16")
def test_an_uneven_series_is_made_even_and_said_to_be(node: tuple[Server, Region]) -> None:
    wanted = _slices([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15], lean=0.5)
    assert send(node[0], *wanted) == [0] * 12
    answer = _ask(node, wanted[0], "reformatted?plane=coronal&size=64")
    assert answer.headers["lightwell-geometry"] == "made-even, tilt=26.6, gaps=1"
    assert _seen(answer).shape[0] == pytest.approx(64 * 16 / 32, abs=2)  # 16 mm high, 32 mm wide


def test_a_real_tilted_head_is_cut(node: tuple[Server, Region], shared_data: Path) -> None:
    for path in sorted((shared_data / "ct-geometry/ge-tilt").glob("*.dcm")):
        store(node[0], node[1].token_a, path.read_bytes())
    said = node[0].get("/dicom-web/series?Modality=CT&limit=5000", node[1].token_a).json()
    (found,) = [item for item in said if item["00201209"]["Value"] == [28]]
    address = f"/api/studies/{found['0020000D']['Value'][0]}/series/{found['0020000E']['Value'][0]}"
    answer = node[0].get(f"{address}/reformatted?plane=sagittal", node[1].token_a, Accept="image/png")
    assert answer.headers["lightwell-geometry"] == "made-even, tilt=18.5"
    picture = _seen(answer)
    assert picture.shape[1] == 512
    assert 0.1 < (picture > 60).mean() < 0.9
    assert _seen(node[0].get(f"{address}/volume", node[1].token_a)).max() > 150


# -- what is no volume ------------------------------------------------------------------------------------------------


def _refused(node: tuple[Server, Region], wanted: list[Image]) -> str:
    assert set(send(node[0], *wanted)) == {0}
    reasons: set[str] = set()
    for what in ("reformatted", "volume"):
        answer = _ask(node, wanted[0], what)
        assert (answer.status_code, answer.json()["code"]) == (422, "no_volume")
        assert answer.json()["detail"]
        reasons.add(answer.json()["reason"])
    (reason,) = reasons
    return reason


def test_series_that_are_no_volume_are_refused_with_the_reason(node: tuple[Server, Region]) -> None:
    place = [0.0, 1.0, 2.0, 3.0]
    assert _refused(node, _slices([0.0])) == "too_few_images"
    assert _refused(node, _slices([0.0, 1.0, 1.0, 2.0])) == "duplicate_positions"
    assert _refused(node, _slices(place, said={0x00200032: b""})) == "no_geometry"
    assert _refused(node, _slices(place, said={0x00280030: b"2"})) == "no_geometry"
    assert _refused(node, _slices(place, said={0x00200037: b"here\\there"})) == "no_geometry"
    mixed = _slices(place)
    scout = _slice(mixed[3], 3.0, 0.0, said={0x00200037: b"1\\0\\0\\0\\0\\-1"})
    assert _refused(node, [*mixed[:3], scout]) == "mixed_orientation"
    coarse = _slices(place)
    assert _refused(node, [*coarse[:3], _slice(coarse[3], 3.0, 0.0, said={0x00280030: b"3\\3"})]) == "mixed_spacing"


def test_colours_are_no_volume(node: tuple[Server, Region]) -> None:
    wanted = _slices([0.0, 1.0, 2.0])
    coloured = [
        Image(image.uid, image.study, image.series, pixels=image.pixels, further=_painted(image.further))
        for image in wanted
    ]
    assert _refused(node, coloured) == "not_of_shades"


def _painted(further: tuple[tuple[int, bytes, bytes], ...]) -> tuple[tuple[int, bytes, bytes], ...]:
    return tuple((tag, vr, b"PALETTE COLOR" if tag == 0x00280004 else value) for tag, vr, value in further)


def test_what_could_not_be_made_leaves_nothing_behind(node: tuple[Server, Region]) -> None:
    wanted = _slices([0.0, 1.0, 2.0, 3.0])
    damaged = _part10_of_nonsense(wanted[3])
    assert set(send(node[0], *wanted[:3])) == {0}
    store(node[0], node[1].token_a, damaged)
    before = _volumes(node)
    answer = _ask(node, wanted[0], "volume")
    assert answer.json()["code"] == "undecodable"
    assert _volumes(node) <= before


def _part10_of_nonsense(image: Image) -> bytes:
    item = b"\xfe\xff\x00\xe0"
    pixels = item + bytes(4) + item + struct.pack("<I", 8) + b"nonsense" + b"\xfe\xff\xdd\xe0" + bytes(4)
    head = image.data_set.split(b"\xe0\x7f\x10\0OW\0\0")[0]
    return file_meta(CT, image.uid, JPEG_2000) + head + b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff" + pixels


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("reformatted?plane=oblique", 400),
        ("reformatted?position_mm=500", 400),
        ("reformatted?position_mm=nan", 400),
        ("reformatted?place=2", 400),
        ("reformatted?slab_mm=-1", 400),
        ("reformatted?projection=sum", 400),
        ("reformatted?window=40", 400),
        ("reformatted?window=a,b", 400),
        ("reformatted?window=40,0", 400),
        ("reformatted?size=100000", 400),
        ("reformatted?quality=0", 400),
        ("volume?preset=gold", 400),
        ("volume?elevation=91", 400),
        ("volume?azimuth=inf", 400),
    ],
)
def test_what_cannot_be_is_said(node: tuple[Server, Region], series: Image, what: str, status: int) -> None:
    answer = _ask(node, series, what)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_other_formats_are_not_given(node: tuple[Server, Region], series: Image) -> None:
    assert _ask(node, series, "volume", Accept="video/mp4").status_code == 406


def test_presets_of_ct_are_for_ct(node: tuple[Server, Region]) -> None:
    wanted = [
        Image(image.uid, image.study, image.series, pixels=image.pixels, further=image.further)
        for image in _slices([0.0, 1.0, 2.0, 3.0])
    ]
    for image in wanted:
        store(node[0], node[1].token_a, _as_mr(image))
    assert _ask(node, wanted[0], "volume?preset=ct-bone").status_code == 400
    assert _seen(_ask(node, wanted[0], "volume?size=64")).shape == (64, 64, 3)


def _as_mr(image: Image) -> bytes:
    kind = "1.2.840.10008.5.1.4.1.1.4"
    content = image.data_set.replace(b"\x08\0\x60\0CS\2\0CT", b"\x08\0\x60\0CS\2\0MR")
    content = content.replace(b"1.2.840.10008.5.1.4.1.1.2\0", kind.encode() + b"\0")
    return file_meta(kind, image.uid, "1.2.840.10008.1.2.1") + content


@pytest.mark.hazard("H-04")
def test_another_hospital_sees_no_volume(node: tuple[Server, Region], series: Image) -> None:
    for what in ("reformatted", "volume"):
        assert _ask(node, series, what, node[1].token_b).status_code == 404


def test_who_looked_is_in_the_audit_trail(node: tuple[Server, Region], series: Image) -> None:
    assert _ask(node, series, "volume?size=32").status_code == 200
    rows = node[0].query("SELECT actor_name FROM core.audit WHERE action = 'read' AND subject = 'patient/P0001'")
    assert ("user-a",) in rows
