"""« Entre 80 % et 100 % des critères définis », in integers (R68)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.certification import Ratio

FOUR_FIFTHS = Ratio(numerator=4, denominator=5, source="R68")


def test_the_fewest_criteria_for_1_to_12_are_those_of_the_rule() -> None:
    least = [next(v for v in range(n + 1) if FOUR_FIFTHS.reached(v, n)) for n in range(1, 13)]
    assert least == [1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10]
    assert [FOUR_FIFTHS.needed(n) for n in range(1, 13)] == least


@pytest.mark.rule("R68")
@given(defined=st.integers(1, 10_000), data=st.data())
def test_it_is_reached_exactly_when_the_share_is_at_least_80_percent(
    defined: int, data: st.DataObject
) -> None:
    validated = data.draw(st.integers(0, defined))
    reached = FOUR_FIFTHS.reached(validated, defined)
    assert reached == (Fraction(validated, defined) >= Fraction(80, 100))
    assert reached == (validated >= FOUR_FIFTHS.needed(defined))


@given(numerator=st.integers(1, 100), extra=st.integers(0, 100), defined=st.integers(1, 1000))
def test_any_ratio_is_reached_by_the_number_it_needs_and_not_by_one_less(
    numerator: int, extra: int, defined: int
) -> None:
    ratio = Ratio(numerator=numerator, denominator=numerator + extra, source="essai")
    needed = ratio.needed(defined)
    assert needed <= defined
    assert ratio.reached(needed, defined)
    assert not ratio.reached(needed - 1, defined)
