"""Agenda, pièces and procès-verbal: what the members of a jury read and sign."""

from dataclasses import replace
from typing import Any

import pytest

from casefiles.certification import Certification, Outcome
from casefiles.events import MinutesReopened, PvSigned, Settled
from forms.pages.pieces import candidate_divider
from forms.pages.pv import PvDrawn, pv
from forms.pages.wording import document_words, documents_words
from tests.pages import samples as s
from tests.pages.drawn import entries, on_agenda, the_agenda, the_front, the_pv
from tests.pages.reading import fields, plain, words


def test_the_agenda_is_a_draft_with_members_by_college_and_who_is_ready() -> None:
    text = words(the_agenda())
    assert "Ordre du jour (projet)" in text
    employers = text.index("Représentants des employeurs Nom")
    employees = text.index("Représentants des salariés Nom")
    assert employers < text.index("Cléo HYPOTHÈSE") < employees < text.index("Dan IMAGINÉ")
    assert text.count("Prêt") == 5
    assert text.count("Pas prêt") == 1
    assert "Jury paritaire" in text


def test_a_problem_of_composition_stands_before_the_members() -> None:
    text = words(the_agenda(3, 10, long=True))
    assert text.index("figure deux fois dans la composition") < text.index("Les membres")


def test_the_front_of_the_pieces_gives_every_hash_whole() -> None:
    text = words(the_front())
    for number in ("2026-0042", "2026-0043"):
        for entry in entries(s.case(divided=True, number=number)):
            first, second = entry.sha256[:32], entry.sha256[32:]
            assert f"{first} {second}" in text
            assert entry.role in text
            assert entry.verdict in text
    assert "26 pièces jointes" in text


def test_a_candidates_title_page_names_them_and_lists_their_pieces() -> None:
    case = s.case()
    listed = entries(case)
    text = words(candidate_divider(case, s.tmp(), listed, s.LETTERHEAD, s.DAY, position=3, total=7))
    assert "Candidat 3 sur 7" in text
    assert "Madame Zoé Marie Łucja EXEMPLE-GONÇALVES" in text
    assert all(entry.mark in text for entry in listed)


def test_the_pv_holds_signature_fields_only_one_per_member_present() -> None:
    drawn = the_pv([s.case()], jurors=4)
    found = fields(drawn.data)
    assert {f["type"] for f in found.values()} == {"/Sig"}
    # m2 était absent ; les suppléants m3 et m4 ont siégé.
    assert drawn.fields == {
        "m3": "signature/m3",
        "m4": "signature/m4",
        "m1": "signature/m1",
    }
    assert set(found) == {*drawn.fields.values(), drawn.seal}
    assert drawn.president == "m1"


def test_the_presidents_field_comes_last_and_locks_everything() -> None:
    drawn = the_pv([s.case()])
    found = fields(drawn.data)
    president = found[drawn.fields["m1"]]
    assert president["lock"] == {"/Type": "/SigFieldLock", "/Action": "/All", "/P": "1"}
    others = [f for name, f in found.items() if name != drawn.fields["m1"]]
    assert all(f["lock"] is None for f in others)
    assert all(
        (f["page"], -f["box"][1]) < (president["page"], -president["box"][1]) for f in others
    )
    assert "Ada MODÈLE" in president["words"]


def test_the_pv_says_when_it_takes_effect_and_what_it_binds() -> None:
    text = words(the_pv([s.case()], supersedes=s.sha("v1")).data)
    assert "prend effet à la signature du président" in text
    assert s.sha("pieces") in text
    assert "annule et remplace la version 1" in text
    assert s.sha("v1") in text


def test_a_first_version_supersedes_nothing() -> None:
    assert "remplace" not in words(the_pv([s.case()]).data)


def test_flags_of_every_candidate_stand_before_conformity_and_decisions() -> None:
    text = words(the_pv([s.case(divided=True), s.case(number="2026-0043")]).data)
    flag = text.index("MODÈLE Zoé (2026-0042) — Compétence 4")
    assert flag < text.index("et la conformité") < text.index("L’émargement")
    assert text.index("L’émargement") < text.index("Les décisions")


