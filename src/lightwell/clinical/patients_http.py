"""Whose patients are: FHIR's resources do not say it, and who works for several hospitals has to know."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from lightwell.clinical.store import identity as store
from lightwell.core.actors import Permission
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.tx import Tx


class Asked(msgspec.Struct):
    """IDs of patients, with commas between them: as many as a search shows."""

    ids: Annotated[str, msgspec.Meta(max_length=8192)]


async def hospitals(tx: Tx, query: Asked) -> Mapping[str, list[int]]:
    """Return the organisations that have patients of these IDs, of those that the actor may see."""
    rows = await (await tx.connection.execute(store.HOSPITALS_OF, {"ids": query.ids.split(",")})).fetchall()
    found: defaultdict[str, list[int]] = defaultdict(list)
    for identifier, organisation_id in rows:
        found[identifier].append(organisation_id)
    return found


ENDPOINTS: Final = (Endpoint("GET", "/api/patients/hospitals", hospitals, Permission.RECORD_READ),)
