"""A press that is under way while the screen changes is no press that is lost."""

import re

from playwright.sync_api import Route, expect

from tests.e2e.room import STILL, Facilitator, Phone, Room


def press_down(screen: Facilitator | Phone, target: str) -> None:
    screen.page.locator(f"{target}:visible").first.hover()
    screen.page.mouse.down()


def change_hall(lead: Facilitator, code: str, name: str) -> None:
    """The wifi of the hall is another one: the console gets a new state."""
    version = lead.page.locator("#act [name=version]").get_attribute("value")
    address = f"{lead.room.app.url}/b/{code}/wifi"
    assert lead.ask(address, name=name, password="", version=version or "").ok


def test_a_state_that_comes_while_the_big_button_is_down_waits_for_the_press(room: Room, lead, code):
    lead.hears()
    lead.frames.clear()
    press_down(lead, "#next")
    change_hall(lead, code, "Buurthuis De Merel")
    lead.hears()
    expect(lead.page.locator("#next")).to_have_text(re.compile("Begin met vraag 1"))
    lead.page.mouse.up()
    expect(lead.page.locator("#next")).to_have_text("Open de stemming")


def test_the_next_step_does_not_wait_for_an_answer_that_is_slower_than_the_state_it_brought(room: Room, lead, code):
    lead.hears()
    answers: list[tuple[Route, object]] = []
    lead.page.route("**/opdracht", lambda route: answers.append((route, route.fetch())))
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    expect(lead.page.locator("#next")).to_have_text("Sluit de stemming")
    # They come in at last, and change nothing any more.
    for route, answer in answers:
        route.fulfill(response=answer)
    lead.press("Sluit de stemming")


def test_a_state_that_comes_while_a_finger_is_on_an_answer_waits_for_the_tap(room: Room, lead, code):
    lead.press("Begin met vraag 1")
    lead.press("Open de stemming")
    phone = room.phone("Inwoner", code)
    phone.hears()
    phone.page.wait_for_timeout(STILL)
    phone.frames.clear()
    press_down(phone, "label:has([name=answer])")
    assert lead.ask(f"{room.app.url}/b/{code}/beheer", title="Een andere naam").ok
    phone.hears()
    phone.page.mouse.up()
    expect(phone.page.locator(".vote-in h1")).to_have_text(re.compile("Je stem is binnen: A"))


def test_a_finger_that_rests_on_the_glass_does_not_stop_the_screen(room: Room, lead, code):
    lead.press("Begin met vraag 1")
    phone = room.phone("Inwoner", code)
    press_down(phone, "h1")
    lead.press("Open de stemming")
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
