"""A meeting that is deleted while it runs: every screen says so once, calmly, and asks no more."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.room import Facilitator, Room, SocketlessPhone

GONE = "De begeleider heeft deze bijeenkomst verwijderd. Je hoeft niets te doen."
RESTORABLE = "Deze bijeenkomst is verwijderd. Een week lang zet je hem terug bij Jouw bijeenkomsten."


def is_silent(page: Page, seconds: float) -> bool:
    """Whether this page asks the server nothing for so long."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.wait_for_timeout(seconds * 1000)
    return asked == []


def test_screens_of_a_deleted_meeting_say_so_once_and_ask_no_more(room: Room, lead: Facilitator, code: str) -> None:
    phone, plain = room.phone("Inwoner", code), room.phone("Inwoner", code, SocketlessPhone)
    wall = room.beamer(lead, code)
    lead.press("Begin met vraag 1")
    page = lead.page.context.new_page()
    page.goto(f"{room.app.url}/b/{code}/beheer")
    page.get_by_text("Verwijder deze bijeenkomst").click()
    page.get_by_role("button", name="Ja, verwijder").click()
    expect(page).to_have_url(re.compile("/bijeenkomsten$"))
    for screen, words in ((phone, GONE), (plain, GONE), (wall, RESTORABLE), (lead, RESTORABLE)):
        expect(screen.page.locator("main")).to_contain_text(words, timeout=20_000)
        expect(screen.page.locator(".banner--alarm")).to_have_count(0)
    assert is_silent(phone.page, 6)
    assert is_silent(wall.page, 3)
