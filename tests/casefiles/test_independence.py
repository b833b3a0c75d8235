"""What a case knows of the people and the houses its candidate is linked to (R77)."""

import pytest

from casefiles.rules.independence import independence, linked, ties
from tests.casefiles import filled
from tests.casefiles.cases import ZOE, case, complete, filed, juror, opened
from tests.casefiles.certifications import certification, registered

PLAIN = certification()


@pytest.mark.rule("R77")
@pytest.mark.parametrize(
    ("name", "organisation", "said"),
    [
        ("Paul MODÈLE", "Ailleurs", "a donné l’avis de l’entreprise"),
        ("Tess Tutrice", "Ailleurs", "est le tuteur du candidat"),
        ("Eve ÉTALON", "Ailleurs", "a évalué le candidat"),
        ("HUGO formateur", "Ailleurs", "a préparé le candidat aux épreuves"),
        ("Quelqu’un", "École de la PRÉPARATION", "a formé le candidat"),
        ("Quelqu’un", "OF d’essai", "a formé le candidat"),
        ("Quelqu’un", "ateliers fictifs", "est l’entreprise du candidat"),
        ("Quelqu’un", "Ailleurs", ""),
    ],
)
def test_a_jury_member_is_linked_to_whom_they_employ_train_follow_or_evaluated(
    name: str, organisation: str, said: str
) -> None:
    entered = filed("inscription", filled.inscription({"company/tutor": "Tess TUTRICE"}))
    elsewhere = {"trainer/organisation": "École de la préparation"}
    prepared = filed("preparation", filled.preparation(PLAIN, elsewhere))
    known = ties(complete(PLAIN, entered, prepared), PLAIN)
    member = juror("e0", "employeurs", organisation=organisation, name=name)
    assert known.with_member(member).endswith(said)
    assert bool(known.with_member(member)) is bool(said)


@pytest.mark.rule("R77")
@pytest.mark.parametrize(
    "name", ["ÉTALON Eve", "M. Paul Modèle", "Modèle Paul", "Mme ÉTALON, Eve", "modele paul"]
)
def test_a_person_is_known_whichever_way_round_the_name_is_written(name: str) -> None:
    known = ties(complete(PLAIN), PLAIN)
    (found,) = linked([juror("e0", "employeurs", name=name)], known)
    assert found.status == "refused"


@pytest.mark.rule("R77")
def test_a_candidate_does_not_sit_on_their_own_jury_under_either_of_their_names() -> None:
    married = ZOE.model_copy(update={"birth_name": "GONÇALVES", "usage_name": "MODÈLE"})
    known = ties(case(opened(PLAIN, candidate=married)), PLAIN)
    for name in (f"{ZOE.first_name} Gonçalves", f"MODÈLE {ZOE.first_name}"):
        (alert,) = independence([juror("e0", "employeurs", name=name)], [known])
        (refused,) = linked([juror("e0", "employeurs", name=name)], known)
        assert "porte le nom du candidat lui-même" in alert.message
        assert refused.status == "refused"


@pytest.mark.rule("R77")
@pytest.mark.parametrize(
    ("name", "organisation", "said"),
    [
        ("Quelqu’un", "Ateliers d’avant", "était l’entreprise du candidat à son inscription"),
        ("Quelqu’un", "Ateliers fictifs", "est l’entreprise du candidat"),
        ("Luc AVANT", "Ailleurs", "représentait l’entreprise du candidat à son inscription"),
        ("Olga FORMATION", "Ailleurs", "a positionné le candidat"),
    ],
)
def test_a_company_renamed_or_left_since_is_a_link_all_the_same(
    name: str, organisation: str, said: str
) -> None:
    then = {"company/name": "Ateliers d’avant", "company/contact": "Luc AVANT"}
    entered = filed("inscription", filled.inscription(then))
    placed = filed("positionnement", filled.positioning(PLAIN))
    known = ties(complete(PLAIN, entered, placed), PLAIN)
    member = juror("e0", "employeurs", organisation=organisation, name=name)
    assert known.with_member(member).endswith(said)


@pytest.mark.rule("R77")
def test_who_heard_a_vae_candidate_does_not_sit_on_their_jury() -> None:
    about = registered()
    entered = opened(about, route="vae", company=None)
    known = ties(case(entered, filed("entretien", filled.interview(about))), about)
    for name in ("Eve ÉTALON", "rémi second"):
        member = juror("e0", "employeurs", name=name)
        assert known.with_member(member) == "a entendu le candidat en entretien"
