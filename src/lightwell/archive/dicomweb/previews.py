"""The previews of a series in one answer: a few KB of each image, so that all of it can be scrolled at once.

This is Lightwell's own; viewers that do not know it fetch frames. The form is that of :mod:`lightwell.archive.pack`.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import prepared
from lightwell.archive.dicomweb.frames import OCTETS
from lightwell.archive.dicomweb.wado import SCREEN, entity_tag
from lightwell.archive.room import Archive
from lightwell.core.errors import NotFound
from lightwell.core.http.files import single
from lightwell.core.tx import Tx

_FORM: Final = "previews"


async def previews(tx: Tx, archive: Archive, request: Request, study: str, series: str) -> Response:
    """Retrieve the previews of a series, once they are made."""
    found = await prepared.series(tx, archive, study, series, SCREEN)
    if found is None:
        message = "there are no previews of this series: it is still arriving, or not yours to see; fetch its frames"
        raise NotFound(message)
    return single(request, found.previews(archive.blobs), OCTETS, entity_tag([found.blob], [_FORM]))
