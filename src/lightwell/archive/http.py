"""The archive's addresses."""

from typing import Final

from lightwell.archive import (
    associations_http,
    enhancing_http,
    keyimages_http,
    peers_http,
    settling_http,
    volume_pictures_http,
)
from lightwell.archive.dicomweb import (
    attributes,
    bulkdata,
    frames,
    metadata,
    opening,
    previews,
    qido,
    rendered,
    stow,
    wado,
    wado_uri,
)
from lightwell.archive.documents import http as documents_http
from lightwell.archive.hanging import http as hanging
from lightwell.archive.measurements import http as measurements_http
from lightwell.archive.presentations import http as presentations_http
from lightwell.archive.segmentations import http as segmentations_http
from lightwell.archive.structures import http as structures_http
from lightwell.core.actors import Permission
from lightwell.core.http.endpoints import Endpoint

_STUDY: Final = "/dicom-web/studies/{study}"
_SERIES: Final = _STUDY + "/series/{series}"
_INSTANCE: Final = _SERIES + "/instances/{instance}"
_FRAMES: Final = _INSTANCE + "/frames/{frames}"
_OUR_SERIES: Final = "/api/studies/{study}/series/{series}"
_ENHANCED: Final = _OUR_SERIES + "/instances/{instance}/frames/{frame}/enhanced"

