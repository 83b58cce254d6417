"""Elements of FHIR resources to data types of HL7 v2: what ``elements`` reads back the same.

What is not there becomes an empty text, never a made-up value.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from lightwell.clinical.hl7 import vocabulary
from lightwell.clinical.hl7.elements import Element
from lightwell.clinical.hl7.outgoing.model import Told
from lightwell.standards.hl7.message import Component

Value = tuple[Component, ...]
_V2: Final = "http://terminology.hl7.org/CodeSystem/v2-"
_ISSUER, _CODES, _OID, _UUID = "urn:lightwell:issuer:", "urn:lightwell:codes:", "urn:oid:", "urn:uuid:"
_PUNCTUATION: Final = re.compile(r"(?<=\d)[-:T](?=\d\d)")
_UCUM: Final = "http://unitsofmeasure.org"
_MOST_CODES: Final = 2


def reverse(table: Mapping[str, str]) -> Mapping[str, str]:
    """Return a table of codes the other way round; of several codes for the same the first counts."""
    return {value: key for key, value in reversed(list(table.items()))}


_SYSTEMS: Final = reverse(vocabulary.CODING_SYSTEMS)
_NAME_USES: Final = reverse(vocabulary.NAME_USES)
_ADDRESS_USES: Final = reverse(vocabulary.ADDRESS_USES)
_CONTACT_USES: Final = reverse(vocabulary.CONTACT_USES)
_CONTACT_SYSTEMS: Final = reverse(vocabulary.CONTACT_SYSTEMS)


def trimmed(*parts: Component) -> Value:
    """Return components without the empty ones at the end."""
    count = len(parts)
    while count and not any(parts[count - 1]):
        count -= 1
    return parts[:count]


def issuer(system: str) -> tuple[str, str, str]:
    """Return who gave a number as an HD (2A.33)."""
    if system.startswith(_OID):
        return "", system.removeprefix(_OID), "ISO"
    if system.startswith(_UUID):
        return "", system.removeprefix(_UUID), "UUID"
    if system.startswith(_ISSUER):
        return system.removeprefix(_ISSUER), "", ""
    return ("", system, "URI") if system else ("", "", "")


def _hd(system: str) -> tuple[str, ...]:
    name, universal, kind = issuer(system)
    return (name, universal, kind) if universal else (name,) if name else ()


def coding_system(system: str) -> str:
    """Return the name of a coding system in table 0396, or its URI where it has none there."""
    if system.startswith(_V2) and system.removeprefix(_V2).isdecimal():
        return f"HL7{system.removeprefix(_V2)}"
    return _SYSTEMS.get(system) or system.removeprefix(_CODES).removeprefix(_OID)


def cx(identifier: Element, default_type: str = "") -> Value:
    """Return an Identifier as a CX (2A.14)."""
    types: list[Element] = _list(identifier.get("type", {}), "coding")
    kind = next((str(item.get("code", "")) for item in types), default_type)
    return trimmed(_text(identifier, "value"), "", "", _hd(_text(identifier, "system")), kind)


def ei(identifier: Element) -> Value:
    """Return the Identifier of an order or a document as an EI (2A.28)."""
    return trimmed(_text(identifier, "value"), *issuer(_text(identifier, "system")))


def numbered(identifiers: Sequence[Element], kind: str) -> Element | None:
    """Return the first Identifier of a type of table 0203."""
    return next(
        (
            item
            for item in identifiers
            if any(coding.get("code") == kind for coding in _list(item.get("type", {}), "coding"))
        ),
        None,
    )


def xpn(name: Element) -> Value:
    """Return a HumanName as an XPN (2A.88); one that is a text only is all in its first component."""
    given = [str(part) for part in _list(name, "given")]
    family = _text(name, "family") or ("" if given else _text(name, "text"))
    suffix, prefix = " ".join(_list(name, "suffix")), " ".join(_list(name, "prefix"))
    use = _NAME_USES.get(_text(name, "use"), "")
    return trimmed(family, given[0] if given else "", " ".join(given[1:]), suffix, prefix, "", use)


def xad(address: Element) -> Value:
    """Return an Address as an XAD (2A.86); one that is a text only is all in its first component."""
    lines = [str(line) for line in _list(address, "line")] or [_text(address, "text")]
    places = (_text(address, name) for name in ("city", "state", "postalCode", "country"))
    use = _ADDRESS_USES.get(_text(address, "use"), "")
    return trimmed(lines[0], " ".join(lines[1:]), *places, use, "", _text(address, "district"))


def xtn(point: Element) -> Value:
    """Return a ContactPoint as an XTN (2A.89)."""
    system, value = _text(point, "system"), _text(point, "value")
    use = _CONTACT_USES.get(_text(point, "use"), "")
    if system == "email":
        return trimmed("", "NET", "Internet", value)
    equipment = "CP" if _text(point, "use") == "mobile" else _CONTACT_SYSTEMS.get(system, "")
    return trimmed(value, use, equipment)


def cwe(concept: Element) -> Value:
    """Return a CodeableConcept as a CWE (2A.13): two codes, and the text that was chosen."""
    said: list[Element] = _list(concept, "coding")
    codings = [*said, {}, {}][:_MOST_CODES]
    text = _text(concept, "text")
    if not codings[0]:
        return trimmed("", text)
    codes = [part for coding in codings for part in _coding(coding)]
    is_said = text in {_text(codings[0], "display"), ""}
    return trimmed(*codes, "", "", "" if is_said else text)


def _coding(coding: Element) -> tuple[str, str, str]:
    system = coding_system(_text(coding, "system"))
    return _text(coding, "code"), _text(coding, "display"), system


def xcn(reference: Element, told: Told) -> Value:
    """Return a person of the hospital as an XCN (2A.87): number and name, as the reference or the person says."""
    person = told.find(reference) or {}
    numbers: list[Element] = [reference["identifier"]] if "identifier" in reference else _list(person, "identifier")
    names = _list(person, "name")
    if names and "display" not in reference:
        family, given, *_ = (*xpn(names[0]), "", "")
    else:
        family, given = _text(reference, "display"), ""
    own: Element = numbers[0] if numbers else {}
    authority = _hd(_text(own, "system"))
    return trimmed(_text(own, "value"), family, given, "", "", "", "", "", authority)


def people(references: Sequence[Element], told: Told) -> list[Value]:
    """Return those of some people who have a number or a name."""
    return [value for reference in references if (value := xcn(reference, told))]


def dtm(text: str) -> str:
    """Return a date or time of FHIR as a DTM (2A.22), as exactly as it was said."""
    zone = text.replace("Z", "+00:00")
    moment, sign, offset = zone, "", ""
    if "T" in zone and (found := re.search(r"[+-]\d\d:\d\d$", zone)):
        moment, sign, offset = zone[: found.start()], found[0][0], found[0][1:].replace(":", "")
    whole, dot, fraction = moment.partition(".")
    return _PUNCTUATION.sub("", whole) + dot + fraction[:4] + sign + offset


def period(element: Element, name: str) -> tuple[str, str]:
    """Return begin and end of a choice of dateTime and Period, as DTM."""
    span: Element = element.get(f"{name}Period", {})
    return dtm(_text(span, "start") or _text(element, f"{name}DateTime")), dtm(_text(span, "end"))


def units(quantity: Element) -> Value:
    """Return the unit of a Quantity as a CWE."""
    unit, code = _text(quantity, "unit"), _text(quantity, "code")
    if not code or quantity.get("system") != _UCUM:
        return trimmed(unit or code)
    return trimmed(code, "" if unit == code else unit, "UCUM")


def number(quantity: Element) -> str:
    """Return the number of a Quantity with its digits; an NM has no exponent (2A.46)."""
    return format(Decimal(quantity["value"]), "f") if "value" in quantity else ""


def ed(attachment: Element) -> Value:
    """Return an Attachment with its bytes as an ED (2A.24)."""
    media, _, subtype = _text(attachment, "contentType").partition(";")[0].partition("/")
    is_pdf = subtype.lower() == "pdf"
    kind = ("AP", "PDF") if is_pdf else (media.strip(), subtype.strip())
    return "", *kind, "Base64", _text(attachment, "data")


def rp(attachment: Element) -> Value:
    """Return an Attachment that lies elsewhere as an RP (2A.65)."""
    media, _, subtype = _text(attachment, "contentType").partition(";")[0].partition("/")
    return trimmed(_text(attachment, "url"), "", media.strip(), subtype.strip())


def _text(element: Element, name: str) -> str:
    value = element.get(name, "")
    return value if isinstance(value, str) else ""


def _list(element: Element, name: str) -> list[Any]:
    """Return what is said of a list: null stands where a part only has an extension (R4 2.6.2.3)."""
    value: list[Any] = element.get(name, [])
    return [item for item in value if item is not None]
