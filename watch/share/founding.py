"""`parchemin init`: makes what a space lacks, and never overwrites anything."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_bytes, token_hex

from casefiles import anchors
from casefiles.errors import SpaceHeld
from casefiles.system import NEW_FILE
from watch.default_settings import default_settings
from watch.share.workspace import Workspace, identity

_READ_ME = """\
BIENVENUE

Ce dossier partagé est le bureau des certifications.

1 À déposer ici
    Déposez-y tout document rempli ou signé : n’importe quel nom, plusieurs à la fois.
    Quelques secondes plus tard, il est rangé, et son accusé dit ce qu’il est devenu.
    Une liste de candidats (CSV ou XLSX, modèle dans « Formulaires vierges ») s’y dépose aussi :
    chaque ligne devient une préinscription à envoyer ; les lignes refusées disent pourquoi.

2 Dossiers en cours
    Un dossier par candidat. Lisez « RESTE À FAIRE » : qui doit faire quoi.
    Les formulaires à faire remplir sont dans « À remplir ». On peut aussi les remplir et les
    enregistrer sur place : un formulaire inachevé attend là, comme un brouillon.

3 À corriger
    Ce qui n’a pas pu être pris, chaque fichier à côté de son « POURQUOI ». Corrigez-le et
    enregistrez-le sur place, ou déposez le fichier corrigé dans « 1 À déposer ici ».

4 Jurys
    Un dossier par session : ordre du jour, pièces, feuille de décisions, procès-verbal.

5 Terminés
    Les dossiers arrivés au bout, avec leur parchemin.

Formulaires vierges       pour inscrire un candidat, composer un jury, saisir le bureau.
                          Ce qui y est enregistré rempli est pris aussi ; le vierge revient.
Bureau                    les demandes du bureau, et elles seules, se déposent ici.
Accusés de réception      un accusé par fichier déposé.
TABLEAU.html              tous les dossiers d’un coup d’œil.
Vérifier un parchemin     une page à remettre à qui veut vérifier un parchemin, sans réseau.

Rien de ce que vous déposez n’est jamais perdu ni modifié. Le nom des fichiers ne compte pas :
c’est leur contenu qui décide.
"""


@dataclass(frozen=True, kw_only=True)
class Founded:
    """What `create` made: paths in the order they were made; empty when nothing was missing."""

    made: tuple[Path, ...]


def create(workspace: Workspace, *, demo_keys: bool, at: datetime) -> Founded:
    """Make the folders, the private side and the settings; with `demo_keys`, throw-away keys.

    What exists stays as it is. Raises SpaceHeld when the share already belongs to another private
    side, OSError when a folder cannot be made.
    """
    from forms.typography import french
    from signing.credential.keys import load_or_make

    mine, theirs = identity(workspace.private_identity_file), identity(workspace.identity_file)
    if theirs is not None and theirs != mine:
        raise belongs_elsewhere(workspace)
    made: list[Path] = []
    for folder in (workspace.private, workspace.keys, workspace.originals, workspace.logs):
        _folder(folder, 0o700, made)
    _folder(workspace.scratch, 0o700, made)
    _visible(workspace, made)
    _file(workspace.imprint_key, token_bytes(32), 0o600, made)
    load_or_make(workspace.keys, at=at)
    if not workspace.settings_file.exists():
        settings = french(_settings(workspace, demo_keys, at))
        _file(workspace.settings_file, settings.encode(), 0o600, made)
    space = json.dumps({"espace": mine or token_hex(16), "depuis": at.isoformat()})
    _file(workspace.private_identity_file, space.encode(), 0o600, made)
    _told(workspace, made)
    return Founded(made=tuple(made))


def furnish(workspace: Workspace) -> Founded:
    """Make what the share lacks for a private side that is there, and the private side’s folders.

    Neither keys nor settings are made: those of a restored space are its own.
    """
    made: list[Path] = []
    for folder in (workspace.private, workspace.originals, workspace.logs, workspace.scratch):
        _folder(folder, 0o700, made)
    _visible(workspace, made)
    _told(workspace, made)
    return Founded(made=tuple(made))


def _visible(workspace: Workspace, made: list[Path]) -> None:
    workspace.share.mkdir(parents=True, exist_ok=True)
    for folder in workspace.visible:
        restricted = folder in (workspace.office, workspace.juries)
        _folder(folder, 0o770 if restricted else None, made)
    for folder in (workspace.hidden, workspace.claims, workspace.staging):
        _folder(folder, 0o770, made)


def _told(workspace: Workspace, made: list[Path]) -> None:
    from forms.typography import french

    _file(workspace.read_me, french(_READ_ME).encode(), 0o644, made)
    anchors.give(workspace.anchors)
    _file(workspace.identity_file, workspace.private_identity_file.read_bytes(), 0o644, made)


def belongs_elsewhere(workspace: Workspace) -> SpaceHeld:
    """The error for a share that another private side claims."""
    return SpaceHeld(
        f"Le partage « {workspace.share} » appartient à un autre espace que le côté privé "
        f"« {workspace.private} ».",
        "Indiquez le bon côté privé (option --private ou PARCHEMIN_PRIVATE), ou un autre partage.",
    )


def _settings(workspace: Workspace, demo_keys: bool, at: datetime) -> str:
    if not demo_keys:
        return default_settings()
    from signing.demo import make_demo_authority

    authority = make_demo_authority(workspace.keys, at=at)
    seal, certifier = authority.keys["of"], authority.keys["certificateur"]

    def here(path: Path) -> Path:
        return path.relative_to(workspace.private)

    return default_settings(
        name="Organisme de formation (DÉMO)",
        town="Lyon",
        seal=(here(seal.p12), here(seal.passphrase)),
        certifier=(here(certifier.p12), here(certifier.passphrase)),
        delegation=(f"{certifier.holder}, {certifier.quality}", at.date().isoformat()),
        authorities=(here(authority.ca),),
    )


def _folder(folder: Path, mode: int | None, made: list[Path]) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True)
    if mode is not None:
        with suppress(OSError):  # a share may not know these rights; doctor says so
            folder.chmod(mode)
    made.append(folder)


def _file(file: Path, content: bytes, mode: int, made: list[Path]) -> None:
    if new_file(file, content, mode):
        made.append(file)


def new_file(file: Path, content: bytes, mode: int) -> bool:
    """Make a file, whole or not at all; False, and nothing done, where one stands."""
    staged = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        handle = os.open(staged, NEW_FILE, mode)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            return False
        staged.rename(file)
        return True
    finally:
        staged.unlink(missing_ok=True)
