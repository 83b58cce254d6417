"""Who has come: messages have patients wait where the service or clinic that they came to has a queue."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from lightwell.clinical.hl7 import elements
from lightwell.clinical.hl7.model import Received
from lightwell.clinical.queues import checking_in
from lightwell.clinical.queues.model import WhatFor
from lightwell.standards.hl7.errors import Hl7Error

_TIMES: Final = (("EVN", 6), ("EVN", 2), ("MSH", 7))
"""When it happened, when it was noted, and when it was told."""


async def have_wait(received: Received, places: Sequence[str], patient_id: str, what_for: WhatFor) -> None:
    """Have a patient wait who has just come.

    Messages come late, after a night without a line, and are applied again days after: whoever they tell of has gone.
    """
    if not checking_in.is_recent(_came_at(received), received.place.zone):
        return
    queue = await checking_in.queue_of(received.tx, received.organisation_id, places)
    if queue is not None:
        await checking_in.check_in(received.tx, queue, patient_id, what_for, received.place.zone)


def _came_at(received: Received) -> datetime:
    """Return when somebody came, as exactly as the message says it."""
    for name, place in _TIMES:
        segment = received.message.get(name)
        with suppress(Hl7Error):  # what is no time is told where it is part of the record
            if segment is not None and (said := elements.instant(segment[place].text, received.source.zone)):
                return datetime.fromisoformat(said)
    return received.received_at
