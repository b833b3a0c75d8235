import stat
from pathlib import Path

import pytest

from casefiles.errors import SettingsError, SpaceHeld
from tests.watch.conftest import AT
from watch.settings import load_settings
from watch.share.founding import create
from watch.share.workspace import Workspace, locate


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_space_shows_its_folders_and_keeps_its_secrets_apart(workspace: Workspace) -> None:
    assert {p.name for p in workspace.share.iterdir() if not p.name.startswith(".")} == {
        "1 À déposer ici",
        "2 Dossiers en cours",
        "3 À corriger",
        "4 Jurys",
        "5 Terminés",
        "Formulaires vierges",
        "Bureau",
        "Accusés de réception",
        "LISEZ-MOI.txt",
    }
    assert workspace.private == workspace.share.with_name("espace.prive")
    assert mode(workspace.private) == 0o700
    assert mode(workspace.imprint_key) == 0o600
    assert len(workspace.imprint_key.read_bytes()) == 32
    assert mode(workspace.office) & 0o007 == 0
    assert mode(workspace.juries) & 0o007 == 0
    assert load_settings(workspace.settings_file).certifications == ("cqpm-tmp",)
    assert workspace.is_present()


def test_preparing_again_only_adds_what_is_missing(workspace: Workspace) -> None:
    key = workspace.imprint_key.read_bytes()
    workspace.settings_file.write_text("certifications = []\n", encoding="utf-8")
    workspace.read_me.write_text("Nos propres mots.", encoding="utf-8")
    workspace.blanks.rmdir()
    made = create(workspace, demo_keys=False, at=AT).made
    assert made == (workspace.blanks,)
    assert workspace.imprint_key.read_bytes() == key
    assert workspace.read_me.read_text(encoding="utf-8") == "Nos propres mots."
    assert workspace.settings_file.read_text(encoding="utf-8") == "certifications = []\n"


def test_a_folder_already_in_use_keeps_everything_it_holds(tmp_path: Path) -> None:
    share = tmp_path / "espace"
    share.mkdir()
    (share / "vacances.txt").write_text("à garder", encoding="utf-8")
    create(locate(share, environment={}), demo_keys=False, at=AT)
    assert (share / "vacances.txt").read_text(encoding="utf-8") == "à garder"


def test_demonstration_keys_are_made_only_when_asked_and_named_in_the_settings(
    tmp_path: Path, workspace: Workspace
) -> None:
    code = {"parchemin-code.key", "parchemin-code.json"}
    assert {one.name for one in workspace.keys.iterdir()} == code
    assert mode(workspace.keys / "parchemin-code.key") == 0o600
    demo = locate(tmp_path / "démo", environment={})
    create(demo, demo_keys=True, at=AT)
    keys = load_settings(demo.settings_file).keys
    assert keys.seal is not None
    assert keys.certifier is not None
    for held in (keys.seal, keys.certifier):
        assert mode(held.file) == 0o600
        assert mode(held.passphrase_file) == 0o600
    assert keys.certifier.delegated_on == AT.date()


def test_another_private_side_may_not_take_the_share(tmp_path: Path, workspace: Workspace) -> None:
    other = locate(workspace.share, tmp_path / "ailleurs")
    with pytest.raises(SpaceHeld, match="appartient à un autre espace"):
        create(other, demo_keys=False, at=AT)
    assert not (tmp_path / "ailleurs").exists()
    assert not other.is_present()


def test_the_private_side_is_told_by_option_then_variable_then_the_name(tmp_path: Path) -> None:
    share = tmp_path / "espace"
    told = {"PARCHEMIN_PRIVATE": str(tmp_path / "b")}
    assert locate(share, tmp_path / "a", told).private == tmp_path / "a"
    assert locate(share, environment=told).private == tmp_path / "b"
    assert locate(share, environment={}).private == tmp_path / "espace.prive"


@pytest.mark.parametrize("private", ["espace/privé", "."])
def test_keys_inside_the_share_are_refused(tmp_path: Path, private: str) -> None:
    with pytest.raises(SettingsError, match="l’un dans l’autre"):
        locate(tmp_path / "espace", tmp_path / private)


def test_a_share_that_came_back_empty_is_not_present(workspace: Workspace) -> None:
    workspace.identity_file.unlink()
    assert not workspace.is_present()
