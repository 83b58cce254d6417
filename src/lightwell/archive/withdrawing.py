"""What a reader has filed of measurements in a study, and taking back what holds no longer (IHE IOCM).

Beside the report of measurements, presentation states tell other viewers where the lines are. Each state stands for
itself until it is rejected, so each new report takes back those that were drawn before. Of a reader's withdrawals the
newest counts, as of all that is made here: it names every state again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lightwell.archive.derived import finding
from lightwell.archive.derived.making import Maker, maker
from lightwell.archive.keyobject import SOP_CLASS, Reference
from lightwell.archive.keyobject_writing import WITHDRAWALS, Chosen, withdraw
from lightwell.archive.model import InstanceRow, StudyRow
from lightwell.archive.room import Archive
from lightwell.archive.standing import standing
from lightwell.core import clock
from lightwell.core.actors import Actor
from lightwell.core.tx import Tx

DRAWN: Final = "presentations of measurements"
"""The series of a reader's states that show measurements (their label is MEASUREMENTS)."""
STATES: Final = ("1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.11.2")
"""The SOP classes of presentation states, of images in grey and in colour."""
_REPORTED: Final = "measurements"
_WITHDRAWN: Final = "withdrawn measurements"
_KINDS: Final = (_REPORTED, DRAWN, _WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Held:
    """What a reader has filed: the number of the newest report, the report if it stands, the states.

    ``has_stale_states`` tells whether some of them stand; ``withdrawals`` is the number of the newest withdrawal.
    """

    number: int
    report: Chosen | None
    states: tuple[Chosen, ...]
    has_stale_states: bool
    withdrawals: int

    @property
    def base(self) -> str | None:
        """The SOP Instance UID of the report that stands."""
        return None if self.report is None else self.report.reference.sop_instance_uid


def reporter(actor: Actor, study: StudyRow) -> Maker:
    """Return who measures, and the series of their reports."""
    return _maker(actor, study, _REPORTED)


def _maker(actor: Actor, study: StudyRow, kind: str) -> Maker:
    return maker(actor.name, actor.account_id, study.organisation_id, study.study_instance_uid, kind)


async def held_by(
    tx: Tx, archive: Archive, study: StudyRow, reports: Sequence[str], states: Sequence[str], screen: str
) -> Held:
    """Return what the actor has filed in a study; ``reports`` and ``states`` are their SOP classes."""
    found = await finding.objects_of(tx, archive, study, [*reports, *states, SOP_CLASS], screen)
    by_series: dict[str, list[InstanceRow]] = {}
    for item in found:
        if item.instance is not None:
            by_series.setdefault(item.instance.series_instance_uid, []).append(item.instance)
    reported, drawn, withdrawn = (_newest_first(by_series, _maker(tx.actor, study, kind)) for kind in _KINDS)
    stand = (await standing(tx, archive, study, [*reported[:1], *drawn])).rows
    return Held(
        number=_number(reported),
        report=next((_chosen(row) for row in reported[:1] if row in stand), None),
        states=tuple(map(_chosen, drawn)),
        has_stale_states=any(row in stand for row in drawn),
        withdrawals=_number(withdrawn),
    )


def _newest_first(by_series: Mapping[str, list[InstanceRow]], by: Maker) -> list[InstanceRow]:
    return sorted(by_series.get(by.series_instance_uid, ()), key=finding.number_of, reverse=True)


def _number(newest_first: Sequence[InstanceRow]) -> int:
    return finding.number_of(newest_first[0]) if newest_first else 0


def _chosen(row: InstanceRow) -> Chosen:
    return Chosen(row.series_instance_uid, Reference(row.sop_class_uid, row.sop_instance_uid))


def take_back(actor: Actor, study: StudyRow, taken_back: Sequence[Chosen], number: int) -> tuple[str, str, bytes]:
    """Return SOP Class UID, SOP Instance UID and data set of a withdrawal."""
    by = _maker(actor, study, _WITHDRAWN)
    return SOP_CLASS, *withdraw(study, by, taken_back, number, clock.now(), WITHDRAWALS)
