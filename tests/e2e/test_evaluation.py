"""Tellen en vertellen: what was counted and told comes on the wall while the group looks at it."""

from playwright.sync_api import expect

from tests.e2e.planning import open_plan
from tests.e2e.room import PHONE, Facilitator, Room


def test_a_number_and_a_story_are_kept_and_stand_on_the_wall(lead: Facilitator, room: Room, code: str) -> None:
    lead.press("Begin met vraag 1")
    open_plan(lead, code)
    wall = room.beamer(lead, code)
    lead.page.get_by_role("button", name="Toon op de beamer").click()
    lead.page.goto(lead.page.url.replace("/plan", "/evaluatie"))
    lead.check_access()
    for kind, text in (
        ("Tellen: een getal", "auto's bij de school"),
        ("Vertellen: een verhaal", "wat kinderen merken"),
    ):
        new = lead.page.locator(".signs-new")
        new.get_by_label("Wat willen jullie weten?").fill(text)
        new.get_by_label(kind).check()
        new.get_by_role("button", name="Zet erbij").click()
        expect(wall.page.locator(".stage-lines")).to_contain_text(text)
    lead.check_access()
    counted, told = lead.page.locator(".sign").all()
    counted.get_by_label("Hoeveel?").fill("41")
    counted.get_by_label("Waarvan?").fill("auto's")
    counted.get_by_label("Welke dag?").fill("2026-03-04")
    counted.get_by_role("button", name="Zet erbij").click()
    expect(wall.page.locator(".stage-lines")).to_contain_text("41 auto's op 4 maart 2026")
    told.get_by_label("Wat vertelde iemand?").fill("Sam loopt nu met <b>drie</b> vriendjes 🚸")
    told.get_by_role("button", name="Zet erbij").click()
    expect(told.locator(".error")).to_have_text("Vraag eerst of het mag. Zet daarna het vinkje.")
    lead.check_access()
    told.get_by_label("Wie dit vertelde, vindt het goed dat iedereen het leest").check()
    told.get_by_role("button", name="Zet erbij").click()
    expect(wall.page.locator(".stage-lines")).to_contain_text("Sam loopt nu met <b>drie</b> vriendjes 🚸")
    wall.check_access()
    lead.page.set_viewport_size(PHONE)
    assert lead.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lead.check_access()
    told.get_by_role("button", name="Haal weg").click()
    expect(wall.page.locator("body")).not_to_contain_text("vriendjes")
