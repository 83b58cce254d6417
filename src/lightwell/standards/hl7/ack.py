"""The answer to a message (2.9).

    original mode   MSH-15 and MSH-16 empty     one answer when all is done        AA  AE  AR
    enhanced mode   either is filled            kept, asked for by MSH-15          CA  CE  CR
                                                done, asked for by MSH-16          AA  AE  AR

*Accept* means: it is ours now, you need not send it again. *Error* is about what the message says, *reject* about what
it is: a type or version that is not taken. What is wrong is told in ERR, with a place, a code of table 0357 and a text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final

from lightwell.standards.hl7.errors import MessageError
from lightwell.standards.hl7.escapes import escape
from lightwell.standards.hl7.header import Header
from lightwell.standards.hl7.message import Message, Segment
from lightwell.standards.hl7.times import write_moment

_WHEN: Final = {"AL": (True, True), "NE": (False, False), "ER": (False, True), "SU": (True, False)}
_ERR_OF_TODAY: Final = (2, 5)
_MOST_CHARACTERS: Final = 250
_SEGMENTS: Final = frozenset(
    ("MSH", "EVN", "PID", "PV1", "PV2", "ORC", "OBR", "TQ1", "NTE", "OBX", "RXA", "RXO", "RXR", "SPM", "TXA")
)
"""Those of messages that are sent from here."""
_FIELD: Final = re.compile("[0-9]{1,3}")


class Code(StrEnum):
    """MSA-1 (table 0008)."""

    APPLICATION_ACCEPT = "AA"
    APPLICATION_ERROR = "AE"
    APPLICATION_REJECT = "AR"
    COMMIT_ACCEPT = "CA"
    COMMIT_ERROR = "CE"
    COMMIT_REJECT = "CR"

    @property
    def is_accept(self) -> bool:
        """Whether all is well."""
        return self.value.endswith("A")


class Reason(IntEnum):
    """What is wrong (table 0357)."""

    SEGMENT_SEQUENCE = 100
    REQUIRED_FIELD_MISSING = 101
    DATA_TYPE = 102
    TABLE_VALUE_NOT_FOUND = 103
    UNSUPPORTED_MESSAGE_TYPE = 200
    UNSUPPORTED_EVENT_CODE = 201
    UNSUPPORTED_PROCESSING_ID = 202
    UNSUPPORTED_VERSION_ID = 203
    UNKNOWN_KEY_IDENTIFIER = 204
    DUPLICATE_KEY_IDENTIFIER = 205
    APPLICATION_RECORD_LOCKED = 206
    APPLICATION_INTERNAL_ERROR = 207


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where: segment, its number among those of its name, field; 0 where no field is meant."""

    reason: Reason
    text: str
    segment: str = ""
    sequence: int = 1
    field: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer says to a message of ours: how, to which, and what is wrong, as codes of table 0357 and a place."""

    code: Code
    control_id: str
    reasons: tuple[str, ...] = ()
    place: str = ""

    @property
    def is_for_the_moment(self) -> bool:
        """Whether the same message may be taken later: a record is locked, or the peer itself has trouble."""
        return bool(self.reasons) and all(reason in _FOR_THE_MOMENT for reason in self.reasons)


_FOR_THE_MOMENT: Final = {str(Reason.APPLICATION_RECORD_LOCKED.value), str(Reason.APPLICATION_INTERNAL_ERROR.value)}


def read_ack(message: Message) -> Answer:
    """Read an answer of any version; MessageError if it is none.

    What is wrong stands in ERR-3 with a place in ERR-2; before 2.5 in ERR-1, and before 2.4 in MSA-6.
    """
    msa = message["MSA"]
    try:
        code = Code(msa[1].text.strip().upper())
    except ValueError:
        msg = "expected an acknowledgement code of table 0008 in MSA-1, something else came"
        raise MessageError(msg) from None
    errors = message.all("ERR")
    reasons = [*(_reason(err) for err in errors), msa[6].text]
    places = [_place(err) for err in errors]
    return Answer(code, msa[2].text, tuple(filter(None, reasons)), next(filter(None, places), ""))


def _reason(err: Segment) -> str:
    return err[3].text or err[1].first.subcomponents(4)[0]


def _place(err: Segment) -> str:
    """Return where it is wrong as ``PID-3``: ERR-2 is segment, sequence, field; ERR-1 of older versions likewise.

    Some write words there, which may quote a patient's data (SUN is a name): what is no segment is left out.
    """
    value = err[2] if not err[2].is_empty else err[1]
    if value[1] not in _SEGMENTS:
        return ""
    return f"{value[1]}-{value[3]}" if _FIELD.fullmatch(value[3]) else value[1]


def is_commit_answer_wanted(header: Header, code: Code) -> bool:
    """Whether the sender waits for CA, CE or CR (MSH-15)."""
    return header.is_enhanced and _wants(header.text(15) or "NE", code)


def is_application_answer_wanted(header: Header, code: Code) -> bool:
    """Whether the sender waits for AA, AE or AR (MSH-16); in original mode always."""
    return not header.is_enhanced or _wants(header.text(16) or "NE", code)


def make_ack(header: Header, code: Code, problems: Sequence[Problem], *, control_id: str, at: datetime) -> str:
    """Return the answer to a message, as text that travels in the character set in which the message came.

    Of a message that could not be decoded ``header`` is what ``read_header_bytes`` read; the answer then travels in
    ISO 8859-1, which gives back the bytes of its control ID.
    """
    if not code.is_accept and not problems:
        msg = f"expected what is wrong along with {code}, nothing came"
        raise ValueError(msg)
    mark = header.delimiters.field
    msa = [code.value, header.control_id, _short(problems[0].text, header) if problems else ""]
    lines = [_msh(header, control_id, at), ["MSA", *msa], *(_err(header, problem) for problem in problems)]
    return "".join(mark.join(line).rstrip(mark) + "\r" for line in lines)


def _wants(condition: str, code: Code) -> bool:
    on_success, on_error = _WHEN.get(condition, (True, True))
    return on_success if code.is_accept else on_error


def _msh(header: Header, control_id: str, at: datetime) -> list[str]:
    """Turn sender and receiver around; trigger, processing ID, version and character set are those of the message."""
    structure = header.delimiters.component.join(part for part in ("ACK", header.trigger_event, "ACK") if part)
    kind = structure if header.trigger_event else "ACK"
    begin = ["MSH", header.delimiters.encoding_characters, *(header.text(number) for number in (5, 6, 3, 4))]
    middle = [write_moment(at), "", kind, control_id, header.text(11), header.text(12)]
    return [*begin, *middle, "", "", "", "", "", header.text(18)]


def _err(header: Header, problem: Problem) -> list[str]:
    """Return ERR; before version 2.5 it had one field, with the code in its fourth component."""
    component, subcomponent = header.delimiters.component, header.delimiters.subcomponent
    code = str(problem.reason.value)
    name = problem.reason.name.replace("_", " ").capitalize()
    place = [problem.segment, str(problem.sequence), *([str(problem.field)] if problem.field else [])]
    if _version(header) < _ERR_OF_TODAY:
        place = [problem.segment, str(problem.sequence), str(problem.field or "")]
        return ["ERR", component.join([*place, subcomponent.join([code, name, "HL70357"])])]
    location = component.join(place) if problem.segment else ""
    return ["ERR", "", location, component.join([code, name, "HL70357"]), "E", "", "", "", _short(problem.text, header)]


def _short(text: str, header: Header) -> str:
    return escape(text[:_MOST_CHARACTERS], header.delimiters)


def _version(header: Header) -> tuple[int, ...]:
    """Return e.g. (2, 5, 1); what cannot be read counts as new."""
    parts = header.version_id.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else _ERR_OF_TODAY
