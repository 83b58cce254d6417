"""Resources and bundles as they are sent: the stored bytes, with version and time in the headers (R4 3.1.0.1.2)."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec
from starlette.responses import Response

from lightwell.clinical.model import Record

MEDIA_TYPE: Final = "application/fhir+json"
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
BundleType = Literal["searchset", "history", "batch-response", "transaction-response"]


def etag(version: int) -> str:
    """Return a version as an ETag."""
    return f'W/"{version}"'


def resource(record: Record, status: int = 200, *, location: str = "", body: bytes | None = None) -> Response:
    """Send a resource as it is stored, or something else in its place, with the version that it has."""
    headers = {
        "ETag": etag(record.version),
        "Last-Modified": http_date(record.last_updated),
        "Cache-Control": "no-store",
        **({"Location": location} if location else {}),
    }
    content = record.body if body is None else body
    return Response(content, status, media_type=MEDIA_TYPE if content else None, headers=headers)


def bundle(kind: BundleType, entries: Iterable[dict[str, Any]], **rest: Any) -> Response:
    """Send a Bundle of entries; FHIR knows no empty arrays."""
    listed = list(entries)
    content = {"resourceType": "Bundle", "type": kind, **rest}
    return whole(content | {"entry": listed} if listed else content)


def whole(content: dict[str, Any]) -> Response:
    """Send a resource that was made here; what is in it are plain values or stored bytes (``msgspec.Raw``)."""
    return Response(_ENCODER.encode(content), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


@lru_cache(maxsize=4096)  # what was read once is read again
def http_date(moment: datetime) -> str:
    """Write a moment as HTTP does."""
    return format_datetime(moment, usegmt=True)
