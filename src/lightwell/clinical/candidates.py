"""Who may be one person: whoever was written is compared with those who share something, and a person decides.

Writing only notes who was written; here they are read a batch at a time, each hospital in its turn and by one node at
once. Their keys are committed before others are looked for, so that of two who are compared at once one finds the
other. Across hospitals it is done as the region; a hospital sees no more of it than a count, and finds in its audit
trail who became a candidate.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from lightwell.clinical.comparing import Pair, Patient, pairs_of, read_patients
from lightwell.clinical.keys import hashed
from lightwell.clinical.model import Record
from lightwell.clinical.store import candidates as store
from lightwell.clinical.traits import keys_of
from lightwell.core import clock, logs
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts
from lightwell.core.db.roles import Role
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx

log: Final = logging.getLogger(__name__)
_BATCH: Final = 40
_MOST_HOLDERS: Final = 200
_READ_AT_ONCE: Final = 250  # their bytes come by way of the event loop
_RESTS: Final = 1  # times as long as a batch took: whoever waits for an answer goes first
_PURPOSE: Final = "identity"


@dataclass(frozen=True, slots=True)
class _Batch:
    """Patients of a hospital that are compared."""

    organisation_id: int
    patients: Mapping[int, Patient]
    values: Mapping[str, Any]
    """Who they are, and their keys, as columns."""


async def compare_waiting(machines: Machines) -> int:
    """Compare everybody who was written since the last call; return how many that were.

    Each hospital where somebody waits has a batch compared in its turn. Where that fails, or was less than a batch, it
    has its turn again at the next call: a hospital that goes on writing is compared in whole batches.
    """
    async with machines.transactions.begin(NOBODY) as tx:
        organisations = [item.id for item in await accounts.organisations(tx)]
    done, through = 0, set[int]()
    while waiting := set(await _where_waiting(machines, organisations)) - through:
        compared = {number: await _compare_in_turn(machines, number, organisations) for number in sorted(waiting)}
        through |= {number for number in waiting if compared[number] < _BATCH}
        done += sum(compared.values())
    return done


async def _where_waiting(machines: Machines, organisations: Sequence[int]) -> list[int]:
    async with machines.transactions.begin(house(*organisations)) as tx:
        return [number for (number,) in await _rows(tx, store.WHERE_WAITING, {"organisations": organisations})]


async def _compare_in_turn(machines: Machines, organisation_id: int, organisations: Sequence[int]) -> int:
    began_s = clock.monotonic_s()
    try:
        return await _compare_some(machines, organisation_id, organisations)
    except Exception as error:  # noqa: BLE001 -- the other hospitals are compared all the same
        logs.event(log, logging.ERROR, "patients were not compared", error=error, organisation_id=organisation_id)
        return 0
    finally:
        await asyncio.sleep(_RESTS * (clock.monotonic_s() - began_s))


async def _compare_some(machines: Machines, organisation_id: int, organisations: Sequence[int]) -> int:
    async with machines.transactions.begin(house(organisation_id)) as tx:
        if not await _is_alone(tx, organisation_id):
            return 0
        waiting = await _rows(tx, store.WAITING, {"organisation_id": organisation_id, "limit": _BATCH})
        if not waiting:
            return 0
        batch = await _batch(tx, organisation_id, {rid for _, rid in waiting})
        async with machines.transactions.begin(tx.actor) as keys:
            await keys.connection.execute(store.KEEP_KEYS, batch.values)
        if len(organisations) > 1:
            async with machines.transactions.begin(house(*organisations), Role.REGION) as region:
                await _compare_elsewhere(region, batch)
        await _compare_here(tx, batch)
        await tx.connection.execute(store.COMPARED, {"ids": [number for number, _ in waiting]})
    return len(waiting)


async def _is_alone(tx: Tx, organisation_id: int) -> bool:
    """Tell whether no other node compares a hospital's patients: the one that read somebody first might write last."""
    [(is_alone,)] = await _rows(tx, store.ALONE, {"key": hashed(str(organisation_id), "compared")})
    return is_alone


async def _batch(tx: Tx, organisation_id: int, rids: Collection[int]) -> _Batch:
    """Read those who wait; whoever cannot be compared keeps the keys and candidates of before."""
    records = await _records(tx, rids)
    patients = await asyncio.to_thread(read_patients, records)
    unreadable = {record.rid for record in records} - patients.keys()
    keys = [(key, rid) for rid, patient in patients.items() if patient.traits for key in keys_of(patient.traits)]
    values = {
        "organisation_id": organisation_id,
        "rids": sorted(set(rids) - unreadable),
        "keys": [key for key, _ in keys],
        "key_rids": [rid for _, rid in keys],
        "most": _MOST_HOLDERS,
    }
    return _Batch(organisation_id, patients, values)


async def _compare_here(tx: Tx, batch: _Batch) -> None:
    _, pairs = await _compared(tx, batch, store.SHARING)
    findings = [msgspec.json.encode(pair.weighed.findings).decode() for pair in pairs]
    values = {**batch.values, **_columns(pairs), "findings": findings, "now": clock.now()}
    await tx.connection.execute(store.KEEP, values)


async def _compare_elsewhere(tx: Tx, batch: _Batch) -> None:
    """Compare with patients of other hospitals; whoever became a candidate by it is in the audit trail of theirs."""
    await tx.connection.execute(store.ONE_AFTER_ANOTHER, {"key": hashed("region", "compared")})
    patients, pairs = await _compared(tx, batch, store.SHARING_ELSEWHERE)
    owners = {
        "first_organisations": [patients[pair.first].organisation_id for pair in pairs],
        "second_organisations": [patients[pair.second].organisation_id for pair in pairs],
    }
    values = {**batch.values, **_columns(pairs), **owners, "now": clock.now()}
    kept = await _rows(tx, store.KEEP_ELSEWHERE, values)
    new = {rid for first, second, is_new in kept if is_new for rid in (first, second)}
    subjects = sorted((patients[rid].organisation_id, patients[rid].subject) for rid in new)
    await tx.audit_each("patient.compared", subjects, purpose=_PURPOSE)


async def _compared(tx: Tx, batch: _Batch, statement: str) -> tuple[Mapping[int, Patient], list[Pair]]:
    """Return who of the batch may be the same as whom, and what is known of everybody who was looked at."""
    sharing = await _rows(tx, statement, batch.values)
    others = sorted({rid for _, rid in sharing} - batch.patients.keys())
    patients = dict(batch.patients)
    for begin in range(0, len(others), _READ_AT_ONCE):
        records = await _records(tx, others[begin : begin + _READ_AT_ONCE])
        patients |= await asyncio.to_thread(read_patients, records)
    return patients, await asyncio.to_thread(pairs_of, patients, sharing)


async def _records(tx: Tx, rids: Collection[int]) -> list[Record]:
    return [Record(*row) for row in await _rows(tx, store.PATIENTS, {"rids": list(rids)})]


def _columns(pairs: Sequence[Pair]) -> dict[str, Any]:
    return {
        "firsts": [pair.first for pair in pairs],
        "seconds": [pair.second for pair in pairs],
        "weights": [pair.weighed.weight for pair in pairs],
    }


async def _rows(tx: Tx, statement: Any, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return await (await tx.connection.execute(statement, values)).fetchall()
