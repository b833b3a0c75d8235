"""The employer refuses or is gone: traced reminders, the absence established, the jury judges."""

import pytest

from casefiles.answers.office_act import ActKind
from tests.stories.conftest import AsTold
from tests.stories.seen import words
from tests.stories.space import BECAUSE, Space
from watch.commands.rehearsal import answers as people


def but_the_avis(space: Space) -> str:
    number = space.numbers()[-1]
    space.drop(space.modalities(number), "modalités.pdf")
    for part in space.competences(number):
        space.drop(space.grid(number, part), f"{part}.pdf")
    assert {a.outcome for a in space.work()} == {"accepted"}
    return number


def test_an_avis_established_as_not_given_lets_the_jury_adjourn_but_not_award(
    as_told: AsTold,
) -> None:
    space = as_told("inscrit")
    number = but_the_avis(space)
    assert "L’avis de l’entreprise, signé." in space.to_do(number)

    early = space.ask(ActKind.NOT_GIVEN, number)
    assert early.outcome == "refused"
    assert "2 relances" in early.reasons[0]
    assert "R56" in early.reasons[0]

    for day, how in (("02/11/2026", "Courriel sans réponse."), ("12/11/2026", "Elle refuse.")):
        assert space.ask(ActKind.CONTACT, number, value=how, day=day).outcome == "accepted"
    answer = space.act(ActKind.NOT_GIVEN, number)
    assert answer.outcome == "accepted", answer
    assert "pas attribuer la certification entière" in answer.reasons[0]

    history = space.history(number)
    assert f"Relance du 2 novembre 2026 auprès d’{people.COMPANY}" in history
    assert "Elle refuse." in history
    assert "Constat d’avis non rendu, après les relances du 2 novembre 2026" in history
    assert BECAUSE in history
    assert "session de jury" in space.to_do(number)

    recap = space.case(number).product("recapitulatif")
    assert recap is not None
    text = words(space.office.originals.path(recap.sha256))
    assert "Avis de l’entreprise non rendu" in text
    reference = space.open_session(number)
    space.close_agenda(reference)
    pieces = space.session().pieces
    assert pieces is not None
    assert "Avis de l’entreprise non rendu" in words(space.office.originals.path(pieces.sha256))

    refused = space.hand_in(space.sheet())
    assert refused.outcome == "refused"
    assert "l’avis de l’entreprise n’a pas été rendu" in " ".join(refused.reasons)
    motive = {f"candidates/{number}/motive": "Avis attendu d’une autre entreprise."}
    votes = {f"candidates/{number}/votes_{w}": "" for w in ("for", "against")}
    votes |= {f"candidates/{number}/abstentions": ""}
    assert space.hand_in(space.sheet("ajourne", motive | votes)).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    assert "Avis de l’entreprise non rendu" in words(space.office.originals.path(pv.sha256))


def test_an_avis_that_comes_after_all_is_taken(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = but_the_avis(space)
    for day in ("02/11/2026", "12/11/2026"):
        space.act(ActKind.CONTACT, number, value="Sans réponse.", day=day)
    space.act(ActKind.NOT_GIVEN, number)
    assert space.hand_in(space.signed_avis(number)).outcome == "accepted"
    recap = space.case(number).product("recapitulatif")
    assert recap is not None
    assert "non rendu" not in words(space.office.originals.path(recap.sha256))


def test_the_reading_copy_of_a_signed_avis_names_who_signed(as_told: AsTold) -> None:
    space = as_told("décidé")
    pieces = space.session().pieces
    assert pieces is not None
    shown = " ".join(words(space.office.originals.path(pieces.sha256)).split())
    assert f"Signé par {people.EMPLOYER}" in shown.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("piece", "rule"),
    [("Avis de l’entreprise", "R56"), ("Grille d’évaluation", "R43"), ("modalites", "R49")],
)
def test_nothing_is_waived_where_no_rule_says_so(as_told: AsTold, piece: str, rule: str) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    answer = space.ask(ActKind.WAIVE, number, question=piece)
    assert answer.outcome == "refused"
    assert f"Règle {rule}" in answer.reasons[0]
    assert "source" in answer.reasons[0]
    assert not space.case(number).waived
