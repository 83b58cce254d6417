"""A person keeps a provisional patient as they are, who may have been deleted at the same moment."""

import pytest

from lightwell.app.node import Node
from lightwell.clinical import confirming, records
from lightwell.clinical.model import Change
from lightwell.core.actors import Actor
from lightwell.core.errors import NotFound
from tests.clinical.test_records import PLACE, create


async def test_who_was_deleted_meanwhile_is_not_there_any_more(node: Node, a: Actor) -> None:
    [patient] = await create(node, a, {"resourceType": "Patient"})
    name = ("Patient", patient.id)
    async with node.machines.transactions.begin(a) as tx:
        held = await records.lock(tx, patient.organisation_id, [name])
        await records.write(tx, [Change(patient.organisation_id, *name, None, held[name])], PLACE)
        for act in (confirming.confirm, confirming.doubt):
            with pytest.raises(NotFound):
                await act(tx, patient, PLACE)
