"""Fetching revocation answers: only from machines named beforehand, within bounds; reads nothing.

It runs outside the sandbox, on addresses that foreign certificates may have written: hence no other
machine than those allowed, no private address that was not listed, few redirections, little time
and little weight. What it brings back is parsed elsewhere.
"""

import http.client
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from signing.revocation import Attempt, Question

log = logging.getLogger("parchemin.fetching")

_PORTS = {"http": 80, "https": 443}
_CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """seconds: for one document, all its answers together; weight: bytes of one answer."""

    seconds: float = 20.0
    weight: int = 8 * 1024 * 1024
    redirections: int = 2
    requests: int = 32


class Refused(Exception):
    """An address we may not reach, or an answer past the bounds; its words are for the log."""


class Fetcher:
    """listed: machines the office named (« ocsp.exemple.fr », « 10.0.0.7:8080 »), on ports 80 and
    443 when none is said. public: machines named by trusted authorities, at public addresses."""

    def __init__(
        self,
        listed: Iterable[str] = (),
        public: Iterable[str] = (),
        *,
        bounds: Bounds = Bounds(),
    ) -> None:
        self.listed = frozenset(one.lower() for one in listed)
        self.public = frozenset(one.lower() for one in public)
        self.bounds = bounds

    def gather(self, questions: Iterable[Question]) -> tuple[bytes, ...]:
        """One answer per question that found one; never raises for the network’s sake."""
        ends = time.monotonic() + self.bounds.seconds
        left = self.bounds.requests
        found: dict[Attempt, bytes] = {}
        for question in questions:
            for attempt in question.attempts:
                if attempt in found:
                    break
                if left <= 0 or time.monotonic() >= ends:
                    log.warning("revocation answers: bounds reached")
                    return tuple(found.values())
                left -= 1
                content = self._tried(attempt, ends)
                if content is not None:
                    found[attempt] = content
                    break
        return tuple(found.values())

    def _tried(self, attempt: Attempt, ends: float) -> bytes | None:
        try:
            return self._followed(attempt, ends)
        except (OSError, http.client.HTTPException, ValueError, Refused) as error:
            # The machine alone: a path or a message may carry what the file’s author wrote.
            log.info("no answer: host=%s error=%s", _host(attempt.url), type(error).__name__)
            return None

    def _followed(self, attempt: Attempt, ends: float) -> bytes:
        url, body = attempt.url, attempt.body
        for _ in range(self.bounds.redirections + 1):
            status, moved, content = self._asked(urlsplit(url), body, ends)
            if status == 200:
                return content
            if status not in {301, 302, 307, 308} or not moved:
                raise Refused(f"status {status}")
            url = urljoin(url, moved)
        raise Refused("too many redirections")

    def _asked(self, url: SplitResult, body: bytes | None, ends: float) -> tuple[int, str, bytes]:
        port = url.port or _PORTS.get(url.scheme, 0)
        address = self._address(url.hostname or "", port)
        connection = _Connection(
            url.hostname or "", port, address, ends, secure=url.scheme == "https"
        )
        try:
            target = (url.path or "/") + (f"?{url.query}" if url.query else "")
            headers = {"Accept": "application/ocsp-response, application/pkix-crl, */*;q=0.1"}
            if body is not None:
                headers["Content-Type"] = "application/ocsp-request"
            connection.request("GET" if body is None else "POST", target, body, headers)
            answer = connection.getresponse()
            content = self._read(answer)
            if connection.was_cut:
                raise TimeoutError
            return answer.status, answer.getheader("Location") or "", content
        finally:
            connection.close()

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        content = answer.read(self.bounds.weight + 1)
        if len(content) > self.bounds.weight:
            raise Refused("too heavy")
        return content

    def _address(self, host: str, port: int) -> str:
        """Where to connect, looked up once and for all; Refused when we may not."""
        host = host.lower()
        usual = port in _PORTS.values()
        ours = f"{host}:{port}" in self.listed or (usual and host in self.listed)
        if not ours and not (usual and host in self.public):
            raise Refused("not a machine we may ask")
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_, place in found:
            address = str(place[0])
            if ours or ipaddress.ip_address(address.partition("%")[0]).is_global:
                return address
        raise Refused("a private address nobody listed")


class _Connection(http.client.HTTPConnection):
    """A connection to an address already chosen (its name is not looked up a second time), cut
    when the time is over, however slowly the other side speaks."""

    def __init__(self, host: str, port: int, address: str, ends: float, *, secure: bool) -> None:
        super().__init__(host, port)
        self._chosen, self._secure = address, secure
        self.was_cut = False
        self._left = ends - time.monotonic()
        self._clock = threading.Timer(max(self._left, 0.01), self._cut)
        self._clock.daemon = True

    def connect(self) -> None:
        if self._left <= 0:
            raise TimeoutError
        self.sock = socket.create_connection((self._chosen, self.port), self._left)
        self._clock.start()
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def close(self) -> None:
        self._clock.cancel()
        super().close()

    def _cut(self) -> None:
        self.was_cut = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"
