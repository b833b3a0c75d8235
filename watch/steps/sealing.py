"""Our own pages signed: by the organisation’s seal, or for the certifier where its key is here."""

import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from casefiles import levels
from casefiles.errors import SigningError
from watch.office import Office
from watch.steps.proofs import Reached, reached


class Sealed(Reached):
    """What the event of a page we signed says of it."""

    sha256: str


def on_trial(office: Office) -> bool:
    """Whether what the certifier delivers here comes of demonstration keys, and is worth nothing.

    Its own key says so where it is delegated; where the page goes out to be signed, our seal does.
    """
    from signing.demo import is_demo

    with suppress(SigningError):
        return is_demo(office.certifier_key or office.seal_key)
    return False


def signed(
    office: Office,
    data: bytes,
    field: str,
    quality: str,
    document: str,
    *,
    seal: bool,
    cachet: str = "",
) -> Sealed:
    """Sign one of our pages in that field; the SHA-256 it is kept under, and the level reached.

    document: whose level of signature the settings give. cachet: the field where the certifier’s
    seal joins its signatory’s signature, "" when it does not. SigningError when the key is gone.
    """
    from signing.pades import sign
    from signing.stamp import Stamp

    key = office.seal_key if seal else office.certifier_key
    if key is None:
        raise SigningError(
            "La clé du certificateur n’est plus dans les réglages.",
            "Rétablissez la délégation, puis relancez l’étape.",
        )
    options = office.signature_options(document)
    beside = office.certifier_seal_key if cachet else None
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
            docmdp=2 if beside else 1,
            at=office.clock(),
            **options,
        )
        if beside is not None:
            alone = made.level
            made = sign(
                target,
                Path(folder, "cachetee.pdf"),
                field=cachet,
                signer=beside,
                after=(field,),
                at=office.clock(),
                **options,
            )
            if levels.ORDER.index(alone) < levels.ORDER.index(made.level):
                made = replace(made, level=alone)  # the weaker of the two is what is proven
        return Sealed(sha256=office.originals.put(made.path), **reached(made, office.clock()))
