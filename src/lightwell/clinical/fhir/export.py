"""Bulk export: all resources of a hospital as files of one resource a line (FHIR Bulk Data Access 2, ``$export``).

The answer to the order names a moment; the files are made while they are fetched, and hold every resource as it was at
that moment. So nothing is stored that nobody fetches, and an export of any size needs the memory of a few pages.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lightwell.clinical.fhir.asking import place_of, require_type
from lightwell.clinical.model import Record
from lightwell.clinical.records import instant
from lightwell.clinical.store import export as store
from lightwell.core import clock
from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest
from lightwell.core.http.files import Streamed
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.definitions import compartment, resource_types
from lightwell.standards.fhir.search.spans import BEGINNING, read_span

_PAGE: Final = 500
_FORMATS: Final = frozenset(("", "ndjson", "application/ndjson", "application/fhir+ndjson"))
_MEDIA_TYPE: Final = "application/fhir+ndjson"
_PURPOSE: Final = "export"
_SCREEN: Final = "fhir"
_ON_ITS_WAY_S: Final = 2
"""Whoever gives resources their time (``records.write``) has the database at work on them within this time, on whatever
node, and however far its clock is from ours."""


class Order(msgspec.Struct, frozen=True):
    """What is to be exported; it travels in the addresses."""

    at: str
    types: str = ""
    since: str = ""
    writers: Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)] = 0
    """The transaction before which all have begun that may still write something of a time before ``at``."""


async def order(actor: Actor, machines: Machines, request: Request) -> Response:
    """Take an order for everything that the actor's hospitals have."""
    return await _taken(actor, machines, request, sorted(resource_types()))


async def order_patients(actor: Actor, machines: Machines, request: Request) -> Response:
    """Take an order for everything that belongs to patients (R4 2.40)."""
    return await _taken(actor, machines, request, sorted({"Patient", *compartment("Patient")}))


async def _taken(actor: Actor, machines: Machines, request: Request, usual: Sequence[str]) -> Response:
    """Say where the export can be asked for.

    Raises:
        InvalidRequest: it is not asked for asynchronously, or as something else than lines of JSON.
    """
    if "respond-async" not in request.headers.get("prefer", ""):
        message = "expected the header Prefer: respond-async"
        raise InvalidRequest(message)
    if request.query_params.get("_outputFormat", "").lower() not in _FORMATS:
        message = "resources are exported as application/fhir+ndjson only"
        raise InvalidRequest(message)
    wanted = request.query_params.get("_type", "")
    types = [require_type(name.strip()) for name in wanted.split(",")] if wanted else usual
    asked = Order(instant(clock.now()), ",".join(types), request.query_params.get("_since", ""))
    place = place_of(request, machines.settings)
    _since(asked, machines)
    asked = msgspec.structs.replace(asked, writers=await _writers(actor, machines))
    address = f"{place.base_url}/$export-status?{_query(asked)}"
    return Response(status_code=202, headers={"Content-Location": address})


async def _writers(actor: Actor, machines: Machines) -> int:
    """Return a transaction that is younger than whoever writes something of a time before this moment.

    What is written has the time at which its transaction began to write it, and is there when that has ended: a large
    one seconds later. Were it not waited for, neither this export would hold it nor the next, of what changed since.
    """
    await asyncio.sleep(_ON_ITS_WAY_S)
    async with machines.transactions.begin(actor) as tx:
        row = await (await tx.connection.execute(store.YOUNGEST)).fetchone()
    return row[0] if row else 0


async def status(tx: Tx, machines: Machines, request: Request, query: Order) -> Response:
    """Name the files of an export, one for each type that there is, when all is there that they are to hold."""
    row = await (await tx.connection.execute(store.HAVE_ENDED, {"writers": query.writers})).fetchone()
    if row != (True,):
        return Response(status_code=202, headers={"Retry-After": "1", "X-Progress": "some are still written"})
    base = place_of(request, machines.settings).base_url
    asked = {"types": query.types.split(","), "organisations": list(tx.actor.organisation_ids)}
    rows = await (await tx.connection.execute(store.TYPES, asked)).fetchall()
    files = [{"type": row[0], "url": f"{base}/$export-file/{row[0]}?{_query(query)}"} for row in rows]
    manifest = {
        "transactionTime": query.at,
        "request": f"{base}/$export",
        "requiresAccessToken": True,
        "output": files,
        "error": [],
    }
    return JSONResponse(manifest, headers={"Cache-Control": "no-store"})


async def forget() -> Response:
    """Forget an export; nothing of it is kept anyway."""
    return Response(status_code=202)


async def file(actor: Actor, machines: Machines, resource_type: str, query: Order) -> Response:
    """Send all resources of a type as they were at the moment of the order, one a line."""
    require_type(resource_type)
    asked = {"type": resource_type, "at": _moment(query.at, machines), "since": _since(query, machines)}
    async with machines.transactions.begin(actor) as tx:
        for organisation_id in actor.organisation_ids:
            detail = {"type": resource_type, "at": query.at}
            await tx.audit("records.exported", organisation_id=organisation_id, purpose=_PURPOSE, detail=detail)
    return Streamed(_lines(actor, machines, asked), 200, {"Content-Type": _MEDIA_TYPE, "Cache-Control": "no-store"})


async def _lines(actor: Actor, machines: Machines, asked: dict[str, Any]) -> AsyncGenerator[Sequence[bytes]]:
    """Yield the resources page by page, each page in a transaction of its own: a slow reader holds none open.

    Before a page leaves, the audit trail holds whose data are on it.
    """
    after, is_more = 0, True
    while is_more:
        async with machines.transactions.begin(actor) as tx:
            mine = {"organisations": list(actor.organisation_ids), "after": after, "limit": _PAGE}
            rows = await (await tx.connection.execute(store.PAGE, {**asked, **mine})).fetchall()
            sent = [Record(*row[:-1]) for row in rows if row[-1]]
            whose = {(record.organisation_id, record.subject) for record in sent}
            await tx.audit_read(whose, purpose=_PURPOSE, screen=_SCREEN)
        is_more = len(rows) == _PAGE
        after = rows[-1][0] if rows else after
        yield [b"%b\n" % record.body for record in sent]


def _query(asked: Order) -> str:
    return urlencode({name: value for name, value in msgspec.to_builtins(asked).items() if value})


def _since(asked: Order, machines: Machines) -> datetime:
    return _moment(asked.since, machines) if asked.since else BEGINNING


def _moment(text: str, machines: Machines) -> datetime:
    try:
        return read_span(text, machines.settings.zone).start
    except ValueError as error:
        raise InvalidRequest(str(error)) from error
