"""Each sentence `parchemin doctor --deep` can say of a drop, a number or the share, planted once.

`test_deep` plants what somebody does to disk and database; here the journal itself, its chains
whole, tells of what must never be: the checker believes nobody’s care, ours neither.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from casefiles.events import (
    CaseOpened,
    DropAnswered,
    Event,
    ParcheminNumbered,
    ParcheminSigned,
    ProductIssued,
)
from casefiles.journal import Append
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_deep import leave_a_claim
from watch.commands.deep import prove

pytestmark = pytest.mark.long

E = TypeVar("E", ParcheminNumbered, ParcheminSigned)


def told(space: Space, stream: str, *events: Event) -> None:
    """So many events more, committed and shown like any other."""
    journal = space.office.journal
    after, (_, files) = len(journal.read(stream)), journal.published(stream)
    folder = journal.folder(stream)
    journal.commit(Append(stream=stream, after=after, events=events))
    journal.note_published(stream, after + len(events), files, folder=folder)


def register(space: Space) -> str:
    held = space.case().delivery
    assert held is not None
    return held.register_name


def a_drop(space: Space) -> tuple[str, DropAnswered]:
    """One that was accepted into the case, and its receipt."""
    for stream in sorted(space.office.journal.positions()):
        event = space.office.journal.read(stream)[0].event
        if isinstance(event, DropAnswered) and event.stream.startswith("dossier/"):
            return stream, event
    raise AssertionError("nothing was dropped")


def the_only(space: Space, stream: str, kind: type[E]) -> E:
    (found,) = (r.event for r in space.office.journal.read(stream) if isinstance(r.event, kind))
    return found


def a_second_number_for_the_same_case(space: Space) -> None:
    first = the_only(space, register(space), ParcheminNumbered)
    told(space, "registre/P-AUTRE", first.model_copy(update={"number": "P-AUTRE"}))


def a_parchemin_signed_twice(space: Space) -> None:
    told(space, register(space), the_only(space, register(space), ParcheminSigned))


def a_case_opened_twice(space: Space) -> None:
    stream = f"dossier/{space.numbers()[-1]}"
    opened = space.office.journal.read(stream)[0].event
    assert isinstance(opened, CaseOpened)
    told(space, "dossier/2020-0001", opened)


def another_parchemin_than_the_one_signed(space: Space) -> None:
    stream = f"dossier/{space.numbers()[-1]}"
    events = (one.event for one in space.office.journal.read(stream))
    (made,) = (e for e in events if isinstance(e, ProductIssued) and e.product == "parchemin")
    told(space, stream, made.model_copy(update={"sha256": space.case().documents[0].sha256}))


def a_drop_answered_twice(space: Space) -> None:
    stream, answer = a_drop(space)
    told(space, stream, answer)


def a_receipt_for_what_was_filed_nowhere(space: Space) -> None:
    stream, answer = a_drop(space)
    nowhere = {
        "sha256": space.office.originals.put(b"jamais rang\xc3\xa9"),
        "document": "D-AAAAAAAA",
    }
    told(space, f"{stream[:-8]}{'0' * 8}", answer.model_copy(update=nowhere))


def a_drop_that_had_no_receipt(space: Space) -> None:
    stream, _ = a_drop(space)
    position, _ = space.office.journal.published(stream)
    space.office.journal.note_published(stream, position, {})


def a_product_never_shown(space: Space) -> None:
    stream = f"dossier/{space.numbers()[-1]}"
    journal = space.office.journal
    (position, files), folder = journal.published(stream), journal.folder(stream)
    kept = {path: sha256 for path, sha256 in files.items() if "Parchemin" not in path}
    assert len(kept) < len(files)
    journal.note_published(stream, position, kept, folder=folder)


def a_move_the_share_does_not_show(space: Space) -> None:
    stream, journal = f"dossier/{space.numbers()[-1]}", space.office.journal
    position, files = journal.published(stream)
    journal.note_published(stream, position, files, folder=journal.folder(stream))
    again = journal.read(stream)[-1].event
    journal.commit(Append(stream=stream, after=position, events=(again,)))


def an_answered_claim_left_there(space: Space) -> None:
    leave_a_claim(space)
    stream, answer = a_drop(space)
    claims = space.workspace.claims
    for one in list(claims.iterdir()):
        suffix = ".json" if one.suffix == ".json" else ""
        one.rename(claims / f"{stream.removeprefix('depot/')}{suffix}")
    assert answer.stream


def a_product_whose_bytes_are_gone(space: Space) -> None:
    made = space.case().product("parchemin")
    assert made is not None
    space.office.originals.path(made.sha256).unlink()


def a_file_written_after_its_answer(space: Space) -> None:
    folder = space.workspace.ended / f"20260307T000000000000-00000000.{'0' * 64}"
    folder.mkdir(parents=True)
    (folder / "scan.pdf").write_bytes(b"%PDF- et la fin")


PLANTED: dict[Callable[[Space], None], str] = {
    a_second_number_for_the_same_case: "Ce dossier a reçu un numéro de parchemin plus d’une fois.",
    a_parchemin_signed_twice: "Ce parchemin a été signé plus d’une fois.",
    a_case_opened_twice: "Ce numéro de dossier a été donné plus d’une fois.",
    another_parchemin_than_the_one_signed: "n’est pas celui que le registre dit signé.",
    a_drop_answered_twice: "Un dépôt a reçu plus d’une réponse.",
    a_receipt_for_what_was_filed_nowhere: "où ce dépôt n’a rien inscrit.",
    a_drop_that_had_no_receipt: "Ce dépôt n’a jamais eu d’accusé.",
    a_product_never_shown: "» n’a jamais été montré.",
    a_move_the_share_does_not_show: "Le partage ne montre pas encore la dernière ligne du journal.",
    an_answered_claim_left_there: "Un dépôt est répondu mais pas rangé.",
    a_product_whose_bytes_are_gone: "n’est plus gardé.",
    a_file_written_after_its_answer: "a été écrit après son accusé",
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_what_must_never_be_is_said(as_told: AsTold, plant: Callable[[Space], None]) -> None:
    space = as_told("décidé")
    plant(space)
    said = [fault.said for fault in prove(space.office)]
    assert [one for one in said if PLANTED[plant] in one], said


def test_a_claim_of_a_moment_ago_is_nobodys_fault(as_told: AsTold) -> None:
    """It is being worked on: the proof may be asked for while the watch goes on."""
    space = as_told("décidé")
    leave_a_claim(space)
    clock = space.office.clock
    space.office.clock = lambda: clock() - timedelta(days=1) + timedelta(minutes=1)
    assert list(prove(space.office)) == []
