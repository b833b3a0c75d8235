"""What remains to be done: the open steps of a case or a session, as pure functions.

A step is ours (a worker does it) or somebody’s (RESTE À FAIRE says whose). The queue of jobs is a
hint; these steps are the truth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date

from casefiles import levels, summons
from casefiles.casefile import ATTESTATION_TO_SIGN, CaseFile
from casefiles.certification import Certification
from casefiles.events import ReturnHeld
from casefiles.failure import Failure
from casefiles.journal import OpenStep
from casefiles.rules import acquired, evidence, registration
from casefiles.rules.completeness import completeness
from casefiles.rules.finding import Finding, source
from casefiles.rules.requirements import to_issue
from casefiles.session import Session

TRANSMITTAL = "envoi"
EMARGEMENT = "emargement"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. `who` is empty for ours; `what` is the sentence people read."""

    key: str
    what: str
    who: str = ""
    form: str = ""
    part: str = ""
    rule: str = ""
    source: str = ""
    due: date | None = None

    @property
    def ours(self) -> bool:
        """Whether a worker does it."""
        return not self.who


def of_case(case: CaseFile, certification: Certification) -> tuple[Step, ...]:
    """The open steps of a case, the ones to do first standing first."""
    if case.abandoned:
        return ()
    if case.decision is not None and (after := tuple(_after_decision(case, certification))):
        return after
    if case.decision is not None and not case.to_be_judged_again:
        return tuple(_proofs(case))
    if to_issue(case, certification):
        return (Step(key="formulaires", what="Préparer les formulaires du dossier."),)
    if case.arrangement and case.product("amenagement", case.arranged) is None:
        return (Step(key="amenagement", what="Préparer la consigne d’aménagement."),)
    return (*_coverage(case), *_to_the_jury(case, certification))


def _coverage(case: CaseFile) -> Iterator[Step]:
    """Its drawing keeps nothing else from going on."""
    if (proven := evidence.basis(case)) and case.product("couverture", proven) is None:
        yield Step(key="couverture", what="Dresser la couverture du dossier de preuves.")


def _to_the_jury(case: CaseFile, certification: Certification) -> tuple[Step, ...]:
    held = tuple(_held(one) for one in case.held)
    missing = [
        *(f for f in completeness(case, certification) if not _on_paper(case, certification, f))
    ]
    if held or missing:
        return (*held, *(_owed(f, number) for number, f in enumerate(missing, start=1)))
    recap = case.product("recapitulatif")
    if recap is None or recap.basis != case.basis:
        return (Step(key="recapitulatif", what="Établir le récapitulatif des évaluations."),)
    if case.session is None or case.decision is not None:
        if late := _too_late(case, certification):
            return tuple(_certifier_asked(case, late))
        return (
            *_unproven(case, certification),
            Step(
                key="jury",
                what="Inscrire le dossier à une session de jury (formulaire « Composition du "
                "jury », ou demande du bureau « Ajouter un candidat »)"
                f"{_deadline(case, certification)}.",
                who="le bureau",
                rule="R44",
                source=source("R44"),
            ),
        )
    return (
        Step(
            key="decision",
            what=f"Décision du jury, session {case.session}.",
            who="le jury",
            rule="R71",
            source=source("R71"),
        ),
    )


def _unproven(case: CaseFile, certification: Certification) -> Iterator[Step]:
    """What the jury will miss; it keeps nothing from going on."""
    for number in evidence.unproven(case, certification):
        yield Step(
            key=f"preuve/{number}",
            what=f"Joindre les preuves de la situation {number} : leurs fichiers, nommés "
            f"« Situation {number} - … », à déposer dans « À remplir » de ce dossier.",
            who="le candidat",
            rule="R64",
            source=source("R64"),
        )


def _deadline(case: CaseFile, certification: Certification) -> str:
    last = registration.last_day(case, certification)
    return f", tenue le {last:%d/%m/%Y} au plus tard" if last else ""


def _held(one: ReturnHeld) -> Step:
    if one.missing:
        named = " et ".join(str(page) for page in one.missing)
        pages = f"la page {named}" if len(one.missing) == 1 else f"les pages {named}"
        what = (
            f"« {one.title} » (repère {one.document}) est revenu sans {pages} : redemandez et "
            "déposez ce qui manque, qui rejoindra le reste. Sinon, écartez ce document par une "
            "« Demande du bureau »."
        )
    else:
        what = (
            f"« {one.title} » (repère {one.document}) est revenu sur papier : remplissez "
            f"« {one.path} », où chaque réponse est à côté de son image, et enregistrez-le."
        )
    return Step(
        key=f"papier/{one.document}", what=what, who="le bureau", form=one.form, part=one.part
    )


