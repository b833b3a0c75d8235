"""The forms of others this office adopted: loaded with their mapping, read back as if ours.

Each is a YAML file and its PDF in the folder the settings name. The PDF is opened in the sandbox
only, once per content; a mapping with faults is refused whole, every fault by its line.
"""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casefiles.answers import FORMS
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Form, Scope
from casefiles.errors import SettingsError, UnreadableFile
from templates.adopted import Adopted, MappingFaults, TheirField, adopt, read_mapping
from templates.refusals import Fault

if TYPE_CHECKING:
    from watch.office import Office


def faults(office: "Office") -> tuple[str, ...]:
    """Everything to correct in the adopted forms’ folder, a sentence each."""
    return tuple(str(fault) for one in _loaded(office) if isinstance(one, tuple) for fault in one)


def adopted_forms(office: "Office") -> tuple[Adopted, ...]:
    """The mappings that can be used; the faulty ones are told by `faults`."""
    return tuple(one for one in _loaded(office) if isinstance(one, Adopted))


def adopted_for(office: "Office", form: type[Form], certification: str) -> Adopted | None:
    """The form of others that stands for ours, for that certification."""
    wanted = (form.NAME, certification)
    for one in adopted_forms(office):
        if (one.mapping.formulaire, one.mapping.certification) == wanted:
            return one
    return None


def in_our_words(office: "Office", examined: Mapping[str, Any]) -> dict[str, Any]:
    """What was examined, told as one of our forms when it is a copy of an adopted one."""
    found = dict(examined)
    imprint, values = examined.get("imprint"), examined["values"]
    known = [one for one in adopted_forms(office) if one.recognises(values)]
    if imprint is not None:
        known = [one for one in known if one.mapping.formulaire == imprint["form"]]
    if not known:
        return found
    one = max(known, key=lambda a: len(a.fields))
    ours, doubts = one.ours(values)
    found["values"] = ours
    found["doubtful"] = [
        *dict.fromkeys([*(one.question_of(name) for name in examined["doubtful"]), *doubts])
    ]
    lines = [*examined["warnings"], *(f"le champ « {q} » {why}" for q, why in doubts.items())]
    found["warnings"] = [_renamed(line, one) for line in lines]
    if imprint is None:
        found["imprint"] = _imprint_of(office, one)
    return found


def filled_for(
    office: "Office", adopted: Adopted, values: Mapping[str, Any], imprint: Imprint
) -> bytes:
    """Their form with what we know in it, marked as our print; made in the sandbox."""
    made = office.sandbox.run(
        "prefill",
        _folder(office) / adopted.mapping.pdf,
        office.settings.limits.unknown,
        values=adopted.theirs(values),
        imprint=imprint.signed(office.imprint_key).text(),
    )
    return base64.b64decode(made["pdf"])


def _imprint_of(office: "Office", adopted: Adopted) -> dict[str, Any]:
    """What a copy that was never printed here is: the form, and no serial."""
    from dataclasses import asdict

    form = FORMS[adopted.mapping.formulaire]
    certification = office.certification(adopted.mapping.certification)
    return asdict(
        Imprint(
            serial="",
            form=form.NAME,
            version=form.VERSION,
            certification=certification.code,
            certification_hash=certification.fingerprint,
        )
    )


def _renamed(line: str, adopted: Adopted) -> str:
    for field in adopted.fields.values():
        line = line.replace(f"« {field.name} »", f"« {adopted.question_of(field.name)} »")
    return line


def _folder(office: "Office") -> Path:
    folder = office.settings.forms_folder
    if folder is None:
        raise SettingsError("Aucun dossier de formulaires adoptés n’est réglé.")
    return folder


def _loaded(office: "Office") -> Iterator[Adopted | tuple[Fault, ...]]:
    folder = office.settings.forms_folder
    if folder is None or not folder.is_dir():
        return
    for file in sorted(folder.glob("*.yaml")):
        yield _one(office, file)


def _one(office: "Office", file: Path) -> Adopted | tuple[Fault, ...]:
    try:
        mapping, source = read_mapping(file.name, file.read_bytes())
    except MappingFaults as wrong:
        return wrong.faults
    form = FORMS.get(mapping.formulaire)
    offered = office.offered()
    if form is None or mapping.certification not in offered:
        key = "formulaire" if form is None else "certification"
        told = mapping.formulaire if form is None else mapping.certification
        known = ", ".join(sorted(FORMS) if form is None else offered)
        return (
            Fault(
                file=file.name,
                line=source.line((key,)),
                message=f"« {told} » n’est pas un nom de {key} connu ici",
                remedy=f"Choisissez parmi : {known}.",
            ),
        )
    pdf = file.with_name(mapping.pdf)
    try:
        fields = _fields(office, pdf)
    except UnreadableFile as no:
        return (
            Fault(
                file=file.name,
                line=source.line(("pdf",)),
                message=f"« {mapping.pdf} » ne peut pas être repris : {no.message.rstrip('.')}",
                remedy=no.remedy,
            ),
        )
    scope = Scope(certification=office.certification(mapping.certification))
    return adopt(file.name, mapping, source, outline(form, scope), fields)


_FIELDS: dict[tuple[str, int, int], dict[str, TheirField]] = {}


def _fields(office: "Office", pdf: Path) -> dict[str, TheirField]:
    """The fields of a blank, looked at again only when the file has changed."""
    try:
        status = pdf.stat()
    except OSError:
        raise UnreadableFile(
            "ce fichier n’est pas à côté de son .yaml.", "Copiez-l’y, ou corrigez « pdf »."
        ) from None
    key = (str(pdf), status.st_mtime_ns, status.st_size)
    if key not in _FIELDS:
        told = office.sandbox.run("their_fields", pdf, office.settings.limits.unknown)
        _FIELDS[key] = {name: _field(one) for name, one in told.items()}
    return _FIELDS[key]


def _field(told: Mapping[str, Any]) -> TheirField:
    return TheirField(**{**told, "states": tuple(told["states"])})
