"""Our own pages signed: by the organisation’s seal, or for the certifier where its key is here."""

import tempfile
from pathlib import Path

from casefiles.errors import SigningError
from watch.office import Office
from watch.steps.proofs import Reached, reached


class Sealed(Reached):
    """What the event of a page we signed says of it."""

    sha256: str


def signed(
    office: Office, data: bytes, field: str, quality: str, document: str, *, seal: bool
) -> Sealed:
    """Sign one of our pages in that field; the SHA-256 it is kept under, and the level reached.

    document: whose level of signature the settings give. SigningError when the key is gone.
    """
    from signing.pades import sign
    from signing.stamp import Stamp

    key = office.seal_key if seal else office.certifier_key
    if key is None:
        raise SigningError(
            "La clé du certificateur n’est plus dans les réglages.",
            "Rétablissez la délégation, puis relancez l’étape.",
        )
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        source, target = Path(folder, "page.pdf"), Path(folder, "signee.pdf")
        source.write_bytes(data)
        made = sign(
            source,
            target,
            field=field,
            signer=key,
            stamp=Stamp(name=key.holder, quality=quality),
            certify=True,
            docmdp=1,
            at=office.clock(),
            **office.signature_options(document),
        )
        return Sealed(sha256=office.originals.put(target), **reached(made, office.clock()))
