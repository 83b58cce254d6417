"""OHIF as its makers build it, served as well as it can be on a thin line.

Its files are compressed with brotli and cached for ever, and it asks for frames in HTJ2K, which lie ready.

Its files come from ``.peers`` (``.ci/run`` says how they get there); DICOMweb is handed on to a Lightwell beside it,
with its token. Runs as ``python -m bench.ohif '{"host": …}'`` in a process of its own until it is ended.
"""

import asyncio
import json
import ssl
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import httpx
import imagecodecs
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bench.peers import wait_for_port
from lightwell.core.net import sockets
from tests.browser.ohif import CONFIG, DIST, TYPES

_ACCEPT = b"acceptHeader: ['multipart/related; type=\"image/jphc\"; transfer-syntax=1.2.840.10008.1.2.4.202'], "
_CONFIG = CONFIG.replace(b"imageRendering:", _ACCEPT + b"imageRendering:")
_PACKED = (".js", ".css", ".html", ".wasm", ".svg", ".json")
_BROTLI_LEVEL = 9
_FOR_EVER = "public, max-age=31536000, immutable"
_HANDED_OVER = ("accept", "accept-encoding", "range")
_HANDED_BACK = ("content-type", "content-encoding", "content-length", "etag", "cache-control", "vary")


@dataclass(frozen=True, slots=True)
class Place:
    """Where OHIF is served, by which certificate, and the Lightwell behind it."""

    host: str
    port: int
    certificate: str
    key: str
    authority: str
    upstream: str
    token: str

    @property
    def url(self) -> str:
        """Where browsers find it."""
        return f"https://{self.host}:{self.port}"


@contextmanager
def running(place: Place) -> Generator[Place]:
    """Serve OHIF while this lasts.

    Raises:
        SystemExit: its files are not there.
    """
    if not DIST.is_dir():
        message = f"OHIF is not in {DIST}; .ci/run says how it is brought"
        raise SystemExit(message)
    pack()
    with subprocess.Popen([sys.executable, "-m", "bench.ohif", json.dumps(asdict(place))]) as server:
        try:
            wait_for_port(place.port, place.host)
            yield place
        finally:
            server.kill()


def pack() -> None:
    """Compress the files of OHIF beside themselves, once."""
    for file in DIST.rglob("*"):
        packed = file.with_name(file.name + ".br")
        if file.suffix in _PACKED and not packed.exists():
            packed.write_bytes(imagecodecs.brotli_encode(file.read_bytes(), level=_BROTLI_LEVEL))


async def _file(request: Request) -> Response:
    """Return a file, or the shell for an address that is none."""
    name = request.path_params["path"]
    file = DIST / name
    file = file if name and file.is_file() and name != "sw.js" else DIST / "index.html"
    if name == "app-config.js":
        return Response(_CONFIG, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
    headers = {"Cache-Control": "no-cache" if file.suffix == ".html" else _FOR_EVER}
    packed = file.with_name(file.name + ".br")
    if packed.is_file() and "br" in request.headers.get("accept-encoding", ""):
        file, headers = packed, headers | {"Content-Encoding": "br"}
    kind = TYPES.get(Path(file.name.removesuffix(".br")).suffix, "application/octet-stream")
    return Response(file.read_bytes(), media_type=kind, headers=headers)


async def _hand_over(client: httpx.AsyncClient, request: Request) -> Response:
    """Ask the Lightwell behind, and give its bytes as they come."""
    headers = {name: value for name, value in request.headers.items() if name in _HANDED_OVER}
    asked = client.build_request("GET", str(request.url.replace(scheme="", netloc="")), headers=headers)
    answer = await client.send(asked, stream=True)

    async def body() -> AsyncGenerator[bytes]:
        async for piece in answer.aiter_raw():
            yield piece
        await answer.aclose()

    kept = {name: answer.headers[name] for name in _HANDED_BACK if name in answer.headers}
    return StreamingResponse(body(), answer.status_code, kept)


def application(place: Place) -> Starlette:
    """Return OHIF's files, and DICOMweb beside them."""
    client = httpx.AsyncClient(
        base_url=place.upstream,
        headers={"Authorization": f"Bearer {place.token}"},
        verify=ssl.create_default_context(cafile=place.authority),
        timeout=120,
    )
    hand_over = partial(_hand_over, client)
    return Starlette(
        routes=[
            Route("/dicom-web/{path:path}", hand_over),
            Route("/wado", hand_over),
            Route("/{path:path}", _file),
        ]
    )


def main() -> None:
    """Serve until this process is ended."""
    place = Place(**json.loads(sys.argv[1]))
    config = uvicorn.Config(
        application(place),
        log_config=None,
        timeout_keep_alive=75,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
    )
    asyncio.run(uvicorn.Server(config).serve(sockets=[sockets.bind(place.host, place.port)]))


if __name__ == "__main__":
    main()
