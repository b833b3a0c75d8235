"""Answers that were taken, read again from the values kept; the same values always read alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from casefiles.answers.outline import Remembered
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Form, Scope

F = TypeVar("F", bound=Form)


def read_again(form: type[F], scope: Scope, values: Mapping[str, Any]) -> F | None:
    """The answers those values are, None where they no longer hold together."""
    said = frozenset((k, v if isinstance(v, str) else (repr(v),)) for k, v in values.items())
    return _read(form, Remembered.of(scope), _Values(said, values))  # type: ignore[return-value]


@dataclass(frozen=True)
class _Values:
    """The values of a document, compared by what they say; « None » written is not None."""

    said: frozenset[tuple[str, object]]
    values: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=1024)
def _read(form: type[Form], about: Remembered, given: _Values) -> Form | None:
    """A case is derived anew at each of its events."""
    return accept(form, about.scope, given.values, today=date.max).answers
