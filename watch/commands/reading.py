"""`parchemin read`: what one file says, whatever it came back as. Foreign bytes go to the sandbox.

Outside an office the print that came back is not at hand: it is made again, from each certification
that has that form, and the one the page looks like is taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from casefiles.answers import FORMS, Form, Grid
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.answers.reading import accept, where
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from casefiles.errors import CertificationError, UnreadableFile
from forms.returns.outcome import PrintReturned, Returned
from templates import catalog
from watch.confinement.sandbox import Sandbox
from watch.settings import Settings

_HOW = {"flattened": "flattened", "scan": "scan"}


def read_file(file: Path) -> dict[str, Any]:
    """{"recognised", "how", "fields", "problems"}; UnreadableFile when nothing can be read."""
    sandbox, limits = Sandbox(), Settings().limits
    found = sandbox.run("examine", file, limits.unknown, trust=[])
    if found["media"] == "wrapped":
        raise UnreadableFile(
            "C’est une archive ou un courriel, pas un formulaire.",
            "Sortez-en les documents et lisez-les un à un ; le dossier partagé, lui, les ouvre.",
        )
    if found["prints"]:
        return _from_pages(sandbox, file, found)
    imprint = found.get("imprint")
    fields = {k: v for k, v in found["values"].items() if not k.startswith("parchemin/")}
    problems: list[dict[str, str]] = []
    recognised = None
    if imprint and imprint["form"] in FORMS:
        recognised = _recognised(Imprint(**imprint))
        problems = _problems(Imprint(**imprint), fields)
    if found["damaged"]:
        told = " ".join(found["warnings"])
        problems.insert(0, {"field": "", "message": f"Le fichier est incomplet ou abîmé. {told}"})
    return {
        "recognised": recognised,
        "how": found["how"],
        "fields": fields,
        "problems": problems,
    }


def in_words(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each answer given, as people see it on the form: the words of its question, then the answer.

    Of a file that is no form of ours: the field’s name and what it stores.
    """
    recognised = found["recognised"]
    asked = _asked(recognised["form"], recognised["certification"]) if recognised else {}
    for name, value in found["fields"].items():
        if value in (None, "", False):
            continue
        # In a bundle of grids, a field’s name begins with its compétence.
        words, options = asked.get(name) or asked.get(name.partition("/")[2]) or (name, {})
        yield words.removesuffix("."), "coché" if value is True else options.get(value, str(value))


def _asked(form: str, code: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Where each question of a form stands and its options, in their French words, by field."""
    try:
        certification = catalog.load(code)
    except CertificationError:
        return {}
    one = FORMS[form]
    parts = [c.id for c in certification.competences] if one is Grid else [""]
    outlines = (outline(one, Scope(certification=certification, competence=p)) for p in parts)
    return {
        q.name: (where(laid, q.name), {o.value: o.label for o in q.options})
        for laid in outlines
        for q in laid.questions()
    }


def _recognised(imprint: Imprint) -> dict[str, Any]:
    return {
        "form": imprint.form,
        "certification": imprint.certification,
        "case": imprint.case or None,
        "version": imprint.version,
    }


def _from_pages(sandbox: Sandbox, file: Path, found: dict[str, Any]) -> dict[str, Any]:
    shown, *others = [Imprint(**one) for one in found["prints"]]
    best: tuple[float, Imprint, PrintReturned] | None = None
    with TemporaryDirectory(prefix="parchemin-lecture-") as folder:
        for imprint in _candidates(shown):
            print_ = Path(folder, f"{imprint.certification}.pdf")
            print_.write_bytes(_made_again(imprint))
            told = sandbox.run("returned", file, Settings().limits.of_pages(), prints=[str(print_)])
            for read in Returned.model_validate(told).prints:
                likeness = -len(read.doubts) / max(1, len(read.values)) - len(read.missing)
                if best is None or likeness > best[0]:
                    best = likeness, imprint, read
    if best is None or not best[2].pages:
        raise UnreadableFile(
            f"Ce document est le tirage {shown.serial} ({shown.form}), mais ses pages ne se lisent "
            "pas.",
            "Numérisez chaque page entière, à plat ; ou déposez-le dans le dossier partagé.",
        )
    _, imprint, read = best
    asked = set(read.to_type)
    values = {k: v for k, v in read.raw().items() if not k.startswith("parchemin/")}
    problems = [{"field": d.field, "message": f"{d.words} : {d.message}"} for d in read.doubts]
    told_of = {one.field for one in read.doubts}
    problems += [
        {"field": name, "message": "Une réponse est écrite là ; elle est à recopier à la main."}
        for name in read.to_type
        if name not in told_of
    ]
    problems += [p for p in _problems(imprint, values) if p["field"] not in asked]
    problems += [{"field": "", "message": reason} for reason in read.reasons]
    problems += [
        {"field": "", "message": f"Le fichier contient aussi le tirage {one.serial} ({one.form})."}
        for one in others
    ]
    return {
        "recognised": _recognised(imprint),
        "how": _HOW.get(read.how, "fields"),
        "fields": values,
        "problems": problems,
    }


def _candidates(shown: Imprint) -> Iterator[Imprint]:
    """The same print under each certification it may be of; its page’s code does not say which."""
    form = FORMS.get(shown.form)
    if form is None:
        return
    for code in [shown.certification] if shown.certification else catalog.codes():
        certification = catalog.load(code)
        parts = {c.id for c in certification.competences} | {b.id for b in certification.blocs}
        if shown.part and shown.part not in parts:
            continue
        yield replace(
            shown,
            page=0,
            certification=code,
            certification_hash=certification.fingerprint,
        )


def _made_again(imprint: Imprint) -> bytes:
    from forms.render import make, make_bundle

    form, certification = FORMS[imprint.form], catalog.load(imprint.certification)
    key = b"lecture"
    if bundled := _bundled(form, imprint.part, certification):
        scopes = [Scope(certification=certification, competence=one) for one in bundled]
        return make_bundle(form, scopes, imprint=imprint, key=key)
    scope = Scope(certification=certification, competence=imprint.part)
    return make(form, scope, imprint=imprint, key=key, provisional=certification.provisional)


def _bundled(form: type[Form], part: str, certification: Certification) -> list[str]:
    """The compétences of a bundle of grids; none when the print is no bundle."""
    for bloc in certification.blocs:
        if form is Grid and bloc.id == part:
            return [c.id for c in bloc.competences]
    return []


def _problems(imprint: Imprint, fields: dict[str, Any]) -> list[dict[str, str]]:
    form = FORMS[imprint.form]
    try:
        certification = catalog.load(imprint.certification)
    except CertificationError as unknown:
        return [{"field": "", "message": str(unknown)}]
    bundled = _bundled(form, imprint.part, certification)
    parts = [(c.replace(".", "-") + "/", c) for c in bundled] or [("", imprint.part)]
    found = []
    for prefix, part in parts:
        values = {k.removeprefix(prefix): v for k, v in fields.items() if k.startswith(prefix)}
        scope = Scope(certification=certification, competence=part)
        reading = accept(form, scope, values, today=datetime.now(UTC).astimezone().date())
        found += [
            {"field": prefix + p.field, "message": f"{p.where} : {p.message}"}
            for p in reading.problems
        ]
    return found
