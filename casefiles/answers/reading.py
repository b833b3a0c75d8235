"""Raw values taken back into their form: nested, validated, every refusal in French.

`accept` is pure: values in, answers or problems out. A raw value is a str, a bool for a tick, the
option's value for a one-of-several; names are those of `outline`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from casefiles.answers.outline import (
    Block,
    Group,
    Kind,
    Outline,
    Question,
    Table,
    field_name,
    outline,
)
from casefiles.answers.vocabulary import Each, Form, Scope

RawValues = Mapping[str, Any]
F = TypeVar("F", bound=Form)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One refused value: its field, the question in the words of the form, and why.

    `missing` tells an answer not given yet (a draft) from one that cannot be right.
    """

    field: str
    where: str
    message: str
    missing: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading(Generic[F]):
    """The answers, or the problems that keep them from being some; `blank`: nothing filled in."""

    answers: F | None
    problems: tuple[Problem, ...] = ()
    blank: bool = False


def accept(form: type[F], scope: Scope, raw: RawValues, *, today: date) -> Reading[F]:
    """Validate raw values against their form, judged on the day `today`."""
    laid_out = outline(form, scope)
    values = {q.name: _clean(q, raw.get(q.name)) for q in laid_out.questions()}
    asked = [q for q in laid_out.questions() if not q.given]
    blank = not any(values[q.name] not in (None, False) for q in asked)
    problems = [
        *_too_long(laid_out, values),
        *_unseen(laid_out, values),
        *_not_offered(laid_out, values),
    ]
    nested = {**_without_rows(form), **_nest(laid_out.blocks, values)}
    try:
        answers = form.model_validate(nested, context={"today": today, "scope": scope})
    except ValidationError as refused:
        refusals = [
            _problem(error, laid_out, values, scope)
            for error in refused.errors()
            if error["type"] != "enum"  # said by _not_offered
        ]
        said = {refusal.field for refusal in refusals}
        problems = [*(p for p in problems if p.field not in said), *refusals]
        return Reading(answers=None, problems=tuple(problems), blank=blank)
    return Reading(answers=None if problems else answers, problems=tuple(problems), blank=blank)


def differences(laid_out: Outline, printed: RawValues, returned: RawValues) -> tuple[Problem, ...]:
    """The read-only answers that came back other than they were printed."""
    changed = []
    for question in laid_out.questions():
        if not question.given:
            continue
        before = _clean(question, printed.get(question.name))
        after = _clean(question, returned.get(question.name))
        if before != after:
            changed.append(
                Problem(
                    field=question.name,
                    where=where(laid_out, question.name),
                    message=f"cette ligne, imprimée par le bureau, {_worded('disait', before)} ; "
                    f"elle revient {_worded('avec', after)}.",
                )
            )
    return tuple(changed)


def where(laid_out: Outline, name: str) -> str:
    """The question in the words of the form: « Le candidat — Date de naissance »."""
    return " — ".join(_words(laid_out.blocks, name)) or laid_out.title


def _words(blocks: tuple[Block, ...], name: str) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Question):
            if block.name == name:
                yield block.label
        elif name == block.name or name.startswith(f"{block.name}/"):
            if block.title:
                yield block.title
            if isinstance(block, Group):
                yield from _words(block.blocks, name)
            else:
                yield from _table_words(block, name)


def _table_words(table: Table, name: str) -> Iterator[str]:
    for row in table.rows:
        prefix = f"{table.name}/{field_name(row.row.key)}"
        if name == prefix or name.startswith(f"{prefix}/"):
            yield f"ligne {row.row.label}" if table.numbered else row.row.label
            yield from (cell.label for cell in row.cells if cell.name == name)


# Enter writes a line break into a box of one line too, our boxes being multiline to wrap.
_BREAKS = re.compile(r"[ \t\n\v\f\x85\u2028\u2029]+")
# What shows nothing, or shows the words about it in another order than they are written.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNTICKED = frozenset({"", "off", "non", "no", "false", "0"})


def _clean(question: Question, value: Any) -> Any:
    """None for no answer; line breaks and accents in one form, whatever the viewer wrote."""
    if value is None or value is False:
        return False if question.kind is Kind.TICK else None
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    text = text.strip()
    if question.kind is Kind.TICK:
        return text.removeprefix("/").casefold() not in _UNTICKED
    if question.kind is Kind.ONE_OF:
        return _chosen(question, text.removeprefix("/"))
    if question.lines == 1:
        text = _BREAKS.sub(" ", text)
    return text or None


def _chosen(question: Question, text: str) -> str | None:
    """The option of that value, or of those words; what is neither stays as it is."""
    said = text.casefold()
    if said in ("", "off"):
        return None
    for option in question.options:
        if said in (option.value.casefold(), option.label.casefold()):
            return option.value
    return text


def _worded(word: str, value: Any) -> str:
    if value is None:
        return "était vide" if word == "disait" else "vide"
    return f"{word} « {value} »"


