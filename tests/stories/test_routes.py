"""Whole stories by each route, from the inscription to the jury, through the folder."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from casefiles.answers.office_act import ActKind
from tests.stories.answering import refused
from tests.stories.conftest import Stages
from tests.stories.routes import (
    ALONE,
    enter,
    offering,
    on_the_day,
    owed,
    paper,
    prove,
    ready_for_a_jury,
    steps,
    walk,
)
from tests.stories.seen import words
from tests.stories.space import Space
from tests.stories.test_crashes import power_cut_at
from watch.commands.rehearsal import answers as people
from watch.commands.rehearsal import course

ALL = ("cqpm-tmp", "cqpm-opea", "cqp-tmroa", "exemple-cqpi")
IN_2021 = date(2021, 3, 15)


@pytest.fixture(scope="module")
def offered(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    """One office that offers everything; each story is a case of its own."""
    space = stages.office(tmp_path_factory.mktemp("voies"))
    space.reopen(edit=offering(*ALL))
    from watch.share import blanks

    blanks.show(space.office)
    yield space
    space.close()


def ago(space: Space, days: int) -> str:
    return people.fr(space.today - timedelta(days=days))


def recap(space: Space, number: str) -> str:
    product = space.case(number).product("recapitulatif")
    assert product is not None
    return " ".join(words(space.copy_of(product.sha256, f"récapitulatif {number}.pdf")).split())


def alerts(space: Space, number: str) -> list[str]:
    (summary,) = [
        s for _, _, s in space.office.journal.summaries("dossier") if s["number"] == number
    ]
    return [f"{f['rule']} {f['message']}" for f in summary["findings"]]


def owed_by_jury(space: Space, number: str) -> str:
    (step,) = steps(space, number)
    return step.key


@pytest.mark.rule("R62")
def test_some_blocs_of_an_unregistered_cqpm_are_refused_with_the_rule_and_its_source(
    offered: Space,
) -> None:
    wished = {"wish/extent": "blocs", "blocs/BDC1/wanted": True}
    offered.about = "maintenance productive"
    told = refused(
        offered,
        offered.inscription(wished),
        "R62",
        "les blocs de compétences pour les CQPM inscrits au RNCP",
    )
    assert "Demandez la certification entière." in told


@pytest.mark.rule("R93")
def test_a_registration_that_ended_refuses_with_its_dates_and_its_source(offered: Space) -> None:
    offered.about = "polyvalent"
    asked = offered.inscription()
    refused(offered, asked, "R93", "21/04/2017", "21/04/2022", f"{offered.today:%d/%m/%Y}", "RNCP")


@pytest.mark.rule("R42", "R72")
def test_by_contrat_de_professionnalisation_the_same_documents_are_asked_for(
    offered: Space,
) -> None:
    who = {
        "candidate/first_name": "Yann",
        "wish/route": "contrat_professionnalisation",
        "candidate/status": "jeune",
    }
    number = enter(offered, "maintenance productive", who)
    deadline, received = ago(offered, 34), ago(offered, 32)
    planned = {
        "blocs/BDC2/modality": "b",
        "blocs/BDC2/report_deadline": deadline,
        "blocs/BDC3/modality": "c",
        "blocs/BDC3/justification": "La ligne est arrêtée jusqu’à l’été.",
        "consent/sent": None,
    }
    late = {"delivery/received": received}
    b, c = {"setting/modality": "b"}, {"setting/modality": "c"}
    grids = {p: b if p.startswith("BDC2") else c for p in offered.competences(number)[3:]}
    walked = walk(offered, number, {"modalites": planned, "rapport": late, **grids})
    assert walked == [["modalites", "grille", "avis"], ["rapport"]]
    found = alerts(offered, number)
    assert [f.split()[0] for f in found] == ["R52", "R50", "R72", "R42"]
    assert f"arrivé le {received}, après la date fixée ({deadline})" in found[0]
    assert "La ligne est arrêtée jusqu’à l’été" in found[1]
    assert "Rapport de projet" in recap(offered, number)

    # What nothing waited for is asked of the office before the jury, then said no more.
    assert [s.key for s in steps(offered, number)] == ["positionnement", "transmission", "jury"]
    todo = offered.to_do(number)
    assert "Le positionnement n’est pas au dossier" in todo
    (planned_in,) = offered.case(number).standing("modalites")
    assert f"(corriger {planned_in.mark}, « Transmis au centre de ressources le »)" in todo
    positioned = offered.hand_in(paper(offered, number, "positionnement"))
    assert positioned.outcome == "accepted", positioned
    noted = offered.act(
        ActKind.CORRECT,
        number,
        document=planned_in.mark,
        question="Transmis au centre de ressources le",
        value=ago(offered, 50),
    )
    assert noted.outcome == "accepted", noted
    ready_for_a_jury(offered, number)
    assert [f.split()[0] for f in alerts(offered, number)] == ["R52", "CORRECTION", "R50"]
    assert "Positionnement" in recap(offered, number)


def test_alone_no_avis_is_asked_for_and_two_evaluators_who_differ_reach_the_jury(
    offered: Space,
) -> None:
    who = {
        "candidate/first_name": "Alix",
        "wish/route": "candidature_individuelle",
        "candidate/status": "demandeur_emploi",
        **ALONE,
    }
    number = enter(offered, "(exemple)", who)
    first, *others = offered.competences(number)
    second = {"evaluator/name": course.SECOND}
    no = second | {"conclusion/verdict": "non_acquise", "conclusion/comment": "Geste dangereux."}
    offered.drop(paper(offered, number, "modalites"), "modalités.pdf")
    for part in (first, *others):
        offered.drop(paper(offered, number, "grille", part), f"{part} un.pdf")
        told = no if part == first else second
        offered.drop(paper(offered, number, "grille", part, told), f"{part} deux.pdf")
    assert {a.outcome for a in offered.work()} == {"accepted"}
    ready_for_a_jury(offered, number)
    (found,) = [f for f in alerts(offered, number) if f.startswith("DIVERGENCE")]
    assert {people.EVALUATOR, course.SECOND} <= set(found.split("(")[1].split(")")[0].split(", "))
    assert "Le jury tranche." in found
    said = recap(offered, number)
    assert "Geste dangereux." in said
    assert "Avis de l’entreprise Sans objet" in said


@pytest.mark.rule("R64")
def test_the_vae_of_2021_is_recevable_evidenced_interviewed_and_goes_to_the_jury(
    offered: Space,
) -> None:
    on_the_day(offered, IN_2021)
    try:
        who = {"candidate/first_name": "Noé", "wish/route": "vae", **ALONE}
        number = enter(offered, "polyvalent", who)
        assert owed(offered, number) == ["recevabilite"]
        walked = walk(offered, number)
        assert walked == [["recevabilite"], ["recevabilite_decision"], ["preuves"], ["entretien"]]
        assert alerts(offered, number) == [
            "R64 Dossier de preuves : aucune pièce n’est jointe à la situation 1."
        ]
        assert "Joindre les preuves de la situation 1" in offered.to_do(number)
        (joined,) = prove(offered, number, "Situation 1 - relevés.pdf")
        assert (joined.outcome, joined.stream) == ("accepted", f"dossier/{number}"), joined
        tree = offered.tree(offered.folder(number))
        assert f"Reçus/Preuve, situation 1 - {joined.document}.pdf" in tree
        assert "À remplir/Situation 1 - relevés.pdf" not in tree
        drawn = offered.case(number).product("couverture")
        assert drawn is not None
        page = words(offered.copy_of(drawn.sha256, "couverture.pdf"))
        assert page.count(joined.document) == 1 + 12, "beside its situation, and each capacité"
        ready_for_a_jury(offered, number)
        said = recap(offered, number)
        assert "13 mois (12 demandés)" in said
        assert "Recevabilité Recevable" in said
        assert "Entretien de validation" in said
        assert "Avis de l’entreprise Sans objet" in said
        assert "12 capacités" in said
        assert alerts(offered, number) == []
    finally:
        on_the_day(offered, None)
    # Years later no jury sits for it without the certifier’s word; the refusal gives the dates.
    with pytest.raises(AssertionError, match="délivrance possible jusqu’au 21/04/2022"):
        offered.open_session(number)


@pytest.mark.rule("R16")
def test_a_vae_for_one_bloc_is_about_that_bloc_alone(offered: Space) -> None:
    on_the_day(offered, IN_2021)
    try:
        wished = {"wish/extent": "blocs", "blocs/BDC2/wanted": True}
        who = {"candidate/first_name": "Nil", "wish/route": "vae", **wished, **ALONE}
        number = enter(offered, "polyvalent", who)
        assert offered.case(number).blocs == ("BDC2",)
        walked = walk(offered, number)
        assert walked[-2:] == [["preuves"], ["entretien"]]
        certification = offered.office.certification_of(offered.case(number).certification_hash)
        ours, other = certification.bloc("BDC2"), certification.bloc("BDC1")
        said = recap(offered, number)
        for form in ("preuves", "entretien"):
            page = " ".join(words(offered.issued(number, form)).split())
            for one in ours.competences:
                assert one.title[:30] in page, form
            for one in other.competences:
                assert one.title[:30] not in page, form
        assert "5 capacités" in said
        assert other.title not in said
    finally:
        on_the_day(offered, None)


@pytest.mark.parametrize(("call", "name"), [(1, "Élie"), (2, "Elsa"), (3, "Enzo")])
def test_a_death_between_two_phases_makes_the_next_form_once(
    offered: Space, monkeypatch: pytest.MonkeyPatch, call: int, name: str
) -> None:
    """The commits: the document received; the form of the next phase; what the share shows."""
    number = enter(offered, "assainissement", {"candidate/first_name": name})
    offered.drop(paper(offered, number, "prerequis"), "prérequis.pdf")
    method = "commit" if call < 3 else "note_published"
    journal = offered.office.journal
    with power_cut_at(monkeypatch, journal, method, 1 if call == 3 else call):
        offered.work()
    offered.reopen()
    offered.recover()
    assert [i.form for i in offered.case(number).issued] == ["prerequis", "positionnement"]
    assert [d.form for d in offered.case(number).documents] == ["inscription", "prerequis"]
    assert owed(offered, number) == ["positionnement"]
    assert "À remplir/Positionnement.pdf" in offered.tree(offered.folder(number))
    offered.office.journal.verify()
