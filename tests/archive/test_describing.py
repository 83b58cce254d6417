"""What is told of images that were compressed with loss, and of those that were not."""

import json
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate

from lightwell.archive.describing import describe
from lightwell.standards.dicom import uids
from tests.archive.notes import file_of
from tests.archive.shelf import Shelf
from tests.archive.test_picturing import AtOnce

_SIDE = 16
_PIXELS = np.arange(_SIDE * _SIDE, dtype=np.uint8).reshape(_SIDE, _SIDE)
_JPEG = bytes(imagecodecs.jpeg_encode(_PIXELS))
_REVERSIBLE = bytes(imagecodecs.jpeg2k_encode(_PIXELS, codecformat="j2k", reversible=True))
_IRREVERSIBLE = bytes(imagecodecs.jpeg2k_encode(_PIXELS, level=40, codecformat="j2k", reversible=False))


def _file(syntax: str, frame: bytes, said: str) -> bytes:
    image = Dataset()
    image.SOPClassUID, image.SOPInstanceUID = uids.SecondaryCaptureImageStorage, "1.2.3"
    image.Rows = image.Columns = _SIDE
    image.SamplesPerPixel, image.PhotometricInterpretation, image.PixelRepresentation = 1, "MONOCHROME2", 0
    image.BitsAllocated, image.BitsStored, image.HighBit = 8, 8, 7
    if said:
        image.LossyImageCompression = said
    image.PixelData = frame if syntax == uids.ExplicitVRLittleEndian else encapsulate([frame])
    image["PixelData"].VR = "OB"
    return file_of(image, syntax)


@pytest.mark.parametrize(
    ("syntax", "frame", "said", "told"),
    [
        (uids.JPEGBaseline8Bit, _JPEG, "", ["01"]),
        (uids.JPEGBaseline8Bit, _JPEG, "00", ["01"]),
        (uids.JPEGBaseline8Bit, _JPEG, "01", ["01"]),
        (uids.JPEGLSNearLossless, bytes(imagecodecs.jpegls_encode(_PIXELS, level=2)), "", ["01"]),
        (uids.JPEG2000, _IRREVERSIBLE, "", ["01"]),
        (uids.JPEG2000, _REVERSIBLE, "", None),
        (uids.JPEG2000, _REVERSIBLE, "01", ["01"]),
        (uids.JPEG2000Lossless, _REVERSIBLE, "", None),
        (uids.ExplicitVRLittleEndian, _PIXELS.tobytes(), "00", ["00"]),
    ],
)
def test_what_lost_something_says_so(
    tmp_path: Path, syntax: str, frame: bytes, said: str, told: list[str] | None
) -> None:
    shelf = Shelf(tmp_path, AtOnce())
    (found,) = json.loads(b"".join(describe(shelf.blobs, [shelf.put(_file(syntax, frame, said))], "http://there")))
    assert found.get("00282110", {}).get("Value") == told
