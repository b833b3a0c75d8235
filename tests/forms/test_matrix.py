"""Every form through every engine: what was typed is read, or is asked back; never a silent loss.

In short, each form has a field of each kind filled with the hardest texts; PARCHEMIN_LONG=entier
takes every field of every form of every certification.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import cycle

import pytest

from casefiles.answers.vocabulary import Form, Scope
from casefiles.errors import UnreadableFile
from forms.read import FieldsRead, read
from forms.render import make
from forms.returns.geometry import Layout, PrintedField, layout_of
from forms.returns.outcome import Returned, ValueRead
from forms.returns.understanding import understand
from templates import catalog
from tests.engines import rewriters
from tests.engines.chromium import PdfJs
from tests.engines.filling import Answer
from tests.engines.pdfium import Pdfium
from tests.engines.poppler import Poppler
from tests.forms import samples
from tests.forms.samples import CASE_LINE, KEY, answers, imprint

pytestmark = pytest.mark.long

WHOLE = os.environ.get("PARCHEMIN_LONG") == "entier"
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
        return f"{self.form.NAME}-{self.scope.certification.code}"


def cases() -> Iterator[Case]:
    for code in CODES:
        for form in samples.every_form():
            yield Case(form, samples.scopes(form, catalog.load(code))[0])


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
    for field in layout(case).fields:
        kind = "long" if field.kind == "text" and field.many else field.kind
        if field.given or field.kind == "signature":
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        if WHOLE or kinds[kind] <= {"text": len(SHORT), "long": 1}.get(kind, 2):
            long = kind == "long" and kinds[kind] == 1
            found[field.name] = LONG if long else _answer(field, texts)
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


def lost(case: Case, found: FieldsRead) -> list[str]:
    """The fields that do not say what was typed, though nothing was said of them."""
    told = typed(case)
    return [
        f"{name}: {found.values.get(name)!r} instead of {told[name]!r}"
        for name in told
        if found.values.get(name) != told[name] and name not in found.doubtful
    ]


def check(case: Case, data: bytes) -> FieldsRead:
    """Nothing is lost, the print is known, and what the office gave is still there."""
    found = read(data)
    assert lost(case, found) == []
    assert found.imprint == imprint(case.form, case.scope.competence).signed(KEY)
    before = read(printed(case)).values
    given = {f.name for f in layout(case).fields if f.given}
    assert {n: found.values[n] for n in given} == {n: before[n] for n in given}
    return found


@every_form
def test_typed_in_a_browser_a_form_is_read_to_the_letter(
    case: Case, in_browser: Callable[[Case], bytes]
) -> None:
    assert check(case, in_browser(case)).doubtful == ()


@every_form
@pytest.mark.parametrize("filler", FILLERS)
def test_filled_elsewhere_a_form_is_read_or_asked_back(case: Case, filler: str) -> None:
    found = check(case, FILLERS[filler](case))
    emoji = {n for n, v in typed(case).items() if "🙂" in str(v)}
    assert set(found.doubtful) <= (emoji if filler.startswith("pdfium") else set())


@every_form
@pytest.mark.parametrize("rewriter", REWRITERS)
def test_saved_again_elsewhere_a_form_is_read_to_the_letter(
    case: Case, rewriter: str, in_browser: Callable[[Case], bytes]
) -> None:
    assert check(case, REWRITERS[rewriter](in_browser(case))).doubtful == ()


def wrong(case: Case, returned: Returned) -> list[str]:
    """The values of a printed return that would be taken and are not what was typed."""
    told, found = typed(case), {n: v for one in returned.prints for n, v in one.values.items()}
    return [
        f"{name}: {found[name].value!r} ({found[name].sure}) instead of {told[name]!r}"
        for name in told
        if name in found
        and found[name].sure in ("certain", "likely")
        and not _alike(found[name], told[name])
    ]


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
    returned = understand(PRINTERS[printer](in_browser(case)), known(case))
    assert wrong(case, returned) == []
    assert set(returned.prints[0].values) >= set(typed(case))


def known(case: Case) -> Mapping[str, Layout]:
    return {layout(case).imprint.serial: layout(case)}


def test_printed_by_libreoffice_every_form_is_read_or_asked_back(
    in_browser: Callable[[Case], bytes],
) -> None:
    for case, data in zip(EVERY, rewriters.libreoffice(*map(in_browser, EVERY)), strict=True):
        with pytest.raises(UnreadableFile):
            read(data)
        returned = understand(data, known(case))
        assert wrong(case, returned) == [], str(case)
        assert returned.prints, str(case)
