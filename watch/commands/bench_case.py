"""One whole case for `parchemin bench`: the office’s CPU, its sandbox children included.

What the other people spend filling and signing is not counted: it happens between the measures.
"""

import time
from contextlib import nullcontext
from pathlib import Path

from casefiles.errors import ParcheminError
from watch.commands.rehearsal.people import People
from watch.doors import claims, inbox
from watch.office import now, open_office
from watch.reception import intake
from watch.reception.acting import follow
from watch.share import blanks, board
from watch.share.founding import create
from watch.share.workspace import locate


class Whole:
    """A space in which one case after the other goes from drop to parchemin."""

    def __init__(self, folder: Path) -> None:
        desk = folder / "bureau"
        desk.mkdir()
        self.space = locate(folder / "Partage")
        create(self.space, demo_keys=True, at=now())
        # Le temps de LibreOffice est le sien : les lettres restent ici au format Word.
        settings = self.space.settings_file
        told = settings.read_text(encoding="utf-8")
        settings.write_text(told.replace('format = "pdf"', 'format = "docx"'), encoding="utf-8")
        self.office = open_office(self.space)
        blanks.show(self.office)
        self.people = People(self.office, desk)
        self.spent = 0.0
        self.cases = 0

    def play_unfenced(self) -> float:
        """The same with no stream taken before it is worked on, as when one process is alone."""
        setattr(self.office, "working_on", lambda stream: nullcontext())  # noqa: B010 — one’s own
        try:
            return self.play()
        finally:
            delattr(self.office, "working_on")

    def play(self) -> float:
        """The CPU milliseconds of one case."""
        people, self.spent = self.people, 0.0
        self.cases += 1
        people.newcomer = self.cases
        self._hand_in(people.inscription())
        number = str(self.office.journal.summaries("dossier")[-1][2]["number"])
        self._hand_in(people.modalities(number), *people.grids(number), people.avis(number))
        self._hand_in(people.composition(number))
        reference = str(self.office.journal.summaries("session")[-1][2]["reference"])
        self._hand_in(people.closing(reference), door=self.space.office)
        self._hand_in(people.sheet(reference))
        self._hand_in(people.signed_minutes(reference))
        if people.case(number).product("parchemin") is None:
            raise ParcheminError("La mesure n’est pas allée jusqu’au parchemin.")
        return 1000 * self.spent

    def _hand_in(self, *files: Path, door: Path | None = None) -> None:
        """Drop these files and take them in; only the office’s work is counted."""
        folder = door or self.space.drop_here
        for count, file in enumerate(files):
            (folder / f"{count}.pdf").write_bytes(file.read_bytes())
        began = time.process_time() + self.office.sandbox.spent
        for seen in inbox.scan(self.space, ("inbox", "bureau")):
            claim = claims.claim(self.space, seen, now())
            if claim is not None:
                follow(self.office, intake.take(self.office, claim))
        board.show(self.office)
        self.spent += time.process_time() + self.office.sandbox.spent - began
