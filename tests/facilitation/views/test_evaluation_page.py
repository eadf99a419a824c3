"""Tellen en vertellen: numbers and stories beside each other, and none without who told it agreeing."""

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.models import GroupSession, Measurement, PlanLine, PlanLink, Tale
from sessions.rules.commands import Close, Decide, Open, Reveal, Start
from sessions.rules.evaluation import MOST_AT_A_LINE
from sessions.writing.meetings import open_session
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.plans import add_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def cars(session: GroupSession) -> PlanLine:
    return add_line(session.trajectory, "tellen", "auto's bij de school")


@pytest.fixture
def tales(session: GroupSession) -> PlanLine:
    return add_line(session.trajectory, "vertellen", "wat kinderen merken")


@pytest.fixture
def send(client_of, alice, session):
    """What somebody of the team sends at a line; the answer."""
    client = client_of(alice)

    def post(line: PlanLine | int, **fields: str):
        key = line if isinstance(line, int) else line.pk
        return client.post(reverse("evidence", args=[session.trajectory_id, key]), fields)

    return post


@pytest.fixture
def read(client_of, alice, session):
    client = client_of(alice)
    return lambda: client.get(reverse("evaluation", args=[session.trajectory_id])).content.decode()


@pytest.mark.parametrize(
    ("typed", "value"),
    [("41", "41"), ("2,5", "2.5"), ("1.250", "1250"), ("-3", "-3"), (" 1 250,50 ", "1250.50"), ("٤١", "41")],
)
def test_a_number_is_kept_as_people_write_it(send, cars, typed, value):
    answer = send(cars, value=typed, unit="auto's", day="2026-03-04")
    assert (answer.status_code, answer["Location"].endswith(f"/evaluatie#regel-{cars.pk}")) == (302, True)
    assert Measurement.objects.values_list("value", "unit", "day").get() == (
        Decimal(value), "auto's", date(2026, 3, 4),
    )  # fmt: skip


