"""STOW-RS through the running server: what was answered for is there byte for byte, what was not is told."""

import io
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import numpy as np
import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient

from lightwell.archive.dicomweb.multipart import MultipartReader, PartBegins, PartEnds
from lightwell.core.errors import InvalidRequest
from lightwell.standards.dicom.part10 import file_meta
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image, find, images, stored
from tests.region import Region, Server, wait_for

_PATH = "/dicom-web/studies"
_BOUNDARY = "a-boundary-of-our-own"
_TYPE = f'multipart/related; type="application/dicom"; boundary={_BOUNDARY}'


def _file(image: Image) -> bytes:
    return file_meta(CT, image.uid, EXPLICIT_LITTLE) + image.data_set


def _body(files: Sequence[bytes], head: bytes = b"Content-Type: application/dicom\r\n") -> bytes:
    parts = (b"--" + _BOUNDARY.encode() + b"\r\n" + head + b"\r\n" + file + b"\r\n" for file in files)
    return b"".join(parts) + b"--" + _BOUNDARY.encode() + b"--"


def _post(
    server: Server, token: str, content: Any, kind: str = _TYPE, path: str = _PATH, **headers: str
) -> httpx.Response:
    sent = {"Authorization": f"Bearer {token}", "Content-Type": kind, **headers}
    return httpx.post(server.url + path, content=content, headers=sent, timeout=120)


def _uids(answer: httpx.Response, sequence: str = "00081199") -> list[str]:
    items = answer.json().get(sequence, {}).get("Value", [])
    return [item["00081155"]["Value"][0] if "00081155" in item else "" for item in items]


def _reasons(answer: httpx.Response, sequence: str = "00081198") -> list[int]:
    return [item["00081197"]["Value"][0] for item in answer.json()[sequence]["Value"]]


def test_the_client_of_others_stores_images(server: Server, region: Region) -> None:
    wanted = images(5, 8200)
    client = DICOMwebClient(f"{server.url}/dicom-web", headers={"Authorization": f"Bearer {region.token_a}"})
    answer = client.store_instances([pydicom.dcmread(io.BytesIO(_file(image))) for image in wanted])
    assert len(answer.ReferencedSOPSequence) == 5
    assert answer.RetrieveURL == f"{server.url}/dicom-web/studies/{wanted[0].study}"
    found = client.retrieve_series(wanted[0].study, wanted[0].series)
    assert {str(image.SOPInstanceUID) for image in found} == {image.uid for image in wanted}


def test_what_is_stored_equals_what_was_sent(server: Server, region: Region) -> None:
    wanted = images(40, 8201)
    answer = _post(server, region.token_a, _body([_file(image) for image in wanted]))
    assert answer.status_code == 200
    assert _uids(answer) == [image.uid for image in wanted]
    for image in wanted[::7]:
        assert stored(server, region.token_a, image) == image.data_set


def test_one_file_may_come_alone(server: Server, region: Region) -> None:
    (image,) = images(1, 8202)
    answer = _post(server, region.token_a, _file(image), "application/dicom")
    assert _uids(answer) == [image.uid]
    assert stored(server, region.token_a, image) == image.data_set
    again = _post(server, region.token_a, _file(image), "application/dicom")
    assert again.status_code == 200, "the same image again is no fault"


def test_a_large_image_in_small_pieces_fits_into_little_memory(server: Server, region: Region) -> None:
    (first, *_) = images(1, 8203)
    image = Image(first.uid, first.study, first.series, pixels=bytes(300 << 20))
    content = _body([_file(image)])
    before = _peak_kb(server)

    def pieces() -> Iterator[bytes]:
        for place in range(0, len(content), 1 << 16):
            yield content[place : place + (1 << 16)]

    answer = _post(server, region.token_a, pieces())
    assert _uids(answer) == [image.uid]
    assert _peak_kb(server) - before < 60_000
    assert stored(server, region.token_a, image) == image.data_set


def _peak_kb(server: Server) -> int:
    assert server.process is not None
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as lines:  # noqa: PTH123 -- the kernel's file
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def test_each_file_is_answered_for_by_itself(server: Server, region: Region) -> None:
    good, other = images(1, 8204)[0], images(2, 8205)[1]
    bad_uid = file_meta(CT, "no uid", EXPLICIT_LITTLE) + good.data_set
    mismatch = file_meta(CT, "1.2.3.4", EXPLICIT_LITTLE) + other.data_set
    broken = file_meta(CT, other.uid, EXPLICIT_LITTLE) + other.data_set[:100]
    answer = _post(server, region.token_a, _body([_file(good), b"junk", bad_uid, mismatch, broken, b""]))
    assert answer.status_code == 202
    assert _uids(answer) == [good.uid]
    assert _reasons(answer) == [0x0117, 0xA900, 0xC000]
    assert _reasons(answer, "0008119A") == [0xC000, 0xC000], "what does not say which image it is"
    assert len(find(server, region.token_a, StudyInstanceUID=good.study)) == 1
    assert not find(server, region.token_a, StudyInstanceUID=other.study)