def test_the_pv_gives_proposal_decision_votes_and_motive() -> None:
    text = words(the_pv([s.case(divided=True)], outcome="refus").data)
    part = text[text.index("Les décisions") :]
    assert "Proposition des évaluateurs : divergence sur la compétence 4." in part
    assert "Décision du jury Refus" in part
    assert "Aucune voix pour, 2 contre, aucune abstention" in part
    assert "Motif : Le jury retient l’avis du second évaluateur." in part


def _pv_of(certification: Certification, **changes: Any) -> str:
    case = s.case()
    told = s.decided([case]).model_copy(update=changes)
    arguments = (s.session(), told, certification, [on_agenda(case)], (), s.sha("p"), 1, None)
    return words(pv(*arguments, s.LETTERHEAD, s.DAY).data)


@pytest.mark.rule("R88")
def test_a_decision_is_said_in_the_words_of_the_certification() -> None:
    own = s.tmp().model_copy(update={"outcome_labels": {Outcome.OBTENTION: "Admissible"}})
    text = _pv_of(own)
    assert "Décision du jury Admissible" in text
    assert "Obtention" not in text


@pytest.mark.parametrize(
    ("conform", "sentence"),
    [(True, "Le jury déclare conforme"), (False, "Le jury ne déclare pas conforme")],
)
@pytest.mark.rule("R84")
def test_conformity_is_stated_either_way_with_its_reserve(conform: bool, sentence: str) -> None:
    text = _pv_of(s.tmp(), conform=conform, reserve="Salle trop petite.")
    assert sentence in text
    assert "Réserves ou observations : Salle trop petite." in text


def test_an_absent_member_stands_in_the_attendance_and_signs_nowhere() -> None:
    drawn = the_pv([s.case()])
    text = words(drawn.data)
    row = text[text.index("Bo FICTIF") :]
    assert plain("Titulaire Absent") in row[:110]
    assert "Bo FICTIF" not in text[text.index("Les signatures") :]


def _with(told: dict[str, Any], one: dict[str, Any], members: dict[str, Any]) -> PvDrawn:
    """The PV of one divided case; what changes in the sheet, in its decision, in the members."""
    case = s.case(divided=True)
    held = s.session()
    sat = tuple(m.model_copy(update=members.get(m.key, {})) for m in held.members)
    sheet = s.decided([case])
    decision = sheet.decisions[0].model_copy(update=one)
    filled = sheet.model_copy(update={"decisions": (decision,), **told})
    arguments = (filled, s.tmp(), [on_agenda(case)], (), s.sha("p"), 1, None, s.LETTERHEAD, s.DAY)
    return pv(replace(held, members=sat), *arguments)


def test_a_substitute_signs_and_whoever_stands_in_for_the_president_signs_last() -> None:
    drawn = _with({"present": ("m2", "m3")}, {}, {"m2": {"deputy": True}})
    assert (drawn.president, set(drawn.fields), set(drawn.expected)) == (
        "m2",
        {"m2", "m3"},
        {"m2", "m3"},
    )
    text = words(drawn.data)
    assert "Qui a présidé signe en dernier" in text
    assert "Présent, préside" in text
    assert fields(drawn.data)["signature/m2"]["lock"] is not None


def test_a_member_recused_for_one_candidate_is_named_there_and_their_substitute_signs() -> None:
    drawn = _with({"present": ("m1", "m2", "m3")}, {"recused": ("m1",)}, {"m2": {"deputy": True}})
    text = words(drawn.data)
    assert "Récusation : Ada MODÈLE ne siège pas pour ce candidat" in text
    assert "Cléo HYPOTHÈSE vote à la place de Ada MODÈLE ; Bo FICTIF préside." in text
    assert set(drawn.expected) == {"m1", "m2", "m3"}
    assert drawn.president == "m1"


