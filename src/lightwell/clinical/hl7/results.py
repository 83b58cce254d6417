"""ORU^R01: what was found, as DiagnosticReports and Observations (chapter 7; v2-to-FHIR OBR, OBX).

A report is known by the number of who fills the order; an observation by its report, code and sub-ID (OBX-3, OBX-4), so
that a correction becomes another version of the same. A value of any data type is kept; what R4 has no Observation for,
a file or a pointer to one, is presented by the report.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Final, NamedTuple

from lightwell.clinical.hl7 import elements, pid, pv1, vocabulary
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.model import Handler, Received
from lightwell.clinical.hl7.orc import NOTHING, Order, identifiers, orders_of
from lightwell.clinical.hl7.orders import request
from lightwell.clinical.hl7.writing import Draft, own_id, unless_known, write
from lightwell.clinical.model import Record
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE
from lightwell.standards.hl7.message import Field, Repetition, Segment

_FILES: Final = frozenset(("ED", "RP"))


class Found(NamedTuple):
    """An OBX and the comments after it."""

    obx: Segment
    notes: list[Element]


class Subject(NamedTuple):
    """Whom a report is about, and during which visit."""

    patient: Record
    visit: Draft | None

    def said(self) -> Element:
        """Return what each resource of the report says of that."""
        visit = {"reference": self.visit.reference} if self.visit else {}
        return filled(subject={"reference": self.patient.reference}, encounter=visit)


async def reported(received: Received) -> None:
    """Bring the reports of a message up to date, with what was found, asked for, and whom it is about."""
    patient = await pid.known(received)
    subject = Subject(patient, await pv1.visit(received, patient))
    drafts: dict[str, Draft] = {}
    for order in (item for item in orders_of(received) if item.obr is not NOTHING):
        drafts |= {draft.id: draft for draft in _report(received, order, subject)}
    if not drafts:
        message = "expected a report (OBR), none came"
        raise InvalidRequest(message)
    await write(received, list(drafts.values()))


def _report(received: Received, order: Order, subject: Subject) -> list[Draft]:
    key = _report_id(received, order)
    found = _found(order.others)
    observations = _observations(received, order, subject, key, found)
    basis = _basis(received, order, subject)
    files = [file for item in found for file in _files(item.obx)]

    def make(now: Resource | None) -> Resource:
        said = _said(received, order) | subject.said()
        results = _joined((now or {}).get("result", ()), [{"reference": draft.reference} for draft in observations])
        linked = filled(result=results, basedOn=[{"reference": item.reference} for item in basis], presentedForm=files)
        begun = {"resourceType": "DiagnosticReport", "status": "unknown", "code": {"text": "report"}}
        return begun | elements.renewed(now, said | linked, _deleted(order.obr))

    return [*basis, *observations, Draft("DiagnosticReport", key, make)]


def _report_id(received: Received, order: Order) -> str:
    """Return the ID of a report.

    Raises:
        InvalidRequest: no number says which it is.
    """
    number = order.filler or order.placer
    if number is None:
        message = "expected a report with a number (OBR-3 or OBR-2), none came"
        raise InvalidRequest(message)
    kind = "filler" if order.filler is not None else "placer"
    issuer = elements.system_of(number.assigning_authority, received.source.issuer)
    return own_id(received, "DiagnosticReport", kind, issuer, number.entity_identifier, order.obr[4].text)


def _basis(received: Received, order: Order, subject: Subject) -> list[Draft]:
    """Return what was asked for, if who asked gave it a number; a request that is known stays as it is."""
    if order.placer is None:
        return []
    draft = request(received, order, subject.patient, subject.visit)
    return [Draft(draft.type, draft.id, unless_known(lambda _: draft.make(None) | {"status": "completed"}))]


def _said(received: Received, order: Order) -> Element:
    zone, obr = received.source.zone, order.obr
    start, end = elements.date_time(obr[7].text, zone), elements.date_time(obr[8].text, zone)
    service = filled(system=vocabulary.DIAGNOSTIC_SERVICES, code=obr[24].text)
    return filled(
        identifier=identifiers(order, received.source.issuer),
        status=vocabulary.REPORT_STATUSES.get(obr[25].text),
        category=[{"coding": [service]}] if obr[24].text else [],
        code=elements.concept(CWE.read(obr[4].first)),
        effectiveDateTime=start if not end else "",
        effectivePeriod=filled(start=start, end=end) if end else {},
        issued=elements.instant(obr[22].text, zone),
        resultsInterpreter=_interpreters(obr[32]),
    )


def _deleted(obr: Segment) -> frozenset[str]:
    return elements.deleted(
        category=obr[24],
        effectiveDateTime=obr[7],
        effectivePeriod=(obr[7], obr[8]),
        issued=obr[22],
        resultsInterpreter=obr[32],
    )


def _interpreters(field: Field) -> list[Element]:
    """Return who reads the report: OBR-32 is an NDL, whose first component holds number and name (2A.47)."""
    found: list[Element] = []
    for value in field.repetitions:
        number, family, given = [*value.subcomponents(1), "", "", ""][:3]
        display = " ".join(part for part in (given, family) if part) or number
        found.append(filled(identifier=filled(value=number), display=display, type="Practitioner" if number else ""))
    return [item for item in found if item]


def _joined(before: Sequence[Element], come: Sequence[Element]) -> list[Element]:
    """Return references, each once: what was found earlier stays part of the report."""
    return list({item["reference"]: item for item in (*before, *come)}.values())


# -- what was found ----------------------------------------------------------------------------------------------------


def _found(segments: Sequence[Segment]) -> list[Found]:
    """Return the OBX of an order, each with the comments that follow it."""
    found: list[Found] = []
    last: Found | None = None
    for segment in segments:
        if segment.name == "OBX":
            last = Found(segment, [])
            found.append(last)
        elif segment.name == "NTE" and last is not None:
            last.notes.extend(elements.notes([elements.text_of(segment[3])]))
        elif segment.name not in {"PRT", "NTE"}:
            last = None
    return found


def _observations(
    received: Received, order: Order, subject: Subject, report: str, found: Sequence[Found]
) -> list[Draft]:
    drafts: list[Draft] = []
    times: Counter[tuple[str, str]] = Counter()
    for item in found:
        if item.obx[2].text in _FILES:
            continue
        name = (item.obx[3].text or item.obx[3][2], item.obx[4].text)
        times[name] += 1
        drafts.append(_observation(received, order, subject, item, (report, *name, str(times[name]))))
    return drafts


def _observation(received: Received, order: Order, subject: Subject, found: Found, name: tuple[str, ...]) -> Draft:
    obx, zone = found.obx, received.source.zone
    moment = elements.date_time(obx[14].text or order.obr[7].text, zone)
    said = filled(
        status=vocabulary.OBSERVATION_STATUSES.get(obx[11].text, "unknown"),
        code=elements.concept(CWE.read(obx[3].first)) or elements.UNNAMED,
        effectiveDateTime=moment,
        interpretation=_interpretations(obx[8]),
        referenceRange=[{"text": obx[7].text}] if obx[7].text else [],
        method=elements.concept(CWE.read(obx[17].first)),
        bodySite=elements.concept(CWE.read(obx[20].first)),
        performer=elements.people(obx[16]),
        note=found.notes,
        issued=elements.instant(obx[19].text, zone),
    )
    value = value_of(obx, received)
    gone = elements.deleted(
        effectiveDateTime=obx[14],
        interpretation=obx[8],
        referenceRange=obx[7],
        method=obx[17],
        bodySite=obx[20],
        performer=obx[16],
        issued=obx[19],
    )

    def make(now: Resource | None) -> Resource:
        is_new = bool(value) or obx[5].is_null
        kept = {key: part for key, part in (now or {}).items() if not (is_new and key.startswith("value"))}
        return {"resourceType": "Observation"} | elements.renewed(kept, said | subject.said() | value, gone)

    return Draft("Observation", own_id(received, "Observation", *name), make)


def _interpretations(field: Field) -> list[Element]:
    codes = [" ".join(value[1].split()) for value in field.repetitions if value[1]]
    return [{"coding": [{"system": vocabulary.INTERPRETATIONS, "code": code}]} for code in codes]


def value_of(obx: Segment, received: Received) -> Element:
    """Return the value of an OBX by its data type, OBX-2; several of one are kept as lines of a text."""
    values = [value for value in obx[5].repetitions if not value.is_null]
    if not values:
        return {}
    read = _VALUES.get(obx[2].text, _string)
    found = read(values[0], obx, received) if len(values) == 1 else {}
    return found or {"valueString": "\n".join(_line(value) for value in values)}


def _line(value: Repetition) -> str:
    return " ".join(part for component in value.components for part in component if part)


def _numeric(value: Repetition, obx: Segment, received: Received) -> Element:
    del received
    number = elements.decimal(value[1])
    return {} if number is None else {"valueQuantity": elements.quantity(number, obx[6].first)}


def _structured(value: Repetition, obx: Segment, received: Received) -> Element:
    """Return SN (2A.71): ``>^100``, ``^10^-^20``, ``^1^:^128``."""
    del received
    comparator, low, separator, high = (value[place] for place in (1, 2, 3, 4))
    first, second = elements.decimal(low), elements.decimal(high)
    if first is None:
        return {}
    if separator == "-" and second is not None:
        ends = [elements.quantity(end, obx[6].first) for end in (first, second)]
        return {"valueRange": {"low": ends[0], "high": ends[1]}}
    if separator in {":", "/"} and second is not None:
        return {"valueRatio": {"numerator": {"value": first}, "denominator": {"value": second}}}
    is_known = comparator in {"", "=", "<", ">", "<=", ">="} and not separator
    return {"valueQuantity": elements.quantity(first, obx[6].first, comparator)} if is_known else {}


def _coded(value: Repetition, obx: Segment, received: Received) -> Element:
    del obx, received
    found = elements.concept(CWE.read(value))
    return {"valueCodeableConcept": found} if found else {}


def _moment(value: Repetition, obx: Segment, received: Received) -> Element:
    del obx
    found = elements.date_time(value[1], received.source.zone)
    return {"valueDateTime": found} if found else {}


def _time(value: Repetition, obx: Segment, received: Received) -> Element:
    del obx, received
    digits = value[1].partition("+")[0].partition(".")[0]
    if not digits.isdecimal() or len(digits) not in {4, 6}:
        return {}
    try:
        return {"valueTime": time(int(digits[:2]), int(digits[2:4]), int(digits[4:] or 0)).isoformat()}
    except ValueError:
        return {}


def _string(value: Repetition, obx: Segment, received: Received) -> Element:
    del obx, received
    return {"valueString": _line(value)} if _line(value) else {}


_VALUES: Final[Mapping[str, Callable[[Repetition, Segment, Received], Element]]] = {
    "NM": _numeric, "SN": _structured, "CE": _coded, "CWE": _coded, "CNE": _coded, "CF": _coded,
    "DT": _moment, "TS": _moment, "DTM": _moment, "TM": _time,
}  # fmt: skip


def _files(obx: Segment) -> list[Element]:
    """Return what a report presents: a file within the message (ED, 2A.24) or elsewhere (RP, 2A.65)."""
    if obx[2].text not in _FILES:
        return []
    title = obx[3][2] or obx[3].text
    return [file for value in obx[5].repetitions if (file := attachment(obx[2].text, value, title))]


def attachment(kind: str, value: Repetition, title: str) -> Element:
    """Return an ED or RP as an Attachment."""
    if kind == "RP":
        media = "/".join(part.lower() for part in (value[3], value[4]) if part)
        return filled(url=value[1], contentType=media if value[3] and value[4] else "", title=title)
    is_base64 = value[4].lower() == "base64"
    data = "".join(value[5].split()) if is_base64 else ""
    return filled(contentType=_media_type(value[2], value[3]), data=data, title=title) if data else {}


def _media_type(kind: str, subtype: str) -> str:
    known = {
        "PDF": "application/pdf",
        "RTF": "application/rtf",
        "JPEG": "image/jpeg",
        "PNG": "image/png",
        "TIFF": "image/tiff",
    }
    if subtype.upper() in known:
        return known[subtype.upper()]
    return f"{kind.lower()}/{subtype.lower()}" if kind and subtype else "application/octet-stream"


HANDLERS: Final[Mapping[str, Handler]] = {"ORU^R01": reported}
"""Messages of chapter 7, and what is done about each."""
