"""The running PostgreSQL of a data directory: who it is, what it says of itself, and what it left behind when killed.

PostgreSQL writes ``postmaster.pid`` into its data directory: the process id in the first line and, once it takes
connections, ``ready`` in the eighth. The file outlives a ``kill -9`` and then names a process that is gone, or one of
somebody else that got the number again. A process is believed to be ours only when it works in the data directory.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

_PROCESSES = Path("/proc")
_STATUS_LINE = 7
_POLL_S = 0.01


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for a condition of another process; return whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def running_pid(data: Path) -> int | None:
    """Return the process id of the postmaster that runs on this data directory, if one does."""
    pid = _written_pid(data)
    return pid if pid is not None and _works_in(pid, data) else None


def is_ready(data: Path) -> bool:
    """Tell whether the postmaster runs and takes connections."""
    lines = _lines(data)
    return running_pid(data) is not None and len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


def shut_down(data: Path, *, seconds: float) -> None:
    """End the postmaster: open transactions are rolled back, everything committed is on disk."""
    pid = running_pid(data)
    if pid is None:
        return
    for urgency in (signal.SIGINT, signal.SIGQUIT):
        _signal(pid, urgency)
        if wait_until(lambda: running_pid(data) != pid, seconds=seconds):
            return


def clear_remains(data: Path, sockets: Path, *, patience_s: float) -> None:
    """Clear what a killed postmaster left, so that a new one can start.

    Its backends end by themselves at their next wait. Until the last is gone a new postmaster would find the shared
    memory in use, so one that is deep in a computation is killed after ``patience_s``: its client is lost already.
    """
    if not wait_until(lambda: not _leftovers(data), seconds=patience_s):
        for pid in _leftovers(data):
            _signal(pid, signal.SIGKILL)
        wait_until(lambda: not _leftovers(data), seconds=patience_s)
    if _is_number_taken(data):
        # PostgreSQL removes stale files itself, unless another process has got the number: then it would refuse.
        (data / "postmaster.pid").unlink(missing_ok=True)
        for lock in sockets.glob(".s.PGSQL.*.lock"):
            lock.unlink()


def _is_number_taken(data: Path) -> bool:
    pid = _written_pid(data)
    return pid is not None and _is_alive(pid) and not _works_in(pid, data)


def _leftovers(data: Path) -> list[int]:
    """Return the processes of PostgreSQL that work in the data directory; empty where there is no ``/proc``."""
    pids = [int(entry.name) for entry in _PROCESSES.glob("[0-9]*")]
    return [pid for pid in pids if _is_named_postgres(pid) and _works_in(pid, data)]


def _is_named_postgres(pid: int) -> bool:
    try:
        return (_PROCESSES / str(pid) / "comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _works_in(pid: int, data: Path) -> bool:
    """Tell whether a live process has the data directory as its working directory, as all of PostgreSQL's do."""
    if not (_PROCESSES / "self").exists():
        return _is_alive(pid)
    try:
        return (_PROCESSES / str(pid) / "cwd").samefile(data)
    except OSError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _written_pid(data: Path) -> int | None:
    lines = _lines(data)
    return int(lines[0]) if lines and lines[0].strip().isdecimal() else None


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