# They are looked through in this order: what is asked for by the hundred comes first.
ENDPOINTS: Final = (
    Endpoint("GET", _FRAMES, frames.frames, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE, wado.instance, Permission.ARCHIVE_READ),
    Endpoint("GET", "/dicom-web/studies", qido.studies, Permission.ARCHIVE_READ),
    Endpoint("GET", "/dicom-web/series", qido.series, Permission.ARCHIVE_READ),
    Endpoint("GET", "/dicom-web/instances", qido.instances, Permission.ARCHIVE_READ),
    Endpoint("GET", _STUDY + "/series", qido.series_of_study, Permission.ARCHIVE_READ),
    Endpoint("GET", _STUDY + "/instances", qido.instances_of_study, Permission.ARCHIVE_READ),
    Endpoint("GET", _SERIES + "/instances", qido.instances_of_series, Permission.ARCHIVE_READ),
    Endpoint("POST", "/dicom-web/studies", stow.store, Permission.ARCHIVE_WRITE, adds_only=True),
    Endpoint("POST", _STUDY, stow.store_in_study, Permission.ARCHIVE_WRITE, adds_only=True),
    Endpoint("GET", _STUDY, wado.study, Permission.ARCHIVE_READ),
    Endpoint("GET", _SERIES, wado.series, Permission.ARCHIVE_READ),
    Endpoint("GET", _STUDY + "/metadata", metadata.study, Permission.ARCHIVE_READ),
    Endpoint("GET", _SERIES + "/metadata", metadata.series, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE + "/metadata", metadata.instance, Permission.ARCHIVE_READ),
    Endpoint("GET", _STUDY + "/rendered", rendered.study, Permission.ARCHIVE_READ),
    Endpoint("GET", _SERIES + "/rendered", rendered.series, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE + "/rendered", rendered.instance, Permission.ARCHIVE_READ),
    Endpoint("GET", _FRAMES + "/rendered", rendered.frames, Permission.ARCHIVE_READ),
    Endpoint("GET", _STUDY + "/thumbnail", rendered.thumbnail_of_study, Permission.ARCHIVE_READ),
    Endpoint("GET", _SERIES + "/thumbnail", rendered.thumbnail_of_series, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE + "/thumbnail", rendered.thumbnail_of_instance, Permission.ARCHIVE_READ),
    Endpoint("GET", _FRAMES + "/thumbnail", rendered.thumbnail_of_frame, Permission.ARCHIVE_READ),
    Endpoint("GET", _INSTANCE + "/bulkdata/{path:path}", bulkdata.bulkdata, Permission.ARCHIVE_READ),
    Endpoint("GET", "/wado", wado_uri.retrieve, Permission.ARCHIVE_READ),
    Endpoint("GET", "/api/studies/{study}/opening", opening.opening, Permission.ARCHIVE_READ),
    Endpoint("GET", "/api/studies/{study}/series/{series}/previews", previews.previews, Permission.ARCHIVE_READ),
    Endpoint(
        "GET",
        "/api/studies/{study}/series/{series}/instances/{instance}/attributes",
        attributes.attributes,
        Permission.ARCHIVE_READ,
    ),
    Endpoint("GET", "/api/studies/{study}/key-images", keyimages_http.key_images, Permission.ARCHIVE_READ),
    Endpoint("POST", "/api/studies/{study}/key-images", keyimages_http.choose, Permission.ARCHIVE_WRITE),
    Endpoint("GET", "/api/studies/{study}/measurements", measurements_http.measurements, Permission.ARCHIVE_READ),
    Endpoint("POST", "/api/studies/{study}/measurements", measurements_http.save, Permission.ARCHIVE_WRITE),
    Endpoint("GET", "/api/studies/{study}/presentations", presentations_http.presentations, Permission.ARCHIVE_READ),
    Endpoint("POST", "/api/studies/{study}/presentations", presentations_http.save_state, Permission.ARCHIVE_WRITE),
    Endpoint("GET", "/api/studies/{study}/segmentations", segmentations_http.segmentations, Permission.ARCHIVE_READ),
    Endpoint(
        "GET",
        "/api/studies/{study}/segmentations/{instance}/labels",
        segmentations_http.label_maps,
        Permission.ARCHIVE_READ,
    ),
    Endpoint("GET", "/api/studies/{study}/structures", structures_http.structures, Permission.ARCHIVE_READ),
    Endpoint("GET", "/api/studies/{study}/documents/{instance}", documents_http.document, Permission.ARCHIVE_READ),
    Endpoint("GET", "/api/studies/{study}/waveforms/{instance}", documents_http.signals, Permission.ARCHIVE_READ),
    Endpoint("GET", _ENHANCED, enhancing_http.enhanced, Permission.ARCHIVE_READ),
    Endpoint("POST", _ENHANCED, enhancing_http.save, Permission.ARCHIVE_WRITE, adds_only=True),
    Endpoint("GET", _OUR_SERIES + "/reformatted", volume_pictures_http.reformatted, Permission.ARCHIVE_READ),
    Endpoint("GET", _OUR_SERIES + "/volume", volume_pictures_http.volume, Permission.ARCHIVE_READ),
    Endpoint("GET", "/api/peers", peers_http.peer_list, Permission.ARCHIVE_READ),
    Endpoint("POST", "/api/peers", peers_http.add, Permission.ARCHIVE_RESOLVE),
    Endpoint("PUT", "/api/peers/{number}/address", peers_http.set_address, Permission.ARCHIVE_RESOLVE),
    Endpoint("POST", "/api/peers/{number}/echo", peers_http.ask, Permission.ARCHIVE_RESOLVE),
    Endpoint("DELETE", "/api/peers/{number}", peers_http.remove, Permission.ARCHIVE_RESOLVE),
    Endpoint("GET", "/api/associations", associations_http.associations, Permission.ARCHIVE_READ),
    Endpoint("GET", "/api/associations/strangers", associations_http.strangers, Permission.ARCHIVE_RESOLVE),
    Endpoint("GET", "/api/unsettled", settling_http.unsettled, Permission.ARCHIVE_RESOLVE),
    Endpoint("GET", "/api/conflicts", settling_http.conflict_list, Permission.ARCHIVE_RESOLVE),
    Endpoint("GET", "/api/conflicts/{number}", settling_http.conflict, Permission.ARCHIVE_RESOLVE),
    Endpoint("POST", "/api/conflicts/settle", settling_http.settle_conflicts, Permission.ARCHIVE_RESOLVE),
    Endpoint("GET", "/api/quarantine", settling_http.quarantine_list, Permission.ARCHIVE_RESOLVE),
    Endpoint("GET", "/api/quarantine/{number}", settling_http.quarantined, Permission.ARCHIVE_RESOLVE),
    Endpoint("POST", "/api/quarantine/settle", settling_http.settle_quarantine, Permission.ARCHIVE_RESOLVE),
    *hanging.ENDPOINTS,
)
