"""Commands that run a node."""

import asyncio
import gc
import shutil
import signal
import socket
from dataclasses import replace

import click

from lightwell.app import demonstration
from lightwell.app.cli.frame import command
from lightwell.app.node import open_node
from lightwell.app.node import serve as run_node
from lightwell.core import settings
from lightwell.core.db.roles import Role
from lightwell.core.net import sockets
from lightwell.core.settings import Settings

# Of what a node makes for a request next to nothing stays, and little of it in circles.
_YOUNG, _MIDDLE, _OLD = 20_000, 10, 50


def _settle_memory() -> None:
    """Let what a node holds until its end not be looked through for garbage.

    Definitions and tables of standards are hundreds of thousands of objects: to look through them again and again took
    a sixth of the processor, and the slowest hundredth of requests waited 60 ms for it (docs/adr/0039).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@click.command()
@command
async def serve() -> None:
    """Start everything: database, DICOM, web, background work. SIGTERM ends it cleanly."""
    async with open_node(settings.load()) as node:
        _settle_memory()
        await run_node(node, _stop_on_signal())


@click.command()
@command
async def worker() -> None:
    """Do background work only, beside nodes that serve."""
    configured = settings.load()
    async with open_node(replace(configured, workers=max(1, configured.workers))) as node:
        _settle_memory()
        await run_node(node, _stop_on_signal(), has_doors=False)


@click.command()
@command
async def demo() -> None:
    """Set up a region of three hospitals with real images if the data directory is empty, then serve."""
    async with open_node(settings.load()) as node:
        _settle_memory()
        stop = _stop_on_signal()
        is_new = await demonstration.prepare(node)

        async def welcome() -> None:
            if is_new:
                await demonstration.fill(node)
            demonstration.tell(node)

        await run_node(node, stop, then=welcome)


@click.command()
@command
async def doctor() -> None:
    """Look whether this machine can run Lightwell well, and say what to change."""
    configured = settings.load()
    findings = [_disk(configured), _ports(configured), _congestion()]
    async with open_node(configured) as node:
        async with node.machines.database.connection(Role.APP) as connection:
            row = await (await connection.execute("SHOW server_version")).fetchone()
        findings.append((True, f"PostgreSQL {row[0] if row else '?'} answers"))
    for is_good, text in findings:
        click.echo(("ok    " if is_good else "look  ") + text)


def _disk(configured: Settings) -> tuple[bool, str]:
    configured.data_dir.mkdir(parents=True, exist_ok=True)
    free_gb = shutil.disk_usage(configured.data_dir).free / 1e9
    return free_gb > 10, f"{free_gb:.0f} GB free in {configured.data_dir}"  # noqa: PLR2004 -- a day of a small hospital


def _ports(configured: Settings) -> tuple[bool, str]:
    wanted = {"HTTP": configured.http_port, "DICOM": configured.dicom_port, "HL7": configured.hl7_port}
    taken = [f"{name} {port}" for name, port in wanted.items() if port > 0 and not _is_free(configured.bind, port)]
    return not taken, f"ports in use: {', '.join(taken)}" if taken else "ports are free"


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) != 0


def _congestion() -> tuple[bool, str]:
    found = sockets.available()
    slow = f"congestion control is {found}: lossy lines will be slow; get BBR with: {sockets.HOW_TO_GET_BBR}"
    return found == sockets.BBR, "congestion control is BBR" if found == sockets.BBR else slow
