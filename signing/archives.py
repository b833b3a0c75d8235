"""What the archives inside a document prove: each, all it covers, as on the day of its time-stamp.

Whatever ended or was revoked since, that stays proven. So a document is completed for the rest
alone: answers of today about certificates that have ended would only blur those of their time.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing import validation_data
from signing.chain import Chains, Standing
from signing.trust import Trust
from signing.validation_data import ValidationData


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Something signed: a signature, a document time-stamp, a time-stamp inside a signature."""

    data: cms.SignedData
    stamping: bool
    revision: int
    digest: Callable[[str], bytes]

    @property
    def certificates(self) -> list[x509.Certificate]:
        """The signer’s own, then those that came with it."""
        held = extract_certificate_info(self.data)
        return [held.signer_cert, *held.other_certs]

    async def standing(self, chains: Chains) -> Standing:
        """What those chains make of it."""
        if self.stamping:
            return await chains.timestamp(self.data, self.digest)
        return await chains.signature(self.data, self.digest("sha256"))


@dataclass(frozen=True)
class Archive:
    """One document time-stamp: its moment, what the document held then. since: its standing as a
    later archive proves it, None when none does."""

    field: str
    revision: int
    moment: datetime
    held: ValidationData
    since: Standing | None


class Archives:
    """The document time-stamps of `reader` that prove something, the last first: `chains` believes
    them today, or a later one proves them."""

    def __init__(self, reader: PdfFileReader, chains: Chains) -> None:
        self._reader, self._chains = reader, chains
        self._proving: list[Archive] = []

    async def read(self) -> AsyncIterator[tuple[Archive, Signed]]:
        """Every document time-stamp, proving or not; to be read through first."""
        for stamp in reversed(self._reader.embedded_timestamp_signatures):
            one = of(stamp)
            moment = one.data["encap_content_info"]["content"].parsed["gen_time"].native
            held = validation_data.at_revision(self._reader, one.revision)
            since = await self.proof(one)
            archive = Archive(stamp.field_name, one.revision, moment, held, since)
            today = await one.standing(self._chains)
            if since is not None or (today.failure is None and today.problem is None):
                self._proving.append(archive)
            yield archive, one

    async def proof(self, one: Signed) -> Standing | None:
        """Its standing as a later archive proves it; None when none does."""
        for archive in self._proving:
            if archive.revision > one.revision and archive.held.covers(one.certificates):
                then = self._chains.on(archive.moment, archive.held.trust)
                standing = await one.standing(then)
                sound = standing.failure is None and standing.problem is None
                if sound and standing.revocation == "checked":
                    return standing
        return None

    async def settled(
        self, standing: Standing, embedded: EmbeddedPdfSignature, proven: datetime | None
    ) -> Standing:
        """Today’s standing of a signature with the past counted: what an archive proves, else
        answers kept that were good at the moment it is `proven` to exist, else the library’s."""
        if standing.problem is None and standing.revocation == "checked":
            return standing
        one = of(embedded)
        with suppress(Exception):  # hostile or incomplete proofs of the past prove nothing
            if held := await self.proof(one):
                return held
            if standing.problem is None and proven is not None:
                then = await one.standing(self._chains.on(proven))
                if then.problem is None and then.revocation == "checked":
                    return then
        return await self._chains.settled(standing, embedded)


async def unproven(reader: PdfFileReader, trust: Trust, *, at: datetime) -> list[Signed]:
    """Everything signed there that no archive proves, the document’s time-stamps first."""
    archives = Archives(reader, Chains(trust, validation_data.read(reader).trust, at=at))
    found = [one async for archive, one in archives.read() if archive.since is None]
    for embedded in reader.embedded_regular_signatures:
        for one in (of(embedded), *inside(embedded)):
            if await archives.proof(one) is None:
                found.append(one)
    return found


def of(embedded: EmbeddedPdfSignature) -> Signed:
    """The signature or time-stamp of a field."""
    return Signed(
        data=embedded.signed_data,
        stamping=embedded.sig_object_type == "/DocTimeStamp",
        revision=embedded.signed_revision,
        digest=lambda _: embedded.compute_digest(),
    )


def inside(embedded: EmbeddedPdfSignature) -> list[Signed]:
    """The time-stamps a signature holds itself."""
    imprint = generic_cms.message_imprint_checker(embedded.signer_info)
    tokens = generic_cms.extract_tst_data_iter(embedded.signer_info, signed=False)
    revision = embedded.signed_revision
    return [Signed(data=t, stamping=True, revision=revision, digest=imprint) for t in tokens]
