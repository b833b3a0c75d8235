"""Whom the arrangement of a candidate’s épreuves is told: who organises and who evaluates. Pure.

Neither the company nor the jury is among them, and its reason is nowhere.
"""

import hashlib
import json
import re
from collections.abc import Iterator

from casefiles.answers import Grid, Inscription, Modalities, ValidationInterview
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.naming import name_key
from casefiles.rules.conclusions import latest

SHEET, MESSAGE = "amenagement", "message-amenagement"
_BETWEEN = re.compile(r"\s*(?:[,;/&\n]|\bet\b)\s*")


def told(case: CaseFile, certification: Certification) -> tuple[str, ...]:
    """The centre d’examen, then the evaluators planned and those whose grids came, each once."""
    named = {name_key(one): one for one in reversed(tuple(_named(case, certification))) if one}
    return tuple(reversed(named.values()))


def _named(case: CaseFile, certification: Certification) -> Iterator[str]:
    entered = latest(case, Inscription, certification)
    yield (entered.training.centre if entered else None) or certification.exam_centre
    planned = latest(case, Modalities, certification)
    for bloc in planned.blocs.values() if planned else ():
        yield from _BETWEEN.split(bloc.evaluators.strip())
    for document in case.standing(Grid.NAME):
        if (grid := case.answers(document, Grid, certification)) is not None:
            yield grid.evaluator.name
    heard = latest(case, ValidationInterview, certification)
    yield from (member.name for member in (heard.members if heard else ()))


def sheet(case: CaseFile) -> str:
    """What the sheet is made from, "" without an arrangement."""
    return f"{case.arranged} · {case.candidate.full_name}" if case.arranged else ""


def basis(case: CaseFile, certification: Certification) -> str:
    """What the message is made from, "" without an arrangement."""
    if not case.arranged:
        return ""
    text = json.dumps([sheet(case), told(case, certification)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def prepared(case: CaseFile, certification: Certification) -> bool:
    """Whether the sheet and its message say what stands; nothing is to say without one."""
    if not case.arranged:
        return True
    message, drawn = case.product(MESSAGE), case.product(SHEET, sheet(case))
    return drawn is not None and message is not None and message.basis == basis(case, certification)
