"""The office’s own keys, from where the settings keep them; a passphrase is never shown nor logged.

A passphrase is in a file that only its owner can read, or in the environment, or asked for once as
the watch starts. Neither key nor passphrase may stand in the shared folder.
"""

import logging
import os
import sys
from datetime import datetime, timedelta
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from casefiles.errors import SettingsError, SigningError
from watch.settings import HeldKey, Settings

if TYPE_CHECKING:
    from signing.fetching import Fetcher
    from signing.keys import Key
    from signing.trust import Trust

log = logging.getLogger("parchemin.keys")

# A process may live for months: whether a certificate is revoked is asked again after that.
ASKED_FOR = timedelta(days=1)
SECTIONS = {
    "seal": "cles.cachet",
    "certifier": "cles.certificateur",
    "certifier_seal": "cles.cachet_certificateur",
}
_VARIABLES = {
    "seal": "PARCHEMIN_PHRASE_CACHET",
    "certifier": "PARCHEMIN_PHRASE_CERTIFICATEUR",
    "certifier_seal": "PARCHEMIN_PHRASE_CACHET_CERTIFICATEUR",
}


def load(held: HeldKey, name: str, *, share: Path, at: datetime) -> "Key":
    """The key, loaded and checked; SettingsError or SigningError says what stands in the way."""
    from signing import keys, tokens

    _outside(share, held)
    secret = passphrase(held, name)
    if held.file is not None:
        return keys.load(held.file, secret, at=at)
    if held.library is None:
        raise ValueError("a key is in a file or on a token")
    return tokens.load(held.library, token=held.token, label=held.label, pin=secret, at=at)


def not_revoked(key: "Key", trust: "Trust", fetcher: "Fetcher", *, at: datetime) -> "Key":
    """The key, unless its authority says that its certificate is revoked (SigningError).

    No answer is no refusal: the signature is made, and its checkers will ask again.
    """
    from signing.standing import in_force

    if in_force(key, trust, fetcher, at=at) == "revoked":
        raise SigningError(
            f"Le certificat de « {key.holder} » a été révoqué par son autorité : rien ne peut plus "
            "être signé avec lui.",
            "Demandez un nouveau certificat, puis remplacez la clé dans les réglages.",
        )
    return key


def note_the_end(name: str, key: "Key", *, at: datetime) -> None:
    """Say in the log, before anything is signed, that a key will soon serve no more."""
    from signing.keys import ENDING_SOON

    if key.not_after - at <= ENDING_SOON:
        log.warning("key=%s ends=%s", SECTIONS[name], key.not_after.date())


def passphrase(held: HeldKey, name: str) -> str:
    """The secret of that key; SettingsError when nobody gave it."""
    from signing.keys import read_passphrase

    if held.passphrase_file is not None:
        return read_passphrase(held.passphrase_file)
    variable = variable_of(held, name)
    told = os.environ.get(variable)
    if told is None:
        raise SettingsError(
            f"La phrase secrète de [{SECTIONS[name]}] n’a pas été donnée.",
            f"Indiquez « phrase » dans les réglages, ou placez-la dans la variable {variable}, ou "
            "lancez « parchemin watch » dans un terminal : elle y sera demandée.",
        )
    return told


def variable_of(held: HeldKey, name: str) -> str:
    """The name its passphrase bears in the environment."""
    return held.passphrase_variable or _VARIABLES[name]


def ask_missing(settings: Settings) -> None:
    """Ask, in a terminal, for what no file and no variable gives; our workers inherit it."""
    if not sys.stdin.isatty():
        return
    for name in SECTIONS:
        held: HeldKey | None = getattr(settings.keys, name)
        if held is None or held.passphrase_file is not None:
            continue
        variable = variable_of(held, name)
        if variable not in os.environ:
            os.environ[variable] = getpass(f"Phrase secrète de [{SECTIONS[name]}] : ")


def signs_as_a_person(key: "Key") -> "Key":
    """The key, unless it is a seal’s: a person signs, a seal seals (SigningError)."""
    if key.is_seal:
        raise SigningError(
            f"« {key.holder} » est un cachet d’organisme : un parchemin est signé par une "
            "personne, le signataire habilité du certificateur, dont le nom et la qualité se "
            "voient.",
            "Indiquez sous [cles.certificateur] la clé de cette personne ; le cachet peut s’y "
            "ajouter, sous [cles.cachet_certificateur], jamais la remplacer.",
        )
    return key


def seals(key: "Key") -> "Key":
    """The key, unless it is a person’s (SigningError)."""
    if not key.is_seal:
        raise SigningError(
            f"« {key.holder} » n’est pas un cachet d’organisme : rien dans son certificat ne nomme "
            "une personne morale.",
            "Indiquez sous [cles.cachet_certificateur] le cachet du certificateur, et la clé de la "
            "personne qui signe sous [cles.certificateur].",
        )
    return key


def _outside(share: Path, held: HeldKey) -> None:
    for path in (held.file, held.passphrase_file):
        if path is not None and path.resolve().is_relative_to(share.resolve()):
            raise SettingsError(
                f"« {path.name} » est dans le dossier partagé : tous ceux qui y ont accès "
                "pourraient signer à votre place.",
                "Déplacez-le hors du partage, corrigez les réglages, et faites révoquer le "
                "certificat si d’autres ont pu le copier.",
            )
