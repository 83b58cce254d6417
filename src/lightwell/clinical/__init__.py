"""The medical record: patients who cannot be mixed up, and everything that is known of them, as FHIR resources.

Floor: 2
Owns: the schema ``clinical`` (resources, their versions, and the keys by which they are found; HL7 messages as they
    came)
Door: the names of ``__all__`` below
Announces: nothing yet
Speaks: FHIR R4 (REST), HL7 v2 (MLLP)
"""

from lightwell.clinical.fhir.http import ENDPOINTS
from lightwell.clinical.hl7.gateway import Gateway, open_gateway
from lightwell.clinical.hl7.model import Source as Hl7Source
from lightwell.clinical.hl7.operating import edit_and_replay as correct_message
from lightwell.clinical.hl7.operating import raw as raw_message
from lightwell.clinical.hl7.operating import replay as replay_message
from lightwell.clinical.hl7.operating import troubled as troubled_messages
from lightwell.clinical.hl7.sources import add as add_hl7_source
from lightwell.clinical.hl7.sources import every as list_hl7_sources
from lightwell.clinical.hl7.sources import remove as remove_hl7_source
from lightwell.clinical.model import Change, Record

__all__ = [
    "ENDPOINTS",
    "Change",
    "Gateway",
    "Hl7Source",
    "Record",
    "add_hl7_source",
    "correct_message",
    "list_hl7_sources",
    "open_gateway",
    "raw_message",
    "remove_hl7_source",
    "replay_message",
    "troubled_messages",
]
