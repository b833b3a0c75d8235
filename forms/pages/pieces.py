"""The front matter of the volume *Pièces*: what it holds, candidate by candidate, hash by hash.

The readable copies follow it; every original is embedded beside them by who assembles the volume.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.session import Session
from forms.flow import Cell, Flow, Head
from forms.metadata import About
from forms.pages import parts
from forms.pages.agenda import sitting
from forms.pages.checking import OF_PIECES, checks
from forms.pages.letterhead import PAGE, Letterhead, begin, fitted, moment
from forms.pages.recapitulatif import situation
from forms.pages.wording import birth_words, civil_name, civility, plural, sentence, usage_words
from forms.sheet import Sheet
from forms.style import (
    BODY,
    CELL_STRONG,
    HAIR,
    MM,
    RUNNING,
    SMALL,
    SUBTITLE,
    THICK,
    Face,
    TextStyle,
)

TITLE = "Pièces"
HOLDS = (
    "Chaque pièce est reproduite pour la lecture et jointe à ce volume dans son état d’origine, "
    "octet pour octet ; une preuve dont les pages ne se dessinent pas est seulement jointe. "
    "L’empreinte SHA-256 d’une pièce permet de la vérifier ; la signature qu’elle porte se vérifie "
    "sur l’original joint. Les signets mènent à chaque candidat, puis à chaque pièce."
)
_DIVIDER = TextStyle(face=Face.DISPLAY_STRONG, size=30, leading=34)


@dataclass(frozen=True, kw_only=True)
class PieceEntry:
    """One piece of the volume.

    name: the file’s name as it is joined; mark: what people quote; role: « Grille d’évaluation,
    compétence 3 »; sha256: of the original, hexadecimal; verdict: its signature, in words.
    """

    case: str
    name: str
    mark: str
    role: str
    sha256: str
    verdict: str


def pieces_front(
    session: Session,
    certification: Certification,
    entries: Sequence[PieceEntry],
    letterhead: Letterhead,
    made_on: date,
    version: int = 1,
) -> bytes:
    """Title, candidates and list of the pieces, as a finished PDF."""
    flow = begin(
        letterhead,
        made_on,
        title=TITLE,
        subtitle=f"{sentence(certification.deliberation.name)} — {certification.name}",
        reference=(f"Session {session.reference}", f"Volume des pièces, version {version}"),
    )
    parts.provisional(flow, certification)
    parts.facts(flow, sitting(session))
    parts.notice(flow, f"{plural(len(entries), 'pièce')} jointe{'s' * (len(entries) > 1)}.", HOLDS)
    flow.heading(
        2, "Les candidats" if len(session.names) > 1 else "Le candidat", rule=True, keep=50
    )
    counted = {case: sum(e.case == case for e in entries) for case in session.names}
    flow.table(
        (
            Head(text="Dossier", share=2.2),
            Head(text="Candidat", share=6),
            Head(text="Entreprise", share=5),
            Head(text="Pièces", share=1.4, align="right"),
        ),
        [
            [
                case,
                Cell(text=name, head=True, style=CELL_STRONG),
                session.companies.get(case, ""),
                str(counted[case]),
            ]
            for case, name in session.names.items()
        ],
    )
    flow.heading(2, "Les pièces", rule=True, keep=80)
    for case, name in session.names.items():
        flow.heading(3, f"{case} — {name}", keep=60)
        _listed(flow, [e for e in entries if e.case == case])
    common = [e for e in entries if e.case not in session.names]
    if common:
        flow.heading(3, "Pièces de la session", keep=60)
        _listed(flow, common)
    checks(flow, "Vérifier ce volume sans Parchemin", OF_PIECES)
    return flow.sheet.finish()


def candidate_divider(
    case: CaseFile,
    certification: Certification,
    entries: Sequence[PieceEntry],
    letterhead: Letterhead,
    made_on: date,
    *,
    position: int = 1,
    total: int = 1,
) -> bytes:
    """The title page of one candidate’s pieces: who, for what, and what follows."""
    person = case.candidate
    title = f"{civility(person)} {civil_name(person)}".strip()
    about = About(
        title=f"{title} — {TITLE}",
        subject=f"Dossier {case.number}, {certification.name}",
        author=letterhead.organisation,
        created=moment(made_on),
    )

    def decorate(sheet: Sheet, page: int, pages: int) -> None:
        frame = sheet.frame
        sheet.text(frame.left, 283 * MM, f"Pièces · dossier {case.number}", RUNNING)
        if pages > 1:
            sheet.text(frame.right, 283 * MM, f"Page {page} sur {pages}", RUNNING, align="right")

    flow = Flow(Sheet(about, PAGE, decorate))
    frame = flow.frame
    flow.y = 62 * MM
    flow.paragraph(f"Candidat {position} sur {total} · dossier {case.number}", SMALL)
    flow.sheet.rule(frame.left, flow.y + 2 * MM, frame.width, grey=HAIR)
    flow.sheet.rule(frame.left, flow.y + 2 * MM, frame.span(0, 2)[1], weight=THICK)
    flow.space(6 * MM)
    style = fitted(title, _DIVIDER, frame.width, lines=3, smallest=18)
    flow.paragraph(title, style, role="H1", after=2 * MM)
    known = (usage_words(person), birth_words(person))
    flow.paragraph(sentence(", ".join(filter(None, known))), SUBTITLE, after=9 * MM)
    parts.provisional(flow, certification)
    parts.facts(flow, situation(case, certification))
    flow.heading(2, plural(len(entries), "pièce"), rule=True, keep=60)
    _named(flow, entries)
    return flow.sheet.finish()


def _named(flow: Flow, entries: Sequence[PieceEntry]) -> None:
    """Their hashes and files are told once, at the head of the volume."""
    if not entries:
        flow.paragraph("Aucune pièce.", BODY)
        return
    flow.table(
        (
            Head(text="Repère", share=24),
            Head(text="Pièce", share=60),
            Head(text="Signature", share=68),
        ),
        [[Cell(text=e.mark, head=True, style=CELL_STRONG), e.role, e.verdict] for e in entries],
    )


def _listed(flow: Flow, entries: Sequence[PieceEntry]) -> None:
    if not entries:
        flow.paragraph("Aucune pièce.", BODY)
        return
    flow.table(
        (
            Head(text="Repère", share=23),
            Head(text="Pièce et fichier joint", share=44),
            Head(text="Signature", share=40),
            Head(text="SHA-256 de l’original", share=44),
        ),
        [
            [
                Cell(text=e.mark, head=True, style=CELL_STRONG),
                f"{e.role}\n{e.name}",
                e.verdict,
                Cell(text=f"{e.sha256[:32]}\n{e.sha256[32:]}", style=parts.HASH),
            ]
            for e in entries
        ],
    )
