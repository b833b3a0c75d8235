"""pdf.js in Debian's Chromium, driven by real typing and clicks; one browser for many fillings.

`driver.mjs` does the driving; this module starts it, speaks JSON lines to it and ends it.
"""

import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.engines.filling import Answers, FillingError, content

HERE = Path(__file__).parent
START_SECONDS = 60
FILL_SECONDS = 300
TYPED = 240


class PdfJs:
    """A running Chromium showing pdf.js. Use it as a context manager."""

    name = "pdf.js"

    def __init__(self) -> None:
        browser = shutil.which("chromium")
        node = shutil.which("node")
        if browser is None or node is None or not (HERE / "node_modules").is_dir():
            raise FillingError("Chromium, Node.js or their modules are missing: run « make test ».")
        self._room = tempfile.TemporaryDirectory(prefix="parchemin-chromium-")
        room = Path(self._room.name)
        self._log = room / "driver.log"
        self._replies: queue.Queue[str | None] = queue.Queue()
        with self._log.open("wb") as log:
            self._driver = subprocess.Popen(
                [node, str(HERE / "driver.mjs"), browser, str(room / "profile")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            self._reply(START_SECONDS)
        except FillingError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def fill(self, pdf: bytes | Path, answers: Answers, *, typed: int = TYPED) -> bytes:
        """Open the form, answer field by field in the given order, save; FillingError if it can't.

        A radio's answer is its option's export name. Typing replaces what the field held; after
        `typed` UTF-16 units the rest of an answer is pasted.
        """
        room = Path(self._room.name)
        source, target = room / "source.pdf", room / "target.pdf"
        source.write_bytes(content(pdf))
        target.unlink(missing_ok=True)
        request = {
            "source": str(source),
            "target": str(target),
            "answers": dict(answers),
            "typed": typed,
        }
        assert self._driver.stdin is not None
        self._driver.stdin.write(json.dumps(request) + "\n")
        self._driver.stdin.flush()
        reply = self._reply(FILL_SECONDS)
        if not reply["ok"]:
            raise FillingError(reply["error"])
        return target.read_bytes()

    def close(self) -> None:
        """End the browser and forget its profile; safe to call twice."""
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.close()
        try:
            self._driver.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self._driver.pid, signal.SIGKILL)
            self._driver.wait(timeout=10)
        self._listener.join(timeout=10)
        self._driver.stdout.close()
        self._room.cleanup()

    def _listen(self) -> None:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            self._replies.put(line)
        self._replies.put(None)

    def _reply(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._replies.get(timeout=seconds)
        except queue.Empty:
            os.killpg(self._driver.pid, signal.SIGKILL)
            raise FillingError(f"Chromium gave no answer within {seconds} s.") from None
        if line is None:
            log = self._log.read_text(encoding="utf-8", errors="replace")
            raise FillingError(f"Chromium's driver stopped:\n{log[-2000:]}")
        reply: dict[str, Any] = json.loads(line)
        return reply
