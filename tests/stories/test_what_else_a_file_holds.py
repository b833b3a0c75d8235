"""What acts in a form that comes back, or hides in it, is named to the office."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from casefiles.answers.office_act import ActKind
from tests.forms import odd
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.long


def armed(pdf: pikepdf.Pdf) -> None:
    """A script on opening, a file inside."""
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('EXEMPLE')"))
    pdf.attachments["piege.exe"] = b"MZ"


def hiding(pdf: pikepdf.Pdf) -> None:
    """A field nobody sees."""
    hidden = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("glissé"), V=String("EXEMPLE"),
        F=2, Rect=Array([20, 20, 90, 40]),
    )  # fmt: skip
    hidden = pdf.make_indirect(hidden)
    pdf.pages[0].obj.Annots.append(hidden)
    pdf.Root.AcroForm.Fields.append(hidden)


def inscription(space: Space) -> tuple[Path, str]:
    return space.inscription(), "inbox"


def twin(space: Space) -> tuple[Path, str]:
    """The same person, already known here: the office decides."""
    return space.inscription({"candidate/email": "autre@exemple.invalid"}), "inbox"


def grid(space: Space) -> tuple[Path, str]:
    return space.grid(space.numbers()[-1], "BDC1.1"), "inbox"


def composition(space: Space) -> tuple[Path, str]:
    answers = people.composition(space.numbers()[-1], space.today)
    return space.filled(space.blank("Composition du jury"), answers), "inbox"


def request(space: Space) -> tuple[Path, str]:
    answers = people.closing(space.session().reference, space.today)
    return space.filled(space.blank("Demande du bureau"), answers), "bureau"


def decisions(space: Space) -> tuple[Path, str]:
    return space.sheet(), "inbox"


FORMS: dict[str, tuple[str, Callable[[Space], tuple[Path, str]], str, str]] = {
    "inscription": ("nouveau", inscription, "waiting", "accepted"),
    "inscription that resembles another": ("inscrit", twin, "waiting", "waiting"),
    "grid": ("inscrit", grid, "waiting", "accepted"),
    "composition": ("complet", composition, "refused", "accepted"),
    "request of the office": ("en session", request, "refused", "accepted"),
    "decisions": ("clos", decisions, "refused", "accepted"),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_would_act_is_named_and_nothing_it_answers_counts_unseen(
    form: str, as_told: AsTold
) -> None:
    stage, make, outcome, _ = FORMS[form]
    space = as_told(stage)
    filled, door = make(space)
    answer = space.hand_in(odd.changed(filled.read_bytes(), armed), "revenu.pdf", door=door)
    assert answer.outcome == outcome, answer.reasons
    told = "\n".join(answer.reasons)
    for words in ("code JavaScript", "fichiers joints", "rien n’en est exécuté"):
        assert words in told, told


@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_field_is_named_on_the_receipt(form: str, as_told: AsTold) -> None:
    stage, make, _, outcome = FORMS[form]
    space = as_told(stage)
    filled, door = make(space)
    answer = space.hand_in(odd.changed(filled.read_bytes(), hiding), "revenu.pdf", door=door)
    assert answer.outcome == outcome, answer.reasons
    told = [one for one in answer.reasons if "est caché" in one]
    assert len(told) == 1, answer.reasons
    assert "glissé" in told[0]


def test_a_refusal_for_wrong_answers_names_it_too(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    wrong = space.grid(number, "BDC1.1", changes={"setting/day": "31/02/2026"})
    answer = space.hand_in(odd.changed(wrong.read_bytes(), hiding), "revenu.pdf")
    assert answer.outcome == "refused"
    told = [one for one in answer.reasons if "est caché" in one]
    assert len(told) == 1, answer.reasons
    assert any("n’existe pas au calendrier" in one for one in answer.reasons)


def test_it_is_in_the_history_of_the_case_the_inscription_opens(as_told: AsTold) -> None:
    space = as_told("nouveau")
    answer = space.hand_in(odd.changed(space.inscription().read_bytes(), hiding), "revenu.pdf")
    assert "est caché" in space.history(answer.stream.removeprefix("dossier/"))


def test_it_still_is_when_the_office_opens_it_despite_a_likeness(as_told: AsTold) -> None:
    space = as_told("inscrit")
    filled, _ = twin(space)
    held = space.hand_in(odd.changed(filled.read_bytes(), armed), "revenu.pdf")
    opened = space.ask(ActKind.HOMONYM, space.numbers()[-1], document=held.document)
    assert opened.outcome == "accepted", (opened.reasons, opened.remedy)
    assert "code JavaScript" in space.history(space.numbers()[-1])


def test_an_answer_one_of_two_readers_alone_sees_in_a_signed_form_is_refused(
    enrolled: tuple[Space, str],
) -> None:
    def besides(pdf: pikepdf.Pdf) -> None:
        hiding(pdf)
        pdf.Root.AcroForm.Fields = Array(pdf.Root.AcroForm.Fields.as_list()[:-1])

    space, number = enrolled
    avis = space.avis(number)
    with pytest.warns(match="not reachable from /AcroForm"):
        avis.write_bytes(odd.changed(avis.read_bytes(), besides))
    signed = space.sign(avis, "signature/entreprise", "employeur")
    told = refused(space, signed, "Deux lectures", "signer de nouveau")
    assert "se lit « EXEMPLE » ou « rien »" in told.replace("\N{NO-BREAK SPACE}", " ")
