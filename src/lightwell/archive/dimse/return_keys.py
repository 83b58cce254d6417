"""Which attributes the matches of a C-FIND can say, by level; others are not returned at all (PS3.4 C.2.2.1.3).

An empty value means that nothing is known of it, which is said only of what would be said if it were known.
"""

from collections.abc import Mapping
from typing import Final

from lightwell.archive.dimse.identifier import AVAILABILITY, CHARACTER_SET, LEVEL, RETRIEVE_AE_TITLE, Identifier

NUMBER_OF_STUDIES: Final = 0x00201200
NUMBER_OF_SERIES: Final = 0x00201202
NUMBER_OF_INSTANCES: Final = 0x00201204
COUNTS: Final = frozenset((NUMBER_OF_STUDIES, NUMBER_OF_SERIES, NUMBER_OF_INSTANCES))
_ABOUT_THE_ANSWER: Final = frozenset((CHARACTER_SET, LEVEL, RETRIEVE_AE_TITLE, AVAILABILITY))
_PATIENT: Final = frozenset((0x00100010, 0x00100020, 0x00100021, 0x00100030, 0x00100040))
_STUDY: Final = _PATIENT | {
    *(0x00080020, 0x00080030, 0x00080050, 0x00080061, 0x00080080, 0x00080090, 0x00081030),
    *(0x0020000D, 0x00200010, 0x00201206, 0x00201208),
}
_SERIES: Final = _STUDY | {
    *(0x00080021, 0x00080031, 0x00080060, 0x00080070, 0x0008103E, 0x00081010, 0x00180015, 0x00181030),
    *(0x0020000E, 0x00200011, 0x00201209, 0x00400244, 0x00400245, 0x00400275),
}
_IMAGE: Final = _SERIES | {
    0x00080016,
    0x00080018,
    0x00083002,
    0x00200013,
    0x00280008,
    0x00280010,
    0x00280011,
    0x00280100,
}
SAID: Final[Mapping[str, frozenset[int]]] = {
    "PATIENT": _ABOUT_THE_ANSWER | _PATIENT | COUNTS,
    "STUDY": _ABOUT_THE_ANSWER | _STUDY,
    "SERIES": _ABOUT_THE_ANSWER | _SERIES,
    "IMAGE": _ABOUT_THE_ANSWER | _IMAGE,
}


def answered(wanted: Identifier) -> dict[int, tuple[str, str]]:
    """Return those of the keys that a match says something of; group lengths are none."""
    said = SAID[wanted.level]
    return {tag: key for tag, key in wanted.keys.items() if tag in said}


def is_all_said(wanted: Identifier) -> bool:
    """Tell whether a match says something of every key."""
    return all(tag in SAID[wanted.level] or not tag & 0xFFFF for tag in wanted.keys)
