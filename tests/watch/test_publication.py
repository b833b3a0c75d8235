import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from watch.share import publication, workshop
from watch.share.publication import digest, digest_of, move_beside, publish, tidy, withdraw

OURS, THEIRS, NEW = b"le notre", b"le leur", b"le nouveau"


@pytest.fixture(autouse=True)
def staging(tmp_path: Path) -> Path:
    """Where files are prepared: there before anything is published."""
    found = tmp_path / "atelier"
    found.mkdir()
    return found


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., publication.Published]:
    def put(content: bytes, *replacing: bytes) -> publication.Published:
        return publish(
            tmp_path / "dossier" / "avis.pdf",
            content,
            staging=tmp_path / "atelier",
            replacing=[digest(one) for one in replacing],
        )

    return put


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_a_file_appears_whole_and_leaves_nothing_behind(tmp_path: Path, place) -> None:
    found = place(OURS)
    assert (found.changed, found.displaced) == (True, False)
    assert contents(tmp_path / "dossier") == {"avis.pdf": OURS}
    assert contents(tmp_path / "atelier") == {}


def test_the_same_content_again_changes_nothing(tmp_path: Path, place) -> None:
    place(OURS)
    before = (tmp_path / "dossier" / "avis.pdf").stat()
    assert not place(OURS).changed
    assert (tmp_path / "dossier" / "avis.pdf").stat() == before


def test_what_we_published_is_replaced_by_what_we_publish_next(tmp_path: Path, place) -> None:
    place(OURS)
    assert not place(NEW, OURS).displaced
    assert contents(tmp_path / "dossier") == {"avis.pdf": NEW}
    assert contents(tmp_path / "atelier") == {}


def test_what_somebody_saved_there_stays_and_ours_stands_beside(tmp_path: Path, place) -> None:
    place(OURS)
    (tmp_path / "dossier" / "avis.pdf").write_bytes(THEIRS)
    found = place(NEW, OURS)
    assert found.displaced
    assert contents(tmp_path / "dossier") == {"avis.pdf": THEIRS, "avis (2).pdf": NEW}


