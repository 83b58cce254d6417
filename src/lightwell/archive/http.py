"""The archive's addresses."""

from typing import Final

import msgspec

from lightwell.archive import peers
from lightwell.archive.dicomweb import bulkdata, frames, metadata, qido, wado
from lightwell.core.actors import Permission
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.tx import Tx


class PeerView(msgspec.Struct):
    """A machine that may send."""

    id: int
    organisation_id: int
    label: str
    called_ae: str
    calling_ae: str
    network: str
    is_trusted: bool


async def peer_list(tx: Tx) -> list[PeerView]:
    """Return the machines that may send for one's hospitals."""
    return [
        PeerView(p.id, p.organisation_id, p.label, p.called_ae, p.calling_ae, p.network, p.is_trusted)
        for p in await peers.every(tx)
    ]


_STUDY: Final = "/dicom-web/studies/{study}"
_SERIES: Final = _STUDY + "/series/{series}"
_INSTANCE: Final = _SERIES + "/instances/{instance}"

ENDPOINTS: Final = (
    Endpoint("GET", "/dicom-web/studies", qido.studies, Permission.ARCHIVE_READ),
    Endpoint("GET", _STUDY + "/series", qido.series, Permission.ARCHIVE_READ),
    Endpoint("GET", _SERIES + "/instances", qido.instances, Permission.ARCHIVE_READ),
    Endpoint("GET", _STUDY, wado.study, Permission.ARCHIVE_READ),
    Endpoint("GET", _SERIES, wado.series, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE, wado.instance, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE + "/frames/{frames}", frames.frames, Permission.ARCHIVE_READ),
    Endpoint("GET", _STUDY + "/metadata", metadata.study, Permission.ARCHIVE_READ),
    Endpoint("GET", _SERIES + "/metadata", metadata.series, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE + "/metadata", metadata.instance, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE + "/bulkdata/{path:path}", bulkdata.bulkdata, Permission.ARCHIVE_READ),
    Endpoint("GET", "/api/peers", peer_list, Permission.ARCHIVE_READ),
)
