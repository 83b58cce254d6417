"""By what a resource is found: its index values as rows of the four key tables, and a search's values as the same keys.

    token     a code or identifier with its system; a reference with its type: 64 bits (XXH3) of each
    text      from each of its words on, without capitals and accents; beside it 64 bits of the whole as it was written;
              a name also in a row by which is sorted
    span      a date or period, from and to
    number    a number or quantity, from and to, with 64 bits of its system, code and unit; where the unit is coded,
              also 64 bits of its dimension, and from and to in the unit that all of this dimension share

In a composite the last part stands in the table of its kind, and ``beside`` it 64 bits of a form of what comes before:
the code in its system, and the code alone.
"""

import unicodedata
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import Any, Final, TypeAlias, TypeVar, cast

import xxhash

from lightwell.core.pinyin import in_order, typed
from lightwell.standards.fhir.definitions import compartment
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.fhir.search.extracting import IndexValues, extract_values
from lightwell.standards.fhir.search.spans import Span
from lightwell.standards.fhir.search.values import (
    Composite,
    Number,
    Place,
    QuantityValue,
    ReferenceValue,
    Text,
    Token,
    Uri,
    Value,
)
from lightwell.standards.fhir.ucum.reading import unit_of

_T = TypeVar("_T")
PATIENT: Final = "Patient"
LONGEST_TEXT: Final = 240
_MOST_WORDS: Final = 12
_LONGEST_REMEMBERED: Final = 500
_NAMES: Final = frozenset(("name", "family", "given"))
_COLUMNS: Final = frozenset(("_id", "_lastUpdated"))  # asked of the resource's own row
_SIGN: Final = 1 << 63
_INFINITY: Final = Decimal("Infinity")


TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "token": ("parameters", "values", "systems"),
    "text": ("parameters", "besides", "values", "exacts"),
    "span": ("parameters", "besides", "lows", "highs"),
    "number": (
        "parameters",
        "besides",
        "lows",
        "highs",
        "systems",
        "codes",
        "units",
        "dimensions",
        "canonical_lows",
        "canonical_highs",
    ),
}
"""The key tables, and what stands in their rows beside hospital and resource."""
TokenRow: TypeAlias = tuple[int, int, int]
TextRow: TypeAlias = tuple[int, int, str, int]
SpanRow: TypeAlias = tuple[int, int, datetime, datetime]
NumberRow: TypeAlias = tuple[int, int, Decimal, Decimal, int, int, int, int, float, float]
Canonical: TypeAlias = tuple[int, float, float]
NO_DIMENSION: Final[Canonical] = (0, 0.0, 0.0)
"""What stands beside a number that has no coded unit."""


@dataclass(slots=True)
class Keys:
    """The rows of one resource, and whose record it is part of."""

    tokens: set[TokenRow] = field(default_factory=set[TokenRow])
    texts: set[TextRow] = field(default_factory=set[TextRow])
    spans: set[SpanRow] = field(default_factory=set[SpanRow])
    numbers: set[NumberRow] = field(default_factory=set[NumberRow])
    patient_id: str = ""

    def rows(self, table: str) -> set[Any]:
        """Return what is written to a table."""
        return {"token": self.tokens, "text": self.texts, "span": self.spans, "number": self.numbers}[table]

    def without(self, others: "Keys") -> "Keys":
        """Return the keys that others do not have."""
        return Keys(
            self.tokens - others.tokens,
            self.texts - others.texts,
            self.spans - others.spans,
            self.numbers - others.numbers,
        )

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.tokens or self.texts or self.spans or self.numbers)


@lru_cache(maxsize=4096)
def parameter_number(type_name: str, code: str) -> int:
    """Return the number that stands for a parameter of a type; no two of R4 have the same."""
    return int.from_bytes(zlib.crc32(f"{type_name}.{code}".encode()).to_bytes(4), signed=True)


def order_number(type_name: str, code: str) -> int:
    """Return the number of the parameter by whose texts is sorted: names have others than those that are looked up."""
    return parameter_number(type_name, f"{code} in order" if code in _NAMES else code)


IN_RECORD_OF: Final = parameter_number("", "in record of")
"""The parameter under which every resource of a patient's compartment stands, whatever its type."""


