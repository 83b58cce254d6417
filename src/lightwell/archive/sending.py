"""Sending images to another machine by C-STORE, as a sender that does not give up at once (PS3.4 annex B).

Each image is offered as it is stored, and uncompressed besides. A line that breaks is opened again, and what was not
acknowledged goes on; what the peer refuses is refused.
"""

import asyncio
import logging
import ssl
import tempfile
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

from lightwell.archive.blobs import Blobs, data_set_offset
from lightwell.archive.completing import completed_in, read_completed
from lightwell.archive.destinations import Destination
from lightwell.archive.header import offset_of
from lightwell.archive.model import InstanceRow
from lightwell.archive.room import Archive
from lightwell.archive.transcoding import TARGETS, part10
from lightwell.core import logs, tls
from lightwell.core.errors import LightwellError, NotAcceptable
from lightwell.core.machines import Machines
from lightwell.core.net.dicom_record import Recording
from lightwell.core.net.dicom_scu import Call, Patience, PeerSilent, PeerUnreachable, call
from lightwell.core.net.read_ahead import ReadAhead
from lightwell.core.settings import Settings
from lightwell.standards.dicom.dimse import Status, c_store_rq, is_failure
from lightwell.standards.dicom.negotiation import AcceptedContext, propose
from lightwell.standards.dicom.outgoing import Buffer
from lightwell.standards.dicom.pdu import AssociateRq
from lightwell.standards.dicom.uids import ExplicitVRLittleEndian, ImplicitVRLittleEndian

log = logging.getLogger(__name__)
UNCOMPRESSED: Final = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
_MOST_OFFERS: Final = 128
_PIECE: Final = 1 << 20
_SMALL: Final = 16 << 20
_LARGEST_MESSAGE_ID: Final = 0xFFFF
_FIRST_PAUSE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Sent:
    """An image, and what the peer said to it."""

    row: InstanceRow
    status: int

    @property
    def is_failure(self) -> bool:
        """Whether the peer does not have it now."""
        return is_failure(self.status)


@dataclass(frozen=True, slots=True)
class Originator:
    """On whose C-MOVE images are sent (PS3.7 9.1.1.1)."""

    title: str = ""
    message_id: int | None = None


async def send(
    archive: Archive,
    rows: Sequence[InstanceRow],
    destination: Destination,
    *,
    originator: Originator = Originator(),
    retries: int = 3,
) -> AsyncGenerator[Sent]:
    """Send images in their order and yield each when the peer has answered.

    Raises:
        PeerUnreachable: the peer did not answer, time and again; what was not yielded was not acknowledged. One that
            takes a call and says nothing at all is not called again.
    """
    waiting, failures = list(rows), 0
    while waiting:
        batch, done = _fitting(waiting), 0
        try:
            async with aclosing(_send_on_one_line(archive, batch, destination, originator)) as sending:
                async for sent in sending:
                    done, failures = done + 1, 0
                    yield sent
        except PeerUnreachable as error:
            failures += 1
            if failures > retries or (isinstance(error, PeerSilent) and not done):
                raise
            await asyncio.sleep(_FIRST_PAUSE_S * 2**failures)
        waiting = waiting[done:]


def _fitting(rows: Sequence[InstanceRow]) -> list[InstanceRow]:
    """Return as many of the first images as can be offered in one association (PS3.8 9.3.2.2)."""
    offers: dict[str, set[str]] = {}
    for place, row in enumerate(rows):
        offers.setdefault(row.sop_class_uid, set(UNCOMPRESSED[:1])).add(row.transfer_syntax_uid)
        if sum(len(syntaxes) for syntaxes in offers.values()) > _MOST_OFFERS:
            return list(rows[:place])
    return list(rows)


def _request(rows: Iterable[InstanceRow], destination: Destination) -> AssociateRq:
    """Offer each kind of image as it is stored, and uncompressed (PS3.4 B.3)."""
    stored = dict.fromkeys((row.sop_class_uid, row.transfer_syntax_uid) for row in rows)
    offers = [(sop_class, (syntax,)) for sop_class, syntax in stored if syntax not in UNCOMPRESSED]
    offers += [(sop_class, UNCOMPRESSED) for sop_class in dict.fromkeys(sop_class for sop_class, _ in stored)]
    return AssociateRq(destination.title, destination.our_title, propose(offers))


async def _send_on_one_line(
    archive: Archive, rows: Sequence[InstanceRow], destination: Destination, originator: Originator
) -> AsyncGenerator[Sent]:
    async with reach(archive.machines, destination, _request(rows, destination)) as line:
        for number, row in enumerate(rows):
            message_id = number % _LARGEST_MESSAGE_ID + 1
            yield Sent(row, await _store(archive, line, row, message_id, originator))


