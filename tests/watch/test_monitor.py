"""How the service is, told to this machine alone: health in a sentence, measures for Prometheus."""

import os
import socket
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from casefiles.errors import SettingsError
from tests.stories.space import rewrite
from tests.watch.conftest import eventually
from tests.watch.test_daemon import Start, drop, start, taken
from watch.service.daemon import run
from watch.service.health import SILENCE, Pulse, reason
from watch.settings import load_settings
from watch.share.workspace import Workspace

__all__ = ["start"]

WELL = Pulse(turned=100.0, reconciled=90.0)


@pytest.mark.parametrize(
    ("pulse", "now", "words"),
    [
        (Pulse(), 0.0, "démarre"),
        (WELL, 100.0 + SILENCE + 1, "ne tourne plus depuis 121 s"),
        (Pulse(turned=100.0, reconciled=90.0, share=False), 101.0, "partage n’est pas là"),
        (Pulse(turned=100.0, reconciled=90.0, database=False), 101.0, "base de données"),
        (Pulse(turned=100.0, reconciled=90.0, workers=False), 101.0, "processus de travail"),
        (Pulse(turned=100.0), 101.0, "pas encore été relu"),
        (Pulse(turned=1000.0, reconciled=90.0), 1000.0, "pas été relu depuis 910 s"),
        (WELL, 101.0, ""),
    ],
)
def test_one_reason_says_why_the_service_is_not_well(pulse: Pulse, now: float, words: str) -> None:
    said = reason(pulse, now, rescan=60.0)
    assert words in said
    assert bool(said) is bool(words)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def asks(workspace: Workspace, port: int, address: str = "127.0.0.1") -> None:
    edited = f'port = {port}\nadresse = "{address}"'
    rewrite(
        workspace.settings_file,
        lambda text: text.replace('port = 0\nadresse = "127.0.0.1"', edited),
    )


def fetched(port: int, path: str, host: str = "127.0.0.1") -> tuple[int, str]:
    """The status and the text; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
    except OSError:
        return 0, ""


def measured(port: int) -> dict[str, float]:
    """Every sample, as « name{labels} »."""
    _, text = fetched(port, "/metrics")
    return {
        sample.name + "".join(f"{{{k}={v}}}" for k, v in sample.labels.items()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_watch_counts_what_it_takes_and_who_it_replaces(
    workspace: Workspace, start: Start, port: int
) -> None:
    asks(workspace, port)
    daemon = start()
    eventually(lambda: fetched(port, "/health") == (200, "La veille tourne.\n"))
    began = measured(port)
    assert began["parchemin_files_received_total"] == 0
    assert began["parchemin_worker_restarts_total{cause=died}"] == 0
    drop(workspace, "premier.txt")
    drop(workspace, "second.txt", "mourir")
    eventually(lambda: len(taken(workspace)) == 2)
    eventually(lambda: measured(port)["parchemin_queue_jobs{kind=intake}"] == 0)
    found = measured(port)
    assert found["parchemin_files_received_total"] == 2
    assert found["parchemin_worker_restarts_total{cause=died}"] == 1
    assert found["parchemin_files_waiting"] == 0
    assert 0 <= found["parchemin_reconcile_age_seconds"] < SILENCE
    assert found["parchemin_cases_open"] == found["parchemin_steps_blocked"] == 0
    for process in ("watcher", "workers"):
        assert found[f"parchemin_resident_bytes{{process={process}}}"] > 10e6
    assert daemon.poll() is None


def test_a_watch_that_hangs_or_lost_its_share_is_told_of(
    workspace: Workspace, start: Start, port: int
) -> None:
    asks(workspace, port)
    rewrite(workspace.settings_file, lambda text: text.replace("balayage = 60", "balayage = 0.5"))
    start()
    eventually(lambda: fetched(port, "/health")[0] == 200)
    away = workspace.share.with_name("démonté")
    workspace.share.rename(away)
    eventually(lambda: fetched(port, "/health")[0] == 503)
    assert "Le partage n’est pas là\N{NO-BREAK SPACE}:" in fetched(port, "/health")[1]
    away.rename(workspace.share)
    eventually(lambda: fetched(port, "/health")[0] == 200)


def test_nothing_listens_unless_it_is_asked_to(workspace: Workspace, start: Start) -> None:
    daemon = start()
    drop(workspace, "a.txt")
    eventually(lambda: taken(workspace))
    inodes = set()
    for handle in Path(f"/proc/{daemon.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            inodes.add(os.readlink(handle))
    listening = {
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    }
    assert not inodes & listening


def test_only_this_machine_is_answered(workspace: Workspace, start: Start, port: int) -> None:
    asks(workspace, port)
    start()
    eventually(lambda: fetched(port, "/health")[0] == 200)
    assert fetched(port, "/")[0] == 404
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: only tells our own outward address
        outward = probe.getsockname()[0]
    assert outward == "127.0.0.1" or fetched(port, "/health", outward) == (0, "")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.4", "serveur.exemple"])
def test_an_address_others_could_reach_is_refused_in_words(
    workspace: Workspace, address: str
) -> None:
    asks(workspace, 9464, address)
    with pytest.raises(SettingsError, match="de cette machine elle-même") as refused:
        load_settings(workspace.settings_file)
    assert "surveillance.adresse" in refused.value.message
    assert ", ligne " in refused.value.message


def test_a_port_that_is_taken_is_said_with_its_remedy(workspace: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        asks(workspace, other.getsockname()[1])
        with pytest.raises(SettingsError, match="est déjà pris") as refused:
            run(workspace, once=True)
    assert "[surveillance]" in refused.value.remedy
    assert not workspace.holder_file.exists()
