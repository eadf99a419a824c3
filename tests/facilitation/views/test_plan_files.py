"""The plan as files: who gets them, and what a browser makes of them."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from facilitation.access import find_way_to_plan
from facilitation.views.share import PAPERS
from sessions.exports.formats import FORMATS
from sessions.models import GroupSession
from sessions.writing.links import share_plan, withdraw_link
from tests.actors import LEADER
from tests.papers import read_text
from tests.plans import make_line

pytestmark = pytest.mark.django_db


def test_the_plan_opens_as_a_pdf(client_of, alice, session):
    make_line(session, kind="actie", prompt="", texts=["tellen"], who="Fatma", may_name=True)
    answer = client_of(alice).get(reverse("plan-file", args=[session.trajectory_id, "pdf"]))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf", f"inline; filename=plan-{session.trajectory_id}.pdf",
    )  # fmt: skip
    assert "Fatma" in read_text(answer.content)


def test_names_stay_off_it_when_they_are_not_asked_for(client_of, alice, session):
    make_line(session, kind="actie", prompt="", texts=["tellen"], who="Fatma", may_name=True)
    answer = client_of(alice).get(reverse("plan-file", args=[session.trajectory_id, "pdf"]), {"namen": "0"})
    assert "Fatma" not in read_text(answer.content)


def test_its_days_are_a_calendar(client_of, alice, session):
    make_line(session, kind="actie", prompt="", texts=["tellen"], due="2027-02-12")
    answer = client_of(alice).get(reverse("plan-file", args=[session.trajectory_id, "ics"]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")] == ["tellen"]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_kept_or_opened_by_its_team_alone(client_of, alice, bob, session: GroupSession, kind):
    address = reverse("plan-file", args=[session.trajectory_id, kind])
    answer = client_of(alice).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, FORMATS[kind].content_type)
    name = f"{kind}-{session.trajectory_id}.pdf" if kind in PAPERS else f"plan-{session.trajectory_id}.{kind}"
    assert answer["Content-Disposition"].endswith(f"; filename={name}")
    assert client_of(bob).get(address).status_code == 404


@pytest.mark.parametrize("kind", ["exe", "pdf.exe", "PDF", "%00"])
def test_a_format_that_is_not_there_is_said(client_of, alice, session, kind):
    assert client_of(alice).get(reverse("plan-file", args=[session.trajectory_id, kind])).status_code == 404


@pytest.mark.parametrize("kind", ["praatplaat", "briefje"])
def test_the_newest_link_that_works_stands_on_paper(client_of, alice, session, settings, kind):
    settings.AT_HOME, settings.PUBLIC_URL = False, "https://buurtboom.example"
    first, second = (share_plan(session.trajectory_id, with_names=False, frozen=None, actor=LEADER) for _ in range(2))
    address = reverse("plan-file", args=[session.trajectory_id, kind])
    assert find_way_to_plan(session.trajectory, names=True).address == f"https://buurtboom.example/p/{second.token}"
    assert "Lees het hele plan" in read_text(client_of(alice).get(address).content)
    withdraw_link(session.trajectory_id, second.pk, actor=LEADER)
    assert find_way_to_plan(session.trajectory, names=True).address.endswith(first.token)
    withdraw_link(session.trajectory_id, first.pk, actor=LEADER)
    assert find_way_to_plan(session.trajectory, names=True) is None
    assert "Lees het hele plan" not in read_text(client_of(alice).get(address).content)


def test_a_laptop_that_goes_home_leaves_no_link_on_paper(session, settings):
    settings.AT_HOME, settings.PUBLIC_URL = True, ""
    share_plan(session.trajectory_id, with_names=False, frozen=None, actor=LEADER)
    assert find_way_to_plan(session.trajectory, names=True) is None


def test_paper_without_names_carries_no_link_to_a_plan_with_names(session, settings):
    settings.AT_HOME, settings.PUBLIC_URL = False, "https://buurtboom.example"
    share_plan(session.trajectory_id, with_names=True, frozen=None, actor=LEADER)
    found = [find_way_to_plan(session.trajectory, names=names) for names in (True, False)]
    assert [way is None for way in found] == [False, True]
