"""A part of a resource, for who does not want all of it: ``_summary`` and ``_elements`` (R4 3.1.1.5.8, 3.1.1.5.9).

What is left is marked as SUBSETTED, so that nobody takes it for the whole and writes it back.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from lightwell.standards.fhir.definitions import Element, Property, properties
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.fhir.search.asked import Summary

_ALWAYS: Final = frozenset(("id", "meta", "implicitRules"))
_TAG: Final = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
_Keep = Callable[[Element], bool]


def with_summary(resource: Resource, summary: Summary) -> Resource:
    """Return what ``_summary`` asks for: elements of the summary, the text, or all but the text."""
    if summary == "true":
        return _marked(_kept(resource, resource["resourceType"], lambda element: element.is_summary))
    if summary == "text":
        return _marked(_kept(resource, resource["resourceType"], lambda element: element.name == "text"))
    if summary == "data":
        return _marked({name: value for name, value in resource.items() if name != "text"})
    return resource


def with_elements(resource: Resource, names: Collection[str]) -> Resource:
    """Return the elements that are named (``name``, ``Patient.name``), with those that a resource has to have."""
    own = {name.removeprefix(f"{resource['resourceType']}.") for name in names}
    return _marked(_kept(resource, resource["resourceType"], lambda element: element.name in own))


def _kept(value: Mapping[str, Any], type_name: str, keep: _Keep) -> dict[str, Any]:
    """Keep what is asked for and what is required."""
    members = properties(type_name)
    return {name: item for name, item in value.items() if name == "resourceType" or _is_kept(members[name], keep)}


def _is_kept(member: Property, keep: _Keep) -> bool:
    element = member.element
    return element.name in _ALWAYS or bool(element.least) or keep(element)


def _marked(resource: dict[str, Any]) -> Resource:
    meta = resource.get("meta", {})
    tags = [tag for tag in meta.get("tag", ()) if tag.get("code") != _TAG["code"]]
    return {"resourceType": resource["resourceType"], **resource, "meta": {**meta, "tag": [*tags, _TAG]}}
