"""A lean C-FIND client for benchmarks: one association, one search at a time, which it ends after a page of matches."""

import socket
from collections.abc import Iterator, Mapping

from lightwell.standards.dicom.association import AssociateAccepted, Association, CommandReceived, Event, Limits
from lightwell.standards.dicom.dimse import HAS_DATA_SET, CCancelRq, CFindRq, Response
from lightwell.standards.dicom.items import PresentationContext
from lightwell.standards.dicom.pdu import AssociateRq
from tests.journeys.images import element

_STUDY_ROOT = "1.2.840.10008.5.1.4.1.2.2.1"
_EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
_PENDING = frozenset((0xFF00, 0xFF01))
_PAGE = 25
_KEYS: Mapping[str, tuple[int, bytes]] = {
    "StudyDate": (0x00080020, b"DA"),
    "StudyTime": (0x00080030, b"TM"),
    "AccessionNumber": (0x00080050, b"SH"),
    "ModalitiesInStudy": (0x00080061, b"CS"),
    "PatientName": (0x00100010, b"PN"),
    "PatientID": (0x00100020, b"LO"),
    "StudyInstanceUID": (0x0020000D, b"UI"),
}


class Searcher:
    """Searches for studies in the Study Root information model (PS3.4 C.6.2)."""

    def __init__(self, port: int, called: str, calling: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        offer = PresentationContext(1, _STUDY_ROOT, (_EXPLICIT_LITTLE,))
        self._association = Association.requestor(AssociateRq(called, calling, (offer,)), Limits())
        self._number = 0
        self._events = self._heard()
        assert isinstance(next(self._events), AssociateAccepted)

    def _heard(self) -> Iterator[Event]:
        while True:
            self._flush()
            heard = self._socket.recv(1 << 16)
            if not heard:
                message = "the archive hung up in the middle of a search"
                raise ConnectionError(message)
            yield from self._association.receive_data(heard)

    def _flush(self) -> None:
        while self._association.has_data_to_send:
            self._socket.sendall(b"".join(self._association.data_to_send(1 << 20)))

    def find(self, asked: Mapping[str, str]) -> int:
        """Search, and return how many matches came before the end, or before enough had come."""
        self._number = self._number % 0xFFFF + 1
        wanted = [(0x00080005, b"CS", b"ISO_IR 192"), (0x00080052, b"CS", b"STUDY")]
        wanted += [(tag, vr, asked.get(name, "").encode()) for name, (tag, vr) in _KEYS.items()]
        identifier = b"".join(element(*item) for item in sorted(wanted))
        request = CFindRq(
            message_id=self._number, affected_sop_class_uid=_STUDY_ROOT, command_data_set_type=HAS_DATA_SET
        )
        self._association.send_command(1, request, [identifier])
        return self._matches()

    def _matches(self) -> int:
        count = 0
        for event in self._events:
            if not isinstance(event, CommandReceived) or not isinstance(event.command, Response):
                continue
            if event.command.status not in _PENDING:
                assert event.command.status in {0x0000, 0xFE00}
                return count
            count += 1
            if count == _PAGE:
                self._association.send_command(1, CCancelRq(message_id_being_responded_to=self._number))
                self._flush()
        return count

    def release(self) -> None:
        """End in good order."""
        self._association.release()
        next(self._events)
        self._socket.close()
