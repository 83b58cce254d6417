"""Studies as one ZIP file, for whoever wants the images on a disk of their own (PS3.18 8.7.3.5, application/zip).

The images go in as they are stored, one file each under its series, without compression, and nothing of the patient is
in a name. The file is written while it is sent.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Final

from lightwell.archive.blobs import Blobs
from lightwell.archive.completing import file_of
from lightwell.archive.model import InstanceRow

ZIP: Final = "application/zip"


class _Outlet(io.RawIOBase):
    """What a ZIP file is written into, to be drained as it grows."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: bytes | bytearray | memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        self._pieces.append(bytes(content))
        return len(content)

    def drain(self) -> bytes:
        """Return what was written since the last time."""
        content = b"".join(self._pieces)
        self._pieces.clear()
        return content


def zipped_images(blobs: Blobs, rows: Sequence[InstanceRow]) -> Iterator[bytes]:
    """Write images as a ZIP file, piece by piece; draw the pieces in a thread.

    Raises:
        NotFound: the bytes of an image are gone.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:  # pyright: ignore[reportArgumentType]
        for row in rows:
            name = f"{row.series_instance_uid}/{row.sop_instance_uid}.dcm"
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
                for piece in file_of(blobs, row):
                    file.write(piece)
                    yield outlet.drain()
    yield outlet.drain()
