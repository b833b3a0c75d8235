"""What was proven of bytes already seen: their revisions’ changes, by SHA-256. Never any trust.

Comparing revisions costs nearly all of a check and depends on the bytes alone. Digests, keys,
chains, revocations and expectations are looked at anew each time.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from signing import opening
from signing.changes import Step

# To be changed with what counts as harmless: what an older program concluded is then forgotten.
_RULES = 2


class Memory:
    """known: what `learned` gave before, as JSON. learned: what this check adds, to keep."""

    def __init__(self, known: Mapping[str, Any] | None = None) -> None:
        self._known = dict(known or {})
        self.learned: dict[str, Any] = {}

    def steps(self, key: str) -> dict[int, Step]:
        """The changes known of each revision; none for bytes never seen."""
        return {one["revision"]: _step(one) for one in self._known.get(key, ())}

    def learn(self, key: str, steps: Mapping[int, Step]) -> None:
        """Keep what was found of those bytes."""
        if steps and key not in self._known:
            self.learned[key] = [asdict(step) for step in steps.values()]


def key_of(source: opening.Source, *, lenient: bool, ours: bool) -> str:
    """The bytes by their SHA-256, with the ways they are read and compared."""
    with opening.stream_of(source) as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    return (
        f"{_RULES}/{digest}/{'indulgent' if lenient else 'strict'}/{'scelle' if ours else 'tout'}"
    )


def _step(told: Mapping[str, Any]) -> Step:
    return Step(
        revision=told["revision"],
        signed=tuple(told["signed"]),
        stamped=tuple(told["stamped"]),
        created=tuple(told["created"]),
        visible=tuple(told["visible"]),
        problems=tuple(told["problems"]),
    )
