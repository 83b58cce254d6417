"""QIDO-RS: search for studies, series and instances (PS3.18 10.6)."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive import search
from lightwell.archive.dicomweb import accept, including, json
from lightwell.archive.dicomweb.metadata import origin_of
from lightwell.archive.model import InstanceRow, Match
from lightwell.archive.query import MATCHED, Query
from lightwell.archive.requests import KEYWORDS
from lightwell.archive.room import Archive
from lightwell.archive.store import find
from lightwell.core.errors import InvalidRequest, NotFound
from lightwell.core.tx import Tx
from lightwell.standards.dicom.jsonmodel import element
from lightwell.standards.dicom.scanner import INDEX_TAGS

_SCREEN: Final = "search"
_DEFAULT_LIMIT: Final = 100
_MOST_NAMED: Final = 20
_LONGEST_NAME: Final = 64
_OWN: Final = frozenset(
    {"accept", "includefield", "fuzzymatching", "limit", "offset", "order", "organisation", "search"}
)
_KEYWORDS: Final[Mapping[str, str]] = {
    **{f"{tag:08X}": keyword for tag, keyword in INDEX_TAGS.items()},
    "00080061": "ModalitiesInStudy",
    **{f"{tag:08X}": keyword for tag, keyword in KEYWORDS.items()},
}
_STUDY_FIELDS: Final = frozenset(
    f"{tag:08X}" for tag, keyword in INDEX_TAGS.items() if find.COLUMNS.get(keyword, (find.INSTANCE,))[0] == find.STUDY
)


async def studies(tx: Tx, archive: Archive, request: Request) -> Response:
    """Search for studies."""
    return await _answer(tx, archive, request, find.STUDY, {})


async def series(tx: Tx, archive: Archive, request: Request) -> Response:
    """Search for series, of all studies."""
    return await _answer(tx, archive, request, find.SERIES, {})


async def series_of_study(tx: Tx, archive: Archive, request: Request, study: str) -> Response:
    """Search for the series of a study."""
    return await _answer(tx, archive, request, find.SERIES, {"StudyInstanceUID": study})


async def instances(tx: Tx, archive: Archive, request: Request) -> Response:
    """Search for instances, of all studies."""
    return await _answer(tx, archive, request, find.INSTANCE, {})


async def instances_of_study(tx: Tx, archive: Archive, request: Request, study: str) -> Response:
    """Search for the instances of a study."""
    return await _answer(tx, archive, request, find.INSTANCE, {"StudyInstanceUID": study})


async def instances_of_series(tx: Tx, archive: Archive, request: Request, study: str, series: str) -> Response:
    """Search for the instances of a series; ``includefield=all`` adds what a viewer needs to show them."""
    within = {"StudyInstanceUID": study, "SeriesInstanceUID": series}
    return await _answer(tx, archive, request, find.INSTANCE, within)


async def _answer(tx: Tx, archive: Archive, request: Request, level: int, within: Mapping[str, str]) -> Response:
    accept.chosen(accept.wishes(request), [json.MEDIA_TYPE, "application/json"], can_be_single=True)
    parameters = request.query_params
    query, warnings = parse(parameters, level, within)
    limit, query.limit = query.limit, query.limit + 1
    found = await search.matches(tx, archive.index, query, _SCREEN)
    if len(found) > limit:
        warnings.append(f"there are more results; ask again with offset={query.offset + limit}")
    if within and not found:
        await _require_parent(tx, archive, within)
    wanted, unknown = including.tags_of(_included(parameters))
    if level < find.INSTANCE:
        unknown += sorted(wanted - including.KNOWN - {including.ALL})
    if unknown:
        warnings.append(f"these fields are not told here: {_printable(unknown)}")
    root = f"{origin_of(request, archive)}/dicom-web"
    data_sets = await _data_sets(archive, root, found[:limit], wanted, is_within=bool(within))
    headers = {"Cache-Control": "no-store"}
    if warnings:
        headers["Warning"] = f'299 lightwell "{"; ".join(warnings)}"'
    return Response(msgspec.json.encode(data_sets), media_type=json.MEDIA_TYPE, headers=headers)


def parse(parameters: QueryParams, level: int, within: Mapping[str, str]) -> tuple[Query, list[str]]:
    """Return what a query string asks for, and what of it was not understood (PS3.18 8.3.4).

    Raises:
        InvalidRequest: a value that cannot be.
    """
    query = Query(level, *_page(parameters, level), is_fuzzy=parameters.get("fuzzymatching", "") == "true")
    query.is_oldest_first = _is_oldest_first(parameters)
    for keyword, value in within.items():
        query.match(keyword, value)
    ignored: list[str] = []
    for name, value in parameters.multi_items():
        keyword = _keyword(name)
        if keyword in MATCHED and find.COLUMNS[keyword][0] <= level:
            query.match(keyword, value)
        elif keyword not in _OWN:
            ignored.append(name)
    query.search(parameters.get("search", ""))
    return query, [f"these cannot be searched by here and were ignored: {_printable(ignored)}"] if ignored else []


def _keyword(name: str) -> str:
    """Return an attribute by keyword, the way into a sequence parted by dots (PS3.18 8.3.4)."""
    return ".".join(_KEYWORDS.get(part.upper(), part) for part in name.split("."))


def _is_oldest_first(parameters: QueryParams) -> bool:
    """Read the order of the studies, a parameter of our own: PS3.18 leaves it to the server."""
    order = parameters.get("order", "newest")
    if order not in {"newest", "oldest"}:
        message = f"order is newest or oldest; {order[:16]!r} came"
        raise InvalidRequest(message)
    return order == "oldest"


def _page(parameters: QueryParams, level: int) -> tuple[int, int]:
    default = _DEFAULT_LIMIT if level == find.STUDY else search.MOST_ROWS - 1
    try:
        limit, offset = int(parameters.get("limit", default)), int(parameters.get("offset", 0))
    except ValueError as error:
        message = "limit and offset are whole numbers"
        raise InvalidRequest(message) from error
    if limit < 1 or not 0 <= offset < 1 << 31:
        message = "limit is at least 1, offset at least 0"
        raise InvalidRequest(message)
    return min(limit, search.MOST_ROWS - 1), offset


async def _require_parent(tx: Tx, archive: Archive, within: Mapping[str, str]) -> None:
    """Tell a study or series that is not there from one that has nothing of the kind."""
    parent = Query(find.SERIES if "SeriesInstanceUID" in within else find.STUDY, limit=1)
    for keyword, value in within.items():
        parent.match(keyword, value)
    if not await search.matches(tx, archive.index, parent, _SCREEN):
        message = "there is no such study or series, or it is not yours to see"
        raise NotFound(message)


def _included(parameters: QueryParams) -> list[str]:
    return [name for value in parameters.getlist("includefield") for name in value.split(",")]


def _printable(names: Sequence[str]) -> str:
    """Return names as a header can hold them, which is in Latin letters; hanzi become question marks."""
    shown = ", ".join(_ascii(name[:_LONGEST_NAME]) for name in names[:_MOST_NAMED])
    return shown + (", and others" if len(names) > _MOST_NAMED else "")


def _ascii(name: str) -> str:
    return "".join(letter for letter in name.encode("ascii", "replace").decode() if letter.isalnum() or letter in ".?")


async def _data_sets(
    archive: Archive, root: str, found: Sequence[Match], wanted: frozenset[str], *, is_within: bool
) -> list[json.Dataset]:
    has_parents = not is_within or including.ALL in wanted or bool(wanted & _STUDY_FIELDS)
    data_sets = [told(root, item, has_parents=has_parents) for item in found]
    rows: list[InstanceRow] = [item.instance for item in found if item.instance is not None]
    if wanted and rows:
        extras = await including.read(archive.blobs, rows, wanted)
        data_sets = [{**extra, **data_set} for data_set, extra in zip(data_sets, extras, strict=True)]
    return data_sets


def told(root: str, item: Match, *, has_parents: bool) -> json.Dataset:
    """Return what is said of a study, series or instance; ``root`` is what its address begins with."""
    return json.match(item, has_parents=has_parents) | _place(root, item)


def _place(root: str, item: Match) -> json.Dataset:
    """Return where what was found can be fetched from, at once (PS3.18 10.6.3.3)."""
    address = f"{root}/studies/{item.study.study_instance_uid}"
    if item.series is not None:
        address += f"/series/{item.series.series_instance_uid}"
    if item.instance is not None:
        address += f"/instances/{item.instance.sop_instance_uid}"
    return element(0x0008_0056, "CS", "ONLINE") | element(0x0008_1190, "UR", address)
