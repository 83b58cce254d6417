"""What a bad or broken peer may send: it gets a clear answer, nothing half is kept, and the next peer is served."""

import re
import socket
import struct
from collections.abc import Generator
from contextlib import contextmanager, suppress

import pytest

from lightwell.standards.dicom.dimse import c_store_rq, encode_command
from lightwell.standards.dicom.items import PresentationContext
from lightwell.standards.dicom.pdu import AssociateRq
from tests.journeys.images import CT, EXPLICIT_LITTLE, JPEG_2000, SECONDARY_CAPTURE, Image, element, find, images, send
from tests.region import Region, Server, wait_for
from tests.sender import Sender

_ABORT, _REJECT, _ACCEPT = 7, 3, 2
_STORED, _CANNOT_UNDERSTAND, _MISMATCH, _NO_UID = 0x0000, 0xC000, 0xA900, 0x0117


@pytest.fixture(autouse=True)
def the_next_peer_is_served(server: Server, region: Region, request: pytest.FixtureRequest) -> Generator[None]:
    """After each piece of bad input a good image is taken, and no half one is left."""
    yield
    branch = 5000 + abs(hash(request.node.name)) % 100_000
    good, *_ = images(1, branch)
    assert send(server, good) == [_STORED]
    assert find(server, region.token_a, StudyInstanceUID=good.study)
    assert wait_for(lambda: not _halves(server)), "a half image is left in the spool"


def _halves(server: Server) -> list[str]:
    return [path.name for path in (server.settings.spool / "incoming").iterdir()]


def _request(called: str = "LIGHTWELL", calling: str = "CT_A", sop_class: str = CT) -> bytes:
    return AssociateRq(called, calling, (PresentationContext(1, sop_class, (EXPLICIT_LITTLE,)),)).encode()


@contextmanager
def _line(server: Server) -> Generator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.dicom_port), timeout=30) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield line


def _answer(line: socket.socket) -> bytes:
    """Return the next PDU, or nothing when the connection is closed."""
    with suppress(ConnectionError), line.makefile("rb") as stream:
        head = stream.read(6)
        if len(head) == 6:
            return head + stream.read(int.from_bytes(head[2:], "big"))
    return b""


def _pdu(kind: int, body: bytes, length: int | None = None) -> bytes:
    return struct.pack(">BxI", kind, len(body) if length is None else length) + body


def _value(control: int, body: bytes, context: int = 1, length: int | None = None) -> bytes:
    return struct.pack(">IBB", len(body) + 2 if length is None else length, context, control) + body


def _command(uid: str, sop_class: str = CT) -> bytes:
    return encode_command(c_store_rq(sop_class, uid))


@pytest.mark.parametrize(
    ("called", "calling", "reason"),
    [("NOBODY", "CT_A", (1, 1, 7)), ("LIGHTWELL", "STRANGER", (1, 1, 3)), ("lightwell", "CT_A", (1, 1, 7))],
)
@pytest.mark.hazard("H-12")
def test_a_wrong_title_is_rejected_with_its_reason(
    server: Server, called: str, calling: str, reason: tuple[int, int, int]
) -> None:
    with _line(server) as line:
        line.sendall(_request(called, calling))
        answer = _answer(line)
        assert (answer[0], tuple(answer[7:10])) == (_REJECT, reason)


@pytest.mark.parametrize("sop_class", ["1.2.840.10008.3.1.2.3.3", "1.2.840.10008.5.1.1.9", "1.2.3"])
def test_a_context_that_is_not_supported_is_refused_alone(server: Server, sop_class: str) -> None:
    with _line(server) as line:
        contexts = (
            PresentationContext(1, sop_class, (EXPLICIT_LITTLE,)),
            PresentationContext(3, CT, (EXPLICIT_LITTLE,)),
        )
        line.sendall(AssociateRq("LIGHTWELL", "CT_A", contexts).encode())
        answer = _answer(line)
        assert answer[0] == _ACCEPT
        results = dict(re.findall(rb"\x21\x00..(.)\x00(.)\x00", answer, re.DOTALL))
        assert results[b"\x01"] in {b"\x03", b"\x04"}
        assert results[b"\x03"] == b"\x00"


