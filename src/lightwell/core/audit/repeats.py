"""Reads that the trail names already, counted here until the count is written.

A first read of somebody's data stands in the trail before the answer goes out. Who goes on reading the same within
seconds is counted in memory and written every second: a node that is killed loses a second of counts, never a row.
"""

from collections import Counter
from collections.abc import Mapping

from lightwell.core.audit.record import Reader, Subject


class Repeats:
    """The counts of one node."""

    def __init__(self) -> None:
        self._counts: dict[Reader, Counter[Subject]] = {}

    def add(self, reader: Reader, subjects: Counter[Subject]) -> None:
        """Count that somebody saw data of subjects once more, or so many times."""
        self._counts.setdefault(reader, Counter()).update(subjects)

    def take(self) -> Mapping[Reader, Counter[Subject]]:
        """Return what was counted so far, and begin anew."""
        taken, self._counts = self._counts, {}
        return taken

    def give_back(self, taken: Mapping[Reader, Counter[Subject]]) -> None:
        """Count again what could not be written."""
        for reader, subjects in taken.items():
            self.add(reader, subjects)
