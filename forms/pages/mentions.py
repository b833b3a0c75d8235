"""The mandatory mentions of a parchemin, with their sources: one missing keeps it unsigned.

It reads facts and writes words; the page that shows them is drawn elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import BlocAcquired, Person
from casefiles.rules.finding import source
from casefiles.rules.stated import where
from forms.pages.wording import KINDS, birth_words, civil_name, in_words
from forms.typography import NO_BREAK

FAQ = "France compétences, foire aux questions : mentions obligatoires du parchemin"
REGISTER = "Registre des parchemins de l’organisme"
# A bloc has no level of its own.
OF_THE_WHOLE = ("Niveau de qualification", "Niveau du cadre européen (CEC)", "Code NSF")
DIRECTORIES = {
    "RNCP": "Répertoire national des certifications professionnelles",
    "RS": "Répertoire spécifique",
}


@dataclass(frozen=True, kw_only=True)
class Mention:
    """One mention: its name, what the page says, None when it is not known, and who asks for it."""

    name: str
    value: str | None
    source: str


def mentions(
    case: CaseFile,
    certification: Certification,
    number: str,
    decided_on: date | None,
    delivered_on: date | None,
    place: str,
) -> tuple[Mention, ...]:
    """Every mention this parchemin must bear, in the order a reader meets them.

    A registered certification bears more; whatever is unknown has the value None.
    """
    certifier = certification.certifier
    found = [
        ("Certificateur", certifier.name, FAQ),
        ("Nature du certificat", KINDS[certification.kind], FAQ),
        ("Intitulé exact", certification.title, certification.origin.document),
        ("Titulaire", civil_name(case.candidate) if _named(case.candidate) else "", FAQ),
        ("Naissance du titulaire", _born(case.candidate), FAQ),
        ("Date de la décision du jury", in_words(decided_on) if decided_on else "", source("R71")),
        *_registered(certification),
        ("Numéro", number, REGISTER),
        ("Date de délivrance", in_words(delivered_on) if delivered_on else "", FAQ),
        ("Lieu de délivrance", place, FAQ),
        ("Qualité du signataire", certifier.signatory_quality, FAQ),
    ]
    return tuple(
        Mention(name=name, value=value.strip() or None, source=stated)
        for name, value, stated in found
    )


def attested(
    case: CaseFile,
    certification: Certification,
    held: BlocAcquired,
    delivered_on: date | None,
    place: str,
) -> tuple[Mention, ...]:
    """Every mention the attestation of a bloc must bear: those of a parchemin, but its level."""
    number = f"{case.number}/{held.bloc}"
    bloc = certification.bloc(held.bloc)
    whole = mentions(case, certification, number, held.on, delivered_on, place)
    apart = Mention(
        name="Bloc", value=f"{bloc.id} {bloc.title}", source=where("R58", certification)
    )
    return (*(m for m in whole if m.name not in OF_THE_WHOLE), apart)


def missing_mentions(found: Sequence[Mention]) -> tuple[Mention, ...]:
    """Those without a value: while there is one, the parchemin is not to be signed."""
    return tuple(mention for mention in found if mention.value is None)


_KEYS = {
    "Niveau de qualification": "level",
    "Niveau du cadre européen (CEC)": "european_level",
    "Code NSF": "registration.nsf",
    "Qualité du signataire": "certifier.signatory_quality",
}


def where_to_write(lacking: Sequence[Mention], code: str) -> str:
    """What to do about the mentions that lack: the key and the file, where they are data."""
    keys = [_KEYS[m.name] for m in lacking if m.name in _KEYS]
    if not keys:
        return "Complétez le dossier ou la certification, puis relancez l’étape."
    named = " et ".join(f"« {key} »" for key in keys)
    return (
        f"Renseignez {named} dans « {code}.yaml », au dossier « dossier_certifications » des "
        "réglages (une copie du fichier fourni, complétée), puis demandez « Délivrer une nouvelle "
        "édition du parchemin » : elle sera établie d’après ce fichier."
    )


def _registered(certification: Certification) -> list[tuple[str, str, str]]:
    registration = certification.registration
    if registration is None:
        return []
    asked = [
        ("Enregistrement", registration_words(certification), FAQ),
        ("Décision d’enregistrement", registration.decision, FAQ),
        ("Date de la décision d’enregistrement", in_words(registration.decided_on), FAQ),
    ]
    if registration.directory == "RNCP":
        asked += [
            ("Niveau de qualification", level_words(certification.level), FAQ),
            ("Niveau du cadre européen (CEC)", level_words(certification.european_level), FAQ),
            ("Code NSF", ", ".join(registration.nsf), FAQ),
        ]
    return asked


def registration_words(certification: Certification) -> str:
    """« enregistrée au Répertoire… (RNCP) sous le numéro 28245 », or ""."""
    registration = certification.registration
    if registration is None:
        return ""
    where = f"{DIRECTORIES[registration.directory]} ({registration.directory})"
    return f"enregistrée au {where} sous le numéro{NO_BREAK}{registration.code}"


def level_words(level: str | None) -> str:
    """« 4 », whether the file says « 4 » or « Niveau 4 »."""
    return (level or "").removeprefix("Niveau").removeprefix("niveau").strip()


def _named(person: Person) -> bool:
    return bool(person.first_name.strip() and person.birth_name.strip())


def _born(person: Person) -> str:
    return birth_words(person) if person.birth_place.strip() else ""
