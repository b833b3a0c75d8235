"""The texts beside the files: RESTE À FAIRE, HISTORIQUE, accusés, POURQUOI. Words only, no I/O."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from casefiles import events as e
from casefiles import next_steps
from casefiles.answers import FORMS
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Outcome, RouteName
from casefiles.events import Recorded
from casefiles.projection import stage
from casefiles.session import Session

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_OUTCOMES = {
    Outcome.OBTENTION: "obtention",
    Outcome.PARTIEL: "obtention de certains blocs",
    Outcome.REFUS: "refus",
    Outcome.AJOURNE: "ajournement",
    Outcome.ABSENT: "candidat absent",
    Outcome.EXCUSE: "candidat excusé",
}
_ANSWERS = {
    "accepted": "accepté",
    "waiting": "en attente du bureau",
    "duplicate": "déjà reçu",
    "refused": "à corriger",
    "draft": "brouillon, pas encore complet",
}


def day(value: date) -> str:
    """« 1er mars 2026 »."""
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number} {_MONTHS[value.month - 1]} {value.year}"


def moment(at: datetime) -> str:
    """« 1er mars 2026 à 9 h 05 », in the office’s own time."""
    local = at.astimezone()
    return f"{day(local.date())} à {local.hour} h {local.minute:02d}"


def counted(number: int, word: str) -> str:
    """« 1 candidat », « 2 candidats »."""
    return f"{number} {word}{'s' if number > 1 else ''}"


def outcome_words(value: str) -> str:
    """A decision in words."""
    return _OUTCOMES[Outcome(value)]


def to_do(case: CaseFile, certification: Certification) -> str:
    """RESTE À FAIRE of a case."""
    steps = next_steps.of_case(case, certification)
    lines = [
        f"DOSSIER {case.number} — {case.candidate.full_name}",
        f"{certification.name} · {RouteName(case.route).label}",
        f"Situation : {stage(case, steps)}",
    ]
    if certification.provisional:
        lines.append("Référentiel provisoire : tout document émis est un spécimen.")
    return _listed(lines, steps, [f.error for f in case.failures.values() if f.blocked])


def session_to_do(held: Session, certification: Certification) -> str:
    """RESTE À FAIRE of a session."""
    lines = [
        f"SESSION {held.reference} — jury du {day(held.day)}, {held.place}, {held.town}",
        certification.name,
        f"{counted(len(held.names), 'candidat')} : {', '.join(held.names.values())}"
        if held.names
        else "Aucun candidat",
    ]
    steps = next_steps.of_session(held)
    return _listed(lines, steps, [f.error for f in held.failures.values() if f.blocked])


def _listed(lines: list[str], steps: Sequence[next_steps.Step], blocked: list[str]) -> str:
    asked = [s for s in steps if not s.ours]
    if blocked:
        lines += ["", "ÉTAPE BLOQUÉE"]
        lines += [f"• {error}" for error in blocked]
        lines.append(
            "  Une fois la cause levée : demande du bureau « Relancer une étape bloquée »."
        )
    lines += ["", "RESTE À FAIRE"]
    if not asked:
        ours = [s.what for s in steps]
        lines.append(f"Rien pour vous. En cours ici : {ours[0]}" if ours else "Rien pour vous.")
    for number, step in enumerate(asked, start=1):
        lines.append(f"{number}. {step.what}")
        lines.append(f"   Qui : {step.who}")
        if step.rule.startswith("R"):
            lines.append(f"   Règle {step.rule} — {step.source}")
    return "\n".join(lines) + "\n"


def history(title: str, recorded: Sequence[Recorded]) -> str:
    """HISTORIQUE: what happened, oldest first, one paragraph each."""
    lines = [f"HISTORIQUE — {title}", ""]
    told: list[tuple[str, str]] = []
    for one in recorded:
        for sentence in _told(one.event):
            told.append((moment(one.at), sentence))
    for when, sentences in groupby(told, key=itemgetter(0)):
        lines.append(when[0].upper() + when[1:])
        lines += [f"   {sentence}" for _, sentence in _shortened(list(sentences))]
    return "\n".join(lines) + "\n"


_PREPARED = "Formulaire préparé : "


def _shortened(told: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Forms prepared together are told in one sentence."""
    for prepared, group in groupby(told, key=lambda t: t[1].startswith(_PREPARED)):
        sentences = list(group)
        if prepared and len(sentences) > 2:
            yield sentences[0][0], f"{len(sentences)} formulaires préparés, dans « À remplir »."
        else:
            yield from sentences


