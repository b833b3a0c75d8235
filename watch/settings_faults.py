"""What is wrong in parchemin.toml, in French: the setting, its line, what is expected there."""

import re
import tomllib
from typing import Any

from pydantic import ValidationError

PROOFS = {"signature": "signature", "cachet": "seal", "papier": "paper", "aucune": "none"}
"""The proofs a document may bear: the word of the file, then the program’s."""


def syntax_place(error: tomllib.TOMLDecodeError) -> str:
    """Where the file stops being TOML."""
    found = re.search(r"line (\d+)", str(error))
    return f", ligne {found[1]}" if found else ", fin du fichier"


def explain(name: str, text: str, refused: ValidationError) -> tuple[str, str]:
    """(what is refused, each with its line; what to do), of a file of that name and text."""
    faults = []
    for error in refused.errors():
        path = [str(step) for step in error["loc"]]
        line = line_of(text, path)
        place = f"{name}, ligne {line}" if line else name
        faults.append(f"{place} : « {'.'.join(path)} » {_words(dict(error))}.")
    return " ".join(faults), "Corrigez le fichier ; chaque réglage y est expliqué au-dessus de lui."


_FRENCH = {
    "missing": "manque",
    "extra_forbidden": "n’est pas un réglage connu",
    "greater_than": "doit être plus grand que {gt}",
    "greater_than_equal": "doit valoir au moins {ge}",
    "less_than_equal": "doit valoir au plus {le}",
    "literal_error": "doit être l’un de : {expected}",
    "string_pattern_mismatch": "n’est pas écrit comme il faut",
    "string_too_short": "ne peut pas être vide",
    "string_type": "doit être un texte, entre guillemets",
    "too_short": "doit avoir au moins une valeur",
    "int_parsing": "doit être un nombre entier",
    "int_type": "doit être un nombre entier",
    "int_from_float": "doit être un nombre entier",
    "float_parsing": "doit être un nombre",
    "float_type": "doit être un nombre",
    "path_type": "doit être un chemin, entre guillemets",
    "tuple_type": "doit être une liste, entre crochets",
    "dict_type": "doit être une section",
    "model_type": "doit être une section",
    "value_error": "{error}",
}


def _words(error: dict[str, Any]) -> str:
    kind = str(error["type"])
    if kind.startswith("date"):
        return "doit être une date, écrite 2026-03-07"
    words = _FRENCH.get(kind, "a une valeur qui ne convient pas")
    context = dict(error.get("ctx") or {})
    if "expected" in context:
        french = {english: told for told, english in PROOFS.items()}
        found = re.findall(r"'([^']*)'", str(context["expected"]))
        context["expected"] = ", ".join(french.get(word, word) for word in found)
    return words.format_map(context)


def line_of(text: str, path: list[str]) -> int | None:
    """The line (1-based) where TOML text sets that setting, or the section that should."""
    best, deepest, section = None, 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.split("#", 1)[0].strip()
        if header := re.fullmatch(r"\[\[?\s*([^\[\]]+?)\s*\]\]?", bare):
            section = [step.strip().strip('"') for step in header[1].split(".")]
            here = section
        elif setting := re.match(r"([A-Za-z0-9_.\-\"]+)\s*=", bare):
            here = [*section, *(step.strip('"') for step in setting[1].split("."))]
        else:
            continue
        wanted = [step for step in path if not step.isdigit()]
        if wanted[: len(here)] == here and len(here) > deepest:
            best, deepest = number, len(here)
    return best
