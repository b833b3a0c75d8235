"""Returns whose truth is known: prints of ours, filled on screen or by pen, and what they say.

The truth of a field is the set of values that may be read there; anything else taken is wrong.
"""

import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from casefiles.answers import OfficeAct
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import Kind, Question, outline
from casefiles.answers.vocabulary import Form, Scope
from forms.render import make
from forms.returns.geometry import Layout, PrintedField, layout_of
from forms.returns.outcome import Returned, ValueRead
from tests.engines.poppler import Poppler
from tests.forms import samples
from tests.returns.paper import PENCIL, Gray, Pen

FORMS: tuple[type[Form], ...] = tuple(f for f in samples.every_form() if f.NAME != OfficeAct.NAME)
"""Every form an outsider or a jury may send back on paper: the office fills its own on screen."""
KNOWN = {"header/candidate": "Zoé EXEMPLE-GONÇALVES", "header/company": "Société d’Essai & Fils"}

Answers = dict[str, str | bool]
Truth = dict[str, frozenset[str | bool]]
"""By field name, the values that may be taken; none at all when it must be asked back."""

TEXTS = (
    "Zoé EXEMPLE-GONÇALVES",
    "Łukasz Nguyễn",
    "D’Œuvre-L’Haÿ",
    "5 €",
    "(02) \\ 50 %",
    "12 rue des Essais",
    "69003 Lyon Cedex 03",
    "Réglage, contrôle, maintenance",
    "oui – « à vérifier »",
    "a.b-c@exemple.test",
    "0 472 000 000",
)
LONGER = (
    "Le candidat a préparé l’intervention, consigné la machine, puis remis en service après essai.",
    "Diagnostic d’une panne électrique sur une ligne de conditionnement ; remplacement du capteur.",
    "Vu à deux reprises.\nLe second essai était bon.",
)


@cache
def scope_of(form: type[Form]) -> Scope:
    return samples.scopes(form, samples.cqpm())[0]


def imprint_of(form: type[Form], serial: str = "7Q2MRTX4KJ9A") -> Imprint:
    return Imprint(
        serial=serial,
        form=form.NAME,
        version=1,
        case="2026-0042",
        part=scope_of(form).competence,
        certification="cqpm-tmp",
    )


def print_of(
    form: type[Form], values: Mapping[str, str | bool] | None = None, serial: str = "7Q2MRTX4KJ9A"
) -> bytes:
    """A print; with `values`, the same one filled, drawn by our own renderer."""
    return make(
        form,
        scope_of(form),
        imprint=imprint_of(form, serial),
        key=samples.KEY,
        values={**KNOWN, **(values or {})},
    )


def filled_on_screen(form: type[Form], answers: Mapping[str, str | bool]) -> bytes:
    """The print that was issued, filled where it stands.

    Our renderer gives long answers taller rows, which is another print: poppler fills those, as a
    viewer does, in the boxes that were issued.
    """
    drawn = print_of(form, answers)
    if [one.spots for one in layout_of(drawn).fields] == [one.spots for one in layout(form).fields]:
        return drawn
    return Poppler().fill(print_of(form), dict(answers))


@cache
def layout(form: type[Form]) -> Layout:
    return layout_of(print_of(form))


def layouts(form: type[Form]) -> dict[str, Layout]:
    return {layout(form).imprint.serial: layout(form)}


def random_answers(form: type[Form], rng: np.random.Generator) -> Answers:
    """An answer, or none, to every question that is asked."""
    found: Answers = {}
    for question in outline(form, scope_of(form)).questions():
        if not question.given and rng.random() < 0.85:
            answer = _answer(question, rng)
            if answer:
                found[question.name] = answer
    return found


def _answer(question: Question, rng: np.random.Generator) -> str | bool:
    if question.kind is Kind.TICK:
        return True
    if question.kind is Kind.ONE_OF:
        return str(rng.choice([option.value for option in question.options]))
    if question.kind is Kind.DATE:
        return f"{rng.integers(1, 29):02d}/{rng.integers(1, 13):02d}/{rng.integers(1960, 2026)}"
    if question.lines > 1:
        return str(rng.choice(LONGER))
    if question.capacity and question.capacity < 25:
        return str(rng.integers(1, 10 ** min(question.capacity, 9)))
    return str(rng.choice(TEXTS))


def truth_of(form: type[Form], answers: Answers) -> Truth:
    """What may be read of these answers."""
    found: Truth = {}
    for question in outline(form, scope_of(form)).questions():
        empty: str | bool = False if question.kind is Kind.TICK else ""
        value = KNOWN.get(question.name) or answers.get(question.name, empty)
        found[question.name] = frozenset((value,))
    return found


# Filled by pen

GOOD_MARKS = ("cross", "check", "slash", "blacken", "dot")


def filled_by_pen(
    form: type[Form], pages: list[Gray], rng: np.random.Generator, *, odd: float = 0.0
) -> Truth:
    """Write on the pages; `odd`: how often a row is ticked in a way nobody could be sure of."""
    truth: Truth = {}
    for field in layout(form).fields:
        page = pages[field.spots[0].page - 1]
        pen = Pen(page, rng, width_mm=float(rng.uniform(0.35, 0.7)))
        if field.kind == "text":
            if field.given:
                truth[field.name] = frozenset((field.printed,))
            elif rng.random() < 0.6:
                pen.write(field.spots[0].box, float(rng.uniform(0.15, 0.8)))
                truth[field.name] = frozenset()
            else:
                truth[field.name] = frozenset(("",))
        elif field.kind in ("one_of", "tick"):
            truth[field.name] = (
                _oddly(field, pen, rng) if rng.random() < odd else _plainly(field, pen, rng)
            )
    return truth


