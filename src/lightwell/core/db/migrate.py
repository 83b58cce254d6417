"""Migrations: each room brings numbered ``.sql`` files, run once, in order, as ``lw_owner``.

A room's tables live in the schema of its name. Floors decide the order: ``core`` first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePath
from typing import LiteralString, cast

from psycopg import AsyncConnection, sql

_LOCK = 7_205_759  # one migrating process at a time; any fixed number does


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of one room's schema."""

    room: str
    name: str
    statements: str


def migrations_of(room: str) -> list[Migration]:
    """Return the steps of a room, in order."""
    folder = resources.files("lightwell") / room / "migrations"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return [Migration(room, PurePath(item.name).stem, item.read_text(encoding="utf-8")) for item in files]


async def migrate(connection: AsyncConnection[object], rooms: Sequence[str]) -> list[Migration]:
    """Bring the schemas of the rooms up to date and return the steps that were run."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS public.lightwell_migration"
            " (room text, name text, run_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (room, name))"
        )
        done = await _done(connection)
        steps = [step for room in rooms for step in migrations_of(room) if (step.room, step.name) not in done]
        for step in steps:
            await _run(connection, step)
    return steps


async def _done(connection: AsyncConnection[object]) -> set[object]:
    cursor = await connection.execute("SELECT room, name FROM public.lightwell_migration")
    return set(await cursor.fetchall())


async def _run(connection: AsyncConnection[object], step: Migration) -> None:
    schema = sql.Identifier(step.room)
    await connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
    await connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO lw_app, lw_region").format(schema))
    await connection.execute(sql.SQL(cast("LiteralString", step.statements)))
    await connection.execute(
        "INSERT INTO public.lightwell_migration (room, name) VALUES (%s, %s)", [step.room, step.name]
    )
