"""Computed maybe twice, published once: deaths, failures, and what people do to the share."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from casefiles import store
from casefiles.answers.office_act import ActKind
from casefiles.documents import WAITING
from casefiles.errors import PackError
from casefiles.events import ParcheminNumbered, ProductRestored, Recorded, StepFailed
from casefiles.journal import Append
from tests.stories.answering import moved
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.office import Office
from watch.share import mirror
from watch.share.verification import FILE_NAME, LIST_FILE_NAME
from watch.steps import work

pytestmark = pytest.mark.long


class PowerCut(BaseException):
    """Not an Exception: nothing may catch it and go on."""


@contextmanager
def power_cut_at(
    monkeypatch: pytest.MonkeyPatch, holder: Any, name: str, call: int
) -> Iterator[None]:
    """The machine dies as that function is called for the n-th time."""
    real: Callable[..., Any] = getattr(holder, name)
    calls = 0

    def dying(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise PowerCut
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(holder, name, dying)
        with pytest.raises(PowerCut):
            yield


def everything_shown(space: Space) -> dict[str, str]:
    """Every file of the share with its content, but the board and the list of withdrawals with the
    page that holds it: they say when they were made.
    """
    share = space.workspace.share
    dated = {space.workspace.board, share / FILE_NAME, share / LIST_FILE_NAME}
    shown = {}
    for file in share.rglob("*"):
        if file.is_file() and file not in dated:
            shown[space.workspace.within(file)] = hashlib.sha256(file.read_bytes()).hexdigest()
    return shown


# Deaths


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_death_while_an_inscription_is_taken_in_leaves_all_of_it_or_nothing(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """The commits: the case with its receipt; the forms; what the share shows."""
    space = as_told("nouveau")
    inscription = space.inscription()
    space.drop(inscription, "inscription.pdf")
    holder, name = (
        (space.office.journal, "commit") if call < 3 else (space.office.journal, "note_published")
    )
    with power_cut_at(monkeypatch, holder, name, 1 if call == 3 else call):
        space.work()
    sha256 = hashlib.sha256(inscription.read_bytes()).hexdigest()
    assert sha256 in space.office.originals  # kept before anything is decided
    space.reopen()
    space.recover()
    (number,) = space.numbers()
    case = space.case(number)
    assert [d.sha256 for d in case.documents] == [sha256]
    assert len(case.issued) == 14
    assert not list(space.workspace.claims.iterdir())
    assert len(list(space.workspace.receipts.rglob("*.txt"))) == 1
    space.office.journal.verify()


def test_a_death_before_the_claim_is_ended_answers_the_drop_once(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    space.drop(space.grid(number, "BDC1.1"), "grille.pdf")
    with power_cut_at(monkeypatch, mirror, "show", 1):
        space.work()
    before = moved(space)
    assert len(space.case(number).standing("grille")) == 1
    space.reopen()
    space.recover()
    assert moved(space) == before
    assert len(list(space.workspace.receipts.rglob("*grille.pdf.txt"))) == 1
    assert "BDC1.1" in " ".join(space.tree(space.folder(number)))
    assert not list(space.workspace.claims.iterdir())


def test_a_death_between_the_number_and_the_drawing_gives_the_same_number(
    as_told: AsTold, signed_pv: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    space = as_told("en signature")
    number = space.numbers()[-1]
    space.drop(signed_pv["tous"], "pv.pdf")

    def dying(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setitem(work.EFFECTS, "parchemin", dying)
        with pytest.raises(PowerCut):
            space.work()
    delivery = space.case(number).delivery
    assert delivery is not None
    assert space.case(number).product("parchemin") is None
    space.reopen()
    space.recover()
    product = space.case(number).product("parchemin")
    assert product is not None
    assert product.facts["number"] == delivery.number
    register = space.office.journal.read(delivery.register_name)
    assert sum(isinstance(r.event, ParcheminNumbered) for r in register) == 1


def test_every_death_of_a_decision_gives_one_parchemin_and_the_same_end(
    as_told: AsTold, signed_pv: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power fails at each commit in turn, from the PV’s return to the signed parchemin."""
    deaths = 0
    for call in range(1, 20):
        space = as_told("en signature")
        number = space.numbers()[-1]
        space.drop(signed_pv["tous"], "pv.pdf")
        try:
            with power_cut_at(monkeypatch, space.office.journal, "commit", call):
                space.work()
        except pytest.fail.Exception:
            break  # the whole needed fewer commits than that
        deaths += 1
        space.reopen()
        space.recover()
        assert "Terminé : parchemin délivré" in space.to_do(number)
        (product,) = [p for p in space.case(number).products if p.product == "parchemin"]
        assert product.facts["number"].endswith("-00001")
        assert (space.folder(number) / product.path).is_file()
        space.office.journal.verify()
        space.close()
    assert deaths >= 4