def _remembered(work: Callable[..., _T]) -> Callable[..., _T]:
    """Remember what was made of short texts; long ones are seldom said again, and would fill the memory."""
    kept = lru_cache(maxsize=16384)(work)

    def make(*texts: str) -> _T:
        return kept(*texts) if sum(map(len, texts)) <= _LONGEST_REMEMBERED else work(*texts)

    return make


@_remembered
def hashed(*parts: str) -> int:
    """Return 64 bits of a text, or of several that belong together; 0 of nothing."""
    if not any(parts):
        return 0
    bits = xxhash.xxh3_64_intdigest("\0".join(parts).encode("utf-8", "surrogatepass"))
    return bits - (bits & _SIGN) * 2


def identifier_of(token: Token) -> str:
    """Return the value under which a reference by identifier stands, apart from references by ID."""
    return f"|{token.code}"


def plain(text: str) -> str:
    """Return a text without capitals, accents and width, as texts are compared (R4 3.1.1.4.8)."""
    letters = text.lower() if text.isascii() else _without_accents(text)
    return " ".join(letters.split())[:LONGEST_TEXT]


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in letters if not unicodedata.combining(sign))


def keys_of(resource: Resource, place: Place) -> Keys:
    """Return by what a valid resource is found."""
    type_name = resource["resourceType"]
    keys, found = Keys(), extract_values(resource, place)
    for code, values in found.items():
        if code in _COLUMNS:
            continue
        writer, is_name = _Writer(keys, parameter_number(type_name, code)), code in _NAMES
        for value in values:
            writer.write(value, ())
        writer.write_texts(is_name=is_name)
        if is_name:
            writer.order(order_number(type_name, code), _in_full(resource, code, values))
    patients = _patients(type_name, resource["id"], found)
    keys.tokens.update((IN_RECORD_OF, hashed(item), hashed(PATIENT)) for item in patients)
    keys.patient_id = patients[0] if patients else ""
    return keys


def _in_full(resource: Resource, code: str, values: Sequence[Value]) -> list[str]:
    """Return the names to sort by: a person's whole name, not the given name that is part of it (R4 HumanName)."""
    names = resource.get("name")
    if code != "name" or not isinstance(names, list):
        return [value.text for value in values if isinstance(value, Text)]
    people = cast("list[dict[str, Any]]", names)
    # null stands where a given name only has an extension (R4 2.6.2.3)
    parts = [(item.get("text"), (item.get("family", ""), *filter(None, item.get("given", ())))) for item in people]
    return [text or " ".join(said) for text, said in parts]


def _patients(type_name: str, identifier: str, found: IndexValues) -> list[str]:
    """Return the IDs of the patients whose records a resource is part of, the first its own (R4 2.40)."""
    own = [identifier] if type_name == PATIENT else []
    values = (value for code in compartment(PATIENT).get(type_name, ()) for value in found.get(code, ()))
    referred = [value.id for value in values if isinstance(value, ReferenceValue) and value.type == PATIENT]
    return list(dict.fromkeys(item for item in own + referred if item))


