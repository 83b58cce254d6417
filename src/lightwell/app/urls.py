"""Which room answers at which address."""

from typing import Final

import msgspec
from starlette.responses import Response

from lightwell import __version__, archive, clinical
from lightwell.app import viewing
from lightwell.app.capabilities import answer as describe
from lightwell.core.actors import Permission
from lightwell.core.http import administration, audit, preferences, views
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.machines import Machines


class ServerView(msgspec.Struct):
    """What a page may know of this node before anybody signed in."""

    name: str
    version: str
    ae_title: str
    dicom_port: int
    http_port: int
    demo: bool


async def server(machines: Machines) -> ServerView:
    """Return what this node is called and where it listens."""
    settings = machines.settings
    is_demo = (settings.data_dir / "demo").exists()
    return ServerView(
        settings.site_name, __version__, settings.ae_title, settings.dicom_port, settings.http_port, is_demo
    )


async def capabilities() -> Response:
    """Describe the DICOM web services of this node (WADL)."""
    return describe(ENDPOINTS)


ENDPOINTS: Final = (
    *archive.ENDPOINTS,
    *clinical.ENDPOINTS,
    *administration.ENDPOINTS,
    *views.ENDPOINTS,
    *preferences.ENDPOINTS,
    Endpoint("OPTIONS", "/dicom-web/", capabilities, is_public=True),
    Endpoint("GET", "/api/server", server, is_public=True),
    Endpoint("GET", "/view/{study}", viewing.page, is_public=True),
    Endpoint("GET", "/api/audit", audit.page, Permission.AUDIT_READ),
)
