"""Media: a folder that other readers take for a disc, with a DICOMDIR (PS3.10 8, PS3.11)."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from pydicom.dataset import Dataset
from pydicom.fileset import DIRECTORY_RECORDERS, FileSet

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


class Recorder(Protocol):
    """Makes a record of a DICOMDIR."""

    def __call__(self, ds: Dataset) -> Dataset:
        """Return the record for an image."""
        ...


def write_medium(files: Sequence[Path], folder: Path) -> int:
    """Make a medium with a DICOMDIR of exported files, as other readers expect it on a disc, and return its images.

    The images become ``DICOM/…`` with names of eight characters (PS3.10 8.2).
    """
    for kind, record in _RECORDERS.items():
        DIRECTORY_RECORDERS[kind] = record
    medium = FileSet()
    originals = {medium.add(file).SOPInstanceUID: file for file in files}  # pyright: ignore[reportUnknownMemberType]
    medium.write(folder)  # pyright: ignore[reportUnknownMemberType]
    for image in medium:
        shutil.copyfile(originals[image.SOPInstanceUID], image.path)  # pydicom writes images anew; theirs are the bytes
    return len(medium)


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
