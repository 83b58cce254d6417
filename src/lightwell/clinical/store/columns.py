"""A resource as the columns of a statement, in the order in which a record of it has them."""

from dataclasses import fields
from typing import Final

from psycopg import sql

from lightwell.clinical.model import Record

COUNT: Final = len(fields(Record))


def record(alias: str) -> sql.Composed:
    """Return the columns of the resource that a statement knows by an alias."""
    return sql.SQL(", ").join(sql.Identifier(alias, field.name) for field in fields(Record))
