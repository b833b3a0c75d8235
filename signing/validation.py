"""What a document's signatures are, as found: mechanism only, no opinion on what is acceptable.

The input is hostile. An exception of any kind while checking a signature makes it « undecidable »,
never valid. Nothing is fetched, nothing is written.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing import (
    container,
    opening,
    particulars,
    qualification,
    repeated,
    validation_data,
)
from signing.archives import Archives
from signing.chain import Chains, Standing
from signing.found import Found, FoundSignature
from signing.history import History
from signing.keys import fingerprint, is_seal
from signing.memory import Memory, key_of
from signing.report import Kind, Level, Stamping
from signing.revocation import questions
from signing.seals import begins_with
from signing.trust import NOBODY, Trust
from signing.trusted_lists import NONE, TrustedLists

_PADES = SigSeedSubFilter.PADES.value
_STAMP = SigSeedSubFilter.ETSI_RFC3161.value
_OF_A_STRANGER = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE,
}
_KNOWN = {SigSeedSubFilter.ADOBE_PKCS7_DETACHED.value, _PADES, _STAMP}


def inspect(
    source: opening.Source,
    *,
    at: datetime,
    trust: Trust = NOBODY,
    lists: TrustedLists = NONE,
    sealed: opening.Source | None = None,
    memory: Memory | None = None,
    gone_by: bool = False,
) -> Found:
    """The signatures of `source` as they stand at the aware instant `at`.

    memory: what is known of bytes already seen. sealed: the very file we sealed, when the document
    may begin with it: its own revisions then need no difference analysis. gone_by: `at` is past,
    these very bytes are proven to have existed then, and answers given since count too.
    UnreadableFile when `source` is no readable PDF.
    """
    asked = trust, lists, at, gone_by, sealed, memory
    with opening.document(source) as opened:
        found = _Inspection(opened, source, *asked).run()
    if found.signatures and repeated.keys(source):
        return replace(found, signatures=tuple(map(_ambiguous, found.signatures)))
    undecided = any(s.integrity == "undecidable" for s in found.signatures)
    if not undecided or opened.lenient:
        return found
    with opening.document(source, lenient=True) as opened:
        again = _Inspection(opened, source, *asked).run()
    return again if _decided(again) > _decided(found) else found


def _ambiguous(found: FoundSignature) -> FoundSignature:
    return replace(found, integrity="undecidable", faults=(*found.faults, repeated.SAID))


def _decided(found: Found) -> int:
    return sum(s.integrity != "undecidable" for s in found.signatures)


class _Inspection:
    def __init__(
        self,
        opened: opening.Opened,
        source: opening.Source,
        trust: Trust,
        lists: TrustedLists,
        at: datetime,
        gone_by: bool,
        sealed: opening.Source | None,
        memory: Memory | None,
    ) -> None:
        self.opened = opened
        self.reader = opened.reader
        ours = sealed is not None and begins_with(opened.stream, sealed)
        self.memory = memory
        self.key = key_of(source, lenient=opened.lenient, ours=ours) if memory else ""
        self.steps = memory.steps(self.key) if memory else {}
        self.history = History(self.reader, ours=ours, steps=self.steps)
        known = validation_data.read(self.reader)
        self.data = known
        self.trust, self.lists, self.at = trust, lists, at
        self.chains = Chains(trust, known.trust, at=at, lists=lists, answered_since=gone_by)
        self.archives = Archives(self.reader, self.chains)
        self.paths: dict[str, Any] = {}
        self.unsure: list[x509.Certificate] = []
        self.holders: Counter[Any] = Counter()

    def run(self) -> Found:
        filled: list[tuple[str, Any]] = []
        empty: list[str] = []
        try:
            for name, value, reference in enumerate_sig_fields(self.reader):
                if value is None:
                    empty.append(name)
                else:
                    filled.append((name, reference))
                    self.holders[container.place(value)] += 1
        except Exception as error:
            lost = self._undecidable("", error)
            return Found((lost,), tuple(empty), self.history.revisions, self.opened.lenient)
        found = asyncio.run(self._all(filled, tuple(empty)))
        if self.memory:
            self.memory.learn(self.key, self.steps)
        return found

    async def _all(self, filled: list[tuple[str, Any]], empty: tuple[str, ...]) -> Found:
        looked: list[tuple[FoundSignature, EmbeddedPdfSignature | None]] = []
        for name, reference in filled:
            try:
                embedded = EmbeddedPdfSignature(self.reader, reference.get_object(), name)
                looked.append((await self._one(name, embedded), embedded))
            except Exception as error:
                looked.append((self._undecidable(name, error), None))
        return await self._finish(looked, empty)

    async def _finish(
        self,
        looked: list[tuple[FoundSignature, EmbeddedPdfSignature | None]],
        empty: tuple[str, ...],
    ) -> Found:
        looked = await self._renewed(looked)
        kinds = {f.field: f.timestamp for f, _ in looked if f.kind == "timestamp"}
        stamps = [
            embedded
            for found, embedded in looked
            if embedded and found.kind == "timestamp" and found.integrity == "intact"
            if self._from_somebody(found.problem)
        ]
        times = {f.field: f.proven_time for f, _ in looked if f.kind == "timestamp"}
        finished = []
        for found, embedded in looked:
            if embedded is None:
                finished.append(found)
                continue
            try:
                done = await self._finished(found, embedded, stamps, times, kinds)
                finished.append(done)
                if done.trusted and done.revocation == "unknown":
                    self.unsure += [embedded.signer_cert, *embedded.other_embedded_certs]
            except Exception as error:
                finished.append(self._undecidable(found.field, error))
        finished.sort(key=lambda s: s.revision)
        known = [x509.Certificate.load(d) for d in (*self.trust.roots, *self.trust.others)]
        return Found(
            tuple(finished),
            empty,
            self.history.revisions,
            self.opened.lenient,
            questions(self.unsure, known),
        )

    async def _renewed(
        self, looked: list[tuple[FoundSignature, EmbeddedPdfSignature | None]]
    ) -> list[tuple[FoundSignature, EmbeddedPdfSignature | None]]:
        """The time-stamps that a later one proves are as they were on its day."""
        since = {}
        with suppress(Exception):  # hostile or incomplete proofs of the past prove nothing
            async for archive, _ in self.archives.read():
                if archive.since is not None:
                    since[archive.field] = archive.since
        return [
            (
                replace(found, problem=None, revocation="checked", timestamp=self._stamping(held),
                        proven_time=held.time)
                if (held := since.get(found.field)) and found.integrity == "intact"
                else found,
                embedded,
            )
            for found, embedded in looked
        ]  # fmt: skip

    def _undecidable(self, name: str, error: Exception) -> FoundSignature:
        return FoundSignature(
            field=name,
            faults=(container.said(error),),
            lenient=self.opened.lenient,
        )

    async def _one(self, name: str, embedded: EmbeddedPdfSignature) -> FoundSignature:
        """Everything but what depends on the document's other time-stamps."""
        if embedded.sig_object.get("/SubFilter") not in _KNOWN:
            raise ValueError("unknown kind of signature")
        if embedded.sig_object.get("/SubFilter") == _PADES:
            container.names_its_certificate(embedded)
        certificate = embedded.signer_cert
        is_stamp = embedded.sig_object_type == "/DocTimeStamp"
        digest = embedded.compute_digest()
        if is_stamp:
            standing = await self.chains.timestamp(embedded.signed_data, embedded.compute_digest)
        else:
            standing = await self.chains.signature(embedded.signed_data, digest)
        coverage = embedded.evaluate_signature_coverage()
        self.paths[name] = standing.path
        faults = list(container.faults(embedded, self.opened))
        if standing.failure:
            faults.append("le document ou la signature a été modifié depuis la signature")
        elif coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            faults.append("la signature ne couvre pas toute la version qu’elle prétend signer")
        if self.holders[container.place(embedded.sig_object)] > 1:
            faults.append("la même signature est montrée par plusieurs champs")
        docmdp = embedded.docmdp_level
        after = self.history.after(
            embedded.signed_revision,
            docmdp=docmdp.value if docmdp else None,
            lock=embedded.fieldmdp,
            covered=coverage == SignatureCoverageLevel.ENTIRE_FILE,
        )
        return FoundSignature(
            field=name,
            kind="timestamp" if is_stamp else self._kind(embedded),
            signer=particulars.named(certificate),
            fingerprint=fingerprint(certificate),
            integrity="broken" if faults else "intact",
            failure=standing.failure or (AdESFailure.FORMAT_FAILURE if faults else None),
            covers_whole_file=coverage == SignatureCoverageLevel.ENTIRE_FILE,
            revision=embedded.signed_revision + 1,
            docmdp=docmdp.value if docmdp else None,
            changes_after=after.verdict,
            problem=standing.problem,
            early=particulars.early(certificate, self.at),
            revocation=standing.revocation,
            claimed_time=None if is_stamp else particulars.claimed(embedded),
            proven_time=standing.time if is_stamp and standing.problem is None else None,
            faults=tuple(faults),
            problems=after.problems,
            doubts=after.doubts,
            lock=embedded.fieldmdp,
            lenient=self.opened.lenient,
            timestamp=self._stamping(standing) if is_stamp else None,
            by_seal=is_seal(certificate),
            stated=particulars.stated(embedded.sig_object.get("/Reason")),
            cms=particulars.identified(embedded, digest),
        )

    def _stamping(self, standing: Standing) -> Stamping | None:
        if standing.failure or standing.problem is not None or standing.time is None:
            return None
        return qualification.of_timestamp(standing.path, self.lists, moment=standing.time)

    async def _finished(
        self,
        found: FoundSignature,
        embedded: EmbeddedPdfSignature,
        stamps: list[EmbeddedPdfSignature],
        times: dict[str, datetime | None],
        kinds: dict[str, Stamping | None],
    ) -> FoundSignature:
        later = [s for s in stamps if s.signed_revision > embedded.signed_revision]
        own = await self._attached(embedded) if found.kind != "timestamp" else []
        if found.kind == "timestamp" or found.integrity != "intact":
            return found
        proofs = [(t.time, self._stamping(t)) for t in own if t.problem is None]
        proofs += [(times[stamp.fq_name], kinds[stamp.fq_name]) for stamp in later]
        proven, stamping = min(
            ((moment, kind) for moment, kind in proofs if moment),
            default=(None, None),
            key=lambda one: one[0],
        )
        standing = Standing(
            failure=None,
            problem=found.problem,
            revocation=found.revocation,
            path=self.paths[found.field],
        )
        if own or later:
            standing = await self.archives.settled(standing, embedded, proven)
            proven = min(filter(None, (proven, standing.time)), default=None)
        return replace(
            found,
            problem=standing.problem,
            revocation=standing.revocation,
            proven_time=proven,
            level=self._level(embedded, own, later, believed=standing.revocation == "checked"),
            timestamp=stamping,
            qualification=qualification.of_certificate(
                standing.path,
                embedded.signer_cert,
                self.lists,
                moments=(embedded.signer_cert.not_valid_before, proven or self.at),
            ),
        )

    async def _attached(self, embedded: EmbeddedPdfSignature) -> list[Standing]:
        """The intact time-stamps inside the signature itself, by somebody known."""
        info = embedded.signer_info
        imprint = generic_cms.message_imprint_checker(info)
        tokens = generic_cms.extract_tst_data_iter(info, signed=False)
        found = [await self.chains.timestamp(token, imprint) for token in tokens]
        return [one for one in found if not one.failure and self._from_somebody(one.problem)]

    def _from_somebody(self, problem: AdESSubIndic | None) -> bool:
        """Whether a time-stamp counts: anybody can make one, and date it as they like.

        Where nobody at all is trusted, what is told is how the file is made and no more.
        """
        nobody = not self.trust and not self.lists
        return nobody or problem not in _OF_A_STRANGER

    def _level(
        self,
        embedded: EmbeddedPdfSignature,
        own: list[Standing],
        later: list[EmbeddedPdfSignature],
        *,
        believed: bool,
    ) -> Level | None:
        """believed: the revocation answers, if there are any, are their authorities’ own."""
        if embedded.sig_object.get("/SubFilter") != _PADES:
            return None
        if not own and not later:
            return "B-B"
        chain = [embedded.signer_cert, *embedded.other_embedded_certs]
        if not believed or not self.data.covers(chain):
            return "B-T"
        archived = any(
            validation_data.at_revision(self.reader, s.signed_revision).covers(chain) for s in later
        )
        return "B-LTA" if archived else "B-LT"

    def _kind(self, embedded: EmbeddedPdfSignature) -> Kind:
        permissions = opening.value_at(self.reader.root, "/Perms")
        if permissions is not None and "/DocMDP" in permissions:
            certified = permissions.raw_get("/DocMDP")
            if getattr(certified, "reference", None) == embedded.sig_object.container_ref:
                return "certification"
        return "seal" if is_seal(embedded.signer_cert) else "approval"
