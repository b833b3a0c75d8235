"""What `parchemin export` hands over: what was refused too, and somebody a list only announced."""

import json
import zipfile
from pathlib import Path

import pytest

from casefiles import preregistration
from casefiles.answers.office_act import ActKind
from casefiles.errors import UnreadableFile
from forms.read import read
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_corrected_inscriptions import completed
from tests.stories.test_lists import INES, THEO, dropped, numbers, returned
from watch.commands.deep import prove
from watch.commands.rehearsal import answers as people
from watch.keeping.person import export

pytestmark = pytest.mark.long

WRONG, ELSEWHERE = {"training/centre": ""}, {"candidate/birth_place": "Brest"}
LOU = {"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"}


def given(space: Space, number: str, target: Path) -> dict[str, bytes]:
    """Every file of the archive, by its name."""
    export(space.office, number, target)
    with zipfile.ZipFile(target) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_what_was_refused_for_a_case_is_its_persons_too(as_told: AsTold, tmp_path: Path) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    other = space.enrol(LOU)
    wrong = {"conclusion/verdict": None}
    mine, theirs = (space.grid(n, "BDC1.1", changes=wrong) for n in (number, other))
    draft = space.grid(number, "BDC1.2", changes=wrong)
    for name, file in (("la mienne.pdf", mine), ("la sienne.pdf", theirs)):
        assert space.hand_in(file, name).outcome == "refused"
    space.save_in_place(number, "grille", "BDC1.2", draft)
    assert [answer.outcome for answer in space.work()] == ["draft"]
    archive = given(space, number, tmp_path / "export.zip")
    assert mine.read_bytes() in archive.values()
    assert draft.read_bytes() in archive.values()
    assert theirs.read_bytes() not in archive.values()
    receipts = [name for name in archive if name.startswith("accusés/")]
    assert any("la mienne.pdf" in archive[name].decode() for name in receipts)
    assert not any(b"la sienne.pdf" in content for content in archive.values())
    assert list(prove(space.office)) == []


@pytest.mark.parametrize("again", ["sur la copie rendue", "sur une feuille neuve"])
def test_an_inscription_that_was_refused_is_handed_over_with_the_case_it_led_to(
    as_told: AsTold, tmp_path: Path, again: str
) -> None:
    space = as_told("nouveau")
    refused = space.inscription(WRONG)
    assert space.hand_in(refused, "incomplète.pdf").outcome == "refused"
    homonym = space.inscription({**WRONG, **ELSEWHERE})
    assert space.hand_in(homonym, "homonyme.pdf").outcome == "refused"
    whole = space.inscription()
    if again == "sur la copie rendue":
        copies = space.workspace.to_correct.glob("À corriger*.pdf")
        place = people.inscription(space.today)["candidate/birth_place"]
        (copy,) = (c for c in copies if place in read(c.read_bytes()).values.values())
        whole = completed(space, copy)
    assert space.hand_in(whole, "inscription.pdf").outcome == "accepted"
    archive = given(space, space.numbers()[-1], tmp_path / "export.zip")
    assert refused.read_bytes() in archive.values()
    assert homonym.read_bytes() not in archive.values(), "somebody else’s was handed over"


def test_somebody_a_list_announced_is_handed_what_is_kept_of_them_and_nobody_elses(
    as_told: AsTold, tmp_path: Path
) -> None:
    space = as_told("nouveau")
    dropped(space, INES, THEO)
    first, second = numbers(space)
    wrong = returned(space, first, **{"candidate/birth_date": "31/02/1991"})
    assert space.hand_in(wrong, "retour.pdf").outcome == "refused"
    archive = given(space, first, tmp_path / "avant.zip")
    told = json.loads(archive[f"inscriptions/preinscription {first}.json"])
    assert told[0]["contenu"]["values"]["candidate/email"] == "ines@exemple.invalid"
    assert wrong.read_bytes() in archive.values()
    assert "Inès" in archive["LISEZ-MOI.txt"].decode()
    assert not any("Théo".encode() in content for content in archive.values())
    # Once enrolled, whichever number is asked by.
    held = preregistration.fold(space.office.journal.read(f"preinscription/{first}"))
    assert held is not None
    assert space.hand_in(returned(space, first)).outcome == "accepted"
    number = space.numbers()[-1]
    both = [given(space, asked, tmp_path / f"{asked}.zip") for asked in (first, number)]
    assert both[0] == both[1]
    assert wrong.read_bytes() in both[0].values()
    # A line put aside by the office is still somebody’s.
    space.act(ActKind.ABANDON, second)
    assert any("Théo".encode() in c for c in given(space, second, tmp_path / "t.zip").values())


def test_who_has_no_case_yet_is_known_by_the_mark_of_what_was_refused(
    as_told: AsTold, tmp_path: Path
) -> None:
    space = as_told("nouveau")
    wrong = space.inscription(WRONG)
    refused = space.hand_in(wrong, "inscription.pdf")
    archive = given(space, refused.document, tmp_path / "export.zip")
    assert wrong.read_bytes() in archive.values()
    (copy,) = space.workspace.to_correct.glob("À corriger*.pdf")
    assert copy.read_bytes() in archive.values()
    # The mark of a list is nobody’s: it tells of several.
    several = dropped(space, INES, THEO)
    for known in (several.document, "", "2020-0001"):
        with pytest.raises(UnreadableFile, match="Rien n’est gardé"):
            export(space.office, known, tmp_path / "autre.zip")
