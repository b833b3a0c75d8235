"""A slip the office can settle is a finding for the office: no form goes back for it."""

from collections.abc import Mapping

import numpy as np

from casefiles.answers.office_act import ActKind
from forms.returns.geometry import layout_of
from tests.pki import Identity, OpensslAuthority
from tests.returns.paper import Pen
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.on_paper import copy_and_save, scanned, to_copy, written_by_pen
from tests.stories.space import Space
from tests.stories.test_who_signs import exchanged
from watch.commands.rehearsal import answers as people


def nothing_sent_back(space: Space, number: str) -> None:
    """Neither a copy to correct, nor a file in « 3 À corriger »."""
    assert not [n for n in space.tree(space.folder(number)) if "À corriger" in n]
    assert not list(space.workspace.to_correct.iterdir())


def test_a_wrong_siret_opens_the_case_and_is_told_to_the_office(as_told: AsTold) -> None:
    space = as_told("nouveau")
    answer = space.hand_in(space.inscription({"company/siret": "732 829 320 00075"}))
    assert answer.outcome == "accepted", answer
    number = space.numbers()[-1]
    assert any("SIRET" in reason and "732 829 320 00075" in reason for reason in answer.reasons)
    assert "Le SIRET « 732 829 320 00075 » n’existe pas" in space.history(number)
    nothing_sent_back(space, number)
    mark = space.case(number).documents[0].mark
    fixed = space.ask(
        ActKind.CORRECT,
        number,
        document=mark,
        question="SIRET (14 chiffres)",
        value="73282932000074",
    )
    assert fixed.outcome == "accepted", fixed
    company = space.case(number).company
    assert company is not None
    assert company.siret == "73282932000074"


def test_a_signer_under_a_married_name_is_confirmed_by_the_office(
    as_told: AsTold, authority: OpensslAuthority, signers: Mapping[str, Identity]
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    married = authority.issue("Solène EXEMPLE-MARIÉE", organisation=people.COMPANY)
    space.signers["mariée"] = married
    answer = space.hand_in(space.signed_avis(number, "mariée"), "avis.pdf")
    assert answer.outcome == "waiting", answer
    assert any("EXEMPLE-MARIÉE" in r and people.EMPLOYER in r for r in answer.reasons)
    assert answer.document in space.to_do(number)
    nothing_sent_back(space, number)
    done = space.ask(ActKind.CONFIRM, number, document=answer.document)
    assert done.outcome == "accepted", done
    (avis,) = space.case(number).standing("avis")
    assert avis.mark == answer.document


def test_a_candidate_who_marries_keeps_the_forms_already_filled(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    before = space.modalities(number)
    changed = space.ask(
        ActKind.CHANGE,
        number,
        question="Nom d’usage, s’il diffère",
        value="EXEMPLE-MARIÉE",
        day=people.fr(space.today),
    )
    assert changed.outcome == "accepted", changed
    answer = space.hand_in(before, "modalités.pdf")
    assert answer.outcome == "accepted", answer
    nothing_sent_back(space, number)


def test_an_avis_by_a_tutor_nobody_announced_is_filed_and_said(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    answers = people.avis(space.outline(number, "avis"), space.today)
    answers |= {"signatory/name": "Théodore EXEMPLE-TUTEUR", "signatory/function": "tuteur"}
    print_ = space.issued(number, "avis").read_bytes()
    pages = written_by_pen(print_, answers)
    (name,) = [f for f in layout_of(print_).fields if f.name == "signatory/name"]
    spot = name.spots[0]  # the name printed there is written over by hand
    Pen(pages[spot.page - 1], np.random.default_rng(1)).write(spot.box, 0.8)
    assert space.hand_in(scanned(pages), "avis.pdf").outcome == "waiting"
    (form,) = to_copy(space)
    done = copy_and_save(space, form, answers)
    assert done.outcome == "accepted", done
    told = f"L’inscription annonçait {people.EMPLOYER}"
    assert any(told in reason for reason in done.reasons)
    assert told in space.history(number)
    nothing_sent_back(space, number)


def test_a_signer_who_is_not_the_one_written_waits_for_the_office(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    said = {"signatory/name": "Théodore EXEMPLE-TUTEUR", "signatory/function": "tuteur"}
    answer = space.hand_in(space.signed_avis(number, changes=said), "avis.pdf")
    assert answer.outcome == "waiting", answer
    assert any("Théodore EXEMPLE-TUTEUR" in r for r in answer.reasons)
    nothing_sent_back(space, number)


def test_a_form_doctored_before_it_was_filled_never_passes(as_told: AsTold) -> None:
    """An inscription waits for the office; a sheet the office prints is refused."""
    space = as_told("nouveau")
    doctored = exchanged(space.inscription(), space.scratch / "inscription échangée.pdf")
    answer = space.hand_in(doctored, "inscription.pdf")
    assert answer.outcome == "waiting", answer
    assert "ne sont plus à leur place" in " ".join(answer.reasons)
    assert not space.numbers()
    opened = space.ask(ActKind.HOMONYM, "?", document=answer.document)
    assert opened.outcome == "accepted", (opened.reasons, opened.remedy)
    assert len(space.numbers()) == 1


def test_a_doctored_sheet_of_decisions_is_refused(as_told: AsTold) -> None:
    space = as_told("clos")
    doctored = exchanged(space.sheet(), space.scratch / "feuille échangée.pdf")
    refused(space, doctored, "ne sont plus à leur place", "Repartez du formulaire")
    assert space.session().decided is None
    assert space.hand_in(space.sheet(), "feuille.pdf").outcome == "accepted"
