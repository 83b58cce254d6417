"""A running server, from port to command line: what is sent is answered, whatever it is and however it comes."""

import ssl
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from lightwell.standards.hl7.mllp import frame
from tests.mllp import Line, ack, adt, code
from tests.region import Server, running_server, wait_for


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    """A server to which a system of hospital A sends."""
    with running_server(hl7_message_s=2, hl7_tls_port=0) as (running, _):
        added = running.run("hl7", "source", "add", "HIS", "--organisation", "a", "--network", "127.0.0.0/8")
        assert added.returncode == 0, added.stderr
        assert wait_for(lambda: _is_known(running))
        yield running


def _is_known(server: Server) -> bool:
    with Line(server.hl7_port) as line:
        return code(line.send(adt("W0", "W0"))) == "AA"


def test_any_cuts_and_many_in_one_packet_are_answered_in_order(server: Server) -> None:
    stream = b"".join(frame(adt(f"W{number}", "W1", "A08")) for number in range(1, 6))
    with Line(server.hl7_port) as line:
        for at in range(len(stream)):
            line.socket.send(stream[at : at + 1])
        slowly = [line.answer() for _ in range(5)]
        line.socket.sendall(stream * 2)
        again = [line.answer() for _ in range(10)]
    assert [ack(answer)["MSA"][2].text for answer in slowly] == ["W1", "W2", "W3", "W4", "W5"]
    assert again == slowly * 2


def test_forty_megabytes_are_refused_and_counted(server: Server) -> None:
    with Line(server.hl7_port, timeout_s=60) as line:
        line.socket.sendall(b"\x0b" + adt("BIG", "BIG") + b"ZZZ|" + b"x" * 40_000_000)
        answer = line.answer()
        assert (code(answer), ack(answer)["MSA"][2].text) == ("AR", "BIG")
        with pytest.raises(ConnectionError):
            line.answer()
    metrics = httpx.get(f"{server.url}/metrics").text
    assert 'lightwell_mllp_frames_total{kind="too_long"} 1.0' in metrics


def test_a_file_of_twenty_megabytes_is_taken(server: Server) -> None:
    raw = adt("LARGE", "LARGE") + b"OBX|1|ED|PDF||^AP^PDF^Base64^" + b"A" * 27_000_000 + b"\r"
    with Line(server.hl7_port, timeout_s=60) as line:
        assert code(line.send(raw)) == "AA"
        assert code(line.send(adt("AFTER-LARGE", "LARGE", "A08", name="After^X"))) == "AA"
    done = "SELECT count(*) FROM clinical.hl7_message WHERE state = 'done' AND control_id IN ('LARGE', 'AFTER-LARGE')"
    assert wait_for(lambda: server.query(done) == [(2,)], 30)


def test_a_message_that_never_ends_is_hung_up_on(server: Server) -> None:
    began = time.monotonic()
    with Line(server.hl7_port) as line:
        line.socket.sendall(b"\x0bMSH|^~\\&|")
        with suppress(OSError):
            while time.monotonic() - began < 10:
                line.socket.sendall(b"x")
                time.sleep(0.1)
    assert 1.5 < time.monotonic() - began < 6


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"PID|1||7\r", "AE"),
        (b"MSH|^~\\&|HIS|A|||||ADT^A01|BAD1|P|2.5||||||UNICODE UTF-8\rPID|1||7||\xff\xff\xfe\r", "AE"),
        (b"MSH|^~\\&|HIS|A|||||ADT^A01|BAD2|P|2.5||||||UNICODE UTF-16\rPID|1||7||\xe5\xbc\xa0\r", "AE"),
        (b"MSH|^~\\&|HIS|A|||||XXX^Y01|BAD3|P|2.5\r", "AE"),
        (b"MSH|^~\\&|STRANGER|A|||||ADT^A01|BAD4|P|2.5\r", "AR"),
        (b"MSH|^~\\&|HIS|A|||||ADT^A01||P|2.5\rPID|1||UNNAMED^^^MR\r", "AA"),
    ],
)
def test_bad_input_is_told(server: Server, raw: bytes, wanted: str) -> None:
    with Line(server.hl7_port) as line:
        first, second = line.send(raw), line.send(raw)
        assert code(first) == code(second) == wanted
        assert code(line.send(adt("W0", "W0"))) == "AA", "the line goes on"
    assert b"expected" in first or b"not made part" in first or wanted == "AA"


def test_the_record_shows_what_was_sent(server: Server, tmp_path: Path) -> None:
    with Line(server.hl7_port) as line:
        line.send(adt("CLI", "CLI", pid_7="not a date"))
    assert wait_for(lambda: "CLI" in server.run("hl7", "failed").stdout, 20)
    [(number,)] = server.query("SELECT id FROM clinical.hl7_message WHERE control_id = 'CLI'")
    assert "expected YYYY" in server.run("hl7", "failed").stdout
    corrected = tmp_path / "corrected.hl7"
    corrected.write_bytes(server.run("hl7", "show", str(number)).stdout.encode().replace(b"not a date", b"19800101"))
    replayed = server.run("hl7", "replay", str(number), "--corrected", str(corrected))
    assert replayed.returncode == 0, replayed.stderr
    find = "SELECT count(*) FROM clinical.patient_identifier WHERE value = 'CLI'"
    assert wait_for(lambda: server.query(find) == [(1,)], 20)
    assert "HIS" in server.run("hl7", "source", "list").stdout
    assert "张" not in server.log()


def test_messages_come_by_tls(server: Server) -> None:
    [port] = [port for port in _listening(server) if port not in {server.http_port, server.dicom_port, server.hl7_port}]
    context = ssl.create_default_context(cafile=str(server.settings.data_dir / "tls" / "ca.pem"))
    line = Line(port)
    line.socket = context.wrap_socket(line.socket, server_hostname="127.0.0.1")
    with line:
        assert [code(line.send(adt(f"TLS{number}", "TLS"))) for number in range(3)] == ["AA"] * 3


def _listening(server: Server) -> set[int]:
    """Return the ports that the server's process listens on."""
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    return {item.laddr.port for item in process.net_connections("tcp") if item.status == psutil.CONN_LISTEN}
