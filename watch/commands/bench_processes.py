"""The processor and the memory of a watcher and all it started, read from outside."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path


def family(watcher: "subprocess.Popen[bytes]") -> list[int]:
    """The daemon and all that it started, and so on."""
    return below(watcher.pid)


def below(pid: int) -> list[int]:
    """That process and all below it."""
    found = [pid]
    for pid in found:
        with suppress(OSError):
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return found


def seconds_of_cpu(watcher: "subprocess.Popen[bytes]") -> float:
    """Seconds of processor of the daemon and all its children, ended ones included."""
    ticks = 0
    for pid in family(watcher):
        with suppress(OSError):
            after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, after[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """The memory it occupies, in bytes; 0 once it has ended."""
    with suppress(OSError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def high_water(pid: int | None = None) -> float:
    """The most memory that process, or this one, has held, in bytes; its children not included.

    Not `ru_maxrss`, which remembers the parent’s size from before the exec.
    """
    return _noted(f"/proc/{pid or 'self'}/status", "VmHWM:")


def proportional(pid: int) -> float:
    """Its share of the memory it uses, in bytes: pages shared by n processes count for 1/n each."""
    return _noted(f"/proc/{pid}/smaps_rollup", "Pss:")


def _noted(file: str, what: str) -> float:
    """A line of kibibytes, in bytes; 0 once the process has ended."""
    try:
        text = Path(file).read_text()
    except OSError:
        return 0.0
    line = next((one for one in text.splitlines() if one.startswith(what)), f"{what} 0")
    return 1024.0 * int(line.split()[1])