def test_a_message_on_a_refused_context_ends_the_association(server: Server) -> None:
    with _line(server) as line:
        line.sendall(_request(sop_class="1.2.840.10008.5.1.1.9"))
        assert _answer(line)[0] == _ACCEPT
        line.sendall(_pdu(4, _value(3, _command("1.2.3"))))
        assert _answer(line)[:1] in {bytes([_ABORT]), b""}


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        bytes(64),
        b"\xff" * 4096,
        _pdu(1, b"", length=0xFFFFFFFF),
        _pdu(1, bytes(68) + b"\x10\x00\xff\xff"),
        _pdu(4, _value(3, b"\0" * 100)),
        _pdu(9, b"abc"),
        _pdu(5, bytes(4)),
    ],
    ids=["http", "zeros", "ones", "endless", "short item", "data at once", "unknown", "release at once"],
)
def test_garbage_ends_the_connection(server: Server, garbage: bytes) -> None:
    with _line(server) as line:
        with suppress(ConnectionError):
            line.sendall(garbage)
        assert _answer(line)[:1] in {bytes([_ABORT]), bytes([_REJECT]), b""}


@pytest.mark.parametrize(
    "value",
    [
        _pdu(4, b"", length=0x7FFFFFFF),
        _pdu(4, _value(0, b"x" * 64)),
        _pdu(4, _value(3, b"x" * 64, context=99)),
        _pdu(4, _value(3, b"x" * 64, length=9999)),
        _pdu(4, _value(3, b"x" * 64, length=0)),
        _pdu(4, _value(3, b"\xff" * 64)),
        _pdu(4, _value(3, b"")),
        _pdu(1, bytes(68)),
    ],
    ids=["oversize", "data first", "no such context", "too long", "too short", "no command", "empty", "associate"],
)
def test_a_broken_message_ends_the_association(server: Server, value: bytes) -> None:
    with _line(server) as line:
        line.sendall(_request())
        assert _answer(line)[0] == _ACCEPT
        with suppress(ConnectionError):
            line.sendall(value + bytes(4096))
        assert _answer(line)[:1] in {bytes([_ABORT]), b""}


