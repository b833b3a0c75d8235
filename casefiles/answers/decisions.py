"""The feuille de décisions: what the jury decided, written before anything is sealed.

Its answers are drawn into the PV as page content; it is never signed itself. Flags stand first,
decisions come blank.
"""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casefiles.answers.jury import LineNumbers
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


class Retained(Choice):
    """What the jury holds where evaluators differed."""

    ACQUIRED = "acquise", "Acquise"
    NOT_ACQUIRED = "non_acquise", "Non acquise"


class Header(Answers):
    """The session the sheet belongs to."""

    session: Annotated[str, Ask(label="Session", columns=4, given=True)]
    place: Annotated[str, Ask(label="Lieu", columns=8, given=True)]


class Attendance(Answers):
    """One member’s presence."""

    presence: Annotated[Presence, Ask(label="Présence", columns=4)]


class Divergence(Answers):
    """One compétence on which the evaluators differ, as the jury settles it."""

    result: Annotated[Retained | None, Ask(label="Le jury retient", columns=3)] = None
    because: Annotated[str | None, Ask(label="Parce que", columns=4, lines=2, capacity=160)] = None


class BlocGranted(Answers):
    """One bloc of a partial result."""

    granted: Annotated[bool, Ask(label="Accordé", columns=2)] = False


class Decision(Answers):
    """One candidate: the decision, the votes, and why where the jury departs from the proposal."""

    alerts: Annotated[str | None, Ask(label="À examiner", lines=2, given=True, capacity=2000)] = (
        None
    )
    proposal: Annotated[str | None, Ask(label="Proposition des évaluateurs", given=True)] = None
    divergences: Annotated[
        dict[str, Divergence],
        Each(
            over="divergences",
            title="Divergences à trancher",
            row_label="Ce que disent les évaluateurs",
        ),
    ] = Field(default_factory=dict)
    recused: Annotated[
        LineNumbers | None,
        Ask(
            label="Membres récusés pour ce candidat",
            help="Leurs numéros à l’émargement, par exemple « 2, 5 ». Ils ne votent pas sur lui.",
            capacity=20,
        ),
    ] = None
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
    casting_vote: Annotated[
        bool, Ask(label="Voix prépondérante du président", columns=6, when="casting_vote")
    ] = False
    blocs: Annotated[
        dict[str, BlocGranted],
        Each(over="blocs", title="Blocs accordés, si la décision est partielle", row_label="Bloc"),
    ] = Field(default_factory=dict)
    motive: Annotated[
        str | None,
        Ask(
            label="Motif de la décision",
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
        str | None,
        Ask(
            label="Réserves ou observations du jury",
            help="Nécessaires si l’organisation n’est pas déclarée conforme.",
            lines=2,
            capacity=400,
        ),
    ] = None

    @model_validator(mode="after")
    def _a_refusal_is_explained(self) -> Self:
        if self.conform is YesNo.NO and not self.reserve:
            raise PydanticCustomError(
                "reponse_attendue",
                "une organisation non conforme demande que le jury écrive ce qu’il a relevé.",
            )
        return self


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
