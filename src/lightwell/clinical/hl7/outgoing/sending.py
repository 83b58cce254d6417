"""Messages go out: one line to each system, one message at a time, in order, and again until it is taken.

    AA  CA                          it is theirs; the next one goes
    AE  AR  of the moment           a record is locked, or they have trouble: again, with growing pauses, for an hour
    AE  AR  about the message       to the operator with the reason; the next one goes
    no answer, no connection        again for as long as it takes, under the same control ID

A message is marked as sent only when its answer has come. Whatever dies in between, it goes again: twice perhaps, with
the same bytes, and never not at all. Of several nodes one has the line; when it is gone, another takes over.
"""

import asyncio
import contextlib
import logging
import secrets
import ssl
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any, Final

from lightwell.clinical.hl7.outgoing.answers import Outcome, answers, outcome, reason_of
from lightwell.clinical.hl7.outgoing.composing import Composed, compose
from lightwell.clinical.hl7.outgoing.destinations import targets
from lightwell.clinical.hl7.outgoing.model import Destination, Held, Outgoing
from lightwell.clinical.place import place_of_house
from lightwell.clinical.store import sending as store
from lightwell.core import clock, logs, metrics, tls
from lightwell.core.actors import house
from lightwell.core.errors import DatabaseUnavailable, InvalidRequest, Unavailable
from lightwell.core.looking import Lookout
from lightwell.core.machines import Machines
from lightwell.core.net.mllp_client import Line, LineBroken, call

log = logging.getLogger(__name__)
_LOOK_S: Final = 1.0
_HOLD: Final = timedelta(seconds=10)
_MOST_PAUSE_S: Final = 60.0
_SUPERSEDED: Final = "a newer version was sent already; this one would undo it"


