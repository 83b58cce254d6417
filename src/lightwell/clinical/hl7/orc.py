"""The orders of a message: ORC with what it is about (4.5.1), and the numbers of who places and who fills it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from lightwell.clinical.hl7 import elements
from lightwell.clinical.hl7.elements import Element
from lightwell.clinical.hl7.model import Received
from lightwell.clinical.hl7.writing import own_id
from lightwell.standards.hl7.datatypes import EI
from lightwell.standards.hl7.message import Segment, make_segment

NOTHING: Final = make_segment("ZZZ", {})
"""A segment that is not there: all its fields are empty."""


class Order(NamedTuple):
    """The segments of one order."""

    orc: Segment
    obr: Segment
    others: Sequence[Segment]
    place: int

    def first(self, name: str) -> Segment:
        """Return the first segment of a name among the others, or an empty one."""
        return next((segment for segment in self.others if segment.name == name), NOTHING)

    def notes(self) -> list[Element]:
        """Return the comments."""
        return elements.notes(elements.text_of(item[3]) for item in self.others if item.name == "NTE")

    def has(self, *names: str) -> bool:
        """Tell whether one of these segments is there."""
        return any(segment.name in names for segment in self.others)

    def _numbers(self, place: int) -> list[EI]:
        values = [EI.read(segment[place].first) for segment in (self.orc, self.obr)]
        return [value for value in values if value.entity_identifier]

    @property
    def placer(self) -> EI | None:
        """Return the number of who places it (ORC-2, OBR-2)."""
        return next(iter(self._numbers(2)), None)

    @property
    def filler(self) -> EI | None:
        """Return the number of who fills it (ORC-3, OBR-3)."""
        return next(iter(self._numbers(3)), None)


def orders_of(received: Received) -> list[Order]:
    """Return the orders of a message: each ORC, each OBR with the ORC before it, and what follows."""
    orders: list[Order] = []
    for group in received.message.groups("ORC", "OBR"):
        first, others = group[0], group[1:]
        if first.name == "ORC":
            orders.append(Order(first, NOTHING, others, len(orders)))
        elif orders and orders[-1].obr is NOTHING:
            before = orders.pop()
            orders.append(Order(before.orc, first, [*before.others, *others], before.place))
        else:
            orders.append(Order(NOTHING, first, others, len(orders)))
    return orders


def order_id(received: Received, order: Order, type_name: str) -> str:
    """Return the ID of what was asked for; without a number nobody can say more of it in another message."""
    number = order.placer or order.filler
    if number is None:
        name = (
            "message",
            str(received.source.id),
            received.received_at.isoformat(),
            received.message.header.control_id,
        )
        return own_id(received, type_name, *name, str(order.place))
    kind = "placer" if order.placer is not None else "filler"
    issuer = elements.system_of(number.assigning_authority, received.source.issuer)
    return own_id(received, type_name, kind, issuer, number.entity_identifier)


def identifiers(order: Order, issuer: str) -> list[Element]:
    """Return the numbers of an order (table 0203: PLAC, FILL)."""
    numbers = ((order.placer, "PLAC"), (order.filler, "FILL"))
    return [elements.entity(number, kind, issuer) for number, kind in numbers if number is not None]
