"""Why files wait in quarantine: a text for logs and senders, and a code for pages that have words of their own.

A code is kept with the file and never changes its meaning; the numbers of a fault are beside it, by name.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Self

from lightwell.standards.dicom.errors import CutShort, DicomError

CODES: Final = frozenset(
    {
        "empty",
        "silent",
        "untrusted",
        "before",
        "unreadable",
        "cut_short",
        "no_pixels",
        "pixels_cut_short",
        "fragments_expected",
        "no_fragments_expected",
        "no_instance_uid",
        "other_instance",
        "other_class",
        "other_study",
    }
)
_NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


class Fault(str):
    """A fault in words, with its code and its numbers; an empty one is none."""

    __slots__ = ("code", "numbers")
    code: str
    numbers: Mapping[str, int]

    def __new__(cls, text: str = "", code: str = "", numbers: Mapping[str, int] = _NOTHING) -> Self:
        """Keep the code and the numbers beside the words."""
        fault = super().__new__(cls, text)
        fault.code, fault.numbers = code, numbers
        return fault


NONE: Final = Fault()


def of_error(error: DicomError) -> Fault:
    """Return what makes a data set unreadable."""
    return Fault(str(error), "cut_short" if isinstance(error, CutShort) else "unreadable")
