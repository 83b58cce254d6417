"""All that a search finds, a page at a time: each begins behind the last match, whatever arrived or went meanwhile.

So nothing is said twice, the last page costs what the first one does, and no transaction stays open while the asker
reads.
"""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, Final

from lightwell.archive import search
from lightwell.archive.model import Match
from lightwell.archive.query import Query
from lightwell.archive.room import Archive
from lightwell.archive.store import find
from lightwell.core.actors import Actor

_MOST_AT_ONCE: Final = 500
_UNNUMBERED: Final = 1 << 31  # what has no number comes last


async def pages(archive: Archive, actor: Actor, query: Query, screen: str) -> AsyncGenerator[list[Match]]:
    """Return what a query finds, newest study first: as many as its limit says, then more at a time."""
    asked = query
    while True:
        async with archive.machines.transactions.begin(actor) as tx:
            page = await search.matches(tx, archive.index, asked, screen)
        yield page
        if len(page) < asked.limit:
            return
        conditions = [*query.conditions, find.BEHIND[query.level]]
        until = min(query.until, page[-1].study.study_date)
        asked = replace(query, conditions=conditions, values=query.values | _place(page[-1]), until=until)
        asked.limit = min(10 * len(page), _MOST_AT_ONCE)


def _place(match: Match) -> dict[str, Any]:
    study = match.study
    place: dict[str, Any] = {"behind": [study.study_date, study.study_time], "behind_study": study.id}
    if match.series is not None:
        place |= {"behind_series_number": _number(match.series.series_number), "behind_series": match.series.id}
    if match.instance is not None:
        place |= {"behind_number": _number(match.instance.instance_number), "behind_instance": match.instance_id}
    return place


def _number(number: int | None) -> int:
    return _UNNUMBERED if number is None else number
