"""Names and texts, as the people of a hospital wrote them (PS3.5 6.1, PS3.3 C.12.1.1.2).

The bytes of a text mean nothing without (0008,0005) Specific Character Set, and this label is often wrong. The
typical fault of Chinese machines is GBK labelled ISO_IR 100: 王小东 is shown as ÍõÐ¡¶«. So, in this order:

    1  what the label says: one byte a character, UTF-8, GB18030, or ISO 2022 with escape sequences
    2  doubt: could these bytes rather be GBK or UTF-8? A Müller is none; four letters of nonsense that are two
       common hanzi are. What was changed so is marked ``is_repaired``
    3  what fits nothing becomes U+FFFD and is marked ``has_loss``; nothing raises

In GB18030 the second byte of a character may be a backslash, ``^`` or ``=``: split values and name components only
after decoding.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from lightwell.standards.dicom.iso2022 import decode_extended
from lightwell.standards.dicom.plausibility import guess_multi_byte, is_better_utf8, is_doubtful_utf8

# PS3.3 Tables C.12-2 and C.12-5: defined term → codec. GB18030 holds all of GBK and of GB2312.
_CODECS: Final[Mapping[str, str]] = {
    "": "ascii",
    "ISO_IR 6": "ascii",
    "ISO_IR 100": "iso8859_1",
    "ISO_IR 101": "iso8859_2",
    "ISO_IR 109": "iso8859_3",
    "ISO_IR 110": "iso8859_4",
    "ISO_IR 144": "iso8859_5",
    "ISO_IR 127": "iso8859_6",
    "ISO_IR 126": "iso8859_7",
    "ISO_IR 138": "iso8859_8",
    "ISO_IR 148": "iso8859_9",
    "ISO_IR 203": "iso8859_15",
    "ISO_IR 13": "shift_jis",
    "ISO_IR 166": "iso8859_11",
    "ISO_IR 192": "utf_8",
    "GB18030": "gb18030",
    "GBK": "gb18030",
}
_TEXT_VRS: Final = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))
_DOUBTED: Final = frozenset(("ascii", "iso8859_1"))
_LOST: Final = "\N{REPLACEMENT CHARACTER}"
_CONTROLS: Final = re.compile("[\x80-\x9f]")
_IR: Final = re.compile(r"ISO[ _-]*(2022)?[ _-]*IR[ _-]*(\d+)")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text, and how far it can be trusted."""

    text: str
    is_repaired: bool = False
    original_charset: str = ""
    has_loss: bool = False


class PersonName(NamedTuple):
    """The three ways in which one name is written (PS3.5 6.2.1.2): Wang^XiaoDong, 王^小东, and phonetic."""

    alphabetic: str
    ideographic: str
    phonetic: str


def split_person_name(text: str) -> PersonName:
    """Split a decoded name into its component groups."""
    groups = [group.strip() for group in text.split("=")] + ["", "", ""]
    return PersonName(groups[0], groups[1], groups[2])


def decode_text(raw: bytes, specific_character_set: bytes | str, vr: str = "LO") -> DecodedText:
    """Read a value; its trailing padding is dropped."""
    label = _label(specific_character_set)
    raw = raw.rstrip(b"\0 ")
    if raw.isascii() and b"\x1b" not in raw:
        return DecodedText(raw.decode("ascii"), original_charset=label)
    if vr not in _TEXT_VRS:
        return DecodedText(raw.decode("latin-1"), original_charset=label)
    terms = [_term(term) for term in label.split("\\")]
    return replace(_decode(raw, terms, vr), original_charset=label)


def _label(specific_character_set: bytes | str) -> str:
    if isinstance(specific_character_set, bytes):
        specific_character_set = specific_character_set.decode("latin-1")
    return specific_character_set.strip("\0 ")


def _term(text: str) -> str:
    """Return the defined term that is meant: many a machine writes ISO-IR 100, ISO IR 192 or UTF-8."""
    text = text.strip("\0 ").upper()
    match = _IR.fullmatch(text)
    if match:
        return f"{'ISO 2022 IR' if match[1] else 'ISO_IR'} {int(match[2])}"
    plain = re.sub(r"[ _-]|ISO ?2022", "", text)
    return {"UTF8": "ISO_IR 192", "GB18030": "GB18030", "GBK": "GBK", "GB2312": "GBK"}.get(plain, text)


def _decode(raw: bytes, terms: list[str], vr: str) -> DecodedText:
    if b"\x1b" in raw or any(term.startswith("ISO 2022") for term in terms):
        text, is_bent = decode_extended(raw, terms, is_name=vr == "PN", is_multi_valued=vr not in {"LT", "ST", "UT"})
        if _LOST not in text:
            return DecodedText(text, is_repaired=is_bent)
        return _guess(raw) or DecodedText(text, has_loss=True)
    codec = _CODECS.get(terms[0], "ascii")
    if codec in _DOUBTED:
        return _guess(raw) or _as_latin(raw)
    if codec == "gb18030" and is_better_utf8(raw):
        return DecodedText(raw.decode("utf-8"), is_repaired=True)
    try:
        decoded = DecodedText(raw.decode(codec))
        return (_guess_chinese(raw) if codec == "utf_8" and is_doubtful_utf8(decoded.text) else None) or decoded
    except UnicodeDecodeError:
        return _guess(raw) or DecodedText(raw.decode(codec, "replace"), has_loss=True)


def _guess(raw: bytes) -> DecodedText | None:
    text = guess_multi_byte(raw)
    return None if text is None else DecodedText(text, is_repaired=True)


def _guess_chinese(raw: bytes) -> DecodedText | None:
    guess = _guess(raw)
    return None if guess is None or guess.text.encode("utf-8") == raw else guess


def _as_latin(raw: bytes) -> DecodedText:
    """Read Western text, labelled or not; of the machines that do not label it nearly all mean ISO_IR 100."""
    text = _CONTROLS.sub(_LOST, raw.decode("latin-1"))
    return DecodedText(text, has_loss=_LOST in text)


def split_values(text: str) -> Iterator[str]:
    """Yield the values of a decoded multi-valued text."""
    return (value.strip(" \0") for value in text.split("\\"))
