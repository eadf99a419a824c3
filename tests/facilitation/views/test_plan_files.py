"""The plan as files: who gets them, and what a browser makes of them."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from sessions.models import GroupSession
from tests.papers import read_text
from tests.plans import make_line

pytestmark = pytest.mark.django_db


def test_the_plan_opens_as_a_pdf(client_of, alice, session):
    make_line(session, kind="actie", prompt="", texts=["tellen"], who="Fatma", may_name=True)
    answer = client_of(alice).get(reverse("plan-pdf", args=[session.trajectory_id]))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf", f"inline; filename=plan-{session.trajectory_id}.pdf",
    )  # fmt: skip
    assert "Fatma" in read_text(answer.content)


def test_names_stay_off_it_when_they_are_not_asked_for(client_of, alice, session):
    make_line(session, kind="actie", prompt="", texts=["tellen"], who="Fatma", may_name=True)
    answer = client_of(alice).get(reverse("plan-pdf", args=[session.trajectory_id]), {"namen": "0"})
    assert "Fatma" not in read_text(answer.content)


def test_its_days_are_a_calendar(client_of, alice, session):
    make_line(session, kind="actie", prompt="", texts=["tellen"], due="2027-02-12")
    answer = client_of(alice).get(reverse("plan-calendar", args=[session.trajectory_id]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")] == ["tellen"]


@pytest.mark.parametrize("name", ["plan-pdf", "plan-calendar"])
def test_another_team_gets_neither(client_of, bob, session: GroupSession, name):
    assert client_of(bob).get(reverse(name, args=[session.trajectory_id])).status_code == 404
