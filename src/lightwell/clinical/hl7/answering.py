"""What is answered to a message (2.9): one rule for what it means, in either mode.

    it is kept, and goes into the record                    AA    CA    and AA where MSH-16 asks for it
    it is kept, and a person has to look at it              AE    CE
    it is not kept: from nobody known, or too long          AR    CR

In original mode AA is said when the message is safe and could be read; what fails later is in the operator's queue.
"""

import secrets
from typing import Final

from lightwell.clinical.hl7.reading import LATIN_1, Reading
from lightwell.core import clock, metrics
from lightwell.standards.hl7.ack import (
    Code,
    Problem,
    is_application_answer_wanted,
    is_commit_answer_wanted,
    make_ack,
)
from lightwell.standards.hl7.charset import encode_message
from lightwell.standards.hl7.errors import CharsetError

_ACCEPT: Final = (Code.COMMIT_ACCEPT, Code.APPLICATION_ACCEPT)
_ERROR: Final = (Code.COMMIT_ERROR, Code.APPLICATION_ERROR)
_REJECT: Final = (Code.COMMIT_REJECT, Code.APPLICATION_REJECT)


def accept(reading: Reading, *, is_enhanced: bool) -> tuple[bytes, ...]:
    """Return the answers to a message that is kept and goes into the record."""
    return _answers(reading, _ACCEPT, None, is_enhanced=is_enhanced)


def keep_aside(reading: Reading, problem: Problem, *, is_enhanced: bool) -> tuple[bytes, ...]:
    """Return the answers to a message that is kept for a person to look at."""
    return _answers(reading, _ERROR, problem, is_enhanced=is_enhanced)


def refuse(reading: Reading, problem: Problem) -> tuple[bytes, ...]:
    """Return the answers to a message that is not kept."""
    return _answers(reading, _REJECT, problem, is_enhanced=False)


def _answers(
    reading: Reading, codes: tuple[Code, Code], problem: Problem | None, *, is_enhanced: bool
) -> tuple[bytes, ...]:
    commit, application = codes
    if not reading.header.is_enhanced:
        return (_answer(reading, commit if is_enhanced else application, problem),)
    wanted = [commit] if is_commit_answer_wanted(reading.header, commit) else []
    if is_application_answer_wanted(reading.header, application) and (commit.is_accept or not wanted):
        wanted.append(application)
    return tuple(_answer(reading, code, problem) for code in wanted)


def _answer(reading: Reading, code: Code, problem: Problem | None) -> bytes:
    metrics.ANSWERS.labels(code.value).inc()
    problems = [problem] if problem is not None else []
    text = make_ack(reading.header, code, problems, control_id=secrets.token_hex(10), at=clock.now())
    try:
        return encode_message(text, reading.charset)
    except CharsetError:  # what the answer quotes does not fit: say it without
        return text.encode("ascii", "replace") if reading.charset != LATIN_1 else text.encode("latin-1", "replace")
