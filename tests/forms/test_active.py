"""What acts in a foreign PDF is named wherever it hangs, and nothing of it is left in a copy."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from casefiles.answers.vocabulary import Form
from forms import active
from forms.adopted import prefilled
from forms.read import read
from forms.render import flat, make
from tests.engines import rewriters
from tests.forms import odd, samples
from tests.forms.samples import Toy

Change = Callable[[Pdf], None]

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert('EXEMPLE')"))
LAUNCH = Dictionary(S=Name.Launch, F=String("calc.exe"))
AWAY = Dictionary(S=Name.URI, URI=String("http://exemple.invalid"))


def annotation(pdf: Pdf, **told: object) -> None:
    box = Array([10, 10, 20, 20])
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=box, **told)))


def external(pdf: Pdf) -> None:
    stream = pdf.make_stream(b"")
    stream.F = String("/etc/passwd")
    pdf.pages[0].obj.Resources.XObject = Dictionary(X0=stream)


def elsewhere(pdf: Pdf) -> None:
    drawn = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
    drawn.Ref = Dictionary(F=String("autre.pdf"), Page=0)
    pdf.pages[0].obj.Resources.XObject = Dictionary(X0=drawn)


def bookmark(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Sommaire", 0))
    pdf.Root.Outlines.First.A = LAUNCH


def on_the_parent_of_a_field(pdf: Pdf) -> None:
    widget = odd.widget(pdf, "person/name")
    parent = pdf.make_indirect(Dictionary(T=widget.T, FT=Name.Tx, Kids=Array([widget])))
    parent.AA = Dictionary(K=SCRIPT)
    del widget["/T"]
    widget.Parent = parent
    fields = pdf.Root.AcroForm.Fields
    pdf.Root.AcroForm.Fields = Array(
        [one for one in fields.as_list() if one.objgen != widget.objgen] + [parent]
    )


KINDS: dict[str, tuple[Change, str]] = {
    "opened": (lambda pdf: pdf.Root.__setattr__("OpenAction", SCRIPT), "JavaScript"),
    "named script": (
        lambda pdf: pdf.Root.__setattr__(
            "Names", Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT])))
        ),
        "JavaScript",
    ),
    "document closed": (
        lambda pdf: pdf.Root.__setattr__("AA", Dictionary(WC=SCRIPT)),
        "JavaScript",
    ),
    "page": (lambda p: p.pages[0].obj.__setattr__("AA", Dictionary(O=LAUNCH)), "programme"),
    "field": (
        lambda pdf: odd.widget(pdf, "person/name").__setattr__("AA", Dictionary(K=SCRIPT)),
        "JavaScript",
    ),
    "parent of a field": (on_the_parent_of_a_field, "JavaScript"),
    "after another action": (
        lambda pdf: annotation(
            pdf,
            Subtype=Name.Link,
            A=Dictionary(S=Name.GoTo, D=Array([0]), Next=Array([SCRIPT])),
        ),
        "JavaScript",
    ),
    "bookmark": (bookmark, "programme"),
    "link": (lambda pdf: annotation(pdf, Subtype=Name.Link, A=AWAY), "adresse"),
    "submit": (
        lambda pdf: odd.widget(pdf, "person/name").__setattr__(
            "A", Dictionary(S=Name.SubmitForm, F=String("http://exemple.invalid"))
        ),
        "envoi",
    ),
    "import": (
        lambda pdf: pdf.Root.__setattr__(
            "OpenAction", Dictionary(S=Name.ImportData, F=String("donnees.fdf"))
        ),
        "importation",
    ),
    "another file": (
        lambda pdf: annotation(
            pdf, Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F=String("autre.pdf"))
        ),
        "autre fichier",
    ),
    "a file inside": (
        lambda pdf: annotation(
            pdf, Subtype=Name.Link, A=Dictionary(S=Name.GoToE, F=String("dedans.pdf"))
        ),
        "fichier joint",
    ),
    "attachment": (
        lambda pdf: pdf.attachments.__setitem__("piege.exe", b"MZ"),
        "fichiers joints",
    ),
    "pinned attachment": (
        lambda pdf: annotation(
            pdf,
            Subtype=Name.FileAttachment,
            FS=Dictionary(F=String("piege.exe"), EF=Dictionary(F=pdf.make_stream(b"MZ"))),
        ),
        "fichiers joints",
    ),
    "portfolio": (
        lambda pdf: pdf.Root.__setattr__("Collection", Dictionary(View=Name.T)),
        "fichiers joints",
    ),
    "film": (lambda pdf: annotation(pdf, Subtype=Name.RichMedia), "vidéo"),
    "external content": (external, "un autre fichier"),
    "reference": (elsewhere, "un autre fichier"),
    "XFA": (lambda pdf: pdf.Root.AcroForm.__setattr__("XFA", pdf.make_stream(b"<a/>")), "XFA"),
}
WAYS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "objects packed": lambda data: rewriters.qpdf(data, "--object-streams=generate"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_acts_is_named_and_the_answers_are_read(kind: str, way: str) -> None:
    change, words = KINDS[kind]
    found = read(WAYS[way](odd.changed(odd.form(**{"person/name": "Zoé"}), change)))
    told = [line for line in found.warnings if "rien n’en est exécuté" in line]
    assert any(words in line for line in told), told
    assert found.values["person/name"] == "Zoé"


def test_a_name_written_otherwise_is_the_same_name() -> None:
    data = odd.changed(odd.form(), lambda pdf: pdf.Root.__setattr__("OpenAction", SCRIPT))
    hidden = data.replace(b"/JavaScript", b"/Jav#61Script").replace(b"/JS", b"/J#53")
    assert b"/JavaScript" not in hidden
    assert any("JavaScript" in line for line in read(hidden).warnings)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_acts_is_left_in_a_copy(kind: str) -> None:
    data = odd.changed(odd.form(), KINDS[kind][0])
    copy = prefilled(data, {"person/name": "Zoé"}, imprint=samples.imprint(Toy))
    with pikepdf.open(BytesIO(copy)) as pdf:
        assert active.named(pdf, b"/ObjStm") == ()
        assert len(pdf.pages) == 3
    for word in (b"exemple.invalid", b"calc.exe", b"piege.exe", b"/etc/passwd", b"app.alert"):
        assert word not in copy
    assert read(copy).values["person/name"] == "Zoé"


@pytest.mark.parametrize("form", samples.every_form(), ids=lambda form: form.NAME)
def test_a_form_of_ours_and_its_reading_copy_hold_nothing_that_acts(form: type[Form]) -> None:
    scope = samples.scopes(form, samples.cqpm())[0]
    answers = samples.answers(form, scope, "Voir http://exemple.invalid")
    print_ = samples.imprint(form)
    for data in (
        make(form, scope, imprint=print_, key=samples.KEY),
        flat(form, scope, answers, imprint=print_, key=samples.KEY),
    ):
        with pikepdf.open(BytesIO(data)) as pdf:
            assert active.named(pdf, data) == active.named(pdf, b"/ObjStm") == ()
