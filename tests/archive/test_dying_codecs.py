"""A codec that crashes or hangs over an image fails that image only: its picture, never its series or the node."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import imagecodecs
import pytest

from tests.archive.test_wado import parts_of
from tests.journeys.images import SIDE, Image, images, send, stored
from tests.region import Region, Server, data_directory, populate, settings, wait_for

_DYING = Path(__file__).with_name("dying")
_SIZE = SIDE * SIDE * 2
_BAD = {"work_died": b"CRASH!", "work_timed_out": b"HANG!!"}
_HTJ2K = 'multipart/related; type="image/jphc"; transfer-syntax=1.2.840.10008.1.2.4.202'
_KIND = ((0x00280004, b"CS", b"MONOCHROME2"),)


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server whose codecs crash or hang over some images, and are given six seconds."""
    with data_directory() as data_dir:
        configured = settings(data_dir, study_quiet_s=1)
        region = populate(configured)
        server = Server(configured, extra={"PYTHONPATH": str(_DYING)}).start()
        yield server, region
        server.stop()


def _series(node: tuple[Server, Region], branch: int, bad: bytes) -> list[Image]:
    """Send a series of three images; the codec dies over the second."""
    wanted = [replace(image, shade=50 * n, further=_KIND) for n, image in enumerate(images(3, branch), 1)]
    wanted[1] = replace(wanted[1], pixels=bad.ljust(_SIZE, b"\1"))
    assert send(node[0], *wanted) == [0, 0, 0]
    return wanted


def _addresses(image: Image) -> dict[str, str]:
    parts = f"studyUID={image.study}&seriesUID={image.series}&objectUID={image.uid}"
    return {
        "rendered": f"{image.address}/rendered",
        "frame": f"{image.address}/frames/1/rendered",
        "thumbnail": f"{image.address}/thumbnail",
        "wado-uri": f"/wado?requestType=WADO&{parts}&contentType=image/jpeg",
    }


@pytest.mark.parametrize("address", ["rendered", "frame", "thumbnail", "wado-uri"])
@pytest.mark.parametrize("code", _BAD)
def test_a_picture_that_kills_its_codec_is_a_clear_error_and_the_next_is_made(
    node: tuple[Server, Region], code: str, address: str
) -> None:
    (server, region), place = node, list(_addresses(images(1, 1)[0])).index(address)
    good, bad, _ = _series(node, 8800 + 10 * list(_BAD).index(code) + place, _BAD[code])
    answer = server.get(_addresses(bad)[address], region.token_a)
    assert (answer.status_code, answer.json()["code"]) == (500, code)
    assert "as it is stored" in answer.json()["detail"]
    whole = server.get(_addresses(good)[address], region.token_a)
    assert whole.status_code == 200
    assert imagecodecs.imread(whole.content).size >= SIDE * SIDE
    assert stored(server, region.token_a, bad) == bad.data_set


def test_many_that_die_at_once_leave_the_pool_whole(node: tuple[Server, Region]) -> None:
    server, region = node
    good, bad, _ = _series(node, 8830, b"CRASH!")
    with ThreadPoolExecutor(12) as threads:
        paths = [f"{image.address}/rendered?quality={n}" for n in range(50, 62) for image in (bad, good)]
        answers = list(threads.map(lambda path: server.get(path, region.token_a).status_code, paths))
    assert sorted(answers) == [200] * 12 + [500] * 12
    assert server.get(f"{good.address}/rendered", region.token_a).status_code == 200


@pytest.mark.parametrize("code", _BAD)
def test_a_series_is_prepared_but_for_the_image_that_kills_its_codec(node: tuple[Server, Region], code: str) -> None:
    server, region = node
    first, bad, last = _series(node, 8840 + list(_BAD).index(code), _BAD[code])
    count = "SELECT p.instance_count FROM archive.prepared AS p JOIN archive.series AS x ON x.id = p.series_id"
    query = f"{count} WHERE x.series_instance_uid = %s"
    assert wait_for(lambda: server.query(query, bad.series) == [(3,)], 60)
    assert len(server.get(f"{bad.series_address}/metadata", region.token_a).json()) == 3
    for image in (first, last):
        ((_, frame),) = parts_of(server.get(f"{image.address}/frames/1", region.token_a, Accept=_HTJ2K))
        assert imagecodecs.htj2k_decode(frame).shape == (SIDE, SIDE)
    (following, *_) = _series(node, 8850 + list(_BAD).index(code), b"\1\0")
    assert wait_for(lambda: server.query(query, following.series) == [(3,)], 60), "the worker takes no more jobs"


def test_all_frames_of_a_study_break_off_where_the_codec_dies(node: tuple[Server, Region]) -> None:
    server, region = node
    good, _, _ = _series(node, 8860, b"CRASH!")
    headers = {"Authorization": f"Bearer {region.token_a}", "Accept": 'multipart/related; type="image/jpeg"'}
    with pytest.raises(httpx.HTTPError):  # never an end that looks like a whole answer
        httpx.get(f"{server.url}{good.study_address}/rendered", headers=headers, timeout=30)
    assert server.get(f"{good.address}/rendered", region.token_a).status_code == 200
