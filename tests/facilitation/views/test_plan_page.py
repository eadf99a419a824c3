"""The plan on the device of a facilitator, without script: every form and link works as it is."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.models import PlanChange, PlanClash, Trajectory
from sessions.rules.commands import Back, ShowPlan, Start, Stop
from sessions.rules.plan import KINDS, NextTime
from sessions.words import say_next_time
from sessions.writing.meetings import open_session
from sessions.writing.plan import add_plan_line
from tests.actors import LEADER
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, Group, is_bare, tag, tags, words
from tests.plans import fill_line, make_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def richt(edition, team, alice):
    """A session that decided `We willen één ding verbeteren`, which leaves two goals and a sign of progress."""
    session = open_session(
        team=team, facilitator=alice, title="Plein", buurt="Vogelbuurt", phase="richtfase", actor=LEADER
    )
    group = Group(session, inwoner=3)
    group.do(Start())
    group.reveal("B", "B", "B")
    group.decide("B")
    return session


@pytest.fixture
def browser(client_of, alice):
    return client_of(alice)


def plan_of(session):
    return reverse("plan", args=[session.trajectory_id])


def address_of(line, name="plan-line"):
    return reverse(name, args=[line.trajectory_id, line.pk])


def send(browser, line, *, script=False, **data):
    """Post fields of a line. `line` is as this device saw it."""
    was = {f"was-{name}": text for name, text in line.words.fields.items() if name in data}
    headers = {"Accept": "application/json"} if script else {}
    return browser.post(address_of(line), {**was, **data}, headers=headers)


def add(browser, session, kind="actie", **data):
    return browser.post(reverse("plan-add", args=[session.trajectory_id]), {"kind": kind, **data})


def first_line(session, kind="doel"):
    return session.plan_lines.filter(kind=kind).order_by("pk").first()


def action_of(session, **fields):
    return make_line(session, kind="actie", prompt="Stap 1: …", **fields)


def typed_in(response, line, name="text-0"):
    """What stands in this field of a line on the page."""
    page = response.content.decode()
    found = re.search(rf'<textarea[^>]*id="regel-{line.pk}-{name}"[^>]*>([^<]*)</textarea>', page)
    return found[1] if found else None


# ---- Who comes in ----


def test_a_meeting_leads_to_the_plan_it_writes_in(browser, richt):
    assert browser.get(reverse("meeting-plan", args=[richt.code])).url == plan_of(richt)


def test_a_stranger_logs_in_first(client, richt):
    assert client.get(plan_of(richt)).url == f"/inloggen?next={plan_of(richt)}"
    assert send(client, first_line(richt), **{"text-0": "weg"}).status_code == 302
    assert first_line(richt).texts == []


def test_another_team_finds_no_plan(client_of, bob, richt):
    assert client_of(bob).get(plan_of(richt)).status_code == 404
    assert send(client_of(bob), first_line(richt), **{"text-0": "weg"}).status_code == 404
    assert add(client_of(bob), richt, **{"text-0": "weg"}).status_code == 404
    assert first_line(richt).texts == []
    assert not richt.plan_lines.filter(kind="actie").exists()


# ---- What stands there ----


def test_an_empty_plan_asks_what_will_be_different_and_offers_a_first_step(browser, team, alice, edition):
    session = open_session(
        team=team, facilitator=alice, title="Plein", buurt="Vogelbuurt", phase="richtfase", actor=LEADER
    )
    page = browser.get(plan_of(session))
    for id, asked in (("nieuw-doel-", "Wat is er straks anders? …"), ("nieuw-actie-", "Nog een stap …")):
        assert f'placeholder="{asked}"' in tag(page, "textarea", f'id="{id}"')
    assert is_bare(page)


def test_what_a_decision_asks_stands_open_with_a_field_for_each_blank(browser, richt):
    response = browser.get(plan_of(richt))
    for line in richt.plan_lines.all():
        assert typed_in(response, line) == ""
        assert tag(response, "label", f'for="regel-{line.pk}-text-0"')
    assert 'class="plan-fold plan-asked" id="gevraagd" open' in response.content.decode()
    assert "Nog te vragen (2)" in words(response)  # the first of the two goals is the headline
    assert is_bare(response)


def test_the_goal_in_the_words_of_the_group_is_the_headline(browser, richt):
    send(browser, first_line(richt), **{"text-0": "kinderen lopen  veilig naar school"})
    page = browser.get(plan_of(richt))
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page.content.decode()) == [
        "Ons plan: <bdi>kinderen lopen veilig naar school</bdi>"
    ]
    assert typed_in(page, first_line(richt)) == "kinderen lopen veilig naar school"
    assert 'id="gevraagd" >' in page.content.decode()  # folds away


def test_steps_stand_in_one_table_with_who_and_when(browser, richt):
    send(browser, first_line(richt), **{"text-0": "veilig"})
    action_of(richt, texts=["tellen"], who="Fatma", role="wijkteam", due=datetime.date(2026, 2, 12))
    action_of(richt, texts=["praten"])
    page = browser.get(plan_of(richt))
    assert page.content.decode().count("<table") == 1
    assert "1 stap heeft nog geen naam. Wie wil dit doen?" in words(page)
    line = richt.plan_lines.get(texts=["tellen"])
    assert [typed_in(page, line, name) for name in ("text-0", "who", "role")] == ["tellen", "Fatma", "wijkteam"]
    assert 'value="2026-02-12"' in tag(page, "input", f'id="regel-{line.pk}-due"')


def test_each_of_two_goals_has_its_own_table_and_the_rest_folds_under_three(browser, richt):
    goals = [make_line(richt, kind="doel", prompt="", texts=[text]) for text in ("veilig", "groen", "stil", "samen")]
    action_of(richt, texts=["tellen"], goal=goals[0])
    action_of(richt, texts=["praten"])
    page = browser.get(plan_of(richt))
    assert page.content.decode().count("<table") == 4  # three goals, and what serves none of them
    assert "Dit gaan we ook doen" in words(page)
    assert "Andere doelen (1)" in words(page)


def test_a_line_of_300_characters_is_kept_whole_and_a_longer_one_comes_back_at_its_field(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": "z" * 300})
    assert first_line(richt).texts == ["z" * 300]
    response = send(browser, first_line(richt), **{"text-0": "z" * 301})
    assert response.status_code == 422
    field = tag(response, "input", 'id="text-0"')
    assert f'value="{"z" * 301}"' in field
    assert 'aria-invalid="true" aria-describedby="text-0-error"' in field
    assert "Dat is te lang. Maak er 300 tekens van, of minder." in words(response)
    assert first_line(richt).texts == ["z" * 300]


def test_scripts_and_emoji_in_a_line_are_shown_as_text(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": NASTY})
    assert first_line(richt).texts == [NASTY]
    for response in (browser.get(plan_of(richt)), browser.get(address_of(line))):
        assert NASTY_IN_HTML in response.content.decode()
        assert is_bare(response)


def test_the_buurtbeeld_of_the_startfase_has_its_own_words_and_asks_no_goal(browser, session):
    group = Group(session, inwoner=1)
    group.do(Start())
    group.reveal("A")
    group.decide("A")
    page = browser.get(plan_of(session))
    assert "Ons buurtbeeld" in words(page)
    assert "Wat is er straks anders?" not in page.content.decode()
    assert 'id="nieuw-verhalen-"' in page.content.decode()


def test_a_practice_is_marked(browser, team, alice, edition):
    practice = open_session(
        team=team, facilitator=alice, title="Proef", buurt="Vogelbuurt", phase="richtfase", practice=True, actor=LEADER
    )
    assert "Oefenbijeenkomst" in words(browser.get(plan_of(practice)))


def test_a_name_is_asked_where_a_prompt_begins_with_a_blank(browser, richt):
    line = make_line(richt, kind="wie", prompt="… stelt voor: … Aan: …", texts=[])
    page = words(browser.get(plan_of(richt)))
    assert "Wie stelt voor: Aan:" in page
    assert typed_in(browser.get(plan_of(richt)), line, "text-2") == ""


def test_every_kind_of_the_content_has_its_words(browser, richt):
    for kind in KINDS:
        add_plan_line(richt.trajectory_id, kind, {"text-0": kind}, actor=LEADER)
    page = browser.get(plan_of(richt))
    assert [kind for kind in KINDS if kind not in page.content.decode()] == []
    for line in richt.trajectory.plan_lines.all():
        assert browser.get(address_of(line)).status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_lines(browser, richt, item_count, django_assert_num_queries):
    for _ in range(item_count):
        action_of(richt, texts=["tellen"])
    browser.get(plan_of(richt))
    with django_assert_num_queries(13):
        browser.get(plan_of(richt))


def test_lines_of_a_decision_that_was_turned_back_go_when_nobody_wrote_in_them(browser, richt):
    kept, *empty = richt.plan_lines.order_by("pk")
    send(browser, kept, **{"text-0": "dit bewaren we"})
    Group(richt).do(Back())
    page = browser.get(plan_of(richt))
    assert words(page).count("Van een besluit dat is teruggedraaid") == 1
    assert typed_in(page, kept) == "dit bewaren we"
    assert [line.pk for line in empty if typed_in(page, line) is not None] == []


def test_after_stopping_the_plan_can_still_be_written_but_not_shown(browser, richt):
    Group(richt).do(Stop())
    assert "Toon op de beamer" not in words(browser.get(plan_of(richt)))
    shown = browser.post(reverse("plan-show", args=[richt.trajectory_id]), {"command": "plan"})
    assert shown.status_code == 422
    send(browser, first_line(richt), **{"text-0": "achteraf"})
    assert first_line(richt).texts == ["achteraf"]


# ---- The beamer ----


def test_the_plan_goes_to_the_beamer_leaf_by_leaf_and_away_again(browser, richt):
    address = reverse("plan-show", args=[richt.trajectory_id])
    for command, screen in (
        ("plan", "plan"), ("turn", "plan/2"), ("turn", "plan/3"), ("plan", "plan"), ("walk", "walk"), ("walk", "walk"),
        ("turn", "plan"),
    ):  # fmt: skip
        assert browser.post(address, {"command": command}).url == plan_of(richt)
        richt.refresh_from_db()
        assert (command, richt.screen) == (command, screen)
    assert browser.post(address, {"command": "stop"}).status_code == 422
    richt.refresh_from_db()
    assert richt.ended_at is None


# ---- Adding, striking, order ----


def test_one_more_step_is_added_with_its_words_and_goal(browser, richt):
    send(browser, first_line(richt), **{"text-0": "veilig"})
    answer = add(browser, richt, **{"text-0": "tellen", "goal": str(first_line(richt).pk)})
    line = richt.plan_lines.get(kind="actie")
    assert (answer.url, line.texts, line.goal) == (f"{plan_of(richt)}#regel-{line.pk}", ["tellen"], first_line(richt))


def test_without_words_nothing_is_added(browser, richt):
    before = richt.plan_lines.count()
    assert add(browser, richt, **{"text-0": " "}).url == plan_of(richt)
    assert add(browser, richt).url == plan_of(richt)
    assert richt.plan_lines.count() == before


def test_words_that_are_too_long_for_a_new_line_are_told_and_stay(browser, richt):
    answer = add(browser, richt, kind="nodig", **{"text-0": "z" * 301})
    assert (answer.status_code, "Dat is te lang." in words(answer)) == (422, True)
    assert "z" * 301 in re.search(r'id="nieuw-nodig-"[^>]*>([^<]*)<', answer.content.decode())[1]


@pytest.mark.parametrize("goal", ["999999", "x"])
def test_a_goal_that_is_not_there_any_more_does_not_cost_the_words(browser, richt, goal):
    add(browser, richt, **{"text-0": "tellen", "goal": goal})
    line = richt.plan_lines.get(kind="actie")
    assert (line.texts, line.goal) == (["tellen"], None)


def test_a_step_of_a_goal_that_was_struck_out_is_still_written_in(browser, richt):
    goal = make_line(richt, kind="doel", prompt="", texts=["veilig"])
    line = action_of(richt, texts=["tellen"], goal=goal)
    send(browser, goal, strike="1")
    assert send(browser, line, **{"text-0": "meten"}).status_code == 302
    assert send(browser, line, whole="1", goal=str(goal.pk), who="Fatma").status_code == 302
    line.refresh_from_db()
    assert (line.texts, line.who, line.goal) == (["meten"], "Fatma", goal)


def test_the_same_form_sent_twice_adds_one_line(browser, richt):
    for token in ("0" * 31 + "7", "0" * 31 + "7", "0" * 31 + "8", "x", ""):
        add(browser, richt, **{"text-0": "tellen", "token": token})
    assert richt.plan_lines.filter(kind="actie").count() == 4


def test_a_kind_that_does_not_exist_is_refused(browser, richt):
    before = richt.plan_lines.count()
    page = add(browser, richt, **{"text-0": "tellen", "kind": "feest"})
    assert (page.status_code, richt.plan_lines.count()) == (422, before)
    assert "Streep eerst" not in page.content.decode()


def test_a_struck_line_folds_away_with_its_words_and_comes_back_with_all_it_had(browser, richt):
    line = action_of(richt, texts=["tellen"], who="Fatma", due=datetime.date(2026, 2, 12))
    send(browser, line, strike="1")
    page = words(browser.get(plan_of(richt)))
    assert "Doorgestreept (1)" in page
    assert "Stap 1: tellen. Fatma. Klaar op 12 februari." in page
    send(browser, line, restore="1")
    line.refresh_from_db()
    assert (line.texts, line.who, line.due, line.struck) == (["tellen"], "Fatma", datetime.date(2026, 2, 12), False)


def test_striking_a_line_out_keeps_the_words_that_were_typed_and_not_kept_yet(browser, richt):
    line = action_of(richt, texts=["borden"])
    send(browser, line, **{"text-0": "borden maken", "who": "Joris", "strike": "1"})
    line.refresh_from_db()
    assert (line.texts, line.who, line.struck) == (["borden maken"], "Joris", True)


def test_words_that_cannot_be_kept_keep_their_line_from_being_struck(browser, richt):
    line = action_of(richt)
    response = send(browser, line, **{"text-0": "borden maken", "due": "gauw", "strike": "1"})
    line.refresh_from_db()
    assert (response.status_code, line.struck, line.texts) == (422, False, [])
    assert 'value="borden maken"' in tag(response, "input", 'id="text-0"')


@pytest.mark.parametrize(
    ("number", "move", "order"),
    [(0, "up", "abc"), (0, "down", "bac"), (1, "up", "bac"), (1, "down", "acb"), (2, "down", "abc"), (2, "up", "acb")],
)
def test_a_line_goes_one_place_up_or_down(browser, richt, number, move, order):
    lines = [action_of(richt, texts=[text]) for text in "abc"]
    browser.post(address_of(lines[number], "plan-move"), {"move": move})
    page = browser.get(plan_of(richt)).content.decode()
    shown = re.findall(r'<tr[^>]*id="regel-(\d+)"', page)
    assert shown == [str(lines["abc".index(text)].pk) for text in order]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "999999", "١"])
def test_a_place_that_does_not_exist_is_refused(browser, richt, before):
    line = action_of(richt, texts=["a"])
    assert browser.post(address_of(line, "plan-move"), {"before": before}).status_code == 422


def test_a_line_folds_under_earlier_and_comes_back(browser, richt):
    line = action_of(richt, texts=["tellen"])
    browser.post(address_of(line, "plan-fold"))
    page = browser.get(plan_of(richt))
    assert "Eerder (1)" in words(page)
    assert typed_in(page, line) is None
    browser.post(address_of(line, "plan-fold"), {"back": "1"})
    assert typed_in(browser.get(plan_of(richt)), line) == "tellen"


# ---- All that a line knows ----

WHOLE = {
    "text-0": "tellen", "who": "Fatma", "may_name": "1", "role": "wijkteam", "partners": "de school",
    "due": "2027-02-12", "look_back": "2027-05-12", "size": "chore", "term": "now", "doer": "us", "needs": "tellers",
    "money": "€ 1.250,50", "money_from": "wijkbudget", "state": "failed", "follow_up": "nog een keer", "reply": "no",
    "reply_words": "geen geld", "reply_by": "verkeerskundige", "reply_on": "2027-03-01", "reply_due": "2027-06-01",
}  # fmt: skip


def test_all_that_a_line_knows_is_kept_and_shown_again(browser, richt):
    line = action_of(richt)
    assert send(browser, line, whole="1", **WHOLE).url == f"{plan_of(richt)}#regel-{line.pk}"
    line.refresh_from_db()
    kept = {**WHOLE, "money": "1250.50"}
    assert {name: text for name, text in line.words.fields.items() if text} == kept
    page = browser.get(address_of(line))
    for name, text in kept.items():
        if name in ("size", "term", "doer", "state", "reply"):
            assert f'<option value="{text}" selected>' in page.content.decode()
        elif name == "may_name":
            assert "checked" in tag(page, "input", f'name="{name}" value="1"')
        else:
            assert f'value="{text}"' in tag(page, "input", f'id="{name}"')
    assert is_bare(page)


def test_a_field_that_is_emptied_is_empty_and_one_that_is_left_out_stays(browser, richt):
    line = action_of(richt, texts=["tellen"], who="Fatma", may_name=True, money=12)
    send(browser, line, whole="1", money="", may_name="")
    line.refresh_from_db()
    assert (line.texts, line.who, line.may_name, line.money) == (["tellen"], "Fatma", False, None)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("due", "gauw", "Deze datum kennen we niet."),
        ("due", "0226-02-12", "Kies een dag van 2020 tot en met"),
        ("look_back", "9999-12-31", "Kies een dag van 2020 tot en met"),
        ("money", "veel", "Dit bedrag kennen we niet. Schrijf het als 250 of 250,50."),
        ("money", "-3", "Dit bedrag kennen we niet."),
        ("money", "12345678", "Dit bedrag kennen we niet."),
        ("money", "1,234", "Dit bedrag kennen we niet."),
        ("size", "reus", "Kies iets uit de lijst."),
        ("state", "klaar", "Kies iets uit de lijst."),
        ("goal", "999999", "Kies iets uit de lijst."),
        ("who", "z" * 81, "Dat is te lang. Maak er 80 tekens van, of minder."),
    ],
)
def test_a_slip_is_told_at_its_field_and_all_that_was_typed_stays(browser, richt, name, value, told):
    line = action_of(richt, texts=["tellen"], who="Joost", partners="de school")
    page = send(browser, line, whole="1", **{"needs": "krijt", name: value})
    assert (page.status_code, told in words(page)) == (422, True)
    assert 'value="krijt"' in tag(page, "input", 'id="needs"')
    assert 'value="de school"' in tag(page, "input", 'id="partners"')  # was not sent, and is not lost
    line.refresh_from_db()
    assert (line.needs, line.partners, line.who) == ("", "de school", "Joost")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("250", "250"), ("1.250", "1250"), ("12,5", "12.50"), ("€ 3", "3"), ("٣", "3")],
)
def test_an_amount_is_read_as_people_write_it(browser, richt, typed, kept):
    line = action_of(richt)
    send(browser, line, money=typed)
    line.refresh_from_db()
    assert line.words.fields["money"] == kept


def test_a_step_that_was_emptied_and_a_fourth_goal_stay_in_sight(browser, richt):
    for text in ("veilig", "groen", "stil", "samen"):
        make_line(richt, kind="doel", prompt="", texts=[text])
    Trajectory.objects.get().plan_lines.filter(texts=[]).delete()
    add(browser, richt, **{"text-0": "tellen"})
    line = richt.plan_lines.get(kind="actie")
    richt.plan_lines.filter(pk=line.pk).update(session=None)
    send(browser, line, **{"text-0": ""})
    page = browser.get(plan_of(richt))
    assert "Nog te vragen (1)" in words(page)
    assert re.search(r">samen</textarea>", page.content.decode())


# ---- Two hands ----


def test_where_two_wrote_in_one_field_both_texts_stand_there_to_be_picked(browser, richt):
    line = action_of(richt)
    fill_line(line, "tellen")
    assert send(browser, line, **{"text-0": "meten", "who": "Fatma"}).status_code == 302
    page = browser.get(plan_of(richt))
    assert (typed_in(page, line), typed_in(page, line, "who")) == ("tellen", "Fatma")
    assert "alice schreef hier tegelijk: meten Neem deze tekst Laat staan wat er staat" in words(page)
    clash = PlanClash.objects.get()
    browser.post(address_of(line, "plan-pick"), {"clash": clash.pk, "take": "1"})
    page = browser.get(plan_of(richt))
    assert (typed_in(page, line), "tegelijk" in words(page)) == ("meten", False)


def test_who_keeps_the_whole_line_and_was_second_comes_back_to_both_texts(browser, richt):
    line = action_of(richt)
    fill_line(line, "tellen", needs="krijt")
    answer = send(browser, line, whole="1", needs="verf")
    assert answer.url == address_of(line)
    page = browser.get(address_of(line))
    assert "Hier staan twee teksten. Kies er een. alice schreef hier tegelijk: verf" in words(page)
    assert 'value="krijt"' in tag(page, "input", 'id="needs"')


@pytest.mark.parametrize("clash", ["", "x", "999999", "9" * 40])
def test_two_texts_that_are_not_there_any_more_are_no_fault(browser, richt, clash):
    answer = browser.post(address_of(action_of(richt), "plan-pick"), {"clash": clash, "take": "1"})
    assert answer.status_code == 409


def test_a_script_hears_what_was_kept_or_what_is_wrong(browser, richt):
    line = action_of(richt)
    kept = send(browser, line, script=True, **{"text-0": "tellen"})
    frame = kept.json()
    assert (kept.status_code, frame["type"], frame["scene"]) == (200, "state", "plan")
    assert "tellen</textarea>" in frame["html"]
    wrong = send(browser, line, script=True, due="gauw")
    assert (wrong.status_code, wrong.json()) == (422, {"type": "unkept", "errors": {
        "due": "Deze datum kennen we niet. Kies een dag, of schrijf hem als 2026-03-01.",
    }})  # fmt: skip
    made = browser.post(
        reverse("plan-add", args=[line.trajectory_id]),
        {"kind": "actie", "text-0": "praten"},
        headers={"Accept": "application/json"},
    )
    added = richt.plan_lines.get(texts=["praten"])
    assert (made.status_code, made["Location"], made.json()["type"]) == (201, address_of(added), "state")
    gone = browser.post(address_of(line) + "000", {"text-0": "x"}, headers={"Accept": "application/json"})
    assert (gone.status_code, gone.json()["code"]) == (422, "unknown-line")


def test_a_line_of_another_plan_is_refused(browser, richt, team, alice):
    other = open_session(team=team, facilitator=alice, title="x", buurt="Elders", phase="richtfase", actor=LEADER)
    line = action_of(other)
    response = browser.post(reverse("plan-line", args=[richt.trajectory_id, line.pk]), {"text-0": "weg"})
    assert response.status_code == 422
    assert "Deze regel kennen we niet meer. Ververs de pagina." in words(response)
    line.refresh_from_db()
    assert line.texts == []


# ---- What stood there before ----


def history_of(line):
    return address_of(line, "plan-history")


def undo(browser, line):
    button = next(found for found in tags(browser.get(history_of(line)), "button") if "seen" in found)
    seen = re.search(r'value="([^"]+)"', button)[1]
    return browser.post(address_of(line, "plan-undo"), {"seen": seen}, follow=True)


def test_the_history_shows_each_step_with_words_and_day_and_who_wrote_them(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": NASTY})
    PlanChange.objects.update(at=datetime.datetime(2026, 3, 1, 19, 42, tzinfo=datetime.UTC), by="Sanne")
    send(browser, first_line(richt), **{"text-0": "stil"})
    page = browser.get(history_of(line))
    told = words(page).rpartition("Wat stond hier eerder?")[2].partition(" Haal je een naam weg")[0]
    now = timezone.localtime().strftime("%H.%M")
    assert told.strip() == (
        f"Nu · vandaag om {now} uur · alice {line_words(line, 'stil')} Maak deze laatste stap ongedaan "
        f"zondag 1 maart · Sanne {line_words(line, NASTY)}"
    )
    assert NASTY_IN_HTML in page.content.decode()


def line_words(line, text):
    """The prompt of the line with its one blank filled in."""
    return f"{line.prompt.partition(' …')[0]} {text}."


def test_an_undo_leads_back_to_the_line_in_the_plan(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": "stil"})
    send(browser, first_line(richt), **{"text-0": "stil", "strike": "1"})
    page = undo(browser, line)
    assert page.redirect_chain == [(f"{plan_of(richt)}#regel-{line.pk}", 302)]
    assert (first_line(richt).texts, first_line(richt).struck) == (["stil"], False)


def test_what_stood_there_before_is_erased_with_one_press(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": "Fatma let op"})
    PlanChange.objects.update(is_closed=True)
    send(browser, first_line(richt), **{"text-0": "we letten op"})
    assert "Fatma" in words(browser.get(history_of(line)))
    address = address_of(line, "plan-forget")
    page = browser.post(address, {"seen": first_line(richt).mark}, follow=True)
    assert (page.redirect_chain, "Fatma" in words(page)) == ([(history_of(line), 302)], False)
    assert "Wis wat hier eerder stond" not in words(page)


def test_an_undo_that_comes_too_late_says_so_and_shows_what_stands_there(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": "stil"})
    address = address_of(line, "plan-undo")
    page = browser.post(address, {"seen": "van daarvoor"}, follow=True)
    assert page.redirect_chain == [(history_of(line), 302)]
    assert "Iemand anders was net eerder. Dit is de stand van nu." in page.content.decode()
    assert first_line(richt).texts == ["stil"]


def test_a_line_in_which_nobody_wrote_has_an_empty_history_and_no_way_to_it(browser, richt):
    line = first_line(richt)
    assert history_of(line) not in browser.get(address_of(line)).content.decode()
    assert "Hier schreef nog niemand iets." in browser.get(history_of(line)).content.decode()
    send(browser, line, **{"text-0": "stil"})
    assert history_of(line) in browser.get(address_of(line)).content.decode()


def test_a_line_of_another_plan_has_no_history_here(browser, richt, team, alice):
    other = open_session(team=team, facilitator=alice, title="x", buurt="Elders", phase="richtfase", actor=LEADER)
    line = action_of(other)
    assert browser.get(reverse("plan-history", args=[richt.trajectory_id, line.pk])).status_code == 404


# ---- When we meet again ----


def keep_next(browser, session, **data):
    there = Trajectory.objects.get(pk=session.trajectory_id).next_time.fields
    was = {f"was-{name}": there[name] for name in data if name in there}
    return browser.post(reverse("plan-next", args=[session.trajectory_id]), {**was, **data})


def test_when_and_where_we_meet_again_stands_in_the_plan_and_on_the_wall(browser, richt):
    answer = keep_next(browser, richt, day="2026-12-22", hour="19:30", place=NASTY)
    assert (answer.status_code, answer.url) == (302, f"{plan_of(richt)}#volgende")
    said = f"dinsdag 22 december, 19.30 uur, {NASTY}"
    page = browser.get(plan_of(richt))
    assert said in words(page)
    values = [tag(page, "input", f'id="volgende-{name}"') for name in ("day", "hour")]
    assert [re.search(r'value="([^"]*)"', field)[1] for field in values] == ["2026-12-22", "19:30"]
    assert [re.search(r'type="([^"]*)"', field)[1] for field in values] == ["date", "time"]
    Group(richt).do(ShowPlan())
    assert f"Volgende keer: {said}" in words(browser.get(reverse("beamer", args=[richt.code])))


@pytest.mark.parametrize(
    ("data", "said", "told"),
    [
        ({}, "", ""),
        ({"place": "De Merel"}, "De Merel", ""),
        ({"hour": "19.30"}, "19.30 uur", ""),
        ({"day": "gauw"}, "", "Deze datum kennen we niet. Kies een dag, of schrijf hem als 2026-03-01."),
        ({"day": "0226-03-01"}, "", "Kies een dag van 2020 tot en met"),
        ({"hour": "half acht"}, "", "Deze tijd kennen we niet. Schrijf hem als 19:30."),
        ({"place": "a" * 81}, "", "Dat is te lang. Maak er 80 tekens van, of minder."),
    ],
)
def test_any_of_it_may_stay_open_and_a_slip_is_told(browser, richt, data, said, told):
    answer = keep_next(browser, richt, **data)
    assert (answer.status_code, told in words(answer)) == (422 if told else 302, True)
    if told:
        ((name, typed),) = data.items()
        field = tag(answer, "input", f'id="volgende-{name}"')
        assert (f'value="{typed}"' in field, 'aria-describedby="next-wrong"' in field) == (True, True)
    assert say_next_time(Trajectory.objects.get(pk=richt.trajectory_id).next_time) == said


def test_who_is_late_with_it_sees_both(browser, richt):
    keep_next(browser, richt, place="De Merel")
    late = keep_next(browser, richt, **{"place": "De Spil", "was-place": ""})
    assert late.status_code == 409
    assert "De Merel" in words(late)
    assert 'value="De Spil"' in tag(late, "input", 'id="volgende-place"')
    assert 'name="was-place" value="De Merel"' in late.content.decode()
    assert NextTime(place="De Merel") == Trajectory.objects.get(pk=richt.trajectory_id).next_time


# ---- A day, and nothing else ----


def test_what_asks_only_for_a_day_gets_a_field_for_a_day_and_no_name(browser, richt):
    line = make_line(richt, kind="moment", prompt="We starten op: …")
    page = browser.get(plan_of(richt))
    assert (typed_in(page, line), 'type="date"' in tag(page, "input", f'id="regel-{line.pk}-due"')) == (None, True)
    assert f'for="regel-{line.pk}-due"' in page.content.decode()
    send(browser, line, due="2020-03-01")
    page = browser.get(plan_of(richt))
    assert "Op deze dagen We starten op: 1 maart 2020" in words(page)
    assert "heeft nog geen naam" not in words(page)
    told = [browser.get(reverse(name, args=[richt.code])) for name in ("summary", "summary-text")]
    assert "Op deze dagen We starten op: 1 maart 2020." in words(told[0])
    assert "- Moment: We starten op: 1 maart 2020\n" in told[1].content.decode()
    Group(richt).do(ShowPlan(leaf=1))
    assert "We starten op: 1 maart 2020." in words(browser.get(reverse("beamer", args=[richt.code])))


def test_a_day_of_our_own_has_words_and_a_day(browser, richt):
    add(browser, richt, kind="moment", **{"text-0": "het buurtfeest"})
    line = richt.plan_lines.get(texts=["het buurtfeest"])
    send(browser, line, due="2020-06-05")
    page = browser.get(plan_of(richt))
    assert typed_in(page, line) == "het buurtfeest"
    assert "5 juni 2020" in words(page)
