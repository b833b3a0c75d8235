"""Every form through every engine: what was typed is read, or is asked back; never a silent loss.

In short, each form has a field of each kind filled with the hardest texts; PARCHEMIN_LONG=entier
takes every field of every form of every certification. With -s it ends with its figures.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle

import pytest

from casefiles.answers.vocabulary import Form, Scope
from casefiles.errors import UnreadableFile
from forms.read import FieldsRead, read
from forms.render import make
from forms.returns.geometry import Layout, PrintedField, layout_of
from forms.returns.outcome import ValueRead
from forms.returns.understanding import understand
from templates import catalog
from tests.engines import rewriters
from tests.engines.chromium import PdfJs
from tests.engines.filling import Answer
from tests.engines.pdfium import Pdfium
from tests.engines.poppler import Poppler
from tests.forms import samples
from tests.forms.samples import CASE_LINE, KEY, answers, imprint
from tests.length import WHOLE

pytestmark = pytest.mark.long

SHORT = ("Łukasz Nguyễn", "D'Œuvre-L’Haÿ", "5 €", r"(02) \ 50 %", "Zoé 🙂 d’EXEMPLE 👩‍🔧")
LONG = (
    "Préparé l’intervention, puis vu « chaque » point : Nguyễn, 5 €, (02) \\ 50 %, 🙂 ; cœur.\n"
    * 30
)[:1999] + "."
CODES = catalog.codes() if WHOLE else ("cqpm-tmp",)

Answers = dict[str, Answer]


@dataclass(frozen=True, eq=False)
class Case:
    """One form for one scope, as the office prints it."""

    form: type[Form]
    scope: Scope

    def __str__(self) -> str:
        words = (self.form.NAME, self.scope.competence or "", self.scope.certification.code)
        return "-".join(filter(None, words))


def cases() -> Iterator[Case]:
    for code in CODES:
        for form in samples.every_form():
            scopes = samples.scopes(form, catalog.load(code))
            yield from (Case(form, scope) for scope in (scopes if WHOLE else scopes[:1]))


@cache
def printed(case: Case) -> bytes:
    given = answers(case.form, case.scope, "MODÈLE Zoé")
    return make(
        case.form,
        case.scope,
        imprint=imprint(case.form, case.scope.competence),
        key=KEY,
        case_line=CASE_LINE,
        values={name: value for name, value in given.items() if name.startswith("header/")},
    )


@cache
def layout(case: Case) -> Layout:
    return layout_of(printed(case))


@cache
def typed(case: Case) -> Answers:
    """What people type: a text of each kind, a long answer, a date, ticks and choices."""
    texts, found, kinds = cycle(SHORT), Answers(), dict[str, int]()
    for one in layout(case).fields:
        kind = "long" if one.kind == "text" and one.many else one.kind
        if one.given or one.kind == "signature":
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        if WHOLE or kinds[kind] <= {"text": len(SHORT), "long": 1}.get(kind, 2):
            long = kind == "long" and kinds[kind] == 1
            found[one.name] = LONG if long else _answer(one, texts)
    return found


def _answer(field: PrintedField, texts: Iterator[str]) -> Answer:
    if field.kind == "tick":
        return True
    if field.kind == "one_of":
        return field.spots[-1].option
    return next(texts)


def states(case: Case) -> dict[str, str]:
    """The same answers, buttons by the name of their state."""
    return {n: "Oui" if v is True else str(v) for n, v in typed(case).items()}


def slashed(case: Case) -> dict[str, str]:
    buttons = {f.name for f in layout(case).fields if f.kind in ("tick", "one_of")}
    return {n: f"/{v}" if n in buttons else v for n, v in states(case).items()}


@pytest.fixture(scope="module")
def in_browser(pdfjs: PdfJs) -> Callable[[Case], bytes]:
    """The form filled with pdf.js, once."""

    @cache
    def filled(case: Case) -> bytes:
        return pdfjs.fill(printed(case), typed(case), typed=len(LONG) if WHOLE else 120)

    return filled


FILLERS: dict[str, Callable[[Case], bytes]] = {
    "pdfium": lambda case: Pdfium().fill(printed(case), typed(case)),
    "pdfium, increment": lambda c: Pdfium(incremental=True).fill(printed(c), typed(c)),
    "poppler": lambda case: Poppler().fill(printed(case), typed(case)),
    "pdftk": lambda case: rewriters.pdftk_fill(printed(case), states(case)),
    "pypdf": lambda case: rewriters.pypdf_fill(printed(case), slashed(case)),
    "pypdf, increment": lambda c: rewriters.pypdf_fill(printed(c), slashed(c), incremental=True),
}
REWRITERS: dict[str, Callable[[bytes], bytes]] = {
    "qpdf": lambda pdf: rewriters.qpdf(pdf, "--object-streams=generate", "--linearize"),
    "mutool clean": lambda pdf: rewriters.mutool_clean(pdf, "-gggg"),
}
PRINTERS: dict[str, Callable[[bytes], bytes]] = {
    "Ghostscript": rewriters.ghostscript,
    **({"cairo": rewriters.printed} if WHOLE else {}),
}
EVERY = list(cases())
every_form = pytest.mark.parametrize("case", EVERY, ids=str)


@dataclass
class Told:
    """What became, over one engine’s files, of what was typed."""

    files: int = 0
    became: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        parts = "".join(f" · {self.became[one]:6d} {one}" for one in BECAME)
        return f"{self.files:4d} files · {self.became.total():6d} answers{parts}"


BECAME = ("read", "asked back", "lost")
FIGURES: defaultdict[str, Told] = defaultdict(Told)


@pytest.fixture(scope="module", autouse=True)
def told_at_the_end() -> Iterator[None]:
    yield
    whole = Told()
    for engine, one in FIGURES.items():
        print(f"\n{engine:28s} {one}", end="")
        whole.files += one.files
        whole.became += one.became
    print(f"\n{'':28s} {whole}")


def count(engine: str, became: Mapping[str, str]) -> None:
    """Add one file to the figures: what became of each answer, by the field’s name."""
    FIGURES[engine].files += 1
    FIGURES[engine].became.update(became.values())


def became(case: Case, found: FieldsRead) -> dict[str, str]:
    """What became of each answer typed: read to the letter, asked back, or lost in silence."""
    return {
        name: "asked back"
        if name in found.doubtful
        else "read"
        if found.values.get(name) == told
        else "lost"
        for name, told in typed(case).items()
    }


def check(case: Case, engine: str, data: bytes) -> FieldsRead:
    """Nothing is lost, the print is known, and what the office gave is still there."""
    found = read(data)
    ends = became(case, found)
    count(engine, ends)
    lost = [name for name, end in ends.items() if end == "lost"]
    assert {n: found.values.get(n) for n in lost} == {n: typed(case)[n] for n in lost}
    assert found.imprint == imprint(case.form, case.scope.competence).signed(KEY)
    before = read(printed(case)).values
    given = {f.name for f in layout(case).fields if f.given}
    assert {n: found.values[n] for n in given} == {n: before[n] for n in given}
    return found


@every_form
def test_typed_in_a_browser_a_form_is_read_to_the_letter(
    case: Case, in_browser: Callable[[Case], bytes]
) -> None:
    assert check(case, "pdf.js", in_browser(case)).doubtful == ()


@every_form
@pytest.mark.parametrize("filler", FILLERS)
def test_filled_elsewhere_a_form_is_read_or_asked_back(case: Case, filler: str) -> None:
    found = check(case, filler, FILLERS[filler](case))
    emoji = {n for n, v in typed(case).items() if "🙂" in str(v)}
    assert set(found.doubtful) <= (emoji if filler.startswith("pdfium") else set())


@every_form
@pytest.mark.parametrize("rewriter", REWRITERS)
def test_saved_again_elsewhere_a_form_is_read_to_the_letter(
    case: Case, rewriter: str, in_browser: Callable[[Case], bytes]
) -> None:
    assert check(case, rewriter, REWRITERS[rewriter](in_browser(case))).doubtful == ()


def check_printed(case: Case, printer: str, data: bytes) -> None:
    """Every answer typed is read, to be compared by the office, or asked back; none is wrong."""
    found = understand(data, known(case))
    assert found.reasons == ()
    assert [page for one in found.prints for page in one.pages] == [*range(1, _pages(case) + 1)]
    values = {name: one for each in found.prints for name, one in each.values.items()}
    ends = {name: _printed_became(values.get(name), told) for name, told in typed(case).items()}
    count(printer, ends)
    lost = [name for name, end in ends.items() if end == "lost"]
    assert {n: values.get(n) for n in lost} == {n: typed(case)[n] for n in lost}


def _pages(case: Case) -> int:
    return len(layout(case).pages)


def _printed_became(found: ValueRead | None, told: Answer) -> str:
    if found is None:
        return "lost"
    if found.sure not in ("certain", "likely"):
        return "asked back"
    return "read" if _alike(found, told) else "lost"


def _alike(found: ValueRead, told: Answer) -> bool:
    """Whether a value is what was typed; a sign no font could print may lack, never as certain."""
    if isinstance(told, bool):
        return found.value == told
    shown = "".join("" if one > "\uffff" or one == "\u200d" else one for one in told)
    readings = [told] if found.sure == "certain" else [told, shown]
    return str(found.value).split() in [one.split() for one in readings]


@every_form
@pytest.mark.parametrize("printer", PRINTERS)
def test_printed_to_a_pdf_a_form_is_read_or_asked_back(
    case: Case, printer: str, in_browser: Callable[[Case], bytes]
) -> None:
    check_printed(case, printer, PRINTERS[printer](in_browser(case)))


def known(case: Case) -> Mapping[str, Layout]:
    return {layout(case).imprint.serial: layout(case)}


@pytest.mark.parametrize("code", CODES)
def test_printed_by_libreoffice_every_form_is_read_or_asked_back(
    code: str, in_browser: Callable[[Case], bytes]
) -> None:
    every = [case for case in EVERY if case.scope.certification.code == code]
    for case, data in zip(every, rewriters.libreoffice(*map(in_browser, every)), strict=True):
        with pytest.raises(UnreadableFile):
            read(data)
        check_printed(case, "LibreOffice", data)
