"""A form laid out as questions: what the renderer draws and the reader looks for.

The one walk over a form's annotations. Field names are paths joined by « / » in which the dots of
identifiers become « - » (a dot means hierarchy inside a PDF form).
"""

import hashlib
import json
import types
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from casefiles.answers.vocabulary import (
    Ask,
    Choice,
    Each,
    Form,
    Lines,
    Row,
    Scope,
    Section,
)


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    DATE = "date"
    TICK = "tick"
    ONE_OF = "one_of"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option of a ONE_OF question: the stored value and its words."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One field of the form. Sizes as in `Ask`; `capacity` 0 means the box's own."""

    name: str
    label: str
    kind: Kind
    options: tuple[Option, ...] = ()
    required: bool = False
    given: bool = False
    lines: int = 1
    capacity: int = 0
    columns: int = 12
    help: str = ""
    anew: bool = False


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column head of a table; options are spread as sub-columns for ONE_OF cells."""

    label: str
    columns: int
    kind: Kind
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One row: its words on the left (empty for numbered blank lines), its cells on the right."""

    row: Row
    cells: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of questions. `row_label` heads the column of row words."""

    name: str
    title: str
    intro: str
    row_label: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    numbered: bool = False
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    """A titled section with its questions and tables, in reading order; `key` is its model's."""

    name: str
    key: str
    title: str
    intro: str
    blocks: tuple["Block", ...]
    required: bool = False


Block = Question | Table | Group


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A whole form, laid out for one scope."""

    form: str
    title: str
    intro: str
    blocks: tuple[Block, ...]

    def questions(self) -> Iterator[Question]:
        """Every question, in reading order."""
        return _questions(self.blocks)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the words, names and order of the form: the version that was printed."""
        words = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(words.encode()).hexdigest()


def field_name(*parts: str) -> str:
    """« criteria/BDC1-1-M1/mark » from its parts."""
    return "/".join(part.replace(".", "-") for part in parts if part)


def outline(form: type[Form], scope: Scope) -> Outline:
    """The form's questions for that scope, in reading order."""
    if scope.lists:
        return _laid_out(form, scope)
    return _remembered(form, Remembered.of(scope))


@dataclass(frozen=True)
class Remembered:
    """A scope without lists, compared by what it is about: the key of what is worked out once."""

    fingerprint: str
    blocs: tuple[str, ...]
    competence: str
    scope: Scope = field(compare=False)

    @classmethod
    def of(cls, scope: Scope) -> "Remembered":
        """The key of that scope."""
        return cls(scope.certification.fingerprint, scope.blocs, scope.competence, scope)


@lru_cache(maxsize=256)
def _remembered(form: type[Form], about: Remembered) -> Outline:
    return _laid_out(form, about.scope)


def _laid_out(form: type[Form], scope: Scope) -> Outline:
    return Outline(
        form=form.NAME,
        title=form.TITLE,
        intro=scope.said(form.INTRO),
        blocks=tuple(_blocks(form, (), scope)),
    )


def _questions(blocks: tuple[Block, ...]) -> Iterator[Question]:
    for block in blocks:
        if isinstance(block, Question):
            yield block
        elif isinstance(block, Table):
            for row in block.rows:
                yield from row.cells
        else:
            yield from _questions(block.blocks)


def _blocks(model: type[BaseModel], path: tuple[str, ...], scope: Scope) -> Iterator[Block]:
    for name, info in model.model_fields.items():
        here = (*path, name)
        for note in info.metadata:
            if isinstance(note, Ask):
                if _asked(note, scope):
                    yield _question(here, info, note, scope)
            elif isinstance(note, Section):
                inner = _model_of(info.annotation)
                yield Group(
                    name=field_name(*here),
                    key=name,
                    title=scope.said(note.title),
                    intro=scope.said(note.intro),
                    blocks=tuple(_blocks(inner, here, scope)),
                    required=info.is_required(),
                )
            elif isinstance(note, Each):
                if note.cards:
                    yield _cards(here, info, note, scope)
                elif (table := _each(here, info, note, scope)).rows:
                    yield table
            elif isinstance(note, Lines):
                yield _lines(here, info, note, scope)


def _asked(ask: Ask, scope: Scope) -> bool:
    return not ask.when or scope.holds(ask.when)


