"""Enhancement beside scikit-image: the bands of a radiograph, what is left of an edge, noise against bilateral and TV.

Our own are the pyramid, which adds up to the image again, and what is done to its bands; non-local means and CLAHE are
scikit-image's. ``--quick`` takes 1000 x 1000 pixels for 3000 x 3000.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage import filters, restoration, transform

from bench.c_store import claim
from lightwell.imaging.enhance import edges, multiscale, noise
from lightwell.imaging.enhance.pyramid import compose, decompose

_ROUNDS = 5
_BANDS = 8
Plane = NDArray[np.float32]


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _in_turn(ours: Callable[[], Any], peer: Callable[[], Any]) -> tuple[float, float]:
    pairs = [(_seconds(ours), _seconds(peer)) for _ in range(_ROUNDS)]
    first, second = zip(*pairs, strict=True)
    return statistics.median(first), statistics.median(second)


def _radiograph(side: int) -> Plane:
    rows, columns = np.mgrid[:side, :side] / side
    body = 2000 * np.exp(-((rows - 0.5) ** 2 + (columns - 0.5) ** 2) * 6)
    grain = np.random.default_rng(1).normal(0, 8, (side, side))
    return (body + 30 * np.sin(columns * side / 5) + grain + 500).astype(np.float32)


def bands(side: int) -> list[dict[str, Any]]:
    """Take an image apart; ours is put together again in the same time, which scikit-image's pyramid cannot be."""
    image = _radiograph(side)

    def ours() -> Plane:
        return compose(*decompose(image, _BANDS))

    def peer() -> list[Any]:
        return list(transform.pyramid_laplacian(image, max_layer=_BANDS, preserve_range=True))

    seconds = _in_turn(ours, peer)
    error = float(np.abs(ours() - image).max())
    print(f"bands: ours and back {seconds[0]:.2f} s, error {error:.4f}; scikit-image {seconds[1]:.2f} s")
    return [claim(f"bands of {side} x {side}, ours and back, s", seconds[0], seconds[1], goal=1.0, smaller=True)]


def ringing() -> list[dict[str, Any]]:
    """Give faint detail the same gain, and see how far a strong edge overshoots."""
    columns = np.tile(np.arange(256), (256, 1))
    edge = np.where(columns < 128, 1000, 3000).astype(np.float32)
    detail = (1000 + 4 * np.sin(2 * np.pi * columns / 8)).astype(np.float32)
    crisp = filters.unsharp_mask(detail, 1.5, 1.0, preserve_range=True)
    gain = float(np.ptp(crisp[64:-64, 64:-64]) / np.ptp(detail[64:-64, 64:-64]))
    peer = float((filters.unsharp_mask(edge, 1.5, 1.0, preserve_range=True).max() - 3000) / 2000)
    by_bands = float((multiscale.amplify(edge, [gain] * _BANDS, multiscale.STRONG * 2000).max() - 3000) / 2000)
    held_back = float((edges.sharpen(edge, 0.5).max() - 3000) / 2000)
    print(f"overshoot at a gain of {gain:.2f}: {by_bands:.3f} by bands, {held_back:.3f} held back, {peer:.3f} peer")
    return [
        claim("overshoot of an edge by bands, %, beside unsharp_mask", 100 * by_bands, 100 * peer, 0.5, smaller=True),
        claim("overshoot of an edge by our unsharp mask, %", 100 * held_back, 100 * peer, 0.75, smaller=True),
    ]


def quiet() -> list[dict[str, Any]]:
    """See how much noise is left where each widens an edge about as much."""
    rows, columns = np.mgrid[:512, :512]
    body = np.where(np.hypot(rows - 256, columns - 256) < 200, 40.0, -1000.0)
    body[np.hypot(rows - 256, columns - 200) < 30] = 100
    noisy = (body + np.random.default_rng(2).normal(0, 20, body.shape)).astype(np.float32)
    flat = np.hypot(rows - 256, columns - 350) < 40
    around = np.hypot(rows - 256, columns - 200)

    def width(image: Plane) -> float:
        profile = -np.array([image[(around >= n) & (around < n + 1)].mean() for n in range(20, 42)])
        return float(np.interp(-46, profile, np.arange(20, 42)) - np.interp(-94, profile, np.arange(20, 42)))

    ways: dict[str, Callable[[], Plane]] = {
        "ours": lambda: noise.denoise(noisy, 0.5),
        "tv": lambda: restoration.denoise_tv_chambolle(noisy, weight=20.0),
        "bilateral": lambda: restoration.denoise_bilateral(noisy + 1100, sigma_color=40, sigma_spatial=2) - 1100,
    }
    left: dict[str, float] = {}
    for name, way in ways.items():
        seconds = _seconds(way)
        left[name] = float(way()[flat].std())
        print(f"{name:10} sigma 20.0 -> {left[name]:.1f}, edge {width(way()):.1f} pixels, {seconds:.2f} s")
    return [
        claim(f"noise left, HU, beside {name}", left["ours"], left[name], 1.0, smaller=True) for name in list(left)[1:]
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    print(json.dumps([*bands(1000 if asked.quick else 3000), *ringing(), *quiet()]))
