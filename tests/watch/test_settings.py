from itertools import pairwise
from pathlib import Path

import pytest

from casefiles.errors import SettingsError
from watch.default_settings import default_settings
from watch.settings import Settings, load_settings


def write(folder: Path, text: str) -> Path:
    file = folder / "parchemin.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_file_a_space_begins_with_says_the_defaults_word_for_word(tmp_path: Path) -> None:
    found = load_settings(write(tmp_path, default_settings()))
    assert found == Settings(certifications=("cqpm-tmp",))


def test_an_unknown_file_has_ten_seconds_a_gibibyte_and_25_megabytes() -> None:
    limits = Settings().limits.unknown
    assert (limits.seconds, limits.memory_mb, limits.size_mb) == (10, 1024, 25)


def test_a_signature_by_hand_is_taken_by_default_where_people_sign_on_paper() -> None:
    proofs = Settings().proofs
    for form in ("avis", "grille", "emargement"):
        assert "paper" in proofs.accepted(form)
    assert "none" not in proofs.accepted("avis")


def test_every_setting_of_the_file_stands_under_an_explanation() -> None:
    lines = default_settings().splitlines()
    for before, line in pairwise(lines):
        if line.startswith("["):
            assert before == "" or before.startswith("#"), line


def test_keys_and_authorities_are_told_from_the_folder_of_the_file(tmp_path: Path) -> None:
    text = default_settings(
        seal=(Path("keys/of.p12"), Path("keys/of.phrase")),
        certifier=(Path("/coffre/c.p12"), Path("/coffre/c.phrase")),
        delegation=("Maxence EXEMPLE-LARTIGUE", "2026-01-05"),
        authorities=(Path("keys/CA.pem"),),
    )
    found = load_settings(write(tmp_path, text))
    assert found.keys.seal is not None
    assert found.keys.certifier is not None
    assert found.keys.seal.file == tmp_path / "keys/of.p12"
    assert found.keys.certifier.passphrase_file == Path("/coffre/c.phrase")
    assert found.keys.certifier.delegated_by == "Maxence EXEMPLE-LARTIGUE"
    assert found.trust.authorities == (tmp_path / "keys/CA.pem",)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[depot]\nrepos = 5\nbalayage = 0\n", 3, "plus grand que"),
        ('[depot]\n\nrepos = "cinq"\n', 3, "nombre"),
        ("[organisme]\nvile = 'Lyon'\n", 2, "pas un réglage connu"),
        ("[preuves]\navis = ['photo']\n", 2, "signature, cachet, papier, aucune"),
        ("[preuves]\nemargement = ['papier']\n", 1, "doit accepter « signature »"),
        ("[preuves]\nemargement = ['signature', 'aucune']\n", 1, "rien d’autre ne tient lieu"),
        ("[cles.cachet]\njeton = 'a'\n", 1, "soit « fichier »"),
        ("[registre]\nserie = 'minuscule'\n", 2, "pas écrit comme il faut"),
        ("[travail]\nprocessus = 2\nreprises = []\n", 3, "au moins une"),
        ("[depot]\nrepos = = 5\n", 2, "TOML"),
    ],
)
def test_a_fault_names_its_setting_and_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(SettingsError) as fault:
        load_settings(write(tmp_path, text))
    assert f"parchemin.toml, ligne {line}" in fault.value.message
    assert words in fault.value.message
    assert fault.value.remedy


def test_a_space_that_was_never_prepared_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="parchemin init"):
        load_settings(tmp_path / "parchemin.toml")


def test_retries_grow_and_the_last_delay_stays() -> None:
    settings = Settings()
    assert [settings.retry_delay(n) for n in (1, 2, 5, 9)] == [30, 120, 21600, 21600]


def test_examples_are_offered_only_when_named() -> None:
    assert Settings().offers("cqpm-tmp", example=False)
    assert not Settings().offers("cqpi-exemple", example=True)
    assert Settings(certifications=("cqpi-exemple",)).offers("cqpi-exemple", example=True)
    assert not Settings(certifications=("cqpi-exemple",)).offers("cqpm-tmp", example=False)
