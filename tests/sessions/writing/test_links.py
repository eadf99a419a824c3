"""A plan is shared by a link, until it is withdrawn or a year has passed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.models import GroupSession, PlanLink, Trajectory
from sessions.reading import find_link, list_links
from sessions.rules.refusals import Reason, Refused
from sessions.writing.links import MOST_LINKS, share_plan, withdraw_link
from tests.actors import LEADER

pytestmark = pytest.mark.django_db


def share(session: GroupSession) -> PlanLink:
    return share_plan(session.trajectory_id, with_names=False, frozen=None, actor=LEADER)


def test_a_link_has_128_bits_that_nobody_guesses(session):
    tokens = {share(session).token for _ in range(MOST_LINKS)}
    assert len(tokens) == MOST_LINKS
    assert all(re.fullmatch(r"[\w-]{22}", token) for token in tokens)


def test_it_works_until_it_is_withdrawn(session):
    link = share(session)
    assert find_link(link.token) == link
    for _ in range(2):  # twice is harmless
        withdraw_link(session.trajectory_id, link.pk, actor=LEADER)
        assert find_link(link.token) is None
    assert list(list_links(session.trajectory)) == []


def test_what_a_withdrawn_link_showed_is_gone(session):
    link = share_plan(session.trajectory_id, with_names=True, frozen={"goal": "veilig"}, actor=LEADER)
    withdraw_link(session.trajectory_id, link.pk, actor=LEADER)
    link.refresh_from_db()
    assert link.frozen is None


def test_after_a_year_it_is_over(session):
    link = share(session)
    assert timedelta(days=364) < link.ends_at - timezone.now() <= timedelta(days=365)
    PlanLink.objects.update(ends_at=timezone.now())
    assert find_link(link.token) is None


@pytest.mark.parametrize("token", ["", "x", "a" * 22, "a" * 500, "\0", "é" * 22])
def test_a_guess_finds_nothing(session, token):
    share(session)
    assert find_link(token) is None


def test_a_link_too_many_is_refused_until_one_is_withdrawn(session):
    first, *_ = [share(session) for _ in range(MOST_LINKS)]
    with pytest.raises(Refused) as refused:
        share(session)
    assert refused.value.code is Reason.TOO_MANY_LINKS
    withdraw_link(session.trajectory_id, first.pk, actor=LEADER)
    assert share(session)


def test_nobody_withdraws_the_link_of_another_plan(session, team):
    other = Trajectory.objects.create(team=team, buurt="Elders")
    link = share(session)
    withdraw_link(other.pk, link.pk, actor=LEADER)
    assert find_link(link.token) == link
