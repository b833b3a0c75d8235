"""The « Demande du bureau »: what only the office may do, with who, why and when.

Accepted from the Bureau folder alone (or by the command line); it appends, it never erases.
"""

from typing import Annotated, ClassVar, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from casefiles.answers.vocabulary import Answers, Ask, Choice, Form, PastDate, Section


class ActKind(Choice):
    """What is asked."""

    # In two columns: the documents and the case; then reminders, the jury, the parchemin.
    CORRECT = "corriger", "Corriger une réponse"
    REPLACE = "remplacer", "Remplacer un document"
    CONFIRM = "confirmer", "Confirmer un document en attente"
    SET_ASIDE = "ecarter", "Écarter un document en attente"
    JOIN = "joindre", "Joindre une preuve au dossier de preuves"
    TAKEN = "anterieure", "Reprendre une pièce d’avant ce bureau, avec sa preuve"
    HOMONYM = "ouvrir", "Ouvrir malgré une ressemblance"
    CHANGE = "changer", "Prendre acte d’un changement de nom ou d’entreprise"
    ARRANGE = "amenager", "Noter un aménagement des épreuves"
    WAIVE = "dispenser", "Dispenser d’une pièce, où une règle le permet"
    ACQUIRED = "acquis", "Reprendre un bloc acquis auparavant, avec sa preuve"
    ATTEMPT = "representer", "Ouvrir une nouvelle candidature"
    ABANDON = "abandonner", "Abandonner le dossier"
    RESUME = "reprendre", "Reprendre un dossier abandonné"
    REMIND = "relance", "Préparer une lettre de relance"
    CONTACT = "rappel", "Noter une relance faite"
    NOT_GIVEN = "constater", "Constater que l’avis de l’entreprise ne sera pas rendu"
    ADD = "ajouter", "Ajouter un candidat à une session"
    WITHDRAW = "retirer", "Retirer un candidat d’une session"
    CONVENE = "convoquer", "Préparer les convocations d’une session"
    CLOSE = "cloturer", "Clôturer l’ordre du jour et sceller les pièces"
    RECTIFY = "rectifier", "Rectifier un procès-verbal signé"
    APPEAL = "recours", "Enregistrer un recours contre une décision"
    CERTIFIER = "certificateur", "Consigner la réponse du certificateur"
    DUPLICATE = "duplicata", "Délivrer un duplicata du parchemin"
    REVOKE = "annuler", "Retirer un parchemin délivré à tort"
    REISSUE = "redelivrer", "Délivrer une nouvelle édition du parchemin"
    RETRY = "relancer", "Relancer une étape bloquée"


class Target(Answers):
    """What it is about."""

    number: Annotated[
        str,
        Ask(
            label="Dossier ou session",
            help="Le numéro écrit sur le dossier, par exemple 2026-0042.",
            columns=4,
            capacity=20,
        ),
    ]
    document: Annotated[
        str | None,
        Ask(
            label="Document ou dépôt concerné",
            help="Le repère écrit dans HISTORIQUE ou sur l’accusé, par exemple D-7K2M9QXA.",
            columns=4,
            capacity=40,
        ),
    ] = None
    case: Annotated[
        str | None,
        Ask(
            label="Candidat concerné",
            help="Son numéro de dossier, pour un ajout ou un retrait de session.",
            columns=4,
            capacity=20,
        ),
    ] = None
    question: Annotated[
        str | None,
        Ask(
            label="Question, pièce ou bloc",
            help="Ses mots dans le formulaire, par exemple « Commune de naissance » ; la pièce "
            "dispensée ou due ; le bloc acquis ; pour un aménagement, le temps ajouté (« 33 % »).",
            columns=9,
            capacity=120,
        ),
    ] = None
    day: Annotated[
        PastDate | None,
        Ask(label="Date du fait", help="Changement, relance, acquis, réponse.", columns=3),
    ] = None
    value: Annotated[
        str | None,
        Ask(
            label="Réponse exacte",
            help="La bonne réponse, le nouveau nom, l’aménagement, comment la relance a été faite, "
            "ou jusqu’à quand le certificateur délivre (« non » s’il ne délivre plus).",
            capacity=400,
        ),
    ] = None


class Author(Answers):
    """Who asks, and why."""

    by: Annotated[str, Ask(label="Demandé par", columns=8, capacity=80)]
    day: Annotated[PastDate, Ask(label="Le", columns=4)]
    because: Annotated[
        str,
        Ask(
            label="Parce que",
            help="Pour un aménagement, jamais la raison de santé : écrivez « accordé ».",
            lines=3,
            capacity=400,
        ),
    ]


NEEDS = {
    ActKind.CORRECT: (
        ("document", "le document"),
        ("question", "la question"),
        ("value", "la réponse exacte"),
    ),
    ActKind.REPLACE: (("document", "le repère du nouveau document, lu sur son accusé"),),
    ActKind.CONFIRM: (("document", "le repère du document en attente"),),
    ActKind.SET_ASIDE: (("document", "le repère du document en attente"),),
    ActKind.HOMONYM: (("document", "le repère de l’inscription en attente"),),
    ActKind.ADD: (("case", "le numéro du dossier à ajouter"),),
    ActKind.WITHDRAW: (("case", "le numéro du dossier à retirer"),),
    ActKind.CHANGE: (
        ("question", "ce qui change"),
        ("value", "ce que c’est désormais"),
        ("day", "depuis quel jour"),
    ),
    ActKind.ARRANGE: (("value", "l’aménagement (ou « aucun » pour le lever)"),),
    ActKind.WAIVE: (("question", "la pièce dispensée"),),
    ActKind.CONTACT: (
        ("value", "qui a été relancé, comment, et ce qui fut répondu"),
        ("day", "le jour de la relance"),
    ),
    ActKind.ACQUIRED: (
        ("question", "le bloc acquis"),
        ("day", "le jour où il a été acquis"),
        ("document", "le repère de la preuve, déposée dans « Bureau »"),
    ),
    ActKind.TAKEN: (
        ("question", "la pièce reprise, par son titre"),
        ("day", "le jour où elle a été établie"),
        ("document", "le repère de la preuve, déposée dans « Bureau »"),
    ),
    ActKind.JOIN: (("document", "le repère de la preuve, déposée dans « Bureau »"),),
    ActKind.CERTIFIER: (
        ("value", "la date jusqu’à laquelle il délivre, ou « non »"),
        ("day", "le jour de sa réponse"),
    ),
}


class OfficeAct(Form):
    """Demande du bureau."""

    CODE: ClassVar[str] = "DB"
    NAME: ClassVar[str] = "demande"
    TITLE: ClassVar[str] = "Demande du bureau"
    FILLER: ClassVar[str] = "le bureau"
    INTRO: ClassVar[str] = (
        "Pour ce qu’aucun autre formulaire ne dit. Ce que vous demandez s’ajoute à l’historique "
        "du dossier, avec votre nom et votre raison ; rien n’est effacé."
    )

    kind: Annotated[ActKind, Ask(label="Je demande de")]
    target: Annotated[Target, Section(title="Ce dont il s’agit")]
    author: Annotated[Author, Section(title="Qui et pourquoi")]

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        for name, words in NEEDS.get(self.kind, ()):
            if getattr(self.target, name) is None:
                raise PydanticCustomError(
                    "reponse_attendue",
                    "pour « {act} », indiquez {words}.",
                    {"act": self.kind.label, "words": words},
                )
        return self
