"""The built pages: hashed assets for ever, the shells never cached, and 404 rather than a shell for a lost asset."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lightwell.core.errors import NotFound

_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_MISSING: Final = "there is no such page; build the pages with: make run"


@dataclass(frozen=True, slots=True)
class Pages:
    """The folder of the built pages, for handlers that write something into a shell."""

    folder: Path

    def shell(self, name: str) -> bytes:
        """Return a shell as it was built.

        Raises:
            NotFound: it was not.
        """
        path = self.folder / name
        if not path.is_file():
            raise NotFound(_MISSING)
        return path.read_bytes()


def routes(folder: Path) -> list[Route]:
    """Return the routes of the pages in a folder; any address that is no asset is the workstation's shell."""

    def asset(request: Request) -> Response:
        return _file(folder, f"assets/{request.path_params['path']}", request, "public, max-age=31536000, immutable")

    def shell(request: Request) -> Response:
        name = request.path_params.get("path", "")
        known = name if _is_top_level(folder, name) else "index.html"
        return _file(folder, known, request, "no-cache")

    return [Route("/assets/{path:path}", asset), Route("/{path:path}", shell)]


def _is_top_level(folder: Path, name: str) -> bool:
    return bool(name) and "/" not in name and not name.startswith(".") and (folder / name).is_file()


def _file(folder: Path, name: str, request: Request, caching: str) -> Response:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return Response(_MISSING, 404, media_type="text/plain")
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    accepted = request.headers.get("accept-encoding", "")
    for encoding, suffix in _ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if encoding in accepted and packed.is_file():
            headers["Content-Encoding"] = encoding
            path = packed
            break
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(path.read_bytes(), headers=headers, media_type=kind)
