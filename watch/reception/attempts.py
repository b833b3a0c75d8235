"""The person comes back: the cases they had, the blocs these bring, the case of the new attempt.

Blocs are carried over by themselves only to somebody whose whole civil status is the same; where
anything leaves a doubt, the office says it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from casefiles.answers import Inscription
from casefiles.casefile import CaseFile, fold
from casefiles.certification import Certification, RouteName
from casefiles.documents import Document
from casefiles.events import (
    AttemptOpened,
    BlocAcquired,
    CaseOpened,
    DocumentFiled,
    Event,
    Person,
)
from casefiles.journal import Append
from casefiles.naming import name_key, person_key
from casefiles.rules import acquired, registration
from casefiles.rules.acquired import Past
from casefiles.rules.finding import Finding, source
from watch.office import Office
from watch.reception.acts.request import Request, case_of
from watch.reception.answer import Answer, Drop, Refused, refused_findings
from watch.share.telling import of


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What a new case starts from: the case before it, its rank, the blocs it need not examine.

    likeness: why the office must say first that this is the same person, or another; "" if sure.
    """

    previous: CaseFile | None = None
    rank: int = 1
    carried: tuple[BlocAcquired, ...] = ()
    likeness: str = ""

    def with_also(self, held: Iterable[BlocAcquired]) -> "Attempt":
        """The attempt with blocs acquired elsewhere too; what a jury here gave stands first."""
        known = {one.bloc for one in self.carried}
        return replace(self, carried=(*self.carried, *(h for h in held if h.bloc not in known)))

    @property
    def entered_on(self) -> date | None:
        """The day the person entered this certification, when an earlier case says it."""
        return self.previous.entered if self.previous else None


def coming_back(office: Office, person: Person, certification: Certification, day: date) -> Attempt:
    """What the earlier cases of that person say of a new one."""
    past = _past(office, person)
    same = [(c, under) for c, under in past if c.certification == certification.code]
    for case, under in same:
        if not case.is_decided or acquired.whole(case, under):
            return Attempt(likeness=_resembles(case, person))
    carried = acquired.carried_over(past, certification, day)
    born = name_key(person.birth_place)
    for case, _ in past if carried else same:
        if name_key(case.candidate.birth_place) != born:
            return Attempt(likeness=_resembles(case, person))
    if not same:
        return Attempt(carried=carried)
    last = max((case for case, _ in same), key=lambda c: c.attempt)
    return Attempt(previous=last, rank=last.attempt + 1, carried=carried)


def too_late(attempt: Attempt, certification: Certification, day: date) -> tuple[Finding, ...]:
    """What the registration says of a jury from that day on, for who entered before (R93)."""
    if attempt.previous is None:
        return ()
    found = registration.judging(attempt.previous, certification, day)
    return (found,) if found is not None and found.status != "ok" else ()


def _past(office: Office, person: Person) -> list[Past]:
    found = []
    for stream in office.journal.find("person", person_key(person)):
        case = fold(office.journal.read(stream))
        if case is not None and not case.abandoned:
            found.append((case, office.certification_of(case.certification_hash)))
    return found


def _resembles(case: CaseFile, person: Person) -> str:
    return (
        f"Le dossier {case.number} est celui de {case.candidate.full_name}, né(e) le même jour "
        f"({person.birth_date:%d/%m/%Y}) et portant le même nom, pour cette certification."
    )


def still_asked(
    attempt: Attempt, wanted: tuple[str, ...], certification: Certification, what: str
) -> tuple[str, ...]:
    """The blocs the new case is about, () for all; Refused when every one asked for is held."""
    lacking = acquired.lacking(attempt.carried, certification)
    asked = tuple(b for b in lacking if not wanted or b in wanted)
    if not asked:
        held = ", ".join(f"{one.bloc} (le {one.on:%d/%m/%Y})" for one in attempt.carried)
        raise Refused(
            what,
            [
                f"Les blocs demandés sont déjà acquis : {held}. (Règle R89 ; source : "
                f"{source('R89')}.)"
            ],
            "Ne demandez que les blocs qui manquent.",
        )
    return asked if attempt.carried else wanted


