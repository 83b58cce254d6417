"""What a search finds in the database is what somebody finds who looks through all resources one by one.

The examples are put into the record; then it is asked for values that occur in them, in every form that a parameter can
be asked in, and for what is near them. The oracle knows the index values of each resource and nothing of SQL.
"""

import random
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from urllib.parse import quote

import pytest

from lightwell.clinical.keys import plain
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.extracting import IndexValues, extract_values
from lightwell.standards.fhir.search.parameters import parameters_of
from lightwell.standards.fhir.search.spans import Span, range_of, read_span
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
from tests.clinical.fhir.conftest import Client, client_of
from tests.region import running_server
from tests.standards.fhir.examples import sample

_QUESTIONS = 1500
_ZONE = timezone(timedelta(hours=8))  # of dates that do not say theirs, by the settings
Matches = Callable[[list[Value]], bool]
Question = tuple[str, str, str, Matches]
"""Type, parameter with its modifier, value as it stands in an address, and who fulfils it."""


@pytest.fixture(scope="module")
def client() -> Generator[Client]:
    with running_server() as (server, region):
        yield client_of(server, region.token_a)


@pytest.fixture(scope="module")
def stored(client: Client) -> list[tuple[Resource, IndexValues]]:
    """Every example as it is in the record, with its index values."""
    base = str(client("GET", "/metadata").request.url).removesuffix("/metadata")
    place = Place(base, _ZONE)
    found: list[tuple[Resource, IndexValues]] = []
    for raw in sample():
        given = decode_resource(raw)
        answer = client("POST", f"/{given['resourceType']}", content=raw)
        resource = decode_resource(answer.content)
        found.append((resource, extract_values(resource, place)))
    return found


def escaped(text: str) -> str:
    for sign in "\\,|$":
        text = text.replace(sign, f"\\{sign}")
    return text


def questions_about(value: Value) -> Iterator[tuple[str, str, Matches]]:
    """Yield modifier, value and meaning of what can be asked about a value."""
    if isinstance(value, Token):
        yield from questions_about_token(value)
    elif isinstance(value, ReferenceValue):
        yield from questions_about_reference(value)
    elif isinstance(value, Text):
        yield from questions_about_text(value.text)
    elif isinstance(value, Uri):
        yield from questions_about_uri(value)
    elif isinstance(value, Span):
        yield from questions_about_span(value)
    elif isinstance(value, Number | QuantityValue) and value.low is not None and value.low == value.high:
        yield from questions_about_number(value, value.low)
    elif isinstance(value, Composite):
        yield from questions_about_composite(value)


def questions_about_token(value: Token) -> Iterator[tuple[str, str, Matches]]:
    if value.code:
        both = f"{escaped(value.system)}|{escaped(value.code)}"
        same_code = lambda all_: any(isinstance(v, Token) and v.code == value.code for v in all_)  # noqa: E731
        yield "", escaped(value.code), same_code
        yield "", both, lambda all_: value in all_
        yield ":not", both, lambda all_: value not in all_
    if value.system:
        system = f"{escaped(value.system)}|"
        yield "", system, lambda all_: any(isinstance(v, Token) and v.system == value.system for v in all_)


def questions_about_reference(value: ReferenceValue) -> Iterator[tuple[str, str, Matches]]:
    if not value.id:
        return

    def is_there(values: list[Value]) -> bool:
        return any(isinstance(v, ReferenceValue) and (v.type, v.id) == (value.type, value.id) for v in values)

    yield "", f"{value.type}/{value.id}", is_there
    yield f":{value.type}", value.id, is_there


def questions_about_uri(value: Uri) -> Iterator[tuple[str, str, Matches]]:
    start = value.uri[:-2]
    yield "", escaped(value.uri), lambda all_: value in all_
    yield ":below", escaped(start), lambda all_: any(isinstance(v, Uri) and v.uri.startswith(start) for v in all_)


def questions_about_text(text: str) -> Iterator[tuple[str, str, Matches]]:
    beginning = plain(text)[:4]
    if not beginning.isascii() or not beginning.strip() or len(plain(text)) > 200:
        return
    yield "", escaped(beginning), lambda all_: any(isinstance(v, Text) and begins(v.text, beginning) for v in all_)
    yield ":exact", escaped(text), lambda all_: Text(text) in all_
    middle = plain(plain(text)[1:5])
    if middle:
        yield (
            ":contains",
            escaped(middle),
            lambda all_: any(isinstance(v, Text) and middle in plain(v.text) for v in all_),
        )


def begins(text: str, beginning: str) -> bool:
    words = plain(text).split(" ")[:12]
    return any(" ".join(words[place:]).startswith(plain(beginning)) for place in range(len(words)))


