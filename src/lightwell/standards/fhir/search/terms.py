r"""One value of a search parameter, as it stands in a URL (R4 3.1.1.4).

    2026-03, ge2026-03-01       gt5.4|http://unitsofmeasure.org|mg       http://loinc.org|8867-4       Patient/7

``\,`` ``\|`` ``\$`` and ``\\`` stand for the characters themselves.
"""

import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Final

from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.search.asked import (
    Asked,
    CompositeAsked,
    DateAsked,
    IdentifierAsked,
    MissingAsked,
    NumberAsked,
    Prefix,
    QuantityAsked,
    ReferenceAsked,
    TextAsked,
    TokenAsked,
    UriAsked,
)
from lightwell.standards.fhir.search.parameters import Parameter
from lightwell.standards.fhir.search.spans import range_of, read_number, read_span
from lightwell.standards.fhir.search.values import Place, ReferenceValue, read_reference

MODIFIERS: Final[Mapping[str, frozenset[str]]] = {
    "token": frozenset(("not", "of-type")),
    "string": frozenset(("exact", "contains")),
    "uri": frozenset(("above", "below")),
    "reference": frozenset(("identifier",)),
}
_ESCAPED: Final = re.compile(r"\\([,|$\\])")
_PIECE: Final = re.compile(r"\\.|.", re.DOTALL)
_PREFIX: Final = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[\d+.-])")
_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")


def split_unescaped(text: str, mark: str) -> list[str]:
    """Cut at a mark that is not escaped; the escapes stay."""
    if "\\" not in text:
        return text.split(mark)
    parts = [""]
    for piece in _PIECE.findall(text):
        if piece == mark:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def unescape(text: str) -> str:
    """Return the characters that are meant."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def read_term(text: str, parameter: Parameter, modifier: str, place: Place) -> Asked:
    """Read one value; ValueError says what was expected."""
    if modifier == "missing":
        return _missing(text)
    if modifier == "of-type":
        return _of_type(text)
    if modifier == "identifier":
        return _token(text)
    if parameter.type == "reference":
        return _reference(text, modifier, place)
    if parameter.type == "composite":
        return _composite(text, parameter, place)
    return _READERS[parameter.type](text, place.zone)


def _missing(text: str) -> MissingAsked:
    if text not in {"true", "false"}:
        msg = "expected true or false"
        raise ValueError(msg)
    return MissingAsked(text == "true")


def _of_type(text: str) -> IdentifierAsked:
    parts = [unescape(part) for part in split_unescaped(text, "|")]
    if len(parts) != len(("system", "code", "value")) or not all(parts):
        msg = "expected system|code|value"
        raise ValueError(msg)
    return IdentifierAsked(*parts)


def _token(text: str, _zone: tzinfo | None = None) -> TokenAsked:
    parts = [unescape(part) for part in split_unescaped(text, "|")]
    if len(parts) == 1 and parts[0]:
        return TokenAsked(None, parts[0])
    system, *rest = parts
    code = "|".join(rest)
    if not system and not code:
        msg = "expected code, system|code, |code or system|"
        raise ValueError(msg)
    return TokenAsked(system, code or None)


def _text(text: str, _zone: tzinfo) -> TextAsked:
    if not text:
        msg = "expected a text"
        raise ValueError(msg)
    return TextAsked(unescape(text))


def _date(text: str, zone: tzinfo) -> DateAsked:
    prefix, rest = _prefix(text)
    return DateAsked(prefix, read_span(rest.replace(" ", "+"), zone))


def _number(text: str, _zone: tzinfo) -> NumberAsked:
    prefix, rest = _prefix(text)
    number = read_number(rest)
    return NumberAsked(prefix, number, range_of(number))


def _quantity(text: str, _zone: tzinfo) -> QuantityAsked:
    prefix, rest = _prefix(text)
    value, *unit = [unescape(part) for part in split_unescaped(rest, "|")]
    number = read_number(value)
    if len(unit) not in {0, 2}:
        msg = "expected number or number|system|code"
        raise ValueError(msg)
    system, code = unit or ["", ""]
    return QuantityAsked(prefix, number, range_of(number), system or None, code or None)


def _uri(text: str, _zone: tzinfo) -> UriAsked:
    if not text:
        msg = "expected an address"
        raise ValueError(msg)
    return UriAsked(unescape(text))


def _reference(text: str, modifier: str, place: Place) -> ReferenceAsked:
    text = unescape(text)
    if modifier in resource_types() and _ID.fullmatch(text):
        return ReferenceAsked(ReferenceValue(modifier, text, "", None))
    if _ID.fullmatch(text):
        return ReferenceAsked(ReferenceValue("", text, "", None))
    target = read_reference(text, place.base_url)
    if not target.id and ":" not in target.url:
        msg = "expected an ID, Type/ID or an address"
        raise ValueError(msg)
    return ReferenceAsked(target)


def _composite(text: str, parameter: Parameter, place: Place) -> CompositeAsked:
    texts = split_unescaped(text, "$")
    if len(texts) != len(parameter.parts):
        msg = f"expected {'$'.join(part.code for part in parameter.parts)}"
        raise ValueError(msg)
    parts = [
        read_term(one, Parameter(part.code, part.type, ()), "", place)
        for one, part in zip(texts, parameter.parts, strict=True)
    ]
    return CompositeAsked(tuple(parts))


def _prefix(text: str) -> tuple[Prefix, str]:
    match = _PREFIX.match(text)
    return (Prefix(match[1]), text[match.end() :]) if match else (Prefix.EQUAL, text)


_READERS: Final[Mapping[str, Callable[[str, tzinfo], Asked]]] = {
    "token": _token,
    "string": _text,
    "date": _date,
    "number": _number,
    "quantity": _quantity,
    "uri": _uri,
}
