"""kill -9 inside a drop of several documents, at each commit: nothing lost, nothing twice."""

import os
import signal
import traceback
from pathlib import Path
from typing import Any

import pytest

from casefiles.events import DropAnswered
from tests.stories.conftest import AsTold
from tests.stories.on_paper import a_heap, a_message
from tests.stories.test_every_call import Stage, differences
from watch.confinement.sandbox import Sandbox

pytestmark = pytest.mark.long

DROPS = {"message": ("Grilles.eml", a_message, 6), "tas": ("tout.tif", a_heap, 3)}


@pytest.mark.parametrize("kind", DROPS)
def test_a_death_at_each_commit_of_several_documents_loses_and_doubles_none(
    kind: str, as_told: AsTold, sandbox: Sandbox, tmp_path: Path
) -> None:
    name, made, receipts = DROPS[kind]
    model = as_told("inscrit")
    model.drop(made(model), name)
    model.close()
    stage = Stage(model.root, sandbox, tmp_path)
    stage.renew()
    stage.work()
    undisturbed = stage.ending()
    answered = undisturbed.streams["depot"]
    died = 0
    while killed_before_commit(stage, died + 1):
        died += 1
        told = "\n".join(differences(stage.ending(), undisturbed))
        assert not told, f"commit {died}:\n{told}"
    assert died >= receipts
    space = stage.open()
    given = [
        one.event
        for stream in space.office.journal.positions()
        for one in space.office.journal.read(stream)
        if isinstance(one.event, DropAnswered)
    ]
    space.close()
    assert len({one.document for one in given}) == len(given) == answered


def killed_before_commit(stage: Stage, number: int) -> bool:
    """The office’s whole work in a process that dies as it commits for the n-th time; whether."""
    stage.renew()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            space = stage.open()
            journal, commits = space.office.journal, 0
            commit = journal.commit

            def dying(*told: Any, **also: Any) -> Any:
                nonlocal commits
                commits += 1
                if commits == number:
                    os.kill(os.getpid(), signal.SIGKILL)
                return commit(*told, **also)

            journal.commit = dying  # type: ignore[assignment, method-assign]
            space.work()
            space.close()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, -signal.SIGKILL)
    return ended != 0
