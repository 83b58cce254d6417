"""What a series was made for: the steps and procedures that were requested (PS3.3 10.6, Request Attributes Sequence).

A series may answer several requests, an item each. The index keeps them as DICOM writes several values, parted by
backslashes, in the order of the items; neither identifier can hold one.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import Final, NamedTuple

from lightwell.standards.dicom.errors import DataSetError
from lightwell.standards.dicom.nested import items
from lightwell.standards.dicom.uids import TransferSyntax

SEQUENCE: Final = 0x0040_0275
STEP_ID: Final = 0x0040_0009
PROCEDURE_ID: Final = 0x0040_1001
KEYWORDS: Final = {STEP_ID: "ScheduledProcedureStepID", PROCEDURE_ID: "RequestedProcedureID"}
_MOST: Final = 100
_LONGEST_REMEMBERED: Final = 1 << 14

Decode = Callable[[bytes], str]


class Request(NamedTuple):
    """An item of the sequence; what it does not say is empty."""

    step_id: str
    procedure_id: str


def read(raw: bytes, syntax: TransferSyntax, decode: Decode) -> tuple[str, str]:
    """Return the step IDs and the procedure IDs of a sequence; one that cannot be read says nothing."""
    parse = _remembered if len(raw) <= _LONGEST_REMEMBERED else _parse
    found = parse(raw, syntax)
    steps, procedures = ([_one(decode(pair[place])) for pair in found] for place in (0, 1))
    return "\\".join(steps) if any(steps) else "", "\\".join(procedures) if any(procedures) else ""


def _one(text: str) -> str:
    return text.partition("\\")[0].strip()


def _parse(raw: bytes, syntax: TransferSyntax) -> tuple[tuple[bytes, bytes], ...]:
    try:
        found = items(SEQUENCE, raw, syntax, frozenset(KEYWORDS))[:_MOST]
    except DataSetError:  # the image is good without; whoever wants to see the bytes has them
        return ()
    return tuple((item.get(STEP_ID, b""), item.get(PROCEDURE_ID, b"")) for item in found)


_remembered = lru_cache(256)(_parse)


def of(step_ids: str, procedure_ids: str) -> Iterator[Request]:
    """Yield the requests that the index keeps of a series."""
    steps, procedures = (text.split("\\") if text else [] for text in (step_ids, procedure_ids))
    yield from (Request(*pair) for pair in zip_longest(steps, procedures, fillvalue=""))
