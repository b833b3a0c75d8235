"""What a process gives up before it opens foreign bytes: network, disk, memory, time, other files.

Linux only, and each measure on its own: what the kernel does not offer is told, never assumed. With
`calls`, the one module that speaks to the kernel without a library.
"""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT = 38, 1

# landlock(7): numbers of the system calls, and of the rights of files.
_CREATE, _ADD, _RESTRICT, _VERSION, _BENEATH = 444, 445, 446, 1, 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_MOST_THREADS = 16

_BIND_AND_CONNECT, _SIGNALS_AND_ABSTRACT_SOCKETS = 0b11, 0b11

_libc = ctypes.CDLL(None, use_errno=True)


def cut_network() -> bool:
    """Leave this process, and those it forks, a network without any interface; whether it held."""
    return not _libc.unshare(_NEW_NETWORK) or not _libc.unshare(_NEW_NETWORK | _NEW_USER)


def give_up_rights() -> None:
    """Never gain rights again, and die with the parent process."""
    _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    die_with_parent()


def die_with_parent() -> None:
    """Be killed the moment the parent process is."""
    _libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def limit(*, seconds: float, memory: int, threads: bool = False) -> None:
    """Bound CPU seconds, bytes of address space, open files; no writing, forking or core dump.

    threads: some may be started; the kernel counts them with all the processes of the account.
    """
    cpu = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _running() + _MOST_THREADS if threads else 0
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def mapped() -> int:
    """Bytes of address space this process has already, libraries included."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _running() -> int:
    """Threads of the whole machine: the most this account can have."""
    _, told = Path("/proc/loadavg").read_text().split()[3].split("/")
    return int(told)


def landlock_version() -> int:
    """The kernel’s version of landlock; 0 where there is none."""
    return max(int(_libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)), 0)


def keep_only(readable: Iterable[Path]) -> bool:
    """Leave of the disk only these files and folders, for reading; whether it held.

    Where the kernel offers it, TCP and signals to others go too. `give_up_rights` comes before.
    """
    version = landlock_version()
    if not version:
        return False
    rights = _RIGHTS_BY_VERSION[max(known for known in _RIGHTS_BY_VERSION if known <= version)]
    fields = [rights, _BIND_AND_CONNECT if version >= 4 else 0]
    fields.append(_SIGNALS_AND_ABSTRACT_SOCKETS if version >= 6 else 0)
    size = 8 * (1 if version < 4 else 2 if version < 6 else 3)
    wanted = struct.pack("QQQ", *fields)[:size]
    rules = _libc.syscall(_CREATE, wanted, ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        for path in readable:
            _allow(rules, path)
        return not _libc.syscall(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: Path) -> None:
    with suppress(OSError):
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            granted = _READ_FILE | (_READ_FOLDER if path.is_dir() else 0)
            # struct landlock_path_beneath_attr is packed: 64 bits of rights, then the descriptor.
            _libc.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", granted, handle), 0)
        finally:
            os.close(handle)
