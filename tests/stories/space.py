"""A whole office for stories: a real space on disk, its files dropped and taken in one by one.

Everything is the product’s own but the daemon’s loop: `work` does at once what the watcher would
do after the settling delay. Forms are filled with whatever engine the story chooses.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from casefiles import casefile, session
from casefiles.answers import FORMS
from casefiles.answers.outline import Outline, outline
from casefiles.answers.vocabulary import Scope
from casefiles.casefile import CaseFile
from casefiles.events import DropAnswered
from casefiles.session import Session
from watch import blanks, board, claims, inbox, intake, juries
from watch import demo_answers as people
from watch.acting import follow
from watch.filling import fill
from watch.founding import create
from watch.office import Office, now, open_office
from watch.workspace import Workspace, locate

Fill = Callable[[Path, Path, dict[str, Any]], None]


class Space:
    """A space under `root`, with demonstration keys unless `bare`; `edit` rewrites its settings."""

    def __init__(self, root: Path, *, edit: Callable[[str], str] = lambda text: text) -> None:
        self.workspace: Workspace = locate(root / "Partage")
        create(self.workspace, demo_keys=True, at=now())
        settings = self.workspace.settings_file
        settings.write_text(edit(settings.read_text(encoding="utf-8")), encoding="utf-8")
        self.office: Office = open_office(self.workspace)
        self.scratch = root / "bureau d’un autre"
        self.scratch.mkdir()
        blanks.show(self.office)
        self.count = 0

    @property
    def today(self) -> date:
        return self.office.today()

    # What people do

    def drop(self, source: Path | bytes, name: str = "", *, door: str = "inbox") -> None:
        folder = self.workspace.office if door == "bureau" else self.workspace.drop_here
        data = source if isinstance(source, bytes) else source.read_bytes()
        name = name or (source.name if isinstance(source, Path) else "scan0001.pdf")
        (folder / name).write_bytes(data)

    def work(self) -> list[DropAnswered]:
        """Take in everything that stands at the doors, do what follows; the answers given."""
        answers = []
        for seen in inbox.scan(self.workspace):
            claim = claims.claim(self.workspace, seen, now())
            if claim is None:
                continue
            follow(self.office, intake.take(self.office, claim))
            receipt = self.office.journal.read(f"depot/{claim.id}")
            if receipt and isinstance(receipt[0].event, DropAnswered):
                answers.append(receipt[0].event)
        board.show(self.office)
        return answers

    def hand_in(self, source: Path | bytes, name: str = "", *, door: str = "inbox") -> DropAnswered:
        """Drop one file and take it in; its answer."""
        self.drop(source, name, door=door)
        (answer,) = self.work()
        return answer

    # Where things are

    def blank(self, words: str) -> Path:
        (found,) = [p for p in self.workspace.blanks.iterdir() if p.name.startswith(words)]
        return found

    def case(self, number: str = "") -> CaseFile:
        number = number or self.numbers()[-1]
        case = casefile.fold(self.office.journal.read(f"dossier/{number}"))
        assert case is not None
        return case

    def numbers(self) -> list[str]:
        return [s["number"] for _, _, s in self.office.journal.summaries("dossier")]

    def session(self) -> Session:
        stream = self.office.journal.summaries("session")[-1][0]
        held = session.fold(self.office.journal.read(stream))
        assert held is not None
        return held

    def folder(self, key: str) -> Path:
        places = (self.workspace.cases, self.workspace.done, self.workspace.juries)
        (found,) = [p for place in places for p in place.iterdir() if key in p.name]
        return found

    def to_do(self, key: str) -> str:
        return (self.folder(key) / "RESTE À FAIRE.txt").read_text(encoding="utf-8-sig")

    def history(self, key: str) -> str:
        return (self.folder(key) / "HISTORIQUE.txt").read_text(encoding="utf-8-sig")

    def tree(self, folder: Path) -> list[str]:
        return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())

    # Forms, filled

    def filled(
        self,
        source: Path,
        answers: dict[str, Any],
        *,
        fill: Fill = fill,
    ) -> Path:
        self.count += 1
        target = self.scratch / f"{self.count:03d} {source.name}"
        fill(source, target, answers)
        return target

    def outline(self, number: str, form: str, part: str = "") -> Outline:
        case = self.case(number)
        certification = self.office.certification_of(case.certification_hash)
        return outline(FORMS[form], case.scope(certification, part))

    def inscription(self, **changes: Any) -> Path:
        answers = {**people.inscription(self.today), **changes}
        kept = {k: v for k, v in answers.items() if v is not None}
        return self.filled(self.blank("Dossier d’inscription"), kept)

    def enrol(self, **changes: Any) -> str:
        answer = self.hand_in(self.inscription(**changes))
        assert answer.outcome == "accepted", answer
        return answer.stream.removeprefix("dossier/")

    def issued(self, number: str, form: str, part: str = "") -> Path:
        case = self.case(number)
        (found,) = [i for i in case.issued if i.form == form and i.part == part]
        return self.office.originals.path(found.sha256)

    def modalities(self, number: str, **changes: Any) -> Path:
        laid_out = self.outline(number, "modalites")
        answers = {**people.modalities(laid_out, self.today), **changes}
        return self.filled(self.issued(number, "modalites"), answers)

    def grid(
        self, number: str, part: str, evaluator: str = people.EVALUATOR, **changes: Any
    ) -> Path:
        laid_out = self.outline(number, "grille", part)
        answers = {**people.grid(laid_out, self.today, evaluator=evaluator), **changes}
        return self.filled(self.issued(number, "grille", part), answers)

    def avis(self, number: str, **changes: Any) -> Path:
        laid_out = self.outline(number, "avis")
        answers = {**people.avis(laid_out, self.today), **changes}
        return self.filled(self.issued(number, "avis"), answers)

    def sign(self, source: Path, field: str, role: str) -> Path:
        """Sign with one of the demonstration keys."""
        from signing.keys import load, read_passphrase
        from signing.pades import sign

        key = self.workspace.keys / f"{role}.p12"
        if not key.exists():
            (key,) = list(self.workspace.keys.rglob(f"{role}.p12"))
        held = load(key, read_passphrase(key.with_suffix(".phrase")), at=now())
        self.count += 1
        target = self.scratch / f"{self.count:03d} {source.stem} signé.pdf"
        sign(source, target, field=field, signer=held, at=now())
        return target

    def complete(self, number: str) -> None:
        """Everything the case asks for before a jury."""
        case = self.case(number)
        certification = self.office.certification_of(case.certification_hash)
        self.drop(self.modalities(number), "modalités.pdf")
        for competence in certification.competences:
            self.drop(self.grid(number, competence.id), f"grille {competence.number}.pdf")
        signed = self.sign(self.avis(number), "signature/entreprise", "employeur")
        self.drop(signed, "avis.pdf")
        for answer in self.work():
            assert answer.outcome == "accepted", answer

    def open_session(self, *numbers: str, **changes: Any) -> str:
        answers = people.composition(numbers[0], self.today)
        for line, number in enumerate(numbers, start=1):
            answers[f"agenda/{line}/case"] = number
        filled = self.filled(self.blank("Composition du jury"), {**answers, **changes})
        answer = self.hand_in(filled)
        assert answer.outcome == "accepted", answer
        return answer.stream.removeprefix("session/")

    def close(self, reference: str) -> None:
        answers = people.closing(reference, self.today)
        filled = self.filled(self.blank("Demande du bureau"), answers)
        answer = self.hand_in(filled, "clôture.pdf", door="bureau")
        assert answer.outcome == "accepted", answer

    def sheet(self, outcome: str = "obtention", **changes: Any) -> Path:
        held = self.session()
        certification = self.office.certification_of(held.certification_hash)
        scope: Scope = juries.decisions_scope(held, certification)
        laid_out = outline(FORMS["decisions"], scope)
        issued = self.office.originals.path(held.issued[-1].sha256)
        answers = {**people.decisions(laid_out, self.today, outcome), **changes}
        return self.filled(issued, answers)

    def minutes(self) -> Path:
        pv = self.session().pv
        assert pv is not None
        return self.office.originals.path(pv.sha256)

    def signed_minutes(self) -> Path:
        """The PV signed by every expected member, the president last."""
        pv = self.session().pv
        assert pv is not None
        roles = {"m1": "president", "m2": "jury-1", "m3": "jury-2"}
        copy = self.minutes()
        order = [*(k for k in pv.expected if k != pv.president), pv.president]
        for key in order:
            copy = self.sign(copy, pv.fields[key], roles[key])
        return copy
