"""F1, the dossier d’inscription: who the candidate is, which certification, by which route.

Civil status is asked as the état civil writes it, since the certified person’s record is matched
on it. The French social security number is never asked. Disability: the arrangement, never why.
"""

from typing import Annotated, ClassVar

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Choice,
    Each,
    Form,
    PastDate,
    Scope,
    Section,
    SignatureSpot,
)
from casefiles.certification import RouteName


class Civility(Choice):
    """As the état civil knows it."""

    MADAME = "madame", "Madame"
    MONSIEUR = "monsieur", "Monsieur"


class RouteChoice(Choice):
    """The six conditions d’inscription (R12), in the words of the fiche."""

    FORMATION_CONTINUE = RouteName.FORMATION_CONTINUE.value, RouteName.FORMATION_CONTINUE.label
    CONTRAT_PROFESSIONNALISATION = (
        RouteName.CONTRAT_PROFESSIONNALISATION.value,
        RouteName.CONTRAT_PROFESSIONNALISATION.label,
    )
    APPRENTISSAGE = RouteName.APPRENTISSAGE.value, RouteName.APPRENTISSAGE.label
    ELEVE_ETUDIANT = RouteName.ELEVE_ETUDIANT.value, RouteName.ELEVE_ETUDIANT.label
    CANDIDATURE_INDIVIDUELLE = (
        RouteName.CANDIDATURE_INDIVIDUELLE.value,
        RouteName.CANDIDATURE_INDIVIDUELLE.label,
    )
    VAE = RouteName.VAE.value, RouteName.VAE.label


class Extent(Choice):
    """The whole certification, or some blocs of it (R17)."""

    WHOLE = "entiere", "La certification entière"
    BLOCS = "blocs", "Certains blocs seulement"


class Status(Choice):
    """The publics of a CQP (R3)."""

    SALARIE = "salarie", "Salarié"
    INTERIMAIRE = "interimaire", "Intérimaire"
    JEUNE = "jeune", "Jeune en formation"
    DEMANDEUR_EMPLOI = "demandeur_emploi", "Demandeur d’emploi"


class Candidate(Answers):
    """The candidate’s civil status and how to reach them."""

    civility: Annotated[Civility, Ask(label="Civilité", columns=4)]
    birth_name: Annotated[str, Ask(label="Nom de naissance", columns=8, capacity=60)]
    usage_name: Annotated[
        str | None, Ask(label="Nom d’usage, s’il diffère", columns=6, capacity=60)
    ] = None
    first_name: Annotated[str, Ask(label="Prénom", columns=6, capacity=60)]
    other_names: Annotated[
        str | None, Ask(label="Autres prénoms de l’état civil", columns=6, capacity=120)
    ] = None
    birth_date: Annotated[PastDate, Ask(label="Date de naissance", columns=3)]
    nationality: Annotated[str | None, Ask(label="Nationalité", columns=3, capacity=40)] = None
    birth_place: Annotated[str, Ask(label="Commune de naissance", columns=6, capacity=60)]
    birth_postcode: Annotated[
        str | None, Ask(label="Code postal ou INSEE", columns=3, capacity=10)
    ] = None
    birth_country: Annotated[str, Ask(label="Pays de naissance", columns=3, capacity=40)]
    address: Annotated[str, Ask(label="Adresse", lines=2, capacity=180)]
    email: Annotated[str, Ask(label="Courriel", columns=7, capacity=120)]
    phone: Annotated[str | None, Ask(label="Téléphone", columns=5, capacity=30)] = None
    status: Annotated[Status, Ask(label="Situation")]

    @property
    def full_name(self) -> str:
        """« GONÇALVES Zoé », as folders and tables show it."""
        return f"{(self.usage_name or self.birth_name).upper()} {self.first_name}"


class Wish(Answers):
    """What the candidate enters for."""

    route: Annotated[RouteChoice, Ask(label="Voie d’accès", only="routes")]
    extent: Annotated[Extent, Ask(label="Candidature pour")]


class BlocTick(Answers):
    """A bloc the candidate asks for."""

    wanted: Annotated[bool, Ask(label="Demandé", columns=2)] = False


