"""Who is told of what happens: those who work there and may look at it."""

import asyncio

import pytest

from lightwell.core.actors import ROLES, Actor, Permission
from lightwell.core.live import Live, Notice


def _person(**roles: str) -> Actor:
    held = {int(place.removeprefix("at_")): ROLES[role] for place, role in roles.items()}
    every = frozenset[Permission]().union(*held.values())
    return Actor("person", "somebody", tuple(held), every, roles=held)


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    ("actor", "permission", "is_told"),
    [
        (_person(at_1="reader"), Permission.ARCHIVE_READ, True),
        (_person(at_1="auditor"), Permission.ARCHIVE_READ, False),
        (_person(at_1="auditor", at_2="reader"), Permission.ARCHIVE_READ, False),
        (_person(at_2="reader"), Permission.ARCHIVE_READ, False),
        (_person(at_1="auditor"), None, True),
        (_person(at_2="administrator"), None, False),
    ],
)
def test_only_who_may_look_is_told(actor: Actor, permission: Permission | None, *, is_told: bool) -> None:
    async def heard() -> bool:
        live = Live()
        async with live.subscribe(actor) as notices:
            live.deliver(Notice(1, "SomethingHappened", 1, {}, permission))
            return not notices.empty()

    assert asyncio.run(heard()) is is_told
