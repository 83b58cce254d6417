"""Cuts the stream of bytes into PDUs, and P-DATA-TF into its pieces, while they still come.

    stream   ┌─ head 6 ─┬──────────────── content ────────────────┐
    P-DATA   │ 04 00 L4 │ L4 ctx ctl data…… │ L4 ctx ctl data…… │
                          └─ PDV head 6 ─┘

Only heads and the small PDUs are gathered in a buffer. The data of a presentation data value (PDV) is handed on as
slices of the caller's buffer, in whatever portions it came, so an image is never copied and never whole in memory.
"""

import struct
from collections.abc import Generator
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from lightwell.standards.dicom.errors import RemoteProtocolError
from lightwell.standards.dicom.pdu import COMMAND_BIT, HEAD_LENGTH, LAST_BIT, PDV_HEAD

_P_DATA: Final = 4
_BOTH_HEADS: Final = struct.Struct(">xxIIBB")
_ASSOCIATE: Final = frozenset((1, 2))
_SHORT: Final = frozenset((3, 5, 6, 7))
_EMPTY: Final = memoryview(b"")


@dataclass(slots=True)
class Piece:
    """A part of a command or data set; ``is_end`` with the last byte of the last one. Not frozen, for speed."""

    context_id: int
    is_command: bool
    data: memoryview
    is_end: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """Any other PDU, with its head."""

    pdu_type: int
    data: bytes


Frame: TypeAlias = Piece | Whole


@final
class Framer:
    """Turns bytes into frames; RemoteProtocolError once the stream is not DICOM any more."""

    def __init__(self, max_pdu_length: int, max_associate_bytes: int) -> None:
        """Refuse longer P-DATA-TF and A-ASSOCIATE PDUs by their head alone."""
        self.max_pdu_length = max_pdu_length
        self._max_associate_bytes = max_associate_bytes
        self._gathered = bytearray()
        self._wanted = HEAD_LENGTH
        self._is_in_pdata = False
        self._pdu_left = 0
        self.pdv_left = 0
        self.context_id = 0
        self.is_command = False
        self._is_last = False

    def skim(self, count: int) -> bool:
        """Take so many bytes from the middle of a data set's PDV; False if they do not lie within it."""
        if count >= self.pdv_left or self.is_command:
            return False
        self.pdv_left -= count
        return True

    def feed(self, view: memoryview) -> Generator[Frame]:
        """Yield the frames in these bytes, together with what was kept from before."""
        at, end = 0, len(view)
        while at < end:
            if self.pdv_left:
                taken = view[at : at + self.pdv_left]
                at += len(taken)
                self.pdv_left -= len(taken)
                yield self._piece(taken)
            elif self._is_between_pdus() and end - at >= _BOTH_HEADS.size and view[at] == _P_DATA:
                frame = self._on_both_heads(*_BOTH_HEADS.unpack_from(view, at))
                at += _BOTH_HEADS.size
                if frame is not None:
                    yield frame
            else:
                at = self._gather(view, at)
                if len(self._gathered) == self._wanted:
                    frame = self._on_gathered()
                    if frame is not None:
                        yield frame

    def _is_between_pdus(self) -> bool:
        return not self._is_in_pdata and not self._gathered

    def _on_both_heads(self, length: int, pdv_length: int, context_id: int, control: int) -> Piece | None:
        """Begin a P-DATA-TF whose two heads came in one go, as nearly all do."""
        self._begin_p_data(length)
        return self._begin_pdv(pdv_length, context_id, control)

    def _gather(self, view: memoryview, at: int) -> int:
        stop = at + self._wanted - len(self._gathered)
        self._gathered += view[at:stop]
        return min(stop, len(view))

    def _on_gathered(self) -> Frame | None:
        if self._is_in_pdata:
            return self._on_pdv_head()
        if self._wanted == HEAD_LENGTH:
            return self._on_head()
        return self._whole()

    def _on_head(self) -> None:
        pdu_type, length = self._gathered[0], int.from_bytes(self._gathered[2:6], "big")
        if pdu_type == _P_DATA:
            self._gathered.clear()
            self._begin_p_data(length)
        elif pdu_type in _ASSOCIATE:
            _check(68, length, self._max_associate_bytes, "A-ASSOCIATE")
            self._wanted = HEAD_LENGTH + length
        elif pdu_type in _SHORT:
            _check(4, length, 4, f"PDU {pdu_type:02X}")
            self._wanted = HEAD_LENGTH + length
        else:
            msg = f"expected a PDU of type 01 to 07, {pdu_type:02X} came"
            raise RemoteProtocolError(msg, reason=1)

    def _begin_p_data(self, length: int) -> None:
        _check(HEAD_LENGTH, length, self.max_pdu_length, "P-DATA-TF")
        self._is_in_pdata = True
        self._pdu_left = length

    def _whole(self) -> Whole:
        frame = Whole(self._gathered[0], bytes(self._gathered))
        self._gathered.clear()
        self._wanted = HEAD_LENGTH
        return frame

    def _on_pdv_head(self) -> Piece | None:
        length, context_id, control = PDV_HEAD.unpack(self._gathered)
        self._gathered.clear()
        return self._begin_pdv(length, context_id, control)

    def _begin_pdv(self, length: int, context_id: int, control: int) -> Piece | None:
        _check(2, length, self._pdu_left - 4, "presentation data value")
        self.context_id = context_id
        self.is_command, self._is_last = bool(control & COMMAND_BIT), bool(control & LAST_BIT)
        self.pdv_left = length - 2
        self._pdu_left -= length + 4
        if 0 < self._pdu_left < HEAD_LENGTH:
            msg = f"P-DATA-TF: expected a presentation data value or the end, {self._pdu_left} stray bytes came"
            raise RemoteProtocolError(msg)
        return None if self.pdv_left else self._piece(_EMPTY)

    def _piece(self, data: memoryview) -> Piece:
        if not self.pdv_left and not self._pdu_left:
            self._is_in_pdata = False
        return Piece(self.context_id, self.is_command, data, self._is_last and not self.pdv_left)


def _check(least: int, length: int, most: int, what: str) -> None:
    if not least <= length <= most:
        msg = f"{what}: expected a length of {least} to {most} bytes, {length} came"
        raise RemoteProtocolError(msg)
