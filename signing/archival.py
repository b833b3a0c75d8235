"""What proves a signature later: validation data, then a time-stamp over all of it.

Only for documents of ours, or examined in the sandbox before. The revocation answers their
certificates announce come through the bounded fetcher it is given; nothing else is fetched.

The roots are kept with the rest: they make nobody trusted (whoever checks brings their own), but in
twenty years a fingerprint from elsewhere is then enough to recognise them.
"""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import SimpleTrustManager

from casefiles.errors import LevelNotReached, SigningError
from signing import revocation
from signing.archives import Signed, unproven
from signing.draft import working_copy
from signing.fetching import Fetcher
from signing.increment import AsIs
from signing.report import Level
from signing.trust import NOBODY, Trust

_TOKEN = 2 * 16 * 1024  # hexadecimal digits kept for a time-stamp and its certificates
_MARGIN = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Archived:
    """ends: when the certificate of the last document time-stamp does, None without one. gaps:
    signers whose authority is not known here, so that nothing proves their certificate later."""

    ends: datetime | None = None
    gaps: tuple[str, ...] = ()


def renewal(ends: datetime, made: datetime) -> datetime:
    """When to renew an archive made at `made` whose time-stamp’s certificate ends at `ends`: three
    months before, or halfway for one that lives less."""
    return max(ends - _MARGIN, made + (ends - made) / 2)


def raise_to(
    source: Path,
    target: Path,
    *,
    level: Level,
    at: datetime,
    trust: Trust = NOBODY,
    timestamper: TimeStamper | None = None,
    fetcher: Fetcher | None = None,
    field: str | None = None,
) -> Archived:
    """Raise a signed document to B-T (a document time-stamp), B-LT or B-LTA, or renew its B-LTA.

    at: aware instant, the present. field: an empty invisible field kept for the time-stamp (PDF/UA
    asks that it be tagged).
    LevelNotReached when a service did not answer; nothing is written then.
    """
    stamped = level in {"B-T", "B-LTA"}
    if level == "B-B" or (stamped and timestamper is None):
        raise SigningError(f"Le niveau {level} ne peut pas être atteint sans horodatage.")
    with working_copy(source, target) as copy:
        if level == "B-LT" and timestamper is not None and _untimed(copy):
            add(copy, at=at, trust=trust, timestamper=timestamper, validation_data=False,
                field=field)  # fmt: skip
        done = add(
            copy,
            at=at,
            trust=trust,
            timestamper=timestamper if stamped else None,
            fetcher=fetcher,
            validation_data=level != "B-T",
            field=field,
        )
        os.replace(copy, target)
    return done


def add(
    path: Path,
    *,
    at: datetime,
    trust: Trust,
    timestamper: TimeStamper | None,
    fetcher: Fetcher | None = None,
    validation_data: bool = True,
    field: str | None = None,
) -> Archived:
    """Add validation data to `path` for everything signed in it and, with a `timestamper`, a
    document time-stamp over them; `field`: an invisible field made for it, else a new one.

    The path is changed in place: give it a copy. LevelNotReached when a revocation answer or the
    time-stamp cannot be had now; SigningError when a certificate is revoked or leads to nobody.
    """
    work = _Archive(trust, timestamper, fetcher, at)
    with path.open("r+b") as stream:
        try:
            return asyncio.run(work.add(stream, validation_data=validation_data, field=field))
        except (TimestampRequestError, TimeoutError) as error:
            raise LevelNotReached(
                "Le service d’horodatage n’a pas répondu correctement.",
                "La signature elle-même n’est pas en cause : l’horodatage sera redemandé.",
            ) from error
        except RevokedError as error:
            raise SigningError(
                "Les preuves de validité n’ont pas été ajoutées : un certificat de ce document a "
                "été révoqué.",
                "Faites signer de nouveau avec un certificat en vigueur.",
            ) from error
        except ExpiredError as error:
            raise LevelNotReached(
                "Les preuves de validité n’ont pas été réunies à temps : un certificat de ce "
                f"document a pris fin le {error.expired_dt:%d/%m/%Y}.",
                "Gardez ce fichier tel qu’il est : rien n’y manque. Pour le prouver plus tard, "
                "faites-le signer de nouveau ; pour un parchemin, établissez un duplicata.",
            ) from error
        except (PathBuildingError, PathValidationError) as error:
            raise LevelNotReached(
                "Les preuves de validité du certificat n’ont pas pu être réunies "
                f"({type(error).__name__}).",
                "Vérifiez les autorités de confiance et l’accès à leurs services ; un nouvel essai "
                "sera fait.",
            ) from error


