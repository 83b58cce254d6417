"""The part of FHIRPath that the official search parameters are written in, compiled to routes through JSON.

    Observation.value as Quantity             ──►  valueQuantity, a Quantity
    Patient.telecom.where(system='email')     ──►  telecom, those whose system is email, a ContactPoint
    Person.link.target                        ──►  nothing, for a Patient

The types are known beforehand, so a route is a few names of JSON members, and to follow it costs a few look-ups.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from lightwell.standards.fhir.definitions import ANY_RESOURCE, properties

Node = Any
Predicate = Callable[[Node], bool]
_TOKEN: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\w+|[()|.\[\]=]|!=|%")
_EQUALS: Final = re.compile(r"(\w+)='(.*)'")
_IS: Final = re.compile(r"resolve\(\)is(\w+)")
_HAS_EXTENSION: Final = re.compile(r"hasExtension\('(.*)'\)")
_LOCAL: Final = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?$")

_KIND_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(("canonical", "oid", "url", "uuid"), "uri"),
    **dict.fromkeys(("code", "id", "markdown"), "string"),
    **dict.fromkeys(("positiveInt", "unsignedInt"), "integer"),
    **dict.fromkeys(("Age", "Count", "Distance", "Duration"), "Quantity"),
}


class UnknownPath(ValueError):
    """An expression uses more of FHIRPath than is known here."""


@dataclass(frozen=True, slots=True)
class Step:
    """Into one member of a JSON object."""

    name: str
    predicates: tuple[Predicate, ...] = ()
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """From a node to others, all of one type."""

    steps: tuple[Step, ...]
    type: str


def compile_path(expression: str, type_name: str) -> tuple[Route, ...]:
    """Return the routes of an expression in a resource of a type, or below a node of a data type."""
    tokens = _TOKEN.findall(expression)
    parser = _Parser(tokens, type_name)
    routes = parser.union()
    if parser.at != len(tokens):
        raise UnknownPath(expression)
    return tuple(dict.fromkeys(routes))


def follow(route: Route, node: Node) -> Sequence[Node]:
    """Return the nodes that a route leads to."""
    return walk(route.steps, (node,))


def walk(steps: Sequence[Step], nodes: Sequence[Node]) -> Sequence[Node]:
    """Return the nodes that steps lead to from several nodes."""
    for step in steps:
        nodes = chosen(step, members(nodes, step.name))
        if not nodes:
            break
    return nodes


def members(nodes: Sequence[Node], name: str) -> Sequence[Node]:
    """Return the values of a JSON member, of lists each."""
    found: list[Node] = []
    for node in nodes:
        value = node.get(name)
        if type(value) is list:
            found += [part for part in cast("list[Node]", value) if part is not None]
        elif value is not None:
            found.append(value)
    return found


def chosen(step: Step, nodes: Sequence[Node]) -> Sequence[Node]:
    """Return those of the nodes at the end of a step that it asks for."""
    if step.predicates:
        nodes = [item for item in nodes if all(predicate(item) for predicate in step.predicates)]
    return nodes if step.index is None else nodes[step.index : step.index + 1]


class _Parser:
    """Reads an expression from left to right and keeps where it leads."""

    def __init__(self, tokens: Sequence[str], type_name: str) -> None:
        """Begin at the first token."""
        self.at = 0
        self._tokens = tokens
        self._type_name = type_name

    def union(self) -> list[Route]:
        routes = self._chain()
        while self._take("|"):
            routes += self._chain()
        return routes

    def _chain(self) -> list[Route]:
        routes = self._start()
        while True:
            if self._take("."):
                routes = self._member(routes, self._next())
            elif self._take("["):
                routes = [_numbered(route, int(self._next())) for route in routes]
                self._expect("]")
            elif self._take("as"):
                routes = _of_type(routes, self._type())
            else:
                return routes

    def _start(self) -> list[Route]:
        if self._take("("):
            routes = self.union()
            self._expect(")")
            return routes
        name, here = self._next(), [Route((), self._type_name)]
        if name in {self._type_name, ANY_RESOURCE, "DomainResource"}:
            return here
        return [] if name[0].isupper() else self._member(here, name)

    def _member(self, routes: list[Route], name: str) -> list[Route]:
        if not self._take("("):
            return [longer for route in routes for longer in _into(route, name)]
        arguments = "".join(self._arguments())
        if name in {"as", "ofType"}:
            return _of_type(routes, arguments)
        if name == "where":
            return [_filtered(route, _predicate(arguments)) for route in routes]
        if name == "extension":
            predicate = _equals("url", arguments.strip("'"))
            return [_filtered(longer, predicate) for route in routes for longer in _into(route, name)]
        raise UnknownPath(name)

    def _arguments(self) -> Iterator[str]:
        depth = 1
        while depth:
            part = self._next()
            depth += {"(": 1, ")": -1}.get(part, 0)
            if depth:
                yield part

    def _type(self) -> str:
        is_enclosed = self._take("(")
        name = self._next()
        if is_enclosed:
            self._expect(")")
        return name

    def _next(self) -> str:
        if self.at == len(self._tokens):
            raise UnknownPath(self._type_name)
        self.at += 1
        return self._tokens[self.at - 1]

    def _take(self, token: str) -> bool:
        is_next = self.at < len(self._tokens) and self._tokens[self.at] == token
        self.at += is_next
        return is_next

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise UnknownPath(token)


def _into(route: Route, name: str) -> Iterator[Route]:
    if route.type == ANY_RESOURCE:
        raise UnknownPath(name)
    try:
        members = properties(route.type)
    except KeyError:  # a primitive has no members that are searched
        return
    for key, member in members.items():
        if member.element.name == name and not member.is_extension:
            yield Route((*route.steps, Step(key)), member.type)


def _of_type(routes: list[Route], name: str) -> list[Route]:
    """Keep one type with its kinds; the definitions write DateTime for dateTime here and there."""
    names = {name, name[0].lower() + name[1:]}
    return [route for route in routes if names & {route.type, _KIND_OF.get(route.type, "")}]


def _filtered(route: Route, predicate: Predicate) -> Route:
    *before, last = route.steps
    return replace(route, steps=(*before, replace(last, predicates=(*last.predicates, predicate))))


def _numbered(route: Route, index: int) -> Route:
    *before, last = route.steps
    return replace(route, steps=(*before, replace(last, index=index)))


def _predicate(arguments: str) -> Predicate:
    if match := _EQUALS.fullmatch(arguments):
        return _equals(match[1], match[2])
    if match := _IS.fullmatch(arguments):
        return _refers_to(match[1])
    if match := _HAS_EXTENSION.fullmatch(arguments):
        url = match[1]
        return lambda node: any(item.get("url") == url for item in node.get("extension", ()))
    raise UnknownPath(arguments)


def _equals(name: str, text: str) -> Predicate:
    return lambda node: node.get(name) == text


def _refers_to(type_name: str) -> Predicate:
    """Tell by the reference itself what it refers to; one that does not say (urn:uuid, an identifier) is taken."""

    def is_of_type(node: Node) -> bool:
        said = node.get("type") or referred_type(node.get("reference", ""))
        return said in {type_name, ""}

    return is_of_type


def referred_type(reference: str) -> str:
    """Return the type that a literal reference names; nothing where it names none."""
    match = _LOCAL.search(reference)
    return match[1] if match else ""
