"""Certificates and PKCS#12 files made by the openssl command line."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True)
class Identity:
    """Somebody who can sign: PKCS#12, its passphrase (text, and 0600 file), certificate in PEM."""

    name: str
    p12: Path
    phrase: str
    phrase_file: Path
    certificate: Path
    fingerprint: str


class OpensslAuthority:
    """One root made on the spot; `root` is its certificate in PEM."""

    def __init__(self, directory: Path, name: str = "Autorité d’essai EXEMPLE") -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.root = directory / "racine.pem"
        self._key = directory / "racine.key"
        self._made = 0
        private_key(self._key)
        _openssl(
            "req", "-x509", "-new", "-key", self._key, "-out", self.root, "-days", "3650",
            "-utf8", "-subj", f"/C=FR/O=EXEMPLE/CN={name}",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )  # fmt: skip
        (directory / "index.txt").touch()
        (directory / "index.txt.attr").write_text("unique_subject = no\n")
        (directory / "serie").write_text("1000\n")
        self._config = directory / "ca.cnf"
        self._config.write_text(
            "[ca]\ndefault_ca=d\n[d]\n"
            f"database={directory}/index.txt\nserial={directory}/serie\n"
            f"new_certs_dir={directory}\ndefault_md=sha256\npolicy=p\nutf8=yes\n"
            "string_mask=utf8only\nx509_extensions=e\nemail_in_dn=yes\n"
            "[p]\ncountryName=optional\norganizationName=optional\n"
            "organizationIdentifier=optional\ncommonName=supplied\n"
            "[e]\nbasicConstraints=critical,CA:FALSE\n"
        )

    def issue(
        self,
        name: str,
        *,
        organisation: str = "Mécanique EXEMPLE SAS",
        key: str = "ec",
        usage: str | None = "digitalSignature,nonRepudiation",
        begins: datetime | None = None,
        ends: datetime | None = None,
        phrase: str = "phrase d’essai",
        legal_person: str = "",
    ) -> Identity:
        """A certificate for `name`. key: "ec" (P-256) or "rsa:3072"; usage None: none stated.

        legal_person: the organisation’s identifier, which makes it a seal’s (EN 319 412-3).
        """
        self._made += 1
        stem = self.directory / f"titulaire-{self._made}"
        private, request, certificate = (stem.with_suffix(s) for s in (".key", ".csr", ".pem"))
        private_key(private, key)
        identified = f"/2.5.4.97={legal_person}" if legal_person else ""
        _openssl("req", "-new", "-key", private, "-out", request, "-utf8",
                 "-subj", f"/C=FR/O={organisation}{identified}/CN={name}")  # fmt: skip
        extensions = stem.with_suffix(".ext")
        extensions.write_text(
            "basicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n"
            "subjectKeyIdentifier=hash\n" + (f"keyUsage=critical,{usage}\n" if usage else "")
        )
        now = datetime.now(UTC)
        _openssl(
            "ca", "-batch", "-config", self._config, "-cert", self.root, "-keyfile", self._key,
            "-in", request, "-out", certificate, "-extfile", extensions, "-notext",
            "-startdate", _instant(begins or now - timedelta(days=1)),
            "-enddate", _instant(ends or now + timedelta(days=700)),
        )  # fmt: skip
        return bundle(stem, name, private, certificate, self.root, phrase)


def private_key(path: Path, kind: str = "ec") -> None:
    """Write a new private key in PEM. kind: "ec" (P-256) or "rsa:3072"."""
    if kind == "ec":
        spec = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    else:
        spec = ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{kind.partition(':')[2]}"]
    _openssl("genpkey", *spec, "-out", path)


def bundle(
    stem: Path, name: str, private: Path, certificate: Path, root: Path, phrase: str
) -> Identity:
    """Pack a key and its certificate as PKCS#12 beside `stem`."""
    p12, phrase_file = stem.with_suffix(".p12"), stem.with_suffix(".phrase")
    phrase_file.write_text(phrase + "\n", encoding="utf-8")
    phrase_file.chmod(0o600)
    _openssl("pkcs12", "-export", "-inkey", private, "-in", certificate, "-certfile", root,
             "-name", name, "-out", p12, "-passout", f"file:{phrase_file}")  # fmt: skip
    printed = _openssl("x509", "-in", certificate, "-noout", "-fingerprint", "-sha256")
    fingerprint = printed.partition("=")[2].strip().replace(":", "").lower()
    return Identity(name, p12, phrase, phrase_file, certificate, fingerprint)


def private_key_of(who: Identity, target: Path) -> Path:
    """The private key of an identity in PKCS#8, for a test to import elsewhere and then remove."""
    _openssl("pkcs12", "-in", who.p12, "-passin", f"file:{who.phrase_file}", "-nocerts", "-noenc",
             "-out", target)  # fmt: skip
    return target


def _openssl(*arguments: object) -> str:
    done = subprocess.run(
        ["openssl", *(str(a) for a in arguments)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"openssl {arguments[0]}: {done.stderr}")
    return done.stdout


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}"
