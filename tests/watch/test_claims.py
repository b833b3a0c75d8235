import os
from pathlib import Path

import pytest

from casefiles.errors import UnreadableFile
from casefiles.originals import Originals
from casefiles.system import being_written
from tests.watch.conftest import AT
from watch.doors import claims
from watch.doors.claims import Claim
from watch.doors.inbox import Seen, scan
from watch.share.workspace import Workspace


@pytest.fixture
def originals(workspace: Workspace) -> Originals:
    return Originals(workspace.originals)


def drop(folder: Path, name: str, content: bytes = b"contenu") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def claimed(workspace: Workspace) -> Claim:
    (seen,) = scan(workspace)
    taken = claims.claim(workspace, seen, AT)
    assert taken is not None
    return taken


def nothing_claimed(workspace: Workspace) -> bool:
    return not list(workspace.claims.iterdir())


def test_a_claimed_file_leaves_the_inbox_and_remembers_where_it_came_from(
    workspace: Workspace,
) -> None:
    file = drop(workspace.drop_here / "lot 3", "avis signé.pdf")
    taken = claimed(workspace)
    assert not file.exists()
    assert taken.file.read_bytes() == b"contenu"
    assert (taken.name, taken.door, taken.place) == (
        "avis signé.pdf",
        "inbox",
        "1 À déposer ici/lot 3",
    )
    assert list(claims.pending(workspace)) == [taken]


def test_a_file_saved_in_place_is_copied_and_stays_where_it_is(
    workspace: Workspace, originals: Originals
) -> None:
    file = drop(workspace.cases / "2026-0001" / "À remplir", "grille.pdf")
    taken = claimed(workspace)
    assert taken.in_place
    assert file.read_bytes() == taken.file.read_bytes()
    claims.finish(workspace, taken, originals)
    assert file.exists()
    assert nothing_claimed(workspace)


def test_a_finished_claim_goes_only_because_its_bytes_are_kept(
    workspace: Workspace, originals: Originals
) -> None:
    drop(workspace.drop_here, "avis.pdf")
    taken = claimed(workspace)
    sha256 = claims.stable_copy(taken, originals)
    assert claims.finish(workspace, taken, originals) is None
    assert originals.get(sha256) == b"contenu"
    assert nothing_claimed(workspace)


def test_what_a_late_writer_added_after_the_claim_is_a_new_drop(
    workspace: Workspace, originals: Originals
) -> None:
    file = drop(workspace.drop_here, "avis.pdf")
    with file.open("ab") as late:
        taken = claimed(workspace)
        claims.stable_copy(taken, originals)
        late.write(b", et la suite")
    moved = claims.finish(workspace, taken, originals)
    assert moved == workspace.drop_here / "avis.pdf"
    assert moved.read_bytes() == b"contenu, et la suite"
    assert nothing_claimed(workspace)


