"""Data types of HL7 v2 to elements of FHIR resources (v2-to-FHIR implementation guide, data type maps).

What is not said is left out; an element that holds nothing is None, or an empty list.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from lightwell.clinical.hl7 import vocabulary
from lightwell.clinical.numbers import Number
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.datatypes import CWE, CX, EI, HD, PL, XAD, XCN, XPN, XTN
from lightwell.standards.hl7.errors import DataTypeError
from lightwell.standards.hl7.message import Field, Repetition
from lightwell.standards.hl7.times import read_moment

Element = dict[str, Any]
_OID: Final = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_PLAIN: Final = re.compile(r"[^A-Za-z0-9._~-]+")
IDENTIFIER_TYPES: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"
_CHOICES: Final = ("effective", "occurrence", "value")
UNNAMED: Final = {"text": "unnamed"}
"""What is said to be a drug or a finding, where the message does not say which and R4 wants a word."""


def filled(**elements: Any) -> Element:
    """Return an element with the parts that hold something; names that are words of Python end with ``_``."""
    return {name.rstrip("_"): value for name, value in elements.items() if value not in (None, "", [], {}, ())}


@lru_cache(maxsize=4096)
def system_of(authority: HD, default: str = "") -> str:
    """Return who gave a number as the system of an Identifier; the default where nobody is named."""
    if _OID.fullmatch(authority.universal_id):
        return f"urn:oid:{authority.universal_id}"
    if _UUID.fullmatch(authority.universal_id):
        return f"urn:uuid:{authority.universal_id.lower()}"
    name = authority.universal_id or authority.namespace_id
    if not name:
        return default
    return (
        name
        if "://" in name or name.startswith("urn:")
        else f"urn:lightwell:issuer:{_PLAIN.sub('-', name) or _hex(name)}"
    )


def numbers_of(field: Field, default_issuer: str) -> list[Number]:
    """Return the numbers of a patient in a field of CX (2A.14), e.g. PID-3."""
    values = [CX.read(value) for value in field.repetitions if not value.is_null]
    return [Number(system_of(cx.assigning_authority, default_issuer), cx.id) for cx in values if cx.id]


def identifier(cx: CX, default_issuer: str, use: str = "") -> Element:
    """Return a CX as an Identifier."""
    assigner = cx.assigning_facility.namespace_id or cx.assigning_authority.namespace_id
    return filled(
        use=use,
        type=filled(coding=[filled(system=IDENTIFIER_TYPES, code=_code(cx.type))] if _code(cx.type) else []),
        system=system_of(cx.assigning_authority, default_issuer),
        value=cx.id,
        assigner=filled(display=assigner),
    )


def entity(ei: EI, kind: str, default_issuer: str) -> Element:
    """Return the number of an order, a report or a specimen as an Identifier of a type of table 0203."""
    coding = filled(system=IDENTIFIER_TYPES, code=kind)
    return filled(
        type={"coding": [coding]},
        system=system_of(ei.assigning_authority, default_issuer),
        value=ei.entity_identifier,
    )


def name(xpn: XPN) -> Element:
    """Return an XPN as a HumanName; a name in Chinese is written without a gap."""
    given = [part for part in (xpn.given, xpn.further_given) if part]
    parts = [xpn.family, *given]
    text = (
        "".join(parts) if any(sign >= "\u3400" for part in parts for sign in part) else " ".join([*given, xpn.family])
    )
    return filled(
        use=vocabulary.NAME_USES.get(xpn.type),
        text=text.strip(),
        family=xpn.family,
        given=given,
        prefix=[xpn.prefix] if xpn.prefix else [],
        suffix=[part for part in (xpn.suffix, xpn.degree) if part],
    )


def address(xad: XAD) -> Element:
    """Return an XAD as an Address."""
    return filled(
        use=vocabulary.ADDRESS_USES.get(xad.type),
        type=vocabulary.ADDRESS_TYPES.get(xad.type),
        line=[line for line in (xad.street, xad.other_designation) if line],
        city=xad.city,
        district=xad.district,
        state=xad.province,
        postalCode=xad.postal_code,
        country=xad.country,
    )


def contact(xtn: XTN, use: str = "") -> Element:
    """Return an XTN as a ContactPoint."""
    value = xtn.mail or xtn.number
    system = "email" if xtn.mail or "@" in value else vocabulary.CONTACT_SYSTEMS.get(xtn.equipment, "phone")
    found = "mobile" if xtn.equipment == "CP" else vocabulary.CONTACT_USES.get(xtn.use, use)
    return filled(system=system if value else "", value=value, use=found if value else "")


def concept(cwe: CWE) -> Element:
    """Return a CWE as a CodeableConcept, with both of its codes."""
    codings = (
        filled(system=coding_system(cwe.coding_system), code=_code(cwe.identifier), display=cwe.text),
        filled(
            system=coding_system(cwe.alternate_coding_system),
            code=_code(cwe.alternate_identifier),
            display=cwe.alternate_text,
        ),
    )
    text = cwe.original_text or cwe.text or cwe.alternate_text or cwe.identifier
    return filled(coding=[coding for coding in codings if "code" in coding], text=text)


def first_concept(*fields: Field) -> Element:
    """Return the code of the first field that holds one."""
    found = [item for field in fields if (item := concept(CWE.read(field.first)))]
    return found[0] if found else {}


def concepts(field: Field) -> list[Element]:
    """Return all values of a field of codes."""
    return [found for value in field.repetitions if (found := concept(CWE.read(value)))]


def coding_system(name: str) -> str:
    """Return the URI of a coding system of table 0396; what is a URI already stays one."""
    if not name or "://" in name or name.startswith("urn:"):
        return name
    if re.fullmatch(r"HL7\d{4}", name):
        return f"http://terminology.hl7.org/CodeSystem/v2-{name[3:]}"
    if _OID.fullmatch(name):
        return f"urn:oid:{name}"
    return vocabulary.CODING_SYSTEMS.get(name) or f"urn:lightwell:codes:{_PLAIN.sub('-', name) or _hex(name)}"


def person(xcn: XCN) -> Element:
    """Return a person of the hospital as a reference by number, with the name."""
    parts = (
        (xcn.family, xcn.given) if any(sign >= "\u3400" for sign in xcn.family) else (xcn.prefix, xcn.given, xcn.family)
    )
    gap = "" if len(parts) == 2 else " "  # noqa: PLR2004 -- of a Chinese name
    number = filled(system=system_of(xcn.assigning_authority), value=xcn.id)
    return filled(
        type="Practitioner" if xcn.id else "",
        identifier=number if xcn.id else {},
        display=gap.join(part for part in parts if part),
    )


def people(field: Field) -> list[Element]:
    """Return the people of a field of XCN."""
    return [found for value in field.repetitions if (found := person(XCN.read(value)))]


def first_person(*fields: Field) -> Element:
    """Return the first person that one of the fields (XCN) names."""
    found = [person for field in fields for person in people(field)]
    return found[0] if found else {}


def place_names(pl: PL) -> list[str]:
    """Return a place from the ward down to the bed, as far as it is said."""
    return [part for part in (pl.point_of_care, pl.room, pl.bed) if part]


def date_time(text: str, zone: tzinfo) -> str | None:
    """Return a time as FHIR writes it, as exactly as it was said; None where nothing was, or what is no time."""
    if not text.strip():
        return None
    return read_moment(text, zone).iso()


def date(text: str, zone: tzinfo) -> str | None:
    """Return a day; a time of the day is left out."""
    found = date_time(text, zone)
    return found[:10] if found else None


def instant(text: str, zone: tzinfo) -> str | None:
    """Return a time to the second, or None where less is said."""
    found = date_time(text, zone)
    return found if found and "T" in found else None


def decimal(text: str) -> Decimal | None:
    """Return a number with the digits that it was written with; None if it is none."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def quantity(value: Decimal, units: Repetition, comparator: str = "") -> Element:
    """Return a number with its unit, CWE."""
    cwe = CWE.read(units)
    is_ucum = cwe.coding_system == "UCUM"
    return filled(
        value=value,
        comparator=comparator if comparator in {"<", ">", "<=", ">="} else "",
        unit=cwe.text or cwe.identifier,
        system="http://unitsofmeasure.org" if is_ucum and cwe.identifier else "",
        code=cwe.identifier if is_ucum else "",
    )


