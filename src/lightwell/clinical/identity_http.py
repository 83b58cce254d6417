"""The identity worklist over HTTP: who may be one, side by side, and what a person decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from lightwell.clinical import confirming, identity, linking, merging, records
from lightwell.clinical.keys import PATIENT
from lightwell.clinical.links import same_as
from lightwell.clinical.model import Record
from lightwell.clinical.names import address_text, name_text
from lightwell.clinical.numbers import RESIDENT_ID
from lightwell.clinical.patients import is_provisional
from lightwell.clinical.place import place_of_house
from lightwell.core.actors import Permission
from lightwell.core.errors import NotFound
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.machines import Machines
from lightwell.core.pinyin import is_ideographic, syllables
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import decode_resource

_LAST: Final = (1 << 62) - 1
_SCREEN: Final = "identity"
_ID = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Page(msgspec.Struct):
    """Which part of a list: below a number, at most so many."""

    before: int = _LAST
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 100


class Waiting(msgspec.Struct):
    """How much waits for a person."""

    candidates: int
    provisional: int


class Numbered(msgspec.Struct):
    """A number of a patient: its kind (table 0203), who gave it, and itself."""

    kind: str
    issuer: str
    value: str


class Person(msgspec.Struct):
    """A patient as somebody tells them from another; what is not known is empty."""

    rid: int
    organisation_id: int
    id: str
    name: str
    other_names: list[str]
    pinyin: str
    sex: str
    birth_date: str
    birth_order: int | None
    resident_id: str
    numbers: list[Numbered]
    phones: list[str]
    addresses: list[str]
    is_provisional: bool
    is_active: bool
    same_as: list[str]
    last_updated: datetime


class Finding(msgspec.Struct):
    """How two records compare in a trait, and what that weighs."""

    trait: str
    verdict: str
    weight: float


class Pair(msgspec.Struct):
    """Two records that may be of one person, the older one first."""

    id: int
    organisation_id: int
    weight: float
    found_at: datetime
    state: str
    findings: list[Finding]
    first: Person
    second: Person


class SideBySide(msgspec.Struct):
    """Two records to be compared, with how many candidates other hospitals have for either."""

    pair: Pair
    elsewhere: tuple[int, int]


class Merged(msgspec.Struct):
    """Two records that were made one, with how many entries moved."""

    id: int
    organisation_id: int
    merged_by: str
    merged_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    moved: int
    survivor: Person
    retired: Person


class Two(msgspec.Struct):
    """Which record stays, and which is given up for it."""

    survivor: _ID
    retired: _ID


class Link(msgspec.Struct):
    """Which two records are said to be of one person, or no more, and why."""

    one: _ID
    other: _ID
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]


class Number(msgspec.Struct):
    """Under which number a merge can be undone."""

    id: int


async def waiting(tx: Tx) -> Waiting:
    """Count what waits for a person."""
    return Waiting(*await identity.counts(tx))


async def candidates(tx: Tx, query: Page) -> list[Pair]:
    """Return who may be one person, newest first."""
    return [_pair(item) for item in await identity.candidates(tx, query.before, query.limit)]


async def candidate(tx: Tx, number: int) -> SideBySide:
    """Return two records side by side."""
    found = await identity.candidate(tx, number)
    there = await identity.elsewhere(tx, (found.first, found.second))
    return SideBySide(_pair(found), (there[found.first.rid], there[found.second.rid]))


async def say_different(tx: Tx, number: int) -> None:
    """Keep two records apart."""
    await identity.say_different(tx, number)


async def ask_again(tx: Tx, number: int) -> None:
    """Take back that two records are of different people."""
    await identity.ask_again(tx, number)


async def provisional(tx: Tx, query: Page) -> list[Person]:
    """Return patients who are known by images only, newest first."""
    return [_person(record) for record in await identity.provisional(tx, query.before, query.limit)]


async def confirm(tx: Tx, machines: Machines, patient: str) -> None:
    """Have a provisional patient stand as they are."""
    await confirming.confirm(tx, await _patient(tx, patient), place_of_house(machines.settings))


async def doubt(tx: Tx, machines: Machines, patient: str) -> None:
    """Take back that a patient stands as they are."""
    await confirming.doubt(tx, await _patient(tx, patient), place_of_house(machines.settings))


async def moving(tx: Tx, patient: str) -> Mapping[str, int]:
    """Return how many entries of each kind would move if a patient's record were given up."""
    record = await _patient(tx, patient)
    await tx.audit_read({(record.organisation_id, record.subject)}, purpose=_SCREEN, screen=_SCREEN)
    return await merging.preview(tx, record.organisation_id, record.id)


