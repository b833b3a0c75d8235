"""`parchemin doctor`: what will hurt later is planted, found, and said with its remedy."""

import shutil
import subprocess
from collections import namedtuple
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from casefiles.errors import ParcheminError, SettingsError, UnreadableFile
from tests.pki import ServedAuthority
from tests.stories.space import also_trust, rewrite
from watch.cli import main
from watch.commands.checks import Check, Look, inside, machine, trust
from watch.confinement.sandbox import InForce, Sandbox
from watch.doors import hints
from watch.office import Office, now, open_office
from watch.reception.trial import open_for_work
from watch.service.daemon import run
from watch.service.dispatch import Calls
from watch.share.founding import create
from watch.share.workspace import Workspace, locate

pytestmark = pytest.mark.usefixtures("one_fork_server")

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    found = locate(tmp_path / "Partage", environment={})
    create(found, demo_keys=True, at=now())
    return found


def office(space: Workspace, *, at: datetime | None = None) -> Office:
    return open_office(space, clock=(lambda: at) if at else now)


def one(look: Look, asked: Office, what: str = "") -> Check:
    """The check of that name, by that look; the only one without a name."""
    (found,) = [check for check in look(asked) if what in check.what]
    assert found.said.endswith(".")
    return found


def test_a_new_space_is_well_on_every_count(space: Workspace) -> None:
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(main, ["doctor", str(space.share)])
    assert answer.exit_code == 0, answer.stdout
    for said in ("Partage", "Événements", "Bureau", "4 Jurys", "côté privé", "Horloge", "Cachet",
                 "Autorités", "Horodatage", "Courriel", "Disque privé"):  # fmt: skip
        assert f"✓  {said}" in answer.stdout or said in answer.stdout
    assert "sous [organisme]" in answer.stdout


def test_a_folder_that_cannot_be_written_is_named_with_its_remedy(space: Workspace) -> None:
    space.receipts.rmdir()
    found = one(machine.share, office(space))
    assert not found.good
    assert "« Accusés de réception », car un de ses dossiers manque : rendez-lui" in found.said


def test_a_share_mounted_read_only_is_said_so(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, data: bytes) -> int:
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert "monté en lecture seule" in one(machine.share, office(space)).said


def test_an_event_is_seen_where_the_system_gives_some(space: Workspace) -> None:
    assert one(machine.events, office(space)).said == "Vus : un dépôt est remarqué aussitôt."


