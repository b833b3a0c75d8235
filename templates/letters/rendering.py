"""A letter made of a Word template and facts; the only module that knows docxtpl and Jinja.

A template is refused by the name of what it does not know, before anything is written. The same
facts and template give the same bytes.
"""

import difflib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casefiles.errors import UnreadableFile
from templates.container import weigh
from templates.letters.errors import LetterError
from templates.letters.variables import VARIABLES, Fact, Facts, samples
from templates.source import french

if TYPE_CHECKING:
    from jinja2 import Environment

_SHIPPED = files("templates") / "letters"
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]")
# A repère is read whole, or looked for in vain.
_MARK = re.compile(r"repère D-")
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter as Word reads it. `own`: made from the organisation’s template, not ours."""

    name: str
    docx: bytes
    own: bool = False


def names() -> tuple[str, ...]:
    """The letters there are, « convocation » first."""
    return tuple(VARIABLES)


def packaged(name: str) -> bytes:
    """The letter we ship, to copy into the organisation’s folder; KeyError for an unknown one."""
    if name not in VARIABLES:
        raise KeyError(name)
    return (_SHIPPED / f"{name}.docx").read_bytes()


def render(name: str, facts: Facts, folder: Path | None = None) -> Letter:
    """The letter of that name, from the organisation’s « name.docx » in `folder` or from ours.

    facts: a value for every variable of the letter (`VARIABLES`). LetterError when the template
    holds a variable nobody knows, or cannot be used; KeyError for an unknown letter.
    """
    known = VARIABLES[name]
    if missing := sorted(known.keys() - facts.keys()):
        raise ValueError(f"{name}: no value for {', '.join(missing)}")
    data, own = _template(name, folder)
    _refuse_unknown(name, data)
    docx = _filled(name, data, {key: _cleaned(facts[key]) for key in known})
    return Letter(name=name, docx=docx, own=own)


def check(name: str, folder: Path | None = None) -> None:
    """Try a template on invented facts; LetterError when it would not do."""
    render(name, samples(name), folder)


def _template(name: str, folder: Path | None) -> tuple[bytes, bool]:
    own = folder / f"{name}.docx" if folder is not None else None
    if own is None or not own.is_file():
        return packaged(name), False
    try:
        data = own.read_bytes()
        weigh(data, "docx")
    except OSError as refused:
        raise LetterError(
            f"La lettre {own.name} ne peut pas être ouverte ({refused.strerror}).",
            "Vérifiez vos droits sur ce dossier, et qu’elle n’est pas ouverte dans Word.",
        ) from refused
    except UnreadableFile as refused:
        raise LetterError(f"La lettre {own.name} : {refused.message}", refused.remedy) from refused
    return data, True


def _refuse_unknown(name: str, data: bytes) -> None:
    unknown = _unknown(name, data)
    if unknown:
        several = len(unknown) > 1
        said = ", ".join(f"« {one} »" for one in unknown)
        raise LetterError(
            f"La lettre {name}.docx emploie {'des variables inconnues' if several else 'une '}"
            f"{'' if several else 'variable inconnue'} : {said}.",
            _suggestion(unknown[0], tuple(VARIABLES[name])),
        )


def _suggestion(given: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
    asked = f"Vouliez-vous « {close[0]} » ? " if close else ""
    return f"{asked}Variables de cette lettre : {', '.join(sorted(known))}."


@cache
def _environment() -> "Environment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _unknown(name: str, data: bytes) -> tuple[str, ...]:
    """What the template names and the letter does not know, in the order of the alphabet."""
    from jinja2 import TemplateSyntaxError, meta

    found: set[str] = set()
    for source in _sources(name, data):
        try:
            tree = _environment().parse(source)
        except TemplateSyntaxError as wrong:
            raise LetterError(
                f"La lettre {name}.docx contient une balise mal écrite ({wrong.message}).",
                "Une variable s’écrit {{ nom }} ; une répétition commence par {%p for … in … %} et "
                "finit par {%p endfor %}.",
            ) from wrong
        found |= meta.find_undeclared_variables(tree) - VARIABLES[name].keys()
        found |= set(_unknown_fields(name, tree))
    return tuple(sorted(found))


def _unknown_fields(name: str, tree: Any) -> Iterator[str]:
    """« candidat.nmo »: what a line of a list does not hold, tried branch or not."""
    from jinja2 import nodes

    known = VARIABLES[name]
    lines: dict[str, Mapping[str, str]] = {}
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name):
            variable = known.get(loop.iter.name)
            lines[loop.target.name] = variable.fields if variable else {}
    for asked in tree.find_all(nodes.Getattr):
        if isinstance(asked.node, nodes.Name) and asked.node.name != "loop":
            thing = asked.node.name
            if asked.attr not in lines.get(thing, {}) and (thing in lines or thing in known):
                yield f"{thing}.{asked.attr}"


def _opened(name: str, data: bytes) -> Any:
    from docxtpl import DocxTemplate

    try:
        template = DocxTemplate(BytesIO(data))
        template.init_docx()
        template.get_xml()
    except Exception as wrong:  # python-docx lève n’importe quoi d’un fichier qui n’en est pas un
        raise LetterError(
            f"La lettre {name}.docx n’est pas un document Word lisible.",
            "Ouvrez-la dans Word ou LibreOffice, et enregistrez-la au format .docx.",
        ) from wrong
    return template


def _sources(name: str, data: bytes) -> Iterator[str]:
    """The parts where variables are replaced, as Jinja will read them."""
    template = _opened(name, data)
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))
    properties = template.docx.core_properties
    yield " ".join((properties.title, properties.subject, properties.author, properties.comments))


def _filled(name: str, data: bytes, facts: Mapping[str, Any]) -> bytes:
    from jinja2 import TemplateError

    template = _opened(name, data)
    try:
        template.render(facts, jinja_env=_environment())
    except TemplateError as wrong:
        raise LetterError(
            f"La lettre {name}.docx ne se remplit pas ({wrong.message}).",
            "Reprenez la lettre livrée, et changez-y une chose à la fois.",
        ) from wrong
    out = BytesIO()
    template.save(out)
    _refuse_left_overs(name, out.getvalue())
    return dateless(out.getvalue())


def dateless(data: bytes) -> bytes:
    """The same archive without the moment it was made: the same content, the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as made, zipfile.ZipFile(out, "w") as kept:
        for member in made.infolist():
            entry = zipfile.ZipInfo(member.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, made.read(member))
    return out.getvalue()


