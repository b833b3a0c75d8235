"""F17, the letter that goes with what the certifier receives to deliver a parchemin.

A simple page: whom, about whom, what is attached with its hash, what is expected in return.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.session import Session
from forms.flow import Cell, Head
from forms.pages import parts
from forms.pages.letterhead import Letterhead, begin
from forms.pages.letters import addressed, body, closing
from forms.pages.wording import birth_words, civil_name, civility, in_words
from forms.style import CELL_STRONG, MM

TITLE = "Bordereau d’envoi"


@dataclass(frozen=True, kw_only=True)
class Attached:
    """One attached piece: what it is, its file’s name, the SHA-256 of its bytes (hexadecimal)."""

    what: str
    name: str
    sha256: str


def bordereau(
    case: CaseFile,
    session: Session,
    certification: Certification,
    attached: Sequence[Attached],
    letterhead: Letterhead,
    made_on: date,
    *,
    blocs: Sequence[str] = (),
) -> bytes:
    """The letter for one case and the session that decided it, as a finished PDF.

    blocs: those whose attestations are to be signed; none when it is the parchemin.
    """
    person, certifier = case.candidate, certification.certifier
    name = f"{civility(person)} {civil_name(person)}".strip()
    given, asked = _given(certification, blocs)
    flow = begin(
        letterhead,
        made_on,
        title=TITLE,
        subtitle=certification.name,
        reference=(f"F17 · Dossier {case.number}", f"Session {session.reference}"),
        subject=f"{certification.name}, {person.full_name}",
    )
    addressed(
        flow,
        tuple(filter(None, (certifier.name, certifier.signatory_quality, certifier.address))),
        f"délivrance {given[1]} à {name}",
    )
    parts.provisional(flow, certification)
    body(
        flow,
        "Madame, Monsieur,",
        f"Le {certification.deliberation.name}, réuni le {in_words(session.day)} à {session.town} "
        f"(session {session.reference}), a décidé d’attribuer {given[0]} à {name}, "
        f"{birth_words(person)}. {_conformity(session)}",
        "Vous trouverez joints les documents suivants ; l’empreinte permet de vérifier que chacun "
        "est bien celui que nous avons envoyé.",
    )
    flow.table(
        (
            Head(text="N°", share=7),
            Head(text="Document", share=50),
            Head(text="Fichier", share=50),
            Head(text="SHA-256", share=50),
        ),
        [
            [
                str(rank),
                Cell(text=piece.what, head=True, style=CELL_STRONG),
                piece.name,
                Cell(text=f"{piece.sha256[:32]}\n{piece.sha256[32:]}", style=parts.HASH),
            ]
            for rank, piece in enumerate(attached, start=1)
        ],
    )
    flow.space(4 * MM)
    body(
        flow,
        asked,
        "Veuillez agréer, Madame, Monsieur, l’expression de nos salutations distinguées.",
    )
    closing(flow, letterhead, made_on)
    return flow.sheet.finish()


def _given(certification: Certification, blocs: Sequence[str]) -> tuple[tuple[str, str], str]:
    """What the jury gave, as an object and as a complement; and what is asked of the certifier."""
    if not blocs:
        return (f"le {certification.name}", f"du {certification.name}"), (
            "Nous vous remercions de signer le parchemin et de nous le retourner : il sera "
            "vérifié, inscrit au registre et remis au titulaire."
        )
    named = " et ".join((", ".join(blocs[:-1]), blocs[-1])) if len(blocs) > 1 else blocs[0]
    of = f"du {certification.name}"
    if len(blocs) == 1:
        return (f"le bloc {named} {of}", f"de l’attestation du bloc {named} {of}"), (
            "Nous vous remercions de signer l’attestation et de nous la retourner : elle sera "
            "vérifiée et remise au titulaire."
        )
    return (f"les blocs {named} {of}", f"des attestations des blocs {named} {of}"), (
        "Nous vous remercions de signer les attestations et de nous les retourner : elles seront "
        "vérifiées et remises au titulaire."
    )


def _conformity(session: Session) -> str:
    if session.decided is None:
        return ""
    if session.decided.conform:
        return (
            "Il a déclaré l’organisation des évaluations conforme au dispositif paritaire et au "
            "référentiel."
        )
    return "Il n’a pas déclaré conforme l’organisation des évaluations ; voyez ses réserves au PV."
