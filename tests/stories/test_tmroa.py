"""CQP TMROA, from its prerequisites to its definitive parchemin: a jury that ties and adjourns, a
second one that departs from the proposal, a specimen, then the registration that comes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.casefile import CaseFile
from casefiles.events import DropAnswered, ParcheminNumbered
from tests.stories.answering import refused
from tests.stories.conftest import Stages
from tests.stories.routes import enter, offering, walk
from tests.stories.seen import words
from tests.stories.space import BECAUSE, Space
from tests.stories.test_versions import own_file
from watch.commands.rehearsal import course

REGISTERED = """\
registration:
  directory: RNCP
  code: "99999"
  decision: Décision d’essai du directeur général de France compétences
  decided_on: 2027-01-10
  effective_from: 2027-02-01
  expires_on: 2099-01-31
  nsf: [230n Etudes et projets]
  source: Fiche d’essai
"""
MOTIVE = "L’étude de cas a été reprise devant le jury."


@dataclass
class Story:
    space: Space
    number: str = ""
    phases: list[list[str]] = field(default_factory=list)
    answers: dict[str, DropAnswered] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    cases: dict[str, CaseFile] = field(default_factory=dict)

    def look(self, chapter: str) -> None:
        """What the case is, and what its RESTE À FAIRE says, at the end of a chapter."""
        self.cases[chapter] = self.space.case(self.number)
        self.texts[chapter] = self.space.to_do(self.number)


@pytest.fixture(scope="module")
def story(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    space = stages.office(tmp_path_factory.mktemp("tmroa"))
    space.reopen(edit=offering("cqp-tmroa"))
    yield tell(Story(space))
    space.close()


def tell(story: Story) -> Story:
    space = story.space
    from watch.share import blanks

    blanks.show(space.office)
    number = story.number = enter(space, "assainissement", {"candidate/first_name": "Maël"})
    story.look("inscrit")
    story.phases = walk(space, number, course.three_epreuves(space.competences(number)))
    story.look("évalué")

    # One employer, one employee: they differ, and nobody has a casting vote.
    card = f"candidates/{number}"
    tie = {f"{card}/votes_for": "1", f"{card}/votes_against": "1"}
    space.close_agenda(space.open_session(number))
    story.texts["égalité"] = refused(
        space, space.sheet(changes={**tie, f"{card}/motive": MOTIVE}), name="égalité.pdf"
    )
    asked = {question.name for question in space.outline_of_the_sheet().questions()}
    assert f"{card}/casting_vote" not in asked
    assert space.hand_in(space.sheet("ajourne", tie)).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    story.look("ajourné")

    # The second session departs from the proposal: it must say why.
    space.close_agenda(space.open_session(number, changes={"sitting/hour": "14 h"}))
    story.texts["sans motif"] = refused(space, space.sheet(), name="sans motif.pdf")
    assert space.hand_in(space.sheet(changes={f"{card}/motive": MOTIVE})).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    story.look("obtenu")

    story.answers["trop tôt"] = space.ask(ActKind.REISSUE, number)
    own_file(
        space,
        "cqp-tmroa",
        ("provisional: true", 'provisional: false\nlevel: "4"\neuropean_level: "4"'),
        ("routes:\n", f"{REGISTERED}routes:\n"),
    )
    story.answers["enregistrée"] = space.ask(ActKind.REISSUE, number)
    story.look("définitif")
    story.answers["encore"] = space.act(ActKind.REISSUE, number)
    return story


def printed(story: Story, chapter: str, name: str) -> str:
    product = story.cases[chapter].product(name)
    assert product is not None
    return read(story.space, product.sha256)


def read(space: Space, sha256: str) -> str:
    return " ".join(words(space.office.originals.path(sha256)).split())


@pytest.mark.rule("R26", "R27", "R29", "R30", "R72", "R78")
def test_every_phase_is_asked_for_in_its_order(story: Story) -> None:
    assert "Situation : À l’entrée : prérequis ou recevabilité" in story.texts["inscrit"]
    assert story.phases == [
        ["prerequis"],
        ["positionnement"],
        ["preparation"],
        ["grille"],
        ["plenier"],
    ]
    said = printed(story, "évalué", "recapitulatif")
    told_of = ("Prérequis validés", "14 h de présence", "11 h en tout, sur 1 jour", "Réuni le")
    for told in ("Référentiel provisoire", *told_of):
        assert told in said, told


@pytest.mark.rule("R68", "R69")
def test_four_of_five_is_enough_and_three_of_four_is_not(story: Story) -> None:
    said = printed(story, "évalué", "recapitulatif")
    assert "4/5 acquise" in said
    assert "Épreuve E1 : proposée validée" in said
    assert "3/4 non acquise" in said
    assert "Épreuve E2 : non validée en l’état (compétence 4)" in said


def test_a_course_made_as_it_should_be_raises_no_alert(story: Story) -> None:
    journal = story.space.office.journal
    ((_, _, summary),) = journal.summaries("dossier")
    assert summary["findings"] == []


@pytest.mark.rule("R83")
def test_a_tie_adjourns_and_the_case_waits_for_another_jury(story: Story) -> None:
    assert "R83" in story.texts["égalité"]
    assert "le jury ne peut qu’ajourner" in story.texts["égalité"]
    # The source is its own, not that of the certification the rule was first read in.
    assert "Foire aux questions" in story.texts["égalité"]
    assert "Décision de Parchemin" in story.texts["sans motif"]
    for told in ("égalité", "sans motif"):
        assert "28245" not in story.texts[told]
    case = story.cases["ajourné"]
    assert case.decision is not None
    decided = case.decision.decision
    assert (decided.outcome, decided.votes_for, decided.votes_against) == ("ajourne", 1, 1)
    assert case.product("parchemin") is None
    assert case.delivery is None
    assert "Ajourné" in story.texts["ajourné"]
    assert "session de jury" in story.texts["ajourné"]
    assert "journ" in printed(story, "ajourné", "notification")
    # Both decisions stand in the history; the second session is another one.
    first, second = story.cases["obtenu"].decisions
    assert (first.decision.outcome, second.decision.outcome) == ("ajourne", "obtention")
    assert first.session != second.session


@pytest.mark.rule("R8", "R84")
def test_the_final_jury_departs_with_its_motive_and_a_specimen_comes_out(story: Story) -> None:
    assert "R84" in story.texts["sans motif"]
    assert "en donne le motif" in story.texts["sans motif"]
    assert "Spécimen sans valeur" in printed(story, "obtenu", "parchemin")
    space = story.space
    for made in story.cases["obtenu"].issued:
        assert "Référentiel provisoire" in read(space, made.sha256), made.path
    assert space.folder(story.number).parent == space.workspace.done


@pytest.mark.rule("R35")
def test_a_terminated_specimen_gets_its_definitive_parchemin_when_its_registration_comes(
    story: Story,
) -> None:
    early = story.answers["trop tôt"]
    assert early.outcome == "refused"
    assert "toujours provisoire" in " ".join(early.reasons)
    assert "R35" in " ".join(early.reasons)

    assert story.answers["enregistrée"].outcome == "accepted", story.answers["enregistrée"]
    first = story.cases["obtenu"].parchemin
    second = story.cases["définitif"].parchemin
    assert first is not None
    assert second is not None
    assert second.facts["number"] != first.facts["number"]
    text = printed(story, "définitif", "parchemin")
    for told in ("Niveau de qualification : 4", "sous le numéro 99999"):
        assert told in text, told
    assert "SPÉCIMEN" not in text.upper()

    # The first keeps its record: in the folder, in the history, in the register.
    space = story.space
    assert {first.path, second.path} <= set(space.tree(space.folder(story.number)))
    assert BECAUSE in space.history(story.number)
    numbered = [
        one.event
        for number in (first.facts["number"], second.facts["number"])
        for one in space.office.journal.read(f"registre/{number}")
        if isinstance(one.event, ParcheminNumbered)
    ]
    assert [(n.number, n.replaces) for n in numbered] == [
        (first.facts["number"], ""),
        (second.facts["number"], first.facts["number"]),
    ]
    assert story.answers["encore"].outcome == "refused"
    assert "définitif" in story.answers["encore"].reasons[0]
