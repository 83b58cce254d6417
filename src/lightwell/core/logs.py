"""Structured logs: one JSON object a line, with event names and figures, never with a person's data.

A call site names what happened and adds fields: ``log.info("association ended", extra={"fields": {...}})`` is written
through :func:`event`, so that no message is ever built from received text. Received text that is needed for a diagnosis
(an AE title, say) goes through :func:`printable`.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

_LIMIT = 64


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an exception is reduced to its type and place, since its text may quote data."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name.removeprefix("lightwell."),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(error: BaseException) -> dict[str, str]:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
    return {"error": type(error).__name__, "place": place}


def configure(level: str) -> None:
    """Send all logs of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("uvicorn.access", "procrastinate", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)
    for quoting in ("pydicom", "py.warnings"):  # they quote the values that they find wrong
        logging.getLogger(quoting).setLevel(logging.CRITICAL + 1)


def event(
    logger: logging.Logger, level: int, name: str, /, *, error: BaseException | None = None, **facts: object
) -> None:
    """Write that something happened, with its figures as fields."""
    logger.log(level, name, extra={"fields": facts}, exc_info=error)


def printable(text: str) -> str:
    """Return received text so that it can neither break a log line nor fill the log."""
    return "".join(character if character.isprintable() else "?" for character in text[:_LIMIT])
