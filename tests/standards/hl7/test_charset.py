"""No character is lost or changed, whatever MSH-18 says."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.hl7.charset import GB_18030, UTF_8, codec_of, decode_message, encode_message
from lightwell.standards.hl7.errors import CharsetError, MessageError
from lightwell.standards.hl7.message import parse_message
from tests.standards.hl7.messages import ADMISSION, STEADY, trap_characters


def message(label: str, name: str, facility: str = "COUNTY") -> str:
    return f"MSH|^~\\&|HIS|{facility}|||2026||ADT^A01|1|P|2.5.1||||||{label}\rPID|1||P7||{name}^x\r"


def read_name(raw: bytes, default: str = UTF_8) -> tuple[str, str, bool]:
    decoded = decode_message(raw, default)
    return parse_message(decoded.text, decoded.codec)["PID"][5].text, decoded.charset, decoded.is_mislabelled


def test_there_are_464_trap_characters() -> None:
    assert len(trap_characters()) == 464


@pytest.mark.parametrize("label", [GB_18030, ""])
def test_all_trap_characters_round_trip(label: str) -> None:
    for character in trap_characters():
        text = message(label, character)
        decoded = decode_message(encode_message(text, GB_18030), GB_18030)
        parsed = parse_message(decoded.text, decoded.codec)
        assert (parsed["PID"][5][1], parsed["PID"][5][2]) == (character, "x")
        assert parsed.encode() == text
        assert not decoded.is_mislabelled


def test_a_trap_before_the_label_does_not_hide_it() -> None:
    raw = message(GB_18030, "王", facility="東觀葉").encode("gb18030")
    decoded = decode_message(raw)
    assert (decoded.declared, decoded.is_mislabelled) == ((GB_18030,), False)
    assert parse_message(decoded.text)["MSH"][4].text == "東觀葉"


@pytest.mark.parametrize(
    ("label", "codec", "expected"),
    [
        ("", "utf-8", (UTF_8, False)),
        ("", "gb18030", (GB_18030, False)),
        (UTF_8, "utf-8", (UTF_8, False)),
        (UTF_8, "gbk", (GB_18030, True)),
        (GB_18030, "utf-8", (UTF_8, True)),
        ("ASCII", "utf-8", (UTF_8, True)),
        ("ASCII", "gbk", (GB_18030, True)),
        ("8859/1", "utf-8", (UTF_8, True)),
        ("BIG-5", "big5", ("BIG-5", False)),
        ("gbk", "gbk", (GB_18030, False)),
        ("UTF8", "utf-8", (UTF_8, False)),
        ("KLINGON", "gbk", (GB_18030, True)),
        (f"ASCII~{UTF_8}", "utf-8", (UTF_8, False)),
        ("", "utf-8-sig", (UTF_8, False)),
    ],
)
def test_the_ladder(label: str, codec: str, expected: tuple[str, bool]) -> None:
    assert read_name(message(label, "東方").encode(codec)) == ("東方", *expected)


def test_daily_chinese_that_has_the_order_of_utf_8_stays_what_it_is_called() -> None:
    name = bytes.fromhex("e1a1b0e1b0b0").decode("gb2312")
    assert name.encode("gb2312").decode("utf-8") != name
    assert read_name(message(GB_18030, name).encode("gb18030")) == (name, GB_18030, False)


def test_western_names_in_their_character_set() -> None:
    assert read_name(message("8859/1", "Müller").encode("latin-1")) == ("Müller", "8859/1", False)


def test_the_default_of_the_source_comes_before_the_last_resort() -> None:
    assert read_name(message("", "東方").encode("big5"), "BIG-5") == ("東方", "BIG-5", False)


def test_four_byte_characters_and_middle_dots() -> None:
    for name in ("𠮷野", "买买提·艾力"):
        assert read_name(message(GB_18030, name).encode("gb18030"))[0] == name
        assert read_name(message(GB_18030, name).encode("utf-8"))[:2] == (name, UTF_8)


@pytest.mark.parametrize("raw", [b"\xff\xff", b"\x81"])
def test_bytes_that_fit_nothing_are_refused(raw: bytes) -> None:
    with pytest.raises(CharsetError, match="none of them"):
        decode_message(message("", "?").encode().replace(b"?", raw + b"\r"))


@pytest.mark.parametrize("label", ["CNS 11643-1992", "UNICODE UTF-16"])
def test_a_character_set_that_cannot_be_read_is_not_guessed(label: str) -> None:
    with pytest.raises(CharsetError, match="can be read here"):
        decode_message(message(label, "東").encode("gb18030"))
    assert read_name(message(label, "Wang").encode())[0] == "Wang"


def test_no_name_is_in_an_error() -> None:
    with pytest.raises(CharsetError) as caught:
        encode_message(message("", "東"), "8859/1")
    assert "U+6771" in str(caught.value)
    assert "東" not in str(caught.value)


def test_an_unknown_character_set_is_named() -> None:
    with pytest.raises(CharsetError, match="KLINGON"):
        codec_of("KLINGON")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff", exclude_categories=["Cc"])))
@STEADY
def test_any_text_comes_back(name: str) -> None:
    text = message(UTF_8, name)
    assert decode_message(encode_message(text, UTF_8)).text == text


@given(st.binary(max_size=80))
@STEADY
def test_nothing_but_our_errors_escapes(raw: bytes) -> None:
    for candidate in (raw, ADMISSION.encode("gb18030") + raw):
        with suppress(CharsetError, MessageError):
            parse_message(decode_message(candidate).text)
