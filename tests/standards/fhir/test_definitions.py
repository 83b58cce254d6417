"""What is shipped of the official definitions is what they say."""

import gzip
import json
import runpy
from pathlib import Path

import pytest

from lightwell.standards.fhir.definitions import codes_of, compartment, properties, resource_types, type_definition
from lightwell.standards.fhir.search.parameters import parameters_of
from lightwell.standards.fhir.structs import decoder_of
from tests.standards.fhir.examples import package_folder

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "src/lightwell/standards/fhir/definitions/r4.json.gz"


def test_what_is_shipped_is_what_the_package_says() -> None:
    compile_package = runpy.run_path(str(ROOT / "definitions/compile_r4.py"))["compile_package"]
    assert compile_package(package_folder()) == json.loads(gzip.decompress(SHIPPED.read_bytes()))


def test_a_type_has_its_elements() -> None:
    members = properties("Patient")
    assert members["birthDate"].type == "date"
    assert members["_birthDate"].is_extension
    assert members["deceasedDateTime"].element.name == "deceased"
    assert members["contact"].type == "Patient.contact"
    assert members["contact"].element.is_list
    assert properties("Questionnaire.item")["item"].type == "Questionnaire.item"
    assert type_definition("Observation").elements[0].types == ("id",)
    assert "_id" not in properties("HumanName")
    assert codes_of(members["gender"].element.required_value_set) == {"male", "female", "other", "unknown"}


def test_a_type_that_is_none_is_none() -> None:
    with pytest.raises(KeyError):
        type_definition("Pation")


def test_what_belongs_to_a_patient() -> None:
    assert compartment("Patient")["AllergyIntolerance"] == ("patient", "recorder", "asserter")
    assert "Medication" not in compartment("Patient")
    for owner in ("Patient", "Encounter", "Practitioner", "RelatedPerson", "Device"):
        for name, codes in compartment(owner).items():
            assert set(codes) <= {*parameters_of(name), "{def}"}, name


def test_every_type_can_be_checked() -> None:
    for name in sorted(resource_types()):
        assert decoder_of(name)
