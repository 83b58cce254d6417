"""Enhanced frames through the running server, and the derived series that they are saved as."""

import struct
from collections.abc import Generator
from dataclasses import replace
from io import BytesIO
from itertools import count
from typing import Any

import httpx
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from lightwell.imaging.codecs import decode
from lightwell.imaging.form import Codec, PixelForm
from lightwell.standards.dicom.part10 import file_meta
from tests.archive.notes import store
from tests.archive.test_wado import parts_of
from tests.journeys.images import CT, JPEG_2000, Image, find, images, send, values
from tests.region import PASSWORD, Region, Server, running_server, wait_for

_STUDIES = count(8700)
_SIDE = 64
_FORM = PixelForm(_SIDE, _SIDE, 1, 16, 12, is_signed=False, photometric="MONOCHROME2")
_MONOCHROME = (0x00280004, b"CS", b"MONOCHROME2")
_GIVEN = "application/octet-stream"
_WAYS = ["method=multiscale&preset=chest", "method=clahe", "method=edge", "method=denoise&strength=1"]


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own."""
    with running_server() as pair:
        yield pair


def _pixels(number: int, frames: int = 1) -> NDArray[np.uint16]:
    """Return noise on a step, other for each number."""
    random = np.random.default_rng(number)
    step = np.where(np.arange(_SIDE) < _SIDE // 2, 1000, 1200)
    return np.rint(step + random.normal(0, 12, (frames, _SIDE, _SIDE))).astype(np.uint16)


class Square(Image):
    """An image of 64 pixels a side."""

    @property
    def data_set(self) -> bytes:
        """The data set of the image with the true size."""
        small, large = (struct.pack("<H", side) for side in (16, _SIDE))
        said = super().data_set
        for tag in (b"\x28\0\x10\0", b"\x28\0\x11\0"):
            said = said.replace(tag + b"US\2\0" + small, tag + b"US\2\0" + large)
        return said


def _series(number: int, frames: int = 1, further: tuple[tuple[int, bytes, bytes], ...] = ()) -> list[Image]:
    more = (_MONOCHROME, (0x00280103, b"US", b"\0\0"), *further)
    more = (*more, (0x00280008, b"IS", str(frames).encode())) if frames > 1 else more
    first = images(number, next(_STUDIES))
    return [
        Square(image.uid, image.study, image.series, pixels=_pixels(place, frames).tobytes(), further=more)
        for place, image in enumerate(first)
    ]


@pytest.fixture
def series(node: tuple[Server, Region]) -> list[Image]:
    """Three images of hospital A."""
    wanted = _series(3)
    assert send(node[0], *wanted) == [0] * 3
    return wanted


def _address(image: Image, frame: int | str = 1) -> str:
    return f"{image.address.replace('/dicom-web/', '/api/')}/frames/{frame}/enhanced"


def _save(node: tuple[Server, Region], image: Image, token: str = "", **wish: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or node[1].token_a}"}
    body = {"method": "denoise", "strength": 0.5, **wish}
    return httpx.post(node[0].url + _address(image), json=body, headers=headers, timeout=60)


def _files(node: tuple[Server, Region], image: Image, series_uid: str) -> list[pydicom.Dataset]:
    place = f"{image.study_address}/series/{series_uid}"
    found = find(node[0], node[1].token_a, f"{place}/instances")
    paths = [f"{place}/instances/{uid}" for uid in sorted(values(found, "00080018"))]
    files = [node[0].get(path, node[1].token_a, Accept="application/dicom").content for path in paths]
    return [pydicom.dcmread(BytesIO(content)) for content in files]


# -- looking ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", _WAYS)
def test_a_frame_comes_enhanced_in_the_form_of_the_stored_one(
    node: tuple[Server, Region], series: list[Image], way: str
) -> None:
    answer = node[0].get(f"{_address(series[1])}?{way}", node[1].token_a, Accept=_GIVEN)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f"{_GIVEN}; transfer-syntax=1.2.840.10008.1.2.1"
    assert answer.headers["cache-control"].startswith("private")
    better = np.frombuffer(answer.content, np.uint16).reshape(_SIDE, _SIDE)
    true = _pixels(1)[0]
    assert not np.array_equal(better, true)
    assert abs(float(better.mean()) - float(true.mean())) < 60
    stored = node[0].get(f"{series[1].address}/frames/1", node[1].token_a, Accept=_GIVEN)
    assert np.array_equal(np.frombuffer(stored.content, np.uint16).reshape(_SIDE, _SIDE), true)


def test_it_comes_as_htj2k_too_with_the_same_values(node: tuple[Server, Region], series: list[Image]) -> None:
    address = f"{_address(series[0])}?method=edge"
    plain = node[0].get(address, node[1].token_a, Accept=_GIVEN)
    packed = node[0].get(address, node[1].token_a, Accept="image/jphc")
    assert packed.headers["content-type"] == "image/jphc; transfer-syntax=1.2.840.10008.1.2.4.202"
    pixels = decode(packed.content, _FORM, Codec.HTJ2K)
    assert pixels.tobytes() == plain.content
    ((kind, part),) = parts_of(node[0].get(address, node[1].token_a, Accept=f'multipart/related; type="{_GIVEN}"'))
    assert part == plain.content
    assert kind.startswith(_GIVEN)


def test_noise_falls_and_the_step_stays(node: tuple[Server, Region], series: list[Image]) -> None:
    answer = node[0].get(f"{_address(series[0])}?method=denoise&strength=1", node[1].token_a)
    quiet = np.frombuffer(answer.content, np.uint16).reshape(_SIDE, _SIDE).astype(float)
    assert quiet[:, 4:28].std() <= 0.5 * 12
    assert quiet[:, 36:60].mean() - quiet[:, 4:28].mean() == pytest.approx(200, abs=5)


def test_frames_are_enhanced_by_number(node: tuple[Server, Region]) -> None:
    (film,) = _series(1, frames=3)
    assert send(node[0], film) == [0]
    frames = [node[0].get(f"{_address(film, n)}?method=edge&strength=0", node[1].token_a).content for n in (1, 2, 3)]
    assert b"".join(frames) == _pixels(0, 3).tobytes()
    assert node[0].get(f"{_address(film, 4)}?method=edge", node[1].token_a).status_code == 404
    assert node[0].get(f"{_address(film, '1,2')}?method=edge", node[1].token_a).status_code == 400


def test_a_second_look_costs_nothing(node: tuple[Server, Region], series: list[Image]) -> None:
    address = f"{_address(series[0])}?method=clahe"
    tag = node[0].get(address, node[1].token_a).headers["etag"]
    assert node[0].get(address, node[1].token_a, **{"If-None-Match": tag}).status_code == 304
    other = node[0].get(f"{address}&strength=0.4", node[1].token_a, **{"If-None-Match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("", "*/*", 400),
        ("method=magic", "*/*", 400),
        ("method=edge&strength=2", "*/*", 400),
        ("method=edge&strength=-0.1", "*/*", 400),
        ("method=edge&strength=nan", "*/*", 400),
        ("method=edge&strength=much", "*/*", 400),
        ("method=multiscale&preset=teeth", "*/*", 400),
        ("method=edge", "image/jpeg", 406),
        ("method=edge", f"{_GIVEN}; transfer-syntax=1.2.840.10008.1.2.4.50", 406),
    ],
)
def test_what_cannot_be_is_said(
    node: tuple[Server, Region], series: list[Image], query: str, accept: str, status: int
) -> None:
    answer = node[0].get(f"{_address(series[0])}?{query}", node[1].token_a, Accept=accept)
    assert answer.status_code == status
    assert answer.json()["detail"]


def _coloured() -> Image:
    (image,) = images(1, next(_STUDIES), further=((0x00280004, b"CS", b"RGB"), (0x00280006, b"US", b"\0\0")))
    return replace(image, pixels=bytes(16 * 16 * 3 * 2))


def test_colours_are_refused_with_a_reason(node: tuple[Server, Region]) -> None:
    image = _coloured()
    content = image.data_set.replace(b"\x28\0\2\0US\2\0\1\0", b"\x28\0\2\0US\2\0\3\0")
    store(node[0], node[1].token_a, _part10(image, content))
    for answer in (node[0].get(f"{_address(image)}?method=edge", node[1].token_a), _save(node, image)):
        assert answer.status_code == 422
        assert answer.json()["code"] == "not_enhanceable"
        assert "RGB" in answer.json()["detail"]


def test_a_film_is_refused_with_a_reason(node: tuple[Server, Region]) -> None:
    (image,) = _series(1)
    store(node[0], node[1].token_a, _encapsulated(image, "1.2.840.10008.1.2.4.102", b"film"))
    answer = node[0].get(f"{_address(image)}?method=edge", node[1].token_a)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_enhanceable")


def _encapsulated(image: Image, syntax: str, fragment: bytes) -> bytes:
    item = b"\xfe\xff\x00\xe0"
    pixels = item + bytes(4) + item + struct.pack("<I", len(fragment)) + fragment + b"\xfe\xff\xdd\xe0" + bytes(4)
    head = image.data_set.split(b"\xe0\x7f\x10\0OW\0\0")[0]
    return _part10(image, head + b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff" + pixels, syntax)


def _part10(image: Image, content: bytes, syntax: str = "1.2.840.10008.1.2.1") -> bytes:
    return file_meta(CT, image.uid, syntax) + content


def test_a_damaged_image_is_said_to_be_so(node: tuple[Server, Region]) -> None:
    (image,) = _series(1)
    store(node[0], node[1].token_a, _encapsulated(image, JPEG_2000, b"nonsense"))
    answer = node[0].get(f"{_address(image)}?method=edge", node[1].token_a)
    assert answer.json()["code"] == "undecodable"


@pytest.mark.hazard("H-04")
def test_another_hospital_neither_sees_nor_saves(node: tuple[Server, Region], series: list[Image]) -> None:
    server, region = node
    assert server.get(f"{_address(series[0])}?method=edge", region.token_b).status_code == 404
    assert _save(node, series[0], region.token_b).status_code == 404
    server.query(
        "INSERT INTO core.access_grant (organisation_id, subject_organisation_id, kind, resource, purpose, granted_by,"
        " until) VALUES (%s, %s, 'study', %s, 'treatment', 'test', now() + interval '1 hour')",
        *(region.a, region.b, series[0].study),
    )
    assert server.get(f"{_address(series[0])}?method=edge", region.token_b).status_code == 200
    for scope in ("image", "series"):
        assert _save(node, series[0], region.token_b, scope=scope).status_code == 403


# -- saving -----------------------------------------------------------------------------------------------------------


def test_an_image_is_saved_as_a_derived_series(node: tuple[Server, Region], series: list[Image]) -> None:
    answer = _save(node, series[1], method="multiscale", strength=0.7, preset="chest")
    assert answer.status_code == 200, answer.text
    saved = answer.json()
    assert (saved["image_count"], saved["is_finished"]) == (1, True)
    (made,) = _files(node, series[1], saved["series_instance_uid"])
    assert made.ImageType[:2] == ["DERIVED", "SECONDARY"]
    assert (made.StudyInstanceUID, made.PatientID) == (series[1].study, "P0001")
    assert made.SourceImageSequence[0].ReferencedSOPInstanceUID == series[1].uid
    assert made.DerivationCodeSequence[0].CodingSchemeDesignator == "99LIGHTWELL"
    assert "multiscale 0.70 chest" in made.DerivationDescription
    assert "multiscale 0.70 chest" in made.SeriesDescription
    assert made.Manufacturer == "Lightwell"
    query = f"{_address(series[1])}?method=multiscale&strength=0.7&preset=chest"
    assert made.PixelData == node[0].get(query, node[1].token_a).content
    assert node[0].get(f"{series[1].address}/frames/1", node[1].token_a, Accept=_GIVEN).content == series[1].pixels


def test_all_frames_of_an_image_are_saved(node: tuple[Server, Region]) -> None:
    (film,) = _series(1, frames=3)
    assert send(node[0], film) == [0]
    saved = _save(node, film).json()
    uid = saved["series_instance_uid"]
    assert (saved["image_count"], saved["is_finished"]) == (1, False)
    assert wait_for(lambda: [told["done_count"] for told in _told(node, uid)] == [1], 60)
    (made,) = _files(node, film, uid)
    frames = [node[0].get(f"{_address(film, n)}?method=denoise", node[1].token_a).content for n in (1, 2, 3)]
    assert made.PixelData == b"".join(frames)


def test_of_several_images_with_frames_only_the_one_is_saved(node: tuple[Server, Region]) -> None:
    films = _series(2, frames=2)
    assert send(node[0], *films) == [0, 0]
    uid = _save(node, films[1]).json()["series_instance_uid"]
    assert wait_for(lambda: [told["image_count"] for told in _told(node, uid)] == [1], 60)
    (made,) = _files(node, films[1], uid)
    assert made.SourceImageSequence[0].ReferencedSOPInstanceUID == films[1].uid


def test_an_image_type_of_one_value_is_taken_as_a_whole(node: tuple[Server, Region]) -> None:
    (image,) = _series(1, further=((0x00080008, b"CS", b"ORIGINAL"),))
    assert send(node[0], image) == [0]
    (made,) = _files(node, image, _save(node, image).json()["series_instance_uid"])
    assert list(made.ImageType) == ["DERIVED", "SECONDARY"]


def test_the_strength_that_was_asked_for_is_said(node: tuple[Server, Region], series: list[Image]) -> None:
    uids = [_save(node, series[0], strength=strength).json()["series_instance_uid"] for strength in (0.501, 0.504)]
    assert len(set(uids)) == 2
    for uid, words in zip(uids, ("denoise 0.501", "denoise 0.504"), strict=True):
        (made,) = _files(node, series[0], uid)
        assert words in made.SeriesDescription
        assert words in made.DerivationDescription


def test_saving_twice_makes_no_second_image(node: tuple[Server, Region], series: list[Image]) -> None:
    first, again = (_save(node, series[0]).json() for _ in range(2))
    assert first == again
    assert len(_files(node, series[0], first["series_instance_uid"])) == 1
    other = _save(node, series[0], strength=0.6).json()
    assert other["series_instance_uid"] != first["series_instance_uid"]
    assert node[0].query("SELECT count(*) FROM archive.conflict") == [(0,)]


def test_a_whole_series_is_saved_by_a_job_that_tells_how_far_it_is(
    node: tuple[Server, Region], series: list[Image]
) -> None:
    alone = _save(node, series[2]).json()["series_instance_uid"]
    saved = _save(node, series[0], scope="series").json()
    assert (saved["series_instance_uid"], saved["image_count"], saved["is_finished"]) == (alone, 3, False)
    assert wait_for(lambda: len(_told(node, alone)) > 0 and _told(node, alone)[-1]["done_count"] == 3, 60)
    assert _told(node, alone)[-1] == {
        "organisation_id": node[1].a,
        "study_instance_uid": series[0].study,
        "series_instance_uid": alone,
        "done_count": 3,
        "failed_count": 0,
        "image_count": 3,
    }
    made = _files(node, series[0], alone)
    assert {item.SourceImageSequence[0].ReferencedSOPInstanceUID for item in made} == {image.uid for image in series}


def test_an_image_that_cannot_be_enhanced_keeps_no_other_from_it(
    node: tuple[Server, Region], series: list[Image]
) -> None:
    damaged = Square(f"{series[0].series}.9", series[0].study, series[0].series, further=(_MONOCHROME,))
    store(node[0], node[1].token_a, _encapsulated(damaged, JPEG_2000, b"nonsense"))
    saved = _save(node, series[0], scope="series", strength=0.3).json()["series_instance_uid"]
    assert wait_for(lambda: [told["failed_count"] for told in _told(node, saved)[-1:]] == [1], 60)
    assert len(_files(node, series[0], saved)) == 3


def _told(node: tuple[Server, Region], series_uid: str) -> list[dict[str, Any]]:
    rows = node[0].query("SELECT payload FROM core.event WHERE name = 'SeriesDerived' ORDER BY id")
    return [dict(payload) for (payload,) in rows if payload["series_instance_uid"] == series_uid]


def test_who_may_only_read_saves_nothing(node: tuple[Server, Region], series: list[Image]) -> None:
    server, _ = node
    made = server.run("user", "create", "only-reads", "--organisation", "a", "--password", PASSWORD)
    assert made.returncode == 0, made.stderr
    token = server.run("token", "create", "--user", "only-reads").stdout.split()[-1]
    assert _save(node, series[0], token).status_code == 403
    assert server.get(f"{_address(series[0])}?method=edge", token).status_code == 200


def test_what_is_saved_and_seen_is_in_the_audit_trail(node: tuple[Server, Region], series: list[Image]) -> None:
    assert _save(node, series[0]).status_code == 200
    rows = node[0].query("SELECT actor_name, subject FROM core.audit WHERE action = 'enhancement.saved' ORDER BY id")
    assert rows[-1] == ("user-a", "patient/P0001")


@pytest.mark.parametrize("body", [{"method": "magic"}, {"strength": 7}, {"scope": "study"}, {"preset": "teeth"}])
def test_a_wish_that_cannot_be_understood_is_refused(
    node: tuple[Server, Region], series: list[Image], body: dict[str, Any]
) -> None:
    assert _save(node, series[0], **body).status_code == 400


def test_an_image_with_functional_groups_is_not_saved(node: tuple[Server, Region]) -> None:
    (image,) = _series(1, further=((0x52009229, b"SQ", b""),))
    assert send(node[0], image) == [0]
    assert node[0].get(f"{_address(image)}?method=edge", node[1].token_a).status_code == 200
    answer = _save(node, image)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_enhanceable")
