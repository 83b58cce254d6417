"""A block of known values as a series: what a plane through it shows can be computed by hand."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from tests.archive.notes import file_of, store
from tests.region import Region, Server, wait_for

SIDE, COUNT, MM = 64, 24, 4.0
AIR = -1000


def values() -> NDArray[np.int64]:
    """Images x rows x columns in HU: 10 more from image to image, 4 more from row to row."""
    image, row, _ = np.mgrid[0:COUNT, 0:SIDE, 0:SIDE]
    return np.asarray(10 * image + 4 * row)


def block(study: str, series: int = 1, more: int = 0, **said: Any) -> list[pydicom.Dataset]:
    """The axial images of a block, 4 mm in each direction; ``more`` is added to all of its values."""
    return [_image(study, series, place, plane + more, said) for place, plane in enumerate(values())]


def _image(study: str, series: int, place: int, plane: NDArray[np.int64], said: dict[str, Any]) -> pydicom.Dataset:
    image = pydicom.Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SOPClassUID, image.Modality = CTImageStorage, "CT"
    image.StudyInstanceUID, image.SeriesInstanceUID = study, f"{study}.{series}"
    image.SOPInstanceUID, image.FrameOfReferenceUID = f"{study}.{series}.{place + 1}", f"{study}.9"
    image.PatientName, image.PatientID, image.StudyDate = "Block^Made", "BLOCK-1", "20261121"
    image.SeriesNumber, image.InstanceNumber, image.SeriesDescription = series, place + 1, "Soft"
    image.ImageOrientationPatient, image.PixelSpacing = [1, 0, 0, 0, 1, 0], [MM, MM]
    image.ImagePositionPatient = [0, 0, MM * place]
    image.PhotometricInterpretation, image.SamplesPerPixel = "MONOCHROME2", 1
    image.Rows = image.Columns = SIDE
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 12, 11, 0
    image.RescaleIntercept, image.RescaleSlope, image.RescaleType = AIR, 1, "HU"
    image.WindowCenter, image.WindowWidth = 240, 500
    for keyword, value in said.items():
        setattr(image, keyword, value)
    image.PixelData = (plane - AIR).astype(np.uint16).tobytes()
    return image


def keep(house: tuple[Server, Region], *images: pydicom.Dataset) -> None:
    """Store images and wait until they are ready to be opened."""
    server, region = house
    for image in images:
        store(server, region.token_a, file_of(image))
    wait_for(lambda: server.query("SELECT sum(instance_count) >= %s FROM archive.prepared", len(images))[0][0], 60)


def hang(house: tuple[Server, Region], key: str, stage: dict[str, Any]) -> None:
    """Keep a hanging protocol of hospital A for all CT, of one stage: it hangs by itself."""
    server, region = house
    body = {"name": "Mixed", "matches": {"modalities": ["CT"], "body_parts": []}, "stages": [stage]}
    headers = {"Authorization": f"Bearer {region.token_a}"}
    address = f"{server.url}/api/hanging-protocols/{key}?owner=hospital"
    answer = httpx.put(address, json=body, headers=headers, timeout=30)
    assert answer.status_code in {200, 204}, answer.text
