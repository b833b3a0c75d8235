"""The libraries we name are the ones we use, and none forbids what we do with it."""

import ast
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("casefiles", "forms", "signing", "templates", "watch")
PART_OF = {"pydantic_core": "pydantic"}


def plain(name: str) -> str:
    """The name of a distribution, without extras or bounds, as package registries compare them."""
    bare = re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", bare).lower()


def project() -> dict[str, Any]:
    parsed: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return parsed


def declared() -> set[str]:
    """What we import, whether every installation has it or only those on PostgreSQL."""
    found = project()
    always, several = found["dependencies"], found["optional-dependencies"]["postgresql"]
    return {plain(requirement) for requirement in (*always, *several)}


def declared_for_tests() -> set[str]:
    return {plain(each) for each in project()["optional-dependencies"]["test"]}


def undeclared(folders: tuple[str, ...], allowed: set[str]) -> list[str]:
    """Imported names which no allowed distribution provides."""
    names: set[str] = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names.add(node.module.partition(".")[0])
    known = packages_distributions()
    outside = names - set(sys.stdlib_module_names) - set(PACKAGES) - {"tests", "tools", "gi"}
    return [
        name
        for name in sorted(outside)
        if allowed.isdisjoint(plain(each) for each in known.get(PART_OF.get(name, name), ()))
    ]


def test_every_library_the_packages_import_is_declared() -> None:
    assert undeclared(PACKAGES, declared()) == []


def test_every_library_the_tests_import_is_declared() -> None:
    assert undeclared(("tests",), declared() | declared_for_tests()) == []


def test_each_dependency_is_explained() -> None:
    explained = (ROOT / "docs" / "dependances.md").read_text("utf-8").lower()
    named = {plain(name) for name in re.findall(r"^\| `([^`]+)`", explained, re.MULTILINE)}
    assert (declared() | declared_for_tests()) - named == set()


def test_no_library_we_install_is_under_an_affero_licence() -> None:
    seen: set[str] = set()
    waiting = declared() | declared_for_tests()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # needed on another system, or for an extra nobody asked for
        keys = ("License-Expression", "License", "Classifier")
        terms = " ".join(term for key in keys for term in found.metadata.get_all(key) or [])
        assert not re.search(r"AGPL|Affero", terms), name
        waiting |= {plain(each) for each in found.requires or []} - seen
    assert len(seen) > len(declared())
