"""kill -9 at system calls of a worker whose journal is in PostgreSQL: a sample each day, or all."""

from pathlib import Path

import pytest

from tests.machines.fixtures import server
from tests.machines.postgres import Server
from tests.stories.conftest import AsTold
from tests.stories.space import rewrite
from tests.stories.test_every_call import FEWER, Stage, differences, sampled, waiting
from watch.commands.migrate import migrate
from watch.confinement.sandbox import Sandbox
from watch.office import now

__all__ = ["server"]

pytestmark = pytest.mark.long


class SharedStage(Stage):
    """A chapter whose database is copied anew with its folder, for each death."""

    def __init__(
        self, model: Path, sandbox: Sandbox, scratch: Path, server: Server, address: str
    ) -> None:
        super().__init__(model, sandbox, scratch)
        self._server, self._first, self._address = server, address, ""

    def renew(self) -> None:
        super().renew()
        if self._address:
            self._server.drop(self._address)
        self._address = self._server.database(like=self._first)
        file = self.root / "Partage.prive" / "parchemin.toml"
        rewrite(file, lambda text: text.replace(self._first, self._address))


@pytest.fixture
def stage(
    request: pytest.FixtureRequest,
    as_told: AsTold,
    signed_pv: dict[str, Path],
    sandbox: Sandbox,
    server: Server,
    tmp_path: Path,
) -> SharedStage:
    model = waiting(request.param, as_told, signed_pv)
    address = server.database()
    migrate(model.workspace, address, at=now())
    model.close()
    return SharedStage(model.root, sandbox, tmp_path, server, address)


@pytest.mark.parametrize("stage", ["inscription", "grille", "parchemin"], indirect=True)
def test_a_death_at_any_call_loses_nothing_on_postgresql_either(stage: SharedStage) -> None:
    calls = stage.calls()
    assert any(call.name == "sendto" for call in calls), "nothing was said to PostgreSQL"
    undisturbed = stage.ending()
    deaths = 0
    for call in sampled(calls):
        ended = stage.killed_at(call)
        deaths += ended.killed
        assert ended.killed or ended.made(call.name) < call.number, f"{call}: it was not killed"
        assert differences(stage.ending(), undisturbed) == [], str(call)
    assert deaths >= len(sampled(calls)) - FEWER, "processes were not killed"
