"""Endpoints: a table row says method, path and who may; the handler's signature says what it needs.

A handler is a coroutine whose parameters are given by their annotation:

=================  =================================================================================================
``tx: Tx``         the request's transaction, as the person or program that sent it; committed when the handler returns
``actor: Actor``   who sent it, instead of ``tx``: for a handler that takes long, and opens transactions of its own
``request``        the Starlette request
a provided type    the one object of that type that the node provides (its ``Machines``, a room)
``query: S``       the query string as the msgspec struct ``S``
``body: S``        the JSON body as ``S``
any other name     the part of the path of that name (``str`` or ``int``)
=================  =================================================================================================

What it returns is sent as JSON; a ``Response`` is sent as it is, ``None`` is 204. Everywhere, ``?organisation=`` and a
code narrows a request to one of the organisations of whoever sends it.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, get_type_hints

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from lightwell.core.actors import NOBODY, Actor, Permission
from lightwell.core.errors import InvalidRequest, TooLarge
from lightwell.core.http import identity, problems
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

Handler: TypeAlias = Callable[..., Awaitable[Any]]
Provided: TypeAlias = Mapping[Any, Any]
MAX_BODY: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table of addresses.

    ``permission`` None means anybody signed in; ``is_public`` means nobody need be; ``while_locked`` that a locked
    session may ask too, since the answer is for everybody's eyes; ``adds_only`` that what was there before stays as it
    is, so that what is remembered of it holds. ``within`` answers in its place inside of another's transaction.
    ``tell`` says what went wrong, where a standard has words of its own for that.
    """

    method: str
    path: str
    handler: Handler
    permission: Permission | None = None
    is_public: bool = False
    while_locked: bool = False
    adds_only: bool = False
    within: "Endpoint | None" = None
    tell: Callable[[Exception], Response] = problems.tell
    parameters: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Read the handler's signature once."""
        hints = get_type_hints(self.handler)
        names = inspect.signature(self.handler).parameters
        object.__setattr__(self, "parameters", {name: hints[name] for name in names})

    def route(self, provided: Provided) -> Route:
        """Return the endpoint as Starlette mounts it; ``provided`` are the objects that a node has one of."""

        async def respond(request: Request) -> Response:
            try:
                return await _respond(self, provided, request)
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:  # noqa: BLE001 -- the last resort of a request
                return self.tell(error)
            finally:
                if request.method not in identity.SAFE_METHODS and not self.adds_only:
                    provided[Machines].memory.forget()

        return Route(self.path, respond, methods=[self.method])


async def _respond(endpoint: Endpoint, provided: Provided, request: Request) -> Response:
    values = await _values(endpoint, provided, request)
    machines: Machines = provided[Machines]
    actor = NOBODY if endpoint.is_public else await _actor_for(endpoint, request, machines)
    if "tx" in endpoint.parameters:
        async with machines.transactions.begin(actor) as tx:
            return as_response(await endpoint.handler(**values, tx=tx))
    if "actor" in endpoint.parameters:
        values["actor"] = actor
    return as_response(await endpoint.handler(**values))


async def _actor_for(endpoint: Endpoint, request: Request, machines: Machines) -> Actor:
    return await actor_of(request, machines, endpoint.permission, while_locked=endpoint.while_locked)


async def respond_within(endpoint: Endpoint, provided: Provided, request: Request, tx: Tx) -> Response:
    """Answer a request that came inside of another, in the transaction of that one.

    Raises:
        InvalidRequest: it would take long, and needs transactions of its own.
        Forbidden: whoever sent the other may not ask for this.
    """
    endpoint = endpoint.within or endpoint
    if "actor" in endpoint.parameters:
        message = "this can be asked for by itself only, not together with others"
        raise InvalidRequest(message)
    if endpoint.permission is not None:
        tx.actor.require(endpoint.permission)
    own = {"tx": tx} if "tx" in endpoint.parameters else {}
    return as_response(await endpoint.handler(**await _values(endpoint, provided, request), **own))


async def actor_of(
    request: Request, machines: Machines, permission: Permission | None, *, while_locked: bool = False
) -> Actor:
    """Return who sends a request, as they may act by a permission; None means anybody signed in.

    Raises:
        NotSignedIn: neither a valid session nor a valid token.
        SessionLocked: the password opens it again; not ``while_locked``.
        Forbidden: they hold the permission nowhere, or not in the organisation that they name.
    """
    actor = (await identity.who(request, machines, while_locked=while_locked)).actor
    allowed = actor if permission is None else actor.limited_to(permission)
    code = request.query_params.get("organisation")
    return allowed.within(code) if code else allowed


async def _values(endpoint: Endpoint, provided: Provided, request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, kind in endpoint.parameters.items():
        if kind in provided:
            values[name] = provided[kind]
        elif kind is Request:
            values[name] = request
        elif name == "query":
            values[name] = _convert(dict(request.query_params), kind, "the query")
        elif name == "body":
            values[name] = await _body(request, kind)
        elif kind not in {Tx, Actor}:
            values[name] = _convert(request.path_params[name], kind, f"{name} in the address")
    return values


async def content_of(request: Request, most: int = MAX_BODY) -> bytes:
    """Return the body of a request.

    Raises:
        TooLarge: it has more than ``most`` bytes.
    """
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > most:
            message = f"a body here has at most {most} bytes"
            raise TooLarge(message)
    return bytes(content)


async def _body(request: Request, kind: Any) -> Any:
    try:
        return msgspec.json.decode(await content_of(request), type=kind)
    except msgspec.DecodeError as error:
        message = f"the body is not what was expected: {error}"
        raise InvalidRequest(message) from error


def _convert(value: object, kind: Any, where: str) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        message = f"{where} is not what was expected: {error}"
        raise InvalidRequest(message) from error


def as_response(result: object) -> Response:
    """Return what a handler gave as an answer."""
    if isinstance(result, Response):
        return result
    if result is None:
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(result), media_type="application/json", headers=headers)