def _on_paper(case: CaseFile, certification: Certification, finding: Finding) -> bool:
    """Whether what is missing already came back, and waits for the office’s eyes."""
    if finding.status != "missing":
        return False
    waiting = {(h.form, h.part) for h in case.held if not h.missing}
    blocs = [b.id for b in certification.blocs if finding.part in {c.id for c in b.competences}]
    return any((finding.form, part) in waiting for part in (finding.part, *blocs))


def _owed(finding: Finding, number: int) -> Step:
    return Step(
        key=f"attendu/{number}",
        what=finding.message,
        who=finding.who,
        form=finding.form,
        part=finding.part,
        rule=finding.rule,
        source=finding.source,
    )


def _after_decision(case: CaseFile, certification: Certification) -> Iterator[Step]:
    decided = case.decision
    if decided is None:
        return
    if acquired.whole(case, certification):
        yield from _delivery(case, certification)
        return
    if case.delivery is not None:
        yield Step(
            key="retrait",
            what=f"Le parchemin n° {case.delivery.number} a été délivré, et la décision ne "
            "l’accorde plus : retirez-le par une « Demande du bureau » (retirer un parchemin "
            "délivré à tort).",
            who="le bureau",
            rule="R60",
            source=source("R60"),
        )
    if case.product("notification", decided.pv_sha256) is None:
        yield Step(key="notification", what="Établir la notification de la décision.")
    blocs = acquired.granted(case, certification)
    lacking = [b for b in blocs if case.product("attestation", f"{decided.pv_sha256} {b}") is None]
    sent = [b for b in lacking if case.product(ATTESTATION_TO_SIGN, f"{decided.pv_sha256} {b}")]
    unmade = [b for b in lacking if b not in sent]
    if unmade and (late := _too_late(case, certification)):
        yield from _certifier_asked(case, late)
    elif unmade:
        yield Step(key="attestation", what=f"Établir l’attestation du bloc {unmade[0]}.")
    for bloc in sent:
        yield Step(
            key=f"signature-attestation/{bloc}",
            what=f"Attestation du bloc {bloc} à signer par le certificateur : envoyez-la-lui, puis "
            "déposez-la signée.",
            who="le certificateur",
            rule="R58",
            source=source("R58"),
        )


def _delivery(case: CaseFile, certification: Certification) -> Iterator[Step]:
    if case.withdrawn is not None:
        return
    if case.parchemin is not None:
        if (owed := case.owed_duplicate) is not None:
            yield Step(key="duplicata", what=f"Dresser le duplicata du parchemin {owed.number}.")
    elif case.to_sign is not None:
        yield Step(
            key="signature-certificateur",
            what=f"Parchemin n° {case.to_sign.facts['number']} à signer par le certificateur : "
            "envoyez-le-lui avec le bordereau préparé, puis déposez-le signé.",
            who="le certificateur",
            rule="R46",
            source=source("R46"),
        )
    elif case.delivery is not None:
        yield Step(key="parchemin", what=f"Dresser le parchemin n° {case.delivery.number}.")
    elif late := _too_late(case, certification):
        yield from _certifier_asked(case, late)
    else:
        yield Step(key="remise", what="Préparer la délivrance.")


def _too_late(case: CaseFile, certification: Certification) -> Finding | None:
    """Why nothing may be judged or delivered any more (R93), as of the last day the case moved.

    Whoever acts later asks the rule again, on that day.
    """
    day = case.moved_at.astimezone().date()
    found = registration.delivering(case, certification, day)
    late = found is not None and found.status != "ok" and not case.delivered_under
    return found if late else None


def _certifier_asked(case: CaseFile, late: Finding) -> Iterator[Step]:
    """What only the certifier can say; nothing once it has said no to a decided case."""
    said = case.certifier_said
    if case.decision is not None and said is not None and said.deliver_until is None:
        return
    yield Step(
        key="certificateur",
        what=late.message,
        who="le bureau",
        rule=late.rule,
        source=late.source,
    )


def of_session(session: Session) -> tuple[Step, ...]:
    """The open steps of a session."""
    return (*_session(session), *_proofs(session))


