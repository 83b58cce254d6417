r"""What may stand in a date, a code, an identifier (R4 2.24.0.1).

The forms are those of the standard, with two things added: a date has to exist in the calendar, and only ASCII's white
space is white, or an official example with a no-break space in a code would be refused.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from msgspec import Meta

_YEAR: Final = r"(?!0000)\d{4}"
_LEAP: Final = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY: Final = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
)
_FULL_DATE: Final = rf"(?:{_YEAR}-{_DAY}|{_LEAP}-02-29)"
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"

PATTERNS: Final[Mapping[str, str]] = {
    "base64Binary": r"[A-Za-z0-9+/=\s]+",
    "canonical": r"\S+",
    "code": r"\S+(?:\s\S+)*",
    "date": rf"(?:{_FULL_DATE}|{_YEAR}(?:-(?:0[1-9]|1[0-2]))?)",
    "dateTime": rf"(?:{_FULL_DATE}(?:T{_CLOCK}{_ZONE})?|{_YEAR}(?:-(?:0[1-9]|1[0-2]))?)",
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "instant": rf"{_FULL_DATE}T{_CLOCK}{_ZONE}",
    "oid": r"urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+",
    "time": _CLOCK,
    "uri": r"\S+",
    "url": r"\S+",
    "uuid": r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
}
FORMS: Final[Mapping[str, str]] = {
    "base64Binary": "base64",
    "canonical": "an address without white space",
    "code": "a code without white space at its ends",
    "date": "a date that exists, as 2026, 2026-11 or 2026-11-26",
    "dateTime": "a date that exists, as 2026, 2026-11, 2026-11-26 or 2026-11-26T08:30:00+08:00",
    "id": "1 to 64 letters, digits, - and .",
    "instant": "an instant, as 2026-11-26T08:30:00+08:00",
    "oid": "an OID, as urn:oid:1.2.3",
    "time": "a time, as 08:30:00",
    "uri": "an address without white space",
    "url": "an address without white space",
    "uuid": "a UUID, as urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    "boolean": "true or false",
    "decimal": "a number",
    "integer": "a whole number of 32 bits",
    "unsignedInt": "a whole number from 0 to 2147483647",
    "positiveInt": "a whole number from 1 to 2147483647",
    "string": "a text that is not empty",
    "markdown": "a text that is not empty",
    "xhtml": "XHTML",
}
RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "integer": (-(2**31), 2**31 - 1),
    "unsignedInt": (0, 2**31 - 1),
    "positiveInt": (1, 2**31 - 1),
}
COMPILED: Final = {name: re.compile(pattern, re.ASCII) for name, pattern in PATTERNS.items()}
TEXTS: Final = frozenset(("string", "markdown", "xhtml"))


def annotation_of(primitive: str) -> Any:
    """Return the type that a decoder checks a primitive by."""
    if primitive in PATTERNS:
        return Annotated[str, Meta(pattern=rf"(?a)\A{PATTERNS[primitive]}\Z")]
    if primitive in RANGES:
        least, most = RANGES[primitive]
        return Annotated[int, Meta(ge=least, le=most)]
    if primitive in TEXTS:
        return Annotated[str, Meta(min_length=1)]
    return bool if primitive == "boolean" else int | float
