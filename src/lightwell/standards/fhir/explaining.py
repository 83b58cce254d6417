"""The definitions once more, in words: everything that is wrong with a resource, and where.

A decoder stops at the first error and speaks of JSON. Whoever gets a refusal wants to know all of it, and FHIRPaths. So
what the decoder refused is walked through here, slowly, and these are the rules that count: the decoder accepts nothing
that they refuse, which a test compares.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeGuard

from lightwell.standards.fhir.definitions import (
    ANY_RESOURCE,
    PRIMITIVES,
    Element,
    Property,
    codes_of,
    properties,
    resource_types,
    type_definition,
)
from lightwell.standards.fhir.errors import Issue
from lightwell.standards.fhir.primitives import COMPILED, FORMS, RANGES, TEXTS

_FEW: Final = 12


def explain_resource(value: Any, path: str = "", *, is_contained: bool = False) -> Iterator[Issue]:
    """Yield what is wrong with the plain value of a resource."""
    name = value.get("resourceType") if _is_object(value) else None
    if not isinstance(name, str) or name not in resource_types():
        yield Issue("structure", "expected a resource with a resourceType of R4", path)
        return
    if is_contained and "contained" in value:
        yield Issue("structure", "expected no contained resource inside of a contained resource", path)
    members = {key: item for key, item in value.items() if key != "resourceType"}
    yield from _explain_object(members, name, path or name)


def _explain_object(value: Mapping[str, Any], type_name: str, path: str) -> Iterator[Issue]:
    members = properties(type_name)
    for key, item in value.items():
        if key not in members:
            yield Issue("structure", f"expected an element of {type_name}, {key[:64]!r} is none", path)
        else:
            yield from _explain_member(item, members[key], f"{path}.{members[key].element.name}")
    for element in type_definition(type_name).elements:
        given = [key for key, item in members.items() if item.element is element and key in value]
        yield from _explain_count(element, given, path)
    yield from _explain_holes(value, members, path)


def _explain_count(element: Element, given: list[str], path: str) -> Iterator[Issue]:
    name = f"{element.name}[x]" if element.is_choice else element.name
    if element.least and not given:
        yield Issue("required", f"expected {name}, it is missing", path)
    if len({key.removeprefix("_") for key in given}) > 1:
        yield Issue("structure", f"expected one {name}, {' and '.join(given)} came", path)


def _explain_member(value: Any, member: Property, path: str) -> Iterator[Issue]:
    if not member.element.is_list:
        yield from _explain_single(value, member, path)
    elif not _is_array(value) or not value:
        yield Issue("structure", "expected an array of at least one item", path)
    else:
        may_be_null = member.type in PRIMITIVES or member.is_extension
        for at, item in enumerate(value):
            if item is not None or not may_be_null:
                yield from _explain_single(item, member, f"{path}[{at}]")


def _explain_holes(value: Mapping[str, Any], members: Mapping[str, Property], path: str) -> Iterator[Issue]:
    """Look for nulls that stand for nothing."""
    for key, items in value.items():
        is_holed = key in members and members[key].type in PRIMITIVES and _is_array(items) and None in items
        beside = value.get(f"_{key}")
        for at, item in enumerate(items if is_holed else ()):
            if item is None and not (_is_array(beside) and at < len(beside) and beside[at] is not None):
                yield Issue("structure", "expected a value or an extension in place of null", f"{path}.{key}[{at}]")


def _explain_single(value: Any, member: Property, path: str) -> Iterator[Issue]:
    if member.type == ANY_RESOURCE:
        yield from explain_resource(value, path, is_contained=member.element.name == "contained")
    elif member.type in PRIMITIVES:
        yield from _explain_primitive(value, member, path)
    elif not _is_object(value):
        yield Issue("structure", f"expected an object ({member.type}), {_kind(value)} came", path)
    else:
        yield from _explain_object(value, member.type, path)
        yield from _explain_concept(value, member, path)


def _explain_primitive(value: Any, member: Property, path: str) -> Iterator[Issue]:
    codes = codes_of(member.element.required_value_set) if member.type == "code" else frozenset[str]()
    if codes and (not isinstance(value, str) or value not in codes):
        yield Issue("code-invalid", f"expected {_listed(codes)}", path)
    elif not codes and not _fits(value, member.type):
        yield Issue("value", f"expected {FORMS[member.type]}, {_kind(value)} came", path)
    elif isinstance(value, str) and "\0" in value:
        yield Issue("value", "expected a text without the character U+0000", path)


def _explain_concept(value: Mapping[str, Any], member: Property, path: str) -> Iterator[Issue]:
    codes = codes_of(member.element.required_value_set) if member.type == "CodeableConcept" else frozenset[str]()
    codings = value.get("coding")
    if codes and _is_array(codings):
        found = [coding.get("code") for coding in codings if _is_object(coding)]
        if not any(isinstance(code, str) and code in codes for code in found):
            yield Issue("code-invalid", f"expected {_listed(codes)}", path)


def _fits(value: Any, primitive: str) -> bool:
    if primitive in COMPILED:
        return isinstance(value, str) and COMPILED[primitive].fullmatch(value) is not None
    if primitive in RANGES:
        least, most = RANGES[primitive]
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    if primitive in TEXTS:
        return isinstance(value, str) and bool(value)
    if primitive == "boolean":
        return isinstance(value, bool)
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_object(value: Any) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _kind(value: Any) -> str:
    """Say what came without saying it."""
    if isinstance(value, str):
        return f"a text of {len(value)} characters"
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true or false"
    return "a number" if isinstance(value, int | Decimal) else "an array" if isinstance(value, list) else "an object"


def _listed(codes: frozenset[str]) -> str:
    few = sorted(codes)
    return ", ".join(few[:-1]) + f" or {few[-1]}" if len(few) <= _FEW else f"one of {len(few)} codes, as {few[0]}"