@dataclass(slots=True)
class _Writer:
    """Writes the rows of one parameter; ``beside`` are the forms of what stands before a value in a composite."""

    keys: Keys
    parameter: int
    texts: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    """The texts that were said so far, by the 64 bits of what stands before them."""

    def write(self, value: Value, beside: tuple[str, ...]) -> None:
        _WRITERS[type(value)](self, value, beside)

    def composite(self, value: Composite, beside: tuple[str, ...]) -> None:
        first, *rest = value.parts
        if not rest:
            self.write(first, beside)
            return
        for form in forms_of(first):
            self.composite(Composite(tuple(rest)), (*beside, form))

    def token(self, value: Token, beside: tuple[str, ...]) -> None:
        self.keys.tokens.add((self.parameter, hashed(*beside, value.code), hashed(value.system)))

    def reference(self, value: ReferenceValue, beside: tuple[str, ...]) -> None:
        if value.id or value.url:
            self.keys.tokens.add((self.parameter, hashed(*beside, value.id or value.url), hashed(value.type)))
        if value.identifier:
            self.token(Token(value.identifier.system, identifier_of(value.identifier)), beside)

    def text(self, value: Text, beside: tuple[str, ...]) -> None:
        self.texts.setdefault(hashed(*beside), []).append(value.text)

    def write_texts(self, *, is_name: bool) -> None:
        """Write the rows of texts, when all were said."""
        for mark, texts in self.texts.items():
            rows = _starts_of_name(*texts) if is_name else _starts(*texts)
            self.keys.texts.update([(self.parameter, mark, text, exact) for text, exact in rows])

    def order(self, parameter: int, names: Sequence[str]) -> None:
        """Write by what is sorted: Chinese readers look for 李 behind 阿 and before 王, as they are said."""
        self.keys.texts.update((parameter, 0, _place_of(name), hashed(name)) for name in names if name)

    def uri(self, value: Uri, beside: tuple[str, ...]) -> None:
        self.keys.texts.add((self.parameter, hashed(*beside), value.uri[:LONGEST_TEXT], hashed(value.uri)))

    def span(self, value: Span, beside: tuple[str, ...]) -> None:
        self.keys.spans.add((self.parameter, hashed(*beside), value.start, value.end))

    def number(self, value: Number, beside: tuple[str, ...]) -> None:
        self.keys.numbers.add((self.parameter, hashed(*beside), *_bounds(value), 0, 0, 0, *NO_DIMENSION))

    def quantity(self, value: QuantityValue, beside: tuple[str, ...]) -> None:
        unit = hashed(value.system), hashed(value.code), hashed(value.unit)
        self.keys.numbers.add((self.parameter, hashed(*beside), *_bounds(value), *unit, *_canonical(value)))


def forms_of(value: Value) -> tuple[str, ...]:
    """Return the forms under which a value stands before others in a composite: in its system, and alone."""
    if isinstance(value, Token):
        return f"{value.system}|{value.code}", value.code
    if isinstance(value, ReferenceValue):
        return (f"{value.type}/{value.id}", value.id) if value.id else (value.url,)
    return (value.uri,) if isinstance(value, Uri) else ()


def _bounds(value: Number | QuantityValue) -> tuple[Decimal, Decimal]:
    return -_INFINITY if value.low is None else value.low, _INFINITY if value.high is None else value.high


@lru_cache(maxsize=1024)  # a value stands in the rows of several parameters
def _canonical(value: QuantityValue) -> Canonical:
    """Return a quantity as all of its dimension are compared."""
    if not (value.system and value.code):
        return NO_DIMENSION
    unit = unit_of(value.system, value.code)
    low = -inf if value.low is None else unit.canonical(value.low)
    high = inf if value.high is None else low if value.high is value.low else unit.canonical(value.high)
    return NO_DIMENSION if low is None or high is None else (hashed(unit.dimension), low, high)


@_remembered
def _starts(*texts: str) -> Sequence[tuple[str, int]]:
    """Return from where on texts are found, and 64 bits of those that stand there as a whole."""
    return _needed({row for text in texts for row in _rows_of(text)})


@_remembered
def _starts_of_name(*names: str) -> Sequence[tuple[str, int]]:
    """Return the same of names, and Chinese names also as they are typed: zhangsan, zs."""
    said = {(start, 0) for name in names for start in typed(name)}
    return _needed(said.union(*map(_rows_of, names)))


def _rows_of(text: str) -> Iterator[tuple[str, int]]:
    """Yield a text as a whole, and from each of its words on."""
    whole = plain(text)
    yield whole, hashed(text)
    words = whole.split(" ")[:_MOST_WORDS]
    for place in range(len(words)):
        yield " ".join(words[place:]), 0


def _needed(rows: Collection[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    """Return texts without those with which another begins: texts are looked up by how they begin."""
    order = sorted(rows, key=lambda row: (row[0], row[1] != 0))
    return [row for row, after in pairwise([*order, ("", 0)]) if row[1] or not after[0].startswith(row[0])]


@_remembered
def _place_of(name: str) -> str:
    return in_order(plain(name))[:LONGEST_TEXT]


_WRITERS: Final[Mapping[type[Any], Callable[[_Writer, Any, tuple[str, ...]], None]]] = {
    Token: _Writer.token,
    ReferenceValue: _Writer.reference,
    Text: _Writer.text,
    Uri: _Writer.uri,
    Span: _Writer.span,
    Number: _Writer.number,
    QuantityValue: _Writer.quantity,
    Composite: _Writer.composite,
}