def _plainly(field: PrintedField, pen: Pen, rng: np.random.Generator) -> frozenset[str | bool]:
    spot = field.spots[rng.integers(len(field.spots))]
    if rng.random() < 0.15:
        return frozenset(("" if field.kind == "one_of" else False,))
    getattr(pen, str(rng.choice(GOOD_MARKS)))(spot.box)
    return frozenset((spot.option if field.kind == "one_of" else True,))


def _oddly(field: PrintedField, pen: Pen, rng: np.random.Generator) -> frozenset[str | bool]:
    """A row that must be asked back, or may at most be read one way."""
    first, second = rng.permutation(len(field.spots))[:2] if len(field.spots) > 1 else (0, 0)
    box = field.spots[first].box
    option: str | bool = field.spots[first].option if field.kind == "one_of" else True
    kinds = ["struck", "lined", "circled", "pencil", "speck", "beside"]
    kinds += ["two", "moved"] if len(field.spots) > 1 else []
    kind = str(rng.choice(kinds))
    if kind == "struck":
        pen.cross(box)
        pen.strike_out(box)
    elif kind == "lined":
        pen.cross(box)
        pen.line_through(box)
    elif kind == "circled":
        pen.encircle(box)
        return frozenset((option,))
    elif kind == "pencil":
        Pen(pen.page, rng, PENCIL, 0.4).cross(box)
        return frozenset((option,))
    elif kind == "speck":
        pen.speck(box)
        return frozenset((False if field.kind == "tick" else "",))
    elif kind == "beside":
        pen.cross(type(box)(box.x + 13, box.y + 1, box.width, box.height))
    elif kind == "two":
        pen.cross(box)
        pen.check(field.spots[second].box)
    else:
        pen.cross(box)
        pen.strike_out(box)
        pen.cross(field.spots[second].box)
        return frozenset((field.spots[second].option,))
    return frozenset()


# Printed to PDF by pdfium, and on other paper


def flattened_by_pdfium(pdf: bytes) -> bytes:
    """As Chrome prints: pdfium makes fields part of the page."""
    document = pdfium.PdfDocument(pdf)
    for index in range(len(document)):
        page = document[index]
        pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_PRINT)
        pdfium_c.FPDFPage_GenerateContent(page.raw)
        page.close()
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def through_postscript(pdf: bytes) -> bytes:
    """Through a PostScript driver and back: letters keep their looks and lose their names."""
    with tempfile.TemporaryDirectory(prefix="parchemin-essai-") as folder:
        source, between, target = (str(Path(folder, n)) for n in ("a.pdf", "b.ps", "c.pdf"))
        Path(source).write_bytes(pdf)
        for command in (["pdftops", source, between], ["ps2pdf", between, target]):
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        return Path(target).read_bytes()


def on_other_paper(pdf: bytes, *, wide: float = 612, high: float = 792, turn: int = 0) -> bytes:
    """Fitted to other paper, as « ajuster à la page » does, and perhaps turned."""
    with pikepdf.open(BytesIO(pdf)) as source:
        target = pikepdf.new()
        for page in source.pages:
            new = target.add_blank_page(page_size=(wide, high))
            new.add_overlay(page, pikepdf.Rectangle(6, 6, wide - 6, high - 6))
            if turn:
                new.rotate(turn, relative=False)
        out = BytesIO()
        target.save(out)
        target.close()
        return out.getvalue()


# What was made of it


@dataclass
class Tally:
    """How fields were read: right, asked back (or shown to be typed), wrong and taken silently."""

    right: int = 0
    asked: int = 0
    wrong: int = 0

    @property
    def fields(self) -> int:
        return self.right + self.asked + self.wrong

    def __iadd__(self, other: "Tally") -> "Tally":
        self.right += other.right
        self.asked += other.asked
        self.wrong += other.wrong
        return self

    def __str__(self) -> str:
        return f"{self.fields} champs : {self.right} lus, {self.asked} demandés, {self.wrong} faux"


def tally(
    truth: Truth, returned: Returned, tell: Callable[[str], object] = lambda line: None
) -> Tally:
    """Count every field of the truth; one of a page that was refused counts as asked back."""
    found = Tally()
    values = {name: v for one in returned.prints for name, v in one.values.items()}
    for name, allowed in truth.items():
        read = values.get(name)
        if read is None or read.sure in ("doubtful", "unread"):
            found.asked += 1
        elif _same(read, allowed):
            found.right += 1
        else:
            found.wrong += 1
            tell(f"{name}: {read.value!r} ({read.how}, {read.sure}) instead of {set(allowed)!r}")
    return found


def _same(read: ValueRead, allowed: frozenset[str | bool]) -> bool:
    value = read.value
    if isinstance(value, bool):
        return value in allowed
    words = str(value).split()
    return any(isinstance(one, str) and one.split() == words for one in allowed)
