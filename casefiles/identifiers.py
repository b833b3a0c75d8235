"""French numbers and addresses as they should be written: what is wrong with one, in words. Pure.

Each function takes what a person typed and gives a sentence, or "" when nothing is wrong. A slip
keeps nobody from entering: the rules turn it into a finding for the office. The French social
security number is never asked; where one was typed, it is said to be taken out.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

import email_validator
from stdnum.fr import nir as _nir
from stdnum.fr import siren as _siren
from stdnum.fr import siret as _siret

SIRENE = "Numérotation Sirene de l’Insee"
COG = "Code officiel géographique de l’Insee"
LABOUR = "Code du travail, numéro de déclaration d’activité"
IDCC = "Identifiant des conventions collectives (IDCC)"
INTERNET = "RFC 5321 et 5322"


def _figures(text: str) -> str:
    return re.sub(r"[\s.\-/ ]", "", text)


def siret(text: str) -> str:
    """Of a company’s establishment: fourteen figures and their key."""
    figures = _figures(text)
    if _siret.is_valid(figures):
        return ""
    if _siren.is_valid(figures):
        return (
            f"« {text} » est un SIREN (l’entreprise) ; il manque les cinq chiffres de "
            "l’établissement pour en faire un SIRET."
        )
    return f"Le SIRET « {text} » n’existe pas (clé fausse ou longueur) : à vérifier."


def declaration(text: str) -> str:
    """Of a training organisation (NDA): eleven figures, the first two naming its region."""
    if re.fullmatch(r"\d{11}", _figures(text)):
        return ""
    return f"« {text} » n’est pas un numéro de déclaration d’activité : onze chiffres attendus."


def agreement(text: str) -> str:
    """Of a collective agreement: four figures, with or without its name around them."""
    if re.search(r"(?<!\d)\d{4}(?!\d)", text):
        return ""
    return f"« {text} » ne donne pas d’IDCC : quatre chiffres attendus, par exemple 3248."


def birth_code(text: str) -> str:
    """Of a commune: its postal code or its Insee code (2A and 2B in Corsica, 99… abroad)."""
    if re.fullmatch(r"(\d{2}|2[AB])\d{3}", _figures(text).upper()):
        return ""
    return f"« {text} » n’est ni un code postal ni un code Insee : cinq caractères attendus."


def email(text: str) -> str:
    """Of a mailbox: how it is written only; nothing is asked of the network."""
    try:
        email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return f"« {text} » n’a pas la forme d’une adresse de courriel : à vérifier."
    return ""


def social_security(text: str) -> str:
    """The one number that must not be there, whole and with its key."""
    found = re.search(r"(?<!\d)[12][\s.\d AB]{12,21}\d(?!\d)", text)
    if found and _nir.is_valid(_figures(found[0])):
        return "un numéro de sécurité sociale y est écrit : il n’est jamais demandé, retirez-le."
    return ""


# Le domaine des adresses inventées (RFC 2606), celles de la démonstration : bien écrites, elles ne
# mènent nulle part.
with suppress(ValueError):
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("invalid")

Check = Callable[[str], str]

# By field of the inscription: what judges it, and the name and source of the rule that says so.
CHECKS: Mapping[str, tuple[Check, str, str]] = {
    "company/siret": (siret, "SIRET", SIRENE),
    "company/agreement": (agreement, "IDCC", IDCC),
    "training/declaration": (declaration, "NDA", LABOUR),
    "candidate/birth_postcode": (birth_code, "COMMUNE", COG),
    "candidate/email": (email, "COURRIEL", INTERNET),
    "company/email": (email, "COURRIEL", INTERNET),
}
