"""STUB until search is merged."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from lightwell.clinical.fhir.asking import Hospital
from lightwell.clinical.model import Record
from lightwell.core.machines import Machines
from lightwell.core.tx import Tx


async def matching(tx: Tx, hospital: Hospital, type_name: str, query: str) -> list[Record]:
    raise NotImplementedError


async def search_bundle(
    tx: Tx, machines: Machines, request: Request, type_name: str, pairs: Sequence[tuple[str, str]]
) -> Any:
    raise NotImplementedError
