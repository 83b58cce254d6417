"""Resources of a message into the record, under IDs that the same order, visit or place has in the next message."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from lightwell.clinical import records
from lightwell.clinical.hl7.model import Received
from lightwell.clinical.keys import hashed, keys_of
from lightwell.clinical.model import Change, Record
from lightwell.standards.fhir.errors import ResourceError
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.validation import validate_value

_NAMES: Final = uuid.UUID("6f2a2b52-6d0b-4b8e-8f4e-0b4f1d7c9a35")
Make = Callable[[Resource | None], Resource]
"""Makes of a resource as it is, or of None, what it is from now on."""


class Draft(NamedTuple):
    """A resource that is to be brought up to date."""

    type: str
    id: str
    make: Make

    @property
    def reference(self) -> str:
        """Return how others refer to it."""
        return f"{self.type}/{self.id}"


def own_id(received: Received, type_name: str, *parts: str) -> str:
    """Return the ID of what a hospital knows by a number: the same in every message that brings it."""
    return str(uuid.uuid5(_NAMES, "\0".join((str(received.organisation_id), type_name, *parts))))


async def write(received: Received, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Bring resources up to date, all in one statement; what stays as it is gets no new version.

    Returns the drafts under the IDs that they have now: what is of another patient under the same number stays theirs.

    Raises:
        ResourceError: one of them would be none that R4 allows.
    """
    there = await _there(received, drafts)
    owners = {draft.reference: whose for draft in drafts if (whose := _new_owner(received, draft, there))}
    if owners:
        drafts = _apart(drafts, owners)
        there = await _there(received, drafts)
    changes = [change for draft in drafts if (change := _change(received, draft, there)) is not None]
    await records.write(received.tx, changes, received.place, received.told_by)
    return drafts


async def _there(received: Received, drafts: Sequence[Draft]) -> Mapping[tuple[str, str], Record]:
    return await records.lock(received.tx, received.organisation_id, [(draft.type, draft.id) for draft in drafts])


def _new_owner(received: Received, draft: Draft, there: Mapping[tuple[str, str], Record]) -> str:
    """Return whose a resource is, if what is there under its number is another patient's; else nothing.

    Laboratories begin their numbers anew, and wards count the stays of each patient: what comes under a number of
    somebody else is another order, report or visit.
    """
    before = there.get((draft.type, draft.id))
    if before is None or before.is_deleted or not before.patient_id:
        return ""
    made = draft.make(None) | {"resourceType": draft.type, "id": draft.id}
    patient_id = keys_of(made, received.place).patient_id
    return "" if patient_id == before.patient_id else patient_id


def _apart(drafts: Sequence[Draft], owners: Mapping[str, str]) -> list[Draft]:
    """Return drafts of which some have IDs of their own beside those of other patients, by which all refer to them."""
    named = {
        draft.reference: Draft(draft.type, _apart_id(draft.id, whose), draft.make)
        for draft in drafts
        if (whose := owners.get(draft.reference))
    }
    references = {before: draft.reference for before, draft in named.items()}

    def referring(make: Make) -> Make:
        return lambda now: _with_references(make(now), references)

    return [draft._replace(make=referring(draft.make)) for draft in (named.get(one.reference, one) for one in drafts)]


def _apart_id(identifier: str, patient_id: str) -> str:
    return str(uuid.uuid5(_NAMES, f"{identifier}\0{patient_id}"))


async def id_of(received: Received, type_name: str, identifier: str, patient_id: str) -> str:
    """Return under which ID a patient has what is known by a number: one of their own where somebody else has that."""
    held = await records.lock(received.tx, received.organisation_id, [(type_name, identifier)])
    there = held.get((type_name, identifier))
    is_others = there is not None and not there.is_deleted and there.patient_id not in {"", patient_id}
    return _apart_id(identifier, patient_id) if is_others else identifier


def _with_references(node: Any, references: Mapping[str, str]) -> Any:
    if isinstance(node, list):
        return [_with_references(item, references) for item in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    found = {name: _with_references(value, references) for name, value in cast("dict[str, Any]", node).items()}
    after = references.get(found.get("reference", ""))
    return found if after is None else found | {"reference": after}


async def ensure_shared(received: Received, drafts: Sequence[Draft]) -> None:
    """Make resources that many patients share, e.g. beds, where they are missing; what is there stays as it is."""
    for draft in sorted(drafts, key=lambda item: item.id):
        if await records.read(received.tx, draft.type, draft.id) is None:
            await records.alone(received.tx, hashed(draft.reference))
            await write(received, [Draft(draft.type, draft.id, unless_known(draft.make))])


def unless_known(make: Make) -> Make:
    """Return what makes a resource where it is missing, and leaves it alone where it is there."""
    return lambda now: make(None) if now is None else now


def with_(said: Resource) -> Make:
    """Return what has a resource say something, beside what it says already."""
    return lambda now: (now or {}) | said


async def present(received: Received, type_name: str, identifier: str) -> Resource | None:
    """Return a resource with its lock, or None where it is not there."""
    held = await records.lock(received.tx, received.organisation_id, [(type_name, identifier)])
    return _decoded(held.get((type_name, identifier)))


def _change(received: Received, draft: Draft, there: Mapping[tuple[str, str], Record]) -> Change | None:
    before = there.get((draft.type, draft.id))
    now = _decoded(before)
    resource = draft.make(None if now is None else dict(now))
    if now is not None and _content(resource) == _content(now):
        return None
    if issues := validate_value({"resourceType": draft.type} | resource):
        raise ResourceError(issues)
    return Change(received.organisation_id, draft.type, draft.id, resource, before)


def _decoded(record: Record | None) -> Resource | None:
    return None if record is None or record.is_deleted else decode_resource(record.body)


def _content(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name not in {"id", "meta"}}
