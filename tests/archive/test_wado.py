"""WADO-RS through the running server: what comes back equals what went in, however it is asked for."""

import io
import re
import socket
import struct
import xml.etree.ElementTree as ET
import zipfile

import httpx
import pytest
from dicomweb_client.api import DICOMwebClient
from dicomweb_client.session_utils import create_session_from_user_pass  # noqa: F401 -- shows that the client is whole

from tests.journeys.images import Image, data_set_of, images, send
from tests.region import Region, Server, wait_for

_MULTI = 0x00280008
_BIG = 1 << 21
_OCTETS = "application/octet-stream"
_EXPLICIT = "1.2.840.10008.1.2.1"
_IMPLICIT = "1.2.840.10008.1.2"
_HTJ2K = "1.2.840.10008.1.2.4.202"


@pytest.fixture(scope="module")
def series(server: Server) -> list[Image]:
    """Twenty slices of one series."""
    wanted = [Image(image.uid, image.study, image.series, shade=n + 1) for n, image in enumerate(images(20, 7100))]
    assert send(server, *wanted) == [0] * 20
    return wanted


@pytest.fixture(scope="module")
def movie(server: Server) -> Image:
    """An image of three frames."""
    pixels = b"".join(struct.pack("<H", shade) * 256 for shade in (1, 2, 3))
    image = Image(
        "1.2.826.0.1.3680043.9.9999.7101.1",
        "1.2.826.0.1.3680043.9.9999.7101",
        "1.2.3.7101",
        pixels=pixels,
        further=((_MULTI, b"IS", b"3"), (0x00280004, b"CS", b"MONOCHROME2"), (0x00091001, b"OB", bytes(5000))),
    )
    assert send(server, image) == [0]
    return image


def parts_of(answer: httpx.Response) -> list[tuple[str, bytes]]:
    """Return the content type and body of each part."""
    boundary = re.search(r"boundary=([^;]+)", answer.headers["content-type"])
    assert boundary is not None
    pieces = answer.content.split(f"\r\n--{boundary[1]}".encode())
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    split = [piece.removeprefix(b"\r\n").partition(b"\r\n\r\n") for piece in pieces[1:-1]]
    return [(head.decode().removeprefix("Content-Type: "), body) for head, _, body in split]


@pytest.mark.parametrize("level", ["study_address", "series_address"])
def test_a_series_comes_back_byte_for_byte(server: Server, region: Region, series: list[Image], level: str) -> None:
    answer = server.get(getattr(series[0], level), region.token_a)
    parts = parts_of(answer)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert {kind for kind, _ in parts} == {f"application/dicom; transfer-syntax={_EXPLICIT}"}
    assert [data_set_of(body) for _, body in parts] == [image.data_set for image in series]


def test_a_second_look_costs_nothing(server: Server, region: Region, series: list[Image]) -> None:
    for address in (
        series[0].series_address,
        series[0].address,
        series[0].address + "/frames/1",
        series[0].series_address + "/metadata",
    ):
        first = server.get(address, region.token_a)
        again = server.get(address, region.token_a, **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_an_image_alone_can_be_read_in_ranges(server: Server, region: Region, series: list[Image]) -> None:
    whole = server.get(series[0].address, region.token_a, Accept="application/dicom")
    for span, expected in (("0-9", slice(0, 10)), ("100-", slice(100, None)), ("-20", slice(-20, None))):
        piece = server.get(series[0].address, region.token_a, Accept="application/dicom", Range=f"bytes={span}")
        assert (piece.status_code, piece.content) == (206, whole.content[expected])
    past = server.get(series[0].address, region.token_a, Accept="application/dicom", Range="bytes=999999-")
    assert past.status_code == 416
    stale = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert server.get(series[0].address, region.token_a, Accept="application/dicom", **stale).content == whole.content


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("application/dicom", 200),
        ("application/*", 200),
        ('multipart/related; type="application/dicom"', 200),
        (f'multipart/related; type="application/dicom"; transfer-syntax={_IMPLICIT}', 200),
        ('multipart/related; type="application/dicom"; transfer-syntax=1.2.3.4', 406),
        ('multipart/related; type="application/dicom"; transfer-syntax=1.2.3.4, */*; q=0.1', 200),
        ("image/jpeg", 406),
        ("application/dicom; q=0", 406),
        ("application/dicom; q=high", 400),
        (",".join(["application/dicom"] * 100), 400),
        ("", 200),
    ],
)
def test_what_the_caller_takes_is_negotiated(
    server: Server, region: Region, series: list[Image], accept: str, status: int
) -> None:
    answer = server.get(series[0].address, region.token_a, Accept=accept)
    assert answer.status_code == status
    if status >= 400:
        assert answer.json()["detail"]


