"""One node of Lightwell, from settings to open doors and back."""

import asyncio
import contextlib
import logging
import socket
import ssl
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import uvicorn

from lightwell import archive, clinical
from lightwell.app import dicom, hl7, imaging_studies
from lightwell.app.preferences import SCHEMAS
from lightwell.app.reactions import REACTIONS
from lightwell.app.schedule import Every, count_reads, schedule
from lightwell.app.urls import ENDPOINTS
from lightwell.core import events, logs, memory, metrics, tls
from lightwell.core.audit.record import Reader, Subject
from lightwell.core.audit.repeats import Repeats
from lightwell.core.auth.sessions import SignedIn
from lightwell.core.compute import ComputePool
from lightwell.core.db.database import Database
from lightwell.core.db.listening import listen
from lightwell.core.db.roles import Role
from lightwell.core.errors import DatabaseUnavailable
from lightwell.core.http import app as http
from lightwell.core.http.preferences import Schemas
from lightwell.core.http.prompt import PromptWebSocket
from lightwell.core.jobs import Queue, create_queue
from lightwell.core.live import Live
from lightwell.core.machines import Machines
from lightwell.core.net import dicom as dicom_network
from lightwell.core.net import mllp, sockets
from lightwell.core.net.dicom_door import Door
from lightwell.core.settings import Settings
from lightwell.core.tx import Transactions

log = logging.getLogger(__name__)
ROOMS: Final = ("core", "archive", "clinical")
PAGES: Final = Path(__file__).parent / "pages"
_KEEP_ALIVE_S: Final = 75
_SUPERVISE_S: Final = 0.5
_CLOSED: Final = -1
_MOST_KNOWN: Final = 10_000
_TOLD_AGAIN_S: Final = 8.0  # jobs have 5 s to end
_SWITCH_S: Final = 0.001  # the journal's threads must not wait 5 ms for the event loop


@dataclass(slots=True)
class Ports:
    """Where a node listens, once it does; 0 means that the door is closed."""

    http: int = 0
    https: int = 0
    dicom: int = 0
    dicom_tls: int = 0
    hl7: int = 0
    hl7_tls: int = 0

    def ready_line(self, settings: Settings) -> str:
        """Return the line that says that the node takes work."""
        web = f"https://{settings.bind}:{self.https}" if self.https else f"http://{settings.bind}:{self.http}"
        messages = f"{settings.bind}:{self.hl7}" if self.hl7 else "-"
        return f"ready http={web} dicom={settings.ae_title}@{settings.bind}:{self.dicom} hl7={messages}"


@dataclass(slots=True)
class Node:
    """A node whose database is open; doors are opened by :func:`serve`."""

    machines: Machines
    room: archive.Archive
    gateway: clinical.Gateway
    notifier: clinical.Notifier
    queue: Queue
    ports: Ports = field(default_factory=Ports)


@asynccontextmanager
async def open_node(settings: Settings, **overrides: Any) -> AsyncGenerator[Node]:
    """Open database, queue and rooms of a node; close them at the end."""
    async with AsyncExitStack() as stack:
        database = await _open_database(settings, stack)
        queue = Queue(database.conninfo(Role.APP))
        compute = ComputePool(settings.compute_workers)
        stack.callback(compute.close)
        transactions, remembering = Transactions(database, queue, REACTIONS), memory.Memory()
        known = memory.Remembered[bytes, SignedIn](remembering, _MOST_KNOWN)
        seen = memory.Remembered[tuple[Reader, Subject], bool](remembering, _MOST_KNOWN)
        machines = Machines(settings, database, transactions, Live(), compute, remembering, known, Repeats(), seen)
        room = archive.open_archive(machines, **overrides)
        queue.register([*archive.jobs(room), *imaging_studies.jobs(machines, room)])
        await queue.open()
        stack.push_async_callback(queue.close)
        machines.associations.listeners.append(room.ledger.add)
        stack.push_async_callback(_write_last, room)
        gateway = clinical.open_gateway(machines, hl7.HANDLERS)
        yield Node(machines, room, gateway, clinical.Notifier(machines), queue)


async def _write_last(room: archive.Archive) -> None:
    """Note the associations that ended with the node; a database that is away must not keep it from ending."""
    with contextlib.suppress(DatabaseUnavailable):
        await room.ledger.write()


async def _open_database(settings: Settings, stack: AsyncExitStack) -> Database:
    database = Database(settings)
    if database.embedded is not None:
        await asyncio.to_thread(database.embedded.start)
        stack.callback(database.embedded.stop)
    await database.prepare(ROOMS, create_queue)
    await database.open()
    stack.push_async_callback(database.close)
    return database


