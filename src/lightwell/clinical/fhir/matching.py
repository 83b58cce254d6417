"""Which resource a request means by a search: ``If-None-Exist``, updates and references by search (R4 3.1.0.4.3)."""

from urllib.parse import parse_qsl

from lightwell.clinical.fhir.asking import Hospital
from lightwell.clinical.model import Record
from lightwell.clinical.search.finding import find
from lightwell.core.tx import Tx
from lightwell.standards.fhir.errors import Issue, SearchError
from lightwell.standards.fhir.search.query import parse_search

_ENOUGH = 2


def read_query(query: str) -> list[tuple[str, str]]:
    """Return what a search asks for, in one order, however it is spelled: ``Patient?identifier=a%7C7`` too."""
    pairs = parse_qsl(query.partition("?")[2] if "?" in query else query, keep_blank_values=True)
    return sorted(pair for pair in pairs if pair[0] != "organisation")


async def matching(tx: Tx, hospital: Hospital, type_name: str, query: str) -> list[Record]:
    """Return what a search finds in one hospital's record, at most two: more than one is too many anyway.

    Raises:
        SearchError: it names a parameter that there is not, or names none, which would mean everything.
    """
    search = parse_search(type_name, read_query(query), hospital.place, is_strict=True)
    if not search.conditions:
        raise SearchError([Issue("value", "expected a search that says which resource is meant")])
    page = await find(tx, search, limit=_ENOUGH)
    return [record for record in page.found if record.organisation_id == hospital.organisation_id]
