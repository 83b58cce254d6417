"""A system that is told: listens for messages, and answers, or does not, as a test has it do."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from lightwell.core import clock
from lightwell.standards.hl7.ack import Code, Problem, Reason, make_ack
from lightwell.standards.hl7.mllp import Framer, MessageReceived, frame
from tests.mllp import ack

Act = Callable[[bytes], bytes | None]
"""What is written for a message; None hangs up."""


def accept(raw: bytes) -> bytes:
    """Take a message."""
    return frame(_answer(raw, Code.APPLICATION_ACCEPT))


def refuse(reason: Reason, code: Code = Code.APPLICATION_ERROR) -> Act:
    """Return what refuses a message."""
    return lambda raw: frame(_answer(raw, code, [Problem(reason, "张三 is not known", "PID", field=3)]))


def drop(raw: bytes) -> None:
    """Hang up instead of answering."""
    del raw


def keep_silent(raw: bytes) -> bytes:
    """Say nothing."""
    del raw
    return b""


def answer_to_another(raw: bytes) -> bytes:
    """Take a message that was not sent."""
    return accept(raw.replace(control_id(raw).encode(), b"ANOTHER"))


def garbage(raw: bytes) -> bytes:
    """Answer with what is no message, in a frame and out of one."""
    del raw
    return b"HTTP/1.1 400 Bad Request\r\n\r\n" + frame(b"hello") + frame(b"MSH|^~\\&|\rMSA|XX|1\r")


def control_id(raw: bytes) -> str:
    """Return MSH-10."""
    return ack(raw, "latin-1")["MSH"][10].text


def _answer(raw: bytes, code: Code, problems: Sequence[Problem] = ()) -> bytes:
    header = ack(raw, "latin-1").header
    return make_ack(header, code, problems, control_id="A", at=clock.now()).encode()


@dataclass
class Listener:
    """What came, in order, and what is done about the next; when nothing is left to do, messages are taken."""

    port: int = 0
    acts: list[Act] = field(default_factory=list[Act])
    came: list[bytes] = field(default_factory=list[bytes])
    lines: int = 0
    open_lines: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one line until either side hangs up."""
        self.lines += 1
        self.open_lines.add(writer)
        framer = Framer()
        while data := await reader.read(1 << 16):
            for event in framer.receive_data(data):
                if isinstance(event, MessageReceived):
                    self.came.append(event.raw)
                    said = (self.acts.pop(0) if self.acts else accept)(event.raw)
                    if said is None:
                        writer.transport.abort()
                        return
                    writer.write(said)
        writer.close()
        self.open_lines.discard(writer)

    def hang_up(self) -> None:
        """Close all lines."""
        for writer in self.open_lines:
            writer.close()


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None) -> AsyncGenerator[Listener]:
    """Lend a system that is told."""
    listener = Listener()
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0, ssl=tls)
    listener.port = server.sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        server.close()
        listener.hang_up()
