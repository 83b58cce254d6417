"""The lean viewer's page comes with the study in it, and without it never as an error."""

import base64
import html.parser
import io
import json
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import httpx
import imagecodecs
import pytest

from lightwell.app.node import open_node
from lightwell.app.urls import ENDPOINTS
from lightwell.app.viewing import frame_of, written
from lightwell.archive import Archive
from lightwell.archive.dicomweb.opening import First, Opened, Opening
from lightwell.core.errors import NotFound
from lightwell.core.http import app
from lightwell.core.http.files import Part, whole
from lightwell.core.machines import Machines
from tests.journeys.images import images, send
from tests.region import PASSWORD, Region, Server, running_server

_SHELL = "<!doctype html><title>Lightwell</title><body><main></main><!--opening--><p>end</p><!--frame--></body>"
_BARE = _SHELL.replace("<!--opening-->", "").replace("<!--frame-->", "")
_WINDOW = ((0x00280004, b"CS", b"MONOCHROME2"), (0x00281050, b"DS", b"1"), (0x00281051, b"DS", b"2"))
_NAME = "</script><script>\u2028alert(1)<!--&".encode()
_IMAGE, *_ = images(1, 7300, name=_NAME, charset=b"ISO_IR 192", further=_WINDOW)


class _Page(html.parser.HTMLParser):
    """Reads a page as a browser does."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts[self.elements[-1][0]] = data

    def attributes(self, tag: str) -> dict[str, str | None]:
        (found,) = [attributes for name, attributes in self.elements if name == tag]
        return found


@pytest.fixture(scope="module")
def region() -> Generator[tuple[Server, Region]]:
    """A data directory with an image in it."""
    with running_server() as (server, region):
        assert send(server, _IMAGE) == [0]
        server.stop()
        yield server, region


@pytest.fixture
async def client(region: tuple[Server, Region], tmp_path: Path) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of a node whose pages are those of this test."""
    (tmp_path / "view.html").write_text(_SHELL)
    async with open_node(region[0].settings) as node:
        await node.room.intake.start()
        application = app.build({Machines: node.machines, Archive: node.room}, ENDPOINTS, tmp_path, {})
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://node") as client:
            yield client
        await node.room.intake.stop()


def _as(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_the_page_holds_the_study_and_its_first_picture(
    client: httpx.AsyncClient, region: tuple[Server, Region]
) -> None:
    headers = _as(region[1].token_a)
    answer = await client.get(f"/view/{_IMAGE.study}", headers=headers)
    assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "img-src 'self' blob: data:" in policy
    assert "worker-src 'self'" in policy
    page = _Page(answer.text)
    assert [name for name, _ in page.elements] == ["title", "body", "main", "img", "script", "p"]
    kind, data = str(page.attributes("img")["src"]).split(",")
    assert kind == "data:image/jpeg;base64"
    assert imagecodecs.imread(io.BytesIO(base64.b64decode(data))).shape == (16, 16)
    assert page.attributes("img")["id"] == "first-picture"
    assert page.attributes("script") == {"type": "application/json", "id": "opening"}
    told: dict[str, Any] = json.loads(page.texts["script"])
    opened = (await client.get(f"/api/studies/{_IMAGE.study}/opening", headers=headers)).json()
    assert told.pop("first") == opened.pop("first") | {"picture": None}
    assert told == opened
    assert told["study"]["00100010"]["Value"][0]["Alphabetic"] == _NAME.decode()


async def test_whoever_takes_no_gzip_gets_the_page_as_it_is(
    client: httpx.AsyncClient, region: tuple[Server, Region]
) -> None:
    headers = _as(region[1].token_a) | {"Accept-Encoding": "identity"}
    answer = await client.get(f"/view/{_IMAGE.study}?instance={_IMAGE.uid}&series={_IMAGE.series}", headers=headers)
    assert "content-encoding" not in answer.headers
    assert 'id="opening"' in answer.text
    assert answer.text.startswith(_SHELL.partition("<!--")[0])
    assert answer.text.endswith("<p>end</p></body>")


async def test_a_session_opens_the_page_as_a_token_does(client: httpx.AsyncClient) -> None:
    body = {"username": "user-a", "password": PASSWORD}
    assert (await client.post("/api/session", json=body, headers={"X-Lightwell": "1"})).status_code == 200
    assert 'id="first-picture"' in (await client.get(f"/view/{_IMAGE.study}")).text
    assert (await client.post("/api/session/lock", headers={"X-Lightwell": "1"})).status_code == 204
    assert (await client.get(f"/view/{_IMAGE.study}")).text == _BARE


@pytest.mark.hazard("H-04")
@pytest.mark.parametrize(
    ("path", "who"),
    [
        (_IMAGE.study, "nobody"),
        (_IMAGE.study, "b"),
        ("1.2.3.4", "a"),
        ("%00", "a"),
        (f"{_IMAGE.study}?instance=1.2.3", "a"),
        (f"{_IMAGE.study}?frame=9", "a"),
        (f"{_IMAGE.study}?frame=x", "a"),
        (f"{_IMAGE.study}?organisation=b", "a"),
    ],
)
async def test_without_a_study_the_page_comes_bare(
    client: httpx.AsyncClient, region: tuple[Server, Region], path: str, who: str
) -> None:
    token = {"a": region[1].token_a, "b": region[1].token_b}.get(who, "lw_nobody")
    answer = await client.get(f"/view/{path}", headers=_as(token))
    assert (answer.status_code, answer.text) == (200, _BARE)
    assert answer.headers["cache-control"] == "no-store"


async def test_pages_that_were_not_built_are_said_to_be_missing(
    client: httpx.AsyncClient, region: tuple[Server, Region], tmp_path: Path
) -> None:
    (tmp_path / "view.html").unlink()
    answer = await client.get(f"/view/{_IMAGE.study}", headers=_as(region[1].token_a))
    assert (answer.status_code, "make run" in answer.json()["detail"]) == (404, True)


def _opened_with(frame: Part | None) -> Opened:
    return Opened(Opening({}, [], None), frame)


async def test_a_frame_comes_with_the_page_and_can_end_nothing_in_it() -> None:
    page = _Page((await frame_of(_opened_with(whole(bytes(range(256)))))).decode())
    assert page.attributes("script") == {"type": "text/plain", "id": "first-frame"}
    assert base64.b64decode(page.texts["script"]) == bytes(range(256))


def _gone(_offset: int, _length: int) -> bytes:
    message = "the file is gone"
    raise NotFound(message)


@pytest.mark.parametrize(
    "frame", [None, whole(bytes((512 << 10) + 1)), Part(_gone, lambda *_: False, 0, 16)], ids=["none", "long", "gone"]
)
async def test_a_frame_that_is_long_or_gone_is_asked_for_instead(frame: Part | None) -> None:
    assert await frame_of(_opened_with(frame)) == b""


def test_a_study_without_a_picture_is_json_alone() -> None:
    for first in (None, First({}, 1, 0, None, None, None)):
        page = _Page(written(Opening({}, [], first), has_frame=False).decode())
        assert [name for name, _ in page.elements] == ["script"]
        assert json.loads(page.texts["script"])["study"] == {}


def test_nothing_in_the_json_can_end_its_element() -> None:
    hostile = {"00100010": {"vr": "PN", "Value": [{"Alphabetic": "<!--</ScRiPt>&\u2028\u2029"}]}}
    text = written(Opening(hostile, [], None), has_frame=False).decode()
    inside = text[text.index(">") + 1 : text.rindex("<")]
    assert not set(inside) & set("<>&\u2028\u2029")
    assert json.loads(inside)["study"] == hostile
