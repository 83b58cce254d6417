"""Whether a text is GBK or UTF-8 under a wrong label: the doubt of :mod:`charset`.

Nearly any bytes can be read as GBK, so that they can is no proof. What tells Chinese from Western text:

    - GB2312, which holds what is written daily, has both bytes of a hanzi above A0, and two such bytes in a row hardly
      ever occur in a Western name: Müller has FC 6C, Gonçalves E7 61
    - its level 1, rows B0 to D7, holds the 3,755 most common hanzi; half of a real text or more comes from there
    - a hanzi does not stand inside a Western word: CRÂÑE, not CR卵E
    - bytes 80 to 9F are no letters of ISO 8859-1 at all

UTF-8 has so much order in itself that valid UTF-8 with characters of three bytes is UTF-8.
"""

import re
from dataclasses import dataclass
from typing import Final

_HANZI: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_STRANGE: Final = re.compile("[\x80-\xa6\ue000-\uf8ff\ufff0-\uffff]")
_IN_WORD: Final = re.compile("[A-Za-z][^\x00-\x7f]+[A-Za-z]|[a-z][^\x00-\x7f]")
_ONE_SCRIPT: Final = re.compile(
    "[\u00c0-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b]+|[\u0384-\u03ce]+|[\u0400-\u045f]+|[\u05d0-\u05ea]+|[\u0620-\u06d3]+"
)
_ENOUGH_LETTERS: Final = 3
_UNWRITTEN: Final = re.compile(
    "[\u0080-\u009f\u00ad\u0180-\u019f\u01a2-\u01ae\u01b1-\u01cc\u0221-\u036f\u0370-\u0383\u0483-\u058f\u0700-\u07ff]"
)
_NOT_LATIN: Final = re.compile(rb"[\x80-\x9f]")
_LEVEL_1: Final = range(0xB0, 0xD8)
_FIRST_OF_THREE_BYTES: Final = "\u0800"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a text would be if it were Chinese."""

    hanzi: int
    daily: int  # in GB2312
    common: int  # in its level 1
    is_in_word: bool
    is_strange: bool


def _judge(text: str) -> _Reading:
    hanzi = _HANZI.findall(text)
    leads = [raw[0] for raw in (character.encode("gb2312", "ignore") for character in hanzi) if raw]
    common = sum(lead in _LEVEL_1 for lead in leads)
    return _Reading(len(hanzi), len(leads), common, bool(_IN_WORD.search(text)), bool(_STRANGE.search(text)))


def _read(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_chinese(reading: _Reading, raw: bytes) -> bool:
    if reading.is_strange or not reading.hanzi:
        return False
    if reading.hanzi > 1 and not reading.is_in_word and _NOT_LATIN.search(raw):
        return True
    if not reading.daily or 2 * reading.common < reading.hanzi:
        return False
    return not reading.is_in_word or reading.daily > 1


def guess_multi_byte(raw: bytes) -> str | None:
    """Return the text if it is believable UTF-8 or GBK, else None."""
    utf8 = _read(raw, "utf-8")
    letters = "" if utf8 is None else _letters(utf8)
    if utf8 is not None and (is_beyond_two_bytes(utf8) or len(letters) >= _ENOUGH_LETTERS):
        return utf8
    gbk = _read(raw, "gb18030")
    reading = None if gbk is None else _judge(gbk)
    if reading is not None and _is_chinese(reading, raw) and not (letters and reading.is_in_word):
        return gbk
    return utf8 if letters else None


def is_beyond_two_bytes(utf8: str) -> bool:
    """Whether a text has characters of three bytes in UTF-8, which does not happen by chance."""
    return max(utf8) >= _FIRST_OF_THREE_BYTES and not _judge(utf8).is_strange


def _letters(text: str) -> str:
    """Return what is not ASCII, if it is letters of one script."""
    high = "".join(character for character in text if not character.isascii())
    return high if _ONE_SCRIPT.fullmatch(high) else ""


def is_doubtful_utf8(text: str) -> bool:
    """Whether a text is valid UTF-8 by chance, e.g. 头颅 in GBK: signs of two bytes that nobody writes."""
    return max(text) < _FIRST_OF_THREE_BYTES and _UNWRITTEN.search(text) is not None


def is_better_utf8(raw: bytes) -> bool:
    """Whether a text labelled GB18030 is rather UTF-8: as such more of its hanzi are common ones."""
    utf8 = _read(raw, "utf-8")
    if utf8 is None or max(utf8) < _FIRST_OF_THREE_BYTES:
        return False
    gbk = _read(raw, "gb18030")
    if gbk is None:
        return True
    ours, theirs = _judge(utf8), _judge(gbk)
    return theirs.is_strange or ours.common * theirs.hanzi > theirs.common * ours.hanzi
