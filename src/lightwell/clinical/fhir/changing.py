"""Creates, updates, patches and deletes: what each asks for becomes a change, and all are written at once.

One interaction is a list of one; a transaction of a thousand entries goes the same way. What is asked for by a search
(``If-None-Exist``, ``PUT Patient?identifier=…``) is looked up first, then everything that is there is locked, then it
is decided: nobody can come between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Literal, TypeAlias

from lightwell.clinical import given_up, records
from lightwell.clinical.errors import Gone, PreconditionFailed
from lightwell.clinical.fhir.asking import Hospital, version_in
from lightwell.clinical.fhir.matching import matching, read_query
from lightwell.clinical.keys import PATIENT, hashed
from lightwell.clinical.model import Change, Record
from lightwell.clinical.numbers import keys_of, numbers_of
from lightwell.clinical.subscriptions import keeping
from lightwell.core.errors import InvalidRequest, NotFound
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import Issue, ResourceError
from lightwell.standards.fhir.patch import Operation, apply_patch
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.validation import validate_value

Method: TypeAlias = Literal["POST", "PUT", "PATCH", "DELETE"]
_CREATED: Final = 201
_OK: Final = 200
_NO_CONTENT: Final = 204


@dataclass(frozen=True, slots=True)
class Asked:
    """One change that a client asks for; ``query`` instead of ``id`` where it says it by a search."""

    method: Method
    type: str
    id: str = ""
    query: str = ""
    resource: Resource | None = None
    patch: Sequence[Operation] = ()
    if_match: str = ""
    if_none_exist: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it; no record of what was not there to be deleted."""

    status: int
    record: Record | None


@dataclass(frozen=True, slots=True)
class Aimed:
    """What a client asks for, with the ID that it is about; ``found`` is there already and stays as it is."""

    asked: Asked
    id: str
    found: Record | None = None


async def change(tx: Tx, hospital: Hospital, wanted: Sequence[Asked]) -> list[Answer]:
    """Do all of what is asked for, or nothing of it.

    Raises:
        PreconditionFailed: another version is there than was expected, or several resources where one was.
        Conflict: a patient that it is about was given up for another, or would forget that they were.
        Gone: what is to be patched was deleted.
        NotFound: what is to be patched never was.
        FhirError: a patch does not fit, or what it makes is no resource of R4, or a subscription cannot be carried out.
    """
    return await carry_out(tx, hospital, await aim(tx, hospital, wanted))


async def carry_out(tx: Tx, hospital: Hospital, aimed: Sequence[Aimed]) -> list[Answer]:
    """Do what was aimed at; the second half of :func:`change`."""
    names = [(item.asked.type, item.id) for item in aimed if item.asked.method != "POST"]  # which is new, or stays
    there = await records.lock(tx, hospital.organisation_id, names)
    decided = [_decide(hospital, item, there) for item in aimed]
    changes = [item for item in decided if item is not None]
    await given_up.require_kept(tx, changes)
    records_written = await keeping.write(tx, changes, hospital.place, hospital.allowed)
    await given_up.require_counted(tx, records_written)
    written = iter(records_written)
    return [_answer(item, wanted, next(written) if item else None) for item, wanted in zip(decided, aimed, strict=True)]


async def aim(tx: Tx, hospital: Hospital, wanted: Sequence[Asked]) -> list[Aimed]:
    """Find out which resources a client means.

    Raises:
        PreconditionFailed: several are what one of its searches asks for.
    """
    await _settle(tx, hospital, wanted)
    return [await _aim(tx, hospital, asked) for asked in wanted]


async def hold(tx: Tx, hospital: Hospital, wanted: Sequence[Asked]) -> None:
    """Keep others from all that a client goes on to ask for one by one."""
    await _settle(tx, hospital, wanted)
    await records.lock(tx, hospital.organisation_id, [(asked.type, asked.id) for asked in wanted if asked.id])


async def _settle(tx: Tx, hospital: Hospital, wanted: Sequence[Asked]) -> None:
    """Have nobody else decide on the same questions; in one order, so that no two clients wait for each other."""
    for key in sorted({key for asked in wanted for key in _questions(hospital, asked)}):
        await records.alone(tx, key)


