"""A tap is a vote; a key only chooses; and nothing that was tapped, chosen or told goes or stays by itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.room import STILL, DeafPhone, Facilitator, Phone, agree
from tests.sizes import pick

pytestmark = pytest.mark.rests

CLOSED = "Dat lukte niet. De stemming was al dicht."
GIVES_AWAY = """letter => document.querySelector(`label[data-letter=${letter}]`).setAttribute("data-gives-away", "")"""
# A screen reader clicks the field itself: no finger, no mouse, no key.
CLICK_FIELD = """letter => document.querySelector(`[data-letter=${letter}] input`).click()"""


@pytest.fixture
def phone(room, lead, code) -> Phone:
    """Of an inwoner, in front of an open vote."""
    lead.order("start")
    lead.order("open")
    phone = room.phone("Inwoner", code)
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.hears()
    phone.page.wait_for_timeout(STILL)
    return phone


def bar(phone: Phone) -> str:
    return phone.page.locator(".button--vote").inner_text().strip()


# ---- What votes, and what only chooses ----


@pytest.mark.parametrize(
    "how", pick(["finger", "screen reader"], ["finger", "mouse", "the field itself", "screen reader"])
)
def test_a_tap_is_a_vote_however_it_is_made(room, phone, code, how):
    label = phone.page.locator("label[data-letter=B]")
    if how == "finger":
        label.tap()
    elif how == "mouse":
        label.click()
    elif how == "the field itself":
        phone.page.locator("[data-letter=B] .letter").click()
    else:
        phone.page.evaluate(CLICK_FIELD, "B")
    phone.sees_own_vote("B")
    assert room.votes(code) == [("inwoner", "wens")]


def test_keys_only_choose_and_the_button_sends(room, phone, code):
    phone.field("A").press("Space")
    expect(phone.field("A")).to_be_checked()
    phone.page.keyboard.press("ArrowDown")
    expect(phone.field("B")).to_be_checked()
    for _ in range(3):
        phone.page.keyboard.down("ArrowDown")  # held down
    phone.page.keyboard.up("ArrowDown")
    phone.page.wait_for_timeout(STILL)
    assert (room.votes(code), bar(phone)) == ([], "Stem")
    phone.field("B").press("Space")
    phone.page.keyboard.press("Tab")
    expect(phone.page.locator(".button--vote")).to_be_focused()
    phone.page.keyboard.press("Enter")
    phone.sees_own_vote("B")
    # Enter on an answer is the button too, and not the one that takes the vote back.
    phone.choose("A")
    phone.page.keyboard.press("Enter")
    phone.sees_own_vote("A")
    assert room.votes(code) == [("inwoner", "probleem")]


def test_a_finger_that_scrolls_votes_for_nothing(room, phone, code):
    box = phone.page.locator("label[data-letter=B]").bounding_box()
    wire = phone.context.new_cdp_session(phone.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x, y - 30 * step))
    touch("touchEnd")
    agree(lambda: phone.page.evaluate("scrollY > 0"), True)
    phone.page.wait_for_timeout(STILL)
    assert room.votes(code) == []
    expect(phone.page.locator("form[data-voted=no]")).to_be_visible()


def test_a_tap_meant_for_what_stood_there_a_moment_ago_is_not_heard(room, phone, code):
    """The answers come, or move: whoever tapped at that moment meant something else."""
    for move in ("document.getElementById('banner').hidden = false", "document.querySelector('.choose').open = false"):
        # All of it in the page: between two calls from here a busy machine may let the moment pass.
        phone.page.evaluate(f"""letter => new Promise(resolve => {{
          {move};
          document.querySelector(".choose").open = true;
          setTimeout(() => {{ ({CLICK_FIELD})(letter); resolve(); }}, 100);
        }})""", "B")  # fmt: skip
        expect(phone.field("B")).not_to_be_checked()
        phone.page.wait_for_timeout(STILL)
    assert room.votes(code) == []
    phone.page.evaluate(CLICK_FIELD, "B")
    phone.sees_own_vote("B")


def test_a_double_tap_is_one_vote_and_takes_nothing_back(room, phone, code):
    box = phone.page.locator("label[data-letter=B]").bounding_box()
    for _ in range(2):
        phone.page.touchscreen.tap(box["x"] + 100, box["y"] + 20)
    phone.sees_own_vote("B")
    expect(phone.page.locator(".choose")).not_to_have_attribute("open", "")
    phone.page.wait_for_timeout(STILL)
    assert room.votes(code) == [("inwoner", "wens")]


# ---- An answer that gives somebody away ----


def test_an_answer_that_gives_somebody_away_asks_a_second_tap(room, phone, code):
    phone.page.evaluate(GIVES_AWAY, "B")
    label = phone.page.locator("label[data-letter=B]")
    # Both halves of a double tap in the page: between two calls from here a busy machine may let the moment pass.
    phone.page.evaluate("""() => new Promise(resolve => {
      const label = document.querySelector("label[data-letter=B]");
      label.click();
      setTimeout(() => { label.click(); resolve(); }, 100);
    })""")
    expect(phone.field("B")).to_be_checked()
    assert bar(phone) == "Ja, stem B"
    phone.page.wait_for_timeout(STILL)
    assert room.votes(code) == []
    phone.check_access()
    # Another answer goes straight away, and the first is asked about again.
    phone.field("E").press("Space")
    assert bar(phone) == "Stem"
    phone.page.wait_for_timeout(STILL)
    label.tap()
    phone.page.wait_for_timeout(STILL)
    assert (room.votes(code), bar(phone)) == ([], "Ja, stem B")
    label.tap()
    phone.sees_own_vote("B")


def test_the_button_is_a_second_tap_as_well(room, phone, code):
    phone.page.evaluate(GIVES_AWAY, "B")
    phone.page.locator("label[data-letter=B]").tap()
    phone.page.locator(".button--vote").tap()
    phone.sees_own_vote("B")
    assert room.votes(code) == [("inwoner", "wens")]


# ---- Taking it back ----


def test_a_vote_is_changed_and_taken_back_until_the_close(room, lead, phone, code):
    phone.vote("B")
    phone.vote("A")
    back = phone.page.get_by_role("button", name="Haal mijn stem weg")
    phone.page.wait_for_timeout(STILL)
    back.click()
    expect(phone.page.locator("#banner")).to_have_text("Je stem is weg. Je kunt opnieuw kiezen.")
    expect(phone.page.locator(".when-not-voted h1")).to_be_focused()
    expect(phone.page.locator(".answer-input:checked")).to_have_count(0)
    expect(lead.page.locator(".turnout-big")).to_have_text("0 van 1")
    phone.check_access()
    phone.vote("B")
    expect(phone.page.locator("#banner")).to_be_hidden()
    phone.page.reload()
    phone.page.wait_for_timeout(STILL)
    back.click()
    expect(back).to_be_hidden()
    assert room.votes(code) == []
    phone.vote("E")
    lead.press("Sluit de stemming")
    expect(phone.page.locator("form[data-status=closed]")).to_be_visible()
    expect(back).to_have_count(0)
    assert room.votes(code) == [("inwoner", "eerst-luisteren")]


@pytest.mark.slow
def test_taking_back_works_without_a_socket_too(room, lead, code):
    phone = room.phone("Inwoner", code, DeafPhone)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    phone.vote("B")
    phone.is_deaf = True
    phone.page.wait_for_timeout(STILL)
    phone.page.get_by_role("button", name="Haal mijn stem weg").click()
    expect(phone.page.locator(".sending")).to_have_text("We halen je stem weg")
    expect(phone.page.locator("form[data-voted=no]")).to_be_visible()
    assert room.votes(code) == []


# ---- Who chose and did not send ----


def test_who_chose_and_did_not_send_hears_so_and_can_still_vote_when_it_opens_again(room, lead, phone, code):
    phone.choose("B")
    lead.press("Sluit de stemming")
    banner = phone.page.locator("#banner")
    expect(banner).to_have_text("Je koos B, maar je stem was nog niet verstuurd. Wil je nog stemmen? Zeg het nu.")
    phone.check_access()
    lead.page.get_by_role("button", name="Open de stemming weer").click()
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    expect(banner).to_be_hidden()
    expect(phone.field("B")).to_be_checked()
    phone.page.locator(".button--vote").click()
    phone.sees_own_vote("B")
    lead.press("Sluit de stemming")
    expect(phone.page.locator("form[data-status=closed]")).to_be_visible()
    expect(banner).to_be_hidden()
    # A result that was seen stays: no vote goes on after it, also not when it was taken back.
    lead.press("Toon de uitslag")
    lead.undo()
    expect(lead.page.locator("#next")).to_have_text("Toon de uitslag")
    expect(lead.page.get_by_role("button", name="Open de stemming weer")).to_have_count(0)
    assert room.votes(code) == [("inwoner", "wens")]


# ---- Messages ----


@pytest.mark.slow
def test_a_message_ends_when_what_it_says_has_ended(room, lead, code):
    phone = room.phone("Inwoner", code, DeafPhone)
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    phone.go_out_of_reach()
    phone.tap("B")
    expect(phone.page.locator(".sending")).to_have_text("Nog niet verzonden", timeout=15_000)
    lead.press("Sluit de stemming")
    phone.come_back()
    expect(phone.banner).to_have_text(CLOSED, timeout=15_000)
    expect(phone.page.locator("form[data-status=closed]")).to_be_visible(timeout=15_000)
    expect(phone.banner).to_have_text(CLOSED)
    lead.press("Toon de uitslag")
    expect(phone.page.locator(".phone-main")).to_contain_text("De uitslag", timeout=15_000)
    expect(phone.banner).to_be_hidden()


def test_a_message_on_the_console_ends_with_its_step_too(room, lead, code):
    lead.press("Begin met vraag 1")
    second = room.leader()
    second.open_console(code)
    second.page.locator("#hands summary").click()
    second.page.locator("#hand-A-inwoner").fill("veel")
    second.page.get_by_role("button", name="Bewaar de handen").click()
    expect(second.page.locator("#banner")).to_have_text("Vul bij de handen hele getallen in, van 0 tot 999.")
    lead.press("Open de stemming")
    expect(second.page.locator("#next")).to_have_text("Sluit de stemming")
    expect(second.page.locator("#banner")).to_be_hidden()


# ---- Two tabs ----


def test_all_tabs_of_a_phone_show_the_role_and_the_vote_of_now(room, lead, phone, code):
    other: Page = phone.context.new_page()
    other.goto(f"{room.app.url}/m/{code}")
    phone.vote("B")
    expect(other.locator(".vote-in h1")).to_have_text("Je stem is binnen: B")
    other.get_by_role("link", name="Wissel van rol").click()
    other.get_by_role("button", name=re.compile("Wijkprofessional")).click()
    # The first tab shows the new role, in its bar and among its answers, and says what became of the vote.
    expect(phone.page.locator(".role")).to_have_text("Wijkprofessional")
    expect(phone.page.locator("#banner")).to_have_text("Je hebt nu een andere rol. Stem bij deze vraag opnieuw.")
    expect(phone.page.locator("#live")).to_have_attribute("data-socket", re.compile("role=wijkprofessional"))
    assert room.votes(code) == []
    phone.vote("C")
    expect(other.locator(".vote-in h1")).to_have_text("Je stem is binnen: C")
    assert room.votes(code) == [("wijkprofessional", "opdracht")]


def test_a_tab_that_still_shows_the_old_role_votes_as_nobody(room, lead, phone, code):
    """Asleep, or without a word from the other tab: what it sends is not stored as the new role."""
    phone.page.evaluate("() => addEventListener('storage', event => event.stopImmediatePropagation(), true)")
    other: Page = phone.context.new_page()
    other.goto(f"{room.app.url}/m/{code}/rol")
    phone.page.evaluate("() => { WebSocket.prototype.send = () => {}; }")
    other.get_by_role("button", name=re.compile("Wijkprofessional")).click()
    expect(other.locator(".role")).to_have_text("Wijkprofessional")
    phone.tap("A")
    expect(phone.page.locator("#banner")).to_have_text(
        "Je hebt nu een andere rol. Stem bij deze vraag opnieuw.", timeout=15_000
    )
    assert room.votes(code) == []


# ---- A phone on its side ----


def test_on_a_phone_on_its_side_an_answer_and_then_the_button_are_in_sight(room, lead, code):
    phone = room.phone("Inwoner", code, viewport={"width": 740, "height": 360})
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    expect(phone.page.locator("label[data-letter=A]")).to_be_in_viewport(ratio=1)
    phone.choose("B")
    expect(phone.page.locator(".button--vote")).to_be_in_viewport(ratio=1)
    phone.check_access()
    phone.vote("A")
    expect(phone.page.locator(".vote-in h1")).to_be_in_viewport(ratio=1)


def test_on_a_phone_console_the_turnout_of_an_open_vote_is_in_sight(room, lead: Facilitator, code):
    lead.page.set_viewport_size({"width": 360, "height": 740})
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    lead.page.evaluate("scrollTo(0, 0)")
    expect(lead.page.locator(".turnout-big")).to_be_in_viewport(ratio=1)
    lead.check_access()
