"""The sessions of a facilitator, and making a new one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from content.models import Edition
from sessions.models import GroupSession, Round
from sessions.rules.commands import Next, Open, Start, Stop
from sessions.writing.meetings import open_session, purge_deleted
from tests.actors import LEADER
from tests.facilitation.screens import Phone
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, Group, is_bare, tag, words
from tests.plans import make_line

pytestmark = pytest.mark.django_db

OVERVIEW = "/bijeenkomsten"
NEW = {"title": "Veilig oversteken", "buurt": "Vogelbuurt", "phase": "richtfase"}


def test_a_stranger_logs_in_first(client, session):
    assert client.get(OVERVIEW).url == "/inloggen?next=/bijeenkomsten"
    assert client.post(OVERVIEW, NEW).url == "/inloggen?next=/bijeenkomsten"
    assert GroupSession.objects.count() == 1


def test_another_team_sees_nothing_of_a_session(client_of, bob, session):
    GroupSession.objects.update(title="Stoeptegels")
    page = client_of(bob).get(OVERVIEW)
    assert "Nog geen bijeenkomsten. Maak hierboven je eerste bijeenkomst klaar." in words(page)
    for secret in ("Stoeptegels", session.code, "Vogelbuurt"):
        assert secret not in page.content.decode()


def test_somebody_without_a_team_hears_what_to_do(client_of, django_user_model, edition):
    response = client_of(django_user_model.objects.create_user("carol")).get(OVERVIEW)
    assert response.status_code == 403
    assert "Vraag de beheerder om je toe te voegen." in words(response)


def test_a_new_session_leads_to_its_console(client_of, alice, team, edition):
    response = client_of(alice).post(OVERVIEW, NEW)
    session = GroupSession.objects.get()
    assert response.url == reverse("console", args=[session.code])
    assert (session.title, session.trajectory.buurt, session.phase, session.is_practice, session.facilitator) == (
        "Veilig oversteken",
        "Vogelbuurt",
        "richtfase",
        False,
        alice,
    )


def test_a_practice_session_is_marked(client_of, alice, edition):
    client_of(alice).post(OVERVIEW, {**NEW, "practice": "on"})
    assert GroupSession.objects.get().is_practice
    assert words(client_of(alice).get(OVERVIEW)).count("Oefenbijeenkomst") == 1


def test_what_was_typed_stays_when_something_is_missing(client_of, alice, edition):
    response = client_of(alice).post(
        OVERVIEW, {"title": "Groen plein", "buurt": " ", "phase": "actiefase", "practice": "on"}
    )
    assert response.status_code == 422
    assert 'value="Groen plein"' in tag(response, "input", 'name="title"')
    assert "aria-invalid" not in tag(response, "input", 'name="title"')
    assert 'aria-describedby="buurt-error buurt-hint"' in tag(response, "input", 'name="buurt"')
    assert "selected" in tag(response, "option", 'value="actiefase"')
    assert "checked" in tag(response, "input", 'name="practice"')
    assert "Vul de naam van de buurt in." in words(response)
    assert not GroupSession.objects.exists()


def test_a_title_of_300_characters_is_refused_at_its_field_and_kept(client_of, alice, edition):
    response = client_of(alice).post(OVERVIEW, {**NEW, "title": "z" * 300})
    assert response.status_code == 422
    assert f'value="{"z" * 300}"' in tag(response, "input", 'name="title"')
    assert "Dat is te lang. Maak er 120 tekens van, of minder." in words(response)
    assert not GroupSession.objects.exists()


def test_signs_that_nobody_sees_are_no_name(client_of, alice, edition):
    """U+202E turns a title around on the wall; a buurt of zero width is empty."""
    response = client_of(alice).post(OVERVIEW, {**NEW, "buurt": "\u200b"})
    assert (response.status_code, "Vul de naam van de buurt in." in words(response)) == (422, True)
    client_of(alice).post(OVERVIEW, {**NEW, "title": "\u202eVeilig\u200b oversteken"})
    assert GroupSession.objects.get().title == "Veilig oversteken"


def test_a_new_session_is_one_press_away_when_others_stand_above_it(client_of, alice, edition):
    assert 'href="#title"' not in client_of(alice).get(OVERVIEW).content.decode()
    client_of(alice).post(OVERVIEW, NEW)
    page = client_of(alice).get(OVERVIEW)
    assert tag(page, "a", 'href="#title"') == '<a class="button" href="#title">'
    assert 'name="title"' in tag(page, "input", 'id="title"')


def test_an_unknown_phase_is_refused(client_of, alice, edition):
    response = client_of(alice).post(OVERVIEW, {**NEW, "phase": "feestfase"})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in tag(response, "select", 'name="phase"')
    assert not GroupSession.objects.exists()


def test_scripts_and_emoji_in_title_and_buurt_are_shown_as_text(client_of, alice, edition):
    client_of(alice).post(OVERVIEW, {**NEW, "title": NASTY, "buurt": NASTY})
    assert GroupSession.objects.get().title == NASTY
    response = client_of(alice).get(OVERVIEW)
    page = response.content.decode()
    assert f'<h3 dir="auto">{NASTY_IN_HTML}</h3>' in page
    assert re.search(rf"<option[^>]*>{re.escape(NASTY_IN_HTML)}</option>", page)
    assert is_bare(response)


def test_a_session_that_waits_says_so_with_its_code(client_of, alice, session):
    page = words(client_of(alice).get(OVERVIEW))
    assert "Staat klaar" in page
    assert f"Vogelbuurt, startfase. Nog niemand binnen. Code {session.code[:3]} {session.code[3:]}" in page


def test_a_running_session_tells_how_many_are_in(client_of, alice, session):
    Group(session, inwoner=3, wijkprofessional=1).do(Start())
    page = words(client_of(alice).get(OVERVIEW))
    assert "Loopt nu" in page
    assert "Vogelbuurt, startfase. 4 deelnemers." in page
    assert "Hier komen de bijeenkomsten die klaar zijn." in page


def test_a_stopped_session_moves_to_earlier_with_its_pages(client_of, alice, session):
    group = Group(session, inwoner=1)
    group.do(Start())
    group.reveal("A")
    group.decide()
    group.do(Stop())
    response = client_of(alice).get(OVERVIEW)
    assert "Loopt nu" not in words(response)
    assert "Vogelbuurt. 1 deelnemer, 1 besluit." in words(response)
    for name in ("summary", "meeting-plan", "console"):
        assert f'href="{reverse(name, args=[session.code])}"' in response.content.decode()


def test_earlier_sessions_tell_of_actions_without_a_name(client_of, alice, session):
    make_line(session, kind="actie", prompt="", texts=["auto's tellen"])
    make_line(session, kind="actie", prompt="", texts=["borden vragen"], who="Fatma")
    make_line(session, kind="actie", prompt="", texts=["een feest"], struck=True)
    Group(session).do(Stop())
    assert "Het plan heeft 1 actie zonder naam." in words(client_of(alice).get(OVERVIEW))


def test_known_buurten_are_offered_once(client_of, alice, team, session):
    open_session(team=team, facilitator=alice, title="Nog een", buurt="Vogelbuurt", phase="startfase", actor=LEADER)
    page = client_of(alice).get(OVERVIEW).content.decode()
    assert re.findall(r'<option\s+value="(\d+)"\s*>(.+?)</option>', page) == [
        (str(session.trajectory_id), "Vogelbuurt")
    ]


def test_a_meeting_goes_on_with_the_buurt_that_was_chosen(client_of, alice, session):
    fields = {"title": "Verder", "trajectory": str(session.trajectory_id), "buurt": "", "phase": "richtfase"}
    assert client_of(alice).post(OVERVIEW, fields).status_code == 302
    assert GroupSession.objects.latest("pk").trajectory_id == session.trajectory_id


@pytest.mark.parametrize("spelling", ["Vogelbuurt", "vogelbuurt ", "VOGELBUURT"])
def test_a_buurt_that_is_in_the_list_is_chosen_there_and_not_guessed(client_of, alice, session, spelling):
    fields = {"title": "Verder", "trajectory": "", "buurt": spelling, "phase": "richtfase"}
    page = client_of(alice).post(OVERVIEW, fields)
    assert page.status_code == 422
    assert "Deze buurt staat al in de lijst. Kies hem daar." in words(page)
    assert client_of(alice).post(OVERVIEW, {**fields, "practice": "on"}).status_code == 302  # that is no work of theirs


def test_a_buurt_that_begins_has_a_name(client_of, alice, session):
    page = client_of(alice).post(OVERVIEW, {"title": "Verder", "trajectory": "", "buurt": "", "phase": "richtfase"})
    assert "Vul de naam van de buurt in." in words(page)


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_sessions(
    client_of, alice, team, edition, item_count, django_assert_num_queries
):
    for number in range(item_count):
        session = open_session(
            team=team, facilitator=alice, title="Plein", buurt=f"Buurt {number}", phase="startfase", actor=LEADER
        )
        group = Group(session, inwoner=2)
        group.do(Start())
        group.reveal("A", "A")
        group.decide()
    browser = client_of(alice)
    with django_assert_num_queries(15):
        browser.get(OVERVIEW)


# ---- What no longer happens ----


def test_a_double_click_makes_one_session(client_of, alice, edition):
    browser = client_of(alice)
    token = read_token(browser)
    pages = [browser.post(OVERVIEW, {**NEW, "token": token}).url for _ in range(2)]
    assert (GroupSession.objects.count(), pages[0] == pages[1]) == (1, True)


def read_token(browser: Any) -> str:
    return re.search(r'name="token" value="([^"]+)"', browser.get(OVERVIEW).content.decode())[1]


def test_a_form_that_comes_in_again_with_other_words_makes_another_session(client_of, alice, edition):
    """The way back of a browser brings the old form, with its token."""
    browser = client_of(alice)
    form = {**NEW, "token": read_token(browser)}
    for other in ({}, {"title": "Groen plein"}, {"buurt": "Bomenbuurt"}):
        assert browser.post(OVERVIEW, {**form, **other}).status_code == 302
    made = GroupSession.objects.order_by("pk").values_list("title", "trajectory__buurt")
    assert list(made) == [
        ("Veilig oversteken", "Vogelbuurt"),
        ("Groen plein", "Vogelbuurt"),
        ("Veilig oversteken", "Bomenbuurt"),
    ]


def test_a_form_that_comes_in_again_after_its_session_was_deleted_makes_another(client_of, alice, edition):
    browser = client_of(alice)
    form = {**NEW, "token": read_token(browser)}
    browser.post(OVERVIEW, form)
    GroupSession.objects.update(deleted_at=timezone.now())
    assert browser.post(OVERVIEW, form).status_code == 302
    assert GroupSession.objects.count() == 1


def test_the_form_of_another_facilitator_leads_to_nothing_of_theirs(client_of, alice, bob, edition):
    form = {**NEW, "token": read_token(client_of(alice))}
    assert client_of(alice).post(OVERVIEW, form).url != client_of(bob).post(OVERVIEW, form).url


def test_a_token_that_is_none_stands_in_nobodys_way(client_of, alice, edition):
    assert client_of(alice).post(OVERVIEW, {**NEW, "token": "x"}).status_code == 302
    again = client_of(alice).post(OVERVIEW, {**NEW, "title": "", "token": "x"})
    assert (again.status_code, 'value="x"' in again.content.decode()) == (422, False)


def test_who_is_in_two_teams_is_asked_of_which_a_session_is(client_of, alice, bob, edition, team):
    other = bob.teams.get()
    other.members.add(alice)
    browser = client_of(alice)
    refused = browser.post(OVERVIEW, NEW)
    assert (refused.status_code, "Kies van welk team deze bijeenkomst is." in words(refused)) == (422, True)
    assert not GroupSession.objects.exists()
    browser.post(OVERVIEW, {**NEW, "team": other.pk})
    assert GroupSession.objects.get().trajectory.team == other


def test_a_team_of_others_cannot_be_chosen(client_of, alice, bob, edition):
    refused = client_of(alice).post(OVERVIEW, {**NEW, "team": bob.teams.get().pk})
    assert (refused.status_code, GroupSession.objects.count()) == (422, 0)


def test_without_content_the_page_says_what_to_do(client_of, alice, db):
    Edition.objects.all().delete()
    response = client_of(alice).get(OVERVIEW)
    assert (response.status_code, "publish_content" in words(response)) == (503, True)


def test_sessions_that_were_never_used_do_not_stand_above_the_form(client_of, alice, team, edition):
    made = [
        open_session(
            team=team, facilitator=alice, title=f"Ooit {number}", buurt="Vogelbuurt", phase="startfase", actor=LEADER
        )
        for number in range(52)
    ]
    GroupSession.objects.filter(pk__in=[row.pk for row in made]).update(created_at=timezone.now() - timedelta(days=3))
    page = client_of(alice).get(OVERVIEW).content.decode()
    assert 'aria-labelledby="running-title"' not in page
    assert "52 bijeenkomsten die nooit begonnen" in page
    assert page.index('name="title"') < page.index("Ooit 51")
    assert page.count("Ooit ") == 20 * 3  # a page of them: its title, and for a screen reader at both links


def test_earlier_sessions_come_in_pages(client_of, alice, team, edition):
    for number in range(25):
        made = open_session(
            team=team, facilitator=alice, title=f"Avond {number}", buurt="Vogelbuurt", phase="startfase", actor=LEADER
        )
        GroupSession.objects.filter(pk=made.pk).update(ended_at=timezone.now(), acted_at=timezone.now())
    browser = client_of(alice)
    first, second = browser.get(OVERVIEW), browser.get(f"{OVERVIEW}?pagina=2")
    assert [len(re.findall(r'<h3 dir="auto">Avond \d+', page.content.decode())) for page in (first, second)] == [20, 5]
    assert 'href="?pagina=2"' in first.content.decode()
    assert browser.get(f"{OVERVIEW}?pagina=999").status_code == browser.get(f"{OVERVIEW}?pagina=x").status_code == 200


def leaf_through(browser: Any, word: str) -> str:
    """All pages of one list, by the links it gives."""
    page, text = browser.get(OVERVIEW).content.decode(), ""
    while True:
        text += page
        later = re.search(rf'rel="next" href="([?]{word}=\d+)', page)
        if later is None:
            return text
        page = browser.get(OVERVIEW + later[1]).content.decode()


@pytest.mark.parametrize(
    ("word", "moments"), [("nu", {}), ("ongebruikt", {"created_at": -9}), ("verwijderd", {"deleted_at": -1})]
)
def test_every_session_of_a_long_list_can_be_reached(client_of, alice, team, edition, word, moments):
    words = {"team": team, "facilitator": alice, "buurt": "Vogelbuurt", "phase": "startfase"}
    made = [open_session(title=f"Avond {number}", **words, actor=LEADER) for number in range(45)]
    GroupSession.objects.update(**{name: timezone.now() + timedelta(days=days) for name, days in moments.items()})
    text = leaf_through(client_of(alice), word)
    route = "restore" if word == "verwijderd" else "console"
    assert [row.title for row in made if reverse(route, args=[row.code]) not in text] == []


def test_the_session_that_runs_stands_before_those_that_were_only_made(client_of, alice, team, session):
    Group(session, inwoner=1).do(Start())
    words = {"team": team, "facilitator": alice, "buurt": "Vogelbuurt", "phase": "startfase"}
    for number in range(25):
        open_session(title=f"Avond {number}", **words, actor=LEADER)
    GroupSession.objects.filter(pk=session.pk).update(acted_at=timezone.now())
    assert re.search(r"<h3[^>]*>([^<]+)", client_of(alice).get(OVERVIEW).content.decode())[1] == session.title


class Writes:
    """Every statement that writes, or locks. Who was seen is gathered by a server; only here it is written at once."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        writes = sql.lstrip().split()[0].upper() in ("INSERT", "UPDATE", "DELETE", "REPLACE")
        if "FOR UPDATE" in sql or (writes and '"seen_at"' not in sql):
            self.tried.append(sql)
        return execute(sql, params, many, context)


