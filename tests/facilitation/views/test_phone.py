"""A participant's phone without a socket: choose a role, vote, read along, in any weather."""

import re
import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from facilitation import access
from facilitation.live import manners, render
from sessions.models import GroupSession, Participant, Round, Vote
from sessions.rules.commands import COMMANDS
from sessions.writing.meetings import open_session
from sessions.writing.seats import take_seat
from sessions.writing.walk import run_command
from tests.actors import LEADER
from tests.facilitation.screens import CarefulClient, Phone, refusal
from tests.facilitation.walking import NASTY, NASTY_IN_HTML, tag, tags, words

INW, PRO, AMB = "inwoner", "wijkprofessional", "beleidsambtenaar"
OPEN_TO_ALL, FOR_INW, FOR_OTHERS = "probleem", "al-begonnen", "opdracht"

pytestmark = pytest.mark.django_db

SENTENCES = {
    "round-closed": "Dat lukte niet. De stemming was al dicht.",
    "round-reading": "De stemming is nog niet open. Lees rustig mee.",
    "round-old": "We zijn al verder. Kijk naar de vraag van nu.",
    "other-role": "Dat antwoord is voor een andere rol. Kies een ander antwoord.",
    "role-changed": "Je hebt nu een andere rol. Stem bij deze vraag opnieuw.",
    "unknown-answer": "Dat antwoord kennen we niet. Kies een antwoord uit de lijst.",
    "no-answer": "Kies eerst een antwoord. Stem daarna.",
    "watching": "Je kijkt mee, zonder te stemmen. Wil je stemmen? Kies eerst een rol.",
    "no-seat": "We kennen je plek niet meer. Kies opnieuw je rol. Dan doe je weer mee.",
    "no-cookie": "Je telefoon bewaart je plek niet. Sta cookies toe en kies je rol opnieuw.",
    "unknown-role": "Die rol kennen we niet. Kies een rol uit de lijst.",
    "unknown-code": "Deze code kennen we niet. Kijk nog eens op het scherm.",
    "paused": "Even pauze. We gaan zo verder.",
    "ended": "Deze bijeenkomst is al afgelopen. Vraag de begeleider om het verslag.",
}


def do(session: GroupSession, *names: str, **fields: str) -> None:
    for name in names:
        seen = GroupSession.objects.get(pk=session.pk).version
        run_command(session.code, COMMANDS[name](**fields), seen=seen, actor=LEADER)


def votes() -> list[tuple[int, str, str]]:
    """Every vote there is: round, role and answer."""
    return list(Vote.objects.order_by("round__number", "pk").values_list("round__number", "role", "answer"))


def seats() -> list[str]:
    return list(Participant.objects.order_by("pk").values_list("role", flat=True))


def read_token(response) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]


def is_checked(response, answer: str) -> bool:
    page = response.content.decode()
    (field,) = [part for part in page.split("<input")[1:] if f'value="{answer}"' in part.split(">")[0]]
    return " checked" in field.split(">")[0]


# ---- Coming in ----


def test_a_phone_that_comes_new_sees_the_roles_and_gets_a_seat(session):
    phone = Phone(session.code, None)
    response = phone.page()
    assert response.status_code == 200
    assert words(response).count("Wie ben jij vandaag?") == 1
    assert access.read_seat({k: m.value for k, m in phone.client.cookies.items()}, session.code) is not None
    assert seats() == []


def test_a_phone_that_chose_is_in_and_stays_in_after_a_reload(session):
    phone = Phone(session.code, INW)
    for _ in range(2):
        response = phone.page()
        assert (response.status_code, "Je bent binnen" in words(response)) == (200, True)
    assert seats() == [INW]


