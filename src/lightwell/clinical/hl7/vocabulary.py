"""Codes of HL7 v2 tables as codes of FHIR R4 (v2-to-FHIR implementation guide, concept maps)."""

from collections.abc import Mapping
from typing import Final

SEXES: Final[Mapping[str, str]] = {
    "M": "male", "F": "female", "O": "other", "A": "other", "N": "other", "U": "unknown",
    "1": "male", "2": "female", "9": "other", "0": "unknown", "男": "male", "女": "female",
}  # fmt: skip
"""Table 0001, and GB/T 2261.1."""
NAME_USES: Final[Mapping[str, str]] = {
    "L": "official", "D": "usual", "M": "maiden", "N": "nickname", "S": "anonymous", "T": "temp", "B": "old",
}  # fmt: skip
ADDRESS_USES: Final[Mapping[str, str]] = {
    "H": "home",
    "B": "work",
    "O": "work",
    "C": "temp",
    "BA": "old",
    "BI": "billing",
}
ADDRESS_TYPES: Final[Mapping[str, str]] = {"M": "postal", "SH": "postal", "P": "physical"}
CONTACT_SYSTEMS: Final[Mapping[str, str]] = {
    "PH": "phone", "CP": "phone", "FX": "fax", "BP": "pager", "Internet": "email", "X.400": "email", "SAT": "phone",
    "TDD": "other", "TTY": "other", "MD": "other",
}  # fmt: skip
CONTACT_USES: Final[Mapping[str, str]] = {"PRN": "home", "ORN": "home", "WPN": "work", "VHN": "temp", "PRS": "mobile"}
MARITAL: Final = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
MARITAL_STATUSES: Final[Mapping[str, str]] = {
    "A": "L", "D": "D", "M": "M", "S": "S", "W": "W", "C": "C", "G": "T", "P": "T", "R": "T", "E": "L", "N": "A",
    "I": "I", "B": "U", "10": "U", "20": "M", "30": "W", "40": "D",
}  # fmt: skip
"""Table 0002, and GB/T 2261.2."""
ACT_CODES: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CLASSES: Final[Mapping[str, tuple[str, str]]] = {
    "I": ("IMP", "inpatient encounter"), "O": ("AMB", "ambulatory"), "E": ("EMER", "emergency"),
    "P": ("PRENC", "pre-admission"), "R": ("AMB", "ambulatory"), "B": ("IMP", "inpatient encounter"),
}  # fmt: skip
"""Table 0004 as classes of encounters."""
PARTICIPATIONS: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
LOCATION_TYPES: Final = "http://terminology.hl7.org/CodeSystem/location-physical-type"
CODING_SYSTEMS: Final[Mapping[str, str]] = {
    "LN": "http://loinc.org", "SCT": "http://snomed.info/sct", "SNOMED": "http://snomed.info/sct",
    "I9": "http://hl7.org/fhir/sid/icd-9-cm", "I9C": "http://hl7.org/fhir/sid/icd-9-cm",
    "I10": "http://hl7.org/fhir/sid/icd-10", "I10C": "http://hl7.org/fhir/sid/icd-10-cm",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm", "NDC": "http://hl7.org/fhir/sid/ndc",
    "CVX": "http://hl7.org/fhir/sid/cvx", "C4": "http://www.ama-assn.org/go/cpt", "CPT": "http://www.ama-assn.org/go/cpt",
    "UCUM": "http://unitsofmeasure.org", "CDCREC": "urn:oid:2.16.840.1.113883.6.238",
    "DCM": "http://dicom.nema.org/resources/ontology/DCM", "ISO3166_1": "urn:iso:std:iso:3166",
}  # fmt: skip
"""Table 0396."""
ORDER_STATUSES: Final[Mapping[str, str]] = {
    "CA": "revoked", "DC": "revoked", "RP": "revoked", "CM": "completed", "HD": "on-hold", "ER": "entered-in-error",
    "IP": "active", "SC": "active", "A": "active",
}  # fmt: skip
"""Table 0038, as ServiceRequest.status."""
ORDER_CONTROLS: Final[Mapping[str, str]] = {
    "CA": "revoked", "OC": "revoked", "CR": "revoked", "DC": "revoked", "OD": "revoked", "DR": "revoked",
    "HD": "on-hold", "HR": "on-hold", "OH": "on-hold", "RL": "active", "OE": "active", "RP": "revoked",
}  # fmt: skip
"""Table 0119, as ServiceRequest.status; whatever is not here leaves the order active."""
PRIORITIES: Final[Mapping[str, str]] = {
    "S": "stat", "A": "asap", "R": "routine", "P": "routine", "C": "urgent", "T": "urgent", "U": "urgent",
    "UR": "urgent",
}  # fmt: skip
REPORT_STATUSES: Final[Mapping[str, str]] = {
    "O": "registered", "I": "registered", "S": "registered", "P": "preliminary", "A": "partial", "R": "preliminary",
    "C": "corrected", "M": "amended", "F": "final", "X": "cancelled", "Y": "unknown", "Z": "unknown",
    "D": "entered-in-error",
}  # fmt: skip
"""Table 0123."""
OBSERVATION_STATUSES: Final[Mapping[str, str]] = {
    "C": "corrected", "D": "entered-in-error", "F": "final", "I": "registered", "N": "cancelled", "O": "registered",
    "P": "preliminary", "R": "preliminary", "S": "preliminary", "U": "final", "W": "entered-in-error", "X": "cancelled",
    "A": "amended", "B": "amended", "V": "final",
}  # fmt: skip
"""Table 0085."""
DIAGNOSTIC_SERVICES: Final = "http://terminology.hl7.org/CodeSystem/v2-0074"
INTERPRETATIONS: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
APPOINTMENT_STATUSES: Final[Mapping[str, str]] = {
    "S12": "booked", "S13": "booked", "S14": "booked", "S15": "cancelled", "S16": "cancelled", "S17": "cancelled",
    "S26": "noshow",
}  # fmt: skip
DOCUMENT_STATUSES: Final[Mapping[str, str]] = {
    "DI": "preliminary", "DO": "preliminary", "IP": "preliminary", "IN": "preliminary", "PA": "preliminary",
    "AU": "final", "LA": "final",
}  # fmt: skip
"""Table 0271, TXA-17, as DocumentReference.docStatus."""
