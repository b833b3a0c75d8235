"""What a case or a session gives a letter to say; pure, the words are those of `variables`.

Nothing is written here and no file is opened: `rendering` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Outcome
from casefiles.events import Juror
from casefiles.next_steps import Step
from casefiles.session import Session
from templates.letters.variables import Facts

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_SEATS = {"president": "présidence", "titulaire": "titulaire", "suppleant": "suppléance"}
_RANKS = ("", "Premier rappel", "Deuxième rappel", "Troisième rappel")
_OUTCOMES = {
    Outcome.OBTENTION: "Obtention",
    Outcome.PARTIEL: "Obtention de blocs",
    Outcome.REFUS: "Refus",
    Outcome.AJOURNE: "Ajourné",
    Outcome.ABSENT: "Absent",
    Outcome.EXCUSE: "Excusé",
}


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The organisation that writes, as its settings name it; only the name is needed."""

    name: str
    address: str = ""
    town: str = ""
    declaration: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A piece sent along: what it is, its file’s name, the SHA-256 of its bytes."""

    what: str
    file: str
    sha256: str


def summons(
    session: Session,
    certification: Certification,
    juror: Juror,
    sender: Sender,
    *,
    on: date,
    postponed: bool = False,
) -> Facts:
    """« convocation » of a member of the jury, with the candidates on the agenda."""
    colleges = {str(c.id): c.label for c in certification.deliberation.colleges}
    seat = _SEATS.get(juror.seat, juror.seat)
    college = colleges.get(juror.college, juror.college)
    return {
        **_sender(sender, certification, on),
        **_session(session, certification),
        "destinataire": juror.name,
        "destinataire_precision": juror.organisation,
        "qualite": ", ".join(part for part in (seat, _lowered(college)) if part),
        "membre": True,
        "candidat": False,
        "suppleant": juror.seat == "suppleant",
        "report": postponed,
        "convocateur": session.convener or sender.name,
        "candidats": tuple(
            {"dossier": case, "nom": name, "entreprise": session.companies.get(case, "")}
            for case, name in session.names.items()
        ),
    }


def candidate_summons(
    session: Session,
    certification: Certification,
    case: CaseFile,
    sender: Sender,
    *,
    on: date,
    postponed: bool = False,
) -> Facts:
    """« convocation » of a candidate; no other candidate is named."""
    return {
        **_sender(sender, certification, on),
        **_session(session, certification),
        "destinataire": case.candidate.full_name,
        "destinataire_precision": f"Dossier {case.number}",
        "qualite": "",
        "membre": False,
        "candidat": True,
        "suppleant": False,
        "report": postponed,
        "convocateur": session.convener or sender.name,
        "candidats": (),
    }


def reminder(
    case: CaseFile,
    certification: Certification,
    missing: Sequence[Step],
    sender: Sender,
    *,
    to: str,
    detail: str = "",
    on: date,
    before: date | None = None,
    jury_on: date | None = None,
    rank: int = 0,
) -> Facts:
    """« relance »: what is missing from one person, as the open steps of the case say it.

    missing: the steps that wait for that person; rank: 0 for a first letter, 1 for the first
    reminder after it.
    """
    return {
        **_sender(sender, certification, on),
        "dossier": case.number,
        "candidat": case.candidate.full_name,
        "destinataire": to,
        "destinataire_precision": detail,
        "rappel": _RANKS[rank] if rank < len(_RANKS) else f"Rappel n° {rank}",
        "echeance": in_words(before) if before else "",
        "jury_le": in_words(jury_on) if jury_on else "",
        "manquants": tuple({"quoi": step.what, "source": step.source} for step in missing),
    }


def transmittal(
    session: Session,
    certification: Certification,
    attached: Sequence[Attachment],
    sender: Sender,
    *,
    on: date,
) -> Facts:
    """« bordereau »: what the certifier receives of a session: PV, composition, émargement…"""
    certifier, decided = certification.certifier, session.decided
    return {
        **_sender(sender, certification, on),
        **_session(session, certification),
        "certificateur": certifier.name,
        "certificateur_qualite": certifier.signatory_quality,
        "certificateur_adresse": certifier.address,
        "conformite": _conformity(session, certification),
        "candidats": tuple(
            {
                "dossier": one.case,
                "nom": session.names.get(one.case, ""),
                "decision": _decision(one.outcome, one.blocs, certification),
            }
            for one in (decided.decisions if decided is not None else ())
        ),
        "pieces": tuple(
            {
                "rang": str(rank),
                "quoi": piece.what,
                "fichier": piece.file,
                "empreinte": f"{piece.sha256[:32]}\n{piece.sha256[32:]}",
            }
            for rank, piece in enumerate(attached, start=1)
        ),
    }


def in_words(day: date) -> str:
    """« 1er juin 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}\u00a0{_MONTHS[day.month - 1]}\u00a0{day.year}"


def _sender(sender: Sender, certification: Certification, on: date) -> Facts:
    return {
        "organisme": sender.name,
        "organisme_adresse": sender.address,
        "organisme_ville": sender.town,
        "organisme_declaration": sender.declaration,
        "organisme_contact": " · ".join(part for part in (sender.email, sender.phone) if part),
        "date": in_words(on),
        "certification": certification.name,
    }


def _session(session: Session, certification: Certification) -> Facts:
    return {
        "session": session.reference,
        "jury": certification.deliberation.name,
        "jury_titre": _begun(certification.deliberation.name),
        "jour": f"{_DAYS[session.day.weekday()]} {in_words(session.day)}",
        "heure": session.hour,
        "lieu": session.place,
        "ville": session.town,
    }


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lowered(words: str) -> str:
    """Without its capital, unless it is a name of capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _decision(outcome: str, blocs: Sequence[str], certification: Certification) -> str:
    decided = Outcome(outcome)
    words = certification.outcome_labels.get(decided, _OUTCOMES[decided])
    return f"{words} : {', '.join(blocs)}" if decided is Outcome.PARTIEL and blocs else words


def _conformity(session: Session, certification: Certification) -> str:
    decided = session.decided
    if decided is None:
        return ""
    if decided.conform:
        return (
            f"Le {certification.deliberation.name} a déclaré l’organisation des évaluations "
            "conforme au dispositif paritaire et au référentiel."
        )
    return (
        f"Le {certification.deliberation.name} n’a pas déclaré conforme l’organisation des "
        f"évaluations ; sa réserve : {decided.reserve or 'voir le procès-verbal'}."
    )
