"""One condition of a search as a fragment of SQL (R4 3.1.1.4).

The values of a criterion are alternatives; they become one lookup in the key table of their kind, however many.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias, cast

from psycopg import sql

from lightwell.clinical.keys import LONGEST_TEXT, hashed, identifier_of, parameter_number, plain
from lightwell.clinical.search.binding import Binding
from lightwell.clinical.store import search as store
from lightwell.core import clock
from lightwell.standards.fhir.errors import Issue, SearchError
from lightwell.standards.fhir.search.asked import (
    Asked,
    Chained,
    CompositeAsked,
    Condition,
    Criterion,
    DateAsked,
    Has,
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
from lightwell.standards.fhir.search.extracting import OF_TYPE
from lightwell.standards.fhir.search.parameters import Parameter, parameters_of
from lightwell.standards.fhir.search.spans import BEGINNING, END
from lightwell.standards.fhir.search.values import Token
from lightwell.standards.fhir.ucum.reading import Unit, unit_of

Fragment: TypeAlias = sql.Composable
TABLES: Final[Mapping[str, str]] = {
    "token": "token",
    "reference": "token",
    "string": "text",
    "uri": "text",
    "date": "span",
    "number": "number",
    "quantity": "number",
}
"""In which key table the values of a parameter of a type stand."""
_NARROW: Final = ("identifier", "patient", "subject", "encounter", "reference", "string")
"""What few resources have in common, the fewest first: parameters, and types of parameters."""
_AFTER_ALL: Final = "\U0010ffff"
_TENTH: Final = Decimal("0.1")
_BOUNDS: Final = ("number", "least", "most")
_SYSTEM_BESIDE: Final = "a whole system beside something else"
_FIRST_PART: Final = "a composite whose first part is a date, a number or a whole system"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition stands: whose it is, the alias of the resource, and the values of the statement."""

    type: str
    resource: sql.Identifier
    binding: Binding


def condition(asked: Condition, place: Place) -> Fragment:
    """Return what a resource has to fulfil.

    Raises:
        SearchError: nobody can answer this, e.g. a composite of a whole system.
    """
    if isinstance(asked, Chained):
        return _chained(asked, place)
    if isinstance(asked, Has):
        return _referred_by(asked, place)
    if asked.code == "_id":
        return store.ID.format(r=place.resource, values=place.binding.put([_code(one) for one in asked.values]))
    if asked.code == "_lastUpdated":
        return _any(_updated(one, place) for one in asked.values)
    return _criterion(asked, place)


def source_of(conditions: Sequence[Condition], place: Place) -> Fragment:
    """Return among which resources is looked: all, or the few that have what few have."""
    narrow = [one for one in conditions if isinstance(one, Criterion) and _is_narrow(one)]
    if not narrow:
        return store.EVERY
    return store.NARROW.format(rids=_rids(min(narrow, key=_breadth), place))


def is_broad(conditions: Sequence[Condition]) -> bool:
    """Tell whether many may fulfil conditions."""
    return not any(isinstance(one, Criterion) and _is_narrow(one) for one in conditions)


def _is_narrow(asked: Criterion) -> bool:
    if asked.modifier in {"not", "contains", "above", "below"} or isinstance(asked.values[0], MissingAsked):
        return False
    return _breadth(asked) < len(_NARROW)


def _breadth(asked: Criterion) -> int:
    name = asked.code if asked.code in _NARROW else asked.type
    return _NARROW.index(name) if name in _NARROW else len(_NARROW)


def all_of(conditions: Sequence[Condition], place: Place) -> Fragment:
    """Return what fulfils all conditions."""
    fragments = [condition(one, place) for one in conditions]
    return store.AND.join(fragments) if fragments else store.TRUE


