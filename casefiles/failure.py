"""A step of ours that did not succeed yet, as the folds of a case and of a session keep it."""

from dataclasses import dataclass
from datetime import datetime

from casefiles import events as e


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A step of ours that did not succeed yet."""

    step: str
    attempt: int
    error: str
    retry_at: datetime

    @property
    def blocked(self) -> bool:
        """After five attempts the step waits for the office."""
        return self.attempt >= 5


def failure(happened: e.StepFailed) -> Failure:
    """A failure as folds keep it."""
    return Failure(
        step=happened.step,
        attempt=happened.attempt,
        error=happened.error,
        retry_at=happened.retry_at,
    )
