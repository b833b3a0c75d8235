"""Signing a PDF, file to file: one field, one key, the PAdES level asked for; it decides nothing.

What is already signed is never touched: a signature is an increment. The XMP stays as it was, the
stamp embeds its font, and a source that should not be signed is refused with the reason.
"""

import asyncio
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    InvisSigSettings,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    enumerate_sig_fields,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation import read_certification_data

from casefiles.errors import LevelNotReached, SigningError, UnreadableFile
from signing import archival, changes, opening, validation
from signing.draft import working_copy
from signing.fetching import Fetcher
from signing.increment import AsIs
from signing.keys import Key, check
from signing.report import Level
from signing.stamp import Stamp, StampStyle
from signing.trust import NOBODY, Trust

_TOKEN = 2 * 16 * 1024  # hexadecimal digits kept for a time-stamp and its certificates
_CHUNK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature made. level: the one reached, which `wanted` was asked to be; warnings: what the
    office should know, in French. ends: of the certificate that stamped the archive, at B-LTA."""

    path: Path
    field: str
    fingerprint: str
    level: Level
    wanted: Level
    warnings: tuple[str, ...] = ()
    ends: datetime | None = None


def sign(
    source: Path,
    target: Path,
    *,
    field: str,
    signer: Key,
    at: datetime,
    new_field: bool = False,
    stamp: Stamp | None = None,
    certify: bool = False,
    docmdp: Literal[1, 2, 3] = 2,
    level: Level = "B-B",
    timestamper: TimeStamper | None = None,
    trust: Trust = NOBODY,
    fetcher: Fetcher | None = None,
    or_lower: bool = False,
    reason: str | None = None,
    location: str | None = None,
    after: Sequence[str] = (),
) -> Signed:
    """Sign `field` of `source` into `target`; nothing is written there unless all succeeds.

    field: an empty signature field, or with `new_field` a name for an invisible one. at: aware
    instant written in the signature and its stamp. stamp: drawn in a visible field; None names the
    key's holder. docmdp: with `certify`, what may follow (2: signatures and filling; 1: nothing).
    trust and fetcher: where B-LT and above find the chain and its revocation answers. or_lower:
    when a service does not answer, sign at the level that can be reached, and say which. after:
    fields that must be signed already. SigningError says what stands in the way.
    """
    if level != "B-B" and timestamper is None:
        raise SigningError(
            f"Le niveau {level} demande un service d’horodatage.",
            "Indiquez-en un dans les réglages, ou signez au niveau B-B.",
        )
    if at > signer.not_after:  # it may have ended since it was loaded and checked
        check(signer.certificate, at=at, called=signer.holder)
    warnings = list(signer.warnings)

    def drawn(copy: Path, stamper: TimeStamper | None) -> None:
        with copy.open("r+b") as stream:
            reader = _examined(stream, copy, field, at, new_field=new_field, certify=certify,
                               after=after)  # fmt: skip
            _sign_in_place(
                AsIs(stream, prev=reader), stream, field, signer, at, new_field=new_field,
                stamp=stamp, certify=certify, docmdp=docmdp, timestamper=stamper, reason=reason,
                location=location,
            )  # fmt: skip

    reached: Level = "B-B"
    archived = archival.Archived()
    with ExitStack() as drafts:
        copy = drafts.enter_context(working_copy(source, target))
        try:
            drawn(copy, timestamper if level != "B-B" else None)
            reached = "B-B" if level == "B-B" else "B-T"
        except LevelNotReached as missed:
            if not or_lower:
                raise
            warnings.append(missed.message)
            copy = drafts.enter_context(working_copy(source, target))
            drawn(copy, None)
        if level in {"B-LT", "B-LTA"} and reached == "B-T":
            fuller = drafts.enter_context(working_copy(copy, target))
            try:
                archived = archival.add(
                    fuller, at=at, trust=trust, fetcher=fetcher,
                    timestamper=timestamper if level == "B-LTA" else None,
                )  # fmt: skip
                copy, reached = fuller, level
            except LevelNotReached as missed:
                if not or_lower:
                    raise
                warnings.append(missed.message)
        os.replace(copy, target)
    return Signed(
        path=target, field=field, fingerprint=signer.fingerprint, level=reached, wanted=level,
        warnings=tuple(warnings), ends=archived.ends,
    )  # fmt: skip


def _examined(
    stream: IO[bytes],
    path: Path,
    field: str,
    at: datetime,
    *,
    new_field: bool,
    certify: bool,
    after: Sequence[str],
) -> PdfFileReader:
    """The source, open, once everything that forbids signing it is ruled out."""
    try:
        reader = PdfFileReader(stream)
        if reader.encrypted or reader.xrefs.hybrid_xrefs_present:
            raise ValueError("encrypted or hybrid")
        fields = {name: value for name, value, _ in enumerate_sig_fields(reader)}
        names = changes.fields_of(reader)
        certified = read_certification_data(reader)
    except Exception as error:  # a source of any origin raises anything
        raise SigningError(
            "Ce PDF ne peut pas être signé tel quel : il est abîmé, protégé, ou d’une structure "
            "que les lecteurs de signatures n’acceptent pas.",
            "Réenregistrez-le en PDF depuis son logiciel d’origine, puis recommencez.",
        ) from error
    signed = {name for name, value in fields.items() if value is not None}
    if field in signed:
        raise SigningError(
            f"Le champ « {field} » est déjà signé.", "Une signature ne se refait pas."
        )
    if new_field and field in names:
        raise SigningError(
            f"Le champ « {field} » existe déjà.", "Signez-le, ou nommez-en un autre."
        )
    if not new_field and field not in fields:
        known = ", ".join(f"« {name} »" for name in fields if name not in signed) or "aucun"
        raise SigningError(
            f"Ce document n’a pas de champ de signature « {field} ».",
            f"Champs à signer : {known}.",
        )
    missing = [name for name in after if name not in signed]
    if missing:
        named = ", ".join(f"« {name} »" for name in missing)
        raise SigningError(
            f"« {field} » se signe après {named}, qui manque encore.",
            "Faites signer dans l’ordre.",
        )
    if signed:
        _refuse_broken(path, field, at, certify=certify)
    if certified is not None and certified.permission == MDPPerm.NO_CHANGES:
        raise SigningError("Ce document est scellé : plus rien ne peut y être ajouté.")
    return reader


def _refuse_broken(path: Path, field: str, at: datetime, *, certify: bool) -> None:
    if certify:
        raise SigningError(
            "Ce document porte déjà une signature : il ne peut plus être certifié.",
            "La certification est toujours la première signature.",
        )
    try:
        found = validation.inspect(path, at=at, sealed=path)  # who signs vouches for its source
    except UnreadableFile as error:
        raise SigningError(error.message, error.remedy) from error
    for earlier in found.signatures:
        if earlier.integrity != "intact" or earlier.changes_after == "suspicious":
            raise SigningError(
                f"La signature « {earlier.field} » déjà présente n’est plus intègre.",
                "N’ajoutez pas de signature à ce fichier : repartez de l’original.",
            )
        locked = earlier.lock is not None and earlier.lock.is_locked(field)
        if locked or earlier.docmdp == 1:
            raise SigningError(
                f"La signature « {earlier.field} » a verrouillé le document : « {field} » ne peut "
                "plus être signé.",
                "Repartez d’une version où cette signature n’a pas encore été posée.",
            )


def _sign_in_place(
    writer: AsIs,
    stream: IO[bytes],
    field: str,
    signer: Key,
    at: datetime,
    *,
    new_field: bool,
    stamp: Stamp | None,
    certify: bool,
    docmdp: int,
    timestamper: TimeStamper | None,
    reason: str | None,
    location: str | None,
) -> None:
    drawn = stamp or Stamp(
        name=signer.holder, verb="Cachet électronique de" if signer.is_seal else "Signé par"
    )
    permission = MDPPerm(docmdp) if certify else _locked_at(writer, field)
    meta = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        location=location,
        reason=reason,
        certify=certify,
        subfilter=SigSeedSubFilter.PADES,
        docmdp_permissions=permission,
    )
    spec = SigFieldSpec(field, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True))
    machine = PdfSigner(
        meta,
        signer.signer,
        timestamper=timestamper,
        stamp_style=StampStyle(drawn, at.astimezone()),  # people read the hour of where they are
        new_field_spec=spec if new_field else None,
    )
    reserve = signer.reserve + (_TOKEN if timestamper else 0)
    try:
        asyncio.run(_write(machine, writer, stream, at, reserve, existing=not new_field))
    except (TimestampRequestError, TimeoutError) as error:
        raise LevelNotReached(
            "Le service d’horodatage n’a pas répondu correctement.",
            "Ici, rien n’a été signé : réessayez plus tard, ou signez au niveau B-B.",
        ) from error


async def _write(
    machine: PdfSigner,
    writer: AsIs,
    stream: IO[bytes],
    at: datetime,
    reserve: int,
    *,
    existing: bool,
) -> None:
    session = machine.init_signing_session(writer, existing_fields_only=existing)
    session.system_time = at
    document = session.prepare_tbs_document(None, reserve)
    digest, _ = document.digest_tbs_document(in_place=True, chunk_size=_CHUNK)
    await document.perform_signature(
        digest.document_digest, PdfCMSSignedAttributes(signing_time=at)
    )


def _locked_at(writer: AsIs, field: str) -> MDPPerm:
    """The level the field's own lock asks for, so that pyHanko finds nothing to reconcile."""
    for _, _, reference in enumerate_sig_fields(writer, with_name=field):
        lock = opening.value_at(reference.get_object(), "/Lock")
        if isinstance(lock, DictionaryObject) and "/P" in lock:
            return MDPPerm(int(lock["/P"]))
    return MDPPerm.FILL_FORMS