async def _aim(tx: Tx, hospital: Hospital, asked: Asked) -> Aimed:
    query = _query(asked)
    if query is None:
        return Aimed(asked, asked.id or records.new_id())
    found = await matching(tx, hospital, asked.type, query)
    if len(found) > 1:
        message = "several resources are what the search asks for, expected one at most"
        raise PreconditionFailed(message)
    own = found[0] if found else None
    if asked.method == "POST":
        return Aimed(asked, own.id if own else records.new_id(), own)
    return Aimed(asked, own.id if own else _new_id(asked))


def _query(asked: Asked) -> str | None:
    """Return the search by which a client says what it means; None if it says it by an ID, or means a new one."""
    if asked.method == "POST":
        return asked.if_none_exist or None
    return None if asked.id else asked.query


def question_of(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the search by which a client says what it means, the same for each of its spellings; empty if by none."""
    return tuple(read_query(_query(asked) or ""))


def _questions(hospital: Hospital, asked: Asked) -> list[int]:
    """Return what nobody else decides on meanwhile: the search, and whose the numbers of a patient are.

    By a patient's numbers messages ask too, whose senders know nothing of the search.
    """
    question = question_of(asked)
    if not question:
        return []
    own = keys_of(numbers_of(asked.resource)) if asked.type == PATIENT else []
    return [hashed(str(hospital.organisation_id), asked.type, *chain(*question)), *own]


def _new_id(asked: Asked) -> str:
    """Return the ID under which an update by search that finds nothing creates (R4 3.1.0.4.3)."""
    return str(asked.resource.get("id", "")) or records.new_id() if asked.resource else ""


def _decide(hospital: Hospital, aimed: Aimed, there: Mapping[tuple[str, str], Record]) -> Change | None:
    """Return what is to be written; None if nothing is."""
    asked, before = aimed.asked, there.get((aimed.asked.type, aimed.id))
    if aimed.found is not None:
        return None
    _require_version(asked, before)
    change = Change(hospital.organisation_id, asked.type, aimed.id, asked.resource, before)
    if asked.method == "DELETE":
        return None if before is None or before.is_deleted else replace(change, resource=None)
    if asked.method == "PATCH":
        return replace(change, resource=_patched(asked, before))
    return change


def _require_version(asked: Asked, before: Record | None) -> None:
    """Go on only if what is there is what the client saw last, or for ``*`` if anything is (RFC 9110 13.1.1)."""
    if asked.if_match == "*" and (before is None or before.is_deleted):
        message = f"expected any version of this {asked.type}, there is none"
        raise PreconditionFailed(message)
    expected = version_in(asked.if_match)
    if expected is not None and (before is None or before.version != expected):
        is_now = f"version {before.version} is there" if before else "there is none"
        message = f"expected version {expected} of this {asked.type}, {is_now}; read it again and decide anew"
        raise PreconditionFailed(message)


def _patched(asked: Asked, before: Record | None) -> Resource:
    if before is None:
        raise missing(asked.type)
    if before.is_deleted:
        raise deleted(asked.type)
    old = decode_resource(before.body)
    patched = apply_patch(old, asked.patch)
    if (patched.get("resourceType"), patched.get("id")) != (old["resourceType"], old["id"]):
        message = "a patch changes neither resourceType nor id"
        raise InvalidRequest(message)
    require_valid(validate_value(patched))
    return patched


def _answer(change: Change | None, aimed: Aimed, written: Record | None) -> Answer:
    if change is None:
        return Answer(_OK if aimed.found else _NO_CONTENT, aimed.found)
    is_new = change.act == "created"
    return Answer(_CREATED if is_new else _NO_CONTENT if change.act == "deleted" else _OK, written)


def missing(type_name: str) -> NotFound:
    """Return the error of a resource that never was, or is not the actor's to see."""
    return NotFound(f"there is no {type_name} of this ID, or it is not yours to see")


def deleted(type_name: str) -> Gone:
    """Return the error of a resource that was deleted."""
    return Gone(f"this {type_name} was deleted; its versions can be read by _history")


def require_valid(issues: Sequence[Issue]) -> None:
    """Go on only if nothing is wrong with a resource."""
    if issues:
        raise ResourceError(issues)
