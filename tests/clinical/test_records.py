"""Resources are written with their keys, superseded and never lost, and one hospital's are nobody else's."""

from datetime import UTC
from decimal import Decimal

import pytest

from lightwell.app.node import Node
from lightwell.clinical import records
from lightwell.clinical.keys import IN_RECORD_OF, hashed, parameter_number
from lightwell.clinical.model import Change, Record
from lightwell.clinical.place import place_of_house
from lightwell.core.actors import NOBODY, Actor, house
from lightwell.core.errors import Conflict
from lightwell.core.settings import Settings
from lightwell.core.tx import Tx
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.search.values import Place
from tests.region import Region

PLACE = Place("http://127.0.0.1/fhir")
TOKENS = "SELECT parameter, value, system FROM clinical.token WHERE rid = %s"


def heart_rate(patient_id: str, value: str) -> Resource:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "valueQuantity": {"value": Decimal(value), "system": "http://unitsofmeasure.org", "code": "/min"},
    }


async def create(node: Node, actor: Actor, *resources: Resource) -> list[Record]:
    async with node.machines.transactions.begin(actor) as tx:
        changes = [
            Change(actor.organisation_ids[0], item["resourceType"], records.new_id(), item) for item in resources
        ]
        return await records.write(tx, changes, PLACE)


async def tokens(tx: Tx, record: Record) -> set[tuple[int, int, int]]:
    return set(await (await tx.connection.execute(TOKENS, [record.rid])).fetchall())


async def test_what_is_written_is_read_byte_for_byte(node: Node, a: Actor) -> None:
    [written] = await create(node, a, heart_rate("7", "72.50"))
    async with node.machines.transactions.begin(a) as tx:
        found = await records.read(tx, "Observation", written.id)
    assert found == written == await records.read_for(a, node.machines.transactions, "Observation", written.id)
    assert found.patient_id == "7"
    assert b'"value":72.50' in found.body
    assert decode_resource(found.body)["meta"]["versionId"] == "1"


async def test_what_is_superseded_is_kept_and_only_keys_that_differ_change(node: Node, a: Actor) -> None:
    [first] = await create(node, a, heart_rate("7", "72"))
    async with node.machines.transactions.begin(a) as tx:
        held = await records.lock(tx, first.organisation_id, [("Observation", first.id)])
        before = held["Observation", first.id]
        resource = heart_rate("8", "72")
        [second] = await records.write(
            tx, [Change(first.organisation_id, "Observation", first.id, resource, before)], PLACE
        )
        found = await tokens(tx, second)
        [[old]] = await (
            await tx.connection.execute("SELECT body FROM clinical.version WHERE rid = %s", [first.rid])
        ).fetchall()
    assert second.version == 2
    assert old == first.body
    loinc = (parameter_number("Observation", "code"), hashed("8867-4"), hashed("http://loinc.org"))
    records_of = {value for parameter, value, _ in found if parameter == IN_RECORD_OF}
    assert loinc in found
    assert records_of == {hashed("8")}


async def test_what_is_deleted_is_found_by_nothing(node: Node, a: Actor) -> None:
    [first] = await create(node, a, heart_rate("7", "72"))
    async with node.machines.transactions.begin(a) as tx:
        [last] = await records.write(tx, [Change(first.organisation_id, "Observation", first.id, None, first)], PLACE)
        assert await tokens(tx, last) == set()
        assert (last.is_deleted, last.body, last.patient_id) == (True, b"", "7")


async def test_a_hospital_sees_nothing_of_another(node: Node, a: Actor, b: Actor) -> None:
    [written] = await create(node, a, heart_rate("7", "72"))
    async with node.machines.transactions.begin(b) as tx:
        assert await records.read(tx, "Observation", written.id) is None
        assert await tokens(tx, written) == set()
    for who in (b, NOBODY):
        assert await records.read_for(who, node.machines.transactions, "Observation", written.id) is None


async def test_an_id_that_two_hospitals_have_is_not_guessed_at(node: Node, region: Region) -> None:
    both, identifier = house(region.a, region.b), records.new_id()
    changes = [Change(number, "Observation", identifier, heart_rate("7", "72")) for number in both.organisation_ids]
    async with node.machines.transactions.begin(both) as tx:
        await records.write(tx, changes, PLACE)
        with pytest.raises(Conflict, match="organisation="):
            await records.read(tx, "Observation", identifier)
    with pytest.raises(Conflict, match="organisation="):
        await records.read_for(both, node.machines.transactions, "Observation", identifier)


async def test_many_are_written_as_one(node: Node, a: Actor, region: Region) -> None:
    written = await create(node, a, *(heart_rate(str(number % 3), str(number)) for number in range(300)))
    assert len({record.rid for record in written}) == 300
    async with node.machines.transactions.begin(a) as tx:
        rows = await (
            await tx.connection.execute(
                "SELECT subject, detail FROM core.audit WHERE action = 'resource.created' AND organisation_id = %s"
                " ORDER BY id DESC LIMIT 3",
                [region.a],
            )
        ).fetchall()
    assert dict(rows) == {f"patient/{number}": {"Observation": 100} for number in range(3)}


def test_the_record_has_its_address_where_browsers_find_the_node() -> None:
    settings = Settings(bind="0.0.0.0", host_name="pacs", utc_offset="+00:00")  # noqa: S104 -- nothing listens
    assert place_of_house(settings) == Place("https://pacs:8443/fhir", UTC)
