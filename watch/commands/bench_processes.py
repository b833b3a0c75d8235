"""The processor and the memory of a watcher and all it started, read from outside."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path


def family(watcher: "subprocess.Popen[bytes]") -> list[int]:
    """The daemon and all that it started, and so on."""
    found = [watcher.pid]
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


def proportional(pid: int) -> float:
    """Its share of the memory it uses, in bytes: pages shared by n processes count for 1/n each."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    line = next((one for one in text.splitlines() if one.startswith("Pss:")), "Pss: 0")
    return 1024.0 * int(line.split()[1])
