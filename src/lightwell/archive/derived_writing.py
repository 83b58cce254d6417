"""Writes an enhanced image as a derived object of the same kind, as any archive takes it (PS3.3 C.7.6.1, C.12.4).

Everything that the source says of patient, study and acquisition stays; what it says of itself and of its maker does
not. UIDs come from the source and from what was done, and no time of writing is in it: who saves the same twice writes
the same bytes, which the archive keeps once.
"""

import io
import uuid
from collections.abc import Sequence
from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset

from lightwell import __version__
from lightwell.archive.codecs import LOSSY
from lightwell.archive.derived.making import MANUFACTURER
from lightwell.archive.header import ImageHeader, syntax_of
from lightwell.archive.model import InstanceRow
from lightwell.imaging.enhance.enhancement import Enhancement, Method
from lightwell.imaging.form import PixelForm
from lightwell.standards.dicom import uids
from lightwell.standards.dicom.rewriting import rewrite

_SERIES: Final = uuid.UUID("0b3b7d1e-3f0a-5e0b-9d1e-5b2f6a4c8e17")
_NUMBER_AFTER: Final = 5000
_LARGEST_NUMBER: Final = (1 << 31) - 1
_LONGEST: Final = 64
_WIDE: Final = 8
_NOT_TAKEN_OVER: Final = (
    *("InstanceCreationDate", "InstanceCreationTime", "InstanceCreatorUID", "SeriesDate", "SeriesTime"),
    *("IconImageSequence", "DigitalSignaturesSequence", "MACParametersSequence", "EncryptedAttributesSequence"),
    *("SmallestImagePixelValue", "LargestImagePixelValue", "SmallestPixelValueInSeries", "LargestPixelValueInSeries"),
    *("PixelDataProviderURL", "ExtendedOffsetTable", "ExtendedOffsetTableLengths", "DataSetTrailingPadding"),
    *("SourceImageSequence", "DerivationCodeSequence", "DerivationDescription"),
)
_MAKER: Final = (
    "Manufacturer",
    "ManufacturerModelName",
    "SoftwareVersions",
    "DeviceSerialNumber",
    "StationName",
)
_DONE: Final = {
    Method.MULTISCALE: ("MULTISCALE", "99LIGHTWELL", "Multi-scale contrast enhancement"),
    Method.CLAHE: ("CLAHE", "99LIGHTWELL", "Contrast limited adaptive histogram equalization"),
    Method.EDGE: ("113089", "DCM", "Unsharp mask"),
    Method.DENOISE: ("113087", "DCM", "Smoothing"),
}
"""What was done (PS3.16 CID 7203, which may be extended)."""


def series_uid(row: InstanceRow, wanted: Enhancement) -> str:
    """Return the UID of the series that holds a series enhanced in one way."""
    said = (str(row.organisation_id), row.study_instance_uid, row.series_instance_uid, words_of(wanted), __version__)
    return f"2.25.{uuid.uuid5(_SERIES, '/'.join(said)).int}"


def instance_uid(row: InstanceRow, series: str) -> str:
    """Return the UID of an image enhanced, in the series of that UID."""
    return f"2.25.{uuid.uuid5(_SERIES, f'{series}/{row.sop_instance_uid}').int}"


def words_of(wanted: Enhancement) -> str:
    """Return what is done in words that fit into a description."""
    preset = f" {wanted.preset}" if wanted.method is Method.MULTISCALE else ""
    return f"{wanted.method} {_strength(wanted.strength)}{preset}"


def _strength(strength: float) -> str:
    """Return a strength with two decimals, or with all that were asked for: another strength is another series."""
    short = f"{strength:.2f}"
    return short if float(short) == strength else repr(strength)


def is_by_groups(header: ImageHeader) -> bool:
    """Tell whether an image says of each frame what it is, in functional groups (PS3.3 C.7.6.16)."""
    return "SharedFunctionalGroupsSequence" in _read(header)


