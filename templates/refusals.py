"""What a certification file says wrong, in French: pydantic’s errors turned into faults.

It reads nothing and decides nothing; the models of casefiles.certification do.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic_core import ErrorDetails

from casefiles.certification import Certification
from templates.source import FOLDED, Source

_KINDS: tuple[tuple[str, str], ...] = (
    ("int", "un nombre entier est attendu"),
    ("bool", "true ou false est attendu, sans guillemets"),
    ("date", "une date est attendue, écrite 2026-03-07"),
    ("tuple", "une liste est attendue : une ligne par élément, chacune après un tiret"),
    ("dict", "des clés sont attendues ici, une par ligne"),
    ("model", "des clés sont attendues ici, une par ligne"),
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing to correct in a file: the line (from 1), what is wrong, what to do."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, ligne {self.line} : {self.message}. {self.remedy}".strip()


def fault(file: str, source: Source, error: ErrorDetails) -> Fault:
    """The fault one of pydantic’s errors is, at its line of the file."""
    context = error.get("ctx", {})
    loc = (*error["loc"], *context.get("path", ()))
    message, remedy = _french(error, loc)
    return Fault(file=file, line=source.line(loc), message=message, remedy=remedy)


def _french(error: ErrorDetails, loc: Sequence[str | int]) -> tuple[str, str]:
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    name = next((str(step) for step in reversed(loc) if isinstance(step, str)), "")
    if kind == "missing":
        return f"il manque « {name} »", f"Ajoutez la clé « {name} : » à cet endroit."
    if kind == "extra_forbidden":
        return f"la clé « {name} » n’existe pas ici", _suggestion(name, allowed_keys(loc[:-1]))
    if kind == "incoherence":
        return str(context["reason"]), str(context["remedy"])
    if kind == "value_error":
        return str(context["error"]), "Corrigez le fichier à cet endroit."
    if kind in ("enum", "literal_error", "union_tag_invalid"):
        choices = re.findall(r"'([^']*)'", str(context.get("expected") or context["expected_tags"]))
        chosen = given.get("kind") if isinstance(given, Mapping) else given
        return f"« {chosen} » n’est pas une valeur admise pour {name}", _suggestion(chosen, choices)
    if kind == "union_tag_not_found":
        return f"il manque « kind » sous {name}", "Écrivez « kind: judgment » ou « kind: ratio »."
    if kind == "string_type":
        return _not_a_text(given)
    if kind == "string_pattern_mismatch":
        return (
            f"« {given} » n’a pas la forme attendue pour {name}",
            f"Forme attendue : {context.get('pattern')}.",
        )
    if kind == "too_short":
        return f"« {name} » est vide ou trop court", "Ajoutez au moins un élément."
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = "plus petit" if kind.startswith("greater") else "plus grand"
        limit = context.get("ge", context.get("le"))
        return f"« {name} » vaut {given}, le nombre le {bound} admis est {limit}", "Corrigez-le."
    for prefix, message in _KINDS:
        if kind.startswith(prefix):
            of = f"pour « {name} », " if name else ""
            return f"{of}{message}", "Corrigez cette valeur."
    return f"« {name} » ne convient pas ({error['msg']})", "Corrigez cette valeur."


def _not_a_text(given: Any) -> tuple[str, str]:
    if isinstance(given, Mapping):
        start = next(iter(given), "")
        return f"le deux-points après « {start} » coupe ce texte en deux", FOLDED
    if given is None:
        return "un texte est attendu, il n’y a rien", "Écrivez-le, ou retirez la ligne."
    if isinstance(given, list):
        return "un texte est attendu, il y a une liste", "Retirez les tirets ou les crochets."
    return (
        f"un texte est attendu, « {given} » se lit comme un nombre ou un oui/non",
        f'Mettez-le entre guillemets droits : "{given}".',
    )


def _suggestion(given: Any, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(str(given), known, n=1, cutoff=0.6)
    if close:
        return f"Vouliez-vous « {close[0]} » ?"
    return f"Valeurs possibles : {', '.join(known)}." if known else "Retirez cette ligne."


@cache
def certification_schema() -> dict[str, Any]:
    """The JSON Schema of a certification file, as pydantic writes it from the models."""
    return Certification.model_json_schema()


def allowed_keys(loc: Sequence[str | int]) -> tuple[str, ...]:
    """The keys the schema allows at that path; empty where it does not say."""
    node: Mapping[str, Any] = certification_schema()
    for step in loc:
        node = _step(_resolved(node), step)
    return tuple(_resolved(node).get("properties", ()))


def _resolved(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references and optional parts to the schema they stand for."""
    while True:
        if "$ref" in node:
            node = certification_schema()["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in node:
            node = next(n for n in node["anyOf"] if n.get("type") != "null")
        else:
            return node


def _step(node: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
    if "oneOf" in node:
        return {"$ref": node["discriminator"]["mapping"].get(step, "")}
    if isinstance(step, int):
        prefix = node.get("prefixItems", ())
        found = prefix[step] if step < len(prefix) else node.get("items", {})
    else:
        found = node.get("properties", {}).get(step, node.get("additionalProperties", {}))
    return found if isinstance(found, Mapping) else {}
