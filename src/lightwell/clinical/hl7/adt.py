"""ADT: who is here, where they lie, and who somebody is (chapter 3).

A01 A04 A05 A06 A07 A08    admitted, registered, pre-admitted, in- and outpatient, corrected
A02 A03 A16                moved, discharged, about to be
A11 A12 A13 A25            all of that called off
A28 A31                    a person, without a visit
A40 A47                    two patients are one; a number was wrong
A24 A37                    two records are of one person, and are not
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias

from lightwell.clinical import linking, merging
from lightwell.clinical.hl7 import elements, pid, pv1
from lightwell.clinical.hl7.arriving import have_wait
from lightwell.clinical.hl7.model import Handler, Received
from lightwell.clinical.hl7.writing import Draft
from lightwell.clinical.model import Record
from lightwell.clinical.patients import find_patient
from lightwell.clinical.queues import calling
from lightwell.clinical.queues.model import WhatFor
from lightwell.core.errors import Conflict, InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.message import Segment

_BOTH: Final = 2
_Event: TypeAlias = Callable[[Resource, "str | None", "str | None"], None]
"""What happens to a visit: the Encounter, the bed that PV1-3 names, and when it was."""


async def visited(received: Received, happens: _Event) -> None:
    """Bring patient and visit up to date, as an event changes them."""
    await _visited(received, happens)


async def _visited(received: Received, happens: _Event) -> tuple[Record, Draft | None]:
    """Return the patient and the visit, both up to date."""
    segment = received.message["PID"]
    patient = await pid.bring_up_to_date(received, segment, received.message.all("NK1"))
    moment = _when(received)

    def happen(encounter: Resource, bed: str | None) -> None:
        happens(encounter, bed, moment)

    return patient, await pv1.visit(received, patient, happen)


async def registered(received: Received) -> None:
    """Bring patient and visit up to date (A04), and have them wait where the clinic they came to has a queue."""
    patient, visit = await _visited(received, _begins)
    if visit is None:
        return
    segment = received.message["PV1"]
    await have_wait(received, (segment[10].text, segment[3].text), patient.id, WhatFor(visit.id))


async def called_off(received: Received) -> None:
    """Call a visit off (A11): nobody waits for it any more."""
    await _over(received, _is_called_off)


async def ended(received: Received) -> None:
    """Note that somebody has gone (A03), who waits nowhere any more."""
    await _over(received, _ends)


async def about_to_end(received: Received) -> None:
    """Note when somebody is to be discharged (A16): as the event says (EVN-3), or else the visit (PV2-9)."""
    evn = received.message.get("EVN")
    planned = pv1.planned(evn[3], received.source.zone) if evn is not None else None

    def happens(encounter: Resource, bed: str | None, moment: str | None) -> None:
        _is_corrected(encounter, bed, moment)
        if planned is not None:
            pv1.expect_end(encounter, planned)

    await _visited(received, happens)


async def _over(received: Received, happens: _Event) -> None:
    _, visit = await _visited(received, happens)
    if visit is not None:
        await calling.leave(received.tx, received.organisation_id, visit.id)


async def described(received: Received) -> None:
    """Bring a person up to date who is here or not (A28, A31)."""
    await pid.bring_up_to_date(received, received.message["PID"], received.message.all("NK1"))


async def merged(received: Received) -> None:
    """Make one patient of two (A40): what was said of the second is said of the first from then on.

    What moved is kept, so that a person can undo it. A number that nobody had becomes one of the first.
    """
    for segment, mrg in _pairs(received):
        given_up = elements.numbers_of(mrg[1], received.source.issuer)
        retired = await find_patient(received.tx, received.organisation_id, given_up)
        also = given_up if retired is None else ()
        survivor = await pid.bring_up_to_date(received, segment, also=also)
        if retired is not None and retired.rid != survivor.rid:
            await merging.merge(received.tx, received.organisation_id, survivor.id, retired.id, received.place)


async def renumbered(received: Received) -> None:
    """Give a patient another number for a wrong one (A47); by the wrong one they are still found."""
    for segment, mrg in _pairs(received):
        await pid.bring_up_to_date(received, segment, also=elements.numbers_of(mrg[1], received.source.issuer))


async def linked(received: Received) -> None:
    """Have two patients say of each other that they are the same (A24), unless they were made one before."""
    one, other = await _two(received)
    if one.rid != other.rid:
        await linking.link(received.tx, one, other, received.place)


async def unlinked(received: Received) -> None:
    """Have two patients no more say that they are the same (A37)."""
    one, other = await _two(received)
    if one.rid == other.rid:
        message = "the two patients were made one here; a person has to undo that merge if they are different"
        raise Conflict(message)
    await linking.unlink(received.tx, one, other, received.place)


async def _two(received: Received) -> tuple[Record, Record]:
    """Return the patients of both PIDs (3.3.24, 3.3.37), brought up to date."""
    segments = received.message.all("PID")
    if len(segments) != _BOTH:
        message = "expected two patients (PID), another number of them came"
        raise InvalidRequest(message)
    one = await pid.bring_up_to_date(received, segments[0])
    return one, await pid.bring_up_to_date(received, segments[1])


def _pairs(received: Received) -> list[tuple[Segment, Segment]]:
    """Return each PID with the MRG that follows it (3.3.40)."""
    pairs = [(group[0], mrg) for group in received.message.groups("PID") for mrg in group if mrg.name == "MRG"]
    if not pairs or not all(elements.numbers_of(mrg[1], received.source.issuer) for _, mrg in pairs):
        message = "expected a PID and after it an MRG with the number that is given up, something else came"
        raise InvalidRequest(message)
    return pairs


def _when(received: Received) -> str | None:
    """Return when it happened: EVN-6, or else when it was noted, EVN-2."""
    evn = received.message.get("EVN")
    if evn is None:
        return None
    zone = received.source.zone
    return elements.instant(evn[6].text, zone) or elements.instant(evn[2].text, zone)


# -- what an event does to a visit -------------------------------------------------------------------------------------


def _begins(encounter: Resource, bed: str | None, moment: str | None, status: str = "in-progress") -> None:
    encounter["status"] = status
    if moment is not None and status == "in-progress":
        encounter["period"] = {"start": moment} | encounter.get("period", {})
    pv1.move(encounter, bed, moment)


def _moves(encounter: Resource, bed: str | None, moment: str | None) -> None:
    encounter["status"] = "in-progress"
    pv1.move(encounter, bed, moment)


def _is_corrected(encounter: Resource, bed: str | None, moment: str | None) -> None:
    """A08 changes what is said, not what happens; of a visit that nobody knew it says that it is under way."""
    if encounter["status"] == "unknown":
        _begins(encounter, bed, moment)
    else:
        pv1.move(encounter, bed, moment)


def _is_no_more_about_to_end(encounter: Resource, bed: str | None, moment: str | None) -> None:
    """A25: nobody expects the discharge any more."""
    _is_corrected(encounter, bed, moment)
    pv1.expect_end(encounter, None)


def _ends(encounter: Resource, bed: str | None, moment: str | None) -> None:
    pv1.move(encounter, bed, None)
    encounter["status"] = "finished"
    if moment is not None:
        encounter["period"] = {"end": moment} | encounter.get("period", {})
    encounter["location"] = [dict(stay) for stay in encounter.get("location", ())]
    for stay in encounter["location"]:
        if stay.get("status") == "active":
            pv1.leave(stay, moment)
    if not encounter["location"]:
        del encounter["location"]


def _is_called_off(encounter: Resource, bed: str | None, moment: str | None) -> None:
    del bed, moment
    encounter["status"] = "cancelled"


def _goes_back(encounter: Resource, bed: str | None, moment: str | None) -> None:
    """A12: the last move did not happen; the patient lies where they lay before."""
    stays = [dict(stay) for stay in encounter.get("location", ())]
    if len(stays) > 1 and stays[-1].get("status") == "active":
        stays.pop()
        _lies_again(stays[-1])
        encounter["location"] = stays
    encounter["status"] = "in-progress"
    pv1.move(encounter, bed, moment)


def _is_still_here(encounter: Resource, bed: str | None, moment: str | None) -> None:
    """A13: the discharge did not happen."""
    encounter["status"] = "in-progress"
    encounter["period"] = {name: value for name, value in encounter.get("period", {}).items() if name != "end"}
    stays = [dict(stay) for stay in encounter.get("location", ())]
    if stays and stays[-1].get("status") == "completed":
        _lies_again(stays[-1])
        encounter["location"] = stays
    if not encounter["period"]:
        del encounter["period"]
    pv1.move(encounter, bed, moment)


def _lies_again(stay: Resource) -> None:
    stay["status"] = "active"
    if period := {name: value for name, value in stay.get("period", {}).items() if name != "end"}:
        stay["period"] = period
    else:
        stay.pop("period", None)


def _of(happens: _Event) -> Handler:
    return partial(visited, happens=happens)


HANDLERS: Final[Mapping[str, Handler]] = {
    "ADT^A01": _of(_begins),
    "ADT^A02": _of(_moves),
    "ADT^A03": ended,
    "ADT^A04": registered,
    "ADT^A05": _of(partial(_begins, status="planned")),
    "ADT^A06": _of(_moves),
    "ADT^A07": _of(_moves),
    "ADT^A08": _of(_is_corrected),
    "ADT^A11": called_off,
    "ADT^A12": _of(_goes_back),
    "ADT^A13": _of(_is_still_here),
    "ADT^A16": about_to_end,
    "ADT^A24": linked,
    "ADT^A25": _of(_is_no_more_about_to_end),
    "ADT^A28": described,
    "ADT^A31": described,
    "ADT^A37": unlinked,
    "ADT^A40": merged,
    "ADT^A47": renumbered,
}
"""Events of chapter 3, and what is done about each."""
