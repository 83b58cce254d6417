"""Stacks of images with known geometry, and real series read as the archive would."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.errors import InvalidDicomError

from lightwell.imaging.stack import ImagePlane, VolumeGeometry

AXIAL = ImagePlane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.5, 0.5), 64, 64)


def stack(offsets_mm: Sequence[float], plane: ImagePlane = AXIAL, lean: float = 0.0) -> list[ImagePlane]:
    """Return planes at offsets along the normal; ``lean`` is how far down the columns each millimetre moves them."""
    column = np.array(plane.column)
    normal = np.cross(plane.row, column)
    origins = [np.array(plane.position_mm) + offset * (normal + lean * column) for offset in offsets_mm]
    return [replace(plane, position_mm=(float(x), float(y), float(z))) for x, y, z in origins]


def places_of(geometry: VolumeGeometry) -> NDArray[np.float64]:
    """Return where each voxel of an even volume lies, of shape (images, rows, columns, 3)."""
    indices = np.stack(np.meshgrid(*(np.arange(size) for size in geometry.shape), indexing="ij"), axis=-1)
    return indices @ np.array(geometry.affine)[:3, :3].T + np.array(geometry.affine)[:3, 3]


def seen_in(planes: Sequence[ImagePlane], thing: Any) -> NDArray[np.int16]:
    """Return what images show of a thing, a function of places in the patient."""
    images: list[NDArray[np.int16]] = []
    for plane in planes:
        down, across = np.meshgrid(np.arange(plane.rows), np.arange(plane.columns), indexing="ij")
        down_mm, across_mm = down * plane.spacing_mm[0], across * plane.spacing_mm[1]
        places = np.array(plane.position_mm) + down_mm[..., None] * plane.column + across_mm[..., None] * plane.row
        images.append(np.rint(thing(places)).astype(np.int16))
    return np.stack(images)


def real_series(folder: Path) -> list[pydicom.Dataset]:
    """Return the images of a folder that say where they lie."""
    found: list[pydicom.Dataset] = []
    for path in sorted(folder.rglob("*")):
        try:
            image = pydicom.dcmread(path)
        except (InvalidDicomError, IsADirectoryError):
            continue
        if "ImagePositionPatient" in image:
            found.append(image)
    return found


def plane_of(image: pydicom.Dataset) -> ImagePlane:
    """Return where an image lies."""
    x, y, z = (float(value) for value in image.ImagePositionPatient)
    a, b, c, d, e, f = (float(value) for value in image.ImageOrientationPatient)
    down, across = (float(value) for value in image.PixelSpacing)
    return ImagePlane((x, y, z), (a, b, c), (d, e, f), (down, across), int(image.Rows), int(image.Columns))


def values_of(image: pydicom.Dataset) -> NDArray[np.float32]:
    """Return the values of an image in Hounsfield units."""
    slope, intercept = np.float32(image.RescaleSlope), np.float32(image.RescaleIntercept)
    return image.pixel_array.astype(np.float32) * slope + intercept
