"""Backup and restore: a dump of the database by PostgreSQL's own tools, and the images with a manifest.

The database is dumped first and the images are copied after it, so every image that the dump knows is in the backup;
what came in between is found by the first start after a restore, as after a crash.
"""

import asyncio
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

import psycopg

from lightwell.app.node import Node
from lightwell.archive.blobs import Blobs, every
from lightwell.archive.disk import RealDisk
from lightwell.archive.room import open_blobs
from lightwell.core.db.embedded import EmbeddedPostgres
from lightwell.core.db.roles import create_roles
from lightwell.core.errors import ConfigurationError, Conflict
from lightwell.core.settings import Settings

_DUMP: Final = "database.dump"
_MANIFEST: Final = "manifest.sha256"
_OBJECTS: Final = "objects"
_PIECE: Final = 1 << 20


async def backup(node: Node, folder: Path) -> int:
    """Write a backup and return the number of its images."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    await asyncio.to_thread(_dump, node, folder / _DUMP)
    return await asyncio.to_thread(_copy_objects, node.room.blobs, folder)


def _dump(node: Node, target: Path) -> None:
    embedded = node.machines.database.embedded
    with target.open("wb") as output:
        if embedded is not None:
            embedded.run_tool("pg_dump", "--format=custom", "--compress=gzip:1", stdout=output)
        else:
            command = ["pg_dump", "--format=custom", node.machines.settings.database_url]
            subprocess.run(command, stdout=output, check=True)


def _copy_objects(blobs: Blobs, folder: Path) -> int:
    known = _manifest(folder)
    for name in every(blobs):
        if name not in known:
            with blobs.open(name) as image:
                known[name] = _copy(image, folder / _OBJECTS / name)
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(known.items()))
    (folder / _MANIFEST).write_text(text, encoding="utf-8")
    return len(known)


def _manifest(folder: Path) -> dict[str, str]:
    path = folder / _MANIFEST
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _copy(source: BinaryIO, target: Path) -> str:
    """Copy an image durably and return the SHA-256 of what was read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as writer:
        while piece := source.read(_PIECE):
            digest.update(piece)
            writer.write(piece)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()


async def restore(settings: Settings, folder: Path) -> int:
    """Bring a backup back and return the number of its images.

    Raises:
        Conflict: the data directory is not empty, or an image of the backup has changed.
    """
    blobs = open_blobs(settings, RealDisk())
    if any(every(blobs)) or (settings.data_dir / "postgres").exists():
        where = settings.objects_url or settings.data_dir
        message = f"{where} is in use; restore into an empty LIGHTWELL_DATA_DIR and LIGHTWELL_OBJECTS_URL"
        raise Conflict(message)
    if settings.database_url:
        message = "restore into another PostgreSQL with its own pg_restore; this command restores the embedded one"
        raise ConfigurationError(message)
    number = await asyncio.to_thread(_restore_objects, folder, blobs, settings.data_dir)
    await _restore_database(settings, folder / _DUMP)
    return number


def _restore_objects(folder: Path, blobs: Blobs, data_dir: Path) -> int:
    for part in (_MANIFEST, _DUMP):
        if not (folder / part).is_file():
            message = f"{folder} is no whole backup: {part} is missing; nothing was restored"
            raise Conflict(message)
    manifest = _manifest(folder)
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=data_dir) as arriving:
        for name, digest in manifest.items():
            copy = Path(arriving, "image")
            if _copied(folder / _OBJECTS / name, copy) != digest:
                _take_back(blobs, manifest)
                message = f"{name} in the backup is gone or has changed since it was written; nothing was restored"
                raise Conflict(message)
            for refused in blobs.put([(copy, name)]):
                if refused:
                    _take_back(blobs, manifest)
                    raise refused
    return len(manifest)


def _copied(source: Path, target: Path) -> str:
    try:
        with source.open("rb") as image:
            return _copy(image, target)
    except FileNotFoundError:
        return ""


def _take_back(blobs: Blobs, names: Iterable[str]) -> None:
    for name in names:
        blobs.delete(name)


async def _restore_database(settings: Settings, dump: Path) -> None:
    embedded = EmbeddedPostgres(settings.data_dir)
    await asyncio.to_thread(embedded.start)
    try:
        administrator = embedded.conninfo(embedded.superuser)
        async with await psycopg.AsyncConnection.connect(administrator, autocommit=True) as connection:
            await create_roles(connection, administrator)
        with dump.open("rb") as stream:
            embedded.run_tool("pg_restore", "--exit-on-error", "--dbname=lightwell", stdin=stream)
    finally:
        embedded.stop()
