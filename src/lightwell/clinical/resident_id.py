"""The number on a Chinese resident's identity card (GB 11643-1999), and what it says of its holder.

    110105 19491231 002 X      where it was given, date of birth, sequence (odd is male), check character
    810000 …                   residence permits: Hong Kong (81), Macao (82), Taiwan (83)
    9…                         foreigners' permanent residence card, as it is since 2023

Cards from before 1999 have fifteen digits: the year has two, and nothing is checked. The number says who somebody is,
but is never the key of a record: it comes late, is misread, and is somebody else's often enough.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["resident", "hong-kong", "macao", "taiwan", "foreigner"]
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_NUMBER: Final = re.compile(r"(\d{2})\d{4}(\d{8})(\d{3})[\dX]", re.ASCII)
_LEGACY: Final = re.compile(r"(\d{6})(\d{6})(\d{3})", re.ASCII)
_PERMITS: Final[dict[str, Kind]] = {"81": "hong-kong", "82": "macao", "83": "taiwan"}
_REGIONS: Final = frozenset(
    (
        *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43"),
        *("44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"),
    )
)


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number that can be right; ``number`` has eighteen characters, also where fifteen came."""

    number: str
    kind: Kind
    birth_date: date
    is_male: bool


def read_resident_id(text: str) -> ResidentId | None:
    """Read a number as it is typed or scanned; None if it cannot be right.

    It is wrong where the check character is, the day of birth does not exist or lies ahead of 1800, or no province has
    its first two digits.
    """
    number = "".join(text.split()).upper().replace("Ｘ", "X")
    legacy = _LEGACY.fullmatch(number)
    if legacy:
        number = _lengthened(number)
    match = _NUMBER.fullmatch(number)
    if match is None or check_character(number) != number[-1]:
        return None
    region, born, sequence = match.groups()
    birth_date = _date(born)
    if birth_date is None or not (number[0] == "9" or region in _REGIONS):
        return None
    kind = "foreigner" if number[0] == "9" else _PERMITS.get(region, "resident")
    return ResidentId(number, kind, birth_date, int(sequence) % 2 == 1)


def check_character(number: str) -> str:
    """Return the eighteenth character that belongs to the first seventeen digits (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11]


def _lengthened(number: str) -> str:
    """Return the number of a card from before 1999 as it has been since: who has one was born in the last century."""
    digits = f"{number[:6]}19{number[6:]}"
    return digits + check_character(digits)


def _date(text: str) -> date | None:
    try:
        found = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return found if found.year >= 1800 else None  # noqa: PLR2004 -- the year
