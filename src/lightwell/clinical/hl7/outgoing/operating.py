"""What an operator does about messages that another system refused: sends them again, or a corrected text of them.

A corrected message is another beside the one that was refused, which stays as it was made and says so.
"""

import secrets

from lightwell.clinical.hl7 import troubled
from lightwell.clinical.hl7.outgoing.composing import CONTROL_BYTES
from lightwell.clinical.store import interfaces as store
from lightwell.core.errors import Conflict, InvalidRequest
from lightwell.core.tx import Tx
from lightwell.standards.hl7.charset import decode_message
from lightwell.standards.hl7.errors import Hl7Error
from lightwell.standards.hl7.header import read_header
from lightwell.standards.hl7.message import parse_message
from lightwell.standards.hl7.mllp import frame

_CONTROL_ID = 9
"""The place of MSH-10 among what stands between the separators: the first of those is a field itself."""


async def resend(tx: Tx, *numbers: int) -> int:
    """Have messages sent again, before those that came after them; return how many that were.

    They are made anew, since what was wrong may have been what is agreed with the system; a text that a person has
    corrected goes as it is.

    Raises:
        NotFound: none of them failed, or their systems are told no more.
        Conflict: of one a newer version was sent already.
    """
    rows = await (await tx.connection.execute(store.RESEND, {"ids": list(numbers)})).fetchall()
    troubled.require(rows)
    await _require_newest(tx, [number for number, _ in rows], "sent")
    await troubled.note(tx, "out", "resent", rows)
    return len(rows)


async def edit_and_resend(tx: Tx, number: int, corrected: bytes) -> int:
    """Have a corrected text of a message sent after all others that wait; return the number under which it is kept.

    Raises:
        InvalidRequest: the corrected text is no message, or has no control ID that can be told in an answer.
        NotFound: its system is told no more.
        Conflict: the message waits for nobody any more, or a newer version was told, or waits for that.
    """
    control_id = _control_id(corrected)
    await troubled.correct(tx, "out", number)
    await _require_newest(tx, [number], "sent", "waiting", "failed")
    taken = (await troubled.read(tx, "out", number)).about.control_id
    if control_id == taken:  # the system may answer to what it knows without looking at it
        control_id = secrets.token_hex(CONTROL_BYTES)
        corrected = _renamed(corrected, control_id)
    values = {"id": number, "control_id": control_id, "raw": corrected}
    row = await (await tx.connection.execute(store.SEND_CORRECTED, values)).fetchone()
    troubled.require(row or ())
    return int(row[0]) if row else 0


async def _require_newest(tx: Tx, numbers: list[int], *states: str) -> None:
    values = {"ids": numbers, "states": list(states)}
    rows = await (await tx.connection.execute(store.SUPERSEDED, values)).fetchall()
    if rows:
        listed = ", ".join(str(row[0]) for row in rows)
        message = f"a newer version of what message {listed} tells was sent, or is to be; the older one would undo it"
        raise Conflict(message)


def _control_id(raw: bytes) -> str:
    try:
        frame(raw)
        decoded = decode_message(raw)
        control_id = parse_message(decoded.text, decoded.codec).header.control_id
    except Hl7Error as error:
        raise InvalidRequest(str(error)) from error
    if not (control_id and control_id.isascii() and control_id.isprintable()):
        message = "expected a message with a control ID (MSH-10) in ASCII, by which its answer is known; none is there"
        raise InvalidRequest(message)
    return control_id


def _renamed(raw: bytes, control_id: str) -> bytes:
    """Return a message under another control ID."""
    decoded = decode_message(raw)
    begin, end, rest = decoded.text.partition("\r")
    mark = read_header(decoded.text).delimiters.field
    fields = begin.split(mark)
    fields[_CONTROL_ID] = control_id
    return (mark.join(fields) + end + rest).encode(decoded.codec)
