"""The trajectory that is shown to who looks for the first time: as a neighbourhood would live it."""

from datetime import UTC, date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from content.languages import BASE
from facilitation.sample import MEETINGS, make_sample, measure_back
from sessions.models import GroupSession, Trajectory
from sessions.reading import read_plan, read_story, read_summary

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_days_ago_is_the_same_hour_on_the_clock_of_that_day(hour):
    """In summer the clock is an hour ahead: late at night a hundred days of 24 hours end on another day."""
    now = datetime(2026, 11, 27, hour, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
    then = (now.astimezone(UTC) - measure_back(now, 120)).astimezone(now.tzinfo)
    assert (then.date(), then.hour) == (date(2026, 7, 30), hour)


@pytest.fixture
def sample(team, alice, edition) -> Trajectory:
    return make_sample(team, alice)


def test_four_meetings_were_held_in_the_year_behind_us_and_all_were_ended(sample):
    sessions = list(sample.sessions.order_by("pk"))
    days = [(timezone.localdate() - timezone.localdate(session.ended_at)).days for session in sessions]
    assert [(session.phase, ago) for session, ago in zip(sessions, days, strict=True)] == [
        (meeting.phase, meeting.ago) for meeting in MEETINGS
    ]
    for session, meeting in zip(sessions, MEETINGS, strict=True):
        summary = read_summary(session, BASE)
        assert sum(voice.count for voice in summary.people) == sum(meeting.people.values())
        assert (timezone.localdate() - summary.held.first).days == meeting.ago
        assert len([step for step in summary.path if step.decided]) >= 3


def test_its_plan_has_goals_steps_and_things_that_wait(sample):
    story = read_story(sample, BASE)
    assert [len(goal.steps) for goal in story.page.goals] == [4, 1]
    assert {wait.kind for wait in story.waits} == {"late", "look-back", "reply", "follow-up"}
    assert story.page.next_time.place == "Buurthuis De Merel"
    assert story.changed == ()  # nothing since the last meeting


def test_the_verslag_of_each_meeting_keeps_the_plan_as_it_was_that_day(sample):
    second = sample.sessions.order_by("pk")[1]
    steps = read_plan(second).only(["actie"]).agreed
    assert {view.line.words.state for view in steps} == {""}
    assert len(steps) == 5


def test_the_command_prints_the_key_last(team, alice, edition):
    out = StringIO()
    call_command("sample_trajectory", "--facilitator", alice.username, stdout=out)
    assert out.getvalue().splitlines()[-1] == str(Trajectory.objects.get().pk)
    assert GroupSession.objects.filter(facilitator=alice).count() == 4


@pytest.mark.parametrize("option", ["--team", "--facilitator"])
def test_whom_nobody_knows_is_told(team, edition, option):
    with pytest.raises(CommandError, match="is er niet"):
        call_command("sample_trajectory", option, "niemand")
    assert Trajectory.objects.count() == 0
