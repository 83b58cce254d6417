"""Listening to what PostgreSQL announces: one connection a node, for all channels."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import psycopg
from psycopg import sql

from lightwell.core import logs

log = logging.getLogger(__name__)
_PAUSE_S: Final = 1.0

Ears: TypeAlias = Mapping[str, Callable[[str], None]]
"""Channel → what takes its notices."""


async def listen(conninfo: str, ears: Ears, begins: Callable[[], None], ends: Callable[[], None]) -> None:
    """Hand on what is announced until cancelled; connects again by itself.

    Args:
        conninfo: how to log in.
        ears: who takes which channel.
        begins: is called when everything that is announced from now on will be heard.
        ends: is called when that is over.
    """
    while True:
        try:
            await _listen_once(conninfo, ears, begins)
        except Exception as error:  # noqa: BLE001 -- whatever befalls it, it listens again
            logs.event(log, logging.WARNING, "nothing is heard of the database", error=error)
        finally:
            ends()
        await asyncio.sleep(_PAUSE_S)


async def _listen_once(conninfo: str, ears: Ears, begins: Callable[[], None]) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        for channel in ears:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        begins()
        async for notification in connection.notifies():
            ears[notification.channel](notification.payload)