class Sender:
    """Sends what waits, on this node; several nodes do not get into each other's way."""

    def __init__(self, machines: Machines) -> None:
        self._machines = machines
        self._node = secrets.token_hex(8)
        self._lines: dict[int, tuple[tuple[str, int, bool], Line]] = {}
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._base_url = place_of_house(machines.settings).base_url
        self._allowed = targets(machines.settings)
        self._tls: ssl.SSLContext | None = None

    async def run(self) -> None:
        """Send until cancelled; then let other nodes have the lines."""
        try:
            await Lookout("messages to send", _LOOK_S).run(self.look)
        finally:
            await self._stop()

    async def look(self) -> None:
        """Begin to send to each system for which something waits, unless that goes on already."""
        held = await self._held()
        self._hang_up({item.destination_id for item in held})
        for item in held:
            if item.has_waiting and item.destination_id not in self._sending:
                task = asyncio.create_task(self.send_all(item))
                self._sending[item.destination_id] = task
                task.add_done_callback(lambda _, number=item.destination_id: self._sending.pop(number, None))

    def _hang_up(self, held: AbstractSet[int]) -> None:
        """Close the lines to systems that another node tells now, or nobody: some take one connection only."""
        for number in self._lines.keys() - held - self._sending.keys():
            self._lines.pop(number)[1].close()

    async def _held(self) -> list[Held]:
        """Return the destinations that are this node's."""
        transactions, now = self._machines.transactions, clock.now()
        owners = await self._owners()
        if not owners:
            return []
        values = {"node": self._node, "now": now, "until": now + _HOLD, "soon": now + _HOLD / 2}
        async with transactions.begin(house(*owners)) as tx:
            await tx.connection.execute(store.HOLD, values)
            rows = await (await tx.connection.execute(store.HELD, {"node": self._node, "now": now})).fetchall()
        return [Held(*row) for row in rows]

    async def _owners(self) -> list[int]:
        """Return the hospitals that tell anybody anything."""
        async with self._machines.transactions.begin(house()) as tx:
            return [row[0] for row in await (await tx.connection.execute(store.OWNERS)).fetchall()]

    async def _stop(self) -> None:
        tasks = list(self._sending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for _, line in self._lines.values():
            line.close()
        with contextlib.suppress(DatabaseUnavailable):
            async with self._machines.transactions.begin(house(*await self._owners())) as tx:
                await tx.connection.execute(store.LET_GO, {"node": self._node})

    # -- one system -----------------------------------------------------------------------------------------------

    async def send_all(self, held: Held) -> None:
        """Send what waits for a system, until nothing does, or the first of it has to wait.

        Each message goes where the system listens by then: its address may have been put right meanwhile.
        """
        try:
            while (found := await self._next(held)) is not None:
                outgoing, destination = found
                became = await self._try(outgoing, destination)
                await self._note(outgoing, became)
                if became.state == "waiting":
                    return
        except Exception as error:  # noqa: BLE001 -- what waits is found again
            logs.event(log, logging.WARNING, "sending pauses", error=error, destination=held.destination_id)

    async def _next(self, held: Held) -> tuple[Outgoing, Destination] | None:
        values = {"node": self._node, "now": clock.now(), "destination_id": held.destination_id}
        async with self._machines.transactions.begin(house(held.organisation_id)) as tx:
            row = await (await tx.connection.execute(store.NEXT, values)).fetchone()
        if row is None:
            return None
        outgoing = Outgoing(*row[: len(Outgoing._fields)])
        return (outgoing, Destination(*row[len(outgoing) :])) if outgoing.is_due else None

    async def _try(self, outgoing: Outgoing, destination: Destination) -> Outcome:
        if outgoing.is_superseded:
            return Outcome("failed", _SUPERSEDED)
        try:
            composed = await self._compose(outgoing, destination)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one message, the others go on
            return Outcome("failed", reason_of(error))
        try:
            return outcome(await self._ask(destination, composed), outgoing.refusals)
        except LineBroken as error:
            return Outcome("waiting", str(error), error.heard)
        except InvalidRequest as error:  # it may not be called (any more)
            return Outcome("waiting", str(error))
        except Exception as error:  # noqa: BLE001 -- the message is as it should be, and what waits says why
            logs.event(log, logging.ERROR, "sending failed", error=error, destination=destination.id)
            return Outcome("waiting", reason_of(error))

    async def _compose(self, outgoing: Outgoing, destination: Destination) -> Composed:
        async with self._machines.transactions.begin(house(outgoing.organisation_id)) as tx:
            return await compose(tx, outgoing, destination, self._base_url)

    async def _ask(self, destination: Destination, composed: Composed) -> bytes:
        line = await self._line(destination)
        is_alone = line.is_fresh  # nothing else can be answered on it
        patience_s = self._machines.settings.hl7_answer_s
        return await line.ask(
            composed.raw, lambda raw: answers(raw, composed.control_id, is_alone=is_alone), patience_s
        )

    async def _line(self, destination: Destination) -> Line:
        """Return the open line to a system; a new one if there is none, or it listens elsewhere now."""
        held = self._lines.pop(destination.id, None)
        if held is not None and held[0] == destination.address and held[1].is_open:
            self._lines[destination.id] = held
            return held[1]
        if held is not None:
            held[1].close()
        secure = await self._secure() if destination.is_tls else None
        patience_s = self._machines.settings.hl7_answer_s
        line = await call(destination.host, destination.port, self._allowed, secure, patience_s)
        self._lines[destination.id] = (destination.address, line)
        return line

    async def _secure(self) -> ssl.SSLContext:
        if self._tls is None:
            settings = self._machines.settings
            files = await asyncio.to_thread(tls.ensure_certificates, settings.data_dir / "tls", [settings.host_name])
            self._tls = tls.client_context(files)
        return self._tls

    async def _note(self, outgoing: Outgoing, became: Outcome) -> None:
        metrics.SENT.labels(became.state).inc()
        values: dict[str, Any] = {"id": outgoing.id, "reason": became.reason, "answer": became.answer}
        values |= {"refused": int(became.is_refused)}
        async with self._machines.transactions.begin(house(outgoing.organisation_id)) as tx:
            if became.state == "waiting":
                pause_s = min(_MOST_PAUSE_S, 0.1 * 2 ** min(outgoing.tries + 1, 16))
                due_at = clock.now() + timedelta(seconds=pause_s)
                await tx.connection.execute(store.DEFER, values | {"due_at": due_at})
            else:
                await tx.connection.execute(store.END, values | {"state": became.state, "now": clock.now()})
        if became.state != "sent":
            told = f"{became.state}: {became.reason}"
            logs.event(log, logging.WARNING, "message not taken", told=told, destination=outgoing.destination_id)
