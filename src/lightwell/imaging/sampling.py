"""Values of a volume on any grid in the patient, linear between voxels."""

from typing import Any

import numpy as np
from scipy import ndimage as untyped

from lightwell.imaging.resample import Plane, Values
from lightwell.imaging.volume import Matrix

ndimage: Any = untyped


def sample(
    volume: Values, affine: Matrix, axes: Matrix, start_mm: Matrix, steps_mm: Matrix, shape: tuple[int, int, int]
) -> Plane:
    """Return values on a grid; where the volume is not, they are no number (NaN).

    Args:
        volume: images x rows x columns.
        affine: from its indices to the patient's millimetres.
        axes: three directions of length 1, one a row: those of the grid.
        start_mm: where the grid begins, along these directions.
        steps_mm: how far its points are apart along each.
        shape: how many there are.
    """
    inverse = np.linalg.inv(affine[:3, :3])
    matrix = inverse @ (axes.T * steps_mm)
    offset = inverse @ (axes.T @ start_mm - affine[:3, 3])
    return ndimage.affine_transform(
        volume, matrix, offset, shape, np.float32, order=1, mode="constant", cval=np.nan, prefilter=False
    )


def box_of(shape: tuple[int, ...], affine: Matrix, axes: Matrix, margin: float = 0.5) -> tuple[Matrix, Matrix]:
    """Return from where to where a volume goes along directions: ``margin`` voxels beyond its outermost centres."""
    ends = np.array([(-margin, size - 1 + margin) for size in shape])
    corners = np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1).reshape(-1, 3)
    along = (corners @ affine[:3, :3].T + affine[:3, 3]) @ axes.T
    return along.min(axis=0), along.max(axis=0)


def spacing_of(affine: Matrix) -> Matrix:
    """Return how far voxels are apart along each index, in millimetres."""
    return np.linalg.norm(affine[:3, :3], axis=0)
