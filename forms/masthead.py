"""The head of a form and what its pages repeat: title, certification, case, print, page number.

It says whose form it is and which print; the code beside it says the same to a scanner.
"""

from dataclasses import dataclass

from casefiles.answers.imprint import Imprint
from casefiles.answers.vocabulary import Form, Scope
from forms.code import mark_page
from forms.flow import Flow
from forms.sheet import Sheet
from forms.style import (
    CODE_SIZE,
    CODE_TOP,
    DARK,
    HEAD,
    LEAD,
    MM,
    QUIET,
    RUNNING,
    SERIF_LINE,
    SMALL,
    STRONG,
    SUBTITLE,
    THICK,
    TITLE,
    TextStyle,
)
from forms.typography import wrap

PROVISIONAL = (
    "Référentiel provisoire, à remplacer par celui de la branche : ce document est un spécimen."
)


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """What heads a form. `subject` is what it is about: a compétence, blocs, a session."""

    title: str
    certification: str
    subject: str
    case_line: str
    provisional: bool
    intro: str
    filler: str
    foot: str


def masthead(
    form: type[Form], scope: Scope, imprint: Imprint, case_line: str, provisional: bool
) -> Masthead:
    """The head of that form for that scope."""
    certification = scope.certification
    print_ = f"{form.CODE} version {form.VERSION} · tirage {imprint.serial}"
    return Masthead(
        title=form.TITLE,
        certification=certification.name,
        subject=_subject(scope),
        case_line=case_line,
        provisional=provisional or certification.provisional,
        intro=scope.said(form.INTRO),
        filler=form.FILLER,
        foot=f"{print_} · référentiel {certification.code} version {certification.version}",
    )


def _subject(scope: Scope) -> str:
    certification = scope.certification
    if scope.competence:
        one = certification.competence(scope.competence)
        return f"{certification.unit.capitalize()} {one.number} — {one.title}"
    if scope.blocs:
        return " ; ".join(certification.bloc(b).title for b in scope.blocs)
    return ""


def draw_masthead(flow: Flow, head: Masthead, *, legend: bool) -> None:
    """The head of the first page of a form, beside the page's code."""
    wide = flow.frame.beside_code
    first_page = flow.sheet.page
    flow.y = flow.frame.first_top
    flow.paragraph(head.certification, SERIF_LINE, width=wide(SERIF_LINE), after=1.2 * MM)
    flow.paragraph(head.title, TITLE, role="H1", width=wide(TITLE), after=0.8 * MM)
    flow.paragraph(head.subject, SUBTITLE, width=wide(SUBTITLE), after=1.0 * MM)
    flow.paragraph(head.case_line, STRONG, width=wide(STRONG))
    if flow.sheet.page == first_page:
        flow.y = max(flow.y + 1.5 * MM, CODE_TOP + CODE_SIZE + QUIET)
    flow.rule(weight=THICK, grey=DARK, after=2.2 * MM)
    if head.provisional:
        flow.paragraph(PROVISIONAL, STRONG, after=1.2 * MM)
    flow.paragraph(head.intro, LEAD, after=0.8 * MM)
    if legend:
        words = f"À remplir par {head.filler}. L’astérisque * marque une réponse attendue."
        flow.paragraph(words, SMALL)


def draw_repeated(sheet: Sheet, head: Masthead, page: int, pages: int, first: bool) -> None:
    """The running head (not on a first page) and foot of a page: artifacts."""
    frame = sheet.frame
    if not first:
        y = frame.first_top
        for words in (head.title, head.certification, head.subject, head.case_line):
            style, most = (HEAD, 1) if words is head.title else (RUNNING, 2)
            if lines := _cut_short(words, style, frame.beside_code(style), most):
                sheet.lines(frame.left, y, lines, style)
                y += len(lines) * style.leading
    foot = frame.bottom + 4 * MM
    sheet.text(frame.left, foot, head.foot, RUNNING)
    sheet.text(frame.right, foot, f"page {page} sur {pages}", RUNNING, align="right")


def _cut_short(words: str, style: TextStyle, wide: float, most: int) -> tuple[str, ...]:
    """The words in at most so many lines: the first page says them whole."""
    lines = wrap(words, style, wide) if words else ()
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    return (*lines[: most - 1], f"{last.rpartition(' ')[0] or last[:-2]}…")


def draw_code_of(sheet: Sheet, imprint: Imprint, key: bytes, page: int) -> None:
    """The code of that page of the print, and the corner marks."""
    mark_page(sheet, imprint.on_page(page).signed(key).code())
