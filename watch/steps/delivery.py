"""After the decision: the notification, the number of the register, the signed parchemin.

The number is committed with the delivery event, in the register and the case at once, before
anything is drawn; drawing and signing may then be done twice without harm.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from casefiles import casefile, session
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.errors import SigningError
from casefiles.events import (
    DecisionRecorded,
    DeliveryNumbered,
    ParcheminNumbered,
    ParcheminSigned,
    ProductIssued,
    Recorded,
)
from casefiles.journal import Append
from watch.office import Office
from watch.steps.letterhead import letterhead

if TYPE_CHECKING:
    from signing.credential.attachment import Attached

PARCHEMIN_FIELD = "signature/certificateur"
NOTICE_FIELD = "signature/organisme"


def _decided(recorded: Sequence[Recorded]) -> tuple[CaseFile, DecisionRecorded]:
    case = casefile.fold(recorded)
    if case is None or case.decision is None:
        raise ValueError("the case has no decision")
    return case, case.decision


def notify(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The notification of a refusal, an adjournment or an absence, sealed by the OF."""
    case, decision = _decided(recorded)
    issued = _notification(office, case, decision)
    return (Append(stream=case.stream, after=len(recorded), events=(issued,)),)


def _notification(office: Office, case: CaseFile, decision: DecisionRecorded) -> ProductIssued:
    from forms.pages.notification import notification

    certification = office.certification_of(case.certification_hash)
    data = notification(
        case,
        decision,
        certification,
        letterhead(office),
        office.today(),
    )
    quality = f"Cachet de {office.settings.organisation.name}"
    sha256 = _signed(office, data, NOTICE_FIELD, quality, seal=True)
    return ProductIssued(
        product="notification",
        sha256=sha256,
        path="Produits/Notification de la décision.pdf",
        basis=decision.pv_sha256,
    )


def hand_over(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """Number the parchemin where the certifier’s key is delegated, else prepare the bordereau."""
    case, decision = _decided(recorded)
    if office.certifier_key is None:
        issued = _bordereau(office, case, decision)
        return (Append(stream=case.stream, after=len(recorded), events=(issued,)),)
    return _numbered(office, case, len(recorded))


def _bordereau(office: Office, case: CaseFile, decision: DecisionRecorded) -> ProductIssued:
    """The letter to the certifier, naming what goes with it by its hash."""
    from forms.pages.bordereau import Attached, bordereau

    held = session.fold(office.journal.read(f"session/{decision.session}"))
    if held is None or held.pieces is None or held.signed is None:
        raise ValueError("a decision without its session")
    attached = [
        Attached(what=what, name=path.rpartition("/")[2], sha256=sha256)
        for what, path, sha256 in (
            ("Procès-verbal signé, avec l’émargement", held.signed.path, held.signed.sha256),
            ("Pièces présentées au jury, scellées", held.pieces.path, held.pieces.sha256),
        )
    ]
    data = bordereau(
        case,
        held,
        office.certification_of(case.certification_hash),
        attached,
        letterhead(office),
        office.today(),
    )
    return ProductIssued(
        product="bordereau",
        sha256=office.originals.put(data),
        path="Produits/Bordereau d’envoi au certificateur.pdf",
        basis=decision.pv_sha256,
    )


def _numbered(office: Office, case: CaseFile, position: int) -> tuple[Append, ...]:
    year = office.today().year
    register = f"registre/{office.settings.register.series}-{year}"
    held = office.journal.read(register)
    given = sum(isinstance(r.event, ParcheminNumbered) for r in held)
    number = f"{office.settings.register.series}-{year}-{given + 1:05d}"
    numbered = ParcheminNumbered(
        number=number,
        case=case.number,
        attempt=case.attempt,
        certification=case.certification,
        delivered_on=office.today(),
    )
    delivery = DeliveryNumbered(number=number, register_name=register, delivered_on=office.today())
    return (
        Append(
            stream=register,
            after=len(held),
            events=(numbered,),
            effect_key=f"parchemin/{case.number}/{case.attempt}",
        ),
        Append(stream=case.stream, after=position, events=(delivery,)),
    )


def draw_parchemin(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """Draw the numbered parchemin, check its mandatory mentions, sign it for the certifier."""
    from forms.pages.mentions import mentions, missing_mentions
    from forms.pages.parchemin import parchemin
    from signing.credential.attachment import attach

    case, decision = _decided(recorded)
    if case.delivery is None:
        raise ValueError("the parchemin has no number yet")
    certification = office.certification_of(case.certification_hash)
    number, place = case.delivery.number, certification.certifier.place
    days = (decision.decided_on, case.delivery.delivered_on)
    if lacking := missing_mentions(mentions(case, certification, number, *days, place)):
        words = ", ".join(m.name for m in lacking)
        raise SigningError(
            f"Le parchemin n’est pas signé : il y manque {words}.",
            "Complétez le dossier ou la certification, puis relancez l’étape.",
        )
    credential, code = _credential(office, case, certification, decision)
    specimen = certification.provisional
    data = parchemin(case, certification, number, *days, place, specimen, code=code)
    data = attach(data, credential, at=office.clock())
    quality = certification.certifier.signatory_quality
    sha256 = _signed(office, data, PARCHEMIN_FIELD, quality, seal=False)
    register = office.journal.read(case.delivery.register_name)
    issued = ProductIssued(
        product="parchemin",
        sha256=sha256,
        path=f"Produits/Parchemin {case.delivery.number}.pdf",
        basis=decision.pv_sha256,
        facts={"number": case.delivery.number},
    )
    signed = ParcheminSigned(number=case.delivery.number, sha256=sha256)
    return (
        Append(
            stream=case.stream,
            after=len(recorded),
            events=(issued,),
            effect_key=f"parchemin-signe/{case.delivery.number}",
        ),
        Append(stream=case.delivery.register_name, after=len(register), events=(signed,)),
    )


def _credential(
    office: Office, case: CaseFile, certification: Certification, decision: DecisionRecorded
) -> "tuple[tuple[Attached, ...], str]":
    """The files to attach to the parchemin, and the text of the code to print on it."""
    from forms.pages.wording import civil_name, civility
    from signing.credential.attachment import credential_files
    from signing.credential.payload import Award
    from signing.credential.verdict import issue

    if case.delivery is None:
        raise ValueError("the parchemin has no number yet")
    award = Award(
        number=case.delivery.number,
        holder=f"{civility(case.candidate)} {civil_name(case.candidate)}",
        title=certification.name,
        certifier=certification.certifier.name,
        decided_on=decision.decided_on,
        delivered_on=case.delivery.delivered_on,
        specimen=certification.provisional,
    )
    name = office.settings.organisation.name
    files = credential_files(award, office.code_key, organisation=name)
    return files, issue(award, office.code_key)


def _signed(office: Office, data: bytes, field: str, quality: str, *, seal: bool) -> str:
    """Sign one of our pages in that field; the SHA-256 it is kept under."""
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
        sign(
            source,
            target,
            field=field,
            signer=key,
            stamp=Stamp(name=key.holder, quality=quality),
            certify=True,
            docmdp=1,
            at=office.clock(),
            **office.signature_options("notification" if seal else "parchemin"),
        )
        return office.originals.put(target)
