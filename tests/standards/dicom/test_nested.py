"""One sequence of a data set is read as it was written, in every uncompressed syntax and form of length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence

from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.nested import items
from lightwell.standards.dicom.scanner import scan
from lightwell.standards.dicom.uids import TRANSFER_SYNTAXES, ExplicitVRLittleEndian

_SEQUENCE, _STEP, _PROCEDURE = 0x0040_0275, 0x0040_0009, 0x0040_1001
_SYNTAXES = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"]
_IDS = st.text("ABC123-", min_size=1, max_size=16)


def _written(requests: list[tuple[str, str]], syntax: str, *, is_undefined: bool) -> bytes:
    data_set, whole = Dataset(), Sequence()
    for step, procedure in requests:
        item = Dataset()
        item.ScheduledProcedureStepID = step
        item.RequestedProcedureID = procedure
        code = Dataset()
        code.CodeValue, code.ScheduledProcedureStepID = "X", "deeper"
        item.RequestedProcedureCodeSequence = [code]
        item.is_undefined_length_sequence_item = is_undefined
        whole.append(item)
    data_set.RequestAttributesSequence = whole
    data_set["RequestAttributesSequence"].is_undefined_length = is_undefined
    buffer = DicomBytesIO()
    known = TRANSFER_SYNTAXES[syntax]
    buffer.is_little_endian, buffer.is_implicit_VR = known.is_little_endian, not known.is_explicit_vr
    write_dataset(buffer, data_set)
    return buffer.getvalue()


@given(st.lists(st.tuples(_IDS, _IDS), max_size=4), st.sampled_from(_SYNTAXES), st.booleans())
def test_what_is_written_is_read(requests: list[tuple[str, str]], syntax: str, is_undefined: bool) -> None:  # noqa: FBT001
    raw = scan(_written(requests, syntax, is_undefined=is_undefined), 0, syntax, [_SEQUENCE]).values[_SEQUENCE]
    found = items(_SEQUENCE, raw, TRANSFER_SYNTAXES[syntax], frozenset((_STEP, _PROCEDURE)))
    texts = [tuple(item[tag].decode().strip(" \0") for tag in (_STEP, _PROCEDURE)) for item in found]
    assert texts == [(step.strip(), procedure.strip()) for step, procedure in requests]


@given(st.binary(max_size=200), st.sampled_from(_SYNTAXES))
def test_whatever_the_bytes_only_one_error_comes(raw: bytes, syntax: str) -> None:
    try:
        items(_SEQUENCE, raw, TRANSFER_SYNTAXES[syntax], frozenset((_STEP,)))
    except DataSetError:
        return


def test_a_sequence_that_is_cut_is_told() -> None:
    syntax = TRANSFER_SYNTAXES[ExplicitVRLittleEndian]
    raw = _written([("S1", "P1")], ExplicitVRLittleEndian, is_undefined=False)[12:]
    with pytest.raises(DataSetError):
        items(_SEQUENCE, raw[:-3], syntax, frozenset((_STEP,)))
