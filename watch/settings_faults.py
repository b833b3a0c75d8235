"""What is wrong in parchemin.toml, in French: the setting, its line, what is expected there."""

import re
import tomllib
from typing import Any

from pydantic import ValidationError

PROOFS = {"signature": "signature", "cachet": "seal", "papier": "paper", "aucune": "none"}
"""The proofs a document may bear: the word of the file, then the program’s."""


_SYNTAX = (
    (r"Cannot declare", "cette section figure déjà plus haut", "N’en gardez qu’une."),
    (r"Cannot overwrite", "ce réglage figure déjà plus haut", "N’en gardez qu’un."),
    (
        r"Unescaped|Invalid hex|not a Unicode scalar",
        "une barre oblique inversée « \\ » ne s’écrit pas entre ces guillemets",
        "Écrivez les chemins avec des « / », ou entre apostrophes : 'C:\\dossier'.",
    ),
    (
        r"Illegal character|Unterminated",
        "le guillemet qui ferme le texte manque",
        'Un texte s’écrit entre deux guillemets droits : "Lyon".',
    ),
    (
        r"Invalid value",
        "cette valeur ne se lit pas",
        'Un texte s’écrit entre deux guillemets droits : "Lyon" ; oui et non s’écrivent true et '
        "false.",
    ),
    (
        r"Expected newline",
        "il y a un mot de trop après la valeur",
        "Un nombre s’écrit avec un point : 2.5 ; un texte, entre deux guillemets droits.",
    ),
    (r"Expected '='", "il manque le signe =", "Un réglage s’écrit : nom = valeur."),
    (r"Expected '\]'|Unclosed", "il manque le crochet qui ferme", "Ajoutez « ] »."),
)


def miswritten(name: str, error: tomllib.TOMLDecodeError) -> tuple[str, str]:
    """(where the file stops being TOML, and why; what to do), of a file of that name."""
    found = re.search(r"line (\d+)", str(error))
    place = f"ligne {found[1]}" if found else "fin du fichier"
    for pattern, why, remedy in _SYNTAX:
        if re.search(pattern, str(error)):
            return f"{name}, {place} : {why}.", remedy
    return (
        f"{name}, {place} : l’écriture n’est pas du TOML.",
        "Vérifiez les guillemets, les crochets et les signes = de cette ligne.",
    )


def miscoded(name: str, error: UnicodeDecodeError) -> tuple[str, str]:
    """(the first line that is not UTF-8; what to do), of a file of that name."""
    line = error.object[: error.start].count(b"\n") + 1
    return (
        f"{name}, ligne {line} : le fichier n’est pas enregistré en UTF-8.",
        "Enregistrez-le de nouveau, encodage « UTF-8 » : dans le Bloc-notes de Windows, "
        "« Enregistrer sous ».",
    )


def explain(name: str, text: str, refused: ValidationError) -> tuple[str, str]:
    """(what is refused, each with its line; what to do), of a file of that name and text."""
    faults = []
    for error in refused.errors():
        path = [str(step) for step in error["loc"]]
        steps = [step for step in error["loc"] if isinstance(step, str)]
        ranks = [step + 1 for step in error["loc"] if isinstance(step, int)]
        named = f"« {'.'.join(steps)} »" + "".join(f", valeur n° {rank}," for rank in ranks[:1])
        line = line_of(text, path)
        place = f"{name}, ligne {line}" if line else name
        faults.append(f"{place} : {named} {_words(dict(error))}.")
    return "\n".join(
        faults
    ), "Corrigez le fichier ; chaque réglage y est expliqué au-dessus de lui."


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
    "bool_parsing": "doit être true (oui) ou false (non), sans guillemets",
    "bool_type": "doit être true (oui) ou false (non), sans guillemets",
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
    for bound in ("gt", "ge", "le"):
        if bound in context:
            context[bound] = f"{context[bound]:g}".replace(".", ",")
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
