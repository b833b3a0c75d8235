"""A step of ours that did not succeed yet, as the folds of a case and of a session keep it."""

from dataclasses import dataclass
from datetime import datetime

from casefiles import events as e

PATIENT = ("relever/", "renouveler/")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A step of ours that did not succeed yet."""

    step: str
    attempt: int
    error: str
    retry_at: datetime

    @property
    def blocked(self) -> bool:
        """After five attempts the step waits for the office; a proof to complete goes on trying."""
        return self.attempt >= 5 and not self.step.startswith(PATIENT)


def failure(happened: e.StepFailed) -> Failure:
    """A failure as folds keep it."""
    return Failure(
        step=happened.step,
        attempt=happened.attempt,
        error=happened.error,
        retry_at=happened.retry_at,
    )


def completed(failures: dict[str, Failure], document: str) -> dict[str, Failure]:
    """The failures but those of completing that document’s proofs."""
    done = {f"{verb}{document}" for verb in PATIENT}
    return {step: failed for step, failed in failures.items() if step not in done}