def test_what_cannot_be_understood_lies_in_quarantine(server: Server, region: Region) -> None:
    (image,) = images(1, 8206)
    broken = file_meta(CT, image.uid, EXPLICIT_LITTLE) + image.data_set[:60]
    answer = _post(server, region.token_a, _body([broken]))
    assert answer.status_code == 409
    count = "SELECT count(*) FROM archive.quarantine WHERE source = 'STOW-RS (user-a)' AND length > 400"
    assert wait_for(lambda: server.query(count)[0][0] > 0)


def test_an_address_of_a_study_takes_that_study_only(server: Server, region: Region) -> None:
    mine, other = images(1, 8207)[0], images(1, 8208)[0]
    answer = _post(server, region.token_a, _body([_file(mine), _file(other)]), path=f"{_PATH}/{mine.study}")
    assert answer.status_code == 202
    assert (_uids(answer), _uids(answer, "00081198")) == ([mine.uid], [other.uid])
    assert _reasons(answer) == [0xA900]
    assert not find(server, region.token_a, StudyInstanceUID=other.study)


def test_a_body_cut_anywhere_keeps_the_whole_images_before(server: Server, region: Region) -> None:
    wanted = images(6, 8209)
    content = _body([_file(image) for image in wanted])
    ends = [len(_body([_file(image) for image in wanted[:n]])) for n in range(7)]
    for cut in sorted(int(n) for n in np.random.default_rng(3).integers(1, len(content) - 3, 12)):
        answer = _post(server, region.token_a, content[:cut])
        assert answer.status_code == 400
        whole = sum(end - 2 <= cut for end in ends[1:])
        assert f"{whole} whole images before" in answer.json()["detail"]
    assert _post(server, region.token_a, content).status_code == 200
    for image in wanted:
        assert stored(server, region.token_a, image) == image.data_set


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("text/plain", b"hello", 415),
        ("application/dicom+json", b"[]", 415),
        ('multipart/related; type="application/dicom"', b"--x", 400),
        (f'multipart/related; type="application/dicom"; boundary={"b" * 300}', b"--x", 400),
        (_TYPE.replace(_BOUNDARY, "another"), _body([b"1234"]), 400),
        (_TYPE, b"", 400),
        (_TYPE, b"--" + _BOUNDARY.encode() + b"--", 400),
        (_TYPE, _body([b"{}"], b"Content-Type: application/dicom+json\r\n"), 415),
        (_TYPE, _body([b"1"], b"X: " + b"y" * 20_000 + b"\r\n"), 400),
        ("application/dicom", b"", 409),
        ("application/dicom", b"\0" * 128 + b"DICM", 409),
    ],
    ids=[
        *(
            "text",
            "json",
            "no boundary",
            "long boundary",
            "another boundary",
            "nothing",
            "no part",
            "part of another kind",
        ),
        *("long headers", "empty file", "head only"),
    ],
)
def test_what_is_no_upload_is_refused(server: Server, region: Region, kind: str, content: bytes, status: int) -> None:
    answer = _post(server, region.token_a, content, kind)
    assert answer.status_code == status
    assert answer.json()


def test_ten_thousand_pieces_of_junk_do_no_harm(server: Server, region: Region) -> None:
    answer = _post(server, region.token_a, _body([b"junk"] * 10_000))
    assert answer.status_code == 409
    assert _reasons(answer, "0008119A") == [0xC000] * 10_000


def test_a_caller_that_goes_away_leaves_nothing_behind(server: Server, region: Region) -> None:
    first, second = images(2, 8210)
    content = _body([_file(first), _file(second)])
    head = f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {region.token_a}\r\nContent-Type: {_TYPE}\r\n"
    with socket.create_connection(("127.0.0.1", server.http_port)) as line:
        line.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content[:-200])
        assert wait_for(lambda: len(find(server, region.token_a, StudyInstanceUID=first.study)) == 1)
    spool = server.settings.data_dir / "spool" / "incoming"
    assert wait_for(lambda: not list(spool.iterdir()))
    assert server.get(second.address, region.token_a).status_code == 404


