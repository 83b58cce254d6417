"""The page of the lean viewer, with the study that it shows already opened in it.

Whoever asks for it over a thin line sees a picture with the first answer, before any script came. The page's own script
reads what stands in the page instead of asking for it. Where nothing can be shown (nobody is signed in, there is no
such study) the page comes without, and its script asks again and says why.
"""

import base64
import gzip
import logging
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import Archive
from lightwell.archive.beginning import Wish
from lightwell.archive.dicomweb.opening import Opening, opening
from lightwell.core import logs
from lightwell.core.actors import Permission
from lightwell.core.errors import LightwellError
from lightwell.core.http.endpoints import actor_of
from lightwell.core.http.pages import Pages
from lightwell.core.machines import Machines

log = logging.getLogger(__name__)
MARKER: Final = b"<!--opening-->"
_SHELL: Final = "view.html"
_LEVEL: Final = 5
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
    shell = pages.shell(_SHELL)
    content = shell.replace(MARKER, await _opened(machines, archive, request, study), 1)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content, _LEVEL, mtime=0)
    return Response(content, headers=headers, media_type="text/html")


async def _opened(machines: Machines, archive: Archive, request: Request, study: str) -> bytes:
    try:
        wish = msgspec.convert(dict(request.query_params), Wish, strict=False)
        actor = await actor_of(request, machines, Permission.ARCHIVE_READ)
        return written(await opening(actor, archive, request, wish, study))
    except (LightwellError, msgspec.ValidationError):
        return b""
    except Exception as error:  # noqa: BLE001 -- the page can do without
        logs.event(log, logging.WARNING, "a study was not opened in its page", error=error)
        return b""


def written(opened: Opening) -> bytes:
    """Write an opened study as HTML: its first picture, then everything else as JSON."""
    first = opened.first
    if first is None or first.picture is None:
        return _script(opened)
    picture = base64.b64encode(first.picture)
    rest = msgspec.structs.replace(opened, first=msgspec.structs.replace(first, picture=None))
    return b'<img id="first-picture" elementtiming="first-picture" alt="" src="data:image/jpeg;base64,%s">%s' % (
        picture,
        _script(rest),
    )


def _script(opened: Opening) -> bytes:
    told = msgspec.json.encode(opened)
    for character, escape in _ESCAPES.items():
        told = told.replace(character, escape)
    return b'<script type="application/json" id="opening">' + told + b"</script>"
