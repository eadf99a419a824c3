"""A laptop with a beamer: a window of its own for the wall, and a warning when the hall reads along."""

import pytest
from playwright.sync_api import expect

from tests.e2e.room import Facilitator, Room

pytestmark = pytest.mark.whole


@pytest.mark.slow
def test_the_beamer_opens_in_a_window_and_the_console_says_when_both_share_a_screen(
    room: Room, lead: Facilitator, code: str
) -> None:
    page = lead.page
    expect(page.locator("#beamer-steps")).to_have_attribute("open", "")  # the first time on this device
    expect(page.locator(".beamer-steps li")).to_have_count(3)
    expect(page.locator("#may-sleep")).to_be_hidden()  # Chromium keeps the screen on
    lead.check_access()
    with page.expect_popup() as opened:
        page.locator(".desk-top").get_by_role("link", name="Beamer").click()
    wall = opened.value
    expect(wall.locator(".lobby")).to_be_visible()
    assert wall.evaluate("innerWidth") == 1024  # a window of its own size, no tab of the console's
    expect(page.locator("#same-screen")).to_be_visible(timeout=10_000)
    lead.check_access()
    wall.close()
    expect(page.locator("#same-screen")).to_be_hidden(timeout=20_000)
    page.reload()
    expect(page.locator("#beamer-steps")).not_to_have_attribute("open", "")


def test_on_a_phone_console_the_link_to_the_wall_opens_a_window_too_after_the_screen_changed(
    room: Room, lead: Facilitator, code: str
) -> None:
    page = lead.page
    page.set_viewport_size({"width": 390, "height": 844})
    lead.press("Begin met vraag 1")
    with page.expect_popup() as opened:
        page.locator(".desk-links").get_by_role("link", name="Beamer").click()
    assert opened.value.evaluate("innerWidth") == 1024


def test_a_browser_that_cannot_keep_the_screen_on_says_so(room: Room, lead: Facilitator, code: str) -> None:
    lead.page.add_init_script("Object.defineProperty(navigator, 'wakeLock', { value: undefined });")
    lead.page.reload()
    expect(lead.page.locator("#may-sleep")).to_be_visible()


def test_while_the_door_is_shut_no_key_shows_the_qr(room: Room, lead: Facilitator, code: str) -> None:
    wall = room.beamer(lead, code)
    wall.page.keyboard.press("q")
    expect(wall.page.locator("#big-qr")).to_be_visible()
    wall.page.keyboard.press("q")
    lead.press_small("Deur dicht")
    expect(wall.page.get_by_text("De deur is dicht.").first).to_be_visible()
    wall.page.keyboard.press("q")
    expect(wall.page.locator("#big-qr")).to_be_hidden()
