"""What a system that is told says to a message, and what becomes of that: taken, tried again, or left to a person."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from lightwell.core.errors import LightwellError
from lightwell.standards.fhir.errors import FhirError
from lightwell.standards.hl7.ack import Answer, Reason, read_ack
from lightwell.standards.hl7.errors import Hl7Error, MessageError
from lightwell.standards.hl7.header import read_header_bytes
from lightwell.standards.hl7.message import parse_message

MOST_REFUSALS: Final = 70
"""Refusals of the moment; with the pauses between them, an hour and more."""
MOST_UNSAID: Final = 10
"""Refusals that give no reason."""
_MOST_REASON: Final = 400


class Outcome(NamedTuple):
    """What became of a try: ``sent``, ``failed`` or ``waiting``, why, what was answered, and whether it was refused."""

    state: str
    reason: str = ""
    answer: bytes | None = None
    is_refused: bool = False


def answers(raw: bytes, control_id: str, *, is_alone: bool) -> bool:
    """Tell whether something is the answer to a message: any other is late, or another's.

    A system that could not read the message does not know its number, and refuses it without (MSA-2 is empty): that
    counts where no other message can be meant.
    """
    try:
        answer = _answer(raw)
    except MessageError:
        return False
    return answer.control_id == control_id or (is_alone and not answer.control_id and not answer.code.is_accept)


def outcome(raw: bytes, refusals: int) -> Outcome:
    """Return what becomes of a message by its answer, after so many refusals of the moment.

    Raises:
        MessageError: it is none, see :func:`answers`.
    """
    answer = _answer(raw)
    if answer.code.is_accept:
        return Outcome("sent", answer=raw)
    is_unsaid = not answer.reasons and answer.code.value.endswith("E")
    is_again = refusals + 1 < (MOST_UNSAID if is_unsaid else MOST_REFUSALS)
    is_for_the_moment = answer.is_for_the_moment or is_unsaid
    state = "waiting" if is_for_the_moment and is_again else "failed"
    return Outcome(state, " ".join(_words(answer)), raw, is_refused=True)


def reason_of(error: Exception) -> str:
    """Return what an operator reads: errors of ours hold no patient's data, of others only the kind is told."""
    if isinstance(error, LightwellError | Hl7Error | FhirError):
        return str(error)[:_MOST_REASON]
    return f"a fault of ours: {type(error).__name__}"


def _answer(raw: bytes) -> Answer:
    """Read an answer by its codes, which are ASCII in every character set; its words are for a person to read."""
    _ = read_header_bytes(raw)
    return read_ack(parse_message(raw.decode("latin-1")))


def _words(answer: Answer) -> Iterator[str]:
    """Yield code, reason and place of a refusal; what the peer says in words may hold a patient's data."""
    yield answer.code.value
    for reason in answer.reasons:
        name = _NAMES.get(reason)
        yield f"{reason} {name}" if name else "a reason of their own"
    if answer.place:
        yield f"({answer.place})"


_NAMES: Final = {str(reason.value): reason.name.replace("_", " ").lower() for reason in Reason}
