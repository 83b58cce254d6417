"""C-FIND: which patients, studies, series or images there are (PS3.4 C.4.1).

=====  ===========================================================================
FF00H  a match
FF01H  a match, though some key is not supported: not matched by, or not returned
0000H  that was all
FE00H  the caller wanted no more
A900H  the identifier cannot be read, has a level that the model lacks, or a value that cannot be
A700H  the database does not answer
0124H  the caller is not trusted yet
=====  ===========================================================================

Every query may go over several levels (relational). Names are found as by QIDO-RS: by hanzi, pinyin and initials too.
"""

import logging
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final, cast

from lightwell.archive.dicomweb import json
from lightwell.archive.dimse import identifier
from lightwell.archive.dimse.identifier import Identifier
from lightwell.archive.dimse.patient_level import Patient, counts, new_patients, patient_of
from lightwell.archive.dimse.refusal import Refusal, check_level, stranger, unfit
from lightwell.archive.dimse.return_keys import COUNTS, answered, is_all_said
from lightwell.archive.model import Match, Source
from lightwell.archive.paging import pages
from lightwell.archive.query import MATCHED, Query
from lightwell.archive.requests import KEYWORDS
from lightwell.archive.room import Archive
from lightwell.archive.store import find
from lightwell.core import logs, metrics
from lightwell.core.actors import Actor, device
from lightwell.core.errors import InvalidRequest, LightwellError
from lightwell.core.net.dicom_door import Message, Saying
from lightwell.standards.dicom.dimse import HAS_DATA_SET, NO_DATA_SET, CFindRq, CFindRsp, Response, Status
from lightwell.standards.dicom.errors import DicomError
from lightwell.standards.dicom.scanner import INDEX_TAGS

log = logging.getLogger(__name__)
_SCREEN: Final = "C-FIND"
_LEVELS: Final = {"PATIENT": find.STUDY, "STUDY": find.STUDY, "SERIES": find.SERIES, "IMAGE": find.INSTANCE}
_KEYWORDS: Final = {**INDEX_TAGS, 0x00080061: "ModalitiesInStudy", **KEYWORDS}
_NOT_MATCHED: Final = frozenset({identifier.CHARACTER_SET, identifier.LEVEL, identifier.RETRIEVE_AE_TITLE})
_LONGEST: Final = 1 << 20
_FIRST_PAGE: Final = 50  # whoever looks at a list often wants no more


