"""The whole story of one candidate, played once on real files; what could be seen at each chapter.

Nothing of the product fills or signs for the people: pdf.js in Chromium, poppler, pyHanko’s command
line do.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casefiles.events import DropAnswered
from tests.engines.filling import Filler
from tests.stories.space import Space, by, plain
from watch.commands import status
from watch.commands.rehearsal import answers as people


@dataclass(frozen=True)
class Chapter:
    """What stood on the share when everything dropped had been answered."""

    answers: list[DropAnswered]
    to_do: str
    history: str
    board: str
    status: dict[str, Any]
    tree: list[str]


@dataclass
class Story:
    """The office at the end, its chapters by name, and what people handed in by its name."""

    space: Space
    number: str = ""
    reference: str = ""
    chapters: dict[str, Chapter] = field(default_factory=dict)
    handed_in: dict[str, bytes] = field(default_factory=dict)
    before_the_decision: list[Path] = field(default_factory=list)

    def drop(self, source: Path, name: str, door: str = "inbox") -> None:
        self.handed_in[name] = source.read_bytes()
        self.space.drop(source, name, door=door)

    def save_in_place(self, form: str, part: str, source: Path) -> None:
        saved = self.space.save_in_place(self.number, form, part, source)
        self.handed_in[f"{form} {part} sur place"] = saved.read_bytes()

    def chapter(self, name: str) -> None:
        """Let the office work, and look at everything."""
        space = self.space
        answers = space.work()
        self.number = self.number or space.numbers()[-1]
        self.chapters[name] = Chapter(
            answers=answers,
            to_do=space.to_do(self.number),
            history=space.history(self.number),
            board=plain(space.workspace.board),
            status=status.report(space.office),
            tree=space.tree(space.folder(self.number)),
        )


def play(space: Space, pdfjs: Filler, poppler: Filler) -> Story:
    """From a dropped inscription to a signed parchemin."""
    story = Story(space=space)
    in_chromium, in_evince = by(pdfjs), by(poppler)

    story.drop(space.inscription(fill=in_chromium), "scan0001.pdf")
    story.chapter("inscription")
    number = story.number

    # Several at once, under any name, the avis before the modalités.
    avis = space.avis(number, fill=in_chromium)
    story.drop(space.sign(avis, "signature/entreprise", "employeur"), "RE_ TR_ votre avis.PDF.pdf")
    story.drop(space.grid(number, "BDC1.1", fill=in_chromium), "sans titre.pdf")
    story.drop(space.bundle(number, "BDC2", fill=in_evince), "bloc 2 complet (1).pdf")
    story.drop(space.positioning(number, fill=in_evince), "entretien du 3.pdf")
    story.chapter("plusieurs à la fois")

    # In place: one grid left unfinished, then finished.
    unfinished = {"setting/place": "Atelier 2", "evaluator/name": people.EVALUATOR}
    blank = space.issued(number, "grille", "BDC1.2")
    story.save_in_place("grille", "BDC1.2", space.filled(blank, unfinished, fill=in_evince))
    story.chapter("brouillon")
    story.save_in_place("grille", "BDC1.2", space.grid(number, "BDC1.2", fill=in_evince))
    story.save_in_place("grille", "BDC1.3", space.grid(number, "BDC1.3", fill=in_chromium))
    story.chapter("sur place")

    story.drop(space.bundle(number, "BDC3", fill=in_chromium), "grilles bloc 3.pdf")
    story.drop(space.modalities(number, fill=in_evince), "modalites VF2 definitif.pdf")
    story.chapter("complet")

    story.reference = space.open_session(number, fill=in_evince)
    story.chapter("en session")
    space.close_agenda(story.reference)
    story.chapter("clos")
    story.drop(space.sheet(fill=in_chromium), "decisions.pdf")
    story.chapter("procès-verbal")
    pv = space.session().pv
    assert pv is not None
    member = space.signed_minutes(None, "m2")
    story.drop(member, "PV signé Inès.pdf")
    story.chapter("un membre a signé")
    story.before_the_decision = space.everything()

    # The president signs the furthest copy, in the session’s own folder.
    final = space.signed_minutes(member, "m1")
    in_folder = space.folder(story.reference) / pv.path
    in_folder.write_bytes(final.read_bytes())
    story.handed_in["procès-verbal signé"] = final.read_bytes()
    story.chapter("décidé")
    return story
