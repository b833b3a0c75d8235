"""The mistakes people make: each answered in French beside the file, and nothing is lost."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from tests.engines import rewriters
from tests.engines.chromium import PdfJs
from tests.pki import OpensslAuthority
from tests.signing.tools import PdfSig
from tests.stories import faulty
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch import demo_answers as people
from watch.office import now


def refused(space: Space, source: Path | bytes, *words: str, name: str = "scan0001.pdf") -> str:
    """Drop it: it comes back with its reason, whole, and nothing else has moved; the reason."""
    before = moved(space)
    answer = space.hand_in(source, name)
    assert answer.outcome == "refused", answer
    assert moved(space) == before
    content = source if isinstance(source, bytes) else source.read_bytes()
    told = beside(space, content, "POURQUOI")
    for word in words:
        assert word in told, (word, told)
    return told


def moved(space: Space) -> dict[str, int]:
    """Every case and session, and how far it has come."""
    positions = space.office.journal.positions()
    return {s: n for s, n in positions.items() if not s.startswith("depot/")}


def beside(space: Space, content: bytes, note: str) -> str:
    """What is written beside the file in « 3 À corriger », which must be the very file."""
    for file in space.workspace.to_correct.iterdir():
        if file.suffix != ".txt" and file.read_bytes() == content:
            text = file.with_name(f"{file.name} - {note}.txt").read_text(encoding="utf-8-sig")
            assert "QUE FAIRE" in text
            assert hashlib.sha256(content).hexdigest() in text
            return text
    raise AssertionError("the file is not in « 3 À corriger »")


def goes_on(space: Space, number: str) -> None:
    """The next file, a good one, is taken as if nothing had happened."""
    assert space.hand_in(space.modalities(number), "suivant.pdf").outcome == "accepted"
    assert not list(space.workspace.drop_here.iterdir())
    space.office.journal.verify()


@pytest.fixture
def enrolled(as_told: AsTold) -> tuple[Space, str]:
    space = as_told("inscrit")
    return space, space.numbers()[-1]


# Files that are nothing of ours


FOREIGN: dict[str, tuple[str, Callable[[Path, Path], bytes], tuple[str, ...]]] = {
    "un document Word": (
        "lettre.docx",
        lambda _, __: faulty.docx(),
        ("n’est pas un PDF", "Word", "enregistrez-le en PDF"),
    ),
    "un fichier vide": ("vide.pdf", lambda _, __: b"", ("vide",)),
    "un PDF chiffré": (
        "secret.pdf",
        lambda form, _: faulty.encrypted(form),
        ("mot de passe", "sans protection"),
    ),
    "un PDF tronqué": (
        "coupé.pdf",
        lambda form, _: faulty.truncated(form, 0.6),
        ("interrompu", "de nouveau"),
    ),
    "un PDF dont il ne manque que la fin": (
        "presque.pdf",
        lambda form, _: faulty.truncated(form, 0.99),
        ("interrompu", "réponse peut y manquer", "enregistrez-le de nouveau"),
    ),
    "une brochure de 200 pages": (
        "vacances.pdf",
        lambda _, __: faulty.brochure(),
        ("aucun champ", "pas un formulaire"),
    ),
    "un formulaire imprimé puis numérisé": (
        "scan.pdf",
        lambda form, scratch: faulty.scanned(form, scratch),
        ("numérisation", "images", "pas encore lus"),
    ),
    "un formulaire imprimé en PDF": (
        "imprimé.pdf",
        lambda form, _: rewriters.printed(form.read_bytes()),
        ("imprimé en PDF", "Enregistrer sous"),
    ),
    "un formulaire qui dit deux choses": (
        "fusion.pdf",
        lambda form, _: faulty.with_two_answers(form, "consent/day"),
        ("plusieurs valeurs", "Le champ", "Accord — Le", "de nouveau"),
    ),
}


@pytest.mark.parametrize("mistake", FOREIGN)
def test_a_file_that_cannot_be_read_comes_back_with_its_reason_and_work_goes_on(
    enrolled: tuple[Space, str], mistake: str, tmp_path: Path
) -> None:
    space, number = enrolled
    name, make, words = FOREIGN[mistake]
    refused(space, make(space.modalities(number), tmp_path / "numérisation"), *words, name=name)
    goes_on(space, number)


def test_a_printed_and_scanned_avis_is_refused_for_that_reason(
    enrolled: tuple[Space, str], tmp_path: Path
) -> None:
    space, number = enrolled
    scan = faulty.scanned(space.signed_avis(number), tmp_path / "numérisation")
    refused(space, scan, "numérisation", "pas encore lus", "à l’écran", name="avis signé.pdf")
    assert "L’avis de l’entreprise, signé." in space.to_do(number)
    goes_on(space, number)


def test_our_own_blank_form_comes_back_untouched(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    refused(space, space.issued(number, "modalites"), "sans rien d’ajouté", "emplissez-le")
    goes_on(space, number)


def test_a_form_saved_without_any_answer_says_so_in_one_sentence(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    empty = space.filled(space.issued(number, "grille", "BDC1.1"), {})
    told = refused(space, empty, "Aucune réponse")
    assert told.count("•") == 1
    goes_on(space, number)


# Answers


def test_another_candidates_grid_saved_in_the_wrong_folder_goes_to_its_own_case_and_says_so(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    other = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    before = space.tree(space.folder(other))
    grid = space.grid(number, "BDC1.1")
    misplaced = space.folder(other) / "À remplir/Grilles/grille de Zoé.pdf"
    misplaced.write_bytes(grid.read_bytes())
    (answer,) = space.work()
    assert (answer.outcome, answer.stream) == ("accepted", f"dossier/{number}")
    assert any("autre dossier" in r and number in r for r in answer.reasons)
    assert space.case(number).standing("grille", "BDC1.1")
    assert not space.case(other).standing("grille")
    assert space.tree(space.folder(other)) == before


def test_another_candidates_grid_saved_over_a_blank_gives_the_blank_back(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    other = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    before = space.tree(space.folder(other))
    space.save_in_place(other, "grille", "BDC1.1", space.grid(number, "BDC1.1"))
    (answer,) = space.work()
    assert answer.stream == f"dossier/{number}"
    space.show(other)
    assert space.tree(space.folder(other)) == before
    (blank,) = [i for i in space.case(other).issued if i.part == "BDC1.1"]
    kept = (space.folder(other) / blank.path).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == blank.sha256


def test_a_form_whose_printed_header_was_changed_is_refused(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    changed = space.grid(number, "BDC1.1", changes={"header/candidate": "EXEMPLE-AUTRE Lou"})
    refused(space, changed, "EXEMPLE-GONÇALVES Zoé", "EXEMPLE-AUTRE Lou", "Candidat")
    goes_on(space, number)


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("evaluator/quality", "", ("Qualité", "attendue")),
        ("setting/day", "31/02/2026", ("Date de l’évaluation", "31/02/2026", "n’existe pas")),
        ("setting/day", "jeudi dernier", ("Date de l’évaluation", "jeudi dernier")),
        ("setting/day", "01/01/2094", ("Date de l’évaluation", "futur")),
        ("evaluator/experience", "beaucoup", ("Années de métier", "nombre")),
        ("conclusion/verdict", "non_acquise", ("motif",)),
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_the_words_of_the_form(
    enrolled: tuple[Space, str], question: str, answer: str, words: tuple[str, ...]
) -> None:
    space, number = enrolled
    grid = space.grid(number, "BDC1.1", changes={question: answer})
    told = refused(space, grid, *words)
    assert question not in told
    assert told.count("•") == 1
    goes_on(space, number)


def test_a_birth_date_in_the_future_opens_no_case(as_told: AsTold) -> None:
    space = as_told("nouveau")
    future = space.inscription({"candidate/birth_date": "07/03/2094"})
    refused(space, future, "Date de naissance", "07/03/2094", "futur")
    assert space.numbers() == []
    space.enrol()
    assert len(space.numbers()) == 1


def test_an_inscription_with_an_empty_field_opens_no_case(as_told: AsTold) -> None:
    space = as_told("nouveau")
    told = refused(space, space.inscription({"candidate/birth_name": ""}), "Nom de naissance")
    assert "candidate/" not in told
    assert space.numbers() == []


# Twice


def test_the_same_file_twice_is_a_duplicate_of_the_first(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    grid = space.grid(number, "BDC1.1")
    first = space.hand_in(grid, "grille.pdf")
    before = moved(space)
    again = space.hand_in(grid, "la même, renommée.pdf")
    assert again.outcome == "duplicate"
    assert first.document in again.reasons[0]
    assert moved(space) == before
    assert not list(space.workspace.to_correct.iterdir())
    goes_on(space, number)


def test_the_same_name_with_other_content_is_another_document(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    one, two = space.grid(number, "BDC1.1"), space.grid(number, "BDC1.2")
    assert space.hand_in(one, "grille.pdf").outcome == "accepted"
    assert space.hand_in(two, "grille.pdf").outcome == "accepted"
    assert {d.part for d in space.case(number).standing("grille")} == {"BDC1.1", "BDC1.2"}


def test_two_refused_files_of_one_name_both_stay_each_with_its_reason(
    enrolled: tuple[Space, str],
) -> None:
    space, _ = enrolled
    one, two = faulty.brochure(1), faulty.brochure(2)
    refused(space, one, "aucun champ", name="doc.pdf")
    refused(space, two, "aucun champ", name="doc.pdf")
    beside(space, one, "POURQUOI")
    assert len(list(space.workspace.to_correct.iterdir())) == 4


def test_two_different_grids_by_one_evaluator_wait_for_the_office(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    first = space.hand_in(space.grid(number, "BDC1.1"), "grille.pdf")
    changes = {"setting/place": "Atelier 3"}
    second = space.hand_in(space.grid(number, "BDC1.1", changes=changes), "grille.pdf")
    assert second.outcome == "waiting"
    assert first.document in second.reasons[0]
    assert people.EVALUATOR in second.reasons[0]
    assert [d.mark for d in space.case(number).standing("grille", "BDC1.1")] == [first.document]
    assert second.document in space.to_do(number)

    done = space.act(ActKind.REPLACE, number, document=second.document)
    assert done.outcome == "accepted", done
    assert [d.mark for d in space.case(number).standing("grille", "BDC1.1")] == [second.document]
    received = [n for n in space.tree(space.folder(number)) if first.document in n]
    assert received
    assert all("remplacé" in n for n in received)
    assert second.document not in space.to_do(number)


def test_two_evaluators_who_differ_are_both_kept_as_a_divergence(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    space.complete(number)
    other = {
        "conclusion/verdict": "non_acquise",
        "conclusion/comment": "La méthode n’est pas tenue jusqu’au bout.",
    }
    second = space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY", other)
    assert space.hand_in(second).outcome == "accepted"
    assert len(space.case(number).standing("grille", "BDC1.1")) == 2
    recap = space.case(number).product("recapitulatif")
    assert recap is not None
    assert recap.facts["favourable"] is False
    assert "divergence" in recap.facts["proposal"]


def test_a_second_inscription_of_the_same_person_waits_and_the_office_may_open_it(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    again = space.inscription({"candidate/email": "autre@exemple.invalid"})
    answer = space.hand_in(again, "inscription bis.pdf")
    assert answer.outcome == "waiting"
    assert number in answer.reasons[0]
    assert space.numbers() == [number]
    told = beside(space, again.read_bytes(), "EN ATTENTE")
    assert answer.document in told

    opened = space.act(ActKind.HOMONYM, number, document=answer.document)
    assert opened.outcome == "accepted", opened
    assert len(space.numbers()) == 2
    second = space.case(space.numbers()[-1])
    assert second.documents[0].sha256 == hashlib.sha256(again.read_bytes()).hexdigest()
    assert not list(space.workspace.to_correct.iterdir())
    assert f"à la demande de {people.OFFICE}" in space.history(second.number)

    once_more = space.act(ActKind.HOMONYM, number, document=answer.document)
    assert once_more.outcome == "refused"
    assert len(space.numbers()) == 2


def test_a_homonym_has_a_case_of_their_own_and_it_is_said(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answer = space.hand_in(space.inscription({"candidate/birth_date": "01/01/1990"}))
    assert answer.outcome == "accepted"
    assert any("Homonyme" in r and number in r for r in answer.reasons)
    assert len(space.numbers()) == 2
    assert "Homonyme" in space.history(space.numbers()[-1])


# The signature of the avis


def test_an_unsigned_avis_is_refused(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    refused(space, space.avis(number), "pas signé", "signe dans le cadre prévu")
    goes_on(space, number)


def test_an_avis_signed_by_an_unknown_certificate_waits_until_the_office_answers_for_it(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answer = space.hand_in(space.signed_avis(number, "inconnu"), "avis.pdf")
    assert answer.outcome == "waiting"
    signer = space.signers["inconnu"].name
    assert any(signer in r and "vérifiez auprès de l’entreprise" in r for r in answer.reasons)
    assert not space.case(number).standing("avis")
    assert answer.document in space.to_do(number)

    done = space.act(ActKind.CONFIRM, number, document=answer.document)
    assert done.outcome == "accepted", done
    assert space.case(number).standing("avis")
    assert "avis" not in space.to_do(number)
    history = space.history(number)
    assert f"{answer.document} confirmé à la demande de {people.OFFICE}" in history


def test_an_avis_signed_by_a_certificate_named_in_the_settings_needs_no_confirmation(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    known = space.signers["inconnu"]
    space.reopen(
        edit=lambda text: text.replace(
            "[signatures]\n",
            f'[[confiance.signataires]]\nnom = "{known.name}"\n'
            f'empreinte = "{known.fingerprint}"\n\n[signatures]\n',
        )
    )
    answer = space.hand_in(space.signed_avis(number, "inconnu"), "avis.pdf")
    assert (answer.outcome, answer.reasons) == ("accepted", ())


def test_an_avis_signed_by_a_trusted_person_who_was_not_expected_waits(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answer = space.hand_in(space.signed_avis(number, "jury-1"), "avis.pdf")
    assert answer.outcome == "waiting"
    assert any(people.MEMBERS[0] in r and people.EMPLOYER in r for r in answer.reasons)


ALTERED: dict[str, Callable[[Path, PdfJs], bytes]] = {
    "une réponse, dans Chromium": lambda avis, pdfjs: pdfjs.fill(
        avis, {"conclusion/comment": "Autre chose"}
    ),
    "les propriétés, par pypdf": lambda avis, _: rewriters.pypdf_updated(avis.read_bytes()),
    "une note collée": lambda avis, _: faulty.annotated(avis.read_bytes()),
    "tout, par qpdf": lambda avis, _: rewriters.qpdf(avis.read_bytes()),
    "tout, par MuPDF": lambda avis, _: rewriters.mutool_clean(avis.read_bytes()),
    "tout, par pdftk": lambda avis, _: rewriters.pdftk(avis.read_bytes()),
}


@pytest.mark.parametrize("alteration", ALTERED)
def test_an_avis_altered_after_its_signature_is_refused(
    as_told: AsTold, alteration: str, pdfjs: PdfJs, signed_avis: Path
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    altered = ALTERED[alteration](signed_avis, pdfjs)
    told = refused(space, altered, "modifié après sa signature", "de nouveau")
    assert "conclusion/" not in told
    assert not space.case(number).standing("avis")
    assert space.hand_in(signed_avis, "avis.pdf").outcome == "accepted"


def test_an_avis_signed_with_popplers_own_tool_is_as_good(
    enrolled: tuple[Space, str], authority_root: Path, tmp_path: Path
) -> None:
    """Evince and Okular sign so; it adds /M and forgets the lock, and nobody may hold that
    against the company."""
    space, number = enrolled
    who = space.signers["employeur, RSA"]
    tool = PdfSig(tmp_path / "nss", authority_root, who)
    signed = tool.sign(space.avis(number), tmp_path / "avis.pdf", "signature/entreprise", who)
    answer = space.hand_in(signed)
    assert answer.outcome == "accepted", answer
    assert space.case(number).standing("avis")[0].proof.signer == people.EMPLOYER


def test_an_avis_signed_with_an_expired_certificate_waits_and_says_so(
    enrolled: tuple[Space, str], authority: OpensslAuthority
) -> None:
    space, number = enrolled
    begins, ends = (now() - timedelta(days=days) for days in (400, 30))
    space.signers["périmé"] = authority.issue(people.EMPLOYER, begins=begins, ends=ends)
    answer = space.hand_in(space.signed_avis(number, "périmé"), "avis.pdf")
    assert answer.outcome == "waiting"
    assert any("période de validité" in r for r in answer.reasons)
    assert not space.case(number).standing("avis")


def test_a_draft_left_in_place_is_not_taken_away_when_the_form_comes_another_way(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    half = space.filled(space.issued(number, "grille", "BDC1.1"), {"setting/place": "Atelier 2"})
    draft = space.save_in_place(number, "grille", "BDC1.1", half)
    (answer,) = space.work()
    assert answer.outcome == "draft"
    assert space.hand_in(space.grid(number, "BDC1.1"), "grille.pdf").outcome == "accepted"
    assert draft.read_bytes() == half.read_bytes()
    space.show(number)
    assert draft.read_bytes() == half.read_bytes()


def test_a_mistake_saved_in_place_is_answered_there_and_corrected_there(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    wrong = space.grid(number, "BDC1.1", changes={"setting/day": "31/02/2026"})
    saved = space.save_in_place(number, "grille", "BDC1.1", wrong)
    (answer,) = space.work()
    assert answer.outcome == "refused"
    note = saved.with_name(f"{saved.name} - POURQUOI.txt")
    assert "31/02/2026" in note.read_text(encoding="utf-8-sig")
    assert saved.read_bytes() == wrong.read_bytes()
    assert not list(space.workspace.to_correct.iterdir())
    assert space.work() == []  # neither the file nor its note is a new drop
    space.show(number)
    assert saved.read_bytes() == wrong.read_bytes()

    saved.write_bytes(space.grid(number, "BDC1.1").read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted"
    assert not saved.exists()
    assert not note.exists()


def test_an_avis_saved_in_place_before_it_is_signed_is_a_draft(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    saved = space.save_in_place(number, "avis", "", space.avis(number))
    (answer,) = space.work()
    assert answer.outcome == "draft"
    assert "pas signé" in answer.reasons[0]
    note = saved.with_name(f"{saved.name} - BROUILLON.txt")
    assert "signe" in note.read_text(encoding="utf-8-sig")
    saved.write_bytes(space.signed_avis(number).read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted"
    assert not note.exists()


def test_a_foreign_file_left_among_the_forms_to_fill_stays_there_with_its_reason(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    letter = space.folder(number) / "À remplir" / "mes notes.docx"
    letter.write_bytes(faulty.docx())
    (answer,) = space.work()
    assert answer.outcome == "refused"
    assert letter.read_bytes() == faulty.docx()
    assert letter.with_name("mes notes.docx - POURQUOI.txt").is_file()
    assert space.work() == []
    goes_on(space, number)


# The procès-verbal


def still_in_signature(space: Space) -> None:
    assert space.session().signed is None
    assert space.case().decision is None
    assert "obten" not in space.to_do(space.numbers()[-1]).lower()


def test_a_pv_without_any_signature_is_not_taken(as_told: AsTold) -> None:
    space = as_told("en signature")
    refused(space, space.minutes(), "sans rien d’ajouté")
    still_in_signature(space)


def test_a_pv_without_the_presidents_signature_decides_nothing(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    answer = space.hand_in(signed_pv["un membre"])
    assert answer.outcome == "accepted"
    assert people.PRESIDENT in answer.reasons[0]
    still_in_signature(space)
    assert people.PRESIDENT in space.to_do(space.session().reference)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    assert space.session().signed is not None


def test_a_pv_signed_by_the_president_before_the_others_is_refused(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    refused(space, signed_pv["le président seul"], "président", people.MEMBERS[0], "en dernier")
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


def test_a_copy_that_lost_a_signature_already_received_is_refused(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    assert space.hand_in(signed_pv["un membre"]).outcome == "accepted"
    refused(space, signed_pv["le président seul"], people.MEMBERS[0])
    still_in_signature(space)


REWRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "qpdf": rewriters.qpdf,
    "MuPDF": rewriters.mutool_clean,
    "pdftk": rewriters.pdftk,
    "pypdf": rewriters.pypdf_rewritten,
}


@pytest.mark.parametrize("viewer", REWRITTEN)
def test_a_pv_rewritten_by_a_viewer_is_refused(
    as_told: AsTold, viewer: str, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    rewritten = REWRITTEN[viewer](signed_pv["tous"].read_bytes())
    refused(space, rewritten, "réécrit", "sceau est rompu", "sans le modifier")
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


ADDED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "une note collée": (faulty.annotated, "annotations"),
    "une pièce jointe": (faulty.with_a_file_attached, "modifié au-delà d’une signature"),
    "un autre titre": (rewriters.pypdf_updated, "propriétés"),
}


@pytest.mark.parametrize("addition", ADDED)
@pytest.mark.parametrize("copy", ["un membre", "tous"])
def test_a_pv_with_anything_but_signatures_added_since_the_seal_is_refused(
    as_told: AsTold, addition: str, copy: str, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    add, word = ADDED[addition]
    refused(space, add(signed_pv[copy].read_bytes()), "autre chose que des signatures", word)
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


def test_a_pv_signed_with_unknown_certificates_waits_until_the_office_confirms_it(
    as_told: AsTold,
) -> None:
    space = as_told("en signature")
    pv = space.session().pv
    assert pv is not None
    member = space.sign(space.minutes(), pv.fields["m2"], "inconnu")
    final = space.sign(member, pv.fields["m1"], "president")
    answer = space.hand_in(final)
    assert answer.outcome == "waiting"
    assert any(people.MEMBERS[0] in r for r in answer.reasons)
    still_in_signature(space)
    reference = space.session().reference
    assert answer.document in space.to_do(reference)
    again = space.hand_in(final, "le même.pdf")
    assert again.outcome == "duplicate"

    done = space.act(ActKind.CONFIRM, reference, document=answer.document)
    assert done.outcome == "accepted", done
    assert space.session().signed is not None
    assert space.case().decision is not None
    twice = space.act(ActKind.CONFIRM, reference, document=answer.document)
    assert twice.outcome == "refused"


def test_a_pv_signed_by_somebody_else_in_the_presidents_place_waits(as_told: AsTold) -> None:
    space = as_told("en signature")
    pv = space.session().pv
    assert pv is not None
    member = space.sign(space.minutes(), pv.fields["m2"], "jury-1")
    answer = space.hand_in(space.sign(member, pv.fields["m1"], "employeur"))
    assert answer.outcome == "waiting"
    assert any(people.PRESIDENT in r and people.EMPLOYER in r for r in answer.reasons)
    still_in_signature(space)
    # The president signs after all, from the member’s own copy: no word of the office is needed.
    assert space.hand_in(space.sign(member, pv.fields["m1"], "president")).outcome == "accepted"
    assert space.case().decision is not None


def test_a_pv_signed_in_a_place_nobody_prepared_is_refused(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    box = "1/60,60,260,110/invite"
    elsewhere = space.sign(signed_pv["un membre"], box, "jury-2")
    refused(space, elsewhere, "autre chose que des signatures", "invite")
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


def test_a_signature_over_an_earlier_version_of_the_pv_does_not_count_and_is_kept(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    first = space.session().pv
    assert first is not None
    assert space.hand_in(signed_pv["un membre"]).outcome == "accepted"
    sheet = space.sheet(changes={"conformity/reserve": "Un évaluateur est arrivé en retard."})
    assert space.hand_in(sheet).outcome == "accepted"
    second = space.session().pv
    assert second is not None
    assert (second.version, second.supersedes) == (2, first.sha256)
    refused(space, signed_pv["tous"], "version 1", "version 2", "ne valent pas")
    still_in_signature(space)
    kept = hashlib.sha256(signed_pv["un membre"].read_bytes()).hexdigest()
    assert kept in space.office.originals
    received = space.folder(space.session().reference) / "Reçus"
    held = {hashlib.sha256(p.read_bytes()).hexdigest() for p in received.iterdir()}
    assert kept in held
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    final = space.session().signed
    assert final is not None
    assert final.version == 2


def test_a_pv_already_decided_takes_no_further_copy(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    refused(space, signed_pv["un membre"], "déjà signé")
    assert space.hand_in(signed_pv["tous"]).outcome == "duplicate"


# The daemon is alive after them all


def test_one_good_file_among_bad_ones_is_taken_in_the_same_breath(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    space.drop(b"", "a.pdf")
    space.drop(faulty.docx(), "b.docx")
    space.drop(space.grid(number, "BDC1.1"), "c.pdf")
    space.drop(b"%PDF-1.7 rien", "d.pdf")
    space.drop(space.modalities(number), "e.pdf")
    outcomes = {a.name: a.outcome for a in space.work()}
    assert outcomes == {
        "a.pdf": "refused",
        "b.docx": "refused",
        "c.pdf": "accepted",
        "d.pdf": "refused",
        "e.pdf": "accepted",
    }
