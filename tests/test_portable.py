"""What only POSIX offers stays in its one module, so that the rest may run elsewhere one day."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("casefiles", "forms", "signing", "templates", "watch")
# Named in that module’s docstring; the measures read /proc and are no part of the service.
EXCEPT = (
    "casefiles/system.py",
    "watch/confinement/",
    "watch/service/notify.py",
    "watch/commands/bench",
)
MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "pty"}
CALLS = {
    *("fork", "geteuid", "getuid", "setuid", "killpg", "pidfd_open", "sysconf", "mkfifo", "chown"),
    *("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY", "AF_UNIX", "SOCK_SEQPACKET"),
}
FILES = [
    file
    for room in ROOMS
    for file in sorted((ROOT / room).rglob("*.py"))
    if not file.relative_to(ROOT).as_posix().startswith(EXCEPT)
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_nothing_here_is_for_posix_alone(file: Path) -> None:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name in MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            found.append(node.module)
        elif isinstance(node, ast.Attribute) and node.attr in CALLS:
            found.append(node.attr)
    assert not found