@pytest.mark.parametrize("scene", ["lobby", "open", "practice", "ended"])
def test_no_page_that_is_read_writes(client_of, alice, session, scene):
    GroupSession.objects.update(is_practice=scene == "practice", created_at=timezone.now() - timedelta(days=3))
    group = Group(session, inwoner=3)
    if scene != "lobby":
        group.do(Start(), Open())
    if scene == "ended":
        group.do(Stop())
    phone, browser, stranger, writes = Phone(session.code, "inwoner"), client_of(alice), client_of(), Writes()
    led = ("console", "console-state", "beamer", "beamer-state", "meeting-plan", "summary", "summary-text", "manage")
    line = make_line(session, kind="actie", prompt="", texts=["meten"])
    plan = reverse("plan", args=[line.trajectory_id])
    with connection.execute_wrapper(writes):
        for path in (OVERVIEW, *(reverse(name, args=[session.code]) for name in led)):
            browser.get(path)
        for path in (plan, f"{plan}/stand", f"{plan}/{line.pk}", f"{plan}/{line.pk}/eerder"):
            browser.get(path)
        for path in (f"/m/{session.code}", f"/m/{session.code}/stand", f"/m/{session.code}/rol"):
            phone.client.get(path)
            stranger.get(path)
        for path in ("/", "/inloggen", "/alleen", "/bibliotheek", "/handleiding", "/healthz"):
            stranger.get(path)
    assert writes.tried == []


