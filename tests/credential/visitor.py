"""Somebody who was handed a parchemin and the page: Debian's Chromium, from disk, offline."""

import json
import os
import select
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent
SECONDS = 40


class Visitor:
    """A running Chromium; `film`, in its folder, is what its camera will see (Y4M)."""

    def __init__(self, room: Path) -> None:
        browser, node = shutil.which("chromium"), shutil.which("node")
        assert browser, "Chromium is missing: see docs/dependances.md"
        assert node, "Node.js is missing: see docs/dependances.md"
        self.film = room / "camera.y4m"
        self._log = room / "visiteur.log"
        with self._log.open("wb") as log:
            self._driver = subprocess.Popen(
                [node, str(HERE / "visitor.mjs"), browser, str(room / "profil"), str(self.film)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._reply()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.close()
        try:
            self._driver.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self._driver.pid, signal.SIGKILL)
            self._driver.wait(timeout=10)
        self._driver.stdout.close()

    def does(self, what: str, **told: Any) -> Any:
        """Ask for one action of visitor.mjs; what it found."""
        assert self._driver.stdin is not None
        request = {"do": what, **{k: str(v) if isinstance(v, Path) else v for k, v in told.items()}}
        self._driver.stdin.write(json.dumps(request).encode() + b"\n")
        self._driver.stdin.flush()
        return self._reply().get("found")

    def _reply(self) -> dict[str, Any]:
        assert self._driver.stdout is not None
        ready, _, _ = select.select([self._driver.stdout], [], [], SECONDS)
        line = self._driver.stdout.readline() if ready else b""
        if not line:
            log = self._log.read_text(encoding="utf-8", errors="replace")
            raise AssertionError(f"Chromium gave no answer within {SECONDS} s:\n{log[-2000:]}")
        reply: dict[str, Any] = json.loads(line)
        assert reply["ok"], reply.get("error")
        return reply
