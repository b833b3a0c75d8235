"""The feuille de décisions: what the jury decided, written before anything is sealed.

Its answers are drawn into the PV as page content; it is never signed itself. Flags stand first,
decisions come blank.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Choice,
    Each,
    Form,
    PastDate,
    Section,
    YesNo,
)
from casefiles.certification import Outcome


class OutcomeChoice(Choice):
    """What a jury may decide; only those the certification allows are printed."""

    OBTENTION = Outcome.OBTENTION.value, "Obtention"
    PARTIEL = Outcome.PARTIEL.value, "Blocs seulement"
    REFUS = Outcome.REFUS.value, "Refus"
    AJOURNE = Outcome.AJOURNE.value, "Ajourné"
    ABSENT = Outcome.ABSENT.value, "Absent"
    EXCUSE = Outcome.EXCUSE.value, "Excusé"


class Presence(Choice):
    """Who sat."""

    PRESENT = "present", "Présent"
    ABSENT = "absent", "Absent"


class Header(Answers):
    """The session the sheet belongs to."""

    session: Annotated[str, Ask(label="Session", columns=4, given=True)]
    place: Annotated[str, Ask(label="Lieu", columns=8, given=True)]


class Attendance(Answers):
    """One member’s presence."""

    presence: Annotated[Presence, Ask(label="Présence", columns=4)]


class Decision(Answers):
    """One candidate: the decision, the votes, and why where the jury departs from the proposal."""

    alerts: Annotated[str | None, Ask(label="À examiner", lines=2, given=True, capacity=2000)] = (
        None
    )
    proposal: Annotated[str | None, Ask(label="Proposition des évaluateurs", given=True)] = None
    outcome: Annotated[OutcomeChoice, Ask(label="Décision du jury", only="outcomes")]
    votes_for: Annotated[
        int | None, Field(ge=0, le=40), Ask(label="Pour", columns=2, capacity=2)
    ] = None
    votes_against: Annotated[
        int | None, Field(ge=0, le=40), Ask(label="Contre", columns=2, capacity=2)
    ] = None
    abstentions: Annotated[
        int | None, Field(ge=0, le=40), Ask(label="Abstentions", columns=2, capacity=2)
    ] = None
    casting_vote: Annotated[bool, Ask(label="Voix prépondérante du président", columns=6)] = False
    motive: Annotated[
        str | None,
        Ask(
            label="Motif",
            help="Nécessaire si la décision s’écarte de la proposition.",
            lines=2,
            capacity=400,
        ),
    ] = None


class Conformity(Answers):
    """The jury’s first duty (R84), and the day it sat."""

    conform: Annotated[
        YesNo,
        Ask(
            label="L’organisation des évaluations est conforme au dispositif paritaire et au "
            "référentiel",
            columns=9,
        ),
    ]
    day: Annotated[PastDate, Ask(label="Délibéré le", columns=3)]
    reserve: Annotated[
        str | None, Ask(label="Réserves ou observations du jury", lines=2, capacity=400)
    ] = None


class Decisions(Form):
    """Feuille de décisions."""

    CODE: ClassVar[str] = "F13D"
    NAME: ClassVar[str] = "decisions"
    TITLE: ClassVar[str] = "Feuille de décisions"
    FILLER: ClassVar[str] = "le jury, pendant la délibération"
    INTRO: ClassVar[str] = (
        "À remplir en séance puis à redéposer : le procès-verbal à signer en sera tiré. "
        "Rien n’est acquis avant la signature du président."
    )

    header: Annotated[Header, Section(title="La session")]
    members: Annotated[
        dict[str, Attendance],
        Field(min_length=1),
        Each(over="members", title="Émargement", row_label="Membre du jury"),
    ]
    candidates: Annotated[
        dict[str, Decision],
        Field(min_length=1),
        Each(over="candidates", title="Les candidats", cards=True),
    ]
    conformity: Annotated[Conformity, Section(title="Conformité et clôture des débats")]
