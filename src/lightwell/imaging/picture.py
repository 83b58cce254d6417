"""What a picture should be like: its file format, its size, the part of the image that it shows (PS3.18 8.3.5)."""

from dataclasses import dataclass
from enum import StrEnum


class PictureFormat(StrEnum):
    """The files that any browser shows."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    GIF = "image/gif"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the image, in pixels or relative to its size; a negative width or height mirrors it."""

    x: float
    y: float
    width: float
    height: float
    is_relative: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that fits into ``box`` (width, height) in pixels, its proportions kept; without one, pixel by pixel."""

    format: PictureFormat = PictureFormat.JPEG
    quality: int = 90
    box: tuple[int, int] | None = None
    region: Region | None = None
