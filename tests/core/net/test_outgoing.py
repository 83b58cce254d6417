"""Whom a node may call: what the operator lists, and no machine inside by a name that leads there."""

import asyncio
import socket

import pytest

from lightwell.core.errors import ConfigurationError, InvalidRequest
from lightwell.core.net.http_call import Call, CallFailed, call
from lightwell.core.net.outgoing import Outgoing, read_host, read_outgoing, read_target


def may_be_asked_for(listed: str, address: str) -> bool:
    try:
        read_outgoing(listed).require(read_target(address).host)
    except InvalidRequest:
        return False
    return True


@pytest.mark.parametrize(
    ("listed", "address", "expected"),
    [
        ("", "https://his.example.org/", False),
        ("his.example.org", "https://his.example.org/", True),
        ("his.example.org", "https://HIS.example.org./", True),
        ("his.example.org", "https://his.example.org.evil.net/", False),
        ("*.example.org", "https://a.b.example.org/", True),
        ("*.example.org", "https://evilexample.org/", False),
        ("10.1.0.0/16", "http://10.1.2.3/", True),
        ("10.1.0.0/16", "http://10.2.0.1/", False),
        ("10.1.0.0/16", "http://[::ffff:10.1.0.1]/", True),
        ("his.example.org", "http://10.1.2.3/", False),
        ("10.1.2.3, his.example.org", "http://10.1.2.3:99/", True),
    ],
)
def test_only_who_is_listed_may_be_asked_for(listed: str, address: str, *, expected: bool) -> None:
    assert may_be_asked_for(listed, address) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "his",
        "file:///etc/passwd",
        "http://",
        "http://a b/",
        "http://a/\n",
        "http://a:x/",
        "http://u@a/",
        "http://a/#b",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="expected an address"):
        read_target(text)


@pytest.mark.parametrize("text", ["10.1.0.0/33", "10.1.0.1/16", "*", "fe80::x"])
def test_a_list_that_says_nothing_stops_the_start(text: str) -> None:
    with pytest.raises(ConfigurationError, match="LIGHTWELL_SUBSCRIPTION_TARGETS"):
        read_outgoing(text)


@pytest.mark.parametrize(
    ("listed", "leads_to", "expected"),
    [
        ("his.example.org", ["93.184.216.34"], True),
        ("his.example.org", ["127.0.0.1"], False),
        ("his.example.org", ["169.254.169.254"], False),
        ("his.example.org", ["93.184.216.34", "10.0.0.1"], False),
        ("his.example.org 10.0.0.0/8", ["10.0.0.1"], True),
        ("10.0.0.0/8", ["10.0.0.1"], True),
        ("10.0.0.0/8", ["93.184.216.34"], False),
        ("his.example.org", ["::ffff:127.0.0.1"], False),
        ("his.example.org", ["fe80::1%eth0"], False),
    ],
)
def test_a_name_is_called_only_where_it_may_lead(
    monkeypatch: pytest.MonkeyPatch, listed: str, leads_to: list[str], *, expected: bool
) -> None:
    async def ask() -> list[str]:
        async def known(*_: object, **__: object) -> list[tuple[object, ...]]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in leads_to]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", known)
        return await read_outgoing(listed).addresses("his.example.org", 443)

    if expected:
        assert asyncio.run(ask()) == leads_to
    else:
        with pytest.raises(InvalidRequest):
            asyncio.run(ask())


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n", "redirects are not followed"),
        (b"HTTP/1.1 500 No\r\nContent-Length: 6\r\n\r\nsecret", "500 came"),
        (b"hello\r\n\r\n", "something else came"),
        (b"", "could not be reached: Connection"),
        (None, "within 0.2 seconds"),
    ],
)
def test_whatever_the_other_machine_says_the_error_says_what_was_expected(answer: bytes | None, text: str) -> None:
    async def ask() -> None:
        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if answer is not None:
                writer.write(answer)
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await call(Call("POST", f"http://127.0.0.1:{port}/"), read_outgoing("127.0.0.1"), 0.2)

    with pytest.raises(CallFailed, match=text) as raised:
        asyncio.run(ask())
    assert "secret" not in str(raised.value)


def test_an_interim_answer_is_not_the_answer() -> None:
    async def ask() -> None:
        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 204 Done\r\n\r\n")

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await call(Call("POST", f"http://127.0.0.1:{port}/"), read_outgoing("127.0.0.1"), 5)

    asyncio.run(ask())


def test_nobody_is_called_where_nobody_is_listed() -> None:
    with pytest.raises(InvalidRequest):
        asyncio.run(call(Call("POST", "http://127.0.0.1:9/"), Outgoing(), 1))


@pytest.mark.parametrize("text", ["10.1.2.3", "::1", "his", " HIS.example.org. ", "lis_1.a-b.org", "医院.example"])
def test_a_machine_has_a_name_or_an_address(text: str) -> None:
    assert read_host(text) == text.strip().rstrip(".").lower().encode("idna").decode()


@pytest.mark.parametrize(
    "text",
    ["", " ", "10.0.0..5", "10.0.0", "10.0.0.256", "his." + "a" * 70, "a b", "a\0b", "-a.org", "http://a", "a:1"],
)
def test_what_is_no_machine_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="expected a host"):
        read_host(text)