class Company(Answers):
    """The candidate’s company, and the tutor who follows them there in alternance (R11)."""

    name: Annotated[str, Ask(label="Raison sociale", columns=8, capacity=100)]
    siret: Annotated[str | None, Ask(label="SIRET (14 chiffres)", columns=4, capacity=20)] = None
    contact: Annotated[
        str, Ask(label="Personne qui donnera l’avis de l’entreprise", columns=6, capacity=80)
    ]
    email: Annotated[str, Ask(label="Son courriel", columns=6, capacity=120)]
    agreement: Annotated[
        str | None, Ask(label="Convention collective (IDCC)", columns=6, capacity=40)
    ] = None
    tutor: Annotated[str | None, Ask(label="Tuteur, s’il y en a un", columns=6, capacity=80)] = None


class Training(Answers):
    """The training organisation and the exam centre."""

    organisation: Annotated[str, Ask(label="Organisme de formation", columns=8, capacity=100)]
    declaration: Annotated[
        str | None, Ask(label="N° de déclaration d’activité", columns=4, capacity=20)
    ] = None
    centre: Annotated[str, Ask(label="Centre d’examen", columns=8, capacity=100)]
    financing: Annotated[str | None, Ask(label="Financement", columns=4, capacity=60)] = None
    arrangement: Annotated[
        str | None,
        Ask(
            label="Aménagement demandé pour les épreuves",
            help="L’aménagement seulement, jamais sa raison.",
            lines=2,
            capacity=240,
        ),
    ] = None


def _ticked(value: bool) -> bool:
    if not value:
        raise PydanticCustomError("reponse_attendue", "une coche du candidat est attendue ici.")
    return value


_Ticked = Annotated[bool, AfterValidator(_ticked)]


class Agreement(Answers):
    """What the candidate declares, and when: both boxes are ticked, or nothing is entered."""

    exact: Annotated[
        _Ticked,
        Ask(label="Je certifie l’exactitude des renseignements donnés ci-dessus.", anew=True),
    ]
    informed: Annotated[
        _Ticked,
        Ask(
            label="J’ai été informé(e) que ces données servent à l’organisation de la "
            "certification, et de mes droits d’accès, de rectification et d’effacement.",
            anew=True,
        ),
    ]
    place: Annotated[str | None, Ask(label="Fait à", columns=6, capacity=60)] = None
    day: Annotated[PastDate, Ask(label="Le", columns=3)]


class Inscription(Form):
    """F1."""

    CODE: ClassVar[str] = "F1"
    NAME: ClassVar[str] = "inscription"
    TITLE: ClassVar[str] = "Dossier d’inscription"
    FILLER: ClassVar[str] = "le candidat, avec son organisme de formation"
    INTRO: ClassVar[str] = (
        "Renseignez ce dossier comme l’état civil vous connaît : le parchemin en reprendra "
        "l’orthographe. Les réponses marquées d’un astérisque sont nécessaires."
    )

    candidate: Annotated[Candidate, Section(title="Le candidat")]
    wish: Annotated[Wish, Section(title="La certification")]
    blocs: Annotated[
        dict[str, BlocTick],
        Each(
            over="blocs",
            title="Blocs demandés, si ce n’est pas la certification entière",
            row_label="Bloc de compétences",
        ),
    ] = {}  # noqa: RUF012 pydantic copie les valeurs par défaut
    company: Annotated[
        Company | None,
        Section(title="L’entreprise", intro="À laisser vide si vous n’en avez pas."),
    ] = None
    training: Annotated[Training, Section(title="La formation et l’examen")]
    agreement: Annotated[Agreement, Section(title="Engagement")]

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """The candidate may sign; the drop itself is the organisation’s commitment."""
        return (
            SignatureSpot(name="signature/candidat", label="Signature du candidat", required=False),
        )

    @property
    def wanted_blocs(self) -> tuple[str, ...]:
        """The blocs asked for; empty for the whole certification."""
        if self.wish.extent is Extent.WHOLE:
            return ()
        return tuple(key for key, tick in self.blocs.items() if tick.wanted)
