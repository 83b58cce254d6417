"""The machines of one node, as rooms are handed them."""

from dataclasses import dataclass, field

from lightwell.core.audit.record import Reader, Subject
from lightwell.core.audit.repeats import Repeats
from lightwell.core.auth.sessions import SignedIn
from lightwell.core.compute import ComputePool
from lightwell.core.db.database import Database
from lightwell.core.live import Live
from lightwell.core.memory import Memory, Remembered
from lightwell.core.net.dicom_record import Announcer
from lightwell.core.settings import Settings
from lightwell.core.tx import Transactions


@dataclass(frozen=True, slots=True)
class Machines:
    """What a room may use: settings, transactions, notices, worker processes, memory, news of associations."""

    settings: Settings
    database: Database
    transactions: Transactions
    live: Live
    compute: ComputePool
    memory: Memory
    known: Remembered[bytes, SignedIn]
    """Who is behind a secret."""
    repeats: Repeats
    seen: Remembered[tuple[Reader, Subject], bool]
    """Who was written to have seen whose data, a moment ago."""
    associations: Announcer = field(default_factory=Announcer)
