"""A peer that we call may do whatever it likes: the call comes to an end, in time and with a reason."""

import asyncio
import socket
import struct
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import pytest
import uvloop

from lightwell.core.net.dicom_record import Announcer, Recording
from lightwell.core.net.dicom_scu import Call, Patience, PeerSilent, PeerUnreachable, call
from lightwell.standards.dicom.association import AssociateRequested, Association, Limits
from lightwell.standards.dicom.dimse import CEchoRsp, CFindRsp, Command, c_echo_rq, c_store_rq
from lightwell.standards.dicom.items import PresentationContext
from lightwell.standards.dicom.negotiation import negotiate
from lightwell.standards.dicom.pdu import Abort, AssociateRq, ReleaseRp, ReleaseRq
from lightwell.standards.dicom.uids import CTImageStorage, ExplicitVRLittleEndian, Verification

_REQUEST = AssociateRq(
    "PEER",
    "US",
    (
        PresentationContext(1, Verification, (ExplicitVRLittleEndian,)),
        PresentationContext(3, CTImageStorage, (ExplicitVRLittleEndian,)),
    ),
)
_HASTE = Patience(artim_s=0.4, response_s=0.4)


Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Run = Callable[[Coroutine[None, None, None]], None]


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Nodes run on uvloop, whose lines break in other words."""
    return request.param


def _noted() -> Recording:
    return Recording(Announcer(), is_ours=True)


@asynccontextmanager
async def _peer(behaviour: Behaviour) -> AsyncGenerator[int]:
    """Lend the port of a peer that behaves so."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await behaviour(reader, writer)

    server = await asyncio.start_server(behave, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


async def _let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Association:
    """Accept the association, and return the peer's side of it."""
    association = Association.acceptor(Limits())
    (event,) = association.receive_data(await reader.read(65536))
    assert isinstance(event, AssociateRequested)
    offered = dict.fromkeys((Verification, CTImageStorage), (ExplicitVRLittleEndian,))
    association.accept(negotiate(event.request, offered).answer)
    writer.writelines(association.data_to_send())
    return association


async def _nothing(_: object = None, __: object = None) -> None:
    await asyncio.sleep(30)


async def _silent_after_accepting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _let_in(reader, writer)
    await _nothing()


async def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _reset_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _reset(writer)


async def _reset_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _let_in(reader, writer)
    await reader.read(1000)
    await _reset(writer)


def _saying(content: bytes) -> Behaviour:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(content)
        await _nothing()

    return say


def _answering(*commands: Command) -> Behaviour:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        association = await _let_in(reader, writer)
        association.receive_data(await reader.read(65536))
        for command in commands:
            association.send_command(1, command)
        writer.writelines(association.data_to_send())
        await _nothing()

    return answer


def _then(content: bytes) -> Behaviour:
    """Accept, and answer the first message with these bytes."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _let_in(reader, writer)
        await reader.read(1000)
        writer.write(content)
        await _nothing()

    return answer


async def _echo(line: Call) -> None:
    await line.ask(1, c_echo_rq())


async def _send_much(line: Call) -> None:
    await line.ask(3, c_store_rq(CTImageStorage, "1.2.3"), [bytes(1 << 20)] * 32)


@pytest.mark.parametrize(
    ("behaviour", "work", "expected"),
    [
        (_nothing, _echo, PeerSilent),
        (_silent_after_accepting, _echo, PeerSilent),
        (_silent_after_accepting, _send_much, PeerSilent),
        (_reset_at_once, _echo, PeerUnreachable),
        (_reset_in_the_middle, _echo, PeerUnreachable),
        (_reset_in_the_middle, _send_much, PeerUnreachable),
        (_saying(ReleaseRq().encode()), _echo, PeerUnreachable),
        (_saying(ReleaseRp().encode()), _echo, PeerUnreachable),
        (_saying(Abort(0, 0).encode()), _echo, PeerUnreachable),
        (_saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), _echo, PeerUnreachable),
        (_then(ReleaseRq().encode()), _echo, PeerUnreachable),
        (_then(ReleaseRp().encode()), _echo, PeerUnreachable),
        (_then(b"\4\0\0\0\0\5garbage"), _echo, PeerUnreachable),
        (_answering(CEchoRsp(message_id_being_responded_to=7, status=0)), _echo, PeerUnreachable),
        (_answering(CFindRsp(message_id_being_responded_to=1, status=0)), _echo, PeerUnreachable),
        (_answering(c_echo_rq()), _echo, PeerUnreachable),
    ],
    ids=[
        *("never answers", "silent", "reads no more", "resets at once", "resets", "resets within an image"),
        *("releases first", "releases for nobody", "aborts", "no DICOM", "releases instead", "lets go instead"),
        *("garbage", "another message", "another kind", "asks back"),
    ],
)
def test_whatever_a_peer_does_the_call_ends(
    run: Run, behaviour: Behaviour, work: Callable[[Call], Awaitable[None]], expected: type[Exception]
) -> None:
    async def scene() -> None:
        async with _peer(behaviour) as port, asyncio.timeout(5):
            with pytest.raises(expected):
                async with call("127.0.0.1", port, _REQUEST, _noted(), patience=_HASTE) as line:
                    await work(line)

    run(scene())


def test_what_was_answered_holds_though_the_peer_does_not_let_go(run: Run) -> None:
    answer = _answering(CEchoRsp(message_id_being_responded_to=1, status=0))

    async def scene() -> None:
        async with _peer(answer) as port, call("127.0.0.1", port, _REQUEST, _noted(), patience=_HASTE) as line:
            assert (await line.ask(1, c_echo_rq())).status == 0

    run(scene())


def test_an_answer_that_comes_with_the_end_is_taken_and_the_next_question_is_not_put(run: Run) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        association = await _let_in(reader, writer)
        association.receive_data(await reader.read(65536))
        association.send_command(1, CEchoRsp(message_id_being_responded_to=1, status=0))
        writer.write(b"".join(map(bytes, association.data_to_send())) + ReleaseRq().encode())
        await _nothing()

    async def scene() -> None:
        async with _peer(answer) as port, call("127.0.0.1", port, _REQUEST, _noted(), patience=_HASTE) as line:
            assert (await line.ask(1, c_echo_rq())).status == 0
            with pytest.raises(PeerUnreachable):
                await line.ask(1, c_echo_rq())

    run(scene())
