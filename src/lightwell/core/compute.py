"""Work that needs a processor for long: in processes of its own, which may die without taking anything with them.

Anything over 5 ms leaves the event loop; what runs foreign code over received bytes (codecs, above all) comes here
too. A worker that crashes, eats too much memory or overruns its time is killed and replaced, and only its own call
fails. Workers are started when they are first needed.
"""

import asyncio
import multiprocessing
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from lightwell.core.errors import LightwellError

_T = TypeVar("_T")
_SPAWN: Final = multiprocessing.get_context("spawn")


class WorkDied(LightwellError):
    """The process that did the work died; the same work would kill the next one too."""

    code = "work_died"


class WorkTimedOut(LightwellError):
    """The work took too long and was ended."""

    code = "work_timed_out"


class _Worker:
    """One process, and the pipe to it."""

    def __init__(self, memory_mb: int) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs, memory_mb), daemon=True)
        self._process.start()
        theirs.close()

    def call(self, function: Callable[..., Any], arguments: tuple[Any, ...], timeout_s: float) -> Any:
        """Have a function done and return its result, or raise what it raised."""
        try:
            self._pipe.send((function, arguments))
            if not self._pipe.poll(timeout_s):
                self.kill()
                message = f"the work took longer than {timeout_s:g} s and was ended"
                raise WorkTimedOut(message)
            is_done, result = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.kill()
            message = "the process that did the work died"
            raise WorkDied(message) from error
        if not is_done:
            raise result
        return result

    @property
    def is_alive(self) -> bool:
        """Whether it can take more work."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection, memory_mb: int) -> None:
    """Do what is asked until the other side goes away."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((True, function(*arguments)))
        except Exception as error:  # noqa: BLE001 -- it is raised where the work was asked for
            pipe.send((False, error))


class ComputePool:
    """The worker processes of a node.

    Args:
        workers: how many calls run at once; more wait.
        memory_mb: address space of one worker.
    """

    def __init__(self, workers: int, memory_mb: int = 4096) -> None:
        self._memory_mb = memory_mb
        self._slots: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        self._workers: set[_Worker] = set()
        for _ in range(workers):
            self._slots.put_nowait(None)

    async def run(self, function: Callable[..., _T], *args: object, timeout_s: float = 60.0) -> _T:
        """Do a function of a module in a worker; arguments and result are pickled.

        Raises:
            WorkDied: the worker died.
            WorkTimedOut: it took longer than ``timeout_s``.
        """
        worker = await self._slots.get()
        try:
            if worker is None:
                worker = await asyncio.to_thread(_Worker, self._memory_mb)
                self._workers.add(worker)
            return await asyncio.to_thread(worker.call, function, args, timeout_s)
        except asyncio.CancelledError:
            if worker is not None:
                worker.kill()  # its answer would go to whoever is next
            raise
        finally:
            self._give_back(worker)

    def _give_back(self, worker: _Worker | None) -> None:
        if worker is not None and not worker.is_alive:
            self._workers.discard(worker)
            worker = None
        self._slots.put_nowait(worker)

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()
