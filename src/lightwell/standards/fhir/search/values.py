"""The index values of a node: what a search parameter of a kind finds in an element of a type (R4 3.1.1.4).

Pairs of kind and type that have no meaning, such as a token of a Period, give nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeAlias

from lightwell.standards.fhir.search.path import referred_type
from lightwell.standards.fhir.search.spans import Span, read_span, span_of_period, span_of_timing


@dataclass(frozen=True, slots=True)
class Place:
    """Where the values are indexed: the address of the server, which is left out of references, and its zone."""

    base_url: str = ""
    zone: tzinfo = UTC


class Token(NamedTuple):
    """A code or identifier in its system; no system is an empty text."""

    system: str
    code: str


class Text(NamedTuple):
    """A text as it stands; how it is compared is decided where it is kept."""

    text: str


class ReferenceValue(NamedTuple):
    """What is referred to: type and ID of a resource here, or an address elsewhere, or an identifier."""

    type: str
    id: str
    url: str
    identifier: Token | None


class QuantityValue(NamedTuple):
    """A measured value with its unit; low and high differ for a range, None is open."""

    low: Decimal | None
    high: Decimal | None
    system: str
    code: str
    unit: str


class Number(NamedTuple):
    """A number, or a range of them."""

    low: Decimal | None
    high: Decimal | None


class Uri(NamedTuple):
    """An address."""

    uri: str


class Composite(NamedTuple):
    """Values of several parameters that belong together, e.g. code and value of one component."""

    parts: "tuple[Value, ...]"


Value: TypeAlias = Token | Text | Span | ReferenceValue | QuantityValue | Number | Uri | Composite
Reader: TypeAlias = Callable[[Any, Place], Sequence[Value]]


def read_reference(reference: str, base_url: str = "") -> ReferenceValue:
    """Read a literal reference; ``Patient/1``, with a version or with our address before it, are the same."""
    local = reference.removeprefix(f"{base_url}/") if base_url else reference
    local = local.partition("/_history/")[0]
    kind = referred_type(local)
    if kind and local.count("/") == 1:
        return ReferenceValue(kind, local.partition("/")[2], "", None)
    return ReferenceValue(kind, "", reference, None)


def reader_of(parameter_type: str, node_type: str) -> Reader | None:
    """Return what reads the values of a parameter from a node; None where the two do not go together."""
    return _READERS.get(parameter_type, {}).get(node_type)


def _concept_tokens(node: Any, _place: Place) -> Sequence[Value]:
    return [Token(item.get("system", ""), item["code"]) for item in node.get("coding", ()) if "code" in item]


def _coding_tokens(node: Any, _place: Place) -> Sequence[Value]:
    return (Token(node.get("system", ""), node.get("code", "")),) if "code" in node or "system" in node else ()


def _identifier_tokens(node: Any, _place: Place) -> Sequence[Value]:
    return (Token(node.get("system", ""), node["value"]),) if "value" in node else ()


def identifier_types(node: Any, _place: Place) -> Sequence[Value]:
    """Return an identifier under each of its types, for ``:of-type``: the type, and the value."""
    value = node.get("value")
    types = _concept_tokens(node.get("type", {}), _place) if value else ()
    return [Composite((kind, Token("", value))) for kind in types]


def _contact_tokens(node: Any, _place: Place) -> Sequence[Value]:
    return (Token("", node["value"]),) if "value" in node else ()


def _truth_tokens(node: Any, _place: Place) -> Sequence[Value]:
    return (Token("", "true" if node else "false"),)


def _plain_tokens(node: Any, _place: Place) -> Sequence[Value]:
    return (Token("", node),)


def _plain_texts(node: Any, _place: Place) -> Sequence[Value]:
    return (Text(node),)


def _texts_of(*names: str) -> Reader:
    def read(node: Any, _place: Place) -> Sequence[Value]:
        found: list[Value] = []
        for name in names:
            value: Any = node.get(name)
            if value is not None:
                found += [Text(item) for item in ((value,) if isinstance(value, str) else value) if item]
        return found

    return read


def _date_spans(node: Any, place: Place) -> Sequence[Value]:
    return (read_span(node, place.zone),)


def _period_spans(node: Any, place: Place) -> Sequence[Value]:
    span = span_of_period(node, place.zone)
    return (span,) if span else ()


def _timing_spans(node: Any, place: Place) -> Sequence[Value]:
    span = span_of_timing(node, place.zone)
    return (span,) if span else ()


def _address_references(node: Any, place: Place) -> Sequence[Value]:
    return (read_reference(node, place.base_url),)


def _references(node: Any, place: Place) -> Sequence[Value]:
    literal, identifier = node.get("reference", ""), node.get("identifier")
    if literal.startswith("#"):
        return ()
    found = read_reference(literal, place.base_url)
    if identifier is None or "value" not in identifier:
        return (found if found.type else found._replace(type=node.get("type", "")),) if literal else ()
    token = Token(identifier.get("system", ""), identifier["value"])
    return (found._replace(type=found.type or node.get("type", ""), identifier=token),)


def _quantities(node: Any, _place: Place) -> Sequence[Value]:
    return (_quantity(node, node),) if "value" in node else ()


def _money_quantities(node: Any, _place: Place) -> Sequence[Value]:
    if "value" not in node:
        return ()
    value, currency = _decimal(node["value"]), node.get("currency", "")
    return (QuantityValue(value, value, "urn:iso:std:iso:4217", currency, currency),)


def _range_quantities(node: Any, _place: Place) -> Sequence[Value]:
    return (_quantity(node.get("low", {}), node.get("high", {})),) if "low" in node or "high" in node else ()


def _quantity(low: Mapping[str, Any], high: Mapping[str, Any]) -> QuantityValue:
    said = low or high
    is_open_below = low.get("comparator") in {"<", "<="}
    is_open_above = high.get("comparator") in {">", ">="}
    return QuantityValue(
        None if is_open_below or "value" not in low else _decimal(low["value"]),
        None if is_open_above or "value" not in high else _decimal(high["value"]),
        said.get("system", ""),
        said.get("code", ""),
        said.get("unit", ""),
    )


def _numbers(node: Any, _place: Place) -> Sequence[Value]:
    return (Number(_decimal(node), _decimal(node)),)


def _range_numbers(node: Any, _place: Place) -> Sequence[Value]:
    low, high = node.get("low", {}).get("value"), node.get("high", {}).get("value")
    return (Number(None if low is None else _decimal(low), None if high is None else _decimal(high)),)


def _uris(node: Any, _place: Place) -> Sequence[Value]:
    return (Uri(node),)


def _decimal(number: Decimal | int) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(number)


_ADDRESSES: Final = ("uri", "url", "canonical", "oid", "uuid")
_PLAIN: Final = ("string", "markdown", "code", "id", *_ADDRESSES)
_READERS: Final[Mapping[str, Mapping[str, Reader]]] = {
    "token": {
        "CodeableConcept": _concept_tokens,
        "Coding": _coding_tokens,
        "Identifier": _identifier_tokens,
        "ContactPoint": _contact_tokens,
        "boolean": _truth_tokens,
        **dict.fromkeys(_PLAIN, _plain_tokens),
    },
    "string": {
        "HumanName": _texts_of("text", "family", "given", "prefix", "suffix"),
        "Address": _texts_of("text", "line", "city", "district", "state", "postalCode", "country"),
        "CodeableConcept": _texts_of("text"),
        "Annotation": _texts_of("text"),
        "Coding": _texts_of("display"),
        **dict.fromkeys(_PLAIN, _plain_texts),
    },
    "date": {
        **dict.fromkeys(("date", "dateTime", "instant"), _date_spans),
        "Period": _period_spans,
        "Timing": _timing_spans,
    },
    "reference": {"Reference": _references, **dict.fromkeys(_ADDRESSES, _address_references)},
    "quantity": {
        **dict.fromkeys(("Quantity", "Age", "Distance", "Duration", "Count"), _quantities),
        "Money": _money_quantities,
        "Range": _range_quantities,
    },
    "number": {
        **dict.fromkeys(("decimal", "integer", "positiveInt", "unsignedInt"), _numbers),
        "Range": _range_numbers,
    },
    "uri": dict.fromkeys(_ADDRESSES, _uris),
}
