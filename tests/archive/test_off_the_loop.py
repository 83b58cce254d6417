"""While images are handed over or answered for, nobody else waits: what the store does is done in threads."""

import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lightwell.archive import commitment, sending
from lightwell.archive.references import Reference
from lightwell.core.actors import house
from lightwell.core.net.read_ahead import ReadAhead
from lightwell.standards.dicom.dimse import Status
from tests.archive.shelf import Shelf
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, element


class _Watched:
    """Blobs that note on which threads they are asked."""

    def __init__(self, blobs: Any) -> None:
        self._blobs = blobs
        self.threads: set[threading.Thread] = set()

    def __getattr__(self, name: str) -> Any:
        self.threads.add(threading.current_thread())
        return getattr(self._blobs, name)


def _file(size: int) -> bytes:
    data_set = Image("1.2.3.4", pixels=bytes(range(256)) * (size // 256)).data_set
    meta = element(0x00020010, b"UI", EXPLICIT_LITTLE.encode())
    return bytes(128) + b"DICM" + element(0x00020000, b"UL", len(meta).to_bytes(4, "little")) + meta + data_set


@pytest.mark.parametrize("size", [1 << 10, 20 << 20], ids=["small", "large"])
async def test_an_image_is_read_in_threads_and_comes_whole(tmp_path: Path, size: int) -> None:
    shelf = Shelf(tmp_path, None)
    row = shelf.put(_file(size))
    watched = _Watched(shelf.blobs)
    async with sending.data_set(watched, row) as pieces:  # type: ignore[arg-type]
        got = b""
        for piece in pieces:
            if isinstance(pieces, ReadAhead):
                await pieces.fill()
            got += piece
    assert got == Image("1.2.3.4", pixels=bytes(range(256)) * (size // 256)).data_set
    assert threading.main_thread() not in watched.threads


async def test_what_is_ahead_is_read_in_threads_and_nothing_is_lost() -> None:
    threads: list[threading.Thread] = []
    left = [bytes([number]) * (1 << 20) for number in range(20)]

    def read() -> bytes:
        threads.append(threading.current_thread())
        return left.pop(0) if left else b""

    ahead = ReadAhead(read)
    await ahead.fill()
    got: list[bytes] = []
    for piece in ahead:
        got.append(piece)
        await ahead.fill()
    assert [piece[0] for piece in got] == list(range(20))
    assert threading.main_thread() not in threads


async def test_what_a_promise_is_worth_is_looked_up_in_threads() -> None:
    lengths = {"1/1/a.dcm": 10, "1/1/b.dcm": 11}
    rows = [("1.1", CT, "1/1/a.dcm", 10), ("1.2", CT, "1/1/b.dcm", 10)]
    watched = _Watched(SimpleNamespace(length=lengths.__getitem__))

    async def execute(*_: object) -> Any:
        async def fetchall() -> list[tuple[str, str, str, int]]:
            return rows

        return SimpleNamespace(fetchall=fetchall)

    @asynccontextmanager
    async def begin(_: object) -> AsyncGenerator[Any]:
        yield SimpleNamespace(connection=SimpleNamespace(execute=execute))

    asked = [Reference(CT, uid) for uid in ("1.1", "1.2", "1.3")]
    transactions: Any = SimpleNamespace(begin=begin)
    found = await commitment.assess(transactions, watched, house(1), 1, asked)  # type: ignore[arg-type]
    assert [item.failure_reason for item in found] == [0, Status.PROCESSING_FAILURE, Status.NO_SUCH_SOP_INSTANCE]
    assert watched.threads
    assert threading.main_thread() not in watched.threads
