"""Screens not as we drew them: darkened by the browser, in colours of the visitor, with letters twice as large."""

from typing import Literal

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.pixels import contrast, photograph, read_qr
from tests.e2e.room import Facilitator, Room, Screen

TEXT, SHAPE = 4.5, 3  # what WCAG asks of words, and of what is drawn


def force_dark(screen: Screen) -> None:
    """As the setting of a phone that makes every page dark."""
    wire = screen.context.new_cdp_session(screen.page)
    wire.send("Emulation.setAutoDarkModeOverride", {"enabled": True})


def check_letter(letter: Locator) -> None:
    """It stands out against its shape, and the shape against what is behind it."""
    name = letter.get_attribute("data-letter")
    assert photograph(letter.locator("b")).contrast >= TEXT, f"{name} in its shape"
    # Under the letter there is only the shape, or its outline, and what is behind it.
    assert photograph(letter, around=3).lowest(0.2).contrast >= SHAPE, f"the shape of {name}"


def check_letters(screen: Screen) -> None:
    letters = screen.page.locator(".letter:visible")
    expect(letters.first).to_be_visible()
    assert {letter.get_attribute("data-letter") for letter in letters.all()} == set("ABCDE")
    for letter in letters.all():
        check_letter(letter)


def check_qr(screen: Screen, code: str) -> None:
    qr = screen.page.locator(".qr:visible").last
    assert read_qr(photograph(qr, around=4)) == [f"{screen.room.app.url}/m/{code}"]


@pytest.mark.parametrize("asked", ["dark", "light"])
def test_a_browser_that_makes_pages_dark_leaves_letters_and_qr_readable(
    room: Room, lead: Facilitator, code: str, asked: Literal["dark", "light"]
) -> None:
    """Where somebody asked for dark our own colours stay. A browser that darkens all the same leaves them readable."""
    wall, phone = room.beamer(lead, code), room.phone("Inwoner", code)
    for screen in (wall, phone, lead):
        screen.page.emulate_media(color_scheme=asked)
        force_dark(screen)
        paper = photograph(screen.page.locator("h1")).look_at(0, 0)
        assert (contrast(paper, (255, 255, 255)) < 1.2) == (asked == "dark"), screen.name
    check_qr(lead, code)
    check_qr(wall, code)
    lead.press("Begin met vraag 1")
    wall.sees("Waarom beginnen we?")
    check_qr(wall, code)  # the small one at the foot
    wall.page.keyboard.press("q")
    check_qr(wall, code)
    wall.page.keyboard.press("q")
    lead.press("Open de stemming")
    phone.sees("Waarom beginnen we?")
    expect(phone.page.locator("form[data-status=open]")).to_be_visible()
    for screen in (wall, phone, lead):
        check_letters(screen)
        screen.check_access()
