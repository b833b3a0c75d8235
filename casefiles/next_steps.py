"""What remains to be done: the open steps of a case or a session, as pure functions.

A step is ours (a worker does it) or somebody’s (RESTE À FAIRE says whose). The queue of jobs is a
hint; these steps are the truth.
"""

from collections.abc import Iterator

from casefiles import arranging
from casefiles.answers import Grid
from casefiles.casefile import ATTESTATION_TO_SIGN, CaseFile
from casefiles.certification import Certification
from casefiles.rules import acquired, evidence, registration
from casefiles.rules.besides import besides
from casefiles.rules.completeness import completeness
from casefiles.rules.finding import Finding
from casefiles.rules.requirements import to_issue
from casefiles.rules.stated import where
from casefiles.session_steps import EMARGEMENT, TRANSMITTAL, of_session
from casefiles.step import Step, held_back, open_steps, proofs_left

__all__ = ["EMARGEMENT", "TRANSMITTAL", "Step", "of_case", "of_session", "open_steps"]


def of_case(case: CaseFile, certification: Certification) -> tuple[Step, ...]:
    """The open steps of a case, the ones to do first standing first."""
    return () if case.abandoned else (*_of_case(case, certification), *proofs_left(case))


def _of_case(case: CaseFile, certification: Certification) -> tuple[Step, ...]:
    if case.decision is not None and (after := tuple(_after_decision(case, certification))):
        return after
    if case.decision is not None and not case.to_be_judged_again:
        return ()
    if to_issue(case, certification):
        return (Step(key="formulaires", what="Préparer les formulaires du dossier."),)
    if not arranging.prepared(case, certification):
        return (Step(key="amenagement", what="Préparer la consigne d’aménagement."),)
    return (*_coverage(case), *_to_the_jury(case, certification))


def _coverage(case: CaseFile) -> Iterator[Step]:
    """Its drawing keeps nothing else from going on."""
    if (proven := evidence.basis(case)) and case.product("couverture", proven) is None:
        yield Step(key="couverture", what="Dresser la couverture du dossier de preuves.")


def _to_the_jury(case: CaseFile, certification: Certification) -> tuple[Step, ...]:
    held = tuple(held_back(one) for one in case.held)
    missing = [
        f for f in completeness(case, certification) if not _came_back(case, certification, f)
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
            *_besides(case, certification),
            Step(
                key="jury",
                what="Inscrire le dossier à une session de jury (formulaire « Composition du "
                "jury », ou demande du bureau « Ajouter un candidat »)"
                f"{_deadline(case, certification)}.",
                who="le bureau",
                rule="R44",
                source=where("R44", certification),
            ),
        )
    return (
        Step(
            key="decision",
            what=f"Décision du jury, session {case.session}.",
            who="le jury",
            rule="R71",
            source=where("R71", certification),
        ),
    )


def _besides(case: CaseFile, certification: Certification) -> Iterator[Step]:
    """What the jury will miss; it keeps nothing from going on."""
    for one in besides(case, certification):
        stated = where(one.rule, certification)
        yield Step(key=one.key, what=one.asked, who=one.who, rule=one.rule, source=stated)


def _deadline(case: CaseFile, certification: Certification) -> str:
    last = registration.last_day(case, certification)
    return f", tenue le {last:%d/%m/%Y} au plus tard" if last else ""


def _came_back(case: CaseFile, certification: Certification, finding: Finding) -> bool:
    """Whether what is missing already came back, and waits for the office’s eyes or its word."""
    if finding.status != "missing":
        return False
    back = [
        *((h.form, h.part) for h in case.held if not h.missing),
        *((d.form, d.part) for d in case.waiting() if d.standing == "to_confirm"),
    ]
    blocs = [b.id for b in certification.blocs if finding.part in {c.id for c in b.competences}]
    came = sum(back.count((finding.form, part)) for part in (finding.part, *blocs))
    asked = certification.evaluators.minimum if finding.form == Grid.NAME else 1
    return came > 0 and came + len(case.standing(finding.form, finding.part or None)) >= asked


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
            source=where("R60", certification),
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
            source=where("R58", certification),
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
            source=where("R46", certification),
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
