"""The page on which the facilitator fills in the plan with the group."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.models import GroupSession, PlanChange, PlanLine, Trajectory
from sessions.rules.commands import COMMANDS, Back, Start, Stop
from sessions.rules.plan import NextTime
from sessions.words import say_next_time
from sessions.writing.meetings import open_session
from sessions.writing.plan import add_plan_line
from tests.actors import LEADER
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, Group, is_bare, tag, tags, words
from tests.plans import make_line

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
    return reverse("plan", args=[session.code])


def send(browser, line, **data):
    """Post the form of a line. `line` is as this device saw it."""
    return browser.post(reverse("plan-line", args=[line.session.code, line.pk]), {"seen": line.mark, **data})


def first_line(session, kind="doel"):
    return session.plan_lines.filter(kind=kind).order_by("pk").first()


def action_of(session, **fields):
    return make_line(session, kind="actie", prompt="Stap 1: …", **fields)


def test_a_stranger_logs_in_first(client, richt):
    assert client.get(plan_of(richt)).url == f"/inloggen?next={plan_of(richt)}"
    assert send(client, first_line(richt), **{"text-0": "weg"}).status_code == 302
    assert first_line(richt).texts == []


def test_another_team_finds_no_plan(client_of, bob, richt):
    assert client_of(bob).get(plan_of(richt)).status_code == 404
    assert send(client_of(bob), first_line(richt), **{"text-0": "weg"}).status_code == 404
    assert client_of(bob).post(reverse("plan-add", args=[richt.code]), {"kind": "actie"}).status_code == 404
    assert first_line(richt).texts == []
    assert not richt.plan_lines.filter(kind="actie").exists()


def test_before_the_first_decision_the_page_says_what_will_come(browser, session):
    page = browser.get(plan_of(session))
    assert "Neemt de groep een besluit, dan komen hier de regels om samen in te vullen." in words(page)
    assert is_bare(page)


def test_lines_of_a_decision_stand_open_with_a_field_for_each_blank(browser, richt):
    response = browser.get(plan_of(richt))
    for line in richt.plan_lines.all():
        assert 'name="text-0" value=""' in tag(response, "input", f'id="regel-{line.pk}"')
        assert tag(response, "label", f'for="regel-{line.pk}"')
    assert is_bare(response)


def test_kept_words_come_back_as_text_in_the_same_place(browser, richt):
    line = first_line(richt)
    response = send(browser, line, **{"text-0": "kinderen lopen  veilig naar school"})
    assert response.url == f"{plan_of(richt)}#regel-{line.pk}"
    assert first_line(richt).texts == ["kinderen lopen veilig naar school"]
    page = browser.get(plan_of(richt))
    assert '<bdi class="words">kinderen lopen veilig naar school.</bdi>' in page.content.decode()
    assert f'id="regel-{line.pk}"' in tag(page, "div", f'data-line="{line.pk}"')


def test_change_opens_the_form_of_one_line_with_its_words(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": "een rustig plein"})
    response = browser.get(plan_of(richt), {"wijzig": line.pk})
    assert 'value="een rustig plein"' in tag(response, "input", f'id="regel-{line.pk}"')
    assert len([form for form in tags(response, "form") if "plan-edit--now" in form]) == 1


@pytest.mark.parametrize("asked", ["0", "999999", "-1", "abc", "9" * 40, "<script>"])
def test_a_line_that_is_not_there_opens_nothing(browser, richt, asked):
    response = browser.get(plan_of(richt), {"wijzig": asked})
    assert response.status_code == 200
    assert "plan-edit--now" not in response.content.decode()


def test_scripts_and_emoji_in_a_line_are_shown_as_text(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": NASTY})
    assert first_line(richt).texts == [NASTY]
    for response in (browser.get(plan_of(richt)), browser.get(plan_of(richt), {"wijzig": line.pk})):
        assert NASTY_IN_HTML in response.content.decode()
        assert is_bare(response)


def test_a_line_of_300_characters_is_kept_whole(browser, richt):
    send(browser, first_line(richt), **{"text-0": "z" * 300})
    assert first_line(richt).texts == ["z" * 300]


def test_a_longer_line_is_refused_at_its_field_and_what_was_typed_stays(browser, richt):
    line = first_line(richt)
    response = send(browser, line, **{"text-0": "z" * 301})
    assert response.status_code == 422
    field = tag(response, "input", f'id="regel-{line.pk}"')
    assert f'value="{"z" * 301}"' in field
    assert f'aria-invalid="true" aria-describedby="text-0-{line.pk}-error"' in field
    assert "Dat is te lang. Maak er 300 tekens van, of minder." in words(response)
    assert first_line(richt).texts == []


def test_a_date_we_cannot_read_is_refused_at_its_field(browser, richt):
    line = action_of(richt)
    response = send(browser, line, **{"text-0": "tellen", "who": "Fatma", "due": "gauw"})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in tag(response, "input", 'name="due"')
    assert 'value="Fatma"' in tag(response, "input", 'name="who"')
    assert 'value="tellen"' in tag(response, "input", f'id="regel-{line.pk}"')


def test_an_action_is_kept_with_who_and_when(browser, richt):
    line = action_of(richt)
    send(browser, line, **{"text-0": "auto's tellen", "who": "Fatma", "due": "2026-02-12"})
    line.refresh_from_db()
    assert (line.texts, line.who, line.due) == (["auto's tellen"], "Fatma", datetime.date(2026, 2, 12))
    page = words(browser.get(plan_of(richt)))
    assert "Stap 1: auto's tellen. Fatma klaar op 12 februari" in page
    assert "Nog geen naam" not in page


def test_an_action_without_a_name_is_asked_for_kindly(browser, richt):
    action_of(richt, texts=["auto's tellen"])
    page = words(browser.get(plan_of(richt)))
    assert "1 actie heeft nog geen naam. Wie wil dit doen?" in page
    assert page.count("Nog geen naam") == 1


def test_striking_a_line_out_keeps_its_words_and_says_so(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": "een rustig plein"})
    send(browser, line, **{"text-0": "een rustig plein", "strike": "1"})
    line.refresh_from_db()
    assert (line.texts, line.struck) == (["een rustig plein"], True)
    page = browser.get(plan_of(richt))
    assert "Doorgestreept:" in words(page)
    assert "<s>" in page.content.decode()


def test_striking_a_line_out_keeps_the_words_that_were_typed_and_not_kept_yet(browser, richt):
    line = action_of(richt, texts=["borden"])
    send(browser, line, **{"text-0": "borden maken", "who": "Joris", "strike": "1"})
    line.refresh_from_db()
    assert (line.texts, line.who, line.struck) == (["borden maken"], "Joris", True)


@pytest.mark.parametrize(
    ("typed", "elsewhere", "status"),
    [({"due": "gauw"}, {}, 422), ({}, {"texts": ["auto's tellen"]}, 409)],
    ids=["a date we cannot read", "somebody else was first"],
)
def test_words_that_cannot_be_kept_keep_their_line_from_being_struck(browser, richt, typed, elsewhere, status):
    line = action_of(richt)
    if elsewhere:
        write_elsewhere(line, **elsewhere)
    response = send(browser, line, **{"text-0": "borden maken", "strike": "1", **typed})
    line.refresh_from_db()
    assert (response.status_code, line.struck, line.texts) == (status, False, elsewhere.get("texts", []))
    assert 'value="borden maken"' in tag(response, "input", f'id="regel-{line.pk}"')


def test_a_struck_line_comes_back_with_all_it_had(browser, richt):
    line = action_of(richt, texts=["auto's tellen"], who="Fatma", due=datetime.date(2026, 2, 12), struck=True)
    assert 'value="1"' in tag(browser.get(plan_of(richt)), "button", 'name="restore"')
    send(browser, line, restore="1")
    line.refresh_from_db()
    assert (line.texts, line.who, line.due, line.struck) == (
        ["auto's tellen"],
        "Fatma",
        datetime.date(2026, 2, 12),
        False,
    )


def write_elsewhere(line, **fields):
    """Another device is first."""
    PlanLine.objects.filter(pk=line.pk).update(**fields)


def test_words_from_a_stale_page_do_not_take_the_place_of_newer_ones(browser, richt):
    line = action_of(richt)
    write_elsewhere(line, texts=["auto's tellen"], who="Fatma", due=datetime.date(2020, 2, 12))
    response = send(browser, line, **{"text-0": "borden maken", "who": "Joris"})
    line.refresh_from_db()
    assert (response.status_code, line.texts, line.who) == (409, ["auto's tellen"], "Fatma")
    assert (
        "Iemand anders schreef hier net iets. "
        "Nu staat er: Stap 1: auto's tellen. Fatma. Klaar op 12 februari 2020. "
        "Wat jij typte, staat hieronder. Als je het bewaart, komt het in de plaats. Laat staan wat er staat"
    ) in words(response)
    assert 'value="borden maken"' in tag(response, "input", f'id="regel-{line.pk}"')
    assert 'value="Joris"' in tag(response, "input", 'name="who"')
    assert is_bare(response)


def test_an_empty_form_from_a_stale_page_empties_nothing(browser, richt):
    line = first_line(richt)
    write_elsewhere(line, texts=["een rustig plein"])
    assert send(browser, line, **{"text-0": ""}).status_code == 302
    assert first_line(richt).texts == ["een rustig plein"]


def test_two_devices_that_write_in_other_fields_of_a_line_are_both_kept(browser, richt):
    line = action_of(richt, texts=["auto's tellen"])
    assert send(browser, line, **{"text-0": "auto's tellen", "who": "Fatma"}).status_code == 302
    assert send(browser, line, **{"text-0": "auto's tellen", "due": "2027-03-01"}).status_code == 302
    line.refresh_from_db()
    assert (line.texts, line.who, line.due) == (["auto's tellen"], "Fatma", datetime.date(2027, 3, 1))


def test_of_two_that_wrote_in_one_field_the_other_fields_are_both_kept(browser, richt):
    line = action_of(richt, texts=["auto's tellen"])
    send(browser, line, **{"text-0": "auto's tellen op maandag", "who": "Fatma"})
    told = send(browser, line, **{"text-0": "auto's tellen op dinsdag", "due": "2027-03-01"})
    assert told.status_code == 409
    values = [tag(told, "input", f'id="{name}-{line.pk}"') for name in ("regel", "who", "due")]
    assert [re.search(r'value="([^"]*)"', field)[1] for field in values] == [
        "auto&#x27;s tellen op dinsdag", "Fatma", "2027-03-01"
    ]  # fmt: skip
    assert "auto&#x27;s tellen op maandag" in told.content.decode()


def test_who_was_told_what_stands_there_can_still_keep_the_own_words(browser, richt):
    line = first_line(richt)
    write_elsewhere(line, texts=["een rustig plein"])
    told = send(browser, line, **{"text-0": "een groen plein"})
    line.refresh_from_db()
    (seen,) = [opening for opening in tags(told, "input") if f'value="{line.mark}"' in opening]
    assert 'name="seen"' in seen
    assert send(browser, line, **{"text-0": "een groen plein"}).status_code == 302
    assert first_line(richt).texts == ["een groen plein"]


def test_who_mistyped_a_date_on_a_stale_page_is_still_told(browser, richt):
    line = action_of(richt)
    write_elsewhere(line, texts=["auto's tellen"])
    refused = send(browser, line, **{"text-0": "borden maken", "due": "gauw"})
    assert (refused.status_code, f'name="seen" value="{line.mark}"' in refused.content.decode()) == (422, True)
    assert send(browser, line, **{"text-0": "borden maken"}).status_code == 409


def test_the_same_words_sent_twice_are_kept_once(browser, richt):
    line = first_line(richt)
    answers = [send(browser, line, **{"text-0": "een rustig plein"}).status_code for _ in range(2)]
    assert (answers, first_line(richt).texts) == ([302, 302], ["een rustig plein"])


@pytest.mark.parametrize(("button", "struck"), [("strike", True), ("restore", False)])
def test_striking_and_restoring_from_a_stale_page_keep_the_words(browser, richt, button, struck):
    line = first_line(richt)
    write_elsewhere(line, texts=["een rustig plein"], struck=not struck)
    assert send(browser, line, **{"text-0": "", button: "1"}).status_code == 302
    line.refresh_from_db()
    assert (line.texts, line.struck) == (["een rustig plein"], struck)


@pytest.mark.parametrize("due", ["0226-02-12", "2019-12-31", "2999-01-01", "9999-12-31"])
def test_a_date_far_away_is_refused_at_its_field(browser, richt, due):
    line = action_of(richt)
    response = send(browser, line, **{"text-0": "tellen", "due": due})
    last = datetime.date.today().year + 10
    assert (response.status_code, f"Kies een dag van 2020 tot en met {last}." in words(response)) == (422, True)
    assert PlanLine.objects.get(pk=line.pk).due is None


def test_one_more_action_opens_for_writing(browser, richt):
    response = browser.post(reverse("plan-add", args=[richt.code]), {"kind": "actie"})
    line = richt.plan_lines.get(kind="actie")
    assert response.url == f"{plan_of(richt)}?wijzig={line.pk}#regel-{line.pk}"
    page = browser.get(response.url)
    assert "Dit gaan we doen" in words(page)
    assert "autofocus" in tag(page, "input", f'id="regel-{line.pk}"')


def test_an_unknown_kind_is_refused(browser, richt):
    before = richt.plan_lines.count()
    assert browser.post(reverse("plan-add", args=[richt.code]), {"kind": "feest"}).status_code == 422
    assert richt.plan_lines.count() == before


def test_a_line_of_another_session_is_refused(browser, richt, session):
    line = first_line(richt)
    response = browser.post(reverse("plan-line", args=[session.code, line.pk]), {"text-0": "weg"})
    assert response.status_code == 422
    assert "Deze regel kennen we niet meer. Ververs de pagina." in words(response)
    assert first_line(richt).texts == []


def test_the_beamer_button_carries_the_version_and_turns_round(browser, richt):
    version = GroupSession.objects.get(pk=richt.pk).version
    page = browser.get(plan_of(richt))
    assert f'value="{version}"' in tag(page, "input", 'name="version"')
    assert "Toon op de beamer" in words(page)
    browser.post(reverse("command", args=[richt.code]), {"command": "plan", "version": version})
    page = browser.get(plan_of(richt))
    assert 'value="walk"' in tag(page, "button", 'name="command"')
    assert "Toon de vraag weer" in words(page)


def test_after_stopping_the_plan_can_still_be_written_but_not_shown(browser, richt):
    Group(richt).do(Stop())
    assert "Toon op de beamer" not in words(browser.get(plan_of(richt)))
    send(browser, first_line(richt), **{"text-0": "achteraf"})
    assert first_line(richt).texts == ["achteraf"]


def test_lines_of_a_decision_that_was_turned_back_go_when_nobody_wrote_in_them(browser, richt):
    kept, *empty = richt.plan_lines.order_by("pk")
    send(browser, kept, **{"text-0": "dit bewaren we"})
    Group(richt).do(Back())
    page = browser.get(plan_of(richt))
    assert words(page).count("Van een besluit dat is teruggedraaid") == 1
    assert "Van een besluit dat is teruggedraaid Dit is straks anders: dit bewaren we." in words(page)
    assert [line.pk for line in empty if f'data-line="{line.pk}"' in page.content.decode()] == []


def test_the_buurtbeeld_of_the_startfase_has_its_own_words(browser, session):
    group = Group(session, inwoner=1)
    group.do(Start())
    group.reveal("A")
    group.decide("A")
    page = words(browser.get(plan_of(session)))
    assert "Ons buurtbeeld" in page
    assert "Buurtbeeld: verhalen" in page


def test_a_practice_session_is_marked(browser, team, alice, edition):
    practice = open_session(
        team=team, facilitator=alice, title="Proef", buurt="Vogelbuurt", phase="richtfase", practice=True, actor=LEADER
    )
    assert "Oefenbijeenkomst" in words(browser.get(plan_of(practice)))


def test_a_name_is_asked_where_a_prompt_begins_with_a_blank(browser, richt):
    line = make_line(richt, kind="wie", prompt="… stelt voor: … Aan: …", texts=[])
    page = browser.get(plan_of(richt)).content.decode()
    assert f'<label for="regel-{line.pk}">Wie</label>' in page
    assert f'<label for="regel-{line.pk}-1">stelt voor:</label>' in page


def test_every_kind_of_the_content_has_its_words(browser, richt):
    from sessions.rules.plan import KINDS

    for kind in KINDS:
        add_plan_line(richt.code, kind, actor=LEADER)
    assert browser.get(plan_of(richt)).status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_lines(browser, richt, item_count, django_assert_num_queries):
    for _ in range(item_count):
        action_of(richt, texts=["tellen"])
    browser.get(plan_of(richt))
    with django_assert_num_queries(8):
        browser.get(plan_of(richt))


def test_a_kind_of_line_that_does_not_exist_is_not_told_to_strike_one_out(session, client_of, alice):
    page = client_of(alice).post(reverse("plan-add", args=[session.code]), {"kind": "zomaar"})
    assert page.status_code == 422
    assert "Deze regel kennen we niet meer. Ververs de pagina." in page.content.decode()
    assert "Streep eerst" not in page.content.decode()


# ---- What stood there before ----


def history_of(line):
    return reverse("plan-history", args=[line.session.code, line.pk])


def undo(browser, line):
    button = next(found for found in tags(browser.get(history_of(line)), "button") if "seen" in found)
    seen = re.search(r'value="([^"]+)"', button)[1]
    return browser.post(reverse("plan-undo", args=[line.session.code, line.pk]), {"seen": seen}, follow=True)


def test_the_history_shows_each_step_with_words_and_day_and_who_wrote_them(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": NASTY})
    PlanChange.objects.update(at=datetime.datetime(2026, 3, 1, 19, 42, tzinfo=datetime.UTC), by="Sanne")
    send(browser, first_line(richt), **{"text-0": "stil", "strike": "1"})
    page = browser.get(history_of(line))
    told = words(page).rpartition("Wat stond hier eerder?")[2].partition(" Haal je een naam weg")[0]
    now = timezone.localtime().strftime("%H.%M")
    assert told.strip() == (
        f"Nu · vandaag om {now} uur · alice Doorgestreept: {line_words(line, 'stil')} Maak deze laatste stap ongedaan "
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
    address = reverse("plan-forget", args=[richt.code, line.pk])
    page = browser.post(address, {"seen": first_line(richt).mark}, follow=True)
    assert (page.redirect_chain, "Fatma" in words(page)) == ([(history_of(line), 302)], False)
    assert "Wis wat hier eerder stond" not in words(page)


def test_an_undo_that_comes_too_late_says_so_and_shows_what_stands_there(browser, richt):
    line = first_line(richt)
    send(browser, line, **{"text-0": "stil"})
    address = reverse("plan-undo", args=[richt.code, line.pk])
    page = browser.post(address, {"seen": "van daarvoor"}, follow=True)
    assert page.redirect_chain == [(history_of(line), 302)]
    assert "Iemand anders was net eerder. Dit is de stand van nu." in page.content.decode()
    assert first_line(richt).texts == ["stil"]


def test_a_line_in_which_nobody_wrote_has_an_empty_history_and_no_way_to_it(browser, richt):
    line = first_line(richt)
    assert history_of(line) not in browser.get(plan_of(richt)).content.decode()
    assert "Hier schreef nog niemand iets." in browser.get(history_of(line)).content.decode()
    send(browser, line, **{"text-0": "stil"})
    opened = browser.get(plan_of(richt), {"wijzig": line.pk}).content.decode()
    assert history_of(line) in opened


def test_a_line_of_another_meeting_has_no_history_here(browser, richt, session):
    line = add_plan_line(session.code, "actie", actor=LEADER)
    assert browser.get(reverse("plan-history", args=[richt.code, line.pk])).status_code == 404


# ---- When we meet again ----


def keep_next(browser, session, **data):
    seen = Trajectory.objects.get(pk=session.trajectory_id).next_time.mark
    return browser.post(reverse("plan-next", args=[session.code]), {"seen": seen, **data})


def test_when_and_where_we_meet_again_stands_in_the_plan_and_on_the_wall(browser, richt):
    answer = keep_next(browser, richt, day="2026-12-22", hour="19:30", place=NASTY)
    assert (answer.status_code, answer.url) == (302, f"{plan_of(richt)}#volgende")
    said = f"dinsdag 22 december, 19.30 uur, {NASTY}"
    page = browser.get(plan_of(richt))
    assert said in words(page)
    values = [tag(page, "input", f'id="next-{name}"') for name in ("day", "hour")]
    assert [re.search(r'value="([^"]*)"', field)[1] for field in values] == ["2026-12-22", "19:30"]
    assert [re.search(r'type="([^"]*)"', field)[1] for field in values] == ["date", "time"]
    Group(richt).do(COMMANDS["plan"]())
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
def test_any_of_it_may_stay_open_and_a_slip_is_told_at_its_field(browser, richt, data, said, told):
    answer = keep_next(browser, richt, **data)
    assert (answer.status_code, told in answer.content.decode()) == (422 if told else 302, True)
    if told:
        (name,) = data
        assert f'aria-describedby="next-{name}-error"' in tag(answer, "input", f'id="next-{name}"')
        assert tag(answer, "p", f'id="next-{name}-error"')
    assert say_next_time(Trajectory.objects.get(pk=richt.trajectory_id).next_time) == said


def test_who_is_late_with_it_sees_both(browser, richt):
    old = NextTime().mark
    keep_next(browser, richt, place="De Merel")
    late = keep_next(browser, richt, place="De Spil", seen=old)
    assert late.status_code == 409
    assert "De Merel" in words(late)
    assert 'value="De Spil"' in tag(late, "input", 'id="next-place"')
    seen = Trajectory.objects.get(pk=richt.trajectory_id).next_time.mark
    assert f'name="seen" value="{seen}"' in late.content.decode()
