"""Structure sets as radiotherapy draws them (PS3.3 A.19), of outlines at known places of images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

_RT_STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3"
Place = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """An outline of a structure on an image, by columns and rows; `is_named` says whether it names the image."""

    image: pydicom.Dataset
    places: Sequence[Place]
    is_named: bool = True


@dataclass(frozen=True)
class Structure:
    """A structure: its name, its colour and its outlines."""

    name: str
    colour: tuple[int, int, int]
    outlines: Sequence[Outline]


def box(left: float, top: float, right: float, bottom: float) -> list[Place]:
    """The corners of a rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def in_patient(image: pydicom.Dataset, place: Place) -> NDArray[np.float64]:
    """Where a place of an image lies in the patient; 0.5 is the middle of the first pixel (PS3.3 C.7.6.2.1.1)."""
    along, down = np.reshape([float(one) for one in image.ImageOrientationPatient], (2, 3))
    row_mm, column_mm = (float(one) for one in image.PixelSpacing)
    start = np.array([float(one) for one in image.ImagePositionPatient])
    return start + along * (place[0] - 0.5) * column_mm + down * (place[1] - 0.5) * row_mm


def structure_set(label: str, structures: Sequence[Structure]) -> Dataset:
    """A structure set of the study that its first outline lies in."""
    like = structures[0].outlines[0].image
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = _RT_STRUCTURE_SET, generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    made.SOPClassUID, made.SOPInstanceUID = _RT_STRUCTURE_SET, meta.MediaStorageSOPInstanceUID
    made.SpecificCharacterSet, made.Modality = "ISO_IR 192", "RTSTRUCT"
    made.StudyInstanceUID, made.SeriesInstanceUID = like.StudyInstanceUID, generate_uid()
    made.PatientName, made.PatientID = like.PatientName, like.PatientID
    made.SeriesNumber, made.InstanceNumber, made.StructureSetLabel = 9, 1, label
    frame = Dataset()
    frame.FrameOfReferenceUID = like.FrameOfReferenceUID
    made.ReferencedFrameOfReferenceSequence = [frame]
    numbered = list(enumerate(structures, 1))
    made.StructureSetROISequence = [_roi(number, one, like) for number, one in numbered]
    made.ROIContourSequence = [_contours(number, one) for number, one in numbered]
    return made


def _roi(number: int, structure: Structure, like: pydicom.Dataset) -> Dataset:
    made = Dataset()
    made.ROINumber, made.ROIName = number, structure.name
    made.ReferencedFrameOfReferenceUID, made.ROIGenerationAlgorithm = like.FrameOfReferenceUID, "MANUAL"
    return made


def _contours(number: int, structure: Structure) -> Dataset:
    made = Dataset()
    made.ReferencedROINumber, made.ROIDisplayColor = number, list(structure.colour)
    made.ContourSequence = [_contour(one) for one in structure.outlines]
    return made


def _contour(outline: Outline) -> Dataset:
    made: Any = Dataset()
    points = [in_patient(outline.image, place) for place in outline.places]
    if outline.is_named:
        image = Dataset()
        image.ReferencedSOPClassUID = outline.image.SOPClassUID
        image.ReferencedSOPInstanceUID = outline.image.SOPInstanceUID
        made.ContourImageSequence = [image]
    made.ContourGeometricType, made.NumberOfContourPoints = "CLOSED_PLANAR", len(points)
    made.ContourData = [f"{value:.4f}" for point in points for value in point]
    return made
