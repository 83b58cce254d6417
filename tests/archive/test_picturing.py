"""Pictures of images look as the standard's grayscale pipeline says; the reference is pydicom's."""

import io
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.pixels import pixel_array
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut, apply_windowing

from lightwell.archive.picturing import picture_of
from lightwell.core.errors import NotAcceptable
from lightwell.imaging import rendering
from lightwell.imaging.form import PixelError, PixelForm
from lightwell.imaging.look import Look, Lut, VoiFunction, Window
from lightwell.imaging.picture import Picture, PictureFormat, Region
from lightwell.imaging.segments import expand
from lightwell.standards.dicom import uids
from tests.archive.shelf import Shelf, read
from tests.conftest import SHARED

FILES = sorted((SHARED / "dicom").rglob("*.dcm")) if SHARED.is_dir() else []
_PNG = Picture(PictureFormat.PNG)
_BROKEN = {
    "emri_small_jpeg_2k_lossless_too_short.dcm",  # cut short
    "bad_sequence.dcm",
}
_GRAY = PixelForm(4, 4, 1, 16, 12, is_signed=False, photometric="MONOCHROME2")


@dataclass
class AtOnce:
    """A pool that does its work here."""

    done: list[str] = field(default_factory=list[str])

    async def run(self, function: Any, *arguments: Any, timeout_s: float) -> Any:
        """Do it."""
        self.done.append(function.__name__)
        assert timeout_s > 0
        return function(*arguments)


async def _picture(path: Path, folder: Path, picture: Picture = _PNG, window: Window | None = None) -> NDArray[Any]:
    shelf = Shelf(folder, AtOnce())
    row = shelf.put(path.read_bytes())  # noqa: ASYNC240 -- nobody else waits on this loop
    content = await picture_of(shelf.blobs, shelf.machines.compute, row, 0, picture, window)
    return np.asarray(imagecodecs.imread(io.BytesIO(content)))


def _expected(data_set: pydicom.Dataset) -> NDArray[Any] | None:
    """Return the first frame as pydicom would have it seen, or None if pydicom cannot or the image names no window."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pixels = pixel_array(data_set, index=0)
        except (RuntimeError, NotImplementedError, AttributeError, ValueError):
            return None
        if data_set.PhotometricInterpretation == "PALETTE COLOR":
            if data_set.file_meta.TransferSyntaxUID == uids.ExplicitVRBigEndian:  # pydicom does not swap its palette
                return None
            return apply_color_lut(pixels, data_set) >> data_set.RedPaletteColorLookupTableDescriptor[2] - 8
        if data_set.SamplesPerPixel > 1:
            return pixels if data_set.BitsStored == 8 else None
        return _gray(pixels, data_set)


def _gray(pixels: NDArray[Any], data_set: pydicom.Dataset) -> NDArray[Any] | None:
    values = apply_modality_lut(pixels, data_set)
    if "WindowWidth" in data_set:
        low, high = _range(data_set)
        gray = (apply_windowing(values, data_set) - low) / (high - low) * 255
        return 255 - gray if data_set.PhotometricInterpretation == "MONOCHROME1" else gray
    if "VOILUTSequence" not in data_set:
        return None
    return apply_voi_lut(values.astype("i8"), data_set) >> data_set.VOILUTSequence[0].LUTDescriptor[2] - 8


def _range(data_set: pydicom.Dataset) -> tuple[float, float]:
    """Return what pydicom's windows map to: all values of the stored bits, rescaled."""
    bits, signed = data_set.BitsStored, data_set.PixelRepresentation
    if "ModalityLUTSequence" in data_set:
        return 0, 2 ** data_set.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    slope, intercept = float(data_set.get("RescaleSlope", 1)), float(data_set.get("RescaleIntercept", 0))
    return low * slope + intercept, high * slope + intercept


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
async def test_every_image_looks_as_it_says(path: Path, tmp_path: Path) -> None:
    data_set = read(path.read_bytes())  # noqa: ASYNC240 -- nobody else waits on this loop
    if path.name in _BROKEN:
        pytest.skip("deliberately broken")
    if not any(tag in data_set for tag in (0x7FE00010, 0x7FE00008, 0x7FE00009)):
        with pytest.raises(NotAcceptable, match="no picture"):
            await _picture(path, tmp_path)
        return
    got = await _picture(path, tmp_path)
    assert got.shape[:2] == (data_set.Rows, data_set.Columns)
    expected = _expected(data_set)
    if expected is not None:
        assert np.abs(got.astype(float) - expected).max() <= 2
    elif data_set.PhotometricInterpretation.startswith("MONOCHROME"):
        assert got.min() == 0
        assert got.max() == 255, "what names no window is shown from its darkest to its brightest"


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(2048, 4096), [0, 128, 255]),
        (Window(2048, 4096, VoiFunction.LINEAR_EXACT), [0, 128, 255]),
        (Window(2048, 1), [0, 255, 255]),
        (Window(2048, 1024, VoiFunction.SIGMOID), [0, 128, 255]),
    ],
)
def test_a_window_shows_its_values(window: Window, expected: list[int]) -> None:
    pixels = np.array([[0, 2048, 4095]], "u2")
    shown = rendering.show(pixels, _GRAY, Look(window=window))
    assert np.abs(shown.astype(int) - expected).max() <= 1


def test_padding_does_not_count_where_no_window_is_named() -> None:
    pixels = np.array([[63536, 100, 150, 200]], "u2").view("i2")
    form = PixelForm(1, 4, 1, 16, 16, is_signed=True, photometric="MONOCHROME2")
    shown = rendering.show(pixels, form, Look(padding=(-2000, -2000)))
    assert shown[0, 0] == 0
    assert abs(int(shown[0, 2]) - 128) <= 1


