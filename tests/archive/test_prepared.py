"""Prepared series: what lies ready equals what would be made of the images, and never outlives them."""

import gzip
import io
import json
import struct
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import httpx
import imagecodecs
import numpy as np
import pydicom
import pytest

from lightwell.archive.pack import Pack
from lightwell.imaging import preparing
from lightwell.imaging.form import Codec, PixelForm
from tests.archive.test_wado import parts_of
from tests.journeys.images import CT, SIDE, Image, images, send
from tests.region import Region, Server, running_server, wait_for
from tests.sender import Sender

_ORIGIN = "https://region.example"
_HTJ2K = "1.2.840.10008.1.2.4.202"
_FRAMES = f'multipart/related; type="image/jphc"; transfer-syntax={_HTJ2K}'
_FORM = PixelForm(512, 512, 1, 16, 12, is_signed=False, photometric="MONOCHROME2")


@pytest.fixture(scope="module")
def pair() -> Generator[tuple[Server, Region]]:
    """A server that knows its own address, where studies fall quiet at once."""
    with running_server(public_url=_ORIGIN, study_quiet_s=1) as made:
        yield made


@pytest.fixture(scope="module")
def server(pair: tuple[Server, Region]) -> Server:
    """The server."""
    return pair[0]


@pytest.fixture(scope="module")
def region(pair: tuple[Server, Region]) -> Region:
    """Its hospitals."""
    return pair[1]


def _slices(number: int, branch: int) -> list[Image]:
    noise = np.random.default_rng(branch)
    further = ((0x00280004, b"CS", b"MONOCHROME2"),)
    made = images(number, branch, further=further)
    return [
        Image(image.uid, image.study, image.series, pixels=noise.integers(0, 4096, SIDE * SIDE, "u2").tobytes())
        for image in made
    ]


def _prepared(server: Server, image: Image) -> int:
    """Return of how many images the series is prepared."""
    rows = server.query(
        "SELECT p.instance_count FROM archive.prepared AS p JOIN archive.series AS x ON x.id = p.series_id"
        " WHERE x.series_instance_uid = %s",
        image.series,
    )
    return int(rows[0][0]) if rows else 0


def _ready(server: Server, *slices: Image) -> list[Image]:
    assert set(send(server, *slices)) == {0}
    assert wait_for(lambda: _prepared(server, slices[0]) == len(slices), 40)
    return list(slices)


@pytest.fixture(scope="module")
def series(server: Server) -> list[Image]:
    """Seven slices, prepared."""
    return _ready(server, *_slices(7, 8100))


def _previews(server: Server, region: Region, image: Image, token: str = "") -> httpx.Response:
    address = f"/api/studies/{image.study}/series/{image.series}/previews"
    return server.get(address, token or region.token_a)


def _blob(server: Server, image: Image) -> Path:
    rows = server.query(
        "SELECT p.blob FROM archive.prepared AS p JOIN archive.series AS x ON x.id = p.series_id"
        " WHERE x.series_instance_uid = %s",
        image.series,
    )
    return server.settings.data_dir / "objects" / rows[0][0]


def test_metadata_that_lie_ready_equal_those_made_at_once(server: Server, region: Region, series: list[Image]) -> None:
    address = series[0].series_address + "/metadata"
    ready = server.get(address, region.token_a, **{"Accept-Encoding": "gzip"})
    made = server.get(address, region.token_a, **{"Accept-Encoding": "identity"})
    assert ready.headers["content-encoding"] == "gzip"
    assert int(ready.headers["content-length"]) < len(made.content)
    assert ready.json() == made.json()
    assert ready.json()[0]["7FE00010"]["BulkDataURI"].startswith(f"{_ORIGIN}/dicom-web/studies/")
    again = server.get(address, region.token_a, **{"If-None-Match": ready.headers["etag"]})
    assert again.status_code == 304


def test_frames_that_lie_ready_hold_the_same_pixels(server: Server, region: Region, series: list[Image]) -> None:
    rows = server.query(
        "SELECT frame_ends FROM archive.prepared AS p JOIN archive.series AS x ON x.id = p.series_id"
        " WHERE x.series_instance_uid = %s",
        series[0].series,
    )
    assert len(rows[0][0]) == len(series)
    for image in series:
        ((_, frame),) = parts_of(server.get(image.address + "/frames/1", region.token_a, Accept=_FRAMES))
        assert imagecodecs.htj2k_decode(frame).tobytes() == image.pixels


