"""The signals of a waveform object, in what was measured (PS3.3 C.10.9, C.10.10)."""

import struct
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from lightwell.archive.derived import content, parsing
from lightwell.archive.derived.parsing import Raw
from lightwell.standards.dicom.errors import DataSetError

LARGEST: Final = 64 << 20
_FORMATS: Final = {
    (8, "SB"): "b",
    (8, "UB"): "B",
    (16, "SS"): "h",
    (16, "US"): "H",
    (32, "SL"): "i",
    (32, "UL"): "I",
}
"""By bits and interpretation of a sample; the logarithmic ones of telephones (MB, AB) are heard, not seen."""
_DIGITS: Final = 7


class Channel(msgspec.Struct, frozen=True):
    """One signal: its samples are in ``unit``, in steps of ``sensitivity``; None where there was no signal."""

    label: str
    unit: str
    sensitivity: float
    samples: list[float | None]


class Annotation(msgspec.Struct, frozen=True):
    """What somebody or the machine said of a signal; channel and sample count from 1, None is all of them."""

    text: str
    channel: int | None
    sample: int | None
    value: float | None
    unit: str


class Waveform(msgspec.Struct, frozen=True):
    """Signals that were taken together."""

    label: str
    channels: list[Channel]
    sampling_hz: float
    annotations: list[Annotation]


class Waveforms(Waveform, frozen=True):
    """The signals of an object: those that it has first, and the others."""

    others: list[Waveform]


def read(raw: Raw) -> bytes:
    """Read signals, and return them as JSON: they are many numbers, which no two processes copy twice.

    Raises:
        DataSetError: there are none, or they are not written in samples.
    """
    said = parsing.data_set_of(raw)
    try:
        first, *others = [_waveform(said, place, raw) for place in range(len(said.WaveformSequence))]
        whole = Waveforms(first.label, first.channels, first.sampling_hz, first.annotations, others)
        return msgspec.json.encode(whole)
    except Exception as error:  # whatever pydicom makes of broken bytes
        raise parsing.unreadable() from error


def _waveform(said: Any, place: int, raw: Raw) -> Waveform:
    group = said.WaveformSequence[place]
    notes = said.get("WaveformAnnotationSequence") or ()
    definitions = list(group.ChannelDefinitionSequence)
    samples = _samples(group, len(definitions), raw)
    return Waveform(
        label=content.text_of(group, "MultiplexGroupLabel"),
        channels=[_channel(item, samples[at :: len(definitions)]) for at, item in enumerate(definitions)],
        sampling_hz=float(group.SamplingFrequency),
        annotations=[note for item in notes for note in _annotations(item, place + 1)],
    )


def _samples(group: Any, channels: int, raw: Raw) -> Sequence[int | None]:
    """Return the samples of all channels, one of each in turn."""
    bits, kind = int(group.WaveformBitsAllocated), content.text_of(group, "WaveformSampleInterpretation")
    sign = _FORMATS.get((bits, kind))
    count = int(group.NumberOfWaveformSamples) * channels
    data: bytes = group.WaveformData
    if sign is None or int(group.NumberOfWaveformChannels) != channels or len(data) < count * bits // 8:
        message = f"expected {count} samples of {bits} bits ({kind}), {len(data)} bytes came"
        raise DataSetError(message)
    order = "<" if raw.is_little_endian else ">"
    numbers = struct.unpack_from(f"{order}{count}{sign}", data)
    padding: Any = group.get("WaveformPaddingValue")
    if not padding:
        return numbers
    nothing = struct.unpack_from(order + sign, padding)[0] if isinstance(padding, bytes) else int(padding)
    return [None if number == nothing else number for number in numbers]


def _channel(item: Any, samples: Sequence[int | None]) -> Channel:
    sensitivity = float(content.text_of(item, "ChannelSensitivity") or 1)
    factor = float(content.text_of(item, "ChannelSensitivityCorrectionFactor") or 1)
    baseline = float(content.text_of(item, "ChannelBaseline") or 0)
    source = content.code_in(item, "ChannelSourceSequence").meaning
    return Channel(
        label=content.text_of(item, "ChannelLabel") or source,
        unit=content.code_in(item, "ChannelSensitivityUnitsSequence").value,
        sensitivity=sensitivity * factor,
        samples=[None if one is None else round(one * sensitivity * factor + baseline, _DIGITS) for one in samples],
    )


def _annotations(item: Any, group: int) -> list[Annotation]:
    """Return an annotation once for each channel of a group that it is about."""
    pairs = [int(one) for one in item.get("ReferencedWaveformChannels") or ()]
    own = [channel for of, channel in zip(pairs[::2], pairs[1::2], strict=False) if of == group]
    text = content.text_of(item, "UnformattedTextValue") or content.name_of(item).meaning
    said = content.code_in(item, "ConceptCodeSequence").meaning
    number, sample = (content.text_of(item, keyword) for keyword in ("NumericValue", "ReferencedSamplePositions"))
    return [
        Annotation(
            text=": ".join(filter(None, (text, said))),
            channel=channel or None,
            sample=int(sample) if sample else None,
            value=float(number) if number else None,
            unit=content.code_in(item, "MeasurementUnitsCodeSequence").value,
        )
        for channel in own
    ]
