"""What a search asks for, as frozen values: nothing here knows how it is answered (R4 3.1.1)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

from lightwell.standards.fhir.search.spans import NumberRange, Span
from lightwell.standards.fhir.search.values import ReferenceValue


class Prefix(StrEnum):
    """How a date, number or quantity is compared (R4 3.1.1.4.5)."""

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    GREATER = "gt"
    LESS = "lt"
    GREATER_OR_EQUAL = "ge"
    LESS_OR_EQUAL = "le"
    STARTS_AFTER = "sa"
    ENDS_BEFORE = "eb"
    APPROXIMATELY = "ap"


@dataclass(frozen=True, slots=True)
class TokenAsked:
    """``code`` is in any system (None), ``|code`` in none, ``system|`` any code of it (None)."""

    system: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class IdentifierAsked:
    """An identifier of a type, by ``:of-type``: system and code of the type, and the value."""

    type_system: str
    type_code: str
    value: str


@dataclass(frozen=True, slots=True)
class TextAsked:
    """A text: the beginning of a word, unless the modifier says otherwise."""

    text: str


@dataclass(frozen=True, slots=True)
class DateAsked:
    """A date, and what it covers."""

    prefix: Prefix
    span: Span


@dataclass(frozen=True, slots=True)
class NumberAsked:
    """A number, and what it covers by its digits."""

    prefix: Prefix
    number: Decimal
    range: NumberRange


@dataclass(frozen=True, slots=True)
class QuantityAsked:
    """A number with its unit; None asks for any, an empty text for none."""

    prefix: Prefix
    number: Decimal
    range: NumberRange
    system: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class ReferenceAsked:
    """What is referred to; of a mere ID ``target.type`` is empty."""

    target: ReferenceValue


@dataclass(frozen=True, slots=True)
class UriAsked:
    """An address."""

    uri: str


@dataclass(frozen=True, slots=True)
class MissingAsked:
    """Whether there has to be no value at all, by ``:missing``."""

    is_missing: bool


@dataclass(frozen=True, slots=True)
class CompositeAsked:
    """One value for each part of a composite."""

    parts: "tuple[Asked, ...]"


Asked: TypeAlias = (
    TokenAsked
    | IdentifierAsked
    | TextAsked
    | DateAsked
    | NumberAsked
    | QuantityAsked
    | ReferenceAsked
    | UriAsked
    | MissingAsked
    | CompositeAsked
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A parameter that has to have one of the values."""

    code: str
    type: str
    modifier: str
    values: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Chained:
    """What is referred to has to fulfil something itself; one of several types, where the reference allows several."""

    code: str
    by_type: "tuple[tuple[str, Condition], ...]"


@dataclass(frozen=True, slots=True)
class Has:
    """Something has to refer to it (``_has``), and fulfil something itself."""

    type: str
    reference: str
    condition: "Condition"


Summary: TypeAlias = Literal["true", "false", "text", "data", "count"]
Total: TypeAlias = Literal["none", "estimate", "accurate"]
Condition: TypeAlias = Criterion | Chained | Has


@dataclass(frozen=True, slots=True)
class SortKey:
    """By what is sorted."""

    code: str
    is_descending: bool


@dataclass(frozen=True, slots=True)
class Include:
    """What is sent along: referred to by ``type``'s parameter, or referring by it; ``*`` is any parameter."""

    type: str
    code: str
    target: str
    is_iterated: bool


@dataclass(frozen=True, slots=True)
class Search:
    """All of a search; ``conditions`` all have to be fulfilled, ``ignored`` was asked for and is not known."""

    type: str
    conditions: tuple[Condition, ...] = ()
    sort: tuple[SortKey, ...] = ()
    count: int | None = None
    includes: tuple[Include, ...] = ()
    revincludes: tuple[Include, ...] = ()
    elements: tuple[str, ...] = ()
    summary: Summary = "false"
    total: Total = "none"
    ignored: tuple[str, ...] = ()
