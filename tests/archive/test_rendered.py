"""Pictures through the running server: thumbnails, rendered images and WADO-URI."""

import io
import struct

import httpx
import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.pixels import apply_windowing

from tests.archive.test_wado import parts_of
from tests.journeys.images import SIDE, Image, data_set_of, images, send
from tests.region import Region, Server

_MONOCHROME = (0x00280004, b"CS", b"MONOCHROME2")
_WINDOW = ((0x00281050, b"DS", b"100"), (0x00281051, b"DS", b"200"))


@pytest.fixture(scope="module")
def series(server: Server) -> list[Image]:
    """Five slices, each brighter than the one before, in a window from 0 to 200."""
    slices = [
        Image(image.uid, image.study, image.series, shade=40 * n, further=(_MONOCHROME, *_WINDOW))
        for n, image in enumerate(images(5, 7700))
    ]
    assert send(server, *slices) == [0] * 5
    return slices


@pytest.fixture(scope="module")
def negative(server: Server) -> Image:
    """A radiograph in which low values are bright, with all values from 0 to 200 in a window of 180 around 100."""
    root = "1.2.826.0.1.3680043.9.9999.7702"
    ramp = np.linspace(0, 200, SIDE * SIDE).astype("<u2").tobytes()
    window = ((0x00281050, b"DS", b"100"), (0x00281051, b"DS", b"180"))
    further = ((0x00280004, b"CS", b"MONOCHROME1"), (0x00280103, b"US", b"\0\0"), *window)
    image = Image(f"{root}.1.1", root, f"{root}.1", pixels=ramp, further=further)
    assert send(server, image) == [0]
    return image


@pytest.fixture(scope="module")
def movie(server: Server) -> Image:
    """Three frames of a series of its own; the second one stands for all."""
    pixels = b"".join(struct.pack("<H", shade) * SIDE * SIDE for shade in (0, 100, 200))
    further = ((0x00280008, b"IS", b"3"), (0x00286010, b"US", struct.pack("<H", 2)), _MONOCHROME, *_WINDOW)
    root = "1.2.826.0.1.3680043.9.9999.7701"
    image = Image(f"{root}.1.1", root, f"{root}.1", pixels=pixels, further=further)
    assert send(server, image) == [0]
    return image


def _mean(content: bytes) -> float:
    return float(np.mean(imagecodecs.imread(io.BytesIO(content))))


def _shape(content: bytes) -> tuple[int, ...]:
    return np.shape(imagecodecs.imread(io.BytesIO(content)))


@pytest.mark.parametrize("what", ["rendered", "rendered?window=50,100,linear", "thumbnail"])
def test_low_values_are_bright_where_the_image_says_so(
    server: Server, region: Region, negative: Image, what: str
) -> None:
    stored = server.get(negative.address, region.token_a, Accept="application/dicom").content
    said = dcmread(io.BytesIO(stored))
    assert said.PhotometricInterpretation == "MONOCHROME1"
    if "window" in what:
        said.WindowCenter, said.WindowWidth = 50, 100
    lowest, highest = 0, (1 << said.BitsStored) - 1
    positive = (apply_windowing(said.pixel_array, said) - lowest) / (highest - lowest) * 255
    picture = imagecodecs.imread(io.BytesIO(server.get(f"{negative.address}/{what}", region.token_a).content))
    larger = len(picture) // SIDE
    picture = picture.reshape(SIDE, larger, SIDE, larger).mean(axis=(1, 3))
    assert np.abs(picture - (255 - positive)).max() <= 6  # a JPEG


def test_an_image_is_rendered_in_its_window(server: Server, region: Region, series: list[Image]) -> None:
    answer = server.get(series[2].address + "/rendered", region.token_a)
    assert answer.headers["content-type"] == "image/jpeg"
    assert _shape(answer.content) == (SIDE, SIDE)
    assert abs(_mean(answer.content) - 80 / 200 * 255) <= 2
    png = server.get(series[2].address + "/rendered", region.token_a, Accept="image/png")
    assert png.content.startswith(b"\x89PNG")
    gif = server.get(series[2].address + "/rendered", region.token_a, Accept="image/gif")
    assert gif.headers["content-type"] == "image/gif"
    assert _mean(gif.content) == _mean(png.content)


def test_the_middle_stands_for_a_series_and_a_study(server: Server, region: Region, series: list[Image]) -> None:
    one = server.get(series[2].address + "/thumbnail", region.token_a)
    assert _shape(one.content) == (128, 128)
    for address in (series[0].series_address, series[0].study_address):
        assert server.get(address + "/thumbnail", region.token_a).content == one.content


def test_all_frames_come_in_parts_where_that_is_asked_for(
    server: Server, region: Region, series: list[Image], movie: Image
) -> None:
    wish = 'multipart/related; type="image/png"'
    parts = parts_of(server.get(series[0].series_address + "/rendered", region.token_a, Accept=wish))
    assert [round(_mean(content) / 51) for _, content in parts] == [0, 1, 2, 3, 4]
    parts = parts_of(server.get(movie.address + "/rendered", region.token_a, Accept=wish))
    assert [round(_mean(content)) for _, content in parts] == [0, 128, 255]


