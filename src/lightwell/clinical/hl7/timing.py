"""When something is to be done or given: TQ1, or of older versions ORC-7 and RXE-1, as a Timing (4.5.4; table 0335)."""

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from lightwell.clinical.hl7 import elements
from lightwell.clinical.hl7.elements import Element, filled
from lightwell.clinical.hl7.orc import Order
from lightwell.standards.hl7.message import Field

_TIMES_A_DAY: Final[Mapping[str, int]] = {"QD": 1, "BID": 2, "TID": 3, "QID": 4}
_UNITS: Final[Mapping[str, str]] = {"S": "s", "M": "min", "H": "h", "D": "d", "W": "wk", "L": "mo"}
_EVERY: Final = re.compile(r"Q([1-9]\d{0,2})([SMHDWL])")
_TIME: Final = re.compile(r"([01]\d|2[0-3])([0-5]\d)([0-5]\d)?")
_AS_NEEDED: Final = "PRN"


def timing(order: Order, zone: tzinfo) -> Element:
    """Return how often, at which times of the day, and from when to when; what is no known pattern stays a text."""
    tq1, code = order.first("TQ1"), _pattern(order)
    begin, end = tq1[7].text or order.orc[7][4], tq1[8].text or order.orc[7][5]
    repeat = filled(
        boundsPeriod=filled(start=elements.date_time(begin, zone), end=elements.date_time(end, zone)),
        **_frequency(code.upper()),
        timeOfDay=_times(tq1[4]),
    )
    return filled(repeat=repeat, code=filled(text=code))


def is_as_needed(order: Order) -> bool | None:
    """Tell whether the patient gets it when they need it; None where nobody said so."""
    return True if _pattern(order).upper().startswith(_AS_NEEDED) else None


def _pattern(order: Order) -> str:
    return order.first("TQ1")[3].text or order.first("RXE")[1][2] or order.orc[7][2]


def _frequency(code: str) -> Element:
    if code in _TIMES_A_DAY:
        return {"frequency": _TIMES_A_DAY[code], "period": 1, "periodUnit": "d"}
    if code == "QOD":
        return {"frequency": 1, "period": 2, "periodUnit": "d"}
    every = _EVERY.fullmatch(code)
    return {"frequency": 1, "period": int(every[1]), "periodUnit": _UNITS[every[2]]} if every else {}


def _times(field: Field) -> list[str]:
    found = (_TIME.fullmatch(value[1]) for value in field.repetitions)
    return [f"{time[1]}:{time[2]}:{time[3] or '00'}" for time in found if time]