def write(
    header: ImageHeader, row: InstanceRow, form: PixelForm, frames: Sequence[bytes], wanted: Enhancement
) -> bytes:
    """Return the data set, in Explicit VR Little Endian, of an image with other pixels.

    Args:
        header: of the source.
        row: the source.
        form: how the frames are written.
        frames: native, enhanced.
        wanted: what was done.
    """
    data_set = _read(header)
    for keyword in _NOT_TAKEN_OVER:
        if keyword in data_set:
            delattr(data_set, keyword)
    data_set.remove_private_tags()
    _identify(data_set, row, wanted)
    _say_who(data_set)
    _say_what(data_set, row, wanted)
    content = b"".join(frames)
    data_set.add_new(0x7FE0_0010, "OW" if form.bits_allocated > _WIDE else "OB", content + b"\0" * (len(content) % 2))
    return _bytes(data_set)


def _read(header: ImageHeader) -> Any:
    target = syntax_of(uids.ExplicitVRLittleEndian)
    plain = rewrite(header.content, header.offset, header.syntax, target, {}).before
    return read_dataset(io.BytesIO(plain), is_implicit_VR=False, is_little_endian=True)


def _identify(data_set: Any, row: InstanceRow, wanted: Enhancement) -> None:
    data_set.SOPClassUID, data_set.StudyInstanceUID = row.sop_class_uid, row.study_instance_uid
    data_set.SeriesInstanceUID = series_uid(row, wanted)
    data_set.SOPInstanceUID = instance_uid(row, data_set.SeriesInstanceUID)
    number = int(data_set.get("SeriesNumber") or 0)
    data_set.SeriesNumber = number + _NUMBER_AFTER if 0 <= number < _LARGEST_NUMBER - _NUMBER_AFTER else _NUMBER_AFTER
    said = str(data_set.get("SeriesDescription") or "").strip()
    words = f"[{words_of(wanted)}]"
    data_set.SeriesDescription = f"{said[: _LONGEST - len(words) - 1]} {words}".strip()


def _say_who(data_set: Any) -> None:
    """Name Lightwell as the maker of the series, and who made the source as contributing (PS3.3 C.7.5.1, C.12.1)."""
    maker = Dataset()
    for keyword in ("InstitutionName", *_MAKER):
        if data_set.get(keyword):
            setattr(maker, keyword, data_set.get(keyword))
    maker.Manufacturer = str(maker.get("Manufacturer") or "unknown")
    maker.PurposeOfReferenceCodeSequence = [_code("109101", "DCM", "Acquisition Equipment")]
    data_set.ContributingEquipmentSequence = [*data_set.get("ContributingEquipmentSequence", ()), maker]
    for keyword in _MAKER:
        if keyword in data_set:
            delattr(data_set, keyword)
    data_set.Manufacturer = data_set.ManufacturerModelName = MANUFACTURER
    data_set.SoftwareVersions = __version__


def _say_what(data_set: Any, row: InstanceRow, wanted: Enhancement) -> None:
    said: Any = data_set.get("ImageType") or []
    kinds: list[str] = [said] if isinstance(said, str) else list(said)  # one value comes by itself
    data_set.ImageType = ["DERIVED", "SECONDARY", *kinds[2:]]
    source = Dataset()
    source.ReferencedSOPClassUID, source.ReferencedSOPInstanceUID = row.sop_class_uid, row.sop_instance_uid
    purpose = _code("121322", "DCM", "Source image for image processing operation")
    source.PurposeOfReferenceCodeSequence = [purpose]
    data_set.SourceImageSequence = [source]
    data_set.DerivationDescription = f"{MANUFACTURER} {__version__}: {words_of(wanted)}"
    data_set.DerivationCodeSequence = [_code(*_DONE[wanted.method])]
    if row.transfer_syntax_uid in LOSSY:
        data_set.LossyImageCompression = "01"


def _code(value: str, scheme: str, meaning: str) -> Any:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code


def _bytes(data_set: Any) -> bytes:
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, data_set)
    return buffer.getvalue()