@pytest.mark.parametrize("syntax", [_IMPLICIT, _HTJ2K, "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80"])
def test_a_series_is_transcoded_on_the_way(server: Server, region: Region, series: list[Image], syntax: str) -> None:
    accept = f'multipart/related; type="application/dicom"; transfer-syntax={syntax}'
    parts = parts_of(server.get(series[0].series_address, region.token_a, Accept=accept))
    assert {kind for kind, _ in parts} == {f"application/dicom; transfer-syntax={syntax}"}
    assert len(parts) == len(series)
    assert all(f"{syntax}".encode() in body[:400] for _, body in parts)


@pytest.mark.parametrize(
    ("accept", "kind", "is_native"),
    [
        ("*/*", f"{_OCTETS}; transfer-syntax={_EXPLICIT}", True),
        (f'multipart/related; type="{_OCTETS}"', f"{_OCTETS}; transfer-syntax={_EXPLICIT}", True),
        (f'multipart/related; type="{_OCTETS}"; transfer-syntax=*', f"{_OCTETS}; transfer-syntax={_EXPLICIT}", True),
        ('multipart/related; type="image/jphc"', f"image/jphc; transfer-syntax={_HTJ2K}", False),
        ('multipart/related; type="image/jls"', "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80", False),
    ],
)
def test_frames_come_in_the_form_that_is_asked_for(
    server: Server, region: Region, movie: Image, accept: str, kind: str, *, is_native: bool
) -> None:
    answer = server.get(movie.address + "/frames/3,1", region.token_a, Accept=accept)
    parts = parts_of(answer)
    assert [part for part, _ in parts] == [kind] * 2
    if is_native:
        assert [set(struct.unpack("<256H", body)) for _, body in parts] == [{3}, {1}]


@pytest.mark.parametrize(
    ("numbers", "status"),
    [("0", 404), ("4", 404), ("1,99999999999999999999", 404), ("a", 400), ("1,,2", 400), ("-1", 400),
     (",".join(["1"] * 6), 200), (",".join(["1"] * 7), 400), (",".join(["1"] * 10_000), 400), ("١", 400)],
)  # fmt: skip
def test_impossible_frames_are_refused(server: Server, region: Region, movie: Image, numbers: str, status: int) -> None:
    answer = server.get(f"{movie.address}/frames/{numbers}", region.token_a)
    assert answer.status_code == status
    if status == 200:
        assert len(parts_of(answer)) == 6


