"""Waar staan we: the next meeting begins with the open steps of the plan, on every screen."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.room import Facilitator, Room


@pytest.fixture
def code(lead: Facilitator) -> str:
    """Of a meeting that was readied on the page of a trajectory of four meetings, with its console in sight."""
    key = lead.room.app.manage("sample_trajectory", "--facilitator", lead.user).split()[-1]
    lead.page.goto(f"{lead.room.app.url}/t/{key}")
    lead.page.get_by_label("Waar gaat het over?").fill("Hoe verder?")
    lead.page.get_by_role("button", name="Zet klaar").click()
    lead.page.wait_for_url("**/console")
    lead.hears()
    return re.search(r"/b/([A-Z0-9]{6})/", lead.page.url)[1]


def test_the_room_says_how_each_step_stands_and_walks_on(lead: Facilitator, room: Room, code: str) -> None:
    wall = room.beamer(lead, code)
    phones = [room.phone("Inwoner", code) for _ in range(3)]
    one, two, three = phones
    lead.check_access()
    lead.press("Waar staan we?")
    wall.sees("starten met een looproute")
    one.sees("starten met een looproute")
    for screen in (lead, wall, one):
        screen.check_access()
    one.vote("C")
    two.vote("C")
    three.vote("B")
    lead.press("Sluit en toon")
    expect(lead.page.locator("[name=answer]:checked")).to_have_value("failed")  # what most said
    for screen in (lead, wall, one):
        screen.check_access()
    lead.page.get_by_label("Niet gelukt? Wat doen we dan?").fill("We vragen de school om hulp")
    lead.press("Leg vast, volgende stap")
    wall.sees("elke eerste zondag samen soep eten")
    # Nobody votes with a phone: the facilitator knows.
    lead.press("Sluit en toon")
    lead.page.locator("label", has_text="Niet meer nodig").click()
    expect(lead.page.get_by_label("Niet gelukt? Wat doen we dan?")).to_be_hidden()
    lead.press("Leg vast, volgende stap")
    lead.press_small("Sla de rest over")
    expect(lead.page.locator(".desk-left h1")).to_have_text(re.compile("."))
    expect(lead.page.locator(".desk-left .overline").first).to_contain_text("vraag 1")
    lead.page.goto(f"{room.app.url}/b/{code}/verslag")
    expect(lead.page.locator(".stocked > li")).to_have_count(2)
    expect(lead.page.locator(".stocked")).to_contain_text("We vragen de school om hulp")
    lead.check_access()


def test_after_the_last_step_it_is_read_aloud_and_the_rest_is_ticked(lead: Facilitator, room: Room, code: str) -> None:
    wall = room.beamer(lead, code)
    phone = room.phone("Inwoner", code)
    lead.order("takestock")
    while lead.page.locator("#next").get_attribute("value") != "start":
        lead.order("reveal")
        lead.order("conclude", answer="busy")
    wall.sees("Zo staan we ervoor")
    expect(wall.page.locator(".stocked > li")).to_have_count(4)
    expect(wall.page.locator(".stage-help")).to_contain_text("Er is ook nieuws. De begeleider leest het voor.")
    expect(lead.page.locator(".stock-news li")).to_contain_text("Antwoord beloofd voor")
    phone.sees("Zo staan we ervoor")
    for screen in (lead, wall, phone):
        screen.check_access()
    lead.press("Begin met vraag 1")
    expect(wall.page.locator(".overline").first).to_contain_text("vraag 1")


@pytest.mark.slow
def test_it_is_skipped_with_one_press(lead: Facilitator, room: Room, code: str) -> None:
    lead.press_small("Sla over")
    expect(lead.page.locator(".desk-left .overline").first).to_contain_text("vraag 1")
