"""Records that were given up for others stay given up, whoever writes: a merge holds until somebody undoes it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, LiteralString

from lightwell.clinical.keys import PATIENT
from lightwell.clinical.links import replaced_by
from lightwell.clinical.model import Change, Record
from lightwell.clinical.store import identity as store
from lightwell.core.errors import Conflict
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import decode_resource

_ABOUT: Final = (
    "expected a patient whose record counts, this one's was given up for another (Patient.link says which); "
    "write about that one"
)
_KEPT: Final = "this patient was made one with another; undo that first, or change the one that counts"


async def require_kept(tx: Tx, changes: Sequence[Change]) -> None:
    """Go on only if no change has a patient forget that they were made one with another.

    Raises:
        Conflict: one would delete a patient of a merge, or take away by whom one was replaced.
    """
    touched = [change for change in changes if change.type == PATIENT and _forgets(change)]
    for change in touched:
        asked = {"organisation_id": change.organisation_id, "ids": [change.id]}
        if await _any(tx, store.LAST_MERGE, asked):
            raise Conflict(_KEPT)


async def require_counted(tx: Tx, written: Sequence[Record]) -> None:
    """Go on only if nothing was written about a patient who was given up; merges wait until this is committed.

    Raises:
        Conflict: one of them was.
    """
    for organisation_id in sorted({record.organisation_id for record in written}):
        ids = _patients(record for record in written if record.organisation_id == organisation_id)
        if not ids:
            continue
        asked = {"organisation_id": organisation_id, "ids": ids}
        await tx.connection.execute(store.HOLD_PATIENTS, asked)
        if await _any(tx, store.GIVEN_UP, asked):
            raise Conflict(_ABOUT)


def _patients(written: Iterable[Record]) -> list[str]:
    about = (record for record in written if record.type != PATIENT and not record.is_deleted)
    return sorted({record.patient_id for record in about if record.patient_id})


def _forgets(change: Change) -> bool:
    if change.before is None or change.before.is_deleted:
        return False
    if change.resource is None:
        return True
    before = replaced_by(decode_resource(change.before.body))
    return before is not None and replaced_by(change.resource) != before


async def _any(tx: Tx, statement: LiteralString, values: dict[str, Any]) -> bool:
    return await (await tx.connection.execute(statement, values)).fetchone() is not None
