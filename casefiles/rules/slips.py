"""Slips of an inscription, which the office settles with the candidate; none keeps a case closed.

Numbers that cannot be, a civil status the transmission will need, and what the certification says
of who pays, of who trains and follows, and of where it is open (R5, R11, R20, R34, R39). Pure.
"""

import re
from collections.abc import Iterator
from datetime import date

from casefiles import identifiers
from casefiles.access import RouteName
from casefiles.answers.inscription import Extent, Inscription
from casefiles.certification import Certification
from casefiles.naming import name_key
from casefiles.rules.finding import Finding, source

YOUNGEST = 14
_ALTERNANCE = (RouteName.CONTRAT_PROFESSIONNALISATION, RouteName.APPRENTISSAGE)
_CPF = re.compile(r"\b(cpf|compte personnel de formation)\b")
_ARTICLE = re.compile(r"^(l|la|le|les) ")
_NEW_CALEDONIA, _POLYNESIA = re.compile(r"\b988\d\d\b"), re.compile(r"\b987\d\d\b")


def slips(inscription: Inscription, certification: Certification, today: date) -> Iterator[Finding]:
    """Every slip, « office » findings; `today` is the day of the entry."""
    yield from _written(inscription, today)
    yield from _asked(inscription)
    yield from _paid(inscription, certification, today)
    yield from _followed(inscription)
    yield from _where(inscription, certification)
    yield from _trained(inscription, certification)


def _written(inscription: Inscription, today: date) -> Iterator[Finding]:
    candidate = inscription.candidate
    for field, (check, rule, where) in identifiers.CHECKS.items():
        section, name = field.split("/")
        typed = getattr(getattr(inscription, section), name, None)
        if typed and (wrong := check(typed)):
            yield _slip(wrong, rule, where)
    if name_key(candidate.birth_country) == "france" and not candidate.birth_postcode:
        yield _slip(
            "Le code postal ou Insee de la commune de naissance manque : la transmission des "
            "certifiés à la Caisse des dépôts en aura besoin.",
            "COMMUNE",
        )
    for where in ("address", "other_names", "birth_postcode", "phone"):
        if wrong := identifiers.social_security(getattr(candidate, where) or ""):
            yield _slip(wrong[0].upper() + wrong[1:], "NIR")
    if today.year - candidate.birth_date.year < YOUNGEST:
        yield _slip(
            f"La date de naissance ({candidate.birth_date:%d/%m/%Y}) donne moins de {YOUNGEST} "
            "ans : à vérifier."
        )


def _asked(inscription: Inscription) -> Iterator[Finding]:
    """R17: the whole certification, and blocs of it, asked for in one form."""
    ticked = [key for key, tick in inscription.blocs.items() if tick.wanted]
    if ticked and inscription.wish.extent is Extent.WHOLE:
        yield _slip(
            f"La certification entière est demandée, et des blocs sont cochés ({', '.join(ticked)})"
            " : le dossier est ouvert pour la certification entière, à vérifier avec le candidat.",
            "R17",
        )


def _paid(inscription: Inscription, certification: Certification, day: date) -> Iterator[Finding]:
    """R5, R34: a way of paying that this certification does not have, or has no more."""
    declared = name_key(inscription.training.financing or "")
    if certification.registration is None and _CPF.search(declared):
        yield _slip(
            "Le financement déclaré nomme le CPF, qui suppose un enregistrement au RNCP ou au RS ; "
            f"le {certification.name} n’en a pas : à revoir avec le candidat.",
            "R5",
        )
    for share in certification.financing:
        if share.until and day > share.until and name_key(share.payer) in declared:
            yield _slip(
                f"Le financement déclaré nomme {share.payer}, dont la part valait pour une "
                f"inscription jusqu’au {share.until:%d/%m/%Y} : à revoir avec le candidat.",
                "R34",
                share.source,
            )


def _followed(inscription: Inscription) -> Iterator[Finding]:
    """R11: in alternance a tutor follows the candidate."""
    company = inscription.company
    if inscription.wish.route.value in _ALTERNANCE and company and not company.tutor:
        yield _slip(
            "En alternance, un tuteur accompagne le candidat ; l’inscription n’en nomme pas : à "
            "demander à l’entreprise.",
            "R11",
        )


def _where(inscription: Inscription, certification: Certification) -> Iterator[Finding]:
    """R20: an address where the registration says that the certification is not open."""
    registration = certification.registration
    if registration is None:
        return
    for place, is_open, postcode in (
        ("en Nouvelle-Calédonie", registration.new_caledonia, _NEW_CALEDONIA),
        ("en Polynésie française", registration.french_polynesia, _POLYNESIA),
    ):
        if is_open is False and postcode.search(inscription.candidate.address):
            yield _slip(
                f"L’adresse du candidat est {place}, où le {certification.name} n’est pas "
                "accessible : à vérifier avec lui.",
                "R20",
                registration.source,
            )


def _trained(inscription: Inscription, certification: Certification) -> Iterator[Finding]:
    """R36, R39: the training organisation is one of those the branch named, where it named some."""
    named = certification.training_bodies
    told = name_key(inscription.training.organisation)
    bodies = (_ARTICLE.sub("", name_key(body.partition("(")[0])) for body in named)
    if (
        named
        and inscription.wish.route.value != RouteName.VAE
        and not any(b in told for b in bodies)
    ):
        yield _slip(
            f"L’organisme de formation déclaré, « {inscription.training.organisation} », n’est pas "
            f"de ceux que la branche a nommés ({', '.join(named)}) : son habilitation est à "
            "vérifier.",
            "R39",
        )


def _slip(message: str, rule: str = "SAISIE", where: str = "") -> Finding:
    return Finding(rule=rule, status="office", message=message, source=where or source(rule))