async def serve(
    node: Node, stop: asyncio.Event, *, has_doors: bool = True, then: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Take work until ``stop`` is set, then end cleanly; ``then`` is done once the doors are open."""
    settings = node.machines.settings
    sys.setswitchinterval(_SWITCH_S)
    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(_background())
        _supervise(node, tasks)
        stack.push_async_callback(_count_last_reads, node.machines)
        await node.room.intake.start()
        stack.push_async_callback(node.room.intake.stop)
        for item in schedule(node.machines, node.room):
            tasks.start(_repeat(item))
        if settings.workers:
            tasks.start(node.queue.run(settings.workers))
            tasks.start(node.gateway.applier.run())
            tasks.start(node.notifier.run())
            tasks.start(node.gateway.sender.run())
        if has_doors:
            await _open_doors(node, stack, tasks)
            print(node.ports.ready_line(settings), flush=True)  # noqa: T201 -- the line that tools wait for
        if then is not None:
            await then()
        await stop.wait()


async def _count_last_reads(machines: Machines) -> None:
    with contextlib.suppress(DatabaseUnavailable):
        await count_reads(machines)


def _supervise(node: Node, tasks: "_Tasks") -> None:
    database = node.machines.database
    remembering = node.machines.memory
    ears = {events.CHANNEL: node.machines.live.hear, memory.CHANNEL: remembering.forget, **node.notifier.ears}

    def begin() -> None:
        remembering.trust()
        node.notifier.pings.ping_all()

    tasks.start(listen(database.conninfo(Role.APP), ears, begin, remembering.distrust))
    if database.embedded is not None:
        embedded = database.embedded

        async def look() -> None:
            if await asyncio.to_thread(embedded.ensure_running):
                metrics.DATABASE_RESTARTS.inc()

        tasks.start(_repeat(Every(_SUPERVISE_S, "database.supervise", look)))


async def _repeat(item: Every) -> None:
    while True:
        await asyncio.sleep(item.seconds)
        try:
            await item.work()
        except Exception as error:  # noqa: BLE001 -- the next turn comes all the same
            logs.event(log, logging.WARNING, "scheduled work failed", error=error, work=item.name)


async def _open_doors(node: Node, stack: AsyncExitStack, tasks: "_Tasks") -> None:
    settings = node.machines.settings
    sockets.tell()
    certificates = tls.ensure_certificates(settings.data_dir / "tls", _names(settings))
    door = dicom.door(settings, node.room)
    stack.callback(_close_connections, door)
    node.ports.dicom = await _open_dicom(door, settings.bind, settings.dicom_port, stack, None)
    secure = tls.server_context(certificates, client_ca=certificates.ca_certificate)
    node.ports.dicom_tls = await _open_dicom(door, settings.bind, settings.dicom_tls_port, stack, secure)
    messages = hl7.door(settings, node.gateway)
    stack.callback(_close_connections, messages)
    node.ports.hl7 = await _open_hl7(messages, settings.bind, settings.hl7_port, stack, None)
    node.ports.hl7_tls = await _open_hl7(messages, settings.bind, settings.hl7_tls_port, stack, secure)
    node.gateway.ports.plain, node.gateway.ports.tls = node.ports.hl7 or _CLOSED, node.ports.hl7_tls or _CLOSED
    provided = {Machines: node.machines, archive.Archive: node.room, clinical.Gateway: node.gateway}
    provided |= {Schemas: SCHEMAS}
    sockets_at = {"/fhir/ws": partial(clinical.answer_socket, node.machines, node.notifier.pings)}
    application = http.build(provided, ENDPOINTS, PAGES, sockets_at)
    if settings.is_loopback:
        node.ports.http = await _open_http(
            application, sockets.bind(settings.bind, max(settings.http_port, 0)), stack, tasks
        )
    else:
        options = {"ssl_certfile": certificates.certificate, "ssl_keyfile": certificates.key}
        listener = sockets.bind(settings.bind, max(settings.https_port, 0))
        node.ports.https = await _open_http(application, listener, stack, tasks, **options)


def _names(settings: Settings) -> list[str]:
    names = [settings.host_name or socket.gethostname(), "localhost", "127.0.0.1"]
    return [*names, settings.bind] if settings.bind not in {"0.0.0.0", "::"} else names  # noqa: S104 -- compared only


async def _open_dicom(door: Door, host: str, port: int, stack: AsyncExitStack, context: ssl.SSLContext | None) -> int:
    if port == _CLOSED:
        return 0
    server = await dicom_network.listen(door, sockets.bind(host, port), context)
    stack.callback(server.close)
    return int(server.sockets[0].getsockname()[1])


async def _open_hl7(
    door: mllp.Door, host: str, port: int, stack: AsyncExitStack, context: ssl.SSLContext | None
) -> int:
    if port == _CLOSED:
        return 0
    server = await mllp.listen(door, sockets.bind(host, port), context)
    stack.callback(server.close)
    return int(server.sockets[0].getsockname()[1])


def _close_connections(door: Door | mllp.Door) -> None:
    for connection in list(door.connections):
        connection.close()


async def _open_http(
    application: Any, listener: socket.socket, stack: AsyncExitStack, tasks: "_Tasks", **options: Any
) -> int:
    server = _Server(
        uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=3,
            lifespan="off",
            backlog=512,
            ws=PromptWebSocket,
            ws_max_size=1 << 20,
            **options,
        )
    )
    task = tasks.start(server.serve(sockets=[listener]))

    async def close() -> None:
        server.should_exit = True
        await asyncio.wait([task], timeout=5)

    stack.push_async_callback(close)
    while not server.started and not task.done():  # noqa: ASYNC110 -- uvicorn tells it by an attribute only
        await asyncio.sleep(0.005)
    return int(listener.getsockname()[1])


class _Server(uvicorn.Server):
    """uvicorn without signal handlers of its own; the node has them."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to the node."""
        yield


class _Tasks:
    """Background tasks; one that ends by an error is logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        return task

    async def stop(self) -> None:
        """End all; one that took its end for an error of the database, and went on, is told again."""
        while left := [task for task in self._tasks if not task.done()]:
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=_TOLD_AGAIN_S)


async def _logged(work: Awaitable[None]) -> None:
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception as error:
        logs.event(log, logging.ERROR, "background work ended", error=error)
        raise


@asynccontextmanager
async def _background() -> AsyncGenerator[_Tasks]:
    tasks = _Tasks()
    try:
        yield tasks
    finally:
        await tasks.stop()
