"""The processor and the memory of a watcher and all it started, read from outside."""

import os
import subprocess

from casefiles import system


def family(watcher: "subprocess.Popen[bytes]") -> list[int]:
    """The daemon and all that it started, and so on."""
    return below(watcher.pid)


def below(pid: int) -> list[int]:
    """That process and all below it."""
    found = [pid]
    for pid in found:
        found += system.children(pid)
    return found


def seconds_of_cpu(watcher: "subprocess.Popen[bytes]") -> float:
    """Seconds of processor of the daemon and all its children, ended ones included."""
    return sum(map(system.seconds_of_cpu, family(watcher)))


def resident(pid: int) -> int:
    """The memory it occupies, in bytes; 0 once it has ended."""
    return int(system.resident_mb(pid) * 1e6)


def high_water(pid: int | None = None) -> float:
    """The most memory that process, or this one, has held, in bytes; its children not included."""
    return system.noted_of_memory(pid or os.getpid(), "high water")


def proportional(pid: int) -> float:
    """Its share of the memory it uses, in bytes: pages shared by n processes count for 1/n each."""
    return system.noted_of_memory(pid, "proportional")