@asynccontextmanager
async def reach(machines: Machines, destination: Destination, request: AssociateRq) -> AsyncGenerator[Call]:
    """Open an association with a destination, by TLS if it wants that.

    Raises:
        PeerUnreachable: says what the peer did instead.
    """
    secure = await asyncio.to_thread(_tls, machines.settings) if destination.is_tls else None
    recording = Recording(machines.associations, is_ours=True, is_tls=destination.is_tls)
    recording.address, recording.badge = destination.host, destination
    patience = Patience(machines.settings.dicom_artim_s, machines.settings.dicom_response_s)
    async with call(destination.host, destination.port, request, recording, secure, patience) as line:
        yield line


def _tls(settings: Settings) -> ssl.SSLContext:
    return tls.client_context(tls.ensure_certificates(settings.data_dir / "tls", [settings.host_name]))


async def _store(archive: Archive, line: Call, row: InstanceRow, message_id: int, originator: Originator) -> int:
    command = c_store_rq(
        row.sop_class_uid,
        row.sop_instance_uid,
        message_id,
        move_originator=originator.title,
        move_originator_message_id=originator.message_id,
    )
    taken = {c.transfer_syntax: number for number, c in line.association.contexts.items() if _is_of(row, c)}
    try:
        async with as_taken(archive, row, taken) as (context_id, pieces):
            return (await line.ask(context_id, command, pieces)).status
    except NotAcceptable:
        return Status.SOP_CLASS_NOT_SUPPORTED
    except PeerUnreachable:
        raise
    except LightwellError as error:  # this image cannot be given, a codec died over it perhaps; the others can
        logs.event(log, logging.WARNING, "an image was not handed over", error=error)
        return Status.PROCESSING_FAILURE


def _is_of(row: InstanceRow, context: AcceptedContext) -> bool:
    return context.abstract_syntax == row.sop_class_uid


@asynccontextmanager
async def as_taken(
    archive: Archive, row: InstanceRow, taken: Mapping[str, int]
) -> AsyncGenerator[tuple[int, Iterable[Buffer]]]:
    """Lend the data set of an image as the other side takes it, stored if it can be, else written anew without loss.

    ``taken`` are the presentation contexts by transfer syntax; what is lent is one of them and the pieces for it.

    Raises:
        NotAcceptable: it can be given in none of them.
        NotFound: its bytes are gone.
        Undecodable: it would have to be decoded, and is damaged.
    """
    if row.transfer_syntax_uid in taken:
        async with data_set(archive.blobs, row) as pieces:
            yield taken[row.transfer_syntax_uid], pieces
        return
    made = await part10(archive, row, [uid for uid in TARGETS if uid in taken])
    with tempfile.SpooledTemporaryFile(_SMALL) as file:
        async with aclosing(made.data_set) as parts:
            await _spool(parts, file)
        yield taken[made.transfer_syntax_uid], ReadAhead(partial(file.read, _PIECE))


async def _spool(parts: AsyncGenerator[bytes], file: IO[bytes]) -> None:
    """Write a data set to a file, about a piece at a time, since each way to a thread costs."""
    waiting: list[bytes] = []
    async for part in parts:
        waiting.append(part)
        if sum(map(len, waiting)) >= _PIECE:
            await asyncio.to_thread(file.writelines, waiting)
            waiting = []
    await asyncio.to_thread(file.writelines, waiting)
    await asyncio.to_thread(file.seek, 0)


@asynccontextmanager
async def data_set(blobs: Blobs, row: InstanceRow) -> AsyncGenerator[Iterable[Buffer]]:
    """Lend the data set of an image in pieces, without its meta header; a large one is never held as a whole.

    One that lacks UIDs has those of the index.

    Raises:
        NotFound: its bytes are gone.
    """
    if row.length <= _SMALL:
        yield await asyncio.to_thread(_whole, blobs, row)
        return
    with ExitStack() as stack:
        yield ReadAhead(await asyncio.to_thread(_reading, blobs, row, stack))


def _whole(blobs: Blobs, row: InstanceRow) -> list[bytes | memoryview]:
    content = blobs.read_range(row.blob, 0, row.length)
    offset = row.data_set_offset or data_set_offset(content)
    done = completed_in(content, row)
    return [memoryview(content)[offset:]] if done is None else [done.head, memoryview(content)[done.rest :]]


def _reading(blobs: Blobs, row: InstanceRow, stack: ExitStack) -> Callable[[], bytes]:
    """Return what reads the next piece of a large image, from a file that is open as long as the stack."""
    done = read_completed(blobs, row)
    file = stack.enter_context(blobs.open(row.blob))
    file.seek(offset_of(blobs, row) if done is None else done.rest)
    heads = iter([done.head] if done is not None else ())
    return lambda: next(heads, b"") or file.read(_PIECE)