def test_an_even_image_is_shown_as_such() -> None:
    shown = rendering.show(np.full((4, 4), 7, "u2"), _GRAY, Look())
    assert len(np.unique(shown)) == 1


def test_what_lies_outside_a_table_gets_its_ends() -> None:
    table = np.array([0, 128, 255], "<u2").tobytes()
    shown = rendering.show(np.array([[0, 10, 11, 12, 99]], "u2"), _GRAY, Look(voi_lut=Lut(10, 8, table)))
    assert shown.tolist() == [[0, 0, 128, 255, 255]]


def test_floating_point_that_is_no_number_does_no_harm() -> None:
    form = PixelForm(1, 3, 1, 32, 32, is_signed=False, photometric="MONOCHROME2", is_float=True)
    shown = rendering.show(np.array([[np.nan, 0, np.inf]], "f4"), form, Look(window=Window(0, 2)))
    assert shown.shape == (1, 3)


@pytest.mark.parametrize(("box", "shape"), [((128, 128), (64, 128)), ((64, 8), (8, 16)), ((1, 1), (1, 1))])
def test_a_picture_fits_into_its_box_and_keeps_its_proportions(box: tuple[int, int], shape: tuple[int, int]) -> None:
    shown = np.zeros((256, 512), np.uint8)
    shown[:, 256:] = 200
    fitted = rendering.fit(shown, Picture(box=box))
    assert fitted.shape == shape
    if shape[1] > 1:
        assert (fitted[0, 0], fitted[0, -1]) == (0, 200)


def test_a_thin_line_does_not_vanish_when_the_picture_shrinks() -> None:
    shown = np.zeros((1024, 1024), np.uint8)
    shown[:, 333] = 255
    assert rendering.resize(shown, 128, 128).max() >= 20


@pytest.mark.parametrize(
    ("region", "corner"),
    [
        (Region(0, 0, 2, 2), 0),
        (Region(2, 2, 2, 2), 10),
        (Region(2, 2, -2, 2), 11),
        (Region(2, 2, 2, -2), 14),
        (Region(99, 99, 5, 5), 15),
        (Region(3, 3, 1 << 31, 1 << 31), 15),
        (Region(0.5, 0.5, 0.5, 0.5, is_relative=True), 10),
    ],
)
def test_a_region_is_cut_out_and_mirrored(region: Region, corner: int) -> None:
    shown = np.arange(16, dtype=np.uint8).reshape(4, 4)
    assert rendering.fit(shown, Picture(region=region))[0, 0] == corner


def _gif(shown: NDArray[np.uint8]) -> NDArray[Any]:
    return np.asarray(imagecodecs.gif_decode(rendering.encode(shown, Picture(PictureFormat.GIF))))


def test_a_gif_of_shades_or_few_colours_is_exact() -> None:
    shades = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(_gif(shades), np.stack([shades] * 3, axis=-1))
    few = np.stack([shades, 255 - shades, shades // 2], axis=-1)
    assert np.array_equal(_gif(few), few)


def test_a_gif_of_many_colours_is_near_and_keeps_a_small_mark() -> None:
    side = np.arange(256, dtype=np.uint8)
    across, down = np.meshgrid(side, side)
    shown = np.stack([across, down, 255 - (across // 2 + down // 2)], axis=-1)
    shown[:4, :4] = (255, 0, 255)
    error = np.abs(_gif(shown).astype(int) - shown)
    assert error.mean() < 8
    assert error[:4, :4].max() < 64


def test_a_gif_of_noise_is_written() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (256, 256), dtype=np.uint8)
    assert np.array_equal(_gif(noise)[..., 0], noise)


def test_a_gif_of_a_sonogram_with_a_little_colour_keeps_its_shades() -> None:
    shade = np.random.default_rng(1).integers(0, 200, (256, 256), dtype=np.uint8)
    shown = np.stack([shade] * 3, axis=-1)
    shown[100:120, 100:120] = np.random.default_rng(2).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    error = np.abs(_gif(shown).astype(int) - shown)
    error[100:120, 100:120] = 0
    assert error.max() < 16


async def test_a_palette_in_big_endian_gives_the_same_colours(tmp_path: Path, shared_data: Path) -> None:
    (tmp_path / "big").mkdir()
    little = await _picture(next((shared_data / "dicom").rglob("OBXXXX1A.dcm")), tmp_path)
    big = await _picture(next((shared_data / "dicom").rglob("OBXXXX1A_expb.dcm")), tmp_path / "big")
    assert np.array_equal(little, big)


@pytest.mark.parametrize(
    ("words", "entries"),
    [
        ([0, 2, 7, 9], [7, 9]),
        ([0, 1, 0, 1, 4, 100], [0, 25, 50, 75, 100]),
        ([0, 2, 7, 9, 2, 1, 0, 0], [7, 9, 7, 9]),
        ([0, 1, 5, 1, 2, 9, 2, 2, 0, 0], [5, 7, 9, 5, 7, 9]),
    ],
    ids=["discrete", "linear", "indirect", "indirect of two"],
)
def test_segments_of_a_palette_are_expanded(words: list[int], entries: list[int]) -> None:
    assert list(expand(words)) == entries


@pytest.mark.parametrize("words", [[1, 4, 100], [0], [3, 1, 1], [0, 1, 5, 2, 1, 6, 0], [0, 1, 5, 2, 1, 2 << 14, 0]])
def test_segments_that_do_not_fit_together_are_refused(words: list[int]) -> None:
    with pytest.raises(PixelError):
        expand(words)
