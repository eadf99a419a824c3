"""The story of a trajectory: its meetings in a street, the plan of now, and what waits for whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.models import GroupSession, PlanChange, Trajectory
from sessions.reading.plan import read_plan_page
from sessions.reading.trajectory import find_waits
from sessions.rules.commands import Start, Stop
from sessions.words import name_waiting, say_wait
from sessions.writing.meetings import open_session
from tests.actors import LEADER
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, Group, is_bare, tag, words
from tests.plans import fill_line, make_line

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 15)


@pytest.fixture
def browser(client_of, alice):
    return client_of(alice)


def page_of(browser, session):
    return browser.get(reverse("trajectory", args=[session.trajectory_id]))


def meet(session, alice, title="Nog een keer", phase="richtfase"):
    return open_session(
        team=session.trajectory.team,
        facilitator=alice,
        title=title,
        buurt="maakt niet uit",
        phase=phase,
        actor=LEADER,
        joins=session.trajectory,
    )


def test_the_meetings_stand_in_one_street_and_the_next_one_is_still_to_be_built(browser, session, alice):
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("A", "A", "A")
    group.decide("A")
    group.do(Stop())
    meet(session, alice, title=NASTY)
    response = page_of(browser, session)
    page = words(response)
    assert page.index("Startfase. 3 deelnemers, 1 besluit.") < page.index("Richtfase. 0 deelnemers, 0 besluiten.")
    assert NASTY_IN_HTML in response.content.decode()
    assert "Volgende keer Spreek een dag af" in page
    assert response.content.decode().count('class="story-house"') == 3
    assert is_bare(response)


def test_the_plan_of_now_stands_there_with_how_far_its_steps_are(browser, session):
    goal = make_line(session, kind="doel", prompt="Ons doel is: …", texts=["een veilige straat"])
    make_line(session, kind="actie", prompt="Stap 1: …", texts=["tellen"], who="Fatma", state="busy", goal=goal)
    make_line(session, kind="actie", prompt="", texts=["praten"])
    page = words(page_of(browser, session))
    assert "Het plan van nu een veilige straat tellen. Fatma Bezig praten. Wie? Nog niet begonnen" in page


def test_what_was_written_since_the_last_meeting_is_told(browser, session):
    old, new = (make_line(session, kind="actie", prompt="") for _ in range(2))
    fill_line(old, "tellen")
    yesterday = timezone.now() - timedelta(days=1)
    PlanChange.objects.update(at=yesterday)
    assert "Veranderd sinds" not in words(page_of(browser, session))  # nothing ended yet
    GroupSession.objects.update(ended_at=yesterday)
    fill_line(new, "praten")
    page = words(page_of(browser, session))
    assert page.count("Veranderd sinds de vorige keer Actie: praten. Wat stond hier eerder?") == 1
    assert "Actie: tellen" not in page


WAITS = {
    "nobody does it yet": ({"who": ""}, [("De groep", "Wie wil dit doen?")]),
    "it is late": ({"due": date(2027, 3, 14)}, [("Fatma", "Dit zou klaar zijn op 14 maart 2027.")]),
    "it is for today": ({"due": TODAY}, []),
    "it was late and is done": ({"due": date(2027, 3, 1), "state": "done"}, []),
    "nobody needs it any more": ({"due": date(2027, 3, 1), "state": "dropped", "who": ""}, []),
    "today we look back": (
        {"look_back": TODAY}, [("De groep", "Kijk terug: klopt dit nog? Afgesproken voor 15 maart 2027.")],
    ),
    "we look back later": ({"look_back": date(2027, 3, 16)}, []),
    "an answer is late": (
        {"reply": "looking", "reply_due": date(2027, 3, 1)}, [("De gemeente", "Antwoord beloofd voor 1 maart 2027.")],
    ),
    "the answer came": ({"reply": "yes", "reply_due": date(2027, 3, 1)}, []),
    "it did not work out": ({"state": "failed"}, [("De groep", "Dit is niet gelukt. Wat doen we nu?")]),
    "it did not work out, and we know what now": ({"state": "failed", "follow_up": "nog een keer"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "expected"), WAITS.values(), ids=WAITS)
def test_what_waits_says_for_whom_and_since_when(session, fields, expected):
    make_line(session, kind="actie", prompt="", texts=["tellen"], **{"who": "Fatma", **fields})
    waits = list(find_waits(read_plan_page(session.trajectory), TODAY))
    assert [(name_waiting(wait), say_wait(wait)) for wait in waits] == expected


def test_two_texts_wait_for_the_facilitators(browser, session):
    line = make_line(session, kind="nodig", prompt="", texts=["borden"])
    line.clashes.create(field="text-0", value="hekken")
    assert "De begeleiders borden Hier staan twee teksten. Kies er een." in words(page_of(browser, session))


def test_the_next_meeting_goes_on_with_this_trajectory_however_its_buurt_is_written(browser, session):
    page = page_of(browser, session)
    sent = {"title": "Verder", "phase": "richtfase", "buurt": "Een andere naam", "trajectory": session.trajectory_id}
    assert f'value="{session.trajectory_id}"' in tag(page, "input", 'name="trajectory"')
    browser.post(reverse("overview"), sent)
    assert GroupSession.objects.get(title="Verder").trajectory == session.trajectory
    assert Trajectory.objects.count() == 1


@pytest.mark.parametrize("trajectory", ["x", "-1", "999999999999"])
def test_a_trajectory_that_cannot_be_is_no_fault(browser, session, trajectory):
    sent = {"title": "Verder", "phase": "richtfase", "buurt": "Vogelbuurt", "trajectory": trajectory}
    assert browser.post(reverse("overview"), sent).status_code == 422


def test_nobody_goes_on_with_the_trajectory_of_another_team(client_of, bob, session):
    sent = {"title": "Verder", "phase": "richtfase", "buurt": "Vogelbuurt", "trajectory": session.trajectory_id}
    client = client_of(bob)
    assert client.post(reverse("overview"), sent).status_code == 404
    assert page_of(client, session).status_code == 404
    assert GroupSession.objects.count() == 1


def test_a_practice_offers_no_next_meeting(browser, team, alice, edition):
    practice = open_session(
        team=team, facilitator=alice, title="Proef", buurt="x", phase="richtfase", practice=True, actor=LEADER
    )
    page = words(page_of(browser, practice))
    assert ("Oefenbijeenkomst" in page, "De volgende bijeenkomst" in page) == (True, False)


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_does_not_grow_with_meetings_and_lines(
    browser, session, alice, count, django_assert_num_queries
):
    for number in range(count):
        make_line(meet(session, alice), kind="actie", prompt="", texts=[f"tellen {number}"])
    page_of(browser, session)
    with django_assert_num_queries(QUERIES):
        page_of(browser, session)


QUERIES = 22


# ---- One neighbourhood after all ----


@pytest.fixture
def other(session, alice, team):
    words = {"title": "Elders", "buurt": "De Vogels", "phase": "richtfase"}
    return open_session(team=team, facilitator=alice, actor=LEADER, **words)


def test_two_are_put_together_and_parted_with_one_press_each(browser, session, other):
    address = reverse("merge", args=[session.trajectory_id])
    assert "Hoort hier nog een buurt bij?" in words(page_of(browser, session))
    browser.post(address, {"other": other.trajectory_id})
    page = page_of(browser, session)
    assert "Elders" in words(page)
    assert "Hoort hierbij: De Vogels Maak weer los" in words(page)
    led = browser.get(reverse("plan", args=[other.trajectory_id]))  # an old address
    assert f'data-socket="/ws/t/{session.trajectory_id}/plan' in led.content.decode()
    browser.post(reverse("part", args=[session.trajectory_id]), {"other": other.trajectory_id})
    assert "Hoort hierbij" not in words(page_of(browser, session))
    other.refresh_from_db()
    assert other.trajectory.buurt == "De Vogels"


@pytest.mark.parametrize("name", ["merge", "part"])
@pytest.mark.parametrize("asked", ["", "x", "0", "-1", "999999", "9" * 30, "١"])
def test_what_cannot_be_put_together_or_parted_is_told(browser, session, name, asked):
    answer = browser.post(reverse(name, args=[session.trajectory_id]), {"other": asked})
    assert answer.status_code == 422
    told = "Deze twee kunnen niet samen." if name == "merge" else "Deze buurt staat al weer los."
    assert told in words(answer)
