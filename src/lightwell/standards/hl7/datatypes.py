"""The data types that a hospital's messages are made of, as far as they are read here (2A).

Each is made of a repetition of a field: ``[CX.read(value) for value in message["PID"][3].repetitions]``. What is not
said is an empty text.
"""

from dataclasses import dataclass
from typing import Self

from lightwell.standards.hl7.message import Repetition


@dataclass(frozen=True, slots=True)
class HD:
    """Who gave an identifier (2A.33): a name that both sides know, or an OID (``type`` ISO)."""

    namespace_id: str
    universal_id: str = ""
    universal_id_type: str = ""

    @classmethod
    def read(cls, value: Repetition, place: int) -> Self:
        """Read a component, whose subcomponents these are."""
        parts = [*value.subcomponents(place), "", ""]
        return cls(parts[0], parts[1], parts[2])

    def __bool__(self) -> bool:
        """Whether anybody is named."""
        return bool(self.namespace_id or self.universal_id)


@dataclass(frozen=True, slots=True)
class CX:
    """An identifier of a patient or a visit, and who gave it (2A.14); ``type`` is of table 0203, e.g. MR."""

    id: str
    check_digit: str
    assigning_authority: HD
    type: str
    assigning_facility: HD
    effective: str
    expiration: str

    @classmethod
    def read(cls, value: Repetition) -> Self:
        """Read a value of e.g. PID-3."""
        return cls(value[1], value[2], HD.read(value, 4), value[5], HD.read(value, 6), value[7], value[8])


@dataclass(frozen=True, slots=True)
class XPN:
    """A name of a person (2A.88); ``type`` is of table 0200, ``representation`` of 0465, where I is ideographic."""

    family: str
    given: str
    further_given: str
    suffix: str
    prefix: str
    degree: str
    type: str
    representation: str

    @classmethod
    def read(cls, value: Repetition) -> Self:
        """Read a value of e.g. PID-5."""
        return cls(*(value[place] for place in range(1, 9)))


@dataclass(frozen=True, slots=True)
class XAD:
    """An address (2A.86); ``type`` is of table 0190, e.g. H home."""

    street: str
    other_designation: str
    city: str
    province: str
    postal_code: str
    country: str
    type: str
    district: str

    @classmethod
    def read(cls, value: Repetition) -> Self:
        """Read a value of e.g. PID-11."""
        return cls(*(value[place] for place in (1, 2, 3, 4, 5, 6, 7, 9)))


@dataclass(frozen=True, slots=True)
class XTN:
    """A telephone number or mail address (2A.89); ``use`` is of table 0201, ``equipment`` of 0202, e.g. CP cellular."""

    number: str
    use: str
    equipment: str
    mail: str
    country_code: str
    area_code: str
    local_number: str
    extension: str

    @classmethod
    def read(cls, value: Repetition) -> Self:
        """Read a value of e.g. PID-13; the whole number may stand in the first component, the last, or in parts."""
        parts = (value[6], value[7])
        number = value[1] or value[12] or "".join(part for part in parts if part)
        return cls(number, value[2], value[3], value[4], value[5], value[6], value[7], value[8])


@dataclass(frozen=True, slots=True)
class CWE:
    """A code, its text, and what system it is of (2A.13; CE of older versions is the same, and shorter)."""

    identifier: str
    text: str
    coding_system: str
    alternate_identifier: str
    alternate_text: str
    alternate_coding_system: str
    original_text: str

    @classmethod
    def read(cls, value: Repetition) -> Self:
        """Read a value of e.g. OBX-3."""
        return cls(*(value[place] for place in (1, 2, 3, 4, 5, 6, 9)))


@dataclass(frozen=True, slots=True)
class XCN:
    """A person of the hospital, with number and name (2A.87)."""

    id: str
    family: str
    given: str
    further_given: str
    prefix: str
    assigning_authority: HD
    type: str

    @classmethod
    def read(cls, value: Repetition) -> Self:
        """Read a value of e.g. PV1-7."""
        return cls(value[1], value[2], value[3], value[4], value[6], HD.read(value, 9), value[13])


@dataclass(frozen=True, slots=True)
class PL:
    """Where a patient lies (2A.53): ward, room, bed."""

    point_of_care: str
    room: str
    bed: str
    facility: HD
    status: str
    building: str
    floor: str

    @classmethod
    def read(cls, value: Repetition) -> Self:
        """Read a value of e.g. PV1-3."""
        return cls(value[1], value[2], value[3], HD.read(value, 4), value[5], value[7], value[8])


@dataclass(frozen=True, slots=True)
class EI:
    """A number of an order, a report or a specimen, and whose it is (2A.28)."""

    entity_identifier: str
    assigning_authority: HD

    @classmethod
    def read(cls, value: Repetition) -> Self:
        """Read a value of e.g. ORC-2, whose issuer stands in three components."""
        return cls(value[1], HD(value[2], value[3], value[4]))