def _criterion(asked: Criterion, place: Place) -> Fragment:
    if isinstance(asked.values[0], MissingAsked):
        return _missing(asked, asked.values[0], place)
    if asked.modifier != "not":
        return store.AMONG.format(r=place.resource, rids=_rids(asked, place))
    alias, parameter = place.binding.alias(), place.binding.put(parameter_number(place.type, asked.code))
    values = _Values(alias, place.binding, asked.modifier).among(asked.values)
    return store.HAS_NOT.format(r=place.resource, k=alias, parameter=parameter, values=values)


def _rids(asked: Criterion, place: Place) -> Fragment:
    """Return which resources have one of the values."""
    code = f"{asked.code}{OF_TYPE}" if asked.modifier == "of-type" else asked.code
    alias, parameter = place.binding.alias(), place.binding.put(parameter_number(place.type, code))
    values = _Values(alias, place.binding, asked.modifier).among(asked.values)
    return store.RIDS[_table_of(asked.values[0])].format(k=alias, parameter=parameter, values=values)


def _missing(asked: Criterion, missing: MissingAsked, place: Place) -> Fragment:
    parameter = parameters_of(place.type)[asked.code]
    names = {"r": place.resource, "k": place.binding.alias()}
    number = place.binding.put(parameter_number(place.type, asked.code))
    there = store.HAS_ANY[_kept_in(parameter)].format(**names, parameter=number)
    return store.NOT.format(inner=there) if missing.is_missing else there


def _kept_in(parameter: Parameter) -> str:
    return TABLES[parameter.parts[-1].type if parameter.parts else parameter.type]


def _chained(asked: Chained, place: Place) -> Fragment:
    return _any(_hop(store.CHAINED, place, place.type, asked.code, target, inner) for target, inner in asked.by_type)


def _referred_by(asked: Has, place: Place) -> Fragment:
    return _hop(store.REFERRED_BY, place, asked.type, asked.reference, asked.type, asked.condition)


def _hop(step: sql.SQL, place: Place, owner: str, code: str, target: str, inner: Condition) -> Fragment:
    """Go over a reference, in its direction or against it, to something that fulfils a condition."""
    binding, alias, further = place.binding, place.binding.alias(), place.binding.alias()
    referred = target if step is store.CHAINED else place.type
    names = {"r": place.resource, "k": alias, "t": further, "type": binding.put(target)}
    keys = {
        "parameter": binding.put(parameter_number(owner, code)),
        "system": binding.put(hashed(referred)),
    }
    return step.format(**names, **keys, inner=condition(inner, Place(target, further, binding)))


def _updated(asked: Asked, place: Place) -> Fragment:
    date = cast("DateAsked", asked)
    start, end = _widened(date)
    bounds = {"start": place.binding.put(start), "end": place.binding.put(end)}
    return store.UPDATED[date.prefix.value].format(r=place.resource, **bounds)


def _code(asked: Asked) -> str:
    return cast("TokenAsked", asked).code or ""


