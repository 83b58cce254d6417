"""More objects of a kind in a study than anybody looks at: none goes missing in silence."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from lightwell.archive.derived import finding, parsing
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.segmentations import keeping
from lightwell.archive.standing import Standing
from lightwell.archive.structures import http as structures
from lightwell.core.actors import NOBODY
from lightwell.standards.dicom.errors import DataSetError

_MANY = parsing.MOST_READ + 2


@asynccontextmanager
async def _begin(*_: object) -> AsyncGenerator[None]:
    yield


async def _nothing(*_: object) -> list[object]:
    return []


async def _standing(*_: object) -> Standing:
    return Standing([InstanceRow(1, "", "1", "1.1", f"2.{n}", "", "", n, 1, "", 0, 0, None) for n in range(_MANY)], 0)


async def _unreadable(*_: object) -> None:
    message = "expected an object, none came"
    raise DataSetError(message)


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive in which a study has more objects than are read, none of which can be."""
    monkeypatch.setattr(finding, "study_of", _nothing)
    monkeypatch.setattr(finding, "objects_of", _nothing)
    for room in (keeping, structures):
        monkeypatch.setattr(room, "standing", _standing)
    monkeypatch.setattr(parsing, "read", _unreadable)
    machines = SimpleNamespace(transactions=SimpleNamespace(begin=_begin))
    return cast("Archive", SimpleNamespace(machines=machines))


async def test_segmentations_that_were_not_looked_at_say_so(archive: Archive) -> None:
    told = await keeping.of_study(NOBODY, archive, "1")
    refusals = [one.refusal for one in told]
    assert refusals == ["unreadable"] * parsing.MOST_READ + ["too_many"] * 2


async def test_structure_sets_that_were_not_looked_at_are_listed(archive: Archive) -> None:
    told: list[dict[str, Any]] = [msgspec.json.decode(one) for one in await structures.structures(NOBODY, archive, "1")]
    assert [one["is_unreadable"] for one in told] == [True] * _MANY
