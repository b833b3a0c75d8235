"""What is written to the candidate after the decision: its notification, one attestation a bloc."""

from collections.abc import Sequence

from casefiles import casefile
from casefiles.answers.imprint import Imprint
from casefiles.casefile import ATTESTATION_TO_SIGN, CaseFile
from casefiles.certification import Certification
from casefiles.errors import SigningError
from casefiles.events import DecisionRecorded, ProductIssued, Recorded
from casefiles.journal import Append
from casefiles.rules import acquired, registration
from watch.office import Office
from watch.share.telling import of
from watch.steps.letterhead import letterhead
from watch.steps.sealing import Sealed, on_trial, signed
from watch.steps.to_certifier import bordereau_of

NOTICE_FIELD = "signature/organisme"
ATTESTATION = "attestation"


def decided_case(recorded: Sequence[Recorded]) -> tuple[CaseFile, DecisionRecorded]:
    """The case and the jury’s decision; ValueError when there is none."""
    case = casefile.fold(recorded)
    if case is None or case.decision is None:
        raise ValueError("the case has no decision")
    return case, case.decision


def notify(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The notification of a partial result, a refusal, an adjournment, sealed by the OF."""
    from forms.pages.notification import notification

    case, decision = decided_case(recorded)
    certification = office.certification_of(case.certification_hash)
    data = notification(case, decision, certification, letterhead(office), office.today())
    quality = f"Cachet {of(office.settings.organisation.name)}"
    issued = ProductIssued(
        product="notification",
        path="Produits/Notification de la décision.pdf",
        basis=decision.pv_sha256,
        **signed(office, data, NOTICE_FIELD, quality, "notification", seal=True),
    )
    return (Append(stream=case.stream, after=len(recorded), events=(issued,)),)


def attest(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The attestation of the next bloc the decision grants.

    Signed for the certifier where its key is delegated; else ready for its signature, and with the
    last of them the bordereau of their sending.
    """
    from forms.pages.attestation import CACHET, FIELD, attestation
    from forms.pages.mentions import attested, missing_mentions, where_to_write

    case, decision = decided_case(recorded)
    certification = office.certification_of(case.certification_hash)
    granted = acquired.granted(case, certification)
    owed = [b for b in granted if not _made(case, f"{decision.pv_sha256} {b}")]
    held = next(a for a in acquired.acquired(case, certification) if a.bloc == owed[0])
    may_deliver(office, case)
    facts = (case, certification, held, office.today(), certification.certifier.place)
    trial = on_trial(office)
    if lacking := missing_mentions(attested(*facts)):
        raise SigningError(
            f"L’attestation n’est pas signée : il y manque {', '.join(m.name for m in lacking)}.",
            where_to_write(lacking, certification.code),
        )
    if office.certifier_key is None:
        imprint = _imprint(office, case, certification, held.bloc)
        data = attestation(*facts, imprint=imprint, cachet=True, trial=trial)
        made = Sealed(sha256=office.originals.put(data), level="", wanted="", renew_on=None)
        product, state = ATTESTATION_TO_SIGN, " (à signer par le certificateur)"
    else:
        data = attestation(*facts, cachet=office.certifier_seal_key is not None, trial=trial)
        quality = certification.certifier.signatory_quality
        made = signed(office, data, FIELD, quality, "attestation", seal=False, cachet=CACHET)
        product, state = "attestation", ""
    issued = ProductIssued(
        product=product,
        **made,
        path=f"Produits/Attestation {held.bloc}{state}.pdf",
        basis=f"{decision.pv_sha256} {held.bloc}",
        facts={"bloc": held.bloc},
    )
    events = [issued]
    if product == ATTESTATION_TO_SIGN and owed == [held.bloc]:
        made_before = [case.product(product, f"{decision.pv_sha256} {b}") for b in granted]
        together = [*filter(None, made_before), issued]
        events.append(bordereau_of(office, case, decision, together, decision.pv_sha256))
    return (
        Append(
            stream=case.stream,
            after=len(recorded),
            events=tuple(events),
            effect_key=f"attestation/{case.number}/{decision.pv_sha256}/{held.bloc}",
        ),
    )


def _made(case: CaseFile, basis: str) -> bool:
    return any(case.product(name, basis) for name in ("attestation", ATTESTATION_TO_SIGN))


def _imprint(office: Office, case: CaseFile, certification: Certification, bloc: str) -> str:
    """What says which bloc of which case it attests, when it comes back signed."""
    named = Imprint(
        serial=office.new_serial(),
        form=ATTESTATION,
        version=1,
        case=case.number,
        part=bloc,
        certification=certification.code,
        certification_hash=certification.fingerprint,
    )
    return named.signed(office.imprint_key).text()


def may_deliver(office: Office, case: CaseFile) -> None:
    """SigningError when nothing may be delivered any more, as the registration says (R93)."""
    fingerprint = case.delivered_under or case.certification_hash
    certification = office.certification_of(fingerprint)
    found = registration.delivering(case, certification, office.today())
    if found is not None and found.status != "ok":
        raise SigningError(
            f"Rien n’est délivré : {found.message} (Règle {found.rule} ; source : {found.source}.)",
            "Consignez la réponse du certificateur, puis relancez l’étape.",
        )
