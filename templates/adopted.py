"""Other people’s forms adopted: a mapping file says which of their fields answers which question.

A file `name.yaml` beside a PDF. It is checked line by line against the form’s outline and the
fields of the PDF, given as data: no PDF is opened here. `Adopted` carries values both ways.
"""

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from casefiles.answers.outline import Block, Group, Kind, Outline, Question
from templates.refusals import Fault
from templates.source import Source, Unreadable, french, parse

Value = str | bool | list[str]
FieldKind = Literal["text", "tick", "one_of", "other"]


@dataclass(frozen=True, kw_only=True)
class TheirField:
    """A field of their PDF; `states`: what a choice may be, empty for a text."""

    name: str
    kind: FieldKind
    states: tuple[str, ...] = ()
    read_only: bool = False


class Entry(BaseModel):
    """How one question is answered there; exactly one of champ, champs, cases, toujours.

    champ: one field; valeurs: our options → its states. champs: several fields, joined by
    `entre`. cases: our options → a tick box each. toujours: never asked there, always this.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    champ: str | None = None
    valeurs: Mapping[str, str] = {}
    champs: tuple[str, ...] = ()
    entre: str = " "
    cases: Mapping[str, str] = {}
    toujours: str | bool | None = None

    def names(self) -> tuple[str, ...]:
        """The fields it speaks of."""
        return (*((self.champ,) if self.champ else ()), *self.champs, *self.cases.values())


def _entry(told: Any) -> Any:
    return {"champ": told} if isinstance(told, str) else told


class MappingFile(BaseModel):
    """The whole file. `sans_suite`: their fields that are left where they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    formulaire: str
    certification: str
    titre: str = Field(min_length=1)
    pdf: str = Field(pattern=r"^[^/\\]+\.pdf$")
    reponses: dict[str, Annotated[Entry, BeforeValidator(_entry)]]
    sans_suite: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """A mapping that can be used, and the fields of its PDF by the name YAML gives them."""

    mapping: MappingFile
    fields: Mapping[str, TheirField]

    @property
    def fingerprint(self) -> str:
        """Twelve digits that change with the mapping or the fields."""
        told = self.mapping.model_dump_json() + repr(sorted(self.fields.items()))
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def recognises(self, names: Mapping[str, Any]) -> bool:
        """Whether a file with these field names is a copy of that form."""
        asked = [one.name for one in self.fields.values() if one.kind != "other"]
        return bool(asked) and all(name in names for name in asked)

    def ours(self, values: Mapping[str, Value]) -> tuple[dict[str, Value], dict[str, str]]:
        """Our raw values, and by question why one must be asked back."""
        found: dict[str, Value] = {}
        doubts: dict[str, str] = {}
        for question, entry in self.mapping.reponses.items():
            if entry.toujours is not None:
                found[question] = entry.toujours
            elif entry.cases:
                ticked = [ours for ours, box in entry.cases.items() if values.get(self._real(box))]
                found[question] = ticked[0] if ticked else ""
                if len(ticked) > 1:
                    doubts[question] = "a plusieurs cases cochées ; n’en laissez qu’une."
            elif entry.champs:
                parts = [str(values.get(self._real(name), "")).strip() for name in entry.champs]
                found[question] = entry.entre.join(parts) if any(parts) else ""
            else:
                told = values.get(self._real(entry.champ or ""), "")
                back = {french(theirs): ours for ours, theirs in entry.valeurs.items()}
                found[question] = back.get(french(told), told) if isinstance(told, str) else told
        return found, doubts

    def theirs(self, values: Mapping[str, Any]) -> dict[str, Value]:
        """What to write in their fields for what is known of our questions."""
        written: dict[str, Value] = {}
        for question, value in values.items():
            entry = self.mapping.reponses.get(question)
            if entry is None or entry.toujours is not None or value in (None, ""):
                continue
            if entry.cases:
                written |= {self._real(b): ours == value for ours, b in entry.cases.items()}
            elif entry.champs:
                parts = str(value).split(entry.entre, len(entry.champs) - 1)
                written |= {self._real(n): p for n, p in zip(entry.champs, parts, strict=False)}
            elif entry.champ:
                field = self.fields[entry.champ]
                theirs = entry.valeurs.get(str(value), value)
                real = {french(state): state for state in field.states}
                written[field.name] = real.get(str(theirs), theirs)
        return written

    def question_of(self, name: str) -> str:
        """Our question a field of theirs answers, or its own name."""
        for question, entry in self.mapping.reponses.items():
            if name in map(self._real, entry.names()):
                return question
        return name

    def _real(self, name: str) -> str:
        return self.fields[name].name if name in self.fields else name


