"""RNCP 28245: one bloc in 2021, then a second attempt with only the missing one, time passing.

The calendar is the story’s own, and people sign at its hour, with certificates of that year.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pikepdf
import pytest

from casefiles.answers.office_act import ActKind
from casefiles.casefile import CaseFile
from casefiles.events import DropAnswered, ParcheminWithdrawn
from signing.trust import load
from signing.verify import verify
from tests.signing.tools import openssl_verifies
from tests.stories.seen import words
from tests.stories.space import BECAUSE, Space
from watch.commands.rehearsal import answers as people
from watch.confinement.sandbox import Sandbox
from watch.keeping.person import export
from watch.share.founding import create
from watch.share.workspace import locate

CODE = "cqpm-opea"


@dataclass
class Calendar:
    """The office’s clock, moved on by the story."""

    at: datetime

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def pass_to(self, year: int, month: int, day: int) -> None:
        self.at = datetime(year, month, day, 9, tzinfo=UTC)


def own_file(folder: Path, *changes: tuple[str, str]) -> None:
    """The organisation’s own file of the certification, over the one shipped."""
    text = (files("templates") / "certifications" / f"{CODE}.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{CODE}.yaml").write_text(text, encoding="utf-8")


LEVEL = ("unit: capacité\n", 'unit: capacité\nlevel: "3"\neuropean_level: "3"\n')
UNSAID = ("  deliver_until: 2022-04-21\n", "")


def office(root: Path, sandbox: Sandbox, clock: Calendar, *changes: tuple[str, str]) -> Space:
    """An office of that day, whose certification is that one."""
    place = locate(root / "Partage")
    create(place, demo_keys=True, at=clock())
    own_file(place.private / "certifications", *changes)
    space = Space(
        root,
        sandbox=sandbox,
        clock=clock,
        edit=lambda text: text.replace('["cqpm-tmp"]', f'["{CODE}"]').replace(
            "# dossier_certifications", "dossier_certifications"
        ),
    )
    space.sign_in_its_time()
    return space


def evaluated(space: Space, number: str, *blocs: str) -> None:
    """Everything of those blocs, the avis signed."""
    assert space.hand_in(space.modalities(number)).outcome == "accepted"
    for bloc in blocs:
        answer = space.hand_in(space.bundle(number, bloc))
        assert answer.outcome == "accepted", answer
    answer = space.hand_in(space.signed_avis(number))
    assert answer.outcome == "accepted", answer


def page_of_somebody_else() -> bytes:
    """A PDF that is no form of this office."""
    paper, out = pikepdf.new(), io.BytesIO()
    paper.add_blank_page()
    paper.save(out)
    return out.getvalue()


def judged(space: Space, number: str, outcome: str, **blocs: bool) -> None:
    reference = space.open_session(number)
    space.close_agenda(reference)
    prefix = f"candidates/{number}"
    votes = {f"{prefix}/votes_for": "2", f"{prefix}/votes_against": "0"}
    motive = {f"{prefix}/motive": "Le second bloc n’est pas démontré."} if blocs else {}
    granted = {f"{prefix}/blocs/{bloc}/granted": True for bloc in blocs}
    answer = space.hand_in(space.sheet(outcome, votes | motive | granted))
    assert answer.outcome == "accepted", answer
    answer = space.hand_in(space.signed_minutes())
    assert answer.outcome == "accepted", answer


@dataclass
class Story:
    space: Space
    answers: dict[str, DropAnswered] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    trees: dict[str, list[str]] = field(default_factory=dict)
    delivered: CaseFile | None = None


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Story]:
    clock = Calendar(datetime(2021, 3, 1, 9, tzinfo=UTC))
    space = office(tmp_path_factory.mktemp("28245") / "espace", sandbox, clock, LEVEL, UNSAID)
    yield tell(Story(space=space), clock)
    space.close()


def tell(story: Story, clock: Calendar) -> Story:
    space, said = story.space, story.answers
    first = space.enrol()
    evaluated(space, first, "BDC1", "BDC2")
    judged(space, first, "partiel", BDC1=True)
    story.trees["premier"] = space.tree(space.folder(first))
    attestation = space.case(first).product("attestation")
    assert attestation is not None
    story.texts["attestation"] = words(space.office.originals.path(attestation.sha256))

    clock.pass_to(2022, 3, 1)
    asks = {"wish/extent": "blocs", "blocs/BDC1/wanted": True}
    said["bloc acquis"] = space.hand_in(space.inscription(asks))
    asks = {"wish/extent": "blocs", "blocs/BDC2/wanted": True}
    said["bloc manquant"] = space.hand_in(space.inscription(asks))
    second = space.numbers()[-1]
    story.trees["second"] = space.tree(space.folder(second))
    evaluated(space, second, "BDC2")
    recap = space.case(second).product("recapitulatif")
    assert recap is not None
    story.texts["récapitulatif"] = words(space.office.originals.path(recap.sha256))

    # The registration ends before a jury sits: nobody is refused in silence.
    clock.pass_to(2022, 5, 10)
    sitting = people.composition(second, space.today)
    filled = space.filled(space.blank("Composition du jury"), sitting)
    said["jury trop tard"] = space.hand_in(filled)
    said["réponse"] = space.ask(
        ActKind.CERTIFIER, second, value="31/12/2023", day=people.fr(space.today)
    )
    judged(space, second, "obtention")
    story.texts["histoire"] = space.history(second)
    story.texts["première histoire"] = space.history(first)
    story.trees["délivré"] = space.tree(space.folder(second))

    # The votes were written down wrongly. The decision is about one bloc; the other is carried.
    story.delivered = space.case(second)
    said["rectification"] = space.ask(ActKind.RECTIFY, space.session().reference)
    card = f"candidates/{second}"
    counted = {f"{card}/votes_for": "1", f"{card}/abstentions": "1"}
    said["feuille rectifiée"] = space.hand_in(space.sheet(changes=counted))
    said["PV rectifié"] = space.hand_in(space.signed_minutes())
    return story


@pytest.mark.rule("R58", "R87")
def test_a_partial_result_gives_its_attestation_and_its_notification(story: Story) -> None:
    assert "Produits/Attestation BDC1.pdf" in story.trees["premier"]
    assert "Produits/Notification de la décision.pdf" in story.trees["premier"]
    assert not [n for n in story.trees["premier"] if "Parchemin" in n]
    text = story.texts["attestation"]
    for told in (
        "Attestation de bloc de compétences",
        "BDC1",
        "Réalisation d’une production sur plusieurs postes",
        "sous le numéro 28245",
        "Directeur emploi formation de l’UIMM",
        "ne vaut pas délivrance de la certification entière",
        "sans limite de durée",
    ):
        assert told in " ".join(text.split()), told


@pytest.mark.rule("R89")
def test_what_is_acquired_is_not_asked_for_twice(story: Story) -> None:
    no = story.answers["bloc acquis"]
    assert no.outcome == "refused"
    assert "déjà acquis" in no.reasons[0]
    assert "R89" in no.reasons[0]


@pytest.mark.rule("R7", "R89")
def test_the_second_attempt_has_the_forms_of_the_missing_bloc_only(story: Story) -> None:
    answer = story.answers["bloc manquant"]
    assert answer.outcome == "accepted", answer
    assert any("Candidature n° 2" in reason for reason in answer.reasons)
    grids = [n for n in story.trees["second"] if "Grille" in n]
    assert not [n for n in grids if "BDC1" in n]
    assert "À remplir/Grilles/Bloc BDC2 - toutes les grilles.pdf" in grids
    case = story.space.case()
    assert (case.attempt, case.blocs) == (2, ("BDC2",))
    assert case.entered.year == 2021


def test_the_recapitulatif_gives_the_origin_of_what_is_acquired(story: Story) -> None:
    first = story.space.case(story.space.numbers()[0])
    assert first.decision is not None
    text = story.texts["récapitulatif"]
    assert "BDC1 est acquis depuis le 01/03/2021" in " ".join(text.split())
    assert first.decision.session in text
    assert first.decision.pv_sha256 in "".join(text.split())


@pytest.mark.rule("R93")
def test_after_the_window_the_certifier_is_asked_and_its_answer_recorded(story: Story) -> None:
    no = story.answers["jury trop tard"]
    assert no.outcome == "refused"
    reason = no.reasons[0]
    for told in ("01/03/2021", "21/04/2017", "21/04/2022", "R93", "28245", "certificateur"):
        assert told in reason, told
    assert story.answers["réponse"].outcome == "accepted"
    history = story.texts["histoire"]
    assert (
        "Réponse du certificateur du 10 mai 2022 : il délivre jusqu’au 31 décembre 2023" in history
    )
    assert BECAUSE in history


@pytest.mark.rule("R60")
def test_when_every_bloc_is_held_the_parchemin_is_due(story: Story) -> None:
    assert [n for n in story.trees["délivré"] if n.startswith("Produits/Parchemin")]
    assert "Candidature n° 2 de la même personne" in story.texts["histoire"]
    assert "Nouvelle candidature : dossier 2022-0001" in story.texts["première histoire"]


@pytest.mark.rule("R60")
def test_a_correction_that_still_makes_the_whole_with_what_is_carried_withdraws_nothing(
    story: Story,
) -> None:
    for act in ("rectification", "feuille rectifiée", "PV rectifié"):
        assert story.answers[act].outcome == "accepted", story.answers[act]
    case, before = story.space.case(), story.delivered
    assert before is not None
    assert [d.decision.outcome for d in case.decisions] == ["obtention", "obtention"]
    assert [one.bloc for one in case.carried] == ["BDC1"]
    assert case.decision is not None
    assert case.decision.rectifies
    assert before.parchemin is not None
    assert (case.parchemin, case.withdrawn) == (before.parchemin, None)
    register = story.space.office.journal.read(f"registre/{before.parchemin.facts['number']}")
    assert not [one for one in register if isinstance(one.event, ParcheminWithdrawn)]
    assert not [n for n in story.space.tree(story.space.folder(case.number)) if "retir" in n]


def test_in_2021_people_sign_with_certificates_of_that_year(story: Story, tmp_path: Path) -> None:
    space = story.space
    (authority,) = space.workspace.keys.rglob("CA.pem")
    first = space.case(space.numbers()[0])
    (avis,) = first.standing("avis")
    assert avis.proof is not None
    assert first.decision is not None
    for sha256, expected in ((avis.sha256, 1), (first.decision.pv_sha256, 2)):
        file = space.office.originals.path(sha256)
        report = verify(file, at=datetime(2021, 3, 2, tzinfo=UTC), trust=load([authority]))
        people_ = [one for one in report.signatures if one.kind != "timestamp"]
        assert len(people_) >= expected
        assert {one.claimed_time.year for one in people_ if one.claimed_time} == {2021}
        assert report.verdict == "valid"
        assert openssl_verifies(file, authority, tmp_path)


@pytest.mark.rule("R93")
def test_the_same_candidature_in_2026_is_refused_with_dates_and_source(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    space = office(tmp_path, sandbox, Calendar(datetime(2026, 3, 1, 9, tzinfo=UTC)))
    no = space.hand_in(space.inscription())
    space.close()
    assert no.outcome == "refused"
    assert not space.numbers()
    for told in ("21/04/2017", "21/04/2022", "01/03/2026", "R93", "Fiche RNCP 28245"):
        assert told in no.reasons[0], told


@pytest.mark.rule("R12")
def test_the_office_opens_the_second_attempt_of_a_case(tmp_path: Path, sandbox: Sandbox) -> None:
    clock = Calendar(datetime(2021, 3, 1, 9, tzinfo=UTC))
    space = office(tmp_path, sandbox, clock, LEVEL)
    first = space.enrol()
    early = space.ask(ActKind.ATTEMPT, first)
    assert early.outcome == "refused"
    evaluated(space, first, "BDC1", "BDC2")
    judged(space, first, "partiel", BDC2=True)
    folder = space.workspace.private / "certifications"
    route = "formation_continue:\n    open: "
    own_file(folder, LEVEL, (f"{route}true", f"{route}false"))
    closed = space.ask(ActKind.ATTEMPT, first)
    assert closed.outcome == "refused"
    assert "« Formation continue » n’est plus ouverte. (Règle R12" in closed.reasons[0]
    own_file(folder, LEVEL)
    answer = space.ask(ActKind.ATTEMPT, first)
    assert answer.outcome == "accepted", answer
    second = space.case()
    assert (second.number, second.attempt, second.blocs) == ("2021-0002", 2, ("BDC1",))
    assert [one.bloc for one in second.carried] == ["BDC2"]
    assert BECAUSE in space.history(second.number)
    assert "suite" in space.act(ActKind.ATTEMPT, first).reasons[0]
    # Its inscription, which stands on the first one’s, is corrected like any other.
    (inscription,) = second.standing("inscription")
    fixed = space.act(
        ActKind.CORRECT,
        second.number,
        document=inscription.mark,
        question="Prénom",
        value="Zoë",
    )
    assert fixed.outcome == "accepted", fixed

    # A bloc acquired before this office, in a case of its own: kept proof, then the act.
    third = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    proof = space.hand_in(page_of_somebody_else(), "attestation.pdf", door="bureau")
    assert proof.outcome == "accepted", proof
    facts = {"question": "BDC1", "day": "11/06/2019", "value": "Jury de Lyon"}
    unproven = space.ask(ActKind.ACQUIRED, third, document="D-RIEN", **facts)
    assert unproven.outcome == "refused"
    taken = space.ask(ActKind.ACQUIRED, third, document=proof.document, **facts)
    assert taken.outcome == "accepted", taken
    tree = space.tree(space.folder(third))
    assert f"Reçus/Preuve de reprise - {proof.document}.pdf" in tree
    assert not [n for n in tree if "Bloc BDC1" in n]
    assert "BDC1 repris comme acquis le 11 juin 2019" in space.history(third)
    space.close()


def test_the_person_is_given_every_attempt_whichever_number_they_ask_by(
    story: Story, tmp_path: Path
) -> None:
    space, both = story.space, story.space.numbers()
    given = []
    for number in both:
        export(space.office, number, tmp_path / f"{number}.zip")
        with zipfile.ZipFile(tmp_path / f"{number}.zip") as found:
            given.append({name: found.read(name) for name in found.namelist()})
    assert given[0] == given[1]
    for case in map(space.case, both):
        assert f"inscriptions/dossier {case.number}.json" in given[0]
        for document in case.documents:
            assert space.office.originals.get(document.sha256) in given[0].values()
    delivered = space.case(both[-1]).delivery
    assert delivered is not None
    assert delivered.number in given[0]["registre.json"].decode()
    # The minutes prove the blocs of the first attempt to the second, and tell of others as well.
    minutes = {decided.pv_sha256 for one in map(space.case, both) if (decided := one.decision)}
    assert minutes
    assert not minutes & {hashlib.sha256(content).hexdigest() for content in given[0].values()}
