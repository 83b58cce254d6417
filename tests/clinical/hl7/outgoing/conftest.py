"""A hospital that tells another system, and the system that is told."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest_asyncio

from lightwell.app.node import Node
from lightwell.clinical import records
from lightwell.clinical.hl7.outgoing import destinations
from lightwell.clinical.hl7.outgoing.destinations import Terms
from lightwell.clinical.hl7.outgoing.sending import Sender
from lightwell.clinical.model import Change
from lightwell.clinical.place import place_of_house
from lightwell.core.actors import house
from lightwell.core.net.outgoing import read_outgoing
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.message import Message, parse_message
from tests.mllp_listener import Listener, listening
from tests.region import Region

HERE = read_outgoing("127.0.0.0/8")
NUMBER = {"system": "urn:test:mr", "value": "70001", "type": {"coding": [{"code": "MR"}]}}
PATIENT = {"resourceType": "Patient", "identifier": [NUMBER], "name": [{"family": "張", "given": ["葉東"]}]}


@dataclass
class Hospital:
    """Hospital A, whose changes another system is told of."""

    node: Node
    region: Region
    listener: Listener
    destination: int
    sender: Sender

    async def write(self, *resources: Resource, told_by: Any = None) -> None:
        """Write resources, new or anew, in one transaction."""
        async with self.node.machines.transactions.begin(house(self.region.a)) as tx:
            await self.write_in(tx, resources, told_by)

    async def write_in(self, tx: Tx, resources: Sequence[Resource], told_by: Any = None) -> None:
        """Write resources in a transaction."""
        names = [(item["resourceType"], item["id"]) for item in resources]
        there = await records.lock(tx, self.region.a, names)
        changes = [
            Change(self.region.a, kind, key, item, there.get((kind, key)))
            for item, (kind, key) in zip(resources, names, strict=True)
        ]
        await records.write(tx, changes, place_of_house(self.node.machines.settings), told_by)

    async def send(self) -> None:
        """Send what can be sent now."""
        await self.sender.look()
        await asyncio.gather(*self.sender._sending.values())

    async def send_until(self, state: str, count: int) -> None:
        """Send until so many messages are in a state."""
        while len([item for item in await self.states() if item[0] == state]) < count:
            await self.send()
            await asyncio.sleep(0.02)

    async def send_now(self, times: int = 1) -> None:
        """Send what waits so often, without the pauses between."""
        for _ in range(times):
            await self.rows(
                "UPDATE clinical.hl7_outgoing SET due_at = '-infinity' WHERE state = 'waiting' RETURNING id"
            )
            await self.send()

    async def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        async with self.node.machines.transactions.begin(house(self.region.a)) as tx:
            return await (await tx.connection.execute(statement.encode(), values)).fetchall()

    async def numbers(self, state: str) -> list[int]:
        """Return the numbers of what is in a state for the system, in order."""
        statement = "SELECT id FROM clinical.hl7_outgoing WHERE destination_id = %s AND state = %s ORDER BY id"
        return [row[0] for row in await self.rows(statement, self.destination, state)]

    async def change(self, **terms: Any) -> None:
        """Have the system told under other terms."""
        made = Terms(
            **{"label": "LIS", "host": "127.0.0.1", "port": self.listener.port, "receiving_application": "LIS"} | terms
        )
        async with self.node.machines.transactions.begin(house(self.region.a)) as tx:
            await destinations.change(tx, self.region.a, self.destination, made, HERE)

    async def states(self) -> list[tuple[str, str, int]]:
        """Return state, reason and tries of what is for the system, in order."""
        statement = "SELECT state, reason, tries FROM clinical.hl7_outgoing WHERE destination_id = %s ORDER BY id"
        return await self.rows(statement, self.destination)  # type: ignore[return-value]

    def told(self) -> list[Message]:
        """Return what came to the system."""
        return [parse_message(raw.decode()) for raw in self.listener.came]


def report(key: str, value: str = "5.4", status: str = "final", patient: str = "p") -> list[Resource]:
    """Return a report with one finding, and whom it is about."""
    subject = {"reference": f"Patient/{patient}"}
    code = {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]}
    finding = {"resourceType": "Observation", "id": f"{key}-1", "status": "final", "code": code, "subject": subject}
    quantity = {"value": Decimal(value), "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
    return [
        PATIENT | {"id": patient},
        finding | {"valueQuantity": quantity},
        {
            "resourceType": "DiagnosticReport",
            "id": key,
            "status": status,
            "code": {"text": "电解质"},
            "subject": subject,
            "result": [{"reference": f"Observation/{key}-1"}],
        },
    ]


@pytest_asyncio.fixture
async def hospital(node: Node, region: Region) -> AsyncGenerator[Hospital]:
    """A hospital and the one system that it tells; it waits a second for an answer."""
    settings = replace(node.machines.settings, hl7_answer_s=1)
    sender = Sender(replace(node.machines, settings=settings))
    async with listening() as listener:
        async with node.machines.transactions.begin(house(region.a)) as tx:
            await tx.connection.execute("DELETE FROM clinical.hl7_destination")
            terms = Terms("LIS", "127.0.0.1", listener.port, "LIS", "A")
            number = await destinations.add(tx, region.a, terms, HERE)
        yield Hospital(node, region, listener, number, sender)
        await sender._stop()
