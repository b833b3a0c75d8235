"""Who judges one candidate: a function of the members, who is present and who is recused.

Votes, parity, signatures and the president’s voice all read the same `Seating`. Pure.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from casefiles.certification import Certification
from casefiles.events import Juror
from casefiles.naming import name_key

VOTING = ("president", "titulaire")


@dataclass(frozen=True, kw_only=True)
class Seating:
    """Who votes, who presides, and who replaces whom, in the order of the composition.

    `replaced` gives each substitute who votes and the member whose place they took; `recused` are
    members present who step back; `presiding` is None when the composition names nobody who is
    there.
    """

    voting: tuple[Juror, ...]
    presiding: Juror | None
    recused: tuple[Juror, ...] = ()
    replaced: tuple[tuple[Juror, Juror], ...] = ()

    def side(self, college: str) -> tuple[Juror, ...]:
        """Those of that college who vote."""
        return tuple(m for m in self.voting if m.college == college)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of those who vote."""
        return frozenset(m.key for m in self.voting)


def seating(
    members: Sequence[Juror],
    present: Collection[str],
    certification: Certification,
    recused: Collection[str] = (),
) -> Seating:
    """The full members present and not recused, then a substitute of their college for each other.

    A substitute of the same organisation comes first; none gives an organisation a second voice
    where the certification allows one (R82).
    """
    here = [m for m in members if m.key in present and m.key not in recused]
    single = {str(c.id) for c in certification.deliberation.colleges if c.one_vote_per_organisation}
    voting = {m.key: m for m in here if m.seat in VOTING}
    replaced = []
    for absent in (m for m in members if m.seat in VOTING and m.key not in voting):
        reserve = [m for m in here if m.seat == "suppleant" and m.college == absent.college]
        free = [m for m in reserve if m.key not in voting]
        if absent.college in single:
            taken = {name_key(m.organisation) for m in _of(voting.values(), absent.college)}
            free = [m for m in free if name_key(m.organisation) not in taken]
        if free:
            chosen = min(free, key=lambda m: _distance(m, absent))
            voting[chosen.key] = chosen
            replaced.append((chosen, absent))
    return Seating(
        voting=tuple(m for m in members if m.key in voting),
        presiding=_presiding(members, voting),
        recused=tuple(m for m in members if m.key in present and m.key in recused),
        replaced=tuple(replaced),
    )


def _of(members: Iterable[Juror], college: str) -> list[Juror]:
    return [m for m in members if m.college == college]


def _distance(substitute: Juror, absent: Juror) -> tuple[bool, bool]:
    return (
        name_key(substitute.organisation) != name_key(absent.organisation),
        substitute.temporary_work != absent.temporary_work,
    )


def _presiding(members: Sequence[Juror], voting: Collection[str]) -> Juror | None:
    """The president, else the one the composition names in their absence."""
    named = [m for m in members if m.seat == "president"], [m for m in members if m.deputy]
    for one in (*named[0], *named[1]):
        if one.key in voting:
            return one
    return None
