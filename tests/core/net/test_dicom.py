"""A peer that calls us may do whatever it likes: its association ends, and what was held for it is let go."""

import asyncio
import logging
import socket
import struct
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import pytest
import uvloop

from lightwell.core import metrics
from lightwell.core.net.callers import Caller
from lightwell.core.net.dicom import listen
from lightwell.core.net.dicom_door import Admission, Door, Message, Saying
from lightwell.core.net.dicom_record import Ended, Outcome
from lightwell.core.net.sockets import bind
from lightwell.standards.dicom.association import Aborted, AssociateAccepted, Association, Event, Limits, State
from lightwell.standards.dicom.dimse import (
    HAS_DATA_SET,
    CEchoRq,
    CFindRq,
    CFindRsp,
    CGetRq,
    Command,
    Response,
    Status,
    c_echo_rq,
    c_echo_rsp,
    c_store_rq,
)
from lightwell.standards.dicom.items import PresentationContext
from lightwell.standards.dicom.negotiation import negotiate
from lightwell.standards.dicom.pdu import AssociateRq
from lightwell.standards.dicom.uids import CTImageStorage, ExplicitVRLittleEndian, Verification

_OFFERED = dict.fromkeys((Verification, CTImageStorage), (ExplicitVRLittleEndian,))
_REQUEST = AssociateRq(
    "LIGHTWELL",
    "CT_A",
    (
        PresentationContext(1, Verification, (ExplicitVRLittleEndian,)),
        PresentationContext(3, CTImageStorage, (ExplicitVRLittleEndian,)),
    ),
)
_HASTE = Limits(artim_s=0.3, idle_s=0.3)
_MEGABYTE = bytes(1 << 20)
_LITTLE = 4096  # bytes that a caller has room for, and that a packet holds: then the kernel keeps little for it

Run = Callable[[Coroutine[None, None, None]], None]


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Nodes run on uvloop, whose lines end in other ways."""
    return request.param


async def _admit(request: AssociateRq, _: Caller) -> Admission:
    return Admission(negotiate(request, _OFFERED).answer, None)


class _Talk:
    """Says a lot, and notes what became of it."""

    def __init__(self) -> None:
        self.megabytes, self.megabytes_read = 64, 0
        self.is_closed = self.is_abandoned = False

    def __call__(self, message: Message) -> "_Talk":
        """Open the conversation, as the service of a door."""
        self._command = message.command
        return self

    def write(self, data: memoryview) -> None:
        """Take nothing."""

    def cancel(self) -> None:
        """Go on."""

    def abandon(self) -> None:
        """Note that the peer is gone."""
        self.is_abandoned = True

    async def answers(self) -> AsyncGenerator[Saying, Response | None]:
        """Answer a C-FIND with large matches, a C-GET with a large image."""
        try:
            for _ in range(64):
                yield self._image() if isinstance(self._command, CGetRq) else self._match()
        finally:
            self.is_closed = True

    def _match(self) -> Saying:
        status: dict[str, Any] = {"status": Status.PENDING, "command_data_set_type": HAS_DATA_SET}
        return Saying(CFindRsp(message_id_being_responded_to=1, **status), [_MEGABYTE])

    def _image(self) -> Saying:
        return Saying(c_store_rq(CTImageStorage, "1.2.3"), self._pieces(), 3)

    def _pieces(self) -> Iterator[bytes]:
        for _ in range(self.megabytes):
            self.megabytes_read += 1
            yield _MEGABYTE


class _Echo:
    """Answers a C-ECHO."""

    def __init__(self, message: Message) -> None:
        self._command = cast("CEchoRq", message.command)

    def write(self, data: memoryview) -> None:
        """Take nothing."""

    async def finish(self) -> Command:
        """Say yes."""
        return c_echo_rsp(self._command, Status.SUCCESS)

    def abandon(self) -> None:
        """Forget it."""


async def _until(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""
    while not condition():  # noqa: ASYNC110 -- what is waited for tells nobody
        await asyncio.sleep(0.01)


class _House:
    """A port that is listened on, and what is noted there."""

    def __init__(self, limits: Limits) -> None:
        self.talk = _Talk()
        services = {CEchoRq: _Echo, CFindRq: self.talk, CGetRq: self.talk}
        self.door = Door(_admit, services, limits, 10)
        self.ended: list[Ended] = []
        self.door.announcer.listeners.append(self.ended.append)
        self.port = 0

    def is_empty(self) -> bool:
        """Whether nobody is connected."""
        return not self.door.connections


@asynccontextmanager
async def _house(limits: Limits = _HASTE) -> AsyncGenerator[_House]:
    house = _House(limits)
    server = await listen(house.door, bind("127.0.0.1", 0))
    house.port = server.sockets[0].getsockname()[1]
    try:
        async with asyncio.timeout(60):
            yield house
    finally:
        server.close()


class _Peer:
    """A caller that reads when it is told to."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.association = Association.requestor(_REQUEST, Limits())

    async def send(self) -> None:
        """Send what waits."""
        await asyncio.get_running_loop().sock_sendall(self.line, b"".join(self.association.data_to_send()))

    async def ask(self, command: Command) -> None:
        """Send a message, and do not look at the answer."""
        self.association.send_command(1, command, [b"\0\0"] if command.has_data_set else None)
        await self.send()

    async def events(self) -> AsyncGenerator[Event]:
        """Read until the other side ends the association."""
        while self.association.state is not State.IDLE:
            data = await asyncio.get_running_loop().sock_recv(self.line, 65536)
            for event in self.association.receive_data(data) if data else self.association.receive_eof():
                yield event


