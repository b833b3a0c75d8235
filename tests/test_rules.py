"""Every rule of the sources is applied and guarded, or says why it only informs."""

import importlib.util
from pathlib import Path

import pytest

from casefiles.rules.catalogue import CATALOGUE, source
from casefiles.rules.finding import SOURCES
from templates import catalog

ROOT = Path(__file__).parents[1]
_SPEC = importlib.util.spec_from_file_location("regles", ROOT / "tools" / "regles.py")
assert _SPEC is not None
assert _SPEC.loader is not None
regles = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(regles)

APPLIED, GUARDED = regles.applied(), regles.guarded()
INFORMATION = {rule for rule, told in CATALOGUE.items() if told.why}


def test_the_catalogue_holds_every_rule_from_1_to_95_once() -> None:
    assert list(CATALOGUE) == [f"R{number}" for number in range(1, 96)]


@pytest.mark.parametrize("rule", CATALOGUE)
def test_a_rule_is_applied_and_guarded_or_says_why_it_only_informs(rule: str) -> None:
    assert source(rule)
    if rule not in INFORMATION:
        assert APPLIED.get(rule) or CATALOGUE[rule].data, f"{rule}: nothing applies it"
        assert GUARDED.get(rule), f"{rule}: no test would fail without it"


def test_no_code_and_no_test_names_a_rule_that_does_not_exist() -> None:
    assert {*APPLIED, *GUARDED} - CATALOGUE.keys() == set()
    quoted = {rule for rule in SOURCES if rule[1:].isdigit()}
    assert quoted <= CATALOGUE.keys()


@pytest.mark.parametrize("named", sorted({one for told in CATALOGUE.values() for one in told.data}))
def test_what_the_data_are_said_to_hold_is_there(named: str) -> None:
    code, _, field = named.partition(":")
    held: object = catalog.load(code)
    for name in field.split("."):
        held = getattr(held, name)
    # « False » est une réponse ; rien, ou une liste vide, n’en est pas une.
    assert held not in (None, "", (), {})


def sections(page: str) -> dict[str, tuple[list[str], set[str]]]:
    """By rule: what the page says, and the places and tests it names."""
    found = {}
    for section in page.split("\n## ")[1:]:
        lines = section.splitlines()
        named = {line for line in lines if line.startswith("- ")}
        found[lines[0].split()[0]] = ([line for line in lines if line not in named], named)
    return found


def test_the_page_says_of_each_rule_what_the_code_says_and_names_nothing_that_is_gone() -> None:
    written = sections(regles.PAGE.read_text(encoding="utf-8"))
    true = sections(regles.page())
    assert list(written) == list(true) == list(CATALOGUE)
    for rule, (said, named) in written.items():
        assert said == true[rule][0], f"{rule} : lancez « python tools/regles.py »"
        assert named <= true[rule][1], f"{rule} : lancez « python tools/regles.py »"
