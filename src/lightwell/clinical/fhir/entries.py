"""Entries of a Bundle that read: each is a request, and what is at its address answers it (R4 3.1.0.11)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from re import Pattern
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from lightwell.clinical.fhir.answering import http_date
from lightwell.clinical.records import instant
from lightwell.core.errors import NotFound
from lightwell.core.http.endpoints import Endpoint, respond_within
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx
from lightwell.standards.fhir.bundle import Entry, answer_entry

_CARRIED: Final = frozenset((b"host", b"accept", b"prefer"))
"""What the Bundle's own request says for its entries too."""
_HEAD: Final = "HEAD"


async def read_entry(
    tx: Tx, machines: Machines, bundle: Request, entry: Entry, wired: Sequence[Endpoint]
) -> dict[str, Any]:
    """Return the answer to an entry that reads, in the transaction of its Bundle.

    Raises:
        NotFound: nothing is at its address.
        InvalidRequest: what is there takes long, as an export does.
    """
    path, _, query = entry.url.partition("?")
    address = f"/fhir/{unquote(path).strip('/')}"
    endpoint, found = _endpoint(address, wired)
    said = {"path": address, "raw_path": address.encode(), "query_string": query.encode(), "path_params": found}
    request = Request({**bundle.scope, "method": "GET", "headers": _headers(bundle, entry), **said})
    response = await respond_within(endpoint, {Machines: machines}, request, tx)
    return _told(response, is_body_sent=entry.method != _HEAD)


def _endpoint(address: str, wired: Sequence[Endpoint]) -> tuple[Endpoint, dict[str, str]]:
    for endpoint in wired:
        match = _pattern(endpoint.path).match(address) if endpoint.method == "GET" else None
        if match is not None:
            return endpoint, match.groupdict()
    message = "there is nothing at the address of this entry"
    raise NotFound(message)


@cache
def _pattern(path: str) -> Pattern[str]:
    return compile_path(path)[0]


def _headers(bundle: Request, entry: Entry) -> list[tuple[bytes, bytes]]:
    own = ((b"if-none-match", entry.if_none_match), (b"if-modified-since", _since(entry.if_modified_since)))
    carried = [(name, value) for name, value in bundle.scope["headers"] if name in _CARRIED]
    return [*carried, *((name, text.encode()) for name, text in own if text)]


def _since(moment: str) -> str:
    """Return a moment as a header tells it; FHIR knows some that no header does, and they ask for nothing."""
    try:
        return http_date(datetime.fromisoformat(moment).astimezone(UTC)) if moment else ""
    except (ValueError, OverflowError):  # a leap second; a year before the first
        return ""


def _told(response: Response, *, is_body_sent: bool) -> dict[str, Any]:
    status, changed = HTTPStatus(response.status_code), response.headers.get("last-modified", "")
    told = answer_entry(
        f"{status.value} {status.phrase}",
        etag=response.headers.get("etag", ""),
        last_modified=instant(parsedate_to_datetime(changed)) if changed else "",
    )
    return told | ({"resource": msgspec.Raw(response.body)} if response.body and is_body_sent else {})
