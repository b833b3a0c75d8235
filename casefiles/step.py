"""One thing that remains to be done, whoever does it, and when it falls due. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date

from casefiles import levels
from casefiles.casefile import CaseFile
from casefiles.events import ReturnHeld
from casefiles.failure import Failure
from casefiles.journal import OpenStep
from casefiles.session import Session


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. `who` is empty for ours; `what` is the sentence people read."""

    key: str
    what: str
    who: str = ""
    form: str = ""
    part: str = ""
    rule: str = ""
    source: str = ""
    due: date | None = None

    @property
    def ours(self) -> bool:
        """Whether a worker does it."""
        return not self.who


def proofs_left(held: CaseFile | Session) -> Iterator[Step]:
    """The proofs still to be added to what we signed, each with its day."""
    for one in levels.of(held):
        for key, what, due in levels.remaining(one):
            yield Step(key=key, what=what, due=due)


def held_back(one: ReturnHeld) -> Step:
    """What the office does of a return on paper that waits."""
    if one.missing:
        named = " et ".join(str(page) for page in one.missing)
        pages = f"la page {named}" if len(one.missing) == 1 else f"les pages {named}"
        what = (
            f"« {one.title} » (repère {one.document}) est revenu sans {pages} : redemandez et "
            "déposez ce qui manque, qui rejoindra le reste. Sinon, écartez ce document par une "
            "« Demande du bureau »."
        )
    else:
        what = (
            f"« {one.title} » (repère {one.document}) est revenu sur papier : remplissez "
            f"« {one.path} », où chaque réponse est à côté de son image, et enregistrez-le."
        )
    return Step(
        key=f"papier/{one.document}", what=what, who="le bureau", form=one.form, part=one.part
    )


def open_steps(steps: tuple[Step, ...], failures: dict[str, Failure]) -> tuple[OpenStep, ...]:
    """The steps as the journal derives them, with when to try and what is blocked."""
    rows = []
    for step in steps:
        failed = failures.get(step.key)
        rows.append(
            OpenStep(
                key=step.key,
                ours=step.ours,
                due_at=_due_at(step, failed),
                blocked=failed.blocked if failed else False,
            )
        )
    return tuple(rows)


def _due_at(step: Step, failed: Failure | None) -> str | None:
    if failed is not None:
        return failed.retry_at.astimezone(UTC).isoformat()
    return step.due.isoformat() if step.due else None
