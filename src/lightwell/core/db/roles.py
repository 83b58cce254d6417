"""The three roles of the database, and how a process logs in as each.

``lw_owner`` owns the tables and runs migrations, seals and verifies the audit trail. ``lw_app`` is the server: it owns
nothing and cannot bypass row-level security. ``lw_region`` matches across organisations.
"""

import hashlib
import hmac
from enum import StrEnum
from typing import LiteralString

from psycopg import AsyncConnection, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Role(StrEnum):
    """A role of the database."""

    OWNER = "lw_owner"
    APP = "lw_app"
    REGION = "lw_region"


def conninfo_as(url: str, role: Role) -> str:
    """Return the connection string of a role on the database of an administrator's URL.

    The password is derived from the administrator's, so that every node knows it and none stores it.
    """
    return make_conninfo(url, user=role.value, password=_password(url, role))


def _password(url: str, role: Role) -> str:
    secret = str(conninfo_to_dict(url).get("password") or "")
    return hmac.new(secret.encode(), role.value.encode(), hashlib.sha256).hexdigest()


async def create_roles(connection: AsyncConnection[object], url: str) -> None:
    """Create the roles that are missing; the connection is an administrator's."""
    for role in Role:
        cursor = await connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.value])
        if await cursor.fetchone() is None:
            await connection.execute(_create(url, role))
            await connection.execute(_defaults(connection.info.dbname, role, "search_path", "queue, public"))
            await connection.execute(_defaults(connection.info.dbname, role, "timezone", "'UTC'"))


async def allow_roles(connection: AsyncConnection[object]) -> None:
    """Let the roles do what they must in the database: make schemas, run jobs."""
    await connection.execute("CREATE SCHEMA IF NOT EXISTS queue AUTHORIZATION lw_owner")
    await connection.execute("GRANT USAGE ON SCHEMA queue TO lw_app")
    await connection.execute("GRANT CREATE, USAGE ON SCHEMA public TO lw_owner")
    await connection.execute(
        sql.SQL("GRANT CONNECT, CREATE ON DATABASE {} TO lw_owner").format(sql.Identifier(connection.info.dbname))
    )


def _create(url: str, role: Role) -> sql.Composed:
    statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}")
    return statement.format(sql.Identifier(role.value), sql.Literal(_password(url, role)))


def _defaults(database: str, role: Role, setting: LiteralString, value: LiteralString) -> sql.Composed:
    """Jobs live in the schema ``queue``; everything of ours is written with its schema. Times are UTC."""
    statement = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}")
    names = (sql.Identifier(role.value), sql.Identifier(database), sql.SQL(setting), sql.SQL(value))
    return statement.format(*names)