def questions_about_span(span: Span) -> Iterator[tuple[str, str, Matches]]:
    if span.start.year < 1800:
        return
    text = f"{span.start:%Y-%m-%d}T00:00:00Z"
    asked = read_span(text, UTC)
    yield "", f"sa{text}", lambda all_: any(isinstance(v, Span) and v.start >= asked.end for v in all_)
    yield "", f"eb{text}", lambda all_: any(isinstance(v, Span) and v.end <= asked.start for v in all_)
    yield "", f"gt{text}", lambda all_: any(isinstance(v, Span) and v.end > asked.end for v in all_)
    yield "", f"lt{text}", lambda all_: any(isinstance(v, Span) and v.start < asked.start for v in all_)
    year = read_span(text[:4], _ZONE)
    inside = lambda all_: any(  # noqa: E731 -- as the others
        isinstance(v, Span) and v.start >= year.start and v.end <= year.end for v in all_
    )
    yield "", text[:4], inside


def questions_about_number(value: Number | QuantityValue, number: Decimal) -> Iterator[tuple[str, str, Matches]]:
    yield "", str(number), lambda all_: any(is_about(v, number) for v in all_)
    yield (
        "",
        f"gt{number}",
        lambda all_: any(isinstance(v, Number | QuantityValue) and (v.high is None or v.high > number) for v in all_),
    )
    if isinstance(value, QuantityValue) and value.code and value.system:
        unit = f"{escaped(value.system)}|{escaped(value.code)}"
        yield (
            "",
            f"{number}|{unit}",
            lambda all_: any(
                isinstance(v, QuantityValue) and v.code and v.system and is_as_much(v, number, value) for v in all_
            ),
        )


def is_as_much(value: QuantityValue, number: Decimal, asked: QuantityValue) -> bool:
    """Tell whether a value is a number of a unit that is asked for, once both are of the same unit."""
    own, unit = unit_of(value.system, value.code), unit_of(asked.system, asked.code)
    if own.dimension != unit.dimension or value.low is None or value.low != value.high:
        return False
    low, high = (Fraction(bound) * unit.numerator / unit.denominator for bound in range_of(number))
    return low <= Fraction(value.low) * own.numerator / own.denominator < high


def is_about(value: Value, number: Decimal) -> bool:
    """Tell whether a value is a number as exactly as it was asked for."""
    low, high = range_of(number)
    if not isinstance(value, Number | QuantityValue) or value.low is None or value.low != value.high:
        return False
    return low <= value.low < high


def questions_about_composite(value: Composite) -> Iterator[tuple[str, str, Matches]]:
    first, last = value.parts[0], value.parts[-1]
    if len(value.parts) != 2 or not isinstance(first, Token) or not first.code:
        return

    def beside(is_it: Callable[[Value], bool]) -> Matches:
        return lambda all_: any(isinstance(v, Composite) and v.parts[0] == first and is_it(v.parts[1]) for v in all_)

    code = f"{escaped(first.system)}|{escaped(first.code)}"
    if isinstance(last, QuantityValue) and last.low is not None and last.low == last.high:
        number = last.low
        yield "", f"{code}${number}", beside(lambda v: is_about(v, number))
    elif isinstance(last, Token) and last.code:
        yield "", f"{code}${escaped(last.code)}", beside(lambda v: isinstance(v, Token) and v.code == last.code)


def every_question(stored: list[tuple[Resource, IndexValues]]) -> Iterator[Question]:
    for resource, values in stored:
        kind = resource["resourceType"]
        for code, found in values.items():
            parameter = parameters_of(kind).get(code)
            if parameter is None or code in {"_id", "_lastUpdated"}:
                continue
            yield kind, f"{code}:missing", "true", lambda all_: not all_
            yield kind, f"{code}:missing", "false", bool
            for value in found:
                for modifier, text, matches in questions_about(value):
                    yield kind, code + modifier, text, matches


def test_a_search_finds_what_looking_through_all_finds(
    client: Client, stored: list[tuple[Resource, IndexValues]]
) -> None:
    questions = list(every_question(stored))
    random.Random(7).shuffle(questions)
    wrong: list[str] = []
    for kind, name, text, matches in questions[:_QUESTIONS]:
        code = name.partition(":")[0]
        expected = {
            resource["id"]
            for resource, values in stored
            if resource["resourceType"] == kind and matches(list(values.get(code, ())))
        }
        answer = client("GET", f"/{kind}?{name}={quote(text)}&_count=1000")
        assert answer.status_code == 200, (kind, name, text, answer.text)
        found = {entry["resource"]["id"] for entry in answer.json().get("entry", ())}
        if found != expected:
            wrong.append(f"{kind}?{name}={text}: {len(found)} instead of {len(expected)}")
    assert len(questions) > 3 * _QUESTIONS
    assert wrong == []
