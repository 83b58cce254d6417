"""Looking again and again for what there is to do: at once when something has come, and now and then without that."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from lightwell.core import logs

log: Final = logging.getLogger(__name__)
_PAUSE_S: Final = 0.5


class Lookout:
    """Looks for one kind of work on this node; whatever befalls a look, the next one comes."""

    def __init__(self, work: str, look_s: float = 1.0) -> None:
        """Look for work of this name, by which the log calls it; without a call every ``look_s``."""
        self._work, self._look_s = work, look_s
        self._has_come = asyncio.Event()

    def wake(self) -> None:
        """Look at once: something has come."""
        self._has_come.set()

    async def run(self, look: Callable[[], Awaitable[object]]) -> None:
        """Look until cancelled; a look that found something is followed by the next at once."""
        while True:
            self._has_come.clear()
            try:
                has_found = await look()
            except Exception as error:  # noqa: BLE001 -- the next look comes all the same
                logs.event(log, logging.WARNING, "work pauses", error=error, work=self._work)
                await asyncio.sleep(_PAUSE_S)
                continue
            if not has_found:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._has_come.wait(), self._look_s)
