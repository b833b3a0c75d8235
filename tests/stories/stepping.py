"""Faults put into one process at a chosen system call, by strace: a death, a full disk, a bad one.

The work is done in a child forked from the test, so that nothing has to be imported again; strace
joins it and alters the n-th call of a given name. Only calls that change something are stepped
through: between two of them the disk stays the same, and so would what a death leaves behind.
"""

import os
import re
import signal
import subprocess
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# What changes the disk, a lock or another process.
CHANGING = (
    "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat", "renameat2",
    "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "ftruncate", "fallocate",
    "chmod", "fchmod", "sendto", "sendmsg", "copy_file_range", "sendfile",
)  # fmt: skip
PATIENCE = 120.0
JOINED = re.compile(r"attached")


@dataclass(frozen=True, order=True)
class Call:
    """The n-th call of that name, counted from one."""

    name: str
    number: int

    def __str__(self) -> str:
        return f"{self.name} n° {self.number}"


@dataclass(frozen=True)
class Ended:
    """How the child ended: by a signal, or with an exit code (1: the work raised)."""

    signal: int
    code: int
    trace: str

    @property
    def killed(self) -> bool:
        return self.signal == signal.SIGKILL

    def made(self, name: str) -> int:
        """How many calls of that name it made, among those traced."""
        return self.trace.count(f"{name}(")

    @property
    def injected(self) -> int:
        """How many calls strace altered."""
        return self.trace.count("(INJECTED)")


def calls_of(work: Callable[[], object], scratch: Path) -> list[Call]:
    """Every changing call the work makes when nothing disturbs it, in order."""
    ended = run(work, scratch, f"trace={','.join(CHANGING)}")
    assert (ended.signal, ended.code) == (0, 0), ended.trace[-2000:]
    seen: Counter[str] = Counter()
    calls = []
    for name in re.findall(r"^(?:\d+ +)?(\w+)\(", ended.trace, re.MULTILINE):
        seen[name] += 1
        calls.append(Call(name, seen[name]))
    return calls


def killed_at(work: Callable[[], object], scratch: Path, call: Call) -> Ended:
    """The process dies as it enters that call: kill -9, no word said."""
    rule = f"inject={call.name}:signal=KILL:when={call.number}"
    return run(work, scratch, f"trace={call.name}", rule)


def failing(
    work: Callable[[], object], scratch: Path, names: tuple[str, ...], error: str, when: str
) -> Ended:
    """Those calls answer that error; `when` as strace writes it (« 3 », « 3+ »)."""
    rule = f"inject={','.join(names)}:error={error}:when={when}"
    return run(work, scratch, f"trace={','.join(names)}", rule)


def run(work: Callable[[], object], scratch: Path, *expressions: str) -> Ended:
    """The work in a child, under strace with these expressions."""
    log = scratch / "appels.txt"
    log.unlink(missing_ok=True)
    with waiting_child(work) as (child, go):
        options = [option for one in expressions for option in ("-e", one)]
        tracer = subprocess.Popen(
            ["strace", "-f", "-o", str(log), *options, "-p", str(child)],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        assert JOINED.search(first), f"strace: {first}{tracer.stderr.read()}"
        os.write(go, b"!")
        tracer.communicate(timeout=PATIENCE)
        _, status = os.waitpid(child, 0)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
    return Ended(number, code, log.read_text(errors="replace"))


@contextmanager
def waiting_child(work: Callable[[], object]) -> Iterator[tuple[int, int]]:
    """A child that will do the work once told to: its number, and where to tell it."""
    hears, go = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(go)
            os.read(hears, 1)
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(hears)
    try:
        yield child, go
    finally:
        os.close(go)