@pytest.mark.parametrize("pixels", [512, 3 << 20], ids=["in memory", "in a file"])
def test_half_an_image_is_not_kept_when_the_line_breaks(server: Server, region: Region, pixels: int) -> None:
    image, *_ = images(1, 5001, pixels=bytes(pixels))
    half = image.data_set[: -pixels // 4]
    with _line(server) as line:
        line.sendall(_request())
        assert _answer(line)[0] == _ACCEPT
        line.sendall(_pdu(4, _value(3, _command(image.uid))))
        for place in range(0, len(half), 65_536):
            line.sendall(_pdu(4, _value(0, half[place : place + 65_536])))
        assert wait_for(lambda: bool(_halves(server)) == (pixels > 1 << 20))
    assert wait_for(lambda: not _halves(server))
    assert find(server, region.token_a, StudyInstanceUID=image.study) == []
    assert server.query("SELECT 1 FROM archive.quarantine WHERE reason LIKE %s", f"%{image.uid}%") == []


def test_half_a_pdu_is_not_kept_when_the_line_breaks(server: Server, region: Region) -> None:
    image, *_ = images(1, 5002)
    with _line(server) as line:
        line.sendall(_request())
        assert _answer(line)[0] == _ACCEPT
        line.sendall(_pdu(4, _value(3, _command(image.uid))) + _pdu(4, _value(2, image.data_set))[:-1])
    assert find(server, region.token_a, StudyInstanceUID=image.study) == []


def test_an_abort_in_the_middle_leaves_nothing(server: Server, region: Region) -> None:
    image, *_ = images(1, 5003)
    with _line(server) as line:
        line.sendall(_request())
        assert _answer(line)[0] == _ACCEPT
        line.sendall(_pdu(4, _value(3, _command(image.uid))) + _pdu(4, _value(0, image.data_set)) + _pdu(7, bytes(4)))
        assert _answer(line) == b""
    assert find(server, region.token_a, StudyInstanceUID=image.study) == []


def _store(
    server: Server, uid: str, data_set: bytes, *, sop_class: str = CT, syntax: str = EXPLICIT_LITTLE
) -> tuple[int, str]:
    sender = Sender(server.dicom_port, [(sop_class, syntax)])
    response = sender.store(sop_class, uid, data_set, syntax)
    sender.release()
    return response.status, response.error_comment


def _reason(server: Server, before: int) -> list[str]:
    rows = server.query("SELECT reason FROM archive.quarantine WHERE id > %s ORDER BY id", before)
    return [row[0] for row in rows]


def _newest(server: Server) -> int:
    return int(server.query("SELECT coalesce(max(id), 0) FROM archive.quarantine")[0][0])


_IMAGE, *_ = images(1, 5010)
_WHOLE = _IMAGE.data_set
_ROWS = _WHOLE.index(b"\x28\x00\x10\x00US")
_PIXELS = _WHOLE.index(b"\xe0\x7f\x10\x00OW")
_META = element(0x00020010, b"UI", b"1.2.840.10008.1.2.2")


def _deep(levels: int) -> bytes:
    opening = b"\x08\x00\x15\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    closing = b"\xfe\xff\x0d\xe0\0\0\0\0" + b"\xfe\xff\xdd\xe0\0\0\0\0"
    return opening * levels + closing * levels


@pytest.mark.parametrize(
    "data_set",
    [
        _WHOLE[:_PIXELS] + _WHOLE[_PIXELS : _PIXELS + 12] + bytes(100),
        _WHOLE[:_PIXELS] + element(0x7FE00010, b"OW", bytes(100)),
        _WHOLE[: _PIXELS // 2],
        _WHOLE[:_PIXELS] + b"\xe0\x7f\x10\x00OW\0\0\xfe\xff\xff\xff",
        _WHOLE[:_ROWS] + b"\x28\x00\x10\x00US\xff\xff" + _WHOLE[_ROWS + 8 :],
        b"\0" * 300,
        b"\xff" * 300,
        b"\x02\x00\x01\x00",
        b"\x02\x00\x01\x00zz" + bytes(40),
        b"\x02\x00\x01\x00OB\0\0\xff\xff\xff\xff",
        b"x",
        _deep(500)[:4000],
    ],
    ids=[
        "pixels cut off",
        "pixels too short",
        "half a data set",
        "length beyond the end",
        "length of Rows",
        "zeros",
        "ones",
        "half an element of the meta group",
        "nonsense in the meta group",
        "endless meta group",
        "one byte",
        "deep and cut",
    ],
)
def test_a_broken_data_set_gets_a_status_and_lies_in_quarantine(
    server: Server, region: Region, data_set: bytes
) -> None:
    before = _newest(server)
    status, comment = _store(server, _IMAGE.uid, data_set)
    assert status in {_CANNOT_UNDERSTAND, _MISMATCH}
    assert comment
    find(server, region.token_a)
    assert len(_reason(server, before)) == 1


def test_a_data_set_that_begins_with_a_meta_header_is_kept_as_it_came(server: Server, region: Region) -> None:
    image, *_ = images(1, 5011)
    data_set = _META + image.data_set
    status, _ = _store(server, image.uid, data_set)
    find(server, region.token_a)
    kept = [
        path for path in (server.settings.data_dir / "objects").rglob("*.*") if path.read_bytes().endswith(data_set)
    ]
    assert len(kept) == 1
    assert (kept[0].suffix == ".dcm") == (status == _STORED)


def test_sequences_500_deep_are_taken(server: Server, region: Region) -> None:
    image, *_ = images(1, 5012)
    place = image.data_set.index(b"\x10\x00\x10\x00PN")
    data_set = image.data_set[:place] + _deep(500) + image.data_set[place:]
    before = _newest(server)
    status, _ = _store(server, image.uid, data_set)
    assert status in {_STORED, _CANNOT_UNDERSTAND}
    found = find(server, region.token_a, StudyInstanceUID=image.study)
    assert len(found) + len(_reason(server, before)) == 1


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99", JPEG_2000])
def test_a_data_set_of_another_transfer_syntax_than_announced_is_told(
    server: Server, region: Region, syntax: str
) -> None:
    image, *_ = images(1, 5013)
    before = _newest(server)
    status, comment = _store(server, image.uid, image.data_set, syntax=syntax)
    assert status in {_CANNOT_UNDERSTAND, _MISMATCH}
    assert comment
    find(server, region.token_a)
    assert len(_reason(server, before)) == 1


def test_another_image_than_announced_is_told(server: Server, region: Region) -> None:
    image, other = images(2, 5014)
    before = _newest(server)
    assert _store(server, other.uid, image.data_set)[0] == _MISMATCH
    assert _store(server, image.uid, image.data_set, sop_class=SECONDARY_CAPTURE)[0] == _MISMATCH
    find(server, region.token_a)
    assert len(_reason(server, before)) == 2


_HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "1.2.3/../../x",
    "1" * 300,
    "1.2\x01\x02.3",
    "1.2\n3",
    "'; DROP TABLE x",
    "1.2 3",
]


@pytest.mark.parametrize("uid", _HOSTILE, ids=range(len(_HOSTILE)))
def test_a_hostile_uid_is_refused(server: Server, region: Region, uid: str) -> None:
    before = set(server.settings.data_dir.parent.rglob("*passwd*"))
    with _line(server) as line:
        line.sendall(_request())
        assert _answer(line)[0] == _ACCEPT
        command = _command("1.2.3")
        raw = uid.encode() + b"\0" * (len(uid) % 2)
        mark = b"\0\0\x00\x10\x06\0\0\x001.2.3\0"
        assert mark in command
        changed = command.replace(mark, b"\0\0\x00\x10" + struct.pack("<I", len(raw)) + raw)
        line.sendall(_pdu(4, _value(3, changed)) + _pdu(4, _value(2, Image(uid[:60]).data_set)))
        answer = _answer(line)
        assert answer[0] in {4, _ABORT}
        if answer[0] == 4:
            [status] = struct.unpack_from("<H", answer, answer.index(b"\0\0\x00\x09\x02\0\0\0") + 8)
            assert status in {_NO_UID, _CANNOT_UNDERSTAND}
    assert set(server.settings.data_dir.parent.rglob("*passwd*")) == before
    assert find(server, region.token_a, limit="5000", PatientName="Hostile") == []


@pytest.mark.parametrize("uid", _HOSTILE, ids=range(len(_HOSTILE)))
def test_hostile_uids_of_study_and_series_stay_texts(server: Server, region: Region, uid: str) -> None:
    image, *_ = images(1, 5100 + _HOSTILE.index(uid))
    hostile = Image(image.uid, study=uid, series=uid, patient_id=f"HOSTILE-{_HOSTILE.index(uid)}")
    status, _ = _store(server, image.uid, hostile.data_set)
    assert status in {_STORED, _CANNOT_UNDERSTAND}
    found = find(server, region.token_a, PatientID=hostile.patient_id)
    assert len(found) == (status == _STORED)
    for item in found:
        assert re.fullmatch(r"[0-9A-Za-z._-]{1,64}", item["0020000D"]["Value"][0])


@pytest.mark.hazard("H-09")
def test_no_name_or_number_of_a_patient_is_in_the_log(server: Server) -> None:
    text = server.log()
    for secret in ("Test^Image", "P0001", "HOSTILE-", "Wang", "Only^A", "TEN-A"):
        assert secret not in text
