"""By what a resource is found: its index values as rows of the four key tables, and a search's values as the same keys.

Values that are compared as a whole (codes, identifiers, references) become 64 bits (XXH3) of one of these forms:

    code in its system      ``s`` system NUL code       8867-4 of LOINC
    code in any system      ``c`` code
    any code of a system    ``y`` system
    reference               ``r`` type/ID, and ``i`` ID; elsewhere ``u`` its address
    exact text              ``e`` text

Two values in ten million are the same 64 bits with a chance of one in 300,000.
"""

import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import xxhash

from lightwell.core.pinyin import typed
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

PATIENT: Final = "Patient"
LONGEST_TEXT: Final = 240
_MOST_WORDS: Final = 12
_NAMES: Final = frozenset(("name", "family", "given"))
_COLUMNS: Final = frozenset(("_id", "_lastUpdated"))  # asked of the resource's own row
_SIGN: Final = 1 << 63
_INFINITY: Final = Decimal("Infinity")


TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "token": ("parameters", "values"),
    "text": ("parameters", "besides", "values"),
    "span": ("parameters", "besides", "lows", "highs"),
    "number": ("parameters", "besides", "lows", "highs"),
}
"""The key tables, and what stands in their rows beside hospital and resource."""


@dataclass(slots=True)
class Keys:
    """The rows of one resource, and whose record it is part of."""

    tokens: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    texts: set[tuple[int, int, str]] = field(default_factory=set[tuple[int, int, str]])
    spans: set[tuple[int, int, datetime, datetime]] = field(default_factory=set[tuple[int, int, datetime, datetime]])
    numbers: set[tuple[int, int, Decimal, Decimal]] = field(default_factory=set[tuple[int, int, Decimal, Decimal]])
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


IN_RECORD_OF: Final = parameter_number("", "in record of")
"""The parameter under which every resource of a patient's compartment stands, whatever its type."""


def hashed(*forms: str) -> int:
    """Return the 64 bits of a form, or of several that belong together."""
    bits = xxhash.xxh3_64_intdigest("\x1f".join(forms).encode("utf-8", "surrogatepass"))
    return bits - (bits & _SIGN) * 2


def code_form(code: str) -> str:
    """Return the form of a code in any system."""
    return f"c{code}"


def system_form(system: str) -> str:
    """Return the form of any code of a system."""
    return f"y{system}"


def token_form(system: str, code: str) -> str:
    """Return the form of a code in its system; no system is an empty text."""
    return f"s{system}\0{code}"


def reference_form(type_name: str, identifier: str) -> str:
    """Return the form of a reference to a resource of this server; of any type, if it is not said."""
    return f"r{type_name}/{identifier}" if type_name else f"i{identifier}"


def address_form(address: str) -> str:
    """Return the form of a reference that leads elsewhere."""
    return f"u{address}"


def exact_form(text: str) -> str:
    """Return the form of a text with all its capitals and accents."""
    return f"e{text}"


