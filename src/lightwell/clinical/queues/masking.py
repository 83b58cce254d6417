"""A name as everybody may read it: enough for whoever is meant, too little for anybody else."""

from typing import Any, Final

from lightwell.clinical.names import name_text
from lightwell.standards.fhir.resource import Resource

_HIDDEN: Final = "*"


def full_name(patient: Resource) -> str:
    """Return a patient's name; empty if none is known."""
    return name_text(_name(patient))


def masked_name(patient: Resource) -> str:
    """Return 张* of 张三, 欧* of 欧阳小三, S* of Smith: the first sign of the family's name, and no more."""
    shown = str(_name(patient).get("family") or full_name(patient)).strip()
    return shown[:1] + _HIDDEN if shown else _HIDDEN


def _name(patient: Resource) -> dict[str, Any]:
    names: list[dict[str, Any]] = patient.get("name", [])
    return names[0] if names else {}
