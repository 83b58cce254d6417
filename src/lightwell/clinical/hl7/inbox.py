"""The inbox: messages are kept, many in one transaction, and only then answered.

While one transaction of a hospital is being written, what comes meanwhile waits and becomes the next: a hospital that
sends on one line or on eight pays for one write to the disk at a time. A message that was sent again gets the answer
that it got before. One that brings other bytes under a control ID that is taken is kept aside, and its sender is told.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg import errors

from lightwell.clinical.hl7.model import Arrival
from lightwell.clinical.store import gateway as store
from lightwell.core.actors import house
from lightwell.core.errors import DatabaseUnavailable
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

_MOST_AT_ONCE: Final = 256
_MOST_BYTES: Final = 16 << 20
_TRIES: Final = 3


@dataclass(slots=True)
class Letter:
    """A message that waits to be kept; ``taken`` is what becomes of it if its control ID is another's."""

    arrival: Arrival
    taken: Callable[[], Arrival]
    answers: asyncio.Future[Sequence[bytes]]


class Inbox:
    """What came and is not written yet, of each hospital."""

    def __init__(self, machines: Machines, wake: Callable[[], None]) -> None:
        """Begin empty; ``wake`` is called when messages have come that can be applied."""
        self._machines = machines
        self._wake = wake
        self._waiting: dict[int, list[Letter]] = {}
        self._writers: dict[int, asyncio.Task[None]] = {}

    def put(
        self, organisation_id: int, arrival: Arrival, taken: Callable[[], Arrival]
    ) -> asyncio.Future[Sequence[bytes]]:
        """Have a message kept after those that were put before; its answers come when it is on the disk.

        DatabaseUnavailable is raised where the answers are waited for: nothing was kept, and nothing may be answered.
        """
        letter = Letter(arrival, taken, asyncio.get_running_loop().create_future())
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
            answers = await self._keep(organisation_id, [letter.arrival for letter in batch], batch)
        except Exception as error:  # noqa: BLE001 -- told to each who waits
            answers = [error] * len(batch)
        for letter, answer in zip(batch, answers, strict=True):
            _tell(letter, answer)
        self._wake()

    async def _keep(
        self, organisation_id: int, arrivals: Sequence[Arrival], batch: Sequence[Letter]
    ) -> Sequence[Sequence[bytes]]:
        for _ in range(_TRIES):
            try:
                async with self._machines.transactions.begin(house(organisation_id)) as tx:
                    return await keep(tx, organisation_id, arrivals, [letter.taken for letter in batch])
            except errors.UniqueViolation:  # another node took one of the control IDs at the same moment
                continue
        message = "messages with the same control IDs come in on several nodes; nothing was kept, send again"
        raise DatabaseUnavailable(message)


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


async def keep(
    tx: Tx, organisation_id: int, arrivals: Sequence[Arrival], taken: Sequence[Callable[[], Arrival]]
) -> list[Sequence[bytes]]:
    """Keep messages of one hospital, and return what each is answered."""
    kept = await insert(tx, organisation_id, arrivals)
    others = [n for n in range(len(arrivals)) if n not in kept]
    if not others:
        return [arrival.answers for arrival in arrivals]
    before = await _before(tx, {n: arrivals[n] for n in others})
    aside = {n: taken[n]() for n in others if n not in before}
    if aside:
        inserted = await insert(tx, organisation_id, list(aside.values()))
        again = await _before(tx, {n: item for at, (n, item) in enumerate(aside.items()) if at not in inserted})
        before |= {n: item.answers for n, item in aside.items()} | again
    return [before.get(n, arrival.answers) for n, arrival in enumerate(arrivals)]


async def insert(tx: Tx, organisation_id: int, arrivals: Sequence[Arrival]) -> dict[int, int]:
    """Keep what is new; return the number that each of those got, by its place."""
    rows = await (await tx.connection.execute(store.KEEP, _columns(organisation_id, arrivals))).fetchall()
    return {n - 1: number for n, number in rows}


async def _before(tx: Tx, arrivals: Mapping[int, Arrival]) -> dict[int, Sequence[bytes]]:
    """Return what was answered to the same bytes before."""
    if not arrivals:
        return {}
    values = {
        "ns": list(arrivals),
        "sources": [item.source_id for item in arrivals.values()],
        "control_ids": [item.control_id for item in arrivals.values()],
        "digests": [item.digest for item in arrivals.values()],
    }
    rows = await (await tx.connection.execute(store.AGAIN, values)).fetchall()
    return {n: [bytes(answer) for answer in answers] for n, answers in rows}


def _columns(organisation_id: int, arrivals: Sequence[Arrival]) -> dict[str, Any]:
    """Return messages as one array for each column."""
    return {
        "organisation_id": organisation_id,
        "sources": [item.source_id for item in arrivals],
        "moments": [item.received_at for item in arrivals],
        "raws": [item.raw for item in arrivals],
        "digests": [item.digest for item in arrivals],
        "control_ids": [item.control_id for item in arrivals],
        "kinds": [item.kind for item in arrivals],
        "named": [item.is_named for item in arrivals],
        "states": [item.state for item in arrivals],
        "reasons": [item.reason for item in arrivals],
        "edited": [item.edited_from for item in arrivals],
        **_numbered("answer_ns", "answers", (item.answers for item in arrivals)),
        **_numbered("key_ns", "keys", (item.keys for item in arrivals)),
    }


def _numbered(places: str, name: str, values: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    pairs = [(n, value) for n, several in enumerate(values, 1) for value in several]
    return {places: [n for n, _ in pairs], name: [value for _, value in pairs]}
