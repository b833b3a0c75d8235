"""The candidates of a session as the jury examines them, and the sheet laid out for them."""

from collections.abc import Sequence

from casefiles import casefile
from casefiles.answers.vocabulary import Row, Scope
from casefiles.certification import Certification, Outcome
from casefiles.errors import PackError
from casefiles.rules.deliberation import Examined, examined
from casefiles.session import Session
from forms.pages.wording import RESULTS
from watch.office import Office


def candidates(office: Office, held: Session) -> list[Examined]:
    """Every candidate of the agenda; PackError when the journal lacks one."""
    found = []
    for number in held.names:
        case = casefile.fold(office.journal.read(f"dossier/{number}"))
        if case is None:
            raise PackError(
                f"Le dossier {number} manque au journal.", "Restaurez la dernière sauvegarde."
            )
        found.append(examined(case, office.certification_of(case.certification_hash)))
    return found


def decisions_scope(
    held: Session, certification: Certification, agenda: Sequence[Examined]
) -> Scope:
    """What the feuille de décisions is about: the members, the candidates of the closed agenda.

    Each candidate’s card has lists of its own: the divergences to settle, the blocs to grant.
    """
    labels: dict[str, str] = {c.id: c.label for c in certification.deliberation.colleges}
    lists: dict[str, tuple[Row, ...]] = {
        "members": tuple(
            Row(
                key=m.key,
                label=f"{m.key.removeprefix('m')}. {m.name} — {m.organisation}",
                group=labels[m.college],
            )
            for college in certification.deliberation.colleges
            for m in held.members
            if m.college == college.id
        ),
        "candidates": tuple(
            Row(key=case, label=f"{case} — {name}") for case, name in held.names.items()
        ),
    }
    for one in agenda:
        lists[f"{one.case.number}/divergences"] = _divergences(one)
        lists[f"{one.case.number}/blocs"] = _blocs(one)
    return Scope(certification=certification, lists=lists)


def _divergences(one: Examined) -> tuple[Row, ...]:
    return tuple(
        Row(
            key=r.competence.id,
            label=f"{r.competence.number}. {r.competence.title}",
            items=tuple(
                f"{e.evaluator} : {RESULTS['acquise' if e.acquired else 'non_acquise'].lower()}"
                for e in r.evaluations
            ),
        )
        for r in one.proposed.results
        if r.result == "divergence"
    )


def _blocs(one: Examined) -> tuple[Row, ...]:
    """The blocs of the case, where this certification grants blocs at all."""
    if Outcome.PARTIEL not in one.certification.outcomes:
        return ()
    examined_blocs = {r.bloc for r in one.proposed.results}
    return tuple(
        Row(key=b.id, label=b.title) for b in one.certification.blocs if b.id in examined_blocs
    )
