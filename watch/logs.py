"""Logs as text or as one JSON document a line, without personal data: marks, numbers, kinds.

An error is told by its kind and its place in our code, never by its words, which may carry a name;
a traceback is left out of every line for the same reason, and so are the words of the libraries,
which quote files and statements.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path

# How the watcher tells its workers.
VARIABLE = "PARCHEMIN_LOGS"
OURS = "parchemin"
TEXT = "%(levelname)s %(name)s %(message)s"
# How Python begins a warning: its file, its line and its kind, then the words of whoever warns.
_WARNING = re.compile(r"(?:[^\n]*[/\\])?(\w+\.py:\d+: \w+): ")


class Lines(logging.Formatter):
    """One line a record: text, or JSON with its time in UTC."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__(TEXT)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        ours = record.name.partition(".")[0] == OURS
        message = record.getMessage() if ours else _left_out(record)
        message = "".join(c if c.isprintable() else " " for c in message)  # one line, no more
        if not self._as_json:
            return f"{record.levelname} {record.name} {message}"
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
            "pid": record.process,
        }
        return json.dumps(told, ensure_ascii=False)


def _left_out(record: logging.LogRecord) -> str:
    found = _WARNING.match(record.getMessage()) if record.name == "py.warnings" else None
    kind = f"{found[1]}: " if found else ""
    return f"{kind}(words of a library, left out)"


def begin(*, as_json: bool, level: str | int | None = None) -> None:
    """Write what our code logs to standard error, in that form; warnings only unless told.

    The level is ours alone: libraries stay at warnings, lest they tell each statement they run.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(as_json=as_json))
    logging.basicConfig(handlers=[handler])
    logging.captureWarnings(capture=True)
    if level is not None:
        logging.getLogger(OURS).setLevel(level)


def level() -> str:
    """The level our code logs at, by its name."""
    return logging.getLevelName(logging.getLogger(OURS).getEffectiveLevel())


def place(error: BaseException) -> str:
    """Where in the code an error came from: « file:line < file:line », innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
