"""The feuille d’émargement: where members who sign by hand approve one version of the PV.

It names that version by its SHA-256 and repeats what it decides, so that ink on this sheet is ink
on that PV. Whoever presided has no place on it: they sign the PV itself, electronically and last.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Each,
    Form,
    PastDate,
    Scope,
    Section,
    SignatureSpot,
)

PREFIX = "signature/"


class Minutes(Answers):
    """The PV that is signed here."""

    session: Annotated[str, Ask(label="Session", columns=3, given=True)]
    version: Annotated[str, Ask(label="Procès-verbal", columns=3, given=True)]
    place: Annotated[str, Ask(label="Lieu", columns=6, given=True)]
    sha256: Annotated[str, Ask(label="Son empreinte (SHA-256)", given=True)]


class Recalled(Answers):
    """What the PV decides of one candidate."""

    decision: Annotated[str, Ask(label="Décision du jury", columns=5, given=True)]


class Signing(Answers):
    """When."""

    day: Annotated[PastDate, Ask(label="Signé le", columns=4)]


class Emargement(Form):
    """Feuille d’émargement."""

    CODE: ClassVar[str] = "F13E"
    NAME: ClassVar[str] = "emargement"
    TITLE: ClassVar[str] = "Feuille d’émargement"
    FILLER: ClassVar[str] = "les membres du jury qui ne signent pas à l’écran"
    INTRO: ClassVar[str] = (
        "À imprimer, à signer à la main, à numériser entière et à déposer. Signer ici, c’est "
        "approuver le procès-verbal ci-dessous et déclarer n’avoir de lien personnel ou "
        "professionnel avec aucun des candidats sur lesquels on a voté. Le président n’y signe "
        "pas : il signe en dernier, électroniquement, le procès-verbal lui-même."
    )

    minutes: Annotated[Minutes, Section(title="Le procès-verbal")]
    candidates: Annotated[
        dict[str, Recalled],
        Field(min_length=1),
        Each(over="candidates", title="Ce qu’il décide", row_label="Candidat"),
    ]
    signing: Annotated[Signing, Section(title="Les signatures")]

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """One place for each member who sat, under the words of their seat."""
        return tuple(
            SignatureSpot(name=f"{PREFIX}{row.key}", label=row.label, required=False)
            for row in scope.rows("members")
        )
