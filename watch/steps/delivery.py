"""The whole is obtained: the number of the register, the signed parchemin, its duplicates.

The number is committed with the delivery event, in the register and the case at once, before
anything is drawn; drawing and signing may then be done twice without harm.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from casefiles.answers.imprint import Imprint
from casefiles.casefile import TO_SIGN, CaseFile
from casefiles.certification import Certification
from casefiles.errors import SigningError
from casefiles.events import (
    DecisionRecorded,
    DeliveryNumbered,
    DuplicateIssued,
    ParcheminNumbered,
    ParcheminSigned,
    ProductIssued,
    Recorded,
)
from casefiles.journal import Append
from watch.office import Office
from watch.steps.notices import decided_case, may_deliver
from watch.steps.sealing import Sealed, on_trial, signed
from watch.steps.to_certifier import bordereau_of

if TYPE_CHECKING:
    from signing.credential.attachment import Attached

PARCHEMIN_FIELD = "signature/certificateur"
CACHET_FIELD = "cachet/certificateur"
PARCHEMIN = "parchemin"


def hand_over(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """Number the parchemin, in the register and in the case at once."""
    case, _ = decided_case(recorded)
    may_deliver(office, case)
    return _numbered(office, case, len(recorded))


def _numbered(office: Office, case: CaseFile, position: int) -> tuple[Append, ...]:
    # A line of the register is a stream of its own: the thousandth costs what the first did, and
    # two who take the same number at once cannot both begin it.
    series = f"{office.settings.register.series}-{office.today().year}"
    given = office.journal.count("registre", f"{series}-") + _given_before(office, series)
    number = f"{series}-{given + 1:05d}"
    register = f"registre/{number}"
    numbered = ParcheminNumbered(
        number=number,
        case=case.number,
        attempt=case.attempt,
        certification=case.certification,
        delivered_on=office.today(),
        replaces=case.replaces,
    )
    edition = f"/{case.replaces}" if case.replaces else ""
    delivery = DeliveryNumbered(number=number, register_name=register, delivered_on=office.today())
    return (
        Append(
            stream=register,
            after=0,
            events=(numbered,),
            effect_key=f"parchemin/{case.number}/{case.attempt}{edition}",
        ),
        Append(stream=case.stream, after=position, events=(delivery,)),
    )


def _given_before(office: Office, series: str) -> int:
    """Of an earlier version, which kept a year’s lines in one stream."""
    held = office.journal.read(f"registre/{series}")
    return sum(isinstance(r.event, ParcheminNumbered) for r in held)


def draw_parchemin(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """Draw the numbered parchemin, check its mandatory mentions, sign it for the certifier.

    Where the certifier’s key is not here, it goes out ready to sign, with its bordereau.
    """
    case, decision = decided_case(recorded)
    if case.delivery is None:
        raise ValueError("the parchemin has no number yet")
    number = case.delivery.number
    if office.certifier_key is None:
        return _sent_to_sign(office, case, decision, number, len(recorded))
    sealed = _signed(office, _drawn(office, case, decision), PARCHEMIN)
    register = office.journal.read(case.delivery.register_name)
    issued = ProductIssued(
        product="parchemin",
        **sealed,
        path=f"Produits/Parchemin {number}.pdf",
        basis=decision.pv_sha256,
        facts={"number": number},
    )
    return (
        Append(
            stream=case.stream,
            after=len(recorded),
            events=(issued,),
            effect_key=f"parchemin-signe/{number}",
        ),
        Append(
            stream=case.delivery.register_name,
            after=len(register),
            events=(ParcheminSigned(number=number, sha256=sealed["sha256"]),),
        ),
    )


def _sent_to_sign(
    office: Office, case: CaseFile, decision: DecisionRecorded, number: str, after: int
) -> tuple[Append, ...]:
    to_sign = ProductIssued(
        product=TO_SIGN,
        sha256=office.originals.put(_drawn(office, case, decision, returns=True)),
        path=f"Produits/Parchemin {number} (à signer par le certificateur).pdf",
        basis=case.delivery_basis,
        facts={"number": number},
    )
    issued = (to_sign, bordereau_of(office, case, decision, [to_sign], case.delivery_basis))
    return (
        Append(
            stream=case.stream,
            after=after,
            events=issued,
            effect_key=f"parchemin-a-signer/{number}",
        ),
    )


def draw_duplicate(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The same parchemin, under the same number, marked DUPLICATA with its date and signed."""
    case, decision = decided_case(recorded)
    owed = case.owed_duplicate
    if case.delivery is None or owed is None:
        raise ValueError("no duplicate is owed")
    sealed = _signed(office, _drawn(office, case, decision, owed.on), "duplicata")
    register = office.journal.read(case.delivery.register_name)
    issued = ProductIssued(
        product="duplicata",
        **sealed,
        path=f"Produits/Parchemin {owed.number}, duplicata du {owed.on:%Y-%m-%d}.pdf",
        basis=f"{owed.number} {owed.on}",
        facts={"number": owed.number, "on": f"{owed.on:%d/%m/%Y}"},
    )
    made = DuplicateIssued(number=owed.number, on=owed.on, sha256=sealed["sha256"])
    return (
        Append(
            stream=case.stream,
            after=len(recorded),
            events=(issued,),
            effect_key=f"duplicata/{owed.number}/{owed.on}",
        ),
        Append(stream=case.delivery.register_name, after=len(register), events=(made,)),
    )


