"""The machines of one node, as rooms are handed them."""

from dataclasses import dataclass, field

from lightwell.core.compute import ComputePool
from lightwell.core.db.database import Database
from lightwell.core.live import Live
from lightwell.core.net.dicom_record import Announcer
from lightwell.core.settings import Settings
from lightwell.core.tx import Transactions


@dataclass(frozen=True, slots=True)
class Machines:
    """What a room may use: settings, transactions, live notices, worker processes, news of associations."""

    settings: Settings
    database: Database
    transactions: Transactions
    live: Live
    compute: ComputePool
    associations: Announcer = field(default_factory=Announcer)
