"""STOW-RS: take images by HTTP (PS3.18 10.5).

The body is taken apart as it comes and never held as a whole; while an image becomes durable, the next is received.
The answer names every image: what is in ReferencedSOPSequence is durable, what is in FailedSOPSequence is not, with the
status that a C-STORE would have had. What cannot be understood lies in quarantine, as with a C-STORE.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from lightwell.archive.dicomweb import accept
from lightwell.archive.dicomweb.json import MEDIA_TYPE
from lightwell.archive.dicomweb.metadata import origin_of
from lightwell.archive.dicomweb.multipart import MultipartReader, PartBegins, PartEnds, parameters
from lightwell.archive.dicomweb.uploading import Outcome, Upload
from lightwell.archive.dicomweb.wado import DICOM
from lightwell.archive.intake import Intake
from lightwell.archive.model import Source
from lightwell.archive.room import Archive
from lightwell.core import metrics
from lightwell.core.actors import Actor
from lightwell.core.errors import InvalidRequest, UnsupportedMedia
from lightwell.standards.dicom.dimse import Status
from lightwell.standards.dicom.jsonmodel import element

_MULTIPART: Final = "multipart/related"
_SETTLING: Final = 16
_OK, _ACCEPTED, _CONFLICT, _NO_ROOM = 200, 202, 409, 507


async def store(actor: Actor, archive: Archive, request: Request) -> Response:
    """Take images of any study."""
    return await _store(actor, archive, request, "")


async def store_in_study(actor: Actor, archive: Archive, request: Request, study: str) -> Response:
    """Take images of one study; others are refused."""
    return await _store(actor, archive, request, study)


async def _store(actor: Actor, archive: Archive, request: Request, study_uid: str) -> Response:
    accept.chosen(accept.wishes(request), [MEDIA_TYPE, "application/json"], can_be_single=True)
    source = _source(actor)
    receiving = _Receiving(archive.intake, source, study_uid)
    try:
        await receiving.take(request)
    except (InvalidRequest, UnsupportedMedia) as error:
        kept = sum(outcome.is_stored for outcome in await receiving.finish())
        message = f"{error}. {kept} whole images before that are kept"
        raise type(error)(message) from error
    finally:
        receiving.abandon()
        outcomes = await receiving.finish()
    return _answer(outcomes, f"{origin_of(request, archive)}/dicom-web")


def _source(actor: Actor) -> Source:
    """Return whose the images will be.

    Raises:
        InvalidRequest: the caller may store for several hospitals, and did not say for which.
    """
    mine = list(actor.organisation_ids)
    if len(mine) > 1:
        codes = [code for code, number in actor.codes.items() if number in mine]
        message = f"say whose the images are: add ?organisation= and one of {', '.join(codes)}"
        raise InvalidRequest(message)
    return Source(mine[0], f"STOW-RS ({actor.name})")


class _Receiving:
    """Takes the files of a request."""

    def __init__(self, intake: Intake, source: Source, study_uid: str) -> None:
        self._intake, self._source, self._study_uid = intake, source, study_uid
        self._upload: Upload | None = None
        self._settling: deque[asyncio.Task[Outcome]] = deque()
        self._outcomes: list[Outcome] = []

    async def take(self, request: Request) -> None:
        """Take the whole body.

        Raises:
            InvalidRequest: it is not what its Content-Type says, or cut short.
            UnsupportedMedia: it is something else than DICOM files.
        """
        kind, found = parameters(request.headers.get("content-type", ""))
        if kind == DICOM:
            await self._take_one(request.stream())
        elif kind == _MULTIPART and found.get("type", DICOM) == DICOM:
            await self._take_parts(MultipartReader(found.get("boundary", "")), request.stream())
        else:
            message = f'expected {_MULTIPART}; type="{DICOM}"; boundary=…, or {DICOM}; {kind[:64]!r} came'
            raise UnsupportedMedia(message)

    async def _take_one(self, body: AsyncIterator[bytes]) -> None:
        self._begin()
        async for data in body:
            self._write(memoryview(data))
        await self._end()

    async def _take_parts(self, reader: MultipartReader, body: AsyncIterator[bytes]) -> None:
        async for data in body:
            for event in reader.feed(data):
                if isinstance(event, memoryview):
                    self._write(event)
                elif isinstance(event, PartEnds):
                    await self._end()
                else:
                    self._begin_part(event)
        if not reader.finish():
            message = "the multipart body has no parts; put one DICOM file in each"
            raise InvalidRequest(message)

    def _begin_part(self, part: PartBegins) -> None:
        kind, _ = parameters(part.headers.get("content-type", DICOM))
        if kind != DICOM:
            message = f"expected parts of {DICOM}; {kind[:64]!r} came"
            raise UnsupportedMedia(message)
        self._begin()

    def _begin(self) -> None:
        self._upload = Upload(self._intake, self._source, self._study_uid)

    def _write(self, data: memoryview) -> None:
        if self._upload is not None:
            self._upload.write(data)

    async def _end(self) -> None:
        """Let the file become durable while the next comes; if many do, wait for the oldest."""
        upload, self._upload = self._upload, None
        if upload is not None:
            self._settling.append(asyncio.create_task(upload.keep()))
        if len(self._settling) >= _SETTLING:
            self._outcomes.append(await self._settling.popleft())

    async def finish(self) -> Sequence[Outcome]:
        """Return what became of each file, once all are durable."""
        while self._settling:
            self._outcomes.append(await self._settling.popleft())
        return self._outcomes

    def abandon(self) -> None:
        """Throw away the file that did not come whole; those that did become durable all the same."""
        if self._upload is not None:
            self._upload.abandon()
            self._upload = None


def _answer(outcomes: Sequence[Outcome], root: str) -> Response:
    stored = [outcome for outcome in outcomes if outcome.is_stored]
    failed = [outcome for outcome in outcomes if not outcome.is_stored]
    for outcome in outcomes:
        metrics.MESSAGES.labels("STOW-RS", f"{outcome.status:04X}").inc()
    studies = {outcome.kept.study.study_instance_uid for outcome in stored if outcome.kept and outcome.kept.study}
    content: dict[str, Any] = {}
    if len(studies) == 1:
        content |= element("00081190", "UR", f"{root}/studies/{studies.pop()}")
    if stored:
        content["00081199"] = {"vr": "SQ", "Value": [_reference(outcome) | _url(outcome, root) for outcome in stored]}
    if named := [outcome for outcome in failed if outcome.is_named]:
        content["00081198"] = {"vr": "SQ", "Value": [_reference(outcome) | _reason(outcome) for outcome in named]}
    if unnamed := [outcome for outcome in failed if not outcome.is_named]:  # Other Failures Sequence, PS3.18 I.2.2
        content["0008119A"] = {"vr": "SQ", "Value": [_reason(outcome) for outcome in unnamed]}
    return Response(msgspec.json.encode(content), _http_status(stored, failed), media_type=MEDIA_TYPE)


def _http_status(stored: Sequence[Outcome], failed: Sequence[Outcome]) -> int:
    if not failed:
        return _OK
    if stored:
        return _ACCEPTED
    has_no_room = all(outcome.status == Status.OUT_OF_RESOURCES for outcome in failed)
    return _NO_ROOM if has_no_room else _CONFLICT


def _reference(outcome: Outcome) -> dict[str, Any]:
    sop_class = element("00081150", "UI", outcome.sop_class_uid) if outcome.sop_class_uid else {}
    return sop_class | (element("00081155", "UI", outcome.sop_instance_uid) if outcome.sop_instance_uid else {})


def _url(outcome: Outcome, root: str) -> dict[str, Any]:
    kept = outcome.kept
    if kept is None or kept.study is None or kept.series is None:
        return {}
    place = f"{root}/studies/{kept.study.study_instance_uid}/series/{kept.series.series_instance_uid}"
    return element("00081190", "UR", f"{place}/instances/{outcome.sop_instance_uid}")


def _reason(outcome: Outcome) -> dict[str, Any]:
    return element("00081197", "US", outcome.status)
