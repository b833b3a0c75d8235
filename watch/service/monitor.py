"""`/health` and `/metrics`, for the programs of this machine alone: a few lines of http.server.

It answers from threads of its own, so that a slow reader never holds up the watch, and so that a
watch that hangs is still told of. Requests are not logged.
"""

import errno
import logging
import re
import sys
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socket import AF_INET6

from casefiles.errors import SettingsError
from watch import logs
from watch.service.health import Pulse, reason
from watch.service.measures import MEDIA, Measures
from watch.settings import Monitoring

log = logging.getLogger("parchemin.monitor")

_SLOW = 5.0
_BEFORE_SIGN = re.compile(" (?=[:»])|(?<=«) ")


class Monitor:
    """Answers from the moment it is made until `close`. SettingsError when the port is taken."""

    def __init__(
        self, settings: Monitoring, pulse: Pulse, measures: Measures, rescan: float
    ) -> None:
        def health() -> str:
            return reason(pulse, time.monotonic(), rescan)

        kind = type("Handler", (_Handler,), {"health": staticmethod(health), "text": measures.text})
        server = _Server6 if ip_address(settings.address).version == 6 else _Server
        try:
            self._server = server((settings.address, settings.port), kind)
        except OSError as error:
            why = "est déjà pris" if error.errno == errno.EADDRINUSE else "ne peut pas être ouvert"
            raise SettingsError(
                f"Le port {settings.port} de {settings.address} {why}.",
                "Choisissez-en un autre sous [surveillance], ou 0 pour ne rien montrer.",
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(_SLOW)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Where an answer failed, and nothing of what was asked."""
        error = sys.exception()
        if error is not None:
            log.warning("not answered: %s at=%s", type(error).__name__, logs.place(error))


class _Server6(_Server):
    address_family = AF_INET6


class _Handler(BaseHTTPRequestHandler):
    health: Callable[[], str]
    text: Callable[[], bytes]
    timeout = _SLOW
    server_version, sys_version = "parchemin", ""

    def do_GET(self) -> None:
        """`/health`: 200, or 503 with its reason. `/metrics`: the measures."""
        match self.path.partition("?")[0]:
            case "/health":
                why = self.health()
                status = HTTPStatus.SERVICE_UNAVAILABLE if why else HTTPStatus.OK
                self._say(status, why or "La veille tourne.")
            case "/metrics":
                self._send(HTTPStatus.OK, MEDIA, self.text())
            case _:
                self._say(HTTPStatus.NOT_FOUND, "Demandez « /health » ou « /metrics ».")

    def log_message(self, *_: object) -> None:
        """Nothing: who asks, and what, is nobody’s business."""

    def _say(self, status: HTTPStatus, words: str) -> None:
        printed = _BEFORE_SIGN.sub("\N{NO-BREAK SPACE}", words)
        self._send(status, "text/plain; charset=utf-8", f"{printed}\n".encode())

    def _send(self, status: HTTPStatus, media: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
