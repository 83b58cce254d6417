"""The gateway of an open node, and a system that sends for hospital A."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio

from lightwell.app import hl7
from lightwell.app.node import Node
from lightwell.clinical import add_hl7_source
from lightwell.clinical.hl7.gateway import Gateway, open_gateway
from lightwell.core.actors import house
from lightwell.core.errors import Conflict
from lightwell.core.net.callers import Caller
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.hl7.mllp import Event, MessageReceived
from tests.region import Region

HERE = Caller("127.0.0.1", "")


@dataclass
class Sender:
    """Sends to a gateway, and looks at what became of it."""

    node: Node
    region: Region
    gateway: Gateway
    sent: list[bytes] = field(default_factory=list[bytes])

    async def send(self, *messages: bytes) -> list[bytes]:
        """Send messages one after the other without waiting, and return the first answer to each."""
        events = [MessageReceived(raw) for raw in messages]
        return [answers[0] if answers else b"" for answers in await self.take(*events)]

    async def take(self, *events: Event, caller: Caller = HERE) -> list[Sequence[bytes]]:
        """Hand over what came, and return the answers."""
        waiting = [await self.gateway.receiver.take(caller, event) for event in events]
        return list(await asyncio.gather(*waiting))

    async def apply(self) -> None:
        """Apply everything that can be."""
        while await self.gateway.applier.apply_ready():
            pass

    async def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, as both hospitals see them."""
        async with self.node.machines.transactions.begin(house(self.region.a, self.region.b)) as tx:
            return await (await tx.connection.execute(statement.encode(), values)).fetchall()

    async def resources(self, type_name: str) -> list[Resource]:
        """Return what both hospitals have of a type."""
        statement = "SELECT body FROM clinical.resource WHERE type = %s AND NOT is_deleted ORDER BY rid"
        return [decode_resource(body) for (body,) in await self.rows(statement, type_name)]

    async def states(self) -> dict[str, str]:
        """Return what became of each message, by its control ID; why it did not become part of the record."""
        rows = await self.rows("SELECT control_id, state, reason FROM clinical.hl7_message ORDER BY id")
        return {control_id: f"{state} {reason}".strip() for control_id, state, reason in rows}


@pytest_asyncio.fixture
async def sender(node: Node, region: Region) -> AsyncGenerator[Sender]:
    """A system that sends for hospital A, whatever it calls itself."""
    async with node.machines.transactions.begin(house(region.a)) as tx:
        try:
            await add_hl7_source(tx, region.a, "his", "*", issuer="urn:test:mr", network="127.0.0.0/8")
        except Conflict:
            tx = None
    yield Sender(node, region, open_gateway(node.machines, hl7.HANDLERS))
