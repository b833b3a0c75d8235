"""What only a POSIX system offers, each call with what is done where it is missing.

The one module that asks for descriptors’ flags, leases, locks and packets; the rest goes through
pathlib and the standard library. One thing is Linux’s own, and says so: the confinement of foreign
files (`watch/confinement`).
"""

import errno
import os
import signal
import socket
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Literal

from casefiles.errors import ParcheminError, UnreadableFile

if sys.platform != "win32":
    import fcntl

# O_NONBLOCK: opening a pipe nobody writes to would wait for ever.
_READING = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)
NEW_FILE = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)

# How a process ends, as `subprocess` tells it, that was stopped for lasting beyond its limit.
STOPPED = tuple(-getattr(signal, name, signal.SIGTERM) for name in ("SIGXCPU", "SIGKILL"))

# Full, or turned read-only: said of the disk, whatever is written there.
_REFUSED = {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}


def disk_refuses(error: BaseException | None) -> bool:
    """Whether an error comes of a disk that takes nothing more: no work is at fault, all waits."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _REFUSED:
            return True
        error = error.__cause__ or error.__context__
    return False


def open_regular(file: Path) -> int:
    """A descriptor reading a regular file, never through a link; UnreadableFile otherwise."""
    try:
        handle = os.open(file, _READING)
    except OSError as error:
        raise UnreadableFile(
            "Ce fichier ne peut pas être ouvert (un lien, ou des droits de lecture manquants).",
            "Déposez le document lui-même, que le bureau puisse lire.",
        ) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableFile("Ce n’est pas un fichier ordinaire.", "Déposez le document lui-même.")
    return handle


def private_folder(folder: Path) -> None:
    """Make the folder, and those above it that lack, for this account alone."""
    # `mkdir(parents=True)` gives its mode to the last one only.
    lacking = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(lacking):
        one.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the folder’s own entries survive a power cut, where the system offers it."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def being_written(path: Path) -> bool:
    """Whether a process of this machine holds the file open for writing, as far as one can know.

    A lease for reading is granted only where no writer is left; shares that know no lease say no.
    """
    if sys.platform != "linux":
        return False
    try:
        handle = open_regular(path)
    except UnreadableFile:
        return False
    try:
        # Whoever opens the file in this instant breaks the lease, which by default would end us.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def resident_mb(pid: int | None = None) -> float:
    """The memory of a process, this one by default, in millions of bytes; 0 where nothing tells."""
    if sys.platform != "linux":
        return 0.0
    try:
        pages = int(Path(f"/proc/{pid or 'self'}/statm").read_text().split()[1])
    except (OSError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def children(pid: int) -> list[int]:
    """The processes that process has started and that still run; none where nothing tells."""
    if sys.platform != "linux":
        return []
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def seconds_of_cpu(pid: int) -> float:
    """Seconds of processor of a process and of its ended children; 0 once it has ended."""
    if sys.platform != "linux":
        return 0.0
    with suppress(OSError):
        after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, after[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def noted_of_memory(pid: int, what: Literal["high water", "proportional"]) -> float:
    """What the system notes of a process’s memory, in bytes; 0 once it has ended.

    high water: the most it has held, not `ru_maxrss`, which remembers the parent’s size from before
    the exec; proportional: pages shared by n processes count for 1/n each.
    """
    if sys.platform != "linux":
        return 0.0
    file, word = {
        "high water": ("status", "VmHWM:"),
        "proportional": ("smaps_rollup", "Pss:"),
    }[what]
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0.0
    line = next((one for one in text.splitlines() if one.startswith(word)), f"{word} 0")
    return 1024.0 * int(line.split()[1])


def mounted_as(place: Path) -> str:
    """The kind of file system that holds a place (« ext4 », « cifs »); "" where nothing tells."""
    if sys.platform != "linux":
        return ""
    found, best = "", -1
    for line in Path("/proc/self/mountinfo").read_text(errors="replace").splitlines():
        before, _, after = line.partition(" - ")
        # Blanks in a path are written \\040.
        point = Path(before.split()[4].replace("\\040", " "))
        if len(point.parts) >= best and place.resolve().is_relative_to(point):
            found, best = after.split()[0], len(point.parts)
    return found


# File systems whose other writers are on other machines: no event, and no lease, tells of them.
_REMOTE = frozenset(
    ("cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "afs", "ceph", "glusterfs", "fuse", "fuseblk")
)


def comes_from_afar(place: Path) -> bool:
    """Whether that place is another machine’s, as far as one can know."""
    return mounted_as(place).partition(".")[0] in _REMOTE


def others_may(place: Path, what: Literal["read", "write"]) -> bool:
    """Whether accounts that are neither the owner’s nor its group’s may, as far as one can know."""
    if sys.platform == "win32":
        return False
    return bool(place.stat().st_mode & (0o004 if what == "read" else 0o002))


def readable_by_others(place: Path) -> bool:
    """Whether any account but the owner’s may read or enter, as far as one can know."""
    return sys.platform != "win32" and bool(place.stat().st_mode & 0o077)


def packet_pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a channel that keeps packets apart, one of them for a child process."""
    if sys.platform == "win32":
        raise _not_here()
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def packet_socket() -> socket.socket:
    """An end of such a channel, still to be connected to a server of this machine."""
    if sys.platform == "win32":
        raise _not_here()
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _not_here() -> ParcheminError:
    return ParcheminError(
        "La veille ne tourne pas encore sous Windows.",
        "Lancez-la sous Linux, le dossier restant partagé avec Windows.",
    )


def say_to(address: str, words: bytes) -> None:
    """Send a packet to a local socket, « @ » first for one without a file; OSError if unheard."""
    if sys.platform == "win32":
        return
    if address.startswith("@"):
        address = f"\0{address[1:]}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(words, address)


def kill_group(pid: int) -> None:
    """End the process and, where there are groups of processes, all of its own."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)


def lock_alone(file: Path) -> int | None:
    """Lock the file for this process until it ends or closes the descriptor; None if another has.

    Where there is no such lock, a file that nobody else may open is the nearest thing.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
