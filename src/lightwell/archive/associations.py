"""The associations that ended, as a hospital's engineer asks for them: did the CT reach us, and what happened?

Every association is told of once, when it is over (``core.net.dicom_record``). It waits here in memory and is written
with others every few seconds, so that receiving images costs the database nothing more. Nothing grows without bounds:

* what came to nothing (rejected, unreachable) is one row an hour for each caller, with how often; after so many
  different callers in one hour, all further ones share one row that names nobody
* of one machine and one outcome so many rows are written at a time; further ones are added to the last of them
* a job forgets what is older than 30 days, and all but the newest 1,000 of each machine

Whose is an association? A known machine's is its hospital's. A stranger's is the hospital's that :meth:`Peers.whose`
finds; several hospitals on one node mostly share its AE title, so that often says nothing. Such a row belongs to nobody
and is seen by those alone who may see every hospital: in a single hospital its engineer, in a region those who look
after all of it. Strangers are shown to who may add machines, since titles and addresses of others are their business
only. Until the table of peers says better, a stranger who gives a known AE title from another address stays a stranger.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import Any, Final

import msgspec

from lightwell.archive.destinations import Destination
from lightwell.archive.model import Source
from lightwell.archive.peers import Peers
from lightwell.archive.store import associate as store
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts
from lightwell.core.machines import Machines
from lightwell.core.net.dicom_record import Ended, Outcome, Tally

MOST_STRANGERS: Final = 200
MOST_AT_ONCE: Final = 20
_DAYS: Final = 30
_MOST_KEPT: Final = 1000
_IN_VAIN: Final = frozenset({Outcome.REJECTED, Outcome.UNREACHABLE})


@dataclass(slots=True)
class Note:
    """One row to be written; ``times`` associations are in it."""

    ended: Ended
    repeat_key: str | None
    times: int = 1

    def add(self, other: "Note") -> None:
        """Take another one of the same kind in."""
        done = {name: replace(tally) for name, tally in self.ended.done.items()}
        for name, tally in other.ended.done.items():
            sum_of = done.setdefault(name, Tally())
            sum_of.succeeded += tally.succeeded
            sum_of.warned += tally.warned
            sum_of.failed += tally.failed
        self.ended = replace(self.ended, done=done, ended_at=max(self.ended.ended_at, other.ended.ended_at))
        self.times += other.times


@dataclass(slots=True)
class Waiting:
    """Notes that wait to be written, never more than a few for each caller and outcome."""

    _groups: dict[str, list[Note]] = field(default_factory=dict[str, list[Note]])
    _hour: str = ""
    _strangers: set[str] = field(default_factory=set[str])

    def add(self, ended: Ended) -> None:
        """Take what ended."""
        ended = replace(ended, calling_ae=_plain(ended.calling_ae), called_ae=_plain(ended.called_ae))
        if ended.badge is None and self._is_one_too_many(ended):
            ended = replace(ended, calling_ae="", called_ae="", address="", is_tls=False)
        is_in_vain = ended.outcome in _IN_VAIN
        group = _key_of(ended) if is_in_vain else f"{_peer_of(ended)} {ended.is_ours} {ended.outcome}"
        self._put(group, Note(ended, group if is_in_vain else None))

    def _put(self, group: str, note: Note) -> None:
        notes = self._groups.setdefault(group, [])
        if len(notes) < (1 if note.repeat_key else MOST_AT_ONCE):
            notes.append(note)
        else:
            notes[-1].add(note)

    def _is_one_too_many(self, ended: Ended) -> bool:
        hour = _hour_of(ended.ended_at)
        if hour != self._hour:
            self._hour, self._strangers = hour, set()
        key = _key_of(ended)
        if key not in self._strangers and len(self._strangers) >= MOST_STRANGERS:
            return True
        self._strangers.add(key)
        return False

    def take(self) -> list[Note]:
        """Hand out what waits."""
        groups, self._groups = self._groups, {}
        return list(chain.from_iterable(groups.values()))

    def put_back(self, notes: list[Note]) -> None:
        """Let notes wait again that could not be written."""
        for note in notes:
            self._put(note.repeat_key or f"{_peer_of(note.ended)} {note.ended.is_ours} {note.ended.outcome}", note)


class Ledger:
    """Writes down how associations ended."""

    def __init__(self, machines: Machines, peers: Peers) -> None:
        self._machines = machines
        self._peers = peers
        self._waiting = Waiting()

    def add(self, ended: Ended) -> None:
        """Take what ended; it is written soon."""
        self._waiting.add(ended)

    async def write(self) -> int:
        """Write what waits and return the number of rows; without a database it waits on."""
        notes = self._waiting.take()
        if not notes:
            return 0
        try:
            await self._write(notes)
        except BaseException:
            self._waiting.put_back(notes)
            raise
        return len(notes)

    async def _write(self, notes: list[Note]) -> None:
        owners = [await self._whose(note.ended) for note in notes]
        async with self._machines.transactions.begin(NOBODY) as nobody:
            every = [item.id for item in await accounts.organisations(nobody)]
            if every:  # before there is a hospital, nobody could ever read it
                tx = await nobody.become(house(*every))
                await tx.connection.execute(store.NOTE, _columns(notes, owners))

    async def _whose(self, ended: Ended) -> tuple[int | None, int | None]:
        """Return the hospital and the machine; one we know may be turned away too, when there are too many at once."""
        if isinstance(ended.badge, Source | Destination):
            return ended.badge.organisation_id, ended.badge.peer_id
        if not ended.address:
            return None, None
        titles = (ended.called_ae, ended.calling_ae, ended.address)
        peer = await self._peers.find(*titles, "")
        return (peer.organisation_id, peer.id) if peer else (await self._peers.whose(*titles), None)

    async def forget(self) -> int:
        """Forget what is old, or more than anybody looks through, and return the number of rows."""
        async with self._machines.transactions.begin(NOBODY) as nobody:
            every = [item.id for item in await accounts.organisations(nobody)]
            tx = await nobody.become(house(*every))
            values = {"days": _DAYS, "most": _MOST_KEPT}
            return (await tx.connection.execute(store.FORGET, values)).rowcount


def _columns(notes: list[Note], owners: list[tuple[int | None, int | None]]) -> dict[str, list[Any]]:
    rows = sorted(map(_row, notes, owners), key=lambda row: row["repeat_key"] or "")  # two nodes lock in one order
    return {name: [row[name] for row in rows] for name in rows[0]}


def _row(note: Note, owner: tuple[int | None, int | None]) -> dict[str, Any]:
    ended = note.ended
    done = {name: [tally.succeeded, tally.warned, tally.failed] for name, tally in ended.done.items()}
    return {
        "organisation_id": owner[0],
        "peer_id": owner[1],
        "is_ours": ended.is_ours,
        "calling_ae": ended.calling_ae,
        "called_ae": ended.called_ae,
        "address": ended.address,
        "is_tls": ended.is_tls,
        "began_at": ended.began_at,
        "ended_at": ended.ended_at,
        "outcome": ended.outcome.value,
        "rejection": _rejection(ended),
        "done": msgspec.json.encode(done).decode(),
        "times": note.times,
        "repeat_key": note.repeat_key,
    }


def _rejection(ended: Ended) -> str | None:
    return "/".join(map(str, ended.rejection)) if ended.rejection else None


def _peer_of(ended: Ended) -> int | None:
    return ended.badge.peer_id if isinstance(ended.badge, Source | Destination) else None


def _key_of(ended: Ended) -> str:
    """Say of what came to nothing when it counts as the same again."""
    what = (_hour_of(ended.ended_at), str(_peer_of(ended)), str(ended.is_ours), ended.outcome, str(_rejection(ended)))
    return "|".join((*what, ended.calling_ae, ended.called_ae, ended.address, str(ended.is_tls)))


def _hour_of(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H")


def _plain(title: str) -> str:
    """Write an AE title so that it can be stored and shown, whatever a stranger put into it (PS3.5 6.2)."""
    return "".join(sign if sign.isascii() and sign.isprintable() else "?" for sign in title)
