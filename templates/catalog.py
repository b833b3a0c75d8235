"""Finds and loads certifications: those shipped here, or the organisation’s own over them.

One YAML file each, named after its code. A file that cannot be used is refused with its line and
what to do; nothing here knows of cases or forms.
"""

import json
import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from casefiles.certification import Certification
from casefiles.errors import CertificationError
from templates.refusals import Fault, certification_schema, fault
from templates.source import Unreadable, parse

__all__ = ["Fault", "check", "codes", "from_canonical", "load", "schema"]

_CODE = re.compile(r"[a-z0-9-]+")
_SHIPPED = files("templates") / "certifications"


def codes(folder: Path | None = None) -> tuple[str, ...]:
    """The codes that `load` knows, sorted; `folder` holds the organisation’s own files."""
    shipped = {one.name for one in _SHIPPED.iterdir()}
    own = {one.name for one in folder.glob("*.yaml")} if folder is not None else set()
    named = (name.removesuffix(".yaml") for name in shipped | own if name.endswith(".yaml"))
    return tuple(sorted(name for name in named if _CODE.fullmatch(name)))


def load(code: str, folder: Path | None = None) -> Certification:
    """The certification of that code, the organisation’s own file first.

    CertificationError when there is none, or when its file is faulty (file, line, what to do).
    """
    name = f"{code}.yaml"
    data = _bytes(code, folder)
    if data is None:
        raise CertificationError(
            f"Aucune certification ne porte le code « {code} ».",
            f"Codes connus : {', '.join(codes(folder))}.",
        )
    read = _read(name, data)
    if isinstance(read, Certification):
        return read
    more = len(read) - 1
    others = f" (et {more} autre{'s' * (more > 1)} erreur{'s' * (more > 1)})" if more else ""
    raise CertificationError(
        f"{read[0].file}, ligne {read[0].line} : {read[0].message}{others}.", read[0].remedy
    )


def check(path: Path) -> tuple[Fault, ...]:
    """Everything to correct in a certification file, by line; empty when it can be used.

    CertificationError when the file itself cannot be opened.
    """
    try:
        data = path.read_bytes()
    except OSError as refused:
        raise CertificationError(
            f"Le fichier {path.name} ne peut pas être ouvert.",
            "Vérifiez son nom et vos droits sur ce dossier.",
        ) from refused
    read = _read(path.name, data)
    return () if isinstance(read, Certification) else read


def from_canonical(data: bytes) -> Certification:
    """The archived version a case or a form was made from; the inverse of `canonical()`."""
    try:
        return Certification.model_validate_json(data)
    except ValidationError as refused:
        raise CertificationError(
            "La version archivée de cette certification ne se relit plus "
            f"({refused.error_count()} erreurs, d’abord : {refused.errors()[0]['msg']}).",
            "Le fichier archivé est abîmé ou vient d’une version plus récente de Parchemin : "
            "rétablissez-le depuis une sauvegarde, ou mettez Parchemin à jour.",
        ) from refused


def schema() -> bytes:
    """The JSON Schema of a certification file, for editors: certifications/schema.json."""
    return (json.dumps(certification_schema(), ensure_ascii=False, indent=1) + "\n").encode()


def _bytes(code: str, folder: Path | None) -> bytes | None:
    if not _CODE.fullmatch(code):
        return None
    own = folder / f"{code}.yaml" if folder is not None else None
    if own is not None and own.is_file():
        return own.read_bytes()
    shipped = _SHIPPED / f"{code}.yaml"
    return shipped.read_bytes() if shipped.is_file() else None


@lru_cache(maxsize=64)
def _read(name: str, data: bytes) -> Certification | tuple[Fault, ...]:
    """Keyed by the content itself: an edited file is read anew whatever its dates say."""
    try:
        source = parse(data)
    except Unreadable as wrong:
        return (Fault(file=name, line=wrong.line, message=wrong.message, remedy=wrong.remedy),)
    try:
        read = Certification.model_validate(source.values)
    except ValidationError as refused:
        faults = (fault(name, source, error) for error in refused.errors(include_url=False))
        return tuple(sorted(faults, key=lambda one: one.line))
    if f"{read.code}.yaml" != name:
        return (
            Fault(
                file=name,
                line=source.line(("code",)),
                message=f"le code « {read.code} » n’est pas le nom du fichier",
                remedy=f"Renommez le fichier {read.code}.yaml, ou corrigez le code.",
            ),
        )
    return read
