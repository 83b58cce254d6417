"""Messages on their way out: cut into P-DATA-TF PDUs as they are written, never held as a whole (PS3.8 Annex E)."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from lightwell.standards.dicom.framing import LAST_BIT

Buffer: TypeAlias = bytes | bytearray | memoryview
PDV_OVERHEAD: Final = 6
_P_DATA_HEAD: Final = struct.Struct(">BxIIBB")


def pieces(context_id: int, command_bit: int, chunks: Iterable[Buffer], room: int) -> Iterator[tuple[Buffer, ...]]:
    """Cut a command or data set into P-DATA-TF PDUs of one value each (PS3.8 Annex E)."""
    held = memoryview(b"")
    for chunk in chunks:
        for part in _cut(chunk, room):
            if held:
                yield _piece_head(context_id, command_bit, len(held)), held
            held = part
    yield _piece_head(context_id, command_bit | LAST_BIT, len(held)), held


def _cut(chunk: Buffer, room: int) -> Iterator[memoryview]:
    view = memoryview(chunk).cast("B")
    for start in range(0, len(view), room):
        yield view[start : start + room]


def _piece_head(context_id: int, control: int, length: int) -> bytes:
    return _P_DATA_HEAD.pack(4, length + PDV_OVERHEAD, length + 2, context_id, control)
