"""How the caller wants a picture: ``viewport``, ``window`` and ``quality`` in the query (PS3.18 8.3.5.1)."""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request

from lightwell.core.errors import InvalidRequest
from lightwell.imaging.look import VoiFunction, Window
from lightwell.imaging.picture import Picture, PictureFormat, Region

LARGEST: Final = 8192
_DIGITS: Final = re.compile(r"[0-9]{1,6}")
_BEST_QUALITY: Final = 100
_TO_THE_END: Final = float(1 << 31)
_ANNOTATIONS: Final = ("patient", "technique")
_PROFILES: Final = ("no", "yes", "srgb", "adobergb", "rommrgb", "displayp3")
_FUNCTIONS: Final = {
    "linear": VoiFunction.LINEAR,
    "linear-exact": VoiFunction.LINEAR_EXACT,
    "sigmoid": VoiFunction.SIGMOID,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture as the caller wants it; without a window it looks as the image says."""

    picture: Picture
    window: Window | None = None

    def as_file(self, kind: PictureFormat) -> "Wanted":
        """Return the same in a file format."""
        return replace(self, picture=replace(self.picture, format=kind))


def wanted(request: Request, box: tuple[int, int] | None = None) -> Wanted:
    """Return how the caller wants a picture; ``box`` is what it fits into if the caller says nothing.

    Raises:
        InvalidRequest: names the parameter and what was expected.
    """
    query = request.query_params
    _require_known("annotation", query.get("annotation", ""), _ANNOTATIONS)
    _require_known("iccprofile", query.get("iccprofile", ""), _PROFILES)
    picture = Picture(box=box)
    if text := query.get("quality"):
        picture = replace(picture, quality=quality(text))
    if text := query.get("viewport"):
        box, region = _viewport(text)
        picture = replace(picture, box=box, region=region)
    return Wanted(picture, _window(text) if (text := query.get("window")) else None)


def _require_known(name: str, text: str, known: Collection[str]) -> None:
    unknown = [word for word in text.lower().split(",") if word and word not in known]
    if unknown:
        message = f"{name} is one of {', '.join(known)}; {unknown[0][:16]!r} came"
        raise InvalidRequest(message)


def passed_over(request: Request) -> str:
    """Return what is said of parameters that are understood but change nothing here, or an empty text."""
    query = request.query_params
    names = [name for name, plain in (("annotation", ""), ("iccprofile", "no")) if query.get(name, plain) != plain]
    return f'299 lightwell "not done here, the picture is without: {", ".join(names)}"' if names else ""


def quality(text: str) -> int:
    """Return the quality of a JPEG from 1 to 100."""
    return whole_number(text, "quality", _BEST_QUALITY)


def whole_number(text: str, name: str, largest: int) -> int:
    """Return a number from 1 to ``largest``.

    Raises:
        InvalidRequest: it is none such.
    """
    number = int(text) if _DIGITS.fullmatch(text) else 0
    if not 1 <= number <= largest:
        message = f"{name} is a whole number from 1 to {largest}; {text[:16]!r} came"
        raise InvalidRequest(message)
    return number


def _viewport(text: str) -> tuple[tuple[int, int], Region | None]:
    parts = text.split(",")
    if len(parts) not in {2, 6}:
        raise _no_viewport(text)
    width, height = (_number(part, "viewport") for part in parts[:2])
    if not (1 <= width <= LARGEST and 1 <= height <= LARGEST):
        raise _no_viewport(text)
    box = (int(width), int(height))
    if not any(parts[2:]):
        return box, None
    x, y, wide, high = (_number(part, "viewport") if part else None for part in parts[2:])
    return box, Region(x or 0, y or 0, wide or _TO_THE_END, high or _TO_THE_END)


def _no_viewport(text: str) -> InvalidRequest:
    expected = f"viewport is width,height, each from 1 to {LARGEST}, or width,height,x,y,width,height of a part"
    return InvalidRequest(f"{expected}; {text[:48]!r} came")


def _window(text: str) -> Window:
    parts = text.split(",")
    function = _FUNCTIONS.get(parts[2].lower() if len(parts) > 2 else "linear")  # noqa: PLR2004 -- center, width, function
    if len(parts) not in {2, 3} or function is None:
        message = f"window is center,width or center,width,function with {', '.join(_FUNCTIONS)}; {text[:48]!r} came"
        raise InvalidRequest(message)
    return window(parts[0], parts[1], function)


def window(center: str, width: str, function: VoiFunction = VoiFunction.LINEAR) -> Window:
    """Return a window by its two numbers."""
    found = Window(_number(center, "window"), _number(width, "window"), function)
    least = 1 if function is VoiFunction.LINEAR else 0
    if found.width < least or (found.width == 0 and function is not VoiFunction.LINEAR):
        message = f"the width of a window is at least 1 (linear) or above 0; {width[:16]} came"
        raise InvalidRequest(message)
    return found


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > _TO_THE_END:
        message = f"{name} consists of numbers; {text[:16]!r} came"
        raise InvalidRequest(message)
    return value