class Find:
    """Answers one C-FIND-RQ."""

    def __init__(self, archive: Archive, message: Message) -> None:
        self._archive = archive
        self._badge: Source = message.badge
        self._request = cast("CFindRq", message.command)
        self._transfer_syntax_uid = message.transfer_syntax_uid
        self._content = bytearray()
        self._is_cancelled = False

    def write(self, data: memoryview) -> None:
        """Take the next bytes of the identifier."""
        if len(self._content) <= _LONGEST:
            self._content += data

    def cancel(self) -> None:
        """Say no further matches."""
        self._is_cancelled = True

    def abandon(self) -> None:
        """Forget it; whoever runs the conversation closes the generator of its answers."""

    async def answers(self) -> AsyncGenerator[Saying, Response | None]:
        """Say every match, then that this was all."""
        try:
            wanted, query, is_all_matched = self._read()
            async with aclosing(self._matches(wanted, query)) as matches:
                async for found in matches:
                    yield self._pending(wanted, found, is_all_matched=is_all_matched)
        except Refusal as refusal:
            yield self._final(**refusal.fields())
        except LightwellError as error:
            logs.event(log, logging.WARNING, "search failed", error=error)
            yield self._final(Status.OUT_OF_RESOURCES, error_comment="the database does not answer; ask again later")
        else:
            yield self._final(Status.CANCEL if self._is_cancelled else Status.SUCCESS)

    def _read(self) -> tuple[Identifier, Query, bool]:
        """Return what is asked for.

        Raises:
            Refusal: it cannot be read, or cannot be.
        """
        if not self._badge.is_trusted:
            raise stranger()
        try:
            wanted = identifier.decode(bytes(self._content), self._transfer_syntax_uid)
        except DicomError as error:
            comment = "the identifier is no data set of its transfer syntax"
            raise unfit(comment) from error
        return wanted, *query_of(wanted, self._request.affected_sop_class_uid)

    async def _matches(self, wanted: Identifier, query: Query) -> AsyncGenerator[json.Dataset]:
        actor = device(self._badge.calling_ae, self._badge.organisation_id)
        patients: set[Patient] = set()
        async with aclosing(pages(self._archive, actor, query, _SCREEN)) as found:
            async for page in found:
                new = new_patients(page, patients) if wanted.level == "PATIENT" else page
                counted = await self._counts(actor, wanted, new)
                for item in new:
                    if self._is_cancelled:
                        return
                    further = counted.get(patient_of(item.study), {})
                    yield json.match(item, has_parents=True) | further | self._own(wanted)

    async def _counts(self, actor: Actor, wanted: Identifier, page: list[Match]) -> Mapping[Patient, json.Dataset]:
        if wanted.level != "PATIENT" or not COUNTS & wanted.keys.keys():
            return {}
        async with self._archive.machines.transactions.begin(actor) as tx:
            return await counts(tx, [patient_of(item.study) for item in page])

    def _own(self, wanted: Identifier) -> json.Dataset:
        return {
            f"{identifier.LEVEL:08X}": {"vr": "CS", "Value": [wanted.level]},
            f"{identifier.RETRIEVE_AE_TITLE:08X}": {"vr": "AE", "Value": [self._badge.called_ae]},
            f"{identifier.AVAILABILITY:08X}": {"vr": "CS", "Value": ["ONLINE"]},
        }

    def _pending(self, wanted: Identifier, found: json.Dataset, *, is_all_matched: bool) -> Saying:
        status = Status.PENDING if is_all_matched else Status.PENDING_OPTIONAL_KEYS_NOT_SUPPORTED
        keys = {**answered(wanted), identifier.RETRIEVE_AE_TITLE: ("AE", "")}
        content = identifier.encode(replace(wanted, keys=keys), found, self._transfer_syntax_uid)
        return Saying(self._response(status, HAS_DATA_SET), [content])

    def _final(self, status: int, **reasons: Any) -> Saying:
        metrics.MESSAGES.labels("C-FIND", f"{status:04X}").inc()
        return Saying(self._response(status, **reasons))

    def _response(self, status: int, data_set_type: int = NO_DATA_SET, **reasons: Any) -> CFindRsp:
        return CFindRsp(
            message_id_being_responded_to=self._request.message_id,
            status=status,
            command_data_set_type=data_set_type,
            affected_sop_class_uid=self._request.affected_sop_class_uid,
            **reasons,
        )


def query_of(wanted: Identifier, sop_class_uid: str) -> tuple[Query, bool]:
    """Return the search that an identifier means, and whether all its keys are matched by and said.

    Raises:
        Refusal: a level that the information model lacks, or a value that cannot be.
    """
    check_level(wanted.level, sop_class_uid)
    query = Query(_LEVELS[wanted.level], limit=_FIRST_PAGE)
    is_all_matched = is_all_said(wanted)
    for tag, keyword, text in _asked(wanted):
        if keyword in MATCHED and find.COLUMNS[keyword][0] <= query.level:
            _match(query, tag, keyword, text)
        elif text and tag not in _NOT_MATCHED:
            is_all_matched = False
    return query, is_all_matched


def _asked(wanted: Identifier) -> Iterator[tuple[int, str, str]]:
    """Yield tag, keyword and value of each key; those inside a sequence have the way to them before their keyword."""
    for tag, (_, text) in wanted.keys.items():
        yield tag, _KEYWORDS.get(tag, ""), text
    for sequence, keys in wanted.items.items():
        for tag, (_, text) in keys.items():
            yield tag, f"{_KEYWORDS.get(sequence, '')}.{_KEYWORDS.get(tag, '')}", text


def _match(query: Query, tag: int, keyword: str, text: str) -> None:
    try:
        query.match(keyword, text)
    except InvalidRequest as error:  # what it says may hold the value, which is somebody's
        comment = f"{keyword}: this cannot be its value"
        raise unfit(comment, tag) from error
