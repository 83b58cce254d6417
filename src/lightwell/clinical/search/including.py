"""What is sent along with what a search finds: what it refers to, and what refers to it (R4 3.1.1.5.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lightwell.clinical.keys import hashed, parameter_number
from lightwell.clinical.model import Record
from lightwell.clinical.store import search as store
from lightwell.core.tx import Tx
from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.search.asked import Include, Search
from lightwell.standards.fhir.search.parameters import parameters_of

MOST: Final = 1000
_MOST_ROUNDS: Final = 4


@dataclass(slots=True)
class Sent:
    """What is sent along; ``is_cut`` says that there is more."""

    records: list[Record] = field(default_factory=list[Record])
    is_cut: bool = False


async def included(tx: Tx, search: Search, found: Sequence[Record]) -> Sent:
    """Return what is sent along with what was found, each once, and at most a thousand of it.

    What says ``:iterate`` is followed from what was sent along as well, some rounds far.
    """
    sent, known, newest = Sent(), {record.rid for record in found}, list(found)
    wishes = [(wish, False) for wish in search.includes] + [(wish, True) for wish in search.revincludes]
    for number in range(_MOST_ROUNDS):
        wanted = wishes if number == 0 else [item for item in wishes if item[0].is_iterated]
        newest = await _round(tx, wanted, newest, known, sent) if newest else []
    return sent


async def _round(
    tx: Tx, wishes: Sequence[tuple[Include, bool]], records: Sequence[Record], known: set[int], sent: Sent
) -> list[Record]:
    added: list[Record] = []
    for wish, is_backwards in wishes:
        room = MOST - len(sent.records) + 1
        step = _referring if is_backwards else _referred
        rows = await step(tx, wish, records, sorted(known), room)
        sent.is_cut |= len(rows) >= room
        new = rows[: room - 1]
        known.update(record.rid for record in new)
        sent.records += new
        added += new
    return added


async def _referred(tx: Tx, wish: Include, records: Sequence[Record], known: list[int], room: int) -> list[Record]:
    """Return what is referred to by the parameter of an include."""
    owners = [record for record in records if wish.type in {"*", record.type}]
    types = {record.type for record in owners}
    parameters = [(name, code) for name in sorted(types) for code in _references(name, wish.code)]
    targets = [wish.target] if wish.target else sorted(resource_types())
    values = {
        "types": targets,
        "systems": [hashed(name) for name in targets],
        "rids": [record.rid for record in owners],
        "parameters": [parameter_number(name, code) for name, code in parameters],
    }
    return await _records(tx, store.INCLUDED, values, known, room) if parameters else []


async def _referring(tx: Tx, wish: Include, records: Sequence[Record], known: list[int], room: int) -> list[Record]:
    """Return what refers to something by the parameter of a reverse include."""
    owners = [record for record in records if wish.target in {"", record.type}]
    names = sorted(resource_types()) if wish.type == "*" else [wish.type]
    parameters = [parameter_number(name, code) for name in names for code in _references(name, wish.code)]
    values = {
        "parameters": parameters,
        "owners": [record.organisation_id for record in owners],
        "values": [hashed(record.id) for record in owners],
        "systems": [hashed(record.type) for record in owners],
        "organisations": list(tx.actor.organisation_ids),
    }
    return await _records(tx, store.REFERRING, values, known, room) if owners else []


def _references(type_name: str, code: str) -> list[str]:
    if code != "*":
        parameter = parameters_of(type_name).get(code)
        return [code] if parameter is not None and parameter.type == "reference" else []
    return [item.code for item in parameters_of(type_name).values() if item.type == "reference"]


async def _records(tx: Tx, statement: Any, values: dict[str, Any], known: list[int], room: int) -> list[Record]:
    rows = await (await tx.connection.execute(statement, {**values, "known": known, "limit": room})).fetchall()
    return [Record(*row) for row in rows]
