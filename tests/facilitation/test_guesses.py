"""Codes that strangers try."""

from datetime import timedelta

import pytest
from django.utils import timezone

from facilitation import guesses as module
from facilitation.guesses import MISSES_AT_ONCE, guesses
from sessions.models import GroupSession
from tests.facilitation.screens import Phone
from tests.facilitation.walking import words

pytestmark = pytest.mark.django_db

TOO_MANY = "Er worden nu te veel codes geprobeerd. Wacht een halve minuut en probeer het opnieuw."


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    guesses.forget()
    yield now
    guesses.forget()


def guess(client, tries):
    return [client.get(f"/m/BCDF{one}{two}").status_code for one in "GHJKLMNP" for two in "BCDFGHJKLM"][:tries]


def test_after_so_many_wrong_codes_no_more_are_looked_up_for_a_while(client, clock):
    assert guess(client, MISSES_AT_ONCE) == [404] * MISSES_AT_ONCE
    refused = client.get("/m/BCDFGH")
    assert (refused.status_code, TOO_MANY in words(refused)) == (429, True)
    assert client.get("/?code=BCDFGH").status_code == 429
    clock[0] += 1
    assert client.get("/m/BCDFGH").status_code == 404


def test_a_hall_that_is_coming_in_never_notices(client, session, clock):
    Phone(session.code, "inwoner")
    guess(client, MISSES_AT_ONCE)
    assert client.get("/m/BCDFGH").status_code == 429
    late = Phone(session.code, "inwoner")
    assert late.page().status_code == 200


def test_a_code_that_a_facilitator_opened_is_known(client, client_of, session, alice, clock):
    client_of(alice).get(f"/b/{session.code}/console")
    guess(client, MISSES_AT_ONCE)
    assert client.get(f"/m/{session.code}").status_code == 200


def test_a_meeting_that_is_under_way_is_known_after_a_restart(client, session, clock):
    guess(client, MISSES_AT_ONCE)
    assert client.get(f"/m/{session.code}").status_code == 200


def test_who_guesses_on_makes_us_read_the_meetings_now_and_then_only(client, session, clock, django_assert_num_queries):
    guess(client, MISSES_AT_ONCE)
    client.get("/m/BCDFGH")
    with django_assert_num_queries(0):
        assert client.get("/m/BCDFGJ").status_code == 429
    clock[0] += 0.4  # no whole miss is allowed yet
    with django_assert_num_queries(0):
        assert client.get("/m/BCDFGJ").status_code == 429


def test_a_meeting_that_ended_a_week_ago_is_unknown_to_strangers_and_not_to_who_was_there(client, session):
    phone = Phone(session.code, "inwoner")
    GroupSession.objects.update(ended_at=timezone.now() - timedelta(days=6))
    assert client.get(f"/m/{session.code}").status_code == 200
    GroupSession.objects.update(ended_at=timezone.now() - timedelta(days=8))
    stranger = client.get(f"/m/{session.code}")
    assert (stranger.status_code, "Vogelbuurt" in words(stranger)) == (404, False)
    assert phone.page().status_code == 200


def test_an_address_that_is_not_there_is_no_warning_in_the_log(settings):
    assert settings.LOGGING["loggers"]["django.request"]["level"] == "ERROR"