class _Archive:
    def __init__(
        self,
        trust: Trust,
        timestamper: TimeStamper | None,
        fetcher: Fetcher | None,
        at: datetime,
    ) -> None:
        self.trust, self.timestamper, self.fetcher, self.at = trust, timestamper, fetcher, at
        self.roots = [x509.Certificate.load(der) for der in trust.roots]
        self.others = [x509.Certificate.load(der) for der in trust.others]
        self.gaps: list[str] = []

    async def add(self, stream: IO[bytes], *, validation_data: bool, field: str | None) -> Archived:
        reader = PdfFileReader(stream)
        writer = AsIs(stream, prev=reader)
        context = None
        if validation_data:
            signed = await unproven(reader, self.trust, at=self.at)
            context = self._context(await self._answers(signed))
            await self._store(signed, writer, context)
        if self.timestamper is None:
            writer.write_in_place()  # type: ignore[no-untyped-call]
            return Archived(gaps=tuple(self.gaps))
        await PdfTimeStamper(
            self.timestamper,
            field_name=field,
            readable_field_name="Horodatage",
            invis_settings=InvisSigSettings(box_out_of_bounds=True),
        ).async_timestamp_pdf(
            writer,
            "sha256",
            context,
            bytes_reserved=_TOKEN,
            in_place=True,
            dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
            embed_roots=True,
        )
        last = PdfFileReader(stream).embedded_timestamp_signatures[-1]
        return Archived(ends=last.signer_cert.not_valid_after, gaps=tuple(self.gaps))

    async def _answers(self, signed: Iterable[Signed]) -> Trust:
        """The answers about every certificate of those signatures, and of the service to come."""
        held = [certificate for one in signed for certificate in one.certificates]
        if self.timestamper is not None:
            dummy = await self.timestamper.async_dummy_response("sha256")
            coming = extract_certificate_info(dummy["content"])
            held += [coming.signer_cert, *coming.other_certs]
        asked = revocation.questions(held, [*self.roots, *self.others])
        fetched = self.fetcher.gather(asked) if self.fetcher is not None else ()
        return self.trust.and_also(revocation.answers(fetched))

    def _context(self, known: Trust) -> ValidationContext:
        return ValidationContext(
            trust_manager=SimpleTrustManager.build(trust_roots=self.roots),
            other_certs=self.others,
            crls=[crl.CertificateList.load(der) for der in known.crls],
            ocsps=[ocsp.OCSPResponse.load(der) for der in known.ocsps],
            moment=self.at,
            time_tolerance=revocation.CLOCKS_DIFFER,
            allow_fetching=False,
            revocation_mode="hard-fail",
        )

    async def _store(self, signed: list[Signed], writer: AsIs, context: ValidationContext) -> None:
        """The chains that hold, with their answers. Somebody’s unknown authority is a gap, unless
        nobody’s is known."""
        paths, unknown = [], None
        for one in signed:
            try:
                paths.append(await _path(one.data, context, stamping=one.stamping))
            except PathBuildingError as error:
                subject = one.certificates[0].subject
                self.gaps.append(str(subject.native.get("common_name") or subject.human_friendly))
                unknown = error
        if not paths and unknown is not None:
            raise unknown
        DocumentSecurityStore.supply_dss_in_writer(
            writer, None, paths=paths, validation_context=context, embed_roots=True
        )


def _untimed(path: Path) -> bool:
    """Whether a signature has neither a time-stamp of its own nor one after it."""
    with path.open("rb") as stream:
        reader = PdfFileReader(stream)
        after = [s.signed_revision for s in reader.embedded_timestamp_signatures]
        return any(
            not list(extract_tst_data_iter(one.signer_info, signed=False))
            and not any(revision > one.signed_revision for revision in after)
            for one in reader.embedded_regular_signatures
        )


async def _path(
    signed: cms.SignedData, context: ValidationContext, *, stamping: bool
) -> ValidationPath:
    held = extract_certificate_info(signed)
    validator = CertificateValidator(
        held.signer_cert, intermediate_certs=held.other_certs, validation_context=context
    )
    purposes = {"time_stamping"} if stamping else None
    path: ValidationPath = await validator.async_validate_usage(set(), purposes)
    return path
