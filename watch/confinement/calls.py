"""What a child may no longer ask of the kernel: seccomp(2) and capabilities(7).

Landlock closes files and ports; it leaves Unix sockets (the fork server’s own: whoever reaches it
has any file opened), processes, signals to others on older kernels, and the modes and dates of
files. Every such call answers « not permitted » from here on, in whatever library it is made.
Linux on x86-64 and ARM 64 only: elsewhere it is told that it does not hold.
"""

import ctypes
import platform
import struct

_IS_FILTERED, _FILTER, _BY_PROGRAM = 21, 22, 2
_EPERM, _ENOSYS = 1, 38
_ALLOWED, _REFUSED, _KILLED = 0x7FFF0000, 0x00050000 | _EPERM, 0x80000000
_UNKNOWN = 0x00050000 | _ENOSYS
_SAME_PROCESS = 0x00010000  # clone(2): CLONE_THREAD
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
# A second numbering of the same calls, on x86-64 only, from this number on.
_X32 = 0x40000000
_READ_ANY_FILE = 1 << 2  # the daemon may run as root, and be given others’ files to read

# By name, its number on x86-64 and on ARM 64 (None: that machine has no such call).
_CALLS: dict[str, tuple[int | None, int | None]] = {
    # another process, or this one made another
    "clone": (56, 220), "fork": (57, None), "vfork": (58, None), "clone3": (435, 435),
    "execve": (59, 221), "execveat": (322, 281),
    # sockets: a pair of one’s own stays, for the event loop
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    # other processes
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "kcmp": (312, 272), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "process_madvise": (440, 440),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    # what Landlock does not hold of files
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # the system itself
    "chroot": (161, 51), "pivot_root": (155, 41), "mount": (165, 40), "umount2": (166, 39),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "init_module": (175, 105),
    "finit_module": (313, 273), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "personality": (135, 92),
}  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True)


def known_here() -> bool:
    """Whether this machine’s calls are numbered here, and its kernel can refuse them."""
    listed = platform.machine() in _ARCHITECTURES
    return listed and _libc.prctl(_IS_FILTERED, 0, 0, 0, 0) >= 0


def refuse(*, threads: bool = False) -> bool:
    """Have those calls refused in this process from now on; whether it held.

    threads: this process may start some of its own, for a library that cannot do without; never
    another process. `confine.give_up_rights` comes before, and everything that still needs one of
    them.
    """
    _drop_capabilities()
    found = _ARCHITECTURES.get(platform.machine())
    if found is None:
        return False
    steps = _program(*found, threads=threads)
    code = ctypes.create_string_buffer(b"".join(steps))
    asked = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    return not _libc.prctl(_FILTER, _BY_PROGRAM, ctypes.create_string_buffer(asked), 0, 0)


def _program(architecture: int, column: int, *, threads: bool) -> list[bytes]:
    """Berkeley packet filter: the number of the call against each of the list."""
    numbers = {name: pair[column] for name, pair in _CALLS.items()}
    asked = [numbers.pop("clone"), numbers.pop("clone3")] if threads else []
    refused = [number for number in numbers.values() if number is not None]
    steps = [_step(0x20, 4), _step(0x15, architecture, yes=1), _step(0x06, _KILLED), _step(0x20, 0)]
    after = len(asked) + 1  # what stands between the list and « refused »
    if column == 0:
        steps.append(_step(0x35, _X32, yes=len(refused) + after))
    for left, number in zip(range(len(refused) - 1, -1, -1), refused, strict=True):
        steps.append(_step(0x15, number, yes=left + after))
    steps += [_step(0x15, number or 0, yes=to) for number, to in zip(asked, (3, 6), strict=False)]
    steps += [_step(0x06, _ALLOWED), _step(0x06, _REFUSED)]
    return steps + _only_threads() if threads else steps


def _only_threads() -> list[bytes]:
    """Reached by clone(2): allowed when it asks for a thread. By clone3(2), whose wishes a filter
    cannot read: « not known », and the C library falls back on clone."""
    clone = [_step(0x20, 16), _step(0x45, _SAME_PROCESS, yes=1)]
    return [*clone, _step(0x06, _REFUSED), _step(0x06, _ALLOWED), _step(0x06, _UNKNOWN)]


def _step(code: int, value: int, *, yes: int = 0) -> bytes:
    """struct sock_filter. code: 0x20 reads, 0x06 answers; 0x15 is « equal », 0x35 « at least »,
    0x45 « has a bit of »: `yes` steps are skipped then."""
    return struct.pack("HBBI", code, yes, 0, value)


def _drop_capabilities() -> None:
    """Keep of root’s powers, where there are any, that of reading what was handed over."""
    version = struct.pack("Ii", 0x20080522, 0)
    held = ctypes.create_string_buffer(24)
    if _libc.capget(ctypes.create_string_buffer(version), held):
        return
    effective, permitted, *_ = struct.unpack("6I", held.raw)
    kept = struct.pack("6I", effective & _READ_ANY_FILE, permitted & _READ_ANY_FILE, 0, 0, 0, 0)
    _libc.capset(ctypes.create_string_buffer(version), ctypes.create_string_buffer(kept))
