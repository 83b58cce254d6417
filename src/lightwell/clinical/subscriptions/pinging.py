"""WebSockets: a page or program binds to a subscription and is pinged when something matches (R4 2.46.7.2).

A ping says that there is something, not what: whoever gets it asks for it, with rights of their own. Several changes at
once may be one ping. After a moment in which this node heard nothing of the database everybody bound is pinged.
"""

import asyncio
import contextlib
from collections import defaultdict
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from lightwell.clinical.store import subscriptions as store
from lightwell.core.actors import Actor, Permission
from lightwell.core.errors import Forbidden
from lightwell.core.http import live
from lightwell.core.machines import Machines

_CHECKED_EVERY_S: Final = 5.0
_MOST_BOUND: Final = 1000
_MOST_ID: Final = 64
_UNKNOWN: Final = "error expected bind and the ID of an active websocket Subscription that you wrote"


class _Line:
    """One WebSocket: what it is bound to, and what it has still to be told."""

    def __init__(self) -> None:
        self.bound: dict[int, str] = {}
        self.due: dict[str, None] = {}  # in order, each once: a slow reader is told less often
        self.has_due = asyncio.Event()

    def ping(self, rid: int) -> None:
        if rid in self.bound:
            self.due[self.bound[rid]] = None
            self.has_due.set()


class Pings:
    """Who is bound on this node."""

    def __init__(self) -> None:
        self._lines: dict[int, set[_Line]] = defaultdict(set)

    def hear(self, payload: str) -> None:
        """Ping who is bound to the subscription that the database announces."""
        for line in self._lines.get(int(payload), ()):
            line.ping(int(payload))

    def ping_all(self) -> None:
        """Ping everybody: something may have been missed."""
        for rid in self._lines:
            self.hear(str(rid))

    def bind(self, line: _Line, rid: int, identifier: str) -> None:
        """Have a line pinged for a subscription from now on."""
        line.bound[rid] = identifier
        self._lines[rid].add(line)

    def leave(self, line: _Line) -> None:
        """Forget a line that has ended."""
        for rid in line.bound:
            self._lines[rid].discard(line)
            if not self._lines[rid]:
                del self._lines[rid]


async def socket(machines: Machines, pings: Pings, websocket: WebSocket) -> None:
    """Answer ``bind`` with ``bound``, and send ``ping`` until the other side leaves or may no longer be told."""
    actor = await live.admitted(machines, websocket)
    if actor is None:
        return
    line = _Line()
    sending = asyncio.create_task(_send(websocket, line, live.Checks(machines, actor)))
    try:
        async for text in websocket.iter_text():
            await websocket.send_text(await _answer(machines, pings, actor, line, text))
    except (WebSocketDisconnect, KeyError, RuntimeError):  # gone, or binary, or closed by us
        return
    finally:
        sending.cancel()
        pings.leave(line)


async def _answer(machines: Machines, pings: Pings, actor: Actor, line: _Line, text: str) -> str:
    verb, _, identifier = text.strip().partition(" ")
    identifier = identifier.strip().removeprefix("Subscription/")
    if verb != "bind" or not 0 < len(identifier) <= _MOST_ID or len(line.bound) >= _MOST_BOUND:
        return _UNKNOWN
    rid = await _bindable(machines, actor, identifier)
    if rid is None:
        return _UNKNOWN
    pings.bind(line, rid, identifier)
    return f"bound {identifier}"


async def _bindable(machines: Machines, actor: Actor, identifier: str) -> int | None:
    try:
        reader = actor.limited_to(Permission.RECORD_READ)
    except Forbidden:
        return None
    values = {"organisations": list(reader.organisation_ids), "id": identifier, "owner": actor.name}
    async with machines.transactions.begin(reader) as tx:
        rows = await (await tx.connection.execute(store.BINDABLE, values)).fetchall()
    return rows[0][0] if len(rows) == 1 else None


async def _send(websocket: WebSocket, line: _Line, checks: live.Checks) -> None:
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(line.has_due.wait(), _CHECKED_EVERY_S)
        if not await checks.hold():
            await websocket.close(live.POLICY_VIOLATION)
            return
        line.has_due.clear()
        due, line.due = line.due, {}
        for identifier in due:
            await websocket.send_text(f"ping {identifier}")
