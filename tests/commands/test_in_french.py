"""Whatever command one asks about, and whatever mistake one makes, the answer is in French."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from watch.cli import main
from watch.commands.terminal import say, terminal

# Words of click and of our own code that nobody reads in French.
ENGLISH = re.compile(
    r"\b(usage|show|this|message|exit|missing|argument|arguments|error|try|for|help\.|no such|did"
    r"|you|mean|invalid|value|got|unexpected|extra|requires|does|not|take|required|default|exist"
    r"|is|one of|valid|range|TEXT|PATH|FILE|DIRECTORY|INTEGER|FLOAT|BOOLEAN|COMMAND|ARGS|SPACE"
    r"|SPACES|NUMBER|NAME|TARGET|SOURCE|FOLDER)\b",
)
TOLD_AS_WRITTEN = re.compile(r"--?[a-z][a-z-]*|parchemin [a-z]+(?: [a-z]+)?")


def commands(group: click.Group = main, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from commands(one, *path, name)
        else:
            yield (*path, name)


def english(words: str) -> list[str]:
    own = TOLD_AS_WRITTEN.sub("", words)
    return ENGLISH.findall(own) + re.findall(
        r"(?i)\b(?:usage|error|missing|options\]? show)\b", own
    )


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_the_help_of_each_command_is_french(path: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(main, [*path, "--help"])
    assert answer.exit_code == 0
    assert "Utilisation : " in answer.output
    assert english(answer.output) == []


MISTAKES = (
    ["trouver"],
    ["verfy"],
    ["act"],
    ["act", "Partage"],
    ["act", "Partage", "ouvrir", "D-7K2M9QXA"],
    ["act", "Partage", "ouvrir", "D-7K2M9QXA", "--par"],
    ["watch"],
    ["watch", "Partage", "encore"],
    ["watch", "Partage", "encore", "et encore"],
    ["watch", "--oncee", "Partage"],
    ["watch", "Partage", "--once=oui"],
    ["bench", "rien"],
    ["restore", "/nulle-part", "Partage"],
    ["verify", "/"],
    ["sign", "/nulle-part.pdf", "--field", "a", "--level", "Z"],
    ["certifications", "trouver"],
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=" ".join)
def test_a_mistake_is_told_in_french(mistake: list[str]) -> None:
    answer = CliRunner().invoke(main, mistake)
    assert answer.exit_code == 2
    assert answer.output.strip()
    assert english(answer.output) == []


def test_what_is_missing_or_unknown_stands_between_guillemets() -> None:
    for mistake, words in (
        (["watch"], "Il manque « ESPACE »."),
        (["form", "avis", "-o", "x"], "Il manque l’option « --certification »."),
        (["watch", "P", "--onc"], "Vouliez-vous dire « --once » ?"),
        (["restore", "/nulle-part", "P"], "« DOSSIER » : « /nulle-part » n’existe pas."),
    ):
        assert words in CliRunner().invoke(main, mistake).output


def test_the_list_of_commands_tells_each_in_a_whole_sentence() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    assert "..." not in listed
    assert "l’espace dans DOSSIER, pendant qu’il travaille" in " ".join(listed.split())


@pytest.mark.usefixtures("one_fork_server")
@pytest.mark.parametrize("name", ["avis [signé].pdf", "[red]avis.pdf"])
def test_a_file_is_called_by_its_own_name_whatever_it_is(tmp_path: Path, name: str) -> None:
    made = ["form", "avis", "--certification", "cqpm-tmp", "-o", str(tmp_path / name)]
    assert CliRunner().invoke(main, made).exit_code == 0
    answer = CliRunner().invoke(main, ["verify", str(tmp_path / name)])
    assert answer.output.startswith(f"SANS SIGNATURE — {name}")


def test_no_line_ends_before_a_guillemet_or_a_colon(capsys: pytest.CaptureFixture[str]) -> None:
    for width in range(36, 60):
        console = terminal()
        console.width = width
        say(console, "Ce dossier va dans « dossier_certifications », sous le nom : le sien.", 2)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 40
    assert not [line for line in lines if line.strip().startswith((":", "»"))]
    assert not [line for line in lines if line.rstrip().endswith("«")]
    assert all(line.startswith("  ") for line in lines)


def test_a_key_that_is_not_there_is_said_before_its_passphrase_is_asked(tmp_path: Path) -> None:
    form, key = tmp_path / "avis.pdf", tmp_path / "cle.p12"
    made = ["form", "avis", "--certification", "cqpm-tmp", "-o", str(form)]
    assert CliRunner().invoke(main, made).exit_code == 0
    asked = ["sign", str(form), "--field", "signature/entreprise", "--key", str(key)]
    answer = CliRunner().invoke(main, asked)
    assert (answer.exit_code, "n’est pas là" in answer.output) == (2, True)
    key.write_bytes(b"EXEMPLE")
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 2
    assert "--passphrase-file" in answer.output
    assert "Warning" not in answer.output


def test_an_act_without_its_space_says_what_to_write() -> None:
    answer = CliRunner().invoke(main, ["act", "ouvrir", "D-7K2M9QXA"])
    assert answer.exit_code == 2
    assert "l’espace vient d’abord" in answer.output
    assert "parchemin act ESPACE ouvrir D-7K2M9QXA --par" in answer.output