def _session(session: Session) -> Iterator[Step]:
    if session.signed is not None and not session.sent:
        yield Step(key="transmettre", what="Porter les décisions aux dossiers.")
        return
    if session.signed is not None and session.over:
        # A PV to be rectified is not sent: the one that replaces it will be.
        sent = session.product(TRANSMITTAL)
        if sent is None or sent.basis != session.signed.sha256:
            yield Step(key=TRANSMITTAL, what="Préparer le bordereau d’envoi au certificateur.")
        return
    if summons.due(session):
        yield Step(key="convocations", what="Préparer les convocations.")
    if not session.closed:
        agenda = session.product("ordre-du-jour")
        if agenda is None or agenda.basis != session.agenda_basis:
            yield Step(key="ordre-du-jour", what="Établir l’ordre du jour.")
        yield from (_held(one) for one in session.held)
        yield from _before_closure(session)
        return
    yield from (_held(one) for one in session.held)
    if not session.names:
        yield Step(
            key="sans-candidat",
            what="Plus aucun candidat n’est à l’ordre du jour : la séance n’a plus d’objet. "
            "Prévenez les membres du jury.",
            who="le bureau",
        )
        return
    unsettled = tuple(_unsettled(session))
    if unsettled:
        yield from unsettled
        return
    if not session.pieces_stand:
        yield Step(key="pieces", what="Assembler et sceller le volume des pièces.")
        return
    if session.sheet is None:
        yield Step(key="feuille", what="Préparer la feuille de décisions.")
        return
    if session.decided is None:
        yield Step(
            key="decisions",
            what=_sheet_words(session),
            who="le jury",
            form="decisions",
            rule="R84",
            source=source("R84"),
        )
        return
    if session.pv is None or session.pv.basis != session.decided.document:
        yield Step(key="pv", what="Dresser le procès-verbal et le certifier.")
        return
    yield from _signatures(session)


def _sheet_words(session: Session) -> str:
    if session.rectifying is None:
        return "Remplir la feuille de décisions en séance, puis la redéposer."
    return (
        "Remplir la nouvelle feuille de décisions, puis la redéposer : le procès-verbal "
        "rectificatif en sera tiré. Celui qui est signé reste en vigueur jusque-là."
    )


def _proofs(held: CaseFile | Session) -> Iterator[Step]:
    for one in levels.of(held):
        for key, what, due in levels.remaining(one):
            yield Step(key=key, what=what, due=due)


def _unsettled(session: Session) -> Iterator[Step]:
    for case in session.names:
        if not session.ready.get(case):
            yield Step(
                key=f"complet/{case}",
                what=f"Compléter le dossier {case} ({session.names[case]}), ou y trancher ce qui "
                "attend le bureau.",
                who="le bureau",
            )


def _before_closure(session: Session) -> Iterator[Step]:
    yield from _unsettled(session)
    yield Step(
        key="cloture",
        what="Clôturer l’ordre du jour par une « Demande du bureau » : le volume des pièces sera "
        "scellé.",
        who="le bureau",
        form="demande",
    )


def _signatures(session: Session) -> Iterator[Step]:
    pv = session.pv
    if pv is None:
        return
    if session.doubted:
        doubts = " ".join(session.doubted.doubts)
        yield Step(
            key="confirmer",
            what=f"Vérifier les signataires du procès-verbal, version {pv.version}. {doubts} "
            "Décidez par une « Demande du bureau » (confirmer "
            f"{session.doubted.document}), ou redéposez un procès-verbal signé autrement.",
            who="le bureau",
        )
        return
    if session.to_place:
        yield Step(key=EMARGEMENT, what="Porter au procès-verbal les signatures sur papier.")
        return
    signed = set(session.returned.signed) if session.returned else set()
    for member in session.members:
        if member.key in pv.expected and member.key not in signed and member.key != pv.president:
            yield Step(
                key=f"signature/{member.key}",
                what=f"Signer le procès-verbal, version {pv.version}{_or_by_hand(session)}.",
                who=member.name,
            )
    president = next((m.name for m in session.members if m.key == pv.president), "le président")
    yield Step(
        key=f"signature/{pv.president}",
        what=f"Signer le procès-verbal, version {pv.version}, en dernier.",
        who=president,
    )


def _or_by_hand(session: Session) -> str:
    sheet = session.emargement
    if sheet is None:
        return ""
    return (
        f" : à l’écran, ou à la main sur « {sheet.path} », que le bureau imprime, fait signer, "
        "numérise et dépose"
    )


def open_steps(steps: tuple[Step, ...], failures: dict[str, Failure]) -> tuple[OpenStep, ...]:
    """The steps as the journal derives them, with when to try and what is blocked."""
    rows = []
    for step in steps:
        failed = failures.get(step.key)
        rows.append(
            OpenStep(
                key=step.key,
                ours=step.ours,
                due_at=_due_at(step, failed),
                blocked=failed.blocked if failed else False,
            )
        )
    return tuple(rows)


def _due_at(step: Step, failed: Failure | None) -> str | None:
    if failed is not None:
        return failed.retry_at.astimezone(UTC).isoformat()
    return step.due.isoformat() if step.due else None
