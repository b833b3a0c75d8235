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
        ("[depot]\nrepos = = 5\n", 2, "ne se lit pas"),
        ("[depot]\nrepos 5\n", 2, "il manque le signe ="),
        ("[depot]\nrepos = 5,5\n", 2, "de trop après la valeur"),
        ("[depot]\nrepos = 5\nrepos = 6\n", 3, "figure déjà plus haut"),
        ("[depot]\n[travail]\n[depot]\n", 3, "figure déjà plus haut"),
        ("[organisme]\nville = « Lyon »\n", 2, "ne se lit pas"),
        ('[organisme]\nville = "Lyon\n', 2, "guillemet qui ferme"),
        ('[cles.cachet]\nfichier = "C:\\Users\\of.p12"\n', 2, "barre oblique inversée"),
        ('[cles.cachet]\nfichier = "C:\\cles\\of.p12"\n', 2, "barre oblique inversée"),
        ("[depot\nrepos = 5\n", 1, "crochet qui ferme"),
        ("[conservation]\nautomatique = 'oui'\n", 2, "doit être true (oui) ou false (non)"),
        ("[depot]\nrepos = -1\n", 2, "au moins 0."),
        ("[travail]\nreprises = [30, 'x']\n", 2, "« travail.reprises », valeur n° 2, doit"),
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


def test_each_fault_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as fault:
        load_settings(write(tmp_path, "[depot]\nrepos = -1\nbalayage = 0\nrepo = 1\n"))
    assert [line[:24] for line in fault.value.message.splitlines()] == [
        "parchemin.toml, ligne 2 ",
        "parchemin.toml, ligne 3 ",
        "parchemin.toml, ligne 4 ",
    ]


@pytest.mark.parametrize(("encoding", "line"), [("latin-1", 2), ("utf-16", 1)])
def test_a_file_saved_otherwise_than_in_utf_8_says_so_and_how_to_save_it(
    tmp_path: Path, encoding: str, line: int
) -> None:
    file = tmp_path / "parchemin.toml"
    file.write_bytes("[organisme]\nville = 'Évry'\n".encode(encoding))
    with pytest.raises(SettingsError) as fault:
        load_settings(file)
    assert f"ligne {line} : le fichier n’est pas enregistré en UTF-8" in fault.value.message
    assert "Bloc-notes" in fault.value.remedy
    assert "init" not in fault.value.remedy


def test_the_mark_a_windows_notepad_writes_first_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "parchemin.toml"
    file.write_bytes("[organisme]\nville = 'Évry'\n".encode("utf-8-sig"))
    assert load_settings(file).organisation.town == "Évry"


def test_settings_that_are_there_but_cannot_be_read_are_not_told_to_be_missing(
    tmp_path: Path,
) -> None:
    (tmp_path / "parchemin.toml").mkdir()
    with pytest.raises(SettingsError) as fault:
        load_settings(tmp_path / "parchemin.toml")
    assert "le droit de lire" in fault.value.remedy
    assert "init" not in fault.value.remedy


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