def _token(server: Server, username: str, *roles: tuple[str, str]) -> str:
    """Return a token of somebody new, who has these roles, each in a hospital."""
    for place, (hospital, role) in enumerate(roles):
        where = ("--organisation", hospital, "--role", role)
        act = ("join", username) if place else ("create", username, "--password", "a-long-pass-phrase-4")
        told = server.run("user", *act, *where)
        assert told.returncode == 0, told.stderr
    told = server.run("token", "create", "--user", username)
    assert told.returncode == 0, told.stderr
    return next(word for word in told.stdout.split() if word.startswith("lw_"))


def test_a_reader_stores_nothing(server: Server) -> None:
    (image,) = images(1, 8213)
    token = _token(server, "reader-only", ("a", "reader"))
    assert _post(server, token, _file(image), "application/dicom").status_code == 403
    assert server.get(image.address, token).status_code == 404


def test_a_role_in_one_hospital_stores_nothing_in_another(server: Server, region: Region) -> None:
    (image,) = images(1, 8214)
    token = _token(server, "engineer-of-a", ("a", "engineer"), ("b", "reader"))
    refused = _post(server, token, _file(image), "application/dicom", f"{_PATH}?organisation=b")
    assert refused.status_code == 403
    assert server.get(image.address, region.token_b).status_code == 404
    assert _post(server, token, _file(image), "application/dicom").status_code == 200, "there is one it can be"
    assert stored(server, region.token_a, image) == image.data_set


def test_who_may_store_for_several_hospitals_says_for_which(server: Server, region: Region) -> None:
    (image,) = images(1, 8215)
    token = _token(server, "engineer-of-both", ("a", "engineer"), ("b", "engineer"))
    unsaid = _post(server, token, _file(image), "application/dicom")
    assert unsaid.status_code == 400
    assert "organisation" in unsaid.json()["detail"]
    path = f"{_PATH}?organisation=b"
    assert _post(server, token, _file(image), "application/dicom", path).status_code == 200
    assert stored(server, region.token_b, image) == image.data_set
    assert server.get(image.address, region.token_a).status_code == 404


def test_another_hospital_changes_nothing_of_ours(server: Server, region: Region) -> None:
    (image,) = images(1, 8211)
    assert _post(server, region.token_a, _file(image), "application/dicom").status_code == 200
    forged = Image(image.uid, image.study, image.series, name=b"Other^Name", shade=9)
    assert _post(server, region.token_b, _file(forged), "application/dicom").status_code == 200
    assert stored(server, region.token_a, image) == image.data_set
    assert stored(server, region.token_b, forged) == forged.data_set


def test_nobody_stores_for_a_hospital_of_others(server: Server, region: Region) -> None:
    (image,) = images(1, 8212)
    path = f"{_PATH}?organisation=b"
    assert _post(server, region.token_a, _file(image), "application/dicom", path).status_code == 403


@pytest.mark.parametrize("seed", range(3))
def test_the_reader_finds_the_parts_however_the_body_is_cut(seed: int) -> None:
    noise = np.random.default_rng(seed)
    parts = [noise.integers(0, 256, int(size), "u1").tobytes() for size in noise.integers(0, 5000, 20)]
    parts += [b"\r\n--" + _BOUNDARY.encode()[:-1], b"\r\n", b"-" * 100, b"\r\n--\r\n" * 50]
    content = b"preamble\r\n" + _body(parts) + b"\r\nepilogue"
    reader = MultipartReader(_BOUNDARY)
    found: list[bytes] = []
    ended = at = 0
    while at < len(content):
        size = int(noise.integers(1, 300))
        for event in reader.feed(content[at : at + size]):
            if isinstance(event, PartBegins):
                assert event.headers == {"content-type": "application/dicom"}
                found.append(b"")
            elif isinstance(event, PartEnds):
                ended += 1
            else:
                found[-1] += event
        at += size
    assert found == parts
    assert reader.finish() == ended == len(parts)


def test_the_reader_says_what_is_missing() -> None:
    reader = MultipartReader(_BOUNDARY)
    assert not [event for event in reader.feed(_body([b"1"])[:-4]) if isinstance(event, bytes)]
    with pytest.raises(InvalidRequest, match="cut short"):
        reader.finish()
    with pytest.raises(InvalidRequest, match="does not come"):
        list(MultipartReader(_BOUNDARY).feed(b"x" * 200_000))
