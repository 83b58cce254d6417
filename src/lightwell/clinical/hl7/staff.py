"""MFN^M02: the people of a hospital (chapter 8 and 15; v2-to-FHIR STF[Practitioner])."""

from collections.abc import Mapping
from typing import Final

from lightwell.clinical.hl7 import elements, vocabulary
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Handler, Received
from lightwell.clinical.hl7.writing import Draft, own_id, write
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CX, XAD, XPN, XTN
from lightwell.standards.hl7.message import Segment

_GONE: Final = frozenset(("MDC", "MDL"))  # MFE-1: deactivated, deleted
_STATUSES: Final = {"A": True, "I": False}


async def listed(received: Received) -> None:
    """Bring people up to date: each MFE with the STF that follows it.

    Raises:
        InvalidRequest: nobody is named, or somebody without a number (MFE-4 or STF-1).
    """
    groups = [group for group in received.message.groups("MFE") if any(item.name == "STF" for item in group)]
    if not groups:
        message = "expected people (MFE and STF), none came"
        raise InvalidRequest(message)
    drafts = [_practitioner(received, group) for group in groups]
    await write(received, list({draft.id: draft for draft in drafts}.values()))


def _practitioner(received: Received, group: list[Segment]) -> Draft:
    mfe = group[0]
    stf = next(item for item in group if item.name == "STF")
    key = stf[1].text or mfe[4].text
    if not key:
        message = "expected a person with a number (MFE-4 or STF-1), none came"
        raise InvalidRequest(message)
    is_active = False if mfe[1].text in _GONE else _STATUSES.get(stf[7].text, True)

    def make(now: Resource | None) -> Resource:
        person: Resource = {"resourceType": "Practitioner"} | (now or {})
        person |= {"identifier": _identifiers(received, stf, key), "active": is_active}
        elements.tell(person, "name", stf[3], [elements.name(XPN.read(value)) for value in stf[3].repetitions])
        elements.tell(person, "gender", stf[5], vocabulary.SEXES.get(stf[5].text.upper()))
        elements.tell(person, "birthDate", stf[6], elements.date(stf[6].text, received.source.zone))
        elements.tell(person, "telecom", stf[10], [elements.contact(XTN.read(item)) for item in stf[10].repetitions])
        elements.tell(person, "address", stf[11], [elements.address(XAD.read(item)) for item in stf[11].repetitions])
        return person

    return Draft("Practitioner", own_id(received, "Practitioner", received.source.issuer, key), make)


def _identifiers(received: Received, stf: Segment, key: str) -> list[Element]:
    """Return a person's numbers: the key of the list, and those of STF-2."""
    issuer = received.source.issuer
    found = [elements.identifier(cx, issuer) for cx in map(CX.read, stf[2].repetitions) if cx.id]
    own = filled(system=issuer, value=key)
    return [own, *(item for item in found if (item.get("system"), item.get("value")) != (issuer, key))]


HANDLERS: Final[Mapping[str, Handler]] = {"MFN^M02": listed}
"""Messages of chapter 8 about people, and what is done about each."""
