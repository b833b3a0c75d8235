import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from casefiles.errors import SpaceHeld
from tests.watch.conftest import AT
from watch.service.holder import SILENCE, Holder, hold, read_holder
from watch.share.workspace import Workspace

ROOT = Path(__file__).parent.parent.parent
HOLDING = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from watch.service.holder import hold
from watch.share.workspace import Workspace
held = hold(Workspace(Path(sys.argv[1]), Path(sys.argv[2])), datetime.now(UTC))
print("tenu", flush=True)
sys.stdin.read()
"""


def test_a_second_daemon_learns_who_holds_the_space_until_it_is_killed(
    workspace: Workspace,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(workspace.share), str(workspace.private)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"tenu\n"
        with pytest.raises(SpaceHeld, match=f"processus {first.pid}") as held:
            hold(workspace, AT)
        assert os.uname().nodename in held.value.message
        first.kill()
        first.wait()
        hold(workspace, AT).release()


def test_a_holder_on_another_machine_counts_while_it_shows_itself(workspace: Workspace) -> None:
    far = Holder(host="autre-machine", pid=12, since=AT.isoformat(), seen=AT.isoformat())
    workspace.holder_file.write_text(json.dumps(asdict(far)), encoding="utf-8")
    with pytest.raises(SpaceHeld, match="autre-machine"):
        hold(workspace, AT + SILENCE - timedelta(seconds=1))
    held = hold(workspace, AT + SILENCE)
    assert held.holder.pid == os.getpid()
    held.release()


def test_a_holder_shows_that_it_is_alive_and_leaves_no_mark(workspace: Workspace) -> None:
    held = hold(workspace, AT)
    held.refresh(AT + timedelta(minutes=1))
    found = read_holder(workspace)
    assert found is not None
    assert (found.since, found.seen) == (AT.isoformat(), (AT + timedelta(minutes=1)).isoformat())
    held.release()
    assert read_holder(workspace) is None


def test_a_share_of_another_space_or_none_is_not_held(workspace: Workspace) -> None:
    workspace.identity_file.write_text('{"espace": "un autre"}', encoding="utf-8")
    with pytest.raises(SpaceHeld, match="autre espace"):
        hold(workspace, AT)
    workspace.identity_file.unlink()
    with pytest.raises(SpaceHeld, match="n’est pas là"):
        hold(workspace, AT)