def test_the_day_of_a_meeting_is_the_day_it_was_held(client_of, alice, session):
    Group(session, inwoner=1).do(Start(), Stop())
    GroupSession.objects.update(created_at="2026-01-05T12:00Z")
    Round.objects.update(entered_at="2026-02-10T19:30Z")
    browser = client_of(alice)
    held, made = "dinsdag 10 februari 2026", "5 januari"
    for page in ("verslag", "verslag.txt"):
        text = browser.get(f"/b/{session.code}/{page}").content.decode()
        assert (page, held in text, made in text) == (page, True, False)
    assert "10 februari" in words(browser.get(OVERVIEW))


def test_a_meeting_that_went_on_later_tells_both_days(client_of, alice, session):
    group = Group(session, inwoner=1)
    group.do(Start())
    Round.objects.update(entered_at="2026-02-10T19:30Z")
    group.reveal("A")
    group.decide()
    group.do(Next())
    Round.objects.filter(number=2).update(entered_at="2026-03-03T19:30Z")
    text = client_of(alice).get(f"/b/{session.code}/verslag").content.decode()
    assert "dinsdag 10 februari 2026 tot en met dinsdag 3 maart 2026" in text


# ---- Another title, and the end ----


def test_a_session_gets_another_title(client_of, alice, session):
    browser = client_of(alice)
    assert "Wijzig of verwijder" in words(browser.get(OVERVIEW))
    assert browser.post(f"/b/{session.code}/beheer", {"title": " "}).status_code == 422
    assert browser.post(f"/b/{session.code}/beheer", {"title": NASTY}).status_code == 302
    session.refresh_from_db()
    assert session.title == NASTY


