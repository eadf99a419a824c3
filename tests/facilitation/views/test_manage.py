"""Taking a meeting away and bringing it back: clicked twice, and read afterwards."""

import pytest
from django.urls import reverse

from tests.facilitation.screens import CarefulClient, Phone
from tests.facilitation.walking import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["delete", "restore"])
def test_a_double_click_on_taking_away_or_bringing_back_does_it_once_and_calmly(client_of, alice, session, name):
    browser = client_of(alice)
    browser.post(reverse("delete", args=[session.code]))
    for _ in range(2):
        assert browser.post(reverse(name, args=[session.code])).headers.get("Location") == "/bijeenkomsten"


@pytest.mark.parametrize("page", ["console", "beamer", "meeting-plan", "summary", "manage"])
def test_the_team_reads_that_its_meeting_was_deleted_and_where_to_bring_it_back(client_of, alice, session, page):
    browser = client_of(alice)
    browser.post(reverse("delete", args=[session.code]))
    answer = browser.get(reverse(page, args=[session.code]))
    assert answer.status_code == 404
    assert "Deze bijeenkomst is verwijderd. Een week lang zet je hem terug bij Jouw bijeenkomsten." in words(answer)


def test_other_teams_and_strangers_learn_nothing_of_a_deleted_meeting(client_of, alice, bob, session):
    client_of(alice).post(reverse("delete", args=[session.code]))
    for answer in (client_of(bob).get(reverse("console", args=[session.code])), CarefulClient().get("/m/KRTWNX")):
        assert (answer.status_code, "verwijderd" in words(answer)) == (404, False)


def test_a_phone_reads_what_happened(client_of, alice, session):
    phone = Phone(session.code, "inwoner")
    client_of(alice).post(reverse("delete", args=[session.code]))
    assert "De begeleider heeft deze bijeenkomst verwijderd. Je hoeft niets te doen." in words(phone.page())
