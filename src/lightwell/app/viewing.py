"""The page of the lean viewer, with the study that it shows already opened in it.

Whoever asks for it over a thin line sees a picture with the first answer, before any script came, and the frame without
loss comes after it on the same connection: to ask for it would cost a way there and back, and another connection that
has to get up to speed. The page's own script reads what stands in the page instead of asking for it. Where nothing can
be shown (nobody is signed in, there is no such study) the page comes without, and its script asks again and says why.
"""

import asyncio
import base64
import logging
import zlib
from collections.abc import AsyncGenerator, Sequence
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lightwell.archive import Archive
from lightwell.archive.beginning import Wish
from lightwell.archive.dicomweb.opening import Opened, Opening, opened
from lightwell.core import logs
from lightwell.core.actors import Permission
from lightwell.core.errors import LightwellError
from lightwell.core.http.endpoints import actor_of
from lightwell.core.http.pages import Pages
from lightwell.core.machines import Machines

log = logging.getLogger(__name__)
MARKER: Final = b"<!--opening-->"
FRAME_MARKER: Final = b"<!--frame-->"
_SHELL: Final = "view.html"
_LEVEL: Final = 1  # what is long in it is packed already; only what base64 adds is to be taken out again
_GZIP: Final = 16 + zlib.MAX_WBITS
_LONGEST_FRAME: Final = 512 << 10
_ESCAPES: Final = {
    b"<": b"\\u003c",
    b">": b"\\u003e",
    b"&": b"\\u0026",
    "\u2028".encode(): b"\\u2028",
    "\u2029".encode(): b"\\u2029",
}
"""What could end a script element, or a text in JavaScript, written so that it cannot."""


async def page(machines: Machines, archive: Archive, request: Request, pages: Pages, study: str) -> Response:
    """Show a study in the lean viewer."""
    before, after = pages.shell(_SHELL).split(MARKER, 1)
    between, end = after.split(FRAME_MARKER, 1)
    found = await _opened(machines, archive, request, study)
    frame = b"" if found is None else await frame_of(found)
    seen = b"" if found is None else written(found.told, has_frame=bool(frame))
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    pieces = [before + seen + between, frame + end]
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        pieces = await asyncio.to_thread(_packed, pieces)
    return StreamingResponse(_each(pieces), headers=headers, media_type="text/html")


async def _each(pieces: Sequence[bytes]) -> AsyncGenerator[bytes]:
    for piece in pieces:
        yield piece


def _packed(pieces: Sequence[bytes]) -> list[bytes]:
    """Pack the pieces of an answer so that each can be read before the next is here (RFC 1952)."""
    pack = zlib.compressobj(_LEVEL, wbits=_GZIP)
    packed = [pack.compress(piece) + pack.flush(zlib.Z_SYNC_FLUSH) for piece in pieces]
    return [*packed, pack.flush()]


async def _opened(machines: Machines, archive: Archive, request: Request, study: str) -> Opened | None:
    try:
        wish = msgspec.convert(dict(request.query_params), Wish, strict=False)
        actor = await actor_of(request, machines, Permission.ARCHIVE_READ)
        return await opened(actor, archive, request, wish, study)
    except (LightwellError, msgspec.ValidationError):
        return None
    except Exception as error:  # noqa: BLE001 -- the page can do without
        logs.event(log, logging.WARNING, "a study was not opened in its page", error=error)
        return None


async def frame_of(found: Opened) -> bytes:
    """Write the first frame as HTML; nothing of one that is long, gone, or not ready: that is asked for instead."""
    frame = found.frame
    if frame is None or frame.length > _LONGEST_FRAME:
        return b""
    try:
        content = await asyncio.to_thread(frame.read, frame.offset, frame.length)
    except LightwellError:  # what was prepared is gone; the images are there all the same
        return b""
    return b'<script type="text/plain" id="first-frame">%s</script>' % base64.b64encode(content)


def written(told: Opening, *, has_frame: bool) -> bytes:
    """Write an opened study as HTML: its first picture, then everything else as JSON."""
    first = told.first
    if first is None or first.picture is None:
        return _script(told, has_frame=has_frame)
    picture = base64.b64encode(first.picture)
    rest = msgspec.structs.replace(told, first=msgspec.structs.replace(first, picture=None))
    return b'<img id="first-picture" elementtiming="first-picture" alt="" src="data:image/jpeg;base64,%s">%s' % (
        picture,
        _script(rest, has_frame=has_frame),
    )


def _script(told: Opening, *, has_frame: bool) -> bytes:
    text = msgspec.json.encode(told)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    mark = b" data-has-frame" if has_frame else b""
    return b'<script type="application/json" id="opening"%s>%s</script>' % (mark, text)
