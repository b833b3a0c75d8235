"""kill -9 at random times, and again in the recovery that follows: three by day, or a thousand.

`test_every_call` steps through every call of an undisturbed run; here the process dies wherever it
happens to be, between two calls as well, and whoever comes after dies in its turn.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.length import WHOLE
from tests.stories.conftest import AsTold
from tests.stories.stepping import waiting_child
from tests.stories.test_every_call import CHAPTERS, Ending, Stage, differences, waiting
from watch.confinement.sandbox import Sandbox

pytestmark = pytest.mark.long

DEATHS = 1_000 if WHOLE else 3
PLAYED = tuple(CHAPTERS) if WHOLE else ("grille",)
IN_A_ROW = 3
# A machine busier than when the chapter was timed would die in its first calls only: each death
# says that there was time left, each end that there was none. One in seven ends, whatever the load.
LATER, SOONER = 1.03, 1.2


def dies_within(work: Callable[[], object], seconds: float) -> bool:
    """Whether a process doing that work was killed, so long after it began, before it ended."""
    with waiting_child(work) as (child, go):
        os.write(go, b"!")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                break
            time.sleep(0.001)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "it failed, undisturbed"
    return False


def timed(stage: Stage) -> tuple[float, Ending]:
    """How long the chapter takes when nobody dies, in seconds, and what it comes to."""
    stage.remember()
    stage.renew()
    began = time.monotonic()
    assert not dies_within(stage.work, 120.0)
    return time.monotonic() - began, stage.ending()


def test_deaths_at_random_times_and_in_the_recovery_lose_nothing_and_double_nothing(
    as_told: AsTold,
    signed_pv: dict[str, Path],
    sandbox: Sandbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    stages = {
        name: Stage(waiting(name, as_told, signed_pv).root, sandbox, tmp_path_factory.mktemp("s"))
        for name in PLAYED
    }
    lasting, undisturbed = {}, {}
    for name, stage in stages.items():
        lasting[name], undisturbed[name] = timed(stage)
    chance, deaths, rounds = random.Random(20261126), 0, 0
    while deaths < DEATHS:
        name = chance.choice(PLAYED)
        stage = stages[name]
        rounds += 1
        assert rounds < 20 * DEATHS, "processes end before they can be killed"
        stage.renew()
        work, died = stage.work, 0
        while died < IN_A_ROW and dies_within(work, chance.uniform(0.0, lasting[name])):
            work, died = stage.recover, died + 1
            lasting[name] *= LATER
        if died < IN_A_ROW:
            lasting[name] /= SOONER
        deaths += died
        found = differences(stage.ending(), undisturbed[name])
        assert found == [], f"{name}, round {rounds}, {died} death(s): {found}"
