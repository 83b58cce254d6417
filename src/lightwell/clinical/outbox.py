"""What other systems are told: a row for each message, in the transaction of the change that it tells of.

Whoever writes in the record need not know that anybody is told. The text is made when the message is sent
(``hl7/outgoing``); of what was rolled back nothing is sent, and of what was written nothing can be forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from lightwell.clinical.columns import array, moments
from lightwell.clinical.keys import hashed, parameter_number
from lightwell.clinical.model import Record
from lightwell.clinical.store import sending as store
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource


class System(NamedTuple):
    """What another system calls itself (MSH-3, MSH-4)."""

    application: str
    facility: str


NOBODY: Final = System("", "")
RESULT, GIVEN, DOCUMENT = "ORU^R01", "RAS^O17", "MDM^T02"
KINDS: Final = (RESULT, GIVEN, DOCUMENT)
"""The messages of which a system may be told."""
DEPTH: Final = 8
"""So deep in groups of others findings are told, and places are said that lie in others."""
_REPORT, _FINDING = "DiagnosticReport", "Observation"
_NAMED: Final = {
    "result": parameter_number(_REPORT, "result"),
    "member": parameter_number(_FINDING, "has-member"),
    "system": hashed(_FINDING),
    "depth": DEPTH,
}
# What is final, and what takes that back. Whatever else a resource says, it is nothing to act on yet.
_TOLD: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    _REPORT: (
        RESULT,
        frozenset(("final", "amended", "corrected", "appended", "cancelled", "entered-in-error")),
    ),
    "MedicationAdministration": (GIVEN, frozenset(("completed", "stopped", "not-done", "entered-in-error"))),
    "DocumentReference": (DOCUMENT, frozenset(("current", "entered-in-error"))),
}


class News(NamedTuple):
    """A resource that was written, and what it was before."""

    record: Record
    resource: Resource
    before: Record | None = None

    @property
    def kind(self) -> str | None:
        """Return the message that tells of it, if any does."""
        return kind_of(self.resource)


async def put(tx: Tx, news: Sequence[News], told_by: System | None = None) -> None:
    """Have the systems that want to know be told of resources, but not who told us.

    A report is told anew when a finding in it is another now, even if it says the same itself.
    """
    corrected = [item.record for item in news if item.record.type == _FINDING and item.record.version > 1]
    names = {(item.record.type, item.record.id) for item in news}
    reports = [item for item in await _reports_of(tx, corrected) if (item.type, item.id) not in names]
    told = {item.id: News(item, decode_resource(item.body)) for item in reports if not item.is_deleted}
    rows = [item for item in (*await _settled(tx, news), *told.values()) if item.kind]
    if rows:
        await tx.connection.execute(store.PUT, _columns(rows) | (told_by or NOBODY)._asdict())


def kind_of(resource: Resource) -> str | None:
    """Return the message that tells of a resource; None if it is of a type, or in a state, that none is told of."""
    if resource["resourceType"] not in _TOLD:  # some of these have no code as their status
        return None
    kind, statuses = _TOLD[resource["resourceType"]]
    is_draft = resource.get("docStatus") == "preliminary"
    return kind if resource.get("status") in statuses and not is_draft else None


async def _reports_of(tx: Tx, findings: Sequence[Record]) -> list[Record]:
    """Return the reports in which findings stand, or groups of them, as of when those were changed.

    Nobody changes these reports until the transaction ends: what is told of them last is what they are.
    """
    if not findings:
        return []
    values = {
        "organisations": array(record.organisation_id for record in findings),
        "keys": array(hashed(record.id) for record in findings),
        "moments": moments(record.last_updated for record in findings),
    }
    return [Record(*row) for row in await (await tx.connection.execute(store.REPORTS_OF, values | _NAMED)).fetchall()]


async def _settled(tx: Tx, news: Sequence[News]) -> list[News]:
    """Return what was written, with reports as of the last change of what they have come to name.

    Who corrects such a finding meanwhile does not see the report, and cannot have it told anew: so nobody does.
    """
    there = {item.record.id for item in news if item.record.type == _FINDING}
    named = [item for item in news if item.record.type == _REPORT and item.kind and _come_to_name(item) - there]
    if not named:
        return list(news)
    records = [item.record for item in named]
    values = {
        "organisations": array(record.organisation_id for record in records),
        "ids": [record.id for record in records],
    }
    rows = await (await tx.connection.execute(store.FINDINGS_OF, values | _NAMED)).fetchall()
    last = {report: max(moment for name, moment in rows if name == report) for report, _ in rows}
    return [_as_of(item, last.get(item.record.id)) if item.record.type == _REPORT else item for item in news]


def _come_to_name(item: News) -> set[str]:
    """Return the IDs of findings that a report names, and did not before."""
    before = item.before
    then = _named(decode_resource(before.body)) if before is not None and before.body else set[str]()
    return _named(item.resource) - then


def _named(report: Resource) -> set[str]:
    return {str(found.get("reference", "")).rpartition("/")[2] for found in report.get("result", ())} - {""}


def _as_of(item: News, moment: datetime | None) -> News:
    record = item.record
    later = record.last_updated if moment is None else max(moment, record.last_updated)
    return item._replace(record=replace(record, last_updated=later))


def _columns(rows: Sequence[News]) -> dict[str, Any]:
    records = [item.record for item in rows]
    return {
        "organisations": array(record.organisation_id for record in records),
        "kinds": [item.kind for item in rows],
        "types": [record.type for record in records],
        "ids": [record.id for record in records],
        "versions": array(record.version for record in records),
        "moments": moments(record.last_updated for record in records),
    }
