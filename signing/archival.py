"""What proves a signature later: validation data, then a time-stamp over all of it.

The only module here that fetches, and only for documents of ours: the revocation answers their own
certificates announce, through a client bounded in number, size and time.
"""

import asyncio
from pathlib import Path
from typing import IO

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import SimpleTrustManager

from casefiles.errors import SigningError
from signing.increment import AsIs
from signing.trust import Trust

_TOKEN = 2 * 16 * 1024  # hexadecimal digits kept for a time-stamp and its certificates


def add(
    path: Path,
    *,
    trust: Trust,
    timestamper: TimeStamper | None,
    validation_data: bool = True,
    field: str | None = None,
) -> None:
    """Add validation data to `path` for everything signed in it and, with a `timestamper`, a
    document time-stamp over them; `field`: an invisible field made for it, else a new one.

    The path is changed in place: give it a copy. SigningError when a chain, a revocation answer or
    the time-stamp cannot be had.
    """
    with path.open("r+b") as stream:
        try:
            asyncio.run(_add(stream, trust, timestamper, validation_data, field))
        except (TimestampRequestError, TimeoutError) as error:
            raise SigningError(
                "Le service d’horodatage n’a pas répondu correctement.",
                "Réessayez plus tard : la signature elle-même n’est pas en cause.",
            ) from error
        except (PathBuildingError, PathValidationError) as error:
            raise SigningError(
                "Les preuves de validité du certificat n’ont pas pu être réunies "
                f"({type(error).__name__}).",
                "Vérifiez les autorités de confiance et l’accès à Internet, puis réessayez.",
            ) from error


async def _add(
    stream: IO[bytes],
    trust: Trust,
    timestamper: TimeStamper | None,
    validation_data: bool,
    field: str | None,
) -> None:
    context = ValidationContext(
        trust_manager=SimpleTrustManager.build(
            trust_roots=[x509.Certificate.load(der) for der in trust.roots]
        ),
        other_certs=[x509.Certificate.load(der) for der in trust.others],
        allow_fetching=True,
        revocation_mode="hard-fail",
    )
    try:
        reader = PdfFileReader(stream)
        writer = AsIs(stream, prev=reader)
        if validation_data:
            await _store(reader, writer, context)
        if timestamper is None:
            writer.write_in_place()  # type: ignore[no-untyped-call]
            return
        await PdfTimeStamper(
            timestamper,
            field_name=field,
            readable_field_name="Horodatage",
            invis_settings=InvisSigSettings(box_out_of_bounds=True),
        ).async_timestamp_pdf(
            writer,
            "sha256",
            context if validation_data else None,
            bytes_reserved=_TOKEN,
            in_place=True,
            dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
            embed_roots=False,
        )
    finally:
        await context.aclose()


async def _store(reader: PdfFileReader, writer: AsIs, context: ValidationContext) -> None:
    paths = []
    for embedded in reader.embedded_regular_signatures:
        paths.append(await _path(embedded.signed_data, context, stamping=False))
        for token in extract_tst_data_iter(embedded.signer_info, signed=False):
            paths.append(await _path(token, context, stamping=True))
    for embedded in reader.embedded_timestamp_signatures:
        paths.append(await _path(embedded.signed_data, context, stamping=True))
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, paths=paths, validation_context=context, embed_roots=False
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
