"""What workers do with the volumes of series, which lie in files of the spool. To import this costs nothing.

A node's main process names these functions and sends them to its workers (:mod:`lightwell.core.compute`); a volume is
mapped into memory by whoever works on it, so that it never travels through a pipe.
"""

# ruff: noqa: PLC0415 -- numpy and the codecs take 20 MB that the main process has no use for

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightwell.imaging.camera import Camera, VolumePreset
from lightwell.imaging.cut import Cut
from lightwell.imaging.form import Codec, PixelForm
from lightwell.imaging.look import Look
from lightwell.imaging.picture import Picture
from lightwell.imaging.stack import Affine, ImagePlane, VolumeGeometry


@dataclass(frozen=True, slots=True)
class StoredVolume:
    """A volume in a file: images x rows x columns of numbers of a kind, in units of the modality.

    ``affine`` leads from indices to the patient's millimetres, row by row; ``outside`` is the value where nothing is.
    """

    path: Path
    shape: tuple[int, int, int]
    kind: str
    affine: Affine
    outside: float


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """A frame of a series as it is stored, and what is needed to read it."""

    content: bytes
    form: PixelForm
    codec: Codec
    look: Look


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture file, what is at the left, right, top and bottom of it, and where it lies."""

    content: bytes
    letters: tuple[str, str, str, str]
    pixel_mm: float = 0.0
    position_mm: float = 0.0
    range_mm: tuple[float, float] = (0.0, 0.0)


def stand(planes: Sequence[ImagePlane | None]) -> tuple[VolumeGeometry, VolumeGeometry]:
    """Return how the images of a series stand, and how they do once they are made even.

    Raises:
        NotAVolume: they are no volume.
    """
    from lightwell.imaging.resample import regular_geometry
    from lightwell.imaging.volume import geometry_of

    geometry = geometry_of(planes)
    return geometry, regular_geometry(geometry)


def small_of(shape: tuple[int, int, int], affine: Affine) -> tuple[tuple[int, int, int], Affine]:
    """Return shape and affine of the small volume that is looked at from outside."""
    from lightwell.imaging.volume_rendering import reduced_geometry

    return reduced_geometry(shape, affine)


def fill(volume: StoredVolume, first: int, frames: Sequence[StoredFrame]) -> None:
    """Write frames into a volume, from a place on; padding becomes what is outside.

    Raises:
        PixelError: a frame cannot be decoded.
    """
    import numpy as np

    from lightwell.imaging.codecs import decode

    target = _opened(volume, "r+")
    for number, frame in enumerate(frames, first):
        pixels = decode(frame.content, frame.form, frame.codec)
        values = pixels.astype(np.float32) * np.float32(frame.look.slope) + np.float32(frame.look.intercept)
        if frame.look.padding is not None:
            low, high = frame.look.padding
            values[(pixels >= low) & (pixels <= high)] = volume.outside
        target[number] = _as_kind(values, target.dtype)


def _as_kind(values: Any, kind: Any) -> Any:
    import numpy as np

    if kind.kind != "i":
        return values
    limits = np.iinfo(kind)
    return np.clip(np.rint(values), limits.min, limits.max)


def make_even(source: StoredVolume, geometry: VolumeGeometry, target: StoredVolume) -> None:
    """Fill an even volume with an uneven one; see :func:`lightwell.imaging.resample.make_regular`."""
    from lightwell.imaging.resample import make_regular

    make_regular(_opened(source, "r"), geometry, source.outside, _opened(target, "r+"))


def make_small(source: StoredVolume, target: StoredVolume) -> None:
    """Fill the small volume that is looked at from outside."""
    from lightwell.imaging.volume_rendering import reduce

    reduce(_opened(source, "r"), _opened(target, "r+"))


def draw_cut(
    volume: StoredVolume,
    cut: Cut,
    look: Look,
    picture: Picture,
    is_light_low: bool,  # noqa: FBT001 -- a pool passes by place
) -> Drawn:
    """Return a cut through a volume as a picture; see :func:`lightwell.imaging.reformat.reformat`.

    Low values are bright where they are so in the images of the series (MONOCHROME1).

    Raises:
        OutsideTheVolume: there is nothing at that position.
    """
    from lightwell.imaging import rendering
    from lightwell.imaging.reformat import reformat

    found = reformat(_opened(volume, "r"), _affine(volume), volume.outside, cut)
    rows, columns = found.values.shape
    photometric = "MONOCHROME1" if is_light_low else "MONOCHROME2"
    form = PixelForm(rows, columns, 1, 32, 32, is_signed=True, photometric=photometric, is_float=True)
    shown = rendering.fit(rendering.show(found.values, form, look), picture)
    pixel_mm = found.pixel_mm * rows / shown.shape[0]
    content = rendering.encode(shown, picture)
    return Drawn(content, found.view.letters, pixel_mm, found.position_mm, found.range_mm)


def draw_volume(
    volume: StoredVolume,
    camera: Camera,
    preset: VolumePreset,
    side: int,
    picture: Picture,
    is_light_low: bool,  # noqa: FBT001 -- a pool passes by place
) -> Drawn:
    """Return a volume seen from outside; see :func:`lightwell.imaging.volume_rendering.render`.

    What is solid goes by values, whichever of them are bright in the images. A projection is a picture in their shades:
    where low values are bright (MONOCHROME1), high ones are dark in it (PS3.3 C.7.6.3.1.2).
    """
    from lightwell.imaging import rendering
    from lightwell.imaging.volume_rendering import render

    seen = render(_opened(volume, "r"), _affine(volume), camera, preset, side)
    seen = 255 - seen if is_light_low and preset is VolumePreset.MIP else seen
    shown = rendering.fit(seen, picture)
    return Drawn(rendering.encode(shown, picture), camera.view.letters)


def _opened(volume: StoredVolume, mode: Any) -> Any:
    import numpy as np

    return np.memmap(volume.path, np.dtype(volume.kind), mode, shape=volume.shape)


def _affine(volume: StoredVolume) -> Any:
    import numpy as np

    return np.array(volume.affine)
