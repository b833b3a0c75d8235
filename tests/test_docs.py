"""The commands our pages show are run, and print what the pages say they print.

In a block fenced as `console`, a line beginning with "$ " is a command (it goes on to the next line
when it ends with a backslash); the lines under it are its output. There, "…" stands for any text
within a line and, alone on its line, for any lines. A block fenced as `console sortie=1` expects
that exit code from each of its commands. A page's commands share one folder, in the page's order.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console(?: sortie=(\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 120


@dataclass(frozen=True)
class Shown:
    command: str
    output: str
    exit_code: int


def shown(page: str) -> Iterator[Shown]:
    for block in BLOCK.finditer(page):
        for part in re.split(r"^\$ ", block[2], flags=re.MULTILINE)[1:]:
            command, _, output = part.replace("\\\n", "").partition("\n")
            yield Shown(command, output, int(block[1] or 0))


def loosely(expected: str) -> re.Pattern[str]:
    """The page's output as a pattern: "…" gives way, and any blank is worth any other."""
    lines = [" ".join(line.split()) for line in expected.strip().splitlines()]
    patterns = [
        r"(?:[^\n]*\n)*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n"
        for line in lines
    ]
    return re.compile("".join(patterns))


def plain(output: str) -> str:
    return "".join(" ".join(line.split()) + "\n" for line in output.strip().splitlines())


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    room = {"HOME": str(folder), "LANG": "C.UTF-8", "COLUMNS": "100", "NO_COLOR": "1"}
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, **room, "PATH": tools},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def verify(page: str, folder: Path) -> None:
    for step in shown(page):
        done = run(step.command, folder)
        assert done.returncode == step.exit_code, f"$ {step.command}\n{done.stdout}"
        assert loosely(step.output).fullmatch(plain(done.stdout)), (
            f"$ {step.command}\n--- shown:\n{step.output}--- printed:\n{done.stdout}"
        )


def test_the_readme_shows_commands() -> None:
    assert list(shown((ROOT / "README.md").read_text("utf-8")))


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_what_its_commands_print(page: Path, tmp_path: Path) -> None:
    verify(page.read_text("utf-8"), tmp_path)


GOOD = """
```console
$ printf 'un\\u00a0: deux\\ntrois\\nquatre\\n' > liste && cat \\
    liste
un : …
…
quatre
```
```console sortie=3
$ exit 3
```
"""


def test_a_page_that_tells_the_truth_passes(tmp_path: Path) -> None:
    verify(GOOD, tmp_path)


@pytest.mark.parametrize(
    ("truth", "lie"), [("\nquatre\n", "\ncinq\n"), ("sortie=3", "sortie=0"), ("un :", "deux :")]
)
def test_a_page_that_lies_fails(tmp_path: Path, truth: str, lie: str) -> None:
    with pytest.raises(AssertionError):
        verify(GOOD.replace(truth, lie), tmp_path)
