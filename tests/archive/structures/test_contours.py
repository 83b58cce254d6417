"""Which image a contour was drawn on, and which frame of it (PS3.3 C.8.8.6)."""

from typing import Any

import msgspec
import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from lightwell.archive.derived.parsing import Raw
from lightwell.archive.structures.reading import StructureSet, read


def _set(frames: int | list[int] | None) -> StructureSet:
    image, contour, roi, drawn, made = (Dataset() for _ in range(5))
    image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2.1", "1.2.3"
    if frames is not None:
        image.ReferencedFrameNumber = frames
    contour.ContourImageSequence = [image]
    contour.ContourGeometricType, contour.ContourData = "POINT", [1.0, 2.0, 3.0]
    drawn.ReferencedROINumber, drawn.ContourSequence = 1, [contour]
    roi.ROINumber, roi.ROIName = 1, "Lens"
    made.StructureSetROISequence, made.ROIContourSequence = [roi], [drawn]
    file: Any = DicomBytesIO()
    file.is_little_endian, file.is_implicit_VR = True, False
    write_dataset(file, made)
    raw = Raw(file.getvalue(), is_explicit=True, is_little_endian=True)
    return msgspec.json.decode(read(raw), type=StructureSet)


@pytest.mark.parametrize(("said", "told"), [(None, []), (4, [4]), ([4, 5], [4, 5])])
def test_a_contour_keeps_the_frames_that_it_names(said: int | list[int] | None, told: list[int]) -> None:
    (only,) = _set(said).rois[0].contours
    assert (only.sop_instance_uid, only.frames) == ("1.2.3", told)