def remarks(attempt: Attempt, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """What the history of the new case says of the earlier ones."""
    said = []
    if attempt.previous is not None:
        said.append(f"Candidature n° {attempt.rank}, après le dossier {attempt.previous.number}.")
    for one in attempt.carried:
        asked = " ; il n’est pas à repasser" if not wanted or one.bloc in wanted else ""
        said.append(f"{one.bloc} est déjà acquis, depuis le {one.on:%d/%m/%Y}{asked}.")
    return tuple(said)


def next_number(office: Office, year: int) -> str:
    """The year’s next case number."""
    return f"{year}-{office.journal.count('dossier', f'{year}-') + 1:04d}"


def followed(office: Office, attempt: Attempt, number: str, by: str, because: str) -> list[Append]:
    """What the earlier case records of the new one."""
    if attempt.previous is None:
        return []
    stream = attempt.previous.stream
    event = AttemptOpened(case=number, by=by, because=because)
    return [Append(stream=stream, after=len(office.journal.read(stream)), events=(event,))]


def open_by_act(office: Office, request: Request, what: str, drop: Drop) -> Answer:
    """The office opens the new attempt of a case the jury has decided, with what it brings."""
    case, _ = case_of(office, request.number, what)
    under = office.certification_of(case.certification_hash)
    _concluded(case, under, what)
    certification = office.certification(case.certification)
    route = certification.routes.get(_route(case))
    if route is None or not route.open:
        raise Refused(
            what,
            [
                f"La voie « {_route(case).label} » n’est plus ouverte. (Règle R12 ; source : "
                f"{route.source if route else source('R12')}.)"
            ],
            "Le candidat peut se réinscrire par une autre voie.",
        )
    late = registration.judging(case, certification, office.today())
    if late is not None and late.status == "refused":
        raise refused_findings(what, [late], "Interrogez le certificateur.")
    carried = acquired.carried_over([(case, under)], certification, office.today())
    attempt = Attempt(previous=case, rank=case.attempt + 1, carried=carried)
    number = next_number(office, drop.today.year)
    blocs = still_asked(attempt, case.blocs if not carried else (), certification, what)
    opened = CaseOpened(
        number=number,
        certification=certification.code,
        certification_hash=office.archive_certification(certification),
        route=case.route,
        blocs=blocs,
        attempt=attempt.rank,
        candidate=case.candidate,
        company=case.company,
        arrangement=case.arrangement,
        extra_percent=case.extra_percent,
        previous=case.number,
        entered_on=case.entered,
    )
    said = (
        *remarks(attempt, ()),
        f"Ouverte à la demande {of(request.by)}, parce que : {request.because}",
        *([late.message] if late is not None and late.status == "office" else []),
    )
    filed = [_again(d, drop, said) for d in case.standing(Inscription.NAME)[-1:]]
    events: tuple[Event, ...] = (opened, *filed, *carried)
    stream = f"dossier/{number}"
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(f"Le dossier {number} est ouvert.", *said),
        stream=stream,
        document=drop.mark,
        appends=(
            Append(stream=stream, after=0, events=events, effect_key=f"suite/{case.number}"),
            *followed(office, attempt, number, request.by, request.because),
        ),
    )


def _concluded(case: CaseFile, under: Certification, what: str) -> None:
    """Refused unless the jury has decided, without giving the whole, and nobody followed yet."""
    if case.followed_by:
        raise Refused(what, [f"La suite est déjà le dossier {case.followed_by}."], "Rien à faire.")
    if not case.is_decided:
        raise Refused(
            what,
            ["Le jury n’a pas décidé de ce dossier pour de bon : il suit son cours."],
            "Un dossier ajourné se représente tel quel, à une autre session.",
        )
    if acquired.whole(case, under):
        raise Refused(what, ["La certification entière est déjà acquise."], "Rien à repasser.")


def _route(case: CaseFile) -> RouteName:
    return RouteName(case.route)


def _again(document: Document, drop: Drop, said: tuple[str, ...]) -> DocumentFiled:
    """The inscription of the earlier case, which the new one stands on, corrections included."""
    return DocumentFiled(
        document=drop.mark,
        form=document.form,
        serial="",
        sha256=document.sha256,
        dropped_as=document.dropped_as,
        values=document.values,
        how=document.how,
        proof=document.proof,
        remarks=said,
    )
