"""Where the frames of an image lie in the patient, read from its header (PS3.3 C.7.6.2, C.7.6.16.2).

A plain image says it at its top; enhanced multi-frame ones say it for each frame or for all of them, in groups.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from lightwell.archive.header import HeaderBytes
from lightwell.imaging.form import PixelForm
from lightwell.imaging.stack import ImagePlane
from lightwell.standards.dicom.elements import leaves

_POSITION: Final = 0x0020_0032
_ORIENTATION: Final = 0x0020_0037
_SPACING: Final = 0x0028_0030
_MODALITY: Final = 0x0008_0060
_SHARED: Final = 0x5200_9229
_PER_FRAME: Final = 0x5200_9230
_GROUP_OF: Final = {_POSITION: 0x0020_9113, _ORIENTATION: 0x0020_9116, _SPACING: 0x0028_9110}
_COUNTS: Final = {_POSITION: 3, _ORIENTATION: 6, _SPACING: 2}
Path = tuple[int, ...]


class Planes:
    """What an image says of where its frames lie."""

    def __init__(self, header: HeaderBytes) -> None:
        self._values = {
            path: header.content[token.start : token.end]
            for path, token in leaves(header.content, header.offset, header.syntax)
            if path[-1] in _COUNTS or path == (_MODALITY,)
        }

    @property
    def modality(self) -> str:
        """What kind of machine made it; empty if it does not say so."""
        return self._values.get((_MODALITY,), b"").decode("ascii", "replace").strip(" \0")

    def of_frame(self, frame: int, form: PixelForm) -> ImagePlane | None:
        """Return where a frame lies, by its number from 0; None if the image does not say it."""
        position, orientation, spacing = (self._numbers(tag, frame) for tag in (_POSITION, _ORIENTATION, _SPACING))
        if not (position and orientation and spacing):
            return None
        x, y, z = position
        down, across = spacing
        a, b, c, d, e, f = orientation
        return ImagePlane((x, y, z), (a, b, c), (d, e, f), (down, across), form.rows, form.columns)

    def _numbers(self, tag: int, frame: int) -> list[float]:
        """Return the numbers that a frame, all frames, or the image says, in this order; none unless so many."""
        raw = next((self._values[path] for path in _paths(tag, frame) if path in self._values), b"")
        with suppress(ValueError):
            numbers = [float(text) for text in raw.decode("ascii", "replace").strip(" \0").split("\\")]
            return numbers if len(numbers) == _COUNTS[tag] else []
        return []


def _paths(tag: int, frame: int) -> Iterator[Path]:
    yield _PER_FRAME, frame + 1, _GROUP_OF[tag], 1, tag
    yield _SHARED, 1, _GROUP_OF[tag], 1, tag
    yield (tag,)