@pytest.mark.parametrize("form", ["{0} {1}", "{0}-{1}", " {0}{1} ", "{0}.{1}"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_a_code_typed_in_another_way_leads_to_the_same_session(session, form, case):
    typed = case(form.format(session.code[:3], session.code[3:]))
    response = CarefulClient().get(f"/m/{typed}")
    if typed == session.code:
        assert response.status_code == 200
    else:
        assert (response.status_code, response.url) == (302, f"/m/{session.code}")


def test_every_route_of_a_phone_takes_a_code_in_small_letters(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.code = session.code.lower()
    roles = phone.client.get(f"/m/{phone.code}/rol")
    assert (roles.status_code, roles["Location"]) == (302, f"/m/{session.code}/rol")
    voted = phone.vote(OPEN_TO_ALL)
    assert (voted.status_code, voted["Location"]) == (307, f"/m/{session.code}/stem")  # the vote travels along
    assert phone.poll()["Location"] == f"/m/{session.code}/stand"


@pytest.mark.parametrize("code", ["BCDFGH", "xx", "%00", "🌳", "%3Cscript%3E", "K" * 500, "KR7%204WN%0A"])
@pytest.mark.parametrize("asked", ["get ", "get /rol", "post /rol", "post /stem", "get /stand"])
def test_an_unknown_code_says_where_to_look(db, code, asked):
    method, path = asked.split(" ")
    response = getattr(CarefulClient(), method)(f"/m/{code}{path}", {}, follow=True)
    assert response.status_code == 404
    if path == "/stand":
        assert refusal(response) == (404, "unknown-code", SENTENCES["unknown-code"])
    else:
        assert SENTENCES["unknown-code"] in words(response)


def test_a_phone_can_watch_along_without_a_vote(session):
    phone = Phone(session.code, "")
    assert "Je kijkt mee" in words(phone.page())
    assert seats() == [""]


@pytest.mark.parametrize("role", ["burgemeester", "INWONER", "inwoner ", "x" * 3000, NASTY, "inwoner\x00", "🌳"])
def test_an_unknown_role_is_refused_and_takes_no_seat(session, role):
    phone = Phone(session.code, None)
    phone.page()
    response = phone.choose(role)
    assert (response.status_code, SENTENCES["unknown-role"] in words(response)) == (422, True)
    assert seats() == []


def test_a_form_without_a_role_takes_no_seat(session):
    phone = Phone(session.code, INW)
    response = phone.client.post(f"/m/{session.code}/rol", {})
    assert (response.status_code, SENTENCES["unknown-role"] in words(response)) == (422, True)
    assert seats() == [INW]


def test_a_phone_that_keeps_no_cookies_hears_so_and_takes_no_seat(session):
    response = CarefulClient().post(f"/m/{session.code}/rol", {"role": INW})
    assert (response.status_code, SENTENCES["no-cookie"] in words(response)) == (403, True)
    assert seats() == []


@pytest.mark.parametrize("path", ["rol", "stem", "wis"])
def test_a_browser_that_keeps_no_cookies_hears_so_and_sees_the_roles_again(session, path):
    """With the token that a browser has to send back: it was told to refresh the page, again and again."""
    client = CarefulClient(enforce_csrf_checks=True)
    for _ in range(2):
        token = read_token(client.get(f"/m/{session.code}/rol"))
        client.cookies.clear()
        response = client.post(f"/m/{session.code}/{path}", {"role": INW, "csrfmiddlewaretoken": token})
        assert (response.status_code, SENTENCES["no-cookie"] in words(response)) == (403, True)
        assert len([button for button in tags(response, "button") if 'name="role"' in button]) == 4
        client.cookies.clear()
    assert seats() == []


def test_who_allows_cookies_after_all_goes_on_from_the_page_that_asked_for_them(session):
    client = CarefulClient(enforce_csrf_checks=True)
    asked = client.post(f"/m/{session.code}/rol", {"role": INW})
    client.post(f"/m/{session.code}/rol", {"role": INW, "csrfmiddlewaretoken": read_token(asked)})
    assert seats() == [INW]


def test_a_script_without_cookies_hears_so_too(session):
    client = CarefulClient(enforce_csrf_checks=True)
    told = refusal(client.post(f"/m/{session.code}/stem", headers={"Accept": "application/json"}))
    assert told == (403, "no-cookie", SENTENCES["no-cookie"])
    assert client.post("/m/BCDFGH/rol").status_code == 404


def test_choosing_a_role_twice_is_one_seat(session):
    phone = Phone(session.code, INW)
    phone.choose(INW)
    assert seats() == [INW]


def test_two_tabs_of_one_phone_are_one_seat(session):
    phone = Phone(session.code, None)
    phone.page()
    phone.page()  # the second tab, before a role was chosen in the first
    phone.choose(INW)
    phone.choose(PRO)
    assert seats() == [PRO]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_a_role_is_one_seat(session):
    """Two forms at the same moment, each in a thread and on a connection of its own."""
    phone = Phone(session.code, None)
    phone.page()
    together, answers = threading.Barrier(4), []

    def click() -> None:
        mine = CarefulClient()
        mine.cookies.update(phone.client.cookies)
        together.wait(10)
        try:
            answers.append(mine.post(f"/m/{session.code}/rol", {"role": INW}).status_code)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(30)
    assert answers == [302] * 4
    assert seats() == [INW]


@pytest.mark.django_db(transaction=True)
def test_two_votes_at_the_same_moment_are_one_vote(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    together, answers = threading.Barrier(4), []

    def click(answer: str) -> None:
        mine = CarefulClient()
        mine.cookies.update(phone.client.cookies)
        together.wait(10)
        try:
            answers.append(mine.post(f"/m/{session.code}/stem", {"round": "1", "answer": answer}).status_code)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click, args=(answer,)) for answer in (OPEN_TO_ALL, FOR_INW) * 2]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(30)
    assert answers == [302] * 4
    assert votes() in ([(1, INW, OPEN_TO_ALL)], [(1, INW, FOR_INW)])


# ---- Cookies ----


FORGED = ["", "x", "é", "x" * 6000, "a:b:c", '"; drop table"', "<script>"]


@pytest.mark.parametrize("value", FORGED, ids=lambda value: value[:8])
def test_a_forged_cookie_is_nobody(session, value):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.client.cookies[f"stoel_{session.code}"] = value
    assert "Wie ben jij vandaag?" in words(phone.page())
    phone.client.cookies[f"stoel_{session.code}"] = value
    response = phone.vote(OPEN_TO_ALL)
    assert (response.status_code, SENTENCES["no-seat"] in words(response)) == (403, True)
    assert refusal(phone.vote(OPEN_TO_ALL, as_json=True)) == (403, "no-seat", SENTENCES["no-seat"])
    assert refusal(phone.poll()) == (403, "no-seat", SENTENCES["no-seat"])
    assert (votes(), seats()) == ([], [INW])


def test_an_expired_cookie_is_nobody_and_a_new_seat_is_given(session, monkeypatch):
    phone = Phone(session.code, INW)
    old = phone.client.cookies[f"stoel_{session.code}"].value
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + access.SEAT_SECONDS + 60)
    assert refusal(phone.poll())[:2] == (403, "no-seat")
    assert "Wie ben jij vandaag?" in words(phone.page())
    assert phone.client.cookies[f"stoel_{session.code}"].value != old


def test_the_cookie_of_one_session_is_worth_nothing_in_another(session, team, alice):
    other = open_session(team=team, facilitator=alice, title="Elders", buurt="Elders", phase="startfase", actor=LEADER)
    do(other, "start", "open")
    phone = Phone(session.code, INW)
    phone.client.cookies[f"stoel_{other.code}"] = phone.client.cookies[f"stoel_{session.code}"].value
    phone.code = other.code
    assert refusal(phone.vote(OPEN_TO_ALL, as_json=True))[:2] == (403, "no-seat")
    assert refusal(phone.poll())[:2] == (403, "no-seat")
    assert votes() == []


def test_one_phone_sits_in_two_sessions_at_once(session, team, alice):
    other = open_session(team=team, facilitator=alice, title="Elders", buurt="Elders", phase="startfase", actor=LEADER)
    phone = Phone(session.code, INW)
    phone.client.get(f"/m/{other.code}/rol")
    phone.client.post(f"/m/{other.code}/rol", {"role": PRO})
    assert {name for name in phone.client.cookies if name.startswith("stoel_")} == {
        f"stoel_{session.code}", f"stoel_{other.code}",
    }  # fmt: skip
    assert list(Participant.objects.order_by("pk").values_list("session", "role")) == [
        (session.pk, INW),
        (other.pk, PRO),
    ]


# ---- Voting ----


def test_a_vote_is_kept_and_stays_after_a_reload(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    response = phone.vote(OPEN_TO_ALL)
    assert (response.status_code, response.url) == (302, f"/m/{session.code}")
    for _ in range(2):
        assert "Je stem is binnen: A" in words(phone.page())
        assert is_checked(phone.page(), OPEN_TO_ALL)
    assert votes() == [(1, INW, OPEN_TO_ALL)]


def test_a_vote_can_be_changed_until_it_closes_and_counts_once(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    for answer in (OPEN_TO_ALL, FOR_INW, FOR_INW, "wens"):
        phone.vote(answer)
    assert votes() == [(1, INW, "wens")]
    do(session, "close")
    assert phone.vote(OPEN_TO_ALL).status_code == 422
    assert votes() == [(1, INW, "wens")]


def test_a_vote_is_taken_back_by_a_form_whatever_answer_it_carries_along(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.vote("wens")
    assert 'name="withdraw"' in phone.page().content.decode()
    response = phone.vote("wens", withdraw="1")
    assert (response.status_code, response.url, votes()) == (302, f"/m/{session.code}", [])
    assert "Je stem is binnen: B" not in words(phone.page())
    phone.vote("wens")
    answer = phone.vote("", as_json=True, withdraw="1", id="x")
    assert answer.json() == {"type": "ack", "id": "x", "round": 1, "answer": None}
    phone.vote("wens")
    do(session, "close")
    assert 'name="withdraw"' not in phone.page().content.decode()
    assert phone.vote("", withdraw="1").status_code == 422
    assert votes() == [(1, INW, "wens")]


def test_enter_on_an_answer_is_the_vote_and_takes_nothing_back(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.vote("wens")
    assert tags(phone.page(), "button")[0] == "<button hidden>"


def test_a_page_that_shows_the_old_role_does_not_vote_as_the_new_one(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    assert f'name="role" value="{INW}"' in phone.page().content.decode()
    phone.choose(PRO)
    sentence = SENTENCES["role-changed"]
    page = phone.vote(OPEN_TO_ALL, role=INW)
    assert (page.status_code, sentence in words(page)) == (422, True)
    assert f'name="role" value="{PRO}"' in page.content.decode()  # and the page is that of the new role
    assert refusal(phone.vote(OPEN_TO_ALL, as_json=True, role=INW)) == (422, "role-changed", sentence)
    assert votes() == []
    phone.vote(OPEN_TO_ALL, role=PRO)
    assert votes() == [(1, PRO, OPEN_TO_ALL)]


def test_a_script_gets_the_acknowledgement_with_its_id(session):
    do(session, "start", "open")
    response = Phone(session.code, INW).vote(OPEN_TO_ALL, as_json=True, id="k3x9")
    assert response.json() == {"type": "ack", "id": "k3x9", "round": 1, "answer": OPEN_TO_ALL}


def test_an_id_comes_back_cut_off_and_as_text(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    assert phone.vote(OPEN_TO_ALL, as_json=True, id="x" * 100).json()["id"] == "x" * 64
    assert phone.vote(OPEN_TO_ALL, as_json=True, id=NASTY).json()["id"] == NASTY[:64]
    assert "id" not in phone.vote("geen", as_json=True).json()


REFUSED_VOTES = {
    "for another role": (("start", "open"), FOR_OTHERS, 1, "other-role"),
    "for an answer that is not there": (("start", "open"), "geen-antwoord", 1, "unknown-answer"),
    "for an answer of another question": (("start", "open"), "van-velen", 1, "unknown-answer"),
    "for nothing": (("start", "open"), "", 1, "no-answer"),
    "for a text": (("start", "open"), NASTY, 1, "unknown-answer"),
    "for a very long answer": (("start", "open"), "x" * 5000, 1, "unknown-answer"),
    "for an answer with a null": (("start", "open"), f"{OPEN_TO_ALL}\x00", 1, "unknown-answer"),
    "while reading": (("start",), OPEN_TO_ALL, 1, "round-reading"),
    "after closing": (("start", "open", "close"), OPEN_TO_ALL, 1, "round-closed"),
    "after the reveal": (("start", "open", "close", "reveal"), OPEN_TO_ALL, 1, "round-closed"),
    "in a break": (("start", "open", "pause"), OPEN_TO_ALL, 1, "paused"),
    "after the end": (("start", "open", "stop"), OPEN_TO_ALL, 1, "ended"),
    "in the lobby": ((), OPEN_TO_ALL, 1, "round-old"),
    "in an old round": (("start", "open", "close", "again", "open"), OPEN_TO_ALL, 1, "round-old"),
    "in a round to come": (("start", "open"), OPEN_TO_ALL, 2, "round-old"),
    "in round 0": (("start", "open"), OPEN_TO_ALL, 0, "round-old"),
    "in a round below 0": (("start", "open"), OPEN_TO_ALL, -1, "round-old"),
    "in a round that is no number": (("start", "open"), OPEN_TO_ALL, "een", "round-old"),
    "in half a round": (("start", "open"), OPEN_TO_ALL, "1.5", "round-old"),
    "in a superscript round": (("start", "open"), OPEN_TO_ALL, "¹", "round-old"),
    "in a round with a null": (("start", "open"), OPEN_TO_ALL, "1\x00", "round-old"),
    "in no round": (("start", "open"), OPEN_TO_ALL, "", "round-old"),
    "in a huge round": (("start", "open"), OPEN_TO_ALL, "9" * 4000, "round-old"),
}


@pytest.mark.parametrize(("way", "answer", "round_", "code"), REFUSED_VOTES.values(), ids=REFUSED_VOTES)
def test_a_vote_that_cannot_count_is_answered_clearly_and_changes_nothing(session, way, answer, round_, code):
    phone = Phone(session.code, INW)
    if way[:2] == ("start", "open"):  # there is a good vote already: it must stay
        do(session, "start", "open")
        phone.vote("wens")
        do(session, *way[2:])
    else:
        do(session, *way)
    before = votes()
    page = phone.vote(answer, round_)
    assert (page.status_code, SENTENCES[code] in words(page)) == (422, True)
    assert refusal(phone.vote(answer, round_, as_json=True)) == (422, code, SENTENCES[code])
    assert (votes(), seats()) == (before, [INW])


def test_every_sentence_for_a_phone_was_tried():
    """The table above, `watching`, and what has no page to stay on: all the reasons that a phone can hear."""
    tried = {code for *_, code in REFUSED_VOTES.values()}
    assert tried | {"watching", "role-changed", "no-seat", "no-cookie", "unknown-role", "unknown-code"} == set(
        SENTENCES
    )


def test_who_watches_cannot_vote(session):
    do(session, "start", "open")
    phone = Phone(session.code, "")
    response = phone.vote(OPEN_TO_ALL)
    assert (response.status_code, SENTENCES["watching"] in words(response)) == (422, True)
    assert votes() == []


def test_a_refused_vote_leaves_the_phone_on_the_question_of_now(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.vote("wens")
    response = phone.vote(FOR_OTHERS)
    assert "Waarom beginnen we?" in words(response)
    assert is_checked(response, "wens")


def test_a_refused_vote_without_script_survives_a_reload_by_address(session):
    """The page of a refusal stands at the address of the vote, and refreshes itself there by a GET."""
    phone = Phone(session.code, INW)
    do(session, "start")
    assert phone.vote(OPEN_TO_ALL).status_code == 422
    response = phone.client.get(f"/m/{session.code}/stem")
    assert (response.status_code, response.url) == (302, f"/m/{session.code}")
    assert phone.client.head(f"/m/{session.code}/stem").url == f"/m/{session.code}"


def test_an_old_form_from_the_back_button_does_not_vote_in_the_question_of_now(session):
    """The form of round 1, posted when round 2 of the same question is open."""
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.vote("wens")
    do(session, "close", "again", "open")
    response = phone.vote(OPEN_TO_ALL, round_=1)
    assert (response.status_code, SENTENCES["round-old"] in words(response)) == (422, True)
    assert votes() == [(1, INW, "wens")]


def test_the_answers_of_other_roles_are_read_and_cannot_be_chosen(session):
    do(session, "start", "open")
    page = Phone(session.code, INW).page()
    assert "Alleen voor wijkprofessionals en beleidsambtenaren" in words(page)
    assert f'value="{FOR_OTHERS}"' not in page.content.decode()
    assert f'value="{FOR_INW}"' in page.content.decode()


def test_a_vote_taken_back_to_reading_is_told_to_stay_and_the_question_can_be_read(session):
    """The facilitator opened too soon and undid it."""
    do(session, "start", "open")
    voter, other = Phone(session.code, INW), Phone(session.code, INW)
    voter.vote(OPEN_TO_ALL)
    do(session, "undo")
    stays = "Je stem blijft staan. We lezen eerst nog even samen."
    form, line = tag(voter.page(), "form", "vote-form"), tag(voter.page(), "p", "data-own-line")
    assert ('data-voted="no"' in form, "hidden" in line, stays in words(voter.page())) == (True, False, True)
    assert "hidden" in tag(other.page(), "p", "data-own-line")
    do(session, "open")
    assert 'data-voted="yes"' in tag(voter.page(), "form", "vote-form")


# ---- Changing role ----


def test_who_changes_role_keeps_the_seat_and_gives_up_the_vote_of_the_open_round(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.vote(FOR_INW)
    seat = Participant.objects.get().seat
    assert phone.choose(PRO).url == f"/m/{session.code}?opnieuw=1"
    assert votes() == []
    assert (Participant.objects.get().seat, seats()) == (seat, [PRO])
    assert phone.poll().json()["own"] == {"round": 1, "answer": None}
    phone.vote(FOR_OTHERS)
    assert votes() == [(1, PRO, FOR_OTHERS)]


def test_choosing_the_same_role_again_keeps_the_vote(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.vote(FOR_INW)
    assert phone.choose(INW).url == f"/m/{session.code}"
    assert votes() == [(1, INW, FOR_INW)]


CHANGING = "Wissel je van rol? Dan stem je bij deze vraag opnieuw."
CHANGED = "Je hebt nu een andere rol. Stem bij deze vraag opnieuw."
NOW_WATCHING = "Je kijkt nu mee. Je stem bij deze vraag telt niet meer."


@pytest.mark.parametrize(("role", "told"), [(PRO, CHANGED), ("", NOW_WATCHING)])
def test_who_changes_role_hears_before_and_after_that_the_vote_of_this_question_goes(session, role, told):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    before = words(phone.client.get(f"/m/{session.code}/rol"))
    phone.vote(FOR_INW)
    assert (CHANGING in before, CHANGING in words(phone.client.get(f"/m/{session.code}/rol"))) == (False, True)
    address = phone.choose(role).url
    assert (told in words(phone.client.get(address)), told in words(phone.page())) == (True, False)
    # Whoever keeps that address hears it no more at the next round.
    do(session, "close", "again", "open")
    assert told not in words(phone.client.get(address))


def test_who_changes_role_without_a_vote_to_lose_hears_nothing_of_it(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    assert phone.choose(PRO).url == f"/m/{session.code}"
    phone.vote(OPEN_TO_ALL)
    do(session, "close")
    assert CHANGING not in words(phone.client.get(f"/m/{session.code}/rol"))
    assert phone.choose(INW).url == f"/m/{session.code}"


@pytest.mark.parametrize("way", [("close",), ("close", "reveal"), ("close", "again", "open")], ids=lambda way: way[-1])
def test_a_vote_of_a_round_that_is_closed_stays_with_the_role_it_was_given_in(session, way):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.vote(FOR_INW)
    do(session, *way)
    phone.choose(PRO)
    assert votes() == [(1, INW, FOR_INW)]


def test_the_page_with_the_roles_marks_the_role_of_now(session):
    phone = Phone(session.code, PRO)
    page = phone.client.get(f"/m/{session.code}/rol")
    assert words(page).count("Dit is nu je rol") == 1
    assert "Terug naar de vraag" in words(page)


# ---- Coming late ----


LATE = "Je kwam later binnen. Dit is de vraag van nu."


def to_second_question(session: GroupSession) -> None:
    do(session, "start", "open", "close", "reveal", "split")
    do(session, "decide", answer=OPEN_TO_ALL, how="talk", why="Omdat.")
    do(session, "next", "open")


def test_who_comes_late_lands_on_the_question_of_now_and_hears_so(session):
    early = Phone(session.code, INW)
    to_second_question(session)
    late = Phone(session.code, PRO)
    assert (LATE in words(late.page()), LATE in words(early.page())) == (True, False)
    assert "Voor wie is dit een probleem?" in words(late.page())


def test_who_came_late_hears_it_no_more_after_voting_or_at_the_next_question(session):
    Phone(session.code, INW)
    to_second_question(session)
    late = Phone(session.code, PRO)
    assert LATE in words(late.page())
    do(session, "letin")
    late.vote("van-velen", 2)
    assert LATE not in words(late.page())
    other = Phone(session.code, PRO)
    assert LATE in words(other.page())
    do(session, "close", "again")
    assert LATE not in words(other.page())


@pytest.mark.parametrize("way", [("close", "reveal"), ("pause",), ("close", "reveal", "stop")], ids=lambda way: way[-1])
def test_who_comes_where_there_is_no_question_is_not_told_of_one(session, way):
    to_second_question(session)
    do(session, *way[:2])
    late = Phone(session.code, PRO)
    do(session, *way[2:])
    assert LATE not in words(late.page())


def test_at_the_first_question_nobody_is_late(session):
    do(session, "start", "open")
    assert LATE not in words(Phone(session.code, INW).page())


# ---- Coming after the end ----


def test_who_comes_after_the_end_reads_so_and_takes_no_seat(session):
    here = Phone(session.code, INW)
    new = Phone(session.code, None)
    new.page()  # while it still went on: there is a seat to sit in
    do(session, "start", "stop")
    for response in (new.page(), new.client.get(f"/m/{session.code}/rol")):
        assert (response.status_code, "Bedankt voor het meedoen" in words(response)) == (200, True)
        assert ("<form" in response.content.decode(), "<script" in response.content.decode()) == (False, False)
    refused = new.choose(INW)
    assert (refused.status_code, SENTENCES["ended"] in words(refused)) == (422, True)
    assert seats() == [INW]
    # Whoever was there stays, in the role of then.
    assert here.client.get(f"/m/{session.code}/rol").url == f"/m/{session.code}"
    assert here.choose(PRO).status_code == 422
    assert here.choose(INW).status_code == 302
    assert seats() == [INW]


# ---- Without script ----


def is_refreshed(response) -> bool:
    return '<meta http-equiv="refresh"' in response.content.decode()


def test_a_page_asks_again_by_itself_but_not_while_somebody_chooses_or_reads(session):
    phone, watcher = Phone(session.code, INW), Phone(session.code, "")
    decision: dict[str, str] = {"answer": OPEN_TO_ALL, "how": "talk", "why": "Omdat."}
    seen = []
    for step in ("start", "open", "close", "reveal", "decide", "next"):
        do(session, step, **(decision if step == "decide" else {}))
        pages = (phone.page(), watcher.page())
        seen.append((step, *map(is_refreshed, pages)))
        # Where it does not, there is a link to press; on an open question that is the button.
        assert [">Ververs<" in page.content.decode() for page in pages] == [step != "open", True]
    assert seen == [
        ("start", True, True), ("open", False, True), ("close", True, True),
        ("reveal", False, False), ("decide", False, False), ("next", True, True),
    ]  # fmt: skip


def test_a_form_leaves_the_words_for_an_empty_vote_to_us(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    (form,) = tags(phone.page(), "form")
    assert " novalidate" in form
    assert f'data-no-answer="{SENTENCES["no-answer"]}"' in phone.page().content.decode()
    refused = phone.vote("")
    assert tag(refused, "p", 'id="banner"') == '<p class="banner banner--alarm" id="banner" role="status">'


# ---- The poll ----


def test_a_poll_is_the_state_frame_with_the_own_vote(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    phone.vote(FOR_INW)
    frame = phone.poll().json()
    assert set(frame) == {"type", "version", "revision", "scene", "status", "html", "round", "choices", "own", "role"}
    assert (frame["type"], frame["version"], frame["scene"], frame["status"], frame["round"]) == (
        "state", 2, "question", "open", 1,
    )  # fmt: skip
    assert frame["choices"] == [OPEN_TO_ALL, "wens", FOR_INW, "eerst-luisteren"]
    assert frame["own"] == {"round": 1, "answer": FOR_INW}


def test_a_poll_says_nothing_twice_and_speaks_again_after_every_change(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    tags = []

    def poll_twice() -> None:
        fresh = phone.poll()
        assert (fresh.status_code, len(fresh.content) > 0) == (200, True)
        again = phone.poll(**{"If-None-Match": fresh.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        tags.append(fresh.headers["ETag"])

    poll_twice()
    phone.vote(OPEN_TO_ALL)
    poll_twice()
    phone.choose(PRO)
    poll_twice()
    do(session, "close")
    poll_twice()
    assert len(set(tags)) == 4


def test_a_poll_in_the_lobby_has_no_round_and_no_own_vote(session):
    assert set(Phone(session.code, INW).poll().json()) == {
        "type",
        "version",
        "revision",
        "scene",
        "status",
        "html",
        "role",
    }


def test_nothing_of_a_session_is_kept_in_a_cache(session):
    phone = Phone(session.code, INW)
    for response in (phone.page(), phone.poll(), phone.client.get(f"/m/{session.code}/rol")):
        assert "no-cache" in response.headers["Cache-Control"]


def test_a_phone_that_polls_or_votes_counts_as_present(session):
    do(session, "start", "open")
    phone = Phone(session.code, INW)
    long_ago = timezone.now() - timedelta(hours=5)
    for act in (phone.poll, phone.page, lambda: phone.vote(OPEN_TO_ALL)):
        Participant.objects.update(seen_at=long_ago)
        act()
        assert Participant.objects.get().seen_at > long_ago


# ---- Texts and size ----


def test_markup_and_emoji_in_a_title_are_only_text(team, alice, edition):
    session = open_session(team=team, facilitator=alice, title=NASTY, buurt=NASTY, phase="startfase", actor=LEADER)
    phone = Phone(session.code, INW)
    for response in (phone.page(), phone.client.get(f"/m/{session.code}/rol")):
        assert NASTY_IN_HTML in response.content.decode()
        assert "<script>alert" not in response.content.decode()
    assert NASTY_IN_HTML in phone.poll().json()["html"]


def test_a_decision_with_markup_reaches_a_phone_as_text(session):
    do(session, "start", "open", "close", "reveal")
    do(session, "decide", answer=OPEN_TO_ALL, how="talk", why=NASTY, other=NASTY)
    phone = Phone(session.code, INW)
    assert phone.page().content.decode().count(NASTY_IN_HTML) == 2
    assert phone.poll().json()["html"].count(NASTY_IN_HTML) == 2


def count_queries(ask) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert ask().status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "way", [(), ("start",), ("start", "open"), ("start", "open", "close", "reveal", "split")], ids=len
)
def test_thirty_participants_cost_no_more_queries_than_one(session, way, monkeypatch):
    monkeypatch.setattr(render, "LOOK_AGAIN_SECONDS", 1000)  # a slow machine would read the session once more
    do(session, *way)
    phone = Phone(session.code, INW)
    phone.page()
    asks = (phone.page, phone.poll)
    alone = [count_queries(ask) for ask in asks]
    round_ = Round.objects.filter(session=session).first()
    for place in range(29):
        person = take_seat(session.code, uuid.uuid4(), (INW, PRO, AMB)[place % 3])
        if round_:
            Vote.objects.create(
                round=round_, participant=person, role=person.role, answer="wens", cast_at=timezone.now()
            )
    assert [count_queries(ask) for ask in asks] == alone


def test_the_page_of_a_phone_names_its_doors(session):
    page = Phone(session.code, INW).page().content.decode()
    assert f'data-socket="/m/{session.code}/ws?role=inwoner&amp;mark=&amp;revision="' in page
    assert f'data-poll="{reverse("phone-state", args=[session.code])}"' in page
    assert f'data-vote-url="{reverse("vote", args=[session.code])}"' in page


def test_a_phone_that_polls_without_end_is_asked_to_wait_and_others_are_not(session, monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(manners.time, "monotonic", lambda: now)  # nothing is earned back meanwhile
    rude, calm = Phone(session.code, INW), Phone(session.code, INW)
    answers = [rude.poll().status_code for _ in range(manners.MOST_FRAMES_AT_ONCE + 2)]
    assert answers == [200] * manners.MOST_FRAMES_AT_ONCE + [503] * 2
    assert calm.poll().status_code == 200
