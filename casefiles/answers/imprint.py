"""The identity of one print of a form: what its code says, and the keyed check that we made it.

It identifies the print and never vouches for its answers; it holds no personal data. The same
imprint travels three ways: a read-only hidden field, the document information, and the QR of each
page (which adds the page number).
"""

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, fields, replace

FIELD = "parchemin/empreinte"
_PREFIX = "PCH1"


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """serial: unique per print; case: its number or ""; part: compétence, bloc, session or "".

    form_hash and certification_hash are SHA-256 in hexadecimal; the QR carries neither (room), the
    serial leads to them. page is 0 for the document as a whole.
    """

    serial: str
    form: str
    version: int
    case: str = ""
    part: str = ""
    certification: str = ""
    certification_hash: str = ""
    form_hash: str = ""
    page: int = 0
    key_id: str = ""
    check: str = ""

    def on_page(self, page: int) -> "Imprint":
        """The same print, page `page` (1-based); sign it again before use."""
        return replace(self, page=page, check="")

    def signed(self, key: bytes) -> "Imprint":
        """The imprint with its key id and keyed check."""
        named = replace(self, key_id=key_id(key))
        return replace(named, check=named._mac(key))

    def made_with(self, key: bytes) -> bool:
        """Whether the keyed check is ours and everything it covers unchanged."""
        given = self.check.encode(errors="surrogatepass")
        return self.key_id == key_id(key) and hmac.compare_digest(given, self._mac(key).encode())

    def _mac(self, key: bytes) -> str:
        covered = "|".join(
            (self.serial, self.form, str(self.version), self.case, self.part, str(self.page))
        )
        digest = hmac.new(key, covered.encode(errors="surrogatepass"), hashlib.sha256).digest()[:10]
        return base64.b32encode(digest).decode()

    def code(self) -> str:
        """The QR's text, upper-case alphanumeric mode where possible: « PCH1/serial/F5/1/… »."""
        return "/".join(
            (
                _PREFIX,
                self.serial,
                self.form,
                str(self.version),
                self.case,
                self.part,
                str(self.page),
                self.key_id,
                self.check,
            )
        )

    def text(self) -> str:
        """The whole imprint as one line of JSON, for the hidden field and the information."""
        return json.dumps(asdict(self), ensure_ascii=True, sort_keys=True)


def from_code(code: str) -> Imprint:
    """The imprint a QR says; ValueError when it is not one of ours."""
    parts = code.split("/")
    if len(parts) != 9 or parts[0] != _PREFIX:
        raise ValueError("not a Parchemin code")
    _, serial, form, version, case, part, page, key, check = parts
    return Imprint(
        serial=serial,
        form=form,
        version=int(version),
        case=case,
        part=part,
        page=int(page),
        key_id=key,
        check=check,
    )


def from_text(text: str) -> Imprint:
    """The imprint of a hidden field; ValueError or TypeError when it is not one of ours."""
    data = json.loads(text)
    kinds = {f.name: f.type for f in fields(Imprint)}
    if not isinstance(data, dict) or any(type(v) is not kinds.get(k) for k, v in data.items()):
        raise ValueError("not a Parchemin imprint")
    return Imprint(**data)


def key_id(key: bytes) -> str:
    """Four letters that name a key without telling it."""
    return base64.b32encode(hashlib.sha256(b"parchemin imprint" + key).digest())[:4].decode()
