"""The numbers by which both sides know an order: of who placed it and of who fills it (4.5.1.2, 4.5.1.3)."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from lightwell.clinical.hl7.elements import Element
from lightwell.clinical.hl7.outgoing import values
from lightwell.clinical.hl7.outgoing.model import Told
from lightwell.clinical.hl7.outgoing.values import Value
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.message import Segment, make_segment

_OURS = "LIGHTWELL"


class Numbers(NamedTuple):
    """The numbers of an order; that of who filled it is never missing."""

    placer: Value
    filler: Value

    def orc(self) -> Segment:
        """Return the order about which something is told."""
        return make_segment("ORC", {1: "RE", 2: self.placer, 3: self.filler})


def numbers_of(resource: Resource, asked: Sequence[Resource]) -> Numbers:
    """Return the numbers of what was done, as it says them itself, or else as what was asked for does."""
    own: Sequence[Element] = resource.get("identifier", ())
    theirs: list[Element] = [item for order in asked for item in order.get("identifier", ())]
    placer = values.numbered(own, "PLAC") or values.numbered(theirs, "PLAC")
    plain = next((item for item in own if item.get("value") and not values.numbered([item], "PLAC")), None)
    filler = values.numbered(own, "FILL") or values.numbered(theirs, "FILL") or plain
    return Numbers(values.ei(placer) if placer else (), values.ei(filler) if filler else (resource["id"], _OURS))


def asked_for(told: Told, element: str) -> list[Resource]:
    """Return the orders that a resource is based on."""
    said: Any = told.resource.get(element, [])
    references = cast("list[Any]", said) if isinstance(said, list) else [said]
    return [order for reference in references if (order := told.find(reference)) is not None]
