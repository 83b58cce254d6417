"""The gateway of an open node, and a system that sends for hospital A."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest_asyncio

from lightwell.app import hl7
from lightwell.app.node import Node
from lightwell.clinical import add_hl7_source
from lightwell.clinical.hl7.gateway import Gateway, open_gateway
from lightwell.core.actors import house
from lightwell.core.db.roles import Role
from lightwell.core.errors import Conflict
from lightwell.core.net.callers import Caller
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.hl7.mllp import Event, MessageReceived
from tests.mllp import code
from tests.region import Region

ISSUER = "urn:test:mr"
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

    async def age(self, control_id: str, by: str) -> None:
        """Have what came under a control ID have come so much earlier."""
        place = self.node.machines.database.conninfo(Role.OWNER)
        async with await psycopg.AsyncConnection.connect(place) as connection:
            statement = "UPDATE clinical.hl7_message SET received_at = received_at - %s::interval WHERE control_id = %s"
            await connection.execute(statement, (by, control_id))

    async def apply(self) -> None:
        """Apply everything that can be."""
        while await self.gateway.applier.apply_ready():
            pass

    async def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, as both hospitals see them."""
        async with self.node.machines.transactions.begin(house(self.region.a, self.region.b)) as tx:
            return await (await tx.connection.execute(statement.encode(), values)).fetchall()

    async def forget_failed(self) -> None:
        """Forget what failed on purpose, so that it is not in the way of other tests."""
        await self.rows("UPDATE clinical.hl7_message SET state = 'done' WHERE state <> 'done' RETURNING id")

    async def became(self, *messages: bytes) -> None:
        """Send messages, and require that each becomes part of the record."""
        for answer in await self.send(*messages):
            assert code(answer) == "AA", answer
        await self.apply()
        troubled = await self.rows("SELECT reason FROM clinical.hl7_message WHERE state NOT IN ('done')")
        assert not troubled

    async def patient(self, number: str) -> Resource:
        """Return the one patient of a number."""
        found = [item for item in await self.resources("Patient") if number in values_of(item)]
        assert len(found) == 1, len(found)
        return found[0]

    async def of_patient(self, type_name: str, number: str) -> list[Resource]:
        """Return what a patient has of a type."""
        reference = f"Patient/{(await self.patient(number))['id']}"
        return [item for item in await self.resources(type_name) if item["subject"]["reference"] == reference]

    async def resources(self, type_name: str) -> list[Resource]:
        """Return what both hospitals have of a type."""
        statement = "SELECT body FROM clinical.resource WHERE type = %s AND NOT is_deleted ORDER BY rid"
        return [decode_resource(body) for (body,) in await self.rows(statement, type_name)]

    async def states(self) -> dict[str, str]:
        """Return what became of each message, by its control ID; why it did not become part of the record."""
        rows = await self.rows("SELECT control_id, state, reason FROM clinical.hl7_message ORDER BY id")
        return {control_id: f"{state} {reason}".strip() for control_id, state, reason in rows}


def values_of(resource: Resource) -> list[str]:
    """Return the values of a resource's identifiers."""
    return [item.get("value", "") for item in resource.get("identifier", ())]


@pytest_asyncio.fixture
async def sender(node: Node, region: Region) -> AsyncGenerator[Sender]:
    """A system that sends for hospital A, whatever it calls itself."""
    with contextlib.suppress(Conflict):  # another test of the module has added it
        async with node.machines.transactions.begin(house(region.a)) as tx:
            await add_hl7_source(tx, region.a, "his", "*", issuer=ISSUER, network="127.0.0.0/8")
    yield Sender(node, region, open_gateway(node.machines, hl7.HANDLERS))
