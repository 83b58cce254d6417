"""What R4 allows is accepted as it is, and what it does not is refused with its place."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.errors import ResourceError
from lightwell.standards.fhir.explaining import explain_resource
from lightwell.standards.fhir.resource import Resource, decode_resource, encode_resource
from lightwell.standards.fhir.structs import check_resource
from lightwell.standards.fhir.validation import validate_resource, validate_value
from tests.standards.fhir.examples import STEADY, all_examples, changed, example, sample

REFUSED = {
    "Questionnaire-qs1.json": "its nested items have no linkId, which is required",
    "SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json": "67 letters of ID",
}


def exactly(raw: bytes) -> Any:
    return json.loads(raw, parse_float=Decimal)


def found(raw: bytes) -> list[tuple[str, str]]:
    return [(issue.code, issue.expression) for issue in validate_resource(raw)]


@pytest.mark.parametrize("raw", sample(), ids=lambda raw: re.sub(r"\W+", "-", raw[17:60].decode()))
def test_official_examples_are_accepted_and_given_back(raw: bytes) -> None:
    assert validate_resource(raw) == ()
    assert exactly(encode_resource(decode_resource(raw))) == exactly(raw)


def test_all_official_examples_are_accepted_and_given_back() -> None:
    count, refused = 0, set[str]()
    for name, raw in all_examples():
        count += 1
        if validate_resource(raw):
            refused.add(name)
        assert exactly(encode_resource(decode_resource(raw))) == exactly(raw), name
    assert (count, refused) == (5306, set(REFUSED))


def test_there_are_146_types() -> None:
    assert len(resource_types()) == 146


def test_decimals_keep_their_digits() -> None:
    raw = b'{"resourceType":"Observation","valueQuantity":{"value":44.50},"x":[1e3,-0.0,0.10,7]}'
    assert encode_resource(decode_resource(raw)) == raw.replace(b"1e3", b"1E+3")


PATIENT = example("Patient", "example")
OBSERVATION = example("Observation", "blood-pressure")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (changed(PATIENT, colour="blue"), ("structure", "Patient")),
        (changed(PATIENT, name={"family": "x"}), ("structure", "Patient.name")),
        (changed(PATIENT, name=[]), ("structure", "Patient.name")),
        (changed(PATIENT, name=["x"]), ("structure", "Patient.name[0]")),
        (changed(PATIENT, name=[{"given": "x"}]), ("structure", "Patient.name[0].given")),
        (changed(PATIENT, name=[{"given": [None, "x"]}]), ("structure", "Patient.name[0].given[0]")),
        (changed(PATIENT, name=[{"family": ""}]), ("value", "Patient.name[0].family")),
        (changed(PATIENT, name=[{"family": "a\0b"}]), ("value", "Patient.name[0].family")),
        (changed(PATIENT, active="true"), ("value", "Patient.active")),
        (changed(PATIENT, active=1), ("value", "Patient.active")),
        (changed(PATIENT, gender="m"), ("code-invalid", "Patient.gender")),
        (changed(PATIENT, birthDate="1974-13-25"), ("value", "Patient.birthDate")),
        (changed(PATIENT, birthDate="1974-02-29"), ("value", "Patient.birthDate")),
        (changed(PATIENT, birthDate="1974-12-25T08:30:00Z"), ("value", "Patient.birthDate")),
        (changed(PATIENT, birthDate="25.12.1974"), ("value", "Patient.birthDate")),
        (changed(PATIENT, birthDate=None, _birthDate={"x": 1}), ("structure", "Patient.birthDate")),
        (changed(PATIENT, deceasedDateTime="2015"), ("structure", "Patient")),
        (changed(PATIENT, multipleBirthInteger=1.5), ("value", "Patient.multipleBirth")),
        (changed(PATIENT, id="a b"), ("value", "Patient.id")),
        (changed(PATIENT, extension=[{"valueString": "x"}]), ("required", "Patient.extension[0]")),
        (
            changed(PATIENT, extension=[{"url": "u:x", "valueString": "x", "valueCode": "y"}]),
            ("structure", "Patient.extension[0]"),
        ),
        (changed(PATIENT, contained=[{"id": "x"}]), ("structure", "Patient.contained[0]")),
        (changed(PATIENT, contained=[{"resourceType": "Device", "x": 1}]), ("structure", "Patient.contained[0]")),
        (
            changed(PATIENT, contained=[{"resourceType": "Device", "contained": [{"resourceType": "Device"}]}]),
            ("structure", "Patient.contained[0]"),
        ),
        (changed(OBSERVATION, status=None), ("required", "Observation")),
        (changed(OBSERVATION, code=None), ("required", "Observation")),
        (changed(OBSERVATION, status="finished"), ("code-invalid", "Observation.status")),
        (changed(OBSERVATION, valueQuantity={"value": "5"}), ("value", "Observation.value.value")),
        (changed(OBSERVATION, effectiveDateTime="2012-09-17T10:00:00"), ("value", "Observation.effective")),
        (
            changed(example("Condition"), clinicalStatus={"coding": [{"code": "x"}]}),
            ("code-invalid", "Condition.clinicalStatus"),
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(raw: bytes, expected: tuple[str, str]) -> None:
    assert found(raw) == [expected]


@pytest.mark.parametrize(
    "raw",
    [
        changed(PATIENT, name=[{"given": [None, "x"], "_given": [{"extension": [{"url": "u:x", "valueCode": "y"}]}]}]),
        changed(PATIENT, birthDate="1972-02-29"),
        changed(PATIENT, birthDate="2000-02-29", deceasedBoolean=True),
        changed(PATIENT, gender=None, _gender={"extension": [{"url": "u:x", "valueCode": "y"}]}),
        changed(OBSERVATION, status=None, _status={"extension": [{"url": "u:x", "valueCode": "unknown"}]}),
        changed(PATIENT, name=[{"text": "a\\u0000b"}]),
        b' \n{"active":true, "resourceType":"Patient"}',
    ],
)
def test_what_is_rare_is_allowed_all_the_same(raw: bytes) -> None:
    assert found(raw) == []


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert len(found(changed(PATIENT, gender="m", active=1, name=[{"family": 1}], colour="blue"))) == 4


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"resourceType":"Pation"}',
        b'{"resourceType":7}',
        b'{"resourceType":"Patient"',
        b'{"resourceType":"Patient","name":[{"family":"\xff"}]}',
        b'{"resourceType":"Patient","extension":' + b'[{"url":"x:x","extension":' * 5000 + b"1" + b"}]" * 5000 + b"}",
        b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":' * 2000 + b"{}" + b"}]}" * 2000,
    ],
)
def test_what_is_no_resource_is_refused(raw: bytes) -> None:
    assert found(raw)


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"resourceType":"Pation"}', b"\xff"])
def test_what_is_no_resource_is_not_decoded(raw: bytes) -> None:
    with pytest.raises(ResourceError):
        decode_resource(raw)


def test_an_error_does_not_say_what_stands_there() -> None:
    issues = validate_resource(changed(PATIENT, birthDate="1974-99-99", gender="secret", name=[{"family": 12345}]))
    assert len(issues) == 3
    assert not re.search("1974|secret|12345", str(issues))


def test_a_bundle_is_checked_to_its_last_resource() -> None:
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": PATIENT}, {"resource": PATIENT}]}
    assert validate_value(bundle) == ()
    broken = {**bundle, "entry": [{"resource": PATIENT}, {"resource": {**PATIENT, "gender": "m"}}]}
    assert [issue.expression for issue in validate_value(broken)] == ["Bundle.entry[1].resource.gender"]


WRONG = st.one_of(
    st.sampled_from(["", " ", "x", "2026-02-30", "male", 0, 1, -1, 1.5, True, None, 10**12]),
    st.sampled_from([[], {}, ["x"], [None], [{}], {"x": 1}, {"resourceType": "Patient"}, [{"resourceType": "Group"}]]),
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def is_fast(raw: bytes) -> bool:
    try:
        check_resource(raw)
    except (msgspec.DecodeError, ResourceError):
        return False
    return True


@given(st.sampled_from(sample()), st.data())
@STEADY
def test_the_decoder_accepts_nothing_that_the_rules_refuse(raw: bytes, data: st.DataObject) -> None:
    resource: Resource = deepcopy(decode_resource(raw))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(places(resource))))
        owner: Any = resource
        for part in path[:-1]:
            owner = owner[part]
        action = data.draw(st.sampled_from(["replace", "delete", "rename", "list"]))
        value = owner[path[-1]]
        if action == "delete" and isinstance(owner, dict):
            del owner[path[-1]]
        elif action == "rename" and isinstance(owner, dict):
            owner[data.draw(st.sampled_from(["x", f"_{path[-1]}", f"{path[-1]}Code", "valueString"]))] = value
        elif action == "list":
            owner[path[-1]] = value[0] if isinstance(value, list) and value else [value]
        else:
            owner[path[-1]] = data.draw(WRONG)
        if not list(places(resource)):
            return
    mutated = encode_resource(resource)
    issues = list(explain_resource(resource))
    if is_fast(mutated):
        assert issues == []
    assert bool(validate_resource(mutated)) == bool(issues)
