"""Requests that a test keeps waiting."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route

from tests.region import wait_for


def holding(held: list[Route]) -> Callable[[Route], None]:
    """Keep requests waiting in a list."""

    def hold(route: Route) -> None:
        held.append(route)

    return hold


def next_held(page: Page, held: list[Route], part: str = "") -> Route:
    """Take the newest request that is held, of those with something in their address, once the page has made it."""

    def found() -> list[Route]:
        page.evaluate("0")  # what the browser told of meanwhile comes in with the answer
        return [route for route in held if part in route.request.url]

    assert wait_for(lambda: bool(found()), 20), f"nothing was asked for with {part!r}"
    route = found()[-1]
    held.remove(route)
    return route
