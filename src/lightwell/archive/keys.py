"""Search keys: what a study can be found by, as rows of a B-tree.

Row-level security lets only leakproof operators use an index, so a search is ``=`` or a range over keys that were made
beforehand: a prefix is the range from itself to itself with the last code point behind. A name gives a key for every
place at which a search may begin: each word of an alphabetic name, each character of an ideographic one.
"""

from collections.abc import Iterator
from typing import Final

from lightwell.archive.model import StudyAttributes

PATIENT_ID: Final = "patient_id"
ACCESSION_NUMBER: Final = "accession_number"
PATIENT_NAME: Final = "patient_name"
_LONGEST: Final = 64
_FIRST_IDEOGRAPH: Final = "\u2e80"
_LAST: Final = "\U0010ffff"


def normalise(text: str) -> str:
    """Return text as keys are written: lower case, components of a name parted by single blanks."""
    return " ".join(text.replace("^", " ").casefold().split())[:_LONGEST]


def keys_of(study: StudyAttributes) -> set[tuple[str, str]]:
    """Return the (kind, key) pairs of a study."""
    pairs = {(PATIENT_ID, normalise(study.patient_id)), (ACCESSION_NUMBER, normalise(study.accession_number))}
    pairs |= {(PATIENT_NAME, key) for key in _name_keys(study.patient_name)}
    return {(kind, key) for kind, key in pairs if key}


def _name_keys(name: str) -> Iterator[str]:
    for group in name.split("="):
        text = normalise(group)
        yield from _starts(text)
        if _is_ideographic(text):
            together = text.replace(" ", "")
            yield from (together[place:] for place in range(len(together)))


def _starts(text: str) -> Iterator[str]:
    words = text.split(" ")
    yield from (" ".join(words[place:]) for place in range(len(words)))


def _is_ideographic(text: str) -> bool:
    return any(character >= _FIRST_IDEOGRAPH for character in text)


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return [from, to) of the keys that begin with a prefix, in code point order."""
    return prefix, prefix + _LAST
