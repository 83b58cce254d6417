"""Who was replaced by whom, and who is said to be the same: a patient's links to other records (R4 Patient.link).

R4 lets a part be left out with a reason in its place (``_type``), so nothing in a link is sure to be there.
"""

from collections.abc import Iterator
from typing import Any, Final

from lightwell.clinical.model import Record
from lightwell.standards.fhir.resource import Resource

REPLACED_BY: Final = "replaced-by"
REPLACES: Final = "replaces"
SEE_ALSO: Final = "seealso"


def is_replaced(patient: Resource) -> bool:
    """Tell whether a record was given up for another of the same person."""
    return any(link.get("type") == REPLACED_BY for link in _links(patient))


def replaced_by(patient: Resource) -> str | None:
    """Return the reference to the record that counts instead of a patient's; None if it counts itself."""
    found = (_other(link) for link in _links(patient) if link.get("type") == REPLACED_BY)
    return next(filter(None, found), None)


def same_as(patient: Resource) -> list[str]:
    """Return the IDs of the records that are said to be of the same person, of which each stays what it is."""
    found = (_other(link) for link in _links(patient) if link.get("type") == SEE_ALSO)
    return [other.removeprefix("Patient/") for other in found if other]


def linked(patient: Resource, other: Record, kind: str) -> Resource:
    """Return a patient with a link of a kind to another, once."""
    rest = [link for link in _links(patient) if not _is_to(link, other, kind)]
    return patient | {"link": [*rest, {"other": {"reference": other.reference}, "type": kind}]}


def unlinked(patient: Resource, other: Record, kind: str) -> Resource:
    """Return a patient without the links of a kind to another; FHIR knows no empty arrays."""
    rest = {name: value for name, value in patient.items() if name != "link"}
    links = [link for link in _links(patient) if not _is_to(link, other, kind)]
    return rest | {"link": links} if links else rest


def _links(patient: Resource) -> Iterator[dict[str, Any]]:
    yield from patient.get("link", ())


def _other(link: dict[str, Any]) -> str | None:
    return link.get("other", {}).get("reference")


def _is_to(link: dict[str, Any], other: Record, kind: str) -> bool:
    return (_other(link), link.get("type")) == (other.reference, kind)
