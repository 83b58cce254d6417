"""Where in a resource it refers to another, and how it is made to refer to a third (R4 2.3)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeAlias, cast

from lightwell.standards.fhir.resource import Resource
from lightwell.standards.fhir.search.values import Place, read_reference

Path: TypeAlias = tuple[str | int, ...]
"""Names and places that lead to a ``Reference``, e.g. ``("participant", 0, "actor")``."""
IsMeant: TypeAlias = Callable[[str], bool]
"""Tells whether a literal reference is to who is looked for."""


def to(type_name: str, identifier: str, place: Place) -> IsMeant:
    """Return what tells a reference to a resource as searches read it: also with a version, or with our address."""

    def is_meant(reference: str) -> bool:
        found = read_reference(reference, place.base_url)
        return (found.type, found.id) == (type_name, identifier)

    return is_meant


def paths_to(resource: Resource, is_meant: IsMeant) -> list[Path]:
    """Return where a resource refers to who is meant."""
    return list(_walk(resource, is_meant, ()))


def _walk(node: Any, is_meant: IsMeant, path: Path) -> Iterator[Path]:
    if isinstance(node, list):
        for place, item in enumerate(cast("list[Any]", node)):
            yield from _walk(item, is_meant, (*path, place))
    elif isinstance(node, dict):
        value = cast("dict[str, Any]", node)
        if _refers(value, is_meant):
            yield path
        for name, item in value.items():
            yield from _walk(item, is_meant, (*path, name))


def _refers(node: Mapping[str, Any], is_meant: IsMeant) -> bool:
    """Tell whether an element is a reference to who is meant; in others ``reference`` may be an element of its own."""
    reference = node.get("reference")
    return isinstance(reference, str) and is_meant(reference)


def repointed(resource: Resource, paths: Sequence[Path], *, before: IsMeant, after: str) -> Resource:
    """Return the resource with other references at some paths; where something else stands by now, it stays."""
    changed = deepcopy(resource)
    for path in paths:
        reference = _at(changed, path)
        if reference is not None and _refers(reference, before):
            reference["reference"] = after
    return changed


def _at(resource: Resource, path: Path) -> dict[str, Any] | None:
    node: Any = resource
    for part in path:
        if isinstance(node, Mapping):
            node = cast("Mapping[str, Any]", node).get(str(part))
        elif isinstance(node, list) and isinstance(part, int) and part < len(cast("list[Any]", node)):
            node = cast("list[Any]", node)[part]
        else:
            return None
    return cast("dict[str, Any]", node) if isinstance(node, dict) else None
