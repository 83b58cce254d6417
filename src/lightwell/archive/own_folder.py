"""A folder of the spool that one process has for itself; several processes of a node share the spool.

A process holds a lock in its folder while it lives, so that the others can tell what one left that did not end by
itself: numbers of processes are given again, locks are not.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Final

_LOCK: Final = "lock"
_NEW: Final = "."


class OwnFolder:
    """One folder of this process among those of others; it is made when it is first asked for."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._making = threading.Lock()
        self._path: Path | None = None

    def path(self) -> Path:
        """Return the folder; nobody but this account can read it."""
        with self._making:
            if self._path is None:
                self._path = self._made()
            return self._path

    def _made(self) -> Path:
        """Make the folder under a name that nobody sweeps, and show it once it is locked."""
        self._parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._parent))
        held = os.open(new / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)  # until the process ends
        return new.rename(self._parent / secrets.token_hex(8))

    def new_file(self) -> Path:
        """Return a path in the folder that no file has."""
        return self.path() / f"{secrets.token_hex(12)}.raw"

    def files(self) -> list[Path]:
        """Return the files in the folder."""
        return [] if self._path is None else [path for path in self._path.iterdir() if path.name != _LOCK]

    def sweep(self) -> None:
        """Remove the folders of processes that are no more."""
        if not self._parent.is_dir():
            return
        for path in self._parent.iterdir():
            if path != self._path and not path.name.startswith(_NEW) and not _is_held(path / _LOCK):
                shutil.rmtree(path, ignore_errors=True)


def _is_held(lock: Path) -> bool:
    """Tell whether somebody holds a lock; what has none is nobody's."""
    try:
        opened = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False
