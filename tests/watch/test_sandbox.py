import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from casefiles.errors import UnreadableFile
from tests.watch.conftest import eventually
from watch.confinement.sandbox import Sandbox, SandboxLost, SandboxServer
from watch.settings import Limits

FAKE = "tests.watch.fake_tasks"
LIMITS = Limits(seconds=10)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    found = SandboxServer(FAKE)
    yield found
    found.close()


@pytest.fixture
def sandbox(server: SandboxServer) -> Sandbox:
    return Sandbox(server.address)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "avis.pdf"
    found.write_text("bonjour", encoding="utf-8")
    return found


def refusal(sandbox: Sandbox, task: str, file: Path, limits: Limits, **params: Any) -> str:
    with pytest.raises(UnreadableFile) as no:
        sandbox.run(task, file, limits, **params)
    assert no.value.remedy
    return no.value.message


def test_a_task_answers_with_what_it_read(sandbox: Sandbox, file: Path) -> None:
    assert sandbox.run("echo", file, LIMITS, page=3) == {"text": "bonjour", "page": 3}
    assert sandbox.used.peak > 0


def test_an_answer_of_several_packets_arrives_whole(sandbox: Sandbox, file: Path) -> None:
    assert sandbox.run("large", file, LIMITS, size=300_000)["text"] == "é" * 300_000


def test_a_refusal_keeps_its_own_words(sandbox: Sandbox, file: Path) -> None:
    with pytest.raises(UnreadableFile) as no:
        sandbox.run("refuse", file, LIMITS)
    assert (no.value.message, no.value.remedy) == ("Ce fichier est un gâteau.", "Mangez-le.")


def test_an_unforeseen_failure_is_a_refusal_that_tells_nothing_of_the_content(
    sandbox: Sandbox, file: Path
) -> None:
    said = refusal(sandbox, "stumble", file, LIMITS)
    assert "abîmé" in said
    assert "bonjour" not in said


@pytest.mark.parametrize("task", ["sleep", "spin"])
def test_a_task_that_lasts_is_ended_on_time(sandbox: Sandbox, file: Path, task: str) -> None:
    begun = time.monotonic()
    assert "limite de 0,5 s" in refusal(sandbox, task, file, Limits(seconds=0.5))
    assert time.monotonic() - begun >= 0.5


def test_a_task_that_asks_for_too_much_memory_is_refused_for_it(
    sandbox: Sandbox, file: Path
) -> None:
    small = Limits(memory_mb=256)
    assert "256 Mo de mémoire" in refusal(sandbox, "gorge", file, small, size=512_000_000)
    assert sandbox.run("gorge", file, LIMITS, size=512_000_000) == {"size": 512_000_000}


def test_a_reader_that_crashes_takes_nobody_with_it(sandbox: Sandbox, file: Path) -> None:
    assert "échouer le programme" in refusal(sandbox, "crash", file, LIMITS)
    assert sandbox.run("echo", file, LIMITS) == {"text": "bonjour"}


def test_a_file_that_is_too_heavy_is_not_even_opened(sandbox: Sandbox, tmp_path: Path) -> None:
    heavy = tmp_path / "lourd.pdf"
    with heavy.open("wb") as out:
        out.truncate(26_000_000)
    assert "26 Mo" in refusal(sandbox, "echo", heavy, LIMITS)


def test_a_file_that_left_is_said_to_have_left(sandbox: Sandbox, tmp_path: Path) -> None:
    assert "n’est pas là" in refusal(sandbox, "echo", tmp_path / "absent.pdf", LIMITS)


def test_a_task_starts_no_other_process(sandbox: Sandbox, file: Path) -> None:
    assert sandbox.run("breed", file, LIMITS) == {"forked": 0}


