"""Whom we trust: lists of authorities from PEM or DER files; it knows no document.

A `Trust` is bytes only, so it travels to the process where foreign files are opened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from asn1crypto import pem, x509

from casefiles.errors import SigningError

_SUFFIXES = {".pem", ".crt", ".cer", ".der"}
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Authorities trusted, and what helps to reach them; all DER.

    roots: accepted ends of a chain (or a signer's own certificate, kept with a case). others:
    intermediates. crls, ocsps: revocation answers kept with the document.
    """

    roots: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.roots)

    def and_also(self, other: "Trust") -> Self:
        """Both lists together: the organisation's, and those of one document."""
        return type(self)(
            roots=self.roots + other.roots,
            others=self.others + other.others,
            crls=self.crls + other.crls,
            ocsps=self.ocsps + other.ocsps,
        )


NOBODY = Trust()


def load(paths: Path | Iterable[Path]) -> Trust:
    """The authorities of PEM or DER files, or of every such file in a folder.

    SigningError names the file, or the folder, that holds no certificate: nobody is trusted by
    mistake.
    """
    listed = [paths] if isinstance(paths, Path) else list(paths)
    roots: list[bytes] = []
    for path in listed:
        for file in _inside(path) if path.is_dir() else [path]:
            roots += _certificates(file)
    return Trust(roots=tuple(dict.fromkeys(roots)))


def _inside(folder: Path) -> list[Path]:
    try:
        found = sorted(p for p in folder.iterdir() if p.suffix.lower() in _SUFFIXES)
    except OSError as error:
        raise _unreadable(folder) from error
    if not found:
        raise SigningError(
            f"Le dossier « {folder.name or folder} » ne contient aucune autorité : avec lui, "
            "personne ne serait reconnu.",
            "Mettez-y les certificats de vos autorités, un fichier chacun "
            f"({', '.join(sorted(_SUFFIXES))}), ou donnez le bon dossier.",
        )
    return found


def _unreadable(path: Path) -> SigningError:
    return SigningError(
        f"« {path.name or path} » n’a pas pu être lu.", "Vérifiez son emplacement et ses droits."
    )


def _certificates(path: Path) -> list[bytes]:
    try:
        with path.open("rb") as opened:
            content = opened.read(_LARGEST)
    except OSError as error:
        raise _unreadable(path) from error
    try:
        if pem.detect(content):
            found = [der for kind, _, der in pem.unarmor(content, multiple=True)
                     if kind == "CERTIFICATE"]  # fmt: skip
        else:
            found = [content]
        for der in found:
            x509.Certificate.load(der, strict=True).subject.native  # noqa: B018
    except (ValueError, TypeError) as error:
        raise SigningError(
            f"« {path.name} » ne contient pas de certificat lisible.",
            "Donnez la liste des autorités en PEM (« -----BEGIN CERTIFICATE----- »).",
        ) from error
    if not found:
        raise SigningError(
            f"« {path.name} » ne contient aucun certificat.",
            "Donnez la liste des autorités en PEM (« -----BEGIN CERTIFICATE----- »).",
        )
    return found