def test_where_no_event_comes_the_share_is_said_to_be_polled(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watch.doors.hints._EVENTS", [hints.DirMovedEvent])
    monkeypatch.setattr(hints.sees_events, "__defaults__", (0.3,))
    found = one(machine.events, office(space))
    assert found.good
    assert "vus au balayage, toutes les 60 s" in found.said


@pytest.fixture
def from_afar(tmp_path: Path) -> Iterator[Path]:
    """A folder mounted by FUSE over another, as another machine’s share would be."""
    (far := tmp_path / "serveur").mkdir()
    (here := tmp_path / "monté").mkdir()
    subprocess.run(["bindfs", far, here], check=True)
    yield here
    subprocess.run(["fusermount", "-u", here], check=True)


def test_a_share_of_another_machine_is_said_to_be_polled_for_others(from_afar: Path) -> None:
    space = locate(from_afar / "Partage", from_afar.parent / "privé", environment={})
    create(space, demo_keys=False, at=now())
    found = one(machine.events, office(space))
    assert found.good
    assert "de loin (fuse" in found.said
    assert "ce que déposent d’autres postes est vu au balayage" in found.said


def test_a_system_out_of_events_is_told_which_bounds_to_raise(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchdog.observers.api.BaseObserver.start", refuse)
    found = one(machine.events, office(space))
    assert not found.good
    assert "fs.inotify.max_user_watches" in found.said


@pytest.mark.parametrize(
    ("folder", "mode", "words"),
    [("Bureau", 0o772, "y écrire"), ("4 Jurys", 0o774, "le lire, délibérations")],
)
def test_rights_too_wide_are_said_with_what_they_allow(
    space: Workspace, folder: str, mode: int, words: str
) -> None:
    (space.share / folder).chmod(mode)
    found = one(machine.rights, office(space), folder)
    assert not found.good
    assert words in found.said
    assert "chmod o-rwx" in found.said


def test_a_private_side_or_a_key_that_others_read_is_named(
    space: Workspace, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "coffre.p12"
    shutil.copy(next(space.keys.rglob("of.p12")), elsewhere)
    elsewhere.chmod(0o644)
    space.private.chmod(0o755)
    rewrite(
        space.settings_file,
        lambda text: text.replace(next(t for t in text.split('"') if t.endswith("of.p12")),
                                  str(elsewhere)),
    )  # fmt: skip
    found = one(machine.rights, office(space), "privé")
    assert not found.good
    assert "« Partage.prive », « coffre.p12 »" in found.said


def test_a_clock_that_is_not_the_shares_is_said(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watch.commands.checks.machine.time.time", lambda: 0.0)
    found = one(machine.clock, office(space))
    assert not found.good
    assert "NTP" in found.said


def test_a_disk_nearly_full_is_said_before_everything_waits(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 300 * 10**6))
    assert {check.good for check in machine.disks(office(space))} == {False}
    assert "que 300 Mo : faites de la place" in one(machine.disks, office(space), "privé").said


def test_a_key_about_to_end_or_with_another_passphrase_is_said(space: Workspace) -> None:
    soon = office(space).seal_key.not_after - timedelta(days=10)
    assert "demandez son renouvellement" in one(trust.keys, office(space, at=soon), "Cachet").said
    phrase = next(space.keys.rglob("of.phrase"))
    phrase.write_text("une autre")
    found = one(trust.keys, office(space), "Cachet")
    assert not found.good
    assert "phrase secrète inexacte" in found.said


def test_an_authority_that_ends_or_cannot_be_read_is_named(
    space: Workspace, authority_root: Path, tmp_path: Path
) -> None:
    also_trust(space.settings_file, authority_root)
    assert one(trust.authorities, office(space)).said == "2, en cours de validité."
    late = datetime(2099, 1, 1, tzinfo=UTC)
    said = [check.said for check in trust.authorities(office(space, at=late))]
    assert all("a expiré le" in one and "« autorites »" in one for one in said)
    assert len(said) == 2
    (broken := tmp_path / "cassée.pem").write_text("rien")
    also_trust(space.settings_file, broken)
    assert "« cassée.pem »" in one(trust.authorities, office(space)).said


def test_lists_that_cannot_be_verified_are_said(space: Workspace) -> None:
    (space.private / "listes").mkdir()
    rewrite(space.settings_file, lambda text: text.replace("# listes =", "listes ="))
    assert "eu-lotl.xml" in one(trust.lists, office(space)).said
    (space.private / "listes" / "eu-lotl.xml").write_text("<rien/>")
    found = one(trust.lists, office(space))
    assert not found.good
    assert "Téléchargez-la de nouveau." in found.said


def asks_for_time(space: Workspace, address: str) -> None:
    rewrite(
        space.settings_file,
        lambda text: text.replace('horodatage = ""', f'horodatage = "{address}"'),
    )


def test_the_time_stamping_service_is_asked_and_its_clock_compared(
    space: Workspace, served: ServedAuthority
) -> None:
    asks_for_time(space, served.tsa_url)
    good = one(trust.time_stamps, office(space))
    assert good == Check(
        what="Horodatage", good=True, said="Le service répond, et son heure est la nôtre."
    )
    apart = one(trust.time_stamps, office(space, at=now() - timedelta(minutes=10)))
    assert not apart.good
    assert "NTP" in apart.said
    with served.time_stamping_stopped():
        silent = one(trust.time_stamps, office(space))
    assert not silent.good
    assert "vérifiez l’adresse, le réseau" in silent.said


def test_a_level_that_needs_a_service_nobody_set_is_said(space: Workspace) -> None:
    rewrite(space.settings_file, lambda text: text.replace('niveau = "B-B"', 'niveau = "B-LT"'))
    found = one(trust.time_stamps, office(space))
    assert not found.good
    assert "Le niveau B-LT en demande un" in found.said


def test_it_says_that_nothing_here_sends_mail(space: Workspace) -> None:
    assert "Parchemin n’envoie rien" in one(inside.mail, office(space)).said
    rewrite(
        space.settings_file, lambda text: text.replace('courriel = ""', 'courriel = "a@b.invalid"')
    )
    assert "[organisme]" not in one(inside.mail, office(space)).said


@pytest.mark.parametrize("lost", ["network", "files", "calls"])
def test_a_kernel_that_confines_less_is_said(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    held = {"network": True, "files": True, "calls": True} | {lost: False}
    monkeypatch.setattr(Sandbox, "in_force", lambda _: InForce(**held))
    found = one(inside.sandbox, office(space))
    assert not found.good
    assert found.said.count("ouvert") == 1
    assert "Landlock" in found.said


def test_a_sandbox_that_cannot_open_a_sound_form_is_said_before_every_drop_is_refused(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = office(space)
    assert one(inside.sandbox, asked).good
    # What a Python outside of its own environment comes to: its libraries may not be read.
    monkeypatch.setattr("watch.confinement.sandbox.Sandbox.run", unreadable)
    found = one(inside.sandbox, asked)
    assert not found.good
    assert "son propre environnement Python" in found.said
    assert not list(space.scratch.iterdir())


def test_no_worker_begins_where_the_sandbox_cannot_open_a_sound_form(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_for_work(space)
    opened.journal.engine.dispose()
    monkeypatch.setattr("watch.confinement.sandbox.Sandbox.run", unreadable)
    with pytest.raises(SettingsError, match="tout dépôt serait refusé"):
        open_for_work(space)


def test_the_service_refuses_to_start_and_says_why(space: Workspace) -> None:
    """As it would where its libraries may not be read: every worker finds it out as it opens."""
    calls = Calls(opener="tests.commands.test_doctor:opened_where_nothing_is_read")
    with pytest.raises(ParcheminError, match="tout dépôt serait refusé"):
        run(space, once=True, calls=calls)


def opened_where_nothing_is_read(workspace: Workspace) -> Office:
    Sandbox.run = unreadable  # type: ignore[method-assign, assignment]
    return open_for_work(workspace)


def unreadable(*_: object, **__: object) -> dict[str, object]:
    raise UnreadableFile("Ce fichier est abîmé.", "")
