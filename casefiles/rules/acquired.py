"""The blocs a person holds, where they come from, and what is still to be obtained. Pure.

An acquired bloc is held without limit unless the certification counts months (R63); a new attempt
is only about what lacks (R7, R89); a bloc two certifications have in common counts for both (R7).
"""

from collections.abc import Iterator, Sequence
from datetime import date

from casefiles.answers import Grid
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Outcome
from casefiles.events import BlocAcquired
from casefiles.rules.finding import Finding, source
from casefiles.rules.stated import where

Past = tuple[CaseFile, Certification]


def granted(case: CaseFile, certification: Certification) -> tuple[str, ...]:
    """The blocs the jury’s decision gives, in the order of the référentiel."""
    if case.decision is None:
        return ()
    decided = case.decision.decision
    examined = [row.key for row in case.scope(certification).rows("blocs")]
    match Outcome(decided.outcome):
        case Outcome.OBTENTION:
            return tuple(examined)
        case Outcome.PARTIEL:
            return tuple(b for b in examined if b in decided.blocs)
        case _:
            return ()


def acquired(case: CaseFile, certification: Certification) -> tuple[BlocAcquired, ...]:
    """Every bloc held by the end of the case: those it carries, those its decision gives."""
    given = {b: _by_jury(case, certification, b) for b in granted(case, certification)}
    held = {one.bloc: one for one in case.carried} | given
    return tuple(held[b.id] for b in certification.blocs if b.id in held)


def whole(case: CaseFile, certification: Certification) -> bool:
    """Whether every bloc is held, the jury having decided: the parchemin is due (R60)."""
    if case.decision is None or not granted(case, certification):
        return False
    return len(acquired(case, certification)) == len(certification.blocs)


def lacking(held: Sequence[BlocAcquired], certification: Certification) -> tuple[str, ...]:
    """The blocs not held, in the order of the référentiel."""
    names = {one.bloc for one in held}
    return tuple(b.id for b in certification.blocs if b.id not in names)


def still_held(one: BlocAcquired, certification: Certification, day: date) -> bool:
    """Whether the bloc still counts that day (R63): for ever, or for so many months."""
    months = certification.components_valid_months
    return months is None or day <= _months_after(one.on, months)


def taken_over(
    one: BlocAcquired, case: CaseFile, certification: Certification, day: date
) -> Iterator[Finding]:
    """What keeps a bloc acquired before this office from being taken over that day (R62, R63)."""
    if not certification.gives_blocs:
        yield _refused(
            "R62",
            f"Les blocs du {certification.name} ne s’acquièrent pas séparément.",
            where("R62", certification),
        )
    if not still_held(one, certification, day):
        yield _refused(
            "R63",
            f"Acquis le {one.on:%d/%m/%Y}, il ne compte plus : {certification.name}, "
            f"{certification.components_valid_months} mois.",
            source("R63"),
        )
    if len(case.scope(certification).rows("blocs")) < 2:
        yield _refused(
            "R89",
            "Il ne resterait rien à examiner : le certificateur délivre alors sans ce dossier.",
            source("R89"),
        )


def _refused(rule: str, message: str, stated: str) -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=stated)


def carried_over(
    earlier: Sequence[Past], certification: Certification, day: date
) -> tuple[BlocAcquired, ...]:
    """What the person’s earlier cases bring to a new one, as events of the new one.

    A bloc of another certification counts where both have it in common (R7); of two ways a bloc
    was acquired the latest is kept.
    """
    brought: dict[str, BlocAcquired] = {}
    for case, under in earlier:
        for one in acquired(case, under):
            ours = certification.bloc_shared_with(under, one.bloc)
            if ours is None or not still_held(one, certification, day):
                continue
            origin = one.origin if under.code == certification.code else "passerelle"
            kept = one.model_copy(
                update={
                    "bloc": ours.id,
                    "origin": origin,
                    "certification": one.certification or under.name,
                    "by": "",
                    "because": "",
                }
            )
            if ours.id not in brought or brought[ours.id].on <= kept.on:
                brought[ours.id] = kept
    return tuple(brought[b.id] for b in certification.blocs if b.id in brought)


def proofs_of_reprise(case: CaseFile) -> dict[str, str]:
    """The documents that prove what came before this office: their marks, and their SHA-256."""
    proven = [(b.document, b.proof_sha256) for b in case.carried if b.origin == "reprise"]
    proven += [(t.document, t.proof_sha256) for t in case.taken]
    return {mark: sha256 for mark, sha256 in proven if sha256}


def shown(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    """What the jury is told of the blocs held before, each with its origin."""
    for one in case.carried:
        how = {
            "jury": f"par le jury de la session {one.session} (dossier {one.case})",
            "passerelle": f"par le bloc commun du {one.certification} (session {one.session})",
            "reprise": f"avant ce bureau{', ' + one.session if one.session else ''} (preuve "
            f"{one.document}, reprise par {one.by})",
        }[one.origin]
        proof = "de la preuve" if one.origin == "reprise" else "du procès-verbal"
        yield Finding(
            rule="R89",
            status="alert",
            message=f"{one.bloc} est acquis depuis le {one.on:%d/%m/%Y}, {how} : il n’est plus à "
            f"examiner. Empreinte SHA-256 {proof} : {one.proof_sha256}.",
            source=source("R89"),
        )
        yield from _set_by(case, certification, one.bloc)


def _set_by(case: CaseFile, certification: Certification, bloc: str) -> Iterator[Finding]:
    """The grids of a bloc taken over after they came: they count no more, and are not hidden."""
    keys = {c.id for c in certification.bloc(bloc).competences}
    marks = dict.fromkeys(d.mark for d in case.documents if d.form == Grid.NAME and d.part in keys)
    if marks:
        yield Finding(
            rule="R89",
            status="alert",
            message=f"{bloc} avait déjà des grilles quand il fut repris : elles ne comptent plus "
            f"({', '.join(marks)}).",
            source=source("R89"),
        )


def _by_jury(case: CaseFile, certification: Certification, bloc: str) -> BlocAcquired:
    decision = case.decision
    if decision is None:
        raise ValueError("no decision gives a bloc")
    return BlocAcquired(
        bloc=bloc,
        origin="jury",
        on=decision.decided_on,
        certification=certification.name,
        case=case.number,
        session=decision.session,
        proof_sha256=decision.pv_sha256,
    )


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month’s last."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError("every month has 28 days")
