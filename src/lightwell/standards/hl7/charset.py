"""The bytes of a message to its text, and never a character lost on the way (2.14.9.18, table 0211).

Whole messages are decoded **before** they are split: 464 Chinese characters have a delimiter as the second byte of
their GB18030 form (東 ``|``, 觀 ``^``, 葉 ``~``, 鋅 a backslash). What a message says of its characters, MSH-18, is
often empty and often wrong. So, each strictly, and the first that fits:

    1  a byte order mark
    2  what MSH-18 says, each of its repetitions
    3  what is agreed with the source
    4  GB18030
    -  CharsetError: kept as it came, for a person to look at; so too where MSH-18 names a character set of table 0211
       that cannot be read here, since the bytes would often pass for another

A text that is UTF-8 beyond doubt is read as that, whatever its label: nearly any bytes can be taken for GB18030.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lightwell.standards.hl7.errors import CharsetError
from lightwell.standards.hl7.header import BOM, read_header, read_header_bytes

UTF_8: Final = "UNICODE UTF-8"
GB_18030: Final = "GB 18030-2000"

# Table 0211: term → codec.
_CODECS: Final[Mapping[str, str]] = {
    "ASCII": "ascii",
    "8859/1": "iso8859_1",
    "8859/2": "iso8859_2",
    "8859/3": "iso8859_3",
    "8859/4": "iso8859_4",
    "8859/5": "iso8859_5",
    "8859/6": "iso8859_6",
    "8859/7": "iso8859_7",
    "8859/8": "iso8859_8",
    "8859/9": "iso8859_9",
    "8859/15": "iso8859_15",
    "ISO IR14": "shift_jis",
    "ISO IR87": "iso2022_jp",
    "ISO IR159": "iso2022_jp_1",
    GB_18030: "gb18030",
    "KS X 1001": "euc_kr",
    "BIG-5": "big5hkscs",
    UTF_8: "utf_8",
}
# What senders write instead, letters and digits only.
_MEANT: Final[Mapping[str, str]] = {
    **{re.sub("[^A-Z0-9]", "", term): term for term in _CODECS},
    **dict.fromkeys(("USASCII", "ISOIR6"), "ASCII"),
    **{f"ISO8859{part}": f"8859/{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
    **dict.fromkeys(("GB18030", "GBK", "GB2312", "GB231280", "CP936"), GB_18030),
    **dict.fromkeys(("UTF8", "UNICODE"), UTF_8),
    **dict.fromkeys(("BIG5HKSCS", "CP950"), "BIG-5"),
}
_UNREADABLE: Final = frozenset(("CNS116431992", "UNICODEUTF16", "UNICODEUTF32", "ISOIR149", "ISOIR202"))
_CONTROLS: Final = re.compile("[\x80-\x9f]")
_TWO_BYTES: Final = re.compile("[\x80-\xb6\xb8-\u07ff]")  # all but the middle dot in names: 买买提·艾力
_THREE_BYTES: Final = re.compile("[\u0800-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class DecodedMessage:
    """The text of a message, and how it was read: ``charset`` is the term of table 0211 that fitted."""

    text: str
    charset: str
    declared: tuple[str, ...]
    is_mislabelled: bool

    @property
    def codec(self) -> str:
        """Return Python's name of the character set."""
        return codec_of(self.charset)


def codec_of(charset: str) -> str:
    """Return the codec of a term of table 0211, or of what senders write for one."""
    term = _term(charset)
    if term is None:
        msg = f"expected a character set of HL7 table 0211, {charset!r} came"
        raise CharsetError(msg)
    return _CODECS[term]


def decode_message(raw: bytes, default: str = UTF_8) -> DecodedMessage:
    """Read a whole message; ``default`` is what is agreed with its source, for messages that do not say."""
    labels = read_header_bytes(raw).character_sets
    if not raw.isascii() and any(_plain(label) in _UNREADABLE for label in labels):
        msg = f"expected a character set that can be read here, {', '.join(labels)} came; send as {UTF_8} or {GB_18030}"
        raise CharsetError(msg)
    for charset in _ladder(raw, labels, default):
        text = _read(raw, charset)
        if text is not None:
            return _checked(text.removeprefix(BOM).lstrip(), charset)
    msg = f"expected text in {', '.join(labels) or default} or {GB_18030}, the bytes are in none of them"
    raise CharsetError(msg)


def encode_message(text: str, charset: str) -> bytes:
    """Return the bytes of a message; CharsetError if the character set lacks a character of it."""
    try:
        return text.encode(codec_of(charset))
    except UnicodeEncodeError as error:
        msg = f"expected characters of {charset}, U+{ord(text[error.start]):04X} is none; send as {UTF_8} or {GB_18030}"
        raise CharsetError(msg) from None


def _ladder(raw: bytes, labels: tuple[str, ...], default: str) -> Iterator[str]:
    if raw.startswith(BOM.encode()) or _is_surely_utf_8(raw):
        yield UTF_8
    yield from filter(None, map(_term, labels))
    yield _term(default) or UTF_8
    yield GB_18030


def _term(label: str) -> str | None:
    return _MEANT.get(_plain(label))


@lru_cache(maxsize=256)
def _plain(label: str) -> str:
    return re.sub("[^A-Z0-9]", "", label.upper())


def _read(raw: bytes, charset: str) -> str | None:
    try:
        text = raw.decode(_CODECS[charset])
    except UnicodeDecodeError:
        return None
    return None if charset.startswith("8859/") and _CONTROLS.search(text) else text


def _is_surely_utf_8(raw: bytes) -> bool:
    """Whether bytes have the order of UTF-8, and are not just daily Chinese (GB2312) that happens to have it too."""
    text = None if raw.isascii() else _read(raw, UTF_8)
    has_its_order = text is not None and _THREE_BYTES.search(text) and not _TWO_BYTES.search(text)
    return bool(has_its_order) and not _is_daily_chinese(raw)


def _is_daily_chinese(raw: bytes) -> bool:
    try:
        raw.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


def _checked(text: str, charset: str) -> DecodedMessage:
    """Compare with MSH-18 as it reads now; on bytes, a character before it may have cut it wrongly."""
    declared = read_header(text).character_sets
    is_mislabelled = bool(declared) and charset not in map(_term, declared) and not text.isascii()
    return DecodedMessage(text, charset, declared, is_mislabelled)
