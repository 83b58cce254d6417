"""Media: a folder that other readers take for a disc, with a DICOMDIR (PS3.10 8, PS3.11).

The directory is made of what the headers say; the images are copied byte for byte, in whatever transfer syntax.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Protocol

from pydicom import dcmread  # pyright: ignore[reportUnknownVariableType]
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.fileset import DIRECTORY_RECORDERS, FileInstance, FileSet
from pydicom.uid import UID, ExplicitVRLittleEndian

# What a DICOMDIR must say and many images do not (PS3.3 F.5); only its records say this, never the images.
_INVENTED: Final[Mapping[str, Any]] = {
    "PatientID": "UNKNOWN",
    "StudyDate": "19000101",
    "StudyTime": "000000",
    "StudyID": "1",
    "Modality": "OT",
    "SeriesNumber": 0,
    "InstanceNumber": 0,
}
_UIDS: Final = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
_LONGEST_VALUE: Final = 1 << 16


class Recorder(Protocol):
    """Makes a record of a DICOMDIR."""

    def __call__(self, ds: Dataset) -> Dataset:
        """Return the record for an image."""
        ...


@dataclass(slots=True)
class Medium:
    """How many images a medium has, and which files are not on it, with the reason."""

    number: int = 0
    left_out: dict[Path, str] = field(default_factory=dict[Path, str])


def write_medium(files: Sequence[Path], folder: Path) -> Medium:
    """Make a medium with a DICOMDIR of exported files, as other readers expect it on a disc.

    The images become ``PT000000/ST000000/SE000000/IM000000`` and so on, as the records name them (PS3.10 8.2). One that
    cannot be described is left out, and the others are there all the same.
    """
    for kind, record in _RECORDERS.items():
        DIRECTORY_RECORDERS[kind] = record
    medium, done = FileSet(), Medium()
    originals: dict[UID, Path] = {}
    for file in files:
        try:
            originals[_add(medium, file)] = file
        except Exception as error:  # noqa: BLE001 -- images are odd in many ways, and one keeps no other off the disc
            done.left_out[file] = type(error).__name__  # what it says may hold somebody's data
    medium.write(folder)  # pyright: ignore[reportUnknownMemberType]
    _copy(medium, originals)
    done.number = len(medium)
    return done


def _add(medium: FileSet, file: Path) -> UID:
    """Add a record for a file; its real transfer syntax, which pydicom need not know, goes into the record only."""
    header = dcmread(file, stop_before_pixels=True, defer_size=_LONGEST_VALUE)
    syntax = header.file_meta.TransferSyntaxUID
    instance = medium.add(_description(header, file))  # pyright: ignore[reportUnknownMemberType]
    instance.node._record.ReferencedTransferSyntaxUIDInFile = syntax  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return instance.SOPInstanceUID


def _description(header: Dataset, file: Path) -> Dataset:
    """Return what the records are made of, in a transfer syntax that can be written.

    UIDs that the header lacks are those of the index, by which an exported file is named.
    """
    described = Dataset()
    described.update({item.tag: item for item in header if not item.tag.is_private})
    study, series = file.parent.parent.name, file.parent.name
    uids = (header.file_meta.MediaStorageSOPClassUID, file.stem, study, series)
    for name, uid in zip(_UIDS, uids, strict=True):
        if not described.get(name):
            setattr(described, name, uid)
    described.file_meta = FileMetaDataset()
    described.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    described.save_as(BytesIO(), enforce_file_format=True)  # what cannot be written shall not be staged
    return described


def _copy(medium: Iterable[FileInstance], originals: Mapping[UID, Path]) -> None:
    for image in medium:
        shutil.copyfile(originals[image.SOPInstanceUID], image.path)  # pydicom writes images anew; theirs are the bytes


def _bearing(record: Recorder) -> Recorder:
    """Make a record of a DICOMDIR from whatever an image says."""

    def whole(ds: Dataset) -> Dataset:
        filled = Dataset()
        filled.update(ds)
        for name, value in _INVENTED.items():
            if filled.get(name) in {None, ""}:
                setattr(filled, name, value)
        return record(filled)

    return whole


_RECORDERS: Final = {kind: _bearing(record) for kind, record in DIRECTORY_RECORDERS.items()}
