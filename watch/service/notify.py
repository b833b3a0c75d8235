"""What systemd is told (sd_notify), when it asked to be: ready, alive, stopping."""

import logging
import os
from collections.abc import Mapping

from casefiles.system import say_to

log = logging.getLogger("parchemin.notify")


class Service:
    """Speaks to NOTIFY_SOCKET, or to nobody. `interval`: seconds between signs of life, or None."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._unheard = False
        patience = environment.get("WATCHDOG_USEC", "")
        asked = patience.isdigit() and environment.get("WATCHDOG_PID") in (None, str(os.getpid()))
        self.interval = int(patience) / 2e6 if asked and self._address else None

    def ready(self) -> None:
        """The service does its work from now on."""
        self._tell("READY=1")

    def alive(self) -> None:
        """It still turns."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """It ends what it was doing."""
        self._tell("STOPPING=1")

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        try:
            say_to(self._address, state.encode())
        except OSError as error:
            # Unheard, it would be taken for dead: the log says why, once.
            if not self._unheard:
                log.warning("systemd was not told %s (%s)", state, type(error).__name__)
            self._unheard = True
