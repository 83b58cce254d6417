"""Which line lives: what came and went on each, when last, and what waits for a person.

Counted from the messages themselves when somebody looks; on the way of a message nothing is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lightwell.clinical.store import interfaces as store
from lightwell.core import clock
from lightwell.core.tx import Tx

_SPANS: Final = 30
_SPAN: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes over a line: messages in the last minute, hour and day, and in each two minutes of the last hour.

    ``waiting`` have not become part of the record, or were not taken yet; ``failed`` wait for a person.
    """

    minute: int = 0
    hour: int = 0
    day: int = 0
    series: tuple[int, ...] = (0,) * _SPANS
    last_at: datetime | None = None
    last_kind: str = ""
    waiting: int = 0
    waiting_since: datetime | None = None
    failed: int = 0
    trouble: str = ""


async def flows_in(tx: Tx) -> Mapping[int, Flow]:
    """Return what comes from each source of the actor's hospitals, by its number."""
    return await _flows(tx, store.CAME, store.CAME_OPEN, {})


async def flows_out(tx: Tx) -> Mapping[int, Flow]:
    """Return what goes to each destination of the actor's hospitals, by its number; ``trouble`` is why it does not."""
    stuck = dict(await (await tx.connection.execute(store.STUCK)).fetchall())
    return await _flows(tx, store.WENT, store.WENT_OPEN, stuck)


async def _flows(tx: Tx, moved: Any, waiting: Any, stuck: Mapping[int, str]) -> dict[int, Flow]:
    values = {"now": clock.now(), "spans": _SPANS, "span": _SPAN}
    still = {row[0]: row[1:] for row in await (await tx.connection.execute(waiting)).fetchall()}
    found: dict[int, Flow] = {}
    for number, last_at, kind, minute, hour, day, series in await (
        await tx.connection.execute(moved, values)
    ).fetchall():
        count, since, failed = still.get(number, (0, None, 0))
        moving = (minute, hour, day, tuple(series), last_at, kind or "")
        found[number] = Flow(*moving, count, since, failed, stuck.get(number, ""))
    return found
