"""The lists of sessions of a team."""

from datetime import timedelta

from django.utils import timezone

from content.languages import BASE
from sessions.models import GroupSession, Team
from sessions.reading import show_cards, sort_sessions
from sessions.writing.meetings import open_session
from tests.actors import LEADER


def test_the_newest_session_comes_first_whoever_joined_which(session, team, alice):
    words = {"team": team, "facilitator": alice, "buurt": "Vogelbuurt", "phase": "startfase"}
    second = open_session(title="Tweede", **words, actor=LEADER)
    third = open_session(title="Derde", **words, actor=LEADER)
    second.participants.create(role="inwoner")
    cards = show_cards(sort_sessions(Team.objects.filter(pk=team.pk)).now, BASE)
    assert [(card.session.pk, card.people) for card in cards] == [(third.pk, 0), (second.pk, 1), (session.pk, 0)]


def test_sessions_of_another_team_are_not_listed(session, bob):
    lists = sort_sessions(bob.teams.all())
    assert [list(part) for part in lists] == [[], [], [], []]


def test_each_session_stands_in_one_list(session, team, alice):
    words = {"team": team, "facilitator": alice, "buurt": "Vogelbuurt", "phase": "startfase"}
    long_ago, just = timezone.now() - timedelta(days=9), timezone.now()
    times = {
        "now": {"created_at": long_ago, "acted_at": just},
        "unused": {"created_at": long_ago},
        "earlier": {"created_at": long_ago, "acted_at": long_ago},
        "ended": {"created_at": just, "acted_at": just, "ended_at": just},
        "deleted": {"deleted_at": just},
        "long gone": {"deleted_at": long_ago},
    }
    for title, moments in times.items():
        made = open_session(title=title, **words, actor=LEADER)
        GroupSession.objects.filter(pk=made.pk).update(**moments)
    lists = sort_sessions(Team.objects.filter(pk=team.pk))
    titles = [{row.title for row in part} for part in lists]
    assert titles == [{"Veilig oversteken", "now"}, {"unused"}, {"earlier", "ended"}, {"deleted"}]
