"""A PKCS#11 token in software (Debian's softhsm2), in a folder of its own.

SoftHSM is one shared library per process: its configuration is read once, so one token store serves
the whole session.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.pki.openssl import Identity, private_key_of

_WRITER = """
import json, pathlib, sys
import pkcs11
from asn1crypto import pem
from pkcs11.util.x509 import decode_x509_certificate

library, token, pin, entries = json.load(sys.stdin)
with pkcs11.lib(library).get_token(token_label=token).open(user_pin=pin, rw=True) as session:
    for path, label, number in entries:
        _, _, der = pem.unarmor(pathlib.Path(path).read_bytes())
        described = decode_x509_certificate(der)
        described[pkcs11.Attribute.TOKEN] = True
        described[pkcs11.Attribute.LABEL] = label
        described[pkcs11.Attribute.ID] = bytes.fromhex(number)
        session.create_object(described)
"""
LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")


class Token:
    """One token: `label` and `pin`; `hold` imports somebody's key, certificate and issuer.

    Beside it stands `apart`, another token with the same PIN, to which nobody is logged in.
    """

    apart = "Jeton à part"

    def __init__(
        self, directory: Path, label: str = "Jeton EXEMPLE", pin: str = "4711-essai"
    ) -> None:
        self.label, self.pin, self.library = label, pin, LIBRARY
        self.directory = directory
        (directory / "jetons").mkdir(parents=True)
        configuration = directory / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {directory}/jetons\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(configuration)
        for name in (label, self.apart):
            self._run("--init-token", "--free", "--label", name, "--so-pin", "0000-essai",
                      "--pin", pin)  # fmt: skip
        self._held = 0

    def hold(self, who: Identity, *issuers: Path, label: str, certified: bool = True) -> str:
        """Import the key of `who` under `label`, with its certificate unless not `certified`."""
        self._held += 1
        pem = private_key_of(who, self.directory / f"cle-{self._held}.pem")
        number = f"{self._held:02X}"
        self._run("--import", pem, "--token", self.label, "--label", label, "--id", number,
                  "--pin", self.pin)  # fmt: skip
        pem.unlink()
        if certified:
            self._certificates(bytes.fromhex(number), label, who.certificate, *issuers)
        return label

    def _certificates(self, number: bytes, label: str, own: Path, *issuers: Path) -> None:
        """By another process: this one may be logged in to the token already."""
        entries = [(str(own), label, number.hex())]
        entries += [(str(path), f"autorité {n}", "ff") for n, path in enumerate(issuers)]
        words = json.dumps([str(LIBRARY), self.label, self.pin, entries])
        done = subprocess.run([sys.executable, "-c", _WRITER], input=words, text=True, timeout=60,
                              capture_output=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr

    @staticmethod
    def _run(*words: object) -> None:
        done = subprocess.run(
            ["softhsm2-util", *(str(w) for w in words)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
