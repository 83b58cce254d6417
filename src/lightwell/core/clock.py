"""The one clock: UTC for what is written down, monotonic for what is measured."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment in UTC, as every stored time is."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Return seconds of a clock that never jumps, for timeouts and durations."""
    return time.monotonic()