def _table_of(asked: Asked) -> str:
    last = asked.parts[-1] if isinstance(asked, CompositeAsked) else asked
    return _TABLE_OF[type(last)]


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of a criterion, in the key table ``alias``."""

    alias: sql.Identifier
    binding: Binding
    modifier: str

    def among(self, values: Sequence[Asked]) -> Fragment:
        """Return what has one of the values."""
        if isinstance(values[0], TokenAsked | ReferenceAsked | IdentifierAsked):
            return self._tokens(values, ())
        return _any(self._one(value, ()) for value in values)

    def _one(self, value: Asked, beside: tuple[str, ...]) -> Fragment:
        if isinstance(value, CompositeAsked):
            return self._composite(value)
        if isinstance(value, TokenAsked | ReferenceAsked | IdentifierAsked):
            return self._tokens([value], beside)
        inner = _READERS[type(value)](self, value)
        return store.BESIDE.format(k=self.alias, beside=self.binding.put(hashed(*beside)), inner=inner)

    def _composite(self, value: CompositeAsked) -> Fragment:
        *first, last = value.parts
        return self._one(last, tuple(map(_form, first)))

    def _tokens(self, values: Sequence[Asked], beside: tuple[str, ...]) -> Fragment:
        """Return what has one of many codes, identifiers or references: one lookup for those of each kind."""
        rows = [_token_row(value, self.modifier, beside) for value in values]
        alone = [row.value for row in rows if row.value is not None and row.system is None]
        both = [(row.value, row.system) for row in rows if row.value is not None and row.system is not None]
        systems = [row.system for row in rows if row.value is None]
        fragments: list[Fragment] = []
        if alone:
            fragments.append(store.CODES.format(k=self.alias, values=self.binding.put(alone)))
        if len(both) == 1:
            value, system = (self.binding.put(part) for part in both[0])
            fragments.append(store.CODE_IN_SYSTEM.format(k=self.alias, value=value, system=system))
        elif both:
            columns = [self.binding.put([row[place] for row in both]) for place in (0, 1)]
            fragments.append(store.CODES_IN_SYSTEMS.format(k=self.alias, values=columns[0], systems=columns[1]))
        if systems:
            fragments.append(store.SYSTEMS.format(k=self.alias, systems=self.binding.put(systems)))
        return _any(fragments)

    def text(self, value: TextAsked) -> Fragment:
        text = plain(value.text)
        if self.modifier == "exact":
            exact = self.binding.put(hashed(value.text))
            return store.EXACTLY.format(k=self.alias, value=self.binding.put(text), exact=exact)
        if self.modifier == "contains":
            return store.CONTAINS.format(k=self.alias, value=self.binding.put(text))
        return self._begins(text)

    def uri(self, value: UriAsked) -> Fragment:
        text = value.uri[:LONGEST_TEXT]
        if self.modifier == "below":
            return self._begins(text)
        if self.modifier == "above":
            return store.ONE_OF_TEXTS.format(k=self.alias, values=self.binding.put(list(_above(text))))
        exact = self.binding.put(hashed(value.uri))
        return store.EXACTLY.format(k=self.alias, value=self.binding.put(text), exact=exact)

    def _begins(self, text: str) -> Fragment:
        low, high = self.binding.put(text), self.binding.put(text + _AFTER_ALL)
        return store.BEGINS.format(k=self.alias, low=low, high=high)

    def date(self, value: DateAsked) -> Fragment:
        start, end = _widened(value)
        bounds = {"start": self.binding.put(start), "end": self.binding.put(end)}
        return store.SPANS[value.prefix.value].format(k=self.alias, **bounds)

    def number(self, value: NumberAsked | QuantityAsked) -> Fragment:
        return self._compared(value.prefix, _bounds(value), store.AS_WRITTEN)

    def quantity(self, value: QuantityAsked) -> Fragment:
        inner = self.number(value)
        if value.code is None:
            return inner
        code = self.binding.put(hashed(value.code))
        if value.system is None:
            return store.IN_CODE_OR_UNIT.format(k=self.alias, inner=inner, code=code)
        system = self.binding.put(hashed(value.system))
        as_written = store.IN_UNIT.format(k=self.alias, inner=inner, code=code, system=system)
        return self._converted(value, unit_of(value.system, value.code), as_written)

    def _converted(self, value: QuantityAsked, unit: Unit, as_written: Fragment) -> Fragment:
        """Return what is asked for in any unit of its dimension (R4 3.1.1.4.12)."""
        bounds = [unit.canonical(bound) for bound in _bounds(value)]
        if None in bounds:
            return as_written
        dimension = self.binding.put(hashed(unit.dimension))
        inner = self._compared(value.prefix, bounds, store.CANONICAL)
        return store.IN_DIMENSION.format(k=self.alias, dimension=dimension, inner=inner, as_written=as_written)

    def _compared(self, prefix: Prefix, bounds: Sequence[Any], columns: tuple[str, str]) -> Fragment:
        low, high = (store.COLUMN.format(k=self.alias, name=sql.Identifier(name)) for name in columns)
        placed = {name: self.binding.put(bound) for name, bound in zip(_BOUNDS, bounds, strict=True)}
        return store.NUMBERS[prefix.value].format(low=low, high=high, **placed)


@dataclass(frozen=True, slots=True)
class _TokenRow:
    """What a row of tokens has to have; None is anything."""

    value: int | None
    system: int | None


def _token_row(asked: Asked, modifier: str, beside: tuple[str, ...]) -> _TokenRow:
    if isinstance(asked, IdentifierAsked):
        return _TokenRow(hashed(f"{asked.type_system}|{asked.type_code}", asked.value), None)
    if isinstance(asked, ReferenceAsked):
        target = asked.target
        system = hashed(target.type) if target.id and target.type else None
        return _TokenRow(hashed(*beside, target.id or target.url), system)
    token = cast("TokenAsked", asked)
    if token.code is None:
        if beside or modifier == "identifier":
            raise unanswerable(_SYSTEM_BESIDE)
        return _TokenRow(None, hashed(token.system or ""))
    code = identifier_of(Token("", token.code)) if modifier == "identifier" else token.code
    return _TokenRow(hashed(*beside, code), None if token.system is None else hashed(token.system))


def _form(asked: Asked) -> str:
    """Return the form under which the first part of a composite stands beside the last."""
    if isinstance(asked, TokenAsked) and asked.code is not None:
        return asked.code if asked.system is None else f"{asked.system}|{asked.code}"
    if isinstance(asked, ReferenceAsked):
        target = asked.target
        return f"{target.type}/{target.id}" if target.id and target.type else target.id or target.url
    if isinstance(asked, UriAsked):
        return asked.uri
    raise unanswerable(_FIRST_PART)


def unanswerable(what: str) -> SearchError:
    """Return the error of a search that nobody can answer."""
    return SearchError([Issue("not-supported", f"expected something that can be looked up, not {what}")])


def _above(address: str) -> Iterator[str]:
    """Yield an address and those that it lies below: https://a.b/c/d, https://a.b/c, https://a.b."""
    yield address
    while "/" in address.partition("://")[2] or ("/" in address and "://" not in address):
        address = address.rpartition("/")[0]
        yield address