def test_without_a_day_it_is_of_today_and_another_number_of_that_day_is_refused_and_not_lost(send, cars, read):
    send(cars, value="41", unit="auto's")
    assert send(cars, value="41", unit="auto's").status_code == 302  # people click twice
    answer = send(cars, value="38", unit="auto's")
    assert "Op deze dag staat al een ander getal." in answer.content.decode()
    assert 'value="38"' in answer.content.decode()
    assert [str(one) for one in Measurement.objects.all()] == ["41.00 auto's"]
    assert Measurement.objects.get().day == timezone.localdate()
    assert "<b>41</b>" in read()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": ""}, "Vul een getal in."),
        ({"value": "veel"}, "Dit getal kennen we niet. Schrijf het als 41 of 2,5."),
        ({"value": "1e9"}, "Dit getal kennen we niet."),
        ({"value": "99999999"}, "Dit getal kennen we niet."),
        ({"value": "1", "day": "2026-13-40"}, "Deze datum kennen we niet."),
        ({"value": "1", "day": "0226-01-01"}, "Kies een dag van 2020"),
        ({"value": "1", "unit": "x" * 31}, "Dat is te lang. Maak er 30 tekens van, of minder."),
    ],
)
def test_what_is_no_number_is_said_at_its_field_and_stays_there(send, cars, fields, words):
    answer = send(cars, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'aria-describedby="veld-{cars.pk}-' in answer.content.decode()
    assert not Measurement.objects.exists()


def test_nobody_counted_tomorrow(send, cars):
    answer = send(cars, value="1", day=str(timezone.localdate() + timedelta(days=1)))
    assert "Deze dag komt nog. Kies de dag waarop jullie telden." in answer.content.decode()


def test_a_story_is_only_kept_when_who_told_it_agrees(send, tales, read):
    answer = send(tales, text="Sam loopt nu met drie vriendjes.")
    assert answer.status_code == 422
    assert "Vraag eerst of het mag. Zet daarna het vinkje." in answer.content.decode()
    assert "Sam loopt nu met drie vriendjes." in answer.content.decode()  # nothing that was typed is lost
    assert not Tale.objects.exists()
    send(tales, text="Sam loopt nu met drie vriendjes.", agreed="1")
    send(tales, text="Sam loopt nu met drie vriendjes.", agreed="1")  # people click twice
    assert [tale.text for tale in Tale.objects.all()] == ["Sam loopt nu met drie vriendjes."]
    assert "met toestemming" in read()


@pytest.mark.parametrize(
    ("text", "words"), [("", "Schrijf eerst het verhaal op."), ("x" * 301, "Maak er 300 tekens van")]
)
def test_an_empty_or_a_long_story_is_said(send, tales, text, words):
    assert words in send(tales, text=text, agreed="1").content.decode()


def test_what_was_told_goes_for_good_when_that_is_asked(send, tales, cars):
    send(tales, text="Sam loopt nu.", agreed="1")
    send(cars, value="41")
    for _ in range(2):
        assert send(tales, drop=str(Tale.objects.first().pk if Tale.objects.exists() else 1)).status_code == 302
    assert send(cars, drop=str(Measurement.objects.get().pk)).status_code == 302
    assert (Tale.objects.count(), Measurement.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["actie", "voortgang"])
def test_a_line_that_asks_for_neither_keeps_nothing(send, session, kind):
    line = add_line(session.trajectory, kind, "iets")
    answer = send(line, text="Sam loopt nu.", agreed="1")
    words = answer.content.decode()
    assert (answer.status_code, "Deze regel kennen we niet meer." in words, "Sam loopt nu." in words) == (
        422,
        True,
        True,
    )


def test_a_line_of_another_plan_or_none_is_unknown(send, session, cars):
    cars.struck = True
    cars.save()
    assert [send(line, value="41").status_code for line in (cars, 10**6)] == [422, 422]


def test_a_line_keeps_sixty(send, cars):
    for days in range(MOST_AT_A_LINE):
        Measurement.objects.create(line=cars, value=1, day=date(2026, 1, 1) + timedelta(days=days))
    answer = send(cars, value="41", day="2025-03-04")
    assert "Bij deze regel staan er al zestig." in answer.content.decode()


def test_each_stands_at_its_goal_and_what_has_none_comes_last(read, session, cars):
    add = partial(add_line, session.trajectory)
    first, second = add("doel", "veilig"), add("doel", "gezellig")
    add("vertellen", "verhalen van de soep", goal=second.pk)
    words = read()
    assert words.index("gezellig") < words.index("verhalen van de soep") < words.index("Voor de hele buurt")
    assert words.index("Voor de hele buurt") < words.index("auto&#x27;s bij de school")
    assert f"goal-{first.pk}" not in words  # nothing is counted or told there


def test_with_one_goal_all_of_it_is_about_that(read, session, cars):
    add_line(session.trajectory, "doel", "veilig")
    assert "Voor de hele buurt" not in read()


def test_what_the_group_decided_in_the_evaluation_stands_below(read, session, alice, team):
    later = open_session(
        team=team, facilitator=alice, title="Beter?", buurt=session.trajectory.buurt, phase="evaluatiefase",
        joins=session.trajectory, actor=LEADER,
    )  # fmt: skip
    decide = Decide(answer=first_answer(later), how="talk", why="We gaan door.")
    for command in (Start(), Open(), Close(), Reveal(), decide):
        later.refresh_from_db()
        run_command(later.code, command, seen=later.version, actor=LEADER)
    assert "Wat de groep daarvan vond" in read()
    assert "We gaan door." in read()


def first_answer(session: GroupSession) -> str:
    from content.editions import load_library

    library = load_library(session.edition_id, "nl")
    return library.node(library.start("evaluatiefase")).answers[0].slug


def test_before_there_is_anything_it_says_what_to_do(read):
    assert "Hier staat nog niets." in read()


def test_it_stands_in_the_plan_and_in_every_file(send, cars, tales, client_of, alice, session):
    send(cars, value="41", unit="auto's", day="2026-03-04")
    send(cars, value="31", unit="auto's", day="2026-11-08")
    send(tales, text="Sam loopt nu.", agreed="1")
    counted = "41 auto's op 4 maart 2026, 31 auto's op 8 november 2026"
    text = client_of(alice).get(reverse("plan-file", args=[session.trajectory_id, "txt"])).content.decode()
    assert counted in " ".join(text.split())
    assert "Sam loopt nu." in text
    plan = client_of(alice).get(reverse("plan", args=[session.trajectory_id])).content.decode()
    assert counted.replace("'", "&#x27;") in plan


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(max_size=12), unit=st.text(max_size=40), day=st.text(max_size=12), text=st.text(max_size=400))
def test_whatever_is_sent_is_kept_whole_or_answered(send, cars, tales, value, unit, day, text):
    assert send(cars, value=value, unit=unit, day=day).status_code in (302, 422)
    assert send(tales, text=text, agreed="1").status_code in (302, 422)


