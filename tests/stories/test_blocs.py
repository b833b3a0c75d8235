"""Blocs given one by one: an attestation each, the missing one alone next time, a passerelle.

The CQPM is supposed registered, which opens its blocs; the CQPI is the example that shares one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import DropAnswered
from tests.stories.conftest import Stages
from tests.stories.routes import ALONE, enter, offering
from tests.stories.seen import words
from tests.stories.space import Space
from tests.stories.test_tmroa import REGISTERED
from tests.stories.test_versions import own_file

REGISTERED_TODAY = REGISTERED.replace("effective_from: 2027", "effective_from: 2017").replace(
    "decided_on: 2027", "decided_on: 2017"
)
ALL_BUT_ONE = {"BDC1", "BDC2"}


@dataclass
class Story:
    space: Space
    first: str = ""
    cases: dict[str, CaseFile] = field(default_factory=dict)
    answers: dict[str, DropAnswered] = field(default_factory=dict)
    attestations: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def story(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    space = stages.office(tmp_path_factory.mktemp("blocs"))
    space.reopen(edit=offering("cqpm-tmp", "exemple-cqpi"))
    own_file(
        space,
        "cqpm-tmp",
        ("routes:\n", f"{REGISTERED_TODAY}routes:\n"),
        ("outcomes: [obtention, refus", "outcomes: [obtention, partiel, refus"),
        ("blocs_separately: false", "blocs_separately: true"),
        ('version: "1"\n', 'version: "2"\nlevel: "4"\neuropean_level: "4"\n'),
    )
    yield tell(Story(space))
    space.close()


def tell(story: Story) -> Story:
    space = story.space
    first = story.first = enter(space, "maintenance productive")
    assert space.hand_in(space.modalities(first)).outcome == "accepted"
    for bloc in ("BDC1", "BDC2", "BDC3"):
        assert space.hand_in(space.bundle(first, bloc)).outcome == "accepted"
    assert space.hand_in(space.signed_avis(first)).outcome == "accepted"
    space.close_agenda(space.open_session(first))
    card = f"candidates/{first}"
    given = {f"{card}/blocs/{bloc}/granted": True for bloc in ALL_BUT_ONE}
    votes = {f"{card}/votes_for": "2", f"{card}/votes_against": "0"}
    motive = {f"{card}/motive": "Le troisième bloc n’a pas convaincu."}
    answer = space.hand_in(space.sheet("partiel", {**given, **votes, **motive}))
    assert answer.outcome == "accepted", answer
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    story.cases["partiel"] = space.case(first)
    for file in sorted((space.folder(first) / "Produits").glob("Attestation *.pdf")):
        story.attestations[file.stem.split()[-1]] = " ".join(words(file).split())

    again = {"candidate/email": "zoe.encore@exemple.invalid"}
    story.answers["reprendre"] = space.hand_in(space.inscription(again), "de nouveau.pdf")
    story.cases["reprendre"] = space.case()
    alone = {"wish/route": "candidature_individuelle", "candidate/status": "demandeur_emploi"}
    space.about = "(exemple)"
    story.answers["passerelle"] = space.hand_in(space.inscription(alone | dict(ALONE)))
    story.cases["passerelle"] = space.case()
    return story


def under(story: Story, case: CaseFile) -> Certification:
    return story.space.office.certification_of(case.certification_hash)


@pytest.mark.rule("R58", "R87", "R91")
def test_each_bloc_given_has_an_attestation_of_its_own_and_the_other_has_none(story: Story) -> None:
    assert set(story.attestations) == ALL_BUT_ONE
    certification = under(story, story.cases["partiel"])
    for own, text in story.attestations.items():
        for bloc in certification.blocs:
            assert (" ".join(bloc.title.split()) in text) is (bloc.id == own), (own, bloc.id)
    assert story.cases["partiel"].product("parchemin") is None


@pytest.mark.rule("R7", "R89")
def test_the_next_attempt_is_about_the_missing_bloc_alone(story: Story) -> None:
    answer, case = story.answers["reprendre"], story.cases["reprendre"]
    assert answer.outcome == "accepted", answer
    assert (case.attempt, case.blocs) == (2, ("BDC3",))
    assert {one.bloc for one in case.carried} == ALL_BUT_ONE
    assert {one.origin for one in case.carried} == {"jury"}
    space = story.space
    asked = {i.part for i in case.issued if i.form == "grille"}
    assert asked == {c.id for c in under(story, case).bloc("BDC3").competences} | {"BDC3"}
    assert "BDC1 est déjà acquis" in " ".join(answer.reasons)
    assert not [name for name in space.tree(space.folder(case.number)) if "BDC1" in name]


@pytest.mark.rule("R7")
def test_a_bloc_two_certifications_share_is_not_examined_again_in_the_other(story: Story) -> None:
    answer, case = story.answers["passerelle"], story.cases["passerelle"]
    assert answer.outcome == "accepted", answer
    (brought,) = case.carried
    assert (brought.bloc, brought.origin) == ("BDC1", "passerelle")
    assert brought.case == story.first
    decided = story.cases["partiel"].decision
    assert decided is not None
    assert brought.proof_sha256 == decided.pv_sha256
    asked = {i.part for i in case.issued if i.form == "grille"}
    assert not [part for part in asked if part.startswith("BDC1")]
    assert any(part.startswith("BDC9") for part in asked)
    # A bloc of the same name but not shared brings nothing: BDC2 is the CQPM’s own.
    assert case.blocs == ("BDC9",)
