"""Enhancement on phantoms whose contrast, edges and noise are known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import ndimage

from lightwell.imaging.codecs import decode
from lightwell.imaging.enhance import edges, local, multiscale, noise
from lightwell.imaging.enhance.enhancement import Enhancement, Method, Preset
from lightwell.imaging.enhance.frames import enhance_frame, enhance_pixels
from lightwell.imaging.enhance.pyramid import compose, decompose, noise_in_band
from lightwell.imaging.form import Codec, PixelError, PixelForm
from lightwell.imaging.look import Look

Plane = NDArray[np.float32]
_ROWS, _COLUMNS = np.mgrid[:256, :256]
_FLAT = Look()
_HU = Look(slope=1.0, intercept=-1024.0)


def _form(
    bits: int = 16, allocated: int = 16, *, is_signed: bool = False, photometric: str = "MONOCHROME2"
) -> PixelForm:
    return PixelForm(256, 256, 1, allocated, bits, is_signed, photometric)


def _waves(period_pixels: float, amplitude: float, mean: float = 2000) -> Plane:
    return (mean + amplitude * np.sin(2 * np.pi * _COLUMNS / period_pixels)).astype(np.float32)


def _random() -> np.random.Generator:
    return np.random.default_rng(20261125)


def _quietly(image: Plane) -> Plane:
    """Return an image with hardly any noise, and a quiet place, which tells that the rest of it is no noise."""
    image[:128] = 2000
    return image + _random().normal(0, 0.01, image.shape).astype(np.float32)


def _step(low: float, high: float) -> Plane:
    return np.where(_COLUMNS < 128, low, high).astype(np.float32)


def _body(sigma_hu: float, correlation_pixels: float = 0) -> tuple[Plane, Plane]:
    """Return a round body of 40 HU with a lesion of 100 HU in air, and the same with noise."""
    distance = np.hypot(_ROWS - 128, _COLUMNS - 128)
    body = np.where(distance < 110, 40.0, -1000.0)
    body[np.hypot(_ROWS - 128, _COLUMNS - 90) < 22] = 100
    grain = _random().normal(size=body.shape)
    if correlation_pixels:
        grain = ndimage.gaussian_filter(grain, correlation_pixels)
    return body.astype(np.float32), (body + sigma_hu * grain / grain.std()).astype(np.float32)


# -- bands ------------------------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(rows=st.integers(1, 70), columns=st.integers(1, 70), most=st.integers(0, 9), data=st.data())
def test_bands_add_up_to_the_image_again(rows: int, columns: int, most: int, data: st.DataObject) -> None:
    numbers = st.floats(-32768, 65535, width=32)
    image = data.draw(arrays(np.float32, (rows, columns), elements=numbers))
    bands, rest = decompose(image, most)
    assert len(bands) <= most
    assert np.abs(compose(bands, rest) - image).max() <= 0.05


def test_white_noise_is_in_the_bands_as_is_said() -> None:
    bands, _ = decompose(_random().normal(size=(1024, 1024)).astype(np.float32), 5)
    for number, band in enumerate(bands):
        assert band.std() == pytest.approx(noise_in_band(number), rel=0.1)


# -- detail of every size ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gain", [1.5, 3.0])
@pytest.mark.parametrize("period_pixels", [4, 8, 16, 32])
def test_faint_detail_rises_by_the_gain(period_pixels: int, gain: float) -> None:
    image = _quietly(_waves(period_pixels, amplitude=2))
    louder = multiscale.amplify(image, [gain] * 8, strong=200)
    inner = slice(190, 230), slice(64, 192)
    assert np.ptp(louder[inner]) == pytest.approx(gain * np.ptp(image[inner]), rel=0.05)
    assert louder.mean() == pytest.approx(image.mean(), abs=0.1)


def test_the_gains_of_a_preset_are_for_its_sizes() -> None:
    rise: dict[tuple[Preset, int], float] = {}
    for preset in (Preset.BONE, Preset.CHEST):
        for period_pixels in (4, 32):
            image = _quietly(_waves(period_pixels, 2))
            louder = multiscale.amplify(image, multiscale.GAINS[preset], strong=200)
            rise[preset, period_pixels] = float(np.ptp(louder[190:230]) / np.ptp(image[190:230]))
    assert rise[Preset.BONE, 4] > rise[Preset.CHEST, 4]
    assert rise[Preset.CHEST, 32] > rise[Preset.BONE, 32]


@pytest.mark.parametrize("preset", list(Preset))
def test_a_strong_edge_hardly_rings(preset: Preset) -> None:
    edge = _step(1000, 3000)
    better = multiscale.enhance(edge, 1.0, preset)
    assert (better.max() - 3000) / 2000 <= 0.06
    assert (1000 - better.min()) / 2000 <= 0.06


def test_noise_is_not_what_rises() -> None:
    true = _step(0, 3000) + _waves(32, 15, mean=500)
    better = multiscale.enhance(true + _random().normal(0, 5, true.shape).astype(np.float32), 1.0, Preset.EVEN)
    inner = slice(32, 224), slice(32, 96)
    grain = decompose(better, 1)[0][0][inner].std() / noise_in_band(0)
    assert grain <= 1.4 * 5
    assert np.ptp(ndimage.gaussian_filter(better, 3)[inner]) >= 1.6 * np.ptp(ndimage.gaussian_filter(true, 3)[inner])


@given(gain=st.floats(1, 9), strong=st.floats(0.1, 1000))
def test_what_was_brighter_stays_brighter(gain: float, strong: float) -> None:
    details = np.linspace(0, 20 * strong, 400, dtype=np.float32)[None]
    assert np.diff(multiscale._amplified(details, gain, strong, 0.0)).min() >= 0


# -- local contrast, edges --------------------------------------------------------------------------------------------


def test_local_contrast_rises_within_the_range() -> None:
    image = _waves(16, 20) + np.linspace(0, 2000, 256, dtype=np.float32)
    better = local.equalise(image, 0.5)
    assert better.min() >= image.min() - 0.5
    assert better.max() <= image.max() + 0.5
    before, after = (float((one - ndimage.gaussian_filter(one, 8))[32:-32, 32:-32].std()) for one in (image, better))
    assert after >= 1.5 * before


def test_edges_get_steeper_and_do_not_overshoot() -> None:
    edge = ndimage.gaussian_filter(_step(1000, 3000), 2)
    better = edges.sharpen(edge, 1.0)
    steepness = [float(np.diff(one[128]).max()) for one in (edge, better)]
    assert steepness[1] >= 1.3 * steepness[0]
    assert better.max() <= 3000 + edges.OVERSHOOT * 2000
    assert better.min() >= 1000 - edges.OVERSHOOT * 2000


# -- noise ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("correlation_pixels", [0, 1])
@pytest.mark.parametrize("sigma_hu", [8.0, 20.0, 45.0])
def test_the_noise_of_tissue_is_found(sigma_hu: float, correlation_pixels: float) -> None:
    _, noisy = _body(sigma_hu, correlation_pixels)
    assert noise.noise_sigma(noisy, noise.TISSUE_HU) == pytest.approx(sigma_hu, rel=0.25)


@pytest.mark.parametrize(("correlation_pixels", "most"), [(0, 0.25), (1, 0.7)])
def test_noise_falls_and_an_edge_stays_where_and_as_steep_as_it_is(correlation_pixels: float, most: float) -> None:
    true, noisy = _body(20, correlation_pixels)
    quiet = noise.denoise(noisy, 0.5)
    flat = np.hypot(_ROWS - 128, _COLUMNS - 170) < 25
    assert quiet[flat].std() <= most * noisy[flat].std()
    assert quiet[flat].mean() == pytest.approx(noisy[flat].mean(), abs=1.5)
    around = np.hypot(_ROWS - 128, _COLUMNS - 90)
    profile = [float(quiet[(around >= radius) & (around < radius + 1)].mean()) for radius in range(14, 32)]
    sharp = [float(true[(around >= radius) & (around < radius + 1)].mean()) for radius in range(14, 32)]
    crossings = [np.interp(-70, -np.array(one), np.arange(14, 32)) for one in (profile, sharp)]
    assert abs(crossings[0] - crossings[1]) <= 0.5
    width = np.interp(-46, -np.array(profile), np.arange(14, 32)) - np.interp(
        -94, -np.array(profile), np.arange(14, 32)
    )
    assert width <= 2.5


def test_without_noise_nothing_is_smoothed() -> None:
    true, _ = _body(0)
    flat = np.full((64, 64), 40, np.float32)
    assert np.array_equal(noise.denoise(flat, 1.0), flat)
    assert np.abs(noise.denoise(true, 0.5) - true).max() <= 5


# -- frames as they are stored ----------------------------------------------------------------------------------------

_ALL = [Enhancement(method, 1.0, Preset.EVEN) for method in Method]


@pytest.mark.parametrize("wanted", _ALL, ids=lambda wanted: str(wanted.method))
@pytest.mark.parametrize("value", [0, 1, 2047, 4095])
def test_an_image_of_one_value_stays_so(wanted: Enhancement, value: int) -> None:
    pixels = np.full((256, 256), value, np.uint16)
    assert np.array_equal(enhance_pixels(pixels, _form(12), _FLAT, wanted, is_hounsfield=True), pixels)


@pytest.mark.parametrize("wanted", _ALL, ids=lambda wanted: str(wanted.method))
@pytest.mark.parametrize(
    ("bits", "allocated", "is_signed"),
    [(16, 16, False), (16, 16, True), (12, 16, False), (12, 16, True), (8, 8, False)],
)
def test_extremes_do_not_wrap(wanted: Enhancement, bits: int, allocated: int, *, is_signed: bool) -> None:
    form = _form(bits, allocated, is_signed=is_signed)
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if is_signed else (0, (1 << bits) - 1)
    grain = _random().integers(0, (high - low) // 50, (256, 256))
    pixels = np.where(_COLUMNS < 128, low + grain, high - grain).astype(form.kind)
    better = enhance_pixels(pixels, form, _FLAT, wanted, is_hounsfield=False)
    assert better.dtype == pixels.dtype
    assert low <= int(better.min())
    assert int(better.max()) <= high
    middle = (low + high) / 2
    assert better[:, :120].max() < middle < better[:, 136:].min()


@pytest.mark.parametrize("wanted", _ALL, ids=lambda wanted: str(wanted.method))
def test_monochrome1_is_enhanced_as_it_is_seen(wanted: Enhancement) -> None:
    grain = _random().normal(0, 15, (256, 256))
    pixels = np.clip(_waves(16, 80) + _step(0, 1200) + grain, 0, 4095).astype(np.uint16)
    plain = enhance_pixels(pixels, _form(12), _FLAT, wanted, is_hounsfield=False)
    turned = enhance_pixels(4095 - pixels, _form(12, photometric="MONOCHROME1"), _FLAT, wanted, is_hounsfield=False)
    assert not np.array_equal(plain, pixels)
    assert np.abs((4095 - turned.astype(int)) - plain).max() <= 1


def test_tissue_of_a_ct_is_known_where_low_values_are_bright() -> None:
    """The noise of tissue is another than that of air; taken for air, tissue would be smoothed too little."""
    _, noisy = _body(30)
    is_air = np.hypot(_ROWS - 128, _COLUMNS - 128) > 60
    values = np.where(is_air, -1000 + _random().normal(0, 3, noisy.shape), noisy)
    pixels = np.clip(np.rint(values + 1024), 0, 4095).astype(np.uint16)
    look, wanted = Look(intercept=-1024.0), Enhancement(Method.DENOISE, 0.8)
    plain = enhance_pixels(pixels, _form(12), look, wanted, is_hounsfield=True)
    light_low = enhance_pixels(pixels, _form(12, photometric="MONOCHROME1"), look, wanted, is_hounsfield=True)
    assert np.std(plain[~is_air]) < np.std(pixels[~is_air]) - 5
    assert np.abs(light_low.astype(int) - plain).max() <= 1


@pytest.mark.parametrize("wanted", _ALL, ids=lambda wanted: str(wanted.method))
@pytest.mark.parametrize("padding", [(-2000, -2000), (-32768, -1500)])
def test_padding_stays_and_nothing_becomes_it(wanted: Enhancement, padding: tuple[int, int]) -> None:
    _, noisy = _body(30)
    pixels = np.rint(noisy).astype(np.int16)
    is_outside = np.hypot(_ROWS - 128, _COLUMNS - 128) > 120
    pixels[is_outside] = padding[0]
    look = Look(padding=padding)
    better = enhance_pixels(pixels, _form(is_signed=True), look, wanted, is_hounsfield=True)
    is_padding = (better >= padding[0]) & (better <= padding[1])
    assert np.array_equal(is_padding, is_outside)
    assert np.array_equal(better[is_outside], pixels[is_outside])
    if wanted.method is Method.CLAHE:
        return  # it moves the values of air by what it is
    ring = ~is_outside & (np.hypot(_ROWS - 128, _COLUMNS - 128) > 117)
    assert np.median(better[ring]) == pytest.approx(-1000, abs=100)  # the edge of the padding is no edge


def test_a_value_that_falls_on_padding_moves_beside_it() -> None:
    pixels = np.where(_COLUMNS < 128, 3, 900).astype(np.uint16)
    pixels[:8] = 0
    sharpened = enhance_pixels(
        pixels, _form(12), Look(padding=(0, 0)), Enhancement(Method.EDGE, 1.0), is_hounsfield=False
    )
    assert np.array_equal(sharpened == 0, pixels == 0)
    assert (sharpened == 1).any()


def test_an_image_that_is_all_padding_stays() -> None:
    pixels = np.full((256, 256), 7, np.uint16)
    assert enhance_pixels(pixels, _form(), Look(padding=(7, 7)), _ALL[0], is_hounsfield=False) is pixels


def test_values_above_the_stored_bits_are_kept_in_range() -> None:
    pixels = np.where(_COLUMNS < 128, 100, 60000).astype(np.uint16)  # 12 bits stored, as it says
    better = enhance_pixels(pixels, _form(12), _FLAT, _ALL[0], is_hounsfield=False)
    assert better[:, 200].min() > 50000


def test_noise_is_looked_for_in_tissue_by_the_rescale_of_the_image() -> None:
    _, noisy = _body(20)
    stored = np.rint(noisy + 1024).astype(np.uint16)
    quiet = enhance_pixels(stored, _form(), _HU, Enhancement(Method.DENOISE, 0.5), is_hounsfield=True)
    flat = np.hypot(_ROWS - 128, _COLUMNS - 170) < 25
    assert quiet[flat].std() <= 0.25 * stored[flat].std()


def test_strength_nought_changes_nothing() -> None:
    pixels = _random().integers(0, 4096, (256, 256)).astype(np.uint16)
    for method in Method:
        assert enhance_pixels(pixels, _form(12), _FLAT, Enhancement(method, 0.0), is_hounsfield=False) is pixels


@pytest.mark.parametrize("target", [Codec.NATIVE, Codec.HTJ2K])
def test_a_frame_comes_back_as_it_is_written(target: Codec) -> None:
    pixels = _random().integers(0, 4096, (256, 256)).astype(np.uint16)
    form, wanted = _form(12), Enhancement(Method.MULTISCALE, 0.7, Preset.CHEST)
    frame = enhance_frame(pixels.tobytes(), form, Codec.NATIVE, _FLAT, wanted, target, is_hounsfield=False)
    expected = enhance_pixels(pixels, form, _FLAT, wanted, is_hounsfield=False)
    assert np.array_equal(decode(frame, form, target), expected)


@pytest.mark.parametrize(
    "form",
    [
        replace(_form(8, 8, photometric="RGB"), samples=3),
        _form(8, 8, photometric="PALETTE COLOR"),
        _form(1, 1),
        _form(32, 32),
        replace(_form(32, 32), is_float=True),
    ],
)
def test_colours_and_numbers_of_other_kinds_are_refused(form: PixelForm) -> None:
    with pytest.raises(PixelError, match="only shades of grey"):
        enhance_frame(bytes(form.bits // 8), form, Codec.NATIVE, _FLAT, _ALL[0], Codec.NATIVE, is_hounsfield=False)


@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (1, 9), (9, 4)])
def test_an_image_with_no_room_for_a_patch_keeps_its_noise(shape: tuple[int, int]) -> None:
    image = _random().normal(0, 20, shape).astype(np.float32)
    assert noise.denoise(image, 1.0, None) is image


@settings(max_examples=25, deadline=None)
@given(data=st.data(), method=st.sampled_from(list(Method)), strength=st.floats(0, 1))
def test_whatever_the_pixels_an_image_comes_back(data: st.DataObject, method: Method, strength: float) -> None:
    shape: Any = data.draw(st.tuples(st.integers(1, 24), st.integers(1, 24)))
    pixels = data.draw(arrays(np.int16, shape, elements=st.integers(-32768, 32767)))
    form = replace(_form(is_signed=True), rows=shape[0], columns=shape[1])
    better = enhance_pixels(pixels, form, Look(padding=(-5, 5)), Enhancement(method, strength), is_hounsfield=True)
    assert (better.shape, better.dtype) == (pixels.shape, pixels.dtype)