def test_frames_are_rendered_by_number(server: Server, region: Region, movie: Image) -> None:
    third = server.get(movie.address + "/frames/3/rendered", region.token_a)
    assert _mean(third.content) > 250
    two = parts_of(server.get(movie.address + "/frames/1,3/rendered", region.token_a))
    assert [round(_mean(content) / 255) for _, content in two] == [0, 1]
    small = server.get(movie.address + "/frames/3/thumbnail", region.token_a)
    assert _shape(small.content) == (128, 128)
    representative = server.get(movie.address + "/rendered", region.token_a, Accept="image/png")
    assert round(_mean(representative.content)) == 128


def test_a_picture_is_made_as_asked_for(server: Server, region: Region, series: list[Image]) -> None:
    address = series[4].address + "/rendered"
    assert _shape(server.get(address + "?viewport=64,32", region.token_a).content) == (32, 32)
    assert _shape(server.get(address + "?viewport=64,64,0,0,8,4", region.token_a).content) == (32, 64)
    assert _mean(server.get(address + "?window=1000,10", region.token_a).content) == 0
    sigmoid = server.get(address + "?window=160,100,sigmoid", region.token_a)
    assert abs(_mean(sigmoid.content) - 128) <= 2
    best, worst = (len(server.get(f"{address}?quality={n}", region.token_a).content) for n in (100, 1))
    assert best >= worst


def test_a_second_look_costs_nothing(server: Server, region: Region, series: list[Image]) -> None:
    first = server.get(series[0].address + "/thumbnail", region.token_a)
    again = server.get(series[0].address + "/thumbnail", region.token_a, **{"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("viewport=0,5", 400),
        ("viewport=5", 400),
        ("viewport=99999,99999", 400),
        ("viewport=a,b", 400),
        ("viewport=1e999,1", 400),
        ("window=1", 400),
        ("window=1,0", 400),
        ("window=nan,1", 400),
        ("window=1,1,cubic", 400),
        ("annotation=everything", 400),
        ("iccprofile=bogus", 400),
        ("quality=0", 400),
        ("quality=101", 400),
        ("quality=²", 400),
        ("quality=0010000", 400),
        ("accept=video/mp4", 406),
    ],
)
def test_what_cannot_be_is_said(server: Server, region: Region, series: list[Image], query: str, status: int) -> None:
    answer = server.get(f"{series[0].address}/rendered?{query}", region.token_a)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_study_that_is_not_there_has_no_picture(server: Server, region: Region) -> None:
    answer = server.get("/dicom-web/studies/1.2.3/thumbnail", region.token_a)
    assert answer.status_code == 404


def test_another_hospital_sees_no_picture(server: Server, region: Region, series: list[Image], movie: Image) -> None:
    for address in (series[0].address, series[0].series_address, series[0].study_address, movie.address + "/frames/1"):
        for form in ("/rendered", "/thumbnail"):
            assert server.get(address + form, region.token_b).status_code == 404
    assert _uri(server, region.token_b, series[0]).status_code == 404


def _uri(server: Server, token: str, image: Image, **query: str) -> httpx.Response:
    uids = {"studyUID": image.study, "seriesUID": image.series, "objectUID": image.uid}
    asked = {"requestType": "WADO", **uids} | query
    return httpx.get(server.url + "/wado", params=asked, headers={"Authorization": f"Bearer {token}"}, timeout=60)


def test_an_address_in_a_report_leads_to_the_image(server: Server, region: Region, series: list[Image]) -> None:
    assert _uri(server, region.token_a, series[0]).headers["content-type"] == "image/jpeg"
    file = _uri(server, region.token_a, series[0], contentType="application/dicom")
    assert data_set_of(file.content) == series[0].data_set
    small = _uri(server, region.token_a, series[4], rows="8", contentType="image/png")
    assert _shape(small.content) == (8, 8)
    assert _uri(server, region.token_a, series[4], contentType="image/gif").content.startswith(b"GIF8")
    dark = _uri(server, region.token_a, series[4], windowCenter="2000", windowWidth="10")
    assert _mean(dark.content) == 0
    half = _uri(server, region.token_a, series[4], region="0,0,0.5,1")
    assert _shape(half.content) == (SIDE, SIDE // 2)


def test_an_address_in_a_report_may_ask_for_a_transfer_syntax(
    server: Server, region: Region, series: list[Image]
) -> None:
    wish = {"contentType": "application/dicom", "transferSyntax": "1.2.840.10008.1.2.4.202"}
    file = _uri(server, region.token_a, series[0], **wish)
    assert b"1.2.840.10008.1.2.4.202" in file.content[:400]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"requestType": "WORK"}, 400),
        ({"objectUID": ""}, 400),
        ({"region": "0,0,0,0"}, 400),
        ({"region": "1,2"}, 400),
        ({"rows": "-1"}, 400),
        ({"rows": "000099999999", "columns": "000099999999"}, 400),
        ({"windowCenter": "40"}, 400),
        ({"frameNumber": "7"}, 404),
        ({"frameNumber": "x"}, 400),
        ({"contentType": "text/html"}, 406),
        ({"anonymize": "yes"}, 406),
    ],
)
def test_an_address_that_cannot_be_met_says_why(
    server: Server, region: Region, series: list[Image], query: dict[str, str], status: int
) -> None:
    answer = _uri(server, region.token_a, series[0], **query)
    assert answer.status_code == status
    assert answer.json()["detail"]
