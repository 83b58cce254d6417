"""Long data sets on their way out: read in a thread, a little ahead of what is written, so that the loop never waits.

A sans-IO association takes its data set by plain iteration. Whoever writes to the socket calls :meth:`ReadAhead.fill`
before each piece; what would not be there then is read on the spot.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

_AHEAD_BYTES: Final = 4 << 20


class ReadAhead:
    """The pieces of a data set, from a function that returns the next one and nothing at the end."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read
        self._ready: deque[bytes] = deque()
        self._held_bytes = 0
        self._is_over = False

    async def fill(self) -> None:
        """Have enough ready for what is written at a time."""
        if not self._is_over and self._held_bytes < _AHEAD_BYTES // 2:
            await asyncio.to_thread(self._read_some)

    def _read_some(self) -> None:
        while not self._is_over and self._held_bytes < _AHEAD_BYTES:
            self._take()

    def _take(self) -> None:
        piece = self._read()
        self._is_over = not piece
        if piece:
            self._ready.append(piece)
            self._held_bytes += len(piece)

    def __iter__(self) -> Iterator[bytes]:
        """Return the pieces, once."""
        return self

    def __next__(self) -> bytes:
        """Return the next piece."""
        if not self._ready and not self._is_over:
            self._take()
        if not self._ready:
            raise StopIteration
        piece = self._ready.popleft()
        self._held_bytes -= len(piece)
        return piece
