"""A sender gets the answer that it waits for, and knows its message by it."""

from datetime import UTC, datetime

import pytest

from lightwell.standards.hl7.ack import (
    Code,
    Problem,
    Reason,
    is_application_answer_wanted,
    is_commit_answer_wanted,
    make_ack,
    read_ack,
)
from lightwell.standards.hl7.header import Header, read_header, read_header_bytes
from lightwell.standards.hl7.message import parse_message
from tests.standards.hl7.messages import ADMISSION

AT = datetime(2026, 11, 26, tzinfo=UTC)
MISSING = Problem(Reason.REQUIRED_FIELD_MISSING, "expected PID-3 | came nothing", "PID", 1, 3)


def header(accept: str = "", application: str = "", version: str = "2.5.1") -> Header:
    return read_header(f"MSH|^~\\&|HIS|COUNTY|LW|REGION|2026||ADT^A01|M-1|P|{version}|||{accept}|{application}||8859/1")


def test_an_acceptance() -> None:
    ack = parse_message(make_ack(header(), Code.APPLICATION_ACCEPT, [], control_id="L-1", at=AT))
    msh, msa = ack["MSH"], ack["MSA"]
    assert [msh[number].text for number in (3, 4, 5, 6)] == ["LW", "REGION", "HIS", "COUNTY"]
    assert [msh[9][place] for place in (1, 2, 3)] == ["ACK", "A01", "ACK"]
    assert [msh[number].text for number in (7, 10, 11, 12, 18)] == [
        "20261126000000+0000",
        "L-1",
        "P",
        "2.5.1",
        "8859/1",
    ]
    assert (msa[1].text, msa[2].text) == ("AA", "M-1")
    assert ack.get("ERR") is None


def test_an_error_says_where_and_what() -> None:
    ack = parse_message(make_ack(header(), Code.APPLICATION_ERROR, [MISSING], control_id="L-1", at=AT))
    err = ack["ERR"]
    assert ack["MSA"][3].text == err[8].text == MISSING.text
    assert [err[2][place] for place in (1, 2, 3)] == ["PID", "1", "3"]
    assert (err[3][1], err[4].text) == ("101", "E")


def test_an_error_for_an_old_sender() -> None:
    ack = parse_message(make_ack(header(version="2.3.1"), Code.APPLICATION_ERROR, [MISSING], control_id="L", at=AT))
    assert ack["ERR"][1].first.components == [["PID"], ["1"], ["3"], ["101", "Required field missing", "HL70357"]]


def test_an_error_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="AE"):
        make_ack(header(), Code.APPLICATION_ERROR, [], control_id="L", at=AT)


@pytest.mark.parametrize(
    ("accept", "application", "commit", "done"),
    [
        ("", "", "", "AA AR"),
        ("AL", "AL", "CA CE", "AA AR"),
        ("AL", "NE", "CA CE", ""),
        ("ER", "SU", "CE", "AA"),
        ("NE", "AL", "", "AA AR"),
        ("AL", "", "CA CE", ""),
        ("", "AL", "", "AA AR"),
    ],
)
def test_which_answers_are_wanted(accept: str, application: str, commit: str, done: str) -> None:
    asked = header(accept, application)
    commits, others = (Code.COMMIT_ACCEPT, Code.COMMIT_ERROR), (Code.APPLICATION_ACCEPT, Code.APPLICATION_REJECT)
    assert " ".join(code for code in commits if is_commit_answer_wanted(asked, code)) == commit
    assert " ".join(code for code in others if is_application_answer_wanted(asked, code)) == done


def test_delimiters_are_those_of_the_sender() -> None:
    asked = read_header("MSH#*+!%#A*1#B#C#D###ADT*A01#M-9#P#2.5")
    ack = make_ack(asked, Code.COMMIT_REJECT, [Problem(Reason.UNSUPPORTED_MESSAGE_TYPE, "a#b")], control_id="L", at=AT)
    assert parse_message(ack)["MSA"][2].text == "M-9"
    assert parse_message(ack)["MSH"][5][2] == "1"
    assert parse_message(ack)["ERR"][8].text == "a#b"


def test_bytes_that_were_not_understood_come_back_as_they_were() -> None:
    raw = ADMISSION.replace("M-1", "號").encode("gb18030") + b"\xff"
    problem = Problem(Reason.DATA_TYPE, "cannot be decoded")
    ack = make_ack(read_header_bytes(raw), Code.APPLICATION_ERROR, [problem], control_id="L", at=AT)
    assert b"MSA|AE|" + "號".encode("gb18030") + b"|" in ack.encode("latin-1")


@pytest.mark.parametrize(
    ("err", "place"),
    [
        ("ERR||PID^1^3|204", "PID-3"),
        ("ERR|PID^1^3^204", "PID-3"),
        ("ERR||OBX^12|204", "OBX"),
        ("ERR||PID^1^110101199001011237|204", "PID"),
        ("ERR||PID^1^张三|204", "PID"),
        ("ERR||张三 is not known|204", ""),
        ("ERR|Patient ZHANG SAN is not known", ""),
        ("ERR||ZHANG^SAN^7|204", ""),
    ],
)
def test_what_a_peer_says_in_words_is_no_place(err: str, place: str) -> None:
    answer = read_ack(parse_message(f"MSH|^~\\&|HIS|A|LW|B|2026||ACK|1|P|2.5\rMSA|AE|7\r{err}\r"))
    assert answer.place == place