def test_what_is_saved_between_the_look_and_the_replacement_is_not_lost(
    tmp_path: Path, place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(OURS)
    target = tmp_path / "dossier" / "avis.pdf"
    replace = os.replace

    def save_first(source: Path, destination: Path) -> None:
        target.write_bytes(THEIRS)
        replace(source, destination)

    monkeypatch.setattr(publication.os, "replace", save_first)
    place(NEW, OURS)
    assert contents(tmp_path / "dossier") == {"avis.pdf": NEW, "avis (2).pdf": THEIRS}


def test_a_share_without_hard_links_is_served_too(
    tmp_path: Path, place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(publication.os, "link", refuse)
    place(OURS)
    place(NEW, OURS)
    place(OURS)
    assert contents(tmp_path / "dossier") == {"avis.pdf": NEW, "avis (2).pdf": OURS}


def test_only_our_own_untouched_file_is_withdrawn(tmp_path: Path, place) -> None:
    target = place(OURS).path
    target.write_bytes(THEIRS)
    assert not withdraw(target, holding=[digest(OURS)], staging=tmp_path / "atelier")
    assert target.exists()
    target.write_bytes(OURS)
    assert withdraw(target, holding=[digest(OURS)], staging=tmp_path / "atelier")
    assert not target.exists()


def test_a_link_is_moved_as_it_stands_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(THEIRS)
    (tmp_path / "lien").symlink_to(tmp_path / "secret")
    moved = move_beside(tmp_path / "lien", tmp_path / "ailleurs", "lien")
    assert moved.is_symlink()
    assert digest_of(moved) == ""
    assert (tmp_path / "secret").read_bytes() == THEIRS


# Deaths between two halves, and people who save at that very moment


def test_a_file_saved_as_ours_is_withdrawn_comes_back_to_its_place(
    tmp_path: Path, staging: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(OURS)
    real = Path.rename

    def saved_meanwhile(self: Path, to: Path) -> Path:
        if self == target:
            self.write_bytes(b"enregistr\xe9 \xe0 l'instant")
        return real(self, to)

    monkeypatch.setattr(Path, "rename", saved_meanwhile)
    assert not withdraw(target, holding=[digest(OURS)], staging=staging)
    assert target.read_bytes() == b"enregistr\xe9 \xe0 l'instant"
    assert not list(staging.iterdir())


def test_a_file_somebody_still_writes_is_not_withdrawn(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(OURS)
    with target.open("r+b") as writer:
        assert not withdraw(target, holding=[digest(OURS)], staging=tmp_path / "atelier")
        writer.write(b"la suite")
    assert target.read_bytes().startswith(b"la suite")


def test_what_a_death_left_aside_goes_if_ours_and_is_dropped_if_somebodys(
    tmp_path: Path, staging: Path
) -> None:
    inbox = tmp_path / "dépôt"
    (staging / f"01.{digest(OURS)}.avant").write_bytes(OURS)
    (staging / f"02.{digest(OURS)}.avant").write_bytes(b"celui de quelqu'un")
    (staging / "03.tmp").write_bytes(b"une moiti\xe9")
    assert tidy(staging, inbox) == 1
    assert not list(staging.iterdir())
    assert [p.read_bytes() for p in inbox.iterdir()] == [b"celui de quelqu'un"]


def test_a_move_cut_between_its_halves_is_ended_and_not_begun_again(tmp_path: Path) -> None:
    source, folder = tmp_path / "réclamé.pdf", tmp_path / "à corriger"
    folder.mkdir()
    source.write_bytes(OURS)
    os.link(source, folder / "lettre.pdf")
    assert move_beside(source, folder, "lettre.pdf") == folder / "lettre.pdf"
    assert [p.name for p in folder.iterdir()] == ["lettre.pdf"]
    assert not source.exists()


# A workshop that another has done away with


@pytest.mark.parametrize("standing", [None, OURS, THEIRS])
@pytest.mark.parametrize("links", [True, False])
def test_whoever_lost_the_workshop_puts_nothing_in_place(
    tmp_path: Path,
    staging: Path,
    place,
    monkeypatch: pytest.MonkeyPatch,
    standing: bytes | None,
    links: bool,
) -> None:
    """At the last instant: what was prepared is one rename away from its place."""
    target = tmp_path / "dossier" / "avis.pdf"
    target.parent.mkdir()
    if standing is not None:
        target.write_bytes(standing)
    before = contents(target.parent)
    real = publication._write

    def then_another_comes(staged: Path, content: bytes | Path) -> None:
        real(staged, content)
        workshop.do_away_with(staging, tmp_path / "dépôt")

    monkeypatch.setattr(publication, "_write", then_another_comes)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(FileNotFoundError):
        place(NEW, OURS)
    assert contents(target.parent) == before


def no_links(source: Path, target: Path, **_: object) -> None:
    raise PermissionError(source)


def test_whoever_lost_the_workshop_takes_nothing_away(tmp_path: Path, staging: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(OURS)
    workshop.do_away_with(staging, tmp_path / "dépôt")
    assert not withdraw(target, holding=[digest(OURS)], staging=staging)
    assert target.read_bytes() == OURS


def test_what_its_owner_puts_there_meanwhile_goes_too(
    tmp_path: Path, staging: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (staging / "01.tmp").write_bytes(OURS)
    real, put = publication.tidy, []

    def one_more(place: Path, inbox: Path) -> int:
        found = real(place, inbox)
        if not put:
            put.append(True)
            (staging / f"02.{digest(OURS)}.avant").write_bytes(THEIRS)
        return found

    monkeypatch.setattr(publication, "tidy", one_more)
    assert workshop.do_away_with(staging, tmp_path / "dépôt") == 1
    assert not staging.exists()
    assert [p.read_bytes() for p in (tmp_path / "dépôt").iterdir()] == [THEIRS]


@pytest.mark.parametrize("errno_", [errno.EACCES, errno.EPERM])
def test_what_people_keep_for_themselves_is_another_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, errno_: int
) -> None:
    file = tmp_path / "grille.pdf"
    file.write_bytes(b"une grille")
    monkeypatch.setattr(os, "open", refusing(file, errno_))
    assert digest_of(file) == ""


def test_what_leaves_while_it_is_looked_at_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "grille.pdf"
    file.write_bytes(b"une grille")
    monkeypatch.setattr(os, "open", refusing(file, errno.ENOENT))
    assert digest_of(file) is None


def test_a_share_that_fails_is_no_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "grille.pdf"
    file.write_bytes(b"une grille")
    monkeypatch.setattr(os, "open", refusing(file, errno.EIO))
    with pytest.raises(OSError, match="EIO"):
        digest_of(file)


def refusing(file: Path, errno_: int) -> Callable[..., int]:
    opened = os.open

    def refuse(path: str | Path, *asked: int, **also: int) -> int:
        if path == file:
            raise OSError(errno_, errno.errorcode[errno_], str(path))
        return opened(path, *asked, **also)  # type: ignore[arg-type]

    return refuse
