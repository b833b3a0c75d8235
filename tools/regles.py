"""Writes docs/regles.md from the code: each rule, its source, what applies it, what guards it.

« python tools/regles.py » writes the page; with « --check » it only says whether it is up to date.
Nothing is imported from the tests: their marks are read in their text.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from casefiles.rules.catalogue import CATALOGUE, source
from casefiles.rules.finding import HOUSE

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "regles.md"
CODE = ("casefiles", "forms", "watch", "templates")
_ID = re.compile(r"\bR\d{1,2}\b")
_RANGE = re.compile(r"\bR(\d{1,2})[–-]R?(\d{1,2})\b")
_NOT_HERE = (
    "casefiles/rules/__init__.py",
    "casefiles/rules/catalogue.py",
    "casefiles/rules/finding.py",
)


@cache
def applied() -> dict[str, list[str]]:
    """By rule, the functions and classes whose code or docstring names it."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder in CODE:
        for file in sorted((ROOT / folder).rglob("*.py")):
            where = file.relative_to(ROOT).as_posix()
            text = file.read_text(encoding="utf-8")
            if where not in _NOT_HERE and _ID.search(text):
                for rule, name in _named_in(ast.parse(text)):
                    place = f"`{where}` {name}".strip()
                    if place not in found[rule]:
                        found[rule].append(place)
    return dict(found)


def _named_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    yield from _within(tree, "")


def _within(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield from _within(child, f"`{child.name}`")
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            for rule in _rules(child.value):
                yield rule, name
        else:
            yield from _within(child, name)


def _rules(text: str) -> Iterator[str]:
    for first, last in _RANGE.findall(text):
        yield from (f"R{n}" for n in range(int(first), int(last) + 1))
    yield from _ID.findall(text)


@cache
def guarded() -> dict[str, list[str]]:
    """By rule, the tests that bear its mark: « @pytest.mark.rule("R62") »."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        where = file.relative_to(ROOT).as_posix()
        text = file.read_text(encoding="utf-8")
        if "mark.rule(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    for rule in _marked(mark):
                        found[rule].append(f"`{where}::{node.name}`")
    return dict(found)


def _marked(mark: ast.expr) -> Iterator[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule":
        yield from (str(a.value) for a in mark.args if isinstance(a, ast.Constant))


def page() -> str:
    """docs/regles.md, whole."""
    code, tests = applied(), guarded()
    lines = [
        "# Les règles, leur source, ce qui les tient",
        "",
        "<!-- Page écrite par « python tools/regles.py » depuis le code : ne la modifiez pas. -->",
        "",
        "Chaque règle porte le numéro que montrent les constats et les refus. « Appliquée par »",
        "est relevé dans le code, les formulaires et les données ; « gardée par » nomme les essais",
        "qui échoueraient sans elle. Une règle d’information dit pourquoi rien ne l’applique.",
        "",
        f"Sans source citée : {HOUSE[0].lower()}{HOUSE[1:]}.",
        "",
    ]
    for rule, told in CATALOGUE.items():
        lines += [f"## {rule} — {told.says}", "", f"Source : {source(rule)}.", ""]
        if told.why:
            lines += [f"**Information.** {told.why}", ""]
        held = [*code.get(rule, ()), *(_data(one) for one in told.data)]
        if held:
            lines += ["Appliquée par :", "", *(f"- {place}" for place in held), ""]
        if tests.get(rule):
            lines += ["Gardée par :", "", *(f"- {one}" for one in tests[rule]), ""]
    return "\n".join(lines).rstrip() + "\n"


def _data(named: str) -> str:
    code, _, field = named.partition(":")
    return f"donnée `{field}` de `templates/certifications/{code}.yaml`"


def main() -> int:
    """Write the page, or with « --check » say whether it is up to date."""
    written = page()
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.read_text(encoding="utf-8") == written else 1
    PAGE.write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
