"""A message as a person reads and corrects it: each segment a line, in characters; and back to the bytes it came in."""

from dataclasses import dataclass
from typing import Final

from lightwell.core.errors import InvalidRequest
from lightwell.standards.hl7.charset import decode_message, encode_message
from lightwell.standards.hl7.errors import Hl7Error
from lightwell.standards.hl7.header import read_header

_MARK: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a message; where its characters cannot be told, what cannot is shown as a mark, and ``fault`` why."""

    text: str
    charset: str
    fault: str = ""


def show(raw: bytes, default: str) -> Shown:
    """Return a message as a person reads it; ``default`` is the character set that is agreed with its system."""
    try:
        decoded = decode_message(raw, default)
    except Hl7Error as error:
        return Shown(_lines(raw.decode("gb18030", "replace")), "", str(error))
    return Shown(_lines(decoded.text), decoded.charset)


def encode(text: str, original: bytes, default: str) -> bytes:
    """Return the bytes of a corrected text: in the characters that it declares itself, else in those of the original.

    Raises:
        InvalidRequest: it is no message, its character set lacks a character of it, or a mark stands in it for some.
    """
    if _MARK in text:
        message = (
            f"expected the characters themselves, the mark {_MARK} came, which stands for some that cannot be told"
        )
        raise InvalidRequest(message)
    lines = text.replace("\r\n", "\n").replace("\n", "\r").strip("\r") + "\r"
    try:
        declared = read_header(lines).character_sets
        charset = next(iter(declared), "") or show(original, default).charset or default
        return encode_message(lines, charset)
    except Hl7Error as error:
        raise InvalidRequest(str(error)) from error


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
