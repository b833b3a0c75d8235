"""Whether a signature's certificate leads to somebody trusted, at a moment; it knows no PDF page.

Nothing is ever fetched here: revocation answers are those the document or the case already holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.authority import Authority, AuthorityWithCert, TrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.poe import KnownPOE, POEType, digest_for_poe
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    FreshnessReqType,
    RevocationCheckingPolicy,
)
from pyhanko_certvalidator.registry import SimpleTrustManager, TrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from signing.keys import SIGNING_PURPOSES
from signing.revocation import CLOCKS_DIFFER, direct
from signing.trust import Trust
from signing.trusted_lists import NONE, TrustedLists

Revocation = Literal["checked", "unknown"]

# EN 319 412-2 § 4.3.2: a signing certificate asserts one of the two, or both.
SIGNING_USAGE = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"},
    extd_key_usage=set(SIGNING_PURPOSES),
    explicit_extd_key_usage_required=False,
)
_DATED = CertRevTrustPolicy(
    RevocationCheckingPolicy.from_legacy("soft-fail"),
    freshness=timedelta(days=36_500),
    freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
)
_REVOKED = frozenset({AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE})
_PAST_MAY_HELP = frozenset(
    {
        AdESIndeterminate.REVOKED_NO_POE,
        AdESIndeterminate.REVOKED_CA_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
        AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE,
        AdESIndeterminate.TRY_LATER,
    }
)
_REVOCATION_MISSING = frozenset(
    {AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE, AdESIndeterminate.TRY_LATER}
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """failure: None when the bytes are those signed, by this key. problem: of the chain, None when
    it holds. revocation: whether every certificate that announces answers had them. time: the
    moment a time-stamp says. path: pyHanko’s, to somebody trusted; None when there is none."""

    failure: AdESFailure | None
    problem: AdESSubIndic | None
    revocation: Revocation = "checked"
    time: datetime | None = None
    path: Any = None


class Chains:
    """The trust of one verification. at: aware instant at which certificates are judged.
    answered_since: answers given after that instant count too, for what was good is good."""

    def __init__(
        self,
        trust: Trust,
        known: Trust,
        *,
        at: datetime,
        lists: TrustedLists = NONE,
        answered_since: bool = False,
    ) -> None:
        self.at = at
        self._given = (trust, known, lists)
        self._since = answered_since
        self._anyone = bool(trust) or bool(lists)
        every = trust.and_also(known)
        self._roots = [x509.Certificate.load(der) for der in trust.roots]
        self._others = [x509.Certificate.load(der) for der in every.others]
        lists_held = (crl.CertificateList.load(der) for der in every.crls)
        self._crls = [held for held in lists_held if direct(held)]
        self._ocsps = [ocsp.OCSPResponse.load(der) for der in every.ocsps]
        # A list of revocations is believed if its issuer is among the certificates known.
        self._anchors = self._roots + [one.certificate for one in _listed(lists)]
        self._known = self._others + self._anchors
        ours = SimpleTrustManager.build(trust_roots=self._roots)
        self._manager = _Both(ours, lists) if lists else ours

    def on(self, moment: datetime, held: Trust | None = None) -> "Chains":
        """The same trust on a day gone by: with the same answers, or those `held` by then."""
        trust, known, lists = self._given
        since = held is None
        return Chains(
            trust, known if held is None else held, at=moment, lists=lists, answered_since=since
        )

    async def signature(self, signed: cms.SignedData, digest: bytes) -> Standing:
        """The standing of a signature over data of this digest."""

        async def once(context: ValidationContext) -> dict[str, Any]:
            status: dict[str, Any] = await generic_cms.cms_basic_validation(
                signed, digest, context, key_usage_settings=SIGNING_USAGE
            )
            return status

        return await self._standing(once)

    async def timestamp(self, token: cms.SignedData, imprint: Callable[[str], bytes]) -> Standing:
        """The standing of a time-stamp; `imprint` gives the stamped digest by algorithm name."""

        async def once(context: ValidationContext) -> dict[str, Any]:
            status: dict[str, Any] = await generic_cms.validate_tst_signed_data(
                token, context, imprint
            )
            return status

        return await self._standing(once)

    async def in_the_past(
        self, signature: EmbeddedPdfSignature
    ) -> tuple[AdESSubIndic, datetime | None]:
        """The standing once the document's time-stamps are counted (EN 319 102-1 § 5.6.3), and
        since when the signature is proven to exist."""
        gathering = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
        knowledge = LocalKnowledge(
            known_ocsps=[c for o in self._ocsps for c in OCSPContainer.load_multi(o)],
            known_crls=[CRLContainer(c) for c in self._crls],
            known_certs=self._known,
            known_poes=[_since_its_start(root) for root in self._anchors],
        )
        policy = CertValidationPolicySpec(
            trust_manager=self._manager,
            revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("hard-fail")),
            time_tolerance=CLOCKS_DIFFER,
        )
        spec = SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=gathering,
            local_knowledge=knowledge,
            key_usage_settings=SIGNING_USAGE,
        )
        signature.compute_integrity_info(skip_diff=True)
        result = await ades_lta_validation(
            signature,
            PdfSignatureValidationSpec(spec, diff_policy=None),
            timing_info=ValidationTimingInfo(
                validation_time=self.at, best_signature_time=self.at, point_in_time_validation=True
            ),
        )
        since = result.best_signature_time
        return result.ades_subindic, since if since < self.at else None

    async def settled(self, standing: Standing, signature: EmbeddedPdfSignature) -> Standing:
        """The standing with the past counted where only the past can help."""
        if standing.failure or not self._anyone:
            return standing
        if standing.problem not in _PAST_MAY_HELP and standing.revocation == "checked":
            return standing
        try:
            past, since = await self.in_the_past(signature)
        except Exception:  # hostile or incomplete proofs of the past prove nothing
            return standing
        if past is AdESPassed.OK:
            return Standing(failure=None, problem=None, time=since, path=standing.path)
        return standing

    async def _standing(self, once: Callable[[ValidationContext], Any]) -> Standing:
        status = await once(self._context())
        revocation: Revocation = "checked"
        if status["trust_problem_indic"] in _REVOCATION_MISSING:
            # Apart: an old answer that calls it good must not hide a list that calls it revoked.
            dated = [await once(self._context(dated=kind)) for kind in ("crls", "ocsps")]
            tolerant = max(dated, key=lambda told: told["trust_problem_indic"] in _REVOKED)
            if tolerant["trust_problem_indic"] != AdESIndeterminate.TRY_LATER:
                status, revocation = tolerant, "unknown"
        failure = None if status["valid"] else AdESFailure.SIG_CRYPTO_FAILURE
        return Standing(
            failure=failure if status["intact"] else AdESFailure.HASH_FAILURE,
            problem=status["trust_problem_indic"],
            revocation=revocation,
            time=status.get("timestamp"),
            path=status["validation_path"] if status["trust_problem_indic"] is None else None,
        )

    def _context(self, *, dated: Literal["crls", "ocsps", ""] = "") -> ValidationContext:
        """dated: those answers alone, past their date too, say what was revoked by then; none has
        to be there."""
        return ValidationContext(
            trust_manager=self._manager,
            other_certs=self._known,
            crls=self._crls if dated != "ocsps" else (),
            ocsps=self._ocsps if dated != "crls" else (),
            moment=self.at,
            time_tolerance=CLOCKS_DIFFER,
            allow_fetching=False,
            revocation_mode="hard-fail",
            retroactive_revinfo=self._since,
            revinfo_policy=_DATED if dated else None,
        )


def _since_its_start(anchor: x509.Certificate) -> KnownPOE:
    """Whom we trust was not made after the fact: no time-stamp has to prove it existed before the
    lists of revocations it signed."""
    return KnownPOE(POEType.POLICY, digest_for_poe(anchor.dump()), anchor.not_valid_before)


def _listed(lists: TrustedLists) -> list[AuthorityWithCert]:
    known = lists.registry.known_certificate_authorities if lists else ()
    return [one for one in known if isinstance(one, AuthorityWithCert)]


class _Both(TrustManager):
    """The organisation’s own authorities, and those of the European lists."""

    def __init__(self, ours: SimpleTrustManager, lists: TrustedLists) -> None:
        from pyhanko.sign.validation.qualified.tsp import TSPTrustManager

        self._managers = (ours, TSPTrustManager(lists.registry))

    def as_trust_anchor(self, authority: Authority) -> TrustAnchor | None:
        anchors = (manager.as_trust_anchor(authority) for manager in self._managers)
        return next((anchor for anchor in anchors if anchor is not None), None)

    def find_potential_issuers(self, cert: x509.Certificate) -> Iterator[TrustAnchor]:
        for manager in self._managers:
            yield from manager.find_potential_issuers(cert)
