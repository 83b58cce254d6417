"""The numbers of patients: who gave them, and whose they are, whoever writes (R4 Identifier; HL7 v2 CX).

A number belongs to one patient of a hospital. R4 lets a second one say the same number: it is kept in what they say,
the number stays with whom it belonged to first, and the two are shown to a person as perhaps one.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from lightwell.clinical.columns import array, texts
from lightwell.clinical.keys import LONGEST_TEXT, PATIENT, hashed
from lightwell.clinical.model import Change
from lightwell.clinical.store import identity as store
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource

MEDICAL_RECORD_NUMBER: Final = "MR"
RESIDENT_ID: Final = "urn:oid:2.16.156.10011.1.3"


class Number(NamedTuple):
    """A number of a patient, and the system that gave it, as in a FHIR Identifier."""

    issuer: str
    value: str

    @property
    def key(self) -> int:
        """Return 64 bits of it."""
        return hashed(self.issuer, self.value)


def numbers_of(patient: Resource | None) -> set[Number]:
    """Return the numbers of a patient that somebody gave; one that names nobody is no use to find them by."""
    identifiers = patient.get("identifier", ()) if patient else ()
    found = (Number(item.get("system", ""), item.get("value", "")) for item in identifiers)
    return {number for number in found if all(number) and max(map(len, number)) <= LONGEST_TEXT}


def keys_of(numbers: Iterable[Number]) -> list[int]:
    """Return the locks of numbers in the order in which everybody takes them."""
    return sorted({number.key for number in numbers})


async def keep(tx: Tx, changes: Sequence[Change]) -> None:
    """Note whose the numbers are that patients have from now on, and free those that they gave up.

    It is called within a pipeline, after the resources themselves: nobody waits for it but the end of the transaction.
    """
    own = [(item, _before(item), numbers_of(item.resource)) for item in changes if item.type == PATIENT]
    freed = [(item, number) for item, before, after in own for number in before - after]
    taken = [(item, number) for item, before, after in own for number in after - before]
    if freed or taken:
        await tx.connection.execute(store.KEEP_NUMBERS, _columns("freed", freed) | _columns("taken", taken))


def _before(change: Change) -> set[Number]:
    return numbers_of(decode_resource(change.before.body) if change.before and change.before.body else None)


def _columns(what: str, rows: Sequence[tuple[Change, Number]]) -> dict[str, Any]:
    return {
        f"{what}_organisations": array(change.organisation_id for change, _ in rows),
        f"{what}_ids": texts(change.id for change, _ in rows),
        f"{what}_issuers": texts(number.issuer for _, number in rows),
        f"{what}_values": texts(number.value for _, number in rows),
    }