def _bounds(asked: NumberAsked | QuantityAsked) -> tuple[Decimal, Decimal, Decimal]:
    """Return a number and between what it lies; approximately is a tenth of it (R4 3.1.1.4.5)."""
    number = asked.number
    if asked.prefix is Prefix.APPROXIMATELY:
        return number, number - abs(number) * _TENTH, number + abs(number) * _TENTH
    return number, asked.range.low, asked.range.high


def _widened(asked: DateAsked) -> tuple[datetime, datetime]:
    """Return what is asked for; approximately is a tenth of the time that it is away, at least a day (R4 3.1.1.4.5)."""
    start, end = asked.span
    if asked.prefix is not Prefix.APPROXIMATELY:
        return start, end
    away = max(timedelta(days=1), abs(clock.now() - start) / 10)
    first = start - away if start - BEGINNING > away else BEGINNING
    return first, end + away if END - end > away else END


def _any(fragments: Sequence[Fragment] | Iterator[Fragment]) -> Fragment:
    found = list(fragments)
    return found[0] if len(found) == 1 else store.GROUP.format(inner=store.OR.join(found))


_READERS: Final[Mapping[type[Any], Callable[[_Values, Any], Fragment]]] = {
    TextAsked: _Values.text,
    UriAsked: _Values.uri,
    DateAsked: _Values.date,
    NumberAsked: _Values.number,
    QuantityAsked: _Values.quantity,
}
_TABLE_OF: Final[Mapping[type[Any], str]] = {
    TokenAsked: "token",
    IdentifierAsked: "token",
    ReferenceAsked: "token",
    TextAsked: "text",
    UriAsked: "text",
    DateAsked: "span",
    NumberAsked: "number",
    QuantityAsked: "number",
}
