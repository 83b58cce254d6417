"""A destination that takes some images and then does what no peer should."""

import asyncio
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

from lightwell.standards.dicom.association import (
    AssociateRequested,
    Association,
    CommandReceived,
    DataSetFragment,
    Event,
    Limits,
    ReleaseRequested,
)
from lightwell.standards.dicom.dimse import CStoreRq, CStoreRsp, c_store_rsp
from lightwell.standards.dicom.negotiation import negotiate
from lightwell.standards.dicom.uids import CTImageStorage, ExplicitVRLittleEndian

_OFFERED = {CTImageStorage: (ExplicitVRLittleEndian,)}
MANNERS = ("mute", "reset", "stall", "garbage", "other message")


class Rude:
    """A destination that is polite for so many images, on all its associations together."""

    def __init__(self, manner: str, polite: int) -> None:
        self.manner, self.polite = manner, polite
        self.kept: list[str] = []
        self.is_rude = threading.Event()
        self.calls = 0
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to a caller until one of the two is gone."""
        self.calls += 1
        association = Association.acceptor(Limits())
        if self.manner == "mute" and not self.polite:
            self.is_rude.set()
            await asyncio.sleep(3600)
        request: CStoreRq | None = None
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                for event in association.receive_data(data):
                    request = await self._on(event, association, writer, request)
                writer.writelines(association.data_to_send())

    async def _on(
        self, event: Event, association: Association, writer: asyncio.StreamWriter, request: CStoreRq | None
    ) -> CStoreRq | None:
        match event:
            case AssociateRequested():
                association.accept(negotiate(event.request, _OFFERED).answer)
            case CommandReceived(command=CStoreRq() as request):
                return request
            case DataSetFragment() if request is not None and len(self.kept) >= self.polite:
                self.is_rude.set()
                await self._be_rude(association, writer, request)
            case DataSetFragment(is_last=True) if request is not None:
                self.kept.append(request.affected_sop_instance_uid)
                association.send_command(event.context_id, c_store_rsp(request))
            case ReleaseRequested():
                association.confirm_release()
            case _:
                pass
        return request

    async def _be_rude(self, association: Association, writer: asyncio.StreamWriter, request: CStoreRq) -> None:
        if self.manner == "reset":
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            raise ConnectionResetError
        if self.manner == "garbage":
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
        elif self.manner == "other message":
            other = CStoreRsp(message_id_being_responded_to=request.message_id + 1, status=0)
            association.send_command(next(iter(association.contexts)), other)
            writer.writelines(association.data_to_send())
        await asyncio.sleep(3600)


@contextmanager
def rude(manner: str, polite: int) -> Generator[Rude]:
    """Lend such a destination."""
    peer, loop = Rude(manner, polite), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(peer.answer, "127.0.0.1", 0))
    peer.port = int(server.sockets[0].getsockname()[1])
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
