"""By what a resource is found: no row too many, and nothing that is not found any more."""

import tracemalloc
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from lightwell.clinical.keys import keys_of, order_number, parameter_number
from lightwell.core.pinyin import typed
from lightwell.standards.fhir.search.values import Place
from lightwell.standards.fhir.validation import validate_value
from tests.standards.fhir.examples import STEADY

PLACE = Place("http://127.0.0.1/fhir", UTC)
NAMES = st.text("王李小明 -abÉ·", min_size=1, max_size=12).filter(lambda text: text.strip())


def texts_of(*names: str) -> set[tuple[str, bool]]:
    patient = {"resourceType": "Patient", "id": "1", "name": [{"text": name} for name in names]}
    number = parameter_number("Patient", "name")
    return {(value, exact != 0) for parameter, _, value, exact in keys_of(patient, PLACE).texts if parameter == number}


@given(st.lists(NAMES, min_size=1, max_size=3))
@STEADY
def test_a_name_is_found_by_whatever_it_is_typed_as_and_by_no_row_twice(names: list[str]) -> None:
    rows = texts_of(*names)
    for name in names:
        for said in typed(name):
            assert any(value.startswith(said) for value, _ in rows)
    derived = [value for value, is_whole in rows if not is_whole]
    assert not [
        one
        for one in derived
        for other, is_whole in rows
        if other.startswith(one) and (other, is_whole) != (one, False)
    ]


def test_what_was_written_always_stands_there_also_where_another_begins_with_it() -> None:
    assert {("王", True), ("王小明", True)} <= texts_of("王", "王小明")


def test_a_person_is_sorted_by_the_whole_name_as_it_is_said() -> None:
    patient = {"resourceType": "Patient", "id": "1", "name": [{"family": "曾", "given": ["六"]}]}
    number = order_number("Patient", "name")
    assert [row[2] for row in keys_of(patient, PLACE).texts if row[0] == number] == ["zeng liu 曾 六"]


def test_a_part_of_a_name_that_is_only_an_extension_is_no_part_to_sort_by() -> None:
    unsaid = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]
    }
    name = {"family": "A", "given": [None, "B"], "_given": [unsaid, None]}
    patient = {"resourceType": "Patient", "id": "1", "name": [name]}
    assert not validate_value(patient), "R4 allows it"
    number = order_number("Patient", "name")
    assert [row[2] for row in keys_of(patient, PLACE).texts if row[0] == number] == ["a b"]


def test_long_texts_are_not_remembered() -> None:
    """Whoever sends thousands of them would fill the memory of the server."""
    tracemalloc.start()
    try:
        for n in range(40):
            words = f"{n} " + "word " * 200_000
            keys_of({"resourceType": "Library", "id": "1", "status": "draft", "description": words}, PLACE)
            texts_of(f"王{n}" + "明" * 100_000)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 5 << 20


def test_a_name_of_a_hundred_thousand_characters_has_a_bounded_number_of_rows() -> None:
    assert len(texts_of("明" * 100_000)) < 500
    assert sum(map(len, typed("明" * 100_000))) < 100_000
