"""Endpoints by how their addresses begin: a request is compared with those of its kind only, not with all of a node."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from lightwell.core.http.endpoints import Endpoint, Provided


class _Group(BaseRoute):
    """Routes whose addresses begin with the same word, by method, in the order in which they are tried."""

    def __init__(self, word: str, routes: Sequence[Route]) -> None:
        self._word = word
        self._routes = routes
        methods = {method for route in routes for method in route.methods or ()}
        self._by_method: Mapping[str, Sequence[Route]] = {
            method: [route for route in routes if method in (route.methods or ())] for method in methods
        }

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return the first route that takes the request, or else the first that takes its address."""
        if scope["type"] != "http" or word_of(scope["path"]) != self._word:
            return Match.NONE, {}
        for route in (*self._by_method.get(scope["method"], ()), *self._routes):
            match, found = route.matches(scope)
            if match is not Match.NONE:  # those of another method come last, and say that this one is not allowed
                return match, {**found, "route": route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the route that was found."""
        await scope["route"].handle(scope, receive, send)


def word_of(path: str) -> str:
    """Return the first word of an address."""
    return path[1:].partition("/")[0]


def grouped(table: Iterable[Endpoint], provided: Provided) -> Iterator[BaseRoute]:
    """Yield the routes of a table of addresses, those that stand beside each other and begin alike as one."""
    for word, endpoints in groupby(table, key=lambda endpoint: word_of(endpoint.path)):
        yield _Group(word, [endpoint.route(provided) for endpoint in endpoints])
