"""A candidate walked along a route: whatever the case asks for is filled right and dropped.

Every form goes through the folder; only the people’s own answers are made here.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from casefiles import next_steps
from casefiles.next_steps import Step
from tests.casefiles import filled
from tests.stories.space import NONE, Answers, Space
from watch.commands import demo_answers as people
from watch.office import now, open_office

Changes = Mapping[str, Answers]


def offering(*codes: str) -> Any:
    """The settings of an office that offers those certifications."""
    listed = ", ".join(f'"{code}"' for code in codes)

    def edit(text: str) -> str:
        return text.replace('certifications = ["cqpm-tmp"]', f"certifications = [{listed}]")

    return edit


def on_the_day(space: Space, day: date | None) -> None:
    """The office’s calendar set to that day, or back to today."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) if day else None
    sandbox = space.office.sandbox
    space.close()
    space.office = open_office(space.workspace, clock=(lambda: at) if at else now)
    space.office.sandbox = sandbox


def steps(space: Space, number: str) -> tuple[Step, ...]:
    """What remains to be done."""
    case = space.case(number)
    certification = space.office.certification_of(case.certification_hash)
    return next_steps.of_case(case, certification)


def owed(space: Space, number: str) -> list[str]:
    """The forms asked of people now, each named once."""
    return list(dict.fromkeys(s.form for s in steps(space, number) if s.form))


def paper(
    space: Space, number: str, form: str, part: str = "", changes: Answers = NONE, year: int = 2026
) -> Path:
    """That form of the case, filled right; dates of 2026 and before told from `year` instead."""
    case = space.case(number)
    certification = space.office.certification_of(case.certification_hash)
    if form == "grille":
        answers = filled.grid(certification, part)
    else:
        answers = filled.every_form(certification)[form]
    told = {k: v for k, v in answers.items() if not k.startswith("header/")}
    fields = {q.name for q in space.outline(number, form, part).questions()}
    kept = {k: _shifted(v, year) for k, v in told.items() if k in fields} | dict(changes)
    wanted = {k: v for k, v in kept.items() if v is not None}
    return space.filled(space.issued(number, form, part), wanted)


def _shifted(value: Any, year: int) -> Any:
    """« 08/01/2026 » in the years of a story told from another one."""
    day = value[:6] if isinstance(value, str) else ""
    if isinstance(value, str) and len(value) == 10 and day.count("/") == 2 and value[6:].isdigit():
        return f"{day}{int(value[6:]) + year - 2026}"
    return value


def walk(
    space: Space, number: str, changes: Changes = NONE, *, year: int = 2026
) -> list[list[str]]:
    """Everything asked for, step after step, up to the jury; the forms of each step.

    `changes` by form, or by compétence for its grid.
    """
    walked: list[list[str]] = []
    while asked := [s for s in steps(space, number) if s.form]:
        walked.append(list(dict.fromkeys(s.form for s in asked)))
        for step in asked:
            told = changes.get(step.part or step.form, NONE)
            if step.form == "avis":
                told = {**told, "signatory/name": people.EMPLOYER}
            source = paper(space, number, step.form, step.part, told, year)
            if step.form == "avis":
                source = space.sign(source, "signature/entreprise", "employeur")
            space.drop(source, f"{step.form} {step.part}.pdf")
        for answer in space.work():
            assert answer.outcome == "accepted", answer
    return walked


def enter(space: Space, certification: str, changes: Answers = NONE) -> str:
    """An inscription on that certification, by words of its title; the number of its case."""
    space.about = certification
    return space.enrol(changes)


ALONE = {f"company/{name}": None for name in ("name", "siret", "contact", "email", "agreement")}