def _signed(office: Office, data: bytes, document: str) -> Sealed:
    """The parchemin, or its duplicate, signed for the certifier; its SHA-256.

    The page says the signatory’s quality above the stamp, which does not repeat it.
    """
    return signed(office, data, PARCHEMIN_FIELD, "", document, seal=False, cachet=CACHET_FIELD)


def _drawn(
    office: Office,
    case: CaseFile,
    decision: DecisionRecorded,
    duplicate_on: date | None = None,
    *,
    returns: bool = False,
) -> bytes:
    """The parchemin drawn, its credential attached; SigningError when a mention lacks.

    returns: it goes out to be signed and comes back, and says which case it is of.
    """
    from forms.pages.mentions import mentions, missing_mentions, where_to_write
    from forms.pages.parchemin import parchemin
    from signing.credential.attachment import attach

    if case.delivery is None:
        raise ValueError("the parchemin has no number yet")
    certification = _delivered_under(office, case)
    number, place = case.delivery.number, certification.certifier.place
    days = (decision.decided_on, case.delivery.delivered_on)
    if lacking := missing_mentions(mentions(case, certification, number, *days, place)):
        words = ", ".join(m.name for m in lacking)
        raise SigningError(
            f"Le parchemin n’est pas signé : il y manque {words}.",
            where_to_write(lacking, certification.code),
        )
    credential, code = _credential(office, case, certification, decision)
    data = parchemin(
        case,
        certification,
        number,
        *days,
        place,
        specimen=certification.provisional,
        trial=on_trial(office),
        code=code,
        duplicate_on=duplicate_on,
        cachet=returns or office.certifier_seal_key is not None,
        imprint=_imprint(office, case, certification) if returns else "",
    )
    return attach(data, credential, at=office.clock())


def _imprint(office: Office, case: CaseFile, certification: Certification) -> str:
    named = Imprint(
        serial=office.new_serial(),
        form=PARCHEMIN,
        version=1,
        case=case.number,
        certification=certification.code,
        certification_hash=certification.fingerprint,
    )
    return named.signed(office.imprint_key).text()


def _delivered_under(office: Office, case: CaseFile) -> Certification:
    """What words the parchemin: the case’s certification, or the one it was reopened for."""
    return office.certification_of(case.delivered_under or case.certification_hash)


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
        specimen=certification.provisional or on_trial(office),
    )
    name = office.settings.organisation.name
    files = credential_files(award, office.code_key, organisation=name)
    return files, issue(award, office.code_key)