def _without_rows(form: type[Form]) -> dict[str, Any]:
    """The tables of the form, empty: one without a row to print (no criteria) is not missing."""
    return {
        name: {}
        for name, info in form.model_fields.items()
        if any(isinstance(note, Each) for note in info.metadata)
    }


def _nest(blocks: tuple[Block, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for block in blocks:
        key = block.key if isinstance(block, Group) else block.name.rsplit("/", 1)[-1]
        if isinstance(block, Question):
            if values[block.name] is not None:
                nested[key] = values[block.name]
        elif isinstance(block, Group):
            inner = _nest(block.blocks, values)
            if block.required or _filled(inner):
                nested[key] = inner
        else:
            rows = [(row, _nest(row.cells, values)) for row in block.rows]
            if block.numbered:
                nested[key] = [cells for _, cells in rows if _filled(cells)]
            else:
                nested[key] = {
                    row.row.key: cells for row, cells in rows if block.required or _filled(cells)
                }
    return nested


def _filled(nested: Mapping[str, Any]) -> bool:
    return any(
        _filled(v) if isinstance(v, Mapping) else v not in (None, False, [])
        for v in nested.values()
    )


def _too_long(laid_out: Outline, values: Mapping[str, Any]) -> Iterator[Problem]:
    for question in laid_out.questions():
        text = values[question.name]
        if question.capacity and isinstance(text, str) and len(text) > question.capacity:
            yield Problem(
                field=question.name,
                where=where(laid_out, question.name),
                message=f"la réponse compte {len(text)} caractères ; "
                f"la place en prévoit {question.capacity} : résumez-la ou joignez une note.",
            )


def _unseen(laid_out: Outline, values: Mapping[str, Any]) -> Iterator[Problem]:
    """A line must say what it shows: it goes into names of files, messages and the parchemin."""
    for question in laid_out.questions():
        text = values[question.name]
        if question.lines == 1 and isinstance(text, str) and (found := _UNSEEN.search(text)):
            yield Problem(
                field=question.name,
                where=where(laid_out, question.name),
                message=f"la réponse contient un caractère invisible (U+{ord(found[0]):04X}) : "
                "effacez-la, puis tapez-la de nouveau.",
            )


def _not_offered(laid_out: Outline, values: Mapping[str, Any]) -> Iterator[Problem]:
    """A choice this print did not offer, even where another certification would."""
    for question in laid_out.questions():
        chosen = values[question.name]
        if question.kind is Kind.ONE_OF and chosen not in (
            None,
            *(o.value for o in question.options),
        ):
            yield Problem(
                field=question.name,
                where=where(laid_out, question.name),
                message=f"« {chosen} » ne fait pas partie des réponses proposées ; cochez-en une.",
            )


def _problem(
    error: ErrorDetails, laid_out: Outline, values: Mapping[str, Any], scope: Scope
) -> Problem:
    name, words = _field_of(error["loc"], laid_out, values), _french(error)
    return Problem(
        field=name,
        where=where(laid_out, name),
        message=scope.said(words) if error["type"] == "reponse_attendue" else words,
        missing=error["type"] in ("missing", "reponse_attendue", "too_short"),
    )


def _field_of(loc: tuple[int | str, ...], laid_out: Outline, values: Mapping[str, Any]) -> str:
    """The field's name from pydantic's location; list positions become the paper's line numbers."""
    parts: list[str] = []
    for step in loc:
        if isinstance(step, int):
            parts.append(_line_number(field_name(*parts), step, laid_out, values))
        else:
            parts.append(step)
    return field_name(*parts)


def _line_number(table: str, position: int, laid_out: Outline, values: Mapping[str, Any]) -> str:
    for block in _tables(laid_out.blocks):
        if block.name == table:
            filled = [r.row.key for r in block.rows if _filled(_nest(r.cells, values))]
            return filled[position]
    return str(position + 1)


def _tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Group):
            yield from _tables(block.blocks)


def _french(error: ErrorDetails) -> str:
    kind, given = error["type"], error.get("input")
    context = error.get("ctx", {})
    if kind == "missing":
        return "une réponse est attendue ici."
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind.startswith(("int", "decimal", "float")):
        return f"un nombre est attendu ; « {given} » n’en est pas un."
    if kind == "greater_than_equal":
        return f"le nombre doit être d’au moins {context.get('ge')} ; il est de {given}."
    if kind == "less_than_equal":
        return f"le nombre doit être d’au plus {context.get('le')} ; il est de {given}."
    if kind == "too_short":
        return "au moins une ligne est à remplir."
    if kind == "string_pattern_mismatch":
        return f"« {given} » n’a pas la forme attendue."
    if kind == "extra_forbidden":
        return "cette réponse ne fait pas partie du formulaire."
    return error["msg"]  # les erreurs propres à un formulaire parlent déjà français
