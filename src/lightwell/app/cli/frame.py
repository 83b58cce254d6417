"""What all commands share: settings, the event loop, errors in words instead of tracebacks."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, ParamSpec

import click
import uvloop

from lightwell.app.node import Node, open_node
from lightwell.core import logs, settings
from lightwell.core.actors import Actor, house
from lightwell.core.auth import accounts
from lightwell.core.errors import LightwellError
from lightwell.core.tx import Tx

_P = ParamSpec("_P")


def command(work: Callable[_P, Coroutine[Any, Any, None]]) -> Callable[_P, None]:
    """Make a coroutine a command: run it, and say errors of ours in one line with exit status 1."""

    @wraps(work)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            logs.configure(settings.load().log_level)
            uvloop.run(work(*args, **kwargs))
        except LightwellError as error:
            click.secho(f"lightwell: {error}", fg="red", err=True)
            sys.exit(1)
        except (KeyboardInterrupt, asyncio.CancelledError):
            sys.exit(130)

    return run


@asynccontextmanager
async def administration() -> AsyncGenerator[tuple[Node, Tx]]:
    """Lend a node without doors and a transaction of the house, for all organisations."""
    async with open_node(settings.load()) as node:
        actor = await everywhere(node)
        async with node.machines.transactions.begin(actor) as tx:
            yield node, tx


async def everywhere(node: Node) -> Actor:
    """Return the house, acting for all organisations that there are."""
    async with node.machines.transactions.begin(house()) as tx:
        return house(*(item.id for item in await accounts.organisations(tx)))


def table(rows: list[tuple[Any, ...]], *heads: str) -> None:
    """Print rows in aligned columns."""
    texts = [heads, *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(heads))]
    for row in texts:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
