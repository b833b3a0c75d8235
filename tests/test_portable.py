"""What only POSIX offers stays in its one module, so that the rest may run elsewhere one day."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("casefiles", "forms", "signing", "templates", "watch")
ONE = "casefiles/system.py"
# Named in that module’s docstring: the sandbox is made of what Linux alone has, and cannot be had
# elsewhere.
LINUX = (
    "watch/confinement/confine.py",
    "watch/confinement/forkserver.py",
)
MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "crypt", "posix"}
NAMES = {
    # processes and accounts
    *("fork", "forkpty", "setsid", "setpgid", "getpgid", "killpg", "wait3", "wait4", "WNOHANG"),
    *("pidfd_open", "pidfd_send_signal", "posix_spawn", "nice", "getuid", "geteuid", "getgid"),
    *("getegid", "setuid", "setgid", "initgroups", "getgroups", "getrlimit", "setrlimit"),
    *("sched_getaffinity", "sched_setaffinity", "getloadavg", "sysconf", "uname"),
    # signals Windows does not have
    *("SIGKILL", "SIGHUP", "SIGALRM", "SIGCHLD", "SIGURG", "SIGUSR1", "SIGUSR2", "SIGSTOP"),
    *("alarm", "setitimer", "pthread_sigmask", "sigwait", "add_signal_handler"),
    # files and channels
    *("mkfifo", "mknod", "chown", "lchown", "fchown", "statvfs", "lockf", "flock", "openat"),
    *("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY", "O_PATH", "O_SYNC"),
    *("AF_UNIX", "SOCK_SEQPACKET", "SCM_RIGHTS", "epoll", "memfd_create", "pipe2"),
    # words given to subprocess that Windows refuses; it ignores « start_new_session »
    *("preexec_fn", "pass_fds"),
}
PLACES = ("/proc/", "/sys/", "/dev/", "/etc/", "/tmp/", "/var/", "/usr/", "/run/")
FILES = [
    file
    for room in ROOMS
    for file in sorted((ROOT / room).rglob("*.py"))
    if file.relative_to(ROOT).as_posix() not in (ONE, *LINUX)
]


def posix_only(source: str) -> Iterator[str]:
    """What of a module Windows does not offer, by its name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name in MODULES)
            case ast.ImportFrom(module=module, names=names):
                if module in MODULES:
                    yield str(module)
                yield from (one.name for one in names if one.name in NAMES)
            case ast.Attribute(attr=name) | ast.keyword(arg=name) if name in NAMES:
                yield str(name)
            case ast.Attribute(value=ast.Name("select"), attr="poll"):
                yield "select.poll"
            case ast.Constant(value=str(said)) if said.startswith(PLACES):
                yield said


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_nothing_here_is_for_posix_alone(file: Path) -> None:
    assert list(posix_only(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "planted",
    [
        "import fcntl",
        "from os import fork",
        "import os\nos.getuid()",
        "import os, signal\nos.kill(1, signal.SIGKILL)",
        "import subprocess\nsubprocess.Popen([], preexec_fn=print)",
        "from pathlib import Path\nPath('/proc/self/statm')",
        "import socket\nsocket.socket(socket.AF_UNIX)",
        "import select\nselect.poll()",
    ],
)
def test_what_is_for_posix_alone_would_be_found(planted: str) -> None:
    assert len(list(posix_only(planted))) == 1


@pytest.mark.parametrize("file", LINUX)
def test_what_is_linux_alone_is_no_longer_excepted_once_it_is_not(file: str) -> None:
    assert list(posix_only((ROOT / file).read_text(encoding="utf-8")))


def test_the_one_module_says_what_is_done_without_it() -> None:
    """On Windows, each of its calls has its other way, or its own words."""
    source = (ROOT / ONE).read_text(encoding="utf-8")
    tree = ast.parse(source)
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        if list(posix_only(ast.unparse(function))):
            assert "sys.platform" in ast.unparse(function), function.name
