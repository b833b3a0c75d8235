"""A certomancer authority (architecture.yaml) with OCSP, CRL and time-stamps on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import Request, urlopen

from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel
from certomancer.registry.config import CertomancerConfig
from werkzeug.serving import WSGIRequestHandler, make_server

from signing.fetching import Fetcher
from tests.pki.openssl import Identity, bundle, private_key

_RECIPE = Path(__file__).parent / "architecture.yaml"
_KEYS = ["racine", "inter", "ocsp", "horodatage", "horodatage-bref", "employeur", "presidente",
         "revoque", "expire", "centre", "certificateur", "certificateur-bref"]  # fmt: skip
# How long what is « bref » lasts still: the signer’s certificate ends first, then the time-stamps’.
SIGNER_ENDS, STAMPS_END = timedelta(days=40), timedelta(days=120)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        pass


class ServedAuthority:
    """Its labels: employeur, presidente, centre, certificateur, revoque (since 2024), expire
    (in 2025), certificateur-bref (SIGNER_ENDS from now).

    root: PEM to trust. tsa_url: RFC 3161 service; brief_tsa_url: one whose certificate ends
    STAMPS_END from now. The server listens as soon as this is made, in a
    thread of the test process; leave the context, or call close(), to stop it.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        for name in _KEYS:
            private_key(directory / f"{name}.pem")
        self._application: Any = None
        self._stopped = False
        self._at: datetime | None = None
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet
        )
        self.port = self._server.server_port
        recipe = _RECIPE.read_text(encoding="utf-8").replace("PORT", str(self.port))
        now = datetime.now(UTC).replace(microsecond=0)
        for word, lasts in (("TÔT", SIGNER_ENDS), ("BREF", STAMPS_END)):
            recipe = recipe.replace(f'"{word}"', f'"{(now + lasts).isoformat()}"')
        config = CertomancerConfig.from_yaml(recipe, key_search_dir=str(directory))
        self._architecture = config.get_pki_arch(ArchLabel("jury"))
        self._application = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.root = self._pem("racine")
        self.tsa_url = f"http://127.0.0.1:{self.port}/jury/tsa/tsa"
        self.brief_tsa_url = f"http://127.0.0.1:{self.port}/jury/tsa/bref"
        self.host = f"127.0.0.1:{self.port}"
        self.fetcher = Fetcher([self.host])

    def identity(self, label: str, phrase: str = "phrase d’essai") -> Identity:
        """The PKCS#12 of one holder, with its chain."""
        subject = self._architecture.get_cert(CertLabel(label)).subject.native["common_name"]
        return bundle(
            self.directory / f"titulaire-{label}",
            subject,
            self.directory / f"{label}.pem",
            self._pem(label),
            self._pem("inter"),
            phrase,
        )

    def certificate(self, label: str) -> bytes:
        """That certificate, DER."""
        return bytes(self._architecture.get_cert(CertLabel(label)).dump())

    def crl(self, repository: str, at: datetime | None = None) -> bytes:
        """The list of revoked certificates (DER) of « inter » or « racine », now or at `at`."""
        address = f"http://127.0.0.1:{self.port}/jury/crls/{repository}/latest.crl"
        headers = {"X-Certomancer-Fake-Time": at.isoformat()} if at else {}
        with urlopen(Request(address, headers=headers)) as answer:
            content: bytes = answer.read()
        return content

    def _pem(self, label: str) -> Path:
        from asn1crypto import pem

        path = self.directory / f"{label}.crt"
        if not path.exists():
            der = self._architecture.get_cert(CertLabel(label)).dump()
            path.write_bytes(pem.armor("CERTIFICATE", der))
        return path

    @contextmanager
    def time_stamping_stopped(self) -> Iterator[None]:
        """The time-stamping service answers « 503 » meanwhile; the others go on."""
        self._stopped = True
        try:
            yield
        finally:
            self._stopped = False

    @contextmanager
    def living_at(self, moment: datetime) -> Iterator[None]:
        """Time-stamps and revocation answers are given as on that day meanwhile."""
        self._at = moment
        try:
            yield
        finally:
            self._at = None

    def _answer(self, environ: Any, start_response: Any) -> Any:
        if self._at is not None:
            environ["HTTP_X_CERTOMANCER_FAKE_TIME"] = self._at.isoformat()
        if self._stopped and "/tsa/" in environ["PATH_INFO"]:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"arret"]
        return self._application(environ, start_response)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
