"""What goes wrong around the archive: no room, no database, peers that dawdle, many that wait."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from lightwell.standards.dicom.items import PresentationContext
from lightwell.standards.dicom.pdu import AssociateRq
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, find, images, stored, values
from tests.region import Region, Server, running_server, wait_for
from tests.sender import Sender

_STORED, _NO_ROOM = 0x0000, 0xA700
_BIG = bytes(100_000)


def _sender(server: Server) -> Sender:
    return Sender(server.dicom_port, [(CT, EXPLICIT_LITTLE)])


def _store(sender: Sender, image: Image) -> int:
    return sender.store(CT, image.uid, image.data_set).status


@contextlib.contextmanager
def _small_disk() -> Generator[Path]:
    """Lend a disk of 2 MB."""
    with tempfile.TemporaryDirectory(prefix="lightwell-disk-") as folder:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "lightwell-test", folder], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("only root can mount a small disk")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=False)


@pytest.mark.hazard("H-03")
@pytest.mark.parametrize("min_free_mb", [0, 1], ids=["the disk refuses", "less is left than should be"])
def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(min_free_mb: int) -> None:
    with (
        _small_disk() as disk,
        running_server(objects_url=f"file://{disk / 'objects'}", spool_dir=disk / "spool", min_free_mb=min_free_mb) as (
            server,
            region,
        ),
    ):
        sender = _sender(server)
        wanted = images(40, 6001, pixels=_BIG)
        statuses = {image.uid: _store(sender, image) for image in wanted}
        assert set(statuses.values()) == {_STORED, _NO_ROOM}
        kept = [image for image in wanted if statuses[image.uid] == _STORED]
        refused = [image for image in wanted if statuses[image.uid] == _NO_ROOM]
        for image in kept:
            assert stored(server, region.token_a, image) == image.data_set
        assert not list((disk / "spool" / "incoming").iterdir())
        subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
        assert wait_for(lambda: _store(sender, refused[0]) == _STORED, 20)
        assert {_store(sender, image) for image in refused} == {_STORED}
        sender.release()
        address = wanted[0].address.rpartition("/")[0]
        assert set(values(find(server, region.token_a, address), "00080018")) == {image.uid for image in wanted}


def _freeze(server: Server) -> Callable[[], None]:
    """Stop all processes of the database; return how they go on."""
    main = server.postgres_pid()
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    pids = [main, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)

    def thaw() -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    return thaw


def _kill(server: Server) -> Callable[[], None]:
    server.kill_postgres()
    return lambda: None


@pytest.mark.hazard("H-11")
@pytest.mark.parametrize("fault", [_freeze, _kill], ids=["frozen", "killed"])
def test_images_are_taken_while_the_database_is_away(fault: Callable[[Server], Callable[[], None]]) -> None:
    with running_server() as (server, region):
        sender = _sender(server)
        wanted = images(60, 6002)
        assert _store(sender, wanted[0]) == _STORED
        assert find(server, region.token_a, StudyInstanceUID=wanted[0].study)
        mend = fault(server)
        try:
            statuses = {image.uid: _store(sender, image) for image in wanted[:40]}
        finally:
            mend()
        statuses |= {image.uid: _store(sender, image) for image in wanted[40:]}
        sender.release()
        assert set(statuses.values()) <= {_STORED, _NO_ROOM}
        kept = {uid for uid, status in statuses.items() if status == _STORED}
        assert len(kept) > 20
        address = wanted[0].address.rpartition("/")[0]
        assert wait_for(lambda: _found(server, region, address) >= kept, 60)


def _found(server: Server, region: Region, address: str) -> set[str]:
    answer = server.get(address, region.token_a)
    return set(values(answer.json(), "00080018")) if answer.status_code == 200 else set()


def test_who_calls_or_searches_while_the_database_hangs_is_served(server: Server, region: Region) -> None:
    image, *_ = images(1, 6005)
    _sender(server).release()
    thaw = _freeze(server)
    answers: list[int] = []
    search = threading.Thread(
        target=lambda: answers.append(server.get("/dicom-web/studies", region.token_a).status_code)
    )
    try:
        search.start()
        for _ in range(3):
            threading.Event().wait(1.5)  # what is known of the peers grows stale
            sender = _sender(server)
        assert _store(sender, image) == _STORED
    finally:
        thaw()
    search.join(30)
    assert answers in ([200], [503])
    assert wait_for(lambda: bool(find(server, region.token_a, StudyInstanceUID=image.study)), 20)


@pytest.fixture(scope="module")
def impatient() -> Generator[tuple[Server, Region]]:
    """A server that waits one second for a request, and two for the next message."""
    with running_server(dicom_artim_s=1, dicom_idle_s=2) as pair:
        yield pair


def _request() -> bytes:
    return AssociateRq("LIGHTWELL", "CT_A", (PresentationContext(1, CT, (EXPLICIT_LITTLE,)),)).encode()


def _is_let_go(line: socket.socket) -> bool:
    """Wait until the other side ends the connection."""
    try:
        while line.recv(4096):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


def _drip(line: socket.socket, content: bytes, stop: threading.Event) -> None:
    """Send a byte now and then, for as long as the other side takes it."""
    with contextlib.suppress(OSError):
        for place in range(len(content)):
            line.sendall(content[place : place + 1])
            if stop.wait(0.2):
                return


def test_a_request_that_drips_is_ended(impatient: tuple[Server, Region]) -> None:
    stop = threading.Event()
    with socket.create_connection(("127.0.0.1", impatient[0].dicom_port), timeout=20) as line:
        drip = threading.Thread(target=_drip, args=(line, _request(), stop))
        drip.start()
        assert _is_let_go(line)
        stop.set()
        drip.join()


def test_a_silent_connection_is_ended(impatient: tuple[Server, Region]) -> None:
    with socket.create_connection(("127.0.0.1", impatient[0].dicom_port), timeout=20) as line:
        assert _is_let_go(line)


def test_an_idle_association_is_ended(impatient: tuple[Server, Region]) -> None:
    with socket.create_connection(("127.0.0.1", impatient[0].dicom_port), timeout=20) as line:
        line.sendall(_request())
        assert line.recv(1) == b"\x02"
        assert _is_let_go(line)


def test_a_rejected_caller_who_stays_is_let_go(impatient: tuple[Server, Region]) -> None:
    with socket.create_connection(("127.0.0.1", impatient[0].dicom_port), timeout=20) as line:
        line.sendall(_request().replace(b"CT_A", b"CT_X"))
        assert line.recv(1) == b"\x03"
        assert _is_let_go(line)


def test_200_idle_associations_disturb_nobody(server: Server, region: Region) -> None:
    idle = [_sender(server) for _ in range(200)]
    busy = _sender(server)
    wanted = images(20, 6003)
    assert [_store(busy, image) for image in wanted] == [_STORED] * 20
    assert [_store(sender, image) for sender, image in zip(idle[::20], images(10, 6004), strict=True)] == [_STORED] * 10
    for sender in [*idle, busy]:
        sender.release()
    assert values(find(server, region.token_a, StudyInstanceUID=wanted[0].study), "00201208") == [20]


def test_one_association_too_many_is_rejected_for_now() -> None:
    with running_server(max_associations=3) as (server, _):
        senders = [_sender(server) for _ in range(3)]
        with pytest.raises(ConnectionRefusedError, match="reason=2"):
            _sender(server)
        senders.pop().release()
        assert wait_for(lambda: _can_call(server))


def _can_call(server: Server) -> bool:
    try:
        _sender(server).release()
    except ConnectionRefusedError:
        return False
    return True
