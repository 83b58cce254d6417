"""A small region for tests: two hospitals, their people and machines, and a server of its own process."""

import asyncio
import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import psycopg

from lightwell import archive
from lightwell.app.node import open_node
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts, sessions
from lightwell.core.settings import Settings, load

PASSWORD = "lightwell-test"
AE = "LIGHTWELL"
_READY = re.compile(r"ready http=\S+?:(\d+) dicom=\S+?:(\d+) hl7=\S+?:(\d+)")


@contextmanager
def data_directory() -> Generator[Path]:
    """Lend an empty data directory that the database's user can enter."""
    with tempfile.TemporaryDirectory(prefix="lightwell-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name) / "data"


def settings(data_dir: Path, **values: object) -> Settings:
    """Return settings for a node that disturbs nobody."""
    environment = {
        "DATA_DIR": str(data_dir),
        "HTTP_PORT": "0",
        "DICOM_PORT": "0",
        "DICOM_TLS_PORT": "-1",
        "HL7_PORT": "0",
        "HL7_TARGETS": "127.0.0.0/8",
        "STUDY_QUIET_S": "2",
        "MIN_FREE_MB": "64",
        "LOG_LEVEL": "WARNING",
        **{name.upper(): str(value) for name, value in values.items()},
    }
    return load({f"LIGHTWELL_{name}": value for name, value in environment.items()})


@dataclass(frozen=True, slots=True)
class Region:
    """Ids and tokens of hospital A and hospital B; AE title CT_A sends for A, CT_B for B."""

    a: int
    b: int
    token_a: str
    token_b: str


def populate(configured: Settings) -> Region:
    """Create the two hospitals in an empty data directory; all but the first of a process are copies."""
    data, region = _kept()
    lies_elsewhere = (data / "postgres").is_symlink()  # see find_place
    if configured.database_url or configured.objects_url or lies_elsewhere:
        return _made(configured)
    subprocess.run(["cp", "-a", str(data), str(configured.data_dir)], check=True)
    return region


@cache
def _kept() -> tuple[Path, Region]:
    folder = Path(tempfile.mkdtemp(prefix="lightwell-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    return folder / "data", _made(settings(folder / "data"))


def _made(configured: Settings) -> Region:
    with ThreadPoolExecutor(1) as thread:  # beside a test's or Playwright's loop, which runs in this one
        return thread.submit(asyncio.run, _make(configured)).result()


async def _make(configured: Settings) -> Region:
    async with open_node(configured) as node, node.machines.transactions.begin(NOBODY) as nobody:
        a = await accounts.create_organisation(nobody, "a", "甲医院", "Hospital A")
        b = await accounts.create_organisation(nobody, "b", "乙医院", "Hospital B")
        tx = await nobody.become(house(a, b))
        tokens: list[str] = []
        for code, organisation_id in (("a", a), ("b", b)):
            number = await accounts.create(tx, f"user-{code}", PASSWORD, display_name=f"user {code}")
            await accounts.join(tx, number, organisation_id, "administrator")
            account = await accounts.find(tx, f"user-{code}")
            assert account is not None
            tokens.append(await sessions.create_token(tx, account, "test"))
            await archive.add_peer(tx, organisation_id, f"CT {code}", AE, f"CT_{code.upper()}", network="127.0.0.0/8")
        return Region(a, b, *tokens)


@dataclass
class Server:
    """``lightwell serve`` in a process of its own, which may be killed."""

    settings: Settings
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    process: subprocess.Popen[str] | None = None
    http_port: int = 0
    dicom_port: int = 0
    hl7_port: int = 0

    @property
    def url(self) -> str:
        """Where the web answers."""
        return f"http://127.0.0.1:{self.http_port}"

    def start(self) -> "Server":
        """Start it and wait until it is ready; the ports stay the same over restarts."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lightwell.app", "serve"],
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=(self.settings.data_dir.parent / "server.log").open("ab"),
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if match := _READY.match(line):
                self.http_port, self.dicom_port, self.hl7_port = int(match[1]), int(match[2]), int(match[3])
                return self
        message = f"the server ended with {self.process.wait()}: {self.log()[-2000:]}"
        raise AssertionError(message)

    @contextmanager
    def beside(self) -> Generator["Server"]:
        """Lend another node of the same region, with ports of its own."""
        other = Server(self.settings, self.extra).start()
        try:
            yield other
        finally:
            other.stop()

    def _environment(self) -> dict[str, str]:
        values = {item.name: getattr(self.settings, item.name) for item in fields(self.settings)}
        values |= {"http_port": self.http_port or values["http_port"], "dicom_port": self.dicom_port}
        values |= {"hl7_port": self.hl7_port}
        own = {f"LIGHTWELL_{name.upper()}": str(value) for name, value in values.items() if value not in {None, ""}}
        return {**os.environ, **own, **self.extra}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ``lightwell`` on the server's data directory."""
        command = [sys.executable, "-m", "lightwell.app", *arguments]
        return subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False)

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, as the database's superuser, who sees every hospital."""
        place = str(self.settings.data_dir / "postgres-socket")
        with psycopg.connect(host=place, port=5432, user="postgres", dbname="lightwell", autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def log(self) -> str:
        """Return what it wrote so far."""
        return (self.settings.data_dir.parent / "server.log").read_text(encoding="utf-8")

    def kill(self) -> None:
        """Take the power from the server's process, at once."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def kill_postgres(self) -> None:
        """Kill the database's main process."""
        os.kill(self.postgres_pid(), signal.SIGKILL)

    def postgres_pid(self) -> int:
        """Return the process of the database."""
        return int((self.settings.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])

    def get(self, path: str, token: str, **headers: str) -> httpx.Response:
        """Ask for something as the holder of a token."""
        return httpx.get(self.url + path, headers={"Authorization": f"Bearer {token}", **headers}, timeout=30)


@contextmanager
def running_server(**values: object) -> Generator[tuple[Server, Region]]:
    """Lend a running server with the two hospitals in it."""
    with data_directory() as data_dir:
        configured = settings(data_dir, **values)
        region = populate(configured)
        server = Server(configured).start()
        try:
            yield server, region
        finally:
            server.stop()


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until a condition holds; return whether it did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
