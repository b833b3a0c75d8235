"""The systemd unit we deliver: sound, hardened, and with what the sandbox needs left to it."""

import re
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "tools" / "parchemin.service"
# Of ten; a service nobody hardened has 9.6. The network, and name spaces for the sandbox, remain.
MOST_EXPOSED = 2.5


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60
    )


def values(setting: str) -> list[str]:
    """The setting’s values, in order, comments left out."""
    return re.findall(rf"^{setting}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


def test_systemd_finds_nothing_to_say_of_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    (program,) = (value.split()[0] for value in values("ExecStart"))
    copy.write_text(UNIT.read_text(encoding="utf-8").replace(program, "/bin/true"))
    told = analyze("verify", "--man=no", copy)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_a_unit_systemd_does_not_understand_would_be_found(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace(
        "/opt/parchemin/.venv/bin/parchemin", "/bin/true"
    )
    copy.write_text(text.replace("WatchdogSec=120", "WatchdogSec=souvent\nSystemCallFilter=@rien"))
    told = analyze("verify", "--man=no", copy)
    assert "souvent" in told.stderr
    assert "@rien" in told.stderr


def test_it_is_hardened() -> None:
    told = analyze(
        "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED * 10:.0f}", UNIT
    )
    found = re.search(r"exposure level for parchemin.service: ([\d.]+)", told.stdout)
    assert found is not None, told.stderr
    assert float(found[1]) <= MOST_EXPOSED
    assert told.returncode == 0


def members(group: str) -> set[str]:
    """The system calls a group of systemd’s stands for, groups within it included."""
    found: set[str] = set()
    for line in analyze("syscall-filter", "--no-pager", group).stdout.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            found |= members(word)
        elif word and not word.startswith("#"):
            found.add(word)
    return found


def allowed() -> set[str]:
    """What the unit’s filters leave, read in order as systemd does."""
    left: set[str] = set()
    for value in values("SystemCallFilter"):
        named: set[str] = set()
        for word in value.removeprefix("~").split():
            named |= members(word) if word.startswith("@") else {word}
        left = left - named if value.startswith("~") else left | named
    return left


@pytest.mark.parametrize(
    "call",
    ["unshare", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "prctl",
     "seccomp", "capset", "capget", "setrlimit", "prlimit64", "setpgid", "pidfd_open", "wait4",
     "fcntl", "flock", "inotify_add_watch", "fsync", "rename"],
)  # fmt: skip
def test_the_sandbox_and_the_watch_keep_the_system_calls_they_need(call: str) -> None:
    assert call in allowed()


@pytest.mark.parametrize("call", ["mount", "ptrace", "reboot", "bpf", "init_module", "chroot"])
def test_nothing_else_is_left_to_whoever_would_get_in(call: str) -> None:
    assert call not in allowed()


def test_the_sandbox_may_make_its_empty_network() -> None:
    assert set(values("RestrictNamespaces")[0].split()) == {"user", "net"}
    assert values("ReadWritePaths") == ["/srv/certifications /srv/certifications.prive"]
    assert values("Type") == ["notify"]
