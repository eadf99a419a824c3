"""The list of sessions of a team."""

from sessions.commands import open_session
from sessions.models import Team
from sessions.queries import list_sessions


def test_the_newest_session_comes_first_whoever_joined_which(session, team, alice):
    words = {"team": team, "facilitator": alice, "buurt": "Vogelbuurt", "phase": "startfase"}
    second = open_session(title="Tweede", **words)
    third = open_session(title="Derde", **words)
    second.participants.create(role="inwoner")
    cards = list_sessions(Team.objects.filter(pk=team.pk))
    assert [(card.session.pk, card.people) for card in cards] == [(third.pk, 0), (second.pk, 1), (session.pk, 0)]


def test_sessions_of_another_team_are_not_listed(session, bob):
    assert list_sessions(bob.teams.all()) == ()
