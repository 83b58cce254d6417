"""Objects that are no images: films and documents come out as the files that they enclose, others say what lacks."""

import io
from typing import Any

import httpx
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

from lightwell.standards.dicom import uids
from tests.region import Region, Server

_ROOT = "1.2.826.0.1.3680043.9.9999.8400"
_FILM = np.random.default_rng(8400).integers(0, 256, 700_001, "u1").tobytes()
_PDF = b"%PDF-1.4\nfor a test\n%%EOF\n"
_SEGMENTATION = uids.SegmentationStorage
_PARAMETRIC = uids.ParametricMapStorage
_REPORT = uids.BasicTextSRStorage


def _object(number: int, sop_class: str, syntax: str = uids.ExplicitVRLittleEndian, **values: Any) -> Dataset:
    data_set = Dataset()
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = UID(syntax)
    data_set.SOPClassUID = data_set.file_meta.MediaStorageSOPClassUID = UID(sop_class)
    data_set.SOPInstanceUID = data_set.file_meta.MediaStorageSOPInstanceUID = UID(f"{_ROOT}.{number}.1.1")
    data_set.StudyInstanceUID, data_set.SeriesInstanceUID = f"{_ROOT}.{number}", f"{_ROOT}.{number}.1"
    data_set.PatientID, data_set.PatientName, data_set.Modality = f"ENC-{number}", "Test^Enclosed", "OT"
    for keyword, value in values.items():
        setattr(data_set, keyword, value)
    return data_set


def _image(number: int, sop_class: str, bits: int, **values: Any) -> Dataset:
    shape = {"Rows": 16, "Columns": 16, "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2"}
    shape |= {"BitsAllocated": bits, "BitsStored": bits, "HighBit": bits - 1, "PixelRepresentation": 0}
    return _object(number, sop_class, **shape, **values)