def test_a_deleted_session_is_unknown_everywhere_and_can_be_brought_back(client_of, alice, session):
    browser = client_of(alice)
    assert browser.post(f"/b/{session.code}/verwijder").url == OVERVIEW
    for page in ("console", "beamer", "plan", "verslag", "verslag.txt", "beheer"):
        assert browser.get(f"/b/{session.code}/{page}").status_code == 404
    assert client_of().get(f"/m/{session.code}").status_code == 404
    page = browser.get(OVERVIEW)
    assert "Zet terug Veilig oversteken" in words(page)
    assert browser.post(f"/b/{session.code}/terugzetten").url == OVERVIEW
    assert browser.get(f"/b/{session.code}/console").status_code == 200


def test_only_its_own_team_brings_a_session_back(client_of, alice, bob, session):
    client_of(alice).post(f"/b/{session.code}/verwijder")
    assert client_of(bob).post(f"/b/{session.code}/terugzetten").status_code == 404
    assert GroupSession.objects.count() == 0


def test_after_a_week_a_deleted_session_is_really_gone(client_of, alice, session):
    client_of(alice).post(f"/b/{session.code}/verwijder")
    GroupSession.everything.update(deleted_at=timezone.now() - timedelta(days=6))
    assert purge_deleted() == 0
    GroupSession.everything.update(deleted_at=timezone.now() - timedelta(days=8))
    assert (purge_deleted(), GroupSession.everything.count(), Round.objects.count()) == (1, 0, 0)