def test_the_beginning_of_a_frame_is_a_small_picture_of_it(shared_data: Path) -> None:
    original = pydicom.dcmread(next((shared_data / "dicom/syntaxes").glob("CTImage.dcm_RLE*"))).pixel_array
    form = PixelForm(*original.shape, 1, 16, 16, is_signed=original.dtype.kind == "i", photometric="MONOCHROME2")
    ((frame, preview),) = preparing.make_ready([original.tobytes()], form, Codec.NATIVE, with_frames=True)
    assert np.array_equal(imagecodecs.htj2k_decode(frame), original)
    assert len(preview) <= 6000
    seen = imagecodecs.htj2k_decode(preview).astype(float)
    assert np.corrcoef(seen.ravel(), original.ravel())[0, 1] > 0.98
    small = imagecodecs.htj2k_decode(frame[: len(frame) // 8], skipres=2, resilient=True)
    assert small.shape == (original.shape[0] // 4, original.shape[1] // 4)


def test_previews_come_in_one_answer_with_a_table_of_contents(
    server: Server, region: Region, series: list[Image]
) -> None:
    content = _previews(server, region, series[0]).content
    (length,) = struct.unpack("<I", content[:4])
    contents = json.loads(content[4 : 4 + length])
    assert [entry["instance"] for entry in contents] == [image.uid for image in series]
    at = 4 + length
    for entry in contents:
        for size in entry["lengths"]:
            assert imagecodecs.htj2k_decode(content[at : at + size]).shape == (SIDE, SIDE)
            at += size
    assert at == len(content)


def test_the_thumbnail_lies_ready(server: Server, region: Region, series: list[Image]) -> None:
    answer = server.get(series[0].series_address + "/thumbnail", region.token_a)
    assert answer.content in _blob(server, series[0]).read_bytes()
    assert imagecodecs.imread(io.BytesIO(answer.content)).shape == (128, 128)
    larger = server.get(series[0].series_address + "/thumbnail?viewport=64,64", region.token_a)
    assert imagecodecs.imread(io.BytesIO(larger.content)).shape == (64, 64)


def test_late_images_are_there_at_once_and_prepared_later(server: Server, region: Region) -> None:
    first, last = (slices := _slices(4, 8101))[:3], slices[3]
    _ready(server, *first)
    old = _blob(server, last)
    assert send(server, last) == [0]
    address = last.series_address + "/metadata"
    assert len(server.get(address, region.token_a).json()) == 4, "what is prepared holds no longer"
    ((_, frame),) = parts_of(server.get(last.address + "/frames/1", region.token_a, Accept=_FRAMES))
    assert imagecodecs.htj2k_decode(frame).tobytes() == last.pixels
    assert wait_for(lambda: _prepared(server, last) == 4, 40)
    assert _blob(server, last) != old
    assert len(server.get(address, region.token_a).json()) == 4


def test_an_image_that_takes_the_place_of_another_is_prepared_instead(server: Server, region: Region) -> None:
    slices = _ready(server, *_slices(2, 8102))
    old = _blob(server, slices[0])
    other = replace(slices[0], pixels=slices[1].pixels, name=b"Another^Name")
    assert send(server, other) == [0]
    waiting = "SELECT id FROM archive.conflict WHERE sop_instance_uid = %s AND resolved_at IS NULL"
    assert wait_for(lambda: bool(server.query(waiting, other.uid)))
    decision = {"numbers": [server.query(waiting, other.uid)[0][0]], "keep": "arrived"}
    headers = {"Authorization": f"Bearer {region.token_a}"}
    settled = httpx.post(f"{server.url}/api/conflicts/settle", json=decision, headers=headers, timeout=30)
    assert settled.status_code == 204, settled.text
    assert "Another" in server.get(other.series_address + "/metadata", region.token_a).text, "at once"
    ((_, frame),) = parts_of(server.get(other.address + "/frames/1", region.token_a, Accept=_FRAMES))
    assert imagecodecs.htj2k_decode(frame).tobytes() == other.pixels
    assert wait_for(lambda: _prepared(server, other) == 2, 40)
    assert _blob(server, other) != old
    waits = (
        "SELECT count(*) FROM queue.procrastinate_jobs WHERE task_name = 'archive.forget_pack' AND args::text LIKE %s"
    )
    assert server.query(waits, f"%{old.name}%")[0][0] == 1, "the file that was replaced will be removed"


def test_a_file_that_is_gone_does_no_harm(server: Server, region: Region) -> None:
    slices = _ready(server, *_slices(3, 8103))
    _blob(server, slices[0]).unlink()
    assert len(server.get(slices[0].series_address + "/metadata", region.token_a).json()) == 3
    assert server.get(slices[0].series_address + "/thumbnail", region.token_a).status_code == 200
    ((_, frame),) = parts_of(server.get(slices[1].address + "/frames/1", region.token_a, Accept=_FRAMES))
    assert imagecodecs.htj2k_decode(frame).tobytes() == slices[1].pixels
    assert _previews(server, region, slices[0]).status_code == 404


def test_a_series_with_a_damaged_image_is_prepared_but_for_that(server: Server, region: Region) -> None:
    jpeg = "1.2.840.10008.1.2.4.90"
    whole, damaged = images(2, 8104)
    sender = Sender(server.dicom_port, [(CT, jpeg)], called="LIGHTWELL", calling="CT_A")
    junk = struct.pack("<HHI", 0xFFFE, 0xE000, 0) + struct.pack("<HHI", 0xFFFE, 0xE000, 8) + b"no image"
    encapsulated = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF) + junk
    ended = encapsulated + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    native = damaged.data_set
    place = native.index(struct.pack("<HH2s", 0x7FE0, 0x0010, b"OW"))
    assert sender.store(CT, damaged.uid, native[:place] + ended, jpeg).status == 0
    sender.release()
    assert send(server, whole) == [0]
    assert wait_for(lambda: _prepared(server, whole) == 2, 40)
    assert len(server.get(whole.series_address + "/metadata", region.token_a).json()) == 2
    ((_, frame),) = parts_of(server.get(whole.address + "/frames/1", region.token_a, Accept=_FRAMES))
    assert imagecodecs.htj2k_decode(frame).shape == (SIDE, SIDE)


def test_another_hospital_gets_nothing_of_it(server: Server, region: Region, series: list[Image]) -> None:
    assert _previews(server, region, series[0], region.token_b).status_code == 404
    for form in ("/metadata", "/thumbnail"):
        assert server.get(series[0].series_address + form, region.token_b).status_code == 404
    frames = server.get(series[0].address + "/frames/1", region.token_b, Accept=_FRAMES)
    assert frames.status_code == 404


def test_who_verifies_the_images_passes_over_what_is_prepared(server: Server) -> None:
    _ready(server, *_slices(2, 8105))
    told = server.run("archive", "verify")
    assert told.returncode == 0, told.stderr
    assert "pack" not in told.stdout + told.stderr


def test_a_series_whose_header_cannot_be_walked_does_without(server: Server, region: Region) -> None:
    whole, damaged = _slices(2, 8106)
    sequence = (0x00081140, b"SQ", b"no item here")
    assert send(server, whole, replace(damaged, further=(*damaged.further, sequence))) == [0, 0]
    jobs = "SELECT count(*) FROM queue.procrastinate_jobs WHERE task_name = 'archive.prepare'"
    assert wait_for(lambda: "a series was not prepared" in server.log(), 40)
    assert wait_for(lambda: server.query(jobs)[0][0] == 0, 40), "it is not tried again and again"
    assert server.get(whole.address, region.token_a).status_code == 200


def test_a_preview_is_small_whatever_the_image_is() -> None:
    noise = np.random.default_rng(1)
    for pixels in (
        noise.integers(0, 4096, (512, 512), "u2"),
        np.zeros((512, 512), "u2"),
        noise.integers(0, 255, (512, 512), "u2"),
    ):
        ((_, preview),) = preparing.make_ready([pixels.tobytes()], _FORM, Codec.NATIVE, with_frames=False)
        assert 0 < len(preview) <= 6000
        assert imagecodecs.htj2k_decode(preview).shape == (512, 512)
    large = PixelForm(3000, 2000, 1, 16, 12, is_signed=False, photometric="MONOCHROME2")
    ramp = np.repeat(np.arange(3000, dtype="u2"), 2000)
    ((_, preview),) = preparing.make_ready([ramp.tobytes()], large, Codec.NATIVE, with_frames=False)
    assert imagecodecs.htj2k_decode(preview).shape == (500, 333)


@pytest.mark.parametrize(
    ("rows", "columns", "photometric"), [(3, 2000, "MONOCHROME2"), (5000, 1, "MONOCHROME2"), (64, 64, "PALETTE COLOR")]
)
def test_what_would_not_survive_it_has_no_preview(rows: int, columns: int, photometric: str) -> None:
    form = PixelForm(rows, columns, 1, 16, 12, is_signed=False, photometric=photometric)
    pixels = np.random.default_rng(2).integers(0, 4096, (rows, columns), "u2")
    ((frame, preview),) = preparing.make_ready([pixels.tobytes()], form, Codec.NATIVE, with_frames=True)
    assert preview == b""
    assert np.array_equal(imagecodecs.htj2k_decode(frame).reshape(rows, columns), pixels)


def test_a_pack_of_images_without_pixels_has_metadata_only() -> None:
    file = io.BytesIO()
    pack = Pack(file)
    pack.begin([gzip.compress(b"[]")], b"")
    pack.begin_image("1.2.3")
    pack.add([(b"", b"")])
    places = pack.finish()
    assert places.frame_ends == []
    assert places.length == len(file.getvalue())
    assert gzip.decompress(file.getvalue()[: places.metadata_end]) == b"[]"
