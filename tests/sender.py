"""A blocking C-STORE sender on the project's own sans-IO core, for fault tests and benchmarks."""

import socket
from collections.abc import Sequence

from lightwell.standards.dicom.association import AssociateAccepted, Association, CommandReceived, Event, Limits
from lightwell.standards.dicom.dimse import Response, c_echo_rq, c_store_rq
from lightwell.standards.dicom.items import PresentationContext
from lightwell.standards.dicom.pdu import AssociateRq
from lightwell.standards.dicom.uids import Verification

EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
_MOST_AT_ONCE = 64


class Sender:
    """One association, one outstanding operation.

    Raises:
        ConnectionError: the server refuses, answers something else, or went away.
    """

    def __init__(
        self,
        port: int,
        contexts: Sequence[tuple[str, str]],
        *,
        called: str = "LIGHTWELL",
        calling: str = "CT_A",
        timeout_s: float = 120,
    ) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ids = {pair: 2 * place + 1 for place, pair in enumerate(contexts)}
        offers = tuple(PresentationContext(number, pair[0], (pair[1],)) for pair, number in self._ids.items())
        self.association = Association.requestor(AssociateRq(called, calling, offers), Limits())
        event = self._next()
        if not isinstance(event, AssociateAccepted):
            message = f"the server said {event}"
            raise ConnectionRefusedError(message)

    def _flush(self) -> None:
        while self.association.has_data_to_send:
            waiting = [memoryview(piece) for piece in self.association.data_to_send(1 << 20)]
            while waiting:
                waiting = _after(waiting, self._socket.sendmsg(waiting[:_MOST_AT_ONCE]))

    def _next(self) -> Event:
        self._flush()
        while True:
            data = self._socket.recv(65536)
            events = self.association.receive_data(data) if data else self.association.receive_eof()
            if events:
                return events[0]

    def _response(self) -> Response:
        event = self._next()
        if isinstance(event, CommandReceived) and isinstance(event.command, Response):
            return event.command
        message = f"a response was expected, {event} came"
        raise ConnectionAbortedError(message)

    def echo(self) -> int:
        """Send a C-ECHO and return the status."""
        self.association.send_command(self._ids[Verification, EXPLICIT_LITTLE], c_echo_rq())
        return self._response().status

    def store(self, sop_class: str, sop_instance: str, data_set: bytes, syntax: str = EXPLICIT_LITTLE) -> Response:
        """Send an image and return the response."""
        command = c_store_rq(sop_class, sop_instance)
        self.association.send_command(self._ids[sop_class, syntax], command, [data_set])
        return self._response()

    def release(self) -> None:
        """End in good order."""
        self.association.release()
        self._next()
        self._flush()
        self._socket.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._socket.close()


def _after(pieces: list[memoryview], sent: int) -> list[memoryview]:
    """Return what is left of the pieces after so many bytes were sent."""
    for place, piece in enumerate(pieces):
        if sent < len(piece):
            return [piece[sent:], *pieces[place + 1 :]]
        sent -= len(piece)
    return []
