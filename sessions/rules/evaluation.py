"""Counting and telling: what is kept at an indicator, and where its numbers stand in a chart. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

UNIT_LENGTH, TALE_LENGTH = 30, 300
MOST_AT_A_LINE = 60  # numbers, or stories

COUNTED, TOLD = "tellen", "vertellen"


class Measured(NamedTuple):
    """A number that was counted on a day."""

    key: int
    day: date
    value: Decimal
    unit: str


class Telling(NamedTuple):
    """A short story, and the day on which who told it agreed that it is shown."""

    key: int
    day: date
    text: str


class Findings(NamedTuple):
    """All that was counted and told at one line of the plan, the oldest first."""

    measured: tuple[Measured, ...] = ()
    told: tuple[Telling, ...] = ()


def quote_tale(text: str) -> str:
    """A story as it stands in a line of words."""
    return f"‘{text}’"


def forget_tale(kept: Any, text: str) -> Any:
    """The same plain values without this story, wherever it stands in them."""
    if isinstance(kept, str):
        return kept.replace(f" ({quote_tale(text)})", "").replace(quote_tale(text), "")
    if isinstance(kept, dict):
        return {name: forget_tale(value, text) for name, value in kept.items()}
    return [forget_tale(value, text) for value in kept] if isinstance(kept, list) else kept


class Dot(NamedTuple):
    """Where a number stands: `x` and `y` from 0 to 1, of the width and from the bottom."""

    x: float
    y: float
    measured: Measured


def plot_values(measured: Sequence[Measured]) -> tuple[tuple[Dot, ...], float]:
    """The numbers of one line in time, and where nought is. Nought is always in it: a chart exaggerates nothing."""
    if not measured:
        return (), 0.0
    first, last = measured[0].day, measured[-1].day
    days = (last - first).days
    low = min(Decimal(0), *(one.value for one in measured))
    high = max(Decimal(0), *(one.value for one in measured))
    span = float(high - low) or 1.0
    dots = tuple(
        Dot((one.day - first).days / days if days else 0.5, float(one.value - low) / span, one) for one in measured
    )
    return dots, float(-low) / span
