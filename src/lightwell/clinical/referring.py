"""Where in a resource it refers to another, and how it is made to refer to a third (R4 2.3)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeAlias, cast

from lightwell.standards.fhir.resource import Resource

Path: TypeAlias = tuple[str | int, ...]
"""Names and places that lead to a ``Reference``, e.g. ``("participant", 0, "actor")``."""


def paths_to(resource: Resource, references: Collection[str]) -> list[Path]:
    """Return where a resource refers to one of the references."""
    return list(_walk(resource, references, ()))


def _walk(node: Any, references: Collection[str], path: Path) -> Iterator[Path]:
    if isinstance(node, list):
        for place, item in enumerate(cast("list[Any]", node)):
            yield from _walk(item, references, (*path, place))
    elif isinstance(node, dict):
        value = cast("dict[str, Any]", node)
        if value.get("reference") in references:
            yield path
        for name, item in value.items():
            yield from _walk(item, references, (*path, name))


def repointed(resource: Resource, paths: Sequence[Path], *, before: Collection[str], after: str) -> Resource:
    """Return the resource with other references at some paths; where something else stands by now, it stays."""
    changed = deepcopy(resource)
    for path in paths:
        reference = _at(changed, path)
        if reference is not None and reference.get("reference") in before:
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