def test_a_file_that_keeps_moving_is_not_taken_for_whole(
    workspace: Workspace, originals: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(workspace.drop_here, "avis.pdf")
    taken = claimed(workspace)
    put = originals.put

    def write_meanwhile(content: bytes | Path) -> str:
        sha256 = put(content)
        with taken.file.open("ab") as late:
            late.write(b"+")
        return sha256

    monkeypatch.setattr(originals, "put", write_meanwhile)
    with pytest.raises(UnreadableFile, match="en cours d’écriture"):
        claims.stable_copy(taken, originals)


def test_a_link_and_a_pipe_end_in_a_corriger_unopened(
    workspace: Workspace, originals: Originals, tmp_path: Path
) -> None:
    secret = drop(tmp_path / "dehors", "secret.pdf", b"secret")
    (workspace.drop_here / "lien.pdf").symlink_to(secret)
    os.mkfifo(workspace.drop_here / "tube")
    for seen in scan(workspace):
        taken = claims.claim(workspace, seen, AT)
        assert taken is not None
        assert taken.refusal
        with pytest.raises(UnreadableFile):
            claims.stable_copy(taken, originals)
        claims.finish(workspace, taken, originals)
    assert {p.name for p in workspace.to_correct.iterdir()} == {"lien.pdf", "tube"}
    assert not [p for p in workspace.originals.rglob("*") if p.is_file()]
    assert nothing_claimed(workspace)


def test_a_file_we_may_not_read_is_said_to_be_so(
    workspace: Workspace, originals: Originals, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(workspace.drop_here, "fermé.pdf")
    monkeypatch.setattr(claims.os, "access", lambda *_: False)
    taken = claimed(workspace)
    assert "droit de lire" in taken.refusal
    assert claims.finish(workspace, taken, originals) == workspace.to_correct / "fermé.pdf"


def test_a_file_that_vanished_is_not_claimed(workspace: Workspace) -> None:
    file = drop(workspace.drop_here, "avis.pdf")
    (seen,) = scan(workspace)
    file.unlink()
    assert claims.claim(workspace, seen, AT) is None
    assert nothing_claimed(workspace)


def test_a_file_saved_again_during_the_copy_is_not_claimed(workspace: Workspace) -> None:
    file = drop(workspace.cases / "2026-0001" / "À remplir", "grille.pdf")
    (seen,) = scan(workspace)
    file.write_bytes(b"encore un mot")
    assert claims.claim(workspace, seen, AT) is None
    assert file.read_bytes() == b"encore un mot"
    assert nothing_claimed(workspace)


class PowerCut(Exception):
    pass


def test_a_crash_just_before_the_move_leaves_the_file_in_the_inbox(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = drop(workspace.drop_here, "avis.pdf")
    (seen,) = scan(workspace)

    def cut(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", cut)
        with pytest.raises(PowerCut):
            claims.claim(workspace, seen, AT)
    assert list(claims.pending(workspace)) == []
    assert nothing_claimed(workspace)
    assert file.read_bytes() == b"contenu"


def test_a_crash_just_after_the_move_leaves_the_claim_to_be_found_again(
    workspace: Workspace,
) -> None:
    drop(workspace.office, "demande.pdf")
    taken = claimed(workspace)
    (found,) = claims.pending(workspace)
    assert (found.door, found.origin, found.file) == ("bureau", "Bureau/demande.pdf", taken.file)


def test_a_claim_whose_note_was_lost_keeps_its_file_and_loses_its_rights(
    workspace: Workspace,
) -> None:
    drop(workspace.office, "demande.pdf")
    taken = claimed(workspace)
    (workspace.claims / f"{taken.id}.json").unlink()
    (found,) = claims.pending(workspace)
    assert (found.door, found.name) == ("inbox", "demande.pdf")


def test_two_claims_of_one_instant_do_not_meet(workspace: Workspace) -> None:
    drop(workspace.drop_here, "a.pdf", b"A")
    drop(workspace.drop_here / "autre", "a.pdf", b"B")
    both: list[Seen] = scan(workspace)
    taken = [claims.claim(workspace, seen, AT) for seen in both]
    assert {one.file.read_bytes() for one in taken if one} == {b"A", b"B"}


def test_a_name_no_alphabet_holds_is_still_claimed_and_told(workspace: Workspace) -> None:
    raw = os.fsencode(workspace.drop_here) + b"/avis\xff.pdf"
    with open(raw, "wb") as out:
        out.write(b"contenu")
    taken = claimed(workspace)
    assert taken.name == "avis?.pdf"
    assert list(claims.pending(workspace)) == [taken]


def test_a_file_still_open_for_writing_is_known_to_be(workspace: Workspace) -> None:
    file = drop(workspace.drop_here, "avis.pdf")
    with file.open("ab"):
        assert being_written(file)
    assert not being_written(file)
    assert not being_written(workspace.drop_here / "absent.pdf")
