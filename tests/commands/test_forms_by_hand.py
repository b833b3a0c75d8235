"""`parchemin form` and `read`, for a person: parts that exist, and the form’s own words."""

import json
from datetime import date
from pathlib import Path

import pytest

from casefiles.answers import FORMS, Grid
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from forms.render import make_bundle
from templates import catalog
from tests.commands.test_command_line import parchemin
from watch.commands.filling import fill
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.usefixtures("one_fork_server")


@pytest.mark.parametrize("part", ["BDC9.9", "BDC1"])
def test_a_grid_of_an_unknown_part_is_a_wrong_call_that_lists_the_others(
    part: str, tmp_path: Path
) -> None:
    target = tmp_path / "g.pdf"
    answer = parchemin(
        "form", "grille", "--certification", "cqpm-tmp", "--part", part, "-o", target
    )
    assert (answer.exit_code, target.exists()) == (2, False)
    assert f"« {part} » n’est pas une compétence de cqpm-tmp" in answer.stderr
    assert "BDC1.1, " in answer.stderr


def test_answers_are_told_under_the_words_of_their_questions(tmp_path: Path) -> None:
    blank, filled = tmp_path / "avis.pdf", tmp_path / "avis rempli.pdf"
    assert parchemin("form", "avis", "--certification", "cqpm-tmp", "-o", blank).exit_code == 0
    laid_out = outline(FORMS["avis"], Scope(certification=catalog.load("cqpm-tmp")))
    fill(blank, filled, people.avis(laid_out, date.today()))
    told = parchemin("read", filled).stdout
    (asked,) = [one for one in laid_out.questions() if one.name == "conclusion/overall"]
    assert asked.label in told
    assert "conclusion/overall" not in told
    assert '"conclusion/overall"' in parchemin("read", filled, "--json").stdout


def test_an_answer_is_told_as_the_form_words_it_and_kept_as_stored_for_programs(
    tmp_path: Path,
) -> None:
    blank, filled = tmp_path / "avis.pdf", tmp_path / "avis rempli.pdf"
    parchemin("form", "avis", "--certification", "cqpm-tmp", "-o", blank)
    fill(
        blank,
        filled,
        {
            "competences/BDC1-1/opinion": "non_observe",
            "activities": "Une ligne.\nDeux.",
            "conclusion/overall": "defavorable",
            "signatory/function": "hierarchique",
        },
    )
    told = parchemin("read", filled).stdout
    assert ": Non observé" in told
    assert ": Avis défavorable" in told
    assert ": Responsable hiérarchique" in told
    assert ": Une ligne.\n    Deux.\n" in told
    assert not {"non_observe", "defavorable", "hierarchique"} & set(told.split())
    stored = json.loads(parchemin("read", filled, "--json").stdout)["fields"]
    assert stored["conclusion/overall"] == "defavorable"


def test_a_tick_is_told_as_one(tmp_path: Path) -> None:
    blank, filled = tmp_path / "i.pdf", tmp_path / "i remplie.pdf"
    parchemin("form", "inscription", "--certification", "cqpm-tmp", "-o", blank)
    fill(blank, filled, {"agreement/exact": True})
    told = parchemin("read", filled).stdout
    assert ": coché" in told
    assert "True" not in told
    assert json.loads(parchemin("read", filled, "--json").stdout)["fields"]["agreement/exact"]


def test_the_grids_of_a_bundle_are_told_in_their_words_too(tmp_path: Path) -> None:
    certification = catalog.load("cqpm-tmp")
    scopes = [Scope(certification=certification, competence=one) for one in ("BDC1.1", "BDC1.2")]
    imprint = Imprint(
        serial="7Q2MRTX4KJ9A", form="grille", version=1, part="BDC1", certification="cqpm-tmp"
    )
    blank, filled = tmp_path / "grilles.pdf", tmp_path / "grilles remplies.pdf"
    blank.write_bytes(make_bundle(Grid, scopes, imprint=imprint, key=b"essai"))
    fill(blank, filled, {"BDC1-2/conclusion/verdict": "non_acquise"})
    told = parchemin("read", filled).stdout
    assert ": Compétence non acquise" in told
    assert "conclusion/verdict" not in told
