"""The search parameters of a resource type, ready to be followed (R4 3.1.1, the registry of search parameters)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from lightwell.standards.fhir.definitions import ANY_RESOURCE, SearchParameter, search_parameters
from lightwell.standards.fhir.search.path import Route, UnknownPath, compile_path
from lightwell.standards.fhir.search.values import Reader, reader_of

# A truth, not a place: FHIRPath with operators, which occurs once.
DECEASED: Final = "Patient.deceased.exists() and Patient.deceased != false"
_EVERYWHERE: Final = frozenset((ANY_RESOURCE, "DomainResource"))


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parameters that a composite is made of, and where its values stand below the composite's node."""

    code: str
    type: str
    readings: tuple[tuple[Reader, Route], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter of a resource type."""

    code: str
    type: str
    routes: tuple[Route, ...]
    targets: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    is_deceased: bool = False
    url: str = ""


@cache
def parameters_of(type_name: str) -> Mapping[str, Parameter]:
    """Return the parameters of a resource type by code, those of all resources (``_id``) among them."""
    found: dict[str, Parameter] = {}
    for definition in search_parameters():
        if type_name in definition.bases or _EVERYWHERE & set(definition.bases):
            parameter = _compile(definition, type_name)
            if parameter is not None:
                found[parameter.code] = parameter
    return found


@cache
def _by_url() -> Mapping[str, SearchParameter]:
    return {definition.url: definition for definition in search_parameters()}


def _compile(definition: SearchParameter, type_name: str) -> Parameter | None:
    """Return a parameter; None for the few whose expressions are more than a path."""
    code, kind, url = definition.code, definition.type, definition.url
    if definition.expression == DECEASED:
        return Parameter(code, kind, (), is_deceased=True, url=url)
    try:
        routes = compile_path(definition.expression, type_name)
        parts = _parts(definition, routes)
    except UnknownPath:
        return None
    return Parameter(code, kind, routes, definition.targets, parts, url=url)


def _parts(definition: SearchParameter, routes: tuple[Route, ...]) -> tuple[Part, ...]:
    """Return the parts of a composite; its nodes may be of several types (Observation and its components)."""
    parts: list[Part] = []
    for url, expression in definition.components:
        below = [
            found
            for node_type in dict.fromkeys(route.type for route in routes)
            for found in compile_path(expression, node_type)
        ]
        part = _by_url()[url]
        readings = [(reader_of(part.type, route.type), route) for route in dict.fromkeys(below)]
        parts.append(Part(part.code, part.type, tuple((read, route) for read, route in readings if read)))
    return tuple(parts)
