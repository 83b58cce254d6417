"""A long answer says everything once, though studies arrive while it is read; and it says only what it can."""

import asyncio
from collections.abc import Generator
from dataclasses import fields, replace
from typing import Any, TypeVar

import pytest

from lightwell.app.node import Node, open_node
from lightwell.archive.dicomweb import json
from lightwell.archive.dimse.return_keys import SAID
from lightwell.archive.model import InstanceRow, Match, SeriesRow, StudyRow
from lightwell.archive.paging import pages
from lightwell.archive.query import Query
from lightwell.archive.store import find
from lightwell.core.actors import device
from tests.journeys.images import ROOT, Image, send
from tests.journeys.images import find as find_all
from tests.region import Region, Server, running_server

_T = TypeVar("_T", StudyRow, SeriesRow, InstanceRow)
_NUMBERED = tuple((0x00200011, b"IS", str(number).encode()) for number in (2, 1))


def _images(study: int, **values: object) -> list[Image]:
    """Return five images in three series, two of them with a number."""
    uid = f"{ROOT}.79.{study}"
    one = replace(Image(f"{uid}.1.1", uid, f"{uid}.1", patient_id=f"P{study}"), **values)
    numbered = [replace(one, series=f"{uid}.{n}", uid=f"{uid}.{n}.1", further=(_NUMBERED[n - 2],)) for n in (2, 3)]
    return [one, replace(one, uid=f"{uid}.1.2"), replace(one, uid=f"{uid}.1.3"), *numbered]


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own, whose studies are known."""
    with running_server() as pair:
        for study in range(5):
            assert set(send(pair[0], *_images(study))) == {0}
        find_all(pair[0], pair[1].token_a)  # a search by the server itself has what it acknowledged in the index
        yield pair


async def _walk(node: Node, server: Server, region: Region, level: int, branch: int) -> list[Match]:
    """Read page after page, while a study arrives between any two of them."""
    found: list[Match] = []
    query = Query(level, limit=2)
    query.match("PatientID", "P?")
    async for page in pages(node.room, device("CT_A", region.a), query, "test"):
        found += page
        branch += 1
        sent = await asyncio.to_thread(send, server, *_images(branch, patient_id="P9"))
        assert set(sent) == {0}
        await asyncio.to_thread(find_all, server, region.token_a)
    return found


@pytest.mark.parametrize(("level", "most"), [(find.STUDY, 5), (find.SERIES, 15), (find.INSTANCE, 25)])
def test_nothing_is_said_twice_or_left_out_while_studies_arrive(
    node: tuple[Server, Region], level: int, most: int
) -> None:
    server, region = node

    async def scene() -> list[Match]:
        async with open_node(server.settings) as opened:
            return await _walk(opened, server, region, level, 100 * (level + 1))

    found = asyncio.run(scene())
    ids = [(item.study.id, item.series and item.series.id, item.instance_id) for item in found]
    assert len(set(ids)) == len(ids)
    assert len([item for item in found if item.study.patient_id != "P9"]) == most


def _filled(kind: type[_T]) -> _T:
    """Return a row that says something everywhere."""
    values: dict[str, Any] = {item.name: "1" for item in fields(kind)}
    return kind(**values | ({"modalities": ["CT"]} if kind is StudyRow else {}))


def test_what_matches_are_said_to_say_is_what_they_say() -> None:
    study, series, instance = _filled(StudyRow), _filled(SeriesRow), _filled(InstanceRow)
    about = {0x00080005, 0x00080052, 0x00080054, 0x00080056}
    for level, match in (
        ("STUDY", Match(study)),
        ("SERIES", Match(study, series)),
        ("IMAGE", Match(study, series, instance)),
    ):
        told = {int(tag, 16) for tag in json.match(match, has_parents=True) if not tag.startswith("0009")}
        assert told | about == SAID[level]
