"""FHIR costs little until it is used, and knows no network, no clock and no foreign FHIR library."""

import subprocess
import sys

CHECK = """
import sys
from lightwell.standards.fhir import bundle, outcome, patch, resource, validation
from lightwell.standards.fhir.search import extracting, query
from lightwell.standards.fhir import definitions, structs
print(sorted({"fhir", "fhirpathpy", "pydantic", "asyncio", "socket", "pydicom"} & set(sys.modules)))
print(definitions._compiled.cache_info().currsize, len(structs._STRUCTS))
structs.decoder_of("Patient")
print(len(structs._STRUCTS) < 100)
"""


def test_nothing_foreign_is_imported_and_nothing_made_before_it_is_asked_for() -> None:
    found = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    assert found.stdout.split("\n")[:3] == ["[]", "0 0", "True"]
