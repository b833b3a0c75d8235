"""A whole office for stories: a real space on disk, its files dropped and taken in one by one.

Everything is the product’s own but the daemon’s loop: `work` does at once what the watcher would
do after the settling delay. Forms are filled with whatever engine the story chooses; people sign
with pyHanko’s own command line and PKCS#12 files made by openssl.
"""

import os
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from casefiles import casefile, session
from casefiles.answers import FORMS
from casefiles.answers.office_act import ActKind
from casefiles.answers.outline import Outline, outline
from casefiles.answers.vocabulary import Scope
from casefiles.casefile import CaseFile
from casefiles.events import DropAnswered
from casefiles.session import Session
from signing.keys import load, read_passphrase
from signing.pades import sign
from tests.engines.filling import Filler
from tests.pki import Identity
from tests.signing.tools import pyhanko_sign
from watch.commands.filling import fill
from watch.commands.rehearsal import answers as people
from watch.commands.rehearsal import course
from watch.confinement.sandbox import Sandbox
from watch.doors import claims, inbox
from watch.office import Clock, Office, now, open_office
from watch.reception import examining, intake
from watch.reception.acting import act_now, follow
from watch.reception.office_desk import Request
from watch.service.recovery import tidy
from watch.service.truth import Truth
from watch.share import blanks, board, mirror, verification
from watch.share.founding import create
from watch.share.workspace import Workspace, locate

Answers = Mapping[str, Any]
Fill = Callable[[Path, Path, dict[str, Any]], None]
Hand = Callable[..., Path]

NONE: Answers = {}


def by(engine: Filler) -> Fill:
    """Filling with an engine that is not ours."""

    def fill_with_it(source: Path, target: Path, answers: dict[str, Any]) -> None:
        target.write_bytes(engine.fill(source, answers))

    return fill_with_it


def plain(file: Path) -> str:
    """A text people read, its no-break spaces made plain so that a test can be written."""
    return file.read_text(encoding="utf-8-sig").replace("\N{NO-BREAK SPACE}", " ")


