"""Small scans with a geometry, and segmentations of them as highdicom makes them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
from highdicom import seg
from highdicom.content import AlgorithmIdentificationSequence
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.sr.codedict import codes
from pydicom.uid import generate_uid

from tests.archive.measurements import marks
from tests.archive.notes import store
from tests.journeys.images import SIDE, Image, images
from tests.region import Region, Server

_STUDIES = count(9700)
SLICES = 3
_TYPE_2 = (0x00080070, 0x00080090, 0x00200011, 0x00200010)
Array = NDArray[Any]


def scan(server: Server, region: Region, *, slices: int = SLICES, shift_mm: float = 0.0) -> list[Image]:
    """Store a scan of hospital A, 2 mm from slice to slice."""
    plain = images(slices, next(_STUDIES), further=(*marks.FURTHER, marks.SPACING))
    wanted = [at(image, 2.0 * place + shift_mm) for place, image in enumerate(plain)]
    for image in wanted:
        store(server, region.token_a, marks.file_of_image(image))
    return wanted


def at(image: Image, z_mm: float) -> Image:
    number = image.uid.rpartition(".")[2].encode()
    place = (
        (0x00200032, b"DS", f"-10\\5\\{z_mm}".encode()),
        (0x00200037, b"DS", b"1\\0\\0\\0\\1\\0"),
        (0x00180050, b"DS", b"2"),
        (0x00200011, b"IS", number),
    )
    return replace(image, further=(*image.further, *place))


def data_sets(wanted: Sequence[Image]) -> list[Dataset]:
    """Return images as pydicom reads them."""
    found = [dcmread(DicomBytesIO(marks.file_of_image(image)), force=True) for image in wanted]
    for said in found:
        said.PhotometricInterpretation, said.HighBit, said.PixelRepresentation = "MONOCHROME2", 11, 0
        for tag in _TYPE_2:
            said.setdefault(tag, said.get(tag) or _empty(tag))
    return found


def _empty(tag: int) -> Any:
    from pydicom.datadict import dictionary_VR  # noqa: PLC0415
    from pydicom.dataelem import DataElement, empty_value_for_VR  # noqa: PLC0415 -- beside the one use

    vr = dictionary_VR(tag)
    return DataElement(tag, vr, empty_value_for_VR(vr))


def description(number: int, label: str, colour: Sequence[int] | None = None) -> seg.SegmentDescription:
    """Return what a segment is."""
    algorithm = AlgorithmIdentificationSequence("LiverNet", codes.DCM.ArtificialIntelligence, "1")
    made = seg.SegmentDescription(
        segment_number=number,
        segment_label=label,
        segmented_property_category=codes.SCT.Organ,
        segmented_property_type=codes.SCT.Liver,
        algorithm_type="AUTOMATIC",
        algorithm_identification=algorithm,
    )
    if colour is not None:
        made.RecommendedDisplayCIELabValue = list(colour)
    return made


def segmentation(wanted: Sequence[Image], masks: Array, kind: str = "BINARY", **values: Any) -> Dataset:
    """Return a segmentation whose masks are slices by rows by columns by segments, or numbers of segments."""
    number = masks.shape[3] if masks.ndim == 4 else int(masks.max())
    colours = ([65535, 32896, 32896], *[None] * (number - 1))
    return seg.Segmentation(
        data_sets(wanted),
        masks,
        kind,
        [description(place + 1, f"part {place + 1}", colours[place]) for place in range(number)],
        generate_uid(),
        7,
        generate_uid(),
        1,
        "Others",
        "x",
        "1",
        "1",
        content_description="Liver segmentation",
        content_label="LIVER",
        omit_empty_frames=False,
        **values,
    )


def blocks(segments: int = 2, *, overlap: int = 0) -> Array:
    """Return masks of segments that are stripes of a slice; they overlap by some columns."""
    masks = np.zeros((SLICES, SIDE, SIDE, segments), np.uint8)
    wide = SIDE // segments
    for place in range(segments):
        masks[:, place : place + 5, place * wide : (place + 1) * wide + overlap, place] = 1
    return masks


def expected(masks: Array) -> Array:
    """Return the map that comes of masks: of several segments the highest number."""
    numbers = np.arange(1, masks.shape[3] + 1, dtype=np.uint8)
    return np.asarray((masks > 0) * numbers).max(axis=3)
