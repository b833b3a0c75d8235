"""A composition comes in: it opens a session, or revises one.

What the jury decides is read in `sheets`, what it signs is checked in `minutes`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from casefiles import casefile, examined, session
from casefiles.answers import Composition
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Scope
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import (
    CandidateAdded,
    CaseProgressed,
    CompositionRevised,
    Event,
    Juror,
    SessionJoined,
    SessionOpened,
)
from casefiles.journal import Append
from casefiles.rules import juries, registration
from casefiles.rules.independence import ties
from casefiles.session import Session
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused, refused_findings, refused_problems
from watch.share.telling import counted


def compose(office: Office, drop: Drop) -> Answer:
    """Open a session, or revise one that is not signed; after the closure, its volumes are void."""
    imprint = drop.examined["imprint"]
    certification = office.printed_certification(
        imprint["certification"], imprint["certification_hash"]
    )
    what = f"{Composition.TITLE} — {certification.name}"
    scope = Scope(certification=certification)
    reading = accept(Composition, scope, drop.values, today=drop.today)
    if reading.answers is None:
        raise refused_problems(what, reading.problems, drop)
    form = reading.answers
    members = tuple(_jurors(form, drop.values))
    cases = [_case(office, line.case, certification, what) for line in form.agenda]
    recused = _recused(form, members, what)
    reference, held, after, printed = _session_of(office, form, imprint["serial"], what)
    reference = reference or _next_reference(office, drop.today.year)
    stream = f"session/{reference}"
    others = [n for n in (held.names if held else ()) if n not in {c.number for c in cases}]
    known = [ties(c, office.certification_of(c.certification_hash)) for c in cases]
    for number in others:
        case = _case(office, number, certification, what)
        known.append(ties(case, office.certification_of(case.certification_hash)))
    findings = juries.composition(members, certification, known, recused)
    refused = [f for f in findings if f.status == "refused"]
    if refused:
        raise refused_findings(what, refused, "Revoyez la composition, puis redéposez-la.")
    kept = {n: held.recused[n] for n in others if n in held.recused} if held else {}
    facts = {
        "day": form.sitting.day,
        "hour": form.sitting.hour or "",
        "place": form.sitting.place,
        "town": form.sitting.town,
        "convener": form.sitting.convener,
        "members": members,
        "recused": kept | recused,
        "document": drop.mark,
        "sha256": drop.sha256,
        "typed_by": drop.paper.by if drop.paper else "",
    }
    events: list[Event] = []
    if held is None:
        events.append(
            SessionOpened(
                reference=reference,
                certification=certification.code,
                certification_hash=office.archive_certification(certification),
                **facts,
            )
        )
    else:
        events.append(CompositionRevised(**facts))
    joining = [
        c for c in cases if c.number not in printed and (held is None or c.number not in held.names)
    ]
    _check_open(held, joining, what)
    for case in joining:
        check_joinable(case, office, reference, form.sitting.day, what)
        events += entered(case)
    agenda = len({*(held.names if held else ()), *(c.number for c in joining)})
    return Answer(
        outcome="accepted",
        what=f"{Composition.TITLE} — session {reference}, {counted(agenda, 'candidat')}",
        reasons=(
            *_moved(held, form),
            *_gone_by(held, form, drop.today),
            *(f.message for f in findings if f.status != "ok"),
        ),
        stream=stream,
        document=drop.mark,
        appends=(
            Append(stream=stream, after=after, events=tuple(events)),
            *(joined(office, case, reference) for case in joining),
        ),
    )


def _session_of(
    office: Office, form: Composition, serial: str, what: str
) -> tuple[str, Session | None, int, set[str]]:
    """The session revised, the length of its stream, the cases already printed on its form."""
    found = [s for s in office.journal.find("serial", serial) if s.startswith("session/")]
    reference = found[0].removeprefix("session/") if found else form.sitting.session or ""
    if not reference:
        return "", None, 0, set()
    recorded = office.journal.read(f"session/{reference}")
    held = session.fold(recorded)
    if held is None:
        raise Refused(
            what,
            [f"La session « {reference} » n’existe pas."],
            "Laissez la case « Session » vide pour en ouvrir une.",
        )
    issued = next((i for i in held.issued if i.serial == serial), None)
    values = issued.values if issued else {}
    return (
        reference,
        held,
        len(recorded),
        {str(v) for k, v in values.items() if k.endswith("/case")},
    )


def _check_open(held: Session | None, joining: Sequence[CaseFile], what: str) -> None:
    if held is None:
        return
    if held.signed is not None:
        raise Refused(
            what,
            [f"Le procès-verbal de la session {held.reference} est signé."],
            "La composition d’un jury qui a délibéré ne change plus.",
        )
    if held.closed and joining:
        names = ", ".join(c.number for c in joining)
        raise Refused(
            what,
            [f"L’ordre du jour de la session {held.reference} est clos : {names} n’y entre plus."],
            "Retirez cette ligne, ou inscrivez le dossier à une autre session.",
        )


def _gone_by(held: Session | None, form: Composition, today: date) -> Iterator[str]:
    """A day that is over convenes nobody; it may be a session held before it was written down."""
    if form.sitting.day < today and (held is None or held.day != form.sitting.day):
        yield f"La séance est datée du {form.sitting.day:%d/%m/%Y}, déjà passé : vérifiez la date."


def _moved(held: Session | None, form: Composition) -> Iterator[str]:
    """What a revision changes for people, told in the receipt."""
    if held is None:
        return
    if held.day != form.sitting.day:
        yield (
            f"La séance passe du {held.day:%d/%m/%Y} au {form.sitting.day:%d/%m/%Y} : convoquez de "
            "nouveau les membres."
        )
    if held.closed and held.pieces is not None:
        yield (
            f"Le volume des pièces, version {held.pieces.version}, est refait, et les décisions à "
            "signer sont annulées."
        )


def entered(case: CaseFile) -> tuple[Event, ...]:
    """What a session records of a case that enters its agenda."""
    recap = case.product("recapitulatif")
    ready = recap.sha256 if recap and recap.basis == case.basis else ""
    return (
        CandidateAdded(case=case.number, name=case.candidate.full_name),
        CaseProgressed(
            case=case.number,
            recapitulatif=ready,
            company=case.company.name if case.company else "",
            pieces=examined.basis(case),
        ),
    )


def joined(office: Office, case: CaseFile, reference: str) -> Append:
    """What the case records of it."""
    return Append(
        stream=case.stream,
        after=len(office.journal.read(case.stream)),
        events=(SessionJoined(session=reference),),
    )


def check_joinable(case: CaseFile, office: Office, reference: str, day: date, what: str) -> None:
    """Refused when the case cannot enter that session, held on `day`."""
    certification = office.certification_of(case.certification_hash)
    late = registration.judging(case, certification, day)
    if late is not None and late.status != "ok":
        raise refused_findings(
            what,
            [late],
            "Consignez la réponse du certificateur, ou retirez ce dossier.",
        )
    if case.abandoned:
        reason = f"Le dossier {case.number} est abandonné."
    elif case.is_decided:
        reason = f"Le jury a déjà décidé du dossier {case.number}."
    elif case.session not in (None, reference) and case.decision is None:
        reason = f"Le dossier {case.number} est déjà à la session {case.session}."
    else:
        return
    raise Refused(what, [reason], "Retirez-le de la liste, puis redéposez la composition.")


def _jurors(form: Composition, values: Mapping[str, Any]) -> Iterator[Juror]:
    """The members under the numbers of their lines, which people write elsewhere on the form."""
    lines = sorted({int(n.split("/")[1]) for n, v in values.items() if _names_a_member(n, v)})
    deputies = form.sitting.deputy or ()
    for number, member in zip(lines, form.members, strict=True):
        yield Juror(
            key=f"m{number}",
            name=member.name,
            organisation=member.organisation,
            college=member.college.value,
            seat=member.seat.value,
            independent=member.independent,
            temporary_work=member.temporary_work,
            deputy=f"m{number}" in deputies,
        )


def _names_a_member(name: str, value: Any) -> bool:
    return name.startswith("members/") and name.endswith("/name") and bool(str(value or "").strip())


def _recused(
    form: Composition, members: tuple[Juror, ...], what: str
) -> dict[str, tuple[str, ...]]:
    """Who steps back for whom; Refused when a number names no line of the members."""
    keys = {m.key for m in members}
    named = {"l’absence du président": form.sitting.deputy or ()}
    named |= {f"le dossier {line.case}": line.recused or () for line in form.agenda}
    for place, numbers in named.items():
        if unknown := [n.removeprefix("m") for n in numbers if n not in keys]:
            raise Refused(
                what,
                [f"Pour {place}, aucun membre n’est inscrit à la ligne {', '.join(unknown)}."],
                "Écrivez le numéro de la ligne où le membre est inscrit, puis redéposez-la.",
            )
    return {line.case.strip(): line.recused for line in form.agenda if line.recused}


def _case(office: Office, number: str, certification: Certification, what: str) -> CaseFile:
    case = casefile.fold(office.journal.read(f"dossier/{number.strip()}"))
    if case is None:
        raise Refused(
            what,
            [f"Aucun dossier ne porte le numéro « {number} »."],
            "Recopiez le numéro écrit sur le dossier, par exemple 2026-0042.",
        )
    if case.certification != certification.code:
        raise Refused(
            what,
            [f"Le dossier {number} vise une autre certification ({case.certification})."],
            "Une session ne juge qu’une certification.",
        )
    return case


def _next_reference(office: Office, year: int) -> str:
    return f"S{year}-{office.journal.count('session', f'S{year}-') + 1:03d}"
