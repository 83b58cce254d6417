"""A JSON Patch changes what it says, or nothing."""

import json
from copy import deepcopy
from typing import Any

import pytest

from lightwell.standards.fhir.errors import PatchError
from lightwell.standards.fhir.patch import apply_patch, read_patch
from lightwell.standards.fhir.resource import encode_resource

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "active": True,
    "name": [{"family": "王", "given": ["小东"]}],
    "a/b": 1,
    "m~n": 2,
}


def patched(*operations: dict[str, Any]) -> Any:
    before = deepcopy(PATIENT)
    result = apply_patch(PATIENT, read_patch(json.dumps(operations).encode()))
    assert before == PATIENT
    return result


@pytest.mark.parametrize(
    ("operation", "place", "expected"),
    [
        ({"op": "add", "path": "/gender", "value": "male"}, ["gender"], "male"),
        ({"op": "add", "path": "/active", "value": False}, ["active"], False),
        ({"op": "add", "path": "/name/0/given/0", "value": "x"}, ["name", 0, "given"], ["x", "小东"]),
        ({"op": "add", "path": "/name/0/given/-", "value": "x"}, ["name", 0, "given"], ["小东", "x"]),
        ({"op": "add", "path": "/name/0/given/1", "value": "x"}, ["name", 0, "given"], ["小东", "x"]),
        ({"op": "remove", "path": "/name/0/given"}, ["name", 0], {"family": "王"}),
        ({"op": "remove", "path": "/name/0"}, ["name"], []),
        ({"op": "replace", "path": "/name/0/family", "value": "李"}, ["name", 0, "family"], "李"),
        ({"op": "replace", "path": "/name/0/given/0", "value": "x"}, ["name", 0, "given"], ["x"]),
        ({"op": "replace", "path": "/a~1b", "value": 7}, ["a/b"], 7),
        ({"op": "replace", "path": "/m~0n", "value": 7}, ["m~n"], 7),
        (
            {"op": "move", "from": "/name/0/given/0", "path": "/name/0/family"},
            ["name"],
            [{"family": "小东", "given": []}],
        ),
        ({"op": "copy", "from": "/name/0", "path": "/name/-"}, ["name", 1, "family"], "王"),
        ({"op": "test", "path": "/name/0/given", "value": ["小东"]}, ["active"], True),
        ({"op": "replace", "path": "", "value": {"resourceType": "Group"}}, ["resourceType"], "Group"),
        ({"op": "add", "path": "/active", "value": None}, ["active"], None),
    ],
)
def test_operations(operation: dict[str, Any], place: list[Any], expected: Any) -> None:
    found = patched(operation)
    for part in place:
        found = found[part]
    assert found == expected


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/gender"},
        {"op": "replace", "path": "/gender", "value": "male"},
        {"op": "add", "path": "/contact/0/gender", "value": "male"},
        {"op": "add", "path": "/name/2", "value": {}},
        {"op": "add", "path": "/name/x", "value": {}},
        {"op": "add", "path": "/name/00", "value": {}},
        {"op": "add", "path": "/active/x", "value": 1},
        {"op": "remove", "path": "/name/1"},
        {"op": "move", "from": "/name", "path": "/name/0/x"},
        {"op": "copy", "from": "/gender", "path": "/x"},
        {"op": "test", "path": "/active", "value": 1},
        {"op": "test", "path": "/active", "value": False},
        {"op": "test", "path": "/name", "value": []},
        {"op": "remove", "path": ""},
    ],
)
def test_what_does_not_fit_is_refused(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchError):
        patched(operation)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[1]",
        b'[{"op":"destroy","path":"/x"}]',
        b'[{"op":"add","path":"/x"}]',
        b'[{"op":"move","path":"/x"}]',
        b'[{"op":"remove","path":"x"}]',
        b'[{"op":"remove","path":"/a~2"}]',
        b'[{"op":"remove"}]',
        b"[" + b",".join([b'{"op":"remove","path":"/x"}'] * 1001) + b"]",
    ],
)
def test_what_is_no_patch_is_refused(raw: bytes) -> None:
    with pytest.raises(PatchError):
        read_patch(raw)


def test_a_patch_is_done_as_a_whole() -> None:
    with pytest.raises(PatchError):
        patched({"op": "remove", "path": "/active"}, {"op": "test", "path": "/active", "value": True})


def test_the_digits_of_a_patch_are_kept() -> None:
    (operation,) = read_patch(b'[{"op":"add","path":"/x","value":{"value":44.50}}]')
    assert b"44.50" in encode_resource(apply_patch(PATIENT, [operation]))


def test_an_error_says_which_operation() -> None:
    with pytest.raises(PatchError, match="operation 1"):
        patched({"op": "add", "path": "/x", "value": 1}, {"op": "remove", "path": "/gender"})