def _refuse_left_overs(name: str, data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as made:
        for member in made.namelist():
            if member.startswith("word/") and member.endswith(".xml"):
                _refuse_left_over(name, made.read(member))


def _refuse_left_over(name: str, content: bytes) -> None:
    text = re.sub(r"<[^>]*>", "", content.decode("utf-8", "replace"))
    if found := _LEFT_OVER.search(text):
        around = " ".join(text[max(found.start() - 30, 0) : found.end() + 30].split())
        raise LetterError(
            f"La lettre {name}.docx contient une balise qui n’est pas remplacée, près de "
            f"« {around} ».",
            "Une balise s’ouvre et se ferme dans le même paragraphe, et ne se met ni dans un "
            "commentaire ni dans une note de fin.",
        )


def _cleaned(fact: Fact) -> Any:
    """Texts as a letter prints them: French spaces, no control sign, no tag of their own."""
    if isinstance(fact, bool):
        return fact
    if isinstance(fact, str):
        text = _CONTROL.sub(" ", fact.replace("\r\n", "\n"))
        text = _MARK.sub("repère D\N{NON-BREAKING HYPHEN}", text)
        return french(_LEFT_OVER.sub(lambda found: " ".join(found[0]), text))
    return [{key: _cleaned(value) for key, value in line.items()} for line in fact]
