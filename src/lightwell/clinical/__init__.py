"""The medical record: patients who cannot be mixed up, and everything that is known of them, as FHIR resources.

Floor: 2
Owns: the schema ``clinical`` (resources, their versions, and the keys by which they are found; whose a number is, who
    may be one person and what was merged; who wants to be told of changes; HL7 messages as they came and as they went)
Door: the names of ``__all__`` below
Announces: QueueChanged, TicketCalled
Speaks: FHIR R4 (REST, subscriptions), HL7 v2 (MLLP)
"""

from lightwell.clinical.candidates import compare_waiting
from lightwell.clinical.events import QueueChanged, TicketCalled
from lightwell.clinical.fhir.http import ENDPOINTS as FHIR_ENDPOINTS
from lightwell.clinical.hl7.gateway import Gateway, open_gateway
from lightwell.clinical.hl7.model import Source as Hl7Source
from lightwell.clinical.hl7.operating import edit_and_replay as correct_message
from lightwell.clinical.hl7.operating import replay as replay_message
from lightwell.clinical.hl7.outgoing.destinations import Terms
from lightwell.clinical.hl7.outgoing.destinations import add as add_hl7_destination
from lightwell.clinical.hl7.outgoing.destinations import every as list_hl7_destinations
from lightwell.clinical.hl7.outgoing.destinations import remove as remove_hl7_destination
from lightwell.clinical.hl7.outgoing.destinations import targets as hl7_targets
from lightwell.clinical.hl7.sources import add as add_hl7_source
from lightwell.clinical.hl7.sources import every as list_hl7_sources
from lightwell.clinical.hl7.sources import remove as remove_hl7_source
from lightwell.clinical.hl7.troubled import see as see_message
from lightwell.clinical.hl7.troubled import waiting as troubled_messages
from lightwell.clinical.identity_http import ENDPOINTS as IDENTITY_ENDPOINTS
from lightwell.clinical.interfaces_http import ENDPOINTS as INTERFACE_ENDPOINTS
from lightwell.clinical.model import Change, Record
from lightwell.clinical.outbox import KINDS as OUTGOING_KINDS
from lightwell.clinical.patients_http import ENDPOINTS as PATIENT_ENDPOINTS
from lightwell.clinical.queues.http import ENDPOINTS as QUEUE_ENDPOINTS
from lightwell.clinical.rekeying import rekey
from lightwell.clinical.subscriptions.notifier import Notifier
from lightwell.clinical.subscriptions.pinging import socket as answer_socket

ENDPOINTS = (*FHIR_ENDPOINTS, *IDENTITY_ENDPOINTS, *INTERFACE_ENDPOINTS, *QUEUE_ENDPOINTS, *PATIENT_ENDPOINTS)

__all__ = [
    "ENDPOINTS",
    "OUTGOING_KINDS",
    "Change",
    "Gateway",
    "Hl7Source",
    "Notifier",
    "QueueChanged",
    "Record",
    "Terms",
    "TicketCalled",
    "add_hl7_destination",
    "add_hl7_source",
    "answer_socket",
    "compare_waiting",
    "correct_message",
    "hl7_targets",
    "list_hl7_destinations",
    "list_hl7_sources",
    "open_gateway",
    "rekey",
    "remove_hl7_destination",
    "remove_hl7_source",
    "replay_message",
    "see_message",
    "troubled_messages",
]
