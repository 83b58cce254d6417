"""A search asks for what its URL says, and a wrong one is told so."""

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.fhir.errors import SearchError
from lightwell.standards.fhir.search.asked import (
    Chained,
    CompositeAsked,
    Condition,
    Criterion,
    DateAsked,
    Has,
    IdentifierAsked,
    Include,
    MissingAsked,
    NumberAsked,
    Prefix,
    QuantityAsked,
    ReferenceAsked,
    Search,
    SortKey,
    TextAsked,
    TokenAsked,
    UriAsked,
)
from lightwell.standards.fhir.search.query import parse_search
from lightwell.standards.fhir.search.spans import Span
from lightwell.standards.fhir.search.terms import split_unescaped, unescape
from lightwell.standards.fhir.search.values import Place, ReferenceValue
from tests.standards.fhir.examples import STEADY

PLACE = Place("https://hospital.example/fhir")


def search(url: str, *, is_strict: bool = False) -> Search:
    type_name, _, query = url.partition("?")
    return parse_search(type_name, parse_qsl(query, keep_blank_values=True), PLACE, is_strict=is_strict)


def condition(url: str) -> Condition:
    (only,) = search(url).conditions
    return only


def asked(url: str) -> object:
    found = condition(url)
    assert isinstance(found, Criterion)
    (only,) = found.values
    return only


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("Observation?code=x", TokenAsked(None, "x")),
        ("Observation?code=http://loinc.org|8867-4", TokenAsked("http://loinc.org", "8867-4")),
        ("Observation?code=|x", TokenAsked("", "x")),
        ("Observation?code=http://loinc.org|", TokenAsked("http://loinc.org", None)),
        (r"Observation?code=a\|b", TokenAsked(None, "a|b")),
        ("Patient?identifier:of-type=u:t|MR|7", IdentifierAsked("u:t", "MR", "7")),
        ("Patient?active:missing=true", MissingAsked(is_missing=True)),
        ("Patient?name=Wang", TextAsked("Wang")),
        (r"Patient?name:exact=a\,b\\", TextAsked("a,b\\")),
        ("Patient?_id=7", TokenAsked(None, "7")),
        ("ValueSet?url=http://x/y", UriAsked("http://x/y")),
        ("ValueSet?url:below=http://x", UriAsked("http://x")),
        ("Observation?subject=7", ReferenceAsked(ReferenceValue("", "7", "", None))),
        ("Observation?subject=Patient/7", ReferenceAsked(ReferenceValue("Patient", "7", "", None))),
        ("Observation?subject:Patient=7", ReferenceAsked(ReferenceValue("Patient", "7", "", None))),
        (
            "Observation?subject=https://hospital.example/fhir/Patient/7",
            ReferenceAsked(ReferenceValue("Patient", "7", "", None)),
        ),
        ("Observation?subject=urn:uuid:7", ReferenceAsked(ReferenceValue("", "", "urn:uuid:7", None))),
        ("Observation?subject:identifier=u:x|7", TokenAsked("u:x", "7")),
    ],
)
def test_values(url: str, expected: object) -> None:
    assert asked(url) == expected


@pytest.mark.parametrize("prefix", list(Prefix))
def test_prefixes(prefix: Prefix) -> None:
    found = asked(f"Observation?date={prefix}2026-03")
    assert found == DateAsked(prefix, Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)))


def test_a_plus_that_became_a_space_is_a_plus() -> None:
    found = asked("Observation?date=2026-03-01T08:30:00+08:00")
    assert isinstance(found, DateAsked)
    assert found.span.start == datetime(2026, 3, 1, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("100", "99.5", "100.5"), ("100.00", "99.995", "100.005"), ("1e2", "50", "150"), ("-5", "-5.5", "-4.5")],
)
def test_numbers_cover_what_their_digits_leave_open(text: str, low: str, high: str) -> None:
    found = asked(f"RiskAssessment?probability=gt{text}")
    assert isinstance(found, NumberAsked)
    assert (found.prefix, found.number) == (Prefix.GREATER, Decimal(text))
    assert found.range == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("text", "system", "code"), [("5.4", None, None), ("5.4|u:x|mg", "u:x", "mg"), ("5.4||mg", None, "mg")]
)
def test_quantities(text: str, system: str | None, code: str | None) -> None:
    found = asked(f"Observation?value-quantity=le{text}")
    assert isinstance(found, QuantityAsked)
    assert (found.prefix, found.number, found.system, found.code) == (
        Prefix.LESS_OR_EQUAL,
        Decimal("5.4"),
        system,
        code,
    )


def test_composites() -> None:
    found = asked("Observation?component-code-value-quantity=http://loinc.org|8480-6$lt60")
    assert isinstance(found, CompositeAsked)
    assert found.parts[0] == TokenAsked("http://loinc.org", "8480-6")
    assert isinstance(found.parts[1], QuantityAsked)


