"""Messages of many senders, 65 types of them, are read and given back without a change."""

import re
from datetime import timedelta, timezone
from pathlib import Path

import hl7
import pytest

from lightwell.standards.hl7.charset import decode_message
from lightwell.standards.hl7.datatypes import CX, XAD, XPN, XTN
from lightwell.standards.hl7.errors import DataTypeError
from lightwell.standards.hl7.message import Message, parse_message
from lightwell.standards.hl7.times import read_moment
from tests.standards.hl7.messages import real_messages

BEIJING = timezone(timedelta(hours=8))


def read(path: Path) -> tuple[str, Message]:
    decoded = decode_message(path.read_bytes())
    return decoded.text, parse_message(decoded.text, decoded.codec)


def test_all_are_read_and_given_back() -> None:
    files = real_messages()
    assert len(files) == 139
    for path in files:
        text, message = read(path)
        lines = [line for line in re.split("[\r\n]+", text) if line]
        assert message.encode() == "".join(f"{line}\r" for line in lines), path.name
        assert message["MSH"][9].text, path.name


def test_fields_are_those_of_an_independent_parser() -> None:
    for path in real_messages():
        _, message = read(path)
        theirs = hl7.parse(message.encode())
        assert len(theirs) == len(message.segments), path.name
        for segment, their_segment in zip(message, theirs, strict=True):
            ours = [field.rstrip() for field in segment.fields]  # the peer loses the blanks at the end of a message
            assert [str(field).rstrip() for field in their_segment] == ours, path.name


def test_their_patients_have_identifiers_and_names() -> None:
    patients = [message["PID"] for _, message in map(read, real_messages()) if message.get("PID")]
    assert len(patients) > 120
    for patient in patients:
        assert any(CX.read(value).id for value in patient[3].repetitions) or patient[2].text
        assert [XPN.read(value) for value in patient[5].repetitions]
        assert all(isinstance(XAD.read(value).city, str) for value in patient[11].repetitions)
        assert all(isinstance(XTN.read(value).number, str) for value in patient[13].repetitions)


def test_their_dates_are_read() -> None:
    refused: list[str] = []
    for path in real_messages():
        _, message = read(path)
        for text in [message["MSH"][7].text, *(segment[7].text for segment in message.all("PID"))]:
            try:
                assert not text or read_moment(text, BEIJING)
            except DataTypeError:
                refused.append(path.name)
    assert refused == []


@pytest.mark.parametrize("name", ["ADT-A40-01.hl7"])
def test_a_merge_names_both_patients(name: str) -> None:
    path = next(path for path in real_messages() if path.name == name)
    _, message = read(path)
    assert CX.read(message["MRG"][1].first).id
    assert CX.read(message["PID"][3].first).id
