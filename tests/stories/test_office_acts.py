"""What only the office may do: each act says who, why and when, and erases nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.events import DropAnswered, Recorded
from tests.stories.answering import moved, refused
from tests.stories.conftest import AsTold
from tests.stories.seen import words
from tests.stories.space import BECAUSE, Space
from watch.commands.rehearsal import answers as people
from watch.office import now

Act = Callable[..., DropAnswered]
HOWS = ("par le formulaire", "par la commande")


def by(space: Space, how: str) -> Act:
    return space.ask if how == HOWS[0] else space.act


def last(space: Space, stream: str, kind: str) -> Recorded:
    """The latest event of that type: who asked, why and when are in it."""
    found = [r for r in space.office.journal.read(stream) if r.event.type == kind]
    return found[-1]


def signed(one: Recorded, since: datetime) -> None:
    event = one.event
    assert getattr(event, "by", "") == people.OFFICE
    assert getattr(event, "because", "") == BECAUSE
    assert since <= one.at <= now()


def told(space: Space, key: str) -> str:
    history = space.history(key)
    assert f"à la demande de {people.OFFICE}" in history
    assert BECAUSE in history
    return history


@pytest.mark.parametrize("how", HOWS)
def test_an_answer_is_corrected_the_original_stays_and_the_recapitulatif_follows(
    as_told: AsTold, how: str
) -> None:
    space, since = as_told("complet"), now()
    number = space.numbers()[-1]
    (inscription,) = space.case(number).standing("inscription")
    recap = space.case(number).product("recapitulatif")
    assert recap is not None
    original = space.office.originals.get(inscription.sha256)
    answer = by(space, how)(
        ActKind.CORRECT,
        number,
        document=inscription.mark,
        question="Nom de naissance",
        value="EXEMPLE-GONÇALVÈS",
    )
    assert answer.outcome == "accepted", answer
    corrected = space.case(number)
    assert corrected.candidate.birth_name == "EXEMPLE-GONÇALVÈS"
    assert space.office.originals.get(inscription.sha256) == original
    signed(last(space, f"dossier/{number}", "AnswerCorrected"), since)
    history = told(space, number)
    assert "EXEMPLE-GONÇALVES" in history
    assert "EXEMPLE-GONÇALVÈS" in history
    again = corrected.product("recapitulatif")
    assert again is not None
    assert again.sha256 != recap.sha256


def test_a_day_that_does_not_exist_is_refused_whatever_the_act(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answer = space.act(ActKind.ABANDON, number, day="45/13/2026")
    assert answer.outcome == "refused"
    assert "45/13/2026" in answer.reasons[0]
    assert not space.case(number).abandoned


@pytest.mark.parametrize(
    ("question", "value", "words"),
    [
        ("Couleur préférée", "bleu", "n’a pas de question"),
        ("Date de naissance", "31/02/1994", "n’existe pas"),
        ("Date de naissance", "01/01/2094", "futur"),
        ("Voie d’accès", "VAE", "voie"),
        ("Nom de naissance", "EXEMPLE-GONÇALVES", "déjà"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(
    as_told: AsTold, question: str, value: str, words: str
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    (inscription,) = space.case(number).standing("inscription")
    before = moved(space)
    answer = space.act(
        ActKind.CORRECT, number, document=inscription.mark, question=question, value=value
    )
    assert answer.outcome == "refused"
    assert words in " ".join(answer.reasons)
    assert moved(space) == before


@pytest.mark.parametrize("how", HOWS)
def test_a_document_that_waits_is_put_in_the_place_of_the_one_in_force(
    as_told: AsTold, how: str
) -> None:
    space, since = as_told("inscrit"), now()
    number = space.numbers()[-1]
    first = space.hand_in(space.grid(number, "BDC1.1"))
    second = space.hand_in(space.grid(number, "BDC1.1", changes={"setting/place": "Atelier 3"}))
    answer = by(space, how)(ActKind.REPLACE, number, document=second.document)
    assert answer.outcome == "accepted", answer
    assert [d.mark for d in space.case(number).standing("grille")] == [second.document]
    signed(last(space, f"dossier/{number}", "DocumentReplaced"), since)
    history = told(space, number)
    assert first.document in history
    assert first.sha256 in space.office.originals


@pytest.mark.parametrize("how", HOWS)
def test_an_avis_by_an_unknown_signer_is_confirmed(as_told: AsTold, how: str) -> None:
    space, since = as_told("inscrit"), now()
    number = space.numbers()[-1]
    waiting = space.hand_in(space.signed_avis(number, "inconnu"))
    assert waiting.outcome == "waiting"
    answer = by(space, how)(ActKind.CONFIRM, number, document=waiting.document)
    assert answer.outcome == "accepted", answer
    assert space.case(number).standing("avis")
    signed(last(space, f"dossier/{number}", "DocumentConfirmed"), since)
    told(space, number)
    again = by(space, how)(ActKind.CONFIRM, number, document=waiting.document)
    assert again.outcome == "refused"


def test_an_avis_nobody_vouches_for_is_put_aside_and_the_right_one_takes_its_place(
    as_told: AsTold,
) -> None:
    space, since = as_told("inscrit"), now()
    number = space.numbers()[-1]
    waiting = space.hand_in(space.signed_avis(number, "inconnu"))
    answer = space.ask(ActKind.SET_ASIDE, number, document=waiting.document)
    assert answer.outcome == "accepted", answer
    signed(last(space, f"dossier/{number}", "DocumentSetAside"), since)
    told(space, number)
    assert waiting.document not in space.to_do(number)
    assert "L’avis de l’entreprise, signé." in space.to_do(number)
    assert "À remplir/Avis de l’entreprise.pdf" in space.tree(space.folder(number))
    assert space.hand_in(space.signed_avis(number)).outcome == "accepted"


@pytest.mark.parametrize("how", HOWS)
def test_a_case_is_abandoned_then_taken_up_again_where_it_stood(as_told: AsTold, how: str) -> None:
    space, since = as_told("inscrit"), now()
    number = space.numbers()[-1]
    grid = space.grid(number, "BDC1.1")
    before = space.tree(space.folder(number))
    answer = by(space, how)(ActKind.ABANDON, number)
    assert answer.outcome == "accepted", answer
    signed(last(space, f"dossier/{number}", "CaseAbandoned"), since)
    assert space.folder(number).parent == space.workspace.done
    assert "Abandonné" in space.to_do(number)
    assert not [n for n in space.tree(space.folder(number)) if n.startswith("À remplir")]
    refused(space, grid, "abandonné", "Reprendre")

    answer = by(space, how)(ActKind.RESUME, number)
    assert answer.outcome == "accepted", answer
    signed(last(space, f"dossier/{number}", "CaseResumed"), since)
    assert space.folder(number).parent == space.workspace.cases
    assert space.tree(space.folder(number)) == before
    told(space, number)
    assert space.hand_in(grid).outcome == "accepted"


@pytest.mark.parametrize("how", HOWS)
def test_a_second_application_is_opened_only_by_the_office(as_told: AsTold, how: str) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    waiting = space.hand_in(space.inscription({"candidate/email": "autre@exemple.invalid"}))
    assert waiting.outcome == "waiting"
    answer = by(space, how)(ActKind.HOMONYM, number, document=waiting.document)
    assert answer.outcome == "accepted", answer
    second = space.numbers()[-1]
    assert second != number
    told(space, second)
    assert [n for n in space.tree(space.folder(second)) if n.startswith("À remplir")]


@pytest.mark.parametrize("how", HOWS)
def test_a_candidate_enters_a_session_and_another_leaves_without_touching_the_rest(
    as_told: AsTold, how: str
) -> None:
    space, since = as_told("en session"), now()
    first = space.numbers()[-1]
    reference = space.session().reference
    other = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    answer = by(space, how)(ActKind.ADD, reference, case=other)
    assert answer.outcome == "accepted", answer
    assert list(space.session().names) == [first, other]
    assert f"Au jury {reference}" in space.to_do(other)
    # The newcomer is not ready: the agenda cannot be closed, and says who is missing.
    closing = space.act(ActKind.CLOSE, reference)
    assert closing.outcome == "refused"
    assert "AUTRE" in closing.reasons[0]

    answer = by(space, how)(ActKind.WITHDRAW, reference, case=other)
    assert answer.outcome == "accepted", answer
    signed(last(space, f"session/{reference}", "CandidateWithdrawn"), since)
    assert list(space.session().names) == [first]
    assert space.case(other).session is None
    assert space.case(first).session == reference
    told(space, reference)
    assert BECAUSE in space.history(other)
    assert space.act(ActKind.CLOSE, reference).outcome == "accepted"


@pytest.mark.parametrize("how", HOWS)
def test_closing_the_agenda_seals_the_pieces_and_ends_the_changes(
    as_told: AsTold, how: str
) -> None:
    space, since = as_told("en session"), now()
    number, reference = space.numbers()[-1], space.session().reference
    answer = by(space, how)(ActKind.CLOSE, reference)
    assert answer.outcome == "accepted", answer
    signed(last(space, f"session/{reference}", "AgendaClosed"), since)
    told(space, reference)
    tree = space.tree(space.folder(reference))
    assert "Pièces scellées (version 1).pdf" in tree
    assert "À remplir/Feuille de décisions.pdf" in tree
    assert "Ordre du jour (projet).pdf" not in tree
    for kind, case in ((ActKind.ADD, number), (ActKind.CLOSE, "")):
        no = space.act(kind, reference, **({"case": case} if case else {}))
        assert no.outcome == "refused"
        assert "clos" in no.reasons[0]


def test_the_same_request_dropped_in_the_inbox_is_refused(as_told: AsTold) -> None:
    space = as_told("en session")
    request = space.request(ActKind.CLOSE, space.session().reference)
    refused(space, request, "n’est prise que dans", "Bureau")
    assert not space.session().closed
    assert space.hand_in(request, door="bureau").outcome == "accepted"
    assert space.session().closed


def test_a_request_that_lacks_what_its_act_needs_says_what(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    answer = space.ask(ActKind.REPLACE, number)
    assert answer.outcome == "refused"
    assert "repère" in " ".join(answer.reasons)
    unsaid = space.filled(
        space.blank("Demande du bureau"), {"kind": "abandonner", "target/number": number}
    )
    answer = space.hand_in(unsaid, door="bureau")
    assert answer.outcome == "refused"
    said = " ".join(answer.reasons)
    assert "Demandé par" in said
    assert "Parce que" in said
    assert not space.case(number).abandoned


@pytest.mark.parametrize(
    ("kind", "number", "target"),
    [
        (ActKind.ABANDON, "2020-0042", {}),
        (ActKind.CLOSE, "S2020-042", {}),
        (ActKind.RETRY, "2020-0042", {}),
        (ActKind.CONFIRM, "", {"document": "D-INCONNU"}),
        (ActKind.REPLACE, "", {"document": "D-INCONNU"}),
        (ActKind.SET_ASIDE, "", {"document": "D-INCONNU"}),
        (ActKind.HOMONYM, "", {"document": "D-INCONNU"}),
        (ActKind.CORRECT, "", {"document": "D-INCONNU", "question": "Nom", "value": "x"}),
        (ActKind.RESUME, "", {}),
        (ActKind.RETRY, "", {}),
    ],
)
def test_an_act_about_nothing_is_refused_and_changes_nothing(
    as_told: AsTold, kind: ActKind, number: str, target: dict[str, str]
) -> None:
    space = as_told("inscrit")
    before = moved(space)
    answer = space.act(kind, number or space.numbers()[-1], **target)
    assert answer.outcome == "refused"
    assert answer.reasons
    assert answer.remedy
    assert moved(space) == before


def test_after_the_decision_the_office_changes_nothing_more(as_told: AsTold) -> None:
    space = as_told("décidé")
    number = space.numbers()[-1]
    (inscription,) = space.case(number).standing("inscription")
    before = moved(space)
    for kind, target in (
        (ActKind.ABANDON, {}),
        (
            ActKind.CORRECT,
            {"document": inscription.mark, "question": "Prénom", "value": "Zoë"},
        ),
    ):
        answer = space.act(kind, number, **target)
        assert answer.outcome == "refused"
        assert "jury a décidé" in answer.reasons[0]
    assert moved(space) == before
    assert "Terminé : parchemin délivré" in space.to_do(number)


# What a later word of the jury or a late piece makes void


def test_a_second_sheet_makes_a_new_pv_that_names_the_one_it_replaces(as_told: AsTold) -> None:
    space = as_told("en signature")
    first = space.session().pv
    assert first is not None
    number = space.numbers()[-1]
    motive = {f"candidates/{number}/motive": "La compétence 4 n’est pas démontrée."}
    assert space.hand_in(space.sheet("refus", motive)).outcome == "accepted"
    second = space.session().pv
    assert second is not None
    assert (second.version, second.supersedes) == (2, first.sha256)
    tree = space.tree(space.folder(space.session().reference))
    assert "À remplir/Procès-verbal à signer (version 2).pdf" in tree
    assert not [n for n in tree if "version 1).pdf" in n and "Procès" in n]
    drawn = "".join(words(space.office.originals.path(second.sha256)).split())
    assert first.sha256 in drawn


def test_a_late_piece_after_the_closure_voids_the_volumes_and_makes_new_ones(
    as_told: AsTold,
) -> None:
    space = as_told("en signature")
    number = space.numbers()[-1]
    sheet = space.sheet(changes={"conformity/reserve": "Avant la dernière pièce."})
    pv = space.session().pv
    pieces = space.session().pieces
    assert pv is not None
    assert pieces is not None
    late = space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY")
    assert space.hand_in(late).outcome == "accepted"
    held = space.session()
    assert held.pieces is not None
    assert held.pieces.version == 2
    assert held.pieces.sha256 != pieces.sha256
    assert held.pv is None
    assert "Remplir la feuille de décisions" in space.to_do(held.reference)
    refused(space, sheet, "volume des pièces")
    assert space.hand_in(space.sheet()).outcome == "accepted"
    again = space.session().pv
    assert again is not None
    assert again.version == 2
    assert again.supersedes == pv.sha256


def test_a_sheet_dated_before_an_evaluation_is_refused(as_told: AsTold) -> None:
    space = as_told("clos")
    early = people.fr(space.today - timedelta(days=45))
    refused(space, space.sheet(changes={"conformity/day": early}), "R84", "avant la dernière")
    assert space.hand_in(space.sheet()).outcome == "accepted"


def test_a_decision_that_departs_from_the_proposal_needs_its_motive(as_told: AsTold) -> None:
    space = as_told("clos")
    refused(space, space.sheet("refus"), "motif", "proposition")
    assert space.session().decided is None
