"""Bad weather, in a real browser: no network, no server, no script, no sockets, two tabs, two devices."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.room import REST, STILL, DeafPhone, Facilitator, HandyPhone, Phone, PlainPhone, Room, SocketlessPhone
from tests.servers import App

AWAY = "Verbinding weg. We proberen het opnieuw."
BACK_SECONDS = 15_000
LATE = "Iemand anders was net eerder. Dit is de stand van nu."


@pytest.fixture(autouse=True)
def _standing(app: App) -> None:
    """The server of this module is killed now and then; what a test left behind is put up again."""
    if not app.is_healthy():
        app.process.kill()
        app.start()


@pytest.fixture
def lead(room: Room) -> Facilitator:
    leader = room.leader()
    leader.may_lose_connection = True
    return leader


def others_vote(room: Room, code: str) -> None:
    """Two more phones: what one phone alone chose is shown to nobody."""
    for _ in range(2):
        room.phone("Inwoner", code).vote("A")


def open_vote(lead: Facilitator) -> None:
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")


# ---- A phone out of reach ----


def test_a_vote_given_out_of_reach_waits_and_arrives_by_itself_and_counts_once(room, lead, code):
    phone = room.phone("Inwoner", code, HandyPhone)
    open_vote(lead)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.go_out_of_reach()
    phone.tap("B")
    expect(phone.page.locator(".sending")).to_have_text("Nog niet verzonden", timeout=15_000)
    expect(phone.page.locator(".button--vote")).to_have_attribute("aria-busy", "true")
    assert room.votes(code) == []
    expect(lead.page.locator(".turnout-big")).to_have_text("0 van 1")
    phone.come_back()
    expect(phone.page.locator(".vote-in h1")).to_have_text("Je stem is binnen: B", timeout=BACK_SECONDS)
    expect(lead.page.locator(".turnout-big")).to_have_text("1 van 1")
    expect(phone.page.locator(".sending")).to_have_count(0)
    assert room.votes(code) == [("inwoner", "wens")]


def test_a_phone_out_of_reach_says_so_keeps_the_choice_and_says_when_it_is_back(room, lead, code):
    phone = room.phone("Inwoner", code, DeafPhone)
    open_vote(lead)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.choose("B")
    phone.go_out_of_reach()
    expect(phone.banner).to_have_text(f"{AWAY} Je keuze blijft staan.", timeout=20_000)
    expect(phone.page.locator("input[value=wens]")).to_be_checked()
    phone.come_back()
    # Or, when a poll was there before the socket, that the line is slow.
    expect(phone.banner).to_have_text(re.compile("Je bent er weer.|Langzame verbinding."), timeout=BACK_SECONDS)
    expect(phone.banner).to_be_hidden(timeout=10_000)
    expect(phone.page.locator("input[value=wens]")).to_be_checked()
    phone.page.locator(".button--vote").click()
    phone.sees_own_vote("B")


def test_a_socket_that_swallows_a_vote_does_not_lose_it(room, lead, code):
    """No acknowledgement within three seconds: the vote goes by POST."""
    phone = room.phone("Inwoner", code, DeafPhone)
    open_vote(lead)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.is_deaf = True
    phone.tap("B")
    expect(phone.page.locator(".sending")).to_have_text("We versturen je stem")
    phone.sees_own_vote("B")
    assert [json.loads(text)["type"] for text in phone.sent if "vote" in text] == ["vote"]  # the socket was tried first
    assert room.votes(code) == [("inwoner", "wens")]


def cut_off(phone: Phone) -> None:
    """Nothing that this page sends arrives, not even late. A new page can send again."""
    phone.page.route("**/stem", lambda route: route.abort())
    phone.page.evaluate("WebSocket.prototype.send = () => {}")


@pytest.mark.slow
def test_a_vote_that_waits_survives_a_reload(room, lead, code):
    phone = room.phone("Inwoner", code, HandyPhone)
    open_vote(lead)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    cut_off(phone)
    phone.tap("B")
    expect(phone.page.locator(".sending")).to_have_text("Nog niet verzonden", timeout=15_000)
    phone.page.reload()
    phone.page.unroute("**/stem")
    phone.sees_own_vote("B")
    assert room.votes(code) == [("inwoner", "wens")]


@pytest.mark.slow
def test_a_vote_that_waits_is_not_cast_in_another_session(room, lead, code):
    """Round 1 of another meeting, on the same question, in the same tab."""
    phone = room.phone("Inwoner", code, HandyPhone)
    open_vote(lead)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    cut_off(phone)
    phone.tap("B")
    expect(phone.page.locator(".sending")).to_have_text("Nog niet verzonden", timeout=15_000)
    lead.page.goto(f"{room.app.url}/bijeenkomsten")
    other = lead.make_session("Iets anders", "Elders", "startfase")
    open_vote(lead)
    phone.page.unroute("**/stem")
    phone.join(other)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.page.wait_for_timeout(1500)
    assert room.votes(code) + room.votes(other) == []
    expect(phone.page.locator("form[data-voted=no]")).to_be_visible()


def test_a_vote_that_comes_too_late_is_told_and_not_counted(room, lead, code):
    phone = room.phone("Inwoner", code, HandyPhone)
    open_vote(lead)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.go_out_of_reach()
    phone.tap("B")
    expect(phone.page.locator(".sending")).to_have_text("Nog niet verzonden", timeout=15_000)
    lead.press("Sluit de stemming")
    phone.come_back()
    expect(phone.banner).to_have_text("Dat lukte niet. De stemming was al dicht.", timeout=BACK_SECONDS)
    expect(phone.page.locator("form[data-status=closed]")).to_be_visible()
    assert room.votes(code) == []


# ---- The server goes away ----


def test_after_the_server_was_killed_everybody_is_back_by_themselves_with_their_own_vote(room, lead, code):
    phones = [room.phone(role, code, HandyPhone) for role in ("Inwoner", "Inwoner", "Wijkprofessional")]
    wall = room.beamer(lead, code)
    wall.may_lose_connection = True
    open_vote(lead)
    for phone, letter in zip(phones, "ABA", strict=True):
        phone.vote(letter)
    expect(wall.page.locator(".stage-progress")).to_contain_text("3 van 3 gestemd")
    screens = [*phones, wall, lead]

    room.app.process.kill()
    for screen in screens:
        expect(screen.page.locator("#banner")).to_contain_text(AWAY, timeout=15_000)
    for screen in screens:
        screen.frames.clear()
    room.app.start()

    for screen in screens:
        expect(screen.page.locator("#banner")).not_to_contain_text(AWAY, timeout=BACK_SECONDS)
    for phone, letter in zip(phones, "ABA", strict=True):
        phone.sees_own_vote(letter)
    expect(wall.page.locator(".stage-progress")).to_contain_text("3 van 3 gestemd")
    expect(lead.page.locator(".turnout-big")).to_have_text("3 van 3")
    # And the evening goes on: a changed vote, a step of the facilitator, each seen by all.
    phones[1].vote("A")
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    expect(wall.page.locator(".result-total").first).to_have_text(re.compile("^3"), timeout=BACK_SECONDS)
    for phone in phones:
        expect(phone.page.locator(".split-total").first).to_have_text(re.compile("^3"), timeout=BACK_SECONDS)
    assert room.votes(code) == [("inwoner", "probleem"), ("inwoner", "probleem"), ("wijkprofessional", "probleem")]
    # All of them over sockets again: nobody is left polling.
    for screen in screens:
        screen.hears()


@pytest.mark.slow
def test_a_vote_given_while_the_server_is_away_arrives_when_it_is_back(room, lead, code):
    phone = room.phone("Inwoner", code, HandyPhone)
    open_vote(lead)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    room.app.process.kill()
    phone.tap("B")
    expect(phone.page.locator(".sending")).to_have_text("Nog niet verzonden", timeout=15_000)
    room.app.start()
    expect(phone.page.locator(".vote-in h1")).to_have_text("Je stem is binnen: B", timeout=BACK_SECONDS)
    assert room.votes(code) == [("inwoner", "wens")]


def test_a_button_pressed_while_the_server_is_away_says_so_and_does_nothing(room, lead, code):
    lead.press("Begin met vraag 1")
    room.app.process.kill()
    lead.page.wait_for_timeout(REST)
    lead.page.locator("#next").click()
    expect(lead.page.locator("#banner")).to_have_text(
        "We kregen geen antwoord. Staat de stap er niet? Druk dan nog een keer."
    )
    room.app.start()
    expect(lead.page.locator("#banner")).not_to_contain_text(AWAY, timeout=BACK_SECONDS)
    lead.press("Open de stemming")


# ---- Reload, back, tabs ----


def test_a_reload_and_the_back_button_keep_the_vote(room, lead, code):
    phone = room.phone("Inwoner", code)
    open_vote(lead)
    phone.vote("B")
    phone.page.reload()
    phone.sees_own_vote("B")
    phone.page.get_by_role("link", name="Wissel van rol").click()
    expect(phone.page.get_by_role("heading", name="Wie ben jij vandaag?")).to_be_visible()
    phone.page.go_back()
    phone.sees_own_vote("B")
    assert room.votes(code) == [("inwoner", "wens")]


def test_the_back_button_to_an_old_question_shows_the_question_of_now(room, lead, code):
    phone = room.phone("Inwoner", code)
    lead.press("Begin met vraag 1")
    phone.sees("Waarom beginnen we?")
    phone.page.get_by_role("link", name="Wissel van rol").click()
    expect(phone.page.get_by_role("heading", name="Wie ben jij vandaag?")).to_be_visible()
    lead.press("Open de stemming")
    phone.page.go_back()
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()


def test_two_tabs_of_one_phone_are_one_vote(room, lead, code):
    phone = room.phone("Inwoner", code)
    other = phone.context.new_page()
    other.goto(f"{room.app.url}/m/{code}")
    open_vote(lead)
    phone.vote("B")
    form = other.locator("form[data-status=open]")
    expect(form).to_be_visible()
    # What was voted in one tab shows in the other one.
    expect(other.locator(".vote-in h1")).to_have_text("Je stem is binnen: B")
    other.locator(".choose summary").click()
    other.wait_for_timeout(STILL)
    other.locator("label[data-letter=A]").tap()
    expect(other.locator(".vote-in h1")).to_have_text("Je stem is binnen: A")
    expect(lead.page.locator(".turnout-big")).to_have_text("1 van 1")
    phone.sees_own_vote("A")
    assert room.votes(code) == [("inwoner", "probleem")]


def test_a_double_click_on_a_role_is_one_person(room, lead, code):
    phone = room.phone("Inwoner", code)
    phone.page.goto(f"{room.app.url}/m/{code}/rol")
    phone.page.get_by_role("button", name=re.compile("Wijkprofessional")).dblclick()
    phone.sees("Je bent binnen")
    expect(lead.page.locator(".turnout-big")).to_have_text("1")


# ---- No script, no sockets ----


@pytest.mark.slow
def test_a_phone_without_script_votes_changes_its_mind_and_sees_the_result(room, lead, code):
    phone = room.phone("Inwoner", code, PlainPhone)
    open_vote(lead)
    others_vote(room, code)
    phone.vote("B")
    phone.vote("A")
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    phone.page.reload()
    expect(phone.page.locator(".split-total").first).to_have_text(re.compile("^3"))
    assert room.votes(code) == [("inwoner", "probleem")] * 3


@pytest.mark.slow
def test_a_phone_without_script_that_votes_too_late_hears_so_and_goes_on_by_itself(room, lead, code):
    phone = room.phone("Inwoner", code, PlainPhone)
    open_vote(lead)
    phone.page.reload()
    phone.page.locator("label[data-letter=B]").tap()
    lead.press("Sluit de stemming")
    phone.page.locator(".button--vote").click()
    expect(phone.page.locator("#banner")).to_have_text("Dat lukte niet. De stemming was al dicht.")
    lead.press("Toon de uitslag")
    # The page of the refusal refreshes itself, at the address of the vote: it must lead back to the question.
    expect(phone.page.get_by_text("De uitslag", exact=True)).to_be_visible(timeout=20_000)
    assert phone.page.url == f"{room.app.url}/m/{code}"
    assert room.votes(code) == []


@pytest.mark.slow
def test_a_phone_without_sockets_follows_votes_and_sees_the_result(room, lead, code):
    phone = room.phone("Inwoner", code, SocketlessPhone)
    open_vote(lead)
    others_vote(room, code)
    phone.vote("B")
    lead.press("Sluit de stemming")
    lead.press("Toon de uitslag")
    expect(phone.page.locator(".split-total").nth(1)).to_have_text(re.compile("^1"))
    assert phone.frames == []
    assert room.votes(code) == [*([("inwoner", "probleem")] * 2), ("inwoner", "wens")]


# ---- A second device ----


def test_a_second_device_takes_over_and_the_first_one_follows(room, lead, code):
    phone = room.phone("Inwoner", code)
    lead.press("Begin met vraag 1")
    second = room.leader()
    second.may_lose_connection = True
    second.page.locator(f'a[href="/b/{code}/console"]').click()
    second.press("Open de stemming")
    expect(lead.page.locator("#next")).to_have_text("Sluit de stemming")
    phone.vote("B")
    for desk in (lead, second):
        expect(desk.page.locator(".turnout-big")).to_have_text("1 van 1")
    second.press("Sluit de stemming")
    expect(lead.page.locator("#next")).to_have_text("Toon de uitslag")


def test_what_is_being_typed_on_one_device_stays_when_the_other_one_moves_on(room, lead, code):
    lead.press("Begin met vraag 1")
    second = room.leader()
    second.open_console(code)
    lead.page.locator("#hands summary").click()
    hand = lead.page.locator("#hand-A-inwoner")
    hand.fill("7")
    second.press("Open de stemming")
    expect(lead.page.locator("#next")).to_have_text("Sluit de stemming")
    expect(hand).to_be_visible()
    expect(hand).to_have_value("7")
    lead.page.get_by_role("button", name="Bewaar de handen").click()
    expect(second.page.locator(".turnout-big")).to_have_text(re.compile(r"^7\s+handen"))


def test_a_device_that_missed_a_step_is_told_and_shows_how_it_is_now(room, lead, code):
    """The console of a laptop that slept: its button says the step of before."""
    second = room.leader()
    second.page.route_web_socket(re.compile(r"/ws\b"), lambda socket: None)  # opens, and stays silent
    second.page.route("**/stand", lambda route: route.abort())
    second.may_lose_connection = True
    second.open_console(code)
    lead.press("Begin met vraag 1")
    expect(second.page.locator("#next")).to_have_text("Begin met vraag 1")
    second.page.locator("#next").click()
    expect(second.page.locator("#banner")).to_have_text(LATE)
    expect(lead.page.locator("#next")).to_have_text("Open de stemming")
    second.page.reload()
    expect(second.page.locator("#next")).to_have_text("Open de stemming")


@pytest.mark.slow
@pytest.mark.parametrize("left", ["socket", "poll"])
def test_a_facilitator_who_was_logged_out_is_asked_to_log_in_again(room, lead, code, left):
    lead.press("Begin met vraag 1")
    if left == "socket":
        lead.page.route("**/stand", lambda route: route.abort())
    else:
        lead.page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close())
    lead.context.clear_cookies(name="sessionid")
    room.app.process.kill()
    room.app.start()
    expect(lead.page.get_by_label("Gebruikersnaam", exact=True)).to_be_visible(timeout=BACK_SECONDS)
    lead.page.get_by_label("Gebruikersnaam", exact=True).fill(lead.user)
    lead.page.get_by_label("Wachtwoord", exact=True).fill(room.password_of(lead.user))
    lead.page.get_by_role("button", name="Log in").click()
    expect(lead.page.locator("#next")).to_have_text("Open de stemming")
