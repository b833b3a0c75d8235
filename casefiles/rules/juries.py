"""Is this jury composed as the certification says? Judged at the composition, then on the day.

Pure: members and a certification in, findings out. « refused » keeps a session from opening, or a
decision from being recorded; « alert » stands before the jury.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from casefiles.certification import Certification, College
from casefiles.events import Juror
from casefiles.naming import name_key, name_words
from casefiles.rules.finding import Finding, Status, source
from casefiles.rules.independence import Recusals, Ties, independence
from casefiles.rules.seating import VOTING, Seating, seating
from casefiles.rules.stated import as_stated


def composition(
    members: Sequence[Juror],
    certification: Certification,
    known: Sequence[Ties] = (),
    recused: Recusals | None = None,
) -> tuple[Finding, ...]:
    """R44, R77, R80–R83 over the whole list; substitutes do not vote yet."""
    voting = [m for m in members if m.seat in VOTING]
    found = (
        *_presidency(members),
        *_names(members),
        *_parity(voting, certification),
        *_colleges(voting, certification),
        *independence(members, known, recused),
    )
    return as_stated(found, certification)


def of_the_day(
    members: Sequence[Juror], present: Collection[str], certification: Certification
) -> tuple[Finding, ...]:
    """R80–R83 over those who really sat: what the PV says of the jury before any candidate."""
    sat = seating(members, present, certification)
    found = [*seated(sat, certification)]
    for substitute, absent in sat.replaced:
        found.append(
            _found("R80", "ok", f"{substitute.name} siège à la place de {absent.name}, absent.")
        )
    president = next((m for m in members if m.seat == "president"), None)
    if sat.presiding and president and sat.presiding.key != president.key:
        found.append(
            _found("R83", "ok", f"{sat.presiding.name} préside en l’absence de {president.name}.")
        )
    return as_stated(found, certification)


def seated(sat: Seating, certification: Certification) -> tuple[Finding, ...]:
    """Parity, colleges and presidency of those who vote, for one candidate or for the day."""
    presidency = [] if sat.presiding else [_found("R83", "refused", NOBODY_PRESIDES)]
    found = (
        *presidency,
        *_parity(sat.voting, certification),
        *_colleges(sat.voting, certification),
    )
    return as_stated(found, certification)


def too_early(deliberated_on: date, day: date) -> Finding:
    """The jury did not sit before its session (R84)."""
    return _refused(
        "R84",
        f"La délibération est datée du {deliberated_on:%d/%m/%Y}, avant la séance du "
        f"{day:%d/%m/%Y}. Si la séance a été avancée, redéposez d’abord la composition à sa date.",
    )


def nobody_there(name: str, numbers: Collection[str]) -> Finding:
    """A recusal that names no line of the attendance."""
    listed = ", ".join(sorted(n.removeprefix("m") for n in numbers))
    return _refused("R77", f"{name} : aucun membre ne porte le numéro {listed} à l’émargement.")


NOBODY_PRESIDES = (
    "Personne ne préside : le président n’est pas là, ou se récuse, et la composition ne dit pas "
    "qui préside à sa place parmi les votants. Nommez-le dans une composition revue, ou reportez "
    "la séance."
)


def _presidency(members: Sequence[Juror]) -> Iterator[Finding]:
    presidents = [m for m in members if m.seat == "president"]
    if len(presidents) != 1:
        found = "aucun" if not presidents else str(len(presidents))
        yield _refused("R83", f"Un jury a un président ; la composition en indique {found}.")
    deputies = [m for m in members if m.deputy]
    for deputy in deputies:
        if deputy.seat == "president":
            yield _refused(
                "R83", f"{deputy.name} ne peut pas présider en sa propre absence : nommez un autre."
            )
    if not deputies:
        yield _found(
            "R83",
            "alert",
            "Personne n’est désigné pour présider en l’absence du président : s’il manque, le jury "
            "ne pourra pas décider.",
        )


def _names(members: Sequence[Juror]) -> Iterator[Finding]:
    counted = Counter(name_words(m.name) for m in members)
    for member in members:
        if counted.pop(name_words(member.name), 0) > 1:
            yield _refused("R44", f"{member.name} figure deux fois dans la composition.")


def _parity(voting: Sequence[Juror], certification: Certification) -> Iterator[Finding]:
    if not certification.deliberation.parity:
        return
    sides = {
        college.id: sum(m.college == college.id for m in voting)
        for college in certification.deliberation.colleges
    }
    counts = " / ".join(
        f"{college.label} : {sides[college.id]}" for college in certification.deliberation.colleges
    )
    if len(set(sides.values())) != 1 or not all(sides.values()):
        yield _refused(
            "R80", f"Le jury n’est pas paritaire parmi les membres qui votent ({counts})."
        )
    else:
        yield _found("R80", "ok", f"Jury paritaire ({counts}).")


def _colleges(voting: Sequence[Juror], certification: Certification) -> Iterator[Finding]:
    for college in certification.deliberation.colleges:
        side = [m for m in voting if m.college == college.id]
        yield from _heads(side, college)
        if college.one_vote_per_organisation:
            yield from _one_vote(side)


def _heads(side: Sequence[Juror], college: College) -> Iterator[Finding]:
    """R80, R81, R82: the heads of the branch, the extra seat of temporary work counted apart."""
    rule = "R81" if college.id == "employeurs" else "R82"
    extra = [m for m in side if m.temporary_work]
    if len(side) < college.minimum:
        yield _refused(
            "R80",
            f"{college.label} : {len(side)} membre votant, il en faut au moins {college.minimum}.",
        )
    if extra and not college.temporary_work_seat:
        yield _refused(
            rule,
            f"{college.label} : aucun siège du travail temporaire n’est prévu "
            f"({', '.join(m.name for m in extra)}).",
        )
    if len(extra) > 1:
        yield _refused(
            rule,
            f"{college.label} : un seul siège du travail temporaire est prévu, la composition en "
            f"indique {len(extra)} ({', '.join(m.name for m in extra)}).",
        )
    branch = len(side) - (len(extra) if college.temporary_work_seat else 0)
    if college.maximum is not None and branch > college.maximum:
        hint = (
            ", en plus du siège du travail temporaire ; si l’un d’eux l’occupe, cochez « Intérim » "
            "à sa ligne"
            if college.temporary_work_seat and not extra
            else ""
        )
        yield _refused(
            rule,
            f"{college.label} : {branch} membres, {college.maximum} au plus sont prévus{hint}.",
        )


def _one_vote(side: Sequence[Juror]) -> Iterator[Finding]:
    seats = Counter(name_key(m.organisation) for m in side)
    for member in side:
        if seats.pop(name_key(member.organisation), 0) > 1:
            yield _refused(
                "R82",
                f"{member.organisation} : un seul représentant par organisation a voix. Inscrivez "
                "les autres comme suppléants.",
            )


def _found(rule: str, status: Status, message: str) -> Finding:
    return Finding(rule=rule, status=status, message=message, source=source(rule))


def _refused(rule: str, message: str) -> Finding:
    return _found(rule, "refused", message)