def test_where_the_kernel_lets_it_start_some_they_end_with_it(file: Path) -> None:
    server = SandboxServer("tests.watch.unfettered_tasks")
    try:
        sandbox = Sandbox(server.address)
        assert sandbox.run("breed", file, LIMITS)["forked"] > 0
        eventually(lambda: started_by(server) == [])
        assert "limite de 0,5 s" in refusal(sandbox, "brood", file, Limits(seconds=0.5))
        eventually(lambda: started_by(server) == [])
    finally:
        server.close()


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def started_by(server: SandboxServer) -> list[int]:
    """What still runs of the server’s session, the server itself left out."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, session, *_ = stat.read_text().rpartition(")")[2].split()
            if int(session) == server.pid and state != "Z":
                found.append(int(stat.parent.name))
    return [pid for pid in found if pid != server.pid]


def test_a_task_reaches_neither_network_nor_disk_nor_other_files(
    server: SandboxServer, sandbox: Sandbox, tmp_path: Path
) -> None:
    file, secret, other = tmp_path / "a.pdf", tmp_path / "of.p12", tmp_path / "CA.pem"
    for one in (file, secret, other):
        one.write_text(one.name, encoding="utf-8")
    os.environ["PARCHEMIN_PASSPHRASE"] = "secret"
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            found = sandbox.run(
                "reach", file, LIMITS, port=port, secret=str(secret), other=str(other)
            )
    finally:
        del os.environ["PARCHEMIN_PASSPHRASE"]
    force = server.in_force()
    assert found["write"].startswith("no")
    assert "PARCHEMIN_PASSPHRASE" not in found["environment"]
    assert found["other"] == "CA.pem"
    assert found["network"].startswith("no") == (force.network or force.files)
    assert found["datagram"].startswith("no") == force.network
    if force.files:
        for what in ("secret", "remove", "list"):
            assert found[what].startswith("no"), what
        assert file.exists()


PHOTO = b"\0\0\0\x18ftypheic"


@pytest.mark.parametrize("starts", [b"%PDF-", PHOTO], ids=["pdf", "heic"])
def test_a_reader_taken_over_by_its_file_gets_no_further(
    starts: bytes, server: SandboxServer, sandbox: Sandbox, file: Path, tmp_path: Path
) -> None:
    file.write_bytes(starts)
    secret, before = tmp_path / "of.key", file.stat()
    secret.write_text("clé", encoding="utf-8")
    with subprocess.Popen(["sleep", "60"]) as sibling:
        try:
            found = sandbox.run(
                "escape", file, LIMITS, address=server.address, secret=str(secret),
                sibling=sibling.pid, parent=os.getpid(),
            )  # fmt: skip
            assert sibling.poll() is None
        finally:
            sibling.kill()
    force = server.in_force()
    assert force.calls, "neither x86-64 nor ARM 64, or a kernel without seccomp"
    assert {what: got for what, got in found.items() if not got.startswith("no")} == {}
    assert (file.stat().st_mode, file.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)
    assert sandbox.run("echo", secret, LIMITS)["text"] == "clé"  # the daemon itself may ask


def test_only_a_file_whose_decoder_needs_threads_may_start_some(
    sandbox: Sandbox, file: Path
) -> None:
    assert sandbox.run("throng", file, LIMITS, most=3) == {"started": 0}
    file.write_bytes(PHOTO)
    assert sandbox.run("throng", file, LIMITS, most=3) == {"started": 3}


def test_a_client_that_leaves_as_its_child_ends_does_not_end_the_server(
    server: SandboxServer, sandbox: Sandbox, file: Path
) -> None:
    server.in_force()
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
        client.connect(server.address)
        asked = {"seconds": 10, "memory": 10**9, "bounds": {}, "params": {}}
        client.send(json.dumps({"task": "linger", "path": str(file), **asked}).encode())
        eventually(lambda: bool(children.read_text()))
        child = int(children.read_text().split()[0])
        os.kill(server.pid, signal.SIGSTOP)
        try:
            file.unlink()
            eventually(lambda: not running(child))
        finally:
            client.close()
            os.kill(server.pid, signal.SIGCONT)
    file.write_text("encore", encoding="utf-8")
    assert sandbox.run("echo", file, LIMITS)["text"] == "encore"
    assert server.alive()


@pytest.mark.parametrize("said", [b"", b"{", b"{}", b"[1]", b'{"seconds": "x"}', b"\xff"])
def test_a_request_that_is_none_does_not_end_the_server(
    server: SandboxServer, sandbox: Sandbox, file: Path, said: bytes
) -> None:
    server.in_force()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
        client.connect(server.address)
        client.send(said)
        assert client.recv(1) == b""
    assert sandbox.run("echo", file, LIMITS)["text"] == "bonjour"
    assert server.alive()


def test_a_server_that_died_is_started_again_once(file: Path) -> None:
    alone = Sandbox(tasks=FAKE)
    try:
        assert alone.run("echo", file, LIMITS)
        first = alone._server()
        os.kill(first.pid, 9)
        eventually(lambda: not first.alive())
        assert alone.run("echo", file, LIMITS) == {"text": "bonjour"}
    finally:
        alone.close()


def test_a_shared_server_is_revived_at_the_same_address(file: Path) -> None:
    shared = SandboxServer(FAKE)
    try:
        client = Sandbox(shared.address)
        assert client.run("echo", file, LIMITS)
        os.kill(shared.pid, 9)
        eventually(lambda: not shared.alive())
        shared.revive()
        assert client.run("echo", file, LIMITS) == {"text": "bonjour"}
    finally:
        shared.close()


def test_a_server_that_is_gone_is_no_verdict_on_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watch.confinement.sandbox._STARTING", 0.1)
    with pytest.raises(SandboxLost):
        Sandbox("/nonexistent/bac").run("echo", file, LIMITS)


def test_the_server_of_the_real_tasks_has_one_thread_and_no_secret() -> None:
    real = SandboxServer()
    try:
        real.in_force()
        status = Path(f"/proc/{real.pid}/status").read_text()
        opened = [os.readlink(one) for one in Path(f"/proc/{real.pid}/fd").iterdir()]
    finally:
        real.close()
    assert "\nThreads:\t1\n" in status
    assert not [one for one in opened if one.endswith((".p12", ".sqlite", ".key", ".phrase"))]


def test_the_server_ends_when_its_owner_lets_go(file: Path) -> None:
    shared = SandboxServer(FAKE)
    Sandbox(shared.address).run("echo", file, LIMITS)
    pid = shared.pid
    shared.close()
    assert not running(pid)
    assert not Path(shared.address).parent.exists()
