"""A file examined in the sandbox, then the revocation answers it lacks asked for, outside of it.

The child names what it would like to know and reads what is brought back; it never has a network.
The answers are kept by whoever asked: with the case, or nowhere.
"""

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from signing.fetching import Fetcher
from signing.revocation import Attempt, Question
from watch.confinement.sandbox import Sandbox
from watch.settings import Limits

_LARGEST = 64 * 1024  # of one request to the sandbox

Keep = Callable[[bytes], Path]


def inquire(
    sandbox: Sandbox,
    task: str,
    file: Path,
    limits: Limits,
    *,
    fetcher: Fetcher,
    keep: Keep,
    **params: Any,
) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """The task’s answer once the answers it asked for are in, and where those were kept.

    UnreadableFile as `Sandbox.run` raises it. Unanswered questions leave the first answer as it is.
    """
    found = sandbox.run(task, file, limits, **params)
    learned = found.pop("learned", {})
    asked = [_question(one) for one in found.pop("questions", ())]
    kept = tuple(keep(content) for content in fetcher.gather(asked)) if asked else ()
    if kept:
        # What the bytes are was seen the first time; whom to believe is looked at anew.
        known = learned if len(json.dumps(learned)) < _LARGEST else {}
        found = sandbox.run(
            task, file, limits, **params, answers=[str(path) for path in kept], known=known
        )
        found.pop("questions", None)
        found.pop("learned", None)
    return found, kept


def _question(told: list[dict[str, str]]) -> Question:
    return Question(tuple(Attempt(one["url"], b64decode(one["body"]) or None) for one in told))