def plain(text: str) -> str:
    """Return a text without capitals, accents and width, as texts are compared (R4 3.1.1.4.8)."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).split())[:LONGEST_TEXT]


def keys_of(resource: Resource, place: Place) -> Keys:
    """Return by what a valid resource is found."""
    type_name = resource["resourceType"]
    keys, found = Keys(), extract_values(resource, place)
    for code, values in found.items():
        if code in _COLUMNS:
            continue
        writer = _Writer(keys, parameter_number(type_name, code), is_name=code in _NAMES)
        for value in values:
            writer.write(value, 0, ())
    patients = _patients(type_name, resource["id"], found)
    keys.tokens.update((IN_RECORD_OF, hashed(reference_form(PATIENT, item))) for item in patients)
    keys.patient_id = patients[0] if patients else ""
    return keys


def _patients(type_name: str, identifier: str, found: IndexValues) -> list[str]:
    """Return the IDs of the patients whose records a resource is part of, the first its own (R4 2.40)."""
    own = [identifier] if type_name == PATIENT else []
    values = (value for code in compartment(PATIENT).get(type_name, ()) for value in found.get(code, ()))
    referred = [value.id for value in values if isinstance(value, ReferenceValue) and value.type == PATIENT]
    return list(dict.fromkeys(item for item in own + referred if item))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the rows of one parameter; ``beside`` are the forms of what stands before a value in a composite."""

    keys: Keys
    parameter: int
    is_name: bool

    def write(self, value: Value, depth: int, beside: tuple[str, ...]) -> None:
        _WRITERS[type(value)](self, value, depth, beside)

    def composite(self, value: Composite, depth: int, beside: tuple[str, ...]) -> None:
        """Each form of all parts but the last stands beside the last."""
        first, *rest = value.parts
        if not rest:
            self.write(first, depth, beside)
            return
        for form in forms_of(first):
            self.composite(Composite(tuple(rest)), depth + 1, (*beside, form))

    def hashed(self, value: Token | ReferenceValue, _depth: int, beside: tuple[str, ...]) -> None:
        self.keys.tokens.update((self.parameter, hashed(*beside, form)) for form in forms_of(value))

    def text(self, value: Text, _depth: int, beside: tuple[str, ...]) -> None:
        mark = _mark(beside)
        self.keys.texts.update((self.parameter, mark, text) for text in _beginnings(value.text, is_name=self.is_name))
        self.keys.tokens.add((self.parameter, hashed(*beside, exact_form(value.text))))

    def uri(self, value: Uri, _depth: int, beside: tuple[str, ...]) -> None:
        self.keys.texts.add((self.parameter, _mark(beside), value.uri[:LONGEST_TEXT]))
        self.keys.tokens.add((self.parameter, hashed(*beside, address_form(value.uri))))

    def span(self, value: Span, _depth: int, beside: tuple[str, ...]) -> None:
        self.keys.spans.add((self.parameter, _mark(beside), value.start, value.end))

    def number(self, value: Number, _depth: int, beside: tuple[str, ...]) -> None:
        self.keys.numbers.add((self.parameter, _mark(beside), *_bounds(value)))

    def quantity(self, value: QuantityValue, _depth: int, beside: tuple[str, ...]) -> None:
        marks = (_mark((*beside, *unit)) for unit in _units(value))
        self.keys.numbers.update((self.parameter, mark, *_bounds(value)) for mark in marks)


def forms_of(value: Value) -> Iterator[str]:
    """Yield by which forms a value that is compared as a whole is found; none of a date, text or number."""
    if isinstance(value, Token):
        yield token_form(value.system, value.code)
        yield code_form(value.code)
        if value.system:
            yield system_form(value.system)
    elif isinstance(value, ReferenceValue):
        yield from _reference_forms(value)
    elif isinstance(value, Uri):
        yield address_form(value.uri)


def _reference_forms(value: ReferenceValue) -> Iterator[str]:
    if value.id:
        yield reference_form(value.type, value.id)
        yield reference_form("", value.id)
    if value.url:
        yield address_form(value.url)
    if value.identifier:
        yield f"d{token_form(value.identifier.system, value.identifier.code)}"
        yield f"d{code_form(value.identifier.code)}"


def _mark(beside: Iterable[str]) -> int:
    forms = tuple(beside)
    return hashed(*forms) if forms else 0


def _units(value: QuantityValue) -> list[tuple[str, ...]]:
    """Return as what a quantity stands: with its code in its system, with its code or unit alone, with none."""
    found: list[tuple[str, ...]] = [()]
    if value.code:
        found += [(token_form(value.system, value.code),), (code_form(value.code),)]
    if value.unit and value.unit != value.code:
        found.append((code_form(value.unit),))
    return found


def _bounds(value: Number | QuantityValue) -> tuple[Decimal, Decimal]:
    return -_INFINITY if value.low is None else value.low, _INFINITY if value.high is None else value.high


def _beginnings(text: str, *, is_name: bool) -> Iterator[str]:
    """Yield a text from each of its words on, and a Chinese name also as it is typed: zhangsan, zs."""
    words = plain(text).split(" ")[:_MOST_WORDS]
    for place in range(len(words)):
        yield " ".join(words[place:])
    if is_name:
        yield from typed(text)


_WRITERS: Final[Mapping[type[Any], Callable[[_Writer, Any, int, tuple[str, ...]], None]]] = {
    Token: _Writer.hashed,
    ReferenceValue: _Writer.hashed,
    Text: _Writer.text,
    Uri: _Writer.uri,
    Span: _Writer.span,
    Number: _Writer.number,
    QuantityValue: _Writer.quantity,
    Composite: _Writer.composite,
}
