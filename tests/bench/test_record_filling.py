"""What the bench fills a record with is found as what came by the API."""

from random import Random

from bench.record import known_family
from bench.record_filling import fill
from tests.region import Region, Server


def test_a_filled_record_is_searched_as_any(server: Server, region: Region) -> None:
    patient, other = fill(server, region, known_family, 2)
    assert patient != other
    own = known_family(Random(0), patient)[1:]
    found = server.get(f"/fhir/Observation?patient={patient}&value-quantity=gt0&_count=100", region.token_a).json()
    assert len(found["entry"]) == len(own)
    assert all(entry["resource"]["subject"]["reference"] == f"Patient/{patient}" for entry in found["entry"])