def _film(number: int, cuts: int) -> Dataset:
    data_set = _image(number, uids.VideoEndoscopicImageStorage, 8, NumberOfFrames=30)
    data_set.file_meta.TransferSyntaxUID = UID(uids.MPEG4HP41)
    size = -(-len(_FILM) // cuts) // 2 * 2 + 2
    pieces = [_FILM[place : place + size] for place in range(0, len(_FILM), size)]
    data_set.PixelData = encapsulate([pieces[0]], fragments_per_frame=1, has_bot=False)
    tail = b"".join(encapsulate([piece], has_bot=False)[8:] for piece in pieces[1:])
    data_set.PixelData += tail
    data_set["PixelData"].is_undefined_length = True
    return data_set


def _post(server: Server, region: Region, data_set: Dataset) -> str:
    """Store an object and return its address."""
    written = io.BytesIO()
    pydicom.dcmwrite(written, data_set, enforce_file_format=True)
    headers = {"Authorization": f"Bearer {region.token_a}", "Content-Type": "application/dicom"}
    answer = httpx.post(f"{server.url}/dicom-web/studies", content=written.getvalue(), headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    study = data_set.StudyInstanceUID
    return f"/dicom-web/studies/{study}/series/{data_set.SeriesInstanceUID}/instances/{data_set.SOPInstanceUID}"


def _uri(server: Server, region: Region, address: str, tag: str) -> str:
    found = server.get(f"{address}/metadata", region.token_a).json()[0]
    return str(found[tag]["BulkDataURI"]).removeprefix(server.url)


@pytest.mark.parametrize("cuts", [1, 3])
def test_a_film_is_played_from_any_place(server: Server, region: Region, cuts: int) -> None:
    address = _post(server, region, _film(cuts, cuts))
    uri = _uri(server, region, address, "7FE00010")
    film = _FILM + b"\0" * (len(_FILM) % 2)
    for path, accept in ((f"{address}/rendered", "video/mp4"), (uri, "video/mp4"), (uri, "application/octet-stream")):
        answer = server.get(path, region.token_a, Accept=accept)
        assert (answer.status_code, answer.headers["content-type"]) == (200, accept)
        assert answer.content.rstrip(b"\0") == film.rstrip(b"\0")
        piece = server.get(path, region.token_a, Accept=accept, Range="bytes=200000-500000")
        assert (piece.status_code, piece.content) == (206, film[200_000:500_001])
    assert server.get(f"{address}/rendered", region.token_a, Accept="image/jpeg").status_code == 406
    assert server.get(f"{address}/frames/1", region.token_a, Accept="image/jpeg").status_code == 406


@pytest.mark.parametrize("accept", ["*/*", "video/webm,video/ogg,video/*;q=0.9,audio/*;q=0.6,*/*;q=0.5"])
def test_a_page_plays_a_film_and_jumps_in_it(server: Server, region: Region, accept: str) -> None:
    """As a ``<video>`` asks: first for all of it, by a range, to see whether there are ranges."""
    address = _post(server, region, _film(9, 2)) + "/rendered"
    for asked, start, stop in (("bytes=0-", 0, len(_FILM) + 1), ("bytes=600000-", 600_000, len(_FILM) + 1)):
        answer = server.get(address, region.token_a, Accept=accept, Range=asked)
        assert (answer.status_code, answer.headers["content-type"]) == (206, "video/mp4")
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["content-range"].startswith(f"bytes {start}-")
        assert "content-disposition" not in answer.headers
        assert answer.content == (_FILM + b"\0" * (len(_FILM) % 2))[start:stop]


def test_a_document_is_read_as_it_is(server: Server, region: Region) -> None:
    document = _object(4, uids.EncapsulatedPDFStorage, EncapsulatedDocument=_PDF + b"\0" * (len(_PDF) % 2))
    document.EncapsulatedDocumentLength, document.MIMETypeOfEncapsulatedDocument = len(_PDF), "application/pdf"
    address = _post(server, region, document)
    for path in (f"{address}/rendered", f"{address}/bulkdata/00420011"):
        answer = server.get(path, region.token_a, Accept="application/pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content == _PDF
    query = f"studyUID={document.StudyInstanceUID}&seriesUID={document.SeriesInstanceUID}"
    asked = f"/wado?requestType=WADO&{query}&objectUID={document.SOPInstanceUID}&contentType=application/pdf"
    assert server.get(asked, region.token_a).content == _PDF


@pytest.mark.parametrize("door", ["/frames/1", "/frames/1/rendered", "/rendered", "/thumbnail"])
def test_what_has_no_pixels_has_no_frames(server: Server, region: Region, door: str) -> None:
    address = _post(server, region, _object(5, _REPORT))
    answer = server.get(address + door, region.token_a)
    assert answer.status_code in {404, 406}
    assert answer.json()["detail"]


def test_a_form_that_cannot_hold_the_pixels_is_passed_over(server: Server, region: Region) -> None:
    mask = _image(6, _SEGMENTATION, 1, NumberOfFrames=1, PixelData=bytes(32))
    numbers = _image(7, _PARAMETRIC, 32)
    del numbers.BitsStored, numbers.HighBit, numbers.PixelRepresentation
    numbers.FloatPixelData = bytes(1024)
    for address in (_post(server, region, mask), _post(server, region, numbers)):
        refused = server.get(f"{address}/frames/1", region.token_a, Accept="image/jphc")
        assert refused.status_code == 406, refused.text
        other = server.get(f"{address}/frames/1", region.token_a, Accept="image/jphc, application/octet-stream; q=0.5")
        assert other.status_code == 200
        assert other.headers["content-type"].startswith("application/octet-stream")


def test_an_image_that_names_itself_nowhere_is_named_in_its_metadata(server: Server, region: Region) -> None:
    image = _image(8, uids.SecondaryCaptureImageStorage, 8, PixelData=bytes(256))
    address = _post(server, region, image)
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = UID(f"{_ROOT}.8.1.2")
    del image.SOPClassUID, image.SOPInstanceUID
    written = io.BytesIO()
    pydicom.dcmwrite(written, image, enforce_file_format=True)
    headers = {"Authorization": f"Bearer {region.token_a}", "Content-Type": "application/dicom"}
    answer = httpx.post(f"{server.url}/dicom-web/studies", content=written.getvalue(), headers=headers)
    assert answer.status_code == 200, answer.text
    series = address.partition("/instances/")[0]
    found = server.get(f"{series}/metadata", region.token_a).json()
    assert [item["00080018"]["Value"][0] for item in found] == [f"{_ROOT}.8.1.1", f"{_ROOT}.8.1.2"]
    assert {item["00080016"]["Value"][0] for item in found} == {uids.SecondaryCaptureImageStorage}
