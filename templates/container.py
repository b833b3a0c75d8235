"""Weighs an office file (.xlsx, .docx) before anything opens it; it reads none of its content.

Such a file is an archive of XML. What it may hold is bounded here, and what could act (macros,
external content, entities) is refused, whatever the library that opens it afterwards would do.
"""

import re
import zipfile
from io import BytesIO
from typing import Literal

from casefiles.errors import UnreadableFile

Kind = Literal["xlsx", "docx"]

LARGEST_FILE = 10_000_000
LARGEST_CONTENT = 60_000_000
MOST_MEMBERS = 400

_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_PROGRAM = {"xlsx": "tableur", "docx": "traitement de texte"}
_MACRO = re.compile(r"vbaproject|vbadata|activex|/macrosheets/|/ctrlprops/", re.I)
_FOREIGN = re.compile(r"externallink|/embeddings/|oleobject", re.I)
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_EXTERNAL = re.compile(rb"<[\w:]*Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")


def weigh(data: bytes, kind: Kind) -> None:
    """Return for a file of that kind that may be opened; UnreadableFile says why it may not.

    Bounds, in bytes: LARGEST_FILE as sent, LARGEST_CONTENT once unpacked, MOST_MEMBERS parts.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(
            f"Ce fichier pèse {len(data) // 1_000_000} Mo ; la limite est de "
            f"{LARGEST_FILE // 1_000_000} Mo.",
            "Retirez-en les images et les feuilles inutiles.",
        )
    if data.startswith(_OLD_FORMAT):
        raise UnreadableFile(
            "Ce fichier est protégé par un mot de passe, ou d’un format d’avant 2007.",
            f"Ouvrez-le dans votre {_PROGRAM[kind]}, retirez le mot de passe et enregistrez-le "
            f"au format .{kind}.",
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _look_through(archive, kind)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as wrong:
        raise UnreadableFile(
            f"Ce fichier n’est pas un fichier .{kind} lisible.", _saved_anew(kind)
        ) from wrong


def _look_through(archive: zipfile.ZipFile, kind: Kind) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > LARGEST_CONTENT:
        raise UnreadableFile(
            "Ce fichier, une fois déployé, serait démesuré.",
            "Recopiez le contenu utile dans un fichier neuf.",
        )
    if _MAIN[kind] not in names or len(set(names)) < len(names):
        raise UnreadableFile(f"Ce fichier n’est pas un fichier .{kind}.", _saved_anew(kind))
    if any(_MACRO.search(f"/{name}") for name in names):
        raise UnreadableFile(
            "Ce fichier contient des macros.",
            f"Enregistrez-le au format .{kind}, sans macros.",
        )
    if any(_FOREIGN.search(name) for name in names):
        raise UnreadableFile(
            "Ce fichier contient un objet incorporé, ou un lien vers un autre fichier.",
            "Retirez-les (dans un tableur : Données, Modifier les liens, Rompre la liaison).",
        )
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            # zipfile ne rend jamais plus que la taille annoncée, déjà comptée ci-dessus.
            _look_into(archive.read(member), kind)


def _look_into(part: bytes, kind: Kind) -> None:
    if any(mark in part for mark in _DOCTYPE):
        raise UnreadableFile(
            "Ce fichier déclare des entités XML, ce qu’aucun logiciel de bureau ne fait.",
            _saved_anew(kind),
        )
    for relation in _EXTERNAL.findall(part):
        if b"/hyperlink" not in relation:
            raise UnreadableFile(
                "Ce fichier va chercher un contenu ailleurs (image liée, modèle distant).",
                "Incorporez l’image au lieu de la lier, et détachez le modèle.",
            )


def _saved_anew(kind: Kind) -> str:
    return f"Ouvrez-le dans votre {_PROGRAM[kind]} et enregistrez-le de nouveau au format .{kind}."