class MappingFaults(Exception):
    """What must be corrected in the very writing of a mapping file."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*map(str, faults))
        self.faults = faults


def read_mapping(name: str, data: bytes) -> tuple[MappingFile, Source]:
    """A mapping file as data, with its lines; MappingFaults when it cannot be one."""
    try:
        source = parse(data)
        return MappingFile.model_validate(source.values), source
    except Unreadable as wrong:
        raise MappingFaults(
            Fault(file=name, line=wrong.line, message=wrong.message, remedy=wrong.remedy)
        ) from wrong
    except ValidationError as refused:
        raise MappingFaults(
            *(
                Fault(
                    file=name,
                    line=source.line(error["loc"]),
                    message=_words(dict(error)),
                    remedy="Voyez l’exemple de docs/formulaires-adoptes.md.",
                )
                for error in refused.errors(include_url=False)
            )
        ) from refused


def adopt(
    name: str,
    mapping: MappingFile,
    source: Source,
    outline: Outline,
    fields: Mapping[str, TheirField],
) -> Adopted | tuple[Fault, ...]:
    """The mapping held against our form and their PDF; all its faults, by line."""
    known = {french(one): field for one, field in fields.items()}
    adopted = Adopted(mapping=mapping, fields=known)
    found = [
        Fault(file=name, line=source.line(loc), message=message, remedy=remedy)
        for loc, message, remedy in _faults(mapping, outline, known)
    ]
    return tuple(sorted(found, key=lambda one: one.line)) or adopted


_Told = tuple[tuple[str | int, ...], str, str]


def _faults(
    mapping: MappingFile, outline: Outline, fields: Mapping[str, TheirField]
) -> Iterator[_Told]:
    questions = {q.name: q for q in outline.questions()}
    used: dict[str, str] = {}
    for asked, entry in mapping.reponses.items():
        here = ("reponses", asked)
        question = questions.get(asked)
        if question is None:
            yield (
                here,
                f"« {asked} » n’est pas une question de ce formulaire",
                _close(asked, questions),
            )
            continue
        for name in entry.names():
            if name not in fields:
                yield here, f"le PDF n’a pas de champ « {name} »", _close(name, fields)
            elif name in used:
                other = used[name]
                yield (
                    here,
                    f"le champ « {name} » répond déjà à « {other} »",
                    "Gardez l’un des deux.",
                )
            used.setdefault(name, asked)
        for value in sorted({*entry.valeurs, *entry.cases} - {o.value for o in question.options}):
            # Les étapes que le fichier n’a pas sont passées : la ligne est celle de la réponse.
            place = (*here, "valeurs", "cases", value)
            yield (
                place,
                f"« {value} » n’est pas une réponse à « {question.label} »",
                _close(value, {o.value for o in question.options}),
            )
        yield from ((here, *told) for told in _unlike(question, entry, fields))
    for question in _always_asked(outline.blocks):
        if question.name not in mapping.reponses:
            yield (
                ("reponses",),
                f"la réponse attendue à « {question.label} » n’y est pas",
                f"Ajoutez « {question.name} » et le champ qui y répond, ou « toujours ».",
            )
    for name in mapping.sans_suite:
        if name not in fields:
            yield ("sans_suite",), f"le PDF n’a pas de champ « {name} »", _close(name, fields)
    for name, field in fields.items():
        if name not in used and name not in mapping.sans_suite and field.kind != "other":
            yield (
                ("sans_suite",),
                f"le champ « {name} » du PDF n’est ni repris ni laissé",
                "Dites à quelle question il répond, ou ajoutez-le sous « sans_suite ».",
            )


def _always_asked(blocks: Sequence[Block]) -> Iterator[Question]:
    """Questions no answer may lack; those of a section one may leave blank are not."""
    for block in blocks:
        if isinstance(block, Question):
            if block.required:
                yield block
        elif block.required:
            rows = [block.blocks] if isinstance(block, Group) else [r.cells for r in block.rows]
            for row in rows:
                yield from _always_asked(row)


def _unlike(
    question: Question, entry: Entry, fields: Mapping[str, TheirField]
) -> Iterator[tuple[str, str]]:
    """What of an entry cannot answer that question."""
    ways = [bool(entry.champ), bool(entry.champs), bool(entry.cases), entry.toujours is not None]
    if sum(ways) != 1:
        yield "il faut un seul de « champ », « champs », « cases », « toujours »", "Gardez-en un."
        return
    kinds = {fields[name].kind for name in entry.names() if name in fields}
    options = {option.value for option in question.options}
    if entry.cases and kinds - {"tick"}:
        yield "« cases » demande des cases à cocher", "Pour un choix unique, écrivez « champ »."
    if entry.champs and kinds - {"text"}:
        yield "« champs » réunit des champs de texte", "Pour des cases, écrivez « cases »."
    if not entry.champ or entry.champ not in fields:
        return
    field = fields[entry.champ]
    wanted = {Kind.TICK: {"tick"}, Kind.ONE_OF: {"one_of", "text"}}.get(question.kind, {"text"})
    if field.kind not in wanted:
        yield (
            f"le champ « {entry.champ} » n’est pas du genre de « {question.label} »",
            "Choisissez-en un autre, ou écrivez « cases ».",
        )
    elif question.kind is Kind.ONE_OF and field.states:
        shown = {french(state) for state in field.states}
        for value in sorted({entry.valeurs.get(o, o) for o in options} - shown):
            yield f"« {entry.champ} » n’a pas la valeur « {value} »", _close(value, shown)


def _close(given: str, known: Any) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.5)
    if near:
        return f"Vouliez-vous « {near[0]} » ?"
    return f"Il y a : {', '.join(names[:12])}{'…' if len(names) > 12 else ''}."


def _words(error: dict[str, Any]) -> str:
    name = next((str(s) for s in reversed(error["loc"]) if isinstance(s, str)), "")
    if error["type"] == "missing":
        return f"il manque « {name} »"
    if error["type"] == "extra_forbidden":
        return f"la clé « {name} » n’existe pas ici"
    return f"« {name} » n’est pas écrit comme il faut"
