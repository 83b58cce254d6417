"""QIDO-RS: search for studies, series and instances (PS3.18 10.6)."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import search
from lightwell.archive.dicomweb import json
from lightwell.archive.dicomweb.pixels import pixel_attributes
from lightwell.archive.keys import ACCESSION_NUMBER, PATIENT_ID, PATIENT_NAME
from lightwell.archive.room import Archive
from lightwell.archive.search import StudyQuery
from lightwell.core.auth import accounts
from lightwell.core.errors import InvalidRequest
from lightwell.core.tx import Tx
from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.matching import parse_date_range

_SCREEN: Final = "search"
_DEFAULT_LIMIT: Final = 100
_SILENT: Final = frozenset({"includefield", "fuzzymatching", "limit", "offset", "organisation", "search"})


def _date(query: StudyQuery, value: str) -> None:
    try:
        wanted = parse_date_range(value)
    except DicomError as error:
        message = f"a study date is YYYYMMDD, or a range YYYYMMDD-YYYYMMDD; {value[:64]!r} is neither"
        raise InvalidRequest(message) from error
    query.dates(*wanted)


_KEYS: Final[Mapping[str, Callable[[StudyQuery, str], None]]] = {
    "StudyInstanceUID": lambda query, value: query.uids(value.replace("\\", ",").split(",")),
    "PatientID": lambda query, value: query.key(PATIENT_ID, value),
    "PatientName": lambda query, value: query.key(PATIENT_NAME, value),
    "AccessionNumber": lambda query, value: query.key(ACCESSION_NUMBER, value),
    "StudyDate": _date,
    "ModalitiesInStudy": lambda query, value: query.modalities(value.replace("\\", ",").split(",")),
}
_TAGS: Final = {
    "0020000D": "StudyInstanceUID",
    "00100020": "PatientID",
    "00100010": "PatientName",
    "00080050": "AccessionNumber",
    "00080020": "StudyDate",
    "00080061": "ModalitiesInStudy",
}


async def studies(tx: Tx, archive: Archive, request: Request) -> Response:
    """Search for studies."""
    query = parse(request.query_params)
    code = request.query_params.get("organisation")
    if code:
        query.organisation_ids = [(await accounts.organisation_of_code(tx, code)).id]
    rows = await search.studies(tx, archive.index, query, _SCREEN)
    return _answer([json.study(row) for row in rows])


def parse(parameters: QueryParams) -> StudyQuery:
    """Return what a query string asks for.

    Raises:
        InvalidRequest: an attribute that cannot be searched, or a value that cannot be.
    """
    query = StudyQuery(*_page(parameters))
    for name, value in parameters.multi_items():
        key = _TAGS.get(name.upper(), name)
        if key in _KEYS:
            if value:
                _KEYS[key](query, value)
        elif key not in _SILENT:
            message = f"studies cannot be searched by {name[:64]}; these work: {', '.join(_KEYS)}"
            raise InvalidRequest(message)
    query.text(parameters.get("search", ""))
    return query


def _page(parameters: QueryParams) -> tuple[int, int]:
    try:
        limit, offset = int(parameters.get("limit", _DEFAULT_LIMIT)), int(parameters.get("offset", 0))
    except ValueError as error:
        message = "limit and offset are whole numbers"
        raise InvalidRequest(message) from error
    if limit < 1 or offset < 0:
        message = "limit is at least 1, offset at least 0"
        raise InvalidRequest(message)
    return min(limit, search.MOST_ROWS), offset


async def series(tx: Tx, archive: Archive, study: str) -> Response:
    """Search for the series of a study."""
    rows = await search.series(tx, archive.index, study, _SCREEN)
    return _answer([json.series(study, row) for row in rows])


async def instances(tx: Tx, archive: Archive, request: Request, study: str, series: str) -> Response:
    """Search for the instances of a series; ``includefield=all`` adds what a viewer needs to show them."""
    limit, offset = _page(request.query_params) if "limit" in request.query_params else (search.MOST_ROWS, 0)
    rows = await search.instances(tx, archive.index, study, series, _SCREEN, limit, offset)
    data_sets = [json.instance(row) for row in rows]
    if "includefield" in request.query_params:
        extras = await pixel_attributes(archive.blobs, rows)
        data_sets = [data_set | extra for data_set, extra in zip(data_sets, extras, strict=True)]
    return _answer(data_sets)


def _answer(data_sets: list[json.Dataset]) -> Response:
    body = msgspec.json.encode(data_sets)
    return Response(body, media_type=json.MEDIA_TYPE, headers={"Cache-Control": "no-store"})