def test_an_effect_computed_again_is_published_once(as_told: AsTold) -> None:
    """What the share was told is forgotten: everything is shown again, nothing twice."""
    space = as_told("décidé")
    number, reference = space.numbers()[-1], space.session().reference
    before, shown = space.office.journal.positions(), everything_shown(space)
    with space.office.journal.engine.begin() as connection:
        connection.execute(delete(store.published))
    for stream in before:
        work.advance(space.office, stream)
    assert space.office.journal.positions() == before
    assert everything_shown(space) == shown
    assert space.tree(space.folder(number))
    assert space.tree(space.folder(reference))


def test_the_same_effect_by_two_workers_is_recorded_once(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker does the step while the first has computed it and not yet recorded it."""
    space = as_told("complet")
    number = space.numbers()[-1]
    stream = f"dossier/{number}"
    space.hand_in(space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY"))
    (inscription,) = space.case(number).standing("inscription")
    real = work.EFFECTS["recapitulatif"]
    entered = False

    def both(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
        nonlocal entered
        mine = real(office, recorded)
        if not entered:
            entered = True
            work.advance(office, stream)
        return mine

    monkeypatch.setitem(work.EFFECTS, "recapitulatif", both)
    count = len(space.case(number).products)
    answer = space.act(
        ActKind.CORRECT, number, document=inscription.mark, question="Prénom", value="Zoë"
    )
    assert answer.outcome == "accepted"
    assert entered
    assert len(space.case(number).products) == count + 1


# Failures


class Clock:
    """The office’s time, moved by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def test_a_step_that_fails_is_tried_later_and_later_then_blocked_until_the_office_asks(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    stream = f"dossier/{number}"
    clock = Clock(space.office.clock())
    space.office.clock = clock

    def failing(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
        raise PackError("Le disque est plein.", "Faites de la place.")

    with monkeypatch.context() as patch:
        patch.setitem(work.EFFECTS, "recapitulatif", failing)
        space.complete(number)
        assert len(failures(space, stream)) == 1
        work.advance(space.office, stream)
        assert len(failures(space, stream)) == 1  # not before its time
        while len(failures(space, stream)) < 5:
            clock.at = failures(space, stream)[-1].retry_at
            assert stream in space.office.journal.due(clock.at)
            work.advance(space.office, stream)
        clock.at += timedelta(days=30)
        work.advance(space.office, stream)
    told = failures(space, stream)
    assert [f.attempt for f in told] == [1, 2, 3, 4, 5]
    assert stream not in space.office.journal.due(clock.at)
    to_do = space.to_do(number)
    assert "ÉTAPE BLOQUÉE" in to_do
    assert "Le disque est plein." in to_do
    assert "Relancer une étape bloquée" in to_do
    space.catch_up()
    assert "Étape bloquée" in space.workspace.board.read_text(encoding="utf-8")
    assert "essai 5" in space.history(number)

    assert space.act(ActKind.RETRY, number).outcome == "accepted"
    assert space.case(number).product("recapitulatif")
    assert "ÉTAPE BLOQUÉE" not in space.to_do(number)


def failures(space: Space, stream: str) -> list[StepFailed]:
    return [r.event for r in space.office.journal.read(stream) if isinstance(r.event, StepFailed)]


def test_each_delay_after_a_failure_is_longer_than_the_one_before(as_told: AsTold) -> None:
    settings = as_told("nouveau").office.settings
    delays = [settings.retry_delay(attempt) for attempt in range(1, 6)]
    assert delays == sorted(set(delays))


def test_a_fault_of_ours_tells_people_its_kind_and_nothing_personal(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]

    def failing(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
        raise ValueError("EXEMPLE-GONÇALVES")

    monkeypatch.setitem(work.EFFECTS, "recapitulatif", failing)
    space.complete(number)
    (failed,) = failures(space, f"dossier/{number}")
    assert "ValueError" in failed.error
    assert "ne vient pas de vous" in failed.error
    assert "GONÇALVES" not in failed.error


# What people do to the share


def restored(space: Space, stream: str) -> list[str]:
    events = (r.event for r in space.office.journal.read(stream))
    return [e.path for e in events if isinstance(e, ProductRestored)]


def test_a_missing_product_is_put_back_and_said(as_told: AsTold) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    recap = space.folder(number) / "Produits/Récapitulatif des évaluations.pdf"
    content = recap.read_bytes()
    recap.unlink()
    space.show(number)
    assert recap.read_bytes() == content
    assert restored(space, f"dossier/{number}") == ["Produits/Récapitulatif des évaluations.pdf"]
    assert "Document manquant remis à sa place" in space.history(number)
    space.show(number)
    assert len(restored(space, f"dossier/{number}")) == 1


def test_a_whole_folder_thrown_away_comes_back(as_told: AsTold) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    before = space.tree(space.folder(number))
    shutil.rmtree(space.folder(number))
    space.show(number)
    assert space.tree(space.folder(number)) == before


def test_what_people_write_themselves_is_never_overwritten_nor_removed(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    folder = space.folder(number)
    own = folder / "Mes notes.txt"
    own.write_text("Appeler le tuteur.", encoding="utf-8")
    beside = folder / "Produits" / "brouillon.docx"
    beside.parent.mkdir(exist_ok=True)
    beside.write_bytes(b"PK mes phrases")
    in_the_way = folder / "Produits/Récapitulatif des évaluations.pdf"
    in_the_way.write_bytes(b"le mien")
    to_do = folder / "RESTE À FAIRE.txt"
    to_do.write_text("J'ai tout fait moi-même.", encoding="utf-8")
    space.complete(number)
    assert own.read_text(encoding="utf-8") == "Appeler le tuteur."
    assert beside.read_bytes() == b"PK mes phrases"
    assert in_the_way.read_bytes() == b"le mien"
    (ours,) = [p for p in in_the_way.parent.glob("Récapitulatif*.pdf") if p != in_the_way]
    assert ours.read_bytes().startswith(b"%PDF")
    assert "Prêt pour un jury" in space.to_do(number)
    (notes,) = folder.glob("Notes - RESTE À FAIRE*.txt")
    assert notes.read_text(encoding="utf-8") == "J'ai tout fait moi-même."
    # Shown again and again, nothing more appears.
    tree = space.tree(folder)
    space.show(number)
    space.show(number)
    assert space.tree(folder) == tree
    # Even when the case ends and its folder moves.
    assert space.act(ActKind.ABANDON, number).outcome == "accepted"
    moved_to = space.folder(number)
    assert moved_to.parent == space.workspace.done
    assert (moved_to / "Mes notes.txt").read_text(encoding="utf-8") == "Appeler le tuteur."
    assert (moved_to / "Produits/brouillon.docx").is_file()


@pytest.mark.parametrize(
    "name",
    [
        "2026-0001 GONÇALVES Zoé - URGENT",
        "URGENT 2026-0001",
        "GONÇALVES Zoé (2026-0001)",
        "2026-0001",
        "Zoé_2026-0001_à voir",
    ],
)
def test_a_case_folder_staff_renamed_stays_the_folder_of_the_case(
    as_told: AsTold, name: str
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    renamed = space.workspace.cases / name.replace("2026-0001", number)
    space.folder(number).rename(renamed)
    grid = space.grid(number, "BDC1.1")
    (blank,) = [i for i in space.case(number).issued if i.part == "BDC1.1"]
    (renamed / blank.path).write_bytes(grid.read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted"
    assert [p.name for p in space.workspace.cases.iterdir()] == [renamed.name]
    assert [n for n in space.tree(renamed) if n.startswith("Reçus/Grille")]
    assert not restored(space, f"dossier/{number}")


def test_a_neighbours_number_is_not_mistaken_for_the_case(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    neighbour = space.workspace.cases / f"{number}7 quelqu’un d’autre"
    neighbour.mkdir()
    other = space.workspace.cases / f"1{number} archives"
    other.mkdir()
    space.show(number)
    assert not list(neighbour.iterdir())
    assert not list(other.iterdir())


def test_a_waiting_document_leaves_the_case_open_and_the_mirror_alone(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    space.hand_in(space.signed_avis(number, "inconnu"))
    assert [d.standing for d in space.case(number).waiting()] == [WAITING[0]]
    (shown,) = [n for n in space.tree(space.folder(number)) if "(à confirmer)" in n]
    assert shown.startswith("Reçus/Avis")