def test_metadata_say_everything_but_the_pixels(server: Server, region: Region, series: list[Image]) -> None:
    answer = server.get(series[0].series_address + "/metadata", region.token_a, **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-type"] == "application/dicom+json"
    found = answer.json()
    assert [item["00080018"]["Value"] for item in found] == [[image.uid] for image in series]
    assert found[0]["00100010"]["Value"] == [{"Alphabetic": "Test^Image"}]
    one = server.get(series[3].address + "/metadata", region.token_a).json()
    assert one == [found[3]]
    assert server.get(series[3].address + "/metadata", region.token_a, Accept="text/html").status_code == 406


def test_large_values_are_fetched_by_their_address(server: Server, region: Region, movie: Image) -> None:
    found = server.get(movie.address + "/metadata", region.token_a).json()[0]
    headers = {"Authorization": f"Bearer {region.token_a}", "Accept": _OCTETS}
    for tag, expected in (("7FE00010", movie.pixels), ("00091001", bytes(5000))):
        uri = found[tag]["BulkDataURI"]
        assert httpx.get(uri, headers=headers).content == expected
        piece = httpx.get(uri, headers=headers | {"Range": "bytes=2-5"})
        assert (piece.status_code, piece.content) == (206, expected[2:6])
        assert httpx.get(uri, headers=headers | {"Range": "bytes=9999999-"}).status_code == 416
        multi = httpx.get(uri, headers=headers | {"Accept": "*/*"})
        assert [body for _, body in parts_of(multi)] == [expected]
    assert httpx.get(found["7FE00010"]["BulkDataURI"][:-8] + "00100099", headers=headers).status_code == 404


@pytest.mark.parametrize("door", ["", "/metadata", "/frames/1", "/bulkdata/7FE00010"])
def test_what_belongs_to_another_hospital_does_not_exist(
    server: Server, region: Region, series: list[Image], door: str
) -> None:
    addresses = [series[0].address + door]
    if door in {"", "/metadata"}:
        addresses += [series[0].series_address + door, series[0].study_address + door]
    for address in addresses:
        assert server.get(address, region.token_a).status_code == 200
        assert server.get(address, region.token_b).status_code == 404


def test_an_image_that_is_gone_is_told_before_the_answer_begins(server: Server, region: Region) -> None:
    (image,) = images(1, 7102)
    assert send(server, image) == [0]
    server.get(image.address, region.token_a)
    ((blob,),) = server.query("SELECT blob FROM archive.instance WHERE sop_instance_uid = %s", image.uid)
    (server.settings.data_dir / "objects" / blob).unlink()
    for address in (image.address, image.series_address, image.address + "/metadata", image.address + "/frames/1"):
        answer = server.get(address, region.token_a)
        assert answer.status_code == 404
        assert "verify" in answer.json()["detail"]


def test_a_viewer_that_goes_away_in_mid_answer_leaves_nothing_behind(server: Server, region: Region) -> None:
    big = [Image(image.uid, image.study, image.series, pixels=bytes(_BIG)) for image in images(30, 7103)]
    assert send(server, *big) == [0] * 30
    before = _open_files(server)
    lines: list[socket.socket] = []
    for _ in range(5):
        line = socket.create_connection(("127.0.0.1", server.http_port))
        request = f"GET {big[0].series_address} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {region.token_a}\r\n\r\n"
        line.sendall(request.encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 200")
        lines.append(line)
    for line in lines:
        line.close()
    assert wait_for(lambda: _open_files(server) <= before, 20)
    assert server.get(big[0].address, region.token_a).status_code == 200


def _open_files(server: Server) -> int:
    import psutil  # noqa: PLC0415 -- for this only

    assert server.process is not None
    process = psutil.Process(server.process.pid)
    return len(process.open_files()) + len(process.net_connections())


def test_dicomweb_client_reads_what_was_sent(server: Server, region: Region, series: list[Image], movie: Image) -> None:
    client = DICOMwebClient(server.url + "/dicom-web", headers={"Authorization": f"Bearer {region.token_a}"})
    first = series[0]
    found = client.retrieve_series(first.study, first.series)
    assert [item.SOPInstanceUID for item in found] == [image.uid for image in series]
    assert client.retrieve_instance(first.study, first.series, first.uid).PixelData == first.data_set[-512:]
    assert len(client.retrieve_series_metadata(first.study, first.series)) == len(series)
    frames = client.retrieve_instance_frames(movie.study, movie.series, movie.uid, [1, 2])
    assert b"".join(frames) == movie.pixels[:1024]
    metadata = client.retrieve_instance_metadata(movie.study, movie.series, movie.uid)
    assert client.retrieve_bulkdata(metadata["7FE00010"]["BulkDataURI"]) == [movie.pixels]


@pytest.mark.parametrize("wish", [{"Accept": "application/zip"}, {}])
def test_a_study_comes_as_a_zip_file(server: Server, region: Region, series: list[Image], wish: dict[str, str]) -> None:
    query = "" if wish else "?accept=application/zip"
    answer = server.get(series[0].study_address + query, region.token_a, **wish)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        assert {data_set_of(file.read(name)) for name in file.namelist()} == {image.data_set for image in series}
    assert server.get(series[0].study_address + query, region.token_b, **wish).status_code == 404


def test_people_read_the_attributes_of_an_image(server: Server, region: Region, series: list[Image]) -> None:
    path = f"/api{series[0].address.removeprefix('/dicom-web')}/attributes"
    found = {item["tag"]: item for item in server.get(path, region.token_a).json()}
    assert [found["(0010,0020)"][key] for key in ("name", "vr", "value")] == ["Patient ID", "LO", "P0001"]
    assert found["(0028,0010)"]["value"] == "16"
    assert found["(7FE0,0010)"]["name"] == "Pixel Data"
    assert server.get(path, region.token_b).status_code == 404


def test_a_client_is_told_what_there_is(server: Server) -> None:
    answer = httpx.options(f"{server.url}/dicom-web/", timeout=30)
    assert answer.headers["content-type"] == "application/vnd.sun.wadl+xml"
    space = {"wadl": "http://wadl.dev.java.net/2009/02"}
    described = ET.fromstring(answer.content)  # noqa: S314 -- our own answer
    resources = described.findall(".//wadl:resource", space)
    methods = {
        item.attrib["path"]: {method.attrib["name"] for method in item.findall("wadl:method", space)}
        for item in resources
    }
    assert methods["dicom-web/studies"] == {"GET", "POST"}
    assert methods["dicom-web/studies/{study}/series/{series}/metadata"] == {"GET"}
    assert not any(path.startswith("api/") for path in methods)
    (rendered,) = (item for item in resources if item.attrib["path"] == "dicom-web/studies/{study}/rendered")
    kinds = rendered.findall(".//wadl:representation", space)
    assert {kind.attrib["mediaType"] for kind in kinds} == {"image/jpeg", "image/png", "image/gif"}
