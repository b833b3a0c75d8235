"""The rules for `parchemin bench`: findings of many cases, and what remains to be done for one.

There is no plain library to set beside them; the rows are ours alone.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from casefiles import casefile
from casefiles.answers import FORMS
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from casefiles.events import CaseOpened, DocumentFiled, Event, Firm, FormIssued, Person, Recorded
from casefiles.next_steps import of_case
from casefiles.rules.completeness import completeness
from casefiles.rules.consistency import consistency
from casefiles.rules.results import proposal
from templates import catalog
from watch.commands.bench_rows import row
from watch.commands.rehearsal import answers as people

CASES = 10_000
CODE = "cqpm-tmp"
NAMES = (
    "rules.findings 10 000",
    "rules.findings",
    "next_steps complet",
    "next_steps en cours",
    "next_steps relu",
)
_NOON = datetime(2026, 6, 12, 12, tzinfo=UTC)


def rows() -> list[dict[str, Any]]:
    """Those of NAMES: the findings of 10,000 cases in all and per second, then `next_steps`."""
    certification = catalog.load(CODE)
    spent = sum(_findings(certification, number) for number in range(CASES))
    stream = _stream(certification, 0)
    ready, begun = casefile.fold(stream), casefile.fold(stream[:6])
    if ready is None or begun is None:
        raise ValueError("a stream that opens a case")
    measured = (
        (1000 * spent, "ms CPU"),
        (CASES / spent, "dossiers/s"),
        (_each(lambda: of_case(ready, certification)), "ms CPU"),
        (_each(lambda: of_case(begun, certification)), "ms CPU"),
        (_each(lambda: _read_again(stream, certification)), "ms CPU"),
    )
    return [row(name, *told) for name, told in zip(NAMES, measured, strict=True)]


def _findings(certification: Certification, number: int) -> float:
    """CPU seconds to fold one case never seen before and apply completeness and consistency."""
    stream = _stream(certification, number)
    began = time.process_time()
    case = casefile.fold(stream)
    if case is not None and not completeness(case, certification):
        consistency(case, certification, proposal(case, certification))
    return time.process_time() - began


def _read_again(stream: list[Recorded], certification: Certification) -> object:
    case = casefile.fold(stream)
    return of_case(case, certification) if case else ()


def _each(work: Callable[[], object], calls: int = 200) -> float:
    work()
    began = time.process_time()
    for _ in range(calls):
        work()
    return 1000 * (time.process_time() - began) / calls


def _stream(certification: Certification, number: int) -> list[Recorded]:
    """A complete case of its own: a person, an evaluator and comments like no other’s."""
    opened = CaseOpened(
        number=f"2026-{number:05d}",
        certification=certification.code,
        certification_hash=certification.fingerprint,
        route="formation_continue",
        candidate=Person(birth_name=f"EXEMPLE-{number}", first_name="Zoé", birth_date=_NOON.date()),
        company=Firm(name=f"Ateliers EXEMPLE {number}", contact=people.EMPLOYER),
    )
    events: list[Event] = [opened]
    events += (
        FormIssued(form=form, serial=f"{number}{form}", sha256="0" * 64, path=form)
        for form in ("modalites", "grille", "avis")
    )
    events.append(_filed(certification, "modalites", "", number))
    events += (_filed(certification, "grille", c.id, number) for c in certification.competences)
    events.append(_filed(certification, "avis", "", number))
    stream = f"dossier/{opened.number}"
    return [
        Recorded(stream=stream, position=n, at=_NOON + timedelta(minutes=n), event=event)
        for n, event in enumerate(events, start=1)
    ]


def _filed(certification: Certification, form: str, part: str, number: int) -> DocumentFiled:
    laid_out = outline(FORMS[form], Scope(certification=certification, competence=part))
    day = _NOON.date()
    values = {
        "modalites": lambda: people.modalities(laid_out, day),
        "avis": lambda: people.avis(laid_out, day),
        "grille": lambda: people.grid(laid_out, day, evaluator=f"Évaluateur EXEMPLE-{number}"),
    }[form]()
    values["header/candidate"] = f"EXEMPLE-{number} Zoé"
    return DocumentFiled(
        document=f"D-{form}{part}",
        form=form,
        part=part,
        sha256=f"{number}{form}{part}",
        dropped_as=f"{form}.pdf",
        values=values,
    )
