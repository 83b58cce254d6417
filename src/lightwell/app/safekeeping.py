"""Backup and restore: a dump of the database by PostgreSQL's own tools, and the images with a manifest.

The database is dumped first and the images are copied after it, so every image that the dump knows is in the backup;
what came in between is found by the first start after a restore, as after a crash.
"""

import asyncio
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg

from lightwell.app.node import Node
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
    return await asyncio.to_thread(_copy_objects, node.room.blobs.root, folder)


def _dump(node: Node, target: Path) -> None:
    embedded = node.machines.database.embedded
    with target.open("wb") as output:
        if embedded is not None:
            embedded.run_tool("pg_dump", "--format=custom", "--compress=gzip:1", stdout=output)
        else:
            command = ["pg_dump", "--format=custom", node.machines.settings.database_url]
            subprocess.run(command, stdout=output, check=True)


def _copy_objects(root: Path, folder: Path) -> int:
    known = _manifest(folder)
    for name in _names(root):
        if name not in known:
            known[name] = _copy(root / name, folder / _OBJECTS / name)
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(known.items()))
    (folder / _MANIFEST).write_text(text, encoding="utf-8")
    return len(known)


def _manifest(folder: Path) -> dict[str, str]:
    path = folder / _MANIFEST
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _names(root: Path) -> Iterator[str]:
    return (str(path.relative_to(root)) for path in sorted(root.rglob("*")) if path.is_file())


def _copy(source: Path, target: Path) -> str:
    """Copy a file durably and return the SHA-256 of what was read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while piece := reader.read(_PIECE):
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
    objects = settings.data_dir / _OBJECTS
    if objects.exists() or (settings.data_dir / "postgres").exists():
        message = f"{settings.data_dir} is in use; set LIGHTWELL_DATA_DIR to an empty folder to restore into"
        raise Conflict(message)
    if settings.database_url:
        message = "restore into another PostgreSQL with its own pg_restore; this command restores the embedded one"
        raise ConfigurationError(message)
    number = await asyncio.to_thread(_restore_objects, folder, objects)
    await _restore_database(settings, folder / _DUMP)
    return number


def _restore_objects(folder: Path, objects: Path) -> int:
    for part in (_MANIFEST, _DUMP):
        if not (folder / part).is_file():
            message = f"{folder} is no whole backup: {part} is missing; nothing was restored"
            raise Conflict(message)
    manifest = _manifest(folder)
    for name, digest in manifest.items():
        if _copied(folder / _OBJECTS / name, objects / name) != digest:
            shutil.rmtree(objects)
            message = f"{name} in the backup is gone or has changed since it was written; nothing was restored"
            raise Conflict(message)
    return len(manifest)


def _copied(source: Path, target: Path) -> str:
    try:
        return _copy(source, target)
    except FileNotFoundError:
        return ""


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
