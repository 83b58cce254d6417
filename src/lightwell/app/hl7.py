"""What this node makes of HL7 v2 messages: MSH-9 → who makes it part of the record. Others are kept as they came."""

from typing import Final

from lightwell.clinical.hl7 import adt, documents, medication, orders, results, scheduling, staff
from lightwell.clinical.hl7.gateway import Gateway
from lightwell.clinical.hl7.model import Handlers
from lightwell.core.net.mllp import Door, Limits
from lightwell.core.settings import Settings

HANDLERS: Final[Handlers] = {
    **adt.HANDLERS,
    **orders.HANDLERS,
    **results.HANDLERS,
    **medication.HANDLERS,
    **scheduling.HANDLERS,
    **documents.HANDLERS,
    **staff.HANDLERS,
}


def door(settings: Settings, gateway: Gateway) -> Door:
    """Return what all HL7 ports of this node share."""
    limits = Limits(
        settings.hl7_max_mb * 1_000_000 - 1, settings.hl7_message_s, settings.hl7_idle_s, settings.max_hl7_connections
    )
    return Door(gateway.receiver, limits)
