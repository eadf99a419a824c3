"""What is kept at a line to count or to tell, also where PostgreSQL keeps it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sessions.models import GroupSession, Measurement, PlanLink, Tale
from sessions.rules.evaluation import MOST_AT_A_LINE
from sessions.rules.refusals import Refused
from sessions.writing.evaluation import drop_evidence, keep_measurement, keep_tale
from sessions.writing.links import share_plan
from tests.actors import LEADER
from tests.plans import add_line

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)


def count(session: GroupSession, line: int, value: str, day: date = DAY) -> None:
    keep_measurement(session.trajectory_id, line, Decimal(value), unit="auto's", day=day, actor=LEADER)


def test_the_same_number_twice_is_one_and_another_of_that_day_is_refused(session):
    line = add_line(session.trajectory, "tellen", "auto's").pk
    count(session, line, "41")
    count(session, line, "41.0")
    with pytest.raises(Refused, match="counted-already"):
        count(session, line, "42")
    assert Measurement.objects.values_list("value", flat=True).get() == 41


def test_a_line_keeps_sixty_of_each(session):
    cars, tales = (add_line(session.trajectory, kind, "iets").pk for kind in ("tellen", "vertellen"))
    for number in range(MOST_AT_A_LINE):
        count(session, cars, "1", DAY + timedelta(days=number))
        keep_tale(session.trajectory_id, tales, f"verhaal {number}", actor=LEADER)
    with pytest.raises(Refused, match="too-much-kept"):
        count(session, cars, "1", DAY - timedelta(days=1))
    with pytest.raises(Refused, match="too-much-kept"):
        keep_tale(session.trajectory_id, tales, "nog een", actor=LEADER)


def test_each_write_raises_the_revision_of_the_plan_and_what_changes_nothing_does_not(session):
    line = add_line(session.trajectory, "tellen", "auto's").pk

    def revise() -> int:
        session.trajectory.refresh_from_db()
        return session.trajectory.plan_revision

    before = revise()
    count(session, line, "41")
    once = revise()
    count(session, line, "41")
    assert (once - before, revise()) == (1, once)


def test_a_story_goes_from_every_link_of_its_plan_and_from_no_other(session):
    line = add_line(session.trajectory, "vertellen", "wat kinderen merken").pk
    keep_tale(session.trajectory_id, line, "Sam loopt nu.", actor=LEADER)
    kept = {"sheet": {"more": [{"texts": ["wat kinderen merken (‘Sam loopt nu.’)", "Sam loopt nu."]}]}, "days": ""}
    share_plan(session.trajectory_id, with_names=False, frozen=kept, actor=LEADER)
    drop_evidence(session.trajectory_id, line, Tale.objects.get().pk, actor=LEADER)
    # What the group wrote itself stays as it is.
    assert PlanLink.objects.get().frozen["sheet"]["more"] == [{"texts": ["wat kinderen merken", "Sam loopt nu."]}]