def notes(texts: Iterable[str]) -> list[Element]:
    """Return comments (NTE-3) as Annotations."""
    return [{"text": text} for text in texts if text.strip()]


def tell(resource: Element, element: str, field: Field, value: Any) -> None:
    """Have a resource say what a field says: nothing leaves it alone, a pair of quotation marks deletes (2.5.3)."""
    if field.is_null:
        resource.pop(element, None)
    elif value not in (None, "", [], {}):
        resource[element] = value


def deleted(**fields: Field | Sequence[Field]) -> frozenset[str]:
    """Return which elements go: those of which a field is a pair of quotation marks (2.5.3), by the fields of each."""
    listed = {name: [value] if isinstance(value, Field) else value for name, value in fields.items()}
    return frozenset(name for name, of in listed.items() if any(field.is_null for field in of))


def renewed(now: Resource | None, said: Element, gone: Collection[str] = ()) -> Resource:
    """Return what is known with what is said: what is deleted goes, and a choice (``effective[x]``) is made anew."""
    chosen = tuple(choice for choice in _CHOICES if any(name.startswith(choice) for name in said))
    kept = {name: value for name, value in (now or {}).items() if name not in gone and not name.startswith(chosen)}
    return kept | said


def text_of(field: Field) -> str:
    """Return all that a field of text says, its repetitions as lines."""
    return "\n".join(value[1] for value in field.repetitions if value[1])


def words(field: Field) -> str:
    """Return what a field of instructions says: a text, or a code with its text."""
    return "\n".join(filter(None, (value[2] or value[1] for value in field.repetitions)))


def require(field: Field, name: str) -> str:
    """Return the text of a field that has to say something.

    Raises:
        DataTypeError: it does not.
    """
    if not field.text:
        message = f"expected {name}, nothing came"
        raise DataTypeError(message)
    return field.text


def _code(text: str) -> str:
    """Return a code as R4 has them: without blanks at its ends, or two beside each other."""
    return " ".join(text.split())


def _hex(text: str) -> str:
    return text.encode().hex()
