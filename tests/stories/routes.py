"""A candidate walked along a route: whatever the case asks for is filled right and dropped.

Every form goes through the folder; only the people’s own answers are made here.
"""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf

from casefiles import next_steps
from casefiles.events import DropAnswered
from casefiles.next_steps import Step
from tests.stories.space import NONE, Answers, Space
from watch.commands.rehearsal import course
from watch.commands.rehearsal.course import ALONE
from watch.office import now, open_office

__all__ = ["ALONE", "enter", "offering", "on_the_day", "owed", "paper", "steps", "walk"]

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


def paper(space: Space, number: str, form: str, part: str = "", changes: Answers = NONE) -> Path:
    """That form of the case, filled right but for `changes`."""
    laid_out = space.outline(number, form, part)
    told = course.said(form, laid_out, space.today, changes)
    return space.filled(space.issued(number, form, part), told)


def walk(space: Space, number: str, changes: Changes = NONE, *, until: str = "") -> list[list[str]]:
    """Everything asked for, step after step, up to the jury; the forms of each step.

    `changes` by form, or by compétence for its grid; `until` the form that is left to be filled.
    """
    walked: list[list[str]] = []
    while asked := [s for s in steps(space, number) if s.form]:
        if until in (s.form for s in asked):
            break
        walked.append(list(dict.fromkeys(s.form for s in asked)))
        for step in asked:
            told = changes.get(step.part or step.form, NONE)
            source = paper(space, number, step.form, step.part, told)
            if step.form == "avis":
                source = space.sign(source, "signature/entreprise", "employeur")
            space.drop(source, f"{step.form} {step.part}.pdf")
        for answer in space.work():
            assert answer.outcome == "accepted", answer
    return walked


def prove(space: Space, number: str, *names: str) -> list[DropAnswered]:
    """Those files, saved by the candidate’s side in « À remplir » of the case."""
    for rank, name in enumerate(names):
        paper_, out = pikepdf.new(), io.BytesIO()
        for _ in range(rank + 1):
            paper_.add_blank_page()
        paper_.save(out)
        place = space.folder(number) / "À remplir" / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(out.getvalue())
    return space.work()


def ready_for_a_jury(space: Space, number: str) -> None:
    """Nothing is asked of anybody but the office, to put the case before a jury."""
    (step,) = steps(space, number)
    assert (step.key, step.who) == ("jury", "le bureau")


def enter(space: Space, certification: str, changes: Answers = NONE) -> str:
    """An inscription on that certification, by words of its title; the number of its case."""
    space.about = certification
    return space.enrol(changes)
