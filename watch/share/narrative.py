"""The texts beside the files: RESTE À FAIRE, HISTORIQUE, accusés, POURQUOI. Words only, no I/O."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from casefiles import events as e
from casefiles import next_steps
from casefiles.answers import Inscription, OfficeAct
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, RouteName
from casefiles.events import Recorded
from casefiles.failure import PATIENT
from casefiles.projection import stage
from casefiles.rules.slips import slips
from casefiles.session import Session
from watch.share.telling import PREPARED, REPRINTED, counted, day, moment, told

_ANSWERS = {
    "accepted": "accepté",
    "waiting": "en attente du bureau",
    "duplicate": "déjà reçu",
    "refused": "à corriger",
    "draft": "brouillon, pas encore complet",
}


_AGAIN = (
    "Le fichier peut être corrigé et enregistré là où il se trouve, dans « 3 À corriger » : il y "
    "est relu dans la minute. Ou déposez le fichier corrigé dans « 1 À déposer ici »."
)
_AT_THE_OFFICE = "Corrigée, la demande se dépose dans « Bureau » : ailleurs, elle n’est pas prise."


TO_DO = "RESTE À FAIRE.txt"


def beside(names: Sequence[str]) -> str:
    """What is said of the files that lie in a case’s folder where nobody takes them; "" of none."""
    if not names:
        return ""
    left = [f"et {len(names) - _NAMED} autres."] if len(names) > _NAMED else []
    return "\n".join(
        (
            "",
            "DANS CE DOSSIER, OÙ RIEN N’EST RELU",
            *(f"• {name}" for name in names[:_NAMED]),
            *left,
            "  Pour qu’un fichier soit pris, déposez-le dans « 1 À déposer ici ».",
            "",
        )
    )


_NAMED = 20


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
    blocked = [f.error for f in case.failures.values() if f.blocked]
    text = _listed(lines, steps, blocked, _withdrawn(case))
    return text + _to_check(case, certification)


def _withdrawn(case: CaseFile) -> str:
    """What the office still owes to whom a withdrawn parchemin was given; no answer closes it."""
    if (gone := case.withdrawn) is None:
        return ""
    return (
        f"Le parchemin n° {gone.number} a été retiré le {day(gone.on)} : prévenez le titulaire, et "
        "redemandez-lui l’original, si ce n’est fait."
    )


def _to_check(case: CaseFile, certification: Certification) -> str:
    """Slips of the inscription, until they are corrected or the jury has decided."""
    if case.abandoned or case.is_decided:
        return ""
    for document in case.standing(Inscription.NAME)[-1:]:
        read = case.answers(document, Inscription, certification)
        found = tuple(slips(read, certification, case.entered)) if read else ()
        if found:
            lines = ["", "À VÉRIFIER AVEC LE CANDIDAT (rien n’est arrêté)"]
            lines += [f"• {one.message}" for one in found]
            lines.append(
                "  Une réponse fausse se corrige par une demande « Corriger une réponse »."
            )
            return "\n".join(lines) + "\n"
    return ""


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


def _listed(
    lines: list[str], steps: Sequence[next_steps.Step], blocked: list[str], standing: str = ""
) -> str:
    asked = [s for s in steps if not s.ours]
    later = [s for s in steps if s.key.startswith(PATIENT)]
    if blocked:
        lines += ["", "ÉTAPE BLOQUÉE"]
        lines += [f"• {error}" for error in blocked]
        lines.append(
            "  Une fois la cause levée : demande du bureau « Relancer une étape bloquée »."
        )
    lines += ["", "RESTE À FAIRE"]
    if standing:
        lines.append(standing)
    elif not asked:
        ours = [s.what for s in steps if s not in later]
        lines.append(f"Rien pour vous. En cours ici : {ours[0]}" if ours else "Rien pour vous.")
    for (rule, source), together in groupby(
        enumerate(asked, start=1), key=lambda one: (one[1].rule, one[1].source)
    ):
        numbers = []
        for number, step in together:
            lines.append(f"{number}. {step.what}")
            lines.append(f"   Qui : {step.who}")
            numbers.append(number)
        if rule.startswith("R"):
            of = f" (points {numbers[0]} à {numbers[-1]})" if len(numbers) > 1 else ""
            lines.append(f"   Règle {rule}{of} — {source}")
    if later:
        lines += ["", "PREUVES À COMPLÉTER (fait ici, sans vous)"]
        lines += [f"• {s.what}" + (f" Le {day(s.due)}." if s.due else "") for s in later]
    return "\n".join(lines) + "\n"


def history(title: str, recorded: Sequence[Recorded], certification: str = "") -> str:
    """HISTORIQUE: what happened, oldest first, one paragraph each.

    certification: its name, which events know by its code.
    """
    lines = [f"HISTORIQUE — {title}", ""]
    said: list[tuple[str, str]] = []
    for one in recorded:
        for sentence in told(one.event, certification):
            said.append((moment(one.at), sentence))
    for when, sentences in groupby(said, key=itemgetter(0)):
        lines.append(when[0].upper() + when[1:])
        lines += [f"   {sentence}" for _, sentence in _shortened(list(sentences))]
    return "\n".join(lines) + "\n"


def _shortened(told: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Forms prepared together are told in one sentence."""
    for start, group in groupby(told, key=lambda t: _start(t[1])):
        sentences = list(group)
        if start and len(sentences) > 2:
            yield sentences[0][0], f"{len(sentences)} {_TOGETHER[start]}"
        else:
            yield from sentences


_TOGETHER = {
    PREPARED: "formulaires préparés, dans « À remplir ».",
    REPRINTED: "formulaires imprimés de nouveau, dans « À remplir » : ils remplacent les tirages "
    "précédents, qui restent lus s’ils reviennent.",
}


def _start(sentence: str) -> str:
    return next((start for start in _TOGETHER if sentence.startswith(start)), "")


def _answered(event: e.DropAnswered) -> str:
    """« accepté », or « accepté en partie » of a list some lines of which are refused."""
    if event.opened and event.outcome == "accepted":
        return "ouvert"  # ce qu’il contenait a été accepté ou non, chacun sur son accusé
    partly = event.outcome == "accepted" and event.report
    return "accepté en partie" if partly else _ANSWERS[event.outcome]


def receipt(event: e.DropAnswered, at: datetime) -> str:
    """The receipt of one drop, accepted or not."""
    lines = [
        f"Fichier déposé : {event.name}",
        f"Le {moment(at)} — repère {event.document}",
        "",
        f"{event.what} : {_answered(event)}.",
    ]
    if event.reasons:
        heading = "POURQUOI" if event.outcome == "refused" else "À SAVOIR"
        lines += ["", heading, *(f"• {reason}" for reason in event.reasons)]
    if event.remedy:
        lines += ["", "QUE FAIRE", event.remedy]
        if event.outcome == "refused" and event.sha256 and not event.path:
            asked = event.what.startswith(OfficeAct.TITLE)
            lines.append(_AT_THE_OFFICE if asked else _AGAIN)
    if event.sha256:
        lines += ["", f"Empreinte du fichier (SHA-256) : {event.sha256}"]
    return "\n".join(lines) + "\n"


def receipt_name(event: e.DropAnswered, at: datetime) -> str:
    """« 14h32 accepté - avis.pdf.txt »."""
    local = at.astimezone()
    return f"{local.hour:02d}h{local.minute:02d} {_answered(event)} - {event.name}.txt"
