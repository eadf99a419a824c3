"""Offers that come in together: each for itself, and one revision of the plan."""

import pytest

from sessions.models import Offer, Participant, PlanLine, Trajectory
from sessions.rules.offers import MOST_OF_ONE
from sessions.rules.refusals import Reason
from sessions.writing.offers import Offering, keep_offers, take_offers_back
from tests.plans import add_line

pytestmark = pytest.mark.django_db
ANS, BAS = "a" * 64, "b" * 64


@pytest.fixture
def person(session) -> Participant:
    return session.participants.create(role="inwoner")


@pytest.fixture
def step(session) -> PlanLine:
    return add_line(session.trajectory, "actie", "meten")


def read_revision(step: PlanLine) -> int:
    return Trajectory.objects.get(pk=step.trajectory_id).plan_revision


def test_what_comes_together_raises_the_revision_once_and_the_last_of_a_phone_counts(person, step):
    before = read_revision(step)
    sent = [
        Offering(person.pk, ANS, step.pk, ("hands",)),
        Offering(person.pk, BAS, step.pk, ("goud",)),
        Offering(person.pk, ANS, step.pk, ("tools", "place")),
        Offering(0, BAS, step.pk, ("hands",)),
    ]
    assert keep_offers(sent) == [None, Reason.HELP_MISSING, None, Reason.NO_SEAT]
    assert list(Offer.objects.values_list("owner", "helps")) == [(ANS, ["tools", "place"])]
    assert read_revision(step) == before + 1


def test_one_phone_helps_with_thirty_steps_at_most_and_may_change_each(person, session):
    steps = [add_line(session.trajectory, "actie", f"stap {number}") for number in range(MOST_OF_ONE + 1)]
    sent = [Offering(person.pk, ANS, step.pk, ("hands",)) for step in (*steps, steps[0])]
    assert keep_offers(sent) == [*[None] * MOST_OF_ONE, Reason.TOO_MANY_OFFERS, None]


def test_a_step_of_another_plan_takes_nothing_from_here(person, session):
    other = Trajectory.objects.create(team=session.trajectory.team, buurt="Elders")
    assert keep_offers([Offering(person.pk, ANS, add_line(other, "actie", "praten").pk, ("hands",))]) == [
        Reason.STEP_CLOSED
    ]


def test_who_was_in_a_meeting_that_is_deleted_offers_nothing(person, session, step):
    type(session).everything.update(deleted_at=session.created_at)
    assert keep_offers([Offering(person.pk, ANS, step.pk, ("hands",))]) == [Reason.NO_SEAT]


def test_a_phone_takes_back_its_own_alone_and_nothing_is_told_where_nothing_changed(person, step):
    keep_offers([Offering(person.pk, owner, step.pk, ("hands",)) for owner in (ANS, BAS)])
    take_offers_back(ANS)
    before = read_revision(step)
    take_offers_back(ANS)
    assert list(Offer.objects.values_list("owner", flat=True)) == [BAS]
    assert read_revision(step) == before