class Space:
    """The space under `root`: made when there is none, with demonstration keys.

    `signers` are the people of the story by role (« employeur », « president », « jury-1 »…), the
    authority that vouches for them being `trusted`; `edit` rewrites the settings.
    """

    def __init__(
        self,
        root: Path,
        *,
        sandbox: Sandbox | None = None,
        signers: Mapping[str, Identity] | None = None,
        trusted: Path | None = None,
        edit: Callable[[str], str] = lambda text: text,
        clock: Clock = now,
    ) -> None:
        self.root = root
        self.workspace: Workspace = locate(root / "Partage")
        settings = self.workspace.settings_file
        if not settings.exists():
            create(self.workspace, demo_keys=True, at=clock())
            if trusted is not None:
                also_trust(settings, trusted)
            # Un démarrage de LibreOffice coûte des secondes : une histoire seule le demande.
            rewrite(settings, lambda text: text.replace('format = "pdf"', 'format = "docx"'))
        rewrite(settings, edit)
        self.office: Office = open_office(self.workspace, clock=clock)
        if sandbox is not None:
            self.office.sandbox = sandbox
        self.signers = dict(signers or {})
        self.hand: Hand = self._pyhanko
        self.about = ""
        self.scratch = root / "bureau d’un autre"
        self.scratch.mkdir(exist_ok=True)
        blanks.show(self.office)
        self.count = len(list(self.scratch.iterdir()))

    def reopen(self, *, edit: Callable[[str], str] = lambda text: text) -> None:
        """As after a restart of the daemon, with other settings."""
        sandbox = self.office.sandbox
        self.close()
        rewrite(self.workspace.settings_file, edit)
        self.office = open_office(self.workspace)
        self.office.sandbox = sandbox

    def close(self) -> None:
        """Let go of the journal, so that the folder can be copied."""
        self.office.journal.engine.dispose()

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
        truth = Truth(self.office.journal.engine)
        for seen in inbox.scan(self.workspace):
            if not os.path.lexists(seen.path) or claims.stands(seen, truth.known):
                continue  # gone meanwhile, or the watcher lets it stand
            claim = claims.claim(self.workspace, seen, now())
            if claim is None:
                continue
            if seen.door == "vierges":
                blanks.show(self.office)
            follow(self.office, intake.take(self.office, claim))
            receipt = self.office.journal.read(f"depot/{claim.id}")
            if receipt and isinstance(receipt[0].event, DropAnswered):
                answers.append(receipt[0].event)
        board.show(self.office)
        return answers

    def recover(self) -> None:
        """What the daemon does when it starts again: first the claims of its earlier life."""
        tidy(self.workspace, self.office.originals)
        for claim in claims.pending(self.workspace):
            follow(self.office, intake.take(self.office, claim))
        verification.show(self.office)
        self.catch_up()

    def catch_up(self) -> None:
        """What it does at each round: what is due, what the share does not show yet."""
        journal = self.office.journal
        follow(self.office, (*journal.due(self.office.clock()), *journal.unpublished()))
        board.show(self.office)

    def hand_in(self, source: Path | bytes, name: str = "", *, door: str = "inbox") -> DropAnswered:
        """Drop one file and take it in; its answer."""
        self.drop(source, name, door=door)
        (answer,) = self.work()
        return answer

    def show(self, number: str) -> None:
        """What the daemon’s periodic look at the share does."""
        mirror.show(self.office, f"dossier/{number}")

    # Where things are

    def blank(self, words: str) -> Path:
        """The blank form of that title, of the certification the story is `about`."""
        blanks = self.workspace.blanks.iterdir()
        (found,) = [p for p in blanks if p.name.startswith(words) and self.about in p.name]
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

    def session_of(self, reference: str) -> Session:
        held = session.fold(self.office.journal.read(f"session/{reference}"))
        assert held is not None
        return held

    def folder(self, key: str) -> Path:
        places = (self.workspace.cases, self.workspace.done, self.workspace.juries)
        (found,) = [p for place in places for p in place.iterdir() if key in p.name]
        return found

    def to_do(self, key: str) -> str:
        return plain(self.folder(key) / "RESTE À FAIRE.txt")

    def history(self, key: str) -> str:
        return plain(self.folder(key) / "HISTORIQUE.txt")

    def tree(self, folder: Path) -> list[str]:
        return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())

    def competences(self, number: str) -> list[str]:
        certification = self.office.certification_of(self.case(number).certification_hash)
        return [c.id for c in certification.competences]

    def copy_of(self, sha256: str, name: str) -> Path:
        """The kept bytes, under a name other programs understand."""
        copy = self.scratch / name
        copy.write_bytes(self.office.originals.get(sha256))
        return copy

    def everything(self) -> list[Path]:
        """Every file of the share, and every byte kept on the private side."""
        kept = (p for p in self.workspace.originals.rglob("*") if p.is_file())
        return [p for p in self.workspace.share.rglob("*") if p.is_file()] + list(kept)

    # Forms, filled

    def filled(
        self,
        source: Path,
        answers: dict[str, Any],
        *,
        fill: Fill = fill,
    ) -> Path:
        self.count += 1
        target = self.scratch / f"{self.count:03d} rempli.pdf"
        fill(source, target, answers)
        return target

    def outline(self, number: str, form: str, part: str = "") -> Outline:
        case = self.case(number)
        certification = self.office.certification_of(case.certification_hash)
        return outline(FORMS[form], case.scope(certification, part))

    def inscription(self, changes: Answers = NONE, *, fill: Fill = fill) -> Path:
        answers = {**people.inscription(self.today), **changes}
        kept = {k: v for k, v in answers.items() if v is not None}
        return self.filled(self.blank("Dossier d’inscription"), kept, fill=fill)

    def enrol(self, changes: Answers = NONE) -> str:
        answer = self.hand_in(self.inscription(changes))
        assert answer.outcome == "accepted", answer
        return answer.stream.removeprefix("dossier/")

    def issued(self, number: str, form: str, part: str = "") -> Path:
        case = self.case(number)
        (found,) = [i for i in case.issued if i.form == form and i.part == part]
        return self.office.originals.path(found.sha256)

    def modalities(self, number: str, changes: Answers = NONE, *, fill: Fill = fill) -> Path:
        laid_out = self.outline(number, "modalites")
        answers = {**people.modalities(laid_out, self.today), **changes}
        return self.filled(self.issued(number, "modalites"), answers, fill=fill)

    def positioning(self, number: str, *, fill: Fill = fill) -> Path:
        answers = course.said("positionnement", self.outline(number, "positionnement"), self.today)
        return self.filled(self.issued(number, "positionnement"), answers, fill=fill)

    def grid(
        self,
        number: str,
        part: str,
        evaluator: str = people.EVALUATOR,
        changes: Answers = NONE,
        *,
        fill: Fill = fill,
    ) -> Path:
        laid_out = self.outline(number, "grille", part)
        answers = {**people.grid(laid_out, self.today, evaluator=evaluator), **changes}
        return self.filled(self.issued(number, "grille", part), answers, fill=fill)

    def bundle(self, number: str, bloc: str, *, fill: Fill = fill) -> Path:
        """Every grid of a bloc, in the one file made for printing."""
        certification = self.office.certification_of(self.case(number).certification_hash)
        answers = {
            f"{competence.id.replace('.', '-')}/{name}": value
            for competence in certification.bloc(bloc).competences
            for name, value in people.grid(
                self.outline(number, "grille", competence.id), self.today
            ).items()
        }
        return self.filled(self.issued(number, "grille", bloc), answers, fill=fill)

    def save_in_place(self, number: str, form: str, part: str, source: Path) -> Path:
        """Saved over the blank that stands in « À remplir », as a viewer’s « Enregistrer » does."""
        (blank,) = [i for i in self.case(number).issued if (i.form, i.part) == (form, part)]
        target = self.folder(number) / blank.path
        target.write_bytes(source.read_bytes())
        return target

    def avis(self, number: str, changes: Answers = NONE, *, fill: Fill = fill) -> Path:
        laid_out = self.outline(number, "avis")
        answers = {**people.avis(laid_out, self.today), **changes}
        return self.filled(self.issued(number, "avis"), answers, fill=fill)

    def sign(self, source: Path, field: str, role: str, *options: str) -> Path:
        """Signed by that person, as they would do it themselves."""
        self.count += 1
        target = self.scratch / f"{self.count:03d} signé.pdf"
        return self.hand(source, target, field, role, *options)

    def _pyhanko(self, source: Path, target: Path, field: str, role: str, *options: str) -> Path:
        return pyhanko_sign(source, target, field, self.signers[role], *options)

    def sign_in_its_time(self) -> None:
        """From now on people sign with the keys made with the space, at the office’s own hour."""

        def hand(source: Path, target: Path, field: str, role: str, *options: str) -> Path:
            at, held = self.office.clock(), self.workspace.keys / f"{role}.p12"
            key = load(held, read_passphrase(held.with_suffix(".phrase")), at=at)
            sign(source, target, field=field, signer=key, at=at)
            return target

        self.hand = hand

    def signed_avis(self, number: str, role: str = "employeur", changes: Answers = NONE) -> Path:
        return self.sign(self.avis(number, changes), "signature/entreprise", role)

    def complete(self, number: str) -> None:
        """Everything the case asks for before a jury."""
        case = self.case(number)
        certification = self.office.certification_of(case.certification_hash)
        self.drop(self.modalities(number), "modalités.pdf")
        for competence in certification.competences:
            self.drop(self.grid(number, competence.id), f"grille {competence.number}.pdf")
        self.drop(self.signed_avis(number), "avis.pdf")
        for answer in self.work():
            assert answer.outcome == "accepted", answer

    def open_session(self, *numbers: str, fill: Fill = fill, changes: Answers = NONE) -> str:
        answers = people.composition(numbers[0], self.today)
        for line, number in enumerate(numbers, start=1):
            answers[f"agenda/{line}/case"] = number
        filled = self.filled(self.blank("Composition du jury"), {**answers, **changes}, fill=fill)
        answer = self.hand_in(filled)
        assert answer.outcome == "accepted", answer
        return answer.stream.removeprefix("session/")

    def close_agenda(self, reference: str) -> None:
        answers = people.closing(reference, self.today)
        filled = self.filled(self.blank("Demande du bureau"), answers)
        answer = self.hand_in(filled, "clôture.pdf", door="bureau")
        assert answer.outcome == "accepted", answer

    def outline_of_the_sheet(self) -> Outline:
        """The feuille de décisions as it is printed for the session."""
        held = self.session()
        certification = self.office.certification_of(held.certification_hash)
        agenda = examining.candidates(self.office, held)
        scope: Scope = examining.decisions_scope(held, certification, agenda)
        return outline(FORMS["decisions"], scope)

    def sheet(
        self, outcome: str = "obtention", changes: Answers = NONE, *, fill: Fill = fill
    ) -> Path:
        laid_out = self.outline_of_the_sheet()
        issued = self.session().sheet
        assert issued is not None
        answers = {**people.decisions(laid_out, self.today, outcome), **changes}
        return self.filled(self.office.originals.path(issued.sha256), answers, fill=fill)

    def minutes(self) -> Path:
        pv = self.session().pv
        assert pv is not None
        return self.office.originals.path(pv.sha256)

    def signed_minutes(self, copy: Path | None = None, *keys: str) -> Path:
        """The PV signed by those jurors; by default every expected one, the president last."""
        pv = self.session().pv
        assert pv is not None
        copy = copy or self.minutes()
        order = keys or (*(k for k in pv.expected if k != pv.president), pv.president)
        for key in order:
            copy = self.sign(copy, pv.fields[key], ROLES[key])
        return copy

    # The office’s acts

    def act(self, kind: ActKind, number: str, **facts: str) -> DropAnswered:
        """`parchemin act`."""
        request = Request(kind=kind, number=number, by=people.OFFICE, because=BECAUSE, **facts)
        return act_now(self.office, request)

    def ask(
        self, kind: ActKind, number: str, *, door: str = "bureau", **target: str
    ) -> DropAnswered:
        """The same act, written on a « Demande du bureau » and dropped."""
        self.count += 1
        return self.hand_in(
            self.request(kind, number, **target), f"demande {self.count}.pdf", door=door
        )

    def request(self, kind: ActKind, number: str, **target: str) -> Path:
        answers = {
            "kind": kind.value,
            "target/number": number,
            "author/by": people.OFFICE,
            "author/day": people.fr(self.today),
            "author/because": BECAUSE,
            **{f"target/{name}": value for name, value in target.items()},
        }
        return self.filled(self.blank("Demande du bureau"), answers)


ROLES = {"m1": "president", "m2": "jury-1", "m3": "jury-2", "m4": "jury-3"}
BECAUSE = "Vu avec la personne, au téléphone."


def also_trust(settings: Path, authority: Path) -> None:
    """Add an authority to those the office believes."""
    rewrite(settings, lambda text: re.sub(r"autorites = \[", f'autorites = ["{authority}", ', text))


def rewrite(file: Path, edit: Callable[[str], str]) -> None:
    text = file.read_text(encoding="utf-8")
    if (edited := edit(text)) != text:
        file.write_text(edited, encoding="utf-8")
