"""The inbox: messages are kept, many in one transaction, and only then answered.

While one transaction of a hospital is being written, what comes meanwhile waits and becomes the next: a hospital that
sends on one line or on eight pays for one write to the disk at a time. A message that is sent again gets the answer
that it got before: the same bytes from the same source, within ``LIGHTWELL_HL7_RESEND_HOURS``. Control IDs alone tell
nothing: senders count them around, begin anew at 1, or have one for all messages.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from lightwell.clinical.columns import array, moments
from lightwell.clinical.hl7.model import Arrival
from lightwell.clinical.store import gateway as store
from lightwell.core import clock
from lightwell.core.actors import house
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

_MOST_AT_ONCE: Final = 256
_MOST_BYTES: Final = 16 << 20
_MOMENT_S: Final = 0.02


@dataclass(slots=True)
class Letter:
    """A message that waits to be kept."""

    arrival: Arrival
    answers: asyncio.Future[Sequence[bytes]]


class Inbox:
    """What came and is not written yet, of each hospital."""

    def __init__(self, machines: Machines) -> None:
        """Begin empty; ``wake`` is called when messages have come that can be applied."""
        self.wake: Callable[[], None] = lambda: None
        self._machines = machines
        self._waiting: dict[int, list[Letter]] = {}
        self._writers: dict[int, asyncio.Task[None]] = {}
        self._put_s = 0.0

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has come for a moment."""
        return not self._writers and clock.monotonic_s() - self._put_s > _MOMENT_S

    def put(self, organisation_id: int, arrival: Arrival) -> asyncio.Future[Sequence[bytes]]:
        """Have a message kept after those that were put before; its answers come when it is on the disk.

        DatabaseUnavailable is raised where the answers are waited for: nothing may be answered then. Should the message
        have been kept all the same, it is known when it is sent again.
        """
        letter = Letter(arrival, asyncio.get_running_loop().create_future())
        self._put_s = clock.monotonic_s()
        self._waiting.setdefault(organisation_id, []).append(letter)
        if organisation_id not in self._writers:
            self._writers[organisation_id] = asyncio.create_task(self._write_all(organisation_id))
        return letter.answers

    async def _write_all(self, organisation_id: int) -> None:
        try:
            while batch := _first(self._waiting[organisation_id]):
                await self._write(organisation_id, batch)
        finally:
            del self._writers[organisation_id]

    async def _write(self, organisation_id: int, batch: Sequence[Letter]) -> None:
        try:
            answers = await self._keep(organisation_id, [letter.arrival for letter in batch])
        except Exception as error:  # noqa: BLE001 -- told to each who waits
            answers = [error] * len(batch)
        for letter, answer in zip(batch, answers, strict=True):
            _tell(letter, answer)
        self.wake()

    async def _keep(self, organisation_id: int, arrivals: Sequence[Arrival]) -> Sequence[Sequence[bytes]]:
        """Keep messages of one hospital, and return what each is answered; the same bytes within a window are one.

        What is new is kept in one go, with nothing to wait for but the disk; what came before is seen to after that.
        """
        begin, actor = self._machines.transactions.begin, house(organisation_id)
        async with begin(actor, in_one_go=True) as tx:
            cursor = await tx.connection.execute(store.KEEP, _columns(organisation_id, arrivals))
        kept = [int(n) - 1 for n, _ in await cursor.fetchall()]
        answers: dict[int, Sequence[bytes]] = {n: arrivals[n].answers for n in kept}
        if len(answers) < len(arrivals):
            window = timedelta(hours=self._machines.settings.hl7_resend_hours)
            async with begin(actor) as tx:
                answers |= await _keep_again(tx, organisation_id, _without(dict(enumerate(arrivals)), answers), window)
        return [answers[n] for n in range(len(arrivals))]


def _first(waiting: list[Letter]) -> list[Letter]:
    """Take as many as go into one transaction."""
    count = size = 0
    while count < min(len(waiting), _MOST_AT_ONCE) and size < _MOST_BYTES:
        size += len(waiting[count].arrival.raw)
        count += 1
    batch = waiting[:count]
    del waiting[:count]
    return batch


def _tell(letter: Letter, answer: Sequence[bytes] | Exception) -> None:
    if letter.answers.done():
        return  # its line is gone
    if isinstance(answer, Exception):
        letter.answers.set_exception(answer)
        letter.answers.exception()  # whoever waited may be gone: it is told to nobody then
    else:
        letter.answers.set_result(answer)


async def _keep_again(
    tx: Tx, organisation_id: int, known: Mapping[int, Arrival], window: timedelta
) -> dict[int, Sequence[bytes]]:
    """Return what was answered to messages that came before; those of long ago are kept anew."""
    answers = await _before(tx, known, window)
    if late := _without(known, answers):
        await tx.connection.execute(store.SUCCEED, _same(late, window))
        inserted = await insert(tx, organisation_id, list(late.values()))
        answers |= {n: item.answers for at, (n, item) in enumerate(late.items()) if at in inserted}
        answers |= await _before(tx, _without(late, answers), window)
    return answers


def _without(arrivals: Mapping[int, Arrival], answers: Mapping[int, Sequence[bytes]]) -> dict[int, Arrival]:
    return {n: arrival for n, arrival in arrivals.items() if n not in answers}


async def insert(tx: Tx, organisation_id: int, arrivals: Sequence[Arrival]) -> dict[int, int]:
    """Keep what is new; return the number that each of those got, by its place."""
    rows = await (await tx.connection.execute(store.KEEP, _columns(organisation_id, arrivals))).fetchall()
    return {n - 1: number for n, number in rows}


async def _before(tx: Tx, arrivals: Mapping[int, Arrival], window: timedelta) -> dict[int, Sequence[bytes]]:
    """Return what was answered to the same bytes before."""
    if not arrivals:
        return {}
    rows = await (await tx.connection.execute(store.AGAIN, _same(arrivals, window))).fetchall()
    return {n: [bytes(answer) for answer in answers] for n, answers in rows}


def _same(arrivals: Mapping[int, Arrival], window: timedelta) -> dict[str, Any]:
    return {
        "ns": list(arrivals),
        "sources": [item.source_id for item in arrivals.values()],
        "digests": [item.digest for item in arrivals.values()],
        "oldest": [item.received_at - window for item in arrivals.values()],
    }


def _columns(organisation_id: int, arrivals: Sequence[Arrival]) -> dict[str, Any]:
    """Return messages as one array for each column."""
    return {
        "organisation_id": organisation_id,
        "sources": array(item.source_id for item in arrivals),
        "moments": moments(item.received_at for item in arrivals),
        "raws": [item.raw for item in arrivals],
        "digests": [item.digest for item in arrivals],
        "control_ids": [item.control_id for item in arrivals],
        "kinds": [item.kind for item in arrivals],
        "states": [item.state for item in arrivals],
        "reasons": [item.reason for item in arrivals],
        "edited": array(item.edited_from or "NULL" for item in arrivals),
        "answer_ns": array(n for n, item in enumerate(arrivals, 1) for _ in item.answers),
        "answers": [answer for item in arrivals for answer in item.answers],
        "key_ns": array(n for n, item in enumerate(arrivals, 1) for _ in item.keys),
        "keys": array(key for item in arrivals for key in item.keys),
    }
