"""An image in a transfer syntax that nobody here knows is kept, handed over as it is, and never guessed at."""

import httpx
import pytest

from lightwell.standards.dicom.part10 import file_meta
from tests.journeys.images import CT, Image, data_set_of, find, images, values
from tests.region import Region, Server

_UNKNOWN = "1.2.826.0.1.3680043.9.9999.4"
_OF_FRAMES = 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1'


@pytest.fixture(scope="module")
def image(server: Server, region: Region) -> Image:
    """An image that a machine of the future sent."""
    (image,) = images(1, 8900)
    headers = {"Authorization": f"Bearer {region.token_a}", "Content-Type": "application/dicom"}
    content = file_meta(CT, image.uid, _UNKNOWN) + image.data_set
    answer = httpx.post(f"{server.url}/dicom-web/studies", content=content, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return image


def test_it_is_found_and_comes_back_byte_for_byte(server: Server, region: Region, image: Image) -> None:
    found = find(server, region.token_a, f"{image.study_address}/instances")
    assert values(found, "00083002") == [_UNKNOWN]
    for accept in ("application/dicom; transfer-syntax=*", f"application/dicom; transfer-syntax={_UNKNOWN}"):
        answer = server.get(image.address, region.token_a, Accept=accept)
        assert answer.status_code == 200
        assert data_set_of(answer.content) == image.data_set


@pytest.mark.parametrize("path", ["/rendered", "/thumbnail", "/frames/1/rendered", "/frames/1"])
def test_what_would_need_its_codec_is_refused(server: Server, region: Region, image: Image, path: str) -> None:
    accept = "image/jpeg" if "frames/1" not in path or "rendered" in path else _OF_FRAMES
    answer = server.get(image.address + path, region.token_a, Accept=accept)
    assert answer.status_code == 406
    assert answer.json()["detail"]


def test_it_is_not_given_in_another_syntax(server: Server, region: Region, image: Image) -> None:
    accept = "application/dicom; transfer-syntax=1.2.840.10008.1.2.1"
    assert server.get(image.address, region.token_a, Accept=accept).status_code == 406
    place = f"studyUID={image.study}&seriesUID={image.series}&objectUID={image.uid}"
    assert server.get(f"/wado?requestType=WADO&{place}", region.token_a).status_code == 406


def test_its_metadata_are_read(server: Server, region: Region, image: Image) -> None:
    (said,) = server.get(f"{image.address}/metadata", region.token_a).json()
    assert said["00100020"]["Value"] == [image.patient_id]
