"""Where numbers stand in a chart: honest about how large they are, and when they were counted."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sessions.rules.evaluation import Measured, plot_values

DAY = date(2026, 1, 1)


def measure(*values: float, every: int = 10) -> list[Measured]:
    return [Measured(0, DAY + timedelta(days=place * every), Decimal(str(v)), "") for place, v in enumerate(values)]


def test_nothing_is_no_chart():
    assert plot_values([]) == ((), 0.0)


def test_the_bottom_is_nought_so_a_small_change_looks_small():
    assert [dot.y for dot in plot_values(measure(40, 38))[0]] == [1.0, 0.95]


def test_one_number_stands_in_the_middle():
    assert [(dot.x, dot.y) for dot in plot_values(measure(7))[0]] == [(0.5, 1.0)]


def test_below_nought_the_lowest_is_the_bottom():
    dots, nought = plot_values(measure(-5, 15))
    assert ([dot.y for dot in dots], nought) == ([0.0, 1.0], 0.25)


def test_days_stand_as_far_apart_as_they_were():
    numbers = [
        one._replace(day=DAY + timedelta(days=days)) for one, days in zip(measure(1, 2, 3), (0, 9, 10), strict=True)
    ]
    assert [dot.x for dot in plot_values(numbers)[0]] == [0.0, 0.9, 1.0]


@given(st.lists(st.decimals(-9_999_999, 9_999_999, places=2), max_size=60))
def test_whatever_was_counted_stands_inside_and_in_order(values):
    dots, nought = plot_values(
        [Measured(0, DAY + timedelta(days=place), value, "") for place, value in enumerate(values)]
    )
    assert all(0 <= dot.x <= 1 and 0 <= dot.y <= 1 for dot in dots)
    assert 0 <= nought <= 1
    assert [dot.measured.value for dot in dots] == values
