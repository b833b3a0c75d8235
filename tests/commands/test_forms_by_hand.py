"""`parchemin form` and `read`, for a person: parts that exist, and the form’s own words."""

from datetime import date
from pathlib import Path

import pytest

from casefiles.answers import FORMS
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from templates import catalog
from tests.commands.test_command_line import parchemin
from watch.commands.filling import fill
from watch.commands.rehearsal import answers as people


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
