"""Search keys: what a study can be found by, as rows of a B-tree.

Row-level security lets only leakproof operators use an index, so a search is ``=`` or a range over keys that were made
beforehand: a prefix is the range from itself to itself with the last code point behind. A name gives a key for every
place at which a search may begin: each word of an alphabetic name, each character of an ideographic one, in hanzi, in
pinyin and as initials. 张三 is found by 三, zhang s, zhangsan and zs.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from lightwell.archive.requests import Request
from lightwell.core.pinyin import starts, typed

PATIENT_ID: Final = "patient_id"
ACCESSION_NUMBER: Final = "accession_number"
PATIENT_NAME: Final = "patient_name"
STEP_ID: Final = "scheduled_procedure_step_id"
PROCEDURE_ID: Final = "requested_procedure_id"
REQUEST_KEYS: Final = {"ScheduledProcedureStepID": STEP_ID, "RequestedProcedureID": PROCEDURE_ID}
_LONGEST: Final = 64
_LAST: Final = "\U0010ffff"


def normalise(text: str) -> str:
    """Return text as keys are written: lower case, components of a name parted by single blanks."""
    return " ".join(text.replace("^", " ").casefold().split())[:_LONGEST]


def keys_of(patient_id: str, accession_number: str, patient_name: str) -> set[tuple[str, str]]:
    """Return the (kind, key) pairs of a study."""
    pairs = {(PATIENT_ID, normalise(patient_id)), (ACCESSION_NUMBER, normalise(accession_number))}
    pairs |= {(PATIENT_NAME, key) for key in _name_keys(patient_name)}
    return {(kind, key) for kind, key in pairs if key}


def request_keys(requests: Iterable[Request]) -> set[tuple[str, str]]:
    """Return the (kind, key) pairs of what series of a study were requested as."""
    pairs = {pair for step, procedure in requests for pair in ((STEP_ID, step), (PROCEDURE_ID, procedure))}
    return {(kind, normalise(text)) for kind, text in pairs if text.strip()}


def _name_keys(name: str) -> Iterator[str]:
    for group in name.split("="):
        text = normalise(group)
        yield from starts(text.split(" "))
        yield from typed(text)


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return [from, to) of the keys that begin with a prefix, in code point order."""
    return prefix, prefix + _LAST
