"""The archive: keeps every image that it has acknowledged, finds it again, and hands it over.

Floor: 2
Owns: the schema ``archive`` (peers, associations, studies, series, instances, conflicts, quarantine,
    hanging protocols), and the files under ``objects/``
Door: the names of ``__all__`` below
Announces: StudyArrived, StudyComplete, StudyReduced, SeriesDerived
Speaks: DICOM (C-ECHO, C-STORE, C-FIND, C-MOVE, C-GET, N-ACTION), DICOMweb (QIDO-RS, WADO-RS, WADO-URI, STOW-RS)
"""

from lightwell.archive.destinations import find as find_destination
from lightwell.archive.destinations import set_address
from lightwell.archive.dimse.c_echo import Echo
from lightwell.archive.dimse.c_find import Find
from lightwell.archive.dimse.c_get import Get
from lightwell.archive.dimse.c_move import Move
from lightwell.archive.dimse.c_store import Store
from lightwell.archive.dimse.n_action import Commit
from lightwell.archive.dimse.welcome import Welcome
from lightwell.archive.echoing import echo
from lightwell.archive.events import SeriesDerived, StudyArrived, StudyComplete, StudyReduced
from lightwell.archive.exporting import export
from lightwell.archive.http import ENDPOINTS
from lightwell.archive.importing import import_folder
from lightwell.archive.jobs import jobs
from lightwell.archive.made import MADE
from lightwell.archive.model import InstanceRow, Source
from lightwell.archive.peers import add as add_peer
from lightwell.archive.peers import every as list_peers
from lightwell.archive.peers import remove as remove_peer
from lightwell.archive.query import search_keys
from lightwell.archive.reindexing import reindex
from lightwell.archive.rekeying import rekey
from lightwell.archive.room import Archive, open_archive
from lightwell.archive.search import retrieved
from lightwell.archive.sending import send
from lightwell.archive.transcoding import TARGETS as WRITTEN_SYNTAXES
from lightwell.archive.verifying import verify

__all__ = [
    "ENDPOINTS",
    "MADE",
    "WRITTEN_SYNTAXES",
    "Archive",
    "Commit",
    "Echo",
    "Find",
    "Get",
    "InstanceRow",
    "Move",
    "SeriesDerived",
    "Source",
    "Store",
    "StudyArrived",
    "StudyComplete",
    "StudyReduced",
    "Welcome",
    "add_peer",
    "echo",
    "export",
    "find_destination",
    "import_folder",
    "jobs",
    "list_peers",
    "open_archive",
    "reindex",
    "rekey",
    "remove_peer",
    "retrieved",
    "search_keys",
    "send",
    "set_address",
    "verify",
]
