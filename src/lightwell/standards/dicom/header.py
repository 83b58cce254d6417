"""What is read from an image without looking at its pixels.

A :class:`Header` is what the scanner found: the raw values of the wanted attributes, and where the pixel data lie.
:data:`INDEX_TAGS` are the attributes that an archive needs to file an image under the right patient, study and series.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

INDEX_TAGS: Final[Mapping[int, str]] = MappingProxyType(
    {
        0x0008_0005: "SpecificCharacterSet",
        0x0008_0008: "ImageType",
        0x0008_0016: "SOPClassUID",
        0x0008_0018: "SOPInstanceUID",
        0x0008_0020: "StudyDate",
        0x0008_0021: "SeriesDate",
        0x0008_0022: "AcquisitionDate",
        0x0008_0023: "ContentDate",
        0x0008_002A: "AcquisitionDateTime",
        0x0008_0030: "StudyTime",
        0x0008_0031: "SeriesTime",
        0x0008_0032: "AcquisitionTime",
        0x0008_0033: "ContentTime",
        0x0008_0050: "AccessionNumber",
        0x0008_0060: "Modality",
        0x0008_0070: "Manufacturer",
        0x0008_0080: "InstitutionName",
        0x0008_0090: "ReferringPhysicianName",
        0x0008_0201: "TimezoneOffsetFromUTC",
        0x0008_1010: "StationName",
        0x0008_1030: "StudyDescription",
        0x0008_103E: "SeriesDescription",
        0x0008_1090: "ManufacturerModelName",
        0x0010_0010: "PatientName",
        0x0010_0020: "PatientID",
        0x0010_0021: "IssuerOfPatientID",
        0x0010_0030: "PatientBirthDate",
        0x0010_0040: "PatientSex",
        0x0010_1010: "PatientAge",
        0x0018_0015: "BodyPartExamined",
        0x0018_1030: "ProtocolName",
        0x0020_000D: "StudyInstanceUID",
        0x0020_000E: "SeriesInstanceUID",
        0x0020_0010: "StudyID",
        0x0020_0011: "SeriesNumber",
        0x0020_0013: "InstanceNumber",
        0x0020_0052: "FrameOfReferenceUID",
        0x0020_0060: "Laterality",
        0x0028_0002: "SamplesPerPixel",
        0x0028_0004: "PhotometricInterpretation",
        0x0028_0006: "PlanarConfiguration",
        0x0028_0008: "NumberOfFrames",
        0x0028_0010: "Rows",
        0x0028_0011: "Columns",
        0x0028_0100: "BitsAllocated",
        0x0028_0101: "BitsStored",
        0x0028_0103: "PixelRepresentation",
        0x0040_0244: "PerformedProcedureStepStartDate",
        0x0040_0245: "PerformedProcedureStepStartTime",
        0x0040_0275: "RequestAttributesSequence",
    }
)
"""Tag → keyword of what an archive indexes (PS3.4 C.6, PS3.3 C.7)."""


def _no_fragments() -> "array[int]":
    return array("Q")


@dataclass(frozen=True, slots=True)
class PixelData:
    """Where the pixels lie (PS3.5 8, A.4); offsets count from the start of the scanned content.

    ``fragments`` holds offset and length of each fragment in turn, without the basic offset table; ``codestreams`` the
    numbers of those that begin as the codestream of a frame does.
    """

    tag: int
    offset: int
    length: int
    is_encapsulated: bool
    fragments: "array[int]" = field(default_factory=_no_fragments, repr=False)
    basic_offset_table: bytes = field(default=b"", repr=False)
    codestreams: "array[int]" = field(default_factory=_no_fragments, repr=False)


@dataclass(frozen=True, slots=True)
class Header:
    """What the scanner found; values are raw, in the byte order of the data set."""

    transfer_syntax_uid: str
    values: Mapping[int, bytes]
    pixel_data: PixelData | None
    data_set_offset: int
    end_offset: int
    content_length: int
    is_little_endian: bool = True
    is_deflated: bool = False
    extended_offset_table: bytes = field(default=b"", repr=False)

    @property
    def trailing_bytes(self) -> int:
        """How many bytes follow the pixel data, or the last element."""
        return self.content_length - self.end_offset

    def short(self, tag: int) -> int | None:
        """Return an unsigned number of two bytes (US), e.g. Rows; None if it is not there."""
        raw = self.values.get(tag, b"")[:2]
        return int.from_bytes(raw, "little" if self.is_little_endian else "big") if len(raw) == 2 else None  # noqa: PLR2004
