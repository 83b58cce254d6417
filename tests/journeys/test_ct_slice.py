"""Walk 1: a CT slice from the modality to the screen."""

import threading

import httpx
import pytest

from bench import images
from tests.region import Region, Server, wait_for
from tests.sender import Sender

_UID = images.uid(9001, 1)
_STUDY = "/dicom-web/studies/1.2.826.0.1.3680043.9.9999.1"


def _listen(server: Server, token: str, heard: list[str]) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.stream("GET", f"{server.url}/api/events", headers=headers, timeout=30) as answer:
        heard.append("connected")
        for line in answer.iter_lines():
            if line.startswith("event: "):
                heard.append(line.removeprefix("event: "))
            if "StudyComplete" in heard:
                return


@pytest.mark.hazard("H-03")
def test_a_ct_slice_goes_from_the_modality_to_the_screen(server: Server, region: Region) -> None:
    heard: list[str] = []
    listener = threading.Thread(target=_listen, args=(server, region.token_a, heard), daemon=True)
    listener.start()
    assert wait_for(lambda: "connected" in heard)

    content = images.data_set(images.SMALL, _UID, 1)
    modality = Sender(server.dicom_port, [(images.CT_IMAGE_STORAGE, images.EXPLICIT_LITTLE)])
    assert modality.store(images.CT_IMAGE_STORAGE, _UID, content).status == 0
    modality.release()

    studies = server.get("/dicom-web/studies?PatientName=王*", region.token_a).json()
    assert [study["00100010"]["Value"][0] for study in studies] == [
        {"Alphabetic": "Wang^XiaoDong", "Ideographic": "王^小东"}
    ]
    series = server.get(f"{_STUDY}/series", region.token_a).json()
    series_uid = series[0]["0020000E"]["Value"][0]
    address = f"{_STUDY}/series/{series_uid}/instances/{_UID}"
    frame = server.get(f"{address}/frames/1", region.token_a, Accept="application/octet-stream")
    assert frame.content == content[-images.SMALL.rows * images.SMALL.columns * 2 :]

    assert wait_for(lambda: "StudyComplete" in heard, 60), (heard, server.log()[-2000:])
    assert heard.index("StudyArrived") < heard.index("StudyComplete")
