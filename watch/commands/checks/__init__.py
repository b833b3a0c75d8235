"""What `parchemin doctor` looks at; what is not good says in a sentence what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from watch.office import Office


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing looked at. `good` False wants somebody’s hand; `said` is a sentence."""

    what: str
    good: bool
    said: str


Look = Callable[[Office], Iterator[Check]]
