"""What sending is made of: a system that is told, and a message on its way to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from lightwell.clinical.hl7.elements import Element
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource

Name = tuple[str, str]
"""Type and ID of a resource."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A system that is told: where it listens, how it wants to be written to, and of what it is told."""

    id: int
    organisation_id: int
    label: str
    host: str
    port: int
    is_tls: bool
    charset: str
    sending_application: str
    sending_facility: str
    receiving_application: str
    receiving_facility: str
    kinds: list[str]

    @property
    def address(self) -> tuple[str, int, bool]:
        """Return where it listens, and how."""
        return self.host, self.port, self.is_tls


class Held(NamedTuple):
    """A destination to which this node has the line, and whether something waits for it."""

    destination_id: int
    organisation_id: int
    has_waiting: bool


class Outgoing(NamedTuple):
    """A message that waits to be sent; ``raw`` is None until its text was made.

    One that is superseded would put an old version over a newer one that was sent.
    """

    id: int
    organisation_id: int
    destination_id: int
    kind: str
    type: str
    resource_id: str
    version: int
    caused_at: datetime
    control_id: str
    raw: bytes | None
    tries: int
    refusals: int
    is_due: bool
    is_superseded: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a message tells of: a resource, and those that it refers to."""

    resource: Resource
    others: Mapping[Name, Resource]
    base_url: str
    is_again: bool = False
    """Whether the system was told of the resource before."""
    ordinal: int = 1
    """Of a dose, the how many-th of its order it is for the system."""

    def find(self, reference: Any) -> Resource | None:
        """Return what a reference (its element, not its text) leads to, if that was gathered."""
        name = name_of(reference, self.base_url)
        return None if name is None else self.others.get(name)

    def file(self, attachment: Element) -> Element:
        """Return a file with its bytes where they are kept here, as a Binary; what lies elsewhere stays a link.

        Raises:
            InvalidRequest: it is said to be here, and is not: nobody else could open the link.
        """
        url = str(attachment.get("url", ""))
        if "data" in attachment or (":" in url and not url.startswith(f"{self.base_url}/")):
            return attachment
        binary = self.find({"reference": url})
        if binary is None or "data" not in binary:
            message = "expected a file that is kept in this record, the resource names one that is not here"
            raise InvalidRequest(message)
        return {"contentType": binary.get("contentType", ""), **attachment, "data": binary["data"]}


def name_of(reference: Any, base_url: str) -> Name | None:
    """Return the type and ID that a Reference names; None where it leads elsewhere, or nowhere."""
    text = cast("dict[str, Any]", reference).get("reference") if isinstance(reference, dict) else None
    parts = text.removeprefix(f"{base_url}/").split("/") if isinstance(text, str) else []
    is_local = len(parts) in {2, 4} and parts[0][:1].isupper()
    return (parts[0], parts[1]) if is_local else None
