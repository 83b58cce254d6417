"""Names as they were written: right labels, wrong labels, and names that must be left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.dicom.charset import DecodedText, PersonName, decode_text, split_person_name, split_values
from tests.standards.dicom.speech import STEADY

CHINESE = [
    "張三",
    "王^小东",
    "Wang^XiaoDong=王^小东",
    "买买提·吐尔逊",
    "欧阳^婷",
    "李喆",
    "吴𠮷",
    "联通",
    "头颅CT平扫+增强",
    "胸部CT",
    "T2像",
    "小小",
]
TRAPS = ["东鋅觀葉", "東 鋅 觀 葉", "鋅\\王", "𠮷"]  # second bytes are a backslash, ^, ~ and digits
WESTERN = [
    "Müller^Jörg",
    "Gonçalves",
    "Núñez",
    "Größe",
    "Åsa^Østergård",
    "José^María",
    "DÉJÀ VU",
    "François",
    "Zoë",
    "20°C-30°C",
    "mm²",
    "±5°",
    "½ dose",
    "Ø 5µm",
    "«Test»",
]


@pytest.mark.parametrize("text", CHINESE + TRAPS + WESTERN)
def test_right_labels(text: str) -> None:
    for label, codec in (("GB18030", "gb18030"), ("GBK", "gb18030"), ("ISO_IR 192", "utf-8")):
        assert decode_text(text.encode(codec), label, "PN") == DecodedText(text, original_charset=label)


@pytest.mark.parametrize("text", CHINESE)
@pytest.mark.parametrize("label", ["ISO_IR 100", "", "ISO_IR 6", b"ISO_IR 100 ", "\\"])
def test_chinese_under_a_western_label_is_repaired(text: str, label: str) -> None:
    for codec in ("gb18030", "utf-8"):
        decoded = decode_text(text.encode(codec), label, "PN")
        assert (decoded.text, decoded.is_repaired, decoded.has_loss) == (text, True, False)


@pytest.mark.parametrize("text", ["王^小东", "张三", "头颅CT平扫", "𠮷"])
def test_gbk_and_utf8_under_each_others_label(text: str) -> None:
    assert decode_text(text.encode("utf-8"), "GB18030").text == text
    if text != "𠮷":
        assert decode_text(text.encode("gb18030"), "ISO_IR 192").text == text
        assert decode_text(text.encode("gb18030"), "ISO_IR 192").is_repaired


@pytest.mark.parametrize("text", WESTERN)
@pytest.mark.parametrize("label", ["ISO_IR 100", "", "ISO_IR 6", "ISO 2022 IR 100"])
def test_western_names_are_left_alone(text: str, label: str) -> None:
    decoded = decode_text(text.encode("latin-1"), label, "PN")
    assert (decoded.text, decoded.is_repaired, decoded.has_loss) == (text, False, False)


@pytest.mark.parametrize("text", ["Müller^Jörg", "Gonçalves", "Łukasz", "Иванов"])
def test_western_names_in_utf8_under_a_latin_label(text: str) -> None:
    decoded = decode_text(text.encode(), "ISO_IR 100", "PN")
    assert (decoded.text, decoded.is_repaired) == (text, True)


@pytest.mark.parametrize(
    ("text", "label", "codec"),
    [
        ("Łukasz", "ISO_IR 101", "iso8859_2"),
        ("Люкceмбypг", "ISO_IR 144", "iso8859_5"),
        ("Διονυσιος", "ISO_IR 126", "iso8859_7"),
        ("قباني", "ISO_IR 127", "iso8859_6"),
        ("שרון", "ISO_IR 138", "iso8859_8"),
        ("Çavuşoğlu", "ISO_IR 148", "iso8859_9"),
        ("นามสกุล", "ISO_IR 166", "iso8859_11"),
        ("ﾔﾏﾀﾞ^ﾀﾛｳ", "ISO_IR 13", "shift_jis"),
        ("Šœ€", "ISO_IR 203", "iso8859_15"),
    ],
)
def test_one_byte_a_character(text: str, label: str, codec: str) -> None:
    assert decode_text(text.encode(codec), label, "PN") == DecodedText(text, original_charset=label)


G = b"\x1b$)A"
ISO_2022 = [
    (b"Zhang^XiaoDong=" + G + b"\xd5\xc5^" + G + b"\xd0\xa1\xb6\xab=", "\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东="),
    (G + b"\xd6\xd0\r\n" + G + b"\xce\xc4", "\\ISO 2022 IR 58", "中\r\n文"),
    (G + b"\xc2\xf2\xc2\xf2\xcc\xe1\xa1\xa4\xcd\xc2\xb6\xfb\xd1\xb7", "\\ISO 2022 IR 58", "买买提·吐尔逊"),
    (
        b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
        "\\ISO 2022 IR 87",
        "Yamada^Tarou=山田^太郎=やまだ^たろう",
    ),
    (
        b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
        "ISO 2022 IR 13\\ISO 2022 IR 87",
        "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
    ),
    (
        b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
        "\\ISO 2022 IR 149",
        "Hong^Gildong=洪^吉洞=홍^길동",
    ),
    (b"M\xfcller^\x1b-L\xbb\xee\xda", "ISO 2022 IR 100\\ISO 2022 IR 144", "Müller^Люк"),
]


@pytest.mark.parametrize(("raw", "label", "text"), ISO_2022)
def test_code_extensions(raw: bytes, label: str, text: str) -> None:
    assert decode_text(raw, label, "PN") == DecodedText(text, original_charset=label)


def test_a_forgotten_escape_sequence_is_repaired() -> None:
    decoded = decode_text(b"Wang=" + G + b"\xcd\xf5^\xd0\xa1\xb6\xab", "\\ISO 2022 IR 58", "PN")
    assert (decoded.text, decoded.is_repaired) == ("Wang=王^小东", True)


@pytest.mark.parametrize("label", ["ISO-IR 192", "iso_ir_192", "UTF-8", "ISO IR 192", " ISO_IR 192 ", "utf8"])
def test_labels_as_machines_write_them(label: str) -> None:
    assert decode_text("王".encode(), label) == DecodedText("王", original_charset=label.strip())


def test_loss_is_said() -> None:
    for raw, label in ((b"\xff\xfe\x81", "ISO_IR 192"), (b"a\xff\xff", "GB18030"), (b"a\x81", "ISO_IR 100")):
        decoded = decode_text(raw, label)
        assert "\ufffd" in decoded.text
        assert decoded.has_loss
        assert not decoded.is_repaired


def test_padding_and_other_value_representations() -> None:
    assert decode_text(b"CT \0", "GB18030", "CS").text == "CT"
    assert decode_text(b"", "").text == ""
    assert decode_text(b"\xb0\xb1", "GB18030", "UI").text == "°±"


@STEADY
@given(
    st.binary(max_size=60),
    st.sampled_from(
        ["", "ISO_IR 100", "GB18030", "ISO_IR 192", "\\ISO 2022 IR 58", "ISO 2022 IR 13\\ISO 2022 IR 87", "x"]
    ),
    st.sampled_from(["PN", "LO", "LT", "CS"]),
)
def test_nothing_raises(raw: bytes, label: str, vr: str) -> None:
    for content in (raw, b"\x1b$B" + raw, raw.replace(b"\0", b"\x1b$)A")):
        decoded = decode_text(content, label, vr)
        assert decoded.text.isprintable() or decoded.text is not None
        assert not (decoded.is_repaired and decoded.has_loss)


@STEADY
@given(st.text("AZaz 09^=äöüßéçñŁżřΩЖ王小东張鋅觀葉𠮷·°±µ½ǎǐかナ", max_size=30))
def test_utf8_and_gb18030_are_read_as_written(text: str) -> None:
    text = text.rstrip("\0 ")
    assert decode_text(text.encode("utf-8"), "ISO_IR 192", "LT").text == text
    assert decode_text(text.encode("gb18030"), "GB18030", "LT").text == text


def test_names_are_split_after_decoding() -> None:
    name = split_person_name(decode_text("Zhang^San=張^三=ちょう".encode("gb18030"), "GB18030", "PN").text)
    assert name == PersonName("Zhang^San", "張^三", "ちょう")
    assert split_person_name("") == PersonName("", "", "")
    assert split_person_name("a=b=c=d").phonetic == "c"
    assert list(split_values("a \\b")) == ["a", "b"]
