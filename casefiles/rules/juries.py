"""Is this jury composed as the certification says? Judged at the composition and at the sheet.

Pure: members, candidates’ companies and a certification in, findings out. « refused » keeps a
session from opening; « alert » stands in the PV.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from casefiles.certification import Certification
from casefiles.events import Juror
from casefiles.rules.finding import Finding, source

VOTING = ("president", "titulaire")


def composition(
    members: Sequence[Juror], certification: Certification, companies: Collection[str] = ()
) -> tuple[Finding, ...]:
    """R44, R77, R80–R83 over the whole list, substitutes included."""
    return (
        *_one_president(members),
        *_names(members),
        *_parity(members, certification),
        *_colleges(members, certification),
        *_independence(members, companies),
    )


def parity_of_present(
    members: Sequence[Juror], present: Collection[str], certification: Certification
) -> tuple[Finding, ...]:
    """R80–R82 over the members who really sat, each college’s substitutes replacing its absent."""
    seated = sitting(members, present)
    return (*_parity(seated, certification), *_colleges(seated, certification))


def sitting(members: Sequence[Juror], present: Collection[str]) -> tuple[Juror, ...]:
    """The voting members of the day: those present, then as many substitutes as are missing."""
    seated: list[Juror] = []
    for college in dict.fromkeys(m.college for m in members):
        side = [m for m in members if m.college == college]
        titular = [m for m in side if m.seat in VOTING]
        here = [m for m in titular if m.key in present]
        reserve = [m for m in side if m.seat == "suppleant" and m.key in present]
        seated += here + reserve[: len(titular) - len(here)]
    return tuple(
        m if m.seat in VOTING else m.model_copy(update={"seat": "titulaire"}) for m in seated
    )


def _one_president(members: Sequence[Juror]) -> Iterator[Finding]:
    presidents = [m for m in members if m.seat == "president"]
    if len(presidents) != 1:
        found = "aucun" if not presidents else str(len(presidents))
        yield _refused("R83", f"Un jury a un président ; la composition en indique {found}.")


def _names(members: Sequence[Juror]) -> Iterator[Finding]:
    counted = Counter(m.name.casefold() for m in members)
    for member in members:
        if counted.pop(member.name.casefold(), 0) > 1:
            yield _refused("R44", f"{member.name} figure deux fois dans la composition.")


def _parity(members: Sequence[Juror], certification: Certification) -> Iterator[Finding]:
    if not certification.deliberation.parity:
        return
    voting = [m for m in members if m.seat in VOTING]
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
        yield Finding(
            rule="R80",
            status="ok",
            message=f"Jury paritaire ({counts}).",
            source=source("R80"),
        )


def _colleges(members: Sequence[Juror], certification: Certification) -> Iterator[Finding]:
    for college in certification.deliberation.colleges:
        side = [m for m in members if m.college == college.id and m.seat in VOTING]
        room = (college.maximum or len(side)) + college.temporary_work_seat
        if len(side) < college.minimum:
            yield _refused(
                "R80",
                f"{college.label} : {len(side)} membre votant, il en faut au moins "
                f"{college.minimum}.",
            )
        if len(side) > room:
            yield _refused(
                "R81", f"{college.label} : {len(side)} membres, {room} au plus sont prévus."
            )
        if college.one_vote_per_organisation:
            seats = Counter(m.organisation.casefold() for m in side)
            for organisation in {m.organisation.casefold(): m.organisation for m in side}.values():
                if seats[organisation.casefold()] < 2:
                    continue
                yield _refused(
                    "R82", f"{organisation} : un seul représentant par organisation a voix."
                )


def _independence(members: Sequence[Juror], companies: Collection[str]) -> Iterator[Finding]:
    known = {c.casefold() for c in companies}
    for member in members:
        if not member.independent:
            yield _alert(
                "R77",
                f"{member.name} n’a pas déclaré être sans lien avec les candidats : à recueillir "
                "avant la délibération.",
            )
        elif member.organisation.casefold() in known:
            yield _alert(
                "R77",
                f"{member.name} se déclare sans lien, mais son organisation "
                f"({member.organisation}) est l’entreprise d’un candidat.",
            )


def _refused(rule: str, message: str) -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=source(rule))


def _alert(rule: str, message: str) -> Finding:
    return Finding(rule=rule, status="alert", message=message, source=source(rule))