@asynccontextmanager
async def _peer(house: _House) -> AsyncGenerator[_Peer]:
    """Lend an association whose peer has room for very little that it does not read."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _LITTLE)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _LITTLE)
        line.setblocking(False)  # noqa: FBT003 -- the standard library's own
        await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", house.port))
        peer = _Peer(line)
        await peer.send()
        assert isinstance(await anext(peer.events()), AssociateAccepted)
        yield peer


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


_FIND = CFindRq(message_id=1, affected_sop_class_uid="1.2", command_data_set_type=HAS_DATA_SET)
_GET = CGetRq(message_id=1, affected_sop_class_uid="1.2", command_data_set_type=HAS_DATA_SET)


@pytest.mark.parametrize("command", [_FIND, _GET], ids=["matches", "image"])
def test_a_caller_that_stops_reading_is_let_go_and_what_it_held_too(run: Run, command: Command) -> None:
    async def scene() -> None:
        async with _house() as house, _peer(house) as peer:
            await peer.ask(command)
            await _until(house.is_empty)
            assert house.talk.is_closed
            assert house.talk.is_abandoned
            assert [ended.outcome for ended in house.ended] == [Outcome.TIMED_OUT]

    run(scene())


def test_a_caller_that_reads_but_never_answers_is_aborted(run: Run) -> None:
    async def scene() -> None:
        async with _house() as house, _peer(house) as peer:
            house.talk.megabytes = 1
            await peer.ask(_GET)
            *_, last = [event async for event in peer.events()]
            assert isinstance(last, Aborted)
            await _until(house.is_empty)
            assert house.talk.is_closed
            assert [ended.outcome for ended in house.ended] == [Outcome.TIMED_OUT]

    run(scene())


def test_a_caller_that_asks_on_and_on_and_reads_nothing_is_heard_no_more(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with _house() as house, _peer(house) as peer:
            with suppress(ConnectionError):
                while not house.ended:
                    await peer.ask(c_echo_rq())
            await _until(house.is_empty)
            assert [ended.outcome for ended in house.ended] == [Outcome.TIMED_OUT]

    run(scene())
    assert _warnings(caplog) == ["association aborted"]


def test_of_an_image_that_nobody_takes_any_more_no_more_is_read(run: Run) -> None:
    async def scene() -> None:
        async with _house(Limits(artim_s=0.3)) as house, _peer(house) as peer:
            await peer.ask(_GET)
            await _until(lambda: house.talk.megabytes_read > 0)
            peer.association.abort()
            await peer.send()
            await _until(house.is_empty)
            assert house.talk.megabytes_read < house.talk.megabytes
            assert house.talk.is_closed
            assert [ended.outcome for ended in house.ended] == [Outcome.ABORTED_BY_PEER]

    run(scene())


def test_a_caller_that_released_and_stays_is_let_go_however_long_it_was_idle(run: Run) -> None:
    async def scene() -> None:
        async with _house(Limits(artim_s=0.3, idle_s=600)) as house, _peer(house) as peer:
            await asyncio.sleep(0.5)
            peer.association.release()
            await peer.send()
            await _until(house.is_empty)
            assert [ended.outcome for ended in house.ended] == [Outcome.RELEASED]

    run(scene())


async def _connect(house: _House) -> socket.socket:
    line = socket.socket()
    line.setblocking(False)  # noqa: FBT003 -- the standard library's own
    await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", house.port))
    await _until(lambda: not house.is_empty())
    return line


def _probes() -> float:
    (metric,) = metrics.PROBES.collect()
    return next(sample.value for sample in metric.samples if sample.name.endswith("_total"))


@pytest.mark.parametrize("manner", ["stays", "closes", "resets"])
def test_a_connection_that_asks_for_nothing_is_counted_and_warned_of_by_nobody(
    run: Run, caplog: pytest.LogCaptureFixture, manner: str
) -> None:
    async def scene() -> None:
        before = _probes()
        async with _house() as house:
            line = await _connect(house)
            if manner == "resets":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if manner != "stays":
                line.close()
            await _until(house.is_empty)
            line.close()
        assert _probes() == before + 1
        assert house.ended == []

    run(scene())
    assert _warnings(caplog) == []


@pytest.mark.parametrize(
    "content", [b"GET / HTTP/1.1\r\n\r\n", _REQUEST.encode()[:-10]], ids=["rubbish", "half a request"]
)
def test_a_connection_that_asks_for_what_cannot_be_is_warned_of(
    run: Run, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    async def scene() -> None:
        before = _probes()
        async with _house() as house:
            line = await _connect(house)
            await asyncio.get_running_loop().sock_sendall(line, content)
            await _until(house.is_empty)
            line.close()
        assert _probes() == before + 1

    run(scene())
    assert _warnings(caplog) == ["association aborted"]


def test_an_association_is_no_probe(run: Run) -> None:
    async def scene() -> None:
        before = _probes()
        async with _house() as house:
            async with _peer(house):
                pass
            await _until(house.is_empty)
        assert _probes() == before

    run(scene())
