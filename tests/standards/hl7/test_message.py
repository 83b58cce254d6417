"""A message is read as it was meant, and given back as it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.hl7.errors import MessageError
from lightwell.standards.hl7.escapes import Delimiters, escape, unescape
from lightwell.standards.hl7.message import Message, make_message, make_segment, parse_message
from tests.standards.hl7.messages import ADMISSION, STEADY

OTHERS = Delimiters("#", "*", "+", "!", "%")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]) | st.sampled_from("|^~\\&\r\n\x0b#*+!%"))


def test_a_message_is_read_by_names_and_numbers() -> None:
    message = parse_message(ADMISSION)
    assert message["MSH"][1].text == "|"
    assert message["MSH"][2].text == "^~\\&"
    assert message["MSH"][9][2] == "A01"
    assert message["PID"][3][1] == "P7"
    assert message["PID"][3].first.subcomponents(4) == ["COUNTY", "1.2.3", "ISO"]
    assert [value[5] for value in message["PID"][3].repetitions] == ["MR", "NNCN"]
    assert message["PID"][5][2] == "小东"
    assert message["ZPI"][1].text == "私有"
    assert [segment[5].text for segment in message.all("OBX")] == ["72", "a&b"]
    assert message["PID"][99].is_empty
    assert message["PID"][3][99] == ""
    assert message.get("PV1") is None
    with pytest.raises(MessageError, match="PV1"):
        message["PV1"]


def test_what_is_to_be_deleted_is_not_what_is_left_alone() -> None:
    patient = parse_message(ADMISSION)["PID"]
    assert (patient[11].told, patient[11].is_null, patient[11].is_empty) == ("", True, False)
    assert (patient[10].told, patient[10].is_null, patient[10].is_empty) == (None, False, True)
    assert (patient[8].told, patient[8].is_null, patient[8].is_empty) == ("M", False, False)
    assert patient[11].text == patient[10].text == ""


def test_quotation_marks_in_a_text_are_text() -> None:
    assert parse_message(ADMISSION.replace('""', '""x'))["PID"][11].told == '""x'


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n", "\r\r", "\n\r"])
def test_any_line_ends(ends: str) -> None:
    assert parse_message(ADMISSION.replace("\r", ends)) == parse_message(ADMISSION)


def test_a_line_break_in_a_text_is_no_segment() -> None:
    message = parse_message("MSH|^~\\&|A\rOBX|1|TX|||first\nsecond line\rNTE|1")
    assert message["OBX"][5].text == "first\nsecond line"
    assert message["NTE"][1].text == "1"


def test_a_document_of_many_lines_costs_no_more_than_its_length() -> None:
    document = "\n".join(["QUJD" * 19] * 200_000)
    assert parse_message(f"MSH|^~\\&|A\rOBX|1|ED|||^^^^{document}\r")["OBX"][5][5] == document


@pytest.mark.parametrize("text", ["", "PID|1", "MSH", "MSH|", "MSH|^^~\\&", "MSH|abcd|", "MSH|^~\\&#!|", "MSHA^~\\&A"])
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(MessageError):
        parse_message(text)


def test_old_and_new_delimiters() -> None:
    assert parse_message("MSH|^~\\|A^B")["MSH"][3][2] == "B"
    assert parse_message("MSH|^~\\&#|A^B\\P\\C")["MSH"][3][2] == "B#C"
    other = parse_message("MSH#*+!%#A*B#x|y^z!F!\rPID#1*2%3")
    assert (other["MSH"][3][2], other["MSH"][4].text, other["MSH"][2].text) == ("B", "x|y^z#", "*+!%")
    assert other["PID"][1].first.subcomponents(2) == ["2", "3"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
        (r"\X0D0A\x", "\r\nx"),
        (r"\XE4B8AD\文", "中文"),
        (r"one\.br\two\.sp2\three\.sp\four", "one\ntwo\n\nthree\nfour"),
        (r"\H\bold\N\ ", r"\H\bold\N\ "),
        (r"C:\temp", r"C:\temp"),
        ("a\\", "a\\"),
        (r"\E\F\E\ ", r"\F\ "),
        (r"\XFF\ ", r"\XFF\ "),
        (r"5\F\\F\6", "5||6"),
        (r"x\ y\F\ ", r"x\ y| "),
    ],
)
def test_escapes(written: str, meant: str) -> None:
    assert unescape(written, Delimiters(), "utf_8") == meant


def test_bytes_of_an_escape_are_read_by_the_character_set_of_the_message() -> None:
    assert unescape(r"\XD6D0\ ", Delimiters(), "gb18030") == "中 "


@given(TEXT, st.sampled_from([Delimiters(), OTHERS, Delimiters(truncation="#")]))
@STEADY
def test_any_text_survives_its_escapes(text: str, delimiters: Delimiters) -> None:
    assert unescape(escape(text, delimiters), delimiters, "utf_8") == text
    assert not set(escape(text, delimiters)) & (set(delimiters) - {delimiters.escape})


@given(
    st.lists(
        st.lists(st.lists(st.lists(TEXT, min_size=1, max_size=2), min_size=1, max_size=3), min_size=1, max_size=2),
        max_size=4,
    ),
    st.sampled_from([Delimiters(), OTHERS]),
)
@STEADY
def test_what_is_built_is_read_again(fields: list[list[list[list[str]]]], delimiters: Delimiters) -> None:
    contents = {number: [tuple(value) for value in field] for number, field in enumerate(fields, start=1)}
    built = make_message([make_segment("MSH", {3: "A"}, delimiters), make_segment("ZZZ", contents, delimiters)])
    read = parse_message(built.encode())
    assert read == built
    for number, field in enumerate(fields, start=1):
        said = [value for value in field if any(map(any, value))]
        assert [value.components for value in read["ZZZ"][number].repetitions] == said


def test_segments_of_different_delimiters_do_not_go_together() -> None:
    with pytest.raises(MessageError):
        make_message([make_segment("MSH", {}), make_segment("PID", {}, OTHERS)])
    with pytest.raises(MessageError):
        make_message([make_segment("PID", {})])


def test_orders_are_groups() -> None:
    message: Message = parse_message("MSH|^~\\&|A\rPID|1\rORC|1\rOBR|1\rOBX|1\rORC|2\rOBR|2")
    assert [[segment.name for segment in group] for group in message.groups("ORC")] == [
        ["ORC", "OBR", "OBX"],
        ["ORC", "OBR"],
    ]
    assert [segment.name for segment in message] == ["MSH", "PID", "ORC", "OBR", "OBX", "ORC", "OBR"]
