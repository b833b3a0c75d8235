"""One office the stories are played in, its watcher, and the hands that fill, sign and drop.

Whatever happens goes through the folder: a hand drops a file and waits for what the watcher makes
of it, as a person would.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from casefiles.casefile import CaseFile
from casefiles.errors import ParcheminError
from casefiles.session import Session
from watch.commands.demo.calendar import calendar_of
from watch.commands.rehearsal.people import NONE, NOTHING, Changes, People
from watch.office import now, open_office
from watch.share.founding import create
from watch.share.workspace import TO_FILL, Workspace, locate

PATIENCE = 120.0
SETTLING = "0.3"


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """An office a story happens in: its `name` is its folder’s, and each is its own.

    offers: codes of certifications. begins: year, month and day, for an office of other years.
    supposed: by code, what the story supposes of a certification where its source is silent: words
    of its file, and those that take their place.
    """

    name: str
    offers: tuple[str, ...]
    begins: tuple[int, int, int] | None = None
    supposed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Stage:
    """The office of that setting, made under `root`."""

    def __init__(self, root: Path, setting: Setting) -> None:
        desk = root / "Chez les autres" / setting.name
        desk.mkdir(parents=True)
        self.space: Workspace = locate(root / setting.name)
        self.calendar = calendar_of(self.space) if setting.begins else None
        if self.calendar is not None and setting.begins:
            self.space.private.mkdir(parents=True)
            self.calendar.pass_to(*setting.begins)
        clock = self.calendar or now
        create(self.space, demo_keys=True, at=clock())
        self._settle(setting.offers, setting.supposed)
        self.office = open_office(self.space, clock=clock)
        self.people = People(self.office, desk)
        self.told: list[str] = []
        self._dropped = 0

    def _settle(self, offers: tuple[str, ...], supposed: Mapping[str, Mapping[str, str]]) -> None:
        """The settings of this office, and its own certifications."""
        file = self.space.settings_file
        text = file.read_text(encoding="utf-8")
        listed = ", ".join(f'"{code}"' for code in offers)
        text = re.sub(r"(?m)^repos = .*$", f"repos = {SETTLING}", text)
        text = re.sub(r"(?m)^certifications = .*$", f"certifications = [{listed}]", text)
        if supposed:
            text = re.sub(r"(?m)^# (dossier_certifications = )", r"\1", text)
        file.write_text(text, encoding="utf-8")
        own = self.space.private / "certifications"
        for code, changes in supposed.items():
            own.mkdir(exist_ok=True)
            shipped = files("templates") / "certifications" / f"{code}.yaml"
            words = shipped.read_text(encoding="utf-8")
            for before, after in changes.items():
                words = words.replace(before, after)
            (own / f"{code}.yaml").write_text(words, encoding="utf-8")

    @contextmanager
    def watcher(self) -> Iterator[None]:
        """The daemon, a process of its own, as `parchemin watch` starts it."""
        module = (
            ["watch.cli", "watch"] if self.calendar is None else ["watch.commands.demo.watching"]
        )
        command = [sys.executable, "-m", *module, str(self.space.share)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)

    def pass_to(self, year: int, month: int, day: int) -> None:
        """Time goes by in this office."""
        if self.calendar is None:
            raise ValueError("this office lives in the present")
        self.calendar.pass_to(year, month, day)

    def say(self, words: str) -> None:
        """Something to be told under the scene being played."""
        self.told.append(words)

    # What is dropped, and what comes of it

    def drop(self, source: Path, name: str, folder: Path | None = None) -> None:
        """Put a copy at the door, whole at once."""
        door = folder or self.space.drop_here
        self._dropped += 1
        arriving = door / f".{self._dropped}.part"
        shutil.copyfile(source, arriving)
        arriving.rename(door / name)

    def refused(self, source: Path, name: str) -> str:
        """Drop a file that must come back; what its POURQUOI says, told under the scene."""
        before = set(self.space.to_correct.iterdir())
        self.drop(source, name)

        def why() -> Path | None:
            new = set(self.space.to_correct.iterdir()) - before
            return next((note for note in new if note.name.endswith("POURQUOI.txt")), None)

        note: Path = self.until(why, f"le refus de « {name} »")
        reason = note.read_text(encoding="utf-8-sig").partition("POURQUOI\n")[2]
        reason = reason.partition("\n\nEmpreinte")[0].replace("\n\nQUE FAIRE\n", "\n→ ")
        self.say(reason)
        return reason

    def enrol(self, name: str, about: str = "", changes: Changes = NONE) -> str:
        """F1 dropped → the number of the case, once its forms are there."""
        self.ask(about)
        known = set(self._numbers())
        self.drop(self.people.inscription(changes), name)
        number: str = self.until(lambda: next(iter(set(self._numbers()) - known), ""), "le dossier")
        self.until(lambda: self.case(number).issued, "les formulaires du dossier")
        return number

    def ask(self, about: str) -> None:
        """From now on the blank forms are those of the certification of that title."""
        self.people.about = about
        blank = self.people.blank
        self.until(lambda: blank("Dossier d’inscription"), "les formulaires vierges")

    def received(self, number: str, count: int) -> None:
        """Wait until the case holds so many documents more than its inscription."""
        self.until(lambda: len(self.case(number).documents) > count, "les documents du dossier")

    def summed_up(self, number: str) -> None:
        """Wait until the case has its récapitulatif, and only a jury to find."""
        self.until(lambda: self.case(number).product("recapitulatif"), "le récapitulatif")

    def walk(self, number: str, changes: Mapping[str, Changes] = NOTHING) -> None:
        """Fill, sign and drop whatever the case asks for now; wait until it asks for more.

        `changes` by form, or by compétence for its grid.
        """
        asked = {(step.form, step.part) for step in self.people.steps(number) if step.form}
        for form, part in sorted(asked):
            told = changes.get(part or form, NONE)
            self.drop(self.people.paper(number, form, part, told), f"{form} {part}.pdf")

        def answered() -> bool:
            steps = self.people.steps(number)
            ours = any(step.ours for step in steps)
            return not ours and not asked & {(step.form, step.part) for step in steps}

        self.until(answered, "la suite du dossier")

    def join(self, number: str, content: bytes, name: str) -> None:
        """A file of the candidate’s own, saved in their folder; the récapitulatif then follows."""
        (folder,) = self.space.cases.glob(f"{number} *")
        arriving = folder / TO_FILL / f".{name}.part"
        arriving.write_bytes(content)
        arriving.rename(folder / TO_FILL / name)

        def joined() -> bool:
            case = self.case(number)
            return bool(case.proofs) and case.product("recapitulatif", case.basis) is not None

        self.until(joined, f"« {name} » au dossier de preuves")

    # The jury

    def convene(self, number: str, changes: Changes = NONE) -> str:
        """The composition dropped, the agenda drafted: the reference of the session."""
        self.drop(self.people.composition(number, changes), "jury.pdf")
        self.until(lambda: self.case(number).session, "la session")
        reference = str(self.case(number).session)
        self.until(lambda: self.session(reference).product("ordre-du-jour"), "l’ordre du jour")
        return reference

    def close(self, reference: str) -> None:
        """The office’s act, from Bureau: the pieces are sealed."""
        self.drop(self.people.closing(reference), "clôture.pdf", self.space.office)
        self.until(lambda: self.session(reference).sheet, "la feuille de décisions")

    def decide(self, reference: str, outcome: str = "obtention", changes: Changes = NONE) -> None:
        """The sheet makes the PV."""
        self.drop(self.people.sheet(reference, outcome, changes), "decisions du jury.pdf")
        self.until(lambda: self.session(reference).pv, "le procès-verbal")

    def sign(self, reference: str, number: str) -> None:
        """Members, then the president: the case is decided."""
        self.drop(self.people.signed_minutes(reference), "PV signé.pdf")
        self.until(lambda: self.case(number).decision, "la décision")

    def finished(self, number: str, *products: str) -> None:
        """Wait for those files among the case’s « Produits », then for the board to show them."""
        patterns = [f"*/{number}*/Produits/{words}*.pdf" for words in products]
        self.until(lambda: all(self.found(one) for one in patterns), " et ".join(products))
        self.until(lambda: not self.office.journal.unpublished(), "le tableau")

    # What is there

    def case(self, number: str) -> CaseFile:
        """The case as it stands."""
        return self.people.case(number)

    def session(self, reference: str) -> Session:
        """The session as it stands."""
        return self.people.session(reference)

    def found(self, pattern: str) -> list[Path]:
        """The files of the share a pattern names."""
        return sorted(self.space.share.glob(pattern))

    def until(self, ready: Callable[[], Any], words: str) -> Any:
        """What `ready` gives once it gives something; ParcheminError when it never does."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := ready():
                return found
            time.sleep(0.05)
        raise ParcheminError(
            f"On attendait {words}, en vain, pendant {PATIENCE:.0f} secondes.",
            "Regardez « 3 À corriger » et les accusés de réception de la démonstration.",
        )

    def _numbers(self) -> list[str]:
        return [str(held["number"]) for _, _, held in self.office.journal.summaries("dossier")]
