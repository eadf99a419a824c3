"""Who was seen lately, by a clock that may be put right meanwhile."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from sessions.reading.present import Hindsight

START, WHILE = datetime(2026, 3, 1, 19, 30, tzinfo=UTC), timedelta(minutes=30)


class Clocks:
    """The steady clock and the wall clock. Time passes on both; only the second one can be put right."""

    def __init__(self) -> None:
        self.steady, self.wall = 1000.0, START

    def wait(self, minutes: float) -> None:
        self.steady += minutes * 60
        self.wall += timedelta(minutes=minutes)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr(time, "monotonic", lambda: clocks.steady)
    monkeypatch.setattr(timezone, "now", lambda: clocks.wall)
    return clocks


def test_as_long_as_nobody_touches_the_clock_it_is_a_plain_while_ago(clocks):
    hindsight = Hindsight()
    clocks.wait(47)
    assert hindsight.look_back(WHILE) == START + timedelta(minutes=17)


def test_who_was_seen_before_the_clock_went_forward_stays_for_the_rest_of_the_while(clocks):
    hindsight = Hindsight()
    clocks.wall += timedelta(hours=1)
    assert hindsight.look_back(WHILE) == START - WHILE
    clocks.wait(29)
    assert hindsight.look_back(WHILE) == START - timedelta(minutes=1)
    clocks.wait(1)
    assert hindsight.look_back(WHILE) == START + timedelta(hours=1)


def test_who_is_seen_after_the_clock_went_back_is_here(clocks):
    hindsight = Hindsight()
    clocks.wall -= timedelta(hours=1)
    assert hindsight.look_back(WHILE) == START - timedelta(hours=1) - WHILE


def test_forward_and_back_again_forgets_nobody(clocks):
    hindsight = Hindsight()
    clocks.wall += timedelta(hours=1)
    hindsight.look_back(WHILE)
    clocks.wait(10)
    clocks.wall -= timedelta(hours=1)
    assert hindsight.look_back(WHILE) == START - timedelta(minutes=20)


def test_a_clock_that_is_put_right_gently_did_not_jump(clocks):
    hindsight = Hindsight()
    clocks.wall += timedelta(seconds=59)
    assert hindsight.look_back(WHILE) == START + timedelta(seconds=59) - WHILE
