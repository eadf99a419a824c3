"""Two trajectories that turn out to be one neighbourhood's, and what becomes of that when it was a mistake."""

import pytest

from facilitation.live.plan_page import find_named
from sessions.models import GroupSession, PlanLine, Team, Trajectory
from sessions.reading import read_plan_page
from sessions.rules.refusals import Refused
from sessions.signals import name_plan
from sessions.writing.meetings import open_session
from sessions.writing.plan import add_plan_line, set_next_time
from sessions.writing.trajectories import merge_trajectories, part_trajectories
from tests.actors import LEADER

pytestmark = pytest.mark.django_db


@pytest.fixture
def meet(team, alice, edition):
    def make(buurt: str, *, of=team, practice: bool = False) -> GroupSession:
        words = {"title": "Plein", "buurt": buurt, "phase": "richtfase"}
        return open_session(team=of, facilitator=alice, practice=practice, actor=LEADER, **words)

    return make


@pytest.fixture
def two(meet) -> tuple[Trajectory, Trajectory]:
    """Each with a meeting and a step."""
    sessions = [meet(buurt) for buurt in ("Vogelbuurt", "De Vogels")]
    for session, text in zip(sessions, ("tellen", "praten"), strict=True):
        add_plan_line(session.trajectory_id, "actie", {"text-0": text}, actor=LEADER)
    return sessions[0].trajectory, sessions[1].trajectory


def steps_of(trajectory: Trajectory) -> list[str]:
    trajectory.refresh_from_db()
    return [step.line.words.texts[0] for step in read_plan_page(trajectory).all_steps]


def test_two_become_one_and_nothing_is_lost(two):
    first, second = two
    merge_trajectories(first.pk, second.pk, actor=LEADER)
    assert (steps_of(first), steps_of(second)) == (["tellen", "praten"], [])
    assert first.sessions.count() == 2
    assert second.merged_into == first


def test_a_new_meeting_under_the_other_name_goes_on_with_the_one_they_are(two, meet):
    first, second = two
    merge_trajectories(first.pk, second.pk, actor=LEADER)
    assert meet("de vogels").trajectory == first
    assert Trajectory.objects.count() == 2


def test_parted_again_each_has_its_own_and_what_is_newer_stays(two, meet):
    first, second = two
    merge_trajectories(first.pk, second.pk, actor=LEADER)
    add_plan_line(first.pk, "actie", {"text-0": "bellen"}, actor=LEADER)
    newer = meet("Vogelbuurt")
    part_trajectories(second.pk, actor=LEADER)
    assert (steps_of(first), steps_of(second)) == (["tellen", "bellen"], ["praten"])
    newer.refresh_from_db()
    assert (newer.trajectory, second.sessions.count(), second.merged_into) == (first, 1, None)
    assert not PlanLine.objects.exclude(came_from=None).exists()


def test_a_step_that_serves_a_goal_of_the_other_serves_none_after_parting(two):
    first, second = two
    goal = add_plan_line(second.pk, "doel", {"text-0": "veilig"}, actor=LEADER)
    merge_trajectories(first.pk, second.pk, actor=LEADER)
    step = add_plan_line(first.pk, "actie", {"text-0": "bellen", "goal": goal.pk}, actor=LEADER)
    part_trajectories(second.pk, actor=LEADER)
    step.refresh_from_db()
    assert step.goal is None


def test_when_they_meet_again_goes_along_where_the_other_knows_no_day(two):
    first, second = two
    set_next_time(second.pk, {"place": "De Merel"}, was={}, actor=LEADER)
    merge_trajectories(first.pk, second.pk, actor=LEADER)
    first.refresh_from_db()
    assert first.next_time.place == "De Merel"


def test_who_still_writes_in_the_one_that_went_is_told(two):
    first, second = two
    merge_trajectories(first.pk, second.pk, actor=LEADER)
    with pytest.raises(Refused, match="late"):
        add_plan_line(second.pk, "actie", {"text-0": "te laat"}, actor=LEADER)
    assert find_named(name_plan(second.pk)) == first  # and its screens show the plan they are now


def test_what_its_screens_show_never_gets_an_older_revision(two):
    first, second = two
    Trajectory.objects.filter(pk=second.pk).update(plan_revision=40)
    merge_trajectories(first.pk, second.pk, actor=LEADER)
    first.refresh_from_db()
    assert first.plan_revision == 41
    Trajectory.objects.filter(pk=first.pk).update(plan_revision=60)
    part_trajectories(second.pk, actor=LEADER)
    second.refresh_from_db()
    assert second.plan_revision == 61


def test_three_become_one_and_the_last_two_part_as_they_were(two, meet):
    first, second = two
    third = meet("Vogelstad").trajectory
    merge_trajectories(second.pk, first.pk, actor=LEADER)
    merge_trajectories(third.pk, second.pk, actor=LEADER)
    assert steps_of(third) == ["tellen", "praten"]
    assert {one.merged_into for one in Trajectory.objects.exclude(pk=third.pk)} == {third}
    part_trajectories(first.pk, actor=LEADER)
    assert (steps_of(first), steps_of(third)) == (["tellen"], ["praten"])


def test_what_is_no_pair_is_refused_and_nothing_moves(two, meet):
    first, second = two
    other_team = Team.objects.create(name="Elders")
    strange = meet("Elders", of=other_team).trajectory
    practice = meet("Vogelbuurt", practice=True).trajectory
    for other in (first, strange, practice):
        with pytest.raises(Refused, match="cannot-merge"):
            merge_trajectories(first.pk, other.pk, actor=LEADER)
    merge_trajectories(first.pk, second.pk, actor=LEADER)
    with pytest.raises(Refused, match="cannot-merge"):
        merge_trajectories(first.pk, second.pk, actor=LEADER)
    part_trajectories(second.pk, actor=LEADER)
    with pytest.raises(Refused, match="cannot-part"):
        part_trajectories(second.pk, actor=LEADER)
    assert (steps_of(first), steps_of(second)) == (["tellen"], ["praten"])