async def merge(tx: Tx, machines: Machines, body: Two) -> Number:
    """Make one record of two."""
    survivor = await _patient(tx, body.survivor)
    place = place_of_house(machines.settings)
    return Number(await merging.merge(tx, survivor.organisation_id, survivor.id, body.retired, place))


async def merges(tx: Tx, query: Page) -> list[Merged]:
    """Return what was made one, newest first."""
    return [_merged(item) for item in await identity.merges(tx, query.before, query.limit)]


async def undo(tx: Tx, machines: Machines, number: int) -> None:
    """Make two records of one again."""
    await merging.undo(tx, number, place_of_house(machines.settings))


async def link(tx: Tx, machines: Machines, body: Link) -> None:
    """Have two records say that they are of one person, each of which stays what it is."""
    whose = (await _patient(tx, body.one)).organisation_id
    place = place_of_house(machines.settings)
    await linking.link_by_hand(tx, whose, (body.one, body.other), body.reason.strip(), place)


async def unlink(tx: Tx, machines: Machines, body: Link) -> None:
    """Have two records no more say that they are of one person."""
    whose = (await _patient(tx, body.one)).organisation_id
    place = place_of_house(machines.settings)
    await linking.unlink_by_hand(tx, whose, (body.one, body.other), body.reason.strip(), place)


async def _patient(tx: Tx, identifier: str) -> Record:
    record = await records.read(tx, PATIENT, identifier)
    if record is None or record.is_deleted:
        message = "there is no patient of this ID, or they are not yours to see"
        raise NotFound(message)
    return record


def _pair(item: identity.Candidate) -> Pair:
    findings = [Finding(*finding) for finding in item.findings]
    own = (item.id, item.organisation_id, item.weight, item.found_at, item.state)
    return Pair(*own, findings, _person(item.first), _person(item.second))


def _merged(item: identity.Done) -> Merged:
    own = (item.id, item.organisation_id, item.merged_by, item.merged_at, item.undone_by, item.undone_at, item.moved)
    return Merged(*own, _person(item.survivor), _person(item.retired))


def _person(record: Record) -> Person:
    patient = decode_resource(record.body) if record.body else {}
    names = list(dict.fromkeys(text for item in patient.get("name", ()) if (text := name_text(item))))
    identifiers: list[dict[str, Any]] = patient.get("identifier", [])
    return Person(
        rid=record.rid,
        organisation_id=record.organisation_id,
        id=record.id,
        name=names[0] if names else "",
        other_names=names[1:],
        pinyin=" ".join(syllables(names[0])) if names and is_ideographic(names[0]) else "",
        sex=patient.get("gender", ""),
        birth_date=patient.get("birthDate", ""),
        birth_order=patient.get("multipleBirthInteger"),
        resident_id=next((item.get("value", "") for item in identifiers if item.get("system") == RESIDENT_ID), ""),
        numbers=[_numbered(item) for item in identifiers if item.get("system") != RESIDENT_ID and item.get("value")],
        phones=[item["value"] for item in patient.get("telecom", ()) if item.get("value")],
        addresses=[text for item in patient.get("address", ()) if (text := address_text(item))],
        is_provisional=is_provisional(patient),
        is_active=patient.get("active", True),
        same_as=same_as(patient),
        last_updated=record.last_updated,
    )


def _numbered(identifier: Mapping[str, Any]) -> Numbered:
    codings = identifier.get("type", {}).get("coding", ())
    kind = next((coding["code"] for coding in codings if "code" in coding), "")
    return Numbered(kind, identifier.get("system", ""), identifier["value"])


ENDPOINTS: Final = tuple(
    Endpoint(method, f"/api/identity{path}", handler, Permission.RECORD_RESOLVE, adds_only=True)
    for method, path, handler in (
        ("GET", "", waiting),
        ("GET", "/candidates", candidates),
        ("GET", "/candidates/{number}", candidate),
        ("POST", "/candidates/{number}/different", say_different),
        ("POST", "/candidates/{number}/open", ask_again),
        ("GET", "/provisional", provisional),
        ("POST", "/patients/{patient}/confirm", confirm),
        ("POST", "/patients/{patient}/doubt", doubt),
        ("GET", "/patients/{patient}/moving", moving),
        ("GET", "/merges", merges),
        ("POST", "/merges", merge),
        ("POST", "/merges/{number}/undo", undo),
        ("POST", "/links", link),
        ("POST", "/links/undo", unlink),
    )
)
