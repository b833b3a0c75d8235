"""The other people of the story — candidate, evaluator, employer, jury, office — as a rehearsal.

They take the forms the office made, fill them with another library than ours and sign with the
demonstration keys; what they hand back is a file on their own desk. Shared by demo and bench.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from casefiles import casefile, session
from casefiles.answers import FORMS
from casefiles.answers.outline import Outline, outline
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.session import Session
from watch.commands import demo_answers as answers
from watch.commands.filling import fill
from watch.office import Office, now
from watch.reception.examining import candidates, decisions_scope

ROLES = {"m1": "president", "m2": "jury-1", "m3": "jury-2"}


class People:
    """Everybody outside the office; `desk` is a folder of theirs."""

    def __init__(self, office: Office, desk: Path) -> None:
        self.office = office
        self.desk = desk
        self.today = office.today()
        self.newcomer = 0
        self._keys: dict[str, Any] = {}
        self._count = 0

    # What they look at

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
        """The blank form whose title begins so, once it is there."""
        return next(self.office.workspace.blanks.glob(f"{words}*.pdf"), None)

    # What they hand back

    def inscription(self) -> Path:
        """F1; each `newcomer` bears another first name."""
        said = answers.inscription(self.today)
        if self.newcomer:
            said["candidate/first_name"] += " " + "I" * self.newcomer
        return self._from_blank("Dossier d’inscription", said)

    def modalities(self, number: str) -> Path:
        """F4."""
        return self._from_case(number, "modalites", answers.modalities)

    def grids(self, number: str) -> list[Path]:
        """The F5 of every compétence."""
        return [
            self._from_case(number, "grille", answers.grid, competence.id)
            for competence in self.certification(number).competences
        ]

    def avis(self, number: str) -> Path:
        """F6, signed by the employer’s own key."""
        filled = self._from_case(number, "avis", answers.avis)
        return self.signed(filled, "signature/entreprise", "employeur")

    def composition(self, number: str) -> Path:
        """The jury and its agenda."""
        said = answers.composition(number, self.today)
        return self._from_blank("Composition du jury", said)

    def closing(self, reference: str) -> Path:
        """The office’s request to close the agenda."""
        said = answers.closing(reference, self.today)
        return self._from_blank("Demande du bureau", said)

    def sheet(self, reference: str) -> Path:
        """The feuille de décisions, filled in session."""
        held = self.session(reference)
        certification = self.office.certification_of(held.certification_hash)
        scope = decisions_scope(held, certification, candidates(self.office, held))
        said = answers.decisions(outline(FORMS["decisions"], scope), self.today)
        if held.sheet is None:
            raise LookupError(f"no sheet for {reference}")
        return self.filled(self.office.originals.path(held.sheet.sha256), said)

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

        if role not in self._keys:
            key = next(self.office.workspace.keys.rglob(f"{role}.p12"))
            self._keys[role] = load(key, read_passphrase(key.with_suffix(".phrase")), at=now())
        target = self._next("pdf")
        sign(source, target, field=field, signer=self._keys[role], at=now())
        return target

    def _from_blank(self, words: str, said: dict[str, Any]) -> Path:
        blank = self.blank(words)
        if blank is None:
            raise LookupError(words)
        return self.filled(blank, said)

    def _from_case(
        self,
        number: str,
        form: str,
        says: Callable[[Outline, Any], dict[str, Any]],
        part: str = "",
    ) -> Path:
        case = self.case(number)
        laid_out = outline(FORMS[form], case.scope(self.certification(number), part))
        issued = next(i for i in case.issued if i.form == form and i.part == part)
        said = says(laid_out, self.today)
        return self.filled(self.office.originals.path(issued.sha256), said)

    def _next(self, suffix: str) -> Path:
        self._count += 1
        return self.desk / f"{self._count:03d}.{suffix}"
