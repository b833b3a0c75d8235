"""What can have happened to the proofs of what we signed: raised to a level, renewed."""

from datetime import date
from typing import Literal

from casefiles.events.facts import Fact


class SignatureRaised(Fact):
    """A time-stamp or validation data were added to a document of ours, or its archive renewed.

    document: « pieces », « pv », « parchemin », « attestation/BDC1 »…; of: the SHA-256 it was
    signed under, whose bytes begin the raised file. level: reached, of the `wanted` one. renew_on:
    when the archive is to be stamped again. gaps: signers whose authority is not known here.
    """

    type: Literal["SignatureRaised"] = "SignatureRaised"
    document: str
    of: str
    sha256: str
    path: str
    level: str
    wanted: str
    renew_on: date | None = None
    gaps: tuple[str, ...] = ()
