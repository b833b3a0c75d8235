"""Experience adds up across employers and volunteering, overlaps once, continuous or not (R14)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.rules.experience import Period, added_up

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))
LENGTHS = st.integers(0, 1500)
PERIODS = st.lists(st.builds(lambda d, n: (d, d + timedelta(days=n)), DAYS, LENGTHS), max_size=6)


def months(*periods: Period) -> int:
    return added_up(periods).months


@pytest.mark.rule("R14")
@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([(date(2024, 1, 1), date(2024, 12, 31))], 12),
        ([(date(2019, 3, 1), date(2020, 2, 29))], 12),
        ([(date(2023, 1, 31), date(2023, 2, 27))], 0),
        ([(date(2023, 1, 31), date(2023, 2, 28))], 1),
        ([(date(2024, 1, 15), date(2025, 1, 13))], 11 + 1),  # thirty days over eleven months
        ([(date(2024, 2, 1), date(2024, 7, 31)), (date(2025, 2, 1), date(2025, 7, 31))], 12),
        ([(date(2024, 1, 1), date(2024, 8, 31)), (date(2024, 6, 1), date(2024, 12, 31))], 12),
        ([(date(2024, 1, 1), date(2024, 1, 15)), (date(2024, 3, 1), date(2024, 3, 15))], 1),
        ([], 0),
    ],
)
def test_months_are_counted_as_a_person_would(periods: list[Period], expected: int) -> None:
    assert months(*periods) == expected


@pytest.mark.rule("R14")
def test_an_overlap_counts_once_and_what_touches_is_one_period() -> None:
    found = added_up(
        [
            (date(2024, 1, 1), date(2024, 6, 30)),
            (date(2024, 7, 1), date(2024, 12, 31)),
            (date(2024, 3, 1), date(2024, 9, 30)),
        ]
    )
    assert found.continuous
    assert found.months == 12


@given(PERIODS, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(periods: list[Period], chance: object) -> None:
    shuffled = list(periods)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert added_up(shuffled) == added_up(periods)


@given(PERIODS)
def test_told_twice_it_counts_once(periods: list[Period]) -> None:
    assert added_up([*periods, *periods]) == added_up(periods)


@given(PERIODS, st.builds(lambda d, n: (d, d + timedelta(days=n)), DAYS, LENGTHS))
def test_one_more_experience_never_counts_for_less(periods: list[Period], more: Period) -> None:
    covered = sum((b - a).days + 1 for a, b in added_up(periods).periods)
    with_more = added_up([*periods, more])
    assert sum((b - a).days + 1 for a, b in with_more.periods) >= covered
    assert with_more.months >= added_up(periods).months - 1
    if not periods:
        assert with_more.months == months(more)


@given(DAYS, st.integers(1, 40))
def test_whole_months_from_any_day_are_that_many_months(start: date, count: int) -> None:
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    if start.day <= 28:
        end = date(year, month + 1, start.day) - timedelta(days=1)
        assert months((start, end)) == count
