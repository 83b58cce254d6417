"""The archive: keeps every image that it has acknowledged, and finds it again.

Floor: 2
Owns: the schema ``archive`` (peers, studies, series, instances, conflicts, quarantine) and the files under ``objects/``
Door: the names of ``__all__`` below
Announces: StudyArrived, StudyComplete
Speaks: DICOM (C-ECHO, C-STORE), DICOMweb (QIDO-RS, WADO-RS)
"""

from lightwell.archive.dimse.c_echo import Echo
from lightwell.archive.dimse.c_store import Store
from lightwell.archive.dimse.welcome import Welcome
from lightwell.archive.events import StudyArrived, StudyComplete
from lightwell.archive.http import ENDPOINTS
from lightwell.archive.importing import import_folder
from lightwell.archive.jobs import jobs
from lightwell.archive.model import Source
from lightwell.archive.peers import add as add_peer
from lightwell.archive.peers import every as list_peers
from lightwell.archive.peers import remove as remove_peer
from lightwell.archive.reindexing import reindex
from lightwell.archive.room import Archive, open_archive
from lightwell.archive.verifying import verify

__all__ = [
    "ENDPOINTS",
    "Archive",
    "Echo",
    "Source",
    "Store",
    "StudyArrived",
    "StudyComplete",
    "Welcome",
    "add_peer",
    "import_folder",
    "jobs",
    "list_peers",
    "open_archive",
    "reindex",
    "remove_peer",
    "verify",
]
