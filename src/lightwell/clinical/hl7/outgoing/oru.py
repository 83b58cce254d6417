"""ORU^R01: a report with what was found (7.3.1), made of a DiagnosticReport and its Observations.

What an OBX cannot hold is told to the operator: a finding is never left out in silence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from lightwell.clinical.hl7 import vocabulary
from lightwell.clinical.hl7.elements import Element
from lightwell.clinical.hl7.outgoing import values
from lightwell.clinical.hl7.outgoing.model import Told
from lightwell.clinical.hl7.outgoing.orders import Numbers, asked_for, numbers_of
from lightwell.clinical.hl7.outgoing.segments import about, notes
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.message import Segment, make_segment

STRUCTURE: Final = "ORU_R01"
_REPORT_STATUSES: Final = {**values.reverse(vocabulary.REPORT_STATUSES), "appended": "M"}
_STATUSES: Final = {**values.reverse(vocabulary.OBSERVATION_STATUSES), "appended": "F", "unknown": "X"}
_CONCLUSION: Final = ("55110-1", "Conclusions", "LN")
_YES_NO: Final = {True: ("Y", "Yes", "HL70136"), False: ("N", "No", "HL70136")}
_MOST_FOUND: Final = 2000
Fields = dict[int, Any]
"""Fields of an OBX by number; what they hold is as :func:`make_segment` takes it."""


def report(told: Told) -> list[Segment]:
    """Return the segments of a report, but for the header.

    Raises:
        InvalidRequest: nobody is known whom it is about, or it holds what no OBX can.
    """
    resource = told.resource
    numbers = numbers_of(resource, asked_for(told, "basedOn"))
    found = [segment for n, obx in enumerate(_findings(told), 1) for segment in _numbered(n, obx)]
    return [*about(told), numbers.orc(), _obr(told, numbers), *found]


def _obr(told: Told, numbers: Numbers) -> Segment:
    resource = told.resource
    start, end = values.period(resource, "effective")
    services: list[Element] = [item for concept in resource.get("category", ()) for item in concept.get("coding", ())]
    service = next((item["code"] for item in services if item.get("system") == vocabulary.DIAGNOSTIC_SERVICES), "")
    readers = [_ndl(item, told) for item in resource.get("resultsInterpreter", ())]
    return make_segment(
        "OBR",
        {
            1: "1",
            2: numbers.placer,
            3: numbers.filler,
            4: values.cwe(resource.get("code", {})),
            7: start,
            8: end,
            22: values.dtm(resource.get("issued", "")),
            24: service,
            25: _REPORT_STATUSES.get(resource.get("status", ""), ""),
            32: list(readers),
        },
    )


def _ndl(reference: Element, told: Told) -> tuple[Sequence[str]]:
    """Return who read it as an NDL (2A.47), whose first component holds number and name."""
    person = [*values.xcn(reference, told), "", "", ""]
    return ([str(part) for part in person[:3]],)


# -- what was found ----------------------------------------------------------------------------------------------------


class _Obx(dict[int, Any]):
    """The fields of an OBX, and the comments on it."""

    comments: Sequence[Element] = ()


def _numbered(number: int, obx: _Obx) -> list[Segment]:
    return [make_segment("OBX", {1: str(number), **obx}), *notes(obx.comments)]


def _findings(told: Told) -> Iterator[_Obx]:
    """Yield everything that a report says: findings, those in groups of them, its conclusion, its files."""
    resource = told.resource
    status = _STATUSES[resource["status"]]
    for observation in _observations(told):
        yield from _observed(observation, told)
    if resource.get("conclusion"):
        yield _Obx({2: "TX", 3: _CONCLUSION, 5: resource["conclusion"], 11: status})
    for file in (told.file(item) for item in resource.get("presentedForm", ()) if "data" in item or "url" in item):
        kind, value = ("ED", values.ed(file)) if "data" in file else ("RP", values.rp(file))
        yield _Obx({2: kind, 3: ("", file.get("title", "")), 5: value, 11: status})


def _observations(told: Told) -> list[Resource]:
    """Return the findings of a report and of its groups, each once.

    Raises:
        InvalidRequest: the report refers to one that is not here, or to more than fit.
    """
    waiting: list[Element] = list(told.resource.get("result", ()))
    found: dict[str, Resource] = {}
    while waiting:
        observation = told.find(waiting.pop(0))
        if observation is None:
            message = "expected every finding (result) of the report to be in this record, one of them is not"
            raise InvalidRequest(message)
        if observation["id"] not in found and len(found) == _MOST_FOUND:
            message = f"expected at most {_MOST_FOUND} findings in a report, it has more"
            raise InvalidRequest(message)
        if observation["id"] not in found:
            found[observation["id"]] = observation
            waiting = [*observation.get("hasMember", ()), *waiting]
    return list(found.values())


def _observed(observation: Resource, told: Told) -> Iterator[_Obx]:
    """Yield a finding, and the parts of it that have values of their own, under sub-IDs (7.4.2.4)."""
    parts: Sequence[Element] = observation.get("component", ())
    common = _common(observation, told)
    if not parts or any(name.startswith("value") for name in observation):
        first = _Obx({3: values.cwe(observation.get("code", {})), **_value(observation), **common})
        first.comments = [*_absence(observation), *observation.get("note", ())]
        yield first
    for n, part in enumerate(parts, 1):
        said = {7: _ranges(part), 8: _interpretations(part)}
        obx = _Obx({**common, 3: values.cwe(part.get("code", {})), 4: str(n), **_value(part), **said})
        obx.comments = _absence(part)
        yield obx


def _absence(element: Element) -> list[Element]:
    """Return why there is no value as a comment: a laboratory that says nothing of it looks as if it had forgotten."""
    reason: Element = element.get("dataAbsentReason", {})
    codings: Sequence[Element] = reason.get("coding", ())
    texts = (reason.get("text"), *(coding.get("display") or coding.get("code") for coding in codings))
    return [{"text": text} for text in texts if text][:1]


def _common(observation: Resource, told: Told) -> Fields:
    start, _ = values.period(observation, "effective")
    return {
        7: _ranges(observation),
        8: _interpretations(observation),
        11: _STATUSES[observation["status"]],
        14: start or values.dtm(observation.get("effectiveInstant", "")),
        16: list(values.people(observation.get("performer", ()), told)),
        17: values.cwe(observation.get("method", {})),
        19: values.dtm(observation.get("issued", "")),
        20: values.cwe(observation.get("bodySite", {})),
    }


def _ranges(element: Element) -> str:
    """Return the range of reference as a text, e.g. ``3.5-5.1``."""
    texts: list[str] = []
    for item in element.get("referenceRange", ()):
        low, high = (values.number(item.get(end, {})) for end in ("low", "high"))
        span = f"{low}-{high}" if low and high else (f">={low}" if low else f"<={high}" if high else "")
        texts.append(item.get("text") or span)
    return ", ".join(filter(None, texts))


def _interpretations(element: Element) -> list[str]:
    concepts: Sequence[Element] = element.get("interpretation", ())
    codings: list[Element] = [coding for concept in concepts for coding in concept.get("coding", ())[:1]]
    return [coding["code"] for coding in codings if "code" in coding]


def _value(element: Element) -> Fields:
    """Return data type, value and unit: OBX-2, OBX-5, OBX-6.

    Raises:
        InvalidRequest: no data type holds it.
    """
    name = next((name for name in element if name.startswith("value")), None)
    if name is None:
        return {}
    make = _VALUES.get(name)
    if make is None:
        message = f"expected a value that an OBX can hold, {name} came"
        raise InvalidRequest(message)
    return make(element[name])


def _quantity(value: Element) -> Fields:
    comparator, number = value.get("comparator", ""), values.number(value)
    if comparator:
        return {2: "SN", 5: (comparator, number), 6: values.units(value)}
    return {2: "NM", 5: number, 6: values.units(value)}


def _range(value: Element) -> Fields:
    low, high = value.get("low", {}), value.get("high", {})
    numbers = values.number(low), values.number(high)
    if all(numbers):
        return {2: "SN", 5: ("", numbers[0], "-", numbers[1]), 6: values.units(low)}
    end = (">=", numbers[0]) if numbers[0] else ("<=", numbers[1])
    return {2: "SN", 5: end, 6: values.units(low or high)}


def _ratio(value: Element) -> Fields:
    top, bottom = (value.get(name, {}) for name in ("numerator", "denominator"))
    return {2: "SN", 5: ("", values.number(top), ":", values.number(bottom)), 6: values.units(top)}


def _words(value: str) -> Fields:
    return {2: "TX" if "\n" in value else "ST", 5: value}


def _span(value: Element) -> Fields:
    return {2: "DR", 5: tuple(values.dtm(value.get(end, "")) for end in ("start", "end"))}


_VALUES: Final[Mapping[str, Callable[[Any], Fields]]] = {
    "valueQuantity": _quantity,
    "valueRange": _range,
    "valueRatio": _ratio,
    "valueString": _words,
    "valuePeriod": _span,
    "valueCodeableConcept": lambda value: {2: "CWE", 5: values.cwe(value)},
    "valueBoolean": lambda value: {2: "CWE", 5: _YES_NO[value]},
    "valueInteger": lambda value: {2: "NM", 5: str(value)},
    "valueDateTime": lambda value: {2: "DTM", 5: values.dtm(value)},
    "valueTime": lambda value: {2: "TM", 5: value.partition(".")[0].replace(":", "")},
}