def test_a_recusal_is_for_one_candidate_only() -> None:
    cases = [s.case(), s.case(number="2026-0043")]
    held = s.session(2)
    sat = tuple(m.model_copy(update={"deputy": m.key == "m2"}) for m in held.members)
    first, second = s.decided(cases).decisions
    aside = first.model_copy(update={"recused": ("m1",)})
    told = s.decided(cases).model_copy(
        update={"decisions": (aside, second), "present": ("m1", "m2", "m3")}
    )
    agenda = [on_agenda(case) for case in cases]
    arguments = (told, s.tmp(), agenda, (), s.sha("p"), 1, None, s.LETTERHEAD, s.DAY)
    text = words(pv(replace(held, members=sat), *arguments).data)
    one = text.index("Dossier 2026-0042")
    two = text.index("Dossier 2026-0043")
    assert text.count("Récusation : Ada MODÈLE") == 1
    assert one < text.index("Récusation : Ada MODÈLE") < two


def test_a_pv_rectificatif_names_the_signed_one_why_and_what_it_said() -> None:
    case = s.case()
    signed = PvSigned(
        document="D-1",
        sha256=s.sha("v1"),
        dropped_as="pv.pdf",
        path="PV.pdf",
        version=1,
        signers={},
    )
    reopened = MinutesReopened(by="Claire CENTRE", because="La ligne du voisin était cochée.")
    held = replace(s.session(), ruled=s.decided([case]), signed=signed, rectifying=reopened)
    told = s.decided([case], "refus")
    arguments = (told, s.tmp(), [on_agenda(case)], (), s.sha("p"), 2, s.sha("v1"), s.LETTERHEAD)
    text = words(pv(held, *arguments, s.DAY).data)
    assert "Procès-verbal rectificatif" in text
    assert "rectifie et remplace la version 1, signée" in text
    assert s.sha("v1") in "".join(text.split())
    assert "Claire CENTRE, parce que : La ligne du voisin était cochée." in text
    assert "Le procès-verbal rectifié disait : obtention." in text
    assert "Décision du jury Refus" in text


def test_the_pv_says_how_the_jury_settled_each_divergence() -> None:
    retained = Settled(competence="BDC2.1", result="acquise", because="la démarche est tracée.")
    text = words(_with({}, {"settled": (retained,)}, {}).data)
    assert (
        "Divergence sur la compétence 4, tranchée par le jury : acquise, parce que : la démarche "
        "est tracée." in text
    )


@pytest.mark.rule("R84")
def test_the_pv_states_the_three_duties_of_a_jury() -> None:
    text = _pv_of(s.opea())
    for duty in ("est conforme au dispositif paritaire", "Examine le récapitulatif", "admissibles"):
        assert duty in text
    text = _pv_of(s.tmp())
    for duty in ("Vérifie que l’organisation", "Examine le récapitulatif", "Se prononce"):
        assert duty in text


@pytest.mark.rule("R58")
def test_a_partial_decision_names_its_blocs() -> None:
    case = s.case()
    told = s.decided([case])
    (one,) = told.decisions
    partial = one.model_copy(update={"outcome": "partiel", "blocs": ("BDC1", "BDC3")})
    text = _pv_of(s.tmp(), decisions=(partial,))
    assert "Obtention de blocs : BDC1, BDC3" in text


def test_a_candidate_without_a_decision_is_not_drawn() -> None:
    case, other = s.case(), replace(s.case(), number="2026-0099")
    told = s.decided([case])
    drawn = pv(
        s.session(),
        told,
        s.tmp(),
        [on_agenda(case), on_agenda(other)],
        (),
        s.sha("p"),
        1,
        None,
        s.LETTERHEAD,
        s.DAY,
    )
    assert "2026-0099" not in words(drawn.data)


def test_a_file_of_several_grids_is_called_by_all_of_them() -> None:
    grids = [d for d in s.case().documents if d.form == "grille"]
    certification = s.tmp()
    alone = documents_words(grids[:1], certification)
    assert alone == document_words(grids[0], certification)
    numbers = ", ".join(str(n) for n in range(1, 4))
    first = sorted(grids, key=lambda d: d.part)[:3]
    assert documents_words(first, certification) == f"Grille d’évaluation, compétences {numbers}"
