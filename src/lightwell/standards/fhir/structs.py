"""The definitions as msgspec types: a decoder made of them checks a resource at the speed of C.

    Patient  ──►  struct Patient: name: list[HumanName] | UNSET, gender: Literal["male", …] | UNSET, …

What they accept is a resource of R4. What they refuse may be one still, in ways that are rare: a required primitive
that has extensions only, a null among primitives. So a refusal is looked at again by :mod:`explaining`, which has the
last word. What a type cannot say (one type of a choice, the resources inside) is checked by ``__post_init__``.

They are made when a type is first asked for, with all the types it reaches. The values are thrown away: what is kept of
a resource are its bytes and its plain value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from keyword import iskeyword
from typing import Annotated, Any, Final, Literal, NamedTuple, NoReturn, Self, cast

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType
from msgspec.structs import astuple

from lightwell.standards.fhir.definitions import (
    ANY_RESOURCE,
    PRIMITIVES,
    Element,
    Property,
    codes_of,
    properties,
    type_definition,
)
from lightwell.standards.fhir.primitives import annotation_of
from lightwell.standards.fhir.resource import read_type

Check = Callable[[Any], None]
_STRUCTS: Final[dict[str, type[msgspec.Struct]]] = {}


def check_resource(raw: bytes | Raw) -> msgspec.Struct:
    """Return if a resource is as R4 defines it; otherwise one of the errors of msgspec, FhirError or RecursionError."""
    return decoder_of(read_type(raw)).decode(raw)


@cache
def decoder_of(type_name: str) -> msgspec.json.Decoder[msgspec.Struct]:
    """Return what checks a resource of a type."""
    _make_reachable(type_name)
    return msgspec.json.Decoder(_STRUCTS[type_name])


def _make_reachable(type_name: str) -> None:
    waiting = [type_name]
    while waiting:
        name = waiting.pop()
        if name not in _STRUCTS:
            _STRUCTS[name] = _make_struct(name)
            waiting += [item.type for item in properties(name).values() if item.type not in PRIMITIVES]


def _make_struct(type_name: str) -> type[msgspec.Struct]:
    members = properties(type_name)
    attributes = {name: _attribute(name) for name in members}
    # Annotations are texts, looked up when the decoder is made: types reach each other in circles.
    fields: list[Any] = [
        (attributes[name], f"annotation({type_name!r}, {name!r})", *(() if _is_needed(item) else (UNSET,)))
        for name, item in members.items()
    ]
    is_resource = type_definition(type_name).is_resource
    checks = tuple(_checks(type_name))
    return msgspec.defstruct(
        type_name.replace(".", "_"),
        fields,
        module=__name__,
        namespace={"__post_init__": _all_of(checks)} if checks else None,
        rename=dict(zip(attributes.values(), attributes, strict=True)),
        forbid_unknown_fields=True,
        kw_only=True,
        tag=type_name if is_resource else None,
        tag_field="resourceType" if is_resource else None,
    )


def _all_of(checks: Sequence[Check]) -> Check:
    """Return one function that makes all checks; it becomes a method, which a partial would not."""

    def check(value: Any) -> None:
        for one in checks:
            one(value)

    return checks[0] if len(checks) == 1 else check


def _attribute(name: str) -> str:
    """Return a name that Python takes: ``_status`` and ``class`` are none."""
    return f"{name[1:]}_element" if name.startswith("_") else f"{name}_" if iskeyword(name) else name


def _is_needed(item: Property) -> bool:
    return bool(item.element.least) and not item.element.is_choice and not item.is_extension


def annotation(type_name: str, name: str) -> Any:
    """Return what a member may be."""
    item = properties(type_name)[name]
    annotation = _single(item)
    if item.element.is_list:
        annotation = Annotated[list[annotation | None if item.is_extension else annotation], Meta(min_length=1)]
    return annotation if _is_needed(item) else annotation | UnsetType


def _single(item: Property) -> Any:
    if item.type == ANY_RESOURCE:
        return Raw
    if item.type not in PRIMITIVES:
        return _STRUCTS[item.type]
    codes = codes_of(item.element.required_value_set) if item.type == "code" else frozenset[str]()
    return Literal[tuple(sorted(codes))] if codes else annotation_of(item.type)


def _checks(type_name: str) -> Iterator[Check]:
    """Return what the types do not say."""
    members = properties(type_name)
    elements = type_definition(type_name).elements
    choices = [element for element in elements if element.is_choice]
    if choices:
        yield _one_of_each(tuple(members), [_Choice.of(element, members) for element in choices])
    for element in elements:
        if element.types == (ANY_RESOURCE,):
            yield _contained if element.name == "contained" else _inner(_attribute(element.name))
        elif element.types == ("CodeableConcept",) and codes_of(element.required_value_set):
            yield _coded(_attribute(element.name), codes_of(element.required_value_set))


class _Choice(NamedTuple):
    """The members of one choice, which stand together."""

    element: Element
    part: slice
    size: int

    @classmethod
    def of(cls, element: Element, members: Mapping[str, Property]) -> Self:
        places = [place for place, item in enumerate(members.values()) if item.element is element]
        return cls(element, slice(places[0], places[-1] + 1), len(places))


def _one_of_each(names: tuple[str, ...], choices: Sequence[_Choice]) -> Check:
    """A choice has one type at most; ``valueString`` and ``_valueString`` are the same."""

    def check(value: Any) -> None:
        values = astuple(value)
        for element, part, size in choices:
            count = size - values[part].count(UNSET)
            if count > 1 or (element.least and not count):
                given = zip(names[part], values[part], strict=True)
                if len({name.strip("_") for name, item in given if item is not UNSET}) != 1:
                    _refuse(f"expected one {element.name}[x]")

    return check


def _coded(attribute: str, codes: frozenset[str]) -> Check:
    def check(value: Any) -> None:
        concepts: Any = getattr(value, attribute)
        several = cast("list[Any]", concepts) if isinstance(concepts, list) else [concepts]
        for concept in several if concepts is not UNSET else ():
            if concept.coding is not UNSET and not any(coding.code in codes for coding in concept.coding):
                _refuse(f"expected a code of the required value set in {attribute}")

    return check


def _inner(attribute: str) -> Check:
    def check(value: Any) -> None:
        raw = getattr(value, attribute)
        if raw is not UNSET:
            check_resource(raw)

    return check


def _contained(value: Any) -> None:
    for raw in () if value.contained is UNSET else value.contained:
        if getattr(check_resource(raw), "contained", UNSET) is not UNSET:
            _refuse("expected no contained resource inside of a contained resource")


def _refuse(expected: str) -> NoReturn:
    raise ValueError(expected)
