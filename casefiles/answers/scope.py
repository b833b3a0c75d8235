"""What a form is about: the rows of its tables and the choices it prints, per certification."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from casefiles.certification import Bloc, Certification

_UNIT = "compétence"
_NAMED = re.compile(rf"(?<!bloc de )(?<!blocs de ){_UNIT}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table keyed by data: a criterion, a compétence, a candidate."""

    key: str
    label: str
    group: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a form is about: the certification, the part of it, and lists known only at print time.

    `blocs` empty means all of them; `lists` holds rows such as the candidates of a session;
    `inside` is the card being laid out, which may have lists of its own (« 2026-0042/blocs »).
    """

    certification: Certification
    blocs: tuple[str, ...] = ()
    competence: str = ""
    lists: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    inside: str = ""

    def rows(self, over: str) -> tuple[Row, ...]:
        """The rows of « blocs », « competences », « criteria », « results », « prerequisites »…"""
        for name in (f"{self.inside}/{over}", over):
            if name in self.lists:
                return tuple(self.lists[name])
        match over:
            case "blocs":
                return tuple(Row(key=b.id, label=b.title) for b in self._blocs())
            case "competences":
                return tuple(
                    Row(key=c.id, label=f"{c.number}. {c.title}", group=b.title)
                    for b in self._blocs()
                    for c in b.competences
                )
            case "criteria" | "results" if self.competence:
                return self._judged(over)
            case "prerequisites":
                return self._prerequisites()
            case "half_days":
                return self._half_days()
            case "seats":
                return self._seats()
        return ()

    def allowed(self, only: str) -> tuple[str, ...]:
        """The values of a choice this certification offers: « outcomes », « routes »…"""
        if only == "outcomes":
            return tuple(self.certification.outcomes)
        if only == "routes":
            return tuple(name for name, route in self.certification.routes.items() if route.open)
        if only == "modalities":
            return tuple(m.id for m in self.certification.modalities)
        return ()

    def words(self, only: str, value: str) -> str:
        """What this certification calls that choice, or "" when it has no words of its own."""
        named = (
            {m.id: m.title for m in self.certification.modalities} if only == "modalities" else {}
        )
        return f"{value}) {named[value]}" if value in named else ""

    def said(self, words: str) -> str:
        """A form’s own words, where what is judged is called as this certification calls it.

        « compétence » is the forms’ word; a « bloc de compétences » is called so by law.
        """
        unit = self.certification.unit
        if unit == _UNIT:
            return words
        return _NAMED.sub(lambda m: unit.capitalize() if m[0][0] == "C" else unit, words)

    def holds(self, fact: str) -> bool:
        """Whether that is asked: « experience », « resource_centre », « domains »…"""
        evaluators = self.certification.evaluators
        if fact == "casting_vote":
            return self.certification.deliberation.casting_vote
        if fact == "resource_centre":
            return bool(self.certification.resource_centre)
        if fact == "duration":
            return self.certification.step("evaluation") is not None
        if fact == "domains":
            return bool(self.competence and self.certification.competence(self.competence).domains)
        if fact == "experience":
            return evaluators.years_of_experience is not None
        return fact == "independence" and evaluators.independent

    def _blocs(self) -> tuple[Bloc, ...]:
        return tuple(b for b in self.certification.blocs if not self.blocs or b.id in self.blocs)

    def _judged(self, over: str) -> tuple[Row, ...]:
        one = self.certification.competence(self.competence)
        if over == "results":
            return tuple(Row(key=r.id, label=r.text, items=r.items) for r in one.results)
        return tuple(
            Row(key=c.id, label=c.text, group=c.heading.label, items=c.items) for c in one.criteria
        )

    def _prerequisites(self) -> tuple[Row, ...]:
        """One box each; a prerequisite in parts (écrit, oral) has one box per part (R24)."""
        found = []
        for one in self.certification.prerequisites:
            asked = f" (au moins {one.minimum} {one.unit})" if one.minimum is not None else ""
            if not one.parts:
                found.append(Row(key=one.id, label=f"{one.text}{asked}"))
            for number, part in enumerate(one.parts, start=1):
                label = f"{one.text} : {part}{asked}"
                found.append(Row(key=f"{one.id}.{number}", label=label))
        return tuple(found)

    def _half_days(self) -> tuple[Row, ...]:
        """Two per day of the preparation (R29)."""
        step = self.certification.step("preparation")
        return tuple(
            Row(key=f"J{day}.{half}", label=f"Jour {day}, {words}")
            for day in range(1, (step.days if step else 1) + 1)
            for half, words in ((1, "matin"), (2, "après-midi"))
        )

    def _seats(self) -> tuple[Row, ...]:
        """The seats of the plénier (R78)."""
        plenary = self.certification.plenary
        seats = plenary.seats if plenary else ()
        return tuple(Row(key=f"S{n}", label=seat.label) for n, seat in enumerate(seats, start=1))
