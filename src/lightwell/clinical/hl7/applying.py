"""Messages become part of the record: those of one patient one after the other, those of several side by side.

What a message changes and that it was applied is one transaction: whatever dies in between, it is applied once or waits
still. What is wrong for the moment is tried again with growing pauses, and what comes later for the same patient waits
with it. What is wrong with the message itself goes to the operator's queue, and the patient's next message goes on.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from psycopg import errors

from lightwell.clinical.hl7.model import Handlers, Received, Source
from lightwell.clinical.hl7.reading import read_message
from lightwell.clinical.hl7.sources import Sources
from lightwell.clinical.place import place_of_house
from lightwell.clinical.store import gateway as store
from lightwell.core import clock, logs, metrics
from lightwell.core.actors import house
from lightwell.core.errors import DatabaseUnavailable, InvalidRequest, LightwellError, Unavailable
from lightwell.core.looking import Lookout
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import FhirError
from lightwell.standards.hl7.errors import Hl7Error
from lightwell.standards.hl7.message import Message

log = logging.getLogger(__name__)
_GLANCE_S: Final = 0.01
_MOST_PATIENCE_S: Final = 0.25
_AT_ONCE: Final = 4
_BATCH: Final = 64
_MOST_TRIES: Final = 8
_MOST_REASON: Final = 400
_LARGE_BYTES: Final = 256 << 10
_FOR_THE_MOMENT: Final = (
    Unavailable,  # deadlocks too: the database takes back one of the two
    errors.UniqueViolation,  # somebody else made the same at the same moment
)


class Waiting(NamedTuple):
    """A message as it is taken to be applied."""

    id: int
    organisation_id: int
    source_id: int
    received_at: datetime
    raw: bytes
    kind: str
    tries: int


class Applier:
    """Applies what is kept, on this node; several nodes do not get into each other's way."""

    def __init__(
        self, machines: Machines, sources: Sources, handlers: Handlers, is_quiet: Callable[[], bool] = lambda: True
    ) -> None:
        """Apply messages by their handlers; senders who wait for answers go first, as ``is_quiet`` tells."""
        self._is_quiet = is_quiet
        self._machines = machines
        self._sources = sources
        self._handlers = handlers
        self._lookout = Lookout("messages to apply")
        self._place = place_of_house(machines.settings)

    def wake(self) -> None:
        """Look at once: something came."""
        self._lookout.wake()

    async def run(self) -> None:
        """Apply messages until cancelled."""
        await self._lookout.run(self.apply_ready)

    async def apply_ready(self) -> int:
        """Apply what can be applied now; return how many messages that were."""
        ready = await self._ready()
        line = iter(ready)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(_AT_ONCE, len(ready))):
                group.create_task(self._apply_all(line))
        return len(ready)

    async def _apply_all(self, line: Iterator[tuple[int, int]]) -> None:
        with contextlib.suppress(DatabaseUnavailable):  # whoever looks what is ready finds out again
            for number, organisation_id in line:
                await self._give_way()
                await self.apply(number, organisation_id)

    async def _give_way(self) -> None:
        """Let senders have the processor first, but not for ever."""
        until_s = clock.monotonic_s() + _MOST_PATIENCE_S
        while not self._is_quiet() and clock.monotonic_s() < until_s:  # noqa: ASYNC110 -- quiet is that nothing happens
            await asyncio.sleep(_GLANCE_S)

    async def _ready(self) -> list[tuple[int, int]]:
        organisations = await self._sources.organisations()
        if not organisations:
            return []
        values = {"organisations": list(organisations), "now": clock.now(), "limit": _BATCH}
        async with self._machines.transactions.begin(house(*organisations)) as tx:
            return [(row[0], row[1]) for row in await (await tx.connection.execute(store.READY, values)).fetchall()]

    async def apply(self, number: int, organisation_id: int) -> None:
        """Apply one message, unless somebody else does or did."""
        try:
            async with self._machines.transactions.begin(house(organisation_id)) as tx:
                row = await (await tx.connection.execute(store.TAKE, {"id": number})).fetchone()
                if row is None:
                    return
                await self._apply(tx, Waiting(*row))
                await _end(tx, number, "done", "")
            metrics.APPLIED.labels("done").inc()
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one message, the others go on
            await self._put_off(number, organisation_id, error)

    async def _apply(self, tx: Tx, waiting: Waiting) -> None:
        source = await self._sources.of(waiting.source_id)
        handler = self._handlers.get(waiting.kind)
        if source is None or handler is None:
            message = "expected a source that is still known and a kind of message that is applied here"
            raise InvalidRequest(message)
        message = await _read(waiting.raw, source)
        by_source = replace(tx, actor=source.actor)
        await handler(Received(by_source, source, message, waiting.received_at, self._place))

    async def _put_off(self, number: int, organisation_id: int, error: Exception) -> None:
        """Have a message wait for another try, or for a person."""
        async with self._machines.transactions.begin(house(organisation_id)) as tx:
            row = await (await tx.connection.execute(store.TAKE, {"id": number})).fetchone()
            if row is None:
                return
            tries = Waiting(*row).tries + 1
            if isinstance(error, _FOR_THE_MOMENT) and tries < _MOST_TRIES:
                due_at = clock.now() + timedelta(seconds=min(60.0, 0.1 * 2**tries))
                values = {"id": number, "due_at": due_at, "reason": _reason(error)}
                await tx.connection.execute(store.DEFER, values)
                metrics.APPLIED.labels("put_off").inc()
                return
            await _end(tx, number, "failed", _reason(error))
        metrics.APPLIED.labels("failed").inc()
        logs.event(log, logging.WARNING, "message failed", error=error, message=number)


async def _read(raw: bytes, source: Source) -> Message:
    if len(raw) < _LARGE_BYTES:
        return read_message(raw, source)
    return await asyncio.to_thread(read_message, raw, source)


async def _end(tx: Tx, number: int, state: str, reason: str) -> None:
    values = {"id": number, "state": state, "reason": reason, "now": clock.now()}
    await tx.connection.execute(store.END, values)


def _reason(error: Exception) -> str:
    """Return what an operator reads: errors of ours hold no patient's data, of others only the kind is told."""
    if isinstance(error, LightwellError | Hl7Error | FhirError):
        return str(error)[:_MOST_REASON]
    return f"a fault of ours or of the database: {type(error).__name__}"
