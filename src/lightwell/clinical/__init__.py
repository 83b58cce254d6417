"""The medical record: patients who cannot be mixed up, and everything that is known of them, as FHIR resources.

Floor: 2
Owns: the schema ``clinical`` (resources, their versions, and the keys by which they are found)
Door: the names of ``__all__`` below
Announces: nothing yet
Speaks: FHIR R4 (REST)
"""

from lightwell.clinical.fhir.http import ENDPOINTS
from lightwell.clinical.model import Change, Record

__all__ = ["ENDPOINTS", "Change", "Record"]
