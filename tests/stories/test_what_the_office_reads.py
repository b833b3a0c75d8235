"""What a stranger at the office reads: everything at once, and what to do about it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.errors import SettingsError
from casefiles.events import ContactMade
from tests.stories.conftest import AsTold
from tests.stories.space import plain, rewrite
from tests.stories.test_second_attempt import LEVEL, Calendar, evaluated, judged, office, own_file
from watch.commands.doctor import examine
from watch.confinement.sandbox import Sandbox
from watch.office import open_office
from watch.share.telling import told


def test_a_certification_misspelt_in_the_settings_is_said_with_its_line(as_told: AsTold) -> None:
    space = as_told("nouveau")
    rewrite(space.workspace.settings_file, lambda t: t.replace('"cqpm-tmp"', '"cqpm-tpm"'))
    with pytest.raises(SettingsError, match="« cqpm-tpm » n’est le code d’aucune") as wrong:
        open_office(space.workspace)
    assert "ligne" in str(wrong.value)
    assert "cqpm-tmp" in str(wrong.value)
    (check,) = examine(space.workspace)
    assert not check.good
    assert "cqpm-tpm" in check.said


def test_everything_wrong_in_an_inscription_is_said_at_once(as_told: AsTold) -> None:
    space = as_told("nouveau")
    wrong = {
        "candidate/birth_date": "31/02/1994",
        "wish/extent": "blocs",
        "blocs/BDC1/wanted": True,
        "agreement/informed": False,
    }
    answer = space.hand_in(space.inscription(wrong))
    assert answer.outcome == "refused"
    said = " ".join(answer.reasons)
    for reason in ("n’existe pas", "Règle R62", "Les deux cases de l’engagement"):
        assert reason in said, said


def test_who_looks_too_young_is_to_be_checked_until_it_is_corrected(as_told: AsTold) -> None:
    space = as_told("nouveau")
    born = f"07/03/{space.today.year - 12}"
    number = space.enrol({"candidate/birth_date": born})
    assert "À VÉRIFIER AVEC LE CANDIDAT" in space.to_do(number)
    assert f"La date de naissance ({born}) donne moins de 14 ans" in space.to_do(number)
    (inscription,) = space.case(number).standing("inscription")
    space.act(
        ActKind.CORRECT,
        number,
        document=inscription.mark,
        question="Date de naissance",
        value="07/03/1994",
    )
    assert "À VÉRIFIER" not in space.to_do(number)


def test_the_history_names_the_certification_and_the_board_says_a_stage_once(
    as_told: AsTold,
) -> None:
    space = as_told("décidé")
    number = space.numbers()[-1]
    history = space.history(number)
    assert "CQPM Technicien(ne) de maintenance productive, la certification entière" in history
    assert "cqpm-tmp" not in history
    space.catch_up()
    page = space.workspace.board.read_text(encoding="utf-8")
    assert page.replace("\N{NO-BREAK SPACE}", " ").count("Terminé : parchemin délivré") == 1


def test_a_rule_that_asks_for_several_papers_is_said_once(as_told: AsTold) -> None:
    space = as_told("inscrit")
    told = space.to_do(space.numbers()[-1])
    assert told.count("La grille de la compétence") > 1
    assert told.count("Règle R43 (points ") == told.count("Règle R43") == 1


def test_the_page_beside_the_folders_tells_of_lists(as_told: AsTold) -> None:
    space = as_told("nouveau")
    (page,) = space.workspace.share.glob("LISEZ-MOI*")
    assert "Une liste de candidats (CSV ou XLSX" in plain(page)


@pytest.mark.rule("R94")
def test_a_level_that_lacks_is_asked_for_by_key_and_file_and_the_case_then_takes_it(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    space = office(tmp_path, sandbox, Calendar(datetime(2021, 3, 1, 9, tzinfo=UTC)))
    number = space.enrol()
    evaluated(space, number, "BDC1", "BDC2")
    judged(space, number, "obtention")
    (failure,) = [f.error for f in space.case(number).failures.values()]
    for words in ("Niveau de qualification", "« level »", "« cqpm-opea.yaml »"):
        assert words in failure, failure
    own_file(space.workspace.private / "certifications", LEVEL)
    answer = space.ask(ActKind.REISSUE, number)
    assert answer.outcome == "accepted", answer
    assert space.case(number).parchemin is not None, space.case(number).failures
    space.close()


@pytest.mark.parametrize(
    ("whom", "said"),
    [
        ("le centre d’examen", "auprès du centre d’examen"),
        ("la commission d’évaluation", "auprès de la commission d’évaluation"),
        ("Ateliers EXEMPLE", "auprès d’Ateliers EXEMPLE"),
        ("Équipements EXEMPLE", "auprès d’Équipements EXEMPLE"),
        ("le centre d’examen et l’entreprise", "auprès du centre d’examen et de l’entreprise"),
        ("Le bureau", "auprès du bureau"),
        ("Le Goff EXEMPLE", "auprès de Le Goff EXEMPLE"),
        ("Forges EXEMPLE", "auprès de Forges EXEMPLE"),
    ],
)
def test_a_reminder_is_told_in_french(whom: str, said: str) -> None:
    made = ContactMade(form="avis", whom=whom, on=date(2026, 3, 1), how="Par téléphone.", by="B")
    (sentence,) = told(made)
    assert said in sentence
