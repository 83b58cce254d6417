"""The bytes of a message to what is kept with them: what it says of itself, which patients it is about, what is wrong.

Nothing here refuses to keep a message. One that cannot be read, or that nobody here makes part of the record, is kept
with the reason, for a person to look at.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Final

from lightwell.clinical.hl7.elements import numbers_of
from lightwell.clinical.hl7.model import Source
from lightwell.clinical.keys import hashed
from lightwell.clinical.numbers import Number
from lightwell.standards.hl7.ack import Problem, Reason
from lightwell.standards.hl7.charset import decode_message
from lightwell.standards.hl7.errors import CharsetError, MessageError
from lightwell.standards.hl7.escapes import Delimiters
from lightwell.standards.hl7.header import Header, read_header_bytes
from lightwell.standards.hl7.message import Message, parse_message

LATIN_1: Final = "8859/1"
NO_HEADER: Final = Header(Delimiters(), ("MSH", "|"))
# Fields that hold the numbers of patients: their own, and those that are given up (A40, A47).
_NUMBERS: Final = (("PID", 3), ("MRG", 1))


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of a message; ``charset`` is what its answer travels in."""

    header: Header
    charset: str = LATIN_1
    keys: tuple[int, ...] = ()
    problem: Problem | None = None

    @property
    def kind(self) -> str:
        """Return MSH-9 as ``ADT^A01``."""
        return f"{self.header.message_code}^{self.header.trigger_event}".rstrip("^")


def peek(raw: bytes) -> Header | None:
    """Return MSH as its bytes say it, or None if there is none."""
    try:
        return read_header_bytes(raw)
    except MessageError:
        return None


def read(raw: bytes, source: Source, known: Container[str]) -> Reading:
    """Read a message of a source; ``known`` are the kinds that are made part of the record."""
    header = peek(raw)
    if header is None:
        text = "expected a message that begins with MSH and its delimiters, something else came"
        return Reading(NO_HEADER, problem=Problem(Reason.SEGMENT_SEQUENCE, text, "MSH"))
    try:
        decoded = decode_message(raw, source.charset)
        message = parse_message(decoded.text, decoded.codec)
    except (CharsetError, MessageError) as error:
        return Reading(header, problem=Problem(Reason.DATA_TYPE, str(error), "MSH", field=18))
    reading = Reading(message.header, decoded.charset, keys_of(message, source))
    return replace(reading, problem=_unknown(reading, known))


def keys_of(message: Message, source: Source) -> tuple[int, ...]:
    """Return 64 bits of each patient's number in a message; of none, what keeps those of a source in order."""
    numbers: set[Number] = set()
    for segment in message:
        numbers.update(*(numbers_of(segment[place], source.issuer) for name, place in _NUMBERS if name == segment.name))
    return tuple(sorted(number.key for number in numbers)) or (hashed("source", str(source.id)),)


def _unknown(reading: Reading, known: Container[str]) -> Problem | None:
    if reading.kind in known:
        return None
    text = (
        f"{reading.kind[:32] or 'a message without MSH-9'} is not made part of the record here; it is kept as it came"
    )
    is_event = reading.header.message_code in {"ADT", "ORM", "OML", "OMI", "ORU", "SIU", "RDE", "RDS", "RAS", "MDM"}
    code = Reason.UNSUPPORTED_EVENT_CODE if is_event else Reason.UNSUPPORTED_MESSAGE_TYPE
    return Problem(code, text, "MSH", field=9)


def read_message(raw: bytes, source: Source) -> Message:
    """Read a message that was read before.

    Raises:
        MessageError: it is none.
        CharsetError: its characters cannot be told.
    """
    decoded = decode_message(raw, source.charset)
    return parse_message(decoded.text, decoded.codec)
