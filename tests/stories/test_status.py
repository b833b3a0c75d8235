"""`parchemin status`: all the cases, or one of them asked about by its number."""

import json

from tests.stories.conftest import AsTold
from watch.commands.status import is_known, report, written


def test_one_case_is_told_as_among_all_and_nothing_else_with_it(as_told: AsTold) -> None:
    space = as_told("en session")
    whole = report(space.office)
    number, reference = space.numbers()[-1], space.session().reference
    (case,) = [one for one in whole["cases"] if one["number"] == number]
    assert report(space.office, number) == {**whole, "cases": [case], "sessions": []}
    (session,) = whole["sessions"]
    assert report(space.office, reference) == {**whole, "cases": [], "sessions": [session]}
    for asked in (None, number, "2026-9999"):
        told = json.loads("".join(written(space.office, asked)))
        assert told == report(space.office, asked)
        assert is_known(space.office, str(asked)) is bool(asked == number)
    assert report(space.office, "2026-9999") == {**whole, "cases": [], "sessions": []}
