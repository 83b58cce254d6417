"""MDM: documents and what becomes of them (chapter 9; v2-to-FHIR TXA[DocumentReference]).

T01 T02     a document is there, without and with its content
T05 T06     another document comes to it (an addendum)
T08 T10     it was changed, or replaced by another
T11         it is withdrawn
"""

import base64
from collections.abc import Mapping
from typing import Final

from lightwell.clinical.hl7 import elements, pid, pv1, vocabulary
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Handler, Received
from lightwell.clinical.hl7.results import attachment
from lightwell.clinical.hl7.writing import Draft, id_of, own_id, present, with_, write
from lightwell.clinical.model import Record
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE, EI
from lightwell.standards.hl7.message import Segment

_ADDENDA: Final = frozenset(("T05", "T06"))
_REPLACEMENTS: Final = frozenset(("T09", "T10"))
_WITHDRAWN: Final = "T11"
_EMPTY: Final = {"contentType": "text/plain", "title": "content was not sent"}


async def filed(received: Received) -> None:
    """Bring a document up to date, and what it replaces.

    Raises:
        InvalidRequest: no number says which document it is (TXA-12).
    """
    txa = received.message["TXA"]
    identifier = _id(received, txa, 12)
    if identifier is None:
        message = "expected a document with a number (TXA-12), none came"
        raise InvalidRequest(message)
    patient = await pid.known(received)
    visit = await pv1.visit(received, patient)
    said = _said(received, txa) | {"subject": {"reference": patient.reference}}
    encounter = [{"reference": visit.reference}] if visit else []
    event = received.message.header.trigger_event
    parent = await _parent(received, txa, patient) if event in _ADDENDA | _REPLACEMENTS else None
    linked = _linked(event, parent)

    def make(now: Resource | None) -> Resource:
        before = now or {"resourceType": "DocumentReference", "content": [{"attachment": _EMPTY}]}
        context = filled(context=before.get("context", {}) | filled(encounter=encounter))
        status = "entered-in-error" if event == _WITHDRAWN else "current"
        return elements.renewed(before, said | context | linked | {"status": status}, _deleted(txa))

    drafts = [Draft("DocumentReference", identifier, make)]
    if event in _REPLACEMENTS and parent is not None:
        drafts += await _superseded(received, parent)
    await write(received, drafts)


async def _parent(received: Received, txa: Segment, patient: Record) -> str | None:
    """Return the ID of the document of the same patient that another one comes to, or replaces (TXA-13)."""
    number = _id(received, txa, 13)
    if number is None or number == _id(received, txa, 12):
        return None
    return await id_of(received, "DocumentReference", number, patient.id)


async def _superseded(received: Received, identifier: str) -> list[Draft]:
    """Return the document that is replaced, if it is known."""
    if await present(received, "DocumentReference", identifier) is None:
        return []
    return [Draft("DocumentReference", identifier, with_({"status": "superseded"}))]


def _linked(event: str, parent: str | None) -> Element:
    if parent is None:
        return {}
    target = {"reference": f"DocumentReference/{parent}"}
    return {"relatesTo": [{"code": "appends" if event in _ADDENDA else "replaces", "target": target}]}


def _id(received: Received, txa: Segment, place: int) -> str | None:
    number = EI.read(txa[place].first)
    name = number.entity_identifier or number.assigning_authority.namespace_id
    if not name:
        return None
    issuer = elements.system_of(number.assigning_authority, received.source.issuer)
    return own_id(received, "DocumentReference", issuer, name)


def _said(received: Received, txa: Segment) -> Element:
    zone = received.source.zone
    number = EI.read(txa[12].first)
    issuer = elements.system_of(number.assigning_authority, received.source.issuer)
    content = _content(received)
    return filled(
        masterIdentifier=filled(system=issuer, value=number.entity_identifier),
        docStatus=vocabulary.DOCUMENT_STATUSES.get(txa[17].text),
        type=elements.concept(CWE.read(txa[2].first)),
        date=elements.instant(txa[6].text, zone) or elements.instant(txa[4].text, zone),
        author=[*elements.people(txa[9])],
        authenticator=elements.first_person(txa[22]),
        description=txa[25].text,
        content=[{"attachment": item} for item in content],
    )


def _deleted(txa: Segment) -> frozenset[str]:
    places = {"docStatus": 17, "type": 2, "date": 6, "author": 9, "authenticator": 22, "description": 25}
    return elements.deleted(**{name: txa[place] for name, place in places.items()})


def _content(received: Received) -> list[Element]:
    """Return what OBX hold: files as they are, lines of text as one text."""
    files: list[Element] = []
    lines: list[str] = []
    for obx in received.message.all("OBX"):
        if obx[2].text in {"ED", "RP"}:
            title = obx[3][2] or obx[3].text
            files += [item for value in obx[5].repetitions if (item := attachment(obx[2].text, value, title))]
        else:
            lines.append(elements.text_of(obx[5]))
    text = "\n".join(lines)
    if text.strip():
        data = base64.b64encode(text.encode()).decode()
        files.append({"contentType": "text/plain;charset=utf-8", "data": data})
    return files


HANDLERS: Final[Mapping[str, Handler]] = dict.fromkeys(
    (f"MDM^{event}" for event in ("T01", "T02", "T05", "T06", "T08", "T09", "T10", "T11")), filed
)
"""Messages of chapter 9, and what is done about each."""