def test_and_is_several_or_is_a_comma() -> None:
    found = search("Observation?code=a,b&code=c").conditions
    assert [len(item.values) for item in found if isinstance(item, Criterion)] == [2, 1]


def test_modifiers() -> None:
    found = condition("Observation?status:not=final")
    assert isinstance(found, Criterion)
    assert (found.modifier, found.type) == ("not", "token")


def test_chains() -> None:
    found = condition("Observation?subject:Patient.name=wang")
    assert found == Chained("subject", (("Patient", Criterion("name", "string", "", (TextAsked("wang"),))),))
    two = condition("DiagnosticReport?subject:Patient.organization.name=county")
    assert isinstance(two, Chained)
    assert isinstance(two.by_type[0][1], Chained)
    several = condition("Observation?subject.identifier=7")
    assert isinstance(several, Chained)
    assert {name for name, _ in several.by_type} >= {"Patient", "Group", "Device", "Location"}


def test_has() -> None:
    found = condition("Patient?_has:Observation:patient:code=8867-4")
    assert found == Has("Observation", "patient", Criterion("code", "token", "", (TokenAsked(None, "8867-4"),)))
    nested = condition("Patient?_has:Observation:patient:_has:AuditEvent:entity:agent=Practitioner/1")
    assert isinstance(nested, Has)
    assert isinstance(nested.condition, Has)
    behind_a_chain = condition("Encounter?patient._has:Group:member:_id=102")
    assert isinstance(behind_a_chain, Chained)


def test_what_is_answered_and_how() -> None:
    found = search(
        "Observation?_sort=-date,code&_count=20&_include=Observation:patient&_include:iterate=Patient:organization:Organization"
        "&_revinclude=Provenance:target&_elements=id,status&_summary=data&_total=accurate&_format=json"
    )
    assert found == Search(
        "Observation",
        sort=(SortKey("date", is_descending=True), SortKey("code", is_descending=False)),
        count=20,
        includes=(
            Include("Observation", "patient", "", is_iterated=False),
            Include("Patient", "organization", "Organization", is_iterated=True),
        ),
        revincludes=(Include("Provenance", "target", "", is_iterated=False),),
        elements=("id", "status"),
        summary="data",
        total="accurate",
    )


def test_what_is_not_known_is_told_or_refused() -> None:
    url = "Patient?colour=blue&birthdate=2026&name="
    assert search(url).ignored == ("colour", "name")
    assert len(search(url).conditions) == 1
    with pytest.raises(SearchError, match="Patient, 'colour' is none"):
        search(url, is_strict=True)


@pytest.mark.parametrize(
    "url",
    [
        "Patient?birthdate=1974-13-01",
        "Patient?birthdate=gt",
        "Patient?birthdate=yesterday",
        "Patient?birthdate:exact=1974",
        "Patient?gender:contains=m",
        "Patient?active:missing=perhaps",
        "Patient?identifier=|",
        "Patient?identifier:of-type=a|b",
        "Observation?value-quantity=x",
        "Observation?value-quantity=5|mg",
        "RiskAssessment?probability=NaN",
        "RiskAssessment?probability=1e999999",
        "Observation?subject=a/b",
        "Observation?subject:Pation=7",
        "Observation?code-value-quantity=a",
        "Observation?code.text=a",
        "Observation?subject.organization.partof.partof.name=a",
        "Patient?_has:Observation:code:code=1",
        "Patient?_has:Observation=1",
        "Patient?_has:Observation:device:code=1",
        "Patient?_count=many",
        "Patient?_count=-1",
        "Patient?_summary=short",
        "Patient?_total=about",
        "Patient?_include=Patient:name",
        "Patient?_include=Pation:organization",
        "Patient?_include:all=Patient:organization",
        "Patient?_sort=colour",
        "Observation?_sort=code-value-quantity",
        "Patient?name=" + ",".join("a" * 501),
        "Patient?" + "&".join(["name=a"] * 51),
    ],
)
def test_what_is_wrong_is_refused(url: str) -> None:
    with pytest.raises(SearchError):
        search(url, is_strict=True)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SearchError) as caught:
        search("Patient?birthdate=x&_count=x&gender=male")
    assert len(caught.value.issues) == 2


@given(st.text(alphabet="ab,|$\\"))
@STEADY
def test_escapes_come_back(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace(",", "\\,").replace("|", "\\|").replace("$", "\\$")
    assert unescape(escaped) == text
    assert [unescape(part) for part in split_unescaped(f"{escaped},{escaped}", ",")] == [text, text]


@given(
    st.sampled_from(
        ["name", "birthdate", "subject:Patient.name", "_has:Observation:patient:code", "_sort", "_include", "x"]
    )
    | st.text(max_size=20),
    st.text(max_size=20),
)
@STEADY
def test_nothing_but_our_error_escapes(name: str, text: str) -> None:
    for type_name in ("Patient", "Observation"):
        try:
            found = parse_search(type_name, [(name, text)], PLACE)
        except SearchError:
            continue
        assert isinstance(found, Search)