def test_a_long_story_keeps_its_tick_and_the_cursor_goes_where_it_is_wrong(send, tales):
    page = send(tales, text="x" * 301, agreed="1").content.decode()
    assert re.search(r'name="agreed"\s+value="1"\s+checked', page)
    assert re.search(r'name="text"[^>]*autofocus', page)


def hide_struck(line: PlanLine) -> None:
    line.struck = True
    line.save()


def hide_earlier(line: PlanLine) -> None:
    line.is_earlier = True
    line.save()


def hide_empty(line: PlanLine) -> None:
    line.texts = [""]
    line.save()


@pytest.mark.parametrize("hide", [hide_struck, hide_earlier, hide_empty])
def test_a_story_at_a_line_that_left_the_plan_can_still_be_taken_away(send, read, tales, hide):
    send(tales, text="Sam loopt nu.", agreed="1")
    hide(tales)
    assert "Bij regels die niet meer in het plan staan" in read()
    assert "Sam loopt nu." in read()
    if hide is not hide_empty:
        assert send(tales, text="Nog een verhaal.", agreed="1").status_code == 422
    assert send(tales, drop=str(Tale.objects.get().pk)).status_code == 302
    assert "Sam loopt nu." not in read()


def test_a_story_that_goes_goes_from_a_link_of_an_evening_too(send, tales, client_of, alice, session, client):
    send(tales, text="Sam loopt nu.", agreed="1")
    client_of(alice).post(reverse("plan-share", args=[session.trajectory_id]), {"shows": "frozen"})
    address = reverse("shared", args=[PlanLink.objects.get().token])
    assert "Sam loopt nu." in client.get(address).content.decode()
    send(tales, drop=str(Tale.objects.get().pk))
    after = client.get(address).content.decode()
    assert ["Sam loopt nu." in after, "wat kinderen merken" in after, "‘" in after] == [False, True, False]


def test_something_to_count_is_added_at_one_of_the_goals(client_of, alice, session, read):
    goals = [add_line(session.trajectory, "doel", text).pk for text in ("veilig", "gezellig")]
    address = reverse("evaluation", args=[session.trajectory_id])
    answer = client_of(alice).post(address, {"text": "auto's", "kind": "tellen", "goal": str(goals[1])})
    line = PlanLine.objects.get(kind="tellen")
    assert (answer["Location"], line.texts, line.goal_id) == (f"{address}#regel-{line.pk}", ["auto's"], goals[1])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "tellen"}, "Schrijf eerst op wat jullie willen weten."),
        ({"text": "auto's"}, "Kies tellen of vertellen."),
        ({"text": "auto's", "kind": "doel"}, "Kies tellen of vertellen."),
        ({"text": "x" * 301, "kind": "tellen"}, "Maak er 300 tekens van"),
    ],
)
def test_what_is_not_said_whole_is_asked_for(client_of, alice, session, fields, words):
    answer = client_of(alice).post(reverse("evaluation", args=[session.trajectory_id]), fields)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not PlanLine.objects.exists()


def test_who_forgets_the_words_keeps_the_goal_and_who_presses_twice_makes_one(client_of, alice, session):
    goals = [add_line(session.trajectory, "doel", text).pk for text in ("veilig", "gezellig")]
    client, address = client_of(alice), reverse("evaluation", args=[session.trajectory_id])
    page = client.post(address, {"kind": "tellen", "goal": str(goals[1])}).content.decode()
    assert f'<option value="{goals[1]}" selected>' in page
    fields = {"text": "auto's", "kind": "tellen", "token": str(uuid4())}
    assert {client.post(address, fields)["Location"] for _ in range(2)} == {
        f"{address}#regel-{PlanLine.objects.get(kind='tellen').pk}"
    }


def test_a_goal_that_was_struck_meanwhile_is_said(client_of, alice, session):
    add_line(session.trajectory, "doel", "veilig")
    fields = {"text": "auto's", "kind": "tellen", "goal": "999"}
    answer = client_of(alice).post(reverse("evaluation", args=[session.trajectory_id]), fields)
    assert (answer.status_code, "Kies iets uit de lijst." in answer.content.decode()) == (422, True)