def _question(path: tuple[str, ...], info: FieldInfo, ask: Ask, scope: Scope) -> Question:
    kind, options = _kind(info.annotation, ask, scope)
    return Question(
        name=field_name(*path),
        label=scope.said(ask.label),
        kind=kind,
        options=options,
        required=info.is_required(),
        given=ask.given,
        lines=ask.lines,
        capacity=ask.capacity,
        columns=ask.columns,
        help=scope.said(ask.help),
        anew=ask.anew,
    )


def _each(path: tuple[str, ...], info: FieldInfo, each: Each, scope: Scope) -> Table:
    value_type = get_args(info.annotation)[1]
    return Table(
        name=field_name(*path),
        title=scope.said(each.title),
        intro=scope.said(each.intro),
        row_label=scope.said(each.row_label),
        columns=_columns(value_type, scope),
        rows=tuple(
            TableRow(row=row, cells=_cells(value_type, (*path, row.key), scope))
            for row in each.rows(scope)
        ),
        required=info.is_required(),
    )


def _cards(path: tuple[str, ...], info: FieldInfo, each: Each, scope: Scope) -> Group:
    value_type = get_args(info.annotation)[1]
    return Group(
        name=field_name(*path),
        key=path[-1],
        title=scope.said(each.title),
        intro=scope.said(each.intro),
        blocks=tuple(
            Group(
                name=field_name(*path, row.key),
                key=row.key,
                title=row.label,
                intro="",
                blocks=tuple(
                    block
                    if info.is_required() or not isinstance(block, Question)
                    # A card left blank is no card: nothing in it can be required on the paper.
                    else replace(block, required=False)
                    for block in _blocks(
                        value_type, (*path, row.key), replace(scope, inside=row.key)
                    )
                ),
                required=info.is_required(),
            )
            for row in each.rows(scope)
        ),
        required=info.is_required(),
    )


def _lines(path: tuple[str, ...], info: FieldInfo, lines: Lines, scope: Scope) -> Table:
    value_type = get_args(info.annotation)[0]
    return Table(
        name=field_name(*path),
        title=scope.said(lines.title),
        intro=scope.said(lines.intro),
        row_label="",
        columns=_columns(value_type, scope),
        rows=tuple(
            TableRow(
                row=Row(key=str(number), label=str(number)),
                # A blank line is no line: nothing in it can be required on the paper itself.
                cells=tuple(
                    replace(cell, required=False)
                    for cell in _cells(value_type, (*path, str(number)), scope)
                ),
            )
            for number in range(1, lines.count + 1)
        ),
        numbered=True,
    )


def _cells(model: type[BaseModel], path: tuple[str, ...], scope: Scope) -> tuple[Question, ...]:
    return tuple(b for b in _blocks(model, path, scope) if isinstance(b, Question))


def _columns(model: type[BaseModel], scope: Scope) -> tuple[Column, ...]:
    heads = []
    for info in model.model_fields.values():
        for note in info.metadata:
            if isinstance(note, Ask) and _asked(note, scope):
                kind, options = _kind(info.annotation, note, scope)
                heads.append(
                    Column(
                        label=scope.said(note.label),
                        columns=note.columns,
                        kind=kind,
                        options=options,
                    )
                )
    return tuple(heads)


def _kind(annotation: Any, ask: Ask, scope: Scope) -> tuple[Kind, tuple[Option, ...]]:
    bare, allowed = _bare(annotation), scope.allowed(ask.only)
    if bare is bool:
        return Kind.TICK, ()
    if isinstance(bare, type) and issubclass(bare, Choice):
        kept = [m for m in bare if not allowed or m.value in allowed]
        return Kind.ONE_OF, tuple(
            Option(value=m.value, label=scope.words(ask.only, m.value) or scope.said(m.label))
            for m in kept
        )
    if bare is date:
        return Kind.DATE, ()
    return Kind.TEXT, ()


def _bare(annotation: Any) -> Any:
    """The type under Optional and Annotated."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [a for a in get_args(annotation) if a is not type(None)]
        return _bare(inner[0])
    if hasattr(annotation, "__metadata__"):
        return _bare(get_args(annotation)[0])
    return annotation


def _model_of(annotation: Any) -> type[BaseModel]:
    bare = _bare(annotation)
    if not (isinstance(bare, type) and issubclass(bare, BaseModel)):
        raise TypeError(f"a Section needs a model, not {annotation!r}")
    return bare
