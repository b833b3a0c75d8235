"""docs/regles.md names the tests that would fail without a rule: here the rule goes, and one does.

`removals.txt` says, rule by rule, the lines that hold it and what they become without it. Each is
taken out of a copy of the project, where the tests the page names are run. The short form takes a
few; PARCHEMIN_LONG=entier takes them all, the stories included, an hour of one core.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from casefiles.rules.catalogue import CATALOGUE
from tests.length import WHOLE
from tests.test_rules import GUARDED, INFORMATION, ROOT

_LEFT_OUT = (".git", ".venv", ".*_cache", "__pycache__", "node_modules")
_PYTEST = ("-m", "pytest", "-q", "-rfE", "-m", "", "-n", "0", "-p", "no:cacheprovider")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::\w+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Removal:
    """One line that holds a rule, and what stands there when the rule is gone."""

    rule: str
    file: str
    line: str
    instead: str

    def __str__(self) -> str:
        return f"{self.rule} : « {self.line} » de {self.file}"


def removals() -> Iterator[Removal]:
    """Those of the list; « \\n » within a line stands for its end."""
    rule = file = line = ""
    for one in (ROOT / "tests" / "removals.txt").read_text(encoding="utf-8").splitlines():
        words = one[2:].replace("\\n", "\n")
        if re.fullmatch(r"R\d+", one):
            rule = one
        elif one.startswith("-"):
            line = words
        elif one.startswith("+"):
            yield Removal(rule=rule, file=file, line=line, instead=words)
        elif one and not one.startswith("#"):
            file = one


REMOVALS = tuple(removals())


def named(rule: str, *, stories: bool) -> list[str]:
    """The tests the page names for it: the stories, or the others."""
    tests = [one.strip("`") for one in GUARDED[rule]]
    return [one for one in tests if one.startswith("tests/stories/") is stories]


SOME = ("R30", "R44", "R76")
SHORT = [next(r for r in REMOVALS if r.rule == rule) for rule in SOME]


def test_every_rule_that_is_applied_says_what_holds_it() -> None:
    assert {r.rule for r in REMOVALS} >= CATALOGUE.keys() - INFORMATION


def test_what_holds_a_rule_stands_where_it_is_said() -> None:
    gone = [str(r) for r in REMOVALS if (ROOT / r.file).read_text("utf-8").count(r.line) != 1]
    assert not gone, f"tests/removals.txt est à remettre à jour : {gone}"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, to be broken."""
    place = tmp_path_factory.mktemp("sans") / "projet"
    shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(*_LEFT_OUT), symlinks=True)
    return place


@contextmanager
def without(removal: Removal, copy: Path) -> Iterator[None]:
    """The copy without that line."""
    file = copy / removal.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(removal.line, removal.instead), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(whole, encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("removal", REMOVALS if WHOLE else SHORT, ids=str)
def test_without_what_holds_it_a_test_the_page_names_fails(removal: Removal, copy: Path) -> None:
    with without(removal, copy):
        # A story is long: only where nothing shorter fails.
        tried = (failing(named(removal.rule, stories=told), copy) for told in (False, True))
        assert any(tried), removal


def failing(tests: list[str], copy: Path) -> set[str]:
    """Those of the tests that fail in the copy; a file that no longer reads is no such failure."""
    if not tests:
        return set()
    done = subprocess.run(
        [sys.executable, *_PYTEST, *tests],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return set(_FAILED.findall(done.stdout)) & set(tests)
