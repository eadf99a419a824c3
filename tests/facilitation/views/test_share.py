"""Neem het plan mee: what the facilitator sees first, and what everybody with the link gets to see."""

import logging
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from facilitation.server.logs import Keyless
from sessions.models import GroupSession, PlanHand, PlanLink, Trajectory
from sessions.reading import read_session, show_beamer
from sessions.rules.commands import Stop
from sessions.writing.plan import strike_plan_line
from sessions.writing.trajectories import merge_trajectories
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, spaced
from tests.papers import read_text
from tests.plans import fill_line, make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(alice) -> CarefulClient:
    client = CarefulClient()
    client.force_login(alice)
    return client


@pytest.fixture
def step(session: GroupSession):
    return make_line(session, kind="actie", prompt="", texts=["tellen"], who="Fatma", may_name=True, role="wijkteam")


def share(desk: CarefulClient, session: GroupSession, **fields: str) -> str:
    """The address of a new link."""
    answer = desk.post(reverse("plan-share", args=[session.trajectory_id]), {"shows": "latest", **fields})
    assert answer.status_code == 302
    return reverse("shared", args=[PlanLink.objects.first().token])


def read(address: str) -> str:
    return spaced(CarefulClient().get(address))


def test_no_link_is_there_until_it_is_asked_for(desk, session, step):
    page = desk.get(reverse("plan-share", args=[session.trajectory_id]))
    assert "Zo ziet iedereen het" in spaced(page)
    assert "tellen" in spaced(page)
    assert not PlanLink.objects.exists()


def test_everybody_with_the_link_reads_the_plan_and_nobody_writes_in_it(desk, session, step):
    page = CarefulClient().get(share(desk, session))
    assert page.status_code == 200
    assert "tellen" in spaced(page)
    assert re.findall(r"<(?:form|input|textarea|script)\b", page.content.decode()) == []


def test_first_names_stand_there_only_when_that_was_chosen(desk, session, step):
    without, named = share(desk, session), share(desk, session, names="1")
    assert ["Fatma" in read(address) for address in (without, named)] == [False, True]
    assert "wijkteam" in read(without)
    for address, told in ((without, False), (named, True)):
        pdf = CarefulClient().get(f"{address}/plan.pdf")
        assert ("Fatma" in read_text(pdf.content)) == told


def test_the_facilitator_sees_first_what_everybody_will_see(desk, session, step):
    for names, told in (({}, False), ({"names": "1"}, True)):
        look = spaced(desk.get(reverse("plan-share", args=[session.trajectory_id]), names))
        assert ("Fatma" in look.partition("Zo ziet iedereen het")[2]) == told


def test_the_latest_follows_the_plan_and_a_frozen_one_does_not(desk, session, step):
    latest, frozen = share(desk, session), share(desk, session, shows="frozen")
    fill_line(step, "nog eens tellen")
    assert ["nog eens tellen" in read(address) for address in (latest, frozen)] == [True, False]
    assert "tellen" in read(frozen)


def test_what_was_struck_asked_or_is_half_typed_is_not_on_it(desk, session, step):
    struck = make_line(session, kind="actie", prompt="", texts=["gestreept"])
    strike_plan_line(session.trajectory_id, struck.pk, struck=True, actor=LEADER)
    make_line(session, kind="nodig", prompt="Wat ontbreekt er nog? …", texts=[])
    busy = make_line(session, kind="actie", prompt="", texts=["half gety"])
    PlanHand.objects.create(line=busy, page="a")
    goal = make_line(session, kind="doel", prompt="", texts=["ook hal"])
    PlanHand.objects.create(line=goal, page="b")
    words = read(share(desk, session))
    assert [word in words for word in ("gestreept", "ontbreekt", "half gety", "ook hal", "tellen")] == [False] * 4 + [
        True
    ]


def test_the_page_tells_nobody_that_it_is_there(desk, session, step):
    page = CarefulClient().get(share(desk, session))
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


def test_a_guess_a_withdrawn_and_an_old_link_get_the_same_page(desk, session, step):
    withdrawn, old = share(desk, session), share(desk, session)
    newest, first = PlanLink.objects.all()
    PlanLink.objects.filter(pk=newest.pk).update(ends_at=timezone.now())
    desk.post(reverse("plan-withdraw", args=[session.trajectory_id, first.pk]))
    pages = [CarefulClient().get(address) for address in (withdrawn, old, "/p/aaaaaaaaaaaaaaaaaaaaaa", "/p/x")]
    assert [page.status_code for page in pages] == [404] * 4
    assert len({page.content for page in pages}) == 1
    for name in ("plan.pdf", "plan.ics"):
        assert CarefulClient().get(f"{old}/{name}").status_code == 404


def test_a_link_finds_a_plan_that_became_one_with_another(desk, session, step, team):
    address = share(desk, session)
    other = Trajectory.objects.create(team=team, buurt="Elders")
    merge_trajectories(other.pk, session.trajectory_id, actor=LEADER)
    assert "tellen" in read(address)


def test_the_days_of_a_shared_plan_are_a_calendar(desk, session, step):
    fill_line(step, due="2027-02-12")
    days = CarefulClient().get(f"{share(desk, session)}/plan.ics")
    (event,) = Calendar.from_ical(days.content).walk("VEVENT")
    assert str(event["summary"]) == "tellen (wijkteam)"


def test_the_calendar_of_a_frozen_plan_is_that_of_its_evening(desk, session, step):
    fill_line(step, due="2027-02-12")
    address = share(desk, session, shows="frozen")
    fill_line(step, "nog eens tellen", due="2027-03-01")
    (event,) = Calendar.from_ical(CarefulClient().get(f"{address}/plan.ics").content).walk("VEVENT")
    assert (str(event["summary"]), event["dtstart"].dt.isoformat()) == ("tellen (wijkteam)", "2027-02-12")


def test_a_frozen_plan_that_cannot_be_read_shows_nothing_rather_than_what_was_written_since(desk, session, step):
    address = share(desk, session, shows="frozen")
    PlanLink.objects.update(frozen={"of": "another release"})
    assert CarefulClient().get(address).status_code == 404


def test_no_address_of_a_plan_stands_in_a_log():
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "Internal Server Error: %s", ("/p/ab_c-d/x",), None
    )
    assert Keyless().filter(record)
    assert record.getMessage() == "Internal Server Error: /p/.../x"


def test_after_the_end_the_wall_brings_the_plan_to_the_phones(desk, session, step, settings):
    settings.PUBLIC_URL = "https://buurtboom.example"
    run_command(session.code, Stop(), seen=0, actor=LEADER)
    assert show_beamer(read_session(session.code, "nl")).share == ""
    share(desk, session)
    assert show_beamer(read_session(session.code, "nl")).share == PlanLink.objects.get().token
    wall = spaced(desk.get(reverse("beamer", args=[session.code])))
    assert "Neem het plan mee." in wall


def test_another_team_shares_nothing_of_ours(client_of, bob, session):
    for name, more in (("plan-share", []), ("plan-withdraw", [1])):
        address = reverse(name, args=[session.trajectory_id, *more])
        assert client_of(bob).post(address).status_code == 404
    assert not PlanLink.objects.exists()
