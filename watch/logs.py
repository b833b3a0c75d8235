"""Logs as text or as one JSON document a line, without personal data: marks, numbers, kinds.

An error is told by its kind and its place in our code, never by its words, which may carry a name;
a traceback is left out of every line for the same reason.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

# How the watcher tells its workers.
VARIABLE = "PARCHEMIN_LOGS"
TEXT = "%(levelname)s %(name)s %(message)s"


class Lines(logging.Formatter):
    """One line a record: text, or JSON with its time in UTC."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__(TEXT)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        if not self._as_json:
            return f"{record.levelname} {record.name} {record.getMessage()}"
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        return json.dumps(told, ensure_ascii=False)


def begin(*, as_json: bool, level: str | int | None = None) -> None:
    """Write what our code logs to standard error, in that form."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(as_json=as_json))
    logging.basicConfig(level=level, handlers=[handler])


def place(error: BaseException) -> str:
    """Where in the code an error came from: « file:line < file:line », innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
