"""With a peer over a loopback connection: it stores to us, and we store to it."""

# pyright: basic
# The peers that we test against are not typed.

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pydicom
import pytest
from pynetdicom import AE, evt
from pynetdicom.association import Association as PeerAssociation
from pynetdicom.events import Event as PeerEvent

from lightwell.standards.dicom import dimse, uids
from lightwell.standards.dicom.association import (
    Aborted,
    AssociateAccepted,
    AssociateRequested,
    Association,
    CommandReceived,
    DataSetFragment,
    Event,
    Limits,
    ReleaseConfirmed,
    ReleaseRequested,
)
from lightwell.standards.dicom.negotiation import negotiate, propose
from lightwell.standards.dicom.part10 import read_file_meta
from lightwell.standards.dicom.pdu import AssociateRq, UserIdentity, UserInformation
from lightwell.standards.dicom.scanner import scan
from tests.standards.dicom.images import SHIPPED
from tests.standards.dicom.speech import CT, EXPLICIT, IMPLICIT, SUPPORTED

CT_FILE = SHIPPED / "CT_small.dcm"
SECONDS = 10


def drive(line: socket.socket, association: Association, on: Callable[[Event], None]) -> None:
    """Be the I/O that an association needs."""
    line.settimeout(SECONDS)
    while True:
        for data in association.data_to_send():
            line.sendall(data)
        if association.should_close:
            return
        data = line.recv(5000)
        for event in association.receive_data(data) if data else association.receive_eof():
            on(event)


class Acceptor:
    """An archive that keeps what it gets in memory."""

    def __init__(self, limits: Limits) -> None:
        self.association = Association.acceptor(limits)
        self.limits = limits
        self.images: list[bytes] = []
        self.events: list[Event] = []
        self._coming = bytearray()
        self._command: CommandReceived | None = None

    def on(self, event: Event) -> None:
        match event:
            case AssociateRequested(request):
                answer = negotiate(request, SUPPORTED, max_pdu_length=self.limits.max_pdu_length).answer
                self.association.accept(answer)
            case CommandReceived(context_id, dimse.CEchoRq() as command):
                self.association.send_command(context_id, dimse.c_echo_rsp(command))
            case CommandReceived():
                self._command = event
            case DataSetFragment():
                self._on_fragment(event)
            case ReleaseRequested():
                self.association.confirm_release()
            case _:
                self.events.append(event)

    def _on_fragment(self, fragment: DataSetFragment) -> None:
        self._coming += fragment.data
        if fragment.is_last and self._command is not None:
            self.images.append(bytes(self._coming))
            self._coming.clear()
            command = self._command.command
            assert isinstance(command, dimse.CStoreRq)
            self.association.send_command(fragment.context_id, dimse.c_store_rsp(command))


@contextlib.contextmanager
def listening(acceptor: Acceptor) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                drive(line, acceptor.association, acceptor.on)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(SECONDS)
        assert not thread.is_alive()


def calling(port: int) -> PeerAssociation:
    peer = AE("PEER")
    peer.acse_timeout = peer.dimse_timeout = peer.network_timeout = SECONDS
    peer.add_requested_context(CT, [EXPLICIT, IMPLICIT])
    peer.add_requested_context(uids.Verification, [IMPLICIT])
    peer.add_requested_context(uids.MRImageStorage, [IMPLICIT])
    association = peer.associate("127.0.0.1", port, ae_title="ARCHIVE")
    assert association.is_established
    return association


@pytest.mark.parametrize("max_pdu_length", [500, 131072])
def test_a_peer_stores_to_us(max_pdu_length: int) -> None:
    acceptor = Acceptor(Limits(max_pdu_length=max_pdu_length))
    theirs = pydicom.dcmread(CT_FILE)
    with listening(acceptor) as port:
        peer = calling(port)
        assert peer.send_c_echo().Status == 0
        assert peer.send_c_store(theirs).Status == 0
        assert peer.send_c_store(theirs).Status == 0
        assert [context.abstract_syntax for context in peer.rejected_contexts] == [uids.MRImageStorage]
        peer.release()
    request = acceptor.association.request
    assert request is not None
    assert (request.called_ae_title, request.calling_ae_title) == ("ARCHIVE", "PEER")
    first, second = acceptor.images
    assert first == second
    header = scan(first, 0, EXPLICIT, {0x0008_0018})
    assert header.values[0x0008_0018].rstrip(b"\0").decode() == theirs.SOPInstanceUID
    assert acceptor.events == []


def test_a_peer_aborts() -> None:
    acceptor = Acceptor(Limits())
    with listening(acceptor) as port:
        calling(port).abort()
    (event,) = acceptor.events
    assert isinstance(event, Aborted)
    assert event.by_peer


def peer_archive(kept: list[bytes]) -> AE:
    peer = AE("PEER")
    peer.add_supported_context(CT, [EXPLICIT])
    peer.add_supported_context(uids.Verification, [IMPLICIT])
    peer.maximum_pdu_size = 4096

    def keep(event: PeerEvent) -> int:
        kept.append(event.request.DataSet.getvalue())  # pyright: ignore[reportOptionalMemberAccess,reportAttributeAccessIssue]
        return 0

    peer.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, keep)])
    return peer


def test_we_store_to_a_peer(tmp_path: Path) -> None:
    del tmp_path
    content = CT_FILE.read_bytes()
    meta = read_file_meta(content)
    image = memoryview(content)[meta.data_set_offset :]
    kept: list[bytes] = []
    peer = peer_archive(kept)
    server = peer._servers[0]
    identity = UserInformation(user_identity=UserIdentity(2, b"name", b"secret"))
    request = AssociateRq("PEER", "LIGHTWELL", propose([(CT, [EXPLICIT]), (uids.Verification, [IMPLICIT])]), identity)
    association = Association.requestor(request, Limits())
    statuses: list[int] = []
    others: list[Event] = []

    def on(event: Event) -> None:
        match event:
            case AssociateAccepted():
                association.send_command(3, dimse.c_echo_rq())
            case CommandReceived(_, dimse.CEchoRsp(status=status)):
                statuses.append(status)
                rq = dimse.c_store_rq(meta.sop_class_uid, meta.sop_instance_uid, 2)
                association.send_command(1, rq, [image[:1001], image[1001:]])
            case CommandReceived(_, dimse.CStoreRsp(status=status)):
                statuses.append(status)
                association.release()
            case _:
                others.append(event)

    with socket.create_connection(("127.0.0.1", server.socket.getsockname()[1])) as line:  # pyright: ignore[reportOptionalMemberAccess]
        drive(line, association, on)
    peer.shutdown()
    assert statuses == [0, 0]
    assert kept == [bytes(image)]
    assert others == [ReleaseConfirmed()]
