"""The machines of one node, as rooms are handed them."""

from dataclasses import dataclass

from lightwell.core.compute import ComputePool
from lightwell.core.db.database import Database
from lightwell.core.live import Live
from lightwell.core.settings import Settings
from lightwell.core.tx import Transactions


@dataclass(frozen=True, slots=True)
class Machines:
    """What a room may use: settings, transactions, live notices, worker processes."""

    settings: Settings
    database: Database
    transactions: Transactions
    live: Live
    compute: ComputePool