def _told(event: e.Event) -> Iterator[str]:
    match event:
        case e.CaseOpened():
            yield f"Dossier ouvert sous le numéro {event.number}."
        case e.FormIssued():
            yield f"{_PREPARED}{event.path}."
        case e.DocumentFiled():
            yield _filed(event)
            yield from (f"À savoir : {r}" for r in (*event.reasons, *event.remarks))
        case e.DocumentConfirmed():
            yield f"Document {event.document} confirmé {_who(event.by, event.because)}"
        case e.DocumentReplaced():
            old = ", ".join(event.old) or "aucun"
            yield f"Document {event.new} mis à la place de {old} {_who(event.by, event.because)}"
        case e.DocumentSetAside():
            yield f"Document {event.document} écarté {_who(event.by, event.because)}"
        case e.AnswerCorrected():
            yield (
                f"Document {event.document}, « {event.where} » : « {event.before} » corrigé en "
                f"« {event.after} » {_who(event.by, event.because)}"
            )
        case e.CaseAbandoned():
            yield f"Dossier abandonné {_who(event.by, event.because)}"
        case e.CaseResumed():
            yield f"Dossier repris {_who(event.by, event.because)}"
        case e.ProductIssued():
            yield f"Document produit : {event.path}."
        case e.ProductRestored():
            yield f"Document manquant remis à sa place : {event.path}."
        case e.SessionJoined():
            yield f"Inscrit à l’ordre du jour de la session {event.session}."
        case e.SessionLeft():
            yield f"Retiré de la session {event.session}, parce que : {event.because}"
        case e.DecisionRecorded():
            yield (
                f"Décision du jury ({day(event.decided_on)}) : "
                f"{outcome_words(event.decision.outcome)}. Procès-verbal version "
                f"{event.pv_version} de la session {event.session}, signé par le président."
            )
        case e.DeliveryNumbered():
            yield f"Parchemin numéroté au registre : {event.number}."
        case e.StepFailed():
            yield f"Une étape n’a pas abouti (essai {event.attempt}) : {event.error}"
        case e.StepRetried():
            yield f"Étape relancée {_who(event.by, event.because)}"
        case _:
            yield from _told_of_session(event)


def _told_of_session(event: e.Event) -> Iterator[str]:
    match event:
        case e.SessionOpened():
            yield f"Session ouverte, jury du {day(event.day)} (composition {event.document})."
        case e.CompositionRevised():
            yield f"Composition revue (document {event.document}), jury du {day(event.day)}."
        case e.CandidateAdded():
            yield f"Candidat à l’ordre du jour : {event.case} {event.name}."
        case e.CandidateWithdrawn():
            yield f"Dossier {event.case} retiré {_who(event.by, event.because)}"
        case e.AgendaClosed():
            yield f"Ordre du jour clos {_who(event.by, event.because)}"
        case e.PiecesSealed():
            yield f"Pièces scellées, version {event.version}. Empreinte : {event.sha256}."
        case e.DecisionsFiled():
            yield f"Feuille de décisions reçue (document {event.document})."
        case e.PvIssued():
            voids = " Elle remplace la précédente." if event.supersedes else ""
            yield f"Procès-verbal dressé et certifié, version {event.version}.{voids}"
        case e.PvReturned():
            doubts = " ; ses signataires sont à vérifier" if event.doubts else ""
            signatures = counted(len(event.signed), "signature")
            yield f"Procès-verbal revenu avec {signatures} (document {event.document}){doubts}."
        case e.PvSigned():
            yield f"Procès-verbal signé par le président (document {event.document})."
        case e.DecisionsSent():
            yield "Décisions portées aux dossiers."
        case _:
            return


def _filed(event: e.DocumentFiled) -> str:
    standing = {
        "accepted": "",
        "to_confirm": " ; le bureau doit confirmer",
        "to_replace": " ; en attente, un autre est déjà en vigueur",
    }[event.standing]
    part = f" ({event.part})" if event.part else ""
    proof = f" Signé par {event.proof.signer}." if event.proof.kind == "signature" else ""
    title = FORMS[event.form].TITLE
    return f"Reçu : {title}{part}, repère {event.document}{standing}.{proof}"


def _who(by: str, because: str) -> str:
    return f"à la demande de {by}, parce que : {because}"


def receipt(event: e.DropAnswered, at: datetime) -> str:
    """The receipt of one drop, accepted or not."""
    lines = [
        f"Fichier déposé : {event.name}",
        f"Le {moment(at)} — repère {event.document}",
        "",
        f"{event.what} : {_ANSWERS[event.outcome]}.",
    ]
    if event.reasons:
        heading = "POURQUOI" if event.outcome == "refused" else "À SAVOIR"
        lines += ["", heading, *(f"• {reason}" for reason in event.reasons)]
    if event.remedy:
        lines += ["", "QUE FAIRE", event.remedy]
    lines += ["", f"Empreinte du fichier (SHA-256) : {event.sha256}"]
    return "\n".join(lines) + "\n"


def receipt_name(event: e.DropAnswered, at: datetime) -> str:
    """« 14h32 accepté - avis.pdf.txt »."""
    local = at.astimezone()
    return f"{local.hour:02d}h{local.minute:02d} {_ANSWERS[event.outcome]} - {event.name}.txt"
