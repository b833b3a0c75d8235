"""The other people of the story — candidate, evaluator, employer, jury, office — as a rehearsal.

They take the forms the office made, fill them with another library than ours and sign with the
demonstration keys; what they hand back is a file on their own desk. Shared by demo and bench.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from casefiles import casefile, next_steps, session
from casefiles.answers import FORMS
from casefiles.answers.outline import outline
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.next_steps import Step
from casefiles.session import Session
from watch.commands.filling import fill
from watch.commands.rehearsal import answers, course
from watch.office import Office
from watch.reception.examining import candidates, decisions_scope

Changes = Mapping[str, Any]

NONE: Changes = {}
NOTHING: Mapping[str, Changes] = {}
ROLES = {"m1": "president", "m2": "jury-1", "m3": "jury-2"}


class People:
    """Everybody outside the office; `desk` is a folder of theirs.

    about: words of the title of the certification they ask for, "" where there is but one.
    """

    def __init__(self, office: Office, desk: Path) -> None:
        self.office = office
        self.desk = desk
        self.about = ""
        self.newcomer = 0
        self._keys: dict[str, Any] = {}
        self._count = 0

    # What they look at

    @property
    def today(self) -> date:
        """The day it is in the office’s own time."""
        return self.office.today()

    def case(self, number: str) -> CaseFile:
        """The case as it stands; LookupError when there is none."""
        case = casefile.fold(self.office.journal.read(f"dossier/{number}"))
        if case is None:
            raise LookupError(number)
        return case

    def session(self, reference: str) -> Session:
        """The session as it stands; LookupError when there is none."""
        held = session.fold(self.office.journal.read(f"session/{reference}"))
        if held is None:
            raise LookupError(reference)
        return held

    def certification(self, number: str) -> Certification:
        """The certification of that case."""
        return self.office.certification_of(self.case(number).certification_hash)

    def blank(self, words: str) -> Path | None:
        """The blank form whose title begins so, of what they ask `about`, once it is there."""
        found = self.office.workspace.blanks.glob(f"{words}*.pdf")
        return next((blank for blank in found if self.about in blank.name), None)

    def steps(self, number: str) -> tuple[Step, ...]:
        """What remains to be done for that case."""
        return next_steps.of_case(self.case(number), self.certification(number))

    # What they hand back

    def inscription(self, changes: Changes = NONE) -> Path:
        """F1; each `newcomer` bears another first name."""
        said = {**answers.inscription(self.today), **changes}
        if self.newcomer:
            said["candidate/first_name"] += " " + _another(self.newcomer)
        kept = {name: answer for name, answer in said.items() if answer is not None}
        return self._from_blank("Dossier d’inscription", kept)

    def paper(self, number: str, form: str, part: str = "", changes: Changes = NONE) -> Path:
        """A form of the case, filled right but for `changes`; the avis, signed by the employer."""
        laid_out = outline(FORMS[form], self.case(number).scope(self.certification(number), part))
        said = course.said(form, laid_out, self.today, changes)
        filled = self.filled(self._issued(number, form, part), said)
        return (
            self.signed(filled, "signature/entreprise", "employeur") if form == "avis" else filled
        )

    def bundle(self, number: str, bloc: str, changes: Mapping[str, Changes] = NOTHING) -> Path:
        """Every F5 of a bloc, in the one file made for printing; `changes` by compétence."""
        certification, case = self.certification(number), self.case(number)
        said = {
            f"{competence.id.replace('.', '-')}/{name}": answer
            for competence in certification.bloc(bloc).competences
            for name, answer in course.said(
                "grille",
                outline(FORMS["grille"], case.scope(certification, competence.id)),
                self.today,
                changes.get(competence.id, NONE),
            ).items()
        }
        return self.filled(self._issued(number, "grille", bloc), said)

    def modalities(self, number: str) -> Path:
        """F4."""
        return self.paper(number, "modalites")

    def grids(self, number: str) -> list[Path]:
        """The F5 of every compétence."""
        competences = self.certification(number).competences
        return [self.paper(number, "grille", competence.id) for competence in competences]

    def avis(self, number: str) -> Path:
        """F6, signed by the employer’s own key."""
        return self.paper(number, "avis")

    def composition(self, number: str, changes: Changes = NONE) -> Path:
        """The jury and its agenda."""
        said = {**answers.composition(number, self.today), **changes}
        return self._from_blank("Composition du jury", said)

    def closing(self, reference: str) -> Path:
        """The office’s request to close the agenda."""
        said = answers.closing(reference, self.today)
        return self._from_blank("Demande du bureau", said)

    def sheet(self, reference: str, outcome: str = "obtention", changes: Changes = NONE) -> Path:
        """The feuille de décisions, filled in session."""
        held = self.session(reference)
        certification = self.office.certification_of(held.certification_hash)
        scope = decisions_scope(held, certification, candidates(self.office, held))
        said = answers.decisions(outline(FORMS["decisions"], scope), self.today, outcome)
        if held.sheet is None:
            raise LookupError(f"no sheet for {reference}")
        return self.filled(self.office.originals.path(held.sheet.sha256), {**said, **changes})

    def signed_minutes(self, reference: str) -> Path:
        """The PV, signed by every expected member, the president last."""
        pv = self.session(reference).pv
        if pv is None:
            raise LookupError(f"no PV for {reference}")
        copy = self.office.originals.path(pv.sha256)
        for key in (*(k for k in pv.expected if k != pv.president), pv.president):
            copy = self.signed(copy, pv.fields[key], ROLES[key])
        return copy

    # How

    def filled(self, source: Path, said: dict[str, Any]) -> Path:
        """A filled copy of a form."""
        target = self._next("pdf")
        fill(source, target, said)
        return target

    def signed(self, source: Path, field: str, role: str) -> Path:
        """A copy signed with the demonstration key of that role."""
        from signing.keys import load, read_passphrase
        from signing.pades import sign

        at = self.office.clock()
        if role not in self._keys:
            key = next(self.office.workspace.keys.rglob(f"{role}.p12"))
            self._keys[role] = load(
                key, read_passphrase(key.with_suffix(".phrase")), at=self.office.clock()
            )
        target = self._next("pdf")
        sign(source, target, field=field, signer=self._keys[role], at=at)
        return target

    def _from_blank(self, words: str, said: dict[str, Any]) -> Path:
        blank = self.blank(words)
        if blank is None:
            raise LookupError(words)
        return self.filled(blank, said)

    def _issued(self, number: str, form: str, part: str) -> Path:
        """The blank made for that case."""
        issued = next(
            one for one in self.case(number).issued if (one.form, one.part) == (form, part)
        )
        return self.office.originals.path(issued.sha256)

    def _next(self, suffix: str) -> Path:
        self._count += 1
        return self.desk / f"{self._count:03d}.{suffix}"


def _another(number: int) -> str:
    """A, B … Z, Aa, Ab …: a first name of their own for as many as there are."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters.capitalize()
