"""What the tests of this room draw: a form with every kind of question, and every form we have."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import Field

import casefiles.answers
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import Kind, outline
from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Choice,
    Each,
    Form,
    Lines,
    PastDate,
    Row,
    Scope,
    Section,
    SignatureSpot,
)
from casefiles.certification import Certification
from templates import catalog

KEY = b"une cle d'essai, de 32 octets !!"
CASE_LINE = "Dossier 2026-0042 — Zoé EXEMPLE-GONÇALVES"
DAY = date(2026, 6, 12)

NAMES = (
    "Łukasz Nguyễn",
    "D'Œuvre-L’Haÿ",
    "5 €",
    r"(02) \ 50 %",
    "café 🙂 中文",
    "a" * 60,
)
LONG_ANSWER = ("Le candidat a préparé l’intervention, puis vérifié « chaque » point. " * 30)[:2000]


class Mark(Choice):
    """Three options, one of two words."""

    MET = "valide", "Validé"
    NOT_MET = "non_valide", "Non validé"
    NOT_SEEN = "non_observe", "Non observé"


class Way(Choice):
    """Options too long for one line."""

    ONE = "un", "Une première voie d’accès dont l’intitulé est déjà long"
    TWO = "deux", "Une deuxième voie, plus longue encore, et qui demande sa propre ligne"
    THREE = "trois", "Une troisième"


class Known(Answers):
    """Given by the office."""

    candidate: Annotated[str, Ask(label="Candidat", columns=6, given=True)]
    company: Annotated[str | None, Ask(label="Entreprise", columns=6, given=True)] = None


class Person(Answers):
    """Texts, a date, options."""

    name: Annotated[str, Ask(label="Nom et prénom", columns=6, capacity=80)]
    born: Annotated[PastDate, Ask(label="Date de naissance", columns=3)]
    code: Annotated[str | None, Ask(label="Code postal", columns=3, capacity=5)] = None
    story: Annotated[
        str | None,
        Ask(label="Parcours", help="En quelques lignes.", lines=12, capacity=2000),
    ] = None
    way: Annotated[Way, Ask(label="Voie")]


class Judged(Answers):
    """One row."""

    mark: Annotated[Mark, Ask(label="Appréciation", columns=4)]
    comment: Annotated[str | None, Ask(label="Observation", columns=3, capacity=160)] = None
    seen: Annotated[bool, Ask(label="Vu", columns=1)] = False


class Card(Answers):
    """One card."""

    place: Annotated[str, Ask(label="Lieu", columns=6, capacity=80)]
    day: Annotated[PastDate, Ask(label="Le", columns=3)]


class Member(Answers):
    """One numbered line."""

    name: Annotated[str, Ask(label="Nom", columns=6, capacity=60)]
    mark: Annotated[Mark, Ask(label="Rôle", columns=4)]
    day: Annotated[PastDate, Ask(label="Le", columns=2)]


class Toy(Form):
    """Every kind of question there is."""

    CODE: ClassVar[str] = "F99"
    NAME: ClassVar[str] = "essai"
    TITLE: ClassVar[str] = "Formulaire d’essai"
    FILLER: ClassVar[str] = "qui veut bien l’essayer"
    INTRO: ClassVar[str] = "Ce formulaire contient une question de chaque genre."

    known: Annotated[Known, Section(title="")]
    person: Annotated[Person, Section(title="La personne", intro="Comme l’état civil l’écrit.")]
    criteria: Annotated[
        dict[str, Judged],
        Each(over="criteria", title="Critères", intro="Un par ligne.", row_label="Critère"),
    ]
    cards: Annotated[dict[str, Card], Each(over="blocs", title="Bloc par bloc", cards=True)]
    members: Annotated[list[Member], Field(min_length=1), Lines(count=4, title="Les membres")]
    agreed: Annotated[bool, Ask(label="J’atteste l’exactitude de ce qui précède. " * 4)] = False

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """Three, so that one stands on a line of its own."""
        return (
            SignatureSpot(name="signature/un", label="Le premier", locks="all"),
            SignatureSpot(name="signature/deux", label="Le deuxième"),
            SignatureSpot(name="signature/trois", label="Le troisième"),
        )


@cache
def cqpm() -> Certification:
    """The CQPM with its long wording."""
    return catalog.load("cqpm-tmp")


def toy_scope() -> Scope:
    """The first compétence of the CQPM."""
    return Scope(certification=cqpm(), competence=cqpm().competences[0].id)


def imprint(form: type[Form], part: str = "") -> Imprint:
    """A print of that form."""
    return Imprint(
        serial="7Q2MRTX4KJ9A",
        form=form.CODE,
        version=form.VERSION,
        case="2026-0042",
        part=part,
        certification="cqpm-tmp",
        form_hash="ab" * 32,
    )


@cache
def every_form() -> tuple[type[Form], ...]:
    """Each form of casefiles.answers, by name."""
    for module in pkgutil.iter_modules(casefiles.answers.__path__):
        importlib.import_module(f"casefiles.answers.{module.name}")
    ours = [f for f in Form.__subclasses__() if f.__module__.startswith("casefiles.answers")]
    return tuple(sorted(ours, key=lambda f: f.NAME))


def scopes(form: type[Form], certification: Certification) -> tuple[Scope, ...]:
    """The scopes a form is printed for: one per compétence for a grid, else the certification."""
    people = {
        "members": tuple(Row(key=f"m{i}", label=f"Membre EXEMPLE-{i}") for i in range(1, 5)),
        "candidates": tuple(
            Row(key=f"2026-00{i}", label=f"2026-00{i} Candidat EXEMPLE-{i}") for i in range(41, 44)
        ),
    }
    if form.NAME == "grille":
        return tuple(
            Scope(certification=certification, competence=c.id, lists=people)
            for c in certification.competences
        )
    return (Scope(certification=certification, lists=people),)


def answers(form: type[Form], scope: Scope, text: str = "Zoé d’EXEMPLE") -> Mapping[str, Any]:
    """One answer of the right kind to every question; texts are all `text`."""
    values: dict[str, Any] = {}
    for question in outline(form, scope).questions():
        if question.kind is Kind.TEXT:
            values[question.name] = text
        elif question.kind is Kind.DATE:
            values[question.name] = "03/04/1991"
        elif question.kind is Kind.TICK:
            values[question.name] = True
        elif question.options:
            values[question.name] = question.options[-1].value
    return values
