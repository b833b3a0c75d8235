"""The composition of a jury: one session, its members, its candidates (R44, R80–R83).

Dropped, it opens the session with a draft agenda; dropped again for the same session before the
closure, it revises it.
"""

import re
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Choice,
    Form,
    FrenchDate,
    Lines,
    Section,
)


class CollegeChoice(Choice):
    """The two sides of a jury paritaire."""

    EMPLOYEURS = "employeurs", "Employeurs"
    SALARIES = "salaries", "Salariés"


class Seat(Choice):
    """With a vote, in reserve, or presiding (the president votes)."""

    PRESIDENT = "president", "Président"
    MEMBER = "titulaire", "Titulaire"
    SUBSTITUTE = "suppleant", "Suppléant"


def _numbers(value: Any) -> Any:
    """« 2, 5 » or « m2 et m5 » as (« m2 », « m5 »); ValueError in French."""
    if not isinstance(value, str):
        return value
    words = [w for w in re.split(r"[\s,;.+/&]+|\bet\b", value.strip().lower()) if w]
    if not all(re.fullmatch(r"(m|n°)?\d{1,2}", w) for w in words):
        raise ValueError(f"« {value} » : écrivez les numéros des membres, par exemple « 2, 5 ».")
    return tuple(dict.fromkeys(f"m{int(w.lstrip('mn°'))}" for w in words))


_CLOCK = re.compile(r"(\d{1,2})\s*(?:h|:|heures?)\s*(\d{1,2})?", re.IGNORECASE)


def _hour(value: Any) -> Any:
    """« 9 h 30 », « 14:00 », or words; ValueError for an hour no clock shows."""
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found and (int(found[1]) > 23 or int(found[2] or 0) > 59):
        raise ValueError(f"« {value} » n’est pas une heure ; écrivez par exemple « 9 h 30 ».")
    return value


# The members named by the numbers of their lines, as their keys: « 2, 5 » is (« m2 », « m5 »).
LineNumbers = Annotated[tuple[str, ...], BeforeValidator(_numbers)]


class Sitting(Answers):
    """When and where; the reference is given by the office at the first drop."""

    session: Annotated[
        str | None,
        Ask(
            label="Session",
            help="Vide à la création ; à reprendre pour modifier une session ouverte.",
            columns=4,
            capacity=20,
        ),
    ] = None
    day: Annotated[FrenchDate, Ask(label="Date", columns=4)]
    hour: Annotated[
        str | None, BeforeValidator(_hour), Ask(label="Heure", columns=4, capacity=10)
    ] = None
    place: Annotated[str, Ask(label="Lieu", columns=8, capacity=80)]
    town: Annotated[str, Ask(label="Ville", columns=4, capacity=40)]
    convener: Annotated[str, Ask(label="Convoqué par", columns=8, capacity=80)]
    deputy: Annotated[
        LineNumbers | None,
        Ask(
            label="Préside si le président manque",
            help="Son n° de membre.",
            columns=4,
            capacity=4,
        ),
    ] = None


class Member(Answers):
    """One member of the jury, substitutes included."""

    name: Annotated[str, Ask(label="Nom et prénom", columns=4, capacity=44)]
    organisation: Annotated[str, Ask(label="Organisation", columns=3, capacity=32)]
    college: Annotated[CollegeChoice, Ask(label="Collège", columns=2)]
    seat: Annotated[Seat, Ask(label="Siège", columns=3)]
    temporary_work: Annotated[bool, Ask(label="Intérim", columns=1)] = False
    independent: Annotated[bool, Ask(label="Sans lien", columns=1, anew=True)] = False


class AgendaLine(Answers):
    """One candidate on the agenda, by the number of their case."""

    case: Annotated[str, Ask(label="Numéro du dossier", columns=3, capacity=12)]
    recused: Annotated[
        LineNumbers | None, Ask(label="Membres récusés (leurs numéros)", columns=4, capacity=20)
    ] = None
    remark: Annotated[str | None, Ask(label="Remarque", columns=5, capacity=30)] = None


class Composition(Form):
    """Composition du jury."""

    CODE: ClassVar[str] = "F13C"
    NAME: ClassVar[str] = "composition"
    TITLE: ClassVar[str] = "Composition du jury"
    FILLER: ClassVar[str] = "l’organisme qui convoque le jury"
    INTRO: ClassVar[str] = (
        "« Sans lien » : le membre déclare n’avoir de lien personnel ou professionnel avec aucun "
        "des candidats, ceux pour lesquels il se récuse mis à part. « Intérim » : il occupe le "
        "siège supplémentaire du travail temporaire. Laissez vides les lignes inutiles."
    )

    sitting: Annotated[Sitting, Section(title="La session")]
    members: Annotated[list[Member], Field(min_length=1), Lines(count=16, title="Les membres")]
    agenda: Annotated[list[AgendaLine], Field(min_length=1), Lines(count=20, title="Les candidats")]
