"""A resource to all its index values: what a search can find it by.

The routes of a type are sorted by the member of the JSON that they begin with, so that a member that a resource does
not have costs nothing; a route that several parameters share (``subject`` and ``patient``) is followed once.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice, product
from typing import Any, Final, NamedTuple, TypeAlias

from lightwell.standards.fhir.resource import Resource
from lightwell.standards.fhir.search.parameters import Parameter, Part, parameters_of
from lightwell.standards.fhir.search.path import Route, Step, chosen, follow, members, walk
from lightwell.standards.fhir.search.values import Composite, Place, Reader, Token, Value, identifier_types, reader_of

_MOST_COMBINATIONS: Final = 1000
OF_TYPE: Final = ":of-type"
"""What the code of a parameter ends with under which identifiers stand with their types."""


IndexValues: TypeAlias = dict[str, list[Value]]
"""The values of each parameter that has any, by its code."""


class _Work(NamedTuple):
    """What is done with the nodes of a route: read, for some parameters, or combined, for composites."""

    first: Step
    rest: Sequence[Step]
    readings: tuple[tuple[Reader, tuple[str, ...]], ...]
    composites: tuple[Parameter, ...]


class _Plan(NamedTuple):
    by_member: Mapping[str, tuple[_Work, ...]]
    at_root: tuple[Parameter, ...]
    deceased: tuple[str, ...]


def extract_values(resource: Resource, place: Place) -> IndexValues:
    """Return the index values of a valid resource, each once."""
    plan = _plan(resource["resourceType"])
    found: IndexValues = {code: [_deceased(resource)] for code in plan.deceased}
    _combine(plan.at_root, resource, place, found)
    for member in resource:
        works = plan.by_member.get(member)
        if works:
            nodes = members((resource,), member)
            for work in works:
                _do(work, walk(work.rest, chosen(work.first, nodes)), place, found)
    return {code: values if len(values) == 1 else list(dict.fromkeys(values)) for code, values in found.items()}


def _do(work: _Work, nodes: Sequence[Any], place: Place, found: IndexValues) -> None:
    for node in nodes:
        for read, codes in work.readings:
            values = read(node, place)
            if values:
                for code in codes:
                    found.setdefault(code, []).extend(values)
        if work.composites:
            _combine(work.composites, node, place, found)


@cache
def _plan(type_name: str) -> _Plan:
    parameters = parameters_of(type_name).values()
    routes = dict.fromkeys(route for parameter in parameters for route in parameter.routes)
    by_member: dict[str, list[_Work]] = {}
    for route in routes:
        work = _work(route, [item for item in parameters if route in item.routes]) if route.steps else None
        if work and (work.readings or work.composites):
            by_member.setdefault(work.first.name, []).append(work)
    return _Plan(
        {member: tuple(works) for member, works in by_member.items()},
        tuple(item for item in parameters if item.parts and any(not route.steps for route in item.routes)),
        tuple(item.code for item in parameters if item.is_deceased),
    )


def _work(route: Route, parameters: list[Parameter]) -> _Work:
    """Sort the parameters that begin by a route."""
    codes: dict[Reader, list[str]] = {}
    for parameter in parameters:
        read = reader_of(parameter.type, route.type)
        if read is not None:
            codes.setdefault(read, []).append(parameter.code)
        if (parameter.type, route.type) == ("token", "Identifier"):
            codes.setdefault(identifier_types, []).append(f"{parameter.code}{OF_TYPE}")
    readings = tuple((read, tuple(of_reader)) for read, of_reader in codes.items())
    composites = tuple(parameter for parameter in parameters if parameter.parts)
    return _Work(route.steps[0], route.steps[1:], readings, composites)


def _combine(composites: Sequence[Parameter], node: Any, place: Place, found: IndexValues) -> None:
    for parameter in composites:
        columns: list[list[Value]] = []
        for part in reversed(parameter.parts):  # its value is missing more often than its code
            columns.insert(0, _column(part, node, place))
            if not columns[0]:
                break
        else:
            combinations = islice(product(*columns), _MOST_COMBINATIONS)
            found.setdefault(parameter.code, []).extend(Composite(parts) for parts in combinations)


def _column(part: Part, node: Any, place: Place) -> list[Value]:
    return [value for read, route in part.readings for item in follow(route, node) for value in read(item, place)]


def _deceased(resource: Resource) -> Token:
    """A date of death is a death, and no word of it is none."""
    is_deceased = "deceasedDateTime" in resource or resource.get("deceasedBoolean", False)
    return Token("", "true" if is_deceased else "false")
