"""The identity worklist: who may be one person, who is known by images only, and what was made one.

A person decides: the same (a merge, which can be undone), or different (kept, and not asked again).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from lightwell.clinical.keys import PATIENT, hashed, parameter_number
from lightwell.clinical.model import Record
from lightwell.clinical.patients import PROVISIONAL
from lightwell.clinical.store import candidates as store
from lightwell.clinical.store import columns
from lightwell.core import clock
from lightwell.core.errors import Conflict, NotFound
from lightwell.core.tx import Tx

State: TypeAlias = Literal["open", "same", "different"]
_PURPOSE: Final = "identity"
_SCREEN: Final = "identity"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two records that may be of one person; each finding is a trait, how it compares, and what that weighs."""

    id: int
    organisation_id: int
    weight: float
    findings: Sequence[tuple[str, str, float]]
    found_at: datetime
    state: State
    first: Record
    second: Record


@dataclass(frozen=True, slots=True)
class Done:
    """A merge, with how many resources moved."""

    id: int
    organisation_id: int
    merged_by: str
    merged_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    moved: int
    survivor: Record
    retired: Record


async def counts(tx: Tx) -> tuple[int, int]:
    """Return how many candidates and provisional patients wait."""
    row = await (await tx.connection.execute(store.COUNTS, _mine(tx) | _marks())).fetchone()
    return (row[0], row[1]) if row else (0, 0)


async def candidates(tx: Tx, before: int, limit: int) -> list[Candidate]:
    """Return candidates that nobody decided on, the newest first."""
    rows = await _rows(tx, store.OPEN, {"before": before, "limit": limit})
    found = [_candidate(row) for row in rows]
    await _note(tx, (record for item in found for record in (item.first, item.second)))
    return found


async def candidate(tx: Tx, number: int) -> Candidate:
    """Return two records to be compared.

    Raises:
        NotFound: there is no such candidate any more, or it is not the actor's to decide.
    """
    rows = await _rows(tx, store.ONE, {"id": number})
    if not rows:
        raise _gone()
    found = _candidate(rows[0])
    await _note(tx, (found.first, found.second))
    return found


async def provisional(tx: Tx, before: int, limit: int) -> list[Record]:
    """Return patients of whom nothing but images came, the newest first."""
    rows = await _rows(tx, store.PROVISIONAL, {"before": before, "limit": limit, **_marks()})
    found = [Record(*row) for row in rows]
    await _note(tx, found)
    return found


async def merges(tx: Tx, before: int, limit: int) -> list[Done]:
    """Return merges, the newest first, with those that were undone."""
    rows = await _rows(tx, store.MERGES, {"before": before, "limit": limit})
    found = [_done(row) for row in rows]
    await _note(tx, (record for item in found for record in (item.survivor, item.retired)))
    return found


async def elsewhere(tx: Tx, records: Iterable[Record]) -> Mapping[int, int]:
    """Return how many candidates other hospitals have for records, by their rid; of whom, nobody is told here."""
    rids = [record.rid for record in records]
    rows = await (await tx.connection.execute(store.ELSEWHERE, {"rids": rids})).fetchall()
    found: dict[int, int] = dict(rows)
    return dict.fromkeys(rids, 0) | found


async def say_different(tx: Tx, number: int) -> None:
    """Keep two records apart; they are not proposed again.

    Raises:
        NotFound: there is no such candidate, or it is not the actor's to decide.
        Conflict: somebody decided before.
    """
    await _decide(tx, number, "open", "different", "patient.said_different")


async def ask_again(tx: Tx, number: int) -> None:
    """Propose two records again that were said to be different.

    Raises:
        NotFound: there is no such candidate, or it is not the actor's to decide.
        Conflict: nobody said that, or somebody took it back before.
    """
    await _decide(tx, number, "different", "open", "patient.asked_again")


async def _decide(tx: Tx, number: int, was: State, state: State, act: str) -> None:
    """Decide on two records, and write into the audit trail of each what was said of the other."""
    found = await candidate(tx, number)
    values = {"id": number, "was": was, "state": state, "by": tx.actor.name, "at": clock.now()}
    if not await _rows(tx, store.DECIDE, values):
        message = "somebody decided on these two meanwhile; read the list again"
        raise Conflict(message)
    for record, other in ((found.first, found.second), (found.second, found.first)):
        await tx.audit(
            act,
            organisation_id=record.organisation_id,
            subject=record.subject,
            purpose=_PURPOSE,
            screen=_SCREEN,
            detail={"with": other.reference},
        )


def _candidate(row: Sequence[Any]) -> Candidate:
    return Candidate(*_with_two(row, 6))


def _done(row: Sequence[Any]) -> Done:
    return Done(*_with_two(row, 7))


def _with_two(row: Sequence[Any], own: int) -> list[Any]:
    """Return a row that ends with two records."""
    return [*row[:own], Record(*row[own : own + columns.COUNT]), Record(*row[own + columns.COUNT :])]


def _marks() -> dict[str, int]:
    """Return the keys under which provisional patients stand that count."""
    return {
        "tag": parameter_number(PATIENT, "_tag"),
        "code": hashed(PROVISIONAL["code"]),
        "system": hashed(PROVISIONAL["system"]),
        "active": parameter_number(PATIENT, "active"),
        "true": hashed("true"),
    }


def _mine(tx: Tx) -> dict[str, Any]:
    return {"organisations": list(tx.actor.organisation_ids)}


async def _rows(tx: Tx, statement: Any, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return await (await tx.connection.execute(statement, {**values, **_mine(tx)})).fetchall()


async def _note(tx: Tx, records: Iterable[Record]) -> None:
    subjects = {(record.organisation_id, record.subject) for record in records}
    await tx.audit_read(subjects, purpose=_PURPOSE, screen=_SCREEN)


def _gone() -> NotFound:
    return NotFound("these two are no candidates any more, or not yours to decide; read the list again")
