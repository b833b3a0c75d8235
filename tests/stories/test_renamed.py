"""A name changes while forms are out: what is still to go out is made again, what comes is read."""

import email
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.events import DropAnswered, FormIssued
from tests.stories.conftest import Stages
from tests.stories.seen import words
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people

MARRIED, RENAMED = "EXEMPLE-MARTIN", "Forges EXEMPLE réunies"
DRAFT = "À remplir/Modalités d’évaluation.pdf"


@dataclass
class Renamed:
    space: Space
    number: str
    answers: dict[str, DropAnswered] = field(default_factory=dict)
    printed: tuple[FormIssued, ...] = ()
    again: tuple[FormIssued, ...] = ()
    tree: list[str] = field(default_factory=list)
    draft: bytes = b""
    messages: dict[str, EmailMessage] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.space.folder(self.number)

    def message(self) -> EmailMessage:
        (mail,) = (self.folder / "À envoyer").glob("Avis*.eml")
        read = email.message_from_bytes(mail.read_bytes(), policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


@pytest.fixture(scope="module")
def told(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renamed]:
    space = stages.copy("inscrit", tmp_path_factory.mktemp("renommée") / "espace")
    one = Renamed(space, space.numbers()[-1])
    number = one.number
    one.printed = space.case(number).issued

    # One grid has come; an avis, a bundle and a dossier des modalités are in people’s hands.
    assert space.hand_in(space.grid(number, "BDC1.1")).outcome == "accepted"
    avis, bundle = space.signed_avis(number), space.bundle(number, "BDC2")
    begun = space.filled(space.issued(number, "modalites"), {"consent/centre": "Yann EXEMPLE"})
    (one.folder / DRAFT).write_bytes(begun.read_bytes())
    one.draft = begun.read_bytes()
    assert [a.outcome for a in space.work()] == ["draft"]

    day = people.fr(space.today)
    name = {"question": "Nom d’usage, s’il diffère", "value": MARRIED, "day": day}
    assert space.ask(ActKind.CHANGE, number, **name).outcome == "accepted"
    one.again, one.tree = space.case(number).issued, space.tree(one.folder)
    one.messages["mariage"] = one.message()
    one.answers["liasse"] = space.hand_in(bundle)
    firm = {"question": "Raison sociale", "value": RENAMED, "day": day}
    assert space.ask(ActKind.CHANGE, number, **firm).outcome == "accepted"
    one.messages["entreprise"] = one.message()
    one.answers["avis"] = space.hand_in(avis)
    yield one
    space.close()


def page(told: Renamed, issued: FormIssued) -> str:
    text = words(told.space.office.originals.path(issued.sha256))
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_what_is_still_to_be_filled_is_printed_again_under_the_name_of_now_and_says_so(
    told: Renamed,
) -> None:
    before = {(i.form, i.part): i for i in told.printed}
    now = {(i.form, i.part): i for i in told.again}
    # The grid that came is asked for no more, so that nothing of it is printed again.
    assert before.keys() - now.keys() == {("grille", "BDC1.1")}
    for key, issued in now.items():
        assert issued.reprints == before[key].serial
        assert issued.path == before[key].path
        assert MARRIED in issued.values["header/candidate"]
        assert MARRIED in page(told, issued)
        assert "remplace le tirage précédent" in page(told, issued)
    for issued in before.values():
        assert "remplace le tirage" not in page(told, issued)
    history = told.space.history(told.number)
    assert f"{len(now)} formulaires imprimés de nouveau, dans « À remplir »" in history
    assert "restent lus s’ils reviennent" in history


def test_the_share_holds_the_new_prints_alone_and_the_draft_somebody_had_begun(
    told: Renamed,
) -> None:
    asked = [name for name in told.tree if name.startswith("À remplir/")]
    blanks = {i.path for i in told.again}
    assert {n for n in asked if "BROUILLON" not in n and "(2)" not in n} == blanks
    assert (told.folder / DRAFT).read_bytes() == told.draft
    beside = [n for n in asked if n.startswith(DRAFT.removesuffix(".pdf")) and "(" in n]
    assert beside, "the new blank stands beside the draft"


def test_the_message_to_the_company_is_written_again_and_carries_the_new_avis(
    told: Renamed,
) -> None:
    married, renamed = told.messages["mariage"], told.messages["entreprise"]
    assert MARRIED in str(married["Subject"])
    body = married.get_body(("plain",))
    assert body is not None
    assert MARRIED in body.get_content()
    (joined,) = married.iter_attachments()
    (avis,) = [i for i in told.again if i.form == "avis"]
    assert joined.get_payload(decode=True) == told.space.office.originals.get(avis.sha256)
    (last,) = [i for i in told.space.case(told.number).former if i.form == "avis"][-1:]
    (current,) = renamed.iter_attachments()
    printed = current.get_payload(decode=True)
    assert isinstance(printed, bytes)
    assert printed != told.space.office.originals.get(last.sha256)
    copy = told.folder.parent / "avis joint.pdf"
    copy.write_bytes(printed)
    assert RENAMED in words(copy)
    copy.unlink()


def test_the_folder_bears_the_name_of_now(told: Renamed) -> None:
    assert told.folder.name == f"{told.number} {MARRIED} Zoé"
    assert len(list(told.space.workspace.cases.iterdir())) == 1


def test_a_folder_that_people_renamed_keeps_their_name(stages: Stages, tmp_path: Path) -> None:
    space = stages.copy("inscrit", tmp_path / "espace")
    number = space.numbers()[-1]
    folder = space.folder(number)
    theirs = folder.rename(folder.with_name(f"{number} Zoé, atelier 2"))
    fixed = {"question": "Nom d’usage, s’il diffère", "value": MARRIED}
    day = people.fr(space.today)
    assert space.ask(ActKind.CHANGE, number, day=day, **fixed).outcome == "accepted"
    assert space.folder(number) == theirs
    space.close()


def test_what_was_in_peoples_hands_is_taken_when_it_comes(told: Renamed) -> None:
    for name in ("liasse", "avis"):
        answer = told.answers[name]
        assert answer.outcome == "accepted", answer
        assert any("ancien tirage" in one for one in answer.reasons), answer.reasons
    assert len(told.space.case(told.number).standing("avis")) == 1
    assert {d.part for d in told.space.case(told.number).standing("grille")} > {"BDC2.1"}
